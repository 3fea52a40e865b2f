"""Variables of a shell text whose value is certain wherever they are used: assigned once, at the top, to plain text.

What `mktemp` prints counts as certain too: nobody knows the name, but it is a new one below `/tmp`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from typing import Any

from interlock.commands.shell_choices import with_choices
from interlock.commands.shell_made import SCRATCH
from interlock.commands.shell_nodes import Nodes
from interlock.commands.shell_words import Variables, fold

__all__ = ["filled", "variables"]

_CHANGERS = re.compile(
    r"\b(read|mapfile|readarray|getopts|let|eval|source|unset|select|trap|typeset|declare|local|printf\s+-v|shopt|set)\b"
    r"|(?:^|[;&|({!]|\b(?:then|do|else|elif|if|while|until|time|command|builtin|exec)\b|(?<!\S)(?:(?!\w=)\S)*+\w=\S*)"
    r"[ \t]*[\\\"']?\.[\"']?[ \t]"
    r"|:?=\w*\}|\(\(|@P",
    re.MULTILINE,
)
"""What may change any variable; a word of these in a text counts wherever it stands."""
_END = r"(?=\s*(?:[;\n&|)<}]|\Z))"
_SPARED = re.compile(
    rf"\bset(?:\s+[-+][euxEo]+|\s+pipefail|\s+errexit|\s+nounset)+{_END}"
    r"|\btrap(?=\s+(?:'[^'=]*'|\"[^\"=]*\"|\w+)(?:\s+(?:EXIT|INT|TERM|HUP|QUIT|ERR|0))+\s*(?:[;\n&|)}]|\Z))"
    r"|\b(?:declare|typeset)(?=\s+-[aAr]+\s+\w+(?:=|\s*(?:[;\n]|\Z)))"
    rf"|\blocal(?=(?:\s+\w+(?:=(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s;&|\"'`]*))?)+{_END})"
    r"|\(\((?=(?:[\w\s*/%$<>.]|\+(?!\+)|-(?!-))*\)\))"
)
"""Uses of those words that change no variable: options of the shell, a handler, an assignment, a sum."""
_READ = re.compile(
    r"\b(?:read(?:\s+-[rsE]+|\s+-[rs]*d\s*(?:''|\"\")|\s+-[nNtu]\s*\d+)*|(?:mapfile|readarray)(?:\s+-t)*)"
    rf"((?:[ \t]++[A-Za-z_]\w*+){{1,20}}){_END}"
)
"""`read -r a b`: these variables change, and no others."""
_COUNTS = re.compile(r"\(\([\w\s*/%$<>.+=!&|?:;,()-]{0,120}?\)\)", re.ASCII)
_COUNTED = re.compile(
    r"(?<!\w)([A-Za-z_]\w*+)\s*+(?:\+\+|--|(?:[-+*/%&|]|<<|>>)?=(?!=))|(?:\+\+|--)\s*([A-Za-z_]\w*)", re.ASCII
)
"""`((i++))`: these variables become numbers, and no others change."""
_SOURCED = re.compile(
    r"(?:^|[;&|({]|\b(?:then|do|else)\b)[ \t]*(?:source|\.)[ \t]+[\"']?([\w./~${}-]{0,200}?([\w.-]{1,100}))[\"']?"
    r"(?=\s*(?:[;\n&|)}#]|2?>|\Z))",
    re.MULTILINE | re.ASCII,
)
"""A file of settings that is there already: what it does is seen as little as what a script does that is run."""
_STEP = re.compile(r"[\w.-]+", re.ASCII)
_SET_UP = re.compile(
    r"\beval(?=\s+[\"']?(?:\$\(|`)(?:pyenv|rbenv|nodenv|goenv|direnv|brew|ssh-agent|starship|zoxide|fnm|mise|asdf|opam|dircolors"
    r"|conda|micromamba|keychain|/opt/homebrew/bin/brew)(?:[ \t]+[\w.-]+)*[)`][\"']?)"
)
_TEMPORARY = re.compile(
    rb'"?\$\(mktemp(?: --?d(?:irectory)?| -dt| -t| --suffix=[\w.-]+)*(?: (?:/tmp/)?(?=[\w.-]*?XXX)[\w.-]++)?\)"?\Z'
)
_ROOT = re.compile(
    rb'"?\$\((?:git rev-parse --show-toplevel'
    rb'|cd "?\$\(dirname "?\$\{?(?:0|BASH_SOURCE\[0\]|BASH_SOURCE)\}?"?\)(?:/\.\.)?"?'
    rb'(?: > ?/dev/null(?: 2>&1)?)? && pwd(?: -P)?)\)"?\Z'
)
"""The folder of the project, as scripts ask for it."""
_MOVED = re.compile(r"TMPDIR|\bPATH=|\b(?:mktemp|git|cd|pwd|dirname)\s*\(\)|function\s+(?:mktemp|git|cd|pwd|dirname)\b")
"""What makes `mktemp` and `git` other programs, or the folder another one."""
_SHADOWS = re.compile(r"(?<![\w-])(?:nproc|date|id|getconf|sysctl)\s*\(\)|function\s|\bPATH=|\balias\b")
_HEAD = re.compile(r"[\w./~]|\{\d+\.\.\d+\}\Z", re.ASCII)
_GIT_WORD = (
    rb"(?:--(?:show-toplevel|abbrev-ref|short(?:=\d+)?|verify|tags|always|dirty|count|abbrev=\d+)|\w[\w./~^@{}-]*)"
)
_PRINTED = re.compile(
    rb'"?\$\((?:pwd|nproc|whoami|hostname|uname(?: -[a-z]+)?|date(?: -u)?(?: \+[%\w:.-]+)?|id -[ug]n?|which [\w.-]+'
    rb"|docker (?:run (?:-[a-zA-Z]*d[a-zA-Z]*|--detach)|create) [\w ./:@=,\"'$-]+"
    rb"|kubectl get (?:pods?|po)\b[\w ./:@=,-]* -o (?:name|jsonpath=[\"']?\{\.items\[0\]\.metadata\.name\}[\"']?)"
    rb"(?:(?! -o| --)[\w ./:@=,-])*(?: ?\| ?head -n? ?1)?"
    rb"|seq(?: \d+){1,3}|wc -[lwc] < [\w./-]+|git branch --show-current"
    rb"|git (?:rev-parse|describe|merge-base|rev-list)(?: " + _GIT_WORD + rb")*"
    rb'|cd "?\$\(dirname "?\$\{?(?:0|BASH_SOURCE\[0\]|BASH_SOURCE)\}?"?\)(?:/[./\w]*)?"? && pwd)\)"?\Z'
)
"""Commands whose output begins with a letter, a digit or a slash, unless they fail and print nothing."""
_WORD = re.compile(rb"[\w-]+")
_APART = re.compile(rb"[A-Za-z][\w./-]*\Z")
_READS_ON = frozenset((b"trap", b"alias", b"eval", b"bind", b"complete", b"command", b"builtin", b"exec", b"time"))
"""Commands that may run a string of theirs in this very shell."""
_NAME = re.compile(r"\$(?:(\w+)|\{(\w+)\})")
_PLAIN = re.compile(r"[\w./-]+\Z", re.ASCII)


def variables(nodes: Nodes, text: str) -> Variables:
    """The variables of a text; `nodes` are all of its tree's, in order."""
    known: dict[str, tuple[int, str]] = {}
    read = {name for found in _READ.finditer(text) for name in found[1].split()}
    counted = {name for sum_ in _COUNTS.findall(text) for pair in _COUNTED.findall(sum_) for name in pair if name}
    read |= counted
    assigned = set(read)
    moved = bool(_MOVED.search(text))
    so_far = Variables(known, assigned)
    for node in nodes:
        if node.type in ("for_statement", "c_style_for_statement"):
            variable = node.child_by_field_name("variable")
            assigned.update([variable.text.decode()] if variable else [])
        if node.type != "variable_assignment":
            continue
        name = node.children[0].text.decode().partition("[")[0]
        value = None if name in assigned else _value(node, so_far, moved)
        assigned.add(name)
        known.pop(name, None)
        if value is not None and _unconditional(node, nodes):
            known[name] = (node.end_byte, value)
    headed = _headed(nodes, Variables(known, frozenset(assigned)))
    for name in read:
        headed.pop(name, None)
    fixed = not _CHANGERS.search(_left(_unquoted(nodes, text), text))
    found = Variables(known, frozenset(assigned), fixed, bool(_SHADOWS.search(text)), tuple(_bodies(nodes)), headed)
    return with_choices(nodes, found, read)


