"""Where git pushes to, and what it may replace there."""

from __future__ import annotations

import re

from interlock.commands.shell_call import Call, Verdict

__all__ = ["is_leased", "pushed_to"]

_URL = re.compile(r"(https?|ssh|git)://(?:[^/\s@]*@)?([^/:\s]+)")
_HOME = re.compile(r"(?:localhost|127\.0\.0\.1)\Z")
_PUSH_VALUED = ("-o", "--push-option", "--receive-pack", "--exec", "--repo")


def pushed_to(call: Call, verdict: Verdict) -> None:
    """A push to a URL, past the remotes that are set up: a person looks, and none goes to a mere address."""
    if place := _URL.match(next((word.text for word in call.operands(_PUSH_VALUED)), "")):
        careless = place[1] in ("http", "git") or re.fullmatch(r"[\d.]+|\[.*", place[2]) is not None
        verdict.at_least("admin", "upload", *(["exfiltration"] if careless and not _HOME.match(place[2]) else []))


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
