"""Short JavaScript for Node: tokens that compute, read files and print, and the few effects that agents write inline.

What counts is what a text names. Names that lead to code made of text (`constructor`, `eval`, `Function`), to other
modules than those known, or property names that are put together at run time make it not understood.
"""

from __future__ import annotations

import functools
import re

from interlock.commands.shell_call import Verdict
from interlock.commands.shell_http import http_operation
from interlock.commands.shell_javascript_programs import Token, is_started, started
from interlock.commands.shell_javascript_tables import BANNED, DELETES, MODULES, NETWORK, READS, REFUSED, WRITES
from interlock.commands.shell_secrets import secret

__all__ = ["javascript_text"]

_TOKEN = re.compile(
    r"(?P<space>\s+|//[^\n]*|/\*.*?\*/)|(?P<string>'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\")"
    r"|(?P<name>[A-Za-z_$][\w$]*)|(?P<number>\d[\w.]*)|(?P<other>=>|\?\.|\.\.\.|[-+*%&|^!~<>=?:;,.(){}\[\]@#])",
    re.DOTALL,
)
_REGEX = re.compile(r"/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\[\n])+/[a-z]*")
_BUILT = re.compile(
    r"fromCharCode|fromCodePoint|atob|unescape|decodeURI|\\x|\\u|base64|reverse\s*\(|join\s*\(\s*(?:''|\"\"|``)|toString\s*\(\s*\d"
    r"|replace(?:All)?\s*\([^)]*,\s*(?:''|\"\")|['\"]\s*\+\s*['\"]|\.concat\s*\(|\.at\s*\(|charAt|codePoint|substr"
)
"""Ways to put a name together that is not seen."""
_is_built = functools.lru_cache(maxsize=4)(_BUILT.search)
_MAX_TOKENS, _MAX_REQUESTS, _MAX_INSIDE = 4000, 50, 500


def javascript_text(text: str, verdict: Verdict) -> bool:
    """Whether a program is understood; writes, modules from elsewhere and requests go into `verdict`."""
    tokens = _tokens(text)
    if tokens is None:
        return False
    programs = started(tokens)
    if programs is None:
        return False
    verdict.texts += programs
    said = {token.text for token in tokens}
    for at, token in enumerate(tokens):
        before = tokens[at - 1] if at else Token("", "")
        if token.kind == "name" and not _name(tokens, at, verdict, said):
            return False
        if token.kind == "string" and (token.text in BANNED or "constructor" in token.text):
            return False
        indexed = before.kind in ("name", "string") or before.text in (")", "]", "?.")
        indexed = indexed and before.text not in ("return", "of", "in", "case", "typeof", "await")
        if token.text == "[" and indexed and not _subscript(tokens, at, text):
            return False
    paths = [token.text for token in tokens if token.kind == "string" and "/" in token.text and secret(token.text)]
    if paths and any(token.text in READS for token in tokens):
        verdict.flags["secret-read"] = None
        if verdict.action in ("network", "unknown") or "upload" in verdict.flags:
            verdict.flags["exfiltration"] = None
    return True


def _tokens(text: str) -> list[Token] | None:
    """The tokens; None for what is not JavaScript as far as it is known here."""
    found: list[Token] = []
    at, braces = 0, list[int]()  # where a template goes on once its brace is closed
    depth = 0
    while at < len(text):
        if len(found) > _MAX_TOKENS:
            return None
        char = text[at]
        if char == "`" or (char == "}" and braces and braces[-1] == depth):
            if char == "}":
                braces.pop()
            end, opened = _template(text, at + 1)
            if end < 0:
                return None
            found.append(Token("string", text[at + 1 : end - 1]))
            if opened:
                braces.append(depth)
                found.append(Token("other", "+"))
            at = end
            continue
        if char == "/" and _expects_operand(found) and (regex := _REGEX.match(text, at)):
            found.append(Token("regex", ""))
            at = regex.end()
            continue
        match = _TOKEN.match(text, at) or (re.compile(r"/=?").match(text, at))
        if not match:
            return None
        kind = match.lastgroup or "other"
        if kind != "space":
            found.append(Token(kind, match[0][1:-1] if kind == "string" else match[0]))
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        at = match.end()
    return None if braces or depth else found


def _template(text: str, at: int) -> tuple[int, bool]:
    """Where a part of a template ends, and whether an expression follows; -1 where it never ends."""
    while at < len(text):
        if text[at] == "\\":
            at += 2
        elif text[at] == "`":
            return at + 1, False
        elif text.startswith("${", at):
            return at + 2, True
        else:
            at += 1
    return -1, False


