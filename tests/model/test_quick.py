"""Frozen dataclasses that are made fast: in everything but that they are as before."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, replace
from typing import Any

import pytest

from interlock.model.quick import quick


@quick
@dataclass(frozen=True, slots=True)
class Fast:
    """Every kind of field."""

    one: int
    two: str = "two"
    many: list[int] = field(default_factory=list)
    secret: str = field(default="secret", repr=False, hash=False, compare=False)
    named: int = field(default=3, kw_only=True)


@dataclass(frozen=True, slots=True)
class Slow:
    """The same, as `dataclasses` makes it."""

    one: int
    two: str = "two"
    many: list[int] = field(default_factory=list)
    secret: str = field(default="secret", repr=False, hash=False, compare=False)
    named: int = field(default=3, kw_only=True)


@pytest.mark.parametrize(
    ("given", "named"),
    [((1,), {}), ((1, "b"), {}), ((1, "b", [2], "c"), {"named": 4}), ((), {"one": 1, "secret": "d", "many": [5]})],
)
def test_says_the_same(given: tuple[Any, ...], named: dict[str, Any]) -> None:
    """Fields, text and comparison are those of the plain dataclass."""
    fast, slow = Fast(*given, **named), Slow(*given, **named)
    assert type(fast) is Fast
    assert repr(fast).removeprefix("Fast") == repr(slow).removeprefix("Slow")
    assert (fast.secret, fast.named) == (slow.secret, slow.named)
    assert fast == Fast(*given, **named) != replace(fast, one=9)


def test_stays_frozen() -> None:
    """No field can be set or deleted, and nothing can be added, once it is made."""
    fast = Fast(1)
    for name in ("one", "secret", "other"):
        with pytest.raises((FrozenInstanceError, TypeError, AttributeError)):
            setattr(fast, name, 2)
    with pytest.raises(FrozenInstanceError):
        del fast.one
    with pytest.raises((FrozenInstanceError, TypeError)):
        fast.__class__ = Slow  # type: ignore[assignment]
    assert fast.one == 1


def test_makes_defaults_anew() -> None:
    """What a factory makes belongs to one object alone."""
    assert Fast(1).many is not Fast(1).many


@pytest.mark.parametrize(("given", "named"), [((), {}), ((1, "b", [], "c", 5), {}), ((1,), {"other": 2})])
def test_refuses_what_does_not_fit(given: tuple[Any, ...], named: dict[str, Any]) -> None:
    """Missing, surplus and unknown arguments are told as ever."""
    with pytest.raises(TypeError, match="__init__"):
        Fast(*given, **named)


def test_can_be_copied() -> None:
    """Copies and pickles are equal and of the same class."""
    fast = Fast(1, many=[2])
    for other in (copy.copy(fast), copy.deepcopy(fast), pickle.loads(pickle.dumps(fast))):
        assert type(other) is Fast
        assert other == fast


def test_can_be_derived_from() -> None:
    """A class below it is made as what it is."""

    class Below(Fast):
        __slots__ = ()

    assert type(Below(1, named=7)) is Below
    assert (Below(1, named=7).named, Below(1).many) == (7, [])


@dataclass(frozen=True, slots=True)
class _Later:
    one: int

    def __post_init__(self) -> None:
        """Does something."""


@dataclass(frozen=True, slots=True)
class _Filled:
    one: int = field(init=False, default=1)


@dataclass(slots=True)
class _Open:
    one: int


@dataclass(frozen=True)
class _Loose:
    one: int


@pytest.mark.parametrize("kind", [_Later, _Filled, _Open, _Loose, int])
def test_only_takes_plain_ones(kind: type) -> None:
    """What is built otherwise, or does more while it is made, is refused at import."""
    with pytest.raises(TypeError, match=kind.__name__):
        quick(kind)
