"""Comparison of JSON values as RFC 9535, section 2.3.5.2.2 has it: 1, true and "1" are three things."""

from __future__ import annotations

from collections.abc import Callable

from interlock.model import JSON

__all__ = ["NOTHING", "Nothing", "compare"]


class Nothing:
    """What a query selects when it selects nothing; equal only to itself."""

    __slots__ = ()


NOTHING = Nothing()

_SINGLE = (Nothing, bool, type(None))

type Operand = JSON | Nothing


def compare(operator: str, left: Operand, right: Operand, spend: Callable[[int], None] | None = None) -> bool:
    """Whether `left operator right` holds. Only two numbers or two strings have an order.

    `spend` is told how much was looked at in containers; what it raises ends the comparison.
    """
    if operator == "==":
        return _equal(left, right, spend)
    if operator == "!=":
        return not _equal(left, right, spend)
    if operator in ("<=", ">=") and _equal(left, right, spend):
        return True
    if operator in (">", ">="):
        left, right = right, left
    if isinstance(left, str) and isinstance(right, str):
        return left < right
    if isinstance(left, bool) or isinstance(right, bool):
        return False
    return isinstance(left, int | float) and isinstance(right, int | float) and left < right


def _equal(left: Operand, right: Operand, spend: Callable[[int], None] | None) -> bool:
    pairs: list[tuple[Operand, Operand]] = [(left, right)]
    while pairs:
        one, other = pairs.pop()
        if isinstance(one, list) and isinstance(other, list):
            if len(one) != len(other):
                return False
            if spend is not None:
                spend(3 + 3 * len(one))
            pairs.extend(zip(one, other, strict=True))
        elif isinstance(one, dict) and isinstance(other, dict):
            if one.keys() != other.keys():
                return False
            if spend is not None:
                spend(3 + 3 * len(one))
            pairs.extend((value, other[key]) for key, value in one.items())
        elif isinstance(one, _SINGLE) or isinstance(other, _SINGLE):
            if one is not other:
                return False
        elif isinstance(one, list | dict) or isinstance(other, list | dict) or one != other:
            return False
    return True
