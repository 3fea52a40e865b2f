"""What a blocklist entry looks for by name: `operations: [model.provider-tool:*]`, narrowed by `where:` or `flags:`."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from interlock.errors import InterlockError
from interlock.model import Effect, Operation
from interlock.policy.argument import read_about
from interlock.policy.block_index import Looks
from interlock.policy.pattern import ANY, Pattern, compile_pattern
from interlock.schema import Reader
from interlock.source import Node

__all__ = ["read_operations"]


def read_operations(
    node: Node, members: Mapping[str, Node], reader: Reader, languages: Collection[str] = ()
) -> tuple[Looks | None, frozenset[str]]:
    """The compiled entry, and the protocols it speaks about; argument conditions in `members` narrow it.

    Everything wrong goes to `reader`.
    """
    patterns: list[Pattern] = []
    for text in reader.texts(node, "operations"):
        try:
            pattern = compile_pattern(text, languages)
        except InterlockError as error:
            if text:
                reader.error(node, str(error), error.hint)
            continue
        if pattern.protocol == ANY:
            reader.error(node, f"{text} would block every protocol", "name the protocol, as in mcp.call:*")
            continue
        patterns.append(pattern)
    about = read_about(members, Effect.FORBID, patterns, reader)
    chosen = tuple(patterns)

    def looks(operation: Operation) -> bool:
        named = any(
            pattern.protocol == operation.protocol and pattern.matches(operation.action, operation.resource)
            for pattern in chosen
        )
        return named and (about is None or about(operation))

    return (looks if chosen else None), frozenset(pattern.protocol for pattern in chosen)
