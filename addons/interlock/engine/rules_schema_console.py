"""`console:` as JSON Schema; its sentences are the settings' documentation, in editors and README."""

from __future__ import annotations

from interlock.engine.console_rules import Role
from interlock.engine.rules_schema_kinds import DURATION, TEXT, TEXTS, Schema, record, says
from interlock.engine.rules_schema_policy import people

__all__ = ["console"]

_SIGN_IN: dict[str, Schema] = {
    "from": says(TEXT, "The identity (scheme jwt, not demo) whose issuer signs people in."),
    "client_id": says(TEXT, "The console's own client there; never an audience of agents' tokens."),
    "client_secret": says(TEXT, "Where its secret is kept: env:NAME or file:PATH (default: a public client)."),
    "scopes": says(TEXTS, "What is asked for at sign-in (default openid, profile)."),
}


def console() -> Schema:
    """The `console:` section."""
    return record(
        "console",
        (),
        {
            "listen": says(TEXT, "Where the console listens (default 127.0.0.1:8090)."),
            "url": says(TEXT, "Its origin as browsers reach it (default http:// and where it listens)."),
            "sign_in": says(record("sign_in", ("from", "client_id"), _SIGN_IN), "How people sign in: OpenID Connect."),
            "roles": says(
                record("roles", (), {role: says(record("to", (), people("to")), f"Who is {role}.") for role in Role}),
                "Which claims give which role. Who may decide about an approval, its rule's `by:` says.",
            ),
            "session": says(DURATION, "How long somebody stays signed in (default 8h)."),
            "fresh": says(DURATION, "How old a sign-in may be that decides something (default and most 5m)."),
            "certificate": says(TEXT, "The console's certificate and key, one PEM file; relative as recordings."),
        },
    )
