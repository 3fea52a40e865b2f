"""Event streams are read strictly, and alike in any chunking."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.errors import BodyRejected
from interlock.protocols.sse import MAX_AT_ONCE, Event, EventParser, Relay, at_once, encode_event
from interlock.reasons import Reason

STREAM = (
    b"\xef\xbb\xbf: hello\r\n\r\nevent: a\r\ndata: x\r\ndata:  y\r\n\r\nid: 1\rretry: 5\rdata\r\r"
    b"data: gr\xc3\xbc\xc3\x9fe\n\n\n: c\ndata:{}\n\ndata: cut"
)


def parse(stream: bytes, sizes: list[int]) -> tuple[list[Event], bytes]:
    """The events of a stream cut into chunks of these sizes, and the rest."""
    parser = EventParser()
    events: list[Event] = []
    at = 0
    for size in [*sizes, len(stream)]:
        events += parser.feed(stream[at : at + size])
        at += size
    events += parser.close()
    return events, parser.rest


def test_the_fields_are_read_as_the_standard_says() -> None:
    """Line ends of all kinds, a byte order mark, comments, several data lines, one blank after the colon."""
    events, rest = parse(STREAM, [])

    assert [(event.kind, event.data, event.id, event.retry) for event in events] == [
        ("", None, None, None),
        ("a", b"x\n y", None, None),
        ("", b"", b"1", b"5"),
        ("", "grüße".encode(), None, None),
        ("", None, None, None),
        ("", b"{}", None, None),
    ]
    assert rest == b"data: cut"
    assert b"".join(event.raw for event in events) + rest == STREAM


def test_any_single_cut_gives_the_same_events() -> None:
    """Also between CR and LF, and inside a character."""
    whole = parse(STREAM, [])

    assert all(parse(STREAM, [cut]) == whole for cut in range(len(STREAM) + 1))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 9), max_size=60))
def test_any_chunking_gives_the_same_events(sizes: list[int]) -> None:
    """Byte for byte, empty chunks among them."""
    assert parse(STREAM, sizes) == parse(STREAM, [])


@settings(max_examples=60, deadline=None)
@given(st.text("a\r\n: \x00ü", max_size=20), st.integers(1, 5))
def test_what_is_encoded_is_read_again(text: str, size: int) -> None:
    """Line ends inside data survive as LF, everything else as it is."""
    stream = encode_event("kind", text.encode(), id=b"7", retry=b"1")
    events, rest = parse(stream, [size] * len(stream))

    expected = text.replace("\r\n", "\n").replace("\r", "\n").encode()
    assert [(event.kind, event.data, event.id, event.retry, event.raw) for event in events] == [
        ("kind", expected, b"7", b"1", stream)
    ]
    assert rest == b""


@pytest.mark.parametrize(
    "line",
    [
        b"Data: x",
        b" data: x",
        b"data : x",
        b"\xef\xbb\xbfdata: x",
        b"DATA: x",
        b"datum: x",
        b'{"type": "message"}',
        b"<html>",
        b"\x1f\x8b\x08",
    ],
)
def test_what_a_lax_client_might_take_for_a_field_is_refused(line: bytes) -> None:
    """A line that one client reads and another skips ends the stream."""
    with pytest.raises(BodyRejected) as caught:
        list(EventParser().feed(b"data: first\n\n" + line + b"\n\n"))

    assert caught.value.reason is Reason.STREAM_UNREADABLE


def test_an_event_name_that_is_not_utf8_is_refused() -> None:
    """Names are compared, so they have to be text."""
    with pytest.raises(BodyRejected):
        list(EventParser().feed(b"event: \xff\ndata: x\n\n"))


@pytest.mark.parametrize("stream", [b"data: " + b"a" * 100, b"data: a\n" * 20, b": a\n" * 30])
def test_an_event_has_a_size_limit(stream: bytes) -> None:
    """One long line, many lines, and comments without end."""
    parser = EventParser(limit=64)

    with pytest.raises(BodyRejected) as caught:
        _ = [list(parser.feed(bytes([byte]))) for byte in stream]

    assert caught.value.reason is Reason.BODY_TOO_LARGE


def test_a_relay_passes_what_came_before_the_error() -> None:
    """The good part goes on, the error comes with the next call, and for ever after."""
    relay = Relay(lambda event: event.raw)

    assert relay.feed(b"data: a\n\nnonsense\ndata: b\n\n") == b"data: a\n\n"
    for _ in range(2):
        with pytest.raises(BodyRejected):
            relay.feed(b"data: c\n\n")
    with pytest.raises(BodyRejected):
        relay.close()


def test_a_relay_ends_when_our_own_code_fails() -> None:
    """After a failure nothing may follow what was lost."""

    def fails(event: Event) -> bytes:
        raise ZeroDivisionError

    relay = Relay(fails)
    with pytest.raises(ZeroDivisionError):
        relay.feed(b"data: a\n\n")
    with pytest.raises(BodyRejected) as caught:
        relay.feed(b"data: b\n\n")

    assert caught.value.reason is Reason.INTERNAL_ERROR


def test_bytes_without_any_event_are_no_stream() -> None:
    """A JSON body in one line is found out at the end; an empty body is an empty stream."""
    relay = Relay(lambda event: event.raw)
    assert relay.feed(b'{"content": [{"type": "tool_use"}]}') == b""
    with pytest.raises(BodyRejected) as caught:
        relay.close()

    assert caught.value.reason is Reason.STREAM_UNREADABLE
    assert Relay(lambda event: event.raw).close() == b""


def test_a_cr_at_the_very_end_ends_an_event() -> None:
    """No LF can follow any more."""
    relay = Relay(lambda event: event.raw)

    assert relay.feed(b"data: a\r\r") == b""
    assert relay.close() == b"data: a\r\r"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from((0, 1, 2, 3, 4)), min_size=1, max_size=12), st.lists(st.integers(1, 40), max_size=12))
def test_events_of_the_usual_form_are_read_as_any_others(kinds: list[int], sizes: list[int]) -> None:
    """What is recognised at once, and what is read line by line, are the same events with the same bytes."""
    usual = (
        b"data: {}\n\n",
        b"event: a.b\ndata:  x\n\n",
        b"data: gr\xc3\xbc\n\n",
        b": c\ndata: x\n\n",
        b"data: y\r\n\r\n",
    )
    stream = b"".join(usual[kind] for kind in kinds)
    events, rest = parse(stream, sizes)
    slow: list[Event] = []
    parser = EventParser()
    for at in range(len(stream)):
        slow += parser.feed(stream[at : at + 1])
    assert events == [*slow, *parser.close()]
    assert b"".join(event.raw for event in events) + rest == stream


@pytest.mark.parametrize("event", [b"data: " + b"x" * 50 + b"\n\n", b"event: " + b"k" * 50 + b"\ndata: x\n\n"])
def test_an_event_of_the_usual_form_may_be_too_large(event: bytes) -> None:
    """The bound holds on the short way too, and what came before goes on."""
    found = EventParser(30).feed(b"data: a\n\ndata: b\n\n" + event)
    assert [next(found).data, next(found).data] == [b"a", b"b"]
    with pytest.raises(BodyRejected) as told:
        next(found)
    assert told.value.reason is Reason.BODY_TOO_LARGE


def test_a_stream_that_nothing_announces_is_read_up_to_a_bound() -> None:
    """Everybody else waits meanwhile; beyond it, it is refused with what the upstream has to say."""
    relay = Relay(lambda event: event.raw)
    body = b"data: x\n\n" * MAX_AT_ONCE
    assert at_once(relay, body) == body
    for more in (b"data: x\n\n", b"data: x\r\r"):
        with pytest.raises(BodyRejected) as told:
            at_once(Relay(lambda event: event.raw), body + more * 2)
        assert told.value.reason is Reason.BODY_TOO_LARGE
        assert "text/event-stream" in told.value.hint
