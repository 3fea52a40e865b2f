"""Sessions and events by what is asked about them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.recording.nasty import Clock

from interlock.errors import InterlockError
from interlock.model import Principal
from interlock.recording import Recordings, read_events
from interlock.recording.finding import Wanted, event_number, find_sessions, moment, one_session, run_of
from interlock.recording.graph import build


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Erika was refused the warehouse, Max may read the docs; a minute lies between them."""
    clock = Clock()
    recordings = Recordings(tmp_path, clock, rules_digest="d" * 64)
    for subject, connection, effect in (("erika", "warehouse", "forbid"), ("max", "docs", "permit")):
        session = recordings.session(Principal("corp", "https://idp.example.com", subject), f"run-{subject}")
        session.append("decision", {"effect": effect, "connection": connection})
        session.append("response", {"status": 200})
        clock.time += 60
    recordings.close()
    return tmp_path


ROWS = [
    (Wanted(), ["erika", "max"]),
    (Wanted(principal="ERIK"), ["erika"]),
    (Wanted(principal="corp"), ["erika", "max"]),
    (Wanted(principal="idp.example"), ["erika", "max"]),
    (Wanted(connection="docs"), ["max"]),
    (Wanted(decision="forbid"), ["erika"]),
    (Wanted(decision="forbid", connection="docs"), []),
    (Wanted(since="2027-01-15T08:01:00.000Z"), ["erika", "max"]),
    (Wanted(since="2027-01-15T08:01:00.000Z", decision="forbid"), []),
    (Wanted(until="2027-01-15T08:00:30.000Z"), ["erika"]),
]


@pytest.mark.parametrize(("wanted", "subjects"), ROWS)
def test_sessions_in_which_something_is_wanted(folder: Path, wanted: Wanted, subjects: list[str]) -> None:
    """All that is asked has to hold, of one event where events are asked about."""
    assert [entry.subject for entry in find_sessions(folder, wanted)] == subjects


def test_events_that_are_wanted(folder: Path) -> None:
    """A decision of that kind, at that connection; nothing else of the session."""
    (erika, _) = find_sessions(folder, Wanted())
    events = [line.event for line in read_events(folder / erika.id) if line.event]
    assert [event.kind for event in events if Wanted(decision="forbid").event(event)] == ["decision"]
    assert [event.kind for event in events if Wanted(connection="docs").event(event)] == []


NOW = 1_800_000_000.0
MOMENTS = [
    ("", ""),
    ("30m", "2027-01-15T07:30:00.000Z"),
    ("7d", "2027-01-08T08:00:00.000Z"),
    ("2027-01-15", "2027-01-15T00:00:00.000Z"),
    ("2027-01-15T09:00:00+01:00", "2027-01-15T08:00:00.000Z"),
    ("2027-01-15 08:00", "2027-01-15T08:00:00.000Z"),
]


@pytest.mark.parametrize(("text", "at"), MOMENTS)
def test_a_moment_is_a_date_or_how_long_ago(text: str, at: str) -> None:
    """Without a zone it is UTC, as stamps are."""
    assert moment(text, NOW) == at


@pytest.mark.parametrize("text", ["yesterday", "30", "-5m", "9" * 30 + "d", "2027-13-01", "\x1b[2J", "٣m"])
def test_what_is_no_moment_is_said(text: str) -> None:
    """With what to write instead, and nothing that steers a terminal."""
    with pytest.raises(InterlockError, match="is no time") as caught:
        moment(text, NOW)
    assert str(caught.value).isprintable()


def test_a_session_is_named_by_its_beginning_or_its_run(folder: Path) -> None:
    """What is typed never becomes a path by itself."""
    (erika, _) = find_sessions(folder, Wanted())
    assert one_session(folder, erika.id.lower()) == one_session(folder, "run-erika") == erika.id
    for named, says in (
        ("", "which"),
        ("01", "beginning of 2"),
        ("../..", "no session"),
        (erika.id[:-1] + ("1" if erika.id.endswith("0") else "0"), "no ses"),
    ):
        with pytest.raises(InterlockError, match=says):
            one_session(folder, named)


def test_a_run_goes_on_where_its_gateway_was_started_anew(tmp_path: Path) -> None:
    """One graph over both: what was proposed before ran after; what another principal claims to continue is not."""
    who, clock = Principal("corp", "https://idp.example.com", "erika"), Clock()
    for number in range(3):
        recordings = Recordings(tmp_path, clock)
        session = recordings.session(who, "run-1")
        if number == 1:
            session.append(
                "reply", {"effect": "permit", "tool_use": "t1", "operations": [{"name": "tool.use:mcp__a__b"}]}
            )
        if number == 2:
            session.append("decision", {"claims": {"tool_use": ["t1"]}, "operations": [{"name": "mcp.call:b"}]})
        recordings.close()
    parts = run_of(session.folder)
    assert [part.name for part in parts] == sorted(entry.id for entry in find_sessions(tmp_path, Wanted()))
    graph = build((part.name, line.event) for part in parts for line in read_events(part) if line.event)
    assert [(edge.kind, edge.note) for edge in graph.edges] == [("ran", "")]
    first = parts[0] / "evidence.jsonl"
    first.write_bytes(first.read_bytes().replace(b'"erika"', b'"other"'))
    assert run_of(session.folder) == parts[1:]


def test_a_reference_names_its_session_too(folder: Path) -> None:
    """As agents, backtests and reports have it; anything else is no reference, and never a path."""
    (erika, _) = find_sessions(folder, Wanted())
    assert one_session(folder, f"{erika.id}/2") == erika.id
    assert [event_number(text) for text in (f"{erika.id}/17", "run-1/2", "/2", "a/b/2", "a/x", "a/", "")] == [
        17, 2, 0, 0, 0, 0, 0,
    ]  # fmt: skip
    for wrong in (f"{erika.id}/x", f"../{erika.id}/2"):
        with pytest.raises(InterlockError, match="no session"):
            one_session(folder, wrong)
