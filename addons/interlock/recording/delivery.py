"""One place while something is brought to it: what was uploaded is read back, what was deleted is looked for."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from typing import BinaryIO

from interlock.recording.ship_files import chunks
from interlock.recording.ship_target import Objects
from interlock.recording.shipment import Sent

__all__ = ["Delivery"]


class Delivery:
    """A place that `opens` opens with the first use after each `let_go`: secrets are read anew."""

    def __init__(self, opens: Callable[[], Objects]) -> None:
        self._opens = opens
        self._opened: Objects | None = None

    @property
    def _place(self) -> Objects:
        self._opened = self._opened or self._opens()
        return self._opened

    async def bring(self, folder: str, name: str, file: BinaryIO, start: int, end: int) -> Sent:
        """Uploads a part of a file and reads it back. Raises OSError when they are not the same."""
        whole, size, digest = f"{folder}/{name}", end - start, hashlib.sha256()
        await self._place.put(whole, chunks(file, start, size, digest.update), size)
        there, count = hashlib.sha256(), 0
        async for piece in self._place.get(whole):
            there.update(piece)
            count += len(piece)
        if (count, there.digest()) != (size, digest.digest()):
            raise OSError(f"{whole} does not lie there as it was sent")
        return Sent(name, size, digest.hexdigest())

    async def names(self, folder: str) -> set[str]:
        """What lies there in a folder. Raises OSError."""
        return {name.removeprefix(f"{folder}/") async for name in self._place.list(folder)}

    async def remove(self, name: str) -> None:
        """Deletes an object. Raises OSError, also when it can be read there afterwards."""
        await self._place.delete(name)
        with suppress(FileNotFoundError):
            async for _ in self._place.get(name):
                break
            raise OSError(f"{name} was removed, and is still there")

    async def let_go(self) -> None:
        """Gives connections back."""
        place, self._opened = self._opened, None
        if place is not None:
            with suppress(OSError):
                await place.close()
