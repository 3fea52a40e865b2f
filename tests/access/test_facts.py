"""What was tried is read once each, with how often and by whom; what cannot be read is counted and passed over."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.replay.world import World, bash, get, query, rules_in, who

import interlock.access.facts as under_test
from interlock.access.facts import Reading, read_facts
from interlock.errors import InterlockError
from interlock.model import Effect, Operation
from interlock.replay.walk import Window


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, rules_in(tmp_path / "rules"))


def _read(world: World, **more: object) -> Reading:
    return read_facts([world.close()], Window(), covers=lambda name: name == "warehouse", **more)  # type: ignore[arg-type]


def test_the_same_is_one_fact(world: World) -> None:
    """Ten times the same is one, with the first and the last time; another person's is another."""
    for _ in range(10):
        world.ask(who("erika", "analyst"), "files", "GET", "/files/a", get("/files/a"))
        world.clock.seconds += 3600
    world.ask(who("max", "analyst"), "files", "GET", "/files/a", get("/files/a"))
    world.ask(who("max", "analyst"), "files", "GET", "/other", get("/other"))
    found = _read(world)

    assert [(fact.principal.subject, fact.count, fact.used, fact.rule) for fact in found.facts] == [
        ("erika", 10, True, "files-read"), ("max", 1, True, "files-read"), ("max", 1, False, ""),
    ]  # fmt: skip
    assert found.facts[0].principal.groups == {"analyst"}
    assert len(found.facts[0].hours) == 10
    assert (found.sessions, found.decisions, found.unread) == (2, 12, 0)


def test_what_a_model_proposes_is_read_with_its_request(world: World) -> None:
    """On the agent; the values a caller gave count for nothing unless a rule asks for them."""
    talk = (Operation("model", "message", "claude"),)
    for number in range(3):
        reference = world.ask(who("eng", "engineer"), "claude", "POST", "/v1/messages", talk)
        world.propose(who("eng", "engineer"), reference, bash(f"cat notes-{number}"))
    found = _read(world)
    assert next((fact.proposed, fact.count, fact.connection) for fact in found.facts) == (False, 3, "claude")
    proposed = [fact for fact in found.facts if fact.proposed]
    assert all(fact.connection == "claude" for fact in proposed)
    assert all(fact.operations[0].arguments == {} for fact in proposed)
    kept = _read(world, keep_arguments=True)
    assert {str(fact.operations[0].arguments.get("command")) for fact in kept.facts if fact.proposed} == {
        f"cat notes-{number}" for number in range(3)
    }


def test_words_of_people_and_of_reviews(world: World) -> None:
    """What was approved was used; what waited, or nobody stood by, was not."""
    write = query("update customers set name = 'x'")
    erika = who("erika", "writer")
    world.ask(erika, "warehouse", "POST", "/v1/query", write)
    world.ask(erika, "warehouse", "POST", "/v1/query", write, said={"effect": "permit", "reason": "approved"})
    world.ask(erika, "files", "GET", "/files/a", get("/files/a"), said={"effect": "forbid", "reason": "access-revoked"})
    world.ask(erika, "files", "GET", "/files/a", get("/files/a"), said={"effect": "forbid", "reason": "token-expired"})
    facts = _read(world).facts

    assert [(fact.reason, fact.said, fact.used) for fact in facts] == [
        ("approval-pending", Effect.REVIEW, False), ("approved", Effect.REVIEW, True),
        ("access-revoked", Effect.FORBID, False),
    ]  # fmt: skip


def test_a_window_and_damage(world: World) -> None:
    """What was before it does not count, what cannot be read is passed over, and nothing at all is an error."""
    world.ask(who("erika", "analyst"), "files", "GET", "/files/a", get("/files/a"))
    world.clock.seconds += 86400
    world.ask(who("erika", "analyst"), "files", "GET", "/files/b", get("/files/b"))
    recorded = world.close()
    session = next(folder for folder in recorded.iterdir() if (folder / "evidence.jsonl").exists())
    with (session / "evidence.jsonl").open("ab") as file:
        file.write(
            b'{"at":"2026-01-03T00:00:00.000Z","data":{"effect":7},"kind":"decision","seq":99}\n\xff\n{"kind":"dec'
        )
    found = read_facts([recorded], Window(since="2026-01-02"), covers=lambda name: False)

    assert [fact.path for fact in found.facts] == ["/files/b"]
    with pytest.raises(InterlockError, match="no sessions"):
        read_facts([world.folder / "rules"], Window(), covers=lambda name: False)


@pytest.mark.parametrize(
    "at",
    [
        "",
        "x",
        "\\npolicy: []\\n#xx",
        "2026-01-01T9x:00:00.000Z",
        "2026-01-01T12:00:00.000Z\\nx",
        "٢026-01-01T12:00:00.000Z",
    ],
)
def test_a_moment_that_is_none_is_damage(world: World, at: str) -> None:
    """Hours are cut out of it, and it stands in comments of what is proposed."""
    world.ask(who("erika", "analyst"), "files", "GET", "/files/a", get("/files/a"))
    (path,) = world.close().glob("*/evidence.jsonl")
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    hostile = [line.replace('{"at":"2026-01-01T12:00:00.000Z"', f'{{"at":"{at}"') for line in lines[-2:]]
    assert hostile != lines[-2:]
    path.write_text("".join([*lines, *hostile]), encoding="utf-8")
    found = read_facts([path.parent.parent], Window(), covers=lambda name: False)
    assert [fact.count for fact in found.facts] == [1]
    assert found.facts[0].first == found.facts[0].last == "2026-01-01T12:00:00.000Z"


def test_too_much_is_said(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """More different things than there is room for: a shorter time is asked for."""
    monkeypatch.setattr(under_test, "MOST_FACTS", 2)
    for name in "abc":
        world.ask(who("erika", "analyst"), "files", "GET", f"/files/{name}", get(f"/files/{name}"))
    with pytest.raises(InterlockError, match="more than 2 different operations"):
        _read(world)
