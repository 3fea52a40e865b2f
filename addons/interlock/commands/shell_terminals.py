"""Commands that run text elsewhere than in their own terminal, and programs with a command language of their own."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

from interlock.commands.shell_call import Call, Verdict
from interlock.commands.shell_fleets import module_text
from interlock.commands.shell_runners import shell_text
from interlock.commands.shell_words import Word

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge

__all__ = ["HANDLERS"]

_PROGRAMS_TEXT = """
vim vi nvim view ex ed red emacs emacsclient nano pico joe micro kak hx socat mail mutt msfconsole msfvenom nmap
tcpdump rlogin rsh mosh telnetd xterm gnome-terminal konsole alacritty kitty  start-process dbus-send
gdbus busctl gdbserver radare2 r2 ghidra expect tclsh wish m4 ld.so nsupdate debugfs xargs-sh sshpass
ansible ansible-playbook cscript wscript mshta rundll32 regsvr32 certutil bitsadmin wmic reg schtasks net sc bcdedit
vssadmin
"""
_PROGRAMS = frozenset(_PROGRAMS_TEXT.split()) - {"expect", "tclsh", "telnetd", "xargs-sh", "start-process"}
"""Programs whose words, or whose input, are commands in a language of their own."""


def _parallel(call: Call, verdict: Verdict, judge: Judge) -> None:
    """`parallel COMMAND ::: words`: the command's words are text for a shell; what comes in could be any words."""
    at, valued = 0, ("-j", "-n", "-N", "-I", "-a", "-S", "--jobs", "--colsep", "--delay", "--timeout",
            "--retries", "--joblog",
                     "--results", "--arg-file", "-d", "--max-args", "--load", "--nice", "--tag-string")  # fmt: skip
    while at < len(call.args) and call.args[at].text.startswith("-"):
        at += 2 if call.args[at].text in valued else 1
    end = next((n for n, word in enumerate(call.args) if re.match(r":::\+?\Z|::::", word.text)), len(call.args))
    words = call.args[at:end]
    if not words or any(word.dynamic for word in words) or call.has("-S", "--sshlogin", "-a"):
        verdict.unknown("dynamic")
        return
    text = " ".join(word.text for word in words)
    given = [word.text for word in call.args[end + 1 :] if not word.text.startswith(":::")]
    marked = re.search(r"\{[^}\s]*\}", text) is not None
    if text.strip("{} ") == "" or (
        given and any(not re.fullmatch(r"[\w./:@*?+=-]+", one) or one.startswith("-") for one in given)
    ):
        verdict.unknown("dynamic")  # each word that comes in is a command, or could be one
        return
    text = re.sub(r"\{[^}\s]*\}", "./file", text) if marked else f"{text} {' '.join(given) or './file'}"
    verdict.nested += judge.nest(text, "shell")
    verdict.paths = []


def _script(call: Call, verdict: Verdict, judge: Judge) -> None:
    """`script -c TEXT file` runs text; `script file` a shell for a person; on BSD words follow the file."""
    verdict.at_least("write")
    for at, word in enumerate(call.args):
        glued = re.match(r"(?:-\w*c(?=.)|--command=)(.+)", word.text)
        if glued or re.fullmatch(r"-\w*c|--command", word.text):
            shell_text([Word(glued[1], word.dynamic)] if glued else call.args[at + 1 : at + 2], verdict, judge)
            return
    operands = call.operands(("-t", "-o", "-O", "-I", "-B", "-E", "-m"))
    if len(operands) > 1:
        verdict.nested += judge.judge(call.after(call.args.index(operands[1])))
    else:
        verdict.unknown()


def _multiplexer(call: Call, verdict: Verdict, judge: Judge) -> None:
    """tmux and screen type or run text in another terminal."""
    verdict.at_least("write", "process")
    verdict.paths = []
    texts = [word for word in call.args if not word.text.startswith("-")]
    runs = {"new-session", "new", "new-window", "neww", "split-window", "splitw", "run-shell", "run", "send-keys",
            "send",
            "respawn-pane", "respawn-window", "if-shell", "if", "pipe-pane", "display-popup", "popup"}  # fmt: skip
    if call.name == "tmux" and not (texts and texts[0].text in runs):
        return
    keys = {"Enter", "C-m", "C-c", "C-d", "Escape", "q"}
    for word in texts[1:] if call.name == "tmux" else texts:
        if word.dynamic and call.name == "tmux":
            verdict.unknown("dynamic")
        elif word.text not in keys and re.search(r"\s", word.text.strip()):
            verdict.nested += judge.nest(word.text.replace("\\n", "\n").removesuffix("^M"), "shell")
        elif judge.knows(word.text) and word.text in ("rm", "sh", "bash", "sudo", "dd", "git", "find", "eval"):
            verdict.nested += judge.judge(call.after(call.args.index(word)))
            return


def _enable(call: Call, verdict: Verdict, judge: Judge) -> None:
    """`enable -f` loads a library into the shell."""
    del judge
    if call.has("-f") or call.dynamic():
        verdict.unknown("runs-other-program")


_ANSIBLE_SHOWS = frozenset(("--syntax-check", "--list-hosts", "--list-tasks", "--list-tags", "--check", "-C"))


def _ansible(call: Call, verdict: Verdict, judge: Judge) -> None:
    """A playbook that is only checked or tried is a script of the project's; one that is played changes machines."""
    texts = call.texts()
    pings = [after for before, after in pairwise(texts) if before in ("-m", "--module-name")] in (["ping"], ["setup"])
    shows = call.name == "ansible-playbook" and _ANSIBLE_SHOWS & set(texts) and not call.dynamic()
    if shows or (call.name == "ansible" and pings and not call.has("-a", "--args", "-e", "--extra-vars")):
        playbooks = [word.text for word in call.operands()]
        verdict.at_least("write", "opaque")
        if any(path in judge.written for path in playbooks):
            verdict.unknown("written-and-run")
        return
    for word in module_text(call) if call.name == "ansible" else ():
        if not word.dynamic:
            verdict.nested += judge.nest(word.text, "shell")
    _opens_programs(call, verdict, judge)


def _opens_programs(call: Call, verdict: Verdict, judge: Judge) -> None:
    """Editors, expect and sockets: they run commands from their words or from what a person would type."""
    del judge
    if call.texts() not in (["--version"], ["--help"], ["-V"], ["-version"]):
        verdict.unknown("runs-other-program")


HANDLERS: dict[str, Callable[[Call, Verdict, Judge], None]] = {
    "enable": _enable, "parallel": _parallel, "script": _script, "tmux": _multiplexer, "screen": _multiplexer,
    **dict.fromkeys(_PROGRAMS, _opens_programs), "ansible": _ansible, "ansible-playbook": _ansible,
}  # fmt: skip
"""Command name -> judge of its calls."""
