"""The thread that writes flow files."""

from __future__ import annotations

import errno
import io
import os
import threading
from pathlib import Path

import pytest
from mitmproxy.io import FlowReader

from interlock.errors import Refused
from interlock.reasons import Reason
from interlock.recording import FlowSnapshot, Limits, RequestSnapshot, read_events, verify
from interlock.recording.flow_file import FlowFile
from interlock.recording.writer import FlowWriter


def _flow(name: str, body: bytes = b"", **more) -> FlowSnapshot:
    request = RequestSnapshot(method="GET", scheme="http", host="a.example", port=80, path="/", body=body)
    return FlowSnapshot(id=name, request=request, **more)


def _ids(path: Path) -> list[str]:
    return [flow.id for flow in FlowReader(io.BytesIO(path.read_bytes())).stream()]


def _submit(writer: FlowWriter, file: FlowFile, flow: FlowSnapshot) -> None:
    writer.submit(file, [flow], flow.weight)


@pytest.fixture
def writer():
    made = FlowWriter(flows=8, weight=4 << 20)
    yield made
    made.close(0)


def test_flows_are_written_in_order_and_closing_writes_the_rest(tmp_path, writer) -> None:
    """Nothing that was accepted is dropped."""
    file = FlowFile(tmp_path / "flows.mitm")
    for number in range(200):
        while not writer.healthy:
            writer.settle(file, 5)
        _submit(writer, file, _flow(str(number)))
    assert writer.close(5)
    assert _ids(file.path) == [str(number) for number in range(200)]
    assert (file.count, file.size, file.lost, file.pending) == (200, file.path.stat().st_size, 0, 0)


def test_a_disk_that_refuses_makes_it_unhealthy_until_it_can_be_written(tmp_path, writer) -> None:
    """The flow is kept and written later; a part of one is taken back, so that the file stays readable."""
    path = tmp_path / "flows.mitm"
    path.mkdir()
    file = FlowFile(path)
    _submit(writer, file, _flow("kept"))
    _wait(lambda: not writer.healthy)
    path.rmdir()
    assert writer.settle(file, 0) or _wait(lambda: not file.pending)
    assert writer.healthy
    assert _ids(path) == ["kept"]


def test_a_part_of_a_flow_is_taken_back(tmp_path) -> None:
    """A full disk in the middle of a flow would make all flows after it unreadable."""
    file = FlowFile(tmp_path / "flows.mitm")
    file.write([b"4:true!"])
    with open(file.path, "ab") as other:
        other.write(b"5:fal")
    file._torn = True
    file.write([b"0:~"])
    assert file.path.read_bytes() == b"4:true!0:~"


def test_the_queue_is_bounded_by_number_and_weight(tmp_path, writer) -> None:
    """A full queue refuses; before that, it is unhealthy."""
    path = tmp_path / "flows.mitm"
    path.mkdir()
    file = FlowFile(path)
    for number in range(8):
        _submit(writer, file, _flow(str(number)))
    with pytest.raises(Refused) as refused:
        _submit(writer, file, _flow("9"))
    assert refused.value.reason is Reason.RECORDING_UNAVAILABLE
    assert (file.lost, writer.healthy) == (1, False)
    heavy = FlowWriter(flows=8, weight=1000)
    with pytest.raises(Refused):
        _submit(heavy, file, _flow("heavy", b"x" * 1001))


def test_what_can_never_be_written_is_counted_and_stops_nobody(tmp_path, writer) -> None:
    """A folder that was removed, a snapshot that is odd: the thread goes on."""
    gone, file = FlowFile(tmp_path / "gone" / "flows.mitm"), FlowFile(tmp_path / "flows.mitm")
    _submit(writer, gone, _flow("1"))
    _submit(writer, file, _flow("odd", metadata={"x": object()}))
    _submit(writer, file, _flow("2"))
    assert writer.settle(file, 5)
    assert (gone.lost, file.lost, _ids(file.path)) == (1, 1, ["2"])
    assert writer.healthy


def test_closing_gives_up_after_its_time_and_counts_what_was_lost(tmp_path, writer) -> None:
    """A gateway must be able to end although the disk is full."""
    path = tmp_path / "flows.mitm"
    path.mkdir()
    file = FlowFile(path)
    _submit(writer, file, _flow("1"))
    assert not writer.close(0.01)
    assert (file.lost, file.pending) == (1, 0)
    with pytest.raises(Refused):
        _submit(writer, file, _flow("2"))


def test_a_failing_writer_forbids_new_requests(record, erika) -> None:
    """Evidence is not written for a request whose flow could not be."""
    recordings = record(Limits(closing=0.01))
    session = recordings.session(erika, "run-1")
    (session.folder / "flows.mitm").mkdir()
    session.flow(_flow("1"))
    _wait(lambda: not recordings.healthy())
    with pytest.raises(Refused) as refused:
        session.append("decision", {})
    assert refused.value.reason is Reason.RECORDING_UNAVAILABLE
    (session.folder / "flows.mitm").rmdir()
    _wait(recordings.healthy)
    assert session.append("decision", {}).endswith("/2")


