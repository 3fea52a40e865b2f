"""Commands inside JSON values: which members hold them, and how a value becomes operations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from interlock.errors import BodyRejected
from interlock.model import JSON, Access, Operation
from interlock.model.places import settled
from interlock.paths import Location, pointer
from interlock.ports import Analyse
from interlock.protocols.command_lists import readings
from interlock.protocols.command_names import (
    arguments_among,
    client_of,
    environment_of,
    is_arguments,
    language_among,
    language_of,
    spelled_plainly,
    with_arguments,
)
from interlock.protocols.joined import Joined, plain_text
from interlock.protocols.layers import harms, hidden_operations, inside_command, told
from interlock.protocols.perhaps_commands import speaks_shell
from interlock.protocols.requests import Member, is_within
from interlock.protocols.search_words import is_prose, searches
from interlock.reasons import Reason

__all__ = ["analyse_value", "known_commands", "language_of"]

_MAX_COMMANDS = 1000
_MAX_VALUES = 32_000
"""Values in a tool's arguments, at any depth: each of them may be a command, or hide one."""
_MAX_OBJECTS = 50_000
"""Objects and lists in a document inside a string."""
_SAYS_SQL = ("sql", "sqlquery", "sqlqueries", "rawsql", "sqltext", "sqlstatement")
_VERBS = (
    "abort|alter|analyze|attach|begin|call|checkpoint|close|cluster|comment|commit|copy|create|deallocate|declare"
    "|delete|desc|describe|detach|discard|do|drop|exec|execute|explain|export|fetch|flush|go|grant|handler|import"
    "|insert|install|kill|listen|load|lock|merge|move|notify|optimize|pragma|prepare|purge|reassign|refresh|reindex"
    "|release|rename|repair|replace|reset|revoke|rollback|savepoint|security|select|set|show|shutdown|start|table"
    "|truncate|unlisten|unload|update|upsert|use|vacuum|values|with|xa"
)
_DATABASES = re.compile(
    "sql|postgres|snowflake|bigquery|duckdb|clickhouse|redshift|mariadb|cockroach|supabase|timescale|(?<![a-z])pg(?![a-z])",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"(?<![a-z])(?:db|dbs|query|queries|exec|execute|athena|trino|presto|oracle)(?![a-z])", re.IGNORECASE
)
_MAX_WORDS = 2000
_STATEMENT = re.compile(
    rf"""(?:\A|;)(?:[\s(\ufeff]|--[^\n]*(?:\n|\Z)|\#[^\n]*(?:\n|\Z)|/\*(?![!+M])(?:[^*]|\*(?!/))*\*/)*
    (?:(?:{_VERBS}|from(?!:))(?![A-Za-z0-9_])|/\*|\{{\s*+\??\s*+=?\s*+call|[\\!]|\.[a-z]|[^\w\s\x20-\x7e])
    |(?<![A-Za-z0-9])[sx]p_[a-z]""",
    re.IGNORECASE | re.VERBOSE,
)


def analyse_value(
    value: JSON, location: Location, language: str, dialect: str, analyse: Analyse, *, agent: bool = False
) -> tuple[Operation, ...]:
    """The operations in a member that holds a command: a string, a list of strings, or an object that holds nothing
    but one of these in a member of a known name (`{"cmd": ["ls", "-l"]}`).

    A list is the words of one command in shell (of several, where its name says so), and one command an item
    elsewhere. Raises BodyRejected for
    anything else: what a receiver makes of it cannot be known.
    """
    if type(value) is dict:
        joined, value, location = _template(value, location, language)
        if joined is not None:
            return _text(joined, language, dialect, analyse, agent)
    if type(value) is str:
        return _text(plain_text(value, location), language, dialect, analyse, agent)
    if type(value) is not list or len(value) > _MAX_COMMANDS or not all(type(item) is str for item in value):
        raise BodyRejected(Reason.BODY_UNPARSABLE, f"the command at {pointer(location)} is not a string")
    words = [str(item) for item in value]
    found: list[Operation] = []
    if language == "shell" and len(words) > 1:
        for joined, sure in readings(words, location):
            judged = analyse(joined.text, language, dialect, place=joined.place, agent=agent)
            found += joined.stand(judged if sure else filter(harms, judged))
        return tuple(found)
    for index, word in enumerate(words):
        found += _text(plain_text(word, (*location, index)), language, dialect, analyse, agent)
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
    if not is_within(members, _MAX_VALUES):
        raise BodyRejected(Reason.BODY_TOO_LARGE, f"the arguments of {tool} hold more than {_MAX_VALUES} values")
    found: list[Operation] = []
    arguments = arguments_among(members, location)
    runs = speaks_shell(tool) or any(language_of(name) == "shell" for name in members)
    for name, value in members.items():
        language = language_among(name, members)
        at = (*location, name)
        if runs and (setting := environment_of(name, value)):
            found += settled(filter(_settles, analyse(setting, "shell", place=pointer(at), agent=agent)), 0)
        if type(value) is dict or (type(value) is list and not _holds_text(value)):
            for one in _below(at, value, language, dialect, analyse, agent):
                found.append(one)
                _check_count(tool, found)
        elif not _holds_text(value):
            continue
        elif language == "shell" and type(value) is str and arguments:
            found += _text(with_arguments(value, at, arguments), language, "", analyse, agent)
        elif language == "shell":
            found += analyse_value(value, at, language, "", analyse, agent=agent)
        elif _is_sql(tool, name, language, dialect, value):
            found += analyse_value(value, at, "sql", dialect, analyse, agent=agent)
    found += _hidden(tool, members, location, dialect, analyse, agent)
    _check_count(tool, found)
    return tuple(found)


