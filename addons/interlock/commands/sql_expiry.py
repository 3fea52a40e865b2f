"""Settings by which a database forgets: rows and tables that go by themselves, and copies that are kept for no time.

Snowflake keeps what was dropped for DATA_RETENTION_TIME_IN_DAYS; BigQuery drops a table at its expiration_timestamp;
ClickHouse drops rows by their TTL (documentation of each).
"""

from __future__ import annotations

import re

__all__ = ["expires"]

_EXPIRES = re.compile(
    r"\bdata_retention_time_in_days\s*=\s*0\b|\bsystem_versioning\s*=\s*off\b|\bmodify\s+ttl\b|\bmaterialize\s+ttl\b"
    r"|\b(?:expiration_timestamp|(?:default_table_|partition_|default_partition_)expiration_(?:days|ms)|max_time_travel_hours)"
    r"\s*=\s*(?!null\b)",
    re.IGNORECASE,
)


def expires(text: str) -> bool:
    """Whether the text of an ALTER makes what is stored go by itself, or what has gone go for good."""
    return bool(_EXPIRES.search(text))
