"""A gateway that encrypts, ships and deletes: nothing readable on the disk, everything readable with the key."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
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
    secret_key: env:S3_SECRET}}]
  retain: [{{id: month, for: 30d}}]
"""


class _Past:
    """Two months ago."""

    def now(self) -> float:
        return time.time() - 60 * 86400

    def monotonic(self) -> float:
        return 0.0


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _interlock(*words: object, key: bool = True) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if name != "INTERLOCK_RULES"}
    env |= {"INTERLOCK_RECORDING_KEY": _KEYS["RECORDING_KEY"]} if key else {}
    command = [Path(sys.executable).with_name("interlock"), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, errors="replace", env=env, check=False, timeout=60)


def test_encrypted_shipped_and_deleted(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One day of a gateway: a request is recorded encrypted; at the next start the closed session is shipped, and one
    of two months ago goes once it is; everything verifies without any key.
    """
    for name, value in _KEYS.items():
        monkeypatch.setenv(name, value)
    world.forget()
    with s3() as server:
        gateway = prepare(world, tmp_path, "interlock")
        (tmp_path / "rules/keeping.yaml").write_text(_RULES.format(endpoint=server.endpoint))
        old = Recordings(gateway.recordings, _Past())
        gone = old.session(Principal("demo", "https://issuer.example", "max"), "run-old").id
        old.close()
        with gateway, gateway.direct(world.token("analyst"), **{"x-interlock-run": "run-keeps"}) as client:
            answer = client.post(f"{gateway.at('warehouse')}/v1/query", json={"query": _QUERY})
        assert answer.status_code == 200
        (kept,) = {path.parent.name for path in gateway.recordings.glob("*/evidence.jsonl")} - {gone}
        raw = b"".join(path.read_bytes() for path in (gateway.recordings / kept).iterdir())
        raw += b"".join(path.read_bytes() for path in (gateway.recordings / ".runs").iterdir())
        assert not [word for word in (b"erika", b"Ziegelhausen", b"run-keeps", b"warehouse", b"analyst") if word in raw]
        with gateway:
            _until(lambda: f"/bucket/evidence/{kept}/evidence.jsonl" in server.objects)
            _until(lambda: not (gateway.recordings / gone).exists())
        assert server.unsigned == 0
        shipped = {name.removeprefix("/bucket/evidence/"): body for name, body in server.objects.items()}

    assert {name for name in shipped if name.startswith(kept)} == {f"{kept}/evidence.jsonl", f"{kept}/flows.mitm"}
    assert any(name.startswith("heads/") for name in shipped)
    copy = tmp_path / "fetched"
    for name, body in shipped.items():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_bytes(body)
    assert verify(copy / kept).ok
    assert verify(copy).ok
    (copy / kept / "evidence.jsonl").write_bytes(shipped[f"{kept}/evidence.jsonl"].replace(b"a", b"b", 1))
    assert not verify(copy).ok
    found = verify(gateway.recordings)
    assert found.ok, found
    assert gone in "".join(path.read_text() for path in (gateway.recordings / TREE).glob("*/leaves.jsonl"))
    here = ("--recordings", gateway.recordings)
    assert "Ziegelhausen" in _interlock("flows", kept, *here).stdout
    assert "analysts-read" in _interlock("sessions", "show", kept, *here).stdout
    assert "erika" in _interlock("sessions", *here).stdout
    blind = _interlock("sessions", *here, key=False).stdout
    assert ("sealed" in blind, "erika" in blind) == (True, False)
