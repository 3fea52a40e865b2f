"""Code in a tool's arguments that an interpreter would run: `{"language": "python", "code": ...}`.

It is read as an interpreter's own argument in a shell would be, and counts only where it would do harm: other code,
and code that cannot be read, is what the tool's own rule permits.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping

from interlock.errors import BodyRejected
from interlock.model import JSON, Operation
from interlock.model.places import settled
from interlock.paths import Location, pointer
from interlock.ports import Analyse
from interlock.protocols.command_names import spelled_plainly
from interlock.protocols.layers import harms
from interlock.reasons import Reason

__all__ = ["perhaps_code"]

_CODE = frozenset(
    (
        "code",
        "source",
        "sourcecode",
        "snippet",
        "program",
        "cell",
        "codeblock",
        "input",
        "expression",
        "expr",
        "cellsource",
        "src",
    )
)
_OWN = frozenset(("js", "javascript", "ts", "typescript", "python", "pythoncode", "jscode", "ruby", "perl", "php"))
"""Members named after the language that they hold."""
_NAMES = frozenset(("language", "lang", "runtime", "interpreter", "kernel", "engine"))
_INTERPRETERS = (
    (re.compile(r"python|(?<![a-z])py(?![a-z])|jupyter|notebook", re.IGNORECASE), "python3 -c"),
    (re.compile(r"node|javascript|typescript|(?<![a-z])[jt]s(?![a-z])|deno|(?<![a-z])bun", re.IGNORECASE), "node -e"),
    (re.compile(r"ruby", re.IGNORECASE), "ruby -e"),
    (re.compile(r"perl", re.IGNORECASE), "perl -e"),
    (re.compile(r"(?<![a-z])php", re.IGNORECASE), "php -r"),
    (re.compile(r"(?<![a-z])(?:ba|z)?sh(?:ell)?(?![a-z])", re.IGNORECASE), "sh -c"),
)
_ANY = re.compile(r"sandbox|interpreter|execut|(?<![a-z])(?:run|eval|exec|repl)(?![a-z])", re.IGNORECASE)
_GUESSED = ("python3 -c", "node -e")
_MAX_DEPTH = 4
_MAX_TEXTS = 20


def perhaps_code(
    tool: str, members: Mapping[str, JSON], location: Location, analyse: Analyse, *, agent: bool = False
) -> tuple[Operation, ...]:
    """The harm that code in a tool's arguments would do, in the language that a member or the tool's name tells.

    Where neither does and the tool is one that runs code, it is read as Python and as JavaScript, four levels deep.
    Raises BodyRejected for more than 20 of them.
    """
    found: list[Operation] = []
    for count, (at, text, interpreters) in enumerate(_texts(tool, members, location)):
        if count >= _MAX_TEXTS:
            raise BodyRejected(Reason.BODY_UNPARSABLE, f"the arguments of {tool} hold more code than can be read")
        for interpreter in interpreters:
            judged = analyse(f"{interpreter} {shlex.quote(text)}", "shell", "", place=pointer(at), agent=agent)
            found += settled(filter(harms, judged), 0)
    return tuple(found)


def _texts(
    tool: str, members: Mapping[str, JSON], location: Location
) -> Iterator[tuple[Location, str, tuple[str, ...]]]:
    told = _interpreters(tool) or (_GUESSED if _ANY.search(tool) else ())
    todo: list[tuple[Location, Mapping[str, JSON], tuple[str, ...]]] = [(location, members, told)]
    while todo:
        at, current, known = todo.pop()
        named = [value for name, value in current.items() if spelled_plainly(name) in _NAMES and type(value) is str]
        known = next((found for value in named if (found := _interpreters(str(value)))), known)
        for name, value in current.items():
            spelled = spelled_plainly(name)
            reads = _interpreters(spelled) if spelled in _OWN else known if spelled in _CODE else ()
            if type(value) is str and reads:
                yield (*at, name), value, reads
            elif type(value) is dict and len(at) < len(location) + _MAX_DEPTH:
                todo.append(((*at, name), value, known))


def _interpreters(text: str) -> tuple[str, ...]:
    return tuple(interpreter for pattern, interpreter in _INTERPRETERS if pattern.search(text))[:2]
