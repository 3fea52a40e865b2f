"""Ed25519 keys: read from what operators have, never shown."""

from __future__ import annotations

import base64
import pickle
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from interlock.errors import InterlockError
from interlock.recording.signing import make_key, read_private, read_public

# RFC 8032, section 7.1, test 2.
_SECRET = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
_PUBLIC = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
_SIGNATURE = bytes.fromhex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)


def _pem(key: object, password: bytes | None = None) -> str:
    how = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, how).decode()


_KEY = Ed25519PrivateKey.from_private_bytes(_SECRET)


@pytest.mark.parametrize(
    "text",
    [base64.b64encode(_SECRET).decode(), _pem(_KEY), _pem(_KEY).replace("\n", "\\n"), f"\n{_pem(_KEY)}\n"],
)
def test_a_private_key_signs_as_the_standard_says(text: str) -> None:
    """As 32 bytes in base64, as PEM, as PEM in a variable that has no lines."""
    signer = read_private(text)
    assert base64.b64decode(signer.sign(b"\x72")) == _SIGNATURE
    assert signer.public.holds(signer.sign(b"\x72"), b"\x72")


def test_a_public_key_checks_what_its_private_half_signed() -> None:
    """From either spelling, and nothing else: not another text, not other bytes, not another base64."""
    signer = read_private(_pem(_KEY))
    for text in (base64.b64encode(_PUBLIC).decode(), signer.public.pem.decode()):
        key = read_public(text)
        signature = signer.sign(b"text")
        assert (key.id, key.pem) == (signer.public.id, signer.public.pem)
        assert key.holds(signature, b"text")
        assert not key.holds(signature, b"texts")
        for wrong in ("", "!", signature[:-4], signature.replace("==", ""), signature[:-3] + "B==", "A" * 86 + "=="):
            assert not key.holds(wrong, b"text")


@pytest.mark.parametrize(
    "text",
    ["", "c2hvcnQ=", "not base64", "A" * 10_000, _pem(ec.generate_private_key(ec.SECP256R1())),
     _pem(_KEY, b"password"), "-----BEGIN PRIVATE KEY-----\nxx\n-----END PRIVATE KEY-----"],
)  # fmt: skip
def test_what_is_no_key_is_said_and_never_shown(text: str) -> None:
    """Empty, short, of another kind, under a password, torn."""
    with pytest.raises(InterlockError) as raised:
        read_private(text)
    assert "openssl genpkey" in raised.value.hint
    assert not text or text not in str(raised.value)


def test_a_private_key_is_not_taken_for_a_public_one() -> None:
    """Whoever checks must not hold it; what is none at all is said too."""
    with pytest.raises(InterlockError, match="private key"):
        read_public(_pem(_KEY))
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    info = serialization.PublicFormat.SubjectPublicKeyInfo
    for text in ("junk", other.public_bytes(serialization.Encoding.PEM, info).decode()):
        with pytest.raises(InterlockError):
            read_public(text)


def test_nothing_shows_a_key() -> None:
    """Neither its repr nor a pickle."""
    signer = read_private(_pem(_KEY))
    assert repr(signer) == f"Signer({signer.public.id})"
    assert repr(signer.public) == f"PublicKey({signer.public.id})"
    with pytest.raises(TypeError):
        pickle.dumps(signer)


def test_a_missing_key_is_made_once_for_the_owner_alone(tmp_path: Path) -> None:
    """The second start finds the first one's; nothing is left beside it."""
    path = tmp_path / "key.pem"
    first, second = make_key(path), make_key(path)
    assert first.public.id == second.public.id
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["key.pem"]
