"""Where approvals are kept, as the rules say: one answer for gateways, consoles and the terminal."""

from __future__ import annotations

from interlock.credentials import open_source
from interlock.engine.rules import Rules
from interlock.model import Secret

__all__ = ["FILE", "store_url"]

FILE = "approvals.sqlite"
"""In the folder of recordings, where nothing else is written under `gateway: store:`."""


def store_url(rules: Rules) -> Secret:
    """The database's URL, which may hold a password. Raises Refused (SECRET_UNAVAILABLE) when it cannot be read."""
    kept = rules.gateway.store
    if not kept:
        return Secret(f"sqlite:{rules.gateway.recordings.absolute() / FILE}")
    return Secret(kept) if kept.startswith("sqlite:") else open_source(kept, rules.folder).read()
