"""The header scheme alone; how it works in an injector is in test_injector."""

from __future__ import annotations

from interlock.credentials.schemes.header import PART
from interlock.settings import CredentialSpec


def test_the_secret_is_the_value() -> None:
    """Without a prefix the header holds the secret and nothing else."""
    spec = CredentialSpec("header", "env:X", header="x-key")

    assert PART.place(spec, "s", [("a", "b")], "/") == ([("a", "b"), ("x-key", "s")], "/")
