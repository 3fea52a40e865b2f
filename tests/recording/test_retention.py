"""How long sessions are kept."""

from __future__ import annotations

import pytest

from interlock.model import Secret
from interlock.recording.dossier import Dossier
from interlock.recording.keyring import Keyring
from interlock.recording.keys import read_kek
from interlock.recording.retention import rule_for, verdicts
from interlock.settings import Hold, Keeping, Retain, Whom

_DAY = 86400.0
_SUPPORT = Whom(groups=frozenset({"support"}))
_RULES = (
    Retain("default", 180 * _DAY),
    Retain("support", 30 * _DAY, _SUPPORT),
    Retain("payroll", 60 * _DAY, None, frozenset({"payroll"})),
)
_KEK = read_kek(Secret("11" * 32), "env:KEY")


@pytest.mark.parametrize(
    ("groups", "connections", "known", "rule"),
    [
        ((), (), True, "default"),
        (("support",), (), True, "support"),
        ((), ("payroll",), True, "payroll"),
        (("support",), ("payroll",), True, "payroll"),
        ((), (), False, "default"),
    ],
)
def test_the_rule_that_counts(groups, connections, known, rule) -> None:
    """What names whom or what outranks the rest; of several the longest; of nobody knows whose the longest of all."""
    dossier = Dossier("A", "closed", known, groups=frozenset(groups), connections=frozenset(connections))
    assert rule_for(_RULES, dossier).id == rule


def test_without_a_rule_that_fits_nothing_goes() -> None:
    """There is no default of ours."""
    assert rule_for((Retain("support", 30 * _DAY, _SUPPORT),), Dossier("A", "closed", True)) is None
    assert rule_for((), Dossier("A", "closed", False)) is None


@pytest.fixture
def sessions(recordings, erika, max_):
    """Erika of support and Max of nothing, both closed."""
    one, other = recordings.session(erika, "run-1"), recordings.session(max_, "run-2")
    one.append("principal", {"groups": ["support"]})
    recordings.close()
    return one.id, other.id


def _fates(folder, now, keeping=None, **more) -> list[str]:
    keeping = keeping or Keeping(retain=_RULES)
    return [f"{verdict.fate} {verdict.rule}".strip() for verdict in verdicts(folder, keeping, now, **more)]


def test_sessions_go_when_their_time_is_over(sessions, folder, clock) -> None:
    """Each by its own rule, to the second, counted from its end."""
    now = clock.now()
    assert _fates(folder, now + 30 * _DAY - 1) == ["kept", "kept"]
    assert _fates(folder, now + 30 * _DAY) == ["goes support", "kept default"]
    assert _fates(folder, now + 180 * _DAY) == ["goes support", "goes default"]
    (verdict, _) = verdicts(folder, Keeping(retain=_RULES), now + 31 * _DAY)
    assert verdict.why == "kept until 30 d after its end; it ended 31 d ago"


def test_no_rules_keep_everything(sessions, folder) -> None:
    """Nothing is even looked at."""
    assert list(verdicts(folder, Keeping(), 1e12)) == []


def test_a_hold_wins(sessions, folder) -> None:
    """Whatever the age; its reason is told."""
    keeping = Keeping(retain=_RULES, holds=(Hold("case-17", "a complaint", _SUPPORT),))
    assert _fates(folder, 1e10, keeping) == ["held case-17", "goes default"]


def test_what_is_to_be_shipped_first_stays(sessions, folder) -> None:
    """Until it is where it is to be."""
    assert _fates(folder, 1e10, shipped=lambda name: name == sessions[1]) == ["unshipped support", "goes default"]


def test_an_open_or_damaged_session_stays(recordings, folder, erika, max_) -> None:
    """Nobody can tell how old it is, or it is in use."""
    recordings.session(erika, "run-1")
    broken = recordings.session(max_, "run-2")
    (broken.folder / "evidence.jsonl").write_bytes(b"\xff\n")
    assert _fates(folder, 1e10) == ["open", "damaged"]


def test_an_encrypted_session_without_its_key_waits_for_the_longest_rule(record, folder, erika, clock) -> None:
    """Nobody can tell whose it is; and whatever hold names people holds it."""
    recordings = record(keys=Keyring(folder, [_KEK]))
    recordings.session(erika, "run-1").append("principal", {"groups": ["support"]})
    recordings.close()
    now, blind = clock.now(), Keyring(folder)
    assert _fates(folder, now + 31 * _DAY, keys=Keyring(folder, [_KEK])) == ["goes support"]
    assert _fates(folder, now + 31 * _DAY, keys=blind) == ["kept default"]
    assert _fates(folder, now + 181 * _DAY, keys=blind) == ["goes default"]
    keeping = Keeping(retain=_RULES, holds=(Hold("case-17", "a complaint", _SUPPORT),))
    assert _fates(folder, now + 181 * _DAY, keeping, keys=blind) == ["held case-17"]
