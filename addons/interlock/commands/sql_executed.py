"""The text that T-SQL's sp_executesql runs, where it stands in the call itself: clients send their queries so."""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from interlock.commands.sql_dialects import Lexis
from interlock.commands.sql_text import readings

__all__ = ["executed"]

_LEFT_OUT = "literal "


def executed(statement: Any, lexis: Lexis) -> str:
    """The text to be run, prepared as any other; "" if it is put together, or holds quotes of its own.

    What stands behind it must be values: parameters, their declarations and numbers.
    """
    name = statement.this
    if not isinstance(name, exp.Table) or name.args.get("catalog") or name.db.lower() not in ("", "sys"):
        return ""  # on a linked server, or somebody's own
    first, *others = statement.expressions or [None]
    if not all(isinstance(part, exp.National | exp.Literal) or _is_given(part) for part in others):
        return ""
    if not isinstance(first, exp.National) and not (isinstance(first, exp.Literal) and first.is_string):
        return ""
    text = str(first.this)
    return "" if text.startswith(_LEFT_OUT) else readings(text, lexis)[0]


def _is_given(part: Any) -> bool:
    value = part.expression if isinstance(part, exp.EQ) and isinstance(part.this, exp.Parameter) else part
    while isinstance(value, exp.Neg):
        value = value.this
    return isinstance(value, exp.National | exp.Literal | exp.Parameter | exp.Null)
