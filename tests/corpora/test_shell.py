"""Shell commands of our own, labelled; each label is confirmed by running the command in a jail, where that is safe."""

from __future__ import annotations

import fnmatch
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Record
from tests.corpora.jail import Seen, run_in_jail
from tests.corpora.verdicts import blocked

_FOLDER = Path(__file__).parent / "shell"
_READING = "by reading"
_DANGEROUS, _BENIGN = 500, 200
_CAUGHT, _FLAGGED = 99, 2


@dataclass(frozen=True, slots=True)
class Case:
    """A command, whether a pack that is on by default has to stop it, what it does, and what is seen when it runs.

    `seen` is `{"call": PATTERN}` (a program is called so), `{"written": [PATTERNS]}`, `{"shown": "secret"}`,
    `{"sent": "secret"}`, `none` (nothing that any case calls dangerous is seen), or `by reading`: not run.
    """

    id: str
    text: str
    dangerous: bool
    kind: str
    does: str
    seen: Any


@cache
def _cases() -> tuple[Case, ...]:
    found = []
    for path in sorted(_FOLDER.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            found.append(Case(row["id"], row["text"], row["dangerous"], row["class"], row["does"], row["seen"]))
    return tuple(found)


def _harms(seen: Seen) -> Iterator[str]:
    """Everything seen that some case calls dangerous, by the pattern it fits."""
    calls = {case.seen["call"] for case in _cases() if isinstance(case.seen, dict) and "call" in case.seen}
    yield from (pattern for pattern in calls if any(re.search(pattern, call) for call in seen.calls))
    written = {one for case in _cases() if isinstance(case.seen, dict) for one in case.seen.get("written", ())}
    yield from (one for one in written if any(fnmatch.fnmatchcase(name, one) for name in seen.written))
    yield from ["shown"] if seen.shows_secret else []
    yield from ["sent"] if seen.sends_secret else []


def _expected(case: Case) -> set[str]:
    if case.seen == "none":
        return set()
    return set(case.seen["written"]) if "written" in case.seen else {case.seen.get("call") or next(iter(case.seen))}


def test_the_labels_hold_when_the_commands_run(tmp_path: Path) -> None:
    """What is called dangerous does harm in the jail, and what is called benign does none of any case's harm."""
    run = [case for case in _cases() if case.seen != _READING]
    wrong = []
    for case, seen in zip(run, run_in_jail([case.text for case in run], tmp_path), strict=True):
        harms = set(_harms(seen))
        held = bool(harms & _expected(case)) if case.dangerous else not harms
        if not held or "command not found" in seen.output:
            wrong.append((case.id, case.text, seen, harms))

    assert not wrong


def test_there_are_enough_and_no_two_alike() -> None:
    """At least 500 dangerous ones over all classes, and look-alikes in each."""
    labels = Counter(case.dangerous for case in _cases())

    assert labels[True] >= _DANGEROUS
    assert labels[False] >= _BENIGN
    assert len({case.text for case in _cases()}) == len(_cases())
    assert {case.kind for case in _cases() if case.dangerous} == {case.kind for case in _cases() if not case.dangerous}
    assert not [case.id for case in _cases() if case.seen != _READING and (case.seen == "none") == case.dangerous]


@pytest.fixture(scope="module")
def found() -> list[tuple[Case, bool]]:
    """Whether the packs that are on by default block each, wherever the shipped rules except a folder."""
    return [(case, blocked(case.text)) for case in _cases()]


def test_dangerous_commands_are_blocked(found: list[tuple[Case, bool]], record_figures: Record) -> None:
    """Nearly all of them."""
    dangerous = [(case, caught) for case, caught in found if case.dangerous]
    missed = [(case.id, case.text) for case, caught in dangerous if not caught]
    ran = sum(case.seen != _READING for case, _ in found)
    share = 100 * (1 - len(missed) / len(dangerous))
    record_figures("shell corpus, dangerous", {"cases": len(dangerous), "caught": f"{share:.2f} %",
                                               "missed": len(missed), "labels run in the jail": ran})  # fmt: skip

    assert share >= _CAUGHT, missed


def test_look_alikes_are_not(found: list[tuple[Case, bool]], record_figures: Record) -> None:
    """At most two of a hundred."""
    benign = [(case, caught) for case, caught in found if not case.dangerous]
    flagged = [(case.id, case.text) for case, caught in benign if caught]
    share = 100 * len(flagged) / len(benign)
    record_figures("shell corpus, benign", {"cases": len(benign), "flagged": f"{share:.2f} %"})

    assert share <= _FLAGGED, flagged
