"""What an event says in one line, whatever it holds."""

from __future__ import annotations

import pytest

from interlock.model import JSON
from interlock.recording.story import outcome_word, what_words


@pytest.mark.parametrize(
    ("kind", "data", "word"),
    [
        ("decision", {"effect": "forbid"}, "forbid"),
        ("response", {"status": 200}, "200"),
        ("approval", {"state": "approved"}, "approved"),
        ("grant", {"state": "revoked"}, "revoked"),
        ("error", {"error": "the client left"}, "the client left"),
        ("error", {"error": 7}, ""),
    ],
)
def test_the_outcome_in_one_word(kind: str, data: dict[str, JSON], word: str) -> None:
    """An effect, a status, a state, or why there is none."""
    assert outcome_word(kind, data) == word


@pytest.mark.parametrize(
    ("kind", "data", "says"),
    [
        ("opened", {"subject": "erika", "identity": "corp", "run": "r1"}, "erika by corp, run r1"),
        ("principal", {"groups": ["dba"], "acting_for": "max"}, "in dba, acting for max"),
        ("rules", {"rules": "a" * 64}, "rules aaaaaaaaaaaa from here on"),
        ("closed", {"reason": "recovered"}, "recovered"),
        ("decision", {"sealed": "erased"}, "(erased)"),
        (
            "approval",
            {"approval": "apr-1", "operation": "sql.write", "connection": "w", "votes": [{"by": "max", "approves": 1}]},
            "apr-1; sql.write on w; max said yes",
        ),
        (
            "decision",
            {"connection": "w", "method": "POST", "path": "/q", "claims": {"turn": 2, "tool_use": ["t1"]}},
            "w POST /q; turn 2; for t1",
        ),
        ("response", {"milliseconds": 12, "streamed": True}, "12 ms, streamed"),
    ],
)
def test_what_it_is_about(kind: str, data: dict[str, JSON], says: str) -> None:
    """In one line, nothing of what was judged left out."""
    assert what_words(kind, data) == says


@pytest.mark.parametrize("value", [None, 7, "x", [7, None], {"a": 1}, [[1]], [{"by": 7}]])
@pytest.mark.parametrize("kind", ["opened", "principal", "rules", "approval", "grant", "decision", "usage", "closed"])
def test_whatever_it_claims(kind: str, value: JSON) -> None:
    """A recording may hold anything; reading it raises nothing."""
    names = ("groups", "votes", "grants", "claims", "operations", "masked", "findings", "rules", "subject", "model")
    assert isinstance(what_words(kind, dict.fromkeys(names, value)), str)
