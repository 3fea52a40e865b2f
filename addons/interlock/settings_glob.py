"""Globs over canonical paths, compiled once and matched without regular expressions.

`*` stands for characters within one segment (alone: at least one), `**` as a whole segment for any number of
segments, none included: `/v1/**` matches `/v1`, `/v1/` and `/v1/a/b`. Case counts, as it does in paths.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from interlock.errors import InterlockError

__all__ = ["Glob", "compile_glob", "star"]

_MAX_GLOB = 1024
_ANY = object()


@dataclass(frozen=True, slots=True)
class Glob:
    """A path pattern as written, and its matcher: canonical path (no query) -> whether it matches."""

    text: str
    matches: Callable[[str], bool] = field(repr=False, compare=False)

    def __str__(self) -> str:
        return self.text


def compile_glob(text: str) -> Glob:
    """A glob over absolute paths. Raises InterlockError for one that could never match a canonical path."""
    problem = _problem(text)
    if problem:
        raise InterlockError(f"path {text!r} {problem[0]}", hint=problem[1])
    if "*" not in text:
        return Glob(text, text.__eq__)
    parts = [_ANY if part == "**" else star(part, least=1) for part in text.split("/")[1:]]
    if parts == [_ANY]:
        return Glob(text, lambda path: path.startswith("/"))
    return Glob(text, _segments(parts))


def star(pattern: str, *, least: int = 0) -> Callable[[str], bool]:
    """A matcher for one word in which `*` stands for any characters; alone for at least `least` of them."""
    if "*" not in pattern:
        return pattern.__eq__
    if set(pattern) == {"*"}:
        return lambda word: len(word) >= least
    head, *middle, tail = pattern.split("*")
    pieces = tuple(piece for piece in middle if piece)

    def matches(word: str) -> bool:
        end = len(word) - len(tail)
        at = len(head)
        if end < at or not word.startswith(head) or not word.endswith(tail):
            return False
        for piece in pieces:
            at = word.find(piece, at, end)
            if at < 0:
                return False
            at += len(piece)
        return True

    return matches


def _segments(parts: list[object]) -> Callable[[str], bool]:
    """Two fingers, going back only to the last `**`: at worst segments times segments, never exponential."""

    def matches(path: str) -> bool:
        if not path.startswith("/"):
            return False
        words = path.split("/")[1:]
        here = there = 0
        retry, mark = -1, 0
        while there < len(words):
            part = parts[here] if here < len(parts) else None
            if part is _ANY:
                retry, mark = here, there
                here += 1
            elif callable(part) and part(words[there]):
                here, there = here + 1, there + 1
            elif retry >= 0:
                mark += 1
                here, there = retry + 1, mark
            else:
                return False
        return all(part is _ANY for part in parts[here:])

    return matches


def _problem(text: str) -> tuple[str, str] | None:
    if len(text) > _MAX_GLOB:
        return "is longer than 1024 characters", "split the rule"
    if not text.startswith("/"):
        return "does not begin with a slash", f"write /{text}"
    if any(mark in text for mark in "?#\\") or any(ord(char) <= 0x20 or ord(char) == 0x7F for char in text):
        return (
            "holds a character no canonical path has",
            "write the path alone, without query, blanks or backslashes",
        )
    parts = text.split("/")[1:]
    if any(part in ("", ".", "..") for part in parts[:-1]) or parts[-1] in (".", ".."):
        return (
            "has empty, . or .. segments, which a canonical path never has",
            "write the path as the server sees it",
        )
    if any("**" in part and part != "**" for part in parts):
        return "has ** inside a segment", "write ** as a segment of its own, as in /v1/**"
    return None
