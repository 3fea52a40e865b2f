"""Shipped recordings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

__all__ = ["upgrade"]

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables, written out: later changes of `tables.py` must not change what this does."""
    op.create_table(
        "interlock_objects",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("edition", sa.String, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("parts", sa.Integer, nullable=False),
    )
    op.create_table(
        "interlock_parts",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("edition", sa.String, primary_key=True),
        sa.Column("part", sa.Integer, primary_key=True),
        sa.Column("data", sa.LargeBinary, nullable=False),
    )
