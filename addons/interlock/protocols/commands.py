"""Commands inside JSON values: which members hold them, and how a value becomes operations."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping

from interlock.errors import BodyRejected
from interlock.model import JSON, Operation
from interlock.paths import Location, pointer
from interlock.ports import Analyse
from interlock.protocols.layers import harms, hidden_operations, inside_command, told
from interlock.protocols.requests import Member
from interlock.reasons import Reason

__all__ = ["analyse_value", "known_commands", "language_of"]

_MAX_COMMANDS = 1000
_KNOWN = {
    **dict.fromkeys(("query", "queries", "sql", "sqlquery", "sqlqueries", "rawsql", "sqltext", "sqlstatement"), "sql"),
    **dict.fromkeys(("statement", "statements"), "sql"),
    **dict.fromkeys(("command", "commands", "cmd", "commandline", "shellcommand", "bashcommand", "script"), "shell"),
}
"""Members that usually hold commands: their names in small letters, without separators."""
_SEPARATORS = re.compile(r"[\s_.-]+")
_SAYS_SQL = ("sql", "sqlquery", "sqlqueries", "rawsql", "sqltext", "sqlstatement")
_ARGUMENTS = ("args", "arguments", "argv")
_MAX_BESIDE = 4
"""Commands that the same arguments can stand beside: each is read with them."""
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
    """The operations in a member that holds a command: a string, a list of strings, or an object that holds nothing
    but one of these in a member of a known name (`{"cmd": ["ls", "-l"]}`).

    A list is the words of one command in shell, and one command an item elsewhere. Raises BodyRejected for
    anything else: what a receiver makes of it cannot be known.
    """
    if type(value) is dict:
        value, location = _template(value, location, language)
    if type(value) is str:
        return _text(value, location, language, dialect, analyse, agent)
    if type(value) is not list or len(value) > _MAX_COMMANDS or not all(type(item) is str for item in value):
        raise BodyRejected(Reason.BODY_UNPARSABLE, f"the command at {pointer(location)} is not a string")
    words = [str(item) for item in value]
    if language == "shell" and len(words) > 1:
        return analyse(shlex.join(words), language, dialect, place=pointer(location), agent=agent)
    found: list[Operation] = []
    for index, word in enumerate(words):
        found += _text(word, (*location, index), language, dialect, analyse, agent)
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
    _check_beside(members)
    for name, value in members.items():
        language = language_of(name)
        at = (*location, name)
        if type(value) is dict or (type(value) is list and not _holds_text(value)):
            for deeper, text, spoken in _deeper(at, value, language):
                if spoken == "shell" or dialect or _like_sql(text):
                    _check_count(tool, found)
                    found += analyse(
                        text, spoken, dialect if spoken == "sql" else "", place=pointer(deeper), agent=agent
                    )
        elif not _holds_text(value):
            continue
        elif language == "shell":
            whole = _with_arguments(value, members)
            found += analyse_value(whole, at, language, "", analyse, agent=agent)
        elif _is_sql(tool, name, language, dialect, value):
            found += analyse_value(value, at, "sql", dialect, analyse, agent=agent)
    found += _hidden(tool, members, location, dialect, analyse, agent)
    _check_count(tool, found)
    return tuple(found)


def _text(
    text: str, location: Location, language: str, dialect: str, analyse: Analyse, agent: bool
) -> tuple[Operation, ...]:
    place = pointer(location)
    found = analyse(text, language, dialect, place=place, agent=agent)
    return found + inside_command(text, language, dialect, place, analyse, agent=agent)


def _template(value: Member, location: Location, language: str) -> tuple[JSON, Location]:
    """The command that an object holds, with the words beside it. Raises BodyRejected where it holds more."""
    for name, member in value.items():
        if language_of(name) == language and type(member) in (str, list):
            rest = [other for other in value if other != name]
            told = _with_arguments(member, value) if language == "shell" else member
            if not rest or (told is not member and len(rest) == 1):
                return told, (*location, name)
    raise BodyRejected(Reason.BODY_UNPARSABLE, f"the command at {pointer(location)} is not a string")


def _hidden(
    tool: str, members: Mapping[str, JSON], location: Location, dialect: str, analyse: Analyse, agent: bool
) -> list[Operation]:
    """Commands inside encodings, and those that a document in a string names as such."""
    operations, documents = hidden_operations(dict(members), location, dialect, analyse, agent=agent)
    found, count = list(operations), 0
    for layer, at in documents:
        for _, text, spoken in _deeper(at, layer.document, ""):  # type: ignore[arg-type]
            if spoken == "shell" or dialect or _like_sql(text):
                count += 1
                if count > _MAX_COMMANDS:
                    raise BodyRejected(Reason.BODY_UNPARSABLE, f"the arguments of {tool} hold too many commands")
                judged = analyse(text, spoken, dialect if spoken == "sql" else "", place=pointer(at), agent=agent)
                found += told([one for one in judged if spoken == "sql" or harms(one)], layer)
    return found


def _check_count(tool: str, found: list[Operation]) -> None:
    if len(found) > _MAX_COMMANDS:
        raise BodyRejected(Reason.BODY_UNPARSABLE, f"the arguments of {tool} hold more than {_MAX_COMMANDS} commands")


def language_of(name: str) -> str:
    """The language that a member of this name usually holds; empty for any other."""
    return _KNOWN.get(_SEPARATORS.sub("", name.casefold()), "")


def _is_sql(tool: str, name: str, language: str, dialect: str, value: JSON) -> bool:
    """Whether a text counts as SQL: named so, or where a tool speaks of SQL, or where a statement could begin in it."""
    spelled = _SEPARATORS.sub("", name.casefold())
    if language == "sql" and (dialect or spelled in _SAYS_SQL or "sql" in tool.casefold()):
        return True
    return (bool(language) or "sql" in tool.casefold()) and _like_sql(value)


def _deeper(location: Location, value: JSON, language: str) -> list[tuple[Location, str, str]]:
    """Texts below a member that are named like commands, or stand below one that is: place, text, language.

    A single word below is no shell command here: it says what kind of thing an object is.
    """
    found: list[tuple[Location, str, str]] = []
    todo: list[tuple[Location, JSON, str]] = [(location, value, language)]
    while todo:
        at, current, spoken = todo.pop()
        if type(current) is str:
            if spoken == "sql" or (spoken == "shell" and re.search(r"\S\s+\S", current)):
                found.append((at, current, spoken))
        elif type(current) is list:
            words = spoken == "shell" and len(current) > 1 and all(type(item) is str for item in current)
            items: list[JSON] = [shlex.join(map(str, current))] if words else current
            todo += [((*at, index), item, spoken) for index, item in enumerate(items)]
        elif type(current) is dict:
            _check_beside(current)
            for name, member in current.items():
                known = language_of(name) or (spoken if name.casefold() in ("text", "value", "raw", "body") else "")
                told = _with_arguments(member, current) if known == "shell" and type(member) is str else member
                todo.append(((*at, name), told, known))
    return found


def _holds_text(value: JSON) -> bool:
    return type(value) is str or (type(value) is list and any(type(item) is str for item in value))


def _check_beside(members: Mapping[str, JSON]) -> None:
    """Raises BodyRejected where it cannot be said which command the arguments are of; each would cost all of them."""
    folded = [name.casefold() for name in members]
    if not any(name in _ARGUMENTS for name in folded):
        return
    if sum(type(value) is str and language_of(name) == "shell" for name, value in members.items()) > _MAX_BESIDE:
        raise BodyRejected(Reason.BODY_UNPARSABLE, f"the same arguments stand beside more than {_MAX_BESIDE} commands")


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
