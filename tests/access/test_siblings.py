"""Alike names become one pattern where enough of them were used, and never one that lies beyond what may be."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.access.siblings import alike_names, alike_paths, alike_tables, within_glob, within_word
from interlock.settings_glob import compile_glob, star

PATHS = ["/v1/items/1", "/v1/items/2", "/v1/items/3", "/v1/users/erika/notes", "/v1/users/max/notes", "/admin"]


def _anything(glob: str) -> bool:
    return True


def test_paths_that_differ_in_one_segment() -> None:
    """Three items become one pattern; two users stay two."""
    assert alike_paths(PATHS, 3, _anything) == [
        "/admin", "/v1/items/*", "/v1/users/erika/notes", "/v1/users/max/notes",
    ]  # fmt: skip
    assert "/v1/users/*/notes" in alike_paths(PATHS, 2, _anything)


def test_nothing_beyond_what_may_be() -> None:
    """Where the rule of today gives less, the paths stay as they are."""
    assert alike_paths(PATHS[:3], 3, lambda glob: within_glob(glob, ["/v1/items/1", "/v1/items/?"])) == PATHS[:3]
    assert alike_paths(PATHS[:3], 3, lambda glob: within_glob(glob, ["/v1/**"])) == ["/v1/items/*"]
    names = ["search_a", "search_b", "search_c"]
    assert alike_names(names, 3, lambda glob: within_word(glob, ["search_a", "s*b"])) == names


def test_names_that_begin_alike() -> None:
    """Up to a separator, and only what is long enough to say something."""
    names = ["mcp.call:search_orders", "mcp.call:search_people", "mcp.call:search_notes", "mcp.call:close"]
    assert alike_names(names, 3, lambda glob: ":" in glob) == ["mcp.call:close", "mcp.call:search_*"]
    assert alike_names(["a_1", "a_2", "a_3"], 3, _anything) == ["a_1", "a_2", "a_3"]


def test_three_of_everything_are_not_everything() -> None:
    """Neither all tools of a server nor all that stands at its root: what nobody used may be of any kind."""
    names = ["mcp.call:get", "mcp.call:list", "mcp.call:search", "tool.use:Bash", "tool.use:Grep", "tool.use:Read"]
    assert alike_names(names, 3, _anything) == names
    paths = ["/health", "/items", "/metrics"]
    assert alike_paths(paths, 3, _anything) == paths


def test_tables_of_one_schema() -> None:
    """Three of a schema are the schema; names without one stay."""
    assert alike_tables(["hr.a", "hr.b", "hr.c", "x.a", "orders", "people", "notes"], 3) == [
        "hr.*", "notes", "orders", "people", "x.a",
    ]  # fmt: skip


_WORD = st.text("ab*", min_size=1, max_size=4)
_GLOB = st.lists(st.one_of(_WORD.filter(lambda word: "**" not in word), st.just("**")), min_size=1, max_size=4).map(
    lambda parts: "/" + "/".join(parts)
)
_PATH = st.lists(st.text("ab", min_size=1, max_size=3), min_size=1, max_size=5).map(lambda parts: "/" + "/".join(parts))


@settings(max_examples=100)
@given(_GLOB, _GLOB, st.lists(_PATH, max_size=30))
def test_within_is_never_wrong(glob: str, other: str, paths: list[str]) -> None:
    """Whatever a pattern within another one matches, the other one matches too."""
    if within_glob(glob, [other]):
        one, two = compile_glob(glob), compile_glob(other)
        assert all(two.matches(path) for path in paths if one.matches(path))


@settings(max_examples=100)
@given(_WORD, _WORD, st.lists(st.text("ab", max_size=5), max_size=30))
def test_within_is_never_wrong_of_words(word: str, other: str, names: list[str]) -> None:
    """The same of names."""
    if within_word(word, [other]):
        one, two = star(word), star(other)
        assert all(two(name) for name in names if name and one(name))


@pytest.mark.parametrize(
    ("glob", "other", "within"),
    [
        ("/v1/items/*", "/v1/**", True), ("/v1/items/*", "/v1/items/*", True), ("/v1/*", "/v1/items/*", False),
        ("/v1/**", "/v1/*", False), ("/a", "/**", True), ("/v1/items/*", "/**/items/*", True),
        ("/v1/a*", "/v1/*", True),
    ],
)  # fmt: skip
def test_what_lies_within(glob: str, other: str, within: bool) -> None:
    """The usual ones are told."""
    assert within_glob(glob, [other]) is within
