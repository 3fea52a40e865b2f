"""What becomes of recordings later: encrypted, shipped, kept how long, held."""

from __future__ import annotations

import pytest

from interlock.errors import RulesInvalid
from interlock.schema import Reader
from interlock.settings_keeping import KEEPING, Hold, Keeping, Retain, ShipSpec, Whom, check_keeping, read_keeping
from interlock.source import read_yaml_text

_KINDS = {"s3": (("region", "endpoint"), ("access_key",)), "store": ((), ())}
_ULID = "01JD3ZK7V00000000000000000"


def _read(text: str, *, check: bool = False) -> Keeping:
    reader = Reader()
    node = read_yaml_text(text, "rules.yaml")
    found = read_keeping(reader.mapping(node, "recording", optional=KEEPING), reader, _KINDS)
    if check:
        check_keeping(found, reader, connections=["crm"], identities=["corp"])
    reader.finish()
    return found


def test_nothing_is_asked_for_by_default() -> None:
    """In clear, shipped nowhere, kept for good."""
    assert _read("encrypt: env:KEY") == Keeping(("env:KEY",))
    assert read_keeping({}, Reader(), _KINDS) == Keeping()


def test_the_members_read_as_written() -> None:
    """Keys new and old; a place; rules; holds."""
    found = _read(
        "encrypt: [env:NEW, file:/run/secrets/old]\n"
        "ship:\n  - {to: 's3://bucket/prefix', region: eu, access_key: env:ID, flows: false, keys: true}\n"
        "  - {to: store, id: second, every: 30s}\n"
        "retain:\n  - {id: default, for: 180d}\n  - {id: support, to: {groups: [support]}, on: [crm], for: 30d}\n"
        f"holds:\n  - {{id: case-17, sessions: [{_ULID}], why: a complaint}}\n"
        "  - {id: everything, to: anyone, why: an audit}\n"
    )
    assert found.encrypt == ("env:NEW", "file:/run/secrets/old")
    assert found.ship == (
        ShipSpec("s3", "s3://bucket/prefix", {"region": "eu"}, {"access_key": "env:ID"}, flows=False, keys=True),
        ShipSpec("second", "store", every=30.0),
    )
    assert [spec.kind for spec in found.ship] == ["s3", "store"]
    support = Whom(groups=frozenset({"support"}))
    day = 86400.0
    assert found.retain == (Retain("default", 180 * day), Retain("support", 30 * day, support, frozenset({"crm"})))
    case = Hold("case-17", "a complaint", None, frozenset({_ULID}))
    assert found.holds == (case, Hold("everything", "an audit", Whom()))


@pytest.mark.parametrize(
    ("whom", "fits"),
    [
        (Whom(), True),
        (Whom("corp"), True),
        (Whom("other"), False),
        (Whom(groups=frozenset({"support", "sales"})), True),
        (Whom(groups=frozenset({"sales"})), False),
        (Whom(subjects=("erika.*",)), True),
        (Whom(subjects=("max.*",)), False),
        (Whom("corp", frozenset({"sales"}), ("erika.*",)), False),
    ],
)
def test_whose_sessions_are_meant(whom, fits) -> None:
    """Members are "and", lists are "any of"."""
    assert whom.fits("corp", "erika.mustermann", {"support"}) is fits


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("encrypt: c2VjcmV0", "encrypt must say where the key is kept"),
        ("encrypt: [env:A, 1]", "encrypt must be text"),
        ("ship: [{id: a}]", "needs 'to'"),
        ("ship: [{to: 'ftp://host/x'}]", "recordings cannot be shipped to 'ftp'"),
        ("ship: [{to: 's3://id:secret@bucket/x'}]", "without any secret in it"),
        ("ship: [{to: 's3://bucket', access_key: abc}]", "access_key must say where the key is kept"),
        ("ship: [{to: store, region: eu}]", "no member 'region'"),
        ("ship: [{to: store}, {to: store}]", "stands twice"),
        ("ship: [{to: store, every: 1s}]", "every 5 seconds at most"),
        ("ship: [{to: store, every: often}]", "every must be a duration"),
        ("ship: [{to: 's3://a', endpoint: 'http://minio.internal:9000'}]", "endpoint must be https"),
        ("ship: [{to: 's3://a', endpoint: 'minio'}]", "endpoint must be https"),
        ("retain: [{id: a}]", "needs 'for'"),
        ("retain: [{id: a, for: 5m}]", "kept for an hour at least"),
        ("retain: [{id: a, for: soon}]", "for must be a duration"),
        ("retain: [{id: a, for: 1d}, {id: a, for: 2d}]", "stands twice"),
        ("retain: [{id: a, for: 1d, to: {}}]", "to names nobody"),
        ("retain: [{id: a, for: 1d, to: {group: x}}]", "did you mean 'groups'"),
        ("retain: [{id: a, for: 1d, on: [cmr]}]", "did you mean 'crm'"),
        ("retain: [{id: a, for: 1d, to: {from: crop}}]", "did you mean 'corp'"),
        ("holds: [{id: a, to: anyone}]", "needs 'why'"),
        ("holds: [{id: a, why: b}]", "must say what it holds"),
        ("holds: [{id: a, why: b, sessions: [x]}]", "'x' is not a session"),
    ],
)
def test_what_is_wrong_is_said(text, says) -> None:
    """With what to write instead; never with a secret."""
    with pytest.raises(RulesInvalid) as caught:
        _read(text, check=True)
    assert says in str(caught.value)
    assert "c2VjcmV0" not in str(caught.value)
