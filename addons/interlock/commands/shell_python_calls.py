"""Calls in a Python text that have an effect: judged as the shell command that does the same."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from interlock.commands.language import NotUnderstood
from interlock.commands.shell_call import Call, Verdict
from interlock.commands.shell_http import http_operation, is_home
from interlock.commands.shell_places import private, secret
from interlock.commands.shell_python_selects import executes
from interlock.commands.shell_python_tables import BANNED, CALLS, METHODS, OPENERS, REQUESTS, SHELL_CALLS, VERBS, whole
from interlock.commands.shell_python_values import Values
from interlock.commands.shell_tree import Simple, Stdin
from interlock.commands.shell_words import Word

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge

__all__ = ["Effects"]

_READING = re.compile(r"(?:r[bt]?|[bt]r|U|rU|r[:|](?:\*|gz|bz2|xz)?)?")
_MAX_NESTED, _MAX_TEXTS = 200, 2000
_OTHERS = frozenset(("open", "execute", "executescript", "executemany", "read_text", "read_bytes"))
_UPLOADS = frozenset(("data", "json", "files", "content", "body"))


class Effects:
    """Puts what a text's calls do into its verdict."""

    SPECIAL = frozenset((*OPENERS, *REQUESTS, "builtins.getattr", "builtins.setattr"))

    def __init__(self, values: Values, call: Call, verdict: Verdict, judge: Judge) -> None:
        self.values, self.outer, self.verdict, self.judge = values, call, verdict, judge
        self.sent = self.environment = self.private = False
        self.wrote: list[str] = []

    def finish(self) -> None:
        """What only the whole text tells."""
        for operation in self.verdict.nested:
            if operation.protocol == "shell":
                self.verdict.at_least(operation.action)
        remote = [one for one in self.verdict.nested if one.protocol == "http" and not is_home(one)]
        if self.environment and remote:
            self.verdict.flags["secret-read"] = None
            self.sent = True
        if ("secret-read" in self.verdict.flags or self.private) and self.sent:
            self.verdict.flags["exfiltration"] = None
        if remote:
            self.judge.written.update(self.wrote)

    def function(self, name: str, node: ast.Call | None) -> None:
        """A function is called, or (`node` is None) mentioned, and then for anything."""
        if name in SHELL_CALLS:
            self._runs(SHELL_CALLS[name], node)
        elif name in OPENERS:
            self._opens(node)
        elif name in REQUESTS:
            self._requests(name, node)
        elif name in ("builtins.getattr", "builtins.setattr"):
            self._attribute(node)
        elif name in ("os.open", "os.write", "os.fdopen", "logging.basicConfig", "logging.FileHandler"):
            self.verdict.at_least("write")
        else:
            words = CALLS[name]
            operands = [self._operand(arg) for arg in node.args[:2]] if node else [self._any()]
            if words[0] == "chmod":
                words, operands = self._mode(node)
            elif words[0] == "kill":
                operands = [Word(number) if (number := whole(node)) else self._any()]
            several = self.values.texts(node.args[0]) if node and len(node.args) == 1 and words[0] != "chmod" else None
            for first in map(Word, several) if several else operands[:1] or [self._any()]:
                self._command([*map(Word, words), first, *operands[1:]])

    def is_method(self, node: ast.Call) -> bool:
        """Whether a call of a method by that name may have an effect."""
        if not isinstance(node.func, ast.Attribute):
            return False
        name = node.func.attr
        if name == "replace":
            return len(node.args) == 1
        if name == "rename":
            return not any(keyword.arg == "columns" for keyword in node.keywords)
        return name in METHODS or name in _OTHERS or (name in VERBS and self._url(node) is not None)

    def _url(self, node: ast.Call) -> str | None:
        text = self.values.text(node.args[0]) if node.args else None
        return text if text is not None and text.startswith(("http://", "https://")) else None

    def method(self, name: str, on: ast.expr, node: ast.Call | None) -> None:
        """A method of an object of unknown type is called, or mentioned."""
        if name in ("execute", "executescript", "executemany"):
            executes(node, self.values, self.verdict, self.judge)
        elif name == "open":
            self._opens(node, on)
        elif name in VERBS:
            self._requests(f"session.{name}", node)
        elif name in ("read_text", "read_bytes"):
            self._reads(on)
        else:
            words = METHODS["rename" if name == "replace" else name]
            words = self._mode(node)[0] if words[0] == "chmod" else words
            operands = [self._operand(on), *(self.values.word(arg) for arg in (node.args[:1] if node else []))]
            if words[0] in ("touch", "mkdir", "rm", "rmdir", "chmod"):
                operands = operands[:1]
            self._command([Word(word) for word in words] + operands)
            if name == "write_text" and node is not None and node.args and not operands[0].dynamic:
                self.judge.written.add(operands[0].text, self.values.text(node.args[0]))

    def _mode(self, node: ast.Call | None) -> tuple[tuple[str, ...], list[Word]]:
        modes = [arg.value for arg in (node.args if node else []) if isinstance(arg, ast.Constant)]
        number = next((mode for mode in modes if isinstance(mode, int)), 0o777)
        return ("chmod", f"{number & 0o7777:o}"), [self._operand(node.args[0])] if node and node.args else [self._any()]

    def _any(self) -> Word:
        return Word("{}", dynamic=True, loose=True)

    def _operand(self, node: ast.expr) -> Word:
        """A path that something is done to; in a loop over everything it stands for everything."""
        text = self.values.text(node)
        return Word("$x", dynamic=True, loose=self.values.is_wide(node)) if text is None else Word(text)

    def _command(self, words: list[Word]) -> None:
        source = self.outer.simple.source
        if len(self.verdict.nested) > _MAX_NESTED:
            raise NotUnderstood("too-complex")
        if words[0].text in ("touch", "cp", "mv", "ln"):
            self.judge.written.add(words[-1].text)
        simple = Simple(words, [], [], Stdin("dynamic"), self.outer.simple.start, source, self.outer.simple.at)
        self.verdict.nested += self.judge.judge(simple)

    def _runs(self, kind: str, node: ast.Call | None) -> None:
        if node is None or not node.args or any(keyword.arg in (None, "executable") for keyword in node.keywords):
            self.verdict.unknown("dynamic")
            return
        for keyword in node.keywords:
            if keyword.arg == "env":
                self._environment(keyword.value)
        first = node.args[0]
        shell = [keyword.value for keyword in node.keywords if keyword.arg == "shell"]
        off = all(isinstance(value, ast.Constant) and not value.value for value in shell)
        texts = self.values.texts(first)
        if kind == "text" or (kind == "argv" and shell and not off):
            if texts is None:
                self.verdict.unknown("dynamic")
                self._spoken(first)
            if len(self.verdict.nested) > _MAX_TEXTS:
                raise NotUnderstood("too-complex")
            self.verdict.nested += [one for text in texts or [] for one in self.judge.nest(text, "shell")]
        elif kind == "words" or kind == "words1":
            self._command([self.values.word(arg) for arg in node.args[1 if kind == "words1" else 0 :]])
        elif kind == "exec":
            words = self.values.argv(node.args[1]) if len(node.args) > 1 else None
            self._command([self.values.word(first), *(words or [])[1:]] if words else [self._any()])
        elif (lists := self.values.argvs(first)) is not None:
            for words in lists:
                self._command(words)
        elif texts is not None:
            for text in texts:
                self._command([Word(text)])
        else:
            self.verdict.unknown("dynamic")

    def _spoken(self, node: ast.expr) -> None:
        """A text for a shell with parts that are not known: what stands around them is judged besides."""
        node = self.values.expression(node)
        parts: list[ast.expr] = node.values if isinstance(node, ast.JoinedStr) else []
        if isinstance(node, ast.BinOp):
            parts = [node.left, node.right]
        texts = [self.values.text(part.value if isinstance(part, ast.FormattedValue) else part) for part in parts]
        if any(texts):
            self.verdict.nested += self.judge.nest("".join("$x" if text is None else text for text in texts), "shell")

    def sets(self, node: ast.Subscript) -> None:
        """`os.environ["PATH"] = x` is an assignment of the shell."""
        if self.values.resolve(node.value) == "os.environ":
            self._assign(node.slice)

    def _assign(self, key: ast.expr) -> None:
        from interlock.commands.shell_environment import assign

        name = self.values.text(key)
        if name is None:
            self.verdict.unknown("dynamic")
        else:
            assign(name, Word("$x", dynamic=True), self.verdict)

    def _environment(self, node: ast.expr) -> None:
        for key in node.keys if isinstance(node, ast.Dict) else []:
            if key is not None:
                self._assign(key)

    def _opens(self, node: ast.Call | None, on: ast.expr | None = None) -> None:
        if node is None or any(keyword.arg in (None, "opener") for keyword in node.keywords):
            self.verdict.unknown("dynamic")
            return
        at = 1 if on is None else 0
        modes = [keyword.value for keyword in node.keywords if keyword.arg == "mode"] or node.args[at : at + 1]
        named = [keyword.value for keyword in node.keywords if keyword.arg in ("file", "filename", "name")]
        path = self._operand(on or (node.args or named)[0]) if on or node.args or named else self._any()
        mode = self.values.text(modes[0]) if modes else "r"
        if mode is not None and _READING.fullmatch(mode):
            self._secret(path.text if not path.dynamic else self._like(on, node, named))
        else:
            self._command([Word("touch"), path])
            self.wrote += [] if path.dynamic else [path.text]

    def _reads(self, on: ast.expr) -> None:
        self._secret(self.values.text(on) or self.values.pattern(on))

    def _like(self, on: ast.expr | None, node: ast.Call, named: list[ast.expr]) -> str:
        """What the path of a call that opens it is like."""
        paths = [on] if on is not None else node.args or named
        return self.values.pattern(paths[0]) if paths else ""

    def _secret(self, text: str) -> None:
        self.private = self.private or private(text)
        if secret(text, glob="*" in text):
            self.verdict.flags["secret-read"] = None

    def _requests(self, name: str, node: ast.Call | None) -> None:
        self.verdict.at_least("network")
        if node is None or not node.args:
            return
        verb = name.rpartition(".")[2]
        url = node.args[0]
        sends = any(keyword.arg in _UPLOADS for keyword in node.keywords)
        if verb in ("request", "stream"):
            verb = (self.values.text(url) or "unknown").lower()
            url = node.args[1] if len(node.args) > 1 else url
        elif verb not in VERBS:
            verb = "post" if sends or len(node.args) > 1 else "get"
            methods = [self.values.text(keyword.value) for keyword in node.keywords if keyword.arg == "method"]
            verb = (methods[0] or "unknown").lower() if methods else verb
        if sends or verb in ("post", "put", "patch"):
            self.sent = True
            self.verdict.flags["upload"] = None
        text = self.values.text(url)
        found = http_operation(
            verb, text if text is not None else "", dynamic=text is None, source=self.outer.simple.source
        )
        self.verdict.nested.append(found)

    def _attribute(self, node: ast.Call | None) -> None:
        """`getattr(x, "name")` is `x.name`, where the name is known and x is no module."""
        name = self.values.text(node.args[1]) if node is not None and len(node.args) > 1 else None
        if node is None or name is None or BANNED.match(name) or name in METHODS or self.values.resolve(node.args[0]):
            self.verdict.unknown("dynamic")
