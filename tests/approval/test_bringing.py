"""What was decided or ended where no evidence was written reaches the evidence of one gateway, once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import pytest
from tests.approval.test_desk import Clocks, Two
from tests.approval.values import ERIKA, MAX

import interlock.approval.sweeper as sweeper
from interlock.approval.bringing import _FAILURES, Bringing
from interlock.approval.desk import Desk
from interlock.approval.flood import Flood
from interlock.errors import Refused
from interlock.model import JSON, Secret
from interlock.ports_journal import LOST
from interlock.reasons import Reason
from interlock.recording import verify
from interlock.recording.reading import read_lines
from interlock.recording.review_log import ApprovalLog, bring
from interlock.store.approvals import Approvals
from interlock.store.opening import open_store

type Said = list[dict[str, JSON]]


class House(Two):
    """Gateways with a folder each, and a console on another machine that has none."""

    def __init__(
        self, gateway: Desk, console: Desk, clock: Clocks, folders: list[Path], bringing: list[Bringing]
    ) -> None:
        super().__init__(gateway, console, clock)
        self.folders, self.bringing = folders, bringing

    def said(self, *folders: Path) -> Said:
        """What the evidence of these (all of them) says, whole and unbroken."""
        found: Said = []
        for folder in folders or self.folders:
            assert not folder.exists() or verify(folder).ok
            with suppress(FileNotFoundError):
                found += [dict(line.event.data) for line in read_lines(folder / "approvals.jsonl") if line.event][1:]
        return found

    def whats(self) -> list[object]:
        return [one["what"] for one in self.said()]


@pytest.fixture
async def house(store_url: Secret, tmp_path: Path) -> AsyncIterator[House]:
    clock, gateways, bringing = Clocks(), list[Desk](), list[Bringing]()
    folders = [tmp_path / name for name in ("one", "two")]
    async with AsyncExitStack() as stack:

        async def opened() -> Approvals:
            store = await open_store(store_url)
            stack.push_async_callback(store.close)
            return store

        for folder in folders:
            store = await opened()
            bringing.append(Bringing(store.journal(), bring(folder, clock), folder.name, clock))
            gateways.append(Desk(store, clock, gateway=folder.name, flood=Flood(cooldown=0), bringing=bringing[-1]))
        console = Desk(
            await opened(), clock, gateway="console", evidence=ApprovalLog(tmp_path / "nowhere", clock).add_here
        )
        found = House(gateways[0], console, clock, folders, bringing)
        found.gateways = gateways  # type: ignore[attr-defined]
        yield found


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not holds():  # noqa: ASYNC110 - what another process wrote has no event here
            await asyncio.sleep(0.02)


async def _started(house: House, monkeypatch: pytest.MonkeyPatch) -> AsyncExitStack:
    monkeypatch.setattr(sweeper, "BEAT", 0.05)
    stack = AsyncExitStack()
    for gateway in house.gateways:  # type: ignore[attr-defined]
        await gateway.start()
        stack.push_async_callback(gateway.close)
    return stack


async def test_what_expires_while_nobody_stands_by_is_in_the_evidence(house: House, monkeypatch) -> None:
    """Of two gateways that sweep, one writes it, once; with what was asked and by whom."""
    found = await house.ask(run="run-1")
    house.clock.ahead = 601
    async with await _started(house, monkeypatch):
        await _until(lambda: bool(house.whats()))
        for _ in range(3):
            await asyncio.gather(*(bringing.once() for bringing in house.bringing))
    (said,) = house.said()
    assert {"what": "expired", "approval": found.id, "operation": "sql.write", "run": "run-1"}.items() <= said.items()


async def test_what_is_withdrawn_is_in_the_evidence(house: House, monkeypatch) -> None:
    """And why."""
    found = await house.ask()
    await house.gateway.withdraw(found.id, "its client left")
    async with await _started(house, monkeypatch):
        await _until(lambda: bool(house.whats()))
    assert [(one["what"], one["why"]) for one in house.said()] == [("withdrawn", "its client left")]


async def test_what_a_console_without_recordings_decides_is_brought(house: House, monkeypatch) -> None:
    """Yes, no and the end of a grant, in their order, by whom; none of them twice, whichever gateway wrote it."""
    one, two = await house.ask("f1"), await house.ask("f2")
    await house.no(one, reason="not \u202etoday")
    _, grant = await house.console.grant(two.id, MAX, seconds=600, rules=("writers-ask",))
    assert grant is not None
    await house.console.revoke(grant.id, ERIKA, "enough")
    async with await _started(house, monkeypatch):
        await _until(lambda: len(house.whats()) == 3)
        for bringing in house.bringing:
            assert await bringing.once() == 0
    assert sorted(map(str, house.whats())) == ["approved", "denied", "revoked"]
    denied = next(said for said in house.said() if said["what"] == "denied")
    assert (denied["why"], denied["by"]) == ("not \\u{202e}today", {"subject": MAX.subject, "issuer": MAX.issuer})
    assert len({one["change"] for one in house.said()}) == 3


async def test_what_the_console_wrote_itself_is_not_brought(house: House, tmp_path) -> None:
    """Where it sees the recordings, it stands there before it counts."""
    (tmp_path / "nowhere").mkdir()
    await house.yes(await house.ask())
    assert [await bringing.once() for bringing in house.bringing] == [0, 0]
    assert [one["what"] for one in house.said(tmp_path / "nowhere")] == ["approved"]


class Died(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("written", [True, False])
async def test_a_gateway_that_dies_with_it_writes_it_once(house: House, written, monkeypatch) -> None:
    """Before it wrote, or after it wrote and before it could say so: when it is back, it stands there once."""
    await house.no(await house.ask())
    bringing = house.bringing[0]
    write = bringing.write

    def dying(change: str, event: dict[str, JSON], again: bool) -> str:
        if written:
            write(change, event, again)
        raise Died

    def loud(change: str, event: dict[str, JSON], again: bool) -> str:
        return write(change, event, again)

    object.__setattr__(bringing, "write", dying)
    with pytest.raises(Died):
        await bringing.once()
    object.__setattr__(bringing, "write", loud)
    assert len(house.said()) == written
    assert [await one.once() for one in house.bringing] == [0, 0]
    house.clock.ahead += 60
    assert [await one.once() for one in reversed(house.bringing)] == [0, 1]
    assert house.whats() == ["denied"]
    assert [await one.once() for one in house.bringing] == [0, 0]


async def test_what_one_cannot_write_the_other_does(house: House, caplog) -> None:
    """A full disk, an unwritable folder: it waits, and is told, until somebody can."""
    for number in range(3):
        await house.no(await house.ask(f"f{number}"))
    house.folders[0].write_text("no folder")
    assert await house.bringing[0].once() == 0
    assert "waits" in caplog.text
    assert await house.bringing[1].once() == 3
    assert [one["what"] for one in house.said(house.folders[1])] == ["denied"] * 3


async def test_a_refusal_to_write_is_no_error(house: House) -> None:
    """The sweep goes on."""

    def never(*_: object) -> str:
        raise Refused(Reason.RECORDING_UNAVAILABLE)

    await house.no(await house.ask())
    object.__setattr__(house.bringing[0], "write", never)
    assert await house.bringing[0].once() == 0
    assert await house.bringing[1].once() == 1


async def test_one_that_cannot_be_written_stops_no_other(house: House) -> None:
    """It alone is put back, for anybody."""
    for number in range(3):
        await house.no(await house.ask(f"f{number}"))
    bringing, seen = house.bringing[0], list[str]()
    write = bringing.write

    def odd(change: str, event: dict[str, JSON], again: bool) -> str:
        seen.append(change)
        if change == seen[0]:
            raise Refused(Reason.RECORDING_UNAVAILABLE)
        return write(change, event, again)

    object.__setattr__(bringing, "write", odd)
    assert await bringing.once() == 2
    assert len(seen) == 3
    assert await house.bringing[1].once() == 1


async def test_a_recording_that_is_unavailable_is_not_asked_for_ever(house: House) -> None:
    """After some failures the pass ends, and all of them wait for the next."""
    for number in range(_FAILURES + 2):
        await house.no(await house.ask(f"f{number}"))
    asked = list[str]()

    def never(change: str, *_: object) -> str:
        asked.append(change)
        raise Refused(Reason.RECORDING_UNAVAILABLE)

    object.__setattr__(house.bringing[0], "write", never)
    assert await house.bringing[0].once() == 0
    assert len(asked) == _FAILURES
    assert await house.bringing[1].once() == _FAILURES + 2


@pytest.mark.parametrize("words", ["x" * (2 << 20), object()])
async def test_of_what_can_never_be_an_event_it_is_kept_that_it_happened(house: House, words: object) -> None:
    """Too large, or nothing that an event holds: what became of whom stands there, its words do not."""
    write = house.bringing[0].write
    given = {"what": "denied", "approval": "apr-1", "why": words, "operation": "sql.write"}
    reference = await asyncio.to_thread(write, "change-7", given, False)
    (said,) = house.said(house.folders[0])
    assert said == {"change": "change-7", "what": "denied", "approval": "apr-1", "why": LOST}
    assert await asyncio.to_thread(write, "change-7", given, True) == reference
