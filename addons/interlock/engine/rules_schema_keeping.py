"""`encrypt`, `ship`, `retain` and `holds` of `recording:` as JSON Schema."""

from __future__ import annotations

from interlock.engine.rules_schema_kinds import (
    DURATION,
    FLAG,
    NAME,
    TEXT,
    TEXTS,
    Schema,
    any_of,
    choice,
    items,
    record,
    says,
)
from interlock.recording.ship_target import ship_members

__all__ = ["keeping"]

_SHIP: dict[str, Schema] = {
    "id": says(NAME, "Its name, in what is recorded of shipping (default: the address' scheme)."),
    "to": says(TEXT, "Where to: file:///folder, s3://BUCKET/…, gs://BUCKET/…, az://CONTAINER/… or store."),
    "flows": says(FLAG, "Whether flow files go there too (default true)."),
    "keys": says(
        FLAG,
        "Whether the wrapped keys of encrypted sessions go there too, not only here (default false).",
    ),
    "every": says(
        DURATION,
        "How long what a session in use recorded waits at most before a piece of it goes (default 5m, at least 5s).",
    ),
    "region": says(TEXT, "`s3`: the bucket's region."),
    "endpoint": says(TEXT, "`s3`, `gs`, `az`: another service that speaks this protocol."),
    "access_key": says(TEXT, "`s3`: where the id of the access key is kept; `az`: where the account's key is kept."),
    "secret_key": says(TEXT, "`s3`: where its secret is kept, env:NAME or file:PATH."),
    "session_token": says(TEXT, "`s3`: where the token of a temporary key is kept."),
    "account": says(TEXT, "`gs`: where a service account's JSON is kept; `az`: the name of the storage account."),
    "tenant": says(TEXT, "`az`: the tenant of a service principal."),
    "client": says(TEXT, "`az`: its client id."),
    "client_secret": says(TEXT, "`az`: where its secret is kept."),
}
_TO: dict[str, Schema] = {
    "from": says(NAME, "The identity that vouches for them."),
    "groups": says(TEXTS, "Any of these groups."),
    "subjects": says(TEXTS, "Any of these subjects; `*` stands for any characters."),
}
_RETAIN: dict[str, Schema] = {
    "id": says(NAME, "Its name, in the tombstone of what it deletes."),
    "for": says(DURATION, "How long a session is kept after its end; an hour at least."),
    "to": says({**record("whose", (), _TO)}, "Whose sessions (default: everybody's)."),
    "on": says(TEXTS, "Sessions that used one of these connections (default: any)."),
}
_HOLD: dict[str, Schema] = {
    "id": says(NAME, "Its name."),
    "why": says(TEXT, "The reason, for whoever wonders."),
    "to": says(any_of(choice(("anyone",)), record("whose", (), _TO)), "Whose sessions are held."),
    "sessions": says(TEXTS, "Which sessions are held."),
}


def keeping() -> dict[str, Schema]:
    """These members of the `recording:` section."""
    return {
        "encrypt": says(
            TEXTS,
            "Where the key is kept that recordings are encrypted with: env:NAME or file:PATH, 32 bytes in base64;"
            " older keys after it (default: not encrypted).",
        ),
        "ship": says(items(_ship()), "Where sessions are copied to, piece by piece as they grow (default: nowhere)."),
        "retain": says(
            items(record("a retention rule", ("id", "for"), _RETAIN)),
            "How long sessions are kept; what no rule speaks about is kept for good (default: everything).",
        ),
        "holds": says(
            items(record("a hold", ("id", "why"), _HOLD)), "What is neither deleted nor erased while it stands here."
        ),
    }


def _ship() -> Schema:
    kinds = []
    for name, (clear, secret) in ship_members().items():
        own = {member: _SHIP[member] for member in (*clear, *secret)}
        pattern = "^store$" if name == "store" else f"^{name}:"
        to: Schema = {**_SHIP["to"], "pattern": pattern}
        common = {member: _SHIP[member] for member in ("id", "flows", "keys", "every")}
        kinds.append(record("an entry of ship", ("to",), {"to": to, **common, **own}))
    return any_of(*kinds)
