"""What the store keeps as JSON text: how any value is written, and how its common members are read back, strictly."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from typing import Any

from interlock.model import Person

__all__ = ["members", "person", "text", "texts", "whole"]


def text(value: Any) -> str:
    """The document of a dataclass: ASCII, so that any database takes it. Raises ValueError for numbers not in JSON."""
    return json.dumps(_plain(value), ensure_ascii=True, separators=(",", ":"), allow_nan=False)


def members(document: str) -> dict[str, Any]:
    """The members of a document. Raises ValueError or TypeError for text that is none."""
    try:
        found = json.loads(document)
    except RecursionError:
        raise ValueError from None
    if not isinstance(found, dict):
        raise TypeError
    return found


def person(found: dict[str, Any]) -> Person:
    """A person, from their members. Raises KeyError or TypeError for anything else."""
    return Person(**{**found, "groups": texts(found["groups"])})


def texts(found: Any) -> tuple[str, ...]:
    """A list of texts, as a tuple. Raises TypeError for anything else."""
    if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
        raise TypeError
    return tuple(found)


@contextmanager
def whole(what: str) -> Iterator[None]:
    """Whatever is read within is what it should be: anything else raises OSError. `what` is kept in that store."""
    try:
        yield
    except (KeyError, TypeError, ValueError):
        raise OSError(f"the store of {what} holds what cannot be read") from None


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {entry.name: _plain(getattr(value, entry.name)) for entry in fields(value)}
    if isinstance(value, Mapping):
        return {name: _plain(member) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return value
