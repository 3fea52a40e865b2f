"""Build tools and package managers: they run the project's own code, unless their words say what else they run."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

from interlock.commands.shell_call import Call, Verdict
from interlock.commands.shell_compiled import COMPILERS
from interlock.commands.shell_foreign import says_destruction
from interlock.commands.shell_packages import installs_from
from interlock.commands.shell_recipes import run_recipes
from interlock.commands.shell_runners import shell_text
from interlock.commands.shell_tables import MANAGERS
from interlock.commands.shell_words import Word

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge

__all__ = ["builder"]

_VERSION = frozenset(("--version", "-V", "--help"))
_RUNS = {
    "uv": ("run",), "poetry": ("run",), "pipenv": ("run",), "pdm": ("run",), "conda": ("run",), "bundle": ("exec",),
    "npm": ("exec", "x", "explore"), "pnpm": ("exec", "dlx"), "yarn": ("exec", "dlx", "run"), "bun": ("x",),
    "pipx": ("run",),
    "npx": (), "uvx": (),
}  # fmt: skip
"""Words after which another command follows; none: it follows at once."""
_TESTERS = frozenset(("pytest", "jest", "vitest", "mocha", "rspec", "phpunit", "tsx", "ts-node"))
_DELETERS = frozenset(("rimraf", "del-cli", "shx", "trash"))
_VALUED = frozenset(
    ("--with", "--python", "-p", "--package", "--directory", "--project", "--extra", "--group", "--env-file", "-n",
     "--name", "--prefix", "--cwd", "--from", "--index", "--with-requirements", "-w", "--workspace", "--filter", "-C")
)  # fmt: skip
_REFUSED = {
    "go": r"--?(exec|toolexec|vettool)(=|\Z)", "cargo": r"--config(=|\Z)", "tox": r"(-x|--override)", "rake": r"-[eEp]",
    "just": r"(-c|--command|--shell\b|--shell-arg|--set-shell)", "mvn": r"(-Dexec\.|exec:)", "swift": r"(-e\Z|repl)",
    "java": r"-XX:On|-javaagent|-agent", "npm": r"--(script-shell|shell|node-options|git)(=|\Z)",
    "pnpm": r"--(script-shell|shell|node-options)(=|\Z)", "yarn": r"--script-shell", "npx": r"--(script-shell|shell)",
    "rustc": r"(-C|--codegen|-Z|--extern|-L)",
    "bun": r"(-e|--eval|-p|--print)(=|\Z)", "tsx": r"(-e|--eval|-p|--print)(=|\Z)", "pytest": r"--pdbcls",
    "ts-node": r"-(e|p|pe|-eval|-print)(=|\Z)", "pip": r"--(global-option|config-settings?)",
    "make": r"(-E|--eval|SHELL[:?+]?=|\.SHELLFLAGS)", "mocha": r"(--require|-r)(=|\Z)",
    **dict.fromkeys(("gcc", "g++", "cc", "clang", "clang++", "c++"), r"(-wrapper|--?specs|-fplugin|-B|-fuse-ld)"),
}  # fmt: skip
"""Options that name a program or hold one, by the tool that takes them."""
_REFUSED_OPTIONS = {name: re.compile(pattern) for name, pattern in _REFUSED.items()}
_CONFIGURED = frozenset(("set", "edit", "delete", "unset", "rm"))
_CMAKE_READS_TEXT = """
capabilities cat compare_files echo echo_append environment md5sum sha256sum sleep true
"""
_CMAKE_READS = frozenset(_CMAKE_READS_TEXT.split())
_CMAKE_WRITES_TEXT = """
copy copy_directory copy_if_different touch rename make_directory tar create_symlink
"""
_CMAKE_WRITES = frozenset(_CMAKE_WRITES_TEXT.split())
_PUBLISHES = frozenset(("publish", "yank", "unpublish", "login"))
_ASSIGNMENT = re.compile(r"[A-Za-z_][\w.-]*[:?+]?=(.*)\Z", re.DOTALL)


def builder(call: Call, verdict: Verdict, judge: Judge) -> None:
    """A call of one of these."""
    words = {word.text for word in call.args}
    only_asks = bool(words & _VERSION) and len(words) == 1
    verdict.at_least("read" if only_asks else "write", *([] if only_asks else ["opaque"]))
    if words & MANAGERS or call.name in ("npx", "uvx", "pipx"):
        verdict.at_least("write", "installs")
    if (
        (words & _PUBLISHES and call.name != "dotnet")
        or any(  # `dotnet publish` writes a folder
            word.dynamic and not (word.named and call.name in _TESTERS) and (word.loose or not _VALUE.match(word.text))
            for word in call.args[:1]
        )
    ):
        verdict.at_least("admin")
    if call.texts()[:1] == ["set"] or (call.texts()[:1] == ["config"] and words & _CONFIGURED):
        verdict.at_least("admin", "environment")
    if call.name in ("tsx", "bun") and call.texts()[:1] in (["-e"], ["--eval"]) and len(call.args) == 2:
        simple = call.after(0)
        simple.words = [Word("node"), *call.args]
        verdict.nested += judge.judge(simple)
        return
    refused = _REFUSED_OPTIONS.get(call.name)
    if refused and any(refused.match(word.text) for word in call.args):
        verdict.unknown("runs-other-program")
    if call.name in ("npx", "uvx", "bun", "pipx", "bunx") and any(map(_ELSEWHERE.match, _packages(call))):
        verdict.unknown("download-and-run")
    installs_from(call, verdict)
    _written_recipes(call, verdict, judge)
    run_recipes(call, verdict, judge)
    if call.name in _RUNS:
        _runs(call, verdict, judge)
    special = _SPECIAL.get(call.name)
    if special is not None:
        special(call, verdict, judge)


_VALUE = re.compile(r"--[a-z][\w-]*=[^-]")
"""An option whose name is certain, whatever its value is."""
_ELSEWHERE = re.compile(r"(?:[\w.-]+ @ )?(?:git\+|github:|gitlab:|bitbucket:|gist:|[a-z]+://)")
"""A package that is no registry's."""


