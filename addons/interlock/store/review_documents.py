"""Campaigns, attestations and review records as JSON text, and back: strictly, so that nothing half-read decides."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from interlock.model import Attestation, Campaign, CampaignState, Permission, Person, ReviewRecord, Scope, Word

__all__ = ["attestation", "campaign", "record", "text"]


def text(value: Attestation | Campaign | ReviewRecord) -> str:
    """The document of a value: ASCII, so that any database takes it."""
    return json.dumps(_plain(value), ensure_ascii=True, separators=(",", ":"), allow_nan=False)


def attestation(document: str) -> Attestation:
    """Raises OSError for text that is no attestation's document."""
    found = _read(document)
    try:
        return Attestation(**{
            **found,
            "permission": _permission(found["permission"]),
            "word": Word(found["word"]),
            "by": _person(found["by"]),
            "only": _texts(found["only"]),
        })  # fmt: skip
    except (KeyError, TypeError, ValueError):
        raise _unreadable() from None


def campaign(document: str) -> Campaign:
    """Raises OSError for text that is no campaign's document."""
    found = _read(document)
    try:
        return Campaign(**{
            **found,
            "by": _person(found["by"]),
            "items": tuple(_permission(item) for item in found["items"]),
            "groups": _texts(found["groups"]),
            "state": CampaignState(found["state"]),
        })  # fmt: skip
    except (KeyError, TypeError, ValueError):
        raise _unreadable() from None


def record(document: str) -> ReviewRecord:
    """Raises OSError for text that is no review record's document."""
    found = _read(document)
    try:
        return ReviewRecord(**{
            **found,
            "permission": _permission(found["permission"]),
            "word": Word(found["word"]) if found["word"] is not None else None,
            "by": _person(found["by"]) if found["by"] is not None else None,
            "only": _texts(found["only"]),
            **{name: _number(found[name]) for name in ("at", "asked", "due")},
        })  # fmt: skip
    except (KeyError, TypeError, ValueError):
        raise _unreadable() from None


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {entry.name: _plain(getattr(value, entry.name)) for entry in fields(value)}
    if isinstance(value, Mapping):
        return {name: _plain(member) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return value


def _read(document: str) -> dict[str, Any]:
    try:
        found = json.loads(document)
    except (ValueError, RecursionError):
        raise _unreadable() from None
    if not isinstance(found, dict):
        raise _unreadable()
    return found


def _permission(found: dict[str, Any]) -> Permission:
    return Permission(**{**found, "scope": Scope(**found["scope"])})


def _person(found: dict[str, Any]) -> Person:
    return Person(**{**found, "groups": _texts(found["groups"])})


def _texts(found: Any) -> tuple[str, ...]:
    if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
        raise TypeError
    return tuple(found)


def _number(found: Any) -> float:
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise TypeError
    return float(found)


def _unreadable() -> OSError:
    return OSError("the store of access reviews holds what cannot be read")
