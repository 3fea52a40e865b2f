"""Operations as recordings of format 1 kept them: flat, a few details beside the name, nothing of nesting."""

from __future__ import annotations

from collections.abc import Mapping

from interlock.model import JSON, Access, Operation
from interlock.model.places import CALLERS

__all__ = ["CARRIERS", "is_old", "old_operation"]

CARRIERS = frozenset(("http", *CALLERS))
"""Protocols whose operation, where it comes first, carried all that follow."""
_NEW = frozenset(("arguments", "in", "resource", "covered", "agent", "said", "same", "cut"))
_DETAILS = ("kinds", "tables", "flags", "command", "hosts", "model", "type", "at")
_ACCESS = {access.name.lower(): access for access in Access}


def is_old(listed: list[JSON]) -> bool:
    """Whether a list says nothing that only later formats say."""
    return not any(isinstance(item, dict) and not _NEW.isdisjoint(item) for item in listed)


def old_operation(item: Mapping[str, JSON], inner: tuple[Operation, ...], agent: bool, covered: bool) -> Operation:
    """An operation, as far as it was kept; who runs it and whether it was covered, the caller knows."""
    protocol, _, action = str(item.get("name")).partition(".")
    model, place, access = (item.get(name) for name in ("model", "place", "access"))
    resource = action.partition(":")[2] if protocol in CALLERS else ""
    return Operation(
        protocol,
        action,
        resource or (model if protocol == "model" and isinstance(model, str) else ""),
        _ACCESS.get(access, Access.UNKNOWN) if isinstance(access, str) else Access.UNKNOWN,
        {name: item[name] for name in _DETAILS if name in item},
        "",
        place if isinstance(place, str) else "",
        inner,
        covered and bool(inner),
        agent,
    )