def _packages(call: Call) -> list[str]:
    """What a call names as the package that it fetches and runs: options that say so, and the first two operands."""
    said = [b.text for a, b in pairwise(call.args) if a.text in ("-p", "--package", "--from", "--with", "--spec")]
    glued = [word.text for word in call.args if re.match(r"--(package|from|with|spec)=", word.text)]
    return [*said, *glued, *[word.text for word in call.operands(_VALUED)[: 1 if call.name in ("npx", "uvx") else 2]]]


def _written_recipes(call: Call, verdict: Verdict, judge: Judge) -> None:
    """What this text has written for a build tool to run is judged, as far as its shell text shows."""
    texts: list[str] = []
    named = [b.text for a, b in pairwise(call.args) if a.text in ("-f", "--file", "--makefile")]
    named += [_file_of(word.text) for word in call.args]
    for name in ("Makefile", "makefile", "GNUmakefile", *named) if call.name in ("make", "gmake") else ():
        lines = (judge.written.content(name) or "").split("\n")
        texts += [line.lstrip("\t@-+ ") for line in lines if line.startswith("\t")]
        texts += [line.partition(";")[2] for line in lines if ";" in line and not line.startswith("\t")]
    if call.name in ("npm", "yarn", "pnpm", "bun", "npx"):
        content = judge.written.content("package.json")
        texts += re.findall(r'"\s*:\s*"((?:[^"\\]|\\.)*)"', content) if content else []
    for text in texts[:50]:
        _program(text.replace("$$", "$"), verdict, judge)


