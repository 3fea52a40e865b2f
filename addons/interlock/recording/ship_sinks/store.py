"""`to: store`: the database of approvals, where gateways share one already."""

from __future__ import annotations

from interlock.recording.ship_target import Address, Objects, ShipKind

__all__ = ["PART"]


def _open(address: Address) -> Objects:
    if address.vault is None:
        raise OSError("there is no store")
    return address.vault.objects()


PART = ShipKind("store", _open)
