"""What is risky is said, with its place; what is not, is not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.engine.conftest import BASE, Load

from interlock.engine.risks import find_risks

SAFE = BASE.replace("    demo: true\n    key: demo.pem\n", "") + (
    "recording:\n  signing_key: env:KEY\n  anchors:\n    - {to: file, path: /mnt/elsewhere/heads.jsonl}\n"
    "blocklist:\n  - {id: no-drop, language: sql, match: {kinds: [drop]}}\n"
)
MORE = {
    "demo-issuer": (SAFE.replace("    algorithms: [ES256]\n", "    demo: true\n    key: demo.pem\n"), ""),
    "no-max-age": (SAFE.replace("    max_age: 1h\n", ""), ""),
    "passthrough": (SAFE.replace("    protocol: anthropic\n", "    protocol: anthropic\n    passthrough: true\n"), ""),
    "insecure-http": (
        SAFE.replace('hosts: ["https://w', 'insecure_http: true\n    hosts: ["http://w'), "",
    ),
    "websocket": (SAFE.replace("    protocol: anthropic\n", "    protocol: anthropic\n    websocket: true\n"), ""),
    "unmask": (
        SAFE.replace("    protocol: anthropic\n", "    protocol: anthropic\n    unmask: {pii: support needs it}\n"),
        "masking: [{id: pii, detect: [email], with: redact}]\n",
    ),
    "no-rule": (SAFE.replace("on: [claude]", "on: [warehouse]").replace("model.message", "http.get /a"), ""),
    "no-blocklist": (SAFE.partition("blocklist:")[0], ""),
    "report-only": (SAFE, "policy: [{id: quiet, forbid: [sql.ddl], mode: report}]\n"),
    "long-grant": (
        SAFE,
        "policy: [{id: ask, review: [sql.write], on: [warehouse], to: {groups: [a]}, by: {groups: [dba]},"
        " grant: {max: 9h}}]\n",
    ),
    "wide-pattern": (SAFE, "policy: [{id: wide, permit: [http.post], on: [warehouse], to: {groups: [a]}}]\n"),
    "wide-on": (SAFE, 'policy: [{id: wide, permit: [sql.read], on: "*", to: {groups: [a]}}]\n'),
    "anyone": (SAFE, "policy: [{id: open, permit: [sql.read], on: [warehouse], to: anyone}]\n"),
    "scope-connection": (
        SAFE + "gateway: {master_key: env:KEY}\n",
        "masking: [{id: a, detect: [email], with: hash, scope: connection}]\n",
    ),
    "plain-listener": (SAFE, "gateway: {forward: 0.0.0.0:8080}\n"),
    "own-signing-key": (SAFE.replace("  signing_key: env:KEY\n", ""), ""),
    "unanchored": (SAFE.replace("    - {to: file, path: /mnt/elsewhere/heads.jsonl}\n", "    - {to: store}\n"), ""),
    "observing": (SAFE, "gateway: {observe_until: 2099-01-31}\n"),
}  # fmt: skip


def test_careful_rules_have_nothing_risky(load: Load) -> None:
    """No warning that everybody learns to ignore."""
    assert find_risks(load(base=SAFE)) == ()


@pytest.mark.parametrize("kind", MORE)
def test_what_is_risky_is_said_with_its_place(load: Load, kind: str) -> None:
    """Exactly that, in words."""
    base, more = MORE[kind]
    risks = find_risks(load(more, base=base))
    assert [risk.kind for risk in risks] == [kind]
    assert risks[0].message
    assert "rules" in risks[0].place.file


def test_marks_that_are_to_last_need_a_key_that_does(load: Load) -> None:
    """Without one they change whenever the gateway starts."""
    risks = find_risks(load("masking: [{id: a, detect: [email], with: fake, scope: connection}]\n", base=SAFE))
    assert [risk.kind for risk in risks] == ["no-master-key", "scope-connection"]


def test_the_reason_to_unmask_is_repeated(load: Load) -> None:
    """Whoever reads the check sees why."""
    base, more = MORE["unmask"]
    assert "support needs it" in find_risks(load(more, base=base))[0].message


@pytest.mark.parametrize("anchor", ["{to: store}", "{to: file, path: recordings/heads.jsonl}"])
def test_an_anchor_among_the_recordings_is_none(load: Load, anchor: str) -> None:
    """Who can write those can write it too; a database elsewhere is an anchor."""
    base = SAFE.replace("{to: file, path: /mnt/elsewhere/heads.jsonl}", anchor)
    (risk,) = find_risks(load(base=base))
    assert (risk.kind, risk.place.line > 1) == ("unanchored", True)
    if anchor == "{to: store}":
        assert find_risks(load("gateway: {store: env:DATABASE_URL}\n", base=base, name="database")) == ()


@pytest.mark.parametrize("pattern", ["*.*", "sql.*", "http.*", "http.delete /**", "mcp.*"])
def test_patterns_that_nobody_can_foresee_are_wide(load: Load, pattern: str) -> None:
    """A star for the action, or a whole host for a method that changes things."""
    more = f'policy: [{{id: wide, permit: ["{pattern}"], on: [warehouse], to: {{groups: [a]}}}}]\n'
    if pattern == "mcp.*":
        more = more.replace("[warehouse]", "agent")
    assert "wide-pattern" in {risk.kind for risk in find_risks(load(more, base=SAFE))}


def test_a_credential_that_was_to_be_replaced_is_named(load: Load, tmp_path: Path) -> None:
    """By the age of its file; a fresh one, or one that is not here, says nothing."""
    secret = tmp_path / "secret"
    secret.write_text("x")
    line = f"    credential: {{scheme: bearer, from: 'file:{secret}', rotate_every: 30d}}\n"
    base = SAFE.replace("    protocol: anthropic\n", "    protocol: anthropic\n" + line)
    assert find_risks(load(base=base, name="fresh")) == ()
    os.utime(secret, (1_000_000_000, 1_000_000_000))
    (risk,) = find_risks(load(base=base, name="old"))
    assert risk.kind == "rotation-due"
    assert "every 30 days" in risk.hint
    secret.unlink()
    assert find_risks(load(base=base, name="gone")) == ()
