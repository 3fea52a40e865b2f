"""What the names of an object's members say, remembered: streams repeat the same few objects thousands of times."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import lru_cache

__all__ = ["remembered"]

_KEPT = 1024
_MAX_NAMES = 24
_MAX_LENGTH = 256


def remembered[T](ask: Callable[[tuple[str, ...]], T]) -> Callable[[Collection[str]], T]:
    """`ask` with its answers about few and short names kept, a bounded number of them."""
    known = lru_cache(maxsize=_KEPT)(ask)

    def answer(names: Collection[str]) -> T:
        if len(names) <= _MAX_NAMES and len("".join(names)) <= _MAX_LENGTH:
            return known(tuple(names))
        return ask(tuple(names))

    return answer
