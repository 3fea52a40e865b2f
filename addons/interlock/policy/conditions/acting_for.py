"""`acting_for: [erika.mustermann]`: the principal acts for one of these people. Compared exactly."""

from __future__ import annotations

from collections.abc import Mapping

from interlock.model import Effect
from interlock.policy.condition import Condition
from interlock.policy.context import Context, Test
from interlock.schema import Reader
from interlock.source import Node

__all__ = ["PART"]


def _read(members: Mapping[str, Node], effect: Effect, reader: Reader) -> Test | None:
    wanted = frozenset(reader.texts(members["acting_for"], "acting_for"))

    def test(context: Context) -> bool:
        return context.principal.acting_for in wanted

    return test


PART = Condition("acting-for", "to", ("acting_for",), _read)
