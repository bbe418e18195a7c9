"""Who was erased, and what has to be kept of her orders."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "erasures",
        sa.Column("user_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_erasures")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "kept_order_lines",
        sa.Column("order_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price", sa.Double(), nullable=False),
        sa.Column("discount", sa.Double(), nullable=False),
        sa.Column("keep_until", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", "item_id", name=op.f("pk_kept_order_lines")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("kept_order_lines")
    op.drop_table("erasures")
