"""What happens to recordings later: shipped, kept, deleted, in a thread beside the requests."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from tests.recording.orders import Signs

from interlock.engine.keeper import Keeper, Passes, deletions
from interlock.engine.rules import Rules, load_rules
from interlock.model import Principal, Secret
from interlock.recording import FlowSnapshot, Recordings, RequestSnapshot, verify
from interlock.recording.deletion import Order
from interlock.recording.keyring import Keyring
from interlock.recording.keys import read_kek
from interlock.recording.ledger import Ledger
from interlock.recording.signing import make_key

_DAY = 86400.0
_ERIKA = Principal("demo", "https://issuer.example", "erika.mustermann")
_FLOW = FlowSnapshot(id="1", request=RequestSnapshot(method="GET", scheme="http", host="a.example", port=80, path="/"))


class StillClock:
    """Stands still until told."""

    def __init__(self) -> None:
        self.seconds = 1_767_225_600.0

    def now(self) -> float:
        return self.seconds

    def monotonic(self) -> float:
        return self.seconds


class Tombstones(Signs):
    """Remembers what was noted, and tells when."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str, str]] = []
        self.told = threading.Event()

    def tombstone(self, session: str, why: str, rule: str = "", *, what: str = "session") -> None:
        self.found.append((session, what, rule))
        self.told.set()


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


def _rules(tmp_path: Path, recording: str) -> Rules:
    (tmp_path / "rules").mkdir(exist_ok=True)
    (tmp_path / "rules/rules.yaml").write_text(f"version: 1\nrecording: {recording}\n")
    return load_rules(tmp_path / "rules")


def _record(tmp_path: Path, clock: StillClock, *runs: str) -> list[str]:
    recordings = Recordings(tmp_path / "recordings", clock)
    names = []
    for run in runs:
        session = recordings.session(_ERIKA, run)
        session.flow(_FLOW)
        names.append(session.id)
    recordings.close()
    return names


def _ship(tmp_path: Path) -> str:
    return f"ship: [{{to: 'file://{tmp_path}/archive'}}]"


async def test_a_session_is_deleted_after_it_was_shipped(tmp_path, clock) -> None:
    """While it is not there as it is here, it stays, however old it is."""
    (name,) = _record(tmp_path, clock, "run-1")
    passes = Passes(_rules(tmp_path, f"{{{_ship(tmp_path)}, retain: [{{id: default, for: 30d}}]}}"), clock)
    clock.seconds += 31 * _DAY
    assert [verdict.fate for verdict in passes.verdicts()] == ["unshipped"]
    assert (await passes.ship(10))["file"].shipped == 1
    assert [(verdict.session, verdict.fate) for verdict in passes.verdicts()] == [(name, "goes")]
    passes.close()


async def test_a_session_in_pieces_is_deleted_after_its_last_one(tmp_path, clock) -> None:
    """However much of it lies there: while its end does not, it stays."""
    recordings = Recordings(tmp_path / "recordings", clock)
    session = recordings.session(_ERIKA, "run-1")
    session.append("decision", {})
    passes = Passes(_rules(tmp_path, f"{{{_ship(tmp_path)}, retain: [{{id: default, for: 30d}}]}}"), clock)
    await passes.ship(10, now=True)
    recordings.close()
    clock.seconds += 31 * _DAY
    assert (tmp_path / "archive" / session.id / "evidence.jsonl").exists()
    assert [verdict.fate for verdict in passes.verdicts()] == ["unshipped"]
    assert (await passes.ship(10))["file"].shipped == 1
    assert [verdict.fate for verdict in passes.verdicts()] == ["goes"]
    passes.close()


async def test_while_another_process_ships_its_ledger_is_read(tmp_path, clock) -> None:
    """A dry run beside a gateway says what is so."""
    _record(tmp_path, clock, "run-1")
    rules = _rules(tmp_path, f"{{{_ship(tmp_path)}, retain: [{{id: default, for: 30d}}]}}")
    gateway, terminal = Passes(rules, clock), Passes(rules, clock)
    await gateway.ship(10)
    clock.seconds += 31 * _DAY
    assert [verdict.fate for verdict in terminal.verdicts()] == ["goes"]
    assert "another process" in (await terminal.ship(10))["file"].failed
    gateway.close()
    assert not (await terminal.ship(10))["file"].failed
    terminal.close()


