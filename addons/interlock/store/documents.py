"""Approvals, grants, changes and notices as JSON text, and back: strictly, so that nothing half-read decides."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from interlock.model import JSON, Approval, ApprovalKind, ApprovalState, Ask, Change, Grant, Person, Vote
from interlock.ports import Notice
from interlock.store.json_document import members, person, text, texts, whole

__all__ = ["approval", "change", "event", "grant", "key", "line", "notice", "text"]

_STORE = "approvals"


def key(person: Person) -> str:
    """What stands for a person in a column: SHA-256 (hex) of issuer and subject."""
    return hashlib.sha256(json.dumps(person.key).encode()).hexdigest()


def approval(document: str) -> Approval:
    """Raises OSError for text that is no approval's document."""
    with whole(_STORE):
        found = members(document)
        return Approval(**{
            **found,
            "kind": ApprovalKind(found["kind"]),
            "state": ApprovalState(found["state"]),
            "requester": person(found["requester"]),
            "asks": tuple(Ask(**ask) for ask in found["asks"]),
            "votes": tuple(_vote(vote) for vote in found["votes"]),
        })  # fmt: skip


def grant(document: str) -> Grant:
    """Raises OSError for text that is no grant's document."""
    with whole(_STORE):
        found = members(document)
        return Grant(**{
            **found,
            "holder": person(found["holder"]),
            "operations": texts(found["operations"]),
            "rules": texts(found["rules"]),
            "by": tuple(person(one) for one in found["by"]),
        })  # fmt: skip


def line(change: Change) -> str:
    """The document of a line of history: what the evidence is to say of it is kept apart."""
    return text({"subject": change.subject, "state": change.state, "at": change.at, "by": change.by, "why": change.why})


def event(document: str) -> Mapping[str, JSON]:
    """Raises OSError for text that is no event's document."""
    with whole(_STORE):
        return members(document)


def change(document: str) -> Change:
    """Raises OSError for text that is no change's document."""
    with whole(_STORE):
        return Change(**members(document))


def notice(document: str, tries: int) -> Notice:
    """Raises OSError for text that is no notice's document. `tries` is what the store counts."""
    with whole(_STORE):
        return Notice(**{**members(document), "tries": tries})


def _vote(found: dict[str, Any]) -> Vote:
    return Vote(**{**found, "by": person(found["by"]), "rules": texts(found["rules"])})
