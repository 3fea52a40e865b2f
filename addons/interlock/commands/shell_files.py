"""Commands that work on files: find, sed, awk, rm, cp, dd and their like."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from interlock.commands.shell_call import Call, Verdict
from interlock.commands.shell_made import FIND_VALUED, can_be_made_again, found_names
from interlock.commands.shell_tables import SYSTEM
from interlock.commands.shell_tree import Simple
from interlock.commands.shell_words import Word

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge

__all__ = ["HANDLERS", "ROOTS", "changed", "touch", "writes"]

ROOTS = re.compile(r"(/+|~\w*/?|\$HOME/?|/home(/[^/]+)?/?|/root/?|\.\.?/?|(\.\./?)+|/[a-z]+/?)?(\*|\.\*)?\Z")
_FIND_PLAIN = frozenset(
    ("-print", "-print0", "-ls", "-prune", "-quit", "-not", "-o", "-or", "-a", "-and", "!", "(", ")", ",", "-empty",
     "-follow", "-depth", "-d", "-xdev", "-mount", "-L", "-P", "-H", "-E", "-true", "-false", "-readable",
     "-writable", "-executable", "-daystart", "-noleaf", "-nouser", "-nogroup")
)  # fmt: skip
_FIND_RUNS = ("-exec", "-execdir", "-ok", "-okdir")


_TIGHTENS = re.compile(r"0?[4-7]00\Z|(go|og|g|o)-[rwx]+\Z")
_OWN = re.compile(r"(~|\$HOME)/[\w./-]*\Z")
"""Rights that only the owner keeps, to files of one's own."""


_LOGS = re.compile(
    r"(?:/private)?/var/(?:log/(?:(?:auth\.log|secure|syslog|messages|kern\.log|sudo\.log|wtmp|btmp|lastlog|faillog)(?:\.\d+)?"
    r"|(?:audit|journal)(?:/.*)?)|run/utmp)\Z"
)
"""What the system writes down about who did what."""


def touch(word: Word, verdict: Verdict, judge: Judge) -> None:
    """A path is written, with what is not known here."""
    path = posixpath.normpath(word.text or ".").removeprefix("$PWD/")
    judge.written.add(path)
    changed(path, verdict)


def changed(path: str, verdict: Verdict) -> None:
    """A path is changed: the system's own are the machine's affair."""
    if _LOGS.match(path):
        verdict.at_least("admin", "system-path")
    if SYSTEM.match(path):
        verdict.at_least("destroy" if re.match(r"/dev/(sd|nvme|hd|vd|mapper|disk)", path) else "admin", "system-path")


def writes(call: Call, verdict: Verdict, judge: Judge) -> None:
    """A command that changes the files it names."""
    verdict.at_least("write")
    operands = call.operands()
    named = _targets(call)
    reads = call.name in ("cp", "ln", "install", "rsync") and (len(operands) > 1 or named)
    for word in [*([] if reads and named else operands[-1:] if reads else operands), *named]:
        changed(posixpath.normpath(word.text or ".").removeprefix("$PWD/"), verdict)
    if call.name == "ln" and operands:
        last, first = posixpath.normpath(operands[-1].text or "."), posixpath.basename(operands[0].text.rstrip("/"))
        judge.written.links.update((last, posixpath.join(last, first)) if len(operands) > 1 else (first,))
    if call.name in ("cp", "mv", "ln", "install", "rsync", "dd", "patch") and len(operands) > 1:
        target = posixpath.normpath(operands[-1].text or ".")
        for word in operands[:-1]:
            if word.text not in judge.written and not word.dynamic and not re.match(r"[/~$]|.*\.\./", word.text):
                continue  # another file of the project: as unseen there as it was here
            judge.written.copied(word.text, target)
            judge.written.copied(word.text, posixpath.join(target, posixpath.basename(word.text)))
    tries = {"-n", "--dry-run"} & set(call.options()) and "--no-dry-run" not in call.options()
    if call.name == "rsync" and any(
        "--del".startswith(o) or o.startswith("--del") for o in call.options() if len(o) > 4 and not tries
    ):
        away = call.has("--files-from", "-r", "--relative") or any(":" in word.text for word in operands)
        made = len(operands) > 1 and can_be_made_again(operands[-1]) and not away
        verdict.at_least("write" if made else "destroy", "recursive-delete")
        verdict.paths = [operands[-1].text] if made else []  # elsewhere, what goes may be listed outside the words
    if call.name == "rsync" and call.has("--remove-source-files"):
        verdict.at_least("destroy")
    if call.name in ("rsync",) and any(":" in word.text for word in call.operands()):
        verdict.at_least("network")
        verdict.at_least("write")
    emptied = call.name == "cp" and len(operands) > 1 and operands[0].text == "/dev/null"
    if emptied and (operands[-1].glob or operands[-1].dynamic or judge.repeats(call.simple)):
        verdict.at_least("destroy", "wide-delete")
    if call.name == "mv" and call.operands() and call.operands()[-1].text == "/dev/null":
        verdict.at_least("destroy")
    if call.name in ("tar", "unzip", "7z") and call.has("--absolute-names", "-P"):
        verdict.at_least("admin")


