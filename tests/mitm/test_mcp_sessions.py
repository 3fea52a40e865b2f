"""Whose session of an MCP server it is."""

from __future__ import annotations

import pytest

from interlock.errors import Refused
from interlock.mitm import mcp_sessions
from interlock.mitm.mcp_sessions import McpSessions
from interlock.model import Principal
from interlock.reasons import Reason

ERIKA = Principal("corp", "https://idp.example.com", "erika")
MAX = Principal("corp", "https://idp.example.com", "max")
OTHER = Principal("other", "https://other.example.com", "erika")


def test_a_session_belongs_to_who_used_it_first() -> None:
    """Compared by issuer and subject; the same id on another connection is another session."""
    sessions = McpSessions()
    sessions.claim("tickets", "s", ERIKA)
    sessions.claim("tickets", "s", ERIKA)
    sessions.claim("docs", "s", MAX)
    sessions.claim("tickets", "", MAX)
    for thief in (MAX, OTHER):
        with pytest.raises(Refused) as caught:
            sessions.claim("tickets", "s", thief)
        assert caught.value.reason is Reason.SESSION_REFUSED


def test_any_id_can_be_remembered() -> None:
    """Lone surrogates, line ends and great lengths are an id as well."""
    sessions = McpSessions()
    for text in ("\udcff", "a\nb", "x" * 100_000):
        sessions.claim("tickets", text, ERIKA)
        with pytest.raises(Refused):
            sessions.claim("tickets", text, MAX)


def test_the_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a principal did not use for longest is forgotten, and so is who was not seen for longest."""
    monkeypatch.setattr(mcp_sessions, "_MAX_EACH", 2)
    monkeypatch.setattr(mcp_sessions, "_MAX_PEOPLE", 2)
    sessions = McpSessions()
    for text in ("a", "b", "a", "c"):
        sessions.claim("tickets", text, ERIKA)
    sessions.claim("tickets", "b", MAX)
    sessions.claim("tickets", "c", ERIKA)
    assert len(sessions._owners) == 3

    sessions.claim("tickets", "d", OTHER)
    sessions.claim("tickets", "b", ERIKA)
    assert len(sessions._owners) == 3


def test_nobody_pushes_out_what_is_somebody_elses(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many sessions they name."""
    monkeypatch.setattr(mcp_sessions, "_MAX_EACH", 10)
    sessions = McpSessions()
    sessions.claim("tickets", "s", ERIKA)
    for number in range(1000):
        sessions.claim("tickets", str(number), MAX)

    with pytest.raises(Refused):
        sessions.claim("tickets", "s", MAX)
