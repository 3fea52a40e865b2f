"""Interpreters of other languages: a script file is opaque, text is unknown unless it only computes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from interlock.commands.shell_call import Call, Verdict
from interlock.commands.shell_python import is_harmless
from interlock.commands.shell_runners import run_script
from interlock.commands.shell_tables import ADMIN, BUILDERS, NETWORK, READERS, WRITERS
from interlock.commands.shell_words import Word

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge

__all__ = ["interpreter"]

_NEVER = re.compile(r"(?!)")
_TEXT_ANYWHERE = {
    "deno": re.compile(r"\A\0(eval|repl)\b|\0[a-z]+://"),
    "gdb": re.compile(r"\0--?(ex|iex|eval-command|init-eval-command|command|init-command|x|ix)\b"),
}
"""Words that hold a program, or name one that nobody has seen, wherever they stand."""
_OPAQUE_TEXT = frozenset("timeit pdb code asyncio idlelib idlelib.idle profile cProfile.run".split())  # noqa: SIM905
"""Modules of Python that run text from their words or from standard input."""


def interpreter(call: Call, verdict: Verdict, judge: Judge) -> None:
    """An interpreter of another language: a script file is opaque, text is unknown unless it only computes."""
    verdict.paths = []
    args = call.texts()
    if args and args[0] in ("--version", "-V", "--help", "-v") and len(args) == 1:
        return
    if re.match(r"python|pypy", call.name):
        _python(call, verdict, judge)
    elif _TEXT_ANYWHERE.get(call.name, _NEVER).search("\0".join(["", *args])):
        verdict.unknown("runs-other-program")
    elif args and not args[0].startswith("-"):
        run_script(call.args[0], verdict, judge)
    else:
        verdict.unknown("runs-other-program")
        _piped(call, verdict)


def _python(call: Call, verdict: Verdict, judge: Judge) -> None:
    at = 0
    while at < len(call.args) and call.args[at].text.startswith("-") and call.args[at].text != "-":
        text = call.args[at].text
        following = call.args[at + 1] if at + 1 < len(call.args) else None
        if text in ("-X", "-W"):
            at += 2
        elif re.fullmatch(r"-[BEIOqsSuvbdx]+", text):
            at += 1
        elif text == "-m" and following is not None and not following.dynamic:
            _module(call, at + 1, verdict, judge)
            return
        else:
            known = re.fullmatch(r"-[BEIOqsSu]*c", text) and following is not None and not following.dynamic
            if not known or following is None or not is_harmless(following.text):
                verdict.unknown("runs-other-program")
            return
    if at < len(call.args) and call.args[at].text not in ("-", "/dev/stdin"):
        run_script(call.args[at], verdict, judge)
    elif call.simple.stdin.kind != "text" or not is_harmless(call.simple.stdin.text):
        verdict.unknown("runs-other-program")
        _piped(call, verdict)


def _piped(call: Call, verdict: Verdict) -> None:
    if call.simple.stdin.kind == "pipe":
        verdict.flags["pipe-to-shell"] = None


def _module(call: Call, at: int, verdict: Verdict, judge: Judge) -> None:
    module, rest = call.args[at].text, [word.text for word in call.args[at + 1 :]]
    if module == "json.tool":
        return
    if module in _OPAQUE_TEXT:
        verdict.unknown("runs-other-program")
    elif module == "sqlite3":
        simple = call.after(at)
        simple.words = [Word("sqlite3"), *call.args[at + 1 :]]
        verdict.nested += judge.judge(simple)
    elif module in BUILDERS | WRITERS | READERS | NETWORK | ADMIN:
        verdict.nested += judge.judge(call.after(at))
    else:
        verdict.at_least("write", "opaque")
        if module in ("zipfile", "tarfile") and rest[:1] and re.match(r"-e|--extract", rest[0]):
            verdict.at_least("admin" if rest[2:3] and not re.match(r"[\w.]", rest[2]) else "write")
