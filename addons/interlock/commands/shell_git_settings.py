"""Settings of git: those that start nothing, and those that make it run a program of somebody's choosing."""

from __future__ import annotations

import re

from interlock.commands.shell_call import Verdict

__all__ = ["SAFE_CONFIG", "changes"]

SAFE_CONFIG = re.compile(
    r"(user\.(name|email)|color\.[\w.]+|core\.(pager=cat|editor=(true|:)|quotepath|autocrlf|filemode|ignorecase|longpaths"
    r"|eol|abbrev)|sequence\.editor=(true|:)|advice\.\w+|commit\.gpgsign|log\.\w+|init\.defaultBranch|pull\.(rebase|ff)"
    r"|push\.(default|autoSetupRemote)|rebase\.(autosquash|autostash|updateRefs)|merge\.(conflictstyle|ff)|fetch\.prune"
    r"|rerere\.\w+|gc\.auto|protocol\.version|http\.(postBuffer|version)|status\.\w+|column\.ui"
    r"|diff\.\w+=(true|false)|safe\.directory)(=|\Z)",
    re.IGNORECASE,
)
"""Settings, with or without a value, that start nothing."""
_ELSEWHERE = re.compile(r"url\.(.*)\.(?:push)?insteadof(?:=|\Z)", re.I)
_HOST = re.compile(r"(?:[a-z+]+://)?(?:[^@/\s]*@)?([\w.-]+)", re.I)
_SCOPES = frozenset(("--global", "--local", "--system", "--get", "--get-all", "--type=bool", "--show-origin"))


def changes(texts: list[str], verdict: Verdict) -> None:
    """`git config`: what it sets goes into the verdict."""
    said = [text for text in texts if not text.startswith("-")]
    if len(said) == 1 and _SCOPES.issuperset(text for text in texts if text.startswith("-")):
        return  # it shows what is set
    key = said[0] if said else ""
    if not SAFE_CONFIG.match(key):
        verdict.at_least("admin", "environment")
    if _ELSEWHERE.match(key) and not _same_host(key, said[1:]):
        verdict.unknown("runs-other-program")  # what is fetched from now on comes from somebody else
    if re.search(
        r"alias|hook|templatedir|pager|editor|command|helper|fsmonitor|filter|textconv|external|driver|askpass|program|\.cmd|uploadpack|receivepack|\!",
        " ".join(texts),
        re.I,
    ):
        verdict.unknown("runs-other-program")


def _same_host(key: str, values: list[str]) -> bool:
    """Whether a forge is only asked in another way: `url.https://github.com/.insteadOf git@github.com:`."""
    found = _ELSEWHERE.match(key)
    base = _HOST.match((found[1] or "") if found else "")
    return (
        base is not None
        and bool(values)
        and all((host := _HOST.match(value)) and host[1] == base[1] for value in values)
    )
