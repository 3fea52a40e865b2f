"""Reads a body of which nobody else made sure that it can be read in one way only."""

from __future__ import annotations

import json

import msgspec

from interlock.errors import BodyRejected
from interlock.model import JSON
from interlock.reasons import Reason

__all__ = ["read_strictly"]


def read_strictly(body: bytes) -> JSON:
    """The document: no duplicate names, no constants that JSON does not have. Raises BodyRejected."""
    try:
        document: JSON = msgspec.json.decode(body)
        json.loads(body, object_pairs_hook=_unique)
    except BodyRejected:
        raise
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise BodyRejected(Reason.BODY_UNPARSABLE) from None
    return document


def _unique(pairs: list[tuple[str, JSON]]) -> None:
    if len({name for name, _ in pairs}) < len(pairs):
        raise BodyRejected(Reason.BODY_AMBIGUOUS, "a member stands twice in one object")
