"""Commands that run other commands: wrappers, shells, eval."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from interlock.commands.shell_call import Call, Verdict
from interlock.commands.shell_environment import assign
from interlock.commands.shell_fed import feed
from interlock.commands.shell_interpreters import read_from, run_script
from interlock.commands.shell_secrets import is_counted
from interlock.commands.shell_static import static_input
from interlock.commands.shell_variables import filled
from interlock.commands.shell_words import Word
from interlock.commands.shell_wrappers import WRAPPERS, Wrapper, is_refused, takes_next
from interlock.model import Operation

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge

__all__ = ["HANDLERS", "shell", "shell_text"]

_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)=(.*)\Z", re.DOTALL)
_BASH_LIKE = frozenset("sh bash dash zsh ksh mksh ash rbash".split())  # noqa: SIM905
_FETCHERS = frozenset(("curl", "wget", "fetch", "nc", "ncat", "aria2c"))


_SETS_UP = re.compile(
    r"[$`]\(?(pyenv|rbenv|nodenv|goenv|direnv|brew|ssh-agent|starship|zoxide|fnm|mise|asdf|opam|dircolors|conda|micromamba|keychain)"
    r"( [\w.-]+)*[)`]\Z"
)
"""Tools whose output is made for `eval`."""


def _wrapper(call: Call, verdict: Verdict, judge: Judge) -> None:
    kind = WRAPPERS[call.name]
    at, operands, args = 0, kind.operands, call.args
    verdict.at_least(kind.action)
    while at < len(args):
        text = args[at].text
        named = operands and args[at].named and not text.startswith("-")
        if args[at].dynamic and not named and (text.startswith(("-", "$", "`")) or not operands):
            break
        if text.startswith("-") and len(text) > 1 and text != "--":
            following = args[at + 1] if at + 1 < len(args) else Word("")
            value = following.text if text == "-o" and not following.dynamic else text.removeprefix("-o")
            at += 2 if text in kind.valued or takes_next(text, kind) else 1
            if is_refused(call.name, text, value):
                verdict.unknown("runs-other-program")
        elif kind.assigns and (found := _ASSIGNMENT.match(text)):
            assign(found[1], Word(found[2], args[at].dynamic), verdict)
            at += 1
        elif text == "--":
            at += 1
        elif operands:
            operands -= 1
            at += 1
            if kind.text:
                verdict.hosts[text.rpartition("@")[2].lower()] = None
        else:
            break
    verdict.paths = []
    verdict.options = [word.text for word in args[:at] if word.text.startswith("-")]
    _inner(call, kind, at, verdict, judge)


def _inner(call: Call, kind: Wrapper, at: int, verdict: Verdict, judge: Judge) -> None:
    inner = call.args[at:]
    if call.name == "command" and any(word.text in ("-v", "-V") for word in call.args[:at]):
        return
    if not inner:
        if call.name == "env":
            if not is_counted(call, judge):
                verdict.flags["secret-read"] = None
        elif call.name == "ssh" and call.has("-G", "-V", "-Q") and call.simple.stdin.kind == "inherit":
            return
        elif call.name == "ssh" and call.simple.stdin.kind == "text":
            verdict.nested += judge.nest(call.simple.stdin.text, "shell")
        elif call.name == "ssh" and not (_greets(call) and call.simple.stdin.kind == "inherit"):
            verdict.unknown()
        return
    if kind.text or (call.name == "flock" and {"-c", "--command"} & set(verdict.options or ())):
        said = " ".join(word.text for word in inner)
        if call.name == "ssh" and call.simple.stdin.kind == "text" and _READS_SCRIPT.fullmatch(said):
            verdict.nested += judge.nest(call.simple.stdin.text, "shell")
        else:
            shell_text(inner, verdict, judge)
        return
    simple = call.after(at)
    if kind.fed:
        feed(call, at, simple, verdict, judge)
    found = judge.judge(simple)
    verdict.nested += found
    if call.name in ("sudo", "doas") and verdict.action == "admin" and _only_looks(found, call, at):
        verdict.action = "write"


def _only_looks(found: list[Operation], call: Call, at: int) -> bool:
    """Whether what root runs only reads what it names, or installs packages of the system."""
    inner = [one for operation in found for one in operation.walk()]
    plain = not any(word.dynamic for word in call.args) and not any(
        option.startswith(("-E", "--preserve", "-H", "-S", "-A")) for option in call.options()[:at]
    )
    return plain and all(_is_plain(one) and one.protocol == "shell" for one in inner)


_READS_SCRIPT = re.compile(r"(?:/bin/)?(?:ba|z|da)?sh(?: -[selx]+)?(?: --)?")
"""A shell at the other end that reads what it is given."""


def _is_plain(one: Operation) -> bool:
    return one.action == "read" or one.arguments.get("flags") == ["installs"] or one.resource in ("ss", "netstat")


def _greets(call: Call) -> bool:
    """Whether ssh only asks a git host who it takes the caller for."""
    operands = [word.text for word in call.operands(WRAPPERS["ssh"].valued)]
    return call.has("-T") and len(operands) == 1 and operands[0].startswith("git@")


def shell_text(words: list[Word], verdict: Verdict, judge: Judge) -> None:
    """Words that a shell will read again as text."""
    if any(word.dynamic for word in words):
        verdict.unknown("dynamic")
        return
    verdict.nested += judge.nest(" ".join(word.text for word in words), "shell")


def shell(call: Call, verdict: Verdict, judge: Judge) -> None:
    """A shell: `-c TEXT`, a script, or text from standard input."""
    verdict.paths = []
    args, at = call.args, 0
    while at < len(args) and args[at].text[:1] in ("-", "+") and len(args[at].text) > 1:
        text = args[at].text
        if args[at].dynamic or text.startswith(("--rc", "--init", "--posix-", "--debugger")):
            break
        if text == "--version" or (text == "-n" and len(args) == 2 and args[1].text[:1] not in ("-", "+")):
            return
        if not text.startswith("--") and "c" in text[1:]:
            _shell_c(call, at + 1 + (not text.startswith("--") and text[1:].count("o")), verdict, judge)
            return
        at += 1 + (0 if text.startswith("--") else text[1:].count("o") + text[1:].count("O"))
        if text == "--":
            break
        if not text.startswith("--") and "s" in text[1:]:
            args = args[:at]
    if any("/dev/tcp/" in redirect.target.text for redirect in call.simple.redirects):
        verdict.unknown("pipe-to-shell")
    elif at < len(args) and args[at].text not in ("-", "/dev/stdin", "/dev/fd/0"):
        run_script(args[at], call, verdict, judge, "shell" if call.name in _BASH_LIKE else call.name)
    else:
        _from_stdin(call, verdict, judge)


def _shell_c(call: Call, at: int, verdict: Verdict, judge: Judge) -> None:
    while at < len(call.args) and call.args[at].text.startswith("-") and call.args[at].text != "-":
        at += 1
    if at >= len(call.args) or call.name not in _BASH_LIKE or call.args[at].dynamic:
        verdict.unknown("dynamic")
        return
    verdict.nested += judge.nest(call.args[at].text, "shell")
    if re.search(r"\$\{?[@*01-9]", call.args[at].text):
        given = [shift for shift in (1, 2) if at + shift < len(call.args) and judge.knows(call.args[at + shift].text)]
        for shift in given:
            verdict.nested += judge.judge(call.after(at + shift))


def _from_stdin(call: Call, verdict: Verdict, judge: Judge) -> None:
    """A shell that reads its program: what is certain of it is judged, and out of a pipe it is always told."""
    stdin = call.simple.stdin
    text = static_input(call, judge)
    if text is not None and call.name in _BASH_LIKE:
        verdict.nested += judge.nest(text, "shell")
    elif text is None and call.name in _BASH_LIKE and (script := read_from(call)) is not None:
        run_script(script, call, verdict, judge, "shell")
    else:
        verdict.unknown()
    if stdin.kind == "pipe":
        verdict.flags["pipe-to-shell"] = None
        feeders = judge.feeders(call.simple)
        if any(word.text.rpartition("/")[2] in _FETCHERS for feeder in feeders for word in feeder.words[:4]):
            verdict.flags["download-and-run"] = None


def _eval(call: Call, verdict: Verdict, judge: Judge) -> None:
    verdict.paths = []
    if len(call.args) == 1 and _SETS_UP.match(call.args[0].text):
        verdict.at_least("write", "opaque")
        return
    first = next((at for at, word in enumerate(call.args) if word.text != "eval"), len(call.args))
    shell_text(call.args[first:], verdict, judge)


def _trap(call: Call, verdict: Verdict, judge: Judge) -> None:
    operands = call.operands()
    if len(operands) > 1 and operands[0].text not in ("", "-"):
        text = filled(operands[0].text, judge.script.variables, call.simple.start)
        shell_text([Word(text, operands[0].dynamic)], verdict, judge)


def _source(call: Call, verdict: Verdict, judge: Judge) -> None:
    if not call.args:
        verdict.unknown()
        return
    if call.args[0].text in ("/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"):
        _from_stdin(Call("sh", [], call.simple), verdict, judge)
        return
    run_script(call.args[0], call, verdict, judge, "shell")


def _su(call: Call, verdict: Verdict, judge: Judge) -> None:
    verdict.at_least("admin")
    for at, word in enumerate(call.args[:-1]):
        if re.match(r"-\w*c\Z|--command\Z", word.text):
            shell_text(call.args[at + 1 : at + 2], verdict, judge)
            return
    verdict.unknown()


HANDLERS: dict[str, Callable[[Call, Verdict, Judge], None]] = {
    **dict.fromkeys(WRAPPERS, _wrapper), "eval": _eval, "trap": _trap, "source": _source, ".": _source, "su": _su,
    "runuser": _su,
}  # fmt: skip
"""Command name -> judge of its calls."""
