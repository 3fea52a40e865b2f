"""One recorded decision, with everything that making it again takes."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from interlock.engine.rules import Rules
from interlock.model import Effect, Grant, Operation, Principal
from interlock.policy import Context
from interlock.policy.standing import ATTESTED
from interlock.recording.event import seconds
from interlock.recording.operations import is_whole, unpack
from interlock.replay.told import Told
from interlock.settings import Connection

__all__ = ["Case", "operations_of"]


@dataclass(frozen=True, slots=True)
class Case:
    """`told` is what was decided, `asked` the request it belongs to (itself, but of a model's proposal).

    `then` is the word of the time, `at` its moment (RFC 3339). `operations` are those recorded; `whole` says that they
    are all there was, `same` that the connection reads requests as it did then. `proposed` marks what a model proposes.
    `before` are the rules of the time, where they are known; `old` marks format 1, which says less.
    """

    reference: str
    at: str
    then: Effect
    told: Told
    asked: Told
    principal: Principal
    connection: Connection
    operations: tuple[Operation, ...]
    whole: bool
    same: bool
    proposed: bool
    observe: bool
    before: Rules | None
    old: bool
    grants: tuple[Grant, ...] = ()

    @property
    def context(self) -> Context:
        """What the decision looks at, without a body."""
        return Context(
            principal=self.principal,
            connection=self.connection.name,
            method=self.asked.method,
            path=self.asked.path,
            now=seconds(self.at),
            observe=self.observe,
            readable=False,
            grants=self.grants,
            reviews=ATTESTED,
        )


def operations_of(told: Told, *, proposed: bool, covered: bool) -> tuple[tuple[Operation, ...], bool]:
    """The operations of a decision, and whether they are all there was. Raises ValueError for what is no JSON."""
    listed = msgspec.json.decode(told.operations)
    return unpack(listed, agent=proposed, covered=covered), is_whole(listed)
