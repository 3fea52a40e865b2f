"""Errors: each knows its reason and says what to do about it."""

from __future__ import annotations

import pytest

from interlock.errors import BodyRejected, InterlockError, Place, Refused, RuleError, RulesInvalid, TokenRejected
from interlock.reasons import Reason


def test_an_error_without_a_reason_is_ours() -> None:
    """What nobody classified counts as the gateway's own failure."""
    error = InterlockError("it broke", hint="mend it")
    assert error.reason is Reason.INTERNAL_ERROR
    assert (str(error), error.hint) == ("it broke", "mend it")


@pytest.mark.parametrize("kind", [Refused, TokenRejected, BodyRejected])
def test_a_refusal_speaks_for_its_reason(kind: type[Refused]) -> None:
    """Without a message the reason's own sentence is said; every refusal is caught as one."""
    error = kind(Reason.TOKEN_EXPIRED)
    assert str(error) == Reason.TOKEN_EXPIRED.says
    assert error.reason is Reason.TOKEN_EXPIRED
    assert isinstance(error, Refused)
    assert str(kind(Reason.NO_RULE, "no", hint="ask")) == "no"


def test_rule_errors_come_with_their_place() -> None:
    """File, line and column, what is wrong, and on a line of its own what to write instead; all of them at once."""
    place = Place("rules/a.yaml", 3, 5)
    error = RulesInvalid(iter([RuleError(place, "is wrong", "write it right"), RuleError(Place("b"), "too")]))
    assert str(error) == "rules/a.yaml:3:5: is wrong\n    write it right\nb:1:1: too"
    assert len(error.errors) == 2
    assert "interlock check" in error.hint
