"""Patterns over operations, as rules write them: `sql.read`, `mcp.call:query_*`, `http.get /payslips/*`.

Three parts: protocol, action, and what the operation is about. `*` stands for characters within one part; in
the path of an `http` pattern it stays within one segment and `**` crosses segments. A part left out matches
anything.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from interlock.errors import InterlockError
from interlock.settings_glob import compile_glob, star

__all__ = ["ANY", "SPOKEN", "VOCABULARY", "Pattern", "compile_pattern"]

ANY = "*"

VOCABULARY: Mapping[str, Collection[str]] = {
    "sql": ("read", "write", "ddl", "admin"),
    "shell": ("read", "write", "network", "destroy", "admin", "unknown"),
    "tool": ("use",),
    "model": (),
    "mcp": (),
    "graphql": (),
    "http": (),
}
"""Protocols and, where the list is closed, their actions; an empty list is open."""

SPOKEN: Mapping[str, str] = {"powershell": "shell", "cmd": "shell"}
"""Languages whose commands are operations of another protocol."""

_PATTERN = re.compile(r"(?P<protocol>[^.:\s]+)\.(?P<action>[^.:\s]+)(?::(?P<name>\S+))?(?:\s+(?P<resource>\S.*))?\Z")
_WORD = re.compile(r"[a-z0-9*][a-z0-9*_-]*\Z")
_MAX_PATTERN = 1024


@dataclass(frozen=True, slots=True)
class Pattern:
    """One compiled pattern. `matches` takes action and resource; the protocol is looked up beforehand.

    `acts` takes the action alone: whether it could match with some resource. `about` says that it asks for one.
    """

    text: str
    protocol: str
    action: str
    matches: Callable[[str, str], bool] = field(repr=False, compare=False)
    acts: Callable[[str], bool] = field(default=lambda action: False, repr=False, compare=False)
    about: bool = False


def compile_pattern(text: str, languages: Collection[str] = ()) -> Pattern:
    """A pattern from its text; `languages` are protocols of commands beyond the vocabulary.

    Raises InterlockError with a hint for one that is malformed or could never match.
    """
    found = _PATTERN.match(text) if len(text) <= _MAX_PATTERN else None
    if not found:
        raise InterlockError(f"{text!r} is not an operation", hint="as in sql.read, tool.use:Bash or http.get /v1/*")
    protocol, action, name, resource = found["protocol"], found["action"], found["name"], found["resource"]
    if not _WORD.match(protocol) or not _WORD.match(action):
        raise InterlockError(f"{text!r} is not an operation", hint=f"in lower case: {text.lower()}")
    _check_words(text, protocol, action, languages)
    if name and protocol == "http":
        raise InterlockError(f"{text!r} has a colon", hint=f"write http.{action} /path")
    about = (compile_glob(resource).matches if protocol == "http" else star(resource)) if resource else None
    acts = _action(action, name)
    return Pattern(text, protocol, action, _matcher(acts, about), acts, about is not None)


def _check_words(text: str, protocol: str, action: str, languages: Collection[str]) -> None:
    if protocol == ANY:
        return
    if "*" in protocol:
        raise InterlockError(f"{text!r} has a * inside its protocol", hint="write the protocol, or * alone")
    if protocol in SPOKEN:
        spoken = SPOKEN[protocol]
        raise InterlockError(f"{protocol} commands are {spoken} operations", hint=f"write {spoken}.{action}")
    known = [*VOCABULARY, *languages]
    if protocol not in known:
        near = difflib.get_close_matches(protocol, known, n=1)
        raise InterlockError(
            f"no operation begins with {protocol!r}: the rule could never match",
            hint=f"did you mean {near[0]!r}?" if near else "known: " + ", ".join(known),
        )
    actions = VOCABULARY.get(protocol) or ()
    if actions and not any(map(star(action), actions)):
        near = difflib.get_close_matches(action, actions, n=1)
        raise InterlockError(
            f"{protocol} has no action {action!r}: the rule could never match",
            hint=f"did you mean {protocol}.{near[0]}?" if near else "known: " + ", ".join(actions),
        )


def _matcher(acts: Callable[[str], bool], about: Callable[[str], bool] | None) -> Callable[[str, str], bool]:
    if about is None:
        return lambda said, resource: acts(said)
    return lambda said, resource: acts(said) and about(resource)


def _action(action: str, name: str | None) -> Callable[[str], bool]:
    """A matcher for an operation's action, which may carry a name: `use:Bash`."""
    if "*" not in action and name is None:
        named = action + ":"
        return lambda said: said == action or said.startswith(named)
    if action == ANY and name is None:
        return lambda said: True
    head = star(action)
    if name is None:
        return lambda said: head(said.partition(":")[0])
    tail = star(name)

    def matches(said: str) -> bool:
        first, colon, rest = said.partition(":")
        return bool(colon) and head(first) and tail(rest)

    return matches
