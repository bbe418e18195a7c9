"""Who sent an event, and when it was stored: to find the false ones of a stolen token."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the columns."""
    op.add_column("events", sa.Column("client", sa.Text()))
    op.add_column("events", sa.Column("stored_at", sa.DateTime(timezone=True)))
