"""`interlock rewrap`: the operator's key is changed, sessions stay as they are."""

from __future__ import annotations

import pytest
from tests.cli.conftest import Interlock
from tests.cli.keeping import ERIKA, record, write_rules


@pytest.fixture(autouse=True)
def _keys(monkeypatch) -> None:
    monkeypatch.setenv("OLD_KEY", "11" * 32)
    monkeypatch.setenv("NEW_KEY", "22" * 32)
    monkeypatch.delenv("INTERLOCK_RECORDING_KEY", raising=False)


def test_old_sessions_open_with_the_new_key_alone(interlock: Interlock, tmp_path) -> None:
    """And verify as before."""
    rules = write_rules(tmp_path, "{encrypt: env:OLD_KEY}")
    (name,) = record(rules, ERIKA)
    interlock("retain", "--yes", "--rules", rules)  # a tree that knows the old file of the key
    before = (tmp_path / "recordings" / name / "key").read_bytes()
    done = interlock("rewrap", "--rules", write_rules(tmp_path, "{encrypt: [env:NEW_KEY, env:OLD_KEY]}"))
    assert (done.code, done.out) == (0, "1 wrapped anew\n")
    assert (tmp_path / "recordings" / name / "key").read_bytes() == before
    rules = write_rules(tmp_path, "{encrypt: env:NEW_KEY}")
    shown = interlock("sessions", "--recordings", tmp_path / "recordings", env={"INTERLOCK_RULES": str(rules)})
    assert "erika.mustermann" in shown.out
    assert interlock("verify", tmp_path / "recordings").code == 0


def test_a_key_that_is_missing_is_said(interlock: Interlock, tmp_path) -> None:
    """Status 1: what it opens cannot be read by the new one."""
    record(write_rules(tmp_path, "{encrypt: env:OLD_KEY}"), ERIKA)
    done = interlock("rewrap", "--rules", write_rules(tmp_path, "{encrypt: env:NEW_KEY}"))
    assert (done.code, "1 keys are of another operator's key" in done.err) == (1, True)


def test_rules_that_encrypt_nothing_say_what_to_write(interlock: Interlock, tmp_path) -> None:
    """With an example."""
    rules = write_rules(tmp_path, "{}")
    record(rules, ERIKA)
    done = interlock("rewrap", "--rules", rules)
    assert (done.code, "[env:NEW_KEY, env:OLD_KEY]" in done.err) == (1, True)
