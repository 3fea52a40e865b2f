"""Who calls, and what: principals, and snapshots of requests and answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from interlock.model.quick import quick
from interlock.model.values import JSON, BodyState, Origin, Side

__all__ = ["Exchange", "Principal"]

_EMPTY: Mapping[str, JSON] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls, as a verified token or certificate says.

    `identity` is the name of the entry under `identities:`; people are compared as (issuer, subject).
    `expires` is in seconds since the epoch and is judged again on every request.
    `client` is the audience-independent name of the client software where the token names one (azp, client_id).
    """

    identity: str
    issuer: str
    subject: str
    scheme: str = ""
    groups: frozenset[str] = frozenset()
    acting_for: str = ""
    client: str = ""
    expires: float = 0.0
    claims: Mapping[str, JSON] = field(default=_EMPTY, repr=False, hash=False)


@quick
@dataclass(frozen=True, slots=True)
class Exchange:
    """An immutable snapshot of one request, or of one response together with its request.

    `target` is the raw request target after routing (origin form: path and query as they go upstream).
    `headers` keep order and case of values; names are in lower case. `body` is decoded (no content coding).
    """

    side: Side
    connection: str
    method: str
    origin: Origin
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = field(default=b"", repr=False)
    state: BodyState = BodyState.UNREADABLE
    status: int = 0
    request: Exchange | None = field(default=None, repr=False)

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """The query without its question mark."""
        return self.target.partition("?")[2]

    def header(self, name: str) -> str:
        """The value of the first header called `name` (lower case), or an empty string."""
        for key, value in self.headers:
            if key == name:
                return value
        return ""
