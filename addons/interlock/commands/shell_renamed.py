"""Programs under other names: copies of them, links to them, and files that a search path puts in their place."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

from interlock.commands.shell_call import Call, Verdict
from interlock.commands.shell_interpreters import run_file
from interlock.commands.shell_words import Word

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge

__all__ = ["HANDLERS", "in_its_place", "real_name", "under"]

_PLACED = re.compile(
    r"(?:/(?:usr/(?:local/)?)?s?bin/|\"?\$\((?:which|command -v|type -P) |`(?:which|command -v) )([\w.+-]+)[)`]?\"?\Z"
)
"""A program by where it is, or by what says where it is."""


def real_name(name: str, judge: Judge) -> str:
    """What a program is called that a text has copied or linked to this name or path; nothing if it is not known."""
    places = [name, *(judge.written.called(name) if "/" not in name else ())]
    found = [match for place in places if (match := _PLACED.match(judge.written.origin(place)))]
    return found[0][1] if found else ""


def in_its_place(call: Call, verdict: Verdict, judge: Judge) -> None:
    """Judges the file that runs instead of a command, where the text writes one of its name and changes the path."""
    places = judge.written.called(call.name)
    if places and not any(name == "PATH" for simple in judge.script.commands for name, _ in simple.assigns):
        return
    for path in places:
        placed = _PLACED.match(judge.written.origin(path))
        if placed and placed[1] != call.name:
            under(placed[1], call, verdict, judge)
        else:
            run_file(Word(path), call, verdict, judge)


def under(name: str, call: Call, verdict: Verdict, judge: Judge) -> None:
    """Judges a call as that of the program it really is."""
    verdict.flags["written-and-run"] = None
    simple = call.after(0)
    simple.words = [Word(name), *call.args]
    verdict.nested += judge.judge(simple)


def _hash(call: Call, verdict: Verdict, judge: Judge) -> None:
    """`hash -p /bin/rm name` makes a name stand for a program."""
    for before, word in pairwise(call.args):
        if re.match(r"-\w*p\Z", before.text):
            verdict.unknown("runs-other-program")
            judge.written.copied(word.text, call.args[-1].text)


HANDLERS: dict[str, Callable[[Call, Verdict, Judge], None]] = {"hash": _hash}
"""Command name -> judge of its calls."""
