"""Sealed flow files."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.recording.frames import MAGIC, FrameSealer, open_flows, survey_frames
from interlock.recording.keys import DataKey, Unopened

_KEY = DataKey("01JD3ZK7V00000000000000000", bytes(32))


def _write(path: Path, *parts: bytes, key: DataKey = _KEY) -> list[bytes]:
    """Appends each part as the writer would, and returns what it appended."""
    sealer, found, offset = FrameSealer(key), [], 0
    for part in parts:
        found.append(sealer.seal(part, 1, offset))
        offset += len(found[-1])
    path.write_bytes(b"".join(found))
    return found


def _read(path: Path, key: DataKey = _KEY) -> bytes:
    with open_flows(path, key) as file:
        return file.read()


@given(st.lists(st.binary(max_size=300), max_size=6))
@settings(max_examples=30)
def test_what_was_appended_is_read_as_one_file(tmp_path_factory, parts) -> None:
    """Whatever the pieces; read in ones too."""
    path = tmp_path_factory.mktemp("frames") / "flows.mitm"
    _write(path, b"first", *parts)
    whole = b"first" + b"".join(parts)
    assert _read(path) == whole
    with open_flows(path, _KEY) as file:
        assert b"".join(iter(lambda: file.read(1), b"")) == whole


def test_large_flows_lie_in_several_frames(tmp_path) -> None:
    """None is larger than a MiB, so that reading needs no more memory than that."""
    path = tmp_path / "flows.mitm"
    data = bytes(range(256)) * 10_000
    _write(path, data, b"end")
    assert _read(path) == data + b"end"
    assert path.read_bytes().startswith(MAGIC)
    with path.open("rb") as file:
        assert survey_frames(file) == (2, path.stat().st_size)


def test_what_a_killed_gateway_left_ends_the_file(tmp_path) -> None:
    """Cut anywhere in the last frame: what came before is read, and counted without a key."""
    path = tmp_path / "flows.mitm"
    one, two = _write(path, b"one", b"two")
    for cut in range(len(two)):
        path.write_bytes(one + two[:cut])
        assert _read(path) == b"one"
        with path.open("rb") as file:
            assert survey_frames(file) == (1, len(one))


def test_no_byte_can_be_changed(tmp_path) -> None:
    """Every byte of the file: our error, or what was cut off is missing; never other content."""
    path = tmp_path / "flows.mitm"
    whole = b"".join(_write(path, b"one", b"two"))
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert _outcome(path) in (b"", b"one", "changed"), at


def _outcome(path: Path) -> bytes | str:
    try:
        return _read(path)
    except Unopened as error:
        return error.state


def test_frames_cannot_be_moved_or_repeated(tmp_path) -> None:
    """Each is bound to where it stands and whose it is."""
    path = tmp_path / "flows.mitm"
    one, two = _write(path, b"one", b"two")
    for whole in (MAGIC + two, one + two + two, MAGIC + two + one.removeprefix(MAGIC)):
        path.write_bytes(whole)
        with pytest.raises(Unopened):
            _read(path)
    _write(path, b"one", key=DataKey(_KEY.session[:-1] + "1", bytes(32)))
    with pytest.raises(Unopened):
        _read(path)


def test_a_frame_written_again_is_encrypted_anew(tmp_path) -> None:
    """A write that failed is tried again at the same place: with another nonce, so both can be seen by anybody."""
    sealer = FrameSealer(_KEY)
    assert sealer.seal(b"one", 1, 0) != sealer.seal(b"two", 1, 0)[: len(MAGIC) + 6 + 12 + 19]
    one, again = (sealer.seal(b"one", 1, 0)[len(MAGIC) + 6 :][:12] for _ in range(2))
    assert one != again


@pytest.mark.parametrize("raw", [b"", b"3:abc,", MAGIC[:-1], MAGIC + b"\xff" * 40, MAGIC + bytes(40)])
def test_what_is_no_sealed_file_is_our_error(tmp_path, raw) -> None:
    """Whatever bytes stand there."""
    path = tmp_path / "flows.mitm"
    path.write_bytes(raw)
    with path.open("rb") as file:
        assert survey_frames(file)[0] == 0
    with pytest.raises(Unopened):
        _read(path)