async def test_a_place_that_is_not_named_any_more_is_let_go(tmp_path, clock) -> None:
    """Another process may then ship there."""
    rules = _rules(tmp_path, f"{{{_ship(tmp_path)}}}")
    passes, other = Passes(rules, clock), Passes(rules, clock)
    await passes.ship(10)
    passes.rules = _rules(tmp_path, "{}")
    assert await passes.ship(10) == {}
    assert not (await other.ship(10))["file"].failed
    other.close()


def test_what_was_erased_here_is_to_go_there(tmp_path, clock) -> None:
    """What retention deletes here stays there: a place has rules of its own for that."""
    (name,) = _record(tmp_path, clock, "run-1")
    (tmp_path / "recordings/.ship/s3").mkdir(parents=True)
    (tmp_path / "recordings/.ship/s3/shipped.jsonl").touch()
    deletion = deletions(tmp_path / "recordings", Tombstones())
    deletion.carry_out(Order(name, "flows", "asked for"))
    assert [path.name for path in (tmp_path / "recordings/.ship/s3/remove").iterdir()] == [f"{name}.flows"]
    deletion.carry_out(Order(name, "session", "old", "default"))
    assert len(list((tmp_path / "recordings/.ship/s3/remove").iterdir())) == 1


def test_the_thread_deletes_what_is_over(tmp_path, clock) -> None:
    """By itself, with a tombstone that names the rule; the younger one stays."""
    old, young = *_record(tmp_path, clock, "run-1"), ""
    clock.seconds += 20 * _DAY
    (young,) = _record(tmp_path, clock, "run-2")
    clock.seconds += 11 * _DAY
    stones = Tombstones()
    rules = _rules(tmp_path, "{retain: [{id: default, for: 30d}]}")
    keeper = Keeper(lambda: rules, stones, clock, every=0.01)
    keeper.start()
    assert stones.told.wait(10)
    keeper.stop(10)
    assert stones.found == [(old, "session", "default")]
    assert sorted(path.name for path in (tmp_path / "recordings").glob("0*")) == [young]


def test_the_thread_finishes_what_a_dead_gateway_began(tmp_path, clock) -> None:
    """Also without any rule of retention now."""

    class Died(BaseException):
        pass

    class Dying(Signs):
        def tombstone(self, *_: object, **__: object) -> None:
            raise Died

    (name,) = _record(tmp_path, clock, "run-1")
    with pytest.raises(Died):
        deletions(tmp_path / "recordings", Dying()).carry_out(Order(name, "session", "old", "default"))
    stones = Tombstones()
    rules = _rules(tmp_path, "{}")
    keeper = Keeper(lambda: rules, stones, clock, every=0.01)
    keeper.start()
    assert stones.told.wait(10)
    keeper.stop(10)
    assert not (tmp_path / "recordings" / name).exists()


def test_what_was_deleted_verifies(tmp_path, clock) -> None:
    """With the gateway's own tree: the tombstone is signed, and nothing is missing."""
    names = _record(tmp_path, clock, "run-1", "run-2")
    folder = tmp_path / "recordings"
    ledger = Ledger(folder, "host", make_key(tmp_path / "key.pem"), clock)
    ledger.head()
    deletions(folder, ledger).carry_out(Order(names[0], "session", "old", "default"))
    deletions(folder, ledger).carry_out(Order(names[1], "flows", "asked for"))
    deletions(folder, ledger).carry_out(Order(names[1], "salt", "asked for"))
    ledger.head(final=True)
    ledger.close()
    found = verify(folder)
    assert not [entry for chain in found.chains for entry in chain.findings if entry.grave]
    erased = {entry.file for chain in found.chains for entry in chain.findings if entry.what == "erased"}
    assert erased == {f"{names[1]}/flows.mitm", f"{names[1]}/salt"}


def test_keys_of_another_operators_key_are_told(tmp_path, clock, caplog) -> None:
    """Somebody changed the key without naming the old one: what it encrypted stays sealed."""
    rules = _rules(tmp_path, "{}")
    folder = rules.gateway.recordings
    Keyring(folder, [read_kek(Secret("11" * 32), "env:OLD")]).current()
    keeper = Keeper(lambda: rules, Tombstones(), clock, keys=Keyring(folder, [read_kek(Secret("22" * 32), "env:NEW")]))
    keeper.start()
    keeper.stop(10)
    assert "1 keys of recordings are not wrapped by any key that the rules name" in caplog.text
