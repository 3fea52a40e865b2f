"""What mitmproxy calls for every piece of a streamed answer: synchronous, and never raising.

An exception in such a callback would hang the client, so an error becomes the protocol's own last event and a closed
client connection.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mitmproxy import http

from interlock.errors import Refused
from interlock.masking import Masker
from interlock.masking.thoughts import Watch
from interlock.mitm.call import Call
from interlock.mitm.refusals import comment_of
from interlock.mitm.stage import outlive
from interlock.model import Finding, Refusal
from interlock.protocols.replies import Transform

if TYPE_CHECKING:
    from interlock.mitm.services import Services

__all__ = ["NotingText", "NotingThought", "PlainText", "Streamed"]

_KEPT = 8 << 20
_TAIL = 64 << 10
_PIECES = 4096


class PlainText:
    """A text stream that masks nothing."""

    def feed(self, text: str) -> str:
        """The text itself."""
        return text

    def close(self) -> str:
        """Nothing was held."""
        return ""


class NotingText:
    """Passes a masker's stream on and keeps its findings when it ends."""

    def __init__(self, stream: Any, findings: list[Finding]) -> None:
        self._stream, self._findings = stream, findings

    def feed(self, text: str) -> str:
        """What the masker lets go on."""
        return str(self._stream.feed(text))

    def close(self) -> str:
        """The rest, and the findings of the whole text."""
        rest = str(self._stream.close())
        self._findings += self._stream.findings
        return rest


class NotingThought(Watch):
    """Watches over a thought and keeps what was found in it when it ends."""

    def __init__(self, masker: Masker, findings: list[Finding]) -> None:
        super().__init__(masker)
        self._kept = findings

    def close(self, sealed: bool = False) -> str:
        """As Watch does."""
        note = super().close(sealed)
        self._kept += self.findings
        return note


class Streamed:
    """mitmproxy's callable for a streamed answer. Never raises: an error becomes an SSE error and a closed client."""

    def __init__(
        self,
        services: Services,
        call: Call,
        flow: http.HTTPFlow,
        transform: Transform,
        last_words: Callable[[Refusal], bytes],
    ) -> None:
        self._services, self._call, self._transform = services, call, transform
        self._last_words = last_words
        self._client, self._flow = flow.client_conn, flow
        self._kept = bytearray()
        self._tail = b""
        self._begun = time.monotonic()
        self.timing: list[tuple[int, int]] = []
        """What went on, piece by piece: milliseconds after the head of the answer, and bytes."""
        self._failed = False
        self._over: Refused | None = None

    def end(self, error: Refused) -> None:
        """Nothing more of it may go on: the next call gives its last words."""
        self._over = error

    def __call__(self, data: bytes) -> list[bytes]:
        """The bytes that may go on now; an empty list holds them back."""
        if self._failed:
            return []
        try:
            if self._over is not None:
                raise self._over
            out = self._transform.feed(data) if data else self._transform.close()
        except BaseException as error:
            self._failed = True
            outlive(error)
            out = self._fail(error)
        if out:
            self._keep(out)
        return [out] if out else []

    def _keep(self, out: bytes) -> None:
        room = _KEPT - len(self._kept)
        if room < len(out):
            self._tail = (self._tail + out)[-_TAIL:]
        if room <= 0:
            return
        out = out[:room]
        self._kept += out
        at = int((time.monotonic() - self._begun) * 1000)
        if self.timing and (len(self.timing) >= _PIECES or self.timing[-1][0] == at):
            at, size = self.timing.pop()
            self.timing.append((at, size + len(out)))
        else:
            self.timing.append((at, len(out)))

    def telling(self) -> bytes:
        """The beginning and the end of what went on: where a model's answer says what it used."""
        return bytes(self._kept) + b"\n" + self._tail if self._tail else bytes(self._kept)

    def body(self) -> bytes:
        """What went to the agent, up to a bound: for the recording."""
        return bytes(self._kept)

    def _fail(self, error: BaseException) -> bytes:
        try:
            refusal = self._services.refusals.record(self._call, self._flow, error)
            self._flow.marked, self._flow.comment = ":red_circle:", comment_of(refusal)
            out = self._last_words(refusal)
        except Exception:
            out = b""
        self._services.clients.close_later(self._client)
        return out
