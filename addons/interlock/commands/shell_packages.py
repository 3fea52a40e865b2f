"""Where packages are installed from: a registry that everybody uses, a forge, or somewhere else."""

from __future__ import annotations

import hashlib
import re
from itertools import pairwise

from interlock.commands.shell_call import Call, Verdict

__all__ = ["installs_from", "is_careless", "is_known_forge", "system_packages"]

_HOSTS_TEXT = """
a4aa2ac280bb8d1a 9495278a74715c7e 175107bad7080ae4 c899567ee9068517 03e390c8d8a6f2cf 7f298d87fd857a88
bd848f96e7140691 81cb2c6b00812985 0dc11026ac75c015 70bb4000cd2fab03 0e10f3b8bb2a1ef3 386c042daaf7f1eb
f5c653675ede2254 71741fe2460a6150 eb7e11c7f9ecbcf4 4db460c55b85212e 15bdb44dafa6843b df8ab3acb3324531
"""
_HOSTS = frozenset(_HOSTS_TEXT.split())
"""Hosts of public registries, each by the first 16 hex digits of its name's SHA-256: no address of one stands here."""
_OWN = re.compile(
    r"(?:localhost|127\.0\.0\.1"
    r"|[\w.-]+\.(?:internal|corp|lan|local|pkg\.dev|jfrog\.io|amazonaws\.com|azure\.com|cloudsmith\.io|gemfury\.com))\Z"
)
"""Mirrors and registries of one's own."""
_FORGES = re.compile(
    r"(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org|git\.sr\.ht|huggingface\.co|gist\.github\.com)\Z"
)
"""Where code lies under its author's name."""
_URL = re.compile(
    r"(?:[\w.-]+(?:\[[\w,-]*\])? ?@ ?)?(?:git\+|hg\+|svn\+|bzr\+)?(https?|ssh|git|ftp)://(?:[^/\s@]*@)?(\[[\d:a-f]+\]|[^/:\s?#]+)"
)
_SCP = re.compile(r"(?:git\+)?(?:ssh://)?git@([\w.-]+)[:/]")
_SHORT = re.compile(r"(?:github|gitlab|bitbucket|gist):")
_REPOSITORY = re.compile(r"[A-Za-z0-9][\w-]*/(?![\w.-]*\.(?:[cm]?[jt]sx?|json|tgz|gz|zip)\Z)[\w.-]+(?:#[\w./-]+)?\Z")
_INDEX_TEXT = """
-i --index-url --extra-index-url --index --default-index --registry -f --find-links -s --source --clear-sources
--channel -c
"""
_INDEX = frozenset(_INDEX_TEXT.split())
_MANAGERS = frozenset("pip pip3 uv poetry pdm pipx uvx npm pnpm yarn bun npx bunx gem cargo conda mamba bundle".split())  # noqa: SIM905
_INSTALLS = frozenset("install add i tool wheel download dlx exec x create".split())  # noqa: SIM905
_RUNNERS = frozenset(("npx", "bunx", "uvx", "pipx"))
_ONCE = frozenset(("exec", "x", "dlx", "create"))
_ADDRESS = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}(?:[/:]|\Z)|\[")


def _is_registry(host: str) -> bool:
    """Whether packages there have names, versions and owners."""
    return _OWN.match(host) is not None or hashlib.sha256(host.encode()).hexdigest()[:16] in _HOSTS


def installs_from(call: Call, verdict: Verdict) -> None:
    """Installing runs what a package brings along: from nowhere in particular it is code that nobody has seen.

    A forge is a place with names and history: there a person may say yes. A registry is what every build uses.
    """
    texts = call.texts()
    if call.name == "go":
        if texts[:1] in (["run"], ["install"], ["get"]) and any("@" in t and _ADDRESS.match(t) for t in texts[1:]):
            verdict.unknown("download-and-run")
        return
    if (texts[:2] == ["config", "set"] or texts[:1] == ["set"]) and any(
        is_careless(text.rpartition("=")[2]) for text in texts[2:]
    ):
        verdict.unknown("download-and-run")
    if call.name not in _MANAGERS or not (_INSTALLS & set(texts[:3]) or call.name in _RUNNERS):
        return
    operands = [text for text in texts if not text.startswith("-")]
    once = call.name in _RUNNERS or bool(
        _ONCE & set(operands[:2])
    )  # only the first is a package, the others are its own
    graded = [_grade(text, call.name) for text in (operands[: 1 if call.name in _RUNNERS else 2] if once else operands)]
    for before, text in pairwise(["", *texts]):
        option, joined, value = text.partition("=")
        if joined and option in _INDEX:
            graded.append(_index(value))
        elif before in _INDEX and "://" in text:
            graded.append(_index(text))
        elif joined and "://" in value:
            graded.append(_grade(value, call.name))
    if "elsewhere" in graded or call.has("--trusted-host"):
        verdict.unknown("download-and-run")
    elif "forge" in graded:
        verdict.at_least("admin", "foreign-package")


def is_known_forge(host: str) -> bool:
    """Whether code lies there under its author's name, or it is a host of one's own."""
    own = _OWN.match(host) is not None or host.startswith(("git.", "gitlab.", "github.", "gitea.", "forge.", "code."))
    return own or _FORGES.match(host) is not None or host in ("ssh.dev.azure.com", "dev.azure.com")


def is_careless(url: str) -> bool:
    """Whether a URL is of a machine without a name, or anybody on the way may answer for it."""
    found = _URL.match(url)
    return (
        found is not None
        and (found[1] == "http" or _ADDRESS.match(found[2]) is not None)
        and not _is_registry(found[2])
    )


def _index(url: str) -> str:
    found = _URL.match(url)
    return "" if found is None or _is_registry(found[2].lower()) else "elsewhere"


def _grade(text: str, manager: str) -> str:
    """Where one word leads: nowhere, to a forge, or elsewhere."""
    if _SHORT.match(text) or (manager in ("npm", "pnpm", "yarn", "bun", "npx") and _REPOSITORY.match(text)):
        return "" if text.startswith("@") else "forge"
    found, scp = _URL.match(text), _SCP.match(text)
    host = (found[2] if found else scp[1] if scp else "").lower()
    if not host or _is_registry(host):
        return ""
    safe = found is None or found[1] in ("https", "ssh")
    return "forge" if _FORGES.match(host) and safe else "elsewhere"


_PLAIN_TEXT = """
-y --yes --assume-yes -q -qq --quiet --no-install-recommends --no-cache --noconfirm --needed -u --update-cache
--fix-missing --no-upgrade -qy -yq -qqy -yqq --virtual --best --skip-broken
"""
_PLAIN_OPTIONS = frozenset(_PLAIN_TEXT.split())
_PACKAGE = re.compile(r"[a-z0-9@][\w.+:@-]*(?:=[\w.+:~*-]+)?\Z", re.IGNORECASE)
_VERBS = {
    "apt": ("install", "update"), "apt-get": ("install", "update", "download"), "aptitude": ("install", "update"),
    "dnf": ("install", "makecache"), "yum": ("install",), "apk": ("add", "update"), "pacman": ("-S", "-Sy"),
    "zypper": ("install", "in", "refresh"),
}  # fmt: skip
_REPLACED = re.compile(r"(?:sudo|openssh-server|telnetd?|nmap|hydra|john|netcat[\w-]*|ncat|socat|proxychains\w*|tor)\Z")
"""What opens the machine rather than builds a project."""


def system_packages(call: Call) -> bool:
    """Whether a call only installs packages of the system's own sources by name, or asks what there is."""
    verbs = _VERBS.get(call.name, ())
    texts = [text for text in call.texts() if text not in _PLAIN_OPTIONS]
    if not texts or texts[0] not in verbs or any(word.dynamic for word in call.args):
        return False
    named = texts[1:]
    return all(
        _PACKAGE.match(text) and not text.endswith((".deb", ".rpm", ".apk")) and not _REPLACED.match(text)
        for text in named
    )
