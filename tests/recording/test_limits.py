"""Bounds."""

from __future__ import annotations

from dataclasses import astuple

from interlock.recording import Limits


def test_every_bound_is_finite_and_positive() -> None:
    """Nothing is unlimited by default."""
    assert all(0 < value < 1 << 40 for value in astuple(Limits()))
