"""Reads nodes strictly: what is not known is an error with a place and, where possible, the word that was meant.

A Reader collects every error it meets and carries on with harmless values; `finish()` raises them all at once.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Sequence

from interlock.errors import Place, RuleError, RulesInvalid
from interlock.source import Node

__all__ = ["Reader", "meant"]

_DURATION = re.compile(r"([0-9]{1,12})\s*(ms|s|m|h|d)\Z")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_SIZE = re.compile(r"([0-9]{1,15})\s*(B|KB|KiB|MB|MiB|GB|GiB)?\Z")
_BYTES = {
    "": 1, "B": 1, "KB": 1000, "KiB": 1 << 10, "MB": 1000**2, "MiB": 1 << 20, "GB": 1000**3, "GiB": 1 << 30,
}  # fmt: skip
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")


class Reader:
    """Typed access to nodes, collecting errors."""

    def __init__(self) -> None:
        self.errors: list[RuleError] = []

    def error(self, where: Node | Place, message: str, hint: str = "") -> None:
        """Note one error."""
        place = where.place if isinstance(where, Node) else where
        self.errors.append(RuleError(place, message, hint))

    def finish(self) -> None:
        """Raise RulesInvalid if anything was wrong."""
        if self.errors:
            raise RulesInvalid(self.errors)

    def mapping(
        self, node: Node, what: str, *, required: Collection[str] = (), optional: Collection[str] = ()
    ) -> dict[str, Node]:
        """The members of a mapping; unknown and missing ones are errors."""
        if not isinstance(node.value, dict):
            self.error(node, f"{what} must be a mapping of names to values", _members(required, optional))
            return {}
        known = [*required, *optional]
        for key in node.value:
            if key not in known:
                self.error(node.keys[key], f"{what} has no member {key!r}", meant(key, known))
        for key in required:
            if key not in node.value:
                self.error(node, f"{what} needs {key!r}", _members(required, optional))
        return {key: value for key, value in node.value.items() if key in known}

    def items(self, node: Node | None, what: str) -> list[Node]:
        """The items of a list; absent means none."""
        if node is None:
            return []
        if not isinstance(node.value, list):
            self.error(node, f"{what} must be a list", "[one, two], or a line for each that begins with -")
            return []
        return node.value

    def text(self, node: Node | None, what: str, default: str = "") -> str:
        """A non-empty string."""
        if node is None:
            return default
        if not isinstance(node.value, str) or not node.value.strip():
            self.error(node, f"{what} must be text", "put it in quotes if it looks like a number")
            return default
        return node.value

    def texts(self, node: Node | None, what: str) -> tuple[str, ...]:
        """A list of strings; one string stands for a list of one. An empty list is an error: it would match nothing."""
        if node is None:
            return ()
        if isinstance(node.value, str):
            return (self.text(node, what),)
        found = tuple(self.text(item, f"each of {what}") for item in self.items(node, what))
        if not found and isinstance(node.value, list):
            self.error(node, f"{what} is empty and would match nothing", "leave it out or name something")
        return found

    def name(self, node: Node | None, what: str) -> str:
        """An id: lower-case letters, digits and single hyphens."""
        text = self.text(node, what)
        if node is not None and text and not _ID.match(text):
            self.error(
                node,
                f"{what} {text!r} must be kebab-case",
                "lower-case letters, digits and hyphens, as in analysts-read",
            )
        return text

    def flag(self, node: Node | None, what: str, default: bool = False) -> bool:
        """true or false."""
        if node is None:
            return default
        if not isinstance(node.value, bool):
            self.error(node, f"{what} must be true or false")
            return default
        return node.value

    def number(self, node: Node | None, what: str, default: int, *, low: int = 0, high: int = 1 << 53) -> int:
        """An integer within bounds."""
        if node is None:
            return default
        if isinstance(node.value, bool) or not isinstance(node.value, int) or not low <= node.value <= high:
            self.error(node, f"{what} must be a whole number from {low} to {high}")
            return default
        return node.value

    def choice(self, node: Node | None, what: str, choices: Sequence[str], default: str = "") -> str:
        """One word of several."""
        if node is None:
            return default
        text = self.text(node, what)
        if text and text not in choices:
            self.error(node, f"{what} cannot be {text!r}", meant(text, choices))
            return default
        return text

    def duration(self, node: Node | None, what: str, default: float) -> float:
        """Seconds, from texts such as 50s, 15m, 1h, 30d."""
        if node is None:
            return default
        match = _DURATION.match(node.value) if isinstance(node.value, str) else None
        if not match:
            self.error(node, f"{what} must be a duration", "a number and a unit, as in 50s, 15m, 1h or 30d")
            return default
        return int(match[1]) * _SECONDS[match[2]]

    def size(self, node: Node | None, what: str, default: int) -> int:
        """Bytes, from texts such as 64KiB or 8MiB."""
        if node is None:
            return default
        text = str(node.value) if isinstance(node.value, int | str) and not isinstance(node.value, bool) else ""
        match = _SIZE.match(text)
        if not match:
            self.error(node, f"{what} must be a size", "a number and a unit, as in 64KiB or 8MiB")
            return default
        return int(match[1]) * _BYTES[match[2] or ""]

    def known(self, node: Node, what: str, value: str, known: Iterable[str]) -> bool:
        """Whether `value` is one of `known`; an error that names the nearest otherwise."""
        options = list(known)
        if value in options:
            return True
        self.error(node, f"{what} {value!r} does not exist", meant(value, options))
        return False


def _members(required: Collection[str], optional: Collection[str]) -> str:
    parts = []
    if required:
        parts.append("needs " + ", ".join(required))
    if optional:
        parts.append("may have " + ", ".join(optional))
    return "; ".join(parts)


def meant(word: str, known: Iterable[str]) -> str:
    """The hint for a word that is none of those known: the one that was probably meant, or all of them."""
    options = list(known)
    near = difflib.get_close_matches(word, options, n=1)
    if near:
        return f"did you mean {near[0]!r}?"
    return "known: " + ", ".join(options) if options else "none exist"
