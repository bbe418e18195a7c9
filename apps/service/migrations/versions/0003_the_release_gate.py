"""Why a version is not released, and since when its results are gone."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the columns."""
    op.add_column("versions", sa.Column("refused", sa.Text()))
    op.add_column("versions", sa.Column("pruned_at", sa.DateTime(timezone=True)))
