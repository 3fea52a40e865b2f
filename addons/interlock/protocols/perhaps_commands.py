"""Texts that may be commands although no known member holds them: in the arguments of a tool that is named like a
shell, and in members that are named like one.

Such a text may as well be prose or code, so it counts only where a shell would do harm with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from interlock.errors import BodyRejected
from interlock.model import JSON, Access, Operation
from interlock.model.places import moved
from interlock.paths import Location
from interlock.ports import Analyse
from interlock.protocols.command_names import arguments_among, client_of, language_of
from interlock.protocols.joined import Joined, joined_words, plain_text, together
from interlock.protocols.layers import harms, reads_as_shell, shell_scripts
from interlock.protocols.perhaps_code import perhaps_code
from interlock.reasons import Reason

__all__ = ["perhaps_commands", "speaks_shell"]

_SHELLS = re.compile(
    r"(?:\A|_|\b)(?:ba|z|k|da|power)?(?:sh|shell|terminal|exec|execute|run|cmd|command|tmux|send_?keys|pty|tty|console|cli|repl|spawn|process|subprocess)(?:\Z|_|\b)",
    re.I,
)
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_NAMED = frozenset(
    (
        *("command", "commands", "cmd", "cmds", "cmdline", "commandline", "shell", "bash", "sh", "zsh"),
        *("script", "scripts", "exec", "execute", "run", "terminal", "recipe"),
    )
)
_PROSE = frozenset(
    (
        *("description", "title", "prompt", "message", "explanation", "justification", "reason", "comment", "summary"),
        *("thought", "thoughts", "instructions", "path", "url", "cwd"),
    )
)
"""Members in which people are told something, whatever the tool is called."""
_SHELL_NAMES = frozenset(("sh", "bash", "zsh", "dash", "ksh", "sudo"))
_MAX_TEXTS = 1000
_MAX_READ = 40 << 10
_MAX_SCRIPTS = 500


def speaks_shell(tool: str) -> bool:
    """Whether a tool is named like a shell."""
    return _SHELLS.search(tool) is not None


def perhaps_commands(
    tool: str, members: Mapping[str, JSON], location: Location, analyse: Analyse, *, agent: bool = False
) -> tuple[Operation, ...]:
    """The harmful commands that a tool's arguments may hold, beside what its known members hold.

    Raises BodyRejected for more of them than anybody means.
    """
    found: list[Operation] = []
    read = count = 0
    for joined in _texts(members, location, speaks_shell(tool)):
        for start, script in shell_scripts(joined.text) if reads_as_shell(joined.text) else ():
            read, count = read + len(script), count + 1
            if read > _MAX_READ or count > _MAX_SCRIPTS:
                raise BodyRejected(
                    Reason.BODY_UNPARSABLE, f"the arguments of {tool} may hold more commands than can be read"
                )
            judged = analyse(script, "shell", "", place=joined.place, agent=agent)
            found += joined.stand(moved(filter(harms, judged), start))
    if client := client_of(tool):
        for words in arguments_among(members, location):
            joined = together([plain_text(client, location), words])
            judged = analyse(joined.text, "shell", "", place=joined.place, agent=agent)
            found += joined.stand(one for one in judged if harms(one) or _changes_rows(one))
    return (*found, *perhaps_code(tool, members, location, analyse, agent=agent))


def _texts(members: Mapping[str, JSON], location: Location, suspect: bool) -> Iterator[Joined]:
    """Texts that may be commands, and lists of words as one, without those whose member is known to hold commands."""
    todo: list[tuple[Location, JSON, bool]] = [(location, dict(members), suspect)]
    while todo:
        at, current, doubted = todo.pop()
        if type(current) is dict:
            for name, value in current.items():
                words = {word.lower() for word in _WORDS.findall(name)}
                known = bool(language_of(name)) and (type(value) is str or _is_words(value))
                if not known and words.isdisjoint(_PROSE):
                    todo.append(((*at, name), value, doubted or not words.isdisjoint(_NAMED)))
        elif type(current) is list:
            if (doubted or _begins_a_shell(current)) and _is_words(current):
                yield joined_words([((*at, index), str(word)) for index, word in enumerate(current)])
            todo += [((*at, index), item, doubted) for index, item in enumerate(current)]
        elif type(current) is str and doubted:
            yield plain_text(current, at)


def _changes_rows(operation: Operation) -> bool:
    return any(part.protocol == "sql" and part.access > Access.READ for part in operation.walk())


def _begins_a_shell(value: list[JSON]) -> bool:
    return bool(value) and str(value[0]).rpartition("/")[2] in _SHELL_NAMES


def _is_words(value: JSON) -> bool:
    return type(value) is list and len(value) <= _MAX_TEXTS and all(type(item) is str for item in value)
