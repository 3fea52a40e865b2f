"""Commands that run a command on many machines at once: pdsh, clush, salt, ansible and their like."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

from interlock.commands.shell_call import Call, Verdict
from interlock.commands.shell_foreign import foreign
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
_ASKS = re.compile(r"test\.(?:ping|version)|(?:grains|pillar)\.(?:items?|get|ls)|disk\.usage")
"""Functions of salt that only ask the machines."""
_SALT_VALUED = ("--out", "--output", "--timeout", "--batch-size", "--log-level")
_SALT_FLAGS = frozenset(("--local", "--static", "--summary", "--progress", "--no-color", "--force-color"))
_TARGETS = frozenset(("-E", "-G", "-L", "-P", "-N", "-C", "-I", "-S", "-R"))
"""Options of salt that say how the target is meant, and take no word themselves."""


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
    words = call.operands((*_SALT_VALUED, *_short(call)))
    at = next((place for place, word in enumerate(words) if _RUNS.match(word.text)), None)
    if at is not None and words[at + 1 :]:
        shell_text(words[at + 1 : at + 2], verdict, judge)
    place = int(call.name != "salt-call")
    name = _function(call, words[place].text) if len(words) > place else ""
    if any(word.dynamic for word in words[: place + 1]) or not name or (_RUNS.match(name) and at != place):
        foreign(call, verdict, judge)
        verdict.unknown("runs-other-program")


def _short(call: Call) -> tuple[str, ...]:
    """Short options that take a word; `-t` takes none in salt-ssh."""
    return ("-t", "-b", "-l") if call.name == "salt" else ()


def _function(call: Call, name: str) -> str:
    """The function's name, where it runs a command or only asks; "" for others, and where options are not known.

    An option that is not known could take the target for its word, and the function would be the word behind it.
    """
    known = {*_SALT_VALUED, *_SALT_FLAGS, *_short(call), *(() if call.name == "salt-call" else _TARGETS)}
    options = {text.partition("=")[0] for text in call.texts() if text.startswith("-")}
    return name if options <= known and (_RUNS.match(name) or _ASKS.fullmatch(name)) else ""


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
