"""Text that a model reads and a person does not see: in what a server says of its tools, it is taken out.

Zero-width and bidirectional controls, tag characters (Unicode 16, section 23.9), variation selectors in numbers, and
terminal escapes. Joiners stay where a script or an emoji needs them: between characters that are not ASCII.
"""

from __future__ import annotations

import re

from interlock.model import JSON

__all__ = ["SHOWN", "cleaned", "has_hidden", "strip_hidden"]

SHOWN = frozenset(("description", "title", "instructions"))
"""Members that are prose: hidden text in them is taken out. Anywhere else it is no mistake of an editor."""

_HIDDEN = re.compile(
    "\x1b(?:\\[[0-?]*[ -/]*[@-~]|\\][^\x07\x1b]*(?:\x07|\x1b\\\\)?|.?)"
    "|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
    "|[\ufe00-\ufe0f]{2,}|(?<![\x80-\U0010ffff])[\u200c\u200d\ufe00-\ufe0d]|[\u200c\u200d](?![\x80-\U0010ffff])"
    "|[\u200c\u200d]{2,}",
    re.DOTALL,
)
_APART = re.compile("[\u200c\u200d\ufe00-\ufe0f]")
_PASSES = 3
_MAX_DEPTH = 200


def has_hidden(text: str) -> bool:
    """Whether there is something in the text that is not seen."""
    return not (text.isascii() and text.isprintable()) and _HIDDEN.search(text) is not None


def strip_hidden(text: str) -> str:
    """The text without it; what was apart and comes together by that is looked at again."""
    for _ in range(_PASSES):
        if not has_hidden(text):
            return text
        text = _HIDDEN.sub("", text)
    # Who nests them that deeply needs none of them; and the time stays that of a few passes.
    return _HIDDEN.sub("", _APART.sub("", text))


def cleaned(value: JSON, member: str = "", depth: int = 0) -> tuple[JSON, bool, bool]:
    """A document without hidden text in its prose; whether something was taken out, and whether some is left."""
    if type(value) is str:
        if not has_hidden(value):
            return value, False, False
        return (strip_hidden(value), True, False) if member in SHOWN else (value, False, True)
    if depth > _MAX_DEPTH:
        return value, False, True
    if type(value) is list:
        items = [cleaned(item, member, depth + 1) for item in value]
        return [item for item, _, _ in items], any(one for _, one, _ in items), any(left for _, _, left in items)
    if type(value) is dict:
        parts = {name: cleaned(item, name, depth + 1) for name, item in value.items()}
        left = any(has_hidden(name) for name in parts) or any(left for _, _, left in parts.values())
        return {name: item for name, (item, _, _) in parts.items()}, any(one for _, one, _ in parts.values()), left
    return value, False, False
