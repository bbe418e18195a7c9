"""The first tables; it also made order_lines, which 0004 drops."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TEXT, NUMBER, FRACTION = sa.Text(), sa.Integer(), sa.Double()
MOMENT = sa.DateTime(timezone=True)
VERSION = {"version": "versions.version"}
OF_USER, OF_ITEM = {"user_id": "users.user_id"}, {"item_id": "items.item_id"}
PLACE = {"position": "position >= 1 AND position <= 10"}


def make(
    table: str,
    keys: dict[str, sa.types.TypeEngine],
    columns: dict[str, sa.types.TypeEngine],
    *constraints: sa.Constraint,
    optional: str = "",
    refers: dict[str, str] | None = None,
    rules: dict[str, str] | None = None,
    **options: bool,
) -> None:
    """Make a table; all columns but the optional one are filled.

    Constraints get their names from the convention of `apps.service.tables`.
    """
    made = []
    for name, kind in (keys | columns).items():
        to = [sa.ForeignKey(refers[name])] if name in (refers or {}) else []
        key = {"primary_key": name in keys, "autoincrement": False}
        made.append(sa.Column(name, kind, *to, **key, nullable=name == optional))
    checks = [sa.CheckConstraint(rule, name=name) for name, rule in (rules or {}).items()]
    op.create_table(table, *made, *constraints, *checks, **options)


def upgrade() -> None:
    """Make the tables."""
    by_key = {"sqlite_with_rowid": False}
    make(
        "items",
        {"item_id": TEXT},
        dict.fromkeys(("name", "department", "category", "brand"), TEXT)
        | {"price": FRACTION, "launched_at": MOMENT},
        rules={"price": "price > 0"},
        **by_key,
    )
    make("users", {"user_id": TEXT}, {"signed_up_at": MOMENT}, **by_key)
    make(
        "versions",
        {"version": NUMBER},
        {"as_of": sa.Date(), "made_at": MOMENT, "git_commit": TEXT, "data_hash": TEXT}
        | dict.fromkeys(("parameters", "row_counts", "measured"), sa.JSON())
        | {"fingerprint": TEXT},
        sa.UniqueConstraint("fingerprint"),
    )
    make(
        "features",
        {"version": NUMBER, "user_id": TEXT},
        {"recency_days": NUMBER, "frequency": NUMBER, "monetary": FRACTION}
        | {"repeat_spend": FRACTION, "tenure_days": NUMBER, "discounted": FRACTION},
        optional="repeat_spend",
        refers=VERSION | OF_USER,
        **by_key,
    )
    make(
        "scores",
        {"version": NUMBER, "user_id": TEXT},
        dict.fromkeys(("churn_risk", "lifetime_value", "uplift"), FRACTION)
        | {"action": TEXT, "reason": TEXT},
        optional="uplift",
        refers=VERSION | OF_USER,
        rules={"action": "action IN ('coupon', 'nothing')"}
        | {"churn_risk": "churn_risk >= 0 AND churn_risk <= 1"},
        **by_key,
    )
    listed = {"item_id": TEXT, "score": FRACTION}
    make(
        "recommendations",
        {"version": NUMBER, "user_id": TEXT, "position": NUMBER},
        listed,
        refers=VERSION | OF_USER | OF_ITEM,
        rules=PLACE,
        **by_key,
    )
    keys = {"version": NUMBER, "position": NUMBER}
    make("popular", keys, listed, refers=VERSION | OF_ITEM, rules=PLACE, **by_key)
    make(
        "releases",
        {"release_id": NUMBER},
        {"version": NUMBER, "exploration": FRACTION, "released_at": MOMENT}
        | {"reason": TEXT, "undoes": NUMBER},
        optional="undoes",
        refers=VERSION | {"undoes": "releases.release_id"},
        rules={"exploration": "exploration >= 0 AND exploration <= 1"},
    )
    make(
        "served",
        {"request_id": TEXT, "position": NUMBER},
        dict.fromkeys(("user_id", "slot", "item_id", "policy"), TEXT)
        | {"propensity": FRACTION, "version": NUMBER, "served_at": MOMENT},
        refers=VERSION | OF_ITEM,
        rules={"position": "position >= 1", "propensity": "propensity > 0 AND propensity <= 1"},
        **by_key,
    )
    make(
        "events",
        {"event_id": TEXT},
        {"occurred_at": MOMENT}
        | dict.fromkeys(("user_id", "event", "item_id", "request_id"), TEXT),
        optional="request_id",
        rules={"event": "event IN ('view', 'favorite', 'cart', 'purchase')"},
        **by_key,
    )
