"""What advanced goes into the tree, and its head to the anchors."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.recording.day import SIGNER, Gateway, Ticking

from interlock.model import Principal
from interlock.recording import Recordings, verify
from interlock.recording.anchoring import Anchoring
from interlock.recording.entries import recent_heads
from interlock.recording.ledger import HEADS, TREE

_ERIKA = Principal("demo", "https://issuer.example", "erika.mustermann")


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Callable[..., Gateway]]:
    """Starts a gateway on the folder, as often as asked."""
    made: list[Gateway] = []
    clock = Ticking()

    def make(name: str = "one") -> Gateway:
        made.append(Gateway(tmp_path / "recordings", name, clock))
        return made[-1]

    yield make
    for each in made:
        each.kill()


def _entries(gateway: Gateway) -> list[tuple[str, str, int]]:
    return [
        (event.kind, str(event.data.get("name", "")), int(str(event.data.get("seq", 0))))
        for event in gateway.ledger.leaves()
    ]


def test_only_what_advanced_gets_an_entry(gateway) -> None:
    """A session once each time, its index, the log; nothing new makes neither entry nor head."""
    one = gateway()
    session = one.recordings.session(_ERIKA, "run-1")
    one.advance()
    session.append("decision", {})
    session.append("decision", {})
    one.recordings.refusal({"reason": "token-missing", "peer": "192.0.2.1"})
    one.advance()
    one.advance()
    kinds = [(kind, seq) for kind, _, seq in _entries(one)]
    assert kinds == [("opened", 0), ("session", 1), ("file", 0), ("session", 3), ("log", 2)]
    heads = recent_heads(one.folder / TREE / "one" / HEADS)
    assert [head.size for head in heads] == [3, 5]
    assert (one.folder.parent / "heads.jsonl").read_bytes().splitlines() == [head.line for head in heads]


def test_what_a_killed_gateway_left_is_vouched_for_by_the_next(gateway) -> None:
    """Events after its last head, sessions that it began since, and those that were recovered."""
    one = gateway()
    first = one.recordings.session(_ERIKA, "run-1")
    one.advance()
    first.append("decision", {})
    second = one.recordings.session(_ERIKA, "run-2")
    one.kill()
    two = gateway("two")
    assert {chain.name for chain in two.recordings.recover()} == {first.id, second.id}
    two.advance()
    assert {name: seq for kind, name, seq in _entries(two) if kind == "session"} == {first.id: 3, second.id: 2}
    found = verify(two.folder, keys=[SIGNER.public], heads=[two.folder.parent / "heads.jsonl"])
    assert found.ok
    assert {chain.sure for chain in found.chains} == {3, 2}


def test_recordings_from_before_there_were_trees_are_vouched_for_from_now_on(gateway, record, erika) -> None:
    """As they are found: what happened to them before nobody knows."""
    older = record()
    session = older.session(erika, "run-1")
    older.close()
    one = Gateway(older.folder, "one", Ticking())
    one.advance()
    assert ("session", session.id, 2) in _entries(one)
    found = verify(older.folder, keys=[SIGNER.public], heads=[older.folder.parent / "heads.jsonl"])
    assert found.ok
    one.kill()


def test_what_cannot_be_written_waits_and_is_said(gateway, caplog: pytest.LogCaptureFixture) -> None:
    """Health says that it fails; the next time everything is there."""
    one = gateway()
    session = one.recordings.session(_ERIKA, "run-1")
    leaves = one.folder / TREE / "one" / "leaves.jsonl"
    one.ledger._leaves.release()
    leaves.rename(leaves.with_name("aside"))
    assert not one.anchoring.advance(one.recordings.tips.take())
    assert one.anchoring.health()["failing"] is True
    assert "The tree of the recordings cannot be kept: " in caplog.text
    leaves.with_name("aside").rename(leaves)
    one.advance()
    assert one.anchoring.health()["failing"] is False
    assert ("session", session.id, 1) in _entries(one)


def test_a_restart_sends_the_last_head_again(gateway) -> None:
    """An earlier process may not have been able to."""
    one = gateway()
    one.recordings.session(_ERIKA, "run-1")
    one.advance()
    one.kill()
    heads = one.folder.parent / "heads.jsonl"
    heads.unlink()
    one = gateway()
    one.advance()
    assert heads.exists()


def test_a_new_tree_does_not_vouch_for_all_of_an_old_folder_again(gateway) -> None:
    """Gateways with ever new names (containers) add what changed since the last head of any tree."""
    one = gateway()
    old = one.recordings.session(_ERIKA, "run-1")
    one.stop()
    os.utime(old.folder / "evidence.jsonl", (1_000_000_000, 1_000_000_000))
    two = gateway("two")
    two.advance()
    assert old.id not in {name for _, name, _ in _entries(two)}


def test_kept_rules_and_wrapped_keys_are_vouched_for_as_they_are(gateway) -> None:
    """Once, and again when they change."""
    one = gateway()
    key = one.folder / ".keys" / f"{'a' * 16}.json"
    key.parent.mkdir()
    key.write_text("{}")
    (key.parent / "other").write_text("nobody's")
    one.advance()
    one.advance()
    assert [name for kind, name, _ in _entries(one) if kind == "whole"] == [f".keys/{key.name}"]
    key.write_text("{ }")
    one.advance()
    assert [kind for kind, _, _ in _entries(one)].count("whole") == 2


def test_with_durability_power_only_what_is_on_the_disk_is_vouched_for(tmp_path: Path) -> None:
    """Events that were synced, flows that are synced now: a power failure makes no entry a lie."""
    one = Gateway(tmp_path / "recordings", "one", Ticking())
    one.recordings.close()
    one.recordings = Recordings(one.folder, one.clock, durability="power")
    one.anchoring = Anchoring(one.folder, one.ledger, [], one.clock, durable=True)
    session = one.recordings.session(_ERIKA, "run-1")
    assert asyncio.run(session.durable()) is None
    session.append("decision", {})
    ((tip,), _, _) = one.recordings.tips.take()
    assert tip.seq in (1, 2)
    assert tip.waiting == (tip.seq == 1)
    asyncio.run(session.durable())
    one.recordings.tips.session(session)
    assert one.anchoring.advance(one.recordings.tips.take())
    assert ("session", session.id, 2) in _entries(one)
    one.recordings.close()
    one.kill()
