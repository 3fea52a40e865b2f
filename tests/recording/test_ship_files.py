"""Files on their way to another place."""

from __future__ import annotations

import hashlib

import pytest

from interlock.recording.ship_files import chunks, lies_there, same_whole, size_of, span, state_of
from interlock.recording.shipment import Sent, Shipments

_SESSION = "01JD3ZK7V00000000000000000"
_FILES = ("flows.mitm", "evidence.jsonl")


def _sent(name: str, data: bytes) -> Sent:
    return Sent(name, len(data), hashlib.sha256(data).hexdigest())


@pytest.mark.parametrize(
    ("sent", "there"),
    [
        ([("flows.mitm", b"f"), ("evidence.jsonl", b"e")], True),
        ([("flows.mitm", b"F"), ("evidence.jsonl", b"e")], False),
        ([("evidence.jsonl", b"e")], False),
        ([("flows.mitm", b"f")], False),
        ([], False),
    ],
)
def test_what_lies_there_is_what_is_here(tmp_path, clock, sent, there) -> None:
    """Every file, by its digest; without evidence nothing is there."""
    (tmp_path / _SESSION).mkdir()
    (tmp_path / _SESSION / "flows.mitm").write_bytes(b"f")
    (tmp_path / _SESSION / "evidence.jsonl").write_bytes(b"e")
    shipments = Shipments(tmp_path, "s3", clock)
    shipments.note(_SESSION, tuple(_sent(*entry) for entry in sent))
    assert lies_there(tmp_path, shipments, _SESSION, _FILES) is there
    shipments.close()


async def test_exactly_so_many_bytes_are_read(tmp_path) -> None:
    """From where it was asked for; a file that became shorter is an error, a longer one is cut."""
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    seen = bytearray()
    with path.open("rb") as file:
        assert b"".join([piece async for piece in chunks(file, 2, 5, seen.extend)]) == bytes(seen) == b"23456"
        with pytest.raises(OSError, match="shorter"):
            _ = [piece async for piece in chunks(file, 8, 5, seen.extend)]


@pytest.mark.parametrize(("name", "end"), [("0000000000000004.jsonl", 7), ("x.jsonl", 0), ("", 0)])
def test_a_piece_says_where_the_next_begins(name, end) -> None:
    """Its own offset and its size; a name that is none begins anew."""
    assert span(Sent(name, 3, "")) == end


def test_sizes(tmp_path) -> None:
    """None for what is not there."""
    (tmp_path / "a").write_bytes(b"abc")
    assert (size_of(tmp_path / "a"), size_of(tmp_path / "b")) == (3, None)


def test_states(recordings, erika, tmp_path) -> None:
    """By the last whole event: what is being written is open, and so is what was torn."""
    session = recordings.session(erika)
    path = session.folder / "evidence.jsonl"
    assert state_of(path) == "open"
    session.close("idle")
    assert state_of(path) == "closed"
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"at":')
    assert state_of(path) == "open"
    for data in (b"", b"no events\n"):
        (tmp_path / "other").write_bytes(data)
        assert state_of(tmp_path / "other") == ""
    assert state_of(tmp_path / "none") == ""
    path.write_bytes(whole)


def test_pieces_are_the_whole_file_or_not(tmp_path) -> None:
    """Neither more nor less, and none of them another."""
    path = tmp_path / "file"
    path.write_bytes(b"abcdef")
    one, two = _sent("a", b"abc"), _sent("b", b"def")
    assert same_whole(path, [one, two])
    assert not any(same_whole(path, pieces) for pieces in ([], [one], [two, one], [one, two, _sent("c", b"x")]))
