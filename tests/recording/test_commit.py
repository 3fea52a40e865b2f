"""Group commit: written at once, on the disk by one sync for many."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from interlock.errors import Refused
from interlock.reasons import Reason
from interlock.recording import Session, verify
from interlock.recording.chain import Chain
from interlock.recording.commit import Committer


@pytest.fixture
def commit() -> Iterator[Committer]:
    committer = Committer()
    yield committer
    committer.close(5.0)


def _chain(path: Path) -> Chain:
    chain = Chain(path)
    chain.create()
    return chain


async def _add(commit: Committer, chain: Chain, number: int) -> int:
    chain.append("decision", {"n": number}, 1.0)
    commit.touch(chain)
    seq = chain.seq
    await commit.durable(chain)
    assert chain.kept[0] >= seq
    return seq


def test_many_requests_share_the_syncs(commit: Committer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two hundred events of four sessions, far fewer syncs, and each is kept when its caller goes on."""
    synced: list[int] = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda fd: synced.append(fd) or real(fd))
    chains = [_chain(tmp_path / f"{number}.jsonl") for number in range(4)]

    async def client(number: int) -> None:
        for turn in range(10):
            await _add(commit, chains[number % 4], turn)

    async def everybody() -> None:
        await asyncio.gather(*(client(number) for number in range(20)))

    asyncio.run(everybody())
    assert [chain.kept for chain in chains] == [chain.end for chain in chains]
    assert 4 <= len(synced) <= 100


def test_the_event_loop_never_syncs(commit: Committer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow disk holds up those who wait for it and nobody else."""
    threads: set[str] = set()
    monkeypatch.setattr(os, "fsync", lambda fd: threads.add(threading.current_thread().name))
    chain = _chain(tmp_path / "evidence.jsonl")
    chain.fresh = (tmp_path,)
    asyncio.run(_add(commit, chain, 1))
    assert threads
    assert all(name.startswith("interlock-") for name in threads)


def test_a_failed_sync_refuses_all_who_wait_and_doubts_the_chain(commit: Committer, tmp_path: Path) -> None:
    """A folder that cannot be synced: its file might not be found again, so nothing of it counts."""
    good, bad = _chain(tmp_path / "good.jsonl"), _chain(tmp_path / "bad.jsonl")
    bad.fresh = (tmp_path / "gone",)

    async def everybody() -> list[object]:
        adds = (_add(commit, chain, number) for number, chain in enumerate((bad, good, bad)))
        return await asyncio.gather(*adds, return_exceptions=True)

    first, second, third = asyncio.run(everybody())
    assert (isinstance(first, OSError), second, isinstance(third, OSError)) == (True, 1, True)
    assert (bad.doubtful, bad.kept[0], good.doubtful) == (True, 0, False)
    (tmp_path / "gone").mkdir()
    assert asyncio.run(_add(commit, bad, 9)) == 4
    assert (bad.doubtful, bad.fresh) == (False, ())
    assert b'"data":{"unsynced":2}' in bad.path.read_bytes()


def test_who_asks_after_a_failed_sync_is_refused_as_well(commit: Committer, tmp_path: Path) -> None:
    """The failure is not forgotten before the chain was read back."""
    chain = _chain(tmp_path / "bad.jsonl")
    chain.fresh = (tmp_path / "gone",)

    async def twice() -> None:
        with pytest.raises(OSError):
            await _add(commit, chain, 1)
        with pytest.raises(OSError, match="could not be synced"):
            await commit.durable(chain)

    asyncio.run(twice())


def test_what_nobody_waits_for_is_synced_at_the_latest_when_it_closes(tmp_path: Path) -> None:
    """Events in the middle of a stream are not waited for, and not forgotten."""
    commit, chain = Committer(), _chain(tmp_path / "evidence.jsonl")
    chain.append("reply", {}, 1.0)
    commit.touch(chain)
    assert commit.close(5.0)
    assert chain.kept == chain.end
    with pytest.raises(OSError, match="closed"):
        commit.touch(chain)
    assert commit.sync(chain.path)
    assert not commit.sync(tmp_path / "missing")


def test_a_session_awaits_the_disk_with_power_and_nothing_with_process(record, erika) -> None:
    """Salt, folders and the index of runs are on the disk too when the first event counts."""
    process, power = record().session(erika, "run-1"), record(durability="power").session(erika, "run-2")

    async def both() -> None:
        for session in (process, power):
            session.append("decision", {})
            await session.durable()

    asyncio.run(both())
    assert (process.power, power.power) == (False, True)
    assert (process._chain.kept[0], power._chain.kept[0], power._chain.fresh) == (0, 2, ())


def test_a_session_that_cannot_be_synced_refuses_until_it_can(record, erika, folder) -> None:
    """With the reason and the hint of everything that cannot be recorded; afterwards the chain holds."""
    recordings = record(durability="power")
    session: Session = recordings.session(erika, "run-1")
    salt = session.folder / "salt"
    salt.rename(folder / "away")

    async def add() -> None:
        session.append("decision", {})
        await session.durable()

    with pytest.raises(Refused) as refused:
        asyncio.run(add())
    assert refused.value.reason is Reason.RECORDING_UNAVAILABLE
    assert refused.value.hint
    (folder / "away").rename(salt)
    asyncio.run(add())
    recordings.close()
    assert verify(folder).ok
