"""Commands that delete files or empty them: rm and its like, truncate, tee, dd."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from interlock.commands.shell_call import Call, Verdict
from interlock.commands.shell_files import ROOTS, touch, writes
from interlock.commands.shell_made import can_be_made_again
from interlock.commands.shell_static import static_input
from interlock.commands.shell_tables import SYSTEM
from interlock.commands.shell_where import stands
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
    operands = _placed(call.operands(), stands(judge.script.places, call.simple.start))
    made = all(can_be_made_again(word) and not judge.written.leads_elsewhere(word.text) for word in operands)
    verdict.paths = [posixpath.normpath(word.text).removeprefix("$PWD/") if word.text else "" for word in operands]
    computed = any(word.dynamic and word.text.startswith("-") for word in call.args)
    if recursive and operands and not computed and made:
        verdict.flags["recursive-delete"] = None
    elif recursive or computed or (call.dynamic() and len(operands) > 1 and "--" not in call.texts()):
        verdict.at_least("destroy", "recursive-delete")
    if call.has("--no-preserve-root"):
        verdict.at_least("destroy", "system-path")
    for word in operands:
        path = posixpath.normpath(word.text) if word.text else word.text
        if SYSTEM.match(path) or (ROOTS.match(path) and path):
            verdict.at_least("destroy", "system-path" if path.startswith(("/", "~", "$HOME")) else "wide-delete")
        if (
            ("**" in path.split("/") and word.glob)
            or (_is_wide(posixpath.basename(path)) and not can_be_made_again(word))
            or (word.dynamic and (_any(word) or judge.repeats(call.simple)))
        ):
            verdict.at_least("destroy", "wide-delete")


def _placed(words: list[Word], folder: str) -> list[Word]:
    """Plain relative paths as what they are in the folder that a command certainly stands in."""
    if not folder:
        return words
    plain = [bool(_RELATIVE.match(word.text)) and ".." not in word.text and not word.dynamic for word in words]
    return [
        Word(posixpath.normpath(posixpath.join(folder, word.text)), word.dynamic, word.glob) if one else word
        for word, one in zip(words, plain, strict=True)
    ]


_RELATIVE = re.compile(r"(?:\./)?[\w][\w./*-]*\Z", re.ASCII)


def _any(word: Word) -> bool:
    """Whether a word could become any files at all."""
    return word.loose or "{}" in word.text


def _is_wide(name: str) -> bool:
    """Whether a pattern means nearly everything: `*`, `?*`, `[a-z]*`, `{a..z}*`."""
    return re.sub(r"\[[^\]]*\]|\{[^}]*\}", "", name).strip("*?.") == ""


def _rimraf(call: Call, verdict: Verdict, judge: Judge) -> None:
    """rimraf and its like delete folders without being asked to recurse."""
    if call.texts() in (["--help"], ["--version"]):
        return
    made = [can_be_made_again(word) for word in call.operands()]
    verdict.at_least("write" if made and all(made) else "destroy", "delete", "recursive-delete")


def _gio(call: Call, verdict: Verdict, judge: Judge) -> None:
    """`gio trash x`, `gio remove x`; the others read, copy and open."""
    verb = call.texts()[0] if call.args else ""
    if verb in ("trash", "remove") and not call.has("--list", "--restore"):
        _rimraf(Call(call.name, call.args[1:], call.simple), verdict, judge)
    elif verb not in ("info", "list", "cat", "tree", "version", "help", "mime"):
        verdict.at_least("write")


def _truncate(call: Call, verdict: Verdict, judge: Judge) -> None:
    writes(call, verdict, judge)
    if any(word.glob or _any(word) for word in call.operands(("-s", "--size", "-r", "--reference"))):
        verdict.at_least("destroy", "wide-delete")


def _tee(call: Call, verdict: Verdict, judge: Judge) -> None:
    writes(call, verdict, judge)
    content = static_input(call, judge)
    for word in call.operands():
        if call.has("-a", "--append"):
            judge.written.append(word.text, content)
        else:
            judge.written.add(word.text, None if word.dynamic else content)
        if call.simple.stdin.kind == "pipe" and any(map(judge.fetches, judge.feeders(call.simple))):
            judge.written.update([word.text])
    if any(word.glob or "{}" in word.text for word in call.operands()) and not call.has("-a", "--append"):
        verdict.at_least("destroy", "wide-delete")


def _dd(call: Call, verdict: Verdict, judge: Judge) -> None:
    verdict.at_least("write", "overwrite")
    for word in call.args:
        if word.text.startswith("of="):
            if word.text in ("of=/dev/null", "of=/dev/stdout"):
                continue
            touch(Word(word.text[3:], word.dynamic), verdict, judge)
            device = word.text.startswith("of=/dev/") and word.text not in ("of=/dev/null", "of=/dev/stdout")
            if device or word.dynamic:
                verdict.at_least("destroy")


HANDLERS: dict[str, Callable[[Call, Verdict, Judge], None]] = {
    "rm": _rm, "unlink": _rm, "truncate": _truncate, "tee": _tee, "dd": _dd,
    **dict.fromkeys(("rimraf", "del-cli", "trash", "trash-put", "trash-empty", "trash-rm"), _rimraf), "gio": _gio,
}  # fmt: skip
"""Command name -> judge of its calls."""
