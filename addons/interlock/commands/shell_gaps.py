"""Characters of a shell text that the grammar reads over: none may be lost.

Every byte that is no blank has to lie in a leaf of the tree. One exception is known and mended: a lone `-` before a
here-document (`make -f - <<EOF`) is in no leaf, and is given back to the command it belongs to.
"""

from __future__ import annotations

import re
from typing import Any

from interlock.commands.language import NotUnderstood
from interlock.commands.shell_script import Script

__all__ = ["lost_dashes", "none_lost"]

_BLANK = re.compile(rb"\\\n|\s")


def lost_dashes(root: Any) -> frozenset[int]:
    """Where the commands end that have lost a `-`. Raises NotUnderstood when anything else was read over."""
    source = root.text
    found, at = set(), root.start_byte
    for start, end in sorted([*_leaves(root), (root.end_byte, root.end_byte)]):
        gap = _BLANK.sub(b"", source[at - root.start_byte : start - root.start_byte]) if start > at else b""
        if gap == b"-" and source[start - root.start_byte :].startswith(b"<<"):
            found.add(at)
        elif gap:
            raise NotUnderstood("unknown-syntax")
        at = max(at, end)
    return frozenset(found)


def none_lost(script: Script, nodes: list[Any]) -> Script:
    """The script, when every command of the tree stands in it. Raises NotUnderstood when one was read over."""
    read = {simple.start for simple in script.commands}
    if any(node.type == "command" and node.start_byte not in read for node in nodes):
        raise NotUnderstood("unknown-syntax")
    return script


def _leaves(root: Any) -> list[tuple[int, int]]:
    found, todo = [], [root]
    while todo:
        node = todo.pop()
        if node.child_count and node.type != "heredoc_body":
            todo.extend(node.children)
        else:
            found.append((node.start_byte, node.end_byte))
    return found
