"""Where git pushes to, and what it may replace there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from interlock.commands.shell_call import Call, Verdict
from interlock.commands.shell_packages import is_known_forge

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge

__all__ = ["is_leased", "pushed_to"]

_URL = re.compile(r"(https?|ssh|git)://(?:[^/\s@]*@)?([^/:\s]+)")
_SCP = re.compile(r"[\w.-]+@([\w.-]+):|([\w-]*\.[\w.-]+):(?!//)")
_HOME = re.compile(r"(?:localhost|127\.0\.0\.1)\Z")
_PUSH_VALUED = ("-o", "--push-option", "--receive-pack", "--exec", "--repo")


def pushed_to(call: Call, verdict: Verdict, judge: Judge) -> None:
    """A push to a URL, past the remotes that are set up: a person looks, and none goes to a mere address.

    Nor does one to a remote that this very text has set to a place that is no forge that everybody knows.
    """
    target = next((word.text for word in call.operands(_PUSH_VALUED)), "")
    if any(target in (name, "") for name in _set_elsewhere(judge)):
        verdict.at_least("admin", "upload", "exfiltration")
    said = next((text.partition("=")[2] for text in call.texts() if text.startswith("--repo=")), "")
    host = _SCP.match(said or target) or (_URL.match(said) if said else None)
    if host and not call.has("-n", "--dry-run") and not _HOME.match(host[host.lastindex or 0]):
        verdict.at_least("admin", "upload", "exfiltration")
    if place := _URL.match(target):
        careless = place[1] in ("http", "git") or re.fullmatch(r"[\d.]+|\[.*", place[2]) is not None
        verdict.at_least("admin", "upload", *(["exfiltration"] if careless and not _HOME.match(place[2]) else []))


def _set_elsewhere(judge: Judge) -> list[str]:
    """The remotes that a text points away from every forge that is known, or of one's own."""
    found = []
    for simple in judge.script.commands:
        words = [word.text for word in simple.words]
        if words[:1] == ["git"] and "remote" in words[1:4] and ("set-url" in words or "add" in words):
            told = [word for word in words[words.index("remote") + 2 :] if not word.startswith("-")]
            host = _URL.match(told[-1]) or _SCP.match(told[-1]) if len(told) > 1 else None
            if host is not None and not is_known_forge(host[host.lastindex or 0].lower()):
                found.append(told[0])
    return found


def is_leased(call: Call, refs: list[str]) -> bool:
    """Whether a push only replaces what was seen last on branches of one's own, by their names."""
    options = [
        option for option in call.options(bundled=False) if option not in ("-u", "--set-upstream", "--no-verify")
    ]
    plain = len(refs) > 1 and all(re.fullmatch(r"[\w./-]+", ref) and not _SHARED.match(ref) for ref in refs[1:])
    return options == ["--force-with-lease"] and plain and not any(word.dynamic for word in call.args)


_SHARED = re.compile(
    r"(?:refs/heads/)?(?:main|master|trunk|dev|develop|development|staging|prod|production|release.*|HEAD|gh-pages)\Z"
)
"""Branches that others work on, or that may be any."""
