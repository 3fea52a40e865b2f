"""Detectors that find one kind in several ways: `phone` by its form, `phone-named` by the words before it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from interlock.masking import detectors as _detectors
from interlock.masking.detector import Detector
from interlock.registry import parts

__all__ = ["kind_of", "known_detectors", "with_kin"]


@cache
def known_detectors() -> dict[str, Detector]:
    """All shipped detectors by name."""
    return parts(_detectors, Detector)


@cache
def _second() -> dict[str, str]:
    return {part.name: part.kind for part in known_detectors().values() if part.kind}


def kind_of(name: str) -> str:
    """What a detector's finding is called, in a token too; a name that is no detector's stays."""
    return _second().get(name, name)


def with_kin(names: Iterable[str]) -> tuple[str, ...]:
    """Detectors by name, and behind each those that find the same kind in another way."""
    second = _second()
    return tuple(
        dict.fromkeys(one for name in names for one in (name, *(other for other in second if second[other] == name)))
    )
