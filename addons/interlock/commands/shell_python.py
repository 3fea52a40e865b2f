"""What a short Python text does, read with Python's own grammar.

Nothing is executed and no value is followed further than a constant. What counts is what a text *names*: a function
with an effect counts where it is mentioned, called or not, so that no detour hides it (`map(os.remove, files)`).
Modules that are not in the tables, names that lead from an object to its frame, class tree or module, and text that
would become code make the whole not understood. Modules from outside the standard library are opaque: their code lies
on the disk, as that of `python script.py` does. Functions that a shell command does too are judged as that command.
"""

from __future__ import annotations

import ast
import re
import sys
import threading
import warnings
from typing import TYPE_CHECKING

from interlock.commands.shell_call import Call, Verdict
from interlock.commands.shell_python_calls import Effects
from interlock.commands.shell_python_tables import (
    BANNED,
    CALLS,
    DUNDERS,
    FOREIGN_RUNNERS,
    HARMLESS,
    HTTP_MODULES,
    METHODS,
    SHELL_CALLS,
    UNKNOWN_NAMES,
)
from interlock.commands.shell_python_values import Values, dotted
from interlock.commands.shell_secrets import shows

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge

__all__ = ["python_text"]

_MAX_TEXT = 1 << 15
_MAX_NODES = 20_000
_ODD_MODULES = frozenset(("antigravity", "idlelib", "turtledemo", "test", "this"))
"""Modules of the standard library whose mere loading does something."""
_STARRED = frozenset(("math", "collections", "itertools", "datetime", "typing", "functools", "decimal"))
_SHOWING = frozenset(("print", "dict", "str", "repr", "list", "json.dumps", "pprint.pprint", "sorted"))
_TEXTUAL = frozenset(("pandas.eval", "pandas.DataFrame.query"))
_WARNINGS = threading.Lock()


def python_text(text: str, call: Call, verdict: Verdict, judge: Judge) -> None:
    """Judges a program given as text; what it does goes into `verdict`."""
    tree = _parsed(text) if judge.programs.has_room(text) else None
    if tree is None:
        verdict.unknown("runs-other-program")
        return
    _Reader(tree, call, verdict, judge).read()