def _left(commands: str, text: str) -> str:
    """A text without what is known to change no variables but those that it names."""

    named = Counter(_STEP.findall(text)) if "source" in text or "." in text else Counter[str]()

    def sourced(found: re.Match[str]) -> str:
        return " " if named[found[2]] == 1 else found[0]

    return _SOURCED.sub(sourced, _SET_UP.sub(" ", _SPARED.sub(" ", _COUNTS.sub(" ", _READ.sub(" ", commands)))))


def _unquoted(nodes: Nodes, text: str) -> str:
    """The text without the strings in it that are no commands: those with blanks, and none that a handler may hold."""
    source = bytearray(text.encode())
    for node in nodes:
        plain = (
            node.type in ("raw_string", "string_content") and _is_argument(node, nodes) and re.search(rb"\s", node.text)
        )
        plain = plain or node.type == "comment"
        body = node.type == "heredoc_body" and all(child.type == "heredoc_content" for child in node.named_children)
        if (plain or body) and not re.search(rb"=\w*\}|@P", node.text):
            source[node.start_byte : node.end_byte] = b" " * (node.end_byte - node.start_byte)
    return source.decode("utf-8", "replace")


def _is_argument(node: Any, nodes: Nodes) -> bool:
    """Whether a string is given to a command, and not to a variable that could be run as one."""
    while node is not None and node.type in ("raw_string", "string_content", "string", "concatenation"):
        node = nodes.parent(node)
    name = node.child_by_field_name("name") if node is not None and node.type == "command" else None
    return name is not None and bool(_APART.match(name.text)) and name.text not in _READS_ON


