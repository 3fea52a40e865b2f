"""The places of `ship:`, opened with the secrets that the rules name."""

from __future__ import annotations

from interlock.credentials import open_source
from interlock.engine.rules import Rules
from interlock.engine.stores import store_url
from interlock.model import Secret
from interlock.recording.ship_target import Address, Objects, known_kinds
from interlock.settings import ShipSpec

__all__ = ["open_place"]


class _Store:
    """The approvals' store, as a place."""

    def __init__(self, url: Secret) -> None:
        self._url = url

    def objects(self) -> Objects:
        from interlock.store.engine import open_database
        from interlock.store.objects import StoreObjects

        return StoreObjects(open_database(self._url))


def open_place(spec: ShipSpec, rules: Rules) -> Objects:
    """Opens one place; secrets are read now. Raises OSError, InterlockError: to be tried again later."""
    secrets = {name: open_source(kept, rules.folder).read().reveal() for name, kept in spec.secrets.items()}
    vault = _Store(store_url(rules)) if spec.kind == "store" else None
    return known_kinds()[spec.kind].open(Address(spec.to.partition(":")[2], spec.options, secrets, vault))
