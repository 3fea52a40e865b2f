"""What is risky in how recordings are kept: unanchored, keys that would be lost, copies in clear, short retention.

Each as a kind, a place, what could happen and how to do without it; `risks` makes them its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from interlock.credentials import open_source
from interlock.engine.rules import Rules
from interlock.errors import InterlockError, Place
from interlock.recording.keys import read_kek
from interlock.settings import ShipSpec

__all__ = ["keeping_risks"]

_DAY = 86400.0
_FILE = "file://"

type Found = tuple[str, Place, str, str]


def keeping_risks(rules: Rules) -> Iterator[Found]:
    """Everything risky under `recording:`."""
    yield from _vouched(rules)
    yield from _keys(rules)
    for spec in rules.recording.keeping.ship:
        yield from _place(spec, rules)
    yield from _short(rules)


def _vouched(rules: Rules) -> Iterator[Found]:
    """Whether somebody who can write the recordings could change them unseen."""
    recording, place = rules.recording, Place(str(rules.folder))
    folder = rules.gateway.recordings.absolute()
    inside = not rules.gateway.store or rules.gateway.store.startswith("sqlite:")
    outside = [
        spec for spec in recording.anchors
        if not (spec.to == "store" and inside)
        and not (spec.path is not None and spec.path.absolute().is_relative_to(folder))
    ]  # fmt: skip
    if not outside:
        yield (
            "unanchored", recording.anchors[0].place if recording.anchors else place,
            "tree heads are kept nowhere but on this machine: who writes the recordings can cut or drop them unseen",
            "recording: {anchors: [{to: file, path: /mnt/elsewhere/heads.jsonl}]}, or to: webhook, store, rfc3161",
        )  # fmt: skip
    if not recording.signing_key:
        yield (
            "own-signing-key", place,
            "the key that signs tree heads is made beside the recordings: who writes there can sign what they like",
            "recording: {signing_key: file:/run/secrets/interlock-ed25519.pem}",
        )  # fmt: skip


def _keys(rules: Rules) -> Iterator[Found]:
    for number, reference in enumerate(rules.recording.keeping.encrypt):
        try:
            read_kek(open_source(reference, rules.folder).read(), reference)
        except InterlockError as error:
            what = "no gateway starts without it" if not number else "what it encrypted stays sealed"
            hint = error.hint or "32 random bytes in base64: openssl rand -base64 32"
            yield "recording-key", Place(str(rules.folder)), f"recordings are to be encrypted: {error}; {what}", hint


def _place(spec: ShipSpec, rules: Rules) -> Iterator[Found]:
    keeping, folder = rules.recording.keeping, rules.gateway.recordings.absolute()
    local = spec.kind == "store" and (not rules.gateway.store or rules.gateway.store.startswith("sqlite:"))
    inside = spec.to.startswith(_FILE) and spec.to.removeprefix(_FILE).startswith(f"{folder}/")
    if local or inside:
        yield (
            "same-disk", spec.place, f"ship: {spec.id} is a copy on the disk that it is made from",
            "an object storage, another machine's folder, or gateway: {store: env:DATABASE_URL}",
        )  # fmt: skip
    if keeping.encrypt and not spec.keys:
        yield (
            "keys-stay", spec.place,
            f"ship: {spec.id} has what is encrypted without its keys: verified anywhere, and read only while this"
            " machine's recordings are there",
            "back them up apart (key files and .keys), or keys: true, which erasure then deletes there too",
        )  # fmt: skip
    elif not keeping.encrypt and spec.flows and not local:
        yield (
            "shipped-in-clear", spec.place, f"ship: {spec.id} gets flows in clear, as they were masked",
            "recording: {encrypt: env:RECORDING_KEY}, or flows: false",
        )  # fmt: skip


def _short(rules: Rules) -> Iterator[Found]:
    """Evidence that is gone before the review that needs it."""
    attested = [(rule.attest.every, rule.id) for rule in rules.policy.rules if rule.attest is not None]
    if not attested:
        return
    every, name = max(attested)
    for rule in rules.recording.keeping.retain:
        if rule.seconds < every:
            yield (
                "short-retention", rule.place,
                f"retain: {rule.id} keeps sessions for {rule.seconds / _DAY:g} days; the rule {name!r} is attested"
                f" every {every / _DAY:g} days: what was used in between cannot be seen by then",
                f"for: {every / _DAY:.0f}d, or more",
            )  # fmt: skip
