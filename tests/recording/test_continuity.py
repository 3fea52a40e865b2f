"""A log that somebody put in the place of another is said to be so by the next gateway, and by `verify` ever after."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.recording.day import SIGNER, Gateway, Ticking

from interlock.recording import Verification, verify
from interlock.recording.continuity import fault, seen
from interlock.recording.event import GENESIS, seal
from interlock.recording.log_file import rotated
from interlock.recording.log_word import LogWord
from interlock.recording.looks import LookLog
from interlock.recording.review_log import ApprovalLog, ReviewLog
from interlock.recording.shipment import Sent, Shipments
from interlock.recording.signing import read_private

_LOGS = ["refusals", "looks", "reviews", "approvals", ".ship/box/shipped"]
_AT = "2026-01-01T00:00:00.260Z"


def _add(gateway: Gateway, name: str, number: int) -> None:
    """One more event of a log, as whoever writes it writes it."""
    if name == "refusals":
        gateway.recordings.refusal({"reason": "token-missing", "peer": f"192.0.2.{number}"})
    elif name == "looks":
        LookLog(gateway.folder, gateway.clock).add("erika (1000)", "interlock sessions", {"n": number})
    elif name.startswith(".ship"):
        shipments = Shipments(gateway.folder, "box", gateway.clock)
        shipments.note("heads/one", (Sent(f"{number:016d}.jsonl", 1, "a" * 64),))
        shipments.close()
    else:
        log = ReviewLog if name == "reviews" else ApprovalLog
        log(gateway.folder, gateway.clock).add({"what": "attested", "n": number})


def _vouched(tmp_path: Path, name: str, clock: Ticking) -> Gateway:
    """A gateway that has ended, whose tree vouches for one event of this log."""
    gateway = Gateway(tmp_path / "recordings", "one", clock)
    _add(gateway, name, 1)
    gateway.advance()
    gateway.kill()
    return gateway


def _grave(gateway: Gateway, *, key: bool = True) -> set[tuple[str, str]]:
    found = _verify(gateway, key=key)
    return {(finding.file, finding.what) for finding in found.all_findings if finding.grave}


def _named(gateway: Gateway, what: str) -> list[str]:
    return [finding.file for finding in _verify(gateway).all_findings if finding.what == what]


def _verify(gateway: Gateway, *, key: bool = True) -> Verification:
    return verify(
        gateway.folder, keys=[SIGNER.public] if key else [], heads=[gateway.folder.parent / "heads.jsonl"], workers=1
    )


def _forged(name: str, first: int, count: int, prev: str = GENESIS) -> bytes:
    """A log that begins with an event of this number, well chained."""
    lines, head = b"", prev
    for seq in range(first, first + count):
        kind, data = ("opened", {"continues": first - 1, "log": name}) if seq == first else ("refusal", {"n": seq})
        line, head = seal(kind, data, seq, head, _AT)
        lines += line
    return lines


def _anew_further_on(path: Path) -> None:
    path.write_bytes(_forged(path.stem, 5000, 3))


def _anew_from_one(path: Path) -> None:
    path.write_bytes(_forged(path.stem, 1, 40))


def _turned_once(path: Path) -> None:
    """As if it had turned over: but what it had turned over from was not that."""
    rotated(path).write_bytes(_forged(path.stem, 1, 40))
    path.write_bytes(_forged(path.stem, 41, 3, json.loads(rotated(path).read_bytes().splitlines()[-1])["hash"]))


def _turned_twice(path: Path) -> None:
    """The beginning went, as it may: but in two turns, of which nobody saw the first."""
    last = json.loads(path.read_bytes().splitlines()[-1])
    for half, first in ((rotated(path), last["seq"] + 1), (path, last["seq"] + 21)):
        half.write_bytes(_forged(path.stem, first, 20, last["hash"]))
        last = json.loads(half.read_bytes().splitlines()[-1])


def _gone(path: Path) -> None:
    path.unlink()


def _cut(path: Path) -> None:
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))


@pytest.mark.parametrize(
    ("name", "forge"),
    [
        (name, forge)
        for name in _LOGS
        for forge in (_anew_further_on, _anew_from_one, _turned_once, _turned_twice, _gone, _cut)
        if forge is not _gone or not name.startswith(".ship")
    ],
)
@pytest.mark.parametrize("killed", [True, False])
def test_a_log_replaced_while_no_gateway_ran_is_no_new_beginning(
    tmp_path: Path, name: str, forge: Callable[[Path], None], killed: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever is put in its place: the gateway says it, goes on, and it stays said when the log looks whole again."""
    clock = Ticking()
    one = Gateway(tmp_path / "recordings", "one", clock)
    for number in range(4):
        _add(one, name, number)
    one.advance()
    one.kill() if killed else one.stop()
    assert _grave(one) == set()
    forge(one.folder / f"{name}.jsonl")

    two = Gateway(one.folder, "one", clock)
    two.advance()
    assert two.anchoring.health()["broken"] == [name]
    assert f"{name}.jsonl IS NOT THE LOG ANY MORE" in caplog.text
    _add(two, name, 9)  # nobody is kept from anything
    two.advance()
    two.stop()
    assert (f"{name}.jsonl", "replaced") in _grave(two)
    for half in (two.folder / f"{name}.jsonl", rotated(two.folder / f"{name}.jsonl")):
        half.unlink(missing_ok=True)
    three = Gateway(one.folder, "one", clock)
    three.advance()
    _add(three, name, 10)
    three.advance()
    three.stop()
    replaced = [finding for finding in _verify(three).all_findings if finding.what == "replaced"]
    assert len(replaced) == (1 if name.startswith(".ship") else 2)  # that it was deleted afterwards is the second
    assert "after event 5" in replaced[0].message


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: path.symlink_to("elsewhere.jsonl")])
def test_what_is_no_file_in_the_place_of_a_log_is_said(tmp_path: Path, make: Callable[[Path], None]) -> None:
    """It is neither opened nor followed; when a file lies there again, that is not the log either."""
    one = Gateway(tmp_path / "recordings", "one", Ticking())
    _add(one, "reviews", 1)
    one.advance()
    path = one.folder / "reviews.jsonl"
    path.rename(one.folder / "elsewhere.jsonl")
    make(path)
    one.advance()
    assert "reviews" in one.anchoring.health()["broken"]
    one.stop()
    assert ("reviews.jsonl", "replaced") in _grave(one)


