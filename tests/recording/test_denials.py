"""How much refused requests may write."""

from __future__ import annotations

from interlock.recording import Limits, read_events, verify

_REFUSED = {"reason": "blocked", "operation": "sql.ddl", "rule": "no-ddl", "effect": "forbid"}


def _events(session) -> list[tuple[str, dict]]:
    return [(line.event.kind, dict(line.event.data)) for line in read_events(session.folder)][1:]


def test_a_flood_of_refusals_is_counted_beyond_its_bounds(record, erika, clock) -> None:
    """The first ones stand in full; the rest of the window is one event that says how many and of what kind."""
    session = record(Limits(denied_writes=3)).session(erika, "run-1")
    found = [session.refuse(_REFUSED) for _ in range(5)]
    other = session.refuse({**_REFUSED, "reason": "no-rule"})
    assert [written for _, written in found] == [True, True, True, False, False]
    assert {reference for reference, _ in found[2:]} == {found[0][0], found[2][0]}
    assert other == (found[2][0], False)
    clock.advance(60)
    assert session.refuse(_REFUSED)[1]
    kinds = [kind for kind, _ in _events(session)]
    assert kinds == ["decision"] * 3 + ["repeated", "decision"]
    assert _events(session)[3][1]["refusals"] == [
        {"count": 2, "first": found[0][0], "operation": "sql.ddl", "reason": "blocked", "rule": "no-ddl"},
        {"count": 1, "first": "", "operation": "sql.ddl", "reason": "no-rule", "rule": "no-ddl"},
    ]


def test_a_few_large_refusals_use_up_the_bytes(record, erika) -> None:
    """It is the disk that has to be spared."""
    session = record(Limits(denied_bytes=5000)).session(erika, "run-1")
    written = [session.refuse({**_REFUSED, "text": "x" * 2000})[1] for _ in range(6)]
    assert written == [True, True, True, False, False, False]


def test_what_was_only_counted_is_said_when_the_session_ends(record, erika) -> None:
    """At the latest then; the chain holds."""
    recordings = record(Limits(denied_writes=1))
    session = recordings.session(erika, "run-1")
    for _ in range(10):
        session.refuse(_REFUSED)
    recordings.close()
    assert [kind for kind, _ in _events(session)] == ["decision", "repeated", "closed"]
    assert verify(recordings.folder).ok


def test_kinds_of_refusals_are_bounded(record, erika) -> None:
    """Whoever thinks of a new operation each time is counted among the others."""
    session = record(Limits(denied_writes=1)).session(erika, "run-1")
    for number in range(500):
        session.refuse({**_REFUSED, "operation": f"http.get {number}", "rule": 7})
    session.close("idle")
    (told,) = [data["refusals"] for kind, data in _events(session) if kind == "repeated"]
    assert sum(each["count"] for each in told) == 499
    assert len(told) <= 65


def test_what_is_permitted_is_never_only_counted(record, erika) -> None:
    """Bounds are for what does not pass."""
    session = record(Limits(denied_writes=1)).session(erika, "run-1")
    for _ in range(5):
        session.refuse(_REFUSED)
        session.append("decision", {"effect": "permit"})
    assert [kind for kind, _ in _events(session)].count("decision") == 6
