"""The report says who used what by which rule, how often, and what nobody ever used: alone or by several processes."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.replay.world import ISSUER, RULES, World, bash, get, query, rules_in, who

import interlock.access.gathering as gathering
import interlock.access.tallies as tallies
import interlock.replay.workers as workers
from interlock.access.drift import drift
from interlock.access.gathering import gather
from interlock.access.report import Report, report_of
from interlock.access.tallies import Usage
from interlock.model import JSON, Operation, Secret
from interlock.recording.keys import read_kek
from interlock.replay.walk import Window

ERIKA, MAX, ENGINEER = who("erika", "analyst"), who("max", "analyst", "writer"), who("eng", "engineer")
TALK = (Operation("model", "message", "claude"),)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return _recorded(World(tmp_path, rules_in(tmp_path / "rules")))


def _recorded(made: World) -> World:
    for _ in range(3):
        made.ask(ERIKA, "warehouse", "POST", "/v1/query", query("select id from customers"))
        made.clock.seconds += 86400
    made.ask(ERIKA, "files", "GET", "/secret", get("/secret"))
    made.ask(MAX, "warehouse", "POST", "/v1/query", query("update customers set a = 1"))
    made.ask(
        MAX, "warehouse", "POST", "/v1/query", query("update customers set a = 1"),
        said={"effect": "permit", "reason": "approved"},
    )  # fmt: skip
    reference = made.ask(ENGINEER, "claude", "POST", "/v1/messages", TALK)
    made.propose(ENGINEER, reference, bash("git status"))
    made.close()
    return made


def _usage(world: World, processes: int = 1, **window: str) -> Usage:
    return gather([world.recorded], world.rules, Window(**window), processes=processes)


def _states(report: Report) -> set[tuple[str, str, str, int, int]]:
    return {(use.subject, use.rule, use.state, use.row.uses, use.row.refused) for use in report.uses}


def test_each_permission_of_each_principal(world: World) -> None:
    """Used, refused and never used; a rule that gave only a part of something has been used too."""
    report = report_of(_usage(world), world.rules)

    assert _states(report) == {
        ("erika", "analysts-read", "used", 3, 0), ("erika", "", "refused", 0, 1),
        ("erika", "files-read", "never-used", 0, 0),
        ("max", "writers-ask", "used", 1, 1), ("max", "analysts-read", "never-used", 0, 0),
        ("max", "files-read", "never-used", 0, 0), ("eng", "talk", "used", 1, 0), ("eng", "coding", "used", 1, 0),
    }  # fmt: skip
    first = next(use for use in report.uses if use.rule == "analysts-read" and use.state == "used")
    assert (first.gives, first.groups, first.row.first[:10], first.row.last[:10]) == (
        "permit", ("analyst",), "2026-01-01", "2026-01-03",
    )  # fmt: skip
    assert dict(first.row.days) == {"2026-01-01": 1, "2026-01-02": 1, "2026-01-03": 1}
    vain = next(use for use in report.uses if use.subject == "erika" and use.state == "refused")
    assert vain.tried.endswith(": no-rule")
    assert vain.document()["tried"] == dict(vain.row.tried)
    approved = next(use for use in report.uses if use.rule == "writers-ask")
    assert (approved.gives, approved.row.approved, dict(approved.row.reasons)) == ("review", 1, {"approval-pending": 1})
    assert all(example.partition("/")[2].isdigit() for example in first.row.examples)


def test_groups_add_up(world: World) -> None:
    """Of how many members how many used it."""
    report = report_of(_usage(world), world.rules)
    found = {(one.group, one.rule): one for one in report.groups}

    assert (found["analyst", "analysts-read"].users, found["analyst", "analysts-read"].members) == (1, 2)
    assert (found["writer", "writers-ask"].uses, found["writer", "writers-ask"].refused) == (1, 1)


def test_a_window(world: World) -> None:
    """Only what was in it is counted; who has a permission is known all the same."""
    report = report_of(_usage(world, since="2026-01-02", until="2026-01-03"), world.rules)

    assert ("erika", "analysts-read", "used", 1, 0) in _states(report)
    assert ("eng", "talk", "never-used", 0, 0) in _states(report)


def test_several_processes_count_the_same(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """However the sessions are shared out."""
    monkeypatch.setattr(gathering, "ALONE", 0)
    monkeypatch.setattr(workers, "_CHUNK", 1)
    alone, together = report_of(_usage(world), world.rules), report_of(_usage(world, 2), world.rules)

    assert together.document() == alone.document()


def test_several_processes_open_what_is_encrypted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of them with the keys that the rules name."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "key").write_text("11" * 32)
    text = RULES + 'recording: {encrypt: "file:key"}\n'
    world = World(tmp_path, rules_in(tmp_path / "rules", text), kek=read_kek(Secret("11" * 32), "file:key"))
    _recorded(world)
    monkeypatch.setattr(gathering, "ALONE", 0)
    report = report_of(_usage(world, 2), world.rules)

    assert ("erika", "analysts-read", "used", 3, 0) in _states(report)


def test_memory_is_bounded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What there is no room for is counted, and said."""
    monkeypatch.setattr(tallies, "ROWS", 2)
    usage = _usage(world)

    assert len(usage.rows) == 2
    assert report_of(usage, world.rules).document()["uncounted"]


