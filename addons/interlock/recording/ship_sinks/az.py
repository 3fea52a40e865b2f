"""`to: az://container/prefix`: Azure Blob Storage, in the storage account that `account` names.

With `access_key`, or a service principal (`tenant`, `client`, `client_secret`); without, the machine's own identity.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from interlock.recording.ship_sinks._objects import Stored, client, opened, retries
from interlock.recording.ship_target import Address, ShipKind

if TYPE_CHECKING:
    from obstore.store import ObjectStore

__all__ = ["PART"]

_CLEAR = {"account": "account_name", "tenant": "tenant_id", "client": "client_id", "endpoint": "endpoint"}
_SECRET = {"access_key": "account_key", "client_secret": "client_secret"}


def _open(address: Address) -> Stored:
    def make() -> ObjectStore:
        from obstore.store import AzureStore

        config: Any = {_CLEAR[name]: value for name, value in address.options.items()}
        config |= {_SECRET[name]: value for name, value in address.secrets.items()}
        return AzureStore.from_url(
            f"az:{address.to}", config=config, client_options=client(address), retry_config=retries()
        )

    return opened(make)


PART = ShipKind("az", _open, tuple(_CLEAR), tuple(_SECRET))
