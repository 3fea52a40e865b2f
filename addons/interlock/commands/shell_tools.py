"""git: what each of its commands does, and the programs that its options and settings name."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

from interlock.commands.shell_call import Call, Verdict
from interlock.commands.shell_fed import is_fed
from interlock.commands.shell_files import touch
from interlock.commands.shell_git_pushes import is_leased, pushed_to
from interlock.commands.shell_git_settings import SAFE_CONFIG, changes
from interlock.commands.shell_made import can_be_made_again
from interlock.commands.shell_runners import shell_text
from interlock.commands.shell_tables import GIT
from interlock.commands.shell_words import Word

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge

__all__ = ["HANDLERS"]

_RUNS = ("--upload-pack", "--receive-pack", "--exec", "--ext-diff", "--open-files-in-pager", "--config", "--extcmd",
         "--filters", "--trailer", "--gpg-sign")  # fmt: skip
"""Long options that name a program, or settings that do."""
_RUNS_SHORT = {"grep": r"-\w*O", "rebase": r"-x", "clone": r"-[cu]", "difftool": r"-x", "ls-remote": r"-u"}
_PLAIN_OPTIONS = frozenset(("--git-dir=.git", "--work-tree=.", "--no-pager", "-P", "--version", "--help",
                            "--no-optional-locks", "--literal-pathspecs"))  # fmt: skip
_MAX_ALIASES = 4
_MAX_NAMED = 8
_FILE = re.compile(r"(?:\./)?[\w@-][\w./@+-]*\.[A-Za-z]\w{0,9}\Z", re.ASCII)
"""The path of a file, as far as its ending tells."""
_OUTPUT = re.compile(r"(?:--output(?:-directory)?=|-o(?=.))(.+)")
_COMPUTED = re.compile(r"`|\$\(\s*(echo|printf|cat|base64|curl|wget|tr|rev|sed|awk|xxd|head|tail)\b")
_READING_FORMS = {
    "branch": ("", "-a", "-r", "-v", "-vv", "--list", "--show-current", "--all", "--remotes", "--contains", "--merged"),
    "tag": ("", "-l", "--list", "-n"), "remote": ("", "-v", "show", "get-url"), "stash": ("list", "show"),
    "config": ("--get", "--list", "-l", "--get-all", "--get-regexp", "get", "list"), "reflog": ("", "show"),
    "notes": ("show", "list"),
    "worktree": ("list",), "bundle": ("verify",), "lfs": ("ls-files", "status"), "sparse-checkout": ("list",),
}  # fmt: skip
_BISECT = frozenset(("start", "good", "bad", "old", "new", "reset", "skip", "log", "view", "terms", "visualize"))
_SUBMODULE = {
    "status": "read", "": "read", "summary": "read", "init": "write", "deinit": "write", "sync": "write",
    "update": "network", "add": "network", "foreach": "write",
}  # fmt: skip


def _git(call: Call, verdict: Verdict, judge: Judge) -> None:
    args, at = call.args, 0
    aliases: dict[str, str] = {}
    while at < len(args) and args[at].text.startswith("-"):
        text = args[at].text
        if text in ("-C", "--git-dir", "--work-tree", "--namespace"):
            at += 1
            if text != "-C":
                verdict.unknown()
        elif text == "-c":
            at += 1
            if at < len(args) and (given := re.match(r"alias\.([\w-]+)=(?!!)(.*)", args[at].text, re.DOTALL)):
                aliases[given[1]] = given[2]
            if at >= len(args) or args[at].dynamic or not SAFE_CONFIG.match(args[at].text):
                verdict.unknown("runs-other-program")
        elif text not in _PLAIN_OPTIONS:
            verdict.unknown()
        at += 1
    if at >= len(args):
        return
    if (stands_for := aliases.get(args[at].text, "").split()) and len(judge.calls) < _MAX_ALIASES:
        simple = call.after(at)
        simple.words = [Word("git"), *map(Word, stands_for), *args[at + 1 :]]
        verdict.nested += judge.judge(simple)
    rest = Call(args[at].text, args[at + 1 :], call.simple)
    if args[at].dynamic:
        verdict.unknown("dynamic")
        return
    verdict.flags[f"git-{rest.name}"] = None
    _git_command(rest, verdict, judge)
    _git_files(rest, verdict, judge)


def _git_command(call: Call, verdict: Verdict, judge: Judge) -> None:
    name, texts = call.name, call.texts()
    first = texts[0] if texts else ""
    action = GIT.get(name, "unknown")
    if name in _READING_FORMS and first in _READING_FORMS[name] and not call.has("-D", "-d", "--delete"):
        action = "read"
    if name == "bisect" and first in (*_BISECT, "run"):
        action = "write"
        verdict.nested += judge.judge(call.after(1)) if first == "run" and len(call.args) > 1 else ()
    if name == "submodule":
        action = _SUBMODULE.get(first, "unknown")
        if first == "foreach":
            words = [word for word in call.args[1:] if word.text not in ("--recursive", "--quiet", "-q")]
            shell_text(words, verdict, judge)
    verdict.at_least(action)
    if name == "fsck" and call.has("--lost-found"):
        verdict.at_least("write")
    if name == "symbolic-ref" and (len(call.operands()) > 1 or call.has("-d", "--delete")):
        verdict.at_least("write")
    if name == "remote" and first in ("update", "prune"):
        verdict.at_least("network")
    if action == "unknown":
        verdict.unknown()
    if name == "push":
        pushed_to(call, verdict, judge)
    if name == "rebase":
        call = _executed(call, verdict, judge)
        texts = call.texts()
    if _runs_program(name, call) or any(re.search(r"(^|=)(ext|fd)::", text) for text in texts):
        verdict.unknown("runs-other-program")
    if name == "config" and action != "read":
        changes(texts, verdict)
    if any(is_fed(word) or (word.loose and _COMPUTED.search(word.text)) for word in call.args):
        verdict.unknown("dynamic")
    if _destroys(name, call):
        verdict.at_least("destroy", "discards-work", *_reach(name, call))


def _runs_program(name: str, call: Call) -> bool:
    short = _RUNS_SHORT.get(name)
    if short and any(re.match(short, text) for text in call.texts()):
        return True
    options = [option for option in call.options(bundled=False) if option.startswith("--") and len(option) > 3]
    harmless = {
        "commit": ("--gpg-sign", "--trailer"), "tag": ("--trailer",), "clone": ("--filters",), "fetch": ("--filters",),
        "rev-list": ("--filters",), "pull": ("--filters",),
    }.get(name, ())  # fmt: skip
    if name in ("clone", "init") and any("--template".startswith(option) for option in options):
        return True
    return any(want.startswith(option) and want not in harmless for want in _RUNS for option in options)


def _git_files(call: Call, verdict: Verdict, judge: Judge) -> None:
    """Files that git writes or brings besides its own."""
    name, texts = call.name, call.texts()
    if name in ("log", "diff", "show", "format-patch", "archive", "whatchanged"):
        targets = [found[1] for text in texts if (found := _OUTPUT.match(text))]
        targets += [b for a, b in pairwise(texts) if a in ("-o", "--output", "--output-directory")]
        for target in targets:
            verdict.at_least("write", "overwrite")
            touch(Word(target), verdict, judge)
    if name == "apply" and call.has("--unsafe-paths", "--directory"):
        verdict.at_least("admin")
    if name == "clone":
        operands = [word.text for word in call.operands(("-b", "--branch", "--depth", "-o", "--origin", "-j"))]
        brought = operands[1] if len(operands) > 1 else (operands or [""])[0].rstrip("/").rpartition("/")[2]
        if brought.removesuffix(".git"):
            judge.written.update([brought.removesuffix(".git")])


def _executed(call: Call, verdict: Verdict, judge: Judge) -> Call:
    """`git rebase --exec TEXT` runs a text between the commits: it is judged, and the rest of the call given back."""
    rest: list[Word] = []
    taken = False
    for at, word in enumerate(call.args):
        if taken:
            taken = False
            continue
        glued = re.match(r"--exec=(.+)", word.text, re.DOTALL)
        taken = word.text in ("-x", "--exec") and at + 1 < len(call.args)
        if glued or taken:
            shell_text([Word(glued[1], word.dynamic)] if glued else [call.args[at + 1]], verdict, judge)
        else:
            rest.append(word)
    return Call(call.name, rest, call.simple)


_REWRITES = frozenset(("filter-branch", "filter-repo", "replace"))


def _reach(name: str, call: Call) -> list[str]:
    """What a deletion of git's reaches beyond the files that it names."""
    if name == "rm":
        return ["recursive-delete"] if call.has("-r") else []
    wide = any(re.match(r"(:/|\.{0,2}/?)?\**\Z", text) and text for text in call.texts())
    return ["wide-delete"] if name in ("checkout", "restore") and wide else []


