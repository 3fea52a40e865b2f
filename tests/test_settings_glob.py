"""Globs over canonical paths."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.errors import InterlockError
from interlock.settings_glob import compile_glob, star

MATCHES = [
    ("/v1/query", "/v1/query", True),
    ("/v1/query", "/v1/Query", False),
    ("/v1/query", "/v1/query/", False),
    ("/payslips/*", "/payslips/7", True),
    ("/payslips/*", "/payslips/7/pdf", False),
    ("/payslips/*", "/payslips/", False),
    ("/a/*/c", "/a/b/c", True),
    ("/a/*/c", "/a/b/b/c", False),
    ("/v1/**", "/v1", True),
    ("/v1/**", "/v1/", True),
    ("/v1/**", "/v1/a/b", True),
    ("/v1/**", "/v12", False),
    ("/**", "/", True),
    ("/**", "*", False),
    ("/**/secret", "/secret", True),
    ("/**/secret", "/a/b/secret", True),
    ("/**/secret", "/a/secret/b", False),
    ("/a/**/b/**/c", "/a/x/b/b/y/c", True),
    ("/a/**/b/**/c", "/a/x/c", False),
    ("/report-*.pdf", "/report-.pdf", True),
    ("/report-*.pdf", "/report-1.pdf.exe", False),
    ("/*-*-*", "/a-b-c", True),
    ("/*-*-*", "/a-b", False),
    ("/", "/", True),
    ("/x", "*", False),
]


@pytest.mark.parametrize(("glob", "path", "expected"), MATCHES)
def test_globs_match(glob: str, path: str, expected: bool) -> None:
    """`*` stays within a segment, `**` takes any number of segments."""
    assert compile_glob(glob).matches(path) is expected


@pytest.mark.parametrize(
    "text",
    [
        "v1",
        "",
        "/a//b",
        "/a/../b",
        "/./a",
        "/a?x=1",
        "/a#b",
        "/a b",
        "/a\\b",
        "/a**",
        "/x/..",
        "/" + "a" * 2000,
    ],
)
def test_globs_that_could_never_match_are_refused(text: str) -> None:
    """A pattern no canonical path can match is an error with a hint, not a silent rule."""
    with pytest.raises(InterlockError) as caught:
        compile_glob(text)

    assert caught.value.hint


def test_hostile_paths_are_matched_in_bounded_time() -> None:
    """Many stars and a long path do not multiply: this would not end with naive backtracking."""
    glob = compile_glob("/" + "/".join(["**", "a*a*a*b"] * 8))

    assert not glob.matches("/" + "/".join(["a" * 50] * 200))


@settings(max_examples=100)
@given(st.text("ab*", max_size=6), st.text("ab", max_size=8))
def test_star_agrees_with_a_plain_definition(pattern: str, word: str) -> None:
    """The compiled matcher says the same as the textbook recursion."""

    def plain(pattern: str, word: str) -> bool:
        if not pattern:
            return not word
        if pattern[0] == "*":
            return plain(pattern[1:], word) or (bool(word) and plain(pattern, word[1:]))
        return bool(word) and word[0] == pattern[0] and plain(pattern[1:], word[1:])

    assert star(pattern)(word) is plain(pattern, word)
