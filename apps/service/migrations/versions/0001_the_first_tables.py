"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "items",
        sa.Column("item_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("price", sa.Double(), nullable=False),
        sa.Column("launched_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("price > 0", name=op.f("ck_items_price")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_items")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "users",
        sa.Column("user_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("signed_up_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_users")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "order_lines",
        sa.Column("order_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price", sa.Double(), nullable=False),
        sa.Column("discount", sa.Double(), nullable=False),
        sa.CheckConstraint("discount >= 0 AND discount < 1", name=op.f("ck_order_lines_discount")),
        sa.CheckConstraint("quantity >= 1", name=op.f("ck_order_lines_quantity")),
        sa.CheckConstraint("unit_price > 0", name=op.f("ck_order_lines_unit_price")),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.item_id"], name=op.f("fk_order_lines_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.user_id"], name=op.f("fk_order_lines_user_id")
        ),
        sa.PrimaryKeyConstraint("order_id", "item_id", name=op.f("pk_order_lines")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "versions",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("git_commit", sa.Text(), nullable=False),
        sa.Column("data_hash", sa.Text(), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("row_counts", sa.JSON(), nullable=False),
        sa.Column("measured", sa.JSON(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_versions")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_versions_fingerprint")),
    )
    op.create_table(
        "features",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("recency_days", sa.Integer(), nullable=False),
        sa.Column("frequency", sa.Integer(), nullable=False),
        sa.Column("monetary", sa.Double(), nullable=False),
        sa.Column("repeat_spend", sa.Double(), nullable=True),
        sa.Column("tenure_days", sa.Integer(), nullable=False),
        sa.Column("discounted", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name=op.f("fk_features_user_id")),
        sa.ForeignKeyConstraint(
            ["version"], ["versions.version"], name=op.f("fk_features_version")
        ),
        sa.PrimaryKeyConstraint("version", "user_id", name=op.f("pk_features")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "scores",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("churn_risk", sa.Double(), nullable=False),
        sa.Column("lifetime_value", sa.Double(), nullable=False),
        sa.Column("uplift", sa.Double(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("action IN ('coupon', 'nothing')", name=op.f("ck_scores_action")),
        sa.CheckConstraint(
            "churn_risk >= 0 AND churn_risk <= 1", name=op.f("ck_scores_churn_risk")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name=op.f("fk_scores_user_id")),
        sa.ForeignKeyConstraint(["version"], ["versions.version"], name=op.f("fk_scores_version")),
        sa.PrimaryKeyConstraint("version", "user_id", name=op.f("pk_scores")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "recommendations",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.CheckConstraint(
            "position >= 1 AND position <= 10", name=op.f("ck_recommendations_position")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.item_id"], name=op.f("fk_recommendations_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.user_id"], name=op.f("fk_recommendations_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["version"], ["versions.version"], name=op.f("fk_recommendations_version")
        ),
        sa.PrimaryKeyConstraint("version", "user_id", "position", name=op.f("pk_recommendations")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "popular",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.CheckConstraint("position >= 1 AND position <= 10", name=op.f("ck_popular_position")),
        sa.ForeignKeyConstraint(["item_id"], ["items.item_id"], name=op.f("fk_popular_item_id")),
        sa.ForeignKeyConstraint(["version"], ["versions.version"], name=op.f("fk_popular_version")),
        sa.PrimaryKeyConstraint("version", "position", name=op.f("pk_popular")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "releases",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("exploration", sa.Double(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "exploration >= 0 AND exploration <= 1", name=op.f("ck_releases_exploration")
        ),
        sa.ForeignKeyConstraint(
            ["undoes"], ["releases.release_id"], name=op.f("fk_releases_undoes")
        ),
        sa.ForeignKeyConstraint(
            ["version"], ["versions.version"], name=op.f("fk_releases_version")
        ),
        sa.PrimaryKeyConstraint("release_id", name=op.f("pk_releases")),
    )
    op.create_table(
        "served",
        sa.Column("request_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("propensity", sa.Double(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("served_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("position >= 1", name=op.f("ck_served_position")),
        sa.CheckConstraint("propensity > 0 AND propensity <= 1", name=op.f("ck_served_propensity")),
        sa.ForeignKeyConstraint(["item_id"], ["items.item_id"], name=op.f("fk_served_item_id")),
        sa.ForeignKeyConstraint(["version"], ["versions.version"], name=op.f("fk_served_version")),
        sa.PrimaryKeyConstraint("request_id", "position", name=op.f("pk_served")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "events",
        sa.Column("event_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "event IN ('view', 'favorite', 'cart', 'purchase')", name=op.f("ck_events_event")
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_events")),
        sqlite_with_rowid=False,
    )
