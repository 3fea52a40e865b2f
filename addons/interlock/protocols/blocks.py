"""Content blocks of the Messages API: which of them an agent will run, and what that would do.

An agent runs `tool_use` itself; `server_tool_use` and `mcp_tool_use` run at the provider (they were judged when the
request offered them). A block of unknown type that has the parts of a tool call counts as one.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from interlock.errors import BodyRejected, Refused
from interlock.model import JSON, Access, Operation
from interlock.model.places import renamed
from interlock.paths import Location, pointer
from interlock.ports import Analyse
from interlock.protocols.commands import analyse_value, known_commands, language_of
from interlock.protocols.file_tools import file_operations
from interlock.protocols.perhaps_commands import perhaps_commands, speaks_shell
from interlock.protocols.requests import Member, require_object
from interlock.protocols.target import canonical_host, canonical_path
from interlock.reasons import Reason

__all__ = ["block_operations", "is_tool_call", "tool_name"]

_AT_PROVIDER = frozenset(("server_tool_use", "mcp_tool_use"))
_TOOL_NAME = re.compile(r"[A-Za-z0-9_.:/-]{1,200}\Z")
_MCP_NAME = re.compile(r"mcp__(?P<server>.+?)__(?P<tool>.+)\Z")
_READERS = frozenset(("Read", "Grep", "Glob", "LS", "WebFetch", "WebSearch", "TodoWrite", "ToolSearch"))
_SPEAKS_SQL = re.compile(r"sql|database|(?:\A|_|\b)db(?:\Z|_|\b)", re.IGNORECASE)
_EDITORS = frozenset(("str_replace_based_edit_tool", "str_replace_editor", "memory"))
_EDITS = frozenset(("view", "create", "str_replace", "insert", "undo_edit", "delete", "rename"))


def is_tool_call(block: Member) -> bool:
    """Whether an agent could take the block for a call of one of its own tools."""
    kind = block.get("type")
    if type(kind) is str and kind in _AT_PROVIDER:
        return False
    if type(kind) is str and kind.casefold().endswith("tool_use"):
        return True
    return "input" in block and "name" in block


def tool_name(value: JSON) -> str:
    """The name of a tool. Raises BodyRejected (BODY_UNPARSABLE) for what no tool is called."""
    if type(value) is not str or not _TOOL_NAME.match(value):
        raise BodyRejected(Reason.BODY_UNPARSABLE, "the tool's name is missing or not a name")
    return value


def block_operations(
    block: Member, location: Location, analyse: Analyse, *, inside: Location | None = None
) -> tuple[Operation, ...]:
    """`tool.use:<Name>` with what its input carries nested in it; nothing for blocks that no agent runs.

    `location` is the block's place in its document, `inside` that of its input where this is not `input`.
    Raises BodyRejected for a call that cannot be read.
    """
    if not is_tool_call(block):
        return ()
    name = tool_name(block.get("name"))
    arguments = require_object(block.get("input"), f"the input of tool {name}")
    at = (*location, "input") if inside is None else inside
    nested = _nested(name, arguments, at, analyse)
    access = Access.READ if name in _READERS else Access.WRITE
    place = pointer(location)
    return (Operation("tool", f"use:{name}", name, access, arguments, place=place, nested=nested, agent=True),)


def _nested(name: str, arguments: Member, at: Location, analyse: Analyse) -> tuple[Operation, ...]:
    match = _MCP_NAME.match(name)
    if match:
        found = known_commands(match["tool"], arguments, at, "", analyse, agent=True)
        found += perhaps_commands(match["tool"], arguments, at, analyse, agent=True)
        found += file_operations(name, arguments, at, analyse)
        action = f"call:{match['tool']}"
        place = pointer(at)
        call = Operation("mcp", action, match["server"], Access.WRITE, arguments, place=place, nested=found, agent=True)
        return (call,)
    if name == "WebFetch":
        return (_fetch(arguments, at),)
    if name in _EDITORS and arguments.get("command") in _EDITS:
        return file_operations(name, arguments, at, analyse)
    if name == "Bash" and "command" in arguments:
        # A command that is no string is refused here, not skipped: the agent might still run it.
        others = {key: value for key, value in arguments.items() if key != "command"}
        found = analyse_value(arguments["command"], (*at, "command"), "shell", "", analyse, agent=True)
        found += _known(name, others, at, analyse)
        return found + perhaps_commands(name, others, at, analyse, agent=True)
    found = _known(name, arguments, at, analyse) + perhaps_commands(name, arguments, at, analyse, agent=True)
    return found + file_operations(name, arguments, at, analyse)


def _known(name: str, arguments: Member, at: Location, analyse: Analyse) -> tuple[Operation, ...]:
    members, meant = _commands(name, arguments)
    found = known_commands(name, members, at, "", analyse, agent=True)
    return renamed(found, pointer((*at, "command")), pointer((*at, meant))) if meant else found


def _commands(name: str, arguments: Member) -> tuple[Member, str]:
    """The members of a client's own tool that could hold commands, and which of them is meant by `command` where none
    is called so. Words for a search are none.
    """
    speaks = _SPEAKS_SQL.search(name) is not None
    shell = speaks_shell(name)
    found: Member = {}
    meant = ""
    for key, value in arguments.items():
        folded = key.casefold()
        language = language_of(key)
        if folded in ("command", "args") or (shell and (language == "shell" or folded in ("input", "argv"))):
            meant = key if folded == "input" else meant
            found["command" if folded == "input" else key] = value
        elif speaks or (language == "sql" and "sql" in folded) or (shell and type(value) in (dict, list)):
            found[key] = value
        elif shell and folded in ("program", "executable"):
            found["command"], meant = value, key
    if shell and len(found) == 1 and found.keys() <= {"args", "argv"}:
        meant = next(iter(found))
        found = {"command": found[meant]}
    return found, meant


def _fetch(arguments: Member, at: Location) -> Operation:
    """The GET that WebFetch will send; of access UNKNOWN where its address cannot be read in one way only."""
    url = arguments.get("url")
    if type(url) is not str:
        raise BodyRejected(Reason.BODY_UNPARSABLE, "WebFetch has no url")
    place = pointer((*at, "url"))
    try:
        parts = urlsplit(url)
        host, _ = canonical_host(parts.netloc)
        path = canonical_path((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
    except (ValueError, Refused):
        return Operation(
            "http", "get", "", Access.UNKNOWN, {"method": "GET", "url": url, "at": 0}, place=place, agent=True
        )
    found: dict[str, JSON] = {"method": "GET", "host": host, "path": path, "url": url, "at": 0}
    return Operation("http", "get", path, Access.READ, found, place=place, agent=True)
