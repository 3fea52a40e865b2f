"""Commands of Windows in a text that came as a shell's: `Remove-Item -Recurse src`, `rd /s /q src`, `iwr x | iex`.

An agent on Windows says its commands in the same tool as any other. Their names and switches are none of a POSIX
shell, so each is read in its own language. Bash takes backslashes away: what is read is the text as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from interlock.commands.shell_call import Call, Verdict
from interlock.commands.shell_files import writes

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge
    from interlock.model import Operation
    from interlock.ports import Analyse

__all__ = ["HANDLERS", "says_windows", "windows_around"]

_CMDLET = re.compile(
    r"(?:Get|Set|New|Remove|Clear|Copy|Move|Rename|Start|Stop|Restart|Suspend|Resume|Invoke|Format|Register|Unregister|Install"
    r"|Uninstall|Enable|Disable|Add|Initialize|Out|Write|Test|Select|Where|ForEach|Sort|Import|Export|ConvertTo|ConvertFrom"
    r"|Expand|Compress|Reset|Update|Unlock|Mount|Dismount|Limit|Send|Save|Grant|Revoke|Wait|Measure)-[A-Z]\w{2,40}\Z"
)
"""The verbs of PowerShell's cmdlets, as people write them."""
_PROMPT = frozenset(("rd", "rmdir", "del", "erase", "deltree", "copy", "xcopy", "move", "attrib", "robocopy"))
_SWITCH = re.compile(r"/(?:[a-zA-Z](?::\S{0,20})?|(?:mir|purge|move)|(?:MIR|PURGE|MOVE))\Z")
_FETCHES = re.compile(r"(?:iwr|irm|invoke-webrequest|invoke-restmethod|curl|wget)\Z", re.IGNORECASE)
_RUNS = frozenset(("iex", "invoke-expression"))
_DRIVE = re.compile(r"(?:\A|[\s\"'=(])[A-Za-z]:[\\/]|%(?:windir|systemroot|userprofile|systemdrive)%", re.IGNORECASE)
_DELETES = re.compile(r"(?:\A|[&|(]\s*)(?:del|erase|rd|rmdir|format|deltree)\s", re.IGNORECASE)
_WORSE = ("destroy", "admin", "unknown")


def says_windows(call: Call, verdict: Verdict, judge: Judge) -> bool:
    """Whether a call is one of Windows'; then what it would do there is nested in it."""
    name = call.name.lower()
    if name in _RUNS and call.simple.stdin.kind == "pipe":
        for feeder in judge.feeders(call.simple):
            if feeder.words and _FETCHES.match(feeder.words[0].text):
                verdict.unknown("download-and-run")
                return True
    if _CMDLET.match(call.name):
        verdict.nested += judge.nest(call.simple.source, "powershell")
        return True
    if name in _PROMPT and any(map(_SWITCH.match, call.texts())):
        verdict.nested += judge.nest(call.simple.source, "cmd")
        return True
    return False


def windows_around(text: str, nest: Analyse) -> tuple[Operation, ...]:
    """What a text with places of Windows would delete there, were it one for its prompt: `cd C:\\Windows & del x`."""
    if not _DRIVE.search(text) or not _DELETES.search(text):
        return ()
    return tuple(one for one in nest(text, "cmd") if any(each.action in _WORSE for each in one.walk()))


def _removes(call: Call, verdict: Verdict, judge: Judge) -> None:
    """`rmdir /s /q src` is Windows', `rmdir empty` everybody's."""
    if not says_windows(call, verdict, judge):
        writes(call, verdict, judge)


HANDLERS: dict[str, Callable[[Call, Verdict, Judge], None]] = {"rmdir": _removes}
"""Command name -> judge of its calls."""
