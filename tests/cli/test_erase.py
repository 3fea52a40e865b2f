"""`interlock erase`: people's data go, the evidence stays."""

from __future__ import annotations

import json
import time

import pytest
from tests.cli.conftest import Interlock
from tests.cli.keeping import ERIKA, ISSUER, MAX, record, write_rules

from interlock.cli import _keeping
from interlock.engine.vaults import Vaults
from interlock.model import Principal
from interlock.ports import VaultRow
from interlock.recording import list_sessions
from interlock.store.vault_file import VaultFile

_WHO = ("--issuer", ISSUER, "--subject", "erika.mustermann")


@pytest.fixture(autouse=True)
def _key(monkeypatch) -> None:
    monkeypatch.setenv("RECORDING_KEY", "11" * 32)
    monkeypatch.delenv("INTERLOCK_RECORDING_KEY", raising=False)


def test_a_person_is_erased_and_verification_says_why(interlock: Interlock, tmp_path) -> None:
    """The key goes; sessions says erased; verify passes and repeats the reason; who asked is among the looks."""
    rules = write_rules(tmp_path, "{encrypt: env:RECORDING_KEY}")
    hers, his = record(rules, ERIKA, MAX)
    done = interlock("erase", *_WHO, "--why", "a request of 2026-02-03", "--rules", rules, "--yes", "--json")
    assert done.code == 0, done.err
    assert json.loads(done.out) == {"session": hers, "result": "erased", "what": "key", "why": ""}
    by = {"INTERLOCK_RULES": str(rules)}
    listed = interlock("sessions", "--recordings", tmp_path / "recordings", env=by)
    verified = interlock("verify", tmp_path / "recordings")
    assert verified.code == 0, verified.out
    assert "a request of 2026-02-03" in verified.out
    assert ("erika" in listed.out, "max" in listed.out, "erased" in listed.out) == (False, True, True)
    shown = interlock("sessions", "show", his, "--recordings", tmp_path / "recordings", env=by)
    assert "max.mustermann" in shown.out
    assert "interlock erase" in (tmp_path / "recordings/looks.jsonl").read_text()


def test_a_dry_run_touches_nothing(interlock: Interlock, tmp_path) -> None:
    """It lists whose sessions would go."""
    rules = write_rules(tmp_path, "{}")
    (hers,) = record(rules, ERIKA)
    done = interlock("erase", *_WHO, "--why", "x", "--rules", rules, "--dry-run", "--json")
    assert json.loads(done.out)["result"] == "would be erased"
    assert "interlock erase --dry-run" in (tmp_path / "recordings" / "looks.jsonl").read_text()
    assert (tmp_path / "recordings" / hers / "salt").exists()


def test_a_hold_refuses_with_words_and_status_1(interlock: Interlock, tmp_path) -> None:
    """Which hold, and why it stands."""
    rules = write_rules(tmp_path, "{holds: [{id: case-17, to: {subjects: ['erika*']}, why: a complaint}]}")
    (hers,) = record(rules, ERIKA)
    done = interlock("erase", "--session", hers, "--why", "x", "--rules", rules, "--yes")
    assert (done.code, "held by case-17: a complaint" in done.out) == (1, True)


def test_a_hold_that_comes_while_it_asks_holds(interlock: Interlock, tmp_path, monkeypatch) -> None:
    """The rules are read anew once somebody said yes."""
    rules = write_rules(tmp_path, "{}")
    (hers,) = record(rules, ERIKA)
    held = "{holds: [{id: case-17, to: {subjects: ['erika*']}, why: a complaint}]}"
    monkeypatch.setattr(_keeping, "confirm", lambda question, yes: write_rules(tmp_path, held))
    done = interlock("erase", "--session", hers, "--why", "x", "--rules", rules)
    assert (done.code, "held by case-17: a complaint" in done.out) == (1, True)
    assert (tmp_path / "recordings" / hers / "salt").exists()


