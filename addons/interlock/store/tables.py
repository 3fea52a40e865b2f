"""The tables of approvals and access reviews, on SQLite and PostgreSQL alike.

What is looked for is a column, everything else is one JSON document a row: nothing that somebody else named (a
subject, an operation, a reason) is ever a key or part of a statement. `live` holds the fingerprint while something may
still come of an approval, and is unique: two questions about one operation cannot stand side by side.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Double, Index, Integer, LargeBinary, MetaData, String, Table, Text

__all__ = [
    "APPROVALS",
    "ATTESTATIONS",
    "CAMPAIGNS",
    "CHANNEL",
    "GATEWAYS",
    "GRANTS",
    "HISTORY",
    "METADATA",
    "NOTICES",
    "OBJECTS",
    "PARTS",
    "REVIEWS",
    "VERSION",
]

CHANNEL = "interlock_changes"
"""Where PostgreSQL tells of changes; each names the approval or grant."""

VERSION = "interlock_version"
"""The table that says which migrations were made."""

_COUNT = BigInteger().with_variant(Integer(), "sqlite")

METADATA = MetaData()

APPROVALS = Table(
    "interlock_approvals",
    METADATA,
    Column("id", String, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("outcome", String, nullable=False),
    Column("fingerprint", String, nullable=False),
    Column("live", String, unique=True),
    Column("requester", String, nullable=False),
    Column("gateway", String, nullable=False),
    Column("created", Double, nullable=False),
    Column("expires", Double, nullable=False),
    Column("changed", Double, nullable=False),
    Column("document", Text, nullable=False),
    Index("interlock_approvals_requester", "requester", "state"),
    Index("interlock_approvals_state", "state", "expires"),
    Index("interlock_approvals_created", "created"),
)

GRANTS = Table(
    "interlock_grants",
    METADATA,
    Column("id", String, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("holder", String, nullable=False),
    Column("begins", Double, nullable=False),
    Column("until", Double, nullable=False),
    Column("revoked", Double, nullable=False),
    Column("document", Text, nullable=False),
    Index("interlock_grants_until", "until"),
)

HISTORY = Table(
    "interlock_history",
    METADATA,
    Column("seq", _COUNT, primary_key=True, autoincrement=True),
    Column("subject", String, nullable=False),
    Column("at", Double, nullable=False),
    Column("document", Text, nullable=False),
    Column("event", Text),
    Column("owner", String, nullable=False, server_default=""),
    Column("taken", Double, nullable=False, server_default="0"),
    Column("kept", String, nullable=False, server_default=""),
    Index("interlock_history_subject", "subject"),
    sqlite_autoincrement=True,
)
"""`event` is what no evidence says yet, which `owner` has in hand; `kept` where it stands since."""

Index(
    "interlock_history_event", HISTORY.c.seq, sqlite_where=HISTORY.c.event.is_not(None),
    postgresql_where=HISTORY.c.event.is_not(None),
)  # fmt: skip

NOTICES = Table(
    "interlock_notices",
    METADATA,
    Column("key", String, primary_key=True),
    Column("channel", String, primary_key=True),
    Column("due", Double, nullable=False),
    Column("lent", Double, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("told", Double, nullable=False),
    Column("document", Text, nullable=False),
    Index("interlock_notices_due", "told", "due"),
)

GATEWAYS = Table(
    "interlock_gateways",
    METADATA,
    Column("name", String, primary_key=True),
    Column("seen", Double, nullable=False),
)

CAMPAIGNS = Table(
    "interlock_campaigns",
    METADATA,
    Column("id", String, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("opened", Double, nullable=False),
    Column("document", Text, nullable=False),
)

REVIEWS = Table(
    "interlock_reviews",
    METADATA,
    Column("id", String, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("document", Text, nullable=False),
)

ATTESTATIONS = Table(
    "interlock_attestations",
    METADATA,
    Column("seq", _COUNT, primary_key=True, autoincrement=True),
    Column("campaign", String, nullable=False),
    Column("document", Text, nullable=False),
    Index("interlock_attestations_campaign", "campaign"),
    sqlite_autoincrement=True,
)

OBJECTS = Table(
    "interlock_objects",
    METADATA,
    Column("name", String, primary_key=True),
    Column("edition", String, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("parts", Integer, nullable=False),
)

PARTS = Table(
    "interlock_parts",
    METADATA,
    Column("name", String, primary_key=True),
    Column("edition", String, primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("data", LargeBinary, nullable=False),
)
