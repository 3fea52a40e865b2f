"""`tables: [orders, "sales.*"]`, `columns: {not: [customers.ssn]}`: what a statement touches, read or written.

A list names all that may be touched, `not` what may not. To permit, every table must be in the list as it is written
there (`orders` is not `archive.orders`) and none could be one of `not`; a statement without tables, or one that
reaches more than can be seen (dynamic SQL, procedures, files, linked servers), is not permitted by tables. A rule that
asks or forbids takes one table that could be meant, in any schema, and takes what cannot be seen for it. Columns are
`table.column`; `customers.*` touches every column there is, so it is never permitted past a `not`. Where a permission
lists columns and no tables, their tables are all it permits: `SELECT count(*)` of another names no column at all.

Names are written as operations spell them: one whose case counts stands in double quotes, `'public."Order"'`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence

from interlock.model import Effect, Operation
from interlock.policy.argument import About, Argument, texts_of
from interlock.policy.names import meets, within
from interlock.policy.pattern import Pattern
from interlock.schema import Reader
from interlock.source import Node

__all__ = ["PART"]

_UNSEEN = frozenset(("not-understood", "opaque", "dynamic", "unknown-function", "network", "files"))
"""Flags of statements that touch more than the names in them say."""
_PARTS = {"tables": ("orders", 4), "columns": ("customers.ssn", 5)}
_PART = re.compile(r"""[^\s'"`\[\]()]+|"[^".`'\[\]]+\"""")

type _Names = Callable[[Collection[str]], bool]


def _read(members: Mapping[str, Node], effect: Effect, patterns: Sequence[Pattern], reader: Reader) -> About | None:
    del patterns
    tests = [(name, _names(name, node, effect, reader)) for name, node in members.items()]
    permits = effect is Effect.PERMIT
    if permits and "columns" in members and "tables" not in members:
        tests.append(("tables", _tables_of(members["columns"], reader)))

    def test(operation: Operation) -> bool:
        arguments = operation.arguments
        seen = _UNSEEN.isdisjoint(texts_of(arguments.get("flags")))
        for name, holds in tests:
            known = seen and isinstance(arguments.get(name), list)
            if not known and permits:
                return False
            if known and not holds(texts_of(arguments[name])):
                return False
        return True

    return test


def _names(what: str, node: Node, effect: Effect, reader: Reader) -> _Names:
    only, never = _listed(what, node, reader)
    bare = what == "columns"
    if effect is Effect.PERMIT:
        inside, outside = [within(text) for text in only], [meets(text, bare=bare) for text in never]
        empty = bare or not only

        def every(names: Collection[str]) -> bool:
            if not names:
                return empty
            allowed = not inside or all(any(fit(name) for fit in inside) for name in names)
            return allowed and not any(fit(name) for name in names for fit in outside)

        return every
    named, spared = [meets(text, bare=bare) for text in only], [within(text) for text in never]

    def some(names: Collection[str]) -> bool:
        return any(
            (not named or any(fit(name) for fit in named)) and not any(fit(name) for fit in spared) for name in names
        )

    return some


def _tables_of(columns: Node, reader: Reader) -> _Names:
    """Whether every table is one of those whose columns are listed; any is, where none are."""
    only, _ = _listed("columns", columns, reader)
    inside = [within(text.rpartition(".")[0]) for text in only]
    return lambda names: not inside or all(any(fit(name) for fit in inside) for name in names)


def _listed(what: str, node: Node, reader: Reader) -> tuple[Sequence[str], Sequence[str]]:
    """What is named, and what is excepted by `not`."""
    if isinstance(node.value, dict):
        members = reader.mapping(node, what, optional=("only", "not"))
        if not members:
            reader.error(node, f"{what} says nothing", f"{what}: [{_PARTS[what][0]}], or {{not: [{_PARTS[what][0]}]}}")
        only, never = (_checked(what, members.get(word), reader) for word in ("only", "not"))
        return only, never
    return _checked(what, node, reader), ()


def _checked(what: str, node: Node | None, reader: Reader) -> Sequence[str]:
    example, most = _PARTS[what]
    found = reader.texts(node, what)
    for text in found:
        parts = text.split(".")
        if node is not None and text and (len(parts) > most or not all(map(_PART.fullmatch, parts))):
            hint = f'as in {example}: parts with dots between, * in them; "User" in double quotes where case counts'
            reader.error(node, f"{text!r} is no name of {what}", hint)
        elif node is not None and text and what == "columns" and len(parts) < 2:
            reader.error(node, f"column {text!r} says no table", f'as in {example}, or "*.{text}" for every table')
    return found


PART = Argument("tables", ("tables", "columns"), _read, frozenset(("sql",)))