def _headed(nodes: list[Any], variables: Variables) -> dict[str, bool]:
    """Variables of which every value that the text gives them begins so that it can be no option."""
    good: dict[str, bool] = {}
    bad: set[str] = set()
    for node in nodes:
        if node.type == "for_statement":
            name, given = node.child_by_field_name("variable"), node.children_by_field_name("value")
        elif node.type == "variable_assignment":
            name, value = node.children[0], node.child_by_field_name("value")
            given = [] if value is None else value.named_children if value.type == "array" else [value]
        else:
            continue
        key = name.text.decode().partition("[")[0] if name is not None else ""
        known = Variables({}, variables.assigned, headed=good)
        heads = [_head(one, known) for one in given] if name is not None and name.type == "variable_name" else []
        if not heads or None in heads:
            bad.add(key)
            good.pop(key, None)
        elif key not in bad:
            good[key] = good.get(key, True) and all(heads)
    return good


def _head(node: Any, variables: Variables) -> bool | None:
    """Whether a value is also a single word, where it certainly begins so; else None."""
    if _PRINTED.match(node.text):
        return True
    words = fold(node, variables)
    if not words or not all(word.named or _HEAD.match(word.text) for word in words):
        return None
    return not any(word.dynamic or word.glob or re.search(r"[\s*?\[]", word.text) for word in words)


def _bodies(nodes: list[Any]) -> list[tuple[int, int, int]]:
    """Functions, and from where on they may run: where their name stands next, in whatever context."""
    functions = [node for node in nodes if node.type == "function_definition" and node.child_by_field_name("name")]
    if not functions:
        return []
    source, base = nodes[0].text, nodes[0].start_byte
    places: dict[bytes, list[int]] = {}
    for word in _WORD.finditer(source):
        places.setdefault(word[0], []).append(base + word.start())
    found = []
    for node in functions:
        name, end = node.child_by_field_name("name").text, node.end_byte
        known = places.get(name, [end])
        at = bisect_left(known, end)
        found.append((node.start_byte, end, known[at] if at < len(known) else base + len(source)))
    return found


def _value(node: Any, variables: Variables, moved: bool) -> str | None:
    if any(child.type == "+=" for child in node.children) or node.children[0].type != "variable_name":
        return None
    value = node.child_by_field_name("value")
    if value is None:
        return ""
    if _ROOT.match(value.text) and not moved:
        return "$PWD"
    if _TEMPORARY.match(value.text) and not moved:
        return f"{SCRATCH}{node.start_byte}"
    if value.type == "array" or b"{" in value.text.replace(b"${", b""):
        return None
    words = fold(value, variables)
    return words[0].text if len(words) == 1 and not words[0].dynamic else None


def _unconditional(node: Any, nodes: Nodes) -> bool:
    """Whether the assignment certainly happens: at the top, alone or leftmost in a list."""
    child = node
    for parent in nodes.around(node):
        if parent.type == "program":
            break
        if parent.type == "declaration_command":
            if parent.children[0].text not in (b"export", b"readonly"):
                return False
        elif parent.type == "list":
            if parent.children[0].start_byte != child.start_byte:
                return False
        elif parent.type != "variable_assignments":
            return False
        child = parent
    return True


def filled(text: str, variables: Variables | None, at: int) -> str:
    """A text that the shell will read later, with plain values of variables that were certain at `at` put in."""

    def one(found: re.Match[str]) -> str:
        value = variables.value(found[1] or found[2], at) if variables else None
        return value if value is not None and _PLAIN.match(value) else found[0]

    return _NAME.sub(one, text)
