"""Settings by which a database forgets."""

from __future__ import annotations

import pytest

from interlock.commands import analyse


@pytest.mark.parametrize(
    ("dialect", "text", "goes"),
    [
        ("snowflake", "ALTER TABLE t SET DATA_RETENTION_TIME_IN_DAYS=0", True),
        ("snowflake", "ALTER TABLE t SET DATA_RETENTION_TIME_IN_DAYS=30", False),
        ("snowflake", "ALTER TABLE t SET COMMENT='data_retention'", False),
        ("clickhouse", "ALTER TABLE t MODIFY TTL d + INTERVAL 1 SECOND", True),
        ("clickhouse", "ALTER TABLE t ADD COLUMN ttl UInt8", False),
        ("bigquery", "ALTER TABLE d.t SET OPTIONS(expiration_timestamp=CURRENT_TIMESTAMP())", True),
        ("bigquery", "ALTER TABLE d.t SET OPTIONS(expiration_timestamp=NULL)", False),
        ("bigquery", "ALTER TABLE d.t SET OPTIONS(description='x')", False),
    ],
)
def test_what_goes_by_itself_is_told(dialect: str, text: str, goes: bool) -> None:
    """The kind says so, and a setting that keeps more, or another one, does not have it."""
    assert ("expire" in analyse(text, "sql", dialect)[0].arguments["kinds"]) is goes