def test_other_rules_of_the_time(world: World, tmp_path: Path) -> None:
    """Where today's rules are others, the recorded rule counts; what is no more gives nothing."""
    other = rules_in(
        tmp_path / "other", (world.rules.folder / "rules.yaml").read_text().replace("id: talk", "id: chat")
    )
    report = report_of(gather([world.recorded], other, Window()), other)
    uses = {(use.subject, use.rule): use for use in report.uses}

    assert (uses["eng", "talk"].gives, uses["eng", "talk"].row.uses) == ("", 1)
    assert uses["eng", "chat"].state == "never-used"


def test_damage_is_counted(world: World) -> None:
    """A line that is no event is passed over."""
    session = next(folder for folder in world.recorded.iterdir() if (folder / "evidence.jsonl").exists())
    with (session / "evidence.jsonl").open("ab") as file:
        file.write(b'{"at":"2026-01-01T00:00:00.000Z","data":[],"kind":"decision","seq":9}\n')

    assert _usage(world).damaged == 1


def _asked(world: World, name: str, seconds: float, by: str = "rita") -> None:
    """A question, and its answer so much later."""
    session = world.session(ERIKA)
    session.append("approval", {"approval": name, "state": "pending", "rules": ["writers-ask"], "votes": []})
    world.clock.seconds += seconds
    vote: JSON = {"by": by, "issuer": ISSUER, "approves": True, "rules": ["writers-ask"], "at": world.clock.seconds}
    session.append("approval", {"approval": name, "state": "used", "rules": ["writers-ask"], "votes": [vote]})


def test_drift(world: World, tmp_path: Path) -> None:
    """Rules never hit, connections unused, people gone, hasty yeses: each with its evidence and what to do."""
    text = (world.rules.folder / "rules.yaml").read_text(encoding="utf-8")
    text = text.replace("policy:\n", '  - {name: idle, protocol: http, hosts: ["https://idle.example.com"]}\npolicy:\n')
    text = text.replace("protocol: http, hosts: [\"https://files.example.com\"]", (
        'protocol: http, hosts: ["https://files.example.com"], '
        "credential: {scheme: bearer, from: env:FILES_KEY, rotate_every: 30d}"
    ))  # fmt: skip
    rules = rules_in(tmp_path / "new", text)
    world.recordings = None
    for number in range(4):
        _asked(world, f"apr-{number}", 1.5)
        _asked(world, f"slow-{number}", 90, by="slow")
    world.close()
    usage = gather([world.recorded], rules, Window())
    found = drift(rules, usage, now=world.clock.seconds + 40 * 86400)
    by_kind = {one.kind: one for one in found}

    kinds = ("connection", "rule", "rotation", "rubber")
    assert {(one.kind, one.subject) for one in found if one.kind.startswith(kinds)} == {
        ("connection-without-rules", "idle"), ("connection-unused", "files"), ("rule-never-hit", "files-read"),
        ("rotation-unknown", "files"), ("rubber-stamped", f"rita <{ISSUER}>"),
    }  # fmt: skip
    assert "4 of 4 approvals within 5 seconds" in by_kind["rubber-stamped"].evidence
    assert "apr-0 after 1.5 s" in by_kind["rubber-stamped"].evidence
    assert {one.subject for one in found if one.kind == "principal-not-seen"} == {
        f"{name} <{ISSUER}>" for name in ("erika", "max", "eng")
    }
    assert all(one.evidence and one.remedy for one in found)
    assert not [one for one in drift(rules, usage, now=world.clock.seconds) if one.kind == "principal-not-seen"]
