"""Digests of bodies."""

from __future__ import annotations

import hmac

import pytest

from interlock.recording.salted import Salted


@pytest.mark.parametrize("salt", [b"", b"x", bytes(range(32)), b"k" * 64])
@pytest.mark.parametrize("body", [b"", b"body", b"b" * 100_000])
def test_it_is_hmac_sha_256(salt: bytes, body: bytes) -> None:
    """The standard's own, whatever the key and however often it is used."""
    salted = Salted(salt)
    assert [salted.digest(body) for _ in range(2)] == [hmac.new(salt, body, "sha256").hexdigest()] * 2
