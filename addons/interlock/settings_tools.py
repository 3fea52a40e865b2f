"""`tools:` of an MCP connection: how much its server may change what it once said of its tools."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from interlock.schema import Reader
from interlock.source import Node

__all__ = ["ToolSettings", "read_tools"]

_WORDS = ("forbid", "report")


@dataclass(frozen=True, slots=True)
class ToolSettings:
    """`pins` is a reviewed file, relative to the rules (empty: the first description of a tool is its pin).

    `changed` and `added` are `forbid` or `report`; `added` is `forbid` where a reviewed file is named.
    """

    pins: str = ""
    changed: str = "forbid"
    added: str = "report"


def read_tools(node: Node | None, reader: Reader, protocol: str) -> ToolSettings:
    """The settings; what is wrong goes to `reader`."""
    if node is None:
        return ToolSettings()
    if protocol != "mcp":
        reader.error(node, f"tools: is for MCP connections, and this one speaks {protocol}", "take it out")
    members = reader.mapping(node, "tools", optional=("pins", "changed", "added"))
    pins = reader.text(members.get("pins"), "pins")
    if "pins" in members and (not pins.endswith(".json") or "\0" in pins or ".." in PurePosixPath(pins).parts):
        reader.error(members["pins"], f"pins {pins!r} is not a JSON file below the rules", "as in pins/tickets.json")
    return ToolSettings(
        pins=pins,
        changed=reader.choice(members.get("changed"), "changed", _WORDS, "forbid"),
        added=reader.choice(members.get("added"), "added", _WORDS, "forbid" if pins else "report"),
    )