def test_lost_flows_are_said_in_the_closing_event(recordings, erika) -> None:
    """And verify shows them."""
    session = recordings.session(erika, "run-1")
    session.flow(_flow("1", metadata={"x": object()}))
    recordings.close()
    *_, closed = read_events(session.folder)
    assert closed.event.data["flows"]["lost"] == 1
    assert [finding.what for finding in verify(session.folder).chains[0].findings] == ["lost"]


def _wait(holds) -> bool:
    """Until something holds, at most ten seconds."""
    pause = threading.Event()
    for _ in range(1000):
        if holds():
            return True
        pause.wait(0.01)
    raise AssertionError("did not happen within ten seconds")


def test_flows_of_several_files_are_sorted_out(tmp_path, writer) -> None:
    """Flows are written together file by file; each file has its own, in order, also the same flow twice."""
    files = [FlowFile(tmp_path / f"{number}.mitm") for number in range(3)]
    same = _flow("same")
    for number in range(60):
        for file in files:
            while not writer.healthy:
                writer.settle(files[0], 5)
            _submit(writer, file, same if number % 7 == 0 else _flow(str(number)))
    assert writer.close(5)
    wanted = ["same" if number % 7 == 0 else str(number) for number in range(60)]
    assert [_ids(file.path) for file in files] == [wanted] * 3
    assert [(file.count, file.lost, file.pending) for file in files] == [(60, 0, 0)] * 3


def test_flows_that_come_while_it_is_awake_or_asleep_are_written(tmp_path, writer) -> None:
    """Nobody wakes it while flows come; whoever comes later does."""
    file = FlowFile(tmp_path / "flows.mitm")
    for number in range(3):
        _submit(writer, file, _flow(str(number)))
        _wait(lambda: not file.pending)
    _wait(lambda: writer._asleep)
    _submit(writer, file, _flow("3"))
    _wait(lambda: not file.pending)
    assert _ids(file.path) == ["0", "1", "2", "3"]


def test_one_odd_flow_does_not_take_others_with_it(tmp_path, writer) -> None:
    """What cannot be encoded is counted as lost; flows written together with it are kept."""
    file = FlowFile(tmp_path / "flows.mitm")
    for flow in (_flow("a"), _flow("odd", metadata={"odd": object()}), _flow("b")):
        _submit(writer, file, flow)
    assert writer.close(5)
    assert (_ids(file.path), file.count, file.lost) == (["a", "b"], 2, 1)


def test_what_stands_after_an_error_is_taken_back_at_once(tmp_path, monkeypatch) -> None:
    """Who ships the file meanwhile takes what stands in it: never a flow that will be written once more."""
    file = FlowFile(tmp_path / "flows.mitm")
    file.write([b"4:true!"])

    def full(fd: int, data: list[bytes]) -> int:
        os.write(fd, b"".join(data)[:3])
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "writev", full)
    with pytest.raises(OSError, match="full"):
        file.write([b"0:~1:x;"])
    assert file.path.read_bytes() == b"4:true!"
    assert not file._torn
    monkeypatch.undo()
    file.write([b"0:~"])
    assert file.path.read_bytes() == b"4:true!0:~"


def test_a_few_small_flows_are_written_at_once(tmp_path, writer) -> None:
    """Without any thread: they stand in the file when the call returns."""
    file = FlowFile(tmp_path / "flows.mitm")
    writer.write(file, [_flow("1"), _flow("odd", metadata={"odd": object()}), _flow("2")])
    assert (_ids(file.path), file.count, file.lost, file.pending) == (["1", "2"], 2, 1, 0)
    assert writer._thread is None
    gone = FlowFile(tmp_path / "gone" / "flows.mitm")
    writer.write(gone, [_flow("3")])
    assert (gone.lost, gone.pending, writer.healthy) == (1, 0, True)


def test_flows_that_come_after_queued_ones_wait_behind_them(tmp_path, writer, monkeypatch) -> None:
    """All of a file that has some in the queue, though it could be written by now: in order, by the thread."""
    file = FlowFile(tmp_path / "flows.mitm")
    with monkeypatch.context() as held:
        held.setattr(writer, "_start", lambda: None)
        _submit(writer, file, _flow("1"))
        writer.write(file, [_flow("2")])
    assert (file.pending, file.path.exists()) == (2, False)
    writer.write(file, [_flow("3")])
    assert writer.settle(file, 5)
    assert _ids(file.path) == ["1", "2", "3"]


