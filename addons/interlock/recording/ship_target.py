"""What a place is that recordings are shipped to: one file each in `ship_sinks/`, named like the scheme of its address.

Names of objects are relative paths with `/`, made of letters, digits, `.`, `-`, `_` and `:` by the caller.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Protocol

from interlock.registry import parts

__all__ = ["Address", "Objects", "ShipKind", "Vault", "known_kinds", "ship_members"]


class Objects(Protocol):
    """An open place. Everything raises OSError when it is to be tried again, whatever the reason."""

    async def put(self, name: str, chunks: AsyncIterator[bytes], size: int) -> None:
        """Keep `size` bytes under a name, in place of what is there; all of them or nothing."""
        ...

    def get(self, name: str) -> AsyncIterator[bytes]:
        """What is kept there, piece by piece."""
        ...

    async def delete(self, name: str) -> None:
        """Keep it no longer; nothing there is fine."""
        ...

    def list(self, folder: str) -> AsyncIterator[str]:
        """The names of what is kept in a folder, or of everything (empty), in any order."""
        ...

    async def close(self) -> None:
        """Give connections back."""
        ...


class Vault(Protocol):
    """What the approvals' store does for `to: store`."""

    def objects(self) -> Objects:
        """The store as a place."""
        ...


@dataclass(frozen=True, slots=True)
class Address:
    """Where to: the address after its scheme, options in clear, secrets as they were read just now."""

    to: str
    options: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    vault: Vault | None = None


@dataclass(frozen=True, slots=True)
class ShipKind:
    """One kind of place. `open` raises OSError or InterlockError; it may block, but not for long."""

    name: str
    open: Callable[[Address], Objects]
    clear: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()


@cache
def known_kinds() -> Mapping[str, ShipKind]:
    """All kinds by their scheme."""
    from interlock.recording import ship_sinks

    return parts(ship_sinks, ShipKind)


def ship_members() -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """The members of each kind's entry, for the reader and the schema: in clear, and naming a secret."""
    return {name: (kind.clear, kind.secret) for name, kind in known_kinds().items()}
