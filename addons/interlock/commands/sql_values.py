"""What an expression of SQL comes to for one row whose values are given.

Numbers, texts, booleans and moments (ISO 8601 as text); None is NULL. Whatever databases answer differently, or what is
not known here, raises Untold: nothing is guessed. Comparisons and logic are those of `sql_conditions`.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

from sqlglot import exp

from interlock.commands.sql_comparisons import is_id

__all__ = ["NOW", "RULES", "Moment", "Row", "Untold", "is_date", "spelled", "text", "truth", "value"]


class Untold(Exception):
    """Nobody can say here what an expression comes to."""


class Moment(str):
    """A date or a time."""

    __slots__ = ()


NOW = Moment("2050-01-01 12:00:00")
"""What every clock shows: conditions are tried with moments before and behind it."""
_DATE = re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?Z?)?\Z", re.ASCII)
_CLOCKS = frozenset(("now", "getdate", "sysdate", "getutcdate", "sysdatetime", "current_timestamp", "localtime"))
_TODAY = Moment(NOW[:10])
_LONGEST = 256


def is_date(text: str) -> bool:
    """Whether a text spells a date or a time as ISO 8601 does."""
    return _DATE.match(text) is not None or text in ("infinity", "-infinity")  # which sort as text does


type Row = Mapping[str, Any]


def value(node: Any, row: Row) -> Any:
    """What a node comes to; `row` maps the text of a column in lower case to its value. Raises Untold."""
    found = RULES.get(type(node))
    if found is None:
        raise Untold
    return found(node, row)


def spelled(column: Any) -> str:
    """A column as SQL spells it, in lower case; worked out here, as the generator would take ten times as long."""
    parts = column.parts
    if column.args.get("join_mark") or not all(type(part) is exp.Identifier for part in parts):
        return str(column.sql(copy=False).lower())
    names = [str(part.this) for part in parts]
    return ".".join(
        '"' + name.replace('"', '""') + '"' if part.args.get("quoted") else name
        for part, name in zip(parts, names, strict=True)
    ).lower()


def _column(node: Any, row: Row) -> Any:
    name = spelled(node)
    if name not in row:
        raise Untold
    return row[name]


def _literal(node: Any, row: Row) -> Any:
    if node.is_string:
        return node.this
    try:
        return float(node.this) if re.search(r"[.eE]", node.this) else int(node.this[:_LONGEST])
    except ValueError:
        raise Untold from None


def _number(node: Any, row: Row) -> Any:
    found = value(node, row)
    if found is not None and (isinstance(found, bool | str) or 1e300 < abs(found) < math.inf):
        raise Untold
    return found


def text(node: Any, row: Row) -> Any:
    """The text that a node comes to, or None. Raises Untold."""
    found = value(node, row)
    if found is not None and (not isinstance(found, str) or isinstance(found, Moment)):
        raise Untold
    return found


def truth(node: Any, row: Row) -> bool | None:
    """What a node says as a condition. Raises Untold."""
    found = value(node, row)
    if isinstance(found, str) or (isinstance(found, float) and math.isnan(found)):
        raise Untold
    return None if found is None else bool(found)


def _arithmetic(apply: Callable[[Any, Any], Any]) -> Callable[[Any, Row], Any]:
    def run(node: Any, row: Row) -> Any:
        left = _number(node.this, row)
        right = _number(node.expression, row)
        if left is None or right is None:
            return None
        try:
            return apply(left, right)
        except (ArithmeticError, ValueError):
            raise Untold from None

    return run


def _add(sign: int) -> Callable[[Any, Row], Any]:
    numbers = _arithmetic(lambda a, b: a + sign * b)

    def run(node: Any, row: Row) -> Any:
        if not isinstance(node.expression, exp.Interval):
            return numbers(node, row)
        found, length = value(node.this, row), node.expression.this
        long = re.match(r"\d+", length.name if isinstance(length, exp.Literal) else "")
        if found not in (NOW, _TODAY) or long is None:
            raise Untold
        return found if not int(long[0]) else Moment("2049-12-30" if sign < 0 else "2050-01-03")

    return run


def _bits(apply: Callable[[int, int], int]) -> Callable[[Any, Row], Any]:
    def whole(left: Any, right: Any) -> int:
        if type(left) is not int or type(right) is not int:
            raise Untold
        return apply(left, right)

    return _arithmetic(whole)


def _power(left: Any, right: Any) -> Any:
    if right not in (0, 1):
        raise Untold
    return left if right else 1


def _extreme(apply: Callable[[list[Any]], Any]) -> Callable[[Any, Row], Any]:
    """GREATEST and LEAST of numbers; databases differ about NULL among them."""

    def run(node: Any, row: Row) -> Any:
        found = [_number(part, row) for part in (node.this, *node.expressions)]
        if None in found:
            raise Untold
        return apply(found)

    return run


def _of_text(apply: Callable[[str], Any]) -> Callable[[Any, Row], Any]:
    return lambda node, row: None if (found := text(node.this, row)) is None else apply(found)


def _of_number(apply: Callable[[Any], Any]) -> Callable[[Any, Row], Any]:
    return lambda node, row: None if (found := _number(node.this, row)) is None else apply(found)


def _anonymous(node: Any, row: Row) -> Any:
    told = [part.name.lower() for part in node.expressions]
    if node.name.lower() in _CLOCKS and not told:
        return NOW
    if node.name.lower() in ("today", "curdate") and not told:
        return _TODAY
    if node.name.lower() in ("datetime", "date", "julianday") and told == ["now"]:
        return _TODAY if node.name.lower() == "date" else NOW
    raise Untold


def _cast(node: Any, row: Row) -> Any:
    found = value(node.this, row)
    if isinstance(found, Moment) and node.to.this is exp.DType.DATE:
        return Moment(found[:10])
    if isinstance(found, Moment) and node.to.this in (exp.DType.DATE, exp.DType.TIMESTAMP, exp.DType.DATETIME):
        return found
    if node.to.this in exp.DataType.TEXT_TYPES and type(found) is int:
        return str(found)
    same = node.to.this in exp.DataType.TEXT_TYPES and isinstance(found, str)
    if found is None or (same and not isinstance(found, Moment)):
        return found
    raise Untold


def _subquery(node: Any, row: Row) -> Any:
    """`(SELECT id)`: a value in other words."""
    select = node.this
    if not isinstance(select, exp.Select) or len(select.expressions) != 1:
        raise Untold
    if any(select.args.get(part) for part in ("from_", "where", "having", "limit", "offset", "laterals", "joins")):
        raise Untold
    return value(select.expressions[0], row)


def _typeof(node: Any, row: Row) -> str:
    found = value(node.this, row)
    if not is_id(node.this) or type(found) is not int:
        raise Untold  # of others, the type may be what is asked for
    return "integer"


def _inner(node: Any, row: Row) -> Any:
    return value(node.this, row)


def _division(left: Any, right: Any) -> Any:
    if right != 1:  # whole or not: databases differ
        raise Untold
    return left


def _whole_division(left: Any, right: Any) -> Any:
    if left < 0 or right <= 0:
        raise Untold
    return left // right


RULES: dict[type, Callable[[Any, Row], Any]] = {
    exp.Column: _column, exp.Literal: _literal, exp.Boolean: lambda node, _: bool(node.this),
    exp.Null: lambda node, _: None, exp.Paren: _inner, exp.Alias: _inner, exp.Collate: _inner, exp.Where: _inner,
    exp.Neg: _of_number(lambda a: -a), exp.Abs: _of_number(abs), exp.Sign: _of_number(lambda a: (a > 0) - (a < 0)),
    exp.Add: _add(1), exp.Sub: _add(-1), exp.Mul: _arithmetic(lambda a, b: a * b),
    exp.Mod: _arithmetic(math.fmod), exp.IntDiv: _arithmetic(_whole_division), exp.Div: _arithmetic(_division),
    exp.BitwiseAnd: _bits(operator.and_), exp.BitwiseOr: _bits(operator.or_), exp.BitwiseXor: _bits(operator.xor),
    exp.Pow: _arithmetic(_power), exp.Greatest: _extreme(max), exp.Least: _extreme(min),
    exp.Length: _of_text(len), exp.Upper: _of_text(str.upper), exp.Lower: _of_text(str.lower),
    exp.CurrentTimestamp: lambda node, _: NOW, exp.CurrentDate: lambda node, _: _TODAY,
    exp.CurrentDatetime: lambda node, _: NOW, exp.Anonymous: _anonymous, exp.Cast: _cast, exp.Subquery: _subquery,
    exp.Typeof: _typeof,
}  # fmt: skip
"""How each kind of node is worked out."""
