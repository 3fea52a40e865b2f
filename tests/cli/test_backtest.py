"""`interlock backtest`: a table for people, JSON in a pipe, and a status for CI."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.cli.conftest import Interlock
from tests.demo.test_samples import changed, own_rules

from interlock.cli import _backtest
from interlock.demo.samples import SAMPLES
from interlock.replay import Change, Differences, Undecided


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    """The golden day, where looks may be noted."""
    shutil.copytree(SAMPLES / "demo", tmp_path / "recordings")
    return tmp_path / "recordings"


@pytest.fixture
def tightened(tmp_path: Path) -> Path:
    """Its rules, one of them tightened."""
    old, new = "permit: [sql.read]\n", "permit: [sql.read]\n    tables: {not: [customers]}\n"
    return changed(SAMPLES / "demo", tmp_path / "new", old, new).folder


def test_own_rules_differ_in_nothing(interlock: Interlock, recordings: Path) -> None:
    """Status 0 whatever is asked for; JSON, because nobody looks at a terminal; the look is noted."""
    done = interlock("backtest", recordings, "--rules", own_rules(recordings).folder, "--fail-on", "any")
    assert done.code == 0, done.out
    found = json.loads(done.out)
    assert found["changes"] == found["undecided"] == []
    assert found["decisions"] == found["same"] > 10
    assert "interlock backtest" in (recordings / "looks.jsonl").read_text("utf-8")


@pytest.mark.parametrize(
    ("fail_on", "code"),
    [("", 0), ("newly-permitted", 0), ("newly-forbidden", 1), ("newly-permitted, any", 1), ("undecided", 0)],
)
def test_the_status_says_what_was_asked(interlock, recordings, tightened, fail_on, code) -> None:
    """Only of what `--fail-on` names."""
    done = interlock("backtest", recordings, "--rules", tightened, "--fail-on", fail_on, "--processes", "1")
    assert done.code == code, done.out
    assert json.loads(done.out)["newly"]["forbidden"] == 2


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--fail-on", "newly-fordbidden"], "is not understood"),
        (["--since", "yesterday"], "yesterday"),
        (["--rules", "nowhere"], "is not a folder"),
    ],
)
def test_what_is_wrong_is_said(interlock, recordings, arguments, says) -> None:
    """Status 1, in a sentence."""
    rules = [] if "--rules" in arguments else ["--rules", own_rules(recordings).folder]
    done = interlock("backtest", recordings, *rules, *arguments)
    assert done.code == 1
    assert says in done.out + done.err


def test_nothing_recorded_is_no_success(interlock, tmp_path, recordings) -> None:
    """An empty folder, and one that is not there."""
    rules = own_rules(recordings).folder
    (tmp_path / "empty").mkdir()
    for folder in ("empty", "nowhere"):
        assert interlock("backtest", tmp_path / folder, "--rules", rules).code == 1


def test_a_person_sees_a_table_that_hostile_names_cannot_steer(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows by kind, then what could not be told and why; markup and control characters stay what they are."""
    monkeypatch.setenv("COLUMNS", "200")
    change = Change(
        "forbidden", "https://idp", "[link=x]eve\x1b[2J", "warehouse", "sql.read", "permit", "old", "", "no-rule",
        7, examples=("01KDVDNA7TRV8AHWV5X9Y29GWS/2",),
    )  # fmt: skip
    found = Differences(
        sessions=1, decisions=9, same=1, judged=8, changes=(change,), damaged=2, bodies=3, masked_bodies=1,
        unknown_masks=1, otherwise=1, uncounted=4, undecided=(Undecided("text-masked", 1, ("x/1",)),),
        carried={"unknown-host": 3},
    )  # fmt: skip
    _backtest.show(found)
    out = capsys.readouterr().out
    assert "[link=x]eve\\u{1b}[2J" in out
    for words in ("01KDVDNA7TRV8AHWV5X9Y29GWS/2", "7 newly forbidden", "unknown-host 3", "undecided: 1", "verify"):
        assert words in out