def _targets(call: Call) -> list[Word]:
    """Folders named by an option: `cp -t/etc x`, `cp --target-directory=/etc x`."""
    if call.name not in ("cp", "mv", "ln", "install"):
        return []
    found = [re.match(r"(?:-\w*t|--t[a-z-]*=)(.+)", word.text) for word in call.args]
    return [Word(match[1]) for match in found if match]


def _chmod(call: Call, verdict: Verdict, judge: Judge) -> None:
    mode = call.operands()[0].text if call.operands() else ""
    if call.name == "chmod" and _TIGHTENS.match(mode) and all(_OWN.match(word.text) for word in call.operands()[1:]):
        verdict.at_least("write")
        return
    writes(call, verdict, judge)
    if call.has("-R", "--recursive"):
        verdict.flags["recursive"] = None
        if any(
            ROOTS.match(posixpath.normpath(word.text)) for word in call.operands()[1:] if word.text not in (".", "*")
        ):
            verdict.at_least("admin", "system-path")
    if call.name == "chmod" and (re.search(r"\+[rwxXt]*s|=[rwxXt]*s", mode) or re.match(r"0?[2467]\d{3}\Z", mode)):
        verdict.at_least("admin", "set-user-id")


def _find(call: Call, verdict: Verdict, judge: Judge) -> None:
    args, at = call.args, 0
    verdict.options = call.options(bundled=False)
    names = found_names(args, FIND_VALUED)
    while at < len(args):
        word = args[at]
        text = word.text
        if text in _FIND_RUNS:
            end = next((n for n in range(at + 1, len(args)) if args[n].text in (";", "+")), len(args))
            deleted = names if at + 1 < len(args) and args[at + 1].text == "rm" else []
            inner = [_found(part, deleted) for part in args[at + 1 : end]]
            verdict.nested += judge.judge(
                Simple(inner, [], [], call.simple.stdin, call.simple.start, call.simple.source, call.simple.at)
            )
            if not inner:
                verdict.unknown()
            at = end
        elif text == "-delete":
            verdict.at_least("write" if names else "destroy", "recursive-delete")
        elif text in ("-fprint", "-fprint0", "-fls", "-fprintf"):
            verdict.at_least("write", "overwrite")
            if at + 1 < len(args):
                touch(args[at + 1], verdict, judge)
            at += 2 if text == "-fprintf" else 1
        elif text in FIND_VALUED:
            at += 1
        elif word.dynamic and not re.match(r"[\w./~]|\$(HOME|PWD)", text):
            verdict.unknown("dynamic")
        elif text.startswith("-") and text not in _FIND_PLAIN and not re.match(r"-O\d|-newer\w\w\Z", text):
            verdict.unknown()
        at += 1
    follows = any(word.text in ("-L", "-follow") for word in args)
    verdict.paths = [] if follows else [posixpath.normpath(word.text) for word in _leading(args)]
    if names and "recursive-delete" in verdict.flags:
        verdict.paths = [posixpath.join(folder, name) for folder in verdict.paths or ["."] for name in names]


def _found(word: Word, names: list[str] | None = None) -> Word:
    """A word of a command that find runs, with a name in place of its braces: one that it found, or any."""
    if names and word.text == "{}":
        return Word("./" + names[-1])
    return Word(word.text.replace("{}", "./{}"), dynamic=True) if "{}" in word.text else word


def _leading(args: list[Word]) -> list[Word]:
    found: list[Word] = []
    for word in args:
        if word.text.startswith(("-", "(", "!")) and found:
            break
        if not word.text.startswith("-"):
            found.append(word)
    return found


def _fd(call: Call, verdict: Verdict, judge: Judge) -> None:
    """`fd -x COMMAND` runs it for each name, which it appends where no placeholder stands."""
    for at, word in enumerate(call.args):
        if re.match(r"--exec|-[a-zA-Z]*[xX]", word.text):
            glued = "=" in word.text or not re.match(r"--exec(-batch)?\Z|-[xX]\Z", word.text)
            if glued or at + 1 == len(call.args):
                verdict.unknown()
                return
            simple = call.after(at + 1)
            words = [_found(part) for part in simple.words]
            simple.words = words if words != simple.words else [*words, Word("./{}", dynamic=True)]
            verdict.nested += judge.judge(simple)
            return
    if call.dynamic():
        verdict.unknown("dynamic")


def _two_operands(call: Call, verdict: Verdict, judge: Judge) -> None:
    """uniq and xxd write their second operand."""
    operands = call.operands(("-f", "-s", "-w", "-c", "-g", "-l", "-o"))
    if len(operands) > 1:
        verdict.at_least("write", "overwrite")
        touch(operands[-1], verdict, judge)


HANDLERS: dict[str, Callable[[Call, Verdict, Judge], None]] = {
    "chmod": _chmod, "chown": _chmod, "chgrp": _chmod, "find": _find, "fd": _fd,
    "fdfind": _fd,
    "uniq": _two_operands, "xxd": _two_operands,
}  # fmt: skip
"""Command name -> judge of its calls."""
