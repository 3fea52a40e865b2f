"""`estimate:` of a connection: where its service says how much a request would touch, without doing it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from interlock.errors import InterlockError
from interlock.paths import compile_path
from interlock.schema import Reader
from interlock.source import Node

__all__ = ["Estimate", "read_estimate"]

_PATH = re.compile(r"/[A-Za-z0-9._~!$&'()*+,;=:@/-]{0,512}\Z")


@dataclass(frozen=True, slots=True)
class Estimate:
    """`path` is asked by POST with the request's own body; `rows` (JSONPath) is where its answer says how many."""

    path: str
    rows: str


def read_estimate(node: Node | None, reader: Reader) -> Estimate | None:
    """The settings; what is wrong goes to `reader`."""
    if node is None:
        return None
    members = reader.mapping(node, "estimate", required=("path", "rows"))
    path, rows = reader.text(members.get("path"), "path"), reader.text(members.get("rows"), "rows")
    if "path" in members and (not _PATH.match(path) or "/." in path or "//" in path):
        hint = "as in /v1/estimate: an address that only estimates, and never does what it is sent"
        reader.error(members["path"], f"path {path!r} is not a plain path of this connection", hint)
    if rows:
        try:
            compile_path(rows)
        except InterlockError as error:
            reader.error(members["rows"], str(error), error.hint)
    return Estimate(path, rows) if path and rows else None