def test_what_nobody_can_look_into_is_said(interlock: Interlock, tmp_path, monkeypatch) -> None:
    """Another key's sessions may be hers: status 1, so nobody takes it for done."""
    rules = write_rules(tmp_path, "{encrypt: env:RECORDING_KEY}")
    record(rules, ERIKA)
    monkeypatch.setenv("RECORDING_KEY", "22" * 32)
    done = interlock("erase", *_WHO, "--why", "x", "--rules", rules, "--yes")
    assert (done.code, "unreadable" in done.out) == (1, True)


def test_an_agent_of_another_issuer_is_asked_about(interlock: Interlock, tmp_path) -> None:
    """Nobody takes it for done, and nobody's namesake is erased; with its issuer named, it goes as well."""
    rules = write_rules(tmp_path, "{}")
    agent = Principal("agents", "https://agents.example", "svc:agent", acting_for="erika.mustermann")
    hers, for_her = record(rules, ERIKA, agent)
    done = interlock("erase", *_WHO, "--why", "x", "--rules", rules, "--yes", "--json")
    rows = {row["session"]: row for row in map(json.loads, done.out.splitlines())}
    assert (done.code, rows[hers]["result"], rows[for_her]["result"]) == (1, "erased", "unclear")
    assert "--agents-of https://agents.example" in rows[for_her]["why"]
    named = ("--agents-of", "https://agents.example")
    done = interlock("erase", *_WHO, *named, "--why", "x", "--rules", rules, "--yes", "--json")
    rows = {row["session"]: row for row in map(json.loads, done.out.splitlines())}
    assert (done.code, rows[for_her]["result"]) == (0, "erased")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--subject", "erika"], "whose sessions, or which?"),
        ([], "whose sessions, or which?"),
        (["--session", "../../etc"], "there is no session"),
        (["--session", "01JD3ZK7V00000000000000000"], "there is no session"),
    ],
)
def test_what_is_not_clear_is_asked_for(interlock: Interlock, tmp_path, words, says) -> None:
    """Nothing is guessed, and no name becomes a path."""
    rules = write_rules(tmp_path, "{}")
    record(rules, ERIKA)
    done = interlock("erase", *words, "--why", "x", "--rules", rules, "--yes")
    assert (done.code, says in done.err) == (1, True)


def test_nobody_to_ask_means_no(interlock: Interlock, tmp_path) -> None:
    """Without a terminal, --yes must be said."""
    rules = write_rules(tmp_path, "{}")
    (hers,) = record(rules, ERIKA)
    done = interlock("erase", "--session", hers, "--why", "x", "--rules", rules)
    assert (done.code, "add --yes" in done.err) == (1, True)
    assert (tmp_path / "recordings" / hers / "salt").exists()


def test_what_tokens_stand_for_goes_too(interlock: Interlock, tmp_path, monkeypatch) -> None:
    """Of the runs that are erased; a key that is not there is told, and the status is 1."""
    monkeypatch.setenv("MASTER_KEY", "k" * 32)
    rules = write_rules(tmp_path, "{}")
    (rules / "gateway.yaml").write_text("version: 1\ngateway: {master_key: env:MASTER_KEY}\n")
    (hers,) = record(rules, ERIKA)
    run = next(list_sessions(tmp_path / "recordings")).run
    name = Vaults(b"k" * 32, kept=True).of(f"{ISSUER}\0erika.mustermann\0{run}").session
    file = VaultFile(tmp_path / "recordings/vault.sqlite", time.time)
    file.write(name, [VaultRow("<email:AAAA>", "crm", b"sealed", False)])
    monkeypatch.delenv("MASTER_KEY")
    words = ("erase", "--session", hers, "--why", "x", "--rules", rules, "--yes")
    done = interlock(*words)
    assert (done.code, "could not be erased" in done.out) == (1, True)
    assert (tmp_path / "recordings" / hers / "salt").exists()
    monkeypatch.setenv("MASTER_KEY", "k" * 32)
    assert interlock(*words).code == 0
    assert file.read(name) == []
    file.close()
