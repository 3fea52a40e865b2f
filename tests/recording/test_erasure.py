"""Erasing what people left."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.recording.orders import Signs

from interlock.model import Principal, Secret
from interlock.recording import FlowSnapshot, RequestSnapshot, read_events, verify
from interlock.recording.deletion import Deletion
from interlock.recording.erasure import Outcome, Theirs, erase, sessions_of, unreadable
from interlock.recording.keyring import Keyring
from interlock.recording.keys import read_kek
from interlock.settings import Hold, Whom

_KEK = read_kek(Secret("11" * 32), "env:KEY")
_ERIKA = "https://issuer.example", "erika.mustermann"
_FLOW = FlowSnapshot(id="1", request=RequestSnapshot(method="GET", scheme="http", host="a.example", port=80, path="/"))


class Tombstones(Signs):
    """Remembers what was noted."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str, str]] = []

    def tombstone(self, session: str, why: str, rule: str = "", *, what: str = "session") -> None:
        self.found.append((session, what, why))


@pytest.fixture(params=["plain", "encrypted"])
def kind(request) -> str:
    return request.param


@pytest.fixture
def keys(folder: Path, kind: str) -> Keyring:
    return Keyring(folder, [_KEK])


@pytest.fixture
def sessions(record, keys, kind, erika, max_) -> tuple[str, str, str]:
    """One of Erika, one of Max, one of an agent that acts for Erika; all closed."""
    recordings = record(keys=keys if kind == "encrypted" else None)
    agent = Principal("demo", "https://issuer.example", "svc:agent", acting_for="erika.mustermann")
    found = []
    for number, principal in enumerate((erika, max_, agent)):
        session = recordings.session(principal, f"run-{number}")
        session.append("principal", {"groups": [], "acting_for": principal.acting_for})
        session.flow(_FLOW)
        found.append(session.id)
    recordings.close()
    return found[0], found[1], found[2]


def test_a_person_is_found(sessions, folder, keys) -> None:
    """Their own sessions, and those on their behalf; nobody else's, nor the same name of another issuer."""
    assert list(sessions_of(folder, keys, *_ERIKA)) == [Theirs(sessions[0]), Theirs(sessions[2])]
    other = list(sessions_of(folder, keys, "https://other.example", "erika.mustermann"))
    assert other == [Theirs(sessions[2], "https://issuer.example")]  # whom that agent meant, nobody here can say
    assert list(unreadable(folder, keys)) == []


def test_agents_of_another_issuer_are_found_and_erased_when_that_issuer_is_named(
    record, folder, keys, kind, erika
) -> None:
    """Whom they act for, their token says in its own issuer's words: the same person, where somebody says so."""
    recordings = record(keys=keys if kind == "encrypted" else None)
    agent = Principal("agents", "https://agents.example", "svc:agent", acting_for="erika.mustermann")
    namesake = Principal("agents", "https://agents.example", "erika.mustermann")
    found = []
    for number, principal in enumerate((erika, agent, namesake)):
        session = recordings.session(principal, f"run-{number}")
        session.append("principal", {"groups": [], "acting_for": principal.acting_for})
        found.append(session.id)
    recordings.close()
    assert list(sessions_of(folder, keys, *_ERIKA)) == [Theirs(found[0]), Theirs(found[1], "https://agents.example")]
    named = list(sessions_of(folder, keys, *_ERIKA, agents_of=["https://agents.example"]))
    assert named == [Theirs(found[0]), Theirs(found[1])]


def test_what_is_erased_cannot_be_read_and_verifies(sessions, folder, keys, kind) -> None:
    """The key, or flows and salt, are gone; a tombstone each; the chain is as it was."""
    stones = Tombstones()
    outcome = erase(folder, sessions[0], "asked for", Deletion(folder, stones), keys=keys)
    went = ("key",) if kind == "encrypted" else ("flows", "salt")
    assert outcome == Outcome(sessions[0], "erased", went)
    assert stones.found == [(sessions[0], what, "asked for") for what in went]
    report = next(chain for chain in verify(folder).chains if chain.name == sessions[0])
    assert not [entry for entry in report.findings if entry.grave and entry.what != "flows"]
    first = next(read_events(folder / sessions[0], keys)).event
    assert first.data.get("sealed" if kind == "encrypted" else "subject") == (
        "erased" if kind == "encrypted" else "erika.mustermann"
    )
    assert next(read_events(folder / sessions[1], keys)).event.data["subject"] == "max.mustermann"


def test_erasing_twice_says_that_nothing_is_left(sessions, folder, keys) -> None:
    """And leaves no second tombstone."""
    stones = Tombstones()
    erase(folder, sessions[0], "asked for", Deletion(folder, stones), keys=keys)
    count = len(stones.found)
    assert erase(folder, sessions[0], "again", Deletion(folder, stones), keys=keys).result == "nothing"
    assert len(stones.found) == count


@pytest.mark.parametrize("hold", [Hold("case-17", "a complaint", Whom(subjects=("erika*",))), Hold("all", "x", Whom())])
def test_a_hold_refuses_with_words(sessions, folder, keys, hold) -> None:
    """Its own sessions and those on behalf; nothing is touched."""
    for session in (sessions[0], sessions[2]):
        stones = Tombstones()
        outcome = erase(folder, session, "asked for", Deletion(folder, stones), keys=keys, holds=(hold,))
        assert (outcome.result, outcome.why) == ("held", f"held by {hold.id}: {hold.why}")
        assert stones.found == []


def test_an_open_session_is_not_erased(record, folder, keys, kind, erika) -> None:
    """Its gateway still holds the key; it says what to do."""
    recordings = record(keys=keys if kind == "encrypted" else None)
    session = recordings.session(erika, "run-1")
    outcome = erase(folder, session.id, "asked for", Deletion(folder, Tombstones()), keys=keys)
    assert outcome.result == "open"


def test_a_person_who_was_erased_is_still_found(record, folder, erika) -> None:
    """By the digest in the first event, so that an auditor can see that it was done; under the same key alone."""
    keys = Keyring(folder, [_KEK])
    recordings = record(keys=keys)
    session = recordings.session(erika, "run-1")
    recordings.close()
    erase(folder, session.id, "asked for", Deletion(folder, Tombstones()), keys=keys)
    assert list(sessions_of(folder, keys, *_ERIKA)) == [Theirs(session.id)]
    assert list(sessions_of(folder, Keyring(folder), *_ERIKA)) == []


def test_what_cannot_be_told_is_said(record, folder, erika) -> None:
    """Sessions under another key, and damaged ones, are counted: nobody may think that they were looked at."""
    recordings = record(keys=Keyring(folder, [_KEK]))
    session = recordings.session(erika, "run-1")
    recordings.close()
    assert list(unreadable(folder, Keyring(folder))) == [session.id]
    (session.folder / "evidence.jsonl").write_bytes(b"\xff\n")
    assert list(unreadable(folder, Keyring(folder, [_KEK]))) == [session.id]


def test_a_disk_that_refuses_is_said(sessions, folder, keys) -> None:
    """Nothing raises; what was begun is finished later."""

    class Broken(Signs):
        def tombstone(self, *_: object, **__: object) -> None:
            raise OSError("no room")

    outcome = erase(folder, sessions[0], "asked for", Deletion(folder, Broken()), keys=keys)
    assert (outcome.result, "no room" in outcome.why) == ("failed", True)
    assert Deletion(folder, Tombstones()).finish() != []
