"""Whom a session is about."""

from __future__ import annotations

import pytest

from interlock.model import Secret
from interlock.recording.dossier import Dossier, held_by, look_into
from interlock.recording.keyring import Keyring
from interlock.recording.keys import read_kek
from interlock.settings import Hold, Whom

_KEK = read_kek(Secret("11" * 32), "env:KEY")
_HOLD = Hold("case-17", "a complaint", Whom(groups=frozenset({"support"})))


def _session(recordings, erika):
    session = recordings.session(erika, "run-1")
    session.append("principal", {"groups": ["support"], "acting_for": "max.mustermann"})
    session.append("decision", {"connection": "crm"})
    session.append("principal", {"groups": ["sales", 7], "acting_for": None})
    session.append("decision", {"connection": "payroll"})
    recordings.close()
    return session.folder


def test_what_a_session_says_of_itself(recordings, erika) -> None:
    """Who, in which groups at any time, for whom, over which connections; when it ended."""
    assert look_into(_session(recordings, erika), gentle=True) == Dossier(
        session=recordings.folder.joinpath().name and next(recordings.folder.glob("0*")).name,
        state="closed",
        known=True,
        ended=1_767_225_600.25,
        identity="demo",
        issuer="https://issuer.example",
        subject="erika.mustermann",
        run="run-1",
        groups=frozenset({"support", "sales"}),
        acting_for=frozenset({"max.mustermann"}),
        connections=frozenset({"crm", "payroll"}),
    )


@pytest.mark.parametrize(
    ("whom", "fits"),
    [
        (Whom(subjects=("erika.*",)), True),
        (Whom(subjects=("max.*",)), True),
        (Whom(groups=frozenset({"sales"})), True),
        (Whom(groups=frozenset({"boss"})), False),
        (Whom("other"), False),
    ],
)
def test_whose_it_is(recordings, erika, whom, fits) -> None:
    """Their own, or on their behalf."""
    assert look_into(_session(recordings, erika)).fits(whom) is fits


def test_an_encrypted_one_is_known_with_its_key_alone(record, folder, erika) -> None:
    """Without it, nobody can tell; when it ended stays readable."""
    session = _session(record(keys=Keyring(folder, [_KEK])), erika)
    assert look_into(session, Keyring(folder, [_KEK])).groups == {"support", "sales"}
    found = look_into(session, Keyring(folder))
    assert (found.known, found.sealed, found.subject, found.ended) == (False, "sealed", "", 1_767_225_600.25)


@pytest.mark.parametrize(
    ("dossier", "holds", "held"),
    [
        (Dossier("A", "closed", True, groups=frozenset({"support"})), (_HOLD,), True),
        (Dossier("A", "closed", True, groups=frozenset({"sales"})), (_HOLD,), False),
        (Dossier("A", "closed", False), (_HOLD,), True),
        (Dossier("A", "closed", False), (Hold("b", "why", sessions=frozenset({"B"})),), False),
        (Dossier("A", "closed", True), (Hold("b", "why", sessions=frozenset({"A"})),), True),
        (Dossier("A", "closed", True), (Hold("all", "why", Whom()),), True),
        (Dossier("A", "closed", True), (), False),
    ],
)
def test_what_is_held(dossier, holds, held) -> None:
    """By person, by session, all of it; where nobody can tell, whatever names people holds."""
    assert (held_by(holds, dossier) is not None) is held


def test_damaged_sessions_are_nobodys(recordings, erika) -> None:
    """They are not known, and nothing raises."""
    session = _session(recordings, erika)
    (session / "evidence.jsonl").write_bytes(b"\xff\n")
    assert (look_into(session).known, look_into(session).state) == (False, "damaged")
