"""Lists that a server answers with (tools, prompts, resources): what a principal may never use is taken out.

Answers are known by their shape, not by what was asked: a resumed stream brings the answers of other requests. Only
what is taken out, or cleaned of hidden text, changes; every other byte stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from interlock.errors import BodyRejected
from interlock.model import JSON, Access, Operation
from interlock.protocols.body import encode_json
from interlock.protocols.mcp_hidden import cleaned
from interlock.protocols.replies import Offer, Treatment
from interlock.protocols.requests import Member
from interlock.protocols.spans import Span, item_spans, member_spans, splice
from interlock.reasons import Reason

__all__ = ["filter_lists"]

_TOOL_NAME = re.compile(r"[A-Za-z0-9_.:/-]{1,200}\Z")
_PROSE = ("instructions", "description", "title")

type _Keep = Callable[[Member, Treatment, bool], bool]


def filter_lists(message: bytes, result: Member, treatment: Treatment) -> bytes:
    """One answer without the items that may not be offered. `result` is what its member of that name parses to.

    Raises BodyRejected for a list whose name differs in case only: it could not be said who reads it.
    """
    if any(name not in _KEPT and name.casefold() in _FOLDED for name in result):
        raise BodyRejected(Reason.BODY_AMBIGUOUS, "a list in the answer is named in a way that some clients may read")
    wanted = [name for name in _KEPT if name in result]
    prose = [name for name in _PROSE if type(result.get(name)) is str]
    if not wanted and not prose:
        return message
    spans = member_spans(message, member_spans(message)["result"][0])
    changes: dict[Span, bytes] = {}
    for name in wanted:
        first, last = spans[name]
        changed = _list(message[first:last], result[name], _KEPT[name], treatment)
        if changed is not None:
            changes[first, last] = changed
    for name in prose:
        text, stripped, _ = cleaned(result[name], name)
        if stripped:
            changes[spans[name]] = encode_json(text)
    return splice(message, changes) if changes else message


def _list(body: bytes, items: JSON, keep: _Keep, treatment: Treatment) -> bytes | None:
    """The list as it may be shown; None where it stays as it is."""
    if items is None:
        return None
    if type(items) is not list:
        raise BodyRejected(Reason.BODY_UNPARSABLE, "a list in the answer is none")
    found = [_item(item, keep, treatment) for item in items]
    if all(shown is item for item, shown in zip(items, found, strict=True)):
        return None
    spans = item_spans(body)
    parts = [body[: spans[0][0]]]
    shown_any = False
    for index, (item, shown) in enumerate(zip(items, found, strict=True)):
        if shown is None:
            continue
        first, last = spans[index]
        if shown_any:
            parts.append(body[spans[index - 1][1] : first])
        shown_any = True
        parts.append(body[first:last] if shown is item else encode_json(shown))
    return b"".join((*parts, body[spans[-1][1] :]))


def _item(item: JSON, keep: _Keep, treatment: Treatment) -> JSON:
    """The item itself, a cleaned one, or None where it goes."""
    if type(item) is not dict:
        return None
    clean, stripped, left = cleaned(item)
    if left or type(clean) is not dict or not keep(clean, treatment, stripped):
        return None
    return clean if stripped else item


def _tool(item: Member, treatment: Treatment, hidden: bool) -> bool:
    name = item.get("name")
    if type(name) is not str or not _TOOL_NAME.match(name) or "name" in _variants(item):
        return False
    if not treatment.may(Operation("mcp", f"call:{name}", name, Access.WRITE)):
        return False
    return treatment.offered(Offer(name, item, hidden))


def _prompt(item: Member, treatment: Treatment, hidden: bool) -> bool:
    name = item.get("name")
    if type(name) is not str:
        return False
    return treatment.may(Operation("mcp", "get", name, Access.READ, {"method": "prompts/get"}))


def _resource(item: Member, treatment: Treatment, hidden: bool) -> bool:
    uri = item.get("uri")
    if type(uri) is not str:
        return False
    return treatment.may(Operation("mcp", "read", uri, Access.READ, {"method": "resources/read"}))


def _template(item: Member, treatment: Treatment, hidden: bool) -> bool:
    """What a template can become is not known: it stays, and what is read by it is judged."""
    return type(item.get("uriTemplate")) is str


def _variants(item: Member) -> set[str]:
    return {name.casefold() for name in item if name != name.casefold()}


_KEPT: Mapping[str, _Keep] = {
    "tools": _tool,
    "prompts": _prompt,
    "resources": _resource,
    "resourceTemplates": _template,
}
_FOLDED = frozenset(name.casefold() for name in _KEPT)
