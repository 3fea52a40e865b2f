"""What a tool's own schema tells of its arguments: which hold commands, which are repeated in headers.

A schema is the server's claim. It may only add a judgement to those that the names of members and the operator's
`commands:` give; nothing it says takes one away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from interlock.model import JSON, Operation
from interlock.model.places import renamed
from interlock.paths import pointer
from interlock.ports import Analyse
from interlock.protocols.commands import known_commands
from interlock.protocols.requests import Member

__all__ = ["Hints", "commands_by_schema", "read_schema"]

_MAX_MEMBERS = 256
_MAX_DEPTH = 8
_FORMATS = re.compile(r"(?:\A|[^a-z])(?:(sql)|(sh|bash|zsh|shell|shellscript|command|powershell))(?:\Z|[^a-z])")
_SAYS_SQL = re.compile(r"\bsql\b|\bdatabase (?:query|statement)\b")
_SAYS_SHELL = re.compile(
    r"\b(?:shell|bash|terminal|console|cli)\b.{0,60}\b(?:command|script|run|execute)"
    r"|\bcommand(?: line)?\b.{0,60}\b(?:to (?:run|execute)|in (?:a |the )?(?:shell|terminal)|executed?)\b"
)
_MAX_PROSE = 2000


@dataclass(frozen=True, slots=True)
class Hints:
    """What was told of arguments, by their paths. `headers` names the argument that a header (in lower case) repeats.

    `commands` gives the name of a member that would be judged like it: `sql` and `command` always, `query` where
    some statement could begin in its text.
    """

    commands: Mapping[tuple[str, ...], str]
    headers: Mapping[str, tuple[str, ...]]


def read_schema(schema: JSON) -> Hints:
    """The hints of an `inputSchema`; of anything else none. Looks at a bounded number of members."""
    commands: dict[tuple[str, ...], str] = {}
    headers: dict[str, tuple[str, ...]] = {}
    for path, member in _members(schema):
        known = _known(member)
        if known:
            commands[path] = known
        named = member.get("x-mcp-header")
        if type(named) is str:
            headers.setdefault(named.lower(), path)
    return Hints(commands, headers)


def commands_by_schema(call: Operation, hints: Hints, dialect: str, analyse: Analyse) -> tuple[Operation, ...]:
    """The operations in arguments of a call that its tool's schema says are commands and nothing else found."""
    judged = {operation.place for operation in call.walk()[1:]}
    found: list[Operation] = []
    for path, known in hints.commands.items():
        value: JSON = dict(call.arguments)
        for step in path:
            value = value.get(step) if type(value) is dict else None
        at = (*tuple(call.place.split("/")[1:]), "params", "arguments", *path[:-1])
        if value is None:
            continue
        for operation in known_commands("", {known: value}, at, dialect, analyse):
            (told,) = renamed((operation,), pointer((*at, known)), pointer((*at, path[-1])))
            if not any(told.place == old or old.startswith(told.place + "/") for old in judged):
                found.append(told)
    return tuple(found)


def _members(schema: JSON) -> Iterator[tuple[tuple[str, ...], Member]]:
    """Every property below the root, also those in alternatives, without following references."""
    todo: list[tuple[tuple[str, ...], JSON, int]] = [((), schema, 0)]
    left = _MAX_MEMBERS
    while todo and left > 0:
        path, current, depth = todo.pop()
        if type(current) is not dict or depth > _MAX_DEPTH:
            continue
        left -= 1
        if path:
            yield path, current
        for name in ("allOf", "anyOf", "oneOf"):
            options = current.get(name)
            todo += [(path, option, depth + 1) for option in (options if type(options) is list else ())]
        properties = current.get("properties")
        if type(properties) is dict:
            todo += [((*path, name), member, depth + 1) for name, member in properties.items()]


def _known(member: Member) -> str:
    if member.get("type") in ("integer", "number", "boolean", "null", "object"):
        return ""
    for name in ("format", "contentMediaType", "x-language", "language"):
        value = member.get(name)
        match = _FORMATS.search(value.lower()) if type(value) is str and len(value) <= 100 else None
        if match:
            return "sql" if match[1] else "command"
    prose = " ".join(str(member[name]) for name in ("title", "description") if type(member.get(name)) is str)
    prose = prose[:_MAX_PROSE].lower()
    if _SAYS_SQL.search(prose):
        return "query"
    return "command" if _SAYS_SHELL.search(prose) else ""
