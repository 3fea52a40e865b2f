"""Small commands that change the machine with some of their words, and only ask with the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from interlock.commands.shell_call import Call, Verdict
from interlock.commands.shell_runners import shell_text
from interlock.commands.shell_words import Word

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge

__all__ = ["HANDLERS"]

_QUESTIONS = {
    "systemctl": ("status", "is-active", "is-enabled", "list-units", "list-unit-files", "list-timers", "list-sockets",
    "list-jobs", "list-dependencies", "is-failed", "is-system-running", "--version", "--failed", "show", "cat"),
    "service": ("--status-all",), "crontab": ("-l",), "apt": ("list", "search", "show", "policy"),
    "apt-get": ("--version",), "brew": ("list", "search", "info", "--version", "outdated", "install", "upgrade",
    "update", "deps"),
    "dpkg": ("-l", "-L", "-s", "--list"), "rpm": ("-qa", "-q", "-ql"), "dnf": ("list", "search", "info"),
    "yum": ("list", "search", "info"), "launchctl": ("list",), "ufw": ("status",),
    "gpg": ("--version", "--verify", "--list-keys", "-k", "--fingerprint"),
    "ssh-keygen": ("-l", "-lf", "-lvf"), "ssh-add": ("-l", "-L"), "alias": (),
    "hostnamectl": ("status", ""), "timedatectl": ("status", "show", ""), "pacman": ("-Q", "-Ss"),
}  # fmt: skip
_IP_WORDS = frozenset("a addr address r route link l show list neigh n -4 -6 -br -o".split())  # noqa: SIM905


def _machine(call: Call, verdict: Verdict, judge: Judge) -> None:
    """Commands that only ask with some words, and otherwise change the machine."""
    del judge
    first = call.texts()[0] if call.args else ""
    if call.name == "systemctl":
        first = next((text for text in call.texts() if text not in ("--user", "--system", "--no-pager")), "")
    if call.name == "service" and call.texts()[1:] == ["status"]:
        return
    if first not in _QUESTIONS[call.name] or (not first and call.name not in ("alias", "hostnamectl", "timedatectl")):
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
    if len(operands) > int(call.name == "ifconfig") or (call.name == "mount" and call.args):
        verdict.at_least("admin")


def _kill(call: Call, verdict: Verdict, judge: Judge) -> None:
    del judge
    verdict.at_least("write", "process")
    if any(word.text in ("-1", "1", "0") for word in call.args[-1:]) or (
        call.name != "kill" and call.has("-u", "-U", "-v", "--user")
    ):
        verdict.at_least("admin")
    verdict.paths = []


def _scheduled(call: Call, verdict: Verdict, judge: Judge) -> None:
    """`at` and `batch` run what they read."""
    verdict.at_least("admin", "schedules")
    if call.simple.stdin.kind != "text":
        return verdict.unknown()
    return shell_text([Word(call.simple.stdin.text)], verdict, judge)


HANDLERS: dict[str, Callable[[Call, Verdict, Judge], None]] = {
    **dict.fromkeys(_QUESTIONS, _machine), "ip": _ip, "mount": _bare, "ifconfig": _bare,
    "hostname": _bare, "date": _bare, "kill": _kill, "pkill": _kill, "killall": _kill, "at": _scheduled,
    "batch": _scheduled,
}  # fmt: skip
"""Command name -> judge of its calls."""
