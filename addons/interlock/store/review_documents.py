"""Campaigns, attestations and review records as JSON text, and back: strictly, so that nothing half-read decides."""

from __future__ import annotations

from typing import Any

from interlock.model import Attestation, Campaign, CampaignState, Permission, ReviewRecord, Scope, Word
from interlock.store.json_document import members, person, text, texts, whole

__all__ = ["attestation", "campaign", "record", "text"]

_STORE = "access reviews"


def attestation(document: str) -> Attestation:
    """Raises OSError for text that is no attestation's document."""
    with whole(_STORE):
        found = members(document)
        return Attestation(**{
            **found,
            "permission": _permission(found["permission"]),
            "word": Word(found["word"]),
            "by": person(found["by"]),
            "only": texts(found["only"]),
        })  # fmt: skip


def campaign(document: str) -> Campaign:
    """Raises OSError for text that is no campaign's document."""
    with whole(_STORE):
        found = members(document)
        return Campaign(**{
            **found,
            "by": person(found["by"]),
            "items": tuple(_permission(item) for item in found["items"]),
            "groups": texts(found["groups"]),
            "state": CampaignState(found["state"]),
        })  # fmt: skip


def record(document: str) -> ReviewRecord:
    """Raises OSError for text that is no review record's document."""
    with whole(_STORE):
        found = members(document)
        return ReviewRecord(**{
            **found,
            "permission": _permission(found["permission"]),
            "word": Word(found["word"]) if found["word"] is not None else None,
            "by": person(found["by"]) if found["by"] is not None else None,
            "only": texts(found["only"]),
            **{name: _number(found[name]) for name in ("at", "asked", "due")},
        })  # fmt: skip


def _permission(found: dict[str, Any]) -> Permission:
    return Permission(**{**found, "scope": Scope(**found["scope"])})


def _number(found: Any) -> float:
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise TypeError
    return float(found)
