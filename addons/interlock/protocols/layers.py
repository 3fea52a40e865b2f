"""Commands hidden in values: inside JSON in a string, base64, hexadecimal, URL and other escapes.

A member that holds a command is judged as it stands and, where all of it is an encoding, by what is inside as well. In
any other member of a tool's arguments only what came out of an encoding counts, and only if it reads as an SQL
statement or as a shell command that destroys: prose, code, ids, hashes and images are none.
"""

from __future__ import annotations

import functools
import re
import shlex
from collections.abc import Iterable, Iterator

from interlock.encodings import Budget, Layer, Layers, unwrap
from interlock.errors import BodyRejected
from interlock.model import JSON, Access, Operation
from interlock.model.places import settled
from interlock.paths import Location, pointer
from interlock.ports import Analyse
from interlock.reasons import Reason

__all__ = ["harms", "hidden_operations", "inside_command", "reads_as_shell", "reads_as_sql", "shell_scripts", "told"]

_REMEMBERED = 2048
"""Characters of a command whose layers are remembered: a few MiB for a thousand of them."""
_TRIES = 20_000
_MAX_SCRIPT = 8 << 10
_MAX_SCRIPTS = 4
_MAX_HIDDEN = 100
_MAX_READ = 40 << 10
_MIN_WORD = 12
_MAX_STATEMENT = 4 << 10
_BEGIN = re.compile(r"(?:[\s(;\ufeff]|--[^\n]*+\n|/\*(?:[^*]|\*(?!/))*+\*/)*+")
_THING = (
    "aggregate|cast|collation|column|constraint|database|domain|event|extension|foreign|function|group|index|language"
    "|login|materialized|operator|policy|procedure|publication|role|routine|rule|schema|sequence|server|stage|statistics"
    "|subscription|table|tablespace|temp|temporary|trigger|type|unique|unlogged|user|view|warehouse|or\\s+replace|if"
)
_BLANK = re.compile(r"\s+")
_VERB = re.compile(
    r"create|alter|drop|truncate|delete|insert|replace|update|merge|grant|revoke|copy|with|exec|call|do|set|attach|load"
    r"|vacuum|select",
    re.IGNORECASE,
)
_SQL = re.compile(
    rf"""(?:(?:create|alter|drop)\s+(?:{_THING})\b|truncate\s+(?:table\s+)?["`\[\w.]+\s*(?:[;,]|\Z|cascade|restart)
    |delete\s+from\s+["`\[\w.]+|insert\s+(?:ignore\s+)?into\s+["`\[\w.]+|replace\s+into\s+["`\[\w.]+
    |update\s+["`\[\w.\]]+\s+(?:as\s+\w+\s+)?set\s+["`\[\w.\]]+\s*=|merge\s+into\s+["`\[\w.]+
    |(?:grant|revoke)\s+[\w\s,*]+\s+on\s|grant\s+[\w,\s]+\s+to\s|copy\s+["`\w.(]++[^;]*\s(?:to|from)\s+(?:program|stdin|stdout|')
    |with\s+(?:recursive\s+)?["`\w]+\s*(?:\([^)]*\)\s*)?as\s*(?:materialized\s+)?\(|exec(?:ute)?\s+(?:immediate\b|[sx]p_)
    |call\s+["`\w.]+\s*\(|do\s+\$|set\s+role\b|attach\s+(?:database\s+)?['"]|load\s+data\b|vacuum\s+into\b
    |select\s+(?:distinct\s+)?[^;]{{1,400}}?\s+from\s+["`\[\w.\]]+\s*(?:;|\Z|where\b|join\b|limit\b|group\b|order\b|union\b|,)
    |select\s+[\w.]+\s*\()""",
    re.IGNORECASE | re.VERBOSE,
)
_SHELL = re.compile(
    r"(?:^|[;&|(`])[ \t]*(?:(?:sudo|doas|env|nohup|exec|command|time|nice|xargs)\b[^\n;&|(`]*?[ \t])?(?:/[\w/.-]*/)?"
    r"(?:rm|rmdir|shred|dd|mkfs[\w.]*|fdisk|wipefs|truncate|chmod|chown|pkill|killall|kill|shutdown|reboot|halt|poweroff"
    r"|find|git|kubectl|helm|terraform|docker|aws|gcloud|az|curl|wget|nc|ncat|bash|sh|zsh|dash|ksh|eval|crontab|iptables"
    r"|systemctl|userdel|mv|cp|tee|cat|dropdb|base64|echo|printf|powershell|pwsh|:\(\)\s*\{)(?=[ \t\r\n]|\Z|\{)",
    re.MULTILINE,
)
_HARM = frozenset(
    ("recursive-delete", "pipe-to-shell", "download-and-run", "exfiltration", "secret-read", "system-path", "overwrite")
)


def inside_command(
    text: str, language: str, dialect: str, place: str, analyse: Analyse, *, agent: bool = False
) -> tuple[Operation, ...]:
    """What a command is when the whole of it is an encoding, or JSON; nothing for most. `at` and `how` say where."""
    found: list[Operation] = []
    layers = _layers(text) if len(text) <= _REMEMBERED else unwrap(text)
    for layer in layers.found:
        inner = _argv(layer, language)
        # A short word may be base64 by accident; what comes out of it is then no command with anything after it.
        if layer.whole and inner.strip() and (len(inner) >= _MIN_WORD or re.search(r"[ \t\n]", inner.strip())):
            found += told(analyse(inner, language, dialect, place=place, agent=agent), layer)
    return tuple(found)


