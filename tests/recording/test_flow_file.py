"""One session's flow file."""

from __future__ import annotations

import hashlib
import os

from interlock.recording import flow_file
from interlock.recording.flow_file import FlowFile


def test_it_says_what_stands_in_it(tmp_path) -> None:
    """Bytes, count and digest are those of the file."""
    file = FlowFile(tmp_path / "flows.mitm")
    file.write([b"one"])
    file.write([b"two, three"], 2)
    said = file.summary()
    assert (said["bytes"], said["count"], said["lost"]) == (13, 3, 0)
    assert said["sha256"] == file.written[1] == hashlib.sha256((tmp_path / "flows.mitm").read_bytes()).hexdigest()


def test_what_is_sealed_is_told_where_it_will_stand(tmp_path) -> None:
    """The digest covers what lies on the disk."""
    told: list[tuple[int, int]] = []
    file = FlowFile(tmp_path / "flows.mitm", lambda data, flows, at: told.append((flows, at)) or data[::-1])
    file.write([b"abc"], 2)
    file.write([b"de"])
    assert told == [(2, 0), (1, 3)]
    assert (tmp_path / "flows.mitm").read_bytes() == b"cbaed"
    assert file.written == (5, hashlib.sha256(b"cbaed").hexdigest())


def test_what_the_system_takes_in_part_is_written_whole(tmp_path, monkeypatch) -> None:
    """A call may write less than it was given, at any place; many pieces take several calls."""
    pieces = [bytes([number % 251]) * (number % 7) for number in range(2500)]
    calls: list[int] = []
    write, several = os.write, os.writev

    def some(fd: int, data) -> int:
        calls.append(len(data))
        return several(fd, data[:9]) if len(calls) % 2 else several(fd, data)

    monkeypatch.setattr(flow_file, "_SMALL", 0)
    monkeypatch.setattr(os, "writev", some)
    monkeypatch.setattr(os, "write", lambda fd, data: write(fd, data[:100]))
    file = FlowFile(tmp_path / "flows.mitm")
    file.write(pieces, 3)
    data = b"".join(pieces)
    assert file.path.read_bytes() == data
    assert calls == [1024, 1024, 452]
    assert file.summary() == {
        "bytes": len(data), "count": 3, "lost": 0, "pending": 0, "sha256": hashlib.sha256(data).hexdigest(),
    }  # fmt: skip
