"""Whether a short Python text only computes and prints. Anything it does not know is not harmless."""

from __future__ import annotations

import ast

__all__ = ["is_harmless"]

_MAX_TEXT = 2000
_NODES = (
    ast.Module, ast.Expr, ast.Call, ast.Name, ast.Load, ast.Store, ast.Constant, ast.JoinedStr, ast.FormattedValue,
    ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.List, ast.Tuple, ast.Dict, ast.Set,
    ast.Subscript, ast.Slice, ast.Assign, ast.Import, ast.alias, ast.Attribute, ast.operator, ast.unaryop, ast.boolop,
    ast.cmpop, ast.ListComp, ast.GeneratorExp, ast.comprehension, ast.keyword,
)  # fmt: skip
_CALLS = frozenset("print len sum range sorted min max int str float bool list dict set tuple abs round zip".split())  # noqa: SIM905
_MODULES = {
    "sys": {"version", "version_info", "executable", "platform", "path", "maxsize"},
    "math": {"sqrt", "pi", "e", "floor", "ceil", "log", "pow"},
    "json": {"dumps", "loads"},
    "platform": {"python_version", "system", "machine"},
}


def is_harmless(text: str) -> bool:
    """True only for imports of a few modules, arithmetic, literals and calls of a few functions by name."""
    if len(text) > _MAX_TEXT:
        return False
    try:
        nodes = list(ast.walk(ast.parse(text)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return all(isinstance(node, _NODES) and _is_known(node) for node in nodes)


def _is_known(node: ast.AST) -> bool:
    if isinstance(node, ast.Import):
        return all(name.name in _MODULES and name.asname is None for name in node.names)
    if isinstance(node, ast.Attribute):
        return isinstance(node.value, ast.Name) and node.attr in _MODULES.get(node.value.id, ())
    if isinstance(node, ast.Call):
        plain = not any(keyword.arg is None or keyword.arg in ("file", "key", "cls") for keyword in node.keywords)
        called = node.func.id in _CALLS if isinstance(node.func, ast.Name) else isinstance(node.func, ast.Attribute)
        return plain and called
    if isinstance(node, ast.Name):
        stored = isinstance(node.ctx, ast.Store)
        return not (stored and (node.id in _CALLS or node.id in _MODULES)) and not node.id.startswith("__")
    return True
