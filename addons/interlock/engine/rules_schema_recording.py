"""`recording:` as JSON Schema; its sentences are the settings' documentation, in editors and README."""

from __future__ import annotations

from interlock.engine.rules_schema_keeping import keeping
from interlock.engine.rules_schema_kinds import DURATION, NUMBER, SIZE, TEXT, Schema, any_of, choice, record, says
from interlock.recording.anchor import sink_members

__all__ = ["recording"]

_ANCHOR: dict[str, Schema] = {
    "to": says(choice(()), "What keeps the heads."),
    "path": says(TEXT, "`file`: the file that heads are added to, on another disk or machine; relative as recordings."),
    "url": says(TEXT, "`webhook`, `rfc3161`: where to; https, or where the address is kept (env:NAME, file:PATH)."),
    "secret": says(TEXT, "`webhook`: where the secret is kept that signs what is sent, env:NAME or file:PATH."),
    "authorities": says(
        TEXT, "`rfc3161`: a PEM file of the authorities that the time-stamper's certificate must come from."
    ),
    "every": says(DURATION, "`rfc3161`: how often at most a head is time-stamped (default 5m)."),
}


def recording() -> Schema:
    """The `recording:` section."""
    return record(
        "recording",
        (),
        {
            "anchor_every": says(
                DURATION,
                "How often what advanced is signed and anchored (default 10s): what came after can be cut unseen.",
            ),
            "signing_key": says(
                TEXT,
                "Where the Ed25519 key is kept that signs tree heads: file:PATH or env:NAME; PKCS#8 PEM, or 32 bytes in"
                " base64 (default: one is made beside the recordings, where whoever writes them can use it too).",
            ),
            "anchors": says({"type": "array", "items": _anchor()}, "Where tree heads are kept outside the recordings."),
            **keeping(),
            "quota": says(
                SIZE,
                "How much disk the evidence and flows of one principal's sessions may take together (default 10GiB).",
            ),
            "looks": says(
                SIZE,
                "At which size the log of looks turns over, once the tree vouches for it; then the older of its two"
                " halves goes (default 64MiB, some 200,000 looks each).",
            ),
            "prices": says(
                {"type": "array", "items": _price()}, "What models' tokens cost; the first that fits counts."
            ),
        },
    )


def _price() -> Schema:
    kinds = {
        "input": "What a million tokens cost that are read anew.",
        "output": "What a million tokens of an answer cost.",
        "cache_read": "What a million tokens cost that are read from a cache (default 0).",
        "cache_write": "What a million tokens cost that are written into a cache (default 0).",
    }
    members = {
        "model": says(TEXT, "The model's name; `*` stands for any characters."),
        **{name: says(NUMBER, sentence) for name, sentence in kinds.items()},
        "currency": says({"type": "string", "pattern": "^[A-Z]{3}$"}, "Three letters (default USD)."),
    }
    return record("a price", ("model", "input", "output"), members)


def _anchor() -> Schema:
    kinds = []
    for name, (needs, takes) in sink_members().items():
        own = {member: _ANCHOR[member] for member in (*needs, *takes)}
        kinds.append(record("an anchor", ("to", *needs), {"to": {**_ANCHOR["to"], **choice((name,))}, **own}))
    return any_of(*kinds)
