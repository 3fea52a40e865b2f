"""Approvals, grants, changes and notices as JSON text, and back: strictly, so that nothing half-read decides."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from interlock.model import Approval, ApprovalKind, ApprovalState, Ask, Change, Grant, Person, Vote
from interlock.ports import Notice

__all__ = ["approval", "change", "grant", "key", "notice", "text"]


def text(value: Approval | Grant | Change | Notice) -> str:
    """The document of a value: ASCII, so that any database takes it."""
    found = {entry.name: _plain(getattr(value, entry.name)) for entry in fields(value)}
    return json.dumps(found, ensure_ascii=True, separators=(",", ":"), allow_nan=False)


def key(person: Person) -> str:
    """What stands for a person in a column: SHA-256 (hex) of issuer and subject."""
    return hashlib.sha256(json.dumps(person.key).encode()).hexdigest()


def approval(document: str) -> Approval:
    """Raises OSError for text that is no approval's document."""
    found = _read(document)
    try:
        return Approval(**{
            **found,
            "kind": ApprovalKind(found["kind"]),
            "state": ApprovalState(found["state"]),
            "requester": _person(found["requester"]),
            "asks": tuple(Ask(**ask) for ask in found["asks"]),
            "votes": tuple(_vote(vote) for vote in found["votes"]),
        })  # fmt: skip
    except (KeyError, TypeError, ValueError):
        raise _unreadable() from None


def grant(document: str) -> Grant:
    """Raises OSError for text that is no grant's document."""
    found = _read(document)
    try:
        return Grant(**{
            **found,
            "holder": _person(found["holder"]),
            "operations": tuple(found["operations"]),
            "rules": tuple(found["rules"]),
            "by": tuple(_person(one) for one in found["by"]),
        })  # fmt: skip
    except (KeyError, TypeError, ValueError):
        raise _unreadable() from None


def change(document: str) -> Change:
    """Raises OSError for text that is no change's document."""
    try:
        return Change(**_read(document))
    except TypeError:
        raise _unreadable() from None


def notice(document: str, tries: int) -> Notice:
    """Raises OSError for text that is no notice's document. `tries` is what the store counts."""
    try:
        return Notice(**{**_read(document), "tries": tries})
    except TypeError:
        raise _unreadable() from None


def _plain(value: Any) -> Any:
    if isinstance(value, Person | Ask | Vote):
        return _plain({entry.name: getattr(value, entry.name) for entry in fields(value)})
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


def _person(found: dict[str, Any]) -> Person:
    return Person(**{**found, "groups": tuple(found["groups"])})


def _vote(found: dict[str, Any]) -> Vote:
    return Vote(**{**found, "by": _person(found["by"]), "rules": tuple(found["rules"])})


def _unreadable() -> OSError:
    return OSError("the store of approvals holds what cannot be read")
