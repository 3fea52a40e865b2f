"""Constants and imports of a Python text: what a name certainly stands for."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Collection

from interlock.commands.language import NotUnderstood
from interlock.commands.shell_made import SCRATCH
from interlock.commands.shell_python_given import Given
from interlock.commands.shell_words import Word

__all__ = ["Values", "dotted"]

_PATHS = frozenset(("pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath", "os.path.expanduser", "os.path.abspath",
                    "os.path.join", "os.path.normpath", "os.fspath", "os.path.expandvars",
                    "os.path.realpath"))  # fmt: skip
_FIXED = {"sys.executable": "python3", "os.sep": "/", "os.devnull": "/dev/null"}
_PLACES = {"pathlib.Path.home": "~", "pathlib.Path.cwd": ".", "os.getcwd": "."}
_KEEPS = frozenset(("strip", "resolve", "expanduser", "absolute", "as_posix"))
_MAX_STEPS = 64
_MAX_WORDS = 1000
_MAX_VALUES = 32
_MAX_DEPTH = 24
_MAX_CONSTANT = 1 << 16


def dotted(name: str, known: Collection[str]) -> bool:
    """Whether a dotted name, or a beginning of it, is among the known ones."""
    while name:
        if name in known:
            return True
        name = name.rpartition(".")[0]
    return False


class Values:
    """Names of one text: `imports` maps a name to the dotted one it was imported as."""

    def __init__(self, nodes: list[ast.AST]) -> None:
        self.imports: dict[str, str] = {}
        self.stores: Counter[str] = Counter()
        self.assigned: dict[str, ast.expr] = {}
        self.loops: dict[str, ast.expr] = {}
        self.listing = False
        self.given = Given(nodes)
        self.held: dict[str, ast.expr] = {}
        self._texts: dict[int, str | None] = {}
        for node in nodes:
            self._see(node)

    def _see(self, node: ast.AST) -> None:
        if isinstance(node, ast.Import):
            for name in node.names:
                self.imports[name.asname or name.name.partition(".")[0]] = (
                    name.name if name.asname else name.name.partition(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and not node.level:
            for name in node.names:
                self.imports[name.asname or name.name] = f"{node.module}.{name.name}"
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            self.stores[node.id] += 1
        elif isinstance(node, ast.arg):
            self.stores[node.arg] += 1
        elif isinstance(node, ast.MatchAs | ast.MatchStar | ast.ExceptHandler) and node.name:
            self.stores[node.name] += 1
        elif isinstance(node, ast.MatchMapping) and node.rest:
            self.stores[node.rest] += 1
        elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            self.assigned[node.targets[0].id] = node.value
        elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            self.listing = self.listing or _lists(node.iter)
            if isinstance(node.target, ast.Name):
                self.loops[node.target.id] = node.iter

    def resolve(self, node: ast.expr) -> str:
        """The dotted name of what an expression names, if it begins with an import; else empty."""
        steps: list[str] = []
        while isinstance(node, ast.Attribute):
            if len(steps) > _MAX_STEPS:
                raise NotUnderstood("too-complex")
            steps.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ""
        known = self.imports.get(node.id)
        if known is None:
            return f"builtins.{node.id}" if node.id in ("open", "getattr", "setattr") and not steps else ""
        return ".".join([known, *reversed(steps)])

    def expression(self, node: ast.expr) -> ast.expr:
        """What a name was assigned, where that happened once; else the expression itself."""
        for _ in range(_MAX_DEPTH):
            if isinstance(node, ast.Name) and node.id in self.held:
                node = self.held[node.id]
                continue
            if not isinstance(node, ast.Name) or self.stores[node.id] != 1 or node.id not in self.assigned:
                break
            node = self.assigned[node.id]
        return node

    def text(self, node: ast.expr, depth: int = 0) -> str | None:
        """The one text an expression certainly is (paths count as texts), or None."""
        if depth > _MAX_DEPTH:
            return None
        node = self.expression(node)
        if id(node) not in self._texts:
            self._texts[id(node)] = self._text(node, depth)
        return self._texts[id(node)]

    def _text(self, node: ast.expr, depth: int) -> str | None:
        found: str | None = None
        if isinstance(node, ast.Constant):
            found = node.value if isinstance(node.value, str) else None
        elif isinstance(node, ast.JoinedStr):
            found = self._joined([part.value if isinstance(part, ast.FormattedValue) else part for part in node.values],
                                 "", depth)  # fmt: skip
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Div):
            found = self._joined([node.left, node.right], "/" if isinstance(node.op, ast.Div) else "", depth)
        elif isinstance(node, ast.Call):
            found = self._called(node, depth)
        elif isinstance(node, ast.Attribute):
            found = _FIXED.get(self.resolve(node))
        return found if found is None or len(found) <= _MAX_CONSTANT else None

    def _joined(self, parts: list[ast.expr], by: str, depth: int) -> str | None:
        texts = [self.text(part, depth + 1) for part in parts]
        known = [text for text in texts if text is not None]
        return by.join(known) if len(known) == len(texts) else None

    def _called(self, node: ast.Call, depth: int) -> str | None:
        name = self.resolve(node.func)
        if name in _PLACES:
            return _PLACES[name]
        if name == "tempfile.mkdtemp":
            return f"{SCRATCH}{node.lineno}-{node.col_offset}"
        if isinstance(node.func, ast.Attribute) and node.func.attr == "joinpath" and node.args and not node.keywords:
            return self._joined([node.func.value, *node.args], "/", depth)
        if name in _PATHS or (isinstance(node.func, ast.Name) and node.func.id == "str" and node.args):
            return self._joined(node.args, "/", depth) if node.args and not node.keywords else None
        if isinstance(node.func, ast.Attribute) and node.func.attr == "join" and len(node.args) == 1:
            by, words = self.text(node.func.value, depth + 1), self.argv(node.args[0], depth + 1)
            if by is not None and words is not None and not any(word.dynamic for word in words):
                return by.join(word.text for word in words)
        if isinstance(node.func, ast.Attribute) and node.func.attr in _KEEPS and not node.args:
            return self.text(node.func.value, depth + 1)
        return None

    def texts(self, node: ast.expr) -> list[str] | None:
        """All texts an expression can be: one, or those of loops and calls that the text writes out."""
        return self._each(node, self.text)

    def argvs(self, node: ast.expr) -> list[list[Word]] | None:
        """All lists of words that an expression can be, or None where it is not seen how many there are."""
        return self._each(node, self.argv)

    def _each[Found](
        self, node: ast.expr, read: Callable[[ast.expr], Found | None], depth: int = 0
    ) -> list[Found] | None:
        one = read(node)
        whole = not isinstance(one, list) or not any(word.dynamic for word in one)
        if one is not None and whole:
            return [one]
        node = self.expression(node)
        ways = self.given.environments(node, self, depth)
        found: list[Found] = []
        before = self.held
        for way in ways or ():
            self.held, self._texts = {**before, **{n: e for n, e in way.items() if not _mentions(e, n)}}, {}
            inner = self._each(node, read, depth + 1) if len(self.held) > len(before) else None
            if inner is None or len(found) > _MAX_VALUES:
                found = []
                break
            found += inner
        self.held, self._texts = before, {}
        return found or (None if one is None else [one])

    def _element(self, part: ast.expr, depth: int) -> list[Word]:
        """The words that one element of a list stands for."""
        if not isinstance(part, ast.Starred):
            return [self.word(part)]
        words = self.argv(part.value, depth + 1) if depth < _MAX_DEPTH else None
        return [Word("{}", dynamic=True, loose=True)] if words is None else words

    def is_wide(self, node: ast.expr) -> bool:
        """Whether something done to a path that is not known may be done to any files: in a loop over a list that is
        neither constant nor a pattern of a kind of names."""
        loops = [self.loops[part.id] for part in ast.walk(node) if isinstance(part, ast.Name) and part.id in self.loops]
        return self.listing or any(not self._is_narrow(loop) for loop in loops)

    def _is_narrow(self, loop: ast.expr) -> bool:
        loop = self.expression(loop)
        if isinstance(loop, ast.Call) and isinstance(loop.func, ast.Name) and loop.args:
            loop = self.expression(loop.args[0])  # sorted(...), list(...), reversed(...)
        if isinstance(loop, ast.List | ast.Tuple | ast.Set):
            return True
        if isinstance(loop, ast.Call) and isinstance(loop.func, ast.Attribute) and loop.func.attr in ("glob", "iglob"):
            pattern = self.text(loop.args[0]) if loop.args else None
            return pattern is not None and "**" not in pattern and bool(pattern.rpartition("/")[2].strip("*?."))
        return False

    def pattern(self, node: ast.expr) -> str:
        """What a path that is read in a loop over the names that a pattern finds is like; nothing if it is not."""
        found = self.given.loops.get(node.id, []) if isinstance(node, ast.Name) else []
        for iterated, index in found if len(found) == 1 else []:
            call = self.expression(iterated)
            while isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.args:
                call = self.expression(call.args[0])  # sorted(...), list(...)
            if index is None and isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
                name, on = call.func.attr, self.text(call.func.value)
                said = self.text(call.args[0]) if call.args else "*"
                if name in ("glob", "iglob", "rglob", "iterdir", "listdir", "scandir") and said is not None:
                    return said if on is None else f"{on}/{said}"
        return ""

    def word(self, node: ast.expr) -> Word:
        """One word that another program is given."""
        text = self.text(node)
        return Word("$x", dynamic=True) if text is None else Word(text)

    def argv(self, node: ast.expr, depth: int = 0) -> list[Word] | None:
        """The words of a list, or None where it is not seen how many there are."""
        node = self.expression(node)
        if isinstance(node, ast.List | ast.Tuple):
            return [word for part in node.elts for word in self._element(part, depth)]
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and depth < _MAX_DEPTH:
            left = self.argv(node.left, depth + 1)
            if left is None or len(left) > _MAX_WORDS:
                return None
            right = self.argv(node.right, depth + 1)
            return [*left, *([Word("{}", dynamic=True, loose=True)] if right is None else right)]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "split":
            text = self.text(node.func.value) if not node.args else None
            return None if text is None else [Word(part) for part in text.split()]
        return None


def _mentions(node: ast.expr, name: str) -> bool:
    return any(isinstance(part, ast.Name) and part.id == name for part in ast.walk(node))


def _lists(node: ast.expr) -> bool:
    """Whether a loop goes over everything in a folder."""
    names = [part.attr if isinstance(part, ast.Attribute) else part.id
             for part in ast.walk(node) if isinstance(part, ast.Attribute | ast.Name)]  # fmt: skip
    return any(name in ("rglob", "iterdir", "walk", "listdir", "scandir", "fwalk") for name in names)
