"""Archives: what is unpacked where, and options that delete what was packed."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

from interlock.commands.shell_call import Call, Verdict
from interlock.commands.shell_files import touch, writes
from interlock.commands.shell_tables import REFUSED_OPTIONS
from interlock.commands.shell_words import Word

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge

__all__ = ["HANDLERS"]

_INTO = re.compile(r"(?:-C|-d|-o|--directory=|--one-top-level=)(.+)")
_INTO_NEXT = ("-C", "-d", "--directory")
_ROOT = re.compile(r"(/+|~/?|\$HOME/?|/home/?|/root/?)\Z")
_EXTRACTS = re.compile(r"-[^-]*x|--ext|--get\Z")


def _tar(call: Call, verdict: Verdict, judge: Judge) -> None:
    """`tar xPf a` is `tar -xPf a`: the first word holds options with or without its dash."""
    args = call.args
    if args and re.match(r"[A-Za-z]", args[0].text):
        args = [Word("-" + args[0].text, args[0].dynamic), *args[1:]]
    call = Call(call.name, args, call.simple)
    if args and re.match(r"-[^-]*c|--create", args[0].text):
        _creates(call, verdict, judge)
    else:
        writes(call, verdict, judge)
    if call.has(*REFUSED_OPTIONS["tar"]):
        verdict.unknown("runs-other-program")
    if call.has("--remove-files", "--recursive-unlink"):
        _deletes(verdict)
    if args and _EXTRACTS.match(args[0].text):
        unpacked(call, verdict, judge)
    _into(call, verdict, judge)


def _creates(call: Call, verdict: Verdict, judge: Judge) -> None:
    """What is packed is read; the archive alone is written."""
    verdict.at_least("write")
    for before, word in pairwise(call.args):
        if re.match(r"-[^-]*f\Z|--file\Z", before.text) and word.text not in ("-", "/dev/null", "/dev/stdout"):
            touch(word, verdict, judge)


def _zip(call: Call, verdict: Verdict, judge: Judge) -> None:
    writes(call, verdict, judge)
    if call.has("-m", "--move"):
        _deletes(verdict)


def _unzip(call: Call, verdict: Verdict, judge: Judge) -> None:
    writes(call, verdict, judge)
    unpacked(call, verdict, judge)
    _into(call, verdict, judge)


def _seven(call: Call, verdict: Verdict, judge: Judge) -> None:
    _unzip(call, verdict, judge)
    if any(word.text.startswith("-sdel") for word in call.args) or call.texts()[:1] == ["d"]:
        _deletes(verdict)


def _deletes(verdict: Verdict) -> None:
    """What is packed may be listed elsewhere than in the words: no path here says what is deleted."""
    verdict.at_least("destroy", "recursive-delete")
    verdict.paths = []


def _into(call: Call, verdict: Verdict, judge: Judge) -> None:
    """The folder an archive is unpacked into, and every folder gone to on the way."""
    for at, word in enumerate(call.args):
        glued = _INTO.match(word.text)
        target = Word(glued[1], word.dynamic) if glued else None
        if at and call.args[at - 1].text in _INTO_NEXT:
            target = word
        if target is None:
            continue
        touch(target, verdict, judge)
        if _ROOT.match(target.text):
            verdict.at_least("admin", "system-path")


def unpacked(call: Call, verdict: Verdict, judge: Judge) -> None:
    """What comes out of a download is a download: running it in the same text runs what nobody has seen."""
    feeders = judge.feeders(call.simple) if call.simple.stdin.kind == "pipe" else []
    fetched = any(judge.fetches(feeder) for feeder in feeders)
    if fetched or any(word.text in judge.written for word in call.args):
        judge.written.unpacked = True


HANDLERS: dict[str, Callable[[Call, Verdict, Judge], None]] = {
    "tar": _tar, "bsdtar": _tar, "gtar": _tar, "zip": _zip, "unzip": _unzip, "7z": _seven, "7za": _seven,
}  # fmt: skip
"""Command name -> judge of its calls."""
