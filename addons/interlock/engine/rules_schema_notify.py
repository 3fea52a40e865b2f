"""`notify:` as JSON Schema; its sentences are the settings' documentation, in editors and README."""

from __future__ import annotations

from interlock.approval.notifier import known_notifiers
from interlock.approval.telling import EVENTS
from interlock.engine.rules_schema_kinds import NAME, TEXT, Schema, choice, choices, record, says

__all__ = ["notify"]


def notify() -> Schema:
    """An entry of `notify:`."""
    members: dict[str, Schema] = {
        "name": says(NAME, "What the log calls it."),
        "via": says(choice(tuple(known_notifiers())), "How: JSON to an address of yours, or a service Apprise knows."),
        "url": says(TEXT, "Where to: env:NAME or file:PATH; a webhook's may be written out (https)."),
        "secret": says(TEXT, "For webhooks: where the secret is kept that signs them, env:NAME or file:PATH."),
        "events": says(choices(EVENTS), "Of what (default pending, reminder, expired, granted, revoked)."),
    }
    return record("a notifier", ("name", "via", "url"), members)
