"""One session's flow file."""

from __future__ import annotations

import hashlib

from interlock.recording.flow_file import FlowFile


def test_it_says_what_stands_in_it(tmp_path) -> None:
    """Bytes, count and digest are those of the file."""
    file = FlowFile(tmp_path / "flows.mitm")
    file.write(b"one")
    file.write(b"two, three", 2)
    said = file.summary()
    assert (said["bytes"], said["count"], said["lost"]) == (13, 3, 0)
    assert said["sha256"] == file.written[1] == hashlib.sha256((tmp_path / "flows.mitm").read_bytes()).hexdigest()


def test_what_is_sealed_is_told_where_it_will_stand(tmp_path) -> None:
    """The digest covers what lies on the disk."""
    told: list[tuple[int, int]] = []
    file = FlowFile(tmp_path / "flows.mitm", lambda data, flows, at: told.append((flows, at)) or data[::-1])
    file.write(b"abc", 2)
    file.write(b"de")
    assert told == [(2, 0), (1, 3)]
    assert (tmp_path / "flows.mitm").read_bytes() == b"cbaed"
    assert file.written == (5, hashlib.sha256(b"cbaed").hexdigest())
