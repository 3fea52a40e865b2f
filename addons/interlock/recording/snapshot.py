"""What a flow file shows of one exchange: plain values, already masked, taken by the caller from its own state.

Nothing here refers to a live flow (invariant 6). Times are seconds since the epoch. Text or bytes are both welcome
where HTTP has bytes. A body of None means that it was not kept. Every request makes three of these: hence structs,
which cost a tenth of dataclasses.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from types import MappingProxyType

import msgspec

from interlock.model import JSON
from interlock.recording.timing import Timing

__all__ = [
    "REFERENCE", "Address", "ConnectionSnapshot", "Fields", "FlowSnapshot", "Raw", "RequestSnapshot",
    "ResponseSnapshot",
]  # fmt: skip

type Raw = str | bytes
type Fields = tuple[tuple[Raw, Raw], ...]
type Address = tuple[str, int]

REFERENCE = "interlock_reference"
"""The name under which a flow's metadata keeps that of its decision."""
_WEIGHT, _FIELD = 4096, 128
"""Bytes of what is not counted, of all and of each header."""
_EMPTY: Mapping[str, JSON] = MappingProxyType({})


class ConnectionSnapshot(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One side's connection: `peer` is who is at the other end, `local` our own end of it.

    `address` (name and port as dialled) means something for the server side alone, `mode` (mitmproxy's proxy mode,
    such as `regular`) for the client side alone; a mode or TLS version that mitmproxy does not know is left out.
    """

    id: str = ""
    peer: Address | None = None
    local: Address | None = None
    address: Address | None = None
    mode: str = "regular"
    tls: bool = False
    tls_version: str = ""
    alpn: bytes | None = None
    cipher: str = ""
    sni: str = ""
    error: str = ""
    started: float | None = None
    connected: float | None = None
    tls_setup: float | None = None
    ended: float | None = None


class RequestSnapshot(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The request as the agent sent it, masked. `authority` is empty except for what HTTP/2 or a proxy form said."""

    method: Raw
    scheme: Raw
    host: str
    port: int
    path: Raw
    authority: Raw = b""
    http_version: Raw = b"HTTP/1.1"
    headers: Fields = ()
    body: bytes | None = None
    trailers: Fields | None = None
    started: float = 0.0
    ended: float | None = None

    def __repr__(self) -> str:
        return f"RequestSnapshot({self.method!r}, {self.host!r})"


class ResponseSnapshot(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The response as the agent got it."""

    status: int
    reason: Raw = b""
    http_version: Raw = b"HTTP/1.1"
    headers: Fields = ()
    body: bytes | None = None
    trailers: Fields | None = None
    started: float = 0.0
    ended: float | None = None

    def __repr__(self) -> str:
        return f"ResponseSnapshot({self.status})"


class FlowSnapshot(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One exchange for mitmweb: `comment` says the decision in words, `marked` shows it (`:red_circle:`).

    `reference` is that of the decision, `timing` that of a streamed answer; `metadata` holds further plain values, and
    is shared by many flows: it must not change. `error` is why no response came.
    """

    id: str
    request: RequestSnapshot
    response: ResponseSnapshot | None = None
    client: ConnectionSnapshot = ConnectionSnapshot()
    server: ConnectionSnapshot = ConnectionSnapshot()
    error: str = ""
    error_at: float = 0.0
    comment: str = ""
    marked: str = ""
    reference: str = ""
    timing: Timing = ()
    metadata: Mapping[str, JSON] = _EMPTY
    created: float = 0.0

    @property
    def weight(self) -> int:
        """About how many bytes it keeps in memory."""
        asked, answered = self.request, self.response
        bodies = len(asked.body or b"") + (len(answered.body or b"") if answered else 0)
        fields = (*asked.headers, *(answered.headers if answered else ()))
        heads = sum(map(len, chain.from_iterable(fields))) + _FIELD * len(fields) + len(asked.path)
        return bodies + heads + _WEIGHT
