"""Approvals, grants, their history, notices and the gateways' signs of life."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

__all__ = ["upgrade"]

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables, written out: later changes of `tables.py` must not change what this does."""
    op.create_table(
        "interlock_approvals",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        *(sa.Column(name, sa.String, nullable=False) for name in ("state", "outcome", "fingerprint")),
        sa.Column("live", sa.String, unique=True),
        *(sa.Column(name, sa.String, nullable=False) for name in ("requester", "gateway")),
        *(sa.Column(name, sa.Double, nullable=False) for name in ("created", "expires", "changed")),
        sa.Column("document", sa.Text, nullable=False),
    )
    _grants_and_history()
    _notices_and_gateways()
    _indexes()


def _grants_and_history() -> None:
    op.create_table(
        "interlock_grants",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("holder", sa.String, nullable=False),
        *(sa.Column(name, sa.Double, nullable=False) for name in ("begins", "until", "revoked")),
        sa.Column("document", sa.Text, nullable=False),
    )
    count = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "interlock_history",
        sa.Column("seq", count, primary_key=True, autoincrement=True),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )


def _notices_and_gateways() -> None:
    op.create_table(
        "interlock_notices",
        *(sa.Column(name, sa.String, primary_key=True) for name in ("key", "channel")),
        *(sa.Column(name, sa.Double, nullable=False) for name in ("due", "lent")),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("told", sa.Double, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
    )
    op.create_table(
        "interlock_gateways",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("seen", sa.Double, nullable=False),
    )


def _indexes() -> None:
    op.create_index("interlock_approvals_requester", "interlock_approvals", ["requester", "state"])
    op.create_index("interlock_approvals_state", "interlock_approvals", ["state", "expires"])
    op.create_index("interlock_approvals_created", "interlock_approvals", ["created"])
    op.create_index("interlock_grants_until", "interlock_grants", ["until"])
    op.create_index("interlock_history_subject", "interlock_history", ["subject"])
    op.create_index("interlock_notices_due", "interlock_notices", ["told", "due"])
