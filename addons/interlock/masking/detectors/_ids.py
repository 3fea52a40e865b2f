"""Numbers that states give to people: what the detectors of them have in common."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from interlock.masking.detector import Detector, is_word
from interlock.masking.nearby import near
from interlock.masking.numbers import GAP, alone, compact

__all__ = ["identity"]

_ANY = (
    *("national id", "national identification", "national identity", "identity number", "identification number"),
    *("personal id", "personal code", "citizen id", "id number", "government id", "state id", "id card"),
)
"""What any country's number is called. Who says so means a person's number, and its check digits say which."""


def identity(
    name: str, pattern: str, check: Callable[[str], bool], hits: tuple[str, ...], misses: tuple[str, ...],
    words: tuple[str, ...] = (), lone: str = "", form: bytes = rb"", more: str = "",
    length: int = 40, begins: str = "0123456789", kind: str = "", needs: str = "",
    person: bool = True,
) -> Detector:  # fmt: skip
    """A number of digits (and `more` characters) in groups. `check` is given its letters and digits alone.

    Without `words` it is sure by itself. With them it is sure where one of them stands before it, and elsewhere it has
    the confidence `lone`, if it is written in this `form`, or is none: its check digits alone say too
    little. A `person` is meant by words that hold for any country, too. `needs` is the detector's.
    """
    words = (*words, *_ANY) if words and person else words
    asks = near(*words) if words else None
    written = re.compile(form or rb".*", re.DOTALL)

    def judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
        if is_word(text, end) or not alone(text, start, end) or not check(compact(text[start:end])):
            return []
        if asks is None or asks(text, start):
            return [(start, end, "high")]
        return [(start, end, lone)] if lone and written.fullmatch(text, start, end) else []

    # A blank among its characters makes streams wait for the next word.
    signs = " .-/" if GAP in pattern else "".join(sign for sign in ".-/" if sign in pattern)
    return Detector(
        name=name, kind=kind, pattern=pattern, words=words, lone=bool(lone), edged=True, wide=True,
        chars="0123456789" + signs + more, length=length + 2,
        begins=begins, needs=needs, retry=True, whole=True, judge=judge, hits=hits, misses=misses,
    )  # fmt: skip
