"""A recorded day: several sessions of several people, logs that rotated, what was deleted on purpose; with its anchors.

Recorded through the real classes, by two gateways on one folder, over a restart.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from interlock.model import Principal
from interlock.recording import FlowSnapshot, Limits, Recordings, RequestSnapshot
from interlock.recording.anchor import Target, known_sinks
from interlock.recording.anchoring import Anchoring
from interlock.recording.kept_rules import keep_rules, rules_digest
from interlock.recording.ledger import Ledger
from interlock.recording.review_log import ReviewLog
from interlock.recording.shipment import Sent, Shipments
from interlock.recording.signing import PublicKey, Signer, read_private

__all__ = ["SIGNER", "Day", "Gateway", "Ticking", "record_day"]

SIGNER = read_private("A" * 43 + "=")
_FLOW = FlowSnapshot(id="1", request=RequestSnapshot(method="GET", scheme="http", host="a.example", port=80, path="/"))


class Ticking:
    """A millisecond passes whenever somebody looks."""

    def __init__(self) -> None:
        self.seconds = 1_767_225_600.25

    def now(self) -> float:
        self.seconds += 0.001
        return self.seconds

    def monotonic(self) -> float:
        return self.seconds


@dataclass
class Gateway:
    """One gateway on a folder, as `interlock run` puts it together; heads are anchored in a file beside the folder."""

    folder: Path
    name: str
    clock: Ticking
    signer: Signer = SIGNER

    def __post_init__(self) -> None:
        self.folder.mkdir(exist_ok=True)
        self.ledger = Ledger(self.folder, self.name, self.signer, self.clock)
        anchor = known_sinks()["file"], Target(path=self.folder.parent / "heads.jsonl")
        self.anchoring = Anchoring(self.folder, self.ledger, [anchor], self.clock)
        self.recordings = Recordings(self.folder, self.clock, rules_digest="ab" * 32, limits=Limits(refusal_bytes=1500))
        self.recordings.tree = self.ledger.name

    def advance(self) -> None:
        """Ten seconds have passed; the anchor has the head when this returns."""
        assert self.anchoring.advance(self.recordings.tips.take())
        self.settle()

    def settle(self) -> None:
        """Waits until the anchor has what it was offered."""
        for sender in self.anchoring._senders:
            with sender._changed:
                assert sender._changed.wait_for(lambda sender=sender: not sender._line and not sender._busy, 10)

    def stop(self) -> None:
        """In good order."""
        self.recordings.close()
        assert self.anchoring.close(self.recordings.tips.take())

    def kill(self) -> None:
        """Without another word: files and locks are given back, as the system does it."""
        self.ledger.close()
        self.recordings._shared.held.close()
        self.recordings._refusals.close()
        for session in list(self.recordings._live.values()):
            session.release()


@dataclass
class Day:
    """Where it lies, where its heads were anchored, and by whose key."""

    folder: Path
    heads: Path
    key: PublicKey
    restore: Callable[[], None] = lambda: None


def _people(number: int) -> Principal:
    return Principal("demo", "https://issuer.example", ("erika.mustermann", "max.mustermann")[number % 2])


def record_day(parent: Path, *, running: bool) -> Day:
    """A day that ended in good order, or (`running`) one whose gateways still run, anchored a moment ago."""
    folder, clock = parent / "recordings", Ticking()
    one, two = Gateway(folder, "one", clock), Gateway(folder, "two", clock)
    rules = parent / "rules"
    (rules / "packs").mkdir(parents=True)
    (rules / "rules.yaml").write_text("version: 1\n")
    (rules / "packs" / "own.yaml").write_text("pack: own\n")
    keep_rules(folder, rules, rules_digest(rules))
    erased = one.recordings.session(_people(0), "to-be-deleted")
    salted = one.recordings.session(_people(1), "salt-erased")
    for number in range(4):
        _work(one, two, number)
        one.advance()
        two.advance()
    for session in (erased, salted):
        session.append("decision", {"n": 0})
        session.close("idle")
    one.advance()
    one.ledger.tombstone(erased.id, "retention", "rule-30d")
    one.ledger.tombstone(salted.id, "asked for", what="salt")
    shutil.rmtree(erased.folder)
    (salted.folder / "salt").unlink()
    one.advance()
    one.kill()
    one = Gateway(folder, "one", clock)
    one.recordings.recover()
    ReviewLog(folder, clock).add({"campaign": "spring", "what": "opened"})
    shipments = Shipments(folder, "box", clock)
    shipments.note(erased.id, (Sent("evidence.jsonl", 10, "a" * 64),))
    shipments.close()
    _work(one, two, 4)
    for gateway in (one, two):
        gateway.advance() if running else gateway.stop()
    if running:
        one.advance()

    def restore() -> None:
        one.kill()
        two.kill()

    return Day(folder, parent / "heads.jsonl", SIGNER.public, restore)


def _work(one: Gateway, two: Gateway, number: int) -> None:
    for gateway in (one, two):
        session = gateway.recordings.session(_people(number % 3), f"{gateway.name}-{number % 3}")
        for count in range(3):
            session.append("decision", {"n": count, "rule": "analysts-read"})
        session.flow(_FLOW)
        gateway.recordings._shared.writer.settle(session._flows, 5)
        for peer in range(3):
            gateway.recordings.refusal({"reason": "token-missing", "peer": f"192.0.2.{number * 8 + peer}"})
