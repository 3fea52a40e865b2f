"""Where growing files may be cut, and what their pieces are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from interlock.recording import segments
from interlock.recording.flows import encode_flow
from interlock.recording.frames import FrameSealer
from interlock.recording.keys import DataKey
from interlock.recording.segments import cut, flow_ends, piece_name, read_piece
from interlock.recording.snapshot import FlowSnapshot, RequestSnapshot

_REQUEST = RequestSnapshot(method="GET", scheme="http", host="a.example", port=80, path="/")
_FLOW = encode_flow(FlowSnapshot(id="1", request=_REQUEST))


def _cut(path: Path, data: bytes, start: int = 0, size: int = -1, *, final: bool = False) -> int:
    path.write_bytes(data)
    with path.open("rb") as file:
        return cut(file, path.name, start, len(data) if size < 0 else size, final=final)


@pytest.mark.parametrize(("start", "name"), [(0, "flows.mitm"), (4096, "flows.mitm.0000000000004096")])
def test_a_piece_is_called_after_its_file_and_place(start, name) -> None:
    """The first one like the file itself."""
    assert piece_name("flows.mitm", start) == name
    assert read_piece(name) == ("flows.mitm", start)


@pytest.mark.parametrize(
    "name",
    [
        "salt",
        "flows.mitm.1",
        "flows.mitm.0000000000000000",
        "key.0000000000000001",
        "../flows.mitm",
        "flows.mitm\n",
        "",
    ],
)
def test_what_is_no_piece_is_none(name) -> None:
    """A name from elsewhere never becomes a path by itself."""
    assert read_piece(name) is None


@pytest.mark.parametrize(("data", "start", "size", "end"), [
    (b"one\ntwo\nthr", 0, -1, 8),
    (b"one\ntwo\nthr", 8, -1, 8),
    (b"one\ntwo\nthree\n", 4, 9, 8),
    (b"", 0, -1, 0),
    (b"one\n" + b"x" * 200_000 + b"\n" + b"y" * 100_000, 4, -1, 200_005),
])  # fmt: skip
def test_evidence_is_cut_after_a_line(tmp_path, data, start, size, end) -> None:
    """The last whole one; what was written since it was measured waits."""
    assert _cut(tmp_path / "evidence.jsonl", data, start, size) == end


@pytest.mark.parametrize("torn", [0, 1, 12, len(_FLOW) - 1])
def test_flows_are_cut_after_a_flow(tmp_path, torn) -> None:
    """From any cut on; what a closed session holds after its last whole flow goes as it is."""
    path, whole = tmp_path / "flows.mitm", len(_FLOW)
    assert _cut(path, _FLOW * 3 + _FLOW[:torn]) == 3 * whole
    assert _cut(path, _FLOW * 3 + _FLOW[:torn], whole) == 3 * whole
    assert _cut(path, _FLOW * 3 + _FLOW[:torn], 3 * whole) == 3 * whole
    assert _cut(path, _FLOW * 3 + _FLOW[:torn], 3 * whole, final=True) == 3 * whole + torn
    with path.open("rb") as file:
        assert [*flow_ends(file)] == [whole, 2 * whole, 3 * whole]


def test_sealed_flows_are_cut_after_a_frame(tmp_path) -> None:
    """Without the key; the mark at the beginning belongs to the first."""
    sealer = FrameSealer(DataKey("01JD3ZK7V00000000000000000", bytes(32)))
    one = sealer.seal(_FLOW, 1, 0)
    two = sealer.seal(_FLOW, 1, len(one))
    path = tmp_path / "flows.mitm"
    assert _cut(path, one + two[:-1]) == len(one)
    assert _cut(path, one + two, len(one)) == len(one + two)
    assert _cut(path, one[:30]) <= len(one[:30])


def test_a_large_file_goes_in_pieces(tmp_path, monkeypatch) -> None:
    """Each at most so large, unless one flow is; together they are the file."""
    monkeypatch.setattr(segments, "SEGMENT", 2 * len(_FLOW) + 5)
    path = tmp_path / "flows.mitm"
    assert _cut(path, _FLOW * 5) == 2 * len(_FLOW)
    monkeypatch.setattr(segments, "SEGMENT", 5)
    assert _cut(path, _FLOW * 5) == len(_FLOW)
    assert _cut(tmp_path / "evidence.jsonl", b"1\n2\n3\n4\n") == 4


def test_what_is_no_flow_file_waits_until_its_session_is_closed(tmp_path) -> None:
    """Nobody can say where it may be cut."""
    path = tmp_path / "flows.mitm"
    assert _cut(path, b"no flows at all") == 0
    assert _cut(path, b"no flows at all", final=True) == 15
    assert _cut(tmp_path / "key", b"key") == 3
