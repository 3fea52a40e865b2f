"""`groups: [analyst]`: the principal is in any of them. Names are compared exactly."""

from __future__ import annotations

from collections.abc import Mapping

from interlock.model import Effect
from interlock.policy.condition import Condition
from interlock.policy.context import Context, Test
from interlock.schema import Reader
from interlock.source import Node

__all__ = ["PART"]


def _read(members: Mapping[str, Node], effect: Effect, reader: Reader) -> Test | None:
    wanted = frozenset(reader.texts(members["groups"], "groups"))

    def test(context: Context) -> bool:
        return not wanted.isdisjoint(context.principal.groups)

    return test


PART = Condition("groups", "to", ("groups",), _read)
