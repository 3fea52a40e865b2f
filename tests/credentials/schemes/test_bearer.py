"""The bearer scheme alone; how it works in an injector is in test_injector."""

from __future__ import annotations

from interlock.credentials.schemes.bearer import PART
from interlock.settings import CredentialSpec


def test_the_secret_follows_bearer() -> None:
    """One header, as RFC 6750 writes it."""
    spec = CredentialSpec("bearer", "env:X")

    assert PART.place(spec, "s", [], "/") == ([("authorization", "Bearer s")], "/")
