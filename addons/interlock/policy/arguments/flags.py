"""`flags: [opaque]`, `flags: {not: [opaque, upload]}`: what the analysis found about a command.

A list holds when the operation carries one of them, `not` when it carries none; that is so for every kind of rule.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from interlock.model import Effect, Operation
from interlock.policy.argument import About, Argument, texts_of
from interlock.policy.flag_words import check_flag
from interlock.policy.pattern import Pattern
from interlock.schema import Reader
from interlock.source import Node

__all__ = ["PART"]


def _read(members: Mapping[str, Node], effect: Effect, patterns: Sequence[Pattern], reader: Reader) -> About | None:
    del effect, patterns
    node = members["flags"]
    if isinstance(node.value, dict):
        inner = reader.mapping(node, "flags", optional=("any", "not"))
        if not inner:
            reader.error(node, "flags says nothing", "flags: [opaque], or flags: {not: [opaque]}")
        wanted, unwanted = (_flags(inner.get(word), reader) for word in ("any", "not"))
    else:
        wanted, unwanted = _flags(node, reader), frozenset()

    def test(operation: Operation) -> bool:
        found = texts_of(operation.arguments.get("flags"))
        return unwanted.isdisjoint(found) and (not wanted or not wanted.isdisjoint(found))

    return test


def _flags(node: Node | None, reader: Reader) -> frozenset[str]:
    found = reader.texts(node, "flags")
    for flag in found:
        if node is not None and flag:
            check_flag(node, flag, reader)
        if "*" in flag and node is not None:
            reader.error(node, f"flag {flag!r} holds a *", "name each flag")
    return frozenset(found)


PART = Argument("flags", ("flags",), _read, frozenset(("sql", "shell", "mcp", "tool", "http", "model", "graphql")))
