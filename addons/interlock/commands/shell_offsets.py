"""Where the text of a nested command stands in the script that runs it (see `interlock.model.places`)."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from interlock.commands.shell_call import Call
from interlock.commands.shell_script import Script, Simple
from interlock.commands.shell_words import Word
from interlock.model import Operation
from interlock.model.places import moved, settled

__all__ = ["placed"]

_QUOTE = "'\"'\"'"
"""How a quotation mark stands in a word that `shlex.quote`, or a person, has put into such marks."""


def placed(found: Sequence[Operation], text: str, calls: Sequence[Call], script: Script) -> tuple[Operation, ...]:
    """The operations of a text that the last of some calls runs, with offsets in the script.

    A text that the script does not hold as it is (escapes folded, variables put in, words joined) has the offset of the
    word that it came from, or else of the command.
    """
    if not calls:
        return settled(found, 0)
    simple = calls[-1].simple
    holder = next((word for word in (*calls[-1].args, *simple.words) if word.start >= 0 and _holds(word, text)), None)
    if holder is not None:
        start = _characters(script.text, holder.start)
        at = script.text.find(text, start, _end(simple, start + len(text)))
        if at < 0 and script.text.startswith(shlex.quote(text), start):
            return moved(found, lambda at: start + 1 + len(text[:at].replace("'", _QUOTE)))
        return moved(found, at) if at >= 0 else settled(found, start)
    at = _elsewhere(text, simple, script) if text else -1
    return moved(found, at) if at >= 0 else settled(found, simple.at)


def _holds(word: Word, text: str) -> bool:
    return text in word.text if text else not word.text


def _end(simple: Simple, least: int) -> int:
    """Where the command ends; not before `least`, for words that stand behind it, after a here-document's name."""
    return max(simple.at + len(simple.source), least)


def _elsewhere(text: str, simple: Simple, script: Script) -> int:
    """The offset of a text that no word holds: in what comes in, in the command, or written to a file; -1 for none."""
    source, text = script.text, text.rstrip("\n") or text  # `echo` ends with a line that nobody wrote
    if simple.stdin.kind in ("text", "dynamic"):
        at = source.find(text, simple.at)
        if at >= 0:
            return at
    if simple.stdin.kind == "pipe":
        start, end = (_characters(source, offset) for offset in simple.stdin.span)
        at = source.find(text, start, end)
        if at >= 0:
            return at
    at = source.find(text, simple.at, simple.at + len(simple.source))
    return at if at >= 0 else source.find(text)


def _characters(text: str, offset: int) -> int:
    """An offset in UTF-8 bytes as one in characters."""
    return offset if text.isascii() else len(text.encode()[:offset].decode("utf-8", "ignore"))
