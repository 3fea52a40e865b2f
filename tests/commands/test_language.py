"""The one way to say "not understood"."""

from __future__ import annotations

from interlock.commands.language import not_understood
from interlock.model import Access


def test_not_understood_is_unknown_and_says_why() -> None:
    """The operation ranks highest and carries the reason as a flag."""
    found = not_understood("sql", "admin", "x", "too-large")

    assert (found.name, found.access, found.arguments["flags"]) == (
        "sql.admin", Access.UNKNOWN, ["not-understood", "too-large"],
    )  # fmt: skip
