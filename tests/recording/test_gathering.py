"""Flows that are put together many at once."""

from __future__ import annotations

import asyncio
import io

import pytest
from mitmproxy.io import FlowReader

from interlock.recording import FlowSnapshot, Limits, Recordings, RequestSnapshot, gathering


def _flow(name: str) -> FlowSnapshot:
    request = RequestSnapshot(method="GET", scheme="http", host="a.example", port=80, path="/")
    return FlowSnapshot(id=name, request=request)


def _ids(session) -> list[str]:
    data = (session.folder / "flows.mitm").read_bytes()
    return [flow.id for flow in FlowReader(io.BytesIO(data)).stream()]


@pytest.fixture
def session(recordings, erika):
    """A live session."""
    return recordings.session(erika, "run-1")


async def test_they_wait_for_others_and_are_written_in_order(recordings, session) -> None:
    """Nothing is put together while the event loop has not come round."""
    made: list[str] = []
    done = asyncio.Event()
    for number in range(3):
        session.gather(lambda name: made.append(name) or done.set() or _flow(name), str(number), 10)
    assert made == []
    async with asyncio.timeout(60):
        await done.wait()
    recordings.close()
    assert (made, _ids(session)) == (["0", "1", "2"], ["0", "1", "2"])


async def test_what_waits_is_written_before_a_session_or_the_gateway_closes(recordings, session) -> None:
    """The `closed` event counts it."""
    session.gather(_flow, "last", 10)
    assert session.close("idle")
    assert _ids(session) == ["last"]


async def test_a_tip_does_not_say_that_all_is_written_while_something_waits(session) -> None:
    """Otherwise the tree would not come back for it."""
    session.gather(_flow, "1", 10)
    assert session.tip().waiting or session.tip().flows


@pytest.mark.parametrize(("count", "size"), [(gathering._MOST, 1), (1, gathering._SMALL + 1), (9, gathering._SMALL)])
async def test_neither_many_nor_large_ones_wait(session, monkeypatch, count: int, size: int) -> None:
    """What waits is bounded by number and by bytes."""
    monkeypatch.setattr(gathering, "_TURN", 60.0)
    made: list[int] = []
    for number in range(count):
        session.gather(lambda number: made.append(number) or _flow("x"), number, size)
    assert len(made) == count


@pytest.mark.parametrize(("queue", "waits"), [(8, 2), (3, 1), (1, 1)])
async def test_no_more_wait_than_a_short_queue_has_room_for(tmp_path, clock, erika, queue: int, waits: int) -> None:
    """While the writer says that it keeps up, a quarter of its queue is free: what waits must fit into that."""
    recordings = Recordings(tmp_path / "short", clock, limits=Limits(flows=queue))
    session = recordings.session(erika, "run-1")
    made: list[int] = []
    for number in range(waits):
        assert made == []
        session.gather(lambda number: made.append(number) or _flow("x"), number, 10)
    assert len(made) == waits
    recordings.close()


def test_without_an_event_loop_nothing_waits(recordings, session) -> None:
    """Nobody would come back for it."""
    session.gather(_flow, "now", 10)
    recordings.close()
    assert _ids(session) == ["now"]


async def test_one_that_cannot_be_put_together_is_counted_and_holds_up_no_other(session) -> None:
    """The session says how many flows were lost."""

    def broken(name: str) -> FlowSnapshot:
        raise ValueError(name)

    session.gather(broken, "odd", 10)
    session.gather(_flow, "good", 10)
    assert session.close("idle")
    assert _ids(session) == ["good"]
    last = (session.folder / "evidence.jsonl").read_bytes().splitlines()[-1]
    assert b'"count":1' in last
    assert b'"lost":1' in last


async def test_one_alone_that_cannot_be_put_together_stops_nothing(recordings, session, monkeypatch) -> None:
    """Also where the writing is left to the thread: there is nothing to write."""

    def broken(name: str) -> FlowSnapshot:
        raise ValueError(name)

    monkeypatch.setattr(gathering, "_TURN", -1.0)
    session.gather(broken, "odd", 10)
    recordings._shared.gathering.now()
    session.flows([], quick=False)
    assert (session._flows.pending, session._flows.lost) == (0, 1)
    assert session.append("decision", {})
    assert recordings.close()


async def test_a_session_that_cannot_be_written_holds_up_no_other(recordings, erika, session, monkeypatch) -> None:
    """Whatever goes wrong with one: it is counted, and said once."""
    other = recordings.session(erika, "run-2")
    monkeypatch.setattr(type(session), "flows", _unless(session, type(session).flows))
    for name in ("1", "2"):
        session.gather(_flow, name, 10)
    other.gather(_flow, "good", 10)
    recordings._shared.gathering.now()
    recordings.close()
    assert _ids(other) == ["good"]
    assert b'"lost":2' in (session.folder / "evidence.jsonl").read_bytes().splitlines()[-1]


def _unless(bad, flows):
    def chosen(self, snapshots, **how) -> None:
        if self is bad:
            raise MemoryError
        flows(self, snapshots, **how)

    return chosen


async def test_others_get_their_turn_between_slow_ones(session, monkeypatch) -> None:
    """However long one takes that is put together: what is left comes after whoever else waits, in order."""
    happened: list[str] = []
    loop, time = asyncio.get_running_loop(), [0.0]
    monkeypatch.setattr(gathering, "monotonic", lambda: time[0])

    def slow(name: str) -> FlowSnapshot:
        time[0] += 0.6 * gathering._TURN
        happened.append(name)
        return _flow(name)

    for number in range(6):
        session.gather(slow, str(number), gathering._SMALL // 8)
    assert happened == []
    session.gather(slow, "6", gathering._SMALL + 1)
    assert happened == ["0", "1"]
    done = asyncio.Event()
    loop.call_soon(happened.append, "other")
    session.gather(lambda name: done.set() or _flow(name), "7", 10)
    async with asyncio.timeout(60):
        await done.wait()
    assert happened[:4] == ["0", "1", "other", "2"]
    assert session.close("idle")
    assert _ids(session) == [str(number) for number in range(8)]


async def test_a_slow_disk_is_left_to_the_thread(recordings, erika, monkeypatch) -> None:
    """Once it took its time, the flows of other sessions are queued."""
    sessions = [recordings.session(erika, f"run-{number}") for number in range(3)]
    how: list[bool] = []
    time = [0.0]
    monkeypatch.setattr(gathering, "monotonic", lambda: time[0])

    def slow(self, snapshots, *, quick: bool) -> None:
        time[0] += 0.6 * gathering._TURN
        how.append(quick)

    monkeypatch.setattr(type(sessions[0]), "flows", slow)
    for session in sessions:
        session.gather(_flow, "1", 10)
    recordings._shared.gathering.now()
    assert how == [True, True, False]


async def test_a_refused_body_that_is_not_kept_weighs_nothing(recordings, session) -> None:
    """Nobody else is stopped for what nobody keeps."""
    for name in ("1", "2", "3"):
        session.gather(_flow, name, 60 << 20)
    assert recordings.healthy()
    recordings.close()
    assert _ids(session) == ["1", "2", "3"]
