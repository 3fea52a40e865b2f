"""Paths to claims name exactly one member."""

from __future__ import annotations

import pytest

from interlock.identity.members import MISSING, claim_path

DOCUMENT = {
    "sub": "erika",
    "act": {"sub": "bot"},
    "https://x.example/y": ["a"],
    "a": {"b.c": {"d": 1}},
    "cognito:groups": "g",
    "null": None,
}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("sub", "erika"),
        ("$.sub", "erika"),
        ("act.sub", "bot"),
        ("$['act']['sub']", "bot"),
        ("$['https://x.example/y']", ["a"]),
        ('$["https://x.example/y"]', ["a"]),
        ("a['b.c'].d", 1),
        ("cognito:groups", "g"),
        ("null", None),
        ("missing", MISSING),
        ("sub.more", MISSING),
        ("$['https://x.example/y']['0']", MISSING),
    ],
)
def test_path_finds_its_member(path: str, value: object) -> None:
    """By dots or in quotes; what is not there is MISSING, which null is not."""
    assert claim_path(path).find(DOCUMENT) == value


@pytest.mark.parametrize(
    "path",
    [
        "", "$", ".", "a.", "a..b", ".a", "$..a", "a[0]", "a[*]", "*", "a.*", "a[?(@.b)]", "a b", "a['b",
        "$['']", "https://x.example/y", "['a']b", "x" * 600,
    ],
)  # fmt: skip
def test_other_paths_are_refused(path: str) -> None:
    """Wildcards, indexes and filters could find several."""
    with pytest.raises(ValueError):
        claim_path(path)
