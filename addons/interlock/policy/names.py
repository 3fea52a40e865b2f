"""Names of tables and columns compared with patterns: `orders`, `hr.*`, `customers.ssn`.

A name as an operation carries it has its parts in lower case, from the outermost (`schema.table`, `table.column`); a
part `*` says that it could be any. Two questions, because a permission must be sure and a prohibition must not be
talked round: whether a name is certainly what a pattern says, and whether it could be.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import zip_longest

from interlock.settings_glob import star

__all__ = ["meets", "within"]

_ANY = "*"


def within(pattern: str) -> Callable[[str], bool]:
    """Whether a name is certainly of this pattern: as many parts, each fitting; an unknown part fits only `*`.

    `orders` is therefore not `archive.orders`: whoever may read the one has not been given the other. A part in double
    quotes is one whose case counts: `"Orders"` is not `orders`.
    """
    fits = tuple(star(part, least=1) for part in _folded(pattern))

    def matches(name: str) -> bool:
        parts = _folded(name)
        return len(parts) == len(fits) and all(fit(part) for fit, part in zip(fits, parts, strict=True))

    return matches


def meets(pattern: str, *, bare: bool = True) -> Callable[[str], bool]:
    """Whether a name could be of this pattern: compared from its end, a missing or unknown part could be any.

    Case and quotes count for nothing here. With `bare=False` a name without its outer part is not taken for one of
    `hr.*`, which would be every such name.
    """
    words = pattern.casefold().replace('"', "").split(".")
    fits = tuple(star(part) for part in reversed(words))
    least = 1 if bare or words[-1] != _ANY else len(words)

    def matches(name: str) -> bool:
        parts = name.casefold().replace('"', "").split(".")
        if len(parts) < least:
            return False
        pairs = zip_longest(fits, reversed(parts))
        return all(fit is None or part in (None, "", _ANY) or fit(part) for fit, part in pairs)

    return matches


def _folded(name: str) -> list[str]:
    return [part if part.startswith('"') else part.casefold() for part in name.split(".")]
