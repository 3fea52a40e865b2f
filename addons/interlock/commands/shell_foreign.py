"""Programs that no table names. They are run as a project's own script is: a write whose content is not seen.

A call of an unknown program could be a wrapper: words in it that are a destructive command, or text for a shell that
holds one, are judged as well, and count where they are worse than the call itself.
"""

from __future__ import annotations

import posixpath
import re
from itertools import pairwise
from typing import TYPE_CHECKING

from interlock.commands.shell_call import Call, Verdict
from interlock.commands.shell_windows_said import says_windows

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge
    from interlock.model import Operation

__all__ = ["foreign", "says_destruction"]

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]{0,63}\Z")
_HARMFUL = re.compile(
    r"(rm|rmdir|unlink|shred|dd|mkfs[.\w]*|wipefs|truncate|rimraf|del-cli|find|xargs|sh|bash|zsh|dash|ksh|ash|fish|eval|sudo|su"
    r"|doas|busybox|(?:cmd|powershell|pwsh)\.exe|python[\d.]*|perl|ruby|node|dropdb|git|kubectl|terraform|tofu|chmod|chown|env|nohup|timeout)\Z"
)
_SOFT = re.compile(r"(?:terraform|tofu|git|kubectl|node|env|find)\Z")
"""Names that folders have too: behind an option they count only where they would destroy."""
_DESTROYS = re.compile(
    r"(?:[\w.-]+:)?(?:[\w-]+[:-])?(delete|destroy|drop|purge|wipe|nuke|erase|terminate|obliterate|undeploy|deprovision|dropdb|fresh|reset-db"
    r"|reset_db|flushall|flushdb|factory-reset)(?:[-_:](?:all|db|database|databases|table|tables|cluster|data|force|stack|queue"
    r"|queues|topic|topics|vhost|user|index|bucket|namespace|group|node|app|release|volume|snapshot|repo|project|env"
    r"|environment|service|deployment|job))*\Z",
    re.IGNORECASE,
)
_DESTROYING = re.compile(
    r"--(delete|destroy|drop|purge|wipe|erase|nuke)(-all|-data|-database)?|--force-reset|--accept-data-loss|-(purge|destroy|wipe)"
)
_DATA = re.compile(r"(db|database|migrate|migration|schema|data)\Z")
_TEXT_OPTION = re.compile(r"(-c|-e|-x|-r|-exec|--?(command|cmd|exec|execute|eval|run|shell|script|post|pre|on-\w+))\Z")
_LANGUAGES = re.compile(
    r"(elixir|iex|erl|scala|amm|ghc|runghc|stack|ocaml|clojure|clj|bb|lein|octave|R|sbcl|clisp|guile|racket|janet|raku|crystal"
    r"|kotlinc?|jshell|swift|dart|nim|gawk|maxima|sage|ipython\d?|bpython|xonsh|nu|elvish|pwsh|factor|gforth|qjs|jsc|d8|rhino|mongo"
    r"|jrunscript|jjs|latex|pdflatex|xelatex|lualatex)\Z"
)
_EXPRESSION = re.compile(r"(-[pn]?[eEc]|--?(eval|command|execute|expr\w*|shell-escape|enable-write18))(=|\Z)")
_WORST = ("destroy", "admin", "unknown")
_MAX_WORDS = 12


def foreign(call: Call, verdict: Verdict, judge: Judge) -> None:
    """A program that is not known by its name."""
    if not _NAME.match(call.name):
        verdict.unknown("unknown-command")
        return
    if says_windows(call, verdict, judge):
        return
    verdict.at_least("write", "opaque", "unknown-command")
    if any(judge.written.is_fetched(path) for path in judge.written.called(call.name, unseen=True)):
        verdict.unknown("download-and-run")
    if _LANGUAGES.match(call.name) and any(map(_EXPRESSION.match, call.texts())):
        verdict.unknown("runs-other-program")
        return
    folded = call.name.lower().removesuffix(".exe")
    if folded != call.name and judge.knows(folded):
        simple = call.after(0)
        simple.words = [type(call.simple.words[0])(folded), *call.args]
        verdict.nested += judge.judge(simple)  # where file names are compared without case, it is that one
        return
    if says_destruction(call.texts()):
        verdict.at_least("destroy", "destroys")
    wrapped(call, verdict, judge)


def wrapped(call: Call, verdict: Verdict, judge: Judge) -> None:
    """What a call would run if it were a wrapper: a command among its words, or text for a shell."""
    for at, word in enumerate(call.args[:_MAX_WORDS]):
        before = call.args[at - 1].text if at else ""
        if _HARMFUL.match(posixpath.basename(word.text)) and at + 1 < len(call.args):
            _keep(judge.judge(call.after(at)), verdict, sure=not (before.startswith("-") and _SOFT.match(word.text)))
            break
        if (
            " " in word.text
            and not word.dynamic
            and (_TEXT_OPTION.match(before) or _HARMFUL.match(word.text.split(None, 1)[0] if word.text.strip() else ""))
        ):
            _keep(list(judge.nest(word.text, "shell")), verdict, sure=bool(_HARMFUL.match(word.text.split(None, 1)[0])))


def says_destruction(words: list[str]) -> bool:
    """Whether the first words of a call say that it destroys: `apps destroy`, `db:drop`, `migrate reset`."""
    operands = [word for word in words if not word.startswith("-")][:4]
    if any(_DESTROYS.match(word) for word in operands) or any(map(_DESTROYING.fullmatch, words)):
        return True
    return any(_DATA.match(a) and b in ("reset", "flush", "clean", "downgrade") for a, b in pairwise(operands)) or (
        operands[:2] == ["downgrade", "base"]
        or "flush" in operands[:2]
        or any(re.match(r"\w+:(reset|wipe|flush)\Z", one) for one in operands)
    )


def _keep(found: list[Operation], verdict: Verdict, sure: bool = True) -> None:
    """What a wrapper would run counts only where it is worse than running something unseen."""
    wanted = _WORST if sure else ("destroy",)
    if any(one.action in wanted for operation in found for one in operation.walk() if one.protocol == "shell"):
        verdict.nested += found
