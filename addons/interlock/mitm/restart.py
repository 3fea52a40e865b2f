"""Which edits of the rules only a start applies: what was bound, opened or handed to mitmproxy when it began."""

from __future__ import annotations

from interlock.engine.rules import Rules

__all__ = ["asks_clients", "needs_start"]

_GATEWAY = ("forward", "reverse", "recordings", "durability", "trust", "certificate", "master_key", "store", "name")
_RECORDING = ("anchor_every", "signing_key", "anchors")
_LIMITS = ("sessions", "recording_queue", "refusal_log", "masked_values", "pending", "cooldown")


def needs_start(begun: Rules, now: Rules) -> tuple[str, ...]:
    """Members of `gateway:` and `recording:` without effect until a new start, `begun` being the rules of the last one.

    Larger bodies are among them, because mitmproxy's own limit stays; smaller ones are not.
    """
    old, new = begun.gateway, now.gateway
    found = [name for name in _GATEWAY if getattr(old, name) != getattr(new, name)]
    found += [f"limits.{name}" for name in _LIMITS if getattr(old.limits, name) != getattr(new.limits, name)]
    largest = max(old.limits.body, old.limits.response)
    found += [f"limits.{name}" for name in ("body", "response") if getattr(new.limits, name) > largest]
    kept, keeps = begun.recording, now.recording
    found += [f"recording.{name}" for name in _RECORDING if getattr(kept, name) != getattr(keeps, name)]
    found += ["recording.encrypt"] * (kept.keeping.encrypt != keeps.keeping.encrypt)
    if asks_clients(now) and not asks_clients(begun):
        found.append("client_certificates")
    return tuple(found)


def asks_clients(rules: Rules) -> bool:
    """Whether TLS clients are asked for certificates under these rules."""
    return rules.gateway.client_certificates or any(identity.scheme == "mtls" for identity in rules.identities)
