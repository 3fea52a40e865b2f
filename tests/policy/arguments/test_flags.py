"""`flags:` of a rule."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from interlock.errors import RulesInvalid
from interlock.model import Access, Decision, Effect, Operation
from interlock.policy import Policy

type Build = Callable[..., Policy]
type Ask = Callable[..., Decision]

RULE = "- {id: r, permit: [shell.write], on: agent, to: anyone, flags: %s}"


def shell(*flags: str) -> Operation:
    return Operation("shell", "write", "make", Access.WRITE, {"flags": [*flags]}, agent=True)


@pytest.mark.parametrize(
    ("flags", "carried", "holds"),
    [
        ("[opaque]", ("opaque", "append"), True),
        ("[opaque]", ("append",), False),
        ("[opaque]", (), False),
        ("opaque", ("opaque",), True),
        ("{not: [opaque, upload]}", ("append",), True),
        ("{not: [opaque, upload]}", ("append", "upload"), False),
        ("{not: [opaque]}", (), True),
        ("{any: [append], not: [opaque]}", ("append",), True),
        ("{any: [append], not: [opaque]}", ("append", "opaque"), False),
        ("{any: [append], not: [opaque]}", (), False),
    ],
)
def test_flags_hold(policy: Build, ask: Ask, flags: str, carried: tuple[str, ...], holds: bool) -> None:
    """A list: one of these is carried; `not`: none of these is."""
    found = ask(policy(RULE % flags), shell(*carried))
    assert found.effect is (Effect.PERMIT if holds else Effect.FORBID)


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        ("[]", "flags is empty"),
        ("{}", "flags says nothing"),
        ("[opague]", "did you mean 'opaque'?"),
        ("{not: ['git-*']}", "holds a *"),
    ],
)
def test_flags_are_words(policy: Build, flags: str, says: str) -> None:
    """What no flag could be called is an error."""
    with pytest.raises(RulesInvalid) as error:
        policy(RULE % flags)
    assert says in str(error.value)
