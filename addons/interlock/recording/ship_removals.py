"""What was erased here goes where it was shipped to, every piece of it: also one that lies there unnoted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from interlock.recording.delivery import Delivery
from interlock.recording.keys import KEY
from interlock.recording.segments import read_piece
from interlock.recording.session import FLOWS, SALT
from interlock.recording.shipment import Shipments, removals

__all__ = ["carry_out"]

_ORDERED: Final = {"flows": (FLOWS,), "salt": (SALT,), "key": (KEY,)}


async def carry_out(shipments: Shipments, delivery: Delivery, stop: Callable[[], bool]) -> int:
    """Carries the orders of a place out, and says how many. Raises OSError: what is left is tried again."""
    count = 0
    for path, session, what in removals(shipments.folder):
        if stop():
            break
        lies = await delivery.names(session) | {sent.name for sent in shipments.recall(session)}
        files = {name: piece[0] for name in sorted(lies) if (piece := read_piece(name)) is not None}
        gone = [name for name, file in files.items() if what == "session" or file in _ORDERED[what]]
        for name in gone:
            await delivery.remove(f"{session}/{name}")
        if gone:
            shipments.forget(session, sorted({files[name] for name in gone}))
        path.unlink(missing_ok=True)
        count += 1
    return count
