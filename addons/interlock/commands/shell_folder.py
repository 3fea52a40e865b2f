"""Where `cd` has gone: relative paths behind `cd /etc` are paths in it."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from interlock.commands.shell_call import Call, Verdict
from interlock.commands.shell_secrets import reads_secret
from interlock.commands.shell_tables import SYSTEM
from interlock.commands.shell_words import Word

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge

__all__ = ["elsewhere", "gone_to"]


def gone_to(call: Call, folder: str) -> str:
    """The folder after a `cd`, where it is known and lies outside the project; else empty."""
    words = [word for word in call.args if word.text not in ("--", "-P", "-L")]
    target = words[0].text if words and not words[0].dynamic else "" if words else "~"
    absolute = target.startswith(("/", "~", "$HOME"))
    joined = target if absolute else posixpath.join(folder, target) if target != "-" else ""
    return posixpath.normpath(joined) if re.match(r"/|~|\$HOME", joined) else ""


def elsewhere(call: Call, verdict: Verdict, judge: Judge) -> None:
    """Judges the relative paths of a call as paths in the folder gone to."""
    words = [_in(word, judge.folder) for word in call.args]
    if verdict.action != "read" and any(SYSTEM.match(posixpath.normpath(word.text or ".")) for word in words):
        verdict.at_least("admin", "system-path")
    simple = call.after(0)
    simple.words = words
    if reads_secret(Call(call.name, words, simple), judge):
        verdict.flags["secret-read"] = None


def _in(word: Word, folder: str) -> Word:
    if not word.text or word.text.startswith(("-", "/", "~", "$")):
        return word
    return Word(posixpath.join(folder, word.text), word.dynamic, word.glob)
