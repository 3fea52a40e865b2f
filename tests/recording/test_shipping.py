"""Shipping to a folder, with everything that can go wrong on the way."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from interlock.model import Secret
from interlock.recording import FlowSnapshot, RequestSnapshot, verify
from interlock.recording.fetching import fetch
from interlock.recording.keyring import Keyring
from interlock.recording.keys import read_kek
from interlock.recording.ship_sinks.file import PART
from interlock.recording.ship_target import Address, Objects
from interlock.recording.shipment import Shipments, order_removal
from interlock.recording.shipping import Shipper

_KEK = read_kek(Secret("11" * 32), "env:KEY")
_FLOW = FlowSnapshot(id="1", request=RequestSnapshot(method="GET", scheme="http", host="a.example", port=80, path="/"))


class Died(BaseException):
    """The process is gone."""


class Faulty:
    """A place that lies, fails, cuts or lasts longer than this process, as asked."""

    def __init__(self, place: Objects, fault: str = "") -> None:
        self.place, self.fault, self.puts = place, fault, list[str]()

    async def put(self, name: str, chunks: AsyncIterator[bytes], size: int) -> None:
        if self.fault == "put" and name.endswith("evidence.jsonl"):
            raise OSError("no connection")
        self.puts.append(name)
        await self.place.put(name, chunks, size)
        if self.fault == "dies":
            raise Died
        if self.fault == "loses":
            await self.place.delete(name)

    async def get(self, name: str) -> AsyncIterator[bytes]:
        async for piece in self.place.get(name):
            if self.fault == "changed":
                yield piece.replace(b"a", b"b")
            elif self.fault == "cut":
                yield piece[:-1]
            else:
                yield piece

    async def delete(self, name: str) -> None:
        if self.fault != "keeps":
            await self.place.delete(name)

    def list(self, folder: str) -> AsyncIterator[str]:
        return self.place.list(folder)

    async def close(self) -> None:
        await self.place.close()


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "archive"


@pytest.fixture
def place(archive: Path) -> Faulty:
    return Faulty(PART.open(Address(f"//{archive}")))


@pytest.fixture
def ship(folder: Path, place: Faulty, clock, request):
    """A shipper to the archive; made anew it is another process."""
    made: list[Shipments] = []

    def make(**more: bool) -> Shipper:
        for shipments in made:
            shipments.close()
        made.append(Shipments(folder, "archive", clock))
        return Shipper(folder, made[-1], lambda: place, clock, **more)

    yield make
    for shipments in made:
        shipments.close()


def _session(recordings, principal, run="run-1") -> Path:
    session = recordings.session(principal, run)
    session.append("decision", {"path": "/a"})
    session.flow(_FLOW)
    return session.folder


def _more(session, waits: float = 60.0) -> None:
    """An event and a flow more, wholly written."""
    session.append("decision", {"path": "/more"})
    session.flow(_FLOW)
    assert session._shared.writer.settle(session._flows, waits)


async def _fetched(place: Objects, tmp_path: Path, name: str) -> Path:
    into = tmp_path / "fetched"
    shutil.rmtree(into, ignore_errors=True)
    assert [found.fault async for found in fetch(place, into, [name])] == [""]
    return into / name


def _same(one: Path, other: Path) -> bool:
    return all((one / name).read_bytes() == (other / name).read_bytes() for name in ("evidence.jsonl", "flows.mitm"))


def _there(archive: Path) -> list[str]:
    return sorted(path.relative_to(archive).as_posix() for path in archive.rglob("*") if path.is_file())


async def test_closed_sessions_are_shipped_whole(record, ship, folder, archive, erika, max_) -> None:
    """Evidence and flows, not the salt; one that has just begun waits; the copy verifies."""
    recordings = record()
    closed = _session(recordings, erika)
    recordings.close()
    _session(record(), max_, "run-2")
    passed = await ship().run(10)
    assert (passed.shipped, passed.failed) == (1, "")
    assert _there(archive) == [f"{closed.name}/evidence.jsonl", f"{closed.name}/flows.mitm"]
    assert verify(archive).ok
    assert verify(archive / closed.name).ok


async def test_what_was_shipped_is_not_shipped_again(record, ship, folder, place, erika) -> None:
    """Also not by the next process: the ledger says so."""
    recordings = record()
    _session(recordings, erika)
    recordings.close()
    await ship().run(10)
    count = len(place.puts)
    assert (await ship().run(10)).shipped == 0
    assert len(place.puts) == count


async def test_a_session_that_went_on_is_shipped_again(record, ship, folder, archive, erika, clock) -> None:
    """A late reply wakes a closed session: what lies there is the old one until then."""
    recordings = record()
    session = recordings.session(erika)
    session.append("decision", {})
    session.close("idle")
    shipper = ship()
    await shipper.run(10)
    assert shipper.has(session.id)
    session.append("response", {})
    assert not shipper.has(session.id)
    session.close("idle")
    assert (await shipper.run(10)).shipped == 0
    clock.advance(600)
    assert (await shipper.run(10)).shipped == 1
    assert shipper.has(session.id)
    assert verify(archive).ok


@pytest.mark.parametrize("fault", ["put", "changed", "cut", "loses"])
async def test_what_fails_or_lies_is_not_shipped(record, ship, place, folder, clock, erika, fault) -> None:
    """Nothing is noted; it is tried again after a while, later each time, and then it is there."""
    recordings = record()
    session = _session(recordings, erika)
    recordings.close()
    place.fault = fault
    shipper = ship()
    passed = await shipper.run(10)
    assert (passed.shipped, passed.waiting) == (0, 1)
    assert passed.failed
    assert not shipper.has(session.name)
    place.fault = ""
    assert (await shipper.run(10)).shipped == 0
    clock.advance(5)
    assert (await shipper.run(10)).shipped == 1
    assert shipper.has(session.name)


async def test_pauses_grow_and_end(record, ship, place, clock, erika) -> None:
    """5 s, 10 s, ... at most ten minutes; `now` does not wait."""
    recordings = record()
    _session(recordings, erika)
    recordings.close()
    place.fault = "put"
    shipper, pauses = ship(), []
    for _ in range(10):
        assert (await shipper.run(1, now=True)).failed
        pauses.append(shipper._pause)
    assert (pauses[0], pauses[1], pauses[-1]) == (5.0, 10.0, 600.0)


async def test_a_pass_is_bounded(record, ship, erika) -> None:
    """So many sessions, the rest is counted; and it stops when asked to."""
    recordings = record()
    for number in range(3):
        _session(recordings, erika, f"run-{number}")
    recordings.close()
    shipper = ship()
    passed = await shipper.run(2)
    assert (passed.shipped, passed.waiting) == (2, 1)
    assert (await shipper.run(2, lambda: True)).shipped == 0
    assert (await shipper.run(2)).shipped == 1


@pytest.mark.parametrize(("flows", "keys", "names"), [
    (True, False, ["evidence.jsonl", "flows.mitm"]),
    (False, False, ["evidence.jsonl"]),
    (True, True, ["evidence.jsonl", "flows.mitm", "key"]),
])  # fmt: skip
async def test_what_goes_is_said(record, ship, folder, archive, erika, flows, keys, names) -> None:
    """Flow files, and wrapped keys of encrypted sessions, as the rules say."""
    recordings = record(keys=Keyring(folder, [_KEK]))
    session = _session(recordings, erika)
    recordings.close()
    shipper = ship(flows=flows, keys=keys)
    await shipper.run(10)
    assert _there(archive) == [f"{session.name}/{name}" for name in names]
    assert shipper.has(session.name)


async def test_an_erased_key_goes_there_too(record, ship, place, folder, archive, erika) -> None:
    """And that it is gone is looked at: while it can be read there, the order stays."""
    recordings = record(keys=Keyring(folder, [_KEK]))
    session = _session(recordings, erika)
    recordings.close()
    shipper = ship(keys=True)
    await shipper.run(10)
    (session / "key").unlink()
    order_removal(folder, session.name, "key")
    place.fault = "keeps"
    assert "still there" in (await shipper.run(10)).failed
    place.fault = ""
    passed = await shipper.run(10, now=True)
    assert (passed.removed, passed.failed) == (1, "")
    assert _there(archive) == [f"{session.name}/evidence.jsonl", f"{session.name}/flows.mitm"]
    assert (await shipper.run(10)) == type(passed)()


async def test_signed_heads_go_along(record, ship, folder, archive) -> None:
    """Whole lines only, each once; put together they are what lies here."""
    record()
    heads = folder / ".tree/host/heads.jsonl"
    heads.parent.mkdir(parents=True)
    (folder / ".tree/signing-key.pem").touch()
    heads.write_bytes(b"one\ntw")
    shipper = ship()
    await shipper.run(10)
    heads.write_bytes(b"one\ntwo\nthree\n")
    await ship().run(10)
    await ship().run(10)
    pieces = sorted((archive / "heads/host").iterdir())
    assert b"".join(piece.read_bytes() for piece in pieces) == b"one\ntwo\nthree\n"
    assert [piece.name for piece in pieces] == ["0000000000000000.jsonl", "0000000000000004.jsonl"]


async def test_large_flows_go_in_parts(record, ship, folder, archive, erika) -> None:
    """More than a part of them, byte for byte."""
    recordings = record()
    session = _session(recordings, erika)
    recordings.close()
    data = hashlib.sha256(b"x").digest() * 700_000
    (session / "flows.mitm").write_bytes(data)
    assert (await ship().run(10)).failed == ""
    assert (archive / session.name / "flows.mitm").read_bytes() == data


async def test_one_session_that_cannot_be_read_stops_no_other(record, ship, folder, erika) -> None:
    """It is told, and waits; three of them end the pass, because then it is the place."""
    recordings = record()
    first = _session(recordings, erika, "run-1")
    other = _session(recordings, erika, "run-2")
    recordings.close()
    (first / "flows.mitm").unlink()
    (first / "flows.mitm").symlink_to("/etc/hostname")
    shipper = ship()
    passed = await shipper.run(10)
    assert (passed.shipped, passed.waiting, bool(passed.failed)) == (1, 1, True)
    assert (shipper.has(first.name), shipper.has(other.name)) == (False, True)


@pytest.mark.parametrize("sealed", [False, True])
async def test_an_open_session_is_shipped_as_it_grows(
    record, ship, place, folder, archive, tmp_path, erika, clock, sealed
) -> None:
    """A piece of each file every so often; put together they verify as the open session, and once it is closed they are
    the session, byte for byte, sealed ones as they were sealed.
    """
    recordings = record(keys=Keyring(folder, [_KEK])) if sealed else record()
    session = recordings.session(erika, "run-1")
    shipper = ship(keys=sealed)
    for count in range(3):
        _more(session)
        assert (await shipper.run(10)).shipped == 0
        clock.advance(300)
        assert (await shipper.run(10)).shipped == 1
        assert (await shipper.run(10)).shipped == 0
        copy = await _fetched(place, tmp_path, session.id)
        assert _same(copy, session.folder)
        report = verify(copy)
        assert (report.ok, report.chains[0].state, report.chains[0].last) == (True, "open", count + 2)
        assert not shipper.has("01JD3ZK7V00000000000000000")
    _more(session)
    recordings.close()
    assert (await shipper.run(10)).shipped == 1
    copy = await _fetched(place, tmp_path, session.id)
    assert _same(copy, session.folder)
    assert (verify(copy).ok, verify(copy).chains[0].state) == (True, "closed")
    assert shipper.has(session.id)
    assert len(_there(archive)) == (9 if sealed else 8)
    assert sorted(set(place.puts)) == sorted(place.puts)


async def test_much_does_not_wait(record, ship, erika, monkeypatch) -> None:
    """A session that records a lot is shipped at once, and one is whenever somebody asks for it."""
    session = record().session(erika, "run-1")
    _more(session)
    shipper = ship(every=3600.0)
    assert (await shipper.run(10)).shipped == 0
    assert (await shipper.run(0, now=True)).waiting == 1
    assert (await shipper.run(10, now=True)).shipped == 1
    _more(session)
    assert (await shipper.run(10)).shipped == 0
    monkeypatch.setattr("interlock.recording.shipping._MUCH", 100)
    assert (await shipper.run(10)).shipped == 1


async def test_only_what_is_whole_goes(record, ship, place, tmp_path, erika, clock) -> None:
    """A line or a flow that is just being written waits for its end."""
    session = record().session(erika, "run-1")
    _more(session)
    whole = [(path, path.read_bytes()) for path in sorted(session.folder.iterdir()) if path.name != "salt"]
    for path, data in whole:
        path.write_bytes(data + data[:20])
    shipper = ship()
    await shipper.run(10, now=True)
    copy = await _fetched(place, tmp_path, session.id)
    assert [(copy / path.name).read_bytes() for path, _ in whole] == [data for _, data in whole]
    for path, data in whole:
        path.write_bytes(data)


@pytest.mark.parametrize("dies_at", [1, 2, 3, 4])
async def test_a_process_that_dies_goes_on_after_the_last_piece(
    record, ship, place, folder, tmp_path, erika, clock, dies_at
) -> None:
    """Between an upload and its note, at each of them: the piece is sent again, longer perhaps, and nothing is torn."""
    recordings = record()
    session = recordings.session(erika, "run-1")
    for number in range(1, 5):
        _more(session)
        place.fault = "dies" if number == dies_at else ""
        if place.fault:
            with pytest.raises(Died):
                await ship().run(10, now=True)
            _more(session)
            place.fault = ""
        await ship().run(10, now=True)
    recordings.close()
    shipper = ship()
    await shipper.run(10)
    assert _same(await _fetched(place, tmp_path, session.id), session.folder)
    assert shipper.has(session.id)


async def test_a_shorter_file_takes_nothing_away(record, ship, place, archive, erika, caplog) -> None:
    """Somebody cut what was shipped: what lies there stays, it is told, other sessions go, and this one is never
    deleted here.
    """
    recordings = record()
    cut, other = _session(recordings, erika, "run-1"), _session(recordings, erika, "run-2")
    recordings.close()
    shipper = ship()
    await shipper.run(1)
    kept = (archive / cut.name / "evidence.jsonl").read_bytes()
    (cut / "evidence.jsonl").write_bytes(kept[: kept.rfind(b"{")])
    shipper = ship()
    passed = await shipper.run(10, now=True)
    assert (passed.shipped, "shorter here" in passed.failed) == (1, True)
    assert "shorter here" in caplog.text
    assert (archive / cut.name / "evidence.jsonl").read_bytes() == kept
    assert (shipper.has(cut.name), (archive / other.name / "evidence.jsonl").exists()) == (False, True)


async def test_every_piece_of_what_is_erased_goes(record, ship, place, folder, archive, erika) -> None:
    """Also one that lies there unnoted, because its process died."""
    recordings = record()
    session = recordings.session(erika, "run-1")
    for _ in range(3):
        _more(session)
        await ship().run(10, now=True)
    place.fault = "dies"
    _more(session)
    with pytest.raises(Died):
        await ship().run(10, now=True)
    place.fault = ""
    recordings.close()
    (session.folder / "flows.mitm").unlink()
    order_removal(folder, session.id, "flows")
    assert [name for name in _there(archive) if "flows" in name]
    assert (await ship().run(10)).removed == 1
    assert [name for name in _there(archive) if "flows" in name] == []
    assert verify(archive / session.id).ok


async def test_a_key_that_was_wrapped_anew_goes_again(record, ship, folder, archive, erika, clock) -> None:
    """It has as many bytes as before."""
    recordings = record(keys=Keyring(folder, [_KEK]))
    session = _session(recordings, erika)
    recordings.close()
    shipper = ship(keys=True)
    await shipper.run(10)
    (session / "key").write_bytes((session / "key").read_bytes().swapcase())
    assert not shipper.has(session.name)
    clock.advance(600)
    assert (await shipper.run(10)).shipped == 1
    assert shipper.has(session.name)
    assert (archive / session.name / "key").read_bytes() == (session / "key").read_bytes()


async def test_what_an_earlier_version_shipped_is_gone_on_with(record, ship, place, folder, tmp_path, erika) -> None:
    """It sent each file whole, under the name that the first piece has."""
    session = record().session(erika, "run-1")
    _more(session)
    await ship().run(10, now=True)
    _more(session)
    await ship().run(10, now=True)
    assert _same(await _fetched(place, tmp_path, session.id), session.folder)
    assert [name.partition(session.id)[2] for name in place.puts[:2]] == ["/flows.mitm", "/evidence.jsonl"]
