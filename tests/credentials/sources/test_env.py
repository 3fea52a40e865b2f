"""Secrets in the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from interlock.credentials.sources.env import PART
from interlock.errors import InterlockError


def test_a_variable_is_read_at_every_use(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the environment holds now counts."""
    source = PART.open("API_SECRET", Path())
    for value in ("first", "second"):
        monkeypatch.setenv("API_SECRET", value)
        assert source.read().reveal() == value

    assert source.reference() == "env:API_SECRET"
    assert PART.warnings("API_SECRET", Path()) == ()


def test_a_reference_must_be_a_name() -> None:
    """What no shell could set is refused when the rules are read."""
    with pytest.raises(InterlockError):
        PART.open("A=B", Path())
