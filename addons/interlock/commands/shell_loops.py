"""Loops that could run over any files: what they do once, they do to all of them."""

from __future__ import annotations

import re
from typing import Any

from interlock.commands.shell_words import Variables, Word, fold

__all__ = ["wide_loops"]

_WIDE = re.compile(r"(?:\A|/)(?:[*?.]|\[[^\]]*\])+\Z")


def wide_loops(nodes: list[Any], variables: Variables) -> tuple[tuple[int, int], ...]:
    """The spans of loops such as `for f in *`, `for f in $(ls)` and `while read f`."""
    found = []
    for node in nodes:
        values = node.children_by_field_name("value") if node.type == "for_statement" else []
        words = [word for value in values for word in fold(value, variables)]
        wide = any(_is_wide(word, variables) for word in words) or (node.type == "for_statement" and not values)
        if wide or node.type == "while_statement":
            found.append((node.start_byte, node.end_byte))
    return tuple(found)


def _is_wide(word: Word, variables: Variables) -> bool:
    """Whether a word could be any files; `"${names[@]}"` of a list of plain words that the text gives cannot."""
    name = re.fullmatch(r"\$\{(\w+)\[@\]\}", word.text)
    listed = name is not None and word.named and variables.headed.get(name[1]) is True
    return (word.loose and not listed) or (word.glob and bool(_WIDE.search(word.text)))
