"""An entry of scheme jwt: algorithms, addresses, times and key files are judged at load."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.identity.issuer import CORP, ISSUER, b64, ec_key, jwk, pem, read, rsa_key

from interlock.errors import RulesInvalid
from interlock.identity.authenticators.jwt import JwtIdentity

_LIST = "algorithms: [RS256, PS256, ES256, EdDSA]"


def _errors(text: str, base: Path = Path()) -> str:
    with pytest.raises(RulesInvalid) as caught:
        read(text, base)
    return str(caught.value)


def _read(text: str, base: Path = Path()) -> JwtIdentity:
    (identity,) = read(text, base)
    assert isinstance(identity, JwtIdentity)
    return identity


def test_defaults_are_strict() -> None:
    """Asymmetric algorithms, access token types, 30 s of skew, keys kept for an hour."""
    identity = _read(f"[{{name: corp, issuer: '{ISSUER}', audience: [a, b]}}]")
    assert identity.algorithms == {"RS256", "ES256", "EdDSA"}
    assert identity.types == {"jwt", "at+jwt"}
    assert (identity.skew, identity.max_age, identity.stale_for) == (30.0, None, 3600.0)
    assert identity.audience == ("a", "b")


def test_settings_are_taken() -> None:
    """Durations in seconds."""
    identity = _read(CORP + "  skew: 5s\n  max_age: 1h\n  stale_for: 1d\n  typ: [JWT]\n")
    assert (identity.skew, identity.max_age, identity.stale_for) == (5.0, 3600.0, 86400.0)
    assert identity.types == {"jwt"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (CORP.replace(_LIST, "algorithms: [none]"), "unsigned"),
        (CORP.replace(_LIST, "algorithms: [RS256, None]"), "unsigned"),
        (CORP.replace(_LIST, "algorithms: [RS265]"), "did you mean 'RS256'?"),
        (CORP.replace(_LIST, "algorithms: []"), "empty"),
        (CORP.replace(_LIST, "algorithms: [HS256]"), "local secret"),
        (CORP.replace(ISSUER, "http://idp.example.com"), "must be https"),
        (CORP.replace(ISSUER, "idp.example.com"), "without a user"),
        (CORP.replace(ISSUER, "https://idp.example.com/?x=1"), "query"),
        (CORP + "  jwks_url: http://idp.example.com/k\n", "must be https"),
        (CORP + "  skew: 10m\n", "at most 300s"),
        (CORP + "  stale_for: 30d\n", "at most"),
        (CORP + "  max_age: 0s\n", "more than nothing"),
        (CORP + "  typ: [ID]\n", "ID tokens"),
        (CORP + "  demo: true\n", "needs 'key'"),
        (CORP + "  key: demo.pem\n", "demo: true"),
        (CORP + f"  keys: a.json\n  jwks_url: {ISSUER}/k\n", "exclude each other"),
        (CORP.replace("subject: sub", "subject: '$..sub'"), "act.sub"),
        (CORP.replace("groups: groups", "groups: 'a[*]'"), "not the path of one claim"),
        (CORP.replace("groups: groups", "group: groups"), "did you mean 'groups'?"),
    ],
)
def test_weak_or_wrong_settings_are_errors(text: str, says: str) -> None:
    """The message says what to write instead."""
    assert says in _errors(text)


def test_key_file_must_hold_a_fitting_key(tmp_path: Path) -> None:
    """Missing, unreadable, weak or misfit key files stop the start."""
    text = CORP + "  keys: jwks.json\n"
    assert "cannot be read" in _errors(text, tmp_path)
    file = tmp_path / "jwks.json"
    file.write_text("{")
    assert "is not JSON" in _errors(text, tmp_path)
    file.write_text(json.dumps({"keys": [jwk(rsa_key("weak", 1024), "k1")]}))
    assert "between 2048 and 8192 bits" in _errors(text, tmp_path)
    file.write_text(json.dumps({"keys": [{"kty": "oct", "k": b64(b"s" * 64)}]}))
    assert "symmetric" in _errors(text, tmp_path)
    file.write_text(json.dumps({"keys": [jwk(ec_key(), "k1")]}))
    assert "fits the algorithms" in _errors(text.replace(_LIST, "algorithms: [RS256]"), tmp_path)
    assert _read(text, tmp_path).keys == file


def test_short_secret_fits_no_algorithm(tmp_path: Path) -> None:
    """An HS256 secret under 32 bytes can be guessed (RFC 7518 section 3.2)."""
    (tmp_path / "jwks.json").write_text(json.dumps({"keys": [{"kty": "oct", "k": b64(b"short")}]}))
    text = CORP.replace(_LIST, "algorithms: [HS256]") + "  keys: jwks.json\n"
    assert "fits the algorithms" in _errors(text, tmp_path)


def test_demo_key_is_read_at_load(tmp_path: Path) -> None:
    """A demo identity without a usable private key stops the start; no error shows what is in the file."""
    text = CORP + "  demo: true\n  key: demo.pem\n"
    (tmp_path / "demo.pem").write_bytes(b"canary-in-the-file")
    message = _errors(text, tmp_path)
    assert "private key in PEM" in message
    assert "canary" not in message
    (tmp_path / "demo.pem").write_bytes(pem(ec_key()))
    assert _read(text, tmp_path).demo
