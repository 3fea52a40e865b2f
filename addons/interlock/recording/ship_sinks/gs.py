"""`to: gs://bucket/prefix`: Google Cloud Storage.

`account` names the JSON of a service account; without it the machine's own is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from interlock.recording.ship_sinks._objects import Stored, client, opened, retries
from interlock.recording.ship_target import Address, ShipKind

if TYPE_CHECKING:
    from obstore.store import ObjectStore

__all__ = ["PART"]

_CLEAR = {"endpoint": "base_url"}
_SECRET = {"account": "service_account_key"}


def _open(address: Address) -> Stored:
    def make() -> ObjectStore:
        from obstore.store import GCSStore

        config: Any = {_CLEAR[name]: value for name, value in address.options.items()}
        config |= {_SECRET[name]: value for name, value in address.secrets.items()}
        return GCSStore.from_url(
            f"gs:{address.to}", config=config, client_options=client(address), retry_config=retries()
        )

    return opened(make)


PART = ShipKind("gs", _open, tuple(_CLEAR), tuple(_SECRET))
