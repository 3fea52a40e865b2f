"""`gateway:` and `identities:` as JSON Schema; its sentences are the settings' documentation, in editors and README."""

from __future__ import annotations

from dataclasses import fields

from interlock.engine.rules_schema_kinds import (
    DURATION,
    FLAG,
    NAME,
    SIZE,
    TEXT,
    TEXTS,
    Schema,
    any_of,
    choice,
    choices,
    record,
    says,
    whole,
)
from interlock.identity.document import schemes
from interlock.identity.keys import ALGORITHMS
from interlock.settings import Limits

__all__ = ["gateway", "identity"]

_LIMITS = {
    "body": "The largest request that the gateway buffers anywhere; a connection's `max_body` narrows it.",
    "response": "The largest answer that it buffers; a connection's `max_response` narrows it.",
    "token": "The largest token.",
    "held_block": "One tool call of a model's streamed reply, held until it is judged.",
    "sessions": "Sessions kept open; the least recently used is closed for the next.",
    "connections": "Client connections at a time.",
    "recording_queue": "Flows waiting to be written.",
    "refusal_log": "The log of refused strangers, before it rotates; two files are kept.",
    "masked_values": "Values of a kind that a session learns tokens, hashes or fakes of; more are redacted.",
    "regex_time": "One search of a `text:` pattern; what takes longer counts as found.",
    "analyse_time": "Reading a large body and the commands in it.",
    "pending": "Open questions to people of one principal.",
    "held": "Requests that wait for people at a time; more are answered with a ticket at once.",
    "cooldown": "After a no, how long its principal may ask nothing new.",
}


_HEADERS = "Where an agent's token is looked for, in this order"
_GATEWAY: dict[str, Schema] = {
    "forward": says(TEXT, "Where the forward proxy listens (default 127.0.0.1:8080 if nothing is written)."),
    "reverse": says(TEXT, "Where the base URLs listen (default: nowhere)."),
    "route": says(
        choice(("path", "host")),
        "How a base URL names its connection: `path` (/connections/NAME/..., the default) or `host`.",
    ),
    "recordings": says(TEXT, "The folder of recordings, relative to the parent of rules/ (recordings)."),
    "durability": says(
        choice(("process", "power")),
        "What evidence survives: a crash of the gateway (process, the default) or of the machine (power).",
    ),
    "token_headers": says(TEXTS, f"{_HEADERS}, at the forward proxy (default proxy-authorization)."),
    "reverse_token_headers": says(
        TEXTS, f"{_HEADERS}, at base URLs (default authorization, x-api-key, api-key, x-goog-api-key)."
    ),
    "observe_until": says(TEXT, "A date: until then what no rule speaks about passes, marked (default: never)."),
    "trust": says(TEXT, "A PEM file of further authorities for upstreams' certificates; relative as recordings."),
    "client_certificates": says(
        FLAG, "Ask TLS clients for certificates (default: only where an identity has scheme mtls)."
    ),
    "master_key": says(
        TEXT, "Where the key of all masking keys is kept: env:NAME or file:PATH (default: a random one for each start)."
    ),
    "store": says(
        TEXT,
        "Where approvals are kept: sqlite:FILE, or env:NAME or file:PATH of a PostgreSQL URL, which several gateways"
        " may share (default: approvals.sqlite among the recordings).",
    ),
    "name": says(TEXT, "What this gateway is called there (default: the machine's name and where it listens)."),
    "certificate": says(TEXT, "The listeners' own certificate, in one PEM file with its key; relative as recordings."),
}


def gateway() -> Schema:
    """The `gateway:` section."""
    return record("gateway", (), {**_GATEWAY, "limits": _limits()})


def _limits() -> Schema:
    usual = Limits()
    members: dict[str, Schema] = {}
    for entry in fields(Limits):
        value = getattr(usual, entry.name)
        if isinstance(value, float):
            kind, default = DURATION, f"{value:g}s" if value >= 1 else f"{value * 1000:g}ms"
        elif value % 1024 or value < 1024:
            kind, default = whole(1, 1 << 40), str(value)
        else:
            kind, default = SIZE, f"{value >> 20}MiB" if value >= 1 << 20 else f"{value >> 10}KiB"
        if entry.name == "recording_queue":
            kind, default = whole(1, 1 << 40), str(value)
        members[entry.name] = says(kind, f"{_LIMITS[entry.name]} Default {default}.")
    return {**record("limits", (), members), "description": "Bounds on what is taken and kept."}


_COMMON: dict[str, Schema] = {
    "name": says(NAME, "What rules call it in `from:`."),
    "scheme": says(choice(()), "How callers prove who they are: `jwt` (the default) or `mtls`."),
    "subjects": says(TEXTS, "Accept only these subjects; `*` stands for any text (default: everyone)."),
    "demo": says(FLAG, "It mints its own tokens; such a gateway listens on this machine only (default false)."),
}
_JWT: dict[str, Schema] = {
    "issuer": says(TEXT, "The tokens' `iss`, exactly; its keys are found by OpenID discovery unless said otherwise."),
    "audience": says(TEXTS, "The tokens' `aud` must name one of these."),
    "algorithms": says(choices(ALGORITHMS), "Accepted signatures (default RS256, ES256, EdDSA); never `none`."),
    "claims": says(
        record(
            "claims",
            (),
            {
                "subject": says(TEXT, "Path of the subject's claim (default sub)."),
                "groups": says(TEXTS, "Paths of claims that hold groups."),
                "roles": says(TEXTS, "More of them; roles count as groups."),
                "acting_for": says(TEXT, "Path of the claim that names whom the caller acts for."),
            },
        ),
        "Which claims say what, by path, as in realm_access.roles.",
    ),
    "typ": says(TEXTS, "Accepted `typ` headers (default JWT, at+jwt; `absent` for none). ID tokens never are."),
    "skew": says(DURATION, "How far the issuer's clock may differ (default 30s)."),
    "max_age": says(DURATION, "Refuse tokens issued longer ago, whatever their expiry (default: no such limit)."),
    "stale_for": says(DURATION, "How long known keys serve while the issuer is down (default 1h)."),
    "jwks_url": says(TEXT, "Where the keys are, instead of discovery."),
    "keys": says(TEXT, "A JWKS file, instead of any fetching; relative to rules/."),
    "key": says(TEXT, "A demo issuer's private key (PEM); made at the start when missing."),
}
_MTLS: dict[str, Schema] = {
    "ca": says(TEXT, "The PEM file of authorities that sign clients' certificates; relative to rules/."),
    "subject": says(
        choice(("san-uri", "san-dns", "san-email", "cn")),
        "Which name of the certificate is the subject (default san-uri).",
    ),
    "groups": says(choice(("ou",)), "`ou` makes the certificate's organizational units groups (default: none)."),
}
_MEMBERS = {"jwt": _JWT, "mtls": _MTLS}


def identity() -> Schema:
    """An entry of `identities:`; `scheme` says which members it has."""
    kinds = []
    for name, scheme in schemes().items():
        own = {member: _MEMBERS.get(name, {}).get(member, TEXT) for member in (*scheme.required, *scheme.members)}
        chosen = {**_COMMON, "scheme": {**_COMMON["scheme"], **choice((name,))}}
        required = ("name", *scheme.required, *(() if name == "jwt" else ("scheme",)))
        kinds.append(record("an identity", required, {**chosen, **own}))
    return any_of(*kinds)
