"""By which of its arguments a rule names what was used: tables and columns, kinds, flags, hosts, models."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from interlock.access.needs import Need
from interlock.access.siblings import alike_tables
from interlock.model import JSON
from interlock.policy.argument import texts_of
from interlock.policy.reach import AGENT

__all__ = ["conditions_of"]

_MOST = 60
_COLUMN = re.compile(r"""([^\s'"`\[\]().]+|"[^".`'\[\]]+\")(\.([^\s'"`\[\]().]+|"[^".`'\[\]]+\")){1,4}""")
_WORD = re.compile(r"[!-)+-~]([ -)+-~]*[!-)+-~])?")
_BY: tuple[tuple[str, str], ...] = (("model", "model"), ("http", "host"))


def conditions_of(needs: Sequence[Need], siblings: int) -> tuple[dict[str, JSON], dict[str, JSON]]:
    """What stands under `where:`, and the members of the rule itself. With no `siblings` nothing is generalised."""
    first = needs[0]
    if first.protocol == "sql":
        return _statement(needs, siblings)
    if first.kind == "bare":
        return {"command": {"equals": ""}, "flags": {"exists": False}}, {}
    for protocol, argument in _BY:
        named = protocol == "model" and all(need.resource for need in needs)  # the pattern says it already
        if first.protocol == protocol and not named and (protocol == "model" or first.place == AGENT):
            values = sorted(_texts(needs, argument))  # however many: without them it would be any
            return ({argument: [*values]} if values else {}), {}
    return {}, {}


def _statement(needs: Sequence[Need], siblings: int) -> tuple[dict[str, JSON], dict[str, JSON]]:
    where: dict[str, JSON] = {}
    kinds = _all(needs, "kinds")
    if needs[0].name != "sql.read" and kinds:
        where["kinds"] = [*kinds]
    if needs[0].kind.startswith("flags"):
        where["flags"] = [*sorted(_texts(needs, "flags"))]
        for argument in ("tables", "functions"):
            found = sorted(_texts(needs, argument))
            where[argument] = [*found] if argument in needs[0].kind else {"exists": False}
        return where, {}
    if needs[0].kind == "plain":
        return where | {"tables": {"exists": False}}, {}
    tables, columns = _texts(needs, "tables"), _texts(needs, "columns")
    named: dict[str, JSON] = {"tables": [*(alike_tables(tables, siblings) if siblings else sorted(tables))]}
    listed = all(isinstance(need.operation.arguments.get("columns"), list) for need in needs)
    if columns and listed and all(map(_COLUMN.fullmatch, columns)):
        found = alike_tables(columns, siblings) if siblings else sorted(columns)
        if len(found) <= _MOST:
            named["columns"] = [*found]
    return where, named


def _texts(needs: Iterable[Need], argument: str) -> set[str]:
    return {text for need in needs for text in texts_of(need.operation.arguments.get(argument))}


def _all(needs: Sequence[Need], argument: str) -> list[str]:
    """The values of an argument that every need has and that rules can name; none where they are too many."""
    if not all(texts_of(need.operation.arguments.get(argument)) for need in needs):
        return []
    found = sorted(_texts(needs, argument))
    return found if len(found) <= _MOST and all(map(_WORD.fullmatch, found)) else []
