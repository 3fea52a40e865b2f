"""SQL: one operation a statement, read with the connection's dialect.

Arguments: `kinds` (what the statement and those inside it are: select, insert, drop, grant, ...), `objects` (what is
created or dropped), `tables` (`reads` and `writes` of them), `columns`, `functions`, all in lower case, and `flags`:
no-where, multi-statement, dynamic, files, network, session, slow, unknown-function, opaque, not-understood.
A database role with read-only rights stays the real guard.
"""

from __future__ import annotations

import functools
from typing import Any

from interlock.commands.language import Language, NotUnderstood, not_understood
from interlock.commands.sql_text import DIALECTS, Lexis, readings
from interlock.model import Access, Operation
from interlock.ports import Analyse

__all__ = ["PART"]

_ACTIONS = {Access.READ: "read", Access.WRITE: "write", Access.DDL: "ddl"}
_UNNAMED = ("postgres", "mysql", "tsql", "sqlite")
_MAX_STATEMENTS = 500
_STEPS_A_TOKEN = 60
_STEPS_AT_LEAST = 20_000


def _analyse(text: str, dialect: str, nest: Analyse) -> tuple[Operation, ...]:
    del nest
    if dialect and dialect.lower() not in DIALECTS:
        raise NotUnderstood("unknown-dialect")
    found: dict[str, Operation] = {}
    for name in (dialect.lower(),) if dialect else _UNNAMED:
        lexis = DIALECTS[name]
        for reading in _readings(text, lexis):
            for operation in _operations(reading, lexis, text):
                found.setdefault(f"{operation.access}{operation.arguments}", operation)
    return tuple(found.values())


def _readings(text: str, lexis: Lexis) -> list[str]:
    try:
        return readings(text, lexis)
    except NotUnderstood as error:
        if str(error) == "too-large":
            raise
        return [""]


def _operations(reading: str, lexis: Lexis, text: str) -> list[Operation]:
    from interlock.commands.sql_judge import judge

    try:
        statements = parse(reading, lexis)
        if not statements:
            raise NotUnderstood("nothing-found")
        found = []
        for statement in statements:
            facts = judge(statement, lexis, parse)
            if len(statements) > 1:
                facts.flags["multi-statement"] = None
            action = _ACTIONS.get(facts.access, "admin")
            found.append(Operation("sql", action, access=facts.access, arguments=facts.arguments(), text=text))
        return found
    except NotUnderstood as error:
        return [not_understood("sql", "admin", text, str(error))]
    except Exception as error:  # sqlglot raises many kinds, RecursionError among them
        why = "nested-too-deeply" if isinstance(error, RecursionError) else "unparsable"
        return [not_understood("sql", "admin", text, why)]


@functools.cache
def _dialect(name: str) -> Any:
    import logging

    import sqlglot

    quiet = logging.getLogger("sqlglot")  # it would log the statements it falls back on
    quiet.disabled = True
    return sqlglot.Dialect.get_or_raise(name)


def parse(text: str, lexis: Lexis) -> list[Any]:
    """The statements in a reading. The parser's steps are counted: nested look-ahead could cost exponential time."""
    dialect = _dialect(lexis.parser)
    tokens = dialect.tokenize(text)
    parser = dialect.parser()
    left = _STEPS_AT_LEAST + _STEPS_A_TOKEN * len(tokens)
    advance, retreat = parser._advance, parser._retreat

    def counted(step: Any, *arguments: Any) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise NotUnderstood("too-complex")
        step(*arguments)

    parser._advance = functools.partial(counted, advance)
    parser._retreat = functools.partial(counted, retreat)
    found = [statement for statement in parser.parse(tokens, text) if statement is not None]
    if len(found) > _MAX_STATEMENTS:
        raise NotUnderstood("too-many-statements")
    return found


PART = Language("sql", _analyse, unknown_action="admin")
