"""Members of Google's JSON: `functionCall` and `function_call` are one name to its parsers, so they are one here."""

from __future__ import annotations

from interlock.errors import BodyRejected
from interlock.model import JSON
from interlock.protocols.known_names import remembered
from interlock.protocols.proposals import fold
from interlock.protocols.requests import Member, require_object
from interlock.reasons import Reason

__all__ = ["folded", "objects"]


def folded(value: JSON, what: str) -> Member:
    """The members of an object by their folded names. Raises BodyRejected where two of them are one name."""
    held = require_object(value, what)
    found = dict(zip(_names(held), held.values(), strict=True))
    if len(found) != len(held):
        raise BodyRejected(Reason.BODY_AMBIGUOUS, f"a member of {what} stands twice, in two spellings")
    return found


@remembered
def _names(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(fold, names))


def objects(value: JSON, what: str) -> list[Member]:
    """A list of objects, or one object where a list may stand, or none. Raises BodyRejected."""
    if value is None:
        return []
    items = value if type(value) is list else [value]
    return [require_object(item, what) for item in items]
