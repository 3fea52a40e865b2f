"""What happens to recordings later: shipped, kept, deleted, in a thread beside the requests."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
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


def until(holds: Callable[[], bool]) -> None:
    """Wait for something that comes by itself."""
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.01)


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


def test_a_hold_that_comes_while_others_are_deleted_holds(tmp_path, clock) -> None:
    """The rules are asked anew before each: whoever was found to go stays when somebody holds them meanwhile."""
    first, second, third = sorted(_record(tmp_path, clock, "run-1", "run-2", "run-3"))
    clock.seconds += 29 * _DAY
    kept = "retain: [{id: default, for: 28d}]"
    rules = [_rules(tmp_path, f"{{{kept}}}")]
    held = _rules(tmp_path, f"{{{kept}, holds: [{{id: case, sessions: [{second}], why: a lawsuit}}]}}")
    done = threading.Event()

    class Holding(Tombstones):
        def tombstone(self, session: str, why: str, rule: str = "", *, what: str = "session") -> None:
            super().tombstone(session, why, rule, what=what)
            rules[0] = held
            if len(self.found) == 2:
                done.set()

    stones = Holding()
    keeper = Keeper(lambda: rules[0], stones, clock, every=0.01)
    keeper.start()
    assert done.wait(60)
    keeper.stop(60)
    assert [session for session, _, _ in stones.found] == [first, third]
    assert (tmp_path / "recordings" / second).is_dir()


def test_what_was_begun_waits_for_a_hold(tmp_path, clock) -> None:
    """A gateway that died between order and deletion: who holds the session since then keeps it."""

    class Broken(Signs):
        def tombstone(self, *_: object, **__: object) -> None:
            raise OSError("no room")

    (name,) = _record(tmp_path, clock, "run-1")
    folder, stones = tmp_path / "recordings", Tombstones()
    with pytest.raises(OSError, match="no room"):
        deletions(folder, Broken()).carry_out(Order(name, "session", "old", "default"))
    held = Passes(_rules(tmp_path, f"{{holds: [{{id: case, sessions: [{name}], why: a lawsuit}}]}}"), clock)
    assert deletions(folder, stones).finish(held.held) == []
    assert (stones.found, (folder / name).is_dir()) == ([], True)
    free = Passes(_rules(tmp_path, "{}"), clock)
    assert [order.session for order in deletions(folder, stones).finish(free.held)] == [name]


def test_one_that_cannot_be_deleted_keeps_no_other(tmp_path, clock, caplog) -> None:
    """Somebody put something in the way of one session: the others go, and it is said which does not."""
    first, second, third = sorted(_record(tmp_path, clock, "run-1", "run-2", "run-3"))
    clock.seconds += 29 * _DAY
    (tmp_path / "recordings/.deleting" / f"{first}.session.json").mkdir(parents=True)
    rules, done = _rules(tmp_path, "{retain: [{id: default, for: 28d}]}"), threading.Event()

    class Counting(Tombstones):
        def tombstone(self, session: str, why: str, rule: str = "", *, what: str = "session") -> None:
            super().tombstone(session, why, rule, what=what)
            if session == third:
                done.set()

    stones = Counting()
    keeper = Keeper(lambda: rules, stones, clock, every=0.01)
    keeper.start()
    assert done.wait(60)
    keeper.stop(60)
    assert [session for session, _, _ in stones.found] == [second, third]
    assert first in caplog.text
    assert sorted(path.name for path in (tmp_path / "recordings").glob("0*")) == [first]


def test_a_clock_that_was_put_forward_deletes_nothing(tmp_path, clock, caplog) -> None:
    """Ten years in a moment: whatever is old by that clock stays, for a day."""
    (name,) = _record(tmp_path, clock, "run-1")
    clock.seconds += 3650 * _DAY
    rules, stones = _rules(tmp_path, "{retain: [{id: default, for: 28d}]}"), Tombstones()
    keeper = Keeper(lambda: rules, stones, clock, every=0.01)
    keeper.start()
    until(lambda: "deletes no recordings for a day" in caplog.text)
    keeper.stop(60)
    assert (stones.found, (tmp_path / "recordings" / name).is_dir()) == ([], True)


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
