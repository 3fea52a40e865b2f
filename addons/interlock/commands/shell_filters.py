"""sed and awk: programs in a word that only change text are told from those that run, write or read elsewhere."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from interlock.commands.shell_awk import only_prints
from interlock.commands.shell_call import Call, Verdict
from interlock.commands.shell_fed import is_fed
from interlock.commands.shell_files import changed
from interlock.commands.shell_words import Word

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge

__all__ = ["HANDLERS"]

_SED_PROGRAM = re.compile(
    r"\b(rm\s|curl\b|wget\b|eval\b|mkfs|sudo\b|bin/(ba)?sh\b|exec\b|system\b|rmtree|unlink|nc\s+-|dd\s+if)"
)
"""Words that, put into a script by sed, make it another one."""
_PLAIN_VARIABLE = re.compile(r"[^$`]*(?:\$\{?\w+\}?[^$`]*)+\Z")
_SED_ADDRESS = r"(?:\d+|\$|/(?:\\.|[^/\\\n])*/I?|\d+~\d+)"
_SED_RANGE = rf"(?:{_SED_ADDRESS}(?:,[+~]?{_SED_ADDRESS})?\s*!?\s*)?"
_SED_ONE = re.compile(
    rf"\s*{_SED_RANGE}(?:[pdDgGhHnNPqQxl=]|[qQ]\d+|[aic]\\\n[^\n\\]*|[aic]\\?[^\n;}}{{]*|y/[^/]*/[^/]*/"
    r"|s([/|#,:@!%+~^_])(?:\\.|(?!\1)[^\\\n])*\1(?:\\.|(?!\1)[^\\\n])*\1[gIip0-9mM]*)\s*(?:[;\n}]+\s*|\Z)",
    re.DOTALL,
)


def _sed(call: Call, verdict: Verdict, judge: Judge) -> None:
    scripts: list[Word] = []
    files = call.operands(("-e", "--expression", "-f", "--file", "-l"))
    for at, word in enumerate(call.args):
        if word.text in ("-e", "--expression", "-ne", "-re", "-Ee", "-nre", "-ie") and at + 1 < len(call.args):
            scripts.append(call.args[at + 1])
        elif word.text.startswith("--expression="):
            scripts.append(Word(word.text.partition("=")[2], word.dynamic))
        elif re.match(r"-\w*[ef]|--f|--e", word.text):
            verdict.unknown()
    if not scripts and files:
        scripts, files = files[:1], files[1:]
    if call.has("-i", "--in-place") or any(word.text.startswith("-i") for word in call.args):
        verdict.at_least("write", "in-place")
        programs = any(_SED_PROGRAM.search(script.text) for script in scripts)
        for word in files:
            changed(posixpath.normpath(word.text), verdict)
            if programs:
                judge.written.add(word.text)
    known = [
        script for script in scripts if not script.dynamic or (_PLAIN_VARIABLE.match(script.text) and not script.loose)
    ]
    harmless = [_is_harmless_sed(script.text) for script in known]
    _from_pipe(call, verdict)
    if len(harmless) != len(scripts) or not all(harmless) or not scripts or any(map(is_fed, call.args)):
        verdict.unknown("runs-other-program")
    verdict.paths = [posixpath.normpath(word.text) for word in files]


def _from_pipe(call: Call, verdict: Verdict) -> None:
    """A program of sed or awk that a pipe brings."""
    if call.simple.stdin.kind == "pipe" and re.search(r"(^| )-\w*f ?(-|/dev/stdin)( |$)", " ".join(call.texts())):
        verdict.flags["pipe-to-shell"] = None


def _is_harmless_sed(script: str) -> bool:
    at = 0
    if len(script) > 4096:
        return False
    while at < len(script):
        found = _SED_ONE.match(script, at)
        if not found or found.end() == at:
            return False
        at = found.end()
    return True


def _awk(call: Call, verdict: Verdict, judge: Judge) -> None:
    operands = call.operands(("-F", "-v"))
    bad = [option for option in call.options(bundled=False) if not re.match(r"-F|-v", option)]
    if bad or not operands or operands[0].dynamic or not only_prints(operands[0].text):
        verdict.unknown("runs-other-program")
    _from_pipe(call, verdict)
    verdict.paths = [posixpath.normpath(word.text) for word in operands[1:]]


HANDLERS: dict[str, Callable[[Call, Verdict, Judge], None]] = {
    **dict.fromkeys(("sed", "gsed"), _sed), **dict.fromkeys(("awk", "gawk", "mawk", "nawk"), _awk),
}  # fmt: skip
"""Command name -> judge of its calls."""
