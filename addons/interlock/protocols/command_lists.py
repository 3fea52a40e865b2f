"""Lists of texts that are shell: the words of one command, or several commands, as the name of their member says.

What the name does not say is read both ways as far as that could do harm: a tool that joins words and one that runs
each of them take the same list.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from interlock.paths import Location
from interlock.protocols.joined import Joined, joined_lines, joined_words, plain_text
from interlock.protocols.layers import reads_as_shell

__all__ = ["readings"]

_SEVERAL = frozenset(("commands", "cmds", "commandlines", "shellcommands", "bashcommands", "script"))
_SEPARATORS = re.compile(r"[\s_.-]+")
_BLANK = re.compile(r"\s")


def readings(words: Sequence[str], location: Location) -> list[tuple[Joined, bool]]:
    """What a list at a location runs: each text, and whether it counts as it is or only where it does harm."""
    name = location[-1] if location else ""
    items = [((*location, index), word) for index, word in enumerate(words)]
    if type(name) is str and _SEPARATORS.sub("", name.casefold()) in _SEVERAL:
        found = [(plain_text(word, at), True) for at, word in items] + [(joined_lines(items), True)]
        return found if any(map(_BLANK.search, words)) else [*found, (joined_words(items), True)]
    doubtful = [(plain_text(word, at), False) for at, word in items[1:] if _BLANK.search(word) and reads_as_shell(word)]
    return [(joined_words(items), True), *doubtful]
