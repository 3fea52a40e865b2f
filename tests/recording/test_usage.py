"""Tokens become money, exactly."""

from __future__ import annotations

from decimal import Decimal

import pytest

from interlock.recording.usage import in_words, usage_event
from interlock.settings_prices import Price

OPUS = Price("claude-*", Decimal(5), Decimal(25), Decimal("0.5"), Decimal("6.25"))


def test_a_cost_is_exact_and_whole() -> None:
    """Millionths of the currency: a million tokens at 5 USD are 5 USD, and no fraction is lost or made up."""
    tokens = {"input": 12_657, "output": 31, "cache_read": 3, "cache_write": 1}
    event = usage_event({"model": "claude-opus-5-5", "stop": ""}, tokens, (OPUS,))
    assert event == {
        "model": "claude-opus-5-5", **tokens, "cost": 64_068, "currency": "USD",
    }  # fmt: skip
    assert in_words(event) == "12657 in, 31 out, 3 from cache, 1 into cache, 0.064068 USD"


def test_without_a_price_there_is_no_cost() -> None:
    """Nobody takes what is unknown for free."""
    event = usage_event({"model": "other"}, {"input": 1}, (OPUS,))
    assert event == {"model": "other", "input": 1, "output": 0}


@pytest.mark.parametrize("data", [{}, {"input": "x", "cost": "y"}, {"input": True, "cost": None}])
def test_claims_of_any_type_are_shown_somehow(data: dict[str, object]) -> None:
    """A file that somebody else wrote breaks nothing."""
    assert in_words(data) == ""  # type: ignore[arg-type]
