"""`to: s3://bucket/prefix`: Amazon S3, or what speaks its protocol at an `endpoint`.

Without `access_key` the machine's own role is asked, or the variables that AWS' own tools read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from interlock.recording.ship_sinks._objects import Stored, client, opened, retries
from interlock.recording.ship_target import Address, ShipKind

if TYPE_CHECKING:
    from obstore.store import ObjectStore

__all__ = ["PART"]

_CLEAR = {"region": "region", "endpoint": "endpoint"}
_SECRET = {"access_key": "access_key_id", "secret_key": "secret_access_key", "session_token": "session_token"}


def _open(address: Address) -> Stored:
    def make() -> ObjectStore:
        from obstore.store import S3Store

        config: Any = {"disable_bulk_delete": True}  # not everything that speaks S3 knows it
        config |= {_CLEAR[name]: value for name, value in address.options.items()}
        config |= {_SECRET[name]: value for name, value in address.secrets.items()}
        return S3Store.from_url(
            f"s3:{address.to}", config=config, client_options=client(address), retry_config=retries()
        )

    return opened(make)


PART = ShipKind("s3", _open, tuple(_CLEAR), tuple(_SECRET))
