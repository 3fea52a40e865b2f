"""Small commands that change the machine with some of their words, and only ask with the others."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

from interlock.commands.shell_call import Call, Verdict
from interlock.commands.shell_packages import system_packages
from interlock.commands.shell_runners import shell_text
from interlock.commands.shell_tables import SYSTEM
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
    "yum": ("list", "search", "info"),
    "apk": ("info", "search", "list"), "zypper": ("search", "info"), "launchctl": ("list",), "ufw": ("status",),
    "gpg": ("--version", "--export", "--verify", "--list-keys", "-k", "--fingerprint"),
    "ssh-keygen": ("-l", "-lf", "-lvf"), "ssh-add": ("-l", "-L"), "alias": (),
    "hostnamectl": ("status", ""), "timedatectl": ("status", "show", ""), "pacman": ("-Q", "-Ss"),
}  # fmt: skip
_IP_WORDS = frozenset("a addr address r route link l show list neigh n -4 -6 -br -o".split())  # noqa: SIM905


def _machine(call: Call, verdict: Verdict, judge: Judge) -> None:
    """Commands that only ask with some words, and otherwise change the machine."""
    first = call.texts()[0] if call.args else ""
    if call.name == "systemctl":
        first = next((text for text in call.texts() if text not in ("--user", "--system", "--no-pager")), "")
    if call.name == "gpg":
        first = next((text for text in call.texts() if text not in ("--armor", "-a", "--batch", "--yes")), "")
    if call.name == "service" and call.texts()[1:] == ["status"]:
        return
    if call.name in ("dpkg", "rpm", "apt", "apt-get", "dnf", "yum", "snap") and any(
        judge.written.is_fetched(word.text) for word in call.operands()[1:] or call.operands()
    ):
        verdict.unknown("download-and-run")
    if call.name == "rpm" and any("%{lua" in text or "%(" in text for text in call.texts()):
        verdict.unknown("runs-other-program")  # macros that run programs
    if call.name == "ssh-keygen" and _makes_key(call, judge.folder):
        verdict.at_least("write")
        return
    if system_packages(call):
        verdict.at_least("write", "installs")
        return
    if first not in _QUESTIONS[call.name] or (not first and call.name not in ("alias", "hostnamectl", "timedatectl")):
        verdict.at_least("admin")
    if call.name == "alias" and "=" in " ".join(call.texts()):
        verdict.unknown("dynamic")  # it changes what later words mean
    if call.name == "crontab" and first != "-l":
        verdict.flags["schedules"] = None
    if _restarts_server(call):
        verdict.flags["restarts-server"] = None


def _restarts_server(call: Call) -> bool:
    """Whether exactly one ordinary server of this machine is started or loads its settings anew, and nothing else."""
    words = [text for text in call.texts() if text not in _QUIET] if call.name == "systemctl" else call.texts()
    if len(words) != 2 or any(word.dynamic or word.loose for word in call.args):
        return False
    verb, server = words if call.name == "systemctl" else reversed(words)
    known = call.name in ("systemctl", "service") and verb in ("start", "restart", "reload", "try-restart")
    return known and _SERVERS.fullmatch(server) is not None


_QUIET = frozenset(("--no-block", "--quiet", "-q", "--no-pager"))
_SERVERS = re.compile(
    r"(?:nginx|apache2|httpd|caddy|postgres|postgresql(?:-\d+|@\d+-main)?|mysqld?|mariadb|redis|redis-server|mongod|mongodb"
    r"|memcached|rabbitmq-server|elasticsearch|docker)(?:\.service)?",
    re.ASCII,
)
"""Servers that developers restart all day."""


def _makes_key(call: Call, folder: str) -> bool:
    """Whether ssh-keygen makes a new key in a folder of the project's, or a temporary one; `folder` is gone to."""
    texts = call.texts()
    valued = ("-t", "-b", "-f", "-N", "-C", "-m", "-a")
    places = [after for before, after in pairwise(texts) if before == "-f"]
    place = posixpath.normpath(posixpath.join(folder, places[0])) if len(places) == 1 else "/"
    own = place.startswith("/tmp/") or not (SYSTEM.match(place) or place.startswith(("/", "~", "$")))  # noqa: S108
    plain = all(text in (*valued, "-q") for text in texts if text.startswith("-"))
    return own and plain and not any(".." in one for one in places) and not any(word.dynamic for word in call.args)


def _kernel(call: Call, verdict: Verdict, judge: Judge) -> None:
    """sysctl shows values, unless one is set or read from a file."""
    del judge
    if call.has("-w", "--write", "-p", "--load", "-f", "--system") or any("=" in text for text in call.texts()):
        verdict.at_least("admin")


def _journal(call: Call, verdict: Verdict, judge: Judge) -> None:
    """journalctl reads, unless it is told to forget."""
    del judge
    changes = ("--vacuum", "--rotate", "--setup-keys", "--sync", "--flush", "--relinquish")
    if any(text.startswith(changes) for text in call.texts()):
        verdict.at_least("destroy", "destroys")


def _lists(call: Call, verdict: Verdict, judge: Judge) -> None:
    """fdisk and its like only show with one of these alone, or behind one that names a disk."""
    del judge
    texts = call.texts()
    shows = bool(texts) and (texts[0] in _SHOWS or texts[-1] in ("--help", "--version"))
    if not shows or call.has("--script", "-s") or any(text.startswith("-") and text not in _SHOWS for text in texts):
        verdict.at_least("destroy", "system-path")


