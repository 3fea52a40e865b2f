"""Keys: read strictly, chosen by id and algorithm, and never more than they are."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.identity.issuer import b64, ec_key, ed_key, jwk, rsa_key

from interlock.identity.keys import ALGORITHMS, parse_key_set, verify_signature


def _set(*keys: Any, symmetric: bool = False) -> Any:
    return parse_key_set(json.dumps({"keys": list(keys)}).encode(), symmetric=symmetric)


def test_none_is_no_algorithm() -> None:
    """The table of algorithms holds nothing unsigned."""
    assert not [name for name in ALGORITHMS if name.lower() == "none"]


def test_key_fits_its_own_algorithms_alone() -> None:
    """Type, curve and pinned algorithm decide."""
    keys = _set(
        jwk(rsa_key(), "rsa"), jwk(rsa_key(), "ps", alg="PS256"), jwk(ec_key(), "ec"), jwk(ed_key(), "ed"),
        {"kty": "oct", "kid": "oct", "k": b64(b"s" * 48)}, symmetric=True,
    )  # fmt: skip
    fits = {key.kid: {name for name in ALGORITHMS if key.fits(name)} for key in keys.keys}
    assert fits["rsa"] == {name for name in ALGORITHMS if name[:2] in ("RS", "PS")}
    assert (fits["ps"], fits["ec"], fits["ed"], fits["oct"]) == ({"PS256"}, {"ES256"}, {"EdDSA"}, {"HS256", "HS384"})


def test_private_members_are_never_read() -> None:
    """A set that leaks private keys yields public ones."""
    leaky = {**jwk(ec_key(), "k1"), "d": "AAAA", "p": 7}
    (key,) = _set(leaky).keys
    assert not hasattr(key.public, "private_numbers")
    assert "public" not in repr(key)


def test_unusable_keys_say_why_beside_usable_ones() -> None:
    """One bad key does not spoil the set, and its kid is known."""
    keys = _set(jwk(rsa_key(), "good"), jwk(rsa_key("weak", 1024), "weak"), {"kty": "XX", "kid": "odd"}, 7)
    assert [key.kid for key in keys.keys] == ["good"]
    assert "2048" in keys.unusable["weak"]
    assert keys.has("odd")
    assert keys.find("weak", "RS256") == ()


@pytest.mark.parametrize(
    "members", [{"e": "Aw"}, {"n": None}, {"kid": 7}, {"use": "enc"}, {"key_ops": "verify"}, {"e": "AQAB="}]
)
def test_odd_keys_are_not_used(members: dict[str, Any]) -> None:
    """A small exponent, missing or mistyped members, padding."""
    with pytest.raises(ValueError, match="no usable key"):
        _set({**jwk(rsa_key(), "k1"), **members})


def test_many_keys_of_one_id_are_tried_in_bounded_number() -> None:
    """A set that repeats a kid costs at most four verifications."""
    assert len(_set(*[jwk(rsa_key(), "k1")] * 9).find("k1", "RS256")) == 4


@pytest.mark.parametrize("signature", [b"", b"\0", b"\0" * 64, b"\xff" * 64, b"\0" * 1000])
@pytest.mark.parametrize("algorithm", ["ES256", "ES512", "RS256", "EdDSA", "HS256", "none"])
def test_nonsense_is_no_signature(algorithm: str, signature: bytes) -> None:
    """Whatever the library thinks of it, the answer is no."""
    for key in _set(jwk(ec_key(), "k1"), jwk(rsa_key(), "k2"), jwk(ed_key(), "k3")).keys:
        assert verify_signature(key, algorithm, b"signed", signature) is False


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_key_of_another_type_verifies_nothing(algorithm: str) -> None:
    """Even asked directly, a key refuses an algorithm it does not fit."""
    (key,) = _set(jwk(ed_key(), "k1")).keys
    signature = ed_key().sign(b"signed")
    assert verify_signature(key, "EdDSA", b"signed", signature) is True
    assert verify_signature(key, algorithm, b"signed", signature) is False
    assert verify_signature(key, "EdDSA", b"other", signature) is False
