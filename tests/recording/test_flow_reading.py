"""Flow files read without mitmproxy."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.recording import FlowSnapshot, RequestSnapshot, ResponseSnapshot, encode_flow
from interlock.recording.flow_reading import RecordedFlow, read_flows

REQUEST = RequestSnapshot(
    method="POST", scheme="https", host="db.example.com", port=443, path="/q?a=1",
    headers=(("Content-Type", "application/json"), (b"x-odd", b"\xe9")), body=b'{"a": "\xc3\xbc"}',
)  # fmt: skip
RESPONSE = ResponseSnapshot(status=200, headers=(("X-A", "b"),), body=b"ok")


def _written(folder: Path, data: bytes) -> list[RecordedFlow]:
    path = folder / "flows.mitm"
    path.write_bytes(data)
    return list(read_flows(path))


def test_what_was_written_is_read(tmp_path: Path) -> None:
    """Requests, answers, and exchanges without one; bodies that were not kept are empty."""
    flows = [
        FlowSnapshot(id="one", request=REQUEST, response=RESPONSE, metadata={"n": 1, "list": [None, True]}),
        FlowSnapshot(id="two", request=RequestSnapshot(method="GET", scheme="http", host="a", port=80, path="/")),
    ]
    one, two = _written(tmp_path, b"".join(map(encode_flow, flows)))
    assert one == RecordedFlow(
        "one", "https", "db.example.com", 443, "POST", "/q?a=1",
        (("content-type", "application/json"), ("x-odd", "\xe9")), REQUEST.body or b"", 200, (("x-a", "b"),), b"ok",
    )  # fmt: skip
    assert (two.id, two.status, two.body, two.answer) == ("two", 0, b"", b"")


def test_a_torn_end_is_passed_over(tmp_path: Path) -> None:
    """A gateway that was killed leaves half a flow; those before it are read."""
    whole = encode_flow(FlowSnapshot(id="one", request=REQUEST))
    for end in (1, 5, len(whole) // 2, len(whole) - 1):
        assert [flow.id for flow in _written(tmp_path, whole + whole[:end])] == ["one"]


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"x", b"99999999999999:", b"3:abc?", b"3:abc,", b"0:~", b"4:1:a,}", b"6:0:~0:~}", b"5:1:aX,]"),
        *(b"9:1:1:1:1:1:", b"8:4:type;0~}", b"999999999:x,"),
    ],
)
def test_what_is_no_flow_file_ends_quietly(tmp_path: Path, data: bytes) -> None:
    """Whatever it is."""
    assert _written(tmp_path, data) == []


@given(data=st.binary(max_size=60), place=st.integers(0, 400))
@settings(max_examples=80, deadline=None)
def test_damage_is_never_an_error(tmp_path_factory: pytest.TempPathFactory, data: bytes, place: int) -> None:
    """Bytes in the middle that are not what was written."""
    whole = encode_flow(FlowSnapshot(id="one", request=REQUEST, response=RESPONSE))
    _written(tmp_path_factory.mktemp("flows"), whole[:place] + data + whole[place + len(data) :])


def test_links_are_not_followed(tmp_path: Path) -> None:
    """Nor pipes."""
    (tmp_path / "real").write_bytes(b"")
    (tmp_path / "flows.mitm").symlink_to(tmp_path / "real")
    with pytest.raises(OSError, match=r"."):
        list(read_flows(tmp_path / "flows.mitm"))
