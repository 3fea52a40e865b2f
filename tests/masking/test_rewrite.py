"""From findings to edits."""

from __future__ import annotations

import json

from interlock.masking import Masker, MaskRule
from interlock.masking.actions import Span
from interlock.masking.leaves import Leaf
from interlock.masking.rewrite import Rewrite

KEY = b"k" * 32


def _told(span: Span, value: str) -> tuple[str, str, str]:
    return f"<{len(value)}>", "redact", ""


def test_half_a_surrogate_pair_stays_writable():
    """A string that UTF-8 cannot hold is written with escapes."""
    document = {"a": "\ud800 secret"}
    rewrite = Rewrite(document, {}, _told)
    rewrite.leaf(Leaf(("a",), "\ud800 secret", spans=(Span(4, 10, "redact", "r", "x", "x"),)))
    edit = rewrite.edits[("a",)]
    assert edit.value is not None
    assert json.loads(edit.value) == "\ud800 <6>"


def test_findings_inside_a_whole_value_are_not_told_apart():
    """What is replaced as a whole is one finding."""
    rule = Span(0, 0, "redact", "r", "r", "path")
    rewrite = Rewrite({"a": {"b": "xyz"}}, {("a",): rule, ("a", "b"): rule}, _told)
    rewrite.leaf(Leaf(("a", "b"), "xyz", spans=(Span(0, 3, "redact", "r", "x", "x"),)))
    rewrite.whole(("a",), rule)
    rewrite.whole(("a", "b"), rule)
    assert list(rewrite.edits) == [("a",)]
    assert [finding.place for finding in rewrite.findings()] == ["/a"]


def test_a_new_name_avoids_those_that_exist():
    """A masked name never meets a name the object already has."""
    body = b'{"[redacted:email]":0,"a@example.com":1,"b@example.com":2}'
    shown = Masker([MaskRule("r", detect=("email",))], KEY).json(body).body
    assert list(json.loads(shown)) == ["[redacted:email]", "[redacted:email] 2", "[redacted:email] 3"]


def test_many_names_that_become_one_are_counted_on():
    """Each is told apart from all before it without going through them again: a million comparisons a name."""
    body = json.dumps({f"user{number}@example.com": number for number in range(20_000)}).encode()
    shown = json.loads(Masker([MaskRule("r", detect=("email",))], KEY).json(body).body)
    assert list(shown.values()) == list(range(20_000))
    assert list(shown)[-1] == "[redacted:email] 20000"
