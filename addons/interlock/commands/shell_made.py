"""What tools make again by themselves: build output, caches, folders for temporary files.

Deleting it is a write, told apart from others by its flag alone; the shipped rules name the same folders as exceptions.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from interlock.commands.shell_words import Word

__all__ = ["FIND_VALUED", "SCRATCH", "can_be_made_again", "found_names"]

_MADE_TEXT = """
node_modules build dist target out tmp .venv venv __pycache__ .pytest_cache .mypy_cache .ruff_cache .hypothesis .tox
.nox .next .nuxt .output .svelte-kit .turbo .vite .angular .nyc_output .gradle .parcel-cache .cache coverage .coverage
coverage.xml htmlcov .eggs .ipynb_checkpoints .docusaurus _build storybook-static playwright-report test-results
__snapshots__ cmake-build-debug cmake-build-release CMakeFiles .dart_tool DerivedData package-lock.json yarn.lock
pnpm-lock.yaml poetry.lock uv.lock .DS_Store
"""
_MADE = frozenset(_MADE_TEXT.split())
FIND_VALUED = frozenset(
    ("-name", "-iname", "-path", "-ipath", "-wholename", "-regex", "-iregex", "-type", "-size", "-mtime", "-mmin",
     "-ctime", "-cmin", "-atime", "-amin", "-newer", "-maxdepth", "-mindepth", "-user", "-group", "-perm", "-printf",
     "-regextype", "-links", "-inum", "-samefile", "-newermt", "-lname", "-xtype", "-fstype", "-uid", "-gid")
)  # fmt: skip
"""Tests of find that take a word."""
_TURNS = frozenset(("!", "-not", ",", "-L", "-ok", "-okdir"))
"""Words of find that turn a test around, or lead elsewhere; options in `-f` write files or follow links."""
_RUNS = frozenset(("-exec", "-execdir"))
_ENDINGS = (".egg-info", ".pyc", ".pyo", ".tsbuildinfo", ".class", ".o", ".gcda", ".gcno", ".orig", ".rej", ".swp",
            ".tmp", ".snap")  # fmt: skip
SCRATCH = "/tmp/tmp.made"  # noqa: S108  a name that stands for one, nothing is opened
"""What stands for the path that `mktemp` prints: a file or folder of its own, below the one for temporary files."""
_SCRATCH = re.compile(r"/(?:private/)?(?:var/)?tmp/+(?![.*])[\w.-][\w.*-]*+(?:/[\w./-]*)?\Z", re.ASCII)
"""Something of its own in the folder for temporary files."""


_OWN = re.compile(r"/(?:(?:home|Users)/[^/]+|root|workspaces?|work|app|code|repo|src)/", re.ASCII)
"""Where people and build machines keep what they work on; what is deployed lies elsewhere."""


def can_be_made_again(word: Word) -> bool:
    """Whether a path certainly lies in (or is) what tools make again."""
    path = word.text.removeprefix("$PWD/")
    steps = path.split("/")
    if word.dynamic or ".." in steps or re.search(r"[?\[{~$`\\]", path) or any(map(_climbs, steps)):
        return False
    if _SCRATCH.match(path):
        return True
    own = _OWN.match(path)
    return (own is not None or not path.startswith("/")) and any(
        map(_is_made, path[own.end() if own else 0 :].split("/"))
    )


def _climbs(step: str) -> bool:
    """Whether a pattern such as `.*` could also mean the folder above."""
    return "*" in step and step.strip("*") in (".", "..")


def _is_made(step: str) -> bool:
    """Whether everything that a step (or a pattern) means has such a name."""
    return step in _MADE or (step.endswith(_ENDINGS) and not step.startswith(".."))


def found_names(args: list[Word], valued: Collection[str]) -> list[str]:
    """The names that `find` deletes, where what it finds is certainly called so and can be made again; else none.

    Every alternative with an action has to name it, and in front of the action: `-delete -name x` deletes everything.
    `valued` are the tests of find that take a word.
    """
    texts = [word.text for word in args]
    if any(map(_is_outside, _roots(args))):
        return []
    names: list[str] = []
    named, at = False, 0
    while at < len(args):
        text = texts[at]
        if text in _TURNS or text.startswith("-f"):
            return []
        if text in ("-o", "-or") and (named or "(" not in texts):
            named = False
        elif text == "-name":
            name = args[at + 1] if at + 1 < len(args) else Word("", dynamic=True)
            if name.dynamic or not _is_made(name.text) or re.search(r"[/?\[\\]", name.text):
                return []
            names.append(name.text)
            named = True
        elif (text in ("-o", "-or", "-delete") or text in _RUNS) and not named:
            return []
        if text in _RUNS:
            at = next((end for end in range(at + 1, len(args)) if texts[end] in (";", "+")), len(args))
        at += 2 if text in valued else 1
    return names


def _is_outside(root: Word) -> bool:
    return root.dynamic or root.text.startswith(("/", "~", "$")) or ".." in root.text.split("/")


def _roots(args: list[Word]) -> list[Word]:
    end = next((at for at, word in enumerate(args) if word.text.startswith(("-", "(", "!"))), len(args))
    return args[:end]
