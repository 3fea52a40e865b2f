"""Server-sent events over bytes (WHATWG HTML, section 9.2), strict and incremental.

Rules of this module: lines end in CR, LF or CRLF; a CR at the end of what has arrived waits for the next byte, so
that any chunking gives the same events. An event keeps the bytes it came in, comments and blank lines before it
included: joined, the raw bytes of all events and of what `close` returns are the stream. What a lax client might
take for a field (`Data:`, ` data:`, a byte order mark inside the stream) is refused, as is every field that the
standard does not know: bytes that are no event stream at all end there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from interlock.errors import BodyRejected, Refused
from interlock.reasons import Reason

if TYPE_CHECKING:
    from interlock.protocols.replies import Transform

__all__ = ["MAX_EVENT", "Event", "EventParser", "Relay", "at_once", "encode_event", "one_line", "says_events"]

MAX_EVENT = 16 << 20
MAX_AT_ONCE = 10_000
_LINE_END = re.compile(rb"\r\n|\n|\r(?!\Z)")
_PLAIN = re.compile(rb"(?:event: ([A-Za-z0-9_.-]++)\n)?data: ([^\r\n]*+)\n\n")
_FIELDS = frozenset((b"data", b"event", b"id", b"retry"))
_BOM = b"\xef\xbb\xbf"
_SPLITTERS = re.compile(rb"[\x00\x0b\x0c\x1c-\x1e]|\xc2\x85|\xe2\x80[\xa8\xa9]")
"""What some clients take for a line end: no comment, name or id holds it, and no JSON text holds it unescaped."""
_BEGINS = re.compile(rb"(?:\xef\xbb\xbf)?[\s\x00]*(?:(?:data|event|id|retry)[ \t]*[:\r\n]|:)", re.IGNORECASE)
_LINE_ENDS = ((b"\xc2\x85", b"\\u0085"), (b"\xe2\x80\xa8", b"\\u2028"), (b"\xe2\x80\xa9", b"\\u2029"))


@dataclass(frozen=True, slots=True)
class Event:
    """One event. `data` is None where there was no data line: such an event (a comment, mostly) is never dispatched.

    `kind` is the last event field, empty for the default; `id` and `retry` are as written, None without the field.
    """

    kind: str
    data: bytes | None = field(repr=False)
    raw: bytes = field(repr=False)
    id: bytes | None = None
    retry: bytes | None = None


class EventParser:
    """Bytes in, events out. One event, with the comments before it, is at most `limit` bytes."""

    def __init__(self, limit: int = MAX_EVENT) -> None:
        self._limit = limit
        self._buffer = bytearray()
        self._start = 0  # where the next line begins
        self._seen = 0  # up to where no line end was found
        self._first = True
        self._data: list[bytes] = []
        self._fields: dict[bytes, bytes] = {}

    def feed(self, chunk: bytes) -> Iterator[Event]:
        """The events that `chunk` completes, one by one. Raises BodyRejected (STREAM_UNREADABLE, BODY_TOO_LARGE)
        after those before the offending line.
        """
        tried = self._idle()
        if tried:
            yield from self._plain(chunk)
        else:
            self._buffer += chunk
        while match := _LINE_END.search(self._buffer, self._seen):
            line = bytes(self._buffer[self._start : match.start()])
            self._start = self._seen = match.end()
            if self._start > self._limit:
                raise BodyRejected(Reason.BODY_TOO_LARGE, "an event of the stream is larger than allowed")
            if self._line(line):
                yield self._finish()
                if not tried:
                    tried, rest = True, bytes(self._buffer)
                    self._buffer.clear()
                    yield from self._plain(rest)
        # A CR in the last place is looked at again: whether an LF follows decides where its line ends.
        self._seen = max(self._start, len(self._buffer) - 1)
        if len(self._buffer) > self._limit:
            raise BodyRejected(Reason.BODY_TOO_LARGE, "an event of the stream is larger than allowed")

    def _idle(self) -> bool:
        """Whether nothing has begun: no event, and not the stream itself, whose first bytes may be a mark."""
        return not (self._buffer or self._first or self._data or self._fields)

    def _plain(self, chunk: bytes) -> Iterator[Event]:
        """Events as nearly every server writes them, at the cost of one search each; the rest goes into the buffer."""
        at = 0
        try:
            while (match := _PLAIN.match(chunk, at)) and match.end() - at <= self._limit:
                kind, data = match.groups()
                raw = chunk[at : match.end()]
                at = match.end()
                yield Event(kind.decode() if kind else "", data, raw)
        finally:
            self._buffer += chunk[at:]

    def close(self) -> Iterator[Event]:
        """The event that only a CR at the very end was holding back, if any. The rest is never dispatched."""
        if self._buffer.endswith(b"\r") and self._start < len(self._buffer):
            line = bytes(self._buffer[self._start : -1])
            self._start = self._seen = len(self._buffer)
            if self._line(line):
                yield self._finish()

    @property
    def rest(self) -> bytes:
        """The bytes of the event that is not complete yet."""
        return bytes(self._buffer)

    def _line(self, line: bytes) -> bool:
        """Takes in one line; whether it ends an event."""
        if self._first:
            self._first = False
            line = line.removeprefix(_BOM)
        if not line:
            return True
        if not line.startswith(b"data") and _SPLITTERS.search(line):
            raise BodyRejected(Reason.STREAM_UNREADABLE, "the stream has a line that some clients take for several")
        if line.startswith(b":"):
            return False
        name, _, value = line.partition(b":")
        if name not in _FIELDS:
            raise BodyRejected(Reason.STREAM_UNREADABLE, "the stream has a line that is no field of an event")
        value = value.removeprefix(b" ")
        if name == b"data":
            self._data.append(value)
        else:
            self._fields[name] = value
        return False

    def _finish(self) -> Event:
        raw = bytes(self._buffer[: self._start])
        del self._buffer[: self._start]
        self._start = self._seen = 0
        try:
            kind = self._fields.get(b"event", b"").decode("utf-8")
        except UnicodeDecodeError:
            raise BodyRejected(Reason.STREAM_UNREADABLE, "the stream is not UTF-8") from None
        data = b"\n".join(self._data) if self._data else None
        event = Event(kind, data, raw, self._fields.get(b"id"), self._fields.get(b"retry"))
        self._data, self._fields = [], {}
        return event


class Relay:
    """A stream that is rewritten event by event: any chunking of the same bytes gives the same output.

    `rewrite` gives the bytes that go on in place of an event and raises Refused to end the stream. What was
    let through before the offending event goes on all the same; the error comes with the next call.
    """

    def __init__(self, rewrite: Callable[[Event], bytes], limit: int = MAX_EVENT) -> None:
        self._rewrite = rewrite
        self._parser = EventParser(limit)
        self._error: Refused | None = None
        self._any = False

    def feed(self, chunk: bytes) -> bytes:
        """What may go on now. Raises BodyRejected once, and for ever after."""
        return self._run(lambda: self._parser.feed(chunk))

    def close(self) -> bytes:
        """The end of what may go on. An event without its blank line is dropped: no client dispatches it.

        Raises BodyRejected for bytes that held no event at all.
        """
        passed = self._run(self._parser.close)
        if self._error and not passed:
            raise self._error
        if not self._any and self._parser.rest.strip(b"\r\n"):
            raise BodyRejected(Reason.STREAM_UNREADABLE, "the stream holds no event")
        return passed

    def _run(self, events: Callable[[], Iterator[Event]]) -> bytes:
        if self._error:
            raise self._error
        passed: list[bytes] = []
        try:
            for event in events():
                self._any = True
                passed.append(self._rewrite(event))
        except Refused as error:
            self._error = error
        except Exception:
            # A failure of ours ends the stream too: nothing may follow what was lost.
            self._error = BodyRejected(Reason.INTERNAL_ERROR)
            raise
        joined = b"".join(passed)
        if self._error and not joined:
            raise self._error
        return joined


def one_line(passed: bytes) -> bytes:
    """Events with JSON data in which nothing is left that some clients take for a line end: text could become an event.

    Inside JSON these characters stand only in strings, so the escape means the same.
    """
    if passed.isascii():
        return passed
    for raw, escaped in _LINE_ENDS:
        if raw in passed:
            passed = passed.replace(raw, escaped)
    return passed


def says_events(body: bytes) -> bool:
    """Whether bytes begin like an event stream: some clients read them as one whatever their content type says."""
    return _BEGINS.match(body) is not None


def at_once(stream: Transform, body: bytes) -> bytes:
    """What goes on of a whole body that is an event stream although nothing announced one. Raises BodyRejected.

    It is read in one go, while everybody else waits: at most `MAX_AT_ONCE` lines of data.
    """
    if body.count(b"\ndata") + body.count(b"\rdata") > MAX_AT_ONCE:
        raise BodyRejected(
            Reason.BODY_TOO_LARGE,
            f"the answer holds more than {MAX_AT_ONCE} events, and its content type announces none",
            hint="the upstream has to say content-type: text/event-stream",
        )
    return stream.feed(body) + stream.close()


def encode_event(kind: str, data: bytes, *, id: bytes | None = None, retry: bytes | None = None) -> bytes:
    """One event as bytes, lines ended by LF; data that holds line ends becomes several data lines."""
    lines = [b"event: " + kind.encode("utf-8")] if kind else []
    lines += [b"id: " + id] if id is not None else []
    lines += [b"retry: " + retry] if retry is not None else []
    lines += [b"data: " + line for line in re.split(rb"\r\n|\n|\r", data)]
    return b"\n".join(lines) + b"\n\n"
