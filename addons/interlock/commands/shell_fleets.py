"""Commands that run a command on many machines at once: pdsh, clush, salt, ansible and their like."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

from interlock.commands.shell_call import Call, Verdict
from interlock.commands.shell_runners import shell_text
from interlock.commands.shell_words import Word

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge

__all__ = ["HANDLERS", "module_text"]

_VALUED = {
    "pdsh": ("-w", "-x", "-g", "-l", "-t", "-u", "-f", "-R", "-X"),
    "clush": ("-w", "-x", "-g", "-X", "-l", "-t", "-u", "-f", "-R", "-o"),
    **dict.fromkeys(("pssh", "parallel-ssh", "prun"), ("-h", "-H", "-l", "-p", "-o", "-e", "-t", "-O", "-x")),
    "dsh": ("-m", "-g", "-f", "-r", "-o"), "tsh": ("-l", "-p", "--proxy", "--user", "--login"),
}  # fmt: skip
"""Options that take a word; behind all of them stands the command."""
_MODULES = frozenset(("shell", "command", "raw", "win_shell", "win_command", "ansible.builtin.shell", "script",
                      "ansible.builtin.command", "ansible.builtin.raw"))  # fmt: skip
_RUNS = re.compile(r"cmd\.(?:run|shell|exec_code)\w*\Z")


def _fleet(call: Call, verdict: Verdict, judge: Judge) -> None:
    """`pdsh -w web[1-9] COMMAND`: the words behind the options are text for a shell on each machine."""
    verdict.at_least("network")
    verdict.paths = []
    words = call.operands(_VALUED[call.name])
    if call.name == "tsh":
        words = words[2:] if [word.text for word in words[:1]] == ["ssh"] else []
    if words:
        first = next(at for at, word in enumerate(call.args) if word is words[0])
        shell_text(call.args[first:], verdict, judge)
    elif call.texts() and not set(call.texts()) <= {"--version", "--help", "-V", "status", "login", "ls"}:
        verdict.unknown()


def _salt(call: Call, verdict: Verdict, judge: Judge) -> None:
    """`salt TARGET cmd.run COMMAND`; other functions change machines, too, unless they ping or list."""
    verdict.at_least("network")
    verdict.paths = []
    words = call.operands(("-E", "-t", "--out", "--timeout", "-b"))
    at = next((place for place, word in enumerate(words) if _RUNS.match(word.text)), None)
    if at is not None and words[at + 1 :]:
        shell_text(words[at + 1 : at + 2], verdict, judge)
    elif not any(
        re.match(r"(?:test|grains|pillar|status|disk)\.(?:ping|version|items?|get|ls|usage)", word.text)
        for word in words
    ):
        verdict.unknown("runs-other-program")


def module_text(call: Call) -> list[Word]:
    """What `ansible HOSTS -m shell -a TEXT` has a shell run on the hosts; without -m it is run, too."""
    pairs = list(pairwise(call.args))
    modules = [after.text for before, after in pairs if before.text in ("-m", "--module-name")]
    given = [after for before, after in pairs if before.text in ("-a", "--args")]
    return given if not modules or modules[-1] in _MODULES else []


HANDLERS: dict[str, Callable[[Call, Verdict, Judge], None]] = {
    **dict.fromkeys(_VALUED, _fleet), "salt": _salt, "salt-call": _salt, "salt-ssh": _salt,
}  # fmt: skip
"""Command name -> judge of its calls."""
