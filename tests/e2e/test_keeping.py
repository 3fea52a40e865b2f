"""A gateway that encrypts, ships and deletes: nothing readable on the disk, everything readable with the key."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from tests.e2e.harness import World, prepare
from tests.servers.s3 import ACCESS_KEY, s3

from interlock.model import Principal
from interlock.recording import Recordings, verify
from interlock.recording.ledger import TREE

_QUERY = "SELECT name FROM customers WHERE city = 'Ziegelhausen'"
_KEYS = {"RECORDING_KEY": "11" * 32, "S3_ID": ACCESS_KEY, "S3_SECRET": "hunter2"}
_RULES = """\
version: 1
recording:
  encrypt: env:RECORDING_KEY
  ship: [{{to: "s3://bucket/evidence", region: eu-test-1, endpoint: "{endpoint}", access_key: env:S3_ID,
    secret_key: env:S3_SECRET, keys: true, every: 5s}}]
  retain: [{{id: month, for: 30d}}]
"""


class _Past:
    """Two months ago."""

    def now(self) -> float:
        return time.time() - 60 * 86400

    def monotonic(self) -> float:
        return 0.0


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _interlock(*words: object, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "INTERLOCK_RECORDING_KEY": _KEYS["RECORDING_KEY"], **(env or {})}
    command = [Path(sys.executable).with_name("interlock"), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, errors="replace", env=env, check=False, timeout=60)


def test_encrypted_shipped_and_deleted(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two days of a gateway: a request is recorded encrypted, shipped while its session is in use, and the gateway
    killed; the next one closes the session and ships the rest, and deletes one of two months ago. What is fetched is
    what was recorded, byte for byte, and everything verifies without any key; then a person is erased, here and where
    it was shipped, every piece.
    """
    for name, value in _KEYS.items():
        monkeypatch.setenv(name, value)
    world.forget()
    with s3() as server:
        gateway = prepare(world, tmp_path, "interlock")
        rules, folder = tmp_path / "rules", gateway.recordings
        (rules / "keeping.yaml").write_text(_RULES.format(endpoint=server.endpoint))
        old = Recordings(folder, _Past())
        gone = old.session(Principal("demo", "https://issuer.example", "max"), "run-old").id
        old.close()
        with gateway, gateway.direct(world.token("analyst"), **{"x-interlock-run": "run-keeps"}) as client:
            answer = client.post(f"{gateway.at('warehouse')}/v1/query", json={"query": _QUERY})
            (kept,) = {path.parent.name for path in folder.glob("*/evidence.jsonl")} - {gone}
            first = f"/bucket/evidence/{kept}/evidence.jsonl"
            noted = f'"name":"{kept}","objects":[{{"bytes":'.encode()
            _until(lambda: [line for line in _ledger(folder) if noted in line and b'"name":"evidence.jsonl"' in line])
            assert b'"kind":"closed"' not in server.objects[first]
            os.kill(gateway.process.pid, signal.SIGKILL)
        assert answer.status_code == 200
        raw = b"".join(path.read_bytes() for path in (folder / kept).iterdir())
        raw += b"".join(path.read_bytes() for path in (folder / ".runs").iterdir())
        assert not [word for word in (b"erika", b"Ziegelhausen", b"run-keeps", b"warehouse", b"analyst") if word in raw]
        with gateway:
            _until(lambda: any(name.startswith(f"{first}.") for name in server.objects))
            _until(lambda: not (folder / gone).exists())
        assert any(name.startswith("/bucket/evidence/heads/") for name in server.objects)
        fetched = _interlock("fetch", "s3", tmp_path / "fetched", "--rules", rules, env=world.services.environment)
        assert fetched.returncode == 0, fetched.stdout + fetched.stderr
        _fetched_copies_verify(tmp_path / "fetched", folder / kept)
        found = verify(folder)
        assert found.ok, found
        assert gone in "".join(path.read_text() for path in (folder / TREE).glob("*/leaves.jsonl"))
        assert "Ziegelhausen" in _interlock("flows", kept, "--recordings", folder).stdout

        issuer = world.services.issuer.url
        words = ("--issuer", issuer, "--subject", "erika", "--why", "a request", "--yes", "--rules", rules)
        erased = _interlock("erase", *words, env=world.services.environment)
        assert (erased.returncode, "erased" in erased.stdout) == (0, True), erased.stderr
        assert _interlock("ship", "--now", "--rules", rules, env=world.services.environment).returncode == 0
        assert [name for name in server.objects if name.endswith("/key")] == []
        assert first in server.objects
        assert server.unsigned == 0
    assert "was erased" in _interlock("flows", kept, "--recordings", folder).stderr
    assert verify(folder).ok


def _ledger(folder: Path) -> list[bytes]:
    """What was noted of shipping so far."""
    path = folder / ".ship/s3/shipped.jsonl"
    return path.read_bytes().splitlines() if path.exists() else []


def _fetched_copies_verify(copy: Path, recorded: Path) -> None:
    """What was shipped in pieces is the session, stands for itself, and a changed letter shows."""
    kept = copy / recorded.name
    assert {path.name: path.read_bytes() for path in kept.iterdir()} == {
        path.name: path.read_bytes() for path in recorded.iterdir()
    }
    assert sorted(path.name for path in kept.iterdir()) == ["evidence.jsonl", "flows.mitm", "key"]
    assert verify(kept).ok
    assert verify(copy).ok
    evidence = kept / "evidence.jsonl"
    evidence.write_bytes(evidence.read_bytes().replace(b"a", b"b", 1))
    assert not verify(copy).ok
