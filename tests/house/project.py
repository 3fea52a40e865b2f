"""What the house tests look at: the project's files, each read and parsed once."""

from __future__ import annotations

import ast
import functools
import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ADDONS = ROOT / "addons"
LIBRARY = ADDONS / "interlock"
TESTS = ROOT / "tests"
README = ROOT / "README.md"


@functools.cache
def modules() -> tuple[Path, ...]:
    """Every module of the library."""
    return tuple(sorted(LIBRARY.rglob("*.py")))


@functools.cache
def entries() -> tuple[Path, ...]:
    """The entry files: what mitmproxy's `-s` takes."""
    return tuple(sorted(ADDONS.glob("*.py")))


@functools.cache
def tree(path: Path) -> ast.Module:
    """A parsed module."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def shown(path: Path) -> str:
    """A path as a person writes it: relative to the project."""
    return path.relative_to(ROOT).as_posix()


def imported(path: Path) -> Iterator[str]:
    """Every module that a module imports, wherever in it the import stands."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Call) and _is_import(node.func) and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def _is_import(function: ast.expr) -> bool:
    name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
    return name in ("__import__", "import_module")


@functools.cache
def tracked() -> tuple[Path, ...]:
    """Every file that is in the repository, or about to be; a copy without history gives what lies in it."""
    command = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    found = subprocess.run(command, capture_output=True, check=False)
    if found.returncode:
        skipped = {".venv", ".venv-claude", "__pycache__"}
        return tuple(path for path in ROOT.rglob("*") if path.is_file() and not skipped & set(path.parts))
    names = [name.decode() for name in found.stdout.split(b"\0") if name]
    return tuple(path for path in (ROOT / name for name in names) if path.is_file())


@functools.cache
def readme() -> str:
    """The README."""
    return README.read_text(encoding="utf-8")


def code(text: str) -> frozenset[str]:
    """Everything a Markdown text sets as code between backticks, outside fenced blocks."""
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return frozenset(re.findall(r"`([^`\n]+)`", prose))


def blocks(text: str, language: str) -> list[str]:
    """The fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


def rows(text: str, heading: str) -> list[tuple[str, ...]]:
    """The rows of the first table under a heading, without its head."""
    _, found, rest = text.partition(f"\n{heading}\n")
    if not found:
        return []
    section = re.split(r"^#+ ", rest, maxsplit=1, flags=re.MULTILINE)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines[2:]]


def nothing(offenders: Iterable[str]) -> None:
    """Fails with all offenders, one a line."""
    found = list(offenders)
    if found:
        raise AssertionError("\n".join(["", *found]))
