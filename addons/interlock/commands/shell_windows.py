"""What PowerShell and cmd share: statements taken apart into words, and the operation for each of them."""

from __future__ import annotations

import ntpath
import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import pairwise

from interlock.commands.language import NotUnderstood
from interlock.commands.shell_call import Call, Verdict, operation
from interlock.commands.shell_tree import Simple
from interlock.commands.shell_words import Word
from interlock.model import Operation
from interlock.model.places import settled
from interlock.ports import Analyse

__all__ = ["Statement", "Syntax", "gone_to", "judged", "of_system", "statements"]

_MAX_TEXT = 1 << 16
_MAX_STATEMENTS = 500
_SYSTEM = re.compile(
    r"(?:[a-z]:|%systemdrive%|\$\{?env:systemdrive\}?)?\\"
    r"(?:(?:windows|program files(?: \(x86\))?|boot|efi|recovery)(?:\\.*)?)?\Z"
    r"|%(?:windir|systemroot|programfiles(?:\(x86\))?)%|\$\{?env:(?:windir|systemroot|programfiles)"
    r"|hk(?:lm|cu|cr|u|cc):|(?:microsoft\.powershell\.core\\)?registry::",
    re.IGNORECASE | re.DOTALL,
)
"""Folders that Windows and its programs live in, the root of a disk, and the registry as PowerShell writes it."""


@dataclass(frozen=True, slots=True)
class Syntax:
    """How a text is taken apart: the escape character, quotes, what separates statements, what makes a word dynamic."""

    escape: str
    quotes: str
    separators: str
    dynamic: str
    comment: str = ""


@dataclass(slots=True)
class Statement:
    """One statement: its words, whether its input comes out of a pipe, where it begins, and its own text."""

    words: list[Word] = field(default_factory=list)
    piped: bool = False
    start: int = 0
    source: str = ""


def statements(text: str, syntax: Syntax) -> list[Statement]:
    """The statements of a text, those in braces and parentheses too. Raises NotUnderstood for quotes without an end."""
    if len(text) > _MAX_TEXT:
        raise NotUnderstood("too-large")
    found: list[Statement] = []
    current, at, end = Statement(), 0, 0
    while at < len(text):
        char = text[at]
        if char in syntax.separators:
            if current.words:
                current.source = text[current.start : end]
                found.append(current)
                current = Statement(piped=char == "|" and text[at + 1 : at + 2] != "|")
            at += 1
        elif char.isspace():
            at += 1
        elif char == syntax.comment:
            line = text.find("\n", at)
            at = len(text) if line < 0 else line
        else:
            if not current.words:
                current.start = at
            word, at = _word(text, at, syntax)
            current.words.append(word)
            end = at
        if len(found) > _MAX_STATEMENTS:
            raise NotUnderstood("too-many-commands")
    current.source = text[current.start : end]
    return [*found, current] if current.words else found


def _word(text: str, at: int, syntax: Syntax) -> tuple[Word, int]:
    """The word that begins at an offset, and where it ends."""
    parts: list[str] = []
    dynamic, quote = False, ""
    while at < len(text):
        char = text[at]
        if quote:
            quote = "" if char == quote else quote
            dynamic = dynamic or (quote == '"' and char in syntax.dynamic)
            parts.append(char if quote else "")
        elif char == syntax.escape:
            at += 1
            parts.append(text[at : at + 1].strip("\n"))
        elif char in syntax.quotes:
            quote = char
        elif char in syntax.separators or char.isspace():
            break
        else:
            dynamic = dynamic or char in syntax.dynamic
            parts.append(char)
        at += 1
    if quote:
        raise NotUnderstood("unparsable")
    return Word("".join(parts), dynamic), at


def of_system(word: str) -> bool:
    """Whether a word names, alone or in a list, a place of the system's: `C:\\Windows\\x`, `HKLM:\\Software`."""
    parts = [re.sub(r"\A-\w{1,20}:|\A\\\\[?.]\\", "", part.strip().replace("/", "\\")) for part in word.split(",")]
    return any(part and _SYSTEM.match(ntpath.normpath(part)) for part in parts)


_GOES = frozenset(("cd", "chdir", "pushd", "set-location", "push-location", "sl"))


def gone_to(found: list[Statement], changers: frozenset[str]) -> None:
    """Behind `cd` into a place of the system's, what is changed by a name alone is changed there: it gets its path."""
    place = ""
    for statement in found:
        first, rest = statement.words[0].text.lower() if statement.words else "", statement.words[1:]
        if first in _GOES and rest and not rest[-1].dynamic:
            place = ntpath.join(place, rest[-1].text)
            place = place if of_system(place) else ""
        elif place and first in changers:
            statement.words[1:] = [
                word if word.text.startswith(("/", "-")) else Word(ntpath.join(place, word.text), word.dynamic)
                for word in rest
            ]


def judged(
    found: list[Statement],
    text: str,
    judge: Callable[[Call, Verdict, Statement, Analyse], bool],
    nest: Analyse,
    language: str,
) -> tuple[Operation, ...]:
    """One operation a statement, with its own text and offset; `judge` sees the whole text around it too.

    Those that `judge` does not know are programs, and judged as the shell's.
    """
    done: list[Operation] = []
    fetched: set[str] = set()
    for statement in found:
        name = statement.words[0].text.replace("\\", "/").rpartition("/")[2].lower().removesuffix(".exe")
        call = Call(name, statement.words[1:], Simple(statement.words, source=text, at=statement.start))
        verdict = Verdict()
        if statement.words[0].dynamic:
            verdict.unknown("dynamic")
        elif not judge(call, verdict, statement, nest):
            words = [word.text for word in statement.words]
            verdict.nested += settled(nest(shlex.join([name, *words[1:]]), "shell"), statement.start) if name else ()
            verdict.action = "read"
            if any(word.dynamic for word in call.args):
                verdict.flags["dynamic"] = None
        if _plain(statement.words[0].text) in fetched:
            verdict.unknown("download-and-run")
        fetched.update(_fetched(statement))
        verdict.flags[language] = None
        done.append(replace(operation(call, verdict), text=statement.source))
    return tuple(done)


_TO_FILE = frozenset(("-o", "--output", "-outfile", "-destination", "-out", "-outputdirectory", "/out"))


def _plain(path: str) -> str:
    """A path as far as it says which file is meant: without `.\\` before it, in lower case."""
    return path.replace("\\", "/").removeprefix("./").lower()


def _fetched(statement: Statement) -> list[str]:
    """The files that a statement brings from the network."""
    words = [word.text for word in statement.words]
    if not any("://" in word for word in words):
        return []
    return [_plain(after) for before, after in pairwise(words) if before.lower() in _TO_FILE]
