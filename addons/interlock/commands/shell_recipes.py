"""What build tools and test runners run by themselves: files that this very text has written for them.

`make` runs the Makefile, `pytest` every conftest.py, `pip install .` the setup.py. What such a file does is not the
command's word, so that only harm counts: nothing in it is a reason to call the command unknown.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from interlock.commands.shell_call import Call, Verdict
from interlock.commands.shell_interpreters import program_text
from interlock.commands.shell_suspect import suspicions
from interlock.model import Operation

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge

__all__ = ["run_recipes"]

_LOADED: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("pytest", "tox", "nox", "coverage"),
                    (r"(?:conftest|test_\w+|\w+_test|noxfile|sitecustomize)\.py\Z", "python")),
    **dict.fromkeys(("pip", "pip3", "uv", "poetry", "pipx", "pdm"), (r"(?:setup|build|conftest)\.py\Z", "python")),
    **dict.fromkeys(("cargo",), (r"\.rs\Z", "rust")), "go": (r"\.go\Z", "go"),
    **dict.fromkeys(("rake", "rspec", "bundle", "ruby"), (r"(?:Rakefile|Gemfile|\.rake|\.rb|extconf\.rb)\Z", "ruby")),
    **dict.fromkeys(("jest", "vitest", "mocha", "npm", "npx", "pnpm", "yarn", "bun", "webpack", "vite", "rollup",
                     "playwright", "tsx", "ts-node", "next"), (r"\.(?:[cm]?[jt]sx?)\Z", "node")),
    "just": (r"(?:\.?[jJ]ustfile)\Z", "lines"),
    **dict.fromkeys(("cmake", "ninja", "meson"), (r"(?:CMakeLists\.txt|\.cmake|meson\.build)\Z", "text")),
    **dict.fromkeys(("gradle", "gradlew"), (r"\.gradle(?:\.kts)?\Z", "groovy")), "mix": (r"\.exs?\Z", "elixir"),
    **dict.fromkeys(("terraform", "tofu"), (r"\.tf\Z", "text")),
}  # fmt: skip
"""Tool -> which files it loads, and in which language."""
_HARMS = frozenset(("download-and-run", "pipe-to-shell", "exfiltration", "network-socket", "remote-shell", "multiplies",
                    "host-access", "hidden-code", "system-path"))  # fmt: skip
_MAX_FILES = 20
_STRING = re.compile(r"\"((?:[^\"\\\n]|\\.){0,400})\"|'((?:[^'\\\n]|\\.){0,400})'|`([^`]{0,400})`")
_TASKS = re.compile(r"\b(?:sh|system|exec|execSync|Command::new|exec\.Command|commandLine|command)\b")
_DELETES = re.compile(
    r"\b(?:os\.RemoveAll|remove_dir_all|rm_rf?|rmSync|FileUtils\.rm\w*|rimraf|deleteRecursively|rmtree)\W{1,3}[\"']"
    r"(?=/|~|\$HOME|\.\.)(?!/tmp/)"
)


def run_recipes(call: Call, verdict: Verdict, judge: Judge) -> None:
    """Harm in the files that a tool loads goes into its verdict."""
    loaded = _LOADED.get(call.name)
    if loaded is None:
        return
    names = [path for path in judge.written.paths() if re.search(r"(?:\A|/)[^/]*" + loaded[0], path)]
    for name in names[:_MAX_FILES]:
        content = judge.written.content(name)
        if content:
            _judge(content, loaded[1], call, verdict, judge)


def _judge(content: str, language: str, call: Call, verdict: Verdict, judge: Judge) -> None:
    found = Verdict()
    if language == "python":
        program_text(content, language, call, found, judge)
    elif language == "lines":
        for line in content.split("\n")[:200]:
            if line[:1] in (" ", "\t") and line.strip():
                found.nested += judge.nest(line.strip().lstrip("@-"), "shell")
    else:
        strings = ["".join(groups) for groups in _STRING.findall(content)[:200]]
        for text in strings if _TASKS.search(content) else []:
            if judge.knows(text.split(None, 1)[0] if text.strip() else ""):
                found.nested += judge.nest(text, "shell")
        found.flags.update(dict.fromkeys(flag for flag in suspicions(content, language) if flag in _HARMS))
        if _DELETES.search(content):
            found.flags["recursive-delete"] = None
    harmful = [operation for operation in found.nested if any(map(_harms, operation.walk()))]
    said = [flag for flag in found.flags if flag in _HARMS or (flag == "recursive-delete" and language != "python")]
    if harmful or said:
        verdict.nested += harmful
        verdict.unknown("written-and-run", *said)


def _harms(one: Operation) -> bool:
    flags = one.arguments.get("flags")
    said = {str(flag) for flag in flags} if isinstance(flags, list | tuple) else set[str]()
    certain = "dynamic" not in said
    return bool(said & _HARMS) or (one.action in ("destroy", "admin") and certain and one.protocol == "shell")
