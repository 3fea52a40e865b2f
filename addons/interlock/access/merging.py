"""Rules that say the same but for one list are one rule: the same for other operations, or on other connections."""

from __future__ import annotations

import json
from collections.abc import Sequence

from interlock.access.drafting import Proposed
from interlock.model import JSON

__all__ = ["merged"]

_ABOUT = ("tables", "columns", "flags", "where")


def merged(made: Sequence[Proposed]) -> list[Proposed]:
    """The same permissions, in fewer rules where nothing is given by that. The order stays."""
    found = _along("permit", made)
    return _along("on", found)


def _along(member: str, made: Sequence[Proposed]) -> list[Proposed]:
    """Puts those together that differ in this list alone. Operations with conditions on arguments stay apart."""
    by_rest: dict[str, Proposed] = {}
    found: list[Proposed] = []
    for rule in made:
        listed = rule.members.get(member)
        apart = member == "permit" and any(name in rule.members for name in _ABOUT)
        rest = {name: value for name, value in rule.members.items() if name != member}
        key = json.dumps([rule.draft.base, rest], sort_keys=True)
        known = by_rest.get(key)
        if apart or not isinstance(listed, list):
            found.append(rule)
        elif known is None:
            by_rest[key] = rule
            found.append(rule)
        else:
            both: list[JSON] = [*_list(known.members[member]), *listed]
            known.members[member] = sorted({str(one) for one in both})  # type: ignore[assignment]
            known.needs = [*known.needs, *rule.needs]
            known.drafts = [*known.drafts, *(draft for draft in rule.drafts if draft not in known.drafts)]
    return found


def _list(value: JSON) -> list[JSON]:
    return value if isinstance(value, list) else [value]
