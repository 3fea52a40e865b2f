"""What the tests of `erase`, `retain`, `ship` and `rewrap` share: recordings of some time ago, and rules for them."""

from __future__ import annotations

import os
import time
from pathlib import Path

from interlock.engine.recording_keys import gateway_keys
from interlock.engine.rules import load_rules
from interlock.model import Principal
from interlock.recording import FlowSnapshot, Recordings, RequestSnapshot

__all__ = ["ERIKA", "ISSUER", "MAX", "record", "write_rules"]

ISSUER = "https://issuer.example"
ERIKA, MAX = Principal("demo", ISSUER, "erika.mustermann"), Principal("demo", ISSUER, "max.mustermann")
_FLOW = FlowSnapshot(id="1", request=RequestSnapshot(method="GET", scheme="http", host="a.example", port=80, path="/"))
_DAY = 86400.0


class _Past:
    """Clocks that stand so many days ago."""

    def __init__(self, days: float) -> None:
        self.seconds = time.time() - days * _DAY

    def now(self) -> float:
        return self.seconds

    def monotonic(self) -> float:
        return self.seconds


def write_rules(tmp_path: Path, recording: str) -> Path:
    """Rules with this `recording:` section; their recordings lie beside them."""
    folder = tmp_path / "rules"
    folder.mkdir(exist_ok=True)
    (folder / "rules.yaml").write_text(f"version: 1\nrecording: {recording}\n")
    return folder


def record(rules: Path, *principals: Principal, days: float = 40.0) -> list[str]:
    """A closed session of each, so many days ago."""
    loaded = load_rules(rules)
    recordings = Recordings(loaded.gateway.recordings, _Past(days), keys=gateway_keys(loaded))
    names = []
    for principal in principals:
        session = recordings.session(principal, f"run-{os.urandom(4).hex()}")
        acting = {"acting_for": principal.acting_for} if principal.acting_for else {}
        session.append("principal", {"groups": [], **acting})
        session.flow(_FLOW)
        names.append(session.id)
    recordings.close()
    return names
