"""Loops that could run over any files: what they do once, they do to all of them."""

from __future__ import annotations

import re
from typing import Any

from interlock.commands.shell_words import Variables, fold

__all__ = ["wide_loops"]

_WIDE = re.compile(r"(?:\A|/)(?:[*?.]|\[[^\]]*\])+\Z")


def wide_loops(nodes: list[Any], variables: Variables) -> tuple[tuple[int, int], ...]:
    """The spans of loops such as `for f in *`, `for f in $(ls)` and `while read f`."""
    found = []
    for node in nodes:
        values = node.children_by_field_name("value") if node.type == "for_statement" else []
        words = [word for value in values for word in fold(value, variables)]
        wide = any(word.loose or (word.glob and _WIDE.search(word.text)) for word in words)
        if wide or node.type == "while_statement":
            found.append((node.start_byte, node.end_byte))
    return tuple(found)
