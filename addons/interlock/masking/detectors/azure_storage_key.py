"""Account keys of Azure Storage, Cosmos DB, Service Bus and Event Hubs, in connection strings."""

from __future__ import annotations

from interlock.masking.detector import Detector

__all__ = ["PART"]

PART = Detector(
    name="azure-storage-key",
    pattern=r"(?:Account|SharedAccess)Key=([A-Za-z0-9+/]{42,86}={1,2})",
    chars="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=",
    prefixes=("AccountKey=", "SharedAccessKey="),
    length=16 + 88 + 2,
    hits=(
        "AccountName=x;AccountKey=«" + "aB3+" * 21 + "aB==»;EndpointSuffix=core.windows.net",
        "SharedAccessKeyName=Root;SharedAccessKey=«" + "aB3/" * 10 + "aB3=»",
    ),
    misses=("AccountKey=", "AccountKey=short==", "AccountKey=${KEY}"),
)