@pytest.mark.parametrize("name", _LOGS)
def test_a_log_replaced_while_a_gateway_runs_is_found_too(tmp_path: Path, name: str) -> None:
    """`looks`, `reviews` and `approvals` are written by others while it runs."""
    one = Gateway(tmp_path / "recordings", "one", Ticking())
    for number in range(4):
        _add(one, name, number)
    one.advance()
    _anew_further_on(one.folder / f"{name}.jsonl")
    one.advance()
    one.kill()
    assert (f"{name}.jsonl", "replaced") in _grave(one)


def test_the_entry_that_fits_a_forged_log_is_not_believed(tmp_path: Path) -> None:
    """Whoever can write the log can write the tree too, but sign it: what no head covers says nothing at a start."""
    clock = Ticking()
    one = _vouched(tmp_path, "reviews", clock)
    path = one.folder / "reviews.jsonl"
    _anew_further_on(path)
    last = json.loads(path.read_bytes().splitlines()[-1])
    leaves = one.folder / ".tree" / "one" / "leaves.jsonl"
    tip = json.loads(leaves.read_bytes().splitlines()[-1])
    said = {"bytes": path.stat().st_size, "hash": last["hash"], "name": "reviews", "seq": 5002, "starts": [5000]}
    with leaves.open("ab") as file:
        file.write(seal("log", said, tip["seq"] + 1, tip["hash"], _AT)[0])
    two = Gateway(one.folder, "one", clock)
    two.advance()
    two.stop()
    assert ("reviews.jsonl", "replaced") in _grave(two)


