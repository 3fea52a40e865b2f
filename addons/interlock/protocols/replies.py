"""How an upstream's answer is read: an adapter takes it apart, the gateway judges and masks the parts.

An adapter gives a `Reads` for a request whose answer it must see; the gateway lends it a `Treatment` and gets a
`Reader` for one answer. A reader has no clock and no network; what it cannot read ends the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from interlock.model import JSON, Operation, Refusal
from interlock.ports import Analyse, TextStream

__all__ = ["Find", "Offer", "Reader", "Reads", "Thought", "Transform", "Treatment"]

type Find = Callable[[], Sequence[Operation]]
"""Gives the operations of one proposed call; what it raises refuses that call."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One tool that a server offers, as it describes it. `hidden`: text that nobody sees was taken out of it."""

    name: str
    definition: Mapping[str, JSON] = field(repr=False)
    hidden: bool = False


class Thought(Protocol):
    """What watches over one signed thought of an answer: it goes on as it is, or not at all."""

    holds: bool
    """Whether nothing of it may go on before its end."""

    def feed(self, text: str) -> int:
        """How many characters of the thought may go on by now; below zero: none ever may."""
        ...

    def close(self, sealed: bool = False) -> str:
        """What is said in its place; empty where it may go on. `sealed`: nobody can read it."""
        ...


class Transform(Protocol):
    """Bytes of a stream in, bytes for the agent out, the same for any chunking; raises Refused to end the stream."""

    def feed(self, data: bytes) -> bytes:
        """What may go on now."""
        ...

    def close(self) -> bytes:
        """The rest."""
        ...


@dataclass(frozen=True, slots=True)
class Treatment:
    """What the gateway lends to a reader.

    `judge(find)`: why what the answer proposes must not be done, or None; recorded, and it never raises. Nothing found
    is nothing to judge. `may(operation)`: whether policy or a person could let it pass; not recorded.
    `analyse` never waits: a command too large to be read at once is not understood.
    `text()` masks one run of text that comes in pieces. `document(body, document)` masks a JSON document of the
    protocol (the second argument is what it parses to, where that is known), leaving what the adapter protects;
    `input(body)` masks a JSON document that is the agent's own. Both raise BodyRejected for what is no JSON.
    `max_held` is how many bytes of one call may be held back. `offered(offer)`: whether a tool may be offered to the
    agent: it is compared with what was pinned, remembered and recorded; it never raises. `thought()` watches over one
    signed thought; `sealed`: thoughts that nobody can read are left out of documents, so all documents must be masked.
    `asks(id)`: the call that is judged next has this id, as the model gave it (nothing: none is known).
    """

    judge: Callable[[Find], Refusal | None]
    may: Callable[[Operation], bool]
    analyse: Analyse
    text: Callable[[], TextStream]
    document: Callable[..., bytes]
    input: Callable[[bytes], bytes]
    max_held: int
    offered: Callable[[Offer], bool] = lambda offer: True
    thought: Callable[[], Thought] | None = None
    sealed: bool = False
    asks: Callable[[JSON], None] = lambda id: None


class Reader(Protocol):
    """One answer, read once: either `whole` or `stream` is called."""

    def whole(self, status: int, body: bytes, document: Callable[[], JSON]) -> bytes | None:
        """The answer as it may go on, judged and masked; None leaves an answer of this status to the gateway.

        `document()` is what the body parses to. Raises Refused to refuse the answer.
        """
        ...

    def stream(self, status: int) -> Transform:
        """The transformation of a streamed answer. Raises Refused for one that must not be streamed."""
        ...

    def last_words(self, refusal: Refusal) -> bytes:
        """What ends a stream that may not go on, in the protocol's own shape; empty where it has none."""
        ...


type Reads = Callable[[Treatment], Reader]
