"""What the filters of one search share: the whole document, what was worked out of it, and how much work is left."""

from __future__ import annotations

from collections.abc import Callable

from interlock.errors import BodyRejected
from interlock.model import JSON
from interlock.model.effort import effort
from interlock.reasons import Reason

__all__ = ["MAX_WORK", "Scope"]

MAX_WORK = 1_000_000
"""Values that the filters of one search may pass over; a document made to need more is rejected."""
_SECONDS = 2e-7
"""How long it takes to pass over one."""


class Scope:
    """One document while it is searched."""

    __slots__ = ("_known", "_left", "document")

    def __init__(self, document: JSON) -> None:
        self.document = document
        self._known: dict[object, object] = {}
        self._left = MAX_WORK

    def spend(self, work: int = 1) -> None:
        """Count work. Raises BodyRejected when there was too much of it."""
        self._left -= work
        if self._left < 0:
            raise _too_much()

    def afford(self, work: int) -> None:
        """Raises BodyRejected where so much work is not left; it is not counted."""
        if self._left < work:
            raise _too_much()

    def timed[T](self, do: Callable[[], T]) -> T:
        """Count what something took, of this thread alone: a busy machine changes nothing. Raises BodyRejected."""
        begun = effort()
        done = do()
        self.spend(max(0, int((effort() - begun) / _SECONDS)))
        return done

    def once[T](self, key: object, find: Callable[[], T]) -> T:
        """What does not depend on a candidate is worked out once a document."""
        if key not in self._known:
            self._known[key] = find()
        return self._known[key]  # type: ignore[return-value]


def _too_much() -> BodyRejected:
    return BodyRejected(Reason.BODY_UNPARSABLE, "the body needs too much work to be searched")
