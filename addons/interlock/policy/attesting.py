"""`attest: {every: 90d, by: {groups: [dba]}, overdue: forbid}`: a permission that counts while somebody stands by it.

What is attested is what the rule means: who may do what, where and under which circumstances. Its `meaning` is a digest
over that, so that a word about one meaning is none about another: a rule that was widened, or whose connection points
somewhere else now, has to be attested anew. What it tells an agent, how long it holds a request, and how often it is
attested are no part of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping

from interlock.model import JSON, Effect
from interlock.policy.people import read_reviewers, read_to
from interlock.policy.rule import EVERYWHERE, Attest
from interlock.schema import Reader
from interlock.settings import Connection
from interlock.source import Node

__all__ = ["meaning_of", "read_attest"]

_EVERY = 90 * 86400.0
_LEAST = 60.0
_SILENT = frozenset(("id", "message", "remedy", "attest", "hold", "expires"))
_OVERDUE = {"review": Effect.REVIEW, "forbid": Effect.FORBID}


def read_attest(
    node: Node | None, to: Node | None, effect: Effect, reader: Reader, identities: Collection[str]
) -> Attest | None:
    """How a rule is attested; None without `attest:`, and after telling the reader what is wrong."""
    if node is None:
        return None
    members = reader.mapping(node, "attest", required=("by",), optional=("every", "overdue"))
    every = reader.duration(members.get("every"), "every", _EVERY)
    if "every" in members and every < _LEAST:
        reader.error(members["every"], "every is a minute at least", "as in every: 90d")
    overdue = reader.choice(members.get("overdue"), "overdue", tuple(_OVERDUE), "forbid")
    by = read_reviewers(members["by"], reader, identities) if "by" in members else None
    if by is not None and by.people > 1:
        reader.error(members["by"], "one person attests", "leave people out")
    if to is None or by is None:
        return None
    if isinstance(to.value, str):
        hint = "name in to: whom it speaks about; nobody attests their own access"
        reader.error(node, "what everybody may, nobody can attest", hint)
        return None
    speaks = read_to(to, effect, Reader(), identities)  # what is wrong with it is told by the rule itself
    return Attest(every, by, _OVERDUE[overdue], speaks)


def meaning_of(item: Node, connections: Mapping[str, Connection], issuers: Mapping[str, str]) -> str:
    """The digest (hex SHA-256) of what a rule means. Orders, and one text for a list of one, count for nothing."""
    members = item.value if isinstance(item.value, dict) else {}
    said = {name: _sorted(node.plain()) for name, node in members.items() if name not in _SILENT}
    places = _texts(members.get("on"))
    named = set(connections) if EVERYWHERE in places else places & set(connections)
    where: JSON = {name: [connections[name].protocol, *sorted(map(str, connections[name].origins))] for name in named}
    trusted = {name for part in ("to", "by") for name in _texts(_member(members.get(part), "from"))} & set(issuers)
    who: JSON = {name: issuers[name] for name in trusted or issuers}
    text = json.dumps({"rule": said, "on": where, "from": who}, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _member(node: Node | None, name: str) -> Node | None:
    return node.value.get(name) if node is not None and isinstance(node.value, dict) else None


def _texts(node: Node | None) -> set[str]:
    value = node.plain() if node is not None else None
    items = value if isinstance(value, list) else [value]
    return {item for item in items if isinstance(item, str)}


def _sorted(value: JSON) -> JSON:
    if isinstance(value, dict):
        return {name: _sorted(member) for name, member in value.items()}
    items = (
        [_sorted(item) if isinstance(item, dict | list) else item for item in value]
        if isinstance(value, list)
        else [value]
    )
    return sorted(items, key=lambda item: json.dumps(item, sort_keys=True))
