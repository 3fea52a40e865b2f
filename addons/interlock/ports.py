"""What waits or touches the world, as Protocols: pure code gets them handed in (invariant 9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from interlock.model import Operation, Secret

__all__ = ["Analyse", "Clock", "Fetch", "SecretSource", "TextStream", "VaultRow", "VaultStore"]


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> float:
        """Seconds since the epoch (UTC)."""
        ...

    def monotonic(self) -> float:
        """Seconds on a clock that never goes back; only differences mean something."""
        ...


class Fetch(Protocol):
    """Gets a small JSON document over HTTPS without blocking the event loop."""

    async def __call__(self, url: str) -> bytes:
        """The document's bytes (bounded by the implementation). Raises OSError when it cannot be had."""
        ...


@runtime_checkable
class SecretSource(Protocol):
    """Reads a secret from where the operator keeps it."""

    def read(self) -> Secret:
        """The secret as it is now. Raises interlock.errors.Refused (SECRET_UNAVAILABLE) when it cannot be had."""
        ...

    def reference(self) -> str:
        """How the rules name it, for logs and evidence: `env:NAME`, `file:/run/secrets/x`."""
        ...


class Analyse(Protocol):
    """Turns the text of a command into operations; handed to protocol adapters by the engine. Never raises."""

    def __call__(
        self, text: str, language: str, dialect: str = "", *, place: str = "", agent: bool = False
    ) -> tuple[Operation, ...]:
        """Operations found in `text`; what is not understood comes back as one of access UNKNOWN, never as nothing."""
        ...


class TextStream(Protocol):
    """Masks text that arrives in pieces: any chunking gives the same result as the whole text at once."""

    def feed(self, text: str) -> str:
        """What may go on now; the rest is held. Raises BodyRejected when a limit is passed."""
        ...

    def close(self) -> str:
        """Everything still held, masked."""
        ...


@dataclass(frozen=True, slots=True)
class VaultRow:
    """A token and what it stands for, sealed. `origin` is where the value was first seen; `echoes` says that it is
    looked for exactly in everything that follows.
    """

    token: str
    origin: str
    sealed: bytes = field(repr=False)
    echoes: bool = False


class VaultStore(Protocol):
    """Keeps vaults beyond a process, for all gateways that share it. Everything raises OSError when it cannot be done,
    and may block: it is called in a worker thread.
    """

    def read(self, session: str) -> Sequence[VaultRow]:
        """All rows of a session."""
        ...

    def write(self, session: str, rows: Sequence[VaultRow]) -> Sequence[VaultRow]:
        """Keeps rows; of two with one token the first stays, but for `echoes`, which is never taken back.

        Gives the rows of these tokens as they stand in the store now.
        """
        ...

    def forget(self, before: float) -> None:
        """Drops sessions that nobody wrote to since `before` (seconds since the epoch)."""
        ...

    def close(self) -> None:
        """Nothing follows."""
        ...
