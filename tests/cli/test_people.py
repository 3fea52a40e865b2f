"""Options that say who somebody is."""

from __future__ import annotations

import pytest

from interlock.cli._people import parse_claims, parse_groups, parse_lifetime
from interlock.errors import InterlockError


def test_groups_are_split_at_commas() -> None:
    """Spaces and empty names do not count."""
    assert parse_groups(" a, b,,c ") == ["a", "b", "c"]
    assert parse_groups("") == []


def test_claims_are_json_or_text() -> None:
    """What reads as JSON is JSON."""
    assert parse_claims(["a=1", "b=x=y", 'c=["d"]', "e="]) == {"a": 1, "b": "x=y", "c": ["d"], "e": ""}
    for wrong in ("a", "=b"):
        with pytest.raises(InterlockError, match="not a claim"):
            parse_claims([wrong])


def test_lifetimes_have_a_unit() -> None:
    """Seconds, minutes, hours, days."""
    assert [parse_lifetime(text) for text in ("50s", "15m", "1h", "2d")] == [50, 900, 3600, 172800]
    for wrong in ("", "h", "1", "1.5h", "-1h", "١h", "9999999999s"):
        with pytest.raises(InterlockError, match="not a duration"):
            parse_lifetime(wrong)
