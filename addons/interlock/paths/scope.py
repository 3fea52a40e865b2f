"""What the filters of one search share: the whole document, what was worked out of it, and how much work is left."""

from __future__ import annotations

from collections.abc import Callable

from interlock.errors import BodyRejected
from interlock.model import JSON
from interlock.reasons import Reason

__all__ = ["MAX_WORK", "Scope"]

MAX_WORK = 1_000_000
"""Values that the filters of one search may look at; a document made to need more is rejected."""


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
            raise BodyRejected(Reason.BODY_UNPARSABLE, "the body needs too much work to be searched")

    def once[T](self, key: object, find: Callable[[], T]) -> T:
        """What does not depend on a candidate is worked out once a document."""
        if key not in self._known:
            self._known[key] = find()
        return self._known[key]  # type: ignore[return-value]
