"""The contract of a protocol adapter: what an exchange would do, how its refusal looks, what must not be rewritten."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from interlock.model import JSON, Answer, Exchange, Operation, Refusal
from interlock.paths import Location
from interlock.ports import Analyse
from interlock.protocols.replies import Reads
from interlock.settings import Connection

__all__ = ["Adapter", "Operations", "nothing_protected", "unread"]

type Operations = Callable[[Exchange, Connection, JSON, Analyse], tuple[Operation, ...]]


def nothing_protected(document: JSON) -> Callable[[Location], bool]:
    """For protocols whose documents may be rewritten anywhere."""
    return lambda location: False


def unread(request: Exchange, connection: Connection) -> Reads | None:
    """For protocols whose answers make no agent do anything."""
    return None


@dataclass(frozen=True, slots=True)
class Adapter:
    """One protocol, sans I/O. A document is what `body.read_json` made of the body, or None where it was not read.

    `reads(request, connection)`: whether the request's body must be JSON to be judged (it is forbidden otherwise).
    `operations(request, connection, document, analyse)`: what the request would do, never nothing. Raises Refused
    (BodyRejected for bodies) when that cannot be said.
    `reply(request, connection)`: how the answer must be read to be judged; None where there is no need.
    `refuse(exchange, refusal)`: the answer in the protocol's own shape; the exchange is the request, the response
    whose forwarding is refused, or None when nothing was read yet.
    `protected(document)`: whether a location must stay as it is: signed, encrypted or structural.
    `model` marks connections whose requests carry the agent's words to a model (`where: model-requests`).
    `volatile` are the members (JSONPath) that may differ between an approved request and the one that runs;
    `volatile_inputs` the members of a proposed call's input, by tool, that say nothing about what it does.
    """

    name: str
    reads: Callable[[Exchange, Connection], bool]
    operations: Operations
    refuse: Callable[[Exchange | None, Refusal], Answer]
    reply: Callable[[Exchange, Connection], Reads | None] = unread
    protected: Callable[[JSON], Callable[[Location], bool]] = nothing_protected
    model: bool = False
    volatile: tuple[str, ...] = ()
    volatile_inputs: Mapping[str, frozenset[str]] = field(
        default=MappingProxyType({"Bash": frozenset(("description",))})
    )
