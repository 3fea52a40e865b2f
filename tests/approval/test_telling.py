"""What people are told holds names, times and a link: nothing of what was asked, nothing the agent said."""

from __future__ import annotations

import json

from tests.approval.values import AGENT, MAX, NOW, approval

from interlock.approval.telling import EVENTS, Channel, about_approval, about_grant
from interlock.model import Ask, Grant

CONSOLE = "https://interlock.example.com/"


def test_a_question_brings_its_reminder() -> None:
    """Now, and at half time; each channel gets what it wants to hear."""
    found = about_approval(approval(), "pending", NOW, [Channel("a"), Channel("b", frozenset({"pending"}))], CONSOLE)

    assert [(one.key.partition(":")[2], one.channel, one.due) for one in found] == [
        ("pending", "a", NOW),
        ("pending", "b", NOW),
        ("reminder", "a", NOW + 300),
    ]
    assert not about_approval(approval(), "used", NOW, [Channel("a")])
    assert not about_approval(approval(), "pending", NOW, [])


def test_nothing_sensitive_leaves() -> None:
    """Neither the operation in full, nor the agent's reason, nor claims, nor what would trick a reader."""
    asked = approval(because="SECRET-REASON", shown={"sql": "SECRET-SQL"}, run="SECRET-RUN", operation="a\u202eb" * 999)
    (one, _) = about_approval(asked, "pending", NOW, [Channel("a")], CONSOLE)
    text = json.dumps(one.body, ensure_ascii=False)

    assert "SECRET" not in text
    assert "\u202e" not in text
    assert len(text) < 1000
    assert isinstance(one.body, dict)
    assert one.body["link"] == "https://interlock.example.com/approvals/apr-0000000000000001"
    assert one.body["requester"] == "agent-7"


def test_grants_have_their_own_pages() -> None:
    """Who may do what until when, by whose word."""
    grant = Grant("grt-1", AGENT, "w", ("sql.write",), ("r",), NOW, NOW + 60, (MAX,), "secret", approval="apr-1")
    (one,) = about_grant(grant, "granted", NOW, [Channel("a")], CONSOLE)

    assert isinstance(one.body, dict)
    assert one.key == "grt-1:granted"
    assert one.body["link"] == "https://interlock.example.com/grants/grt-1"
    assert (one.body["by"], one.body["until"]) == (["max@example.com"], NOW + 60)
    assert "secret" not in json.dumps(one.body)
    (bare,) = about_grant(grant, "revoked", NOW, [Channel("a")])
    assert isinstance(bare.body, dict)
    assert bare.body["link"] == ""


def test_every_event_can_be_told() -> None:
    """All of them, of both kinds of subject."""
    asked = approval(asks=(Ask("r"),))
    assert all(about_approval(asked, event, NOW, [Channel("a")]) for event in EVENTS)
