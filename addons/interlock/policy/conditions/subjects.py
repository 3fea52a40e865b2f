"""`subjects: ["svc:payroll-bot"]`: the principal is one of them, as its token says. Compared exactly."""

from __future__ import annotations

from collections.abc import Mapping

from interlock.model import Effect
from interlock.policy.condition import Condition
from interlock.policy.context import Context, Test
from interlock.schema import Reader
from interlock.source import Node

__all__ = ["PART"]


def _read(members: Mapping[str, Node], effect: Effect, reader: Reader) -> Test | None:
    wanted = frozenset(reader.texts(members["subjects"], "subjects"))

    def test(context: Context) -> bool:
        return context.principal.subject in wanted

    return test


PART = Condition("subjects", "to", ("subjects",), _read)
