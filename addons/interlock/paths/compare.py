"""Comparison of JSON values as RFC 9535, section 2.3.5.2.2 has it: 1, true and "1" are three things."""

from __future__ import annotations

from interlock.model import JSON

__all__ = ["NOTHING", "Nothing", "compare"]


class Nothing:
    """What a query selects when it selects nothing; equal only to itself."""

    __slots__ = ()


NOTHING = Nothing()

_SINGLE = (Nothing, bool, type(None))

type Operand = JSON | Nothing


def compare(operator: str, left: Operand, right: Operand) -> bool:
    """Whether `left operator right` holds. Only two numbers or two strings have an order."""
    if operator == "==":
        return _equal(left, right)
    if operator == "!=":
        return not _equal(left, right)
    if operator in ("<=", ">=") and _equal(left, right):
        return True
    if operator in (">", ">="):
        left, right = right, left
    if isinstance(left, str) and isinstance(right, str):
        return left < right
    if isinstance(left, bool) or isinstance(right, bool):
        return False
    return isinstance(left, int | float) and isinstance(right, int | float) and left < right


def _equal(left: Operand, right: Operand) -> bool:
    pairs: list[tuple[Operand, Operand]] = [(left, right)]
    while pairs:
        one, other = pairs.pop()
        if isinstance(one, list) and isinstance(other, list):
            if len(one) != len(other):
                return False
            pairs.extend(zip(one, other, strict=True))
        elif isinstance(one, dict) and isinstance(other, dict):
            if one.keys() != other.keys():
                return False
            pairs.extend((value, other[key]) for key, value in one.items())
        elif isinstance(one, _SINGLE) or isinstance(other, _SINGLE):
            if one is not other:
                return False
        elif isinstance(one, list | dict) or isinstance(other, list | dict) or one != other:
            return False
    return True