@functools.lru_cache(maxsize=1024)
def _layers(text: str) -> Layers:
    """What a command's text unwraps to; the same commands come again and again."""
    return unwrap(text)


def hidden_operations(
    value: JSON, location: Location, dialect: str, analyse: Analyse, *, agent: bool = False
) -> tuple[tuple[Operation, ...], tuple[tuple[Layer, Location], ...]]:
    """The commands that encodings in a value hide, and the JSON documents found in its strings, each with its place.

    Where a bound ends the search, an operation that is not understood stands for the rest. Raises BodyRejected where
    encodings are wrapped more often than anything is in earnest.
    """
    found: list[Operation] = []
    documents: list[tuple[Layer, Location]] = []
    budget, analysed, size, cut = Budget(0, _TRIES), 0, 0, False
    for around, step, text in _strings(value, location):
        layers = unwrap(text, budget)
        if not layers.found and layers.complete:
            continue
        at = (*around, *step)
        budget.tries -= 1  # what is one costs more than what is none
        if layers.too_deep:
            raise BodyRejected(Reason.BODY_UNPARSABLE, f"the value at {pointer(at)} is encoded too many times")
        if layers.cut and not cut:
            found.append(_unsearched(pointer(at), agent))
            cut = True
        documents += [(layer, at) for layer in layers.found if layer.document is not None]
        for layer, script, language in _readings(text, layers):
            analysed, size = analysed + 1, size + (len(script) if language == "shell" else 0)
            if analysed > _MAX_HIDDEN or size > _MAX_READ:
                raise BodyRejected(Reason.BODY_UNPARSABLE, f"the value at {pointer(at)} hides too many commands")
            judged = analyse(script, language, dialect if language == "sql" else "", place=pointer(at), agent=agent)
            found += told([one for one in judged if language == "sql" or harms(one)], layer)
    return tuple(found), tuple(documents)


def _unsearched(place: str, agent: bool) -> Operation:
    """What stands for values that hold more, or larger, encodings than are looked into: nobody knows what they hide."""
    flags: list[JSON] = ["not-understood", "too-large"]
    return Operation("shell", "unknown", "", Access.UNKNOWN, {"flags": flags, "at": 0}, place=place, agent=agent)


def _readings(text: str, layers: Layers) -> Iterator[tuple[Layer, str, str]]:
    """What to analyse of the layers of a text, and in which language; not what it says in the open as well."""
    for layer in layers.found:
        if layer.document is None and reads_as_sql(layer.text) and not reads_as_sql(text):
            yield layer, layer.text, "sql"
        elif layer.document is None and reads_as_shell(layer.text) and not reads_as_shell(text):
            for _, script in shell_scripts(layer.text):
                yield layer, script, "shell"


def reads_as_sql(text: str) -> bool:
    """Whether a text begins as an SQL statement does, and as no sentence would."""
    begin = _BEGIN.match(text)
    at = begin.end() if begin else 0
    if not _VERB.match(text, at):
        return False
    head = _BLANK.sub(" ", text[at : at + _MAX_STATEMENT])  # long runs of blanks would cost their square
    return _SQL.match(head) is not None


def reads_as_shell(text: str) -> bool:
    """Whether a command that could do harm stands where a shell would run it."""
    return _SHELL.search(text) is not None


def shell_scripts(text: str) -> Iterator[tuple[int, str]]:
    """The parts of a text, of a size that is analysed at once, that begin where a harmful command may stand, each with
    its offset.
    """
    end = count = 0
    for match in _SHELL.finditer(text):
        if match.start() >= end and count < _MAX_SCRIPTS:
            end, count = match.start() + _MAX_SCRIPT, count + 1
            script = text[match.start() : end].lstrip(";&|(`")
            yield min(end, len(text)) - len(script), script


def harms(operation: Operation) -> bool:
    """Whether a shell operation, or what it runs, destroys, administers, or sends secrets away."""
    for one in operation.walk():
        flags = _flags(one)
        if flags & _HARM or (one.action in ("destroy", "admin") and "unknown-command" not in flags):
            return not any("unknown-command" in _flags(inner) for inner in one.nested)
    return False


def _flags(operation: Operation) -> frozenset[str]:
    flags = operation.arguments.get("flags")
    return frozenset(flag for flag in flags if isinstance(flag, str)) if isinstance(flags, list) else frozenset()


def _argv(layer: Layer, language: str) -> str:
    """The command in a layer: its text, or the words of a list."""
    words = layer.document
    if isinstance(words, list) and words and language == "shell" and all(isinstance(word, str) for word in words):
        return shlex.join(words)
    return layer.text if layer.document is None else ""


def told(operations: Iterable[Operation], layer: Layer) -> tuple[Operation, ...]:
    """Operations, and what they nest, with where they stood: `at` (characters into the value), `how` it was encoded."""
    return settled(operations, layer.at, layer.how)


def _strings(value: JSON, location: Location) -> Iterator[tuple[Location, Location, str]]:
    """The texts in a value, each with the location of what it stands in, and its own step from there."""
    if type(value) is str:
        yield location, (), value
    todo: list[tuple[Location, Iterator[tuple[str | int, JSON]]]] = [(location, _members(value))]
    while todo:
        at, members = todo[-1]
        for step, current in members:
            if type(current) is str:
                yield at, (step,), current
            elif type(current) is list or type(current) is dict:
                todo.append(((*at, step), _members(current)))
                break
        else:
            todo.pop()


def _members(value: JSON) -> Iterator[tuple[str | int, JSON]]:
    if type(value) is dict:
        return iter(value.items())
    return iter(enumerate(value)) if type(value) is list else iter(())
