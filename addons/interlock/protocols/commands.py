"""Commands inside JSON values: which members hold them, and how a value becomes operations."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping

from interlock.errors import BodyRejected
from interlock.model import JSON, Operation
from interlock.paths import Location, pointer
from interlock.ports import Analyse
from interlock.reasons import Reason

__all__ = ["analyse_value", "known_commands"]

_MAX_COMMANDS = 1000
_KNOWN = {
    "query": "sql",
    "sql": "sql",
    "statement": "sql",
    "command": "shell",
    "cmd": "shell",
    "script": "shell",
}
_ARGUMENTS = ("args", "arguments", "argv")
_VERBS = (
    "abort|alter|analyze|attach|begin|call|checkpoint|close|cluster|comment|commit|copy|create|deallocate|declare"
    "|delete|desc|describe|detach|discard|do|drop|exec|execute|explain|export|fetch|flush|go|grant|handler|import"
    "|insert|install|kill|listen|load|lock|merge|move|notify|optimize|pragma|prepare|purge|reassign|refresh|reindex"
    "|release|rename|repair|replace|reset|revoke|rollback|savepoint|security|select|set|show|shutdown|start|table"
    "|truncate|unlisten|unload|update|upsert|use|vacuum|values|with|xa"
)
_MAX_WORDS = 2000
_STATEMENT = re.compile(
    rf"""(?:\A|;)(?:[\s(\ufeff]|--[^\n]*(?:\n|\Z)|\#[^\n]*(?:\n|\Z)|/\*(?![!+M])(?:[^*]|\*(?!/))*\*/)*
    (?:(?:{_VERBS}|from(?!:))(?![A-Za-z0-9_])|/\*|\{{\s*\??\s*=?\s*call|[\\!]|\.[a-z]|[^\w\s\x20-\x7e])
    |(?<![A-Za-z0-9])[sx]p_[a-z]""",
    re.IGNORECASE | re.VERBOSE,
)


def analyse_value(
    value: JSON, location: Location, language: str, dialect: str, analyse: Analyse, *, agent: bool = False
) -> tuple[Operation, ...]:
    """The operations in a member that holds a command: a string, or a list of strings.

    A list is the words of one command in shell, and one command an item elsewhere. Raises BodyRejected for
    anything else: what a receiver makes of it cannot be known.
    """
    if type(value) is str:
        return analyse(value, language, dialect, place=pointer(location), agent=agent)
    if type(value) is not list or len(value) > _MAX_COMMANDS or not all(type(item) is str for item in value):
        raise BodyRejected(Reason.BODY_UNPARSABLE, f"the command at {pointer(location)} is not a string")
    words = [str(item) for item in value]
    if language == "shell" and len(words) > 1:
        return analyse(shlex.join(words), language, dialect, place=pointer(location), agent=agent)
    found: list[Operation] = []
    for index, word in enumerate(words):
        found += analyse(word, language, dialect, place=pointer((*location, index)), agent=agent)
    return tuple(found)


def known_commands(
    tool: str,
    members: Mapping[str, JSON],
    location: Location,
    dialect: str,
    analyse: Analyse,
    *,
    agent: bool = False,
) -> tuple[Operation, ...]:
    """The operations in the members of a tool's arguments that are known to hold commands, whatever their case.

    `dialect` is for SQL. Words for a search in `query` (and prose in `statement`) are no command: unless the tool's
    name or a dialect speaks of SQL, they count as SQL only where some statement could begin in them.
    """
    found: list[Operation] = []
    for name, value in members.items():
        language = _KNOWN.get(name.casefold(), "")
        if not language or not _holds_text(value):
            continue
        if language == "shell":
            spoken = _with_arguments(value, members)
            found += analyse_value(spoken, (*location, name), language, "", analyse, agent=agent)
        elif dialect or name.casefold() == "sql" or "sql" in tool.casefold() or _like_sql(value):
            found += analyse_value(value, (*location, name), language, dialect, analyse, agent=agent)
    return tuple(found)


def _holds_text(value: JSON) -> bool:
    return type(value) is str or (type(value) is list and any(type(item) is str for item in value))


def _with_arguments(value: JSON, members: Mapping[str, JSON]) -> JSON:
    """The command with what stands beside it in `args`: `rm` and `["-rf", "/"]` are one command."""
    for name, words in members.items():
        if name.casefold() in _ARGUMENTS and type(value) is str and words:
            if type(words) is list and all(type(word) is str for word in words):
                value = f"{value} {shlex.join(map(str, words))}"
            elif type(words) is str:
                value = f"{value} {words}"
    return value


def _like_sql(value: JSON) -> bool:
    texts = [str(text) for text in value] if type(value) is list else [str(value)]
    # Long texts are no search, and the pattern's time grows with the square of the length.
    return any(len(text) > _MAX_WORDS or _STATEMENT.search(text) for text in texts)
