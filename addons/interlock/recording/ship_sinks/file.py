"""`to: file:///mnt/archive`: a folder, such as a mount of another machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from interlock.recording.ship_sinks._objects import Stored, opened
from interlock.recording.ship_target import Address, ShipKind

if TYPE_CHECKING:
    from obstore.store import ObjectStore

__all__ = ["PART"]


def _open(address: Address) -> Stored:
    def make() -> ObjectStore:
        from obstore.store import LocalStore

        path = Path(unquote(address.to.removeprefix("//")))
        if not path.is_absolute():
            raise ValueError
        return LocalStore(path, mkdir=True)

    return opened(make)


PART = ShipKind("file", _open)
