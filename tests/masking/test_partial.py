"""Forms that show a part, and nothing of what is too short."""

from __future__ import annotations

import pytest

from interlock.masking.partial import PARTS, part


@pytest.mark.parametrize(
    ("action", "value", "shown"),
    [
        ("last4", "4111 1111 1111 1234", "****1234"),
        ("last4", "1234567", "****"),
        ("first4", "4111 1111 1111 1234", "4111****"),
        ("first4", "DE89 3704 0044 0532 0130 00", "8937****"),
        ("first4", "a long enough text", "a lo****"),
        ("first4", "1234567", "****"),
        ("domain", "erika@example.com", "****@example.com"),
        ("domain", "erika%40example.com", "****@example.com"),
        ("domain", "erika&#64;example.com", "****@example.com"),
        ("domain", "no address", "****"),
        ("domain", "a@b@c.example", "****@c.example"),
        ("year", "1984-02-29", "1984"),
        ("year", "29.02.1984", "1984"),
        ("year", "born February 29th, 1984", "1984"),
        ("year", "19840229", "1984"),
        ("year", "4111111119841111", "****"),
        ("year", "84-02-29", "****"),
    ],
)
def test_what_is_shown(action: str, value: str, shown: str) -> None:
    """The part that was asked for, else stars alone."""
    assert part(action, value) == shown


@pytest.mark.parametrize("action", PARTS)
@pytest.mark.parametrize("value", ["", "x", "123", "secret", "@", "@@", "19"])
def test_nothing_is_told_of_little(action: str, value: str) -> None:
    """A part of a short value would be the value."""
    assert part(action, value) in ("****", "****@")
