"""What stands beside the data of server-sent events: comments, names, ids. No document, but the agent reads it."""

from __future__ import annotations

import re

from interlock.masking import Masker
from interlock.protocols.replies import Transform
from interlock.protocols.sse import Event, Relay, encode_event

__all__ = ["masked_fields"]

_DATA = re.compile(rb"(?:\A|(?<=[\r\n]))data(?::[^\r\n]*)?(?:\r\n|\n|\r|\Z)")
_REMEMBERED = 64


def masked_fields(inner: Transform, masker: Masker) -> Transform:
    """`inner`, behind a mask for everything but the data; events in which nothing is found keep their bytes."""
    return _Fields(inner, masker)


class _Fields:
    def __init__(self, inner: Transform, masker: Masker) -> None:
        self._inner, self._masker = inner, masker
        self._relay = Relay(self._rewrite)
        self._clean: set[bytes] = set()

    def feed(self, data: bytes) -> bytes:
        """What may go on now."""
        return self._inner.feed(self._relay.feed(data))

    def close(self) -> bytes:
        """The rest."""
        last = self._relay.close()
        passed = self._inner.feed(last) if last else b""
        return passed + self._inner.close()

    def _rewrite(self, event: Event) -> bytes:
        beside = _DATA.sub(b"", event.raw)
        if beside in self._clean or not beside.strip():
            return event.raw
        if not self._found(beside):
            if len(self._clean) < _REMEMBERED:
                self._clean.add(beside)
            return event.raw
        if event.data is None:
            return b""
        kind = self._masker.text(event.kind).text
        identifier = None if event.id is None or self._found(event.id) else event.id
        retry = event.retry if event.retry is not None and event.retry.isdigit() else None
        return encode_event(kind, event.data, id=identifier, retry=retry)

    def _found(self, data: bytes) -> bool:
        return bool(self._masker.text(data.decode("utf-8", "replace")).findings)
