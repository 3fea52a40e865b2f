"""What writes out a whole thing at once: a database, a folder with everything in it, a history, what was copied."""

from __future__ import annotations

import re

from interlock.commands.shell_tree import Simple

__all__ = ["carries", "dumps", "whole"]

_ALWAYS = frozenset(
    """
pg_dump pg_dumpall pg_basebackup mysqldump mariadb-dump mongodump psql mysql mongoexport xclip xsel pbpaste wl-paste
tcpdump dumpcap tshark ldapsearch import scrot screencapture arecord ffmpeg crontab last lastlog w who ps netstat
""".split()  # noqa: SIM905
)
"""Databases, what somebody has copied, the network, the screen; what the machine knows of its users."""
_OPENS = re.compile(r"(?:gpg2?|age|sops|openssl|ansible-vault)\Z")
_WITH = {
    "git": ("bundle", "archive", "log", "format-patch", "fast-export"),
    "terraform": ("output", "state", "show"), "tofu": ("output", "state", "show"),
    "redis-cli": ("--rdb",), "sqlite3": (".dump",), "etcdctl": ("snapshot", "get"), "consul": ("kv", "snapshot"),
    "kubectl": ("get", "cp"), "docker": ("inspect", "export"), "aws": ("get-secret-value", "get-parameters-by-path"),
}  # fmt: skip
"""Programs that write out something whole with one of these words."""
_WIDE = re.compile(
    r"(?:\.{1,2}/?|\*|~|~/|/|/(?:home|root|etc|var|srv|opt|Users|usr|mnt|data)(?:/[\w.*-]*)?/?|\$\{?(?:HOME|PWD)\}?/?)\Z"
)
"""Folders with everything in them: what belongs to nobody's task lies there, too."""
_PACKERS = frozenset(("tar", "bsdtar", "gtar", "zip", "7z", "cpio", "rar"))
_SHAPES = frozenset(("-s", "--schema-only", "--no-data"))
_END = 128
_DATA = re.compile(
    r"(?:[^/]*(?:backup|dump|customers?|users|exfil|loot)[^/]*\.(?:tar|tgz|zip|7z|gz|bz2|xz|zst|csv|xlsx?|json|tar\.\w+)"
    r"|[^/]+\.(?:sql|dump|sqlite3?|db|rdb|bak|mdb|pcap|ldif|dmp)(?:\.(?:gz|bz2|xz|zst|zip))?)\Z",
    re.IGNORECASE,
)


def dumps(simple: Simple, unpacked: bool = False) -> bool:
    """Whether a command writes out a whole database or folder, the shape of it alone excepted.

    With `unpacked`, a folder of the project may be packed: that is how it comes to a server of one's own.
    """
    words = [word.text for word in simple.words]
    if not words or _SHAPES & set(words[1:]):
        return False
    name = words[0].rpartition("/")[2]
    if _OPENS.match(name):
        return bool({"-d", "--decrypt", "decrypt", "view"} & set(words[1:]))
    if name in ("docker", "podman") and "save" in words[1:]:
        return not unpacked
    if name in _PACKERS:
        excluded = any(word.startswith(("--exclude", "-x", "-X")) for word in words)
        return not unpacked or (not excluded and any(map(whole, words[1:])))
    return name in _ALWAYS or any(word in words[1:] for word in _WITH.get(name, ()))


def whole(word: str) -> bool:
    """Whether a word stands for a folder with everything in it: `.`, `~`, `/etc`."""
    return _WIDE.match(word) is not None


def carries(path: str) -> bool:
    """Whether a file is named for a whole database or its copy: `dump.sql`, `backup.tar.gz`."""
    name = path.rpartition("/")[2]
    if len(name) > 2 * _END:  # longer than a file's name may be, and the pattern takes the square of the length
        name = name[:_END] + name[-_END:]
    return _DATA.match(name) is not None
