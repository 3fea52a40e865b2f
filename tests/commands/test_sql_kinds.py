"""The kinds of statements exist in the parser."""

from __future__ import annotations

from sqlglot import exp

from interlock.commands.sql_kinds import ADMIN, DATA, FLAGGED, HARMLESS, READS, STRUCTURE


def test_kinds_exist_in_the_parser() -> None:
    """A renamed class would silently leave its table."""
    names = {*READS, *HARMLESS, *DATA, *STRUCTURE, *ADMIN, *FLAGGED}

    assert {name for name in names if not hasattr(exp, name)} == set()
