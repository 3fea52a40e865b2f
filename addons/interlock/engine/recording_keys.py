"""The keys that the rules name for recordings, opened where they are kept."""

from __future__ import annotations

from interlock.credentials import open_source
from interlock.engine.rules import Rules
from interlock.errors import InterlockError
from interlock.recording.keyring import Keyring, reach
from interlock.recording.keys import Kek, read_kek

__all__ = ["gateway_keys", "operator_keys", "reach_keys"]


def operator_keys(rules: Rules) -> tuple[Kek, ...]:
    """The keys of `encrypt:`, the one in use first. Raises Refused (SECRET_UNAVAILABLE), InterlockError."""
    references = rules.recording.keeping.encrypt
    return tuple(read_kek(open_source(reference, rules.folder).read(), reference) for reference in references)


def gateway_keys(rules: Rules) -> Keyring | None:
    """What a gateway encrypts with; None when nothing is to be encrypted.

    The key in use must be readable, or nothing may be recorded; older ones are left out when they are not. Raises as
    `operator_keys`.
    """
    references = rules.recording.keeping.encrypt
    if not references:
        return None
    keys = [read_kek(open_source(references[0], rules.folder).read(), references[0])]
    for reference in references[1:]:
        try:
            keys.append(read_kek(open_source(reference, rules.folder).read(), reference))
        except InterlockError:
            continue
    return Keyring(rules.gateway.recordings, keys)


def reach_keys(rules: Rules) -> None:
    """Lets readers of this process open what these rules encrypt, as far as the keys can be read. Never raises."""
    for reference in rules.recording.keeping.encrypt:
        try:
            reach([read_kek(open_source(reference, rules.folder).read(), reference)])
        except InterlockError:
            continue
