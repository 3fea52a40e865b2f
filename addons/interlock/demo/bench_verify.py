"""`scripts/bench verify`: how fast recordings are verified, against their tree, its signatures and an anchored head.

Records a folder of about so many megabytes through the real classes, with the sizes of events and flows that the
demo's day has, and verifies it as `interlock verify` does.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from interlock.clocks import SystemClock
from interlock.model import JSON, Principal
from interlock.recording import FlowSnapshot, Recordings, RequestSnapshot, verify
from interlock.recording.anchor import Target, known_sinks
from interlock.recording.anchoring import Anchoring
from interlock.recording.ledger import Ledger
from interlock.recording.signing import Signer, make_key

__all__ = ["main", "record"]

_SESSIONS = 40
_PAIR = 1130
"""Bytes of a decision and its answer in the evidence, about."""
_PAUSE = 0.005
_EVENTS_AN_ANCHOR = 200
_BODY = b'{"rows": [' + b'{"id": 4711, "customer": "<<token:email:1>>", "total": "12.50"}, ' * 12 + b"{}]}"
_DECISION: dict[str, JSON] = {
    "effect": "permit", "reason": "permitted", "rule": "analysts-read", "method": "POST", "connection": "warehouse",
    "origin": "https://warehouse.example.com", "path": "/query", "placement": "forward", "request": "a" * 64,
    "operations": [{"name": "sql.read", "access": "read", "place": "$.sql", "tables": ["public.orders"]}],
    "masked": [{"rule": "people", "detector": "email", "place": "$.rows[0]", "action": "token", "digest": "b" * 32}],
}  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Record, verify a few times, and print the rate; JSON in a pipe."""
    parser = argparse.ArgumentParser(prog="scripts/bench verify", description="How fast recordings are verified.")
    parser.add_argument("--megabytes", type=int, default=100, help="how much evidence (default: 100)")
    parser.add_argument("--rounds", type=int, default=3, help="how often it is verified (default: 3)")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="interlock-bench-") as folder:
        signer = record(Path(folder), options.megabytes * 1_000_000)
        files = [path for path in (Path(folder) / "recordings").rglob("*") if path.is_file()]
        size = sum(path.stat().st_size for path in files)
        evidence = sum(path.stat().st_size for path in files if path.suffix == ".jsonl")
        seconds = []
        for _ in range(options.rounds):
            started = time.perf_counter()
            found = verify(Path(folder) / "recordings", keys=[signer.public], heads=[Path(folder) / "heads.jsonl"])
            seconds.append(time.perf_counter() - started)
            if not found.ok or not all(tree.anchored_at for tree in found.trees):
                sys.stderr.write("what was just recorded does not verify\n")
                return 1
    best = sorted(seconds)[len(seconds) // 2]
    report = {
        "megabytes": round(size / 1e6, 1),
        "of_events": round(evidence / 1e6, 1),
        "seconds": round(best, 2),
        "megabytes_per_second": round(size / 1e6 / best, 1),
        "rounds": [round(one, 2) for one in seconds],
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
    }
    if Console().is_terminal:
        what = f"{report['megabytes']} MB ({report['of_events']} MB of them events)"
        how = f"{report['seconds']} s: {report['megabytes_per_second']} MB/s on {report['cores']} cores"
        Console().print(f"{what} in {how}")
    else:
        sys.stdout.write(json.dumps(report) + "\n")
    return 0


def record(folder: Path, wanted: int) -> Signer:
    """Records about so many bytes of events under `folder`, with flows beside them; returns who signed the tree."""
    recordings_folder, signer = folder / "recordings", make_key(folder / "key.pem")
    ledger = Ledger(recordings_folder, "bench", signer, SystemClock())
    anchors = [(known_sinks()["file"], Target(path=folder / "heads.jsonl"))]
    anchoring = Anchoring(recordings_folder, ledger, anchors, SystemClock(), gentle=False)
    recordings = Recordings(recordings_folder, SystemClock(), rules_digest="ab" * 32)
    recordings.tree = ledger.name
    people = [Principal("bench", "https://issuer.example", f"agent-{number}") for number in range(_SESSIONS)]
    request = RequestSnapshot(
        method="POST", scheme="https", host="warehouse.example.com", port=443, path="/", body=_BODY
    )
    written = count = 0
    while written < wanted:
        if not recordings.healthy():
            time.sleep(_PAUSE)
            continue
        session = recordings.session(people[count % _SESSIONS], f"run-{count % _SESSIONS}")
        reference = session.append("decision", _DECISION)
        session.append("response", {"decision": reference, "status": 200, "response": "c" * 64, "masked": []})
        session.flow(FlowSnapshot(id=f"{count}", request=request))
        count += 1
        written += _PAIR
        if count % _EVENTS_AN_ANCHOR == 0:
            anchoring.advance(recordings.tips.take())
    recordings.close()
    anchoring.close(recordings.tips.take())
    return signer


if __name__ == "__main__":
    sys.exit(main())