def test_large_flows_are_left_to_the_thread(tmp_path, writer, monkeypatch) -> None:
    """So are those of a disk that refuses: nobody waits for either on the event loop."""
    wrote: list[str] = []
    write = FlowFile.write

    def noted(self, parts, flows=1) -> None:
        wrote.append(threading.current_thread().name)
        write(self, parts, flows)

    monkeypatch.setattr(FlowFile, "write", noted)
    file, other, path = FlowFile(tmp_path / "a.mitm"), FlowFile(tmp_path / "b.mitm"), tmp_path / "c.mitm"
    writer.write(file, [_flow("small")])
    writer.write(file, [_flow("large", b"x" * (2 << 20))])
    assert writer.settle(file, 5)
    assert wrote == [threading.current_thread().name, "interlock-flows"]
    path.mkdir()
    bad = FlowFile(path)
    writer.write(bad, [_flow("1")])
    _wait(lambda: not writer.healthy)
    wrote.clear()
    writer.write(other, [_flow("2")])
    path.rmdir()
    _wait(lambda: not (bad.pending or other.pending))
    assert set(wrote) == {"interlock-flows"}
    assert (_ids(file.path), _ids(path), _ids(other.path)) == (["small", "large"], ["1"], ["2"])
    assert writer.close(5)
    with pytest.raises(Refused):
        writer.write(file, [_flow("late")])
    assert file.lost == 1


def test_as_many_are_written_at_once_as_are_quick(tmp_path, writer) -> None:
    """Heads count as bodies do: the rest is queued behind those, with what it keeps in memory."""
    file, fields = FlowFile(tmp_path / "flows.mitm"), ((b"x-long", b"x" * (300 << 10)),)
    request = RequestSnapshot(method="GET", scheme="http", host="a.example", port=80, path="/", headers=fields)
    flows = [FlowSnapshot(id=str(number), request=request) for number in range(7)]
    held = FlowFile(tmp_path / "held.mitm")
    writer._start = lambda: None
    writer.write(held, flows[:2], quick=False)
    assert (held.pending, writer._load > 600 << 10) == (2, True)
    del writer._start
    writer.write(file, flows)
    assert (file.count, file.pending) == (3, 4) or file.count > 3  # the thread may have begun
    assert writer.settle(file, 5)
    assert _ids(file.path) == [str(number) for number in range(7)]


def test_what_nobody_thought_of_ends_no_thread(tmp_path, writer, monkeypatch, caplog) -> None:
    """It is counted, and said; flows of others are written."""
    bad, file, write = FlowFile(tmp_path / "bad.mitm"), FlowFile(tmp_path / "flows.mitm"), FlowFile.write

    def short(self, parts, flows=1) -> None:
        if self is bad:
            raise MemoryError
        write(self, parts, flows)

    monkeypatch.setattr(FlowFile, "write", short)
    for one in (bad, file):
        _submit(writer, one, _flow("1"))
    assert writer.settle(file, 5)
    assert (bad.lost, bad.pending, _ids(file.path), writer.healthy) == (1, 0, ["1"], True)
    assert "MemoryError" in caplog.text


def test_a_thread_that_ended_is_started_again(tmp_path, writer) -> None:
    """A process may have been out of threads, or of memory."""
    file = FlowFile(tmp_path / "flows.mitm")
    ended = threading.Thread(target=lambda: None)
    ended.start()
    ended.join()
    writer._thread = ended
    _submit(writer, file, _flow("1"))
    assert writer.settle(file, 5)
    assert _ids(file.path) == ["1"]


def test_a_flow_that_there_is_no_room_for_takes_no_other_with_it(tmp_path, writer) -> None:
    """Of flows that come together those are queued that fit."""
    path = tmp_path / "flows.mitm"
    path.mkdir()
    file = FlowFile(path)
    flows = [_flow("1"), _flow("large", b"x" * (5 << 20)), _flow("2")]
    writer.write(file, flows)
    assert (file.pending, file.lost) == (2, 1)
    path.rmdir()
    assert writer.close(5)
    assert _ids(path) == ["1", "2"]


def test_what_could_not_be_taken_back_is_taken_back_before_the_next_write(tmp_path, monkeypatch) -> None:
    """The disk refuses the rest of a flow, and refuses to cut the file as well."""
    file = FlowFile(tmp_path / "flows.mitm")
    file.write([b"4:true!"])

    def full(fd: int, data: list[bytes]) -> int:
        os.write(fd, b"".join(data)[:3])
        raise OSError(errno.ENOSPC, "full")

    def stuck(fd: int, size: int) -> None:
        raise OSError(errno.EIO, "stuck")

    monkeypatch.setattr(os, "writev", full)
    monkeypatch.setattr(os, "ftruncate", stuck)
    with pytest.raises(OSError, match="full"):
        file.write([b"0:~1:x;"])
    assert file.path.read_bytes() == b"4:true!0:~"
    monkeypatch.undo()
    file.write([b"1:y;"])
    assert file.path.read_bytes() == b"4:true!1:y;"
    assert file.summary()["bytes"] == 11