def test_a_gateway_with_another_name_knows_what_the_one_before_said(tmp_path: Path) -> None:
    """Containers have ever new names: the trees of others with the same key are read."""
    clock = Ticking()
    one = _vouched(tmp_path, "approvals", clock)
    _anew_further_on(one.folder / "approvals.jsonl")
    two = Gateway(one.folder, "two", clock)
    two.advance()
    two.kill()
    assert ("approvals.jsonl", "replaced") in _grave(two)
    three = Gateway(one.folder, "three", clock)
    three.advance()
    assert three.anchoring.health()["broken"] == []  # it is said once
    three.kill()


def test_a_log_made_up_for_an_earlier_day_is_slipped_in(tmp_path: Path) -> None:
    """Approvals that nobody gave, in a log that was not there: the trees would have known it."""
    clock = Ticking()
    one = Gateway(tmp_path / "recordings", "one", clock)
    _add(one, "reviews", 1)
    clock.seconds += 2 * 86_400
    _add(one, "reviews", 2)
    one.advance()
    one.kill()
    (one.folder / "approvals.jsonl").write_bytes(_forged("approvals", 1, 3))
    two = Gateway(one.folder, "one", clock)
    two.advance()
    two.kill()
    found = [finding for finding in _verify(two).all_findings if finding.what == "replaced"]
    assert [(finding.file, "slipped in" in finding.message) for finding in found] == [("approvals.jsonl", True)]


def test_a_clock_that_is_set_back_makes_no_log_slipped_in(tmp_path: Path) -> None:
    """A wrong zone, put right: a log that begins then is older than what was said before."""
    clock = Ticking()
    one = _vouched(tmp_path, "reviews", clock)
    clock.seconds -= 12 * 3600
    two = Gateway(one.folder, "one", clock)
    _add(two, "looks", 1)
    two.advance()
    assert two.anchoring.health()["broken"] == []
    two.kill()


def test_a_shipping_place_that_is_dropped_is_no_attack(tmp_path: Path) -> None:
    """`verify` names it, before and after a gateway saw it; the place may come back, and then has to go on."""
    clock, name = Ticking(), ".ship/box/shipped"
    one = _vouched(tmp_path, name, clock)
    shutil.rmtree(one.folder / ".ship" / "box")
    assert (_grave(one), _named(one, "deleted")) == (set(), [f"{name}.jsonl"])
    two = Gateway(one.folder, "one", clock)
    two.advance()
    assert two.anchoring.health()["broken"] == []
    assert (_grave(two), _named(two, "deleted")) == (set(), [f"{name}.jsonl"])
    _add(two, name, 2)
    two.advance()
    assert (_grave(two), _named(two, "deleted")) == (set(), [f"{name}.jsonl"])
    _anew_further_on(two.folder / f"{name}.jsonl")
    two.advance()
    two.kill()
    assert (f"{name}.jsonl", "replaced") in _grave(two)


def test_a_log_is_on_the_disk_before_it_is_vouched_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a power failure leaves a tree that knows more than the log; the older half too, when it is another."""
    synced: set[int] = set()
    monkeypatch.setattr(os, "fsync", lambda fd: synced.add(os.fstat(fd).st_ino))
    log = LookLog(tmp_path, Ticking())
    log.add("erika", "x", {})
    word = seen(log.path)
    assert word is not None
    assert synced >= {log.path.stat().st_ino, tmp_path.stat().st_ino}
    log.turn(1)
    log.add("erika", "x", {})
    synced.clear()
    seen(log.path, word.starts)
    assert synced >= {path.stat().st_ino for path in (log.path, rotated(log.path), tmp_path)}


def test_a_time_that_is_none_keeps_no_gateway_from_starting(tmp_path: Path) -> None:
    """Whoever can write the tree can write any time into it."""
    clock = Ticking()
    one = Gateway(tmp_path / "recordings", "one", clock, read_private("B" * 42 + "A="))
    _add(one, "reviews", 1)
    one.advance()
    one.ledger.words["reviews"] = replace(one.ledger.words["reviews"], at="9999-99-99T99:99:99.000Z")
    one.stop()
    again = Gateway(one.folder, "one", clock)
    again.advance()
    assert again.anchoring.health()["failing"] is False
    again.stop()


@pytest.mark.parametrize("name", ["one", "two"])
def test_another_key_makes_no_log_broken(tmp_path: Path, name: str) -> None:
    """The key was changed, perhaps with the gateway's name: what the older one signed is no reason for alarm."""
    clock = Ticking()
    one = Gateway(tmp_path / "recordings", "one", clock)
    _add(one, "reviews", 1)
    one.stop()
    clock.seconds += 3600
    again = Gateway(one.folder, name, clock, read_private("B" * 42 + "A="))
    _add(again, "reviews", 2)
    again.advance()
    assert again.anchoring.health()["broken"] == []
    again.stop()


