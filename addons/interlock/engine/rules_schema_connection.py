"""`connections:` as JSON Schema; its sentences are the settings' documentation, in editors and README."""

from __future__ import annotations

from interlock import commands
from interlock.credentials import schemes as credential_schemes
from interlock.credentials import sources
from interlock.credentials.parts import Scheme, Source
from interlock.engine.adapters import adapters
from interlock.engine.rules_schema_kinds import (
    DURATION,
    FLAG,
    HEADERS,
    NAME,
    PATH,
    SIZE,
    TEXT,
    TEXTS,
    Schema,
    any_of,
    choice,
    items,
    record,
    says,
)
from interlock.registry import parts
from interlock.settings_command import SOURCES

__all__ = ["connection"]


def connection() -> Schema:
    """An entry of `connections:`."""
    reasons = record("an unmask entry", ("id", "reason"), {"id": says(NAME, "The rule."), "reason": says(TEXT, "Why.")})
    return record(
        "a connection",
        ("name", "protocol", "hosts"),
        {
            "name": says(NAME, "What rules call it in `on:`, and its base URL /connections/NAME."),
            "protocol": says(choice(adapters()), "What it speaks, which says what its requests mean."),
            "hosts": says(TEXTS, "Its origins, as in https://api.example.com; an origin belongs to one connection."),
            "addresses": says(TEXTS, "Private ranges its hosts may resolve to (default: public addresses only)."),
            "max_body": says(SIZE, "The largest request body (default 10MiB; `limits: body` bounds it)."),
            "max_response": says(SIZE, "The largest answer read whole (default 64MiB; `limits: response` bounds it)."),
            "commands": says({"type": "array", "items": _place()}, "Where commands lie in its requests' bodies."),
            "credential": says(_credential(), "The secret the gateway supplies (default: none)."),
            "passthrough": says(FLAG, "Forward the agent's own credentials instead (default false)."),
            "websocket": says(FLAG, "Let requests upgrade to WebSocket; its messages are not judged (default false)."),
            "allow_headers": says(TEXTS, "Request headers to keep although they are dropped by default."),
            "unmask": says(
                any_of(HEADERS, items(reasons)), "Masking rules that do not apply here, each with a reason."
            ),
            "streams": says(
                choice(("events", "refuse")),
                "Whether answers may be event streams (default: events for models and mcp, else refuse).",
            ),
            "binary": says(
                choice(("pass", "drop", "forbid")),
                "Pictures, sound and files in messages, which no mask can search (default: pass, unsearched).",
            ),
            "insecure_http": says(FLAG, "Allow http:// to hosts that are not this machine (default false)."),
            "patient": says(
                FLAG,
                "Its clients wait as long as a review rule holds them, as `interlock exec` sets Claude Code up"
                " (default false: 10 s less than the client's own limit).",
            ),
            "estimate": says(_estimate(), "How people learn what a request under review would touch."),
            "tools": says(_tools(), "How much an MCP server may change what it said of its tools."),
        },
    )


def _estimate() -> Schema:
    return record(
        "estimate",
        ("path", "rows"),
        {
            "path": says(TEXT, "Asked by POST, with the request's own body and the credential; it must do nothing."),
            "rows": says(PATH, "Where in its JSON answer the number of rows stands."),
        },
    )


def _tools() -> Schema:
    words = choice(("forbid", "report"))
    return record(
        "tools",
        (),
        {
            "pins": says(TEXT, "A reviewed file of pinned tools, relative to rules/ (default: first seen, pinned)."),
            "changed": says(words, "A tool described in another way than pinned: taken out, or reported (forbid)."),
            "added": says(words, "A tool that has no pin: the same (default: forbid with `pins`, else report)."),
        },
    )


def _place() -> Schema:
    return record(
        "a command place",
        ("at", "path", "language"),
        {
            "at": says(TEXT, 'Method and path glob, as in "POST /v1/query"; ** crosses segments.'),
            "in": says(
                choice(SOURCES), "What the path points into: a JSON body (default), a form's fields, ... or the query."
            ),
            "path": says(PATH, "JSONPath of the member that holds the command."),
            "language": says(choice(commands.languages()), "What it is written in."),
            "dialect": says(
                choice(commands.languages()["sql"]),
                "SQL's dialect; without it a text is read in several, and all count.",
            ),
            "also": says(any_of(PATH, items(PATH)), "Other members the body may hold (default: none)."),
        },
    )


def _credential() -> Schema:
    known = ", ".join(f"{name}:" for name in parts(sources, Source))
    return record(
        "credential",
        ("scheme", "from"),
        {
            "scheme": says(choice(parts(credential_schemes, Scheme)), "How the secret is put into a request."),
            "from": says(TEXT, f"Where it is kept, never itself: {known} and the place; files relative to rules/."),
            "header": says(TEXT, "For scheme header: which one."),
            "prefix": says(TEXT, "For scheme header: a word before the secret."),
            "parameter": says(TEXT, "For scheme query: which member."),
            "username": says(TEXT, "For scheme basic: the user name."),
            "rotate_every": says(DURATION, "How old it should get, for your own review."),
        },
    )
