"""Requests in which a recording has nothing to mask: agents send the same ones again and again.

Only that nothing was found is remembered, never what was: it depends on the mask and the bytes alone.
"""

from __future__ import annotations

from interlock.masking import Masker
from interlock.model import JSON

__all__ = ["CleanBodies"]

_KEPT = 1024
_LONGEST = 4096


class CleanBodies:
    """Used from the event loop. Holds at most 4 MiB of bodies, the oldest go first."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[tuple[int, bytes], Masker] = {}

    def holds(self, masker: Masker, body: bytes) -> bool:
        """Whether this very masker found nothing in these bytes."""
        return len(body) <= _LONGEST and self._known.get((id(masker), body)) is masker

    def masked(self, masker: Masker, body: bytes, document: JSON) -> bytes:
        """The body masked, as `Masker.json` does it; what nothing is found in is remembered. Raises BodyRejected."""
        found = masker.json(body, document).body
        if found is body and len(body) <= _LONGEST:
            if len(self._known) >= _KEPT:
                del self._known[next(iter(self._known))]
            self._known[id(masker), body] = masker
        return found
