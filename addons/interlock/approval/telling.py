"""What people are told, and when: a few facts and a link, never what was asked in full nor the agent's own reason.

What leaves the gateway this way passes through chat and mail services: names of rules, connections and people, the
operation's name, times. Everything else is behind the link, where people sign in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from interlock.approval.shown import escaped
from interlock.model import JSON, Approval, Grant
from interlock.ports import Notice

__all__ = ["EVENTS", "Channel", "about_approval", "about_grant"]

EVENTS = ("pending", "reminder", "approved", "denied", "expired", "withdrawn", "granted", "revoked")
"""What may be told; `reminder` at half time, if nobody has decided by then."""

_MAX_NAME = 200


@dataclass(frozen=True, slots=True)
class Channel:
    """Somewhere to tell people, by the name that the rules give it, of these events."""

    name: str
    events: frozenset[str] = frozenset(EVENTS)


def about_approval(
    approval: Approval, event: str, now: float, channels: Sequence[Channel], console: str = ""
) -> list[Notice]:
    """The notices of an event: one a channel that wants it. A new question brings its reminder along."""
    facts: dict[str, JSON] = {
        "approval": approval.id,
        "kind": str(approval.kind),
        "requester": _name(approval.requester.subject),
        "acting_for": _name(approval.requester.acting_for),
        "connection": _name(approval.connection),
        "operation": _name(approval.operation),
        "rules": [ask.rule for ask in approval.asks],
        "content_unseen": approval.unseen,
        "expires": approval.expires,
    }
    notices = _notices(approval.id, event, now, now, facts, channels, console)
    if event == "pending":
        half = approval.created + (approval.expires - approval.created) / 2
        notices += _notices(approval.id, "reminder", now, half, facts, channels, console)
    return notices


def about_grant(grant: Grant, event: str, now: float, channels: Sequence[Channel], console: str = "") -> list[Notice]:
    """The notices of a grant that was given or revoked."""
    facts: dict[str, JSON] = {
        "grant": grant.id,
        "approval": grant.approval,
        "holder": _name(grant.holder.subject),
        "acting_for": _name(grant.holder.acting_for),
        "connection": _name(grant.connection),
        "operations": [_name(name) for name in grant.operations],
        "rules": list(grant.rules),
        "by": [_name(person.subject) for person in grant.by],
        "until": grant.until,
    }
    return _notices(grant.id, event, now, now, facts, channels, console)


def _notices(
    subject: str, event: str, now: float, due: float, facts: dict[str, JSON], channels: Sequence[Channel], console: str
) -> list[Notice]:
    folder = "grants" if subject.startswith("grt-") else "approvals"
    link = f"{console.rstrip('/')}/{folder}/{subject}" if console else ""
    body: JSON = {"event": event, "time": now, "link": link, **facts}
    return [
        Notice(key=f"{subject}:{event}", channel=channel.name, body=body, due=due)
        for channel in channels
        if event in channel.events
    ]


def _name(text: str) -> str:
    """Somebody else's words as one harmless line; this is a notice, what is judged stands behind the link."""
    line = escaped(text)
    return line if len(line) <= _MAX_NAME else line[:_MAX_NAME] + "…"
