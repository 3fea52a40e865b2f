"""What a person is shown of an operation: all of it, structured, masked, with nothing that plays tricks on a reader.

Nothing is cut: what is too large to be shown is not asked. Characters that cannot be seen, that turn the direction of
writing or that command a terminal are written out (invariant 11). What a mask covers is shown as its kind and length;
where it covers more than a plain value, so that it might hide what would happen, people cannot approve it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from interlock.errors import Refused
from interlock.model import JSON
from interlock.reasons import Reason

__all__ = ["MAX_REASON", "MAX_SHOWN", "Hidden", "Masked", "escaped", "hides", "plain_reason", "says_something", "view"]

type Showable = JSON | Masked | Mapping[str, Showable] | Sequence[Showable]

MAX_SHOWN = 256 << 10
"""Characters that a person can be asked to read."""

MAX_REASON = 500
"""Characters of an agent's reason."""

_MAX_DEPTH = 64
_OPEN, _CLOSE = "⟦", "⟧"
_SPELT = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_KEPT = frozenset("\n\t")
_SPACES = re.compile(r"[^\S \n\t]")
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U00016fe4\U0001d159\U000e0100-\U000e01ef]"
)
_PLAIN = re.compile(r"[\w@.+:/=~%-]*")
_SUSPECT = re.compile(r"(?:--|/\*|\*/|://[^/]*[;|&]|\.\./)")


@dataclass(frozen=True, slots=True)
class Hidden:
    """A part of a text that a mask covers: code points from `start` up to `end`, and what was found there."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Masked:
    """A text of which parts are hidden. `command`: it is read as code, where a mask may cover plain values only."""

    text: str = field(repr=False)
    hidden: tuple[Hidden, ...] = ()
    command: bool = True


def escaped(text: str, *, lines: bool = False) -> str:
    """A text as it is safe to show: what is unseen is written as \\u{...}; with `lines`, line breaks and tabs stay."""
    if text.isascii() and text.isprintable():
        return text.replace("\\u{", "\\u{5c}u{")
    return "".join(_spelt(char, lines) for char in text.replace("\\u{", "\\u{5c}u{"))


def hides(text: str, hidden: Sequence[Hidden]) -> bool:
    """Whether a mask covers more than a plain value: blanks, quotes, brackets, operators, comments, line breaks."""
    return any(
        not _PLAIN.fullmatch(part) or _SUSPECT.search(part) is not None
        for part in (text[entry.start : entry.end] for entry in hidden)
    )


def view(document: Mapping[str, Showable]) -> dict[str, JSON]:
    """What is shown: every text in it escaped, what is hidden as ⟦kind, length⟧.

    Raises Refused (APPROVAL_HIDDEN) when a mask might hide what would happen, or when it is too large to be read.
    """
    try:
        shown = _view(dict(document), 0)
        size = len(json.dumps(shown, ensure_ascii=False))
    except (RecursionError, TypeError, ValueError):
        raise Refused(Reason.APPROVAL_HIDDEN, "what would run is nested too deeply to be shown to a person") from None
    if size > MAX_SHOWN or not isinstance(shown, dict):
        raise Refused(Reason.APPROVAL_HIDDEN, "what would run is too large to be shown to a person whole")
    return shown


def plain_reason(text: str) -> str:
    """An agent's reason on one line. Raises Refused (MALFORMED_REQUEST) for more than MAX_REASON characters."""
    if len(text) > MAX_REASON:
        raise Refused(Reason.MALFORMED_REQUEST, f"a reason has at most {MAX_REASON} characters", hint="shorten it")
    return escaped(" ".join(text.split()))


def says_something(text: str) -> bool:
    """Whether anything of a text can be read: a letter, a digit, a sign; blanks and what is unseen say nothing."""
    return any(unicodedata.category(char)[0] in "LNPS" and not _INVISIBLE.match(char) for char in text)


def _view(value: Showable, depth: int) -> JSON:
    if depth > _MAX_DEPTH:
        raise ValueError
    if isinstance(value, str):
        return _line(value)
    if isinstance(value, Masked):
        return _masked(value)
    if isinstance(value, Mapping):
        return {escaped(str(name)): _view(member, depth + 1) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [_view(entry, depth + 1) for entry in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    raise TypeError


def _masked(value: Masked) -> str:
    if value.command and hides(value.text, value.hidden):
        raise Refused(Reason.APPROVAL_HIDDEN)
    parts, end = [], 0
    for entry in sorted(value.hidden, key=lambda one: one.start):
        start = max(entry.start, end)
        if entry.end > start:
            mark = f"{_OPEN}{escaped(entry.kind)}, {entry.end - start} characters{_CLOSE}"
            parts += [_line(value.text[end:start]), mark]
            end = entry.end
    return "".join((*parts, _line(value.text[end:])))


def _line(text: str) -> str:
    """Somebody's text; what looks like our own marks is written out."""
    shown = escaped(text, lines=True)
    return (
        shown.replace(_OPEN, "\\u{27e6}").replace(_CLOSE, "\\u{27e7}") if _OPEN in shown or _CLOSE in shown else shown
    )


def _spelt(char: str, lines: bool) -> str:
    if lines and char in _KEPT:
        return char
    unseen = unicodedata.category(char) in _SPELT or _SPACES.match(char) or _INVISIBLE.match(char)
    return f"\\u{{{ord(char):x}}}" if unseen or char in _KEPT else char
