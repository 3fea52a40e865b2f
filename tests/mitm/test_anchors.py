"""A real gateway has what it records vouched for while it runs, and when it ends."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.mitm.conftest import Start
from tests.mitm.harness import Running

from interlock.mitm.anchors import Anchors
from interlock.recording import list_sessions, verify
from interlock.recording.event import parse
from interlock.recording.ledger import HEADS, TREE
from interlock.recording.signing import read_private

_PATIENCE = 60.0
_NOT_EVIDENCE = re.compile(r"\.open/|pins|.*\.sqlite|.*lock$")


def _rules(tmp_path: Path, anchors: str, every: str = "1s") -> None:
    (tmp_path / "rules").mkdir()
    text = f"version: 1\nrecording:\n  anchor_every: {every}\n  signing_key: file:key.pem\n  anchors: {anchors}\n"
    (tmp_path / "rules" / "recording.yaml").write_text(text)
    (tmp_path / "rules" / "key.pem").write_text("A" * 43 + "=\n")


async def _health(gateway: Running) -> Any:
    async with gateway.reverse() as client:
        return (await client.get("/-/interlock/health")).json()["evidence"]


async def _until(gateway: Running, holds: Callable[[Any], bool]) -> Any:
    end = time.monotonic() + _PATIENCE
    while not holds(found := await _health(gateway)):
        assert time.monotonic() < end, found
        await asyncio.sleep(0.05)
    return found


def _evidence(folder: Path) -> list[tuple[str, Path]]:
    """Every file but locks, and what the gateway works with (databases, pins)."""
    files = [(file.relative_to(folder).as_posix(), file) for file in sorted(folder.rglob("*")) if file.is_file()]
    return [(name, file) for name, file in files if file.stat().st_size and not _NOT_EVIDENCE.match(name)]


async def test_what_a_gateway_records_is_anchored_and_verifies(start: Start, tmp_path: Path, url) -> None:
    """While it runs every second, the end when it ends; with the public key and the anchored heads alone."""
    _rules(tmp_path, f"[{{to: file, path: {tmp_path / 'heads.jsonl'}}}]")
    async with start() as gateway:
        async with gateway.forward(gateway.token(), run="run-1") as client:
            assert (await client.get(url("docs"))).status_code == 200
        await _until(gateway, lambda found: found["anchors"][0]["age"] is not None)
        (session,) = list_sessions(tmp_path / "recordings")
        tree = gateway.services.recorder().tree
        async with gateway.forward(gateway.token(), run="run-1") as client, gateway.forward("no token") as stranger:
            await client.get(url("docs"))
            await stranger.get(url("docs"))
        head = parse((tmp_path / "heads.jsonl").read_bytes().splitlines()[0])[0]
        assert head is not None
        assert head.data["tree"] == tree
    key = read_private("A" * 43 + "=").public
    found = verify(tmp_path / "recordings", keys=[key], heads=[tmp_path / "heads.jsonl"])
    assert [finding for finding in found.all_findings if finding.grave] == []
    (report,) = [chain for chain in found.chains if chain.name == session.id]
    assert (report.state, report.sure) == ("closed", report.last)
    assert [tree.final for tree in found.trees] == [True]

    def changed(file: Path, content: bytes) -> set[str]:
        before = file.read_bytes()
        file.write_bytes(content)
        found = verify(tmp_path / "recordings", keys=[key], heads=[tmp_path / "heads.jsonl"])
        file.write_bytes(before)
        return {finding.file for finding in found.all_findings if finding.grave}

    for name, file in _evidence(tmp_path / "recordings"):
        content, middle = file.read_bytes(), file.stat().st_size // 2
        assert name in changed(file, content[:middle] + bytes([content[middle] ^ 4]) + content[middle + 1 :])
        assert name in changed(file, content[:middle])


async def test_an_anchor_that_is_away_is_loud_and_holds_nothing_up(
    start: Start, tmp_path: Path, url, caplog: pytest.LogCaptureFixture
) -> None:
    """Requests pass, health says that it fails and for how long; when it is back, the newest head is there."""
    away = tmp_path / "away"
    _rules(tmp_path, f"[{{to: file, path: {away / 'heads.jsonl'}}}]")
    async with start() as gateway:
        async with gateway.forward(gateway.token(), run="run-1") as client:
            assert (await client.get(url("docs"))).status_code == 200
            found = await _until(gateway, lambda found: found["anchors"][0]["failing"])
            assert (found["failing"], found["anchors"][0]["age"]) == (False, None)
            assert (await client.get(url("docs"))).status_code == 200
        assert "The anchor file does not keep tree heads: " in caplog.text
        away.mkdir()
        found = await _until(gateway, lambda found: not found["anchors"][0]["failing"])
        assert found["anchors"][0]["age"] is not None
    (folder,) = (tmp_path / "recordings" / TREE).iterdir()
    kept = (away / "heads.jsonl").read_bytes().splitlines()
    assert kept[-1] in (folder / HEADS).read_bytes().splitlines()


async def test_a_key_that_cannot_be_read_stops_the_start(
    start: Start, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing passes: what it would record nobody could vouch for. The message names the setting, not the key."""
    _rules(tmp_path, "[]")
    (tmp_path / "rules" / "key.pem").write_text("bm90IGEga2V5")
    async with start(wait=False) as gateway:
        assert gateway.task is not None
        await asyncio.wait_for(asyncio.shield(gateway.task), _PATIENCE)
    assert "recording.signing_key (file:key.pem): the key is neither" in caplog.text
    assert "bm90" not in caplog.text


async def test_without_a_key_one_is_made_beside_the_recordings(start: Start, tmp_path: Path, url) -> None:
    """Readable by the owner alone."""
    async with start() as gateway, gateway.forward(gateway.token(), run="run-1") as client:
        await client.get(url("docs"))
    key = tmp_path / "recordings" / TREE / "signing-key.pem"
    assert key.stat().st_mode & 0o777 == 0o600
    assert verify(tmp_path / "recordings", keys=[read_private(key.read_text()).public]).ok


async def test_no_log_turns_over_before_the_tree_is_open(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refusals of the moment in which it is loaded already wait for it."""
    opening, awaited = Anchors.start, list[bool]()

    async def looked_at(anchors: Anchors) -> None:
        awaited.append(anchors._services.recorder().tips.awaited)
        await opening(anchors)

    monkeypatch.setattr(Anchors, "start", looked_at)
    async with start() as gateway:
        assert gateway.services.recorder().tips.awaited
    assert awaited == [True]
