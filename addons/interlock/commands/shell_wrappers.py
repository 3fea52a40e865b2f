"""Commands that run another command behind their own words: where that one begins."""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["WRAPPERS", "Wrapper", "is_refused", "takes_next"]


class Wrapper(NamedTuple):
    """How a wrapper's own words end: options that take a word, operands before the command, what it is itself."""

    valued: frozenset[str] = frozenset()
    operands: int = 0
    action: str = "read"
    assigns: bool = False
    text: bool = False
    fed: bool = False
    plain: frozenset[str] = frozenset()


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


WRAPPERS: dict[str, Wrapper] = {
    "sudo": Wrapper(_words("-u -g -h -p -C -T -U -r -t -D -R --user --group --host --prompt"), 0, "admin", True),
    "doas": Wrapper(_words("-u -C"), 0, "admin"),
    "pkexec": Wrapper(_words("--user"), 0, "admin"),
    "env": Wrapper(_words("-u --unset -C --chdir"), 0, "read", True),
    "nohup": Wrapper(), "setsid": Wrapper(), "coproc": Wrapper(), "unbuffer": Wrapper(), "builtin": Wrapper(),
    "command": Wrapper(), "time": Wrapper(_words("-f -o --format --output")),
    "exec": Wrapper(_words("-a")), "nice": Wrapper(_words("-n --adjustment")),
    "ionice": Wrapper(_words("-c -n --class --classdata")), "chrt": Wrapper(frozenset(), 1),
    "taskset": Wrapper(frozenset(), 1), "timeout": Wrapper(_words("-s -k --signal --kill-after"), 1),
    "gtimeout": Wrapper(_words("-s -k --signal --kill-after"), 1), "stdbuf": Wrapper(_words("-i -o -e")),
    "busybox": Wrapper(), "toybox": Wrapper(), "shx": Wrapper(), "strace": Wrapper(_words("-o -e -p -s -P -u")),
    "xargs": Wrapper(_words("-n -P -I -d -E -L -s -a --max-args --max-procs --replace --delimiter"), fed=True),
    "watch": Wrapper(_words("-n --interval"), text=True),
    "ssh": Wrapper(_words("-b -c -D -E -e -F -I -i -J -L -l -m -O -o -p -Q -R -S -W -w"), 1, "network", text=True),
    "flock": Wrapper(_words("-w -E --timeout"), 1), "chroot": Wrapper(frozenset(), 1, "admin"),
    "caffeinate": Wrapper(_words("-t -w")), "entr": Wrapper(), "xvfb-run": Wrapper(_words("-n -s")),
    "unshare": Wrapper(_words("-R -w -S -G --root --wd --setuid --setgid"), 0, "admin"),
    "nsenter": Wrapper(_words("-t -S -G --target --setuid --setgid"), 0, "admin"),
    "ltrace": Wrapper(_words("-o -e -p -s -l -u -n")), "setarch": Wrapper(frozenset(), 1), "linux32": Wrapper(),
    "linux64": Wrapper(), "numactl": Wrapper(_words("-N -m -C -l")), "cpulimit": Wrapper(_words("-l -p -e")),
    "proxychains": Wrapper(_words("-f"), 0, "network"), "proxychains4": Wrapper(_words("-f"), 0, "network"),
    "torsocks": Wrapper(_words("-a -P"), 0, "network"), "torify": Wrapper(frozenset(), 0, "network"),
    "dbus-run-session": Wrapper(), "fakeroot": Wrapper(_words("-i -s -l")), "eatmydata": Wrapper(),
    "faketime": Wrapper(_words("-f"), 1), "rlwrap": Wrapper(_words("-H -f -b -q")), "catchsegv": Wrapper(),
    "valgrind": Wrapper(), "setpriv": Wrapper(frozenset(), 0, "admin"), "prlimit": Wrapper(_words("-p")),
    "chpst": Wrapper(_words("-u -U -b -e -n -l -L -m")), "gosu": Wrapper(frozenset(), 1, "admin"),
    "su-exec": Wrapper(frozenset(), 1, "admin"), "tini": Wrapper(_words("-p -e")), "dumb-init": Wrapper(),
    "systemd-run": Wrapper(_words("-p --property -u --unit -H --host -M --machine --on-active --on-calendar"),
    0, "admin"),
    "systemd-inhibit": Wrapper(), "runcon": Wrapper(_words("-u -r -t -l"), 0, "admin"),
    "sem": Wrapper(_words("-j")),
    "start-stop-daemon": Wrapper(_words("-p -u -g -c -n"), 0, "admin"),
    "daemonize": Wrapper(_words("-c -p -u -e -o")),
    "winpty": Wrapper(),
    "arch": Wrapper(), "firejail": Wrapper(action="admin"), "dotenv": Wrapper(_words("-f")),
}  # fmt: skip
"""Command name -> how its own words end."""
_SSH_PLAIN = re.compile(
    r"(ConnectTimeout|ConnectionAttempts|ServerAlive\w+|BatchMode|StrictHostKeyChecking|LogLevel|Port|User|IdentitiesOnly"
    r"|Compression|TCPKeepAlive|RequestTTY|AddressFamily|UserKnownHostsFile=/dev/null\Z)([= ][\w-]+)?\Z",
    re.IGNORECASE,
)
"""Settings of ssh that start nothing and read no file."""


def takes_next(text: str, kind: Wrapper) -> bool:
    """Whether the last of several letters takes the next word: `ssh -fNL 5432:db:5432 host`."""
    letters = {one[1] for one in kind.valued if len(one) == 2}
    bundled = re.fullmatch(r"-[a-zA-Z]{2,6}", text) is not None
    return bundled and text[-1] in letters and not letters & set(text[1:-1])


def is_refused(name: str, option: str, value: str) -> bool:
    """Whether an option of a wrapper makes it do more than run what follows."""
    if name == "env":
        return option.startswith(("-S", "--split", "-vS", "-iS")) or bool(re.match(r"-[a-zA-Z]*S", option))
    if name == "ssh" and option.startswith("-o") and _SSH_PLAIN.match(value):
        return False
    if name == "ssh":
        return option.startswith(("-o", "-F", "-S", "-R", "-D", "-W", "-w", "-L"))
    return name in ("sudo", "doas") and option in ("-s", "-i", "--shell", "--login", "-e", "--edit")