def _names_files(call: Call) -> bool:
    """Whether a few files are brought back by name: what was in them is lost as `rm FILE` or `cp A FILE` loses it."""
    texts = call.texts()
    named = call.args[texts.index("--") + 1 :] if "--" in texts else []
    if call.name == "restore" and not named:
        named = call.operands(("-s", "--source"))
    plain = all(_FILE.match(word.text) and not (word.dynamic or word.glob) for word in named)
    careful = not call.has("-f", "--force", "-B", "--pathspec-from-file", "--recurse-submodules")
    return 0 < len(named) <= _MAX_NAMED and plain and careful


def _destroys(name: str, call: Call) -> bool:
    texts = call.texts()
    refs = [text for text in texts if not text.startswith("-")]
    if name == "push" and is_leased(call, refs):
        return False
    if name == "push":
        forced = call.has("-f", "--force", "--delete", "-d", "--mirror", "--prune", "--force-with-lease")
        return forced or any(re.match(r"[:+]", text) for text in refs)
    if name == "branch":
        return call.has("-D", "-f", "--force", "-M") or (call.has("-d", "--delete") and call.has("-r", "--remotes"))
    if name == "fetch":
        named = any(":" in text for text in refs[1:])  # without a refspec it is tags alone that may move
        return (named and call.has("-f", "--force")) or any(text.startswith("+") for text in refs)
    if name == "clean":
        careful = bool({"-n", "--dry-run"} & set(call.options())) and not call.has("-e", "--exclude")
        return not careful or any(text.startswith("--no-") for text in texts)
    if name in ("checkout", "restore", "switch"):
        if name != "switch" and _names_files(call):
            return False
        wide = "--" in texts or "." in texts or call.has("-f", "--force", "--discard-changes", "-B", "-C")
        if name == "restore":
            return not {"--staged", "-S"} & set(call.options()) or call.has("--worktree", "-W")
        return wide or (name == "checkout" and len(refs) > 1 and not call.has("-b", "--orphan", "-t", "--track"))
    forms = {
        "reset": lambda: call.has("--hard", "--merge", "--keep"),
        "submodule": lambda: refs[:1] == ["deinit"] and call.has("-f", "--force"),
        "stash": lambda: bool(refs[:1]) and refs[0] in ("drop", "clear"),
        "rm": lambda: call.has("-r", "-f", "--force") and not call.has("--cached"),
        "reflog": lambda: bool(refs[:1]) and refs[0] in ("expire", "delete"),
        "worktree": lambda: (
            refs[:1] == ["remove"]
            and call.has("-f", "--force")
            and not all(map(can_be_made_again, call.operands()[1:]))
        ),
        "update-ref": lambda: call.has("-d", "--stdin"),
        "prune": lambda: not call.has("-n", "--dry-run"),
        "tag": lambda: call.has("-d", "--delete", "-f", "--force"),
        "gc": lambda: call.has("--prune", "--aggressive"),
    }
    return name in _REWRITES or (name in forms and forms[name]())


HANDLERS: dict[str, Callable[[Call, Verdict, Judge], None]] = {"git": _git}
"""Command name -> judge of its calls."""
