"""Sequence numbers of a Responses stream: they keep rising where events were held back, replaced or added."""

from __future__ import annotations

from interlock.protocols.requests import Member
from interlock.protocols.spans import member_spans, splice

__all__ = ["Numbers"]

_NAME = "sequence_number"


class Numbers:
    """Passes numbers on as they are while they rise; others become the next one."""

    def __init__(self) -> None:
        self._last = -1
        self._used = False

    def fit(self, data: bytes, document: Member) -> bytes:
        """The data of an event with a number above all that went before; `document` is what it parses to."""
        number = document.get(_NAME)
        if type(number) is not int:
            return data
        self._used = True
        if number > self._last:
            self._last = number
            return data
        self._last += 1
        return splice(data, {member_spans(data)[_NAME]: b"%d" % self._last})

    def give(self, document: Member) -> Member:
        """An event of our own with the next number, where the stream has numbers at all."""
        if not self._used:
            return {name: value for name, value in document.items() if name != _NAME}
        self._last += 1
        return {**document, _NAME: self._last}