def _runs(call: Call, verdict: Verdict, judge: Judge) -> None:
    """`uv run COMMAND`, `npm exec -- COMMAND`: what follows is judged if its name is known, and opaque if not."""
    at, starts = 0, _RUNS[call.name]
    if starts:
        at = next((n for n, word in enumerate(call.args) if word.text in starts), len(call.args)) + 1
    if call.texts()[at - 1 : at] == ["explore"]:
        at += 1
    while at < len(call.args) and call.args[at].text.startswith("-") and call.args[at].text != "-":
        text = call.args[at].text
        if text in ("-c", "--call", "--shell-mode") and call.name in ("npx", "npm", "pnpm", "yarn"):
            shell_text(call.args[at + 1 : at + 2], verdict, judge)
            return
        if text in ("-m", "--module"):
            simple = call.after(at)
            simple.words = [Word("python"), *call.args[at:]]
            verdict.nested += judge.judge(simple)
            return
        at += 2 if text in _VALUED else 1
    rest = call.args[at:] or (call.args if call.texts()[:1] and call.texts()[0] in _DELETERS else [])
    if len(rest) > 1 and not judge.knows(rest[0].text) and call.texts()[at - 1 : at][:1] and _is_option(call, at - 1):
        rest = rest[1:]  # an option that was not known took the word
    if not rest:
        return
    rest[0] = Word(_VERSIONED.sub("", rest[0].text), rest[0].dynamic, rest[0].glob, rest[0].loose)
    rest = [rest[0], *(rest[2:] if len(rest) > 1 and rest[1].text == "--" else rest[1:])]
    if rest[0].dynamic:
        verdict.unknown("dynamic")
    elif rest[0].text == "-" and call.simple.stdin.kind == "pipe":
        verdict.unknown("pipe-to-shell")
    elif judge.knows(rest[0].text):
        simple = call.after(at)
        simple.words = rest
        verdict.nested += judge.judge(simple)
        if rest[0].text in _DELETERS:
            verdict.paths = [word.text for word in rest[1:] if not word.text.startswith("-")]
    elif says_destruction([word.text for word in rest[1:]]):
        verdict.at_least("destroy", "destroys")


_VERSIONED = re.compile(r"(?<=[\w-])@[\w.^~*-]+\Z")
"""`rimraf@5` is rimraf."""


def _is_option(call: Call, at: int) -> bool:
    text = call.args[at].text
    return text.startswith("--") and text != "--" and "=" not in text


def _make(call: Call, verdict: Verdict, judge: Judge) -> None:
    """Variables given to make are put into its commands; a makefile from a pipe is a program from a pipe."""
    for at, word in enumerate(call.args):
        value = _ASSIGNMENT.match(word.text)
        if value and re.search(r"[;&|`<>$\n]", value[1]):
            verdict.unknown("runs-other-program")
        elif value and not value[1].startswith("-"):
            _program(value[1], verdict, judge)
        before = call.args[at - 1].text if at else ""
        target = word.text if before in ("-f", "--file", "--makefile") else _file_of(word.text)
        if target in ("-", "/dev/stdin") or target.startswith(("/dev/fd/", "<(")):
            verdict.unknown("pipe-to-shell")


def _file_of(text: str) -> str:
    found = re.match(r"(?:-f|--file=|--makefile=)(.+)", text)
    return found[1] if found else ""


def _program(value: str, verdict: Verdict, judge: Judge) -> None:
    """A value that would do harm if it were run as a command."""
    words = value.split()
    if value in ("docker", "podman", "nerdctl", "kubectl", "python", "python3", "node", "git"):
        return  # how the project's own recipes are told which of them to use
    if words and judge.knows(words[0]):
        found = judge.nest(value, "shell")
        if any(one.action not in ("read", "write", "network") for operation in found for one in operation.walk()):
            verdict.nested += found


def _cmake(call: Call, verdict: Verdict, judge: Judge) -> None:
    texts = call.texts()
    if "-E" not in texts:
        return
    at = texts.index("-E") + 1
    verb = texts[at] if at < len(texts) else ""
    if verb in ("rm", "remove", "remove_directory"):
        simple = call.after(at)
        simple.words = [Word("rm"), *([Word("-r")] if verb == "remove_directory" else []), *call.args[at + 1 :]]
        verdict.nested += judge.judge(simple)
    elif verb in ("env", "time", "chdir"):
        simple = call.after(at + (2 if verb == "chdir" else 1))
        simple.words = [Word("env"), *simple.words]
        verdict.nested += judge.judge(simple)
    elif verb not in _CMAKE_READS | _CMAKE_WRITES:
        verdict.unknown()


_SPECIAL: dict[str, Callable[[Call, Verdict, Judge], None]] = {"make": _make, "cmake": _cmake, **COMPILERS}