def test_a_log_that_turned_over_as_it_may_is_whole(tmp_path: Path) -> None:
    """Over many turns and starts, with two gateways on the folder that look at different moments."""
    clock = Ticking()
    one, two = Gateway(tmp_path / "recordings", "one", clock), Gateway(tmp_path / "recordings", "two", clock)
    for number in range(60):
        _add(one, "refusals", number)
        one.advance()
        if number % 7 == 6:
            two.advance()
        if number % 20 == 19:
            one.kill()
            one = Gateway(one.folder, "one", clock)
    one.advance()
    two.advance()
    first = json.loads((one.folder / "refusals.1.jsonl").read_bytes().splitlines()[0])
    assert first["seq"] > 20
    assert _grave(one) == set()
    for gateway in (one, two):
        assert gateway.anchoring.health()["broken"] == []
        gateway.kill()


def test_a_turn_that_a_killed_process_left_half_done_is_whole(tmp_path: Path) -> None:
    """The current half became the older one and there is no other yet; or only its torn first line."""
    for torn in (None, b"", b'{"at":"2026'):
        folder = tmp_path / str(torn is None) / str(len(torn or b""))
        folder.mkdir(parents=True)
        clock = Ticking()
        one = Gateway(folder / "recordings", "one", clock)
        for name in ("looks", "refusals"):
            _add(one, name, 1)
        one.advance()
        one.kill()
        for name in ("looks", "refusals"):
            path = one.folder / f"{name}.jsonl"
            path.rename(rotated(path))
            if torn is not None:
                path.write_bytes(torn)
        assert _grave(one) == set()
        two = Gateway(one.folder, "one", clock)
        two.advance()
        for name in ("looks", "refusals"):
            _add(two, name, 2)
        two.advance()
        assert two.anchoring.health()["broken"] == []
        two.stop()
        assert _grave(two) == set()
        assert json.loads((two.folder / "looks.jsonl").read_bytes().splitlines()[0])["seq"] == 3


def test_what_is_changed_in_the_middle_is_noted_before_it_turns_away(tmp_path: Path) -> None:
    """A log is looked at from end to end when it turns over: afterwards nobody could tell any more."""
    clock = Ticking()
    one = Gateway(tmp_path / "recordings", "one", clock)
    for number in range(3):
        _add(one, "refusals", number)
    one.advance()
    path = one.folder / "refusals.jsonl"
    path.write_bytes(path.read_bytes().replace(b"192.0.2.1", b"192.0.2.7"))
    for number in range(3, 40):
        _add(one, "refusals", number)
        one.advance()
    one.kill()
    assert (path.name, "replaced") in _grave(one)


def test_only_what_was_added_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A look at a log that was added to costs what was added."""
    log = LookLog(tmp_path, Ticking())
    for _ in range(50):
        log.add("erika", "x" * 200, {})
    word = seen(log.path)
    assert word is not None
    log.add("erika", "x", {})
    begun: list[int] = []

    def count(path: Path, start: int = 0) -> list[object]:
        begun.append(start)
        return []

    monkeypatch.setattr("interlock.recording.continuity.read_lines", count)
    assert fault(tmp_path, "looks", word) == ""
    assert begun == [word.end]


def test_nothing_known_contradicts_nothing(tmp_path: Path) -> None:
    """A first log, and none at all."""
    assert seen(tmp_path / "looks.jsonl") is None
    assert fault(tmp_path, "looks", LogWord()) == ""
    assert "gone" in fault(tmp_path, "looks", LogWord(3, "a" * 64, (1,)))
    shutil.rmtree(tmp_path)