def _expects_operand(found: list[Token]) -> bool:
    if not found:
        return True
    last = found[-1]
    if last.kind == "name":
        return last.text in ("return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "await")
    return last.kind == "other" and last.text not in (")", "]", "}")


def _text(tokens: list[Token], at: int, *shape: str) -> str | None:
    """The string where tokens go on as `shape` says, `''` standing for any string."""
    found = None
    for offset, want in enumerate(shape):
        token = tokens[at + offset] if at + offset < len(tokens) else Token("", "")
        if want == "''":
            if token.kind != "string" or "\\" in token.text:
                return None
            found = token.text
        elif token.text != want:
            return None
    return found


def _name(tokens: list[Token], at: int, verdict: Verdict, said: set[str]) -> bool:
    name = tokens[at].text
    property_ = at > 0 and tokens[at - 1].text in (".", "?.") and tokens[at - 1].kind == "other"
    if is_started(tokens, at):
        return True
    if name in DELETES and _deletes(tokens, at, verdict):
        return True
    if name in BANNED or (name in ("require", "import") and property_):
        return False
    if name in ("require", "import", "from") and not property_:
        return _loads(tokens, at, name, verdict)
    if name in WRITES and _is_used(tokens, at):
        verdict.at_least("write")
        if not said.isdisjoint(("HOME", "homedir", "USERPROFILE")):
            return False
        target = _text(tokens, at + 1, "(", "''", ",")
        return target is None or not re.match(r"[/~]|.*\.git/", target) or target.startswith("/tmp/")  # noqa: S108
    if name in READS:
        path = _text(tokens, at + 1, "(", "''")
        if path is not None and secret(path):
            verdict.flags["secret-read"] = None
    if name == "fetch" and not property_:
        return _fetches(tokens, at, verdict)
    if name == "process" and not property_:
        return _process(tokens, at, verdict)
    return not (
        name in ("WebSocket", "XMLHttpRequest", "EventSource") or (name == "this" and _text_after(tokens, at) == "[")
    )


def _deletes(tokens: list[Token], at: int, verdict: Verdict) -> bool:
    """Whether one file of the project goes, by its name: `unlinkSync("a.tmp")`."""
    forced = ("{", "force", ":", "true", "}")
    target = _text(tokens, at + 1, "(", "''", ")") or _text(tokens, at + 1, "(", "''", ",", *forced, ")")
    if target is None or not re.fullmatch(r"(?:/tmp/)?[\w][\w.-]*(?:/[\w][\w.-]*)*", target):
        return False
    verdict.at_least("write", "delete")
    return True


def _is_used(tokens: list[Token], at: int) -> bool:
    return _text_after(tokens, at) not in (":", "=") or (at > 0 and tokens[at - 1].text == ".")


def _text_after(tokens: list[Token], at: int) -> str:
    return tokens[at + 1].text if at + 1 < len(tokens) else ""


def _loads(tokens: list[Token], at: int, word: str, verdict: Verdict) -> bool:
    """`require("x")`, `import("x")`, `import a from "x"`: only of modules by their name."""
    found = _text(tokens, at + 1, "(", "''", ")") or _text(tokens, at + 1, "''")
    if word == "require" and _text_after(tokens, at) == "." and at + 2 < len(tokens):
        return tokens[at + 2].text == "resolve"
    if found is None and word == "require" and _text_after(tokens, at) == "(" and at + 3 < len(tokens):
        start, joint = tokens[at + 2], tokens[at + 3].text
        if start.kind == "string" and joint == "+" and re.match(r"\./\w[\w/-]*/\Z", start.text):
            verdict.at_least("write", "opaque")  # some file of a folder of the project
            return True
    if found is None:
        return word == "from" or (word == "import" and _text_after(tokens, at) not in ("(", "."))
    name = found.removeprefix("node:")
    root = "/".join(name.split("/")[: 2 if name.startswith("@") else 1])
    if name in MODULES or name.endswith(".json"):
        if secret(name):
            verdict.flags["secret-read"] = None
    elif root in NETWORK:
        verdict.at_least("network")
    elif root in REFUSED or "://" in name or name.startswith("data:"):
        return False
    else:
        verdict.at_least("write", "opaque")
    return True


def _fetches(tokens: list[Token], at: int, verdict: Verdict) -> bool:
    verdict.at_least("network")
    url = _text(tokens, at + 1, "(", "''")
    methods = [
        tokens[n + 2].text
        for n, token in enumerate(tokens[:-2])
        if token.text == "method" and tokens[n + 1].text == ":"
    ]
    sends = any(token.text == "body" for token in tokens) or bool(methods)
    method = (methods[0] if methods else "post" if sends else "get").lower()
    if method not in ("get", "head"):
        verdict.flags["upload"] = None
    verdict.nested.append(http_operation(method, url or "", dynamic=url is None))
    return len(verdict.nested) <= _MAX_REQUESTS


def _process(tokens: list[Token], at: int, verdict: Verdict) -> bool:
    """`process.env` as a whole is the environment; `process[...]` could be anything in it."""
    follow = [token.text for token in tokens[at + 1 : at + 4]]
    if follow[:1] == ["["]:
        return False
    before = [token.text for token in tokens[max(at - 4, 0) : at]]
    names = before == ["Object", ".", "keys", "("] and follow[2:] == [")"]
    if follow[:2] == [".", "env"] and (len(follow) < 3 or follow[2] not in (".", "[", "?.")) and not names:
        verdict.flags["secret-read"] = None
    return True


def _subscript(tokens: list[Token], at: int, text: str) -> bool:
    """Whether `x[...]` names a property that is seen, or one that no detour could have put together."""
    inside = tokens[at + 1] if at + 1 < len(tokens) else Token("", "")
    closed = at + 2 < len(tokens) and tokens[at + 2].text == "]"
    if closed and inside.kind in ("number", "string"):
        return "\\" not in inside.text
    depth, end = 0, at
    for end in range(at, min(at + _MAX_INSIDE, len(tokens))):
        depth += {"[": 1, "]": -1}.get(tokens[end].text, 0) if tokens[end].kind == "other" else 0
        if not depth:
            break
    return not depth and not _is_built(text) and _text_after(tokens, end) != "("
