"""The rules of the house that every module keeps."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

from tests.house.project import LIBRARY, entries, imported, modules, nothing, shown, tree

MAX_MODULE = 250
MAX_FUNCTION = 40


def _functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_modules_are_short() -> None:
    """A module has at most 250 lines."""
    lines = {shown(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    nothing(f"{name}: {count} lines" for name, count in lines.items() if count > MAX_MODULE)


def test_functions_are_short() -> None:
    """A function has at most 40 lines."""
    lengths = {
        f"{shown(path)}:{function.name}": (function.end_lineno or 0) - function.lineno + 1
        for path in modules()
        for function in _functions(path)
    }
    nothing(f"{name}: {count} lines" for name, count in lengths.items() if count > MAX_FUNCTION)


def test_nothing_is_checked_with_assert() -> None:
    """No check of the library disappears under `python -O`."""
    found = [
        f"{shown(path)}:{node.lineno}"
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Assert)
    ]
    nothing(found)


def test_nothing_prints() -> None:
    """What the library says goes through a logger, a console, or a stream that was chosen."""
    found = [
        f"{shown(path)}:{node.lineno}"
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    nothing(found)


def test_only_mitm_imports_mitmproxy() -> None:
    """Everything but the enforcement point works without mitmproxy, imports inside functions included."""
    found = [
        shown(path)
        for path in (*modules(), *entries())
        if "mitm" not in path.relative_to(LIBRARY.parent).parts[1:-1]
        and any(name.partition(".")[0] == "mitmproxy" for name in imported(path))
    ]
    nothing(found)


def test_nothing_is_left_to_do() -> None:
    """No module holds a note about work that somebody else is to do."""
    marks = ("TO" + "DO", "FIX" + "ME")
    found = [shown(path) for path in modules() if any(mark in path.read_text(encoding="utf-8") for mark in marks)]
    nothing(found)


def test_entry_files_are_two_statements() -> None:
    """An entry file imports the library and lists its stages; logic in it would be out of every test's reach."""
    assert entries()
    for path in entries():
        docstring, *statements = tree(path).body
        assert isinstance(docstring, ast.Expr), shown(path)
        assert [type(statement) for statement in statements] == [ast.ImportFrom, ast.Assign], shown(path)


def test_modules_say_what_they_are() -> None:
    """Every module begins with a docstring."""
    found = [shown(path) for path in modules() if tree(path).body and not ast.get_docstring(tree(path))]
    nothing(found)


def test_every_module_names_what_is_public() -> None:
    """Whatever defines something says in `__all__` what others may use; nothing in it is missing."""
    wrong = []
    for path in modules():
        if not any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in tree(path).body):
            continue
        module = importlib.import_module(_dotted(path))
        named = getattr(module, "__all__", None)
        if path.stem != "__main__" and named is None:
            wrong.append(f"{shown(path)} has no __all__")
        wrong += [f"{shown(path)}: {name}" for name in named or () if not hasattr(module, name)]
    nothing(wrong)


def test_what_is_public_is_explained() -> None:
    """Every function and class in `__all__`, and every public method of such a class, has a docstring."""
    wrong = []
    for path in modules():
        public = _public(path)
        for node in tree(path).body:
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) or node.name not in public:
                continue
            if not ast.get_docstring(node):
                wrong.append(f"{shown(path)}:{node.lineno} {node.name}")
            wrong += [f"{shown(path)}:{line} {node.name}.{name}" for line, name in _unexplained(node)]
    nothing(wrong)


def _public(path: Path) -> frozenset[str]:
    for node in tree(path).body:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets):
            return frozenset(ast.literal_eval(node.value))
    return frozenset()


def _unexplained(node: ast.stmt) -> list[tuple[int, str]]:
    if not isinstance(node, ast.ClassDef):
        return []
    return [
        (member.lineno, member.name)
        for member in node.body
        if isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef)
        and not member.name.startswith("_")
        and not ast.get_docstring(member)
    ]


def _dotted(path: Path) -> str:
    parts = list(path.relative_to(LIBRARY.parent).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
