"""Lines that a database's own client keeps for itself: `\\d orders` of psql, `.tables` of sqlite3, `GO` of sqlcmd.

Only those are known that show something or format what is shown; they stand where a statement could begin, alone on
their line. Others run programs, read files or put text together, and are refused by whoever reads the text.
"""

from __future__ import annotations

import re

__all__ = ["SHOWN", "batch_end", "shows", "statement_end"]

SHOWN = "SHOW client;"
"""What stands for such a line: a statement that only shows."""
_PSQL = (
    r"\\(?:d[a-zA-Z]*[S+]*|l\+?|z|s[fv]\+?|x|t|a|H|h|q|\?|timing|pset|conninfo|encoding|errverbose|echo|copyright)"
    r"(?:[ \t]+[\w.*+\"?$ ,=-]*)?"
)
_SQLITE = (
    r"\.(?:tables|schema|fullschema|index(?:es)?|indices|databases|mode|headers?|width|nullvalue|timer|changes|eqp|echo"
    r"|separator|show|help|stats|quit|exit|bail|version|print|explain|limits?|dbinfo)(?:[ \t]+[\w *%?.,+-]*)?"
)
_LINES = {
    "postgres": re.compile(rf"{_PSQL}(?=\r?\n|\Z)", re.ASCII),
    "sqlite": re.compile(rf"{_SQLITE}(?=\r?\n|\Z)", re.ASCII),
}
_ENDS = {"postgres": re.compile(r"\\gx?[ \t]*(?=\r?\n|\Z)"), "mysql": re.compile(r"\\[gG](?=\s|;|\Z)")}
_BATCH = re.compile(r"[ \t]*+GO(?:[ \t]++\d{1,9})?[ \t]*+;?[ \t]*+(?=\r?\n|\Z)", re.IGNORECASE)


def shows(text: str, at: int, dialect: str) -> int:
    """Where a line that only shows ends, which begins at `at`; 0 if none does."""
    known = _LINES.get(dialect)
    found = known.match(text, at) if known is not None and (at == 0 or text[at - 1] == "\n") else None
    return found.end() if found else 0


def statement_end(text: str, at: int, dialect: str) -> int:
    """Where `\\g` or `\\G` ends, which sends a statement as a semicolon does; 0 if there is none."""
    known = _ENDS.get(dialect)
    found = known.match(text, at) if known is not None else None
    return found.end() if found else 0


def batch_end(text: str, at: int, dialect: str) -> int:
    """Where the `GO` of T-SQL's clients ends, alone on its line from `at`; 0 if there is none."""
    found = _BATCH.match(text, at) if dialect == "tsql" else None
    if not found or text[text.rfind("\n", 0, at) + 1 : at].strip(" \t"):
        return 0
    return found.end()
