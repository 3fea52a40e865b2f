"""Whoever looks at recordings leaves a line."""

from __future__ import annotations

import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.recording.day import SIGNER, Gateway, Ticking
from tests.recording.nasty import NASTY, Clock

from interlock.errors import Refused
from interlock.recording import verify
from interlock.recording.looks import LookLog, operating_user
from interlock.recording.verify_log import check_log


def lines(folder: Path, name: str = "looks.jsonl") -> list[dict]:
    """What stands in the log."""
    return [json.loads(line) for line in (folder / name).read_bytes().splitlines()]


def test_a_look_is_a_line_in_a_chain(tmp_path: Path) -> None:
    """Who, how and at what; the log goes on where another process left it."""
    assert LookLog(tmp_path, Clock()).add("erika (1000)", "interlock sessions show", {"session": "01"}) == "looks/2"
    assert LookLog(tmp_path, Clock()).add("max (1001)", "console /sessions", {}) == "looks/3"
    opened, first, _ = lines(tmp_path)
    assert (opened["kind"], opened["data"]) == ("opened", {"continues": 0, "log": "looks"})
    assert first["data"] == {"how": "interlock sessions show", "what": {"session": "01"}, "who": "erika (1000)"}
    report = check_log(tmp_path, "looks")
    assert report is not None
    assert report.findings == ()
    assert (tmp_path / "looks.jsonl").stat().st_mode & 0o777 == 0o600


def test_a_changed_look_is_found(tmp_path: Path) -> None:
    """As in any chain."""
    for name in ("erika", "max"):
        LookLog(tmp_path, Clock()).add(name, "x", {})
    path = tmp_path / "looks.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"erika"', b'"nobody"'))
    report = check_log(tmp_path, "looks")
    assert report is not None
    assert [finding.what for finding in report.findings] == ["changed"]


def test_looking_fills_no_disk(tmp_path: Path) -> None:
    """At its size the log turns over, two halves are kept, and the chain goes on through both."""
    log = LookLog(tmp_path, Clock(), limit=4096)
    for number in range(60):
        log.add("erika", "x" * 9999, {"session": "y" * 500, "n": number})
    assert sum(file.stat().st_size for file in tmp_path.glob("looks*.jsonl")) < 12_000
    assert lines(tmp_path)[0]["data"]["continues"] > 10
    report = check_log(tmp_path, "looks")
    assert report is not None
    assert report.findings == ()


def _look(folder: Path) -> None:
    for _ in range(20):
        LookLog(folder, Clock()).add("erika", "x", {})


def test_several_look_at_once(tmp_path: Path) -> None:
    """No line is lost or torn: the lock is the file's, so threads that share nothing stand for processes."""
    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(_look, tmp_path) for _ in range(3)]:
            done.result()
    assert [line["seq"] for line in lines(tmp_path)] == list(range(1, 62))


@pytest.mark.parametrize("nasty", NASTY)
def test_what_is_looked_for_is_text(tmp_path: Path, nasty: str) -> None:
    """Filters are typed by people, or by whoever steers them."""
    LookLog(tmp_path, Clock()).add(nasty, nasty, {"principal": nasty})
    assert len(lines(tmp_path)) == 2


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    """The caller decides whether anything is shown then."""
    (tmp_path / "looks.jsonl").mkdir()
    with pytest.raises(Refused, match=r"looks\.jsonl cannot be written"):
        LookLog(tmp_path, Clock()).add("erika", "x", {})


def test_the_operating_system_says_who_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not the environment, which anybody sets."""
    monkeypatch.setenv("USER", "somebody-else")
    assert re.fullmatch(rf".*\({os.getuid()}\)", operating_user())
    assert "somebody-else" not in operating_user()


def test_a_gateway_turns_the_log_over_once_its_tree_vouches_for_it(tmp_path: Path) -> None:
    """Each turn is one, what goes was signed before, and verification says how much is gone: nothing silently."""
    gateway = Gateway(tmp_path / "recordings", "one", Ticking())
    gateway.anchoring._looks = LookLog(gateway.folder, gateway.clock), 4096
    log = LookLog(gateway.folder, gateway.clock)
    for number in range(60):
        log.add("erika (1000)", "interlock sessions show", {"session": "y" * 100, "n": number})
        if number % 5 == 0:
            gateway.advance()
    gateway.advance()
    gateway.stop()
    first = lines(gateway.folder, "looks.1.jsonl")[0]
    assert first["data"]["continues"] > 10
    found = verify(gateway.folder, keys=[SIGNER.public], heads=[tmp_path / "heads.jsonl"], workers=1)
    assert [finding for finding in found.all_findings if finding.grave] == []
    gone = f"The log looks turned over: its events 1 to {first['seq'] - 1} are not here any more"
    assert any(text.startswith(gone) for text in found.unchecked)


def test_nothing_is_turned_over_before_its_size(tmp_path: Path) -> None:
    """Nor where there is none; who cannot write it, says so."""
    log = LookLog(tmp_path, Clock())
    assert not log.turn(1)
    log.add("erika", "x", {})
    assert not log.turn(4096)
    assert log.turn(100)
    assert [line["seq"] for line in lines(tmp_path)] == [3]


def test_rubbish_at_its_end_keeps_nobody_from_looking(tmp_path: Path) -> None:
    """It is put aside, whole; a first line that was never finished is no log yet."""
    LookLog(tmp_path, Clock()).add("erika", "x", {})
    before = (tmp_path / "looks.jsonl").read_bytes() + b"rubbish\n"
    (tmp_path / "looks.jsonl").write_bytes(before)
    assert LookLog(tmp_path, Clock()).add("max", "x", {}) == "looks/2"
    (aside,) = tmp_path.glob("looks.broken-*.jsonl")
    assert aside.read_bytes() == before
    (tmp_path / "looks.jsonl").write_bytes(b'{"at":"2026')
    assert LookLog(tmp_path, Clock()).add("max", "x", {}) == "looks/2"
