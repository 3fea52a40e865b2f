"""Bulk bodies of search engines (`POST /_bulk`, `POST /orders/_bulk`): many requests in the lines of one.

Each action is judged as the request it stands for: `{"delete": {"_index": "orders", "_id": "7"}}` is
`http.delete /orders/_doc/7`.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from interlock.errors import BodyRejected
from interlock.model import JSON, Operation
from interlock.paths import pointer
from interlock.protocols.requests import ACCESS
from interlock.protocols.target import canonical_path
from interlock.reasons import Reason

__all__ = ["bulk_operations", "is_bulk"]

_MAX_ACTIONS = 5000
_ENDPOINT = "/_bulk"
_ACTIONS = {
    "index": ("PUT", "_doc", True),
    "create": ("PUT", "_create", True),
    "update": ("POST", "_update", True),
    "delete": ("DELETE", "_doc", False),
}
"""Method, endpoint, and whether a line with a document follows."""


def is_bulk(method: str, path: str) -> bool:
    """Whether a request's body is actions, line by line."""
    return method in ("POST", "PUT") and (path.removesuffix("/") == _ENDPOINT or path.rstrip("/").endswith(_ENDPOINT))


def bulk_operations(path: str, lines: Sequence[JSON]) -> tuple[Operation, ...]:
    """One operation an action; `path` is the request's, and names the index where an action does not.

    Raises BodyRejected for lines that are no actions, or too many; Refused for names no path could hold.
    """
    if len(lines) > 2 * _MAX_ACTIONS:
        raise _wrong(f"a bulk body holds more than {_MAX_ACTIONS} actions")
    within = path.rstrip("/").removesuffix(_ENDPOINT).removeprefix("/").partition("/")[0]
    found: list[Operation] = []
    at = 0
    while at < len(lines):
        action, target = _action(lines[at])
        method, endpoint, documented = _ACTIONS[action]
        index, name = target.get("_index", within), target.get("_id", "")
        if type(index) is not str or type(name) not in (str, int) or not index:
            raise _wrong("an action's index or id is no name")
        if action == "index" and name == "":
            method = "POST"
        if documented and (at + 1 >= len(lines) or type(lines[at + 1]) is not dict):
            raise _wrong("an action lacks its document")
        spelled = index if index == within else quote(index, safe="")  # the path is spelled already
        resource = canonical_path(f"/{spelled}/{endpoint}/{quote(str(name), safe='')}")
        arguments: dict[str, JSON] = {"method": method, "path": resource, "op": action}
        found.append(
            Operation("http", method.lower(), resource, ACCESS[method], arguments, place=pointer((at, action)))
        )
        at += 2 if documented else 1
    return tuple(found)


def _action(line: JSON) -> tuple[str, dict[str, JSON]]:
    if type(line) is dict and len(line) == 1:
        ((action, target),) = line.items()
        if action in _ACTIONS and type(target) is dict:
            return action, target
    raise _wrong("a line of a bulk body is no action")


def _wrong(what: str) -> BodyRejected:
    return BodyRejected(Reason.BODY_UNPARSABLE, what)
