"""Streams of JSON documents are changed document by document."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from interlock.errors import BodyRejected
from interlock.model import Refusal
from interlock.protocols.event_stream import EventStream, rpc_error_event
from interlock.reasons import Reason


@pytest.mark.parametrize(
    "name", ["mcp-python-2025-11-25/07.GET.response.sse", "mcp-python-2026-07-28/04.POST.response.sse"]
)
def test_unchanged_events_keep_their_bytes(capture: Callable[[str], bytes], name: str) -> None:
    """CRLF line ends, ids, priming events and retry fields among them; torn at every byte."""
    body = capture(name)
    stream = EventStream(lambda data: data)

    assert b"".join(stream.feed(bytes([byte])) for byte in body) + stream.close() == body


def test_a_changed_document_keeps_its_event() -> None:
    """Name, id and retry stay; other events are not touched."""
    stream = EventStream(lambda data: data.replace(b"secret", b"***"))

    passed = stream.feed(
        b'event: message\r\nid: 7\r\nretry: 5\r\ndata: {"a":"secret"}\r\n\r\n: c\r\n\r\ndata: 1\r\n\r\n'
    )

    assert passed == (b'event: message\nid: 7\nretry: 5\ndata: {"a":"***"}\n\n: c\r\n\r\ndata: 1\r\n\r\n')


def test_a_document_in_several_data_lines_is_one() -> None:
    """What is judged is what the client joins."""
    seen: list[bytes] = []

    def transform(data: bytes) -> bytes:
        seen.append(data)
        return data

    EventStream(transform).feed(b'data: {"a":\ndata: 1}\n\n')

    assert seen == [b'{"a":\n1}']


def test_a_refused_document_ends_the_stream() -> None:
    """What came before passes; the document and what follows do not."""

    def transform(data: bytes) -> bytes:
        if b"bad" in data:
            raise BodyRejected(Reason.BODY_UNPARSABLE)
        return data

    stream = EventStream(transform)

    assert stream.feed(b"data: 1\n\ndata: bad\n\ndata: 2\n\n") == b"data: 1\n\n"
    with pytest.raises(BodyRejected):
        stream.close()


def test_an_event_that_is_cut_short_is_dropped() -> None:
    """No client dispatches it, so it was never transformed."""
    stream = EventStream(lambda data: data)

    assert stream.feed(b"data: 1\n\ndata: 2\n") == b"data: 1\n\n"
    assert stream.close() == b""


def test_an_error_ends_a_stream_of_messages() -> None:
    """As the answer to the request that waits."""
    stream = EventStream(lambda data: data)
    event = rpc_error_event(7, Refusal("blocked", "no", reference="run/7"))

    assert stream.feed(event) == event
    assert b'"id":7' in event
    assert b"run/7" in event
