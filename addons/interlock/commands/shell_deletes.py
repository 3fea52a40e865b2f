"""Commands that delete files or empty them: rm and its like, truncate, tee, dd."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from interlock.commands.shell_call import Call, Verdict
from interlock.commands.shell_files import ROOTS, touch, writes
from interlock.commands.shell_tables import SYSTEM
from interlock.commands.shell_words import Word

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge

__all__ = ["HANDLERS"]


def _rm(call: Call, verdict: Verdict, judge: Judge) -> None:
    verdict.at_least("write", "delete")
    recursive = call.has("-r", "-R", "--recursive")
    options = set(call.options(bundled=True))
    verdict.options = sorted(
        {"-r" if recursive else "", "-f" if call.has("-f", "--force") else "", *options} - {"", "-R"}
    )
    operands = call.operands()
    if recursive or (call.dynamic() and len(operands) > 1 and "--" not in call.texts()):
        verdict.at_least("destroy", "recursive-delete")
    if call.has("--no-preserve-root"):
        verdict.at_least("destroy", "system-path")
    for word in operands:
        path = posixpath.normpath(word.text) if word.text else word.text
        if SYSTEM.match(path) or (ROOTS.match(path) and path):
            verdict.at_least("destroy", "system-path" if path.startswith(("/", "~", "$HOME")) else "wide-delete")
        if _is_wide(posixpath.basename(path)) or (word.dynamic and (word.loose or "{}" in word.text)):
            verdict.at_least("destroy", "wide-delete")


def _is_wide(name: str) -> bool:
    """Whether a pattern means nearly everything: `*`, `?*`, `[a-z]*`, `{a..z}*`."""
    return re.sub(r"\[[^\]]*\]|\{[^}]*\}", "", name).strip("*?.") == ""


def _rimraf(call: Call, verdict: Verdict, judge: Judge) -> None:
    """rimraf and its like delete folders without being asked to recurse."""
    verdict.at_least("destroy", "delete", "recursive-delete")


def _truncate(call: Call, verdict: Verdict, judge: Judge) -> None:
    writes(call, verdict, judge)
    if any(word.glob or word.dynamic for word in call.operands(("-s", "--size", "-r", "--reference"))):
        verdict.at_least("destroy", "wide-delete")


def _tee(call: Call, verdict: Verdict, judge: Judge) -> None:
    writes(call, verdict, judge)
    if any(word.glob or "{}" in word.text for word in call.operands()) and not call.has("-a", "--append"):
        verdict.at_least("destroy", "wide-delete")


def _dd(call: Call, verdict: Verdict, judge: Judge) -> None:
    verdict.at_least("write", "overwrite")
    for word in call.args:
        if word.text.startswith("of="):
            touch(Word(word.text[3:], word.dynamic), verdict, judge)
            device = word.text.startswith("of=/dev/") and word.text not in ("of=/dev/null", "of=/dev/stdout")
            if device or word.dynamic:
                verdict.at_least("destroy")


HANDLERS: dict[str, Callable[[Call, Verdict, Judge], None]] = {
    "rm": _rm, "unlink": _rm, "truncate": _truncate, "tee": _tee, "dd": _dd,
    **dict.fromkeys(("rimraf", "del-cli", "trash", "trash-put"), _rimraf),
}  # fmt: skip
"""Command name -> judge of its calls."""
