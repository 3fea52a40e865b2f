"""What is risky in how recordings are kept."""

from __future__ import annotations

import pytest
from tests.engine.conftest import Load

from interlock.engine.risks_keeping import keeping_risks

_VOUCHED = {"unanchored", "own-signing-key"}

_ATTESTED = (
    "policy: [{id: reads, permit: [sql.read], on: [warehouse], to: {groups: [a]},"
    " attest: {by: {groups: [dba]}, every: 90d}}]\n"
)
_RISKY = {
    "recording-key": ("{encrypt: env:NOT_SET}", ""),
    "same-disk": ("{ship: [{to: store}]}", ""),
    "keys-stay": ("{encrypt: env:SET, ship: [{to: 's3://bucket'}]}", ""),
    "shipped-in-clear": ("{ship: [{to: 's3://bucket'}]}", ""),
    "short-retention": ("{retain: [{id: month, for: 30d}]}", _ATTESTED),
}
_FINE = [
    ("{}", ""),
    ("{encrypt: env:SET}", ""),
    ("{encrypt: env:SET, ship: [{to: 's3://bucket', keys: true}]}", ""),
    ("{ship: [{to: 's3://bucket', flows: false}]}", ""),
    ("{retain: [{id: quarter, for: 90d}]}", _ATTESTED),
    ("{retain: [{id: month, for: 30d}]}", ""),
]


@pytest.fixture(autouse=True)
def _keys(monkeypatch) -> None:
    monkeypatch.setenv("SET", "11" * 32)
    monkeypatch.delenv("NOT_SET", raising=False)


@pytest.mark.parametrize("kind", _RISKY)
def test_what_is_risky_is_said(load: Load, kind) -> None:
    """What could happen, and how to do without it."""
    recording, more = _RISKY[kind]
    ((found, place, message, hint),) = _found(load(f"recording: {recording}\n{more}"))
    assert (found, bool(place.file), bool(message), bool(hint)) == (kind, True, True, True)


@pytest.mark.parametrize(("recording", "more"), _FINE)
def test_what_is_not_is_not(load: Load, recording, more) -> None:
    """No word about it."""
    assert _found(load(f"recording: {recording}\n{more}")) == []


def test_a_copy_among_the_recordings_is_none(load: Load, tmp_path) -> None:
    """A folder inside of the folder."""
    inside = load(f"recording: {{ship: [{{to: 'file://{tmp_path}/recordings/copies', flows: false}}]}}\n")
    assert [found[0] for found in _found(inside)] == ["same-disk"]


def _found(rules) -> list[tuple]:
    return [found for found in keeping_risks(rules) if found[0] not in _VOUCHED]
