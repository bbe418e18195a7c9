"""Orders are read from the export, and not stored."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Drop the table."""
    op.execute("DROP TABLE IF EXISTS order_lines")  # a new database never had it
