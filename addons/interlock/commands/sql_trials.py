"""Whether a condition holds for every row, found by trying it out on rows that differ: `id - id = 0`.

The rows hold what such columns hold (an id is never negative nor null, what was created was so before now) and what the
condition itself speaks of, so that `id <> 5` fails for 5. A condition is only said to hold where it could be worked out
for all rows of one kind of values.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import islice, product
from typing import Any

from sqlglot import exp

from interlock.commands.language import NotUnderstood
from interlock.commands.sql_comparisons import is_id, number
from interlock.commands.sql_conditions import holds
from interlock.commands.sql_values import NOW, Moment, Untold, is_date, spelled

__all__ = ["Budget", "holds_for_all"]

_MOST_NODES, _MOST_COLUMNS, _LONGEST_TEXT = 160, 4, 64
_MOVING_ROWS, _MOST_ROWS, _FREE_ROWS = 24, 72, 4
_MOST_STEPS = 20_000
"""Nodes that are worked out for one statement, beside the first rows of each condition: about 60 ms."""
_MOST_CONDITIONS = 1000
_MOST_ID, _NINES, _HIGHEST = 2**31 - 1, 999_999, 2**63 - 1
_IDS = (4711, 1, 2, 3, _MOST_ID - 1)
_NUMBERS = (-13.5, 4712, 0, 1, -1, 7, 0.25, 10**6, -(10**12), 10**15)
_TEXTS = ("zebra 7", "", "a", "B", "~~~~~~~~~~", "-1")
_MOMENTS = tuple(
    map(Moment, ("1971-01-01", "2001-09-09", "2049-12-31", "2050-01-01 06:00", "2050-01-02", "2199-01-01"))
)
_EARLIEST, _LATEST = "1971", "2199"
_PAST = re.compile(
    r"(created|updated|modified|inserted|added|registered|recorded|logged|ingested)(_?(at|on|date|time|ts|utc))?\Z"
)
_NULL_TESTS = (exp.Is, exp.Coalesce, exp.NullSafeEQ, exp.NullSafeNEQ, exp.EqualNull, exp.Nullif)


class Budget:
    """How much trying one statement is worth: beyond it a condition counts as one that holds."""

    __slots__ = ("conditions", "left")

    def __init__(self) -> None:
        self.left = _MOST_STEPS
        self.conditions = _MOST_CONDITIONS

    def parts(self, chain: Any) -> list[Any]:
        """The conditions that AND or OR join. Raises NotUnderstood for more than are tried out in one statement."""
        found = list(islice(chain.flatten(), self.conditions + 1))
        self.conditions -= len(found)
        if self.conditions < 0:
            raise NotUnderstood("too-complex")
        return found


def holds_for_all(condition: Any, budget: Budget) -> bool:
    """Whether a condition is true for all rows tried, of numbers, of texts, of booleans or of moments."""
    nodes = list(islice(condition.walk(), _MOST_NODES + 1))
    if len(nodes) > _MOST_NODES:
        return False
    columns = {spelled(node): node for node in nodes if isinstance(node, exp.Column)}
    if not columns or len(columns) > _MOST_COLUMNS or any(isinstance(node.this, exp.Star) for node in columns.values()):
        return False
    literals = [node for node in nodes if isinstance(node, exp.Literal)]
    null = {name for name, node in columns.items() if isinstance(node.parent, _NULL_TESTS)}
    for kind in (_numbers, _texts, _booleans, _moments):
        values = {name: _with_null(name, column, null, kind(column, literals)) for name, column in columns.items()}
        if all(values.values()) and _holds(condition, values, len(nodes), budget):
            return True
    return False


def _holds(condition: Any, values: dict[str, list[Any]], size: int, budget: Budget) -> bool:
    try:
        for at, row in enumerate(_rows(values)):
            if not holds(condition, row):
                return False
            budget.left -= size if at > _FREE_ROWS else 0
            if budget.left < 0:
                return True
    except (Untold, RecursionError, TypeError, ValueError, OverflowError):
        return False
    return True


def _rows(values: dict[str, list[Any]]) -> Iterator[dict[str, Any]]:
    """Rows in which every column moves, and then all combinations, or as many as are tried."""
    for at in range(_MOVING_ROWS):
        yield {
            name: options[(at * (3 + 2 * place) + place) % len(options)]
            for place, (name, options) in enumerate(values.items())
        }
    for found in islice(product(*values.values()), _MOST_ROWS):
        yield dict(zip(values, found, strict=True))


def _with_null(name: str, column: Any, null: set[str], options: list[Any]) -> list[Any]:
    return [*options[:1], None, *options[1:]] if name in null and not is_id(column) else options


def _numbers(column: Any, literals: list[Any]) -> list[Any]:
    """A number like 999999999 stands for more than there is, so that nothing is tried from there on."""
    known = is_id(column)
    most = min((one for node in literals if _is_beyond(one := number(node) or 0.0, known)), default=math.inf)
    told = [found for one in literals if (found := number(one)) is not None and abs(found) < 1e15]
    near = [int(one) + step if one == int(one) else one + step for one in told for step in (0, 1, -1)]
    near += [-one for one in near]
    if known:
        return [one for one in (*_IDS, *near) if 1 <= one < min(most, _MOST_ID + 1) and one == int(one)]
    return [one for one in (*_NUMBERS, *near) if one < most]


def _is_beyond(found: float, known: bool) -> bool:
    """Whether a number says "as many as there are": 999999, the highest of its type, more than any id."""
    nines = _NINES <= found < math.inf and set(f"{found:.0f}") == {"9"}
    return nines or found >= _HIGHEST or (found >= _MOST_ID - 1 and (known or found == _MOST_ID))


def _texts(column: Any, literals: list[Any]) -> list[Any]:
    told = [one.this for one in literals if one.is_string and len(one.this) <= _LONGEST_TEXT]
    found = [*_TEXTS, *told, *(f"{one}a" for one in told)]
    return [one for one in found if one] if is_id(column) else found


def _booleans(column: Any, literals: list[Any]) -> list[Any]:
    return [] if is_id(column) else [False, True]


def _moments(column: Any, literals: list[Any]) -> list[Any]:
    told = [Moment(one.this) for one in literals if is_date(one.this) and _EARLIEST <= one.this[:4] <= _LATEST]
    found = [*_MOMENTS, *told]
    past = _PAST.match(column.name.lower())
    if past is None:
        return found
    whole = past[3] in ("on", "date")  # a day, and no time
    return [Moment(one[:10]) if whole else one for one in found if one < NOW]
