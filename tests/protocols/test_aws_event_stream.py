"""AWS frames: read strictly, written as they are read."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.errors import BodyRejected
from interlock.protocols.aws_event_stream import FrameParser, encode_frame

HEADERS = {":event-type": "chunk", ":message-type": "event"}


def read(data: bytes, size: int = 0) -> list[tuple[dict[str, str], bytes, bytes]]:
    """The frames in some bytes."""
    parser = FrameParser(1 << 20)
    chunks = [data[at : at + size] for at in range(0, len(data), size)] if size else [data]
    return [(frame.headers, frame.payload, frame.raw) for chunk in chunks for frame in parser.feed(chunk)]


def frame(headers: bytes, payload: bytes = b"", total: int = 0) -> bytes:
    """A frame with any headers, its sums right."""
    lengths = (total or len(headers) + len(payload) + 16).to_bytes(4) + len(headers).to_bytes(4)
    said = lengths + zlib.crc32(lengths).to_bytes(4) + headers + payload
    return said + zlib.crc32(said).to_bytes(4)


def test_a_known_frame() -> None:
    """An example that other implementations share: no headers, no payload."""
    empty = bytes.fromhex("000000100000000005c248eb7d98c8ff")

    assert encode_frame({}, b"") == empty
    assert read(empty) == [({}, b"", empty)]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(max_size=60), max_size=5), st.integers(1, 30))
def test_any_chunking_gives_the_same_frames(payloads: list[bytes], size: int) -> None:
    """And the bytes are those that were written."""
    frames = [encode_frame(HEADERS, payload) for payload in payloads]

    assert read(b"".join(frames), size) == [
        (HEADERS, payload, raw) for payload, raw in zip(payloads, frames, strict=True)
    ]


def test_headers_of_other_types_are_passed_over() -> None:
    """Only strings mean something here."""
    headers = (
        b"\x01a\x00"
        + b"\x01b\x04\x00\x00\x00\x07"
        + b"\x01c\x06\x00\x02xy"
        + b"\x01d\x07\x00\x01z"
        + b"\x01e\x09"
        + bytes(16)
    )

    assert read(frame(headers, b"p"))[0][:2] == ({"d": "z"}, b"p")


@pytest.mark.parametrize(
    "data",
    [
        encode_frame(HEADERS, b"x")[:-1] + b"\0",
        b"\0" + encode_frame(HEADERS, b"x")[1:4] + b"\1" + encode_frame(HEADERS, b"x")[5:],
        frame(b"\x01a\x07\x00\x01x\x01a\x07\x00\x01y"),
        frame(b"\x01a\x07\x00\x01x\x01A\x07\x00\x01y"),
        frame(b"\x01a\x0a"),
        frame(b"\x05a"),
        frame(b"\x01a\x07\x00\x09x"),
        frame(b"\x00\x07\x00\x01x"),
        frame(b"\x01a\x07\x00\x01\xff"),
        frame(b"", total=7),
        frame(b"", total=2 << 20),
        frame(bytes(200 << 10)),
        b'data: {"type": "ping"}\n\n',
        b'{"content": []}       ',
    ],
)
def test_what_is_no_frame_is_refused(data: bytes) -> None:
    """Two readers could take it for different things."""
    with pytest.raises(BodyRejected):
        read(data)


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=80))
def test_any_bytes_give_frames_or_our_own_error(data: bytes) -> None:
    """Nothing else is ever raised."""
    try:
        read(data)
        read(frame(data[:40]))
    except BodyRejected:
        return