_SHOWS = frozenset(("-l", "--list", "-d", "--dump", "--help", "--version", "-V", "-h", "-lu", "-lo"))


_SMART = ("-a", "-i", "-H", "-x", "-A", "-c", "-l", "-j", "-d", "--all", "--info", "--health", "--xall", "--scan")
_SHOWING = {
    "nginx": ("-t", "-T", "-v", "-V", "-q"), "apachectl": ("configtest", "-t", "-S", "-v"), "haproxy": ("-c", "-v"),
    "dmesg": ("-T", "-H", "-w", "--human", "--ctime", "-l", "err", "warn", "err,warn", "-k"), "named-checkconf": (),
    "efibootmgr": ("-v", "--verbose"), "gcore": None, "newgrp": None, "smartctl": _SMART,
    "hdparm": ("-I", "-i", "-g", "-t", "-T", "-tT", "-C", "-V"),
    "lvconvert": None, "pvcreate": None,
}  # fmt: skip


def _shows(call: Call, verdict: Verdict, judge: Judge) -> None:
    """Programs that show something with these words, and act on the machine with any other."""
    known = _SHOWING[call.name]
    if call.name == "nginx" and "-t" in call.texts() and not call.has("-s", "-g"):
        return  # another file of settings may be named
    if known is None or any(text not in known for text in call.texts() if text.startswith("-") or len(call.args) == 1):
        verdict.at_least("admin")
    if call.name == "newgrp" and call.simple.stdin.kind == "text":
        verdict.nested += judge.nest(call.simple.stdin.text, "shell")


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
        plain = Call("date", [word for word in call.args if not word.text.startswith("-I")], call.simple)
        verdict.options = plain.options()  # the letters behind -I say how exact it is to be
        if plain.has("-s", "--set", "-f", "--file"):
            verdict.unknown("runs-other-program")
    if len(operands) > int(call.name == "ifconfig") or (call.name == "mount" and call.args):
        verdict.at_least("admin")


def _kill(call: Call, verdict: Verdict, judge: Judge) -> None:
    del judge
    verdict.at_least("write", "process")
    asked = [found[1] for word in call.args for found in _ASKED_FOR.finditer(word.text) if word.dynamic]
    named = [word.text for word in call.operands() if call.name != "kill"]
    hard = call.name != "kill" and any(text in _AT_ONCE for text in call.texts())
    if any(_EVERY.search(word.text) for word in call.args if word.dynamic):
        verdict.at_least("admin", "service")
    if any(map(_GUARDS.fullmatch, [*named, *asked])) or (hard and any(map(_KEEPERS.fullmatch, named))):
        verdict.at_least("admin", "service")
    if any(word.text in ("-1", "1", "0") for word in call.args[-1:]) or (
        call.name != "kill" and call.has("-u", "-U", "-v", "--user")
    ):
        verdict.at_least("admin")
    verdict.paths = []


_GUARDS = re.compile(
    r"(?:sshd?|systemd[\w-]*|init|launchd|dbus-\w+|cron|crond|rsyslogd|syslogd|auditd|dockerd|containerd|kubelet|NetworkManager|firewalld"
    r"|iptables|ufw|falco|osqueryd|fail2ban[\w-]*|clamd|crowdstrike\w*|falcon-sensor|auditbeat|filebeat|interlock|mitmdump|mitmproxy)"
)
"""Services of the machine, and what watches over it."""
_EVERY = re.compile(r"\$\(\s*(?:ps\b(?![^)]*(?:grep|/\w|-[pCG]\b))|ls /proc|pgrep (?:-\w+ )?[.\"']+[\s)])")
"""The numbers of all programs there are."""
_AT_ONCE = frozenset(("-9", "-KILL", "-SIGKILL", "-s9", "--signal=KILL", "--signal=9"))
_KEEPERS = re.compile(
    r"(?:postgres|mysqld|mariadbd|mongod|redis-server|memcached|elasticsearch|nginx|apache2|httpd|haproxy|rabbitmq-server|beam\.smp"
    r"|etcd|kube-apiserver|docker|podman|qemu[\w-]*|libvirtd|Xorg|Xwayland|gnome-shell|gdm|sddm|loginwindow|WindowServer)"
)
"""What keeps data or a whole desktop: at once, it has no time to write down what it holds."""
_ASKED_FOR = re.compile(r"\b(?:pgrep|pidof)\b(?:\s+-\S{1,20}){0,4}\s+([\w.-]{1,60})")
"""Whose number is asked for: `kill $(pgrep sshd)`."""


def _scheduled(call: Call, verdict: Verdict, judge: Judge) -> None:
    """`at` and `batch` run what they read."""
    verdict.at_least("admin", "schedules")
    if call.simple.stdin.kind != "text":
        return verdict.unknown()
    return shell_text([Word(call.simple.stdin.text)], verdict, judge)


HANDLERS: dict[str, Callable[[Call, Verdict, Judge], None]] = {
    **dict.fromkeys(_QUESTIONS, _machine), "ip": _ip, "mount": _bare, "ifconfig": _bare,
    "hostname": _bare, "date": _bare, "kill": _kill, "pkill": _kill, "killall": _kill, "at": _scheduled,
    **dict.fromkeys(_SHOWING, _shows), "batch": _scheduled, "sysctl": _kernel, "journalctl": _journal,
    "fdisk": _lists, "sfdisk": _lists, "parted": _lists,
}  # fmt: skip
"""Command name -> judge of its calls."""
