"""What a masker would cover, with its place and length."""

from __future__ import annotations

from interlock.masking import Masker, read_masking
from interlock.masking.covered import covered_places, covered_spans
from interlock.schema import Reader
from interlock.source import read_yaml_text

RULES = """
- {id: mail, detect: [email], with: redact}
- {id: notes, path: $.note, with: redact}
- {id: names, fields: [pin], with: redact}
"""


def masker() -> Masker:
    """One with a detector, a path and a name."""
    from pathlib import Path

    reader = Reader()
    rules = read_masking(read_yaml_text(RULES, "masking.yaml"), reader, Path())
    reader.finish()
    return Masker(rules, b"k" * 32)


def test_spans_are_code_points() -> None:
    """Whatever stands before them."""
    text = "für 😀 erika@example.com, max@example.com"
    found = covered_spans(masker(), text)
    assert [text[start:end] for start, end, _ in found] == ["erika@example.com", "max@example.com"]
    assert {kind for _, _, kind in found} == {"email"}


def test_a_plain_text_has_none() -> None:
    """And no masker finds none."""
    assert covered_spans(masker(), "nothing here") == ()
    assert covered_spans(Masker((), b"k" * 32), "erika@example.com") == ()


def test_places_that_are_masked_whole() -> None:
    """By path and by name."""
    document = {"note": {"a": 1}, "deep": [{"pin": "1234"}], "free": "x"}
    body = b'{"note": {"a": 1}, "deep": [{"pin": "1234"}], "free": "x"}'
    assert set(covered_places(masker(), body, document)) == {("note",), ("deep", 0, "pin")}
    assert covered_places(Masker((), b"k" * 32), body, document) == {}
