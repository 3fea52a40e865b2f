"""Operators' own patterns over text."""

from __future__ import annotations

import pytest

from interlock.errors import InterlockError
from interlock.model import JSON
from interlock.policy.block_text import TextPattern, fold, strings

CODENAME = r"(?i)project\s+nightfall"


@pytest.mark.parametrize(
    "text",
    [
        "project nightfall",
        "PROJECT\tNightFall",
        "ｐｒｏｊｅｃｔ　ｎｉｇｈｔｆａｌｌ",
        "pro\u200bject night\u00adfall",
        "project\u00a0nightfall",
        "𝐩𝐫𝐨𝐣𝐞𝐜𝐭 𝐧𝐢𝐠𝐡𝐭𝐟𝐚𝐥𝐥",
        "project\nnightfall",
        "рrоjесt nіghtfаll",
        "pröjèct nightfa\u0301ll",
        "project%20nightfall",
        "cHJvamVjdCBuaWdodGZhbGw=",
        "see 70726f6a656374206e6967687466616c6c",
        "project&nbsp;nightfall",
        "project\\u0020nightfall",
        '{"a": "project\\u0020nightfall"}',
    ],
)
def test_spellings_hide_nothing(text: str) -> None:
    """Width, style, look-alikes, accents, invisible characters and encodings are folded before the search."""
    assert TextPattern(CODENAME).found(fold(text))


@pytest.mark.parametrize("text", ["", "project", "projectnightfall", "nightfall project"])
def test_look_alikes_pass(text: str) -> None:
    """The pattern decides, not the vicinity."""
    assert not TextPattern(CODENAME).found(fold(text))


def test_case_stays_as_written() -> None:
    """A pattern without (?i) minds the case."""
    assert not TextPattern("Nightfall").found(fold("nightfall"))


DOCUMENTS: list[tuple[JSON, bool]] = [
    ({"a": [{"b": "x project nightfall y"}]}, True),
    ({"project nightfall": 1}, True),
    (["project", "nightfall"], True),
    ("project nightfall", True),
    ({"a": ["project", 1, None, True, {}, []]}, False),
    (None, False),
    (7, False),
]


@pytest.mark.parametrize(("document", "expected"), DOCUMENTS)
def test_every_string_of_a_document_is_searched(document: JSON, expected: bool) -> None:
    """Values and names of members, at any depth, and what is split over neighbours."""
    assert TextPattern(CODENAME).found(strings(document)) is expected


def test_encoded_members_are_searched_one_by_one() -> None:
    """What stands beside an encoded value does not blur it."""
    document: JSON = {"aaaa": "cHJvamVjdCBuaWdodGZhbGw", "bbbb": "cccccccccccccccc"}
    assert TextPattern(CODENAME).found(strings(document))


def test_a_pattern_may_hold_any_letters() -> None:
    """Accents and other scripts in a pattern still mean themselves."""
    assert TextPattern("Größe").found(fold("die Größe"))
    assert TextPattern("проект").found(fold("наш проект"))


def test_anchors_hold_for_each_member() -> None:
    """`^` and `$` mean the member, not the whole body."""
    assert TextPattern("^secret$").found(strings({"a": "x", "b": "secret"}))
    assert not TextPattern("^secret$").found(strings({"a": "x secret"}))


def test_deep_documents_are_searched_without_recursion() -> None:
    """Depth is no way to hide."""
    document: JSON = "project nightfall"
    for _ in range(50_000):
        document = [document]

    assert TextPattern(CODENAME).found(strings(document))
    while isinstance(document, list) and document:
        document = document.pop()


@pytest.mark.parametrize("text", ["(", "a*", "", "x" * 5000, "(?P<a>x)(?P<a", "[z-a]"])
def test_useless_patterns_are_refused(text: str) -> None:
    """Malformed ones, endless ones, and those that match nothing at all."""
    with pytest.raises(InterlockError) as caught:
        TextPattern(text)

    assert caught.value.hint


def test_a_search_that_takes_too_long_ends() -> None:
    """A pattern that backtracks for ever is stopped by its time limit."""
    with pytest.raises(TimeoutError):
        TextPattern(r"(a|aa)+$", 0.01).found("a" * 200 + "b")
