"""An entry under `identities:`, an authenticator that judges by it, and the part that a scheme is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from interlock.errors import TokenRejected
from interlock.identity.compact import Compact
from interlock.model import Principal
from interlock.ports import Clock, Fetch
from interlock.reasons import Reason
from interlock.schema import Reader
from interlock.source import Node

__all__ = ["Authenticator", "Identity", "Limits", "Scheme", "Verified", "World"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of verification: sizes in bytes or entries, times in seconds.

    Keys younger than `fresh_for` are used as they are. At most one refresh of an issuer's keys starts in
    `back_off`; a kid that was just found unknown starts none within `unknown_for`. `patience` is how long a
    request waits for a refresh while older keys may still be used.
    """

    max_token: int = 16 * 1024
    cache: int = 4096
    unknown_kids: int = 1024
    fresh_for: float = 600.0
    back_off: float = 30.0
    unknown_for: float = 60.0
    fetch_timeout: float = 12.0
    patience: float = 1.0


@dataclass(frozen=True, slots=True)
class Identity:
    """Who may vouch for a caller. `issuer` is what principals carry; no two identities share one.

    `subjects` narrows who is accepted (`*` stands for any text); empty accepts every subject.
    A `demo` identity holds its own private key: a gateway with one starts on loopback only.
    """

    name: str
    issuer: str
    scheme: str
    subjects: tuple[str, ...] = ()
    demo: bool = False


@dataclass(frozen=True, slots=True)
class Verified:
    """A principal and what its proof depends on: the time it starts, the keys, the certificate it is bound to.

    `generation` is the state of the issuer's keys that verified it; `thumbprint` is empty where nothing binds it.
    """

    principal: Principal
    not_before: float = 0.0
    generation: int = -1
    thumbprint: bytes = b""


@dataclass(frozen=True, slots=True)
class World:
    """What an authenticator reaches outside."""

    fetch: Fetch
    clock: Clock
    limits: Limits


class Authenticator:
    """Judges evidence for one identity. The default accepts nothing (invariant 2)."""

    by_certificate: ClassVar[bool] = False

    def __init__(self, identity: Identity) -> None:
        self.identity = identity

    async def token(self, compact: Compact, certificate: bytes | None) -> Verified:
        """The principal of a token whose issuer is this identity's. Raises TokenRejected."""
        raise TokenRejected(Reason.TOKEN_ISSUER)

    def certificates(self, chain: Sequence[bytes]) -> Verified:
        """The principal of a client certificate chain (DER, leaf first). Raises TokenRejected."""
        raise TokenRejected(Reason.CERTIFICATE_REFUSED)

    def generation(self) -> int | None:
        """The state of the keys that may be relied on without waiting; None when there is none."""
        return None


@dataclass(frozen=True, slots=True)
class Scheme:
    """One way to authenticate: a file in `authenticators/`.

    `members` are its own members of an `identities:` entry (with `name`, `scheme`, `subjects` and `demo`, which all
    have); `required` are those that must be there. `read` makes the identity, or None after noting errors.
    `open` makes the authenticator. `claimed` names what no two identities may share, beside the issuer.
    """

    name: str
    required: tuple[str, ...]
    members: tuple[str, ...]
    read: Callable[[Identity, Node, Mapping[str, Node], Reader, Path], Identity | None]
    open: Callable[[Identity, World], Authenticator]
    claimed: Callable[[Identity], frozenset[str]] = lambda identity: frozenset()