def _below(
    at: Location, value: JSON, language: str, dialect: str, analyse: Analyse, agent: bool
) -> Iterator[Operation]:
    for joined, spoken, sure in _deeper(at, value, language):
        if spoken == "shell" or dialect or _like_sql(joined.text):
            known = dialect if spoken == "sql" else ""
            judged = analyse(joined.text, spoken, known, place=joined.place, agent=agent)
            yield from joined.stand(judged if sure else filter(harms, judged))


def _settles(operation: Operation) -> bool:
    """Whether setting these variables decides what a command does."""
    return any(part.access >= Access.ADMIN for part in operation.walk())


def _text(joined: Joined, language: str, dialect: str, analyse: Analyse, agent: bool) -> tuple[Operation, ...]:
    text, place = joined.text, joined.place
    found = analyse(text, language, dialect, place=place, agent=agent)
    return joined.stand(found + inside_command(text, language, dialect, place, analyse, agent=agent))


def _template(value: Member, location: Location, language: str) -> tuple[Joined | None, JSON, Location]:
    """The command that an object holds, with the words beside it. Raises BodyRejected where it holds more."""
    for name, member in value.items():
        if language_of(name) == language and type(member) in (str, list):
            rest, at = [other for other in value if other != name], (*location, name)
            beside = arguments_among(value, location) if language == "shell" and type(member) is str else []
            if beside and len(rest) == 1:
                return with_arguments(str(member), at, beside), None, at
            if not rest:
                return None, member, at
    raise BodyRejected(Reason.BODY_UNPARSABLE, f"the command at {pointer(location)} is not a string")


def _hidden(
    tool: str, members: Mapping[str, JSON], location: Location, dialect: str, analyse: Analyse, agent: bool
) -> list[Operation]:
    """Commands inside encodings, and those that a document in a string names as such."""
    operations, documents = hidden_operations(dict(members), location, dialect, analyse, agent=agent)
    found, count = list(operations), 0
    for layer, at in documents:
        for joined, spoken, _ in _deeper(at, layer.document, ""):  # type: ignore[arg-type]
            if spoken == "shell" or dialect or _like_sql(joined.text):
                count += 1
                if count > _MAX_COMMANDS:
                    raise BodyRejected(Reason.BODY_UNPARSABLE, f"the arguments of {tool} hold too many commands")
                known = dialect if spoken == "sql" else ""
                judged = analyse(joined.text, spoken, known, place=pointer(at), agent=agent)
                found += told([one for one in judged if spoken == "sql" or harms(one)], layer)
    return found


def _check_count(tool: str, found: list[Operation]) -> None:
    if len(found) > _MAX_COMMANDS:
        raise BodyRejected(Reason.BODY_UNPARSABLE, f"the arguments of {tool} hold more than {_MAX_COMMANDS} commands")


def _is_sql(tool: str, name: str, language: str, dialect: str, value: JSON) -> bool:
    """Whether a text counts as SQL: named so, or where a tool speaks of SQL, or where a statement could begin in it."""
    spelled = spelled_plainly(name)
    if language == "sql" and (dialect or spelled in _SAYS_SQL or "sql" in tool.casefold()):
        return True
    if (type(value) is str and searches(tool) and is_prose(value)) or (is_arguments(name, value) and client_of(tool)):
        return False
    speaks = (
        bool(language) or _DATABASES.search(tool) is not None or (spelled == "q" and _ASKS.search(tool) is not None)
    )
    return speaks and _like_sql(value)


def _deeper(location: Location, value: JSON, language: str) -> Iterator[tuple[Joined, str, bool]]:
    """Texts below a member that are named like commands, or stand below one that is: text, language, and whether it
    counts whatever it does.

    A single word below is no shell command here: it says what kind of thing an object is.
    """
    count = 0
    todo: list[tuple[Location, JSON | Joined, str]] = [(location, value, language)]
    while todo:
        at, current, spoken = todo.pop()
        count += 1
        if count > _MAX_OBJECTS:
            raise BodyRejected(Reason.BODY_TOO_LARGE, f"the value at {pointer(location)} holds too many objects")
        if type(current) is str:
            current = plain_text(current, at)
        if isinstance(current, Joined):
            if spoken == "sql" or (spoken == "shell" and re.search(r"\S\s+\S", current.text)):
                yield current, spoken, True
        elif type(current) is list:
            if spoken == "shell" and len(current) > 1 and all(type(item) is str for item in current):
                yield from ((joined, spoken, sure) for joined, sure in readings(list(map(str, current)), at))
            else:
                # A text that no name speaks of is no command, and a list may hold a great many.
                kept = (str, list, dict) if spoken else (list, dict)
                todo += [
                    ((*at, index), item, spoken) for index, item in enumerate(current) if item and type(item) in kept
                ]
        elif type(current) is dict:
            arguments = arguments_among(current, at)
            for name, member in current.items():
                known = language_among(name, current) or (
                    spoken if name.casefold() in ("text", "value", "raw", "body") else ""
                )
                beside = arguments if known == "shell" and type(member) is str else []
                if not known and type(member) not in (list, dict):
                    continue
                inner = (*at, name)
                todo.append((inner, with_arguments(str(member), inner, beside) if beside else member, known))


def _holds_text(value: JSON) -> bool:
    return type(value) is str or (type(value) is list and any(type(item) is str for item in value))


def _like_sql(value: JSON) -> bool:
    texts = [str(text) for text in value] if type(value) is list else [str(value)]
    # Long texts are no search, and the pattern's time grows with the square of the length.
    return any(len(text) > _MAX_WORDS or _STATEMENT.search(text) for text in texts)
