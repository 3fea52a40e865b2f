"""How an agent's wish for access is read: strictly, whatever it holds."""

from __future__ import annotations

from typing import Any

import pytest

from interlock.errors import BodyRejected
from interlock.mitm.agents_desk import _read

GOOD: dict[str, Any] = {"connection": "docs", "operations": ["http.post"], "duration": "30m", "reason": "because"}


@pytest.mark.parametrize(
    ("duration", "seconds"), [("30m", 1800.0), ("90 s", 90.0), ("2h", 7200.0), (45, 45.0), (" 5m ", 300.0)]
)
def test_durations(duration: Any, seconds: float) -> None:
    """With a unit, or in seconds."""
    assert _read({**GOOD, "duration": duration}) == ("docs", ["http.post"], seconds, "because")


@pytest.mark.parametrize(
    "given",
    [
        {"connection": 1},
        {"connection": None},
        {"operations": "http.*"},
        {"operations": [1]},
        {"operations": ["x"] * 21},
        {"operations": ["http.post /x"]},
        {"operations": {}},
        {"duration": 0},
        {"duration": -5},
        {"duration": True},
        {"duration": 1.5},
        {"duration": "1d"},
        {"duration": "99999999m"},
        {"duration": None},
        {"reason": 5},
        {"reason": "x" * 501},
        {"unknown": 1},
    ],
)
def test_what_is_no_wish(given: dict[str, Any]) -> None:
    """Nothing is guessed."""
    with pytest.raises(BodyRejected):
        _read({**GOOD, **given})


def test_one_operation_may_be_a_text() -> None:
    """As an agent's model writes it."""
    assert _read({**GOOD, "operations": "mcp.call:execute_sql"})[1] == ["mcp.call:execute_sql"]
