"""What an exchange would do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from interlock.model.quick import quick
from interlock.model.values import JSON, Access

__all__ = ["Operation", "worst"]

_EMPTY: Mapping[str, JSON] = MappingProxyType({})


@quick
@dataclass(frozen=True, slots=True)
class Operation:
    """What an exchange would do. A carrier (an HTTP request, a tool call) nests what it carries.

    `protocol` and `action` make the name that rules use: `sql.read`, `tool.use:Bash`, `http.get`, `mcp.call:query`.
    `resource` is what a rule's glob is compared with (for `http` the canonical path).
    `arguments` are plain JSON values for rules and blocklists; each language documents its own.
    `text` is the command as it was written; it is for matching and never for a log.
    `place` is a JSON Pointer (RFC 6901) into the body (`interlock.model.places` says what an offset beside it counts).
    `covered` marks a carrier whose connection says, under
    `commands:`, that what it carries speaks for it. `agent` marks what the agent itself will run (`on: agent`).
    """

    protocol: str
    action: str
    resource: str = ""
    access: Access = Access.UNKNOWN
    arguments: Mapping[str, JSON] = field(default=_EMPTY, hash=False)
    text: str = field(default="", repr=False)
    place: str = ""
    nested: tuple[Operation, ...] = ()
    covered: bool = False
    agent: bool = False

    @property
    def name(self) -> str:
        """`protocol.action`, as rules write it."""
        return f"{self.protocol}.{self.action}"

    def walk(self) -> tuple[Operation, ...]:
        """This operation and all that is nested in it, outermost first; without recursion, so no depth is too much."""
        found: list[Operation] = []
        todo = [self]
        while todo:
            operation = todo.pop()
            found.append(operation)
            todo.extend(reversed(operation.nested))
        return tuple(found)


def worst(accesses: list[Access] | tuple[Access, ...]) -> Access:
    """The most dangerous access of several; of none, UNKNOWN (invariant 2)."""
    return max(accesses, default=Access.UNKNOWN)
