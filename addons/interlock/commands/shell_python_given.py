"""What names of a Python text may hold one of: loops over what is written out, parameters of functions it calls itself.

`for c in (["ruff", "check"], ["mypy", "src"]): run(c)` runs two commands. Everything is bounded; where one value is
not certain, none is given.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from interlock.commands.shell_python_values import Values

__all__ = ["Given"]

_MAX_VALUES = 32
_MAX_DEPTH = 8

type _Environment = dict[str, ast.expr]


class Given:
    """The loops, functions and calls of one text."""

    def __init__(self, nodes: list[ast.AST]) -> None:
        self.loops: dict[str, list[tuple[ast.expr, int | None]]] = {}
        self.parameters: dict[str, list[tuple[str, int, ast.arguments]]] = {}
        self._calls: dict[str, list[ast.Call]] = {}
        self._named: dict[str, int] = {}
        self._functions: dict[str, int] = {}
        for node in nodes:
            self._see(node)

    def _see(self, node: ast.AST) -> None:
        if isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            targets = node.target.elts if isinstance(node.target, ast.Tuple) else [node.target]
            for at, target in enumerate(targets):
                if isinstance(target, ast.Name):
                    index = at if isinstance(node.target, ast.Tuple) else None
                    self.loops.setdefault(target.id, []).append((node.iter, index))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            self._functions[node.name] = self._functions.get(node.name, 0) + 1 + len(node.decorator_list)
            plain = [*node.args.posonlyargs, *node.args.args]
            for at, arg in enumerate(plain):
                self.parameters.setdefault(arg.arg, []).append((node.name, at, node.args))
            if node.args.vararg is not None:
                self.parameters.setdefault(node.args.vararg.arg, []).append((node.name, -len(plain) - 1, node.args))
        elif isinstance(node, ast.ClassDef):
            for part in ast.walk(node):
                if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
                    self._functions[part.name] = self._functions.get(part.name, 0) + 1  # a method is called otherwise
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            self._calls.setdefault(node.func.id, []).append(node)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            self._named[node.id] = self._named.get(node.id, 0) + 1

    def of(self, name: str, values: Values) -> list[ast.expr] | None:
        """The expressions that a name may hold, if the text gives it nothing else."""
        loops, parameters = self.loops.get(name, []), self.parameters.get(name, [])
        if not (loops or parameters) or values.stores[name] != len(loops) + len(parameters):
            return None
        found: list[ast.expr] = []
        for iterated, index in loops:
            one = self._elements(values.expression(iterated), index, values)
            if one is None:
                return None
            found += one
        for function, at, arguments in parameters:
            given = self._given(function, name, at, arguments)
            if given is None or values.stores[function] or function in values.imports:
                return None
            found += given
        return found if len(found) <= _MAX_VALUES else None

    def _elements(self, node: ast.expr, index: int | None, values: Values) -> list[ast.expr] | None:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "items":
            node = values.expression(node.func.value)
            if not isinstance(node, ast.Dict) or index not in (0, 1):
                return None
            keys = [key for key in node.keys if key is not None]
            return None if len(keys) != len(node.keys) else keys if index == 0 else list(node.values)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "enumerate" and node.args:
            if index == 0:
                return [ast.Constant("0")]
            node, index = values.expression(node.args[0]), None
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range":
            return [ast.Constant("0")]
        if isinstance(node, ast.Dict) and index is None:
            node = ast.Tuple([key for key in node.keys if key is not None])
        if not isinstance(node, ast.List | ast.Tuple | ast.Set) or any(isinstance(e, ast.Starred) for e in node.elts):
            return None
        if index is None:
            return node.elts
        parts = [values.expression(element) for element in node.elts]
        rows = [part.elts for part in parts if isinstance(part, ast.List | ast.Tuple)]
        return [row[index] for row in rows] if len(rows) == len(parts) and all(len(r) > index for r in rows) else None

    def _given(self, function: str, name: str, at: int, arguments: ast.arguments) -> list[ast.expr] | None:
        calls = self._calls.get(function, [])
        if self._functions.get(function) != 1 or len(calls) != self._named.get(function, 0) or not calls:
            return None
        found: list[ast.expr] = []
        for call in calls:
            if any(keyword.arg is None for keyword in call.keywords):
                return None
            starred = any(isinstance(arg, ast.Starred) for arg in call.args)
            named = [keyword.value for keyword in call.keywords if keyword.arg == name]
            if starred:
                return None
            if at < 0:
                found.append(ast.Tuple(call.args[-at - 1 :]))
            elif at < len(call.args):
                found.append(call.args[at])
            elif named:
                found.append(named[0])
            else:
                left = at - (len(arguments.posonlyargs) + len(arguments.args) - len(arguments.defaults))
                if not 0 <= left < len(arguments.defaults):
                    return None
                found.append(arguments.defaults[left])
        return found

    def environments(self, node: ast.expr, values: Values, depth: int = 0) -> Iterator[_Environment] | None:
        """Every way in which the names of an expression may be filled; None where one of them is not certain."""
        names = {
            part.id: given
            for part in ast.walk(node)
            if isinstance(part, ast.Name) and (given := self.of(part.id, values)) is not None
        }
        count = 1
        for given in names.values():
            count *= len(given)
        if not names or count > _MAX_VALUES or depth > _MAX_DEPTH:
            return None
        return (dict(zip(names, row, strict=True)) for row in product(*names.values()))
