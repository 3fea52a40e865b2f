"""SQL: one operation a statement, read with the connection's dialect.

Dialects: postgres, mysql, sqlite, tsql, snowflake, bigquery, duckdb, clickhouse; `generic`, or any other or none, is
read as several of them: the worst reading counts, and tables, columns and flags are those of all readings.

Arguments: `kinds` (what the statement and those inside it are: select, insert, drop, grant, ...), `objects` (what is
created or dropped), `tables` (`reads` and `writes` of them) and `columns` (`table.column`; `sql_columns` tells their
exact meaning, `sql_folding` their spelling), `functions` in lower case, and `flags`: no-where, multi-statement,
dynamic, files, network, session (the server, other sessions), server (by a function), rights, code (kept to run
later), locks, slow, replaces (a table that stands), secrets (that the database keeps), system-tables (changed),
unknown-function, opaque (what runs is not in the text), not-understood.
A text that is not understood has only the kinds and flags its words speak of.

A database role with read-only rights stays the real guard.
"""

from __future__ import annotations

import functools
from itertools import pairwise
from typing import Any

from interlock.commands.language import Language, NotUnderstood
from interlock.commands.sql_batches import separated
from interlock.commands.sql_dialects import ALIASES, DIALECTS, NAMES, Lexis, lexis
from interlock.commands.sql_facts import Facts
from interlock.commands.sql_lists import shortened
from interlock.commands.sql_merge import merged
from interlock.commands.sql_spellings import respelled
from interlock.commands.sql_text import readings
from interlock.commands.sql_transactions import without_transactions
from interlock.model import JSON, Access, Operation
from interlock.ports import Analyse

__all__ = ["PART"]

_ACTIONS = {Access.READ: "read", Access.WRITE: "write", Access.DDL: "ddl"}
_UNNAMED = ("postgres", "mysql", "tsql", "sqlite")
_TOKENS_A_STATEMENT = 20
_MAX_TOKENS = 8_000
_MAX_TOKENS_OF_SEVERAL, _MAX_TEXT_OF_SEVERAL = 2_000, 16_384
_FEW_DOTS = 500
_STEPS_A_TOKEN = 6
_STEPS_AT_LEAST = 10_000


def _analyse(text: str, dialect: str, nest: Analyse) -> tuple[Operation, ...]:
    del nest
    known = lexis(dialect)
    if known is None:
        return _generic(text)
    found: dict[str, Operation] = {}
    for reading in _readings(text, known):
        for operation in _operations(reading, known, text):
            found.setdefault(f"{operation.access}{operation.arguments}", operation)
    return tuple(found.values())


def _generic(text: str) -> tuple[Operation, ...]:
    """Read as each of the common dialects, and as any other that takes other characters for strings or comments."""
    if len(text) > _MAX_TEXT_OF_SEVERAL:
        raise NotUnderstood("too-large")
    read: dict[str, list[list[Operation]]] = {}
    for name in (*_UNNAMED, *(DIALECTS.keys() - set(_UNNAMED))):
        for reading in _readings(text, DIALECTS[name]):
            if name in _UNNAMED or reading not in read:
                found = _operations(reading, DIALECTS[name], text, _MAX_TOKENS_OF_SEVERAL)
                if any("too-complex" in str(part.arguments["flags"]) for part in found):
                    return tuple(found)  # so it is for all, and counting again takes time
                read.setdefault(reading, []).append(found)
    return merged(read)


def _readings(text: str, known: Lexis) -> list[str]:
    try:
        return readings(text, known)
    except NotUnderstood as error:
        if str(error) == "too-large":
            raise
        return [""]


def _operations(reading: str, known: Lexis, text: str, most: int = _MAX_TOKENS) -> list[Operation]:
    from interlock.commands.sql_judge import judge

    try:
        statements = parse(reading, known, most)
        if not statements:
            raise NotUnderstood("nothing-found")
        found = []
        for statement in statements:
            facts = judge(statement, known, parse)
            if "not-understood" in facts.flags:
                _suspect_also(facts, reading)
            if len(statements) > 1:
                facts.flags["multi-statement"] = None
            action = _ACTIONS.get(facts.access, "admin")
            found.append(Operation("sql", action, access=facts.access, arguments=facts.arguments(), text=text))
        return found
    except NotUnderstood as error:
        return [_suspect(text, reading, str(error))]
    except Exception as error:  # sqlglot raises many kinds, RecursionError among them
        return [_suspect(text, reading, "nested-too-deeply" if isinstance(error, RecursionError) else "unparsable")]


def _suspect_also(facts: Facts, reading: str) -> None:
    from interlock.commands.sql_suspect import suspicions

    kinds, flags = suspicions(reading)
    facts.kinds.update(dict.fromkeys(kinds))
    facts.flags.update(dict.fromkeys(flags))


def _suspect(text: str, reading: str, why: str) -> Operation:
    """What could not be judged, with the kinds and flags that its words speak of."""
    from interlock.commands.sql_suspect import suspicions

    kinds, flags = suspicions(reading or text)
    arguments: dict[str, JSON] = {"kinds": list(kinds), "flags": ["not-understood", why, *flags]}
    return Operation("sql", "admin", access=Access.UNKNOWN, arguments=arguments, text=text)


@functools.cache
def _dialect(name: str) -> Any:
    import logging

    import sqlglot

    quiet = logging.getLogger("sqlglot")  # it would log the statements it falls back on
    quiet.disabled = True
    found = sqlglot.Dialect.get_or_raise(name)
    found.INDEX_OFFSET = 0  # else it infers the type of all before each `[1]`, to count from 0
    return found


def parse(text: str, known: Lexis, most: int = _MAX_TOKENS) -> list[Any]:
    """The statements in a reading of at most so many tokens.

    The parser's steps are counted: nested look-ahead could cost exponential time.
    """
    dialect = _dialect(known.parser)
    tokens = shortened(dialect.tokenize(text))
    dots = sum(token.token_type.name == "DOT" for token in tokens)
    if len(tokens) > most or (dots > _FEW_DOTS and 5 * dots > 2 * len(tokens)):  # a name of thousands of parts
        raise NotUnderstood("too-complex")
    tokens, control = without_transactions(separated(tokens) if known.parser == "tsql" else tokens, known.parser)
    tokens = respelled(tokens, known.parser)
    if _begins_with_else(tokens):
        raise NotUnderstood("unparsable")
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
    found = [statement for statement in parser.parse(tokens, text) if statement is not None] + control
    if len(found) > most // _TOKENS_A_STATEMENT:
        raise NotUnderstood("too-many-statements")
    return found


def _begins_with_else(tokens: list[Any]) -> bool:
    """Whether a statement begins with ELSE: the parser would drop it, and all that follows it, without a word."""
    kinds = ["SEMICOLON", *(token.token_type.name for token in tokens)]
    return any(pair == ("SEMICOLON", "ELSE") for pair in pairwise(kinds))


PART = Language("sql", _analyse, unknown_action="admin", dialects=(*NAMES, *ALIASES))
