"""Functions that run the words they are given: `check() { local name="$1"; shift; "$@" > log; }`.

What `"$@"` is then stands at every call, and is judged there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from interlock.commands.shell_nodes import Nodes
from interlock.commands.shell_script import Simple

if TYPE_CHECKING:
    from interlock.commands.shell_call import Call, Verdict
    from interlock.commands.shell_judge import Judge

__all__ = ["handed_on", "hands_on", "is_handed"]

_AROUND = frozenset(("time", "eval", "trap", "coproc", "command", "builtin", "exec", "alias"))
"""Commands that run what follows, or keep it, in this very shell."""
_NAME = re.compile(r"[\w-]+", re.ASCII)
_WHOLE = b'"$@"'


def handed_on(nodes: Nodes, commands: list[Simple]) -> dict[str, tuple[int, int, int]]:
    """Such functions of a text: name -> start, end, how many of a call's words do not belong to what is run.

    None that is defined twice, or named anywhere but at the head of a command behind its definition.
    """
    found: dict[str, tuple[int, int, int]] = {}
    dropped: set[str] = set()
    for node in nodes:
        name = node.child_by_field_name("name") if node.type == "function_definition" else None
        if name is None:
            continue
        text, skip = name.text.decode(), _skipped(node, nodes)
        if text in found or skip is None or nodes.parent(node) is not nodes[0] or not _NAME.fullmatch(text):
            dropped.add(text)
        else:
            found[text] = (node.start_byte, node.end_byte, skip)
    for simple in commands:
        texts = [word.text for word in simple.words]
        around = texts[1:] if texts[:1] and texts[0] in _AROUND else [text for text in texts[1:] if " " in text]
        dropped.update(word for text in around for word in _NAME.findall(text))
        if texts and texts[0] in found and simple.start < found[texts[0]][1]:
            dropped.add(texts[0])
    return {name: place for name, place in found.items() if name not in dropped}


def _skipped(function: Any, nodes: Nodes) -> int | None:
    """How many words a function takes away before it runs the others; None where that is not certain."""
    body = function.child_by_field_name("body")
    runs, skip, todo = None, 0, [body] if body is not None else []
    while todo:
        node = todo.pop()
        todo.extend(reversed(node.named_children))
        if node.type == "function_definition":
            return None
        name = node.child_by_field_name("name") if node.type == "command" else None
        if name is None:
            continue
        if name.text == _WHOLE:
            runs = node.start_byte
            if any(child.type not in ("command_name", "file_redirect") for child in node.named_children):
                return None
        elif name.text == b"shift":
            times = re.fullmatch(rb"shift(?:\s+([1-9]))?", node.text)
            if runs is not None or times is None or nodes.parent(node).id != body.id:
                return None
            skip += int(times[1] or 1)
        elif name.text in (b"set", b"eval", b"source", b".") or not re.match(rb"[\w./\"$-]+\Z", name.text):
            return None
    return skip if runs is not None else None


def is_handed(simple: Simple, functions: Mapping[str, tuple[int, int, int]]) -> bool:
    """Whether a command is the `"$@"` of such a function."""
    inside = any(start <= simple.start < end for start, end, _ in functions.values())
    return inside and len(simple.words) == 1 and simple.words[0].text == "$@"


def hands_on(call: Call, verdict: Verdict, judge: Judge) -> None:
    """A call of such a function runs the rest of its words."""
    skip = judge.script.passes[call.name][2]
    if len(call.args) <= skip:
        verdict.unknown("dynamic")
    else:
        verdict.nested += judge.judge(call.after(skip))