def _parsed(text: str) -> list[ast.AST] | None:
    if len(text) > _MAX_TEXT:
        return None
    try:
        with _WARNINGS, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an odd escape in somebody else's text is no news
            nodes = list(ast.walk(ast.parse(text)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return nodes if len(nodes) <= _MAX_NODES else None


class _Reader:
    """One pass over all nodes; `taken` are the parts of names that have been judged as a whole."""

    def __init__(self, nodes: list[ast.AST], call: Call, verdict: Verdict, judge: Judge) -> None:
        self.nodes, self.verdict = nodes, verdict
        self.values = Values(nodes)
        self.effects = Effects(self.values, call, verdict, judge)
        self.taken: set[int] = set()

    def read(self) -> None:
        """Judges every node."""
        for node in self.nodes:
            if isinstance(node, ast.Import):
                for name in node.names:
                    self._module(name.name)
            elif isinstance(node, ast.ImportFrom):
                self._imported(node)
            elif isinstance(node, ast.Call):
                self._call(node)
            elif isinstance(node, ast.Attribute) and id(node) not in self.taken:
                self._attribute(node)
            elif isinstance(node, ast.Name) and id(node) not in self.taken:
                self._name(node)
            elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
                self.effects.sets(node)
            elif (isinstance(node, ast.MatchClass) and any(map(BANNED.match, node.kwd_attrs))) or (
                isinstance(node, ast.arg | ast.AnnAssign) and _is_code(node.annotation)
            ):
                self._unknown()
        self.effects.finish()

    def _unknown(self) -> None:
        self.verdict.unknown("runs-other-program")

    def _module(self, name: str) -> None:
        """A module is loaded; its code runs."""
        root = name.partition(".")[0]
        if self.effects.judge.is_written(f"{root}.py") or self.effects.judge.is_written(root):
            self.verdict.unknown("written-and-run")
        if root in FOREIGN_RUNNERS or root in _ODD_MODULES:
            self._unknown()
        elif name in HTTP_MODULES or root in HTTP_MODULES:
            self.verdict.at_least("network")
            self.effects.sent = True
        elif root not in sys.stdlib_module_names:
            self.verdict.at_least("write", "opaque")

    def _imported(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        if node.level:
            self.verdict.at_least("write", "opaque")
            return
        for name in node.names:
            if name.name == "*" and module.partition(".")[0] in sys.stdlib_module_names and module not in _STARRED:
                self._unknown()
        self._module(module)

    def _call(self, node: ast.Call) -> None:
        name = self.values.resolve(node.func)
        self._hands_on(node)
        if name in _SHOWING or (isinstance(node.func, ast.Name) and node.func.id in _SHOWING):
            if any(self.values.resolve(arg) == "os.environ" for arg in node.args):
                self.verdict.flags["secret-read"] = None
            if any(map(self._is_secret, node.args)):
                self.verdict.flags["secret-read"] = None
        elif name.startswith("os.environ.items"):
            self.verdict.flags["secret-read"] = None
        if name and (name in CALLS or name in SHELL_CALLS or name in self.effects.SPECIAL):
            self._take(node.func)
            self.effects.function(name, node)
        elif name in _TEXTUAL or (isinstance(node.func, ast.Attribute) and node.func.attr in ("query", "eval")):
            self._evaluated(node)
        elif isinstance(node.func, ast.Attribute) and not name and self.effects.is_method(node):
            self.taken.add(id(node.func))
            self.effects.method(node.func.attr, node.func.value, node)

    def _hands_on(self, node: ast.Call) -> None:
        """The environment as a whole given to a call, but for that of a program that is started."""
        given = [*node.args, *(keyword.value for keyword in node.keywords if keyword.arg != "env")]
        if any(self.values.resolve(arg) == "os.environ" for arg in given):
            self.effects.environment = True

    def _is_secret(self, node: ast.expr) -> bool:
        """`os.environ["API_TOKEN"]`, `os.getenv("API_TOKEN")`: a secret that is shown."""
        key: ast.expr | None = None
        if isinstance(node, ast.Subscript) and self.values.resolve(node.value) == "os.environ":
            key = node.slice
        elif isinstance(node, ast.Call) and self.values.resolve(node.func) in ("os.getenv", "os.environ.get"):
            key = node.args[0] if node.args else None
        name = self.values.text(key) if key is not None else None
        return name is not None and shows("$" + name)

    def _evaluated(self, node: ast.Call) -> None:
        """`frame.query("a > 3")`: an expression of pandas, unless it leads out of it."""
        for arg in node.args:
            text = self.values.text(arg)
            computed = text is None and not isinstance(arg, ast.Name | ast.Attribute)
            if computed or (text is not None and re.search(r"@|__|\.\s*\w+\s*\(", text)):
                self._unknown()

    def _attribute(self, node: ast.Attribute) -> None:
        name = self.values.resolve(node)
        self._take(node)
        if name:
            self._qualified(name)
        elif node.attr in METHODS or node.attr in ("execute", "executescript", "executemany"):
            self.effects.method(node.attr, node.value, None)
        elif BANNED.match(node.attr) and node.attr not in DUNDERS:
            self._unknown()

    def _take(self, node: ast.expr) -> None:
        """Marks the parts of a dotted name that begins with an import as judged."""
        if not self.values.resolve(node):
            self.taken.add(id(node))
            return
        at: ast.expr = node
        while isinstance(at, ast.Attribute):
            self.taken.add(id(at))
            at = at.value
        self.taken.add(id(at))

    def _name(self, node: ast.Name) -> None:
        known = self.values.imports.get(node.id)
        if known is not None and isinstance(node.ctx, ast.Load):
            self._qualified(known, bare=True)
        elif node.id in UNKNOWN_NAMES or (node.id.startswith("__") and node.id not in DUNDERS):
            self._unknown()
        elif node.id in ("getattr", "setattr", "open"):
            self._unknown()  # only calls of them are followed

    def _qualified(self, name: str, bare: bool = False) -> None:
        """A name in a module is mentioned."""
        root = name.partition(".")[0]
        steps = name.split(".")
        if name in CALLS or name in SHELL_CALLS or name in self.effects.SPECIAL:
            self.effects.function(name, None)
        elif any(BANNED.match(step) and step not in DUNDERS for step in steps[1:]) and not dotted(name, _ALLOWED):
            self._unknown()
        elif root not in sys.stdlib_module_names or dotted(name, HTTP_MODULES):
            return  # judged when it was imported
        elif bare and _is_effectful(name):
            self._unknown()  # a module handed on: what is called in it is not seen
        elif not dotted(name, HARMLESS) and not (steps[-1] in DUNDERS and len(steps) == 2):
            self._unknown()


_ALLOWED = frozenset(("asyncio.subprocess.PIPE", "asyncio.subprocess.STDOUT", "asyncio.subprocess.DEVNULL",
                      "platform.system", "socket.socket"))  # fmt: skip
"""Names that look like others but lead nowhere."""
_EFFECTFUL = frozenset(("os", "sys", "shutil", "subprocess"))


def _is_effectful(name: str) -> bool:
    return name in _EFFECTFUL or name in ("importlib", "io", "codecs", "types", "operator", "logging")


def _is_code(node: ast.expr | None) -> bool:
    """An annotation that is a string, which some libraries evaluate, with a call in it."""
    if node is None:
        return False
    return any(
        isinstance(part, ast.Constant) and isinstance(part.value, str) and "(" in part.value for part in ast.walk(node)
    )
