"""One agent's call on its way through the pipeline: what the hooks of one flow share.

A call is an attribute of its flow (never in `flow.metadata`, which is written to flow files), so it goes when its flow
goes, whatever it holds: what it was told to do with an answer refers to the flow, and a table of calls by flow would
keep both for ever.
"""

from __future__ import annotations

import itertools
import time
import weakref
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mitmproxy import connection, http

from interlock.errors import Refused
from interlock.model import Exchange, Finding, Principal, Refusal, Secret

if TYPE_CHECKING:
    from interlock.credentials import Supply
    from interlock.masking import Masker
    from interlock.mitm.products import Approved, Authenticated, Contained, Decided, Masked, Recorded
    from interlock.mitm.reply import Reply
    from interlock.recording import Session

__all__ = ["Call", "Calls", "Tunnel"]

_NOTHING = frozenset[str]()


@dataclass(slots=True, weakref_slot=True)
class Tunnel:
    """What a CONNECT bound to its client connection: identity for all requests inside, and the target."""

    host: str
    port: int
    principal: Principal | None = None
    run: str = ""
    token: Secret | None = None
    own: bool = False


@dataclass(slots=True, weakref_slot=True)
class Call:
    """State of one flow. Everything starts at "nothing is proven"."""

    started: float = field(default_factory=time.time)
    contained: Contained | None = None
    authenticated: Authenticated | None = None
    who: str = field(default="", repr=False)
    """What `whose` said, put together once."""
    decided: Decided | None = None
    approved: Approved | None = None
    masked: Masked | None = None
    reference: str = ""
    recorded: Recorded | None = None
    session: Session | None = None
    refusal: Refusal | None = None
    answered: bool = False
    answering: bool = False
    masked_by: object = None
    """The `Masks` that its answer is masked by: others may be in force when it ends."""
    sent: bool = False
    ended: Refused | None = None
    """What let it run is over: why it is to end."""
    head: tuple[tuple[bytes, bytes], ...] | None = field(default=None, repr=False)
    shown_path: str = ""
    shown_target: str = ""
    seal: tuple[object, ...] | None = field(default=None, repr=False)
    supply: Supply | None = None
    """Its credential, read once: what is masked is what is sent."""
    literals: Any = field(default=None, repr=False)
    maskers: dict[tuple[object, ...], Masker] = field(default_factory=dict, repr=False)
    kept: Any = field(default=None, repr=False)
    """The masker of recordings that was found for it, with what that holds for."""
    injection: Any = None
    request_body: bytes = field(default=b"", repr=False)
    plain_exchange: Exchange | None = None
    reply: Reply | None = None
    reply_body: bytes | None = field(default=None, repr=False)
    reply_findings: list[Finding] = field(default_factory=list)
    reply_stream: Any = None
    closed: bool = False
    last: bool = False
    given: tuple[tuple[str, str], ...] = ()
    """Restored towards the connection: (kind, JSON Pointer)."""
    marks: dict[str, Any] = field(default_factory=dict)

    @property
    def obligations(self) -> frozenset[str]:
        """The masks that its decision demands; none while there is no decision."""
        decided = self.decided
        return decided.decision.masks if decided is not None else _NOTHING

    def whose(self) -> str:
        """Whose vault and keys it uses: (issuer, subject, run); nobody's where nobody is known."""
        if not self.who and self.authenticated is not None:
            principal = self.authenticated.principal
            self.who = f"{principal.issuer}\0{principal.subject}\0{self.authenticated.run}"
        return self.who

    def forget_secrets(self) -> None:
        """Time has passed since they were read, and nothing was sent yet: they are read again."""
        self.supply = self.literals = self.kept = None
        self.maskers.clear()

    def over(self) -> None:
        """The answer has passed. What would judge more of it refers to the call, so that it would not go by itself."""
        if self.reply is not None:
            self.reply.judge = self.reply.may = self.reply.offered = None


_numbers = itertools.count()


class Calls:
    """The calls of live flows and the tunnels of live client connections."""

    def __init__(self) -> None:
        self._name = f"_interlock_call_{next(_numbers)}"  # another gateway's calls are not ours
        self._tunnels: weakref.WeakKeyDictionary[connection.Client, Tunnel] = weakref.WeakKeyDictionary()

    def of(self, flow: http.HTTPFlow) -> Call:
        """The flow's call; a new one proves nothing."""
        call: Call | None = flow.__dict__.get(self._name)
        if call is None:
            call = flow.__dict__[self._name] = Call()
        return call

    def begin(self, flow: http.HTTPFlow) -> Call:
        """A new call, also where the flow had one before: what a replayed flow was once permitted proves nothing."""
        call = flow.__dict__[self._name] = Call()
        return call

    def known(self, flow: http.HTTPFlow) -> Call | None:
        """The flow's call, if a hook has met it."""
        call: Call | None = flow.__dict__.get(self._name)
        return call

    def tunnel(self, client: connection.Client) -> Tunnel | None:
        """What a CONNECT bound to this client connection."""
        return self._tunnels.get(client)

    def open_tunnel(self, client: connection.Client, tunnel: Tunnel) -> None:
        """Bind a tunnel to the client connection, for as long as that lives."""
        self._tunnels[client] = tunnel
