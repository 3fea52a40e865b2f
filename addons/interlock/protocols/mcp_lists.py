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
from interlock.protocols.mcp_hidden import cleaned, strip_hidden
from interlock.protocols.replies import Offer, Treatment
from interlock.protocols.requests import Member
from interlock.protocols.spans import item_spans, member_spans, splice
from interlock.reasons import Reason

__all__ = ["filter_lists"]

_TOOL_NAME = re.compile(r"[A-Za-z0-9_.:/-]{1,200}\Z")
_MAX_ITEMS = 2000
_MAX_LIST = 2 << 20
_PERHAPS_HIDDEN = re.compile(rb"\\[ubf]|[\x7f-\xff]")
_PROSE = ("instructions", "description", "title")

type _Keep = Callable[[Member, Treatment, bool], bool]


def filter_lists(message: bytes, result: Member, treatment: Treatment) -> bytes:
    """One answer without the items that may not be offered. `result` is what its member of that name parses to.

    Raises BodyRejected for a list whose name differs in case only: it could not be said who reads it.
    """
    if any(name not in _KEPT and name.casefold() in _FOLDED for name in result):
        raise BodyRejected(Reason.BODY_AMBIGUOUS, "a list in the answer is named in a way that some clients may read")
    wanted = [name for name in _KEPT if result.get(name) is not None]
    prose = [name for name in _PROSE if type(result.get(name)) is str]
    if not wanted and not prose:
        return message
    look = _PERHAPS_HIDDEN.search(message) is not None
    lists = {name: _shown(result[name], len(message), _KEPT[name], treatment, look) for name in wanted}
    texts = {name: strip_hidden(str(result[name])) for name in prose if look}
    unchanged = all(_same(result[name], found) for name, found in lists.items())
    if unchanged and all(result[name] == text for name, text in texts.items()):
        return message
    spans = member_spans(message, member_spans(message)["result"][0])
    changes = {spans[name]: encode_json(text) for name, text in texts.items() if result[name] != text}
    for name, found in lists.items():
        items = result[name]
        if type(items) is list and not _same(items, found):
            changes[spans[name]] = _spliced(message[slice(*spans[name])], items, found)
    return splice(message, changes)


def _shown(items: JSON, size: int, keep: _Keep, treatment: Treatment, look: bool) -> list[JSON]:
    """Each item as it may be shown, None where it goes."""
    if type(items) is not list:
        raise BodyRejected(Reason.BODY_UNPARSABLE, "a list in the answer is none")
    if len(items) > _MAX_ITEMS or size > _MAX_LIST:
        raise BodyRejected(
            Reason.BODY_TOO_LARGE,
            f"a list in the answer has more than {_MAX_ITEMS} items or {_MAX_LIST} bytes",
            hint="the server has to give it in pages",
        )
    return [_item(item, keep, treatment, look) for item in items]


def _same(items: JSON, found: list[JSON]) -> bool:
    return type(items) is list and all(shown is item is not None for item, shown in zip(items, found, strict=True))


def _spliced(body: bytes, items: list[JSON], found: list[JSON]) -> bytes:
    """The bytes of the list with every kept item, and what stands between them, as it was."""
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


def _item(item: JSON, keep: _Keep, treatment: Treatment, look: bool) -> JSON:
    """The item itself, a cleaned one, or None where it goes. `look`: text that nobody sees may be in it."""
    if type(item) is not dict:
        return None
    if not look:
        return item if keep(item, treatment, False) else None
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
