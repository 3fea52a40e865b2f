"""Calls of PowerShell and cmd from a shell: their text is read in its own language."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from interlock.commands.shell_call import Call, Verdict
from interlock.commands.shell_interpreters import run_script
from interlock.commands.shell_words import Word

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge

__all__ = ["HANDLERS"]


def _powershell(call: Call, verdict: Verdict, judge: Judge) -> None:
    """`pwsh -Command TEXT`, `-EncodedCommand BASE64`, `-File x.ps1`; parameters may be cut short."""
    verdict.paths, at = [], 0
    valued = ("-executionpolicy", "-ep", "-ex", "-version", "-windowstyle", "-w", "-inputformat", "-outputformat",
            "-workingdirectory",
              "-configurationname", "-psconsolefile")  # fmt: skip
    while at < len(call.args):
        text = call.args[at].text.lower().replace("\u2013", "-")
        if text in ("--version", "-version", "-help", "-?"):
            return
        if re.fullmatch(r"[-/]e(c|nc\w*)?", text):
            _encoded(call.args[at + 1 : at + 2], verdict, judge)
            return
        if re.fullmatch(r"[-/]f(i(le?)?)?", text):
            if at + 1 < len(call.args):
                run_script(call.args[at + 1], call, verdict, judge, "powershell")
            return
        if re.fullmatch(r"[-/]c(o\w*)?", text):
            at += 1
            break
        if not text.startswith(("-", "/")):
            break
        at += 2 if text in valued else 1
    words = call.args[at:]
    if words and not any(word.dynamic for word in words) and words[0].text != "-":
        verdict.nested += judge.nest(" ".join(word.text for word in words), "powershell")
    else:
        verdict.unknown("dynamic" if words else "not-understood")
        if call.simple.stdin.kind == "pipe":
            verdict.flags["pipe-to-shell"] = None


def _encoded(words: list[Word], verdict: Verdict, judge: Judge) -> None:
    verdict.flags["encoded"] = None
    try:
        text = base64.b64decode(words[0].text if words else "", validate=True).decode("utf-16-le")
    except (ValueError, UnicodeDecodeError):
        text = ""
    if not text or words[0].dynamic:
        verdict.unknown("dynamic")
    else:
        verdict.nested += judge.nest(text, "powershell")


def _cmd(call: Call, verdict: Verdict, judge: Judge) -> None:
    """`cmd /c TEXT`."""
    verdict.paths = []
    at = next((n for n, word in enumerate(call.args) if re.match(r"//?[ckCK]\b", word.text)), None)
    if at is None or at + 1 >= len(call.args) or any(word.dynamic for word in call.args[at + 1 :]):
        verdict.unknown("dynamic")
    else:
        verdict.nested += judge.nest(" ".join(word.text for word in call.args[at + 1 :]), "cmd")


HANDLERS: dict[str, Callable[[Call, Verdict, Judge], None]] = {
    **dict.fromkeys(("powershell", "pwsh", "powershell.exe", "pwsh.exe"), _powershell), "cmd": _cmd, "cmd.exe": _cmd,
}  # fmt: skip
"""Command name -> judge of its calls."""
