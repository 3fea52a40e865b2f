"""What `xargs` puts behind a command: known words, names of files, or words that could be options too."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from interlock.commands.language import NotUnderstood
from interlock.commands.shell_call import Call, Verdict
from interlock.commands.shell_made import FIND_VALUED, found_names
from interlock.commands.shell_tree import Simple
from interlock.commands.shell_words import Word

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge

__all__ = ["feed", "is_fed"]

_FED = "{}"
_LISTS = frozenset(("find", "fd", "fdfind", "ls"))
_FILTERS = frozenset(("sort", "uniq", "head", "tail", "grep", "egrep", "fgrep", "rg"))
_GIT_LISTS = frozenset(
    (
        "ls-files",
        "diff",
        "grep",
        "log",
        "rev-list",
        "branch",
        "show",
        "status",
        "merge-base",
        "rev-parse",
        "for-each-ref",
        "tag",
        "diff-tree",
    )
)
_MAX_STAGES = 20


def is_fed(word: Word) -> bool:
    """Whether a word stands for input that could be anything, options too."""
    return word.dynamic and word.text == _FED


def feed(call: Call, at: int, simple: Simple, verdict: Verdict, judge: Judge) -> None:
    """Adds to `simple`, the command that xargs runs, what comes in; `at` is where its words begin."""
    names = _lists_files(call.simple, judge)
    made = _made_files(call.simple, judge)
    fed = Word("./" + made) if made else Word("./{}", dynamic=True) if names else Word(_FED, dynamic=True, loose=True)
    marks = [found for word in call.args[:at] if (found := re.match(r"-I|-i|-J|--replace", word.text))]
    if not marks:
        simple.words = [*simple.words, *(_static(call, at, judge) or [fed])]
        return
    known = _static(call, at, judge)
    mark = _mark(call, at)
    if known and mark:
        line = " ".join(word.text for word in known)
        simple.words = [Word(word.text.replace(mark, line), word.dynamic, word.glob) for word in simple.words]
        return
    if simple.words[0].text == _FED:
        verdict.unknown("dynamic")
    # Where the mark is another one, it is not seen in the words: then what comes in stands behind them.
    words = [_filled(word) if _FED in word.text and word.text != _FED else word for word in simple.words]
    simple.words = [*(fed if word.text == _FED else word for word in words), *([] if _marked(call, at) else [fed])]


def _filled(word: Word) -> Word:
    """A word that holds the mark: a path of some kind, or text around it, which still says what it does."""
    return Word(word.text if re.search(r"\s", word.text) else "./{}", dynamic=True)


def _made_files(simple: Simple, judge: Judge) -> str:
    """A name like all that `find` lists, where all of them can be made again."""
    feeders = judge.feeders(simple) if simple.stdin.kind == "pipe" else []
    if len(feeders) != 1 or not feeders[0].words or feeders[0].words[0].text != "find":
        return ""
    names = found_names([*feeders[0].words[1:], Word("-delete")], FIND_VALUED)
    return names[-1] if names and not any(word.text == "-delete" for word in feeders[0].words) else ""


def _mark(call: Call, at: int) -> str:
    """The mark that xargs replaces, where it is certain."""
    for before, word in pairwise(call.args[:at]):
        if before.text in ("-I", "-J"):
            return word.text
    glued = [found[1] for word in call.args[:at] if (found := re.match(r"(?:-[IJ]|--replace=)(.+)", word.text))]
    return glued[0] if glued else ""


def _marked(call: Call, at: int) -> bool:
    """Whether the mark is `{}` and stands among the words."""
    other = [word.text for word in call.args[:at] if re.match(r"(-I|-J|-i|--replace=)(?!\{\}).", word.text)]
    apart = [b.text for a, b in pairwise(call.args[:at]) if a.text in ("-I", "-J", "--replace")]
    return not other and set(apart) <= {_FED} and any(_FED in word.text for word in call.args[at:])


def _static(call: Call, at: int, judge: Judge) -> list[Word]:
    """The words that `echo` or a here-string brings, where they are certain."""
    stdin = call.simple.stdin
    if any(re.match(r"-a|--arg-file|-d|--del|-\w*0|--null", word.text) for word in call.args[:at]):
        return []
    if stdin.kind == "text":
        texts = stdin.text.split()
        if not judge.programs.takes(len(texts)):
            raise NotUnderstood("too-many-words")
        return [Word(text) for text in texts]
    feeders = judge.feeders(call.simple) if stdin.kind == "pipe" else []
    if len(feeders) != 1 or not feeders[0].words or feeders[0].words[0].text != "echo":
        return []
    words = feeders[0].words[1:]
    if any(word.dynamic or word.glob or re.search(r"['\"\\]", word.text) for word in words):
        return []
    return [Word(text) for word in words for text in word.text.split()]


_LISTED = re.compile(
    r"\$\((?:find|fd|ls|git (?:ls-files|diff --name-only|diff --cached --name-only)|[efz]?grep -[a-zA-Z]*l"
    r"|rg (?:-l|--files))\b"
    r"[^;&()`<>]*\)\Z"
)
_SAID = re.compile(r"\$\{?(\w+)\}?\Z")


def _says_listed(simple: Simple, judge: Judge) -> bool:
    """Whether what is said is a variable that holds a list of files and nothing else."""
    words = [word.text for word in simple.words[1:] if word.text != "%s\\n"]
    name = _SAID.match(words[0]) if len(words) == 1 else None
    given = [value for one in judge.script.commands for key, value in one.assigns if name and key == name[1]]
    fixed = judge.script.variables is not None and judge.script.variables.fixed
    return fixed and len(given) == 1 and bool(_LISTED.match(given[0].text.strip('"')))


def _lists_files(simple: Simple, judge: Judge) -> bool:
    """Whether the input is a list of names made by a command that lists, through filters or not."""
    for _ in range(_MAX_STAGES):
        feeders = judge.feeders(simple) if simple.stdin.kind == "pipe" else []
        if len(feeders) != 1 or not feeders[0].words:
            return False
        words = [word.text for word in feeders[0].words]
        if words[0] in ("echo", "printf") and _says_listed(feeders[0], judge):
            return True
        if words[0] in _LISTS or (words[0] == "git" and words[1:2] and words[1] in _GIT_LISTS):
            return True
        if words[0] in ("grep", "rg", "egrep", "fgrep") and any(re.match(r"-[a-zA-Z]*[lL]|--files", w) for w in words):
            return True
        if words[0] not in _FILTERS:
            return False
        simple = feeders[0]
    return False
