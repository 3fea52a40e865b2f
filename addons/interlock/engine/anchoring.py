"""Who signs the evidence of a gateway and where its heads are anchored, as the rules say, with their secrets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from interlock.credentials import open_source
from interlock.engine.rules import Rules
from interlock.engine.stores import store_url
from interlock.errors import InterlockError, Refused, RuleError, RulesInvalid
from interlock.ports import Clock
from interlock.reasons import Reason
from interlock.recording.anchor import Sink, Target, known_sinks
from interlock.recording.anchoring import Anchoring
from interlock.recording.event import parse
from interlock.recording.ledger import TREE, Ledger
from interlock.recording.signing import Signer, make_key, read_private
from interlock.settings import AnchorSpec

__all__ = ["KEY", "anchors", "open_anchoring", "signer"]

KEY = "signing-key.pem"
"""The key that is made where none is named, in `.tree` among the recordings."""

_LARGEST = 8 << 10


def open_anchoring(rules: Rules, gateway: str, clock: Clock) -> Anchoring:
    """The gateway's tree with its anchors. Reads the disk: for worker threads.

    Raises Refused (RECORDING_UNAVAILABLE) without a folder or a key, RulesInvalid for a place where no secrets are.
    """
    folder = rules.gateway.recordings
    targets = anchors(rules)
    try:
        ledger = Ledger(folder, gateway, signer(rules), clock)
    except OSError as error:
        message = f"the tree of the recordings cannot be kept ({error.strerror or error})"
        raise Refused(Reason.RECORDING_UNAVAILABLE, message) from None
    durable = rules.gateway.durability == "power"
    return Anchoring(folder, ledger, targets, clock, durable=durable, looks=rules.recording.looks)


def signer(rules: Rules) -> Signer:
    """The key that signs tree heads; made beside the recordings where the rules name none.

    Raises OSError, InterlockError; neither repeats anything of the key.
    """
    reference = rules.recording.signing_key
    if not reference:
        path = rules.gateway.recordings / TREE / KEY
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return make_key(path)
    try:
        return read_private(_text(reference, rules.folder))
    except InterlockError as error:
        hint = error.hint or "recording: {signing_key: file:/run/secrets/interlock-ed25519.pem}"
        raise InterlockError(f"recording.signing_key ({reference}): {error}", hint=hint) from None


def _text(reference: str, base: Path) -> str:
    """A key, which unlike other secrets may have several lines where it lies in a file."""
    kind, _, rest = reference.partition(":")
    if kind != "file":
        return open_source(reference, base).read().reveal()
    try:
        with (base / rest).open("rb") as file:
            return file.read(_LARGEST).decode("latin-1")
    except OSError as error:
        raise InterlockError(f"cannot be read: {error.strerror}", hint="the gateway's user must be able to") from None


def anchors(rules: Rules) -> list[tuple[Sink, Target]]:
    """The anchors that the rules name; nothing of them is read yet. Raises RulesInvalid."""
    return [(known_sinks()[spec.to], _target(spec, rules)) for spec in rules.recording.anchors]


def _target(spec: AnchorSpec, rules: Rules) -> Target:
    return Target(
        path=spec.path,
        url=_reads(spec, spec.url, rules),
        secret=_reads(spec, spec.secret, rules),
        authorities=spec.authorities,
        every=spec.every or known_sinks()[spec.to].every,
        keeper=_StoreKeeper(rules),
    )


def _reads(spec: AnchorSpec, reference: str, rules: Rules) -> Callable[[], str]:
    if not reference or reference.startswith(("https:", "http:")):
        return lambda: reference
    try:
        source = open_source(reference, rules.folder)
    except InterlockError as error:
        raise RulesInvalid([RuleError(spec.place, f"anchor {spec.to}: {error}", error.hint)]) from None
    return lambda: source.read().reveal()


class _StoreKeeper:
    """Keeps heads in the approvals' store; each by a connection of its own, in the thread that sends."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def keep(self, line: bytes) -> None:
        """See Keeper."""
        asyncio.run(self._keep(line))

    async def _keep(self, line: bytes) -> None:
        from interlock.store.engine import open_database
        from interlock.store.heads import keep_head

        event, _ = parse(line)
        if event is None:
            return
        database = open_database(store_url(self._rules))
        try:
            await keep_head(database, str(event.data.get("tree", "")), event.at[:10], line)
        finally:
            await database.close()
