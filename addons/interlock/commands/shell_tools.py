"""git, and small commands that change the machine only with some of their words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from interlock.commands.shell_call import Call, Verdict
from interlock.commands.shell_runners import shell_text
from interlock.commands.shell_tables import GIT
from interlock.commands.shell_words import Word

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge

__all__ = ["HANDLERS"]

_SAFE_CONFIG = re.compile(
    r"(user\.(name|email)|color\.[\w.]+|core\.(pager=cat|quotepath|autocrlf)|advice\.\w+|commit\.gpgsign|log\.\w+"
    r"|init\.defaultBranch|pull\.rebase|push\.default|diff\.\w+=(true|false)|safe\.directory)(=|\Z)",
    re.IGNORECASE,
)
_RUNS = re.compile(
    r"--(upload-pack|receive-pack|exec|ext-diff|open-files-in-pager|template|config)(=|\Z)|-[xO].*\Z|-u\Z"
)
_RUNNERS = ("clone", "fetch", "pull", "push", "ls-remote", "grep", "rebase", "archive", "log", "diff", "init")
_READING_FORMS = {
    "branch": ("", "-a", "-r", "-v", "-vv", "--list", "--show-current", "--all", "--remotes", "--contains", "--merged"),
    "tag": ("", "-l", "--list", "-n"), "remote": ("", "-v", "show", "get-url"), "stash": ("list", "show"),
    "config": ("--get", "--list", "-l", "--get-all", "--get-regexp"), "reflog": ("", "show"), "notes": ("show", "list"),
    "worktree": ("list",), "bundle": ("verify",), "lfs": ("ls-files", "status"), "sparse-checkout": ("list",),
}  # fmt: skip
_QUESTIONS = {
    "systemctl": ("status", "is-active", "is-enabled", "list-units", "list-unit-files", "show", "cat"),
    "service": ("--status-all",), "crontab": ("-l",), "apt": ("list", "search", "show", "policy"),
    "apt-get": ("--version",), "brew": ("list", "search", "info", "--version", "outdated"),
    "dpkg": ("-l", "-L", "-s", "--list"), "rpm": ("-qa", "-q", "-ql"), "dnf": ("list", "search", "info"),
    "yum": ("list", "search", "info"), "launchctl": ("list",), "ufw": ("status",), "gpg": ("--version",),
    "alias": (), "hostnamectl": ("status",), "timedatectl": ("status",), "pacman": ("-Q", "-Ss"),
}  # fmt: skip
_IP_WORDS = frozenset("a addr address r route link l show list neigh n -4 -6 -br -o".split())  # noqa: SIM905


def _git(call: Call, verdict: Verdict, judge: Judge) -> None:
    del judge
    args, at = call.args, 0
    while at < len(args) and args[at].text.startswith("-"):
        text = args[at].text
        if text in ("-C", "--git-dir", "--work-tree", "--namespace"):
            at += 1
            if text != "-C":
                verdict.unknown()
        elif text == "-c":
            at += 1
            if at >= len(args) or args[at].dynamic or not _SAFE_CONFIG.match(args[at].text):
                verdict.unknown("runs-other-program")
        elif text not in ("--no-pager", "-P", "--version", "--help", "--no-optional-locks", "--literal-pathspecs"):
            verdict.unknown()
        at += 1
    if at >= len(args):
        return
    rest = Call(args[at].text, args[at + 1 :], call.simple)
    if args[at].dynamic:
        verdict.unknown("dynamic")
        return
    verdict.flags[f"git-{rest.name}"] = None
    _git_command(rest, verdict)


def _git_command(call: Call, verdict: Verdict) -> None:
    name, texts = call.name, call.texts()
    first = texts[0] if texts else ""
    action = GIT.get(name, "unknown")
    if name in _READING_FORMS and first in _READING_FORMS[name] and not call.has("-D", "-d", "--delete"):
        action = "read"
    if name == "submodule":
        action = {"status": "read", "": "read", "init": "write", "update": "network", "add": "network"}.get(
            first, "unknown"
        )
    verdict.at_least(action)
    if name == "remote" and first in ("update", "prune"):
        verdict.at_least("network")
    if action == "unknown":
        verdict.unknown()
    runs = name in _RUNNERS and any(_RUNS.match(text) for text in texts if not (name == "push" and text == "-u"))
    if runs:
        verdict.unknown("runs-other-program")
    if any(re.match(r"(ext|fd)::", text) for text in texts):
        verdict.unknown("runs-other-program")
    if name == "config" and action != "read" and not any(_SAFE_CONFIG.match(text) for text in texts):
        verdict.at_least("admin", "environment")
        if re.search(
            r"alias|hook|pager|editor|command|helper|fsmonitor|filter|textconv|\!", " ".join(texts), re.IGNORECASE
        ):
            verdict.unknown("runs-other-program")
    if any(re.match(r"--output(=|\Z)|-o\Z", text) for text in texts) and name in (
        "log",
        "diff",
        "show",
        "format-patch",
    ):
        verdict.at_least("write", "overwrite")
    if _destroys(name, call):
        verdict.at_least("destroy", "discards-work")


def _destroys(name: str, call: Call) -> bool:
    texts = call.texts()
    refs = [text for text in texts if not text.startswith("-")]
    if name == "push":
        forced = call.has("-f", "--force", "--delete", "-d", "--mirror", "--prune", "--force-with-lease")
        return forced or any(re.match(r"[:+]", text) for text in refs)
    if name == "branch":
        return call.has("-D", "-d", "--delete", "-f", "--force", "-M")
    if name in ("checkout", "restore", "switch"):
        wide = "--" in texts or "." in texts or call.has("-f", "--force", "--discard-changes")
        return wide or (name == "restore" and not call.has("--staged", "-S"))
    forms = {
        "reset": lambda: call.has("--hard", "--merge", "--keep"),
        "clean": lambda: not call.has("-n", "--dry-run"),
        "stash": lambda: bool(refs[:1]) and refs[0] in ("drop", "clear"),
        "rm": lambda: call.has("-r", "-f", "--force"),
        "reflog": lambda: bool(refs[:1]) and refs[0] in ("expire", "delete"),
        "worktree": lambda: bool(refs[:1]) and refs[0] in ("remove", "prune"),
        "tag": lambda: call.has("-d", "--delete", "-f", "--force"),
        "gc": lambda: call.has("--prune", "--aggressive"),
    }
    return name in forms and forms[name]()


def _machine(call: Call, verdict: Verdict, judge: Judge) -> None:
    """Commands that only ask with some words, and otherwise change the machine."""
    del judge
    first = call.texts()[0] if call.args else ""
    if call.name == "service" and call.texts()[1:] == ["status"]:
        return
    if first not in _QUESTIONS[call.name] or (not first and call.name != "alias"):
        verdict.at_least("admin")
    if call.name == "alias" and "=" in " ".join(call.texts()):
        verdict.unknown("dynamic")  # it changes what later words mean
    if call.name == "crontab" and first != "-l":
        verdict.flags["schedules"] = None


def _ip(call: Call, verdict: Verdict, judge: Judge) -> None:
    del judge
    if not set(call.texts()) <= _IP_WORDS:
        verdict.at_least("admin")


def _bare(call: Call, verdict: Verdict, judge: Judge) -> None:
    """mount, ifconfig, hostname and date only show when nothing is to be set."""
    del judge
    operands = call.operands(("-d", "--date", "-r", "--reference", "-f", "-j", "-v"))
    if call.name == "date":
        operands = [word for word in operands if not word.text.startswith("+")]
    allowed = 1 if call.name == "ifconfig" else 0
    if len(operands) > allowed or (call.name == "mount" and call.args):
        verdict.at_least("admin")


def _kill(call: Call, verdict: Verdict, judge: Judge) -> None:
    del judge
    verdict.at_least("write", "process")
    if any(word.text in ("-1", "1", "0") for word in call.args[-1:]):
        verdict.at_least("admin")
    verdict.paths = []


def _scheduled(call: Call, verdict: Verdict, judge: Judge) -> None:
    """`at` and `batch` run what they read."""
    verdict.at_least("admin", "schedules")
    if call.simple.stdin.kind == "text":
        shell_text([Word(call.simple.stdin.text)], verdict, judge)
    else:
        verdict.unknown()


HANDLERS: dict[str, Callable[[Call, Verdict, Judge], None]] = {
    "git": _git, **dict.fromkeys(_QUESTIONS, _machine), "ip": _ip, "mount": _bare, "ifconfig": _bare,
    "hostname": _bare, "date": _bare, "kill": _kill, "at": _scheduled, "batch": _scheduled,
}  # fmt: skip
"""Command name -> judge of its calls."""
