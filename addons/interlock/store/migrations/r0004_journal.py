"""What the evidence does not say yet of a change."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

__all__ = ["upgrade"]

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the columns, written out: later changes of `tables.py` must not change what this does."""
    op.add_column("interlock_history", sa.Column("event", sa.Text))
    op.add_column("interlock_history", sa.Column("owner", sa.String, nullable=False, server_default=""))
    op.add_column("interlock_history", sa.Column("taken", sa.Double, nullable=False, server_default="0"))
    op.add_column("interlock_history", sa.Column("kept", sa.String, nullable=False, server_default=""))
    waits = sa.text("event IS NOT NULL")
    op.create_index("interlock_history_event", "interlock_history", ["seq"], sqlite_where=waits, postgresql_where=waits)
