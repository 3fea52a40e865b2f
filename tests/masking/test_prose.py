"""Names in running text: an extra that says what is missing, and the detector that stands on it."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from interlock.errors import InterlockError, Place
from interlock.masking import Masker, MaskRule, budget
from interlock.masking.prose import names_in, prose_detector
from interlock.masking.rules import read_rule
from interlock.schema import Reader
from interlock.source import read_yaml

NAME = re.compile(r"Erika Mustermann|J\u00f6rg")


def _names(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in NAME.finditer(text)]


@pytest.fixture
def masker(monkeypatch) -> Masker:
    """A masker that asks somebody else what a name is."""
    monkeypatch.setattr(budget, "_per_byte", budget.PER_BYTE)
    detector = prose_detector("people", "unused", _names)
    return Masker([MaskRule("people", detect=("people",), own=(detector,))], b"k" * 32)


TEXT = "Yesterday Erika Mustermann called.\n\u00c4h, J\u00f6rg \u2014 and Erika Mustermann.\r\nNobody."
MASKED = "Yesterday [redacted:people] called.\n\u00c4h, [redacted:people] \u2014 and [redacted:people].\r\nNobody."


def test_names_are_masked_in_every_line(masker):
    """In texts and in documents; everything else keeps its bytes."""
    assert masker.text(TEXT).text == MASKED
    assert json.loads(masker.json(json.dumps({"a": TEXT, "b": ["Nobody."]}).encode()).body) == {
        "a": MASKED,
        "b": ["Nobody."],
    }


@pytest.mark.parametrize("size", [1, 3, 7, 64])
def test_a_stream_is_masked_like_the_whole(masker, size):
    """A line is asked about once it is complete."""
    stream = masker.stream()
    text = TEXT + " and on" * 900
    passed = "".join(stream.feed(text[at : at + size]) for at in range(0, len(text), size)) + stream.close()
    assert passed == masker.text(text).text


def test_what_raises_refuses(monkeypatch):
    """As with any detector."""
    monkeypatch.setattr(budget, "_per_byte", budget.PER_BYTE)

    def broken(text: str) -> list[tuple[int, int]]:
        raise KeyError(text)

    subject = Masker([MaskRule("p", detect=("p",), own=(prose_detector("p", "m", broken),))], b"k" * 32)
    with pytest.raises(InterlockError) as caught:
        subject.text("anything")
    assert str(caught.value.reason) == "detector-failed"


def test_it_is_given_more_time(monkeypatch):
    """A model takes longer than a pattern."""
    monkeypatch.setattr(budget, "_per_byte", budget.PER_BYTE)
    began = budget.begin() - 2.0
    with pytest.raises(InterlockError):
        budget.check(began, 50_000)
    prose_detector("people", "unused", _names)
    budget.check(began, 50_000)


@pytest.mark.parametrize("missing", ["spacy", "presidio_analyzer"])
def test_what_is_missing_is_said_when_rules_are_read(monkeypatch, tmp_path: Path, missing):
    """With the place in the file, and how to install it."""
    monkeypatch.setitem(sys.modules, missing, None)
    names_in.cache_clear()
    (tmp_path / "rule.yaml").write_text("id: people\nprose: en_core_web_sm\n")
    reader = Reader()
    read_rule(read_yaml(tmp_path / "rule.yaml", shown="rule.yaml"), reader)
    ((place, message, hint),) = [(error.place, error.message, error.hint) for error in reader.errors]
    assert place == Place("rule.yaml", 2, 8)
    assert "not installed" in message
    assert "pip install 'interlock[presidio]'" in hint
