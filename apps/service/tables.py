"""The tables of the database: what the nightly job writes and the API reads, and what came of it.

    items, users                            the shop, as of the newest export
    versions, features, scores,             what one run of the nightly job found; a row of another
    recommendations, popular                version never changes
    releases                                which version the API serves: its last row
    served, events                          what was shown to whom, and what the users did
    erasures                                who was erased

Of a person we keep the id and the day of signing up: no name, address, age or country, because no
model here needs them; and no orders, which each night reads from the export (data minimization).
All ids are text.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Integer, Table, Text

from helpers.data.schema import EVENTS

LIST_LENGTH = 10
ACTIONS = ("coupon", "nothing")


class Moment(sa.TypeDecorator):
    """A point in time. Python sees an aware datetime in UTC, from every database.

    PostgreSQL stores a timestamp with time zone. SQLite has none, so we store UTC there.
    """

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Return what the database stores of a value; SQLite leaves out the time zone."""
        if value and value.tzinfo is None:
            raise ValueError(f"{value} has no time zone; say which: value.replace(tzinfo=UTC).")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Return what Python sees of what is stored."""
        return value and (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC))


# Constraints have names, so that a later migration can change them.
metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)


def _filled(name: str, kind: type, *more: ForeignKey) -> Column:
    return Column(name, kind, *more, nullable=False)


def _key(name: str, kind: type, *more: ForeignKey) -> Column:
    return Column(name, kind, *more, primary_key=True, autoincrement=False)


def _rule(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=name)


# SQLite then keeps the rows sorted by the primary key: a list is read in one place.
SORTED = {"sqlite_with_rowid": False}

# ---------------------------------------------------------------- the shop

items = Table(
    "items",
    metadata,
    _key("item_id", Text),
    *(_filled(name, Text) for name in ("name", "department", "category", "brand")),
    _filled("price", sa.Double),
    _filled("launched_at", Moment),
    _rule("price", "price > 0"),
    **SORTED,
)
users = Table("users", metadata, _key("user_id", Text), _filled("signed_up_at", Moment), **SORTED)

# ---------------------------------------------------------------- what the nightly job found

versions = Table(
    "versions",
    metadata,
    _key("version", Integer),
    _filled("as_of", sa.Date),
    _filled("made_at", Moment),
    _filled("git_commit", Text),
    _filled("data_hash", Text),
    _filled("parameters", sa.JSON),
    _filled("row_counts", sa.JSON),
    _filled("measured", sa.JSON),  # of the campaign, the batch and the lists, see `gate.judge`
    _filled("fingerprint", Text),  # hash of as_of, commit, data and parameters
    Column("refused", Text),  # why the release gate stopped it, if it did
    Column("pruned_at", Moment),  # since when only this row is left of it
    sa.UniqueConstraint("fingerprint"),
)
features = Table(
    "features",
    metadata,
    _key("version", Integer, ForeignKey("versions.version")),
    _key("user_id", Text, ForeignKey("users.user_id")),
    _filled("recency_days", Integer),
    _filled("frequency", Integer),
    _filled("monetary", sa.Double),
    Column("repeat_spend", sa.Double),  # unknown after one purchase
    _filled("tenure_days", Integer),
    _filled("discounted", sa.Double),
    **SORTED,
)
scores = Table(
    "scores",
    metadata,
    _key("version", Integer, ForeignKey("versions.version")),
    _key("user_id", Text, ForeignKey("users.user_id")),
    _filled("churn_risk", sa.Double),
    _filled("lifetime_value", sa.Double),
    Column("uplift", sa.Double),  # unknown until a campaign has been measured
    _filled("action", Text),
    _filled("reason", Text),
    _rule("churn_risk", "churn_risk >= 0 AND churn_risk <= 1"),
    _rule("action", f"action IN {ACTIONS}"),
    **SORTED,
)


def _lists(name: str, *whose: Column) -> Table:
    return Table(
        name,
        metadata,
        _key("version", Integer, ForeignKey("versions.version")),
        *whose,
        _key("position", Integer),
        _filled("item_id", Text, ForeignKey("items.item_id")),
        _filled("score", sa.Double),
        _rule("position", f"position >= 1 AND position <= {LIST_LENGTH}"),
        **SORTED,
    )


recommendations = _lists("recommendations", _key("user_id", Text, ForeignKey("users.user_id")))
popular = _lists("popular")  # the same for everybody

# ---------------------------------------------------------------- what was served, what came of it

releases = Table(
    "releases",
    metadata,
    _key("release_id", Integer),  # counts up, without gaps: the last row holds
    _filled("version", Integer, ForeignKey("versions.version")),
    _filled("exploration", sa.Double),
    _filled("released_at", Moment),
    _filled("reason", Text),
    Column("undoes", Integer, ForeignKey("releases.release_id")),  # of a rollback: what it ended
    _rule("exploration", "exploration >= 0 AND exploration <= 1"),
)
# Whoever is served may be new, and so may be what she looks at: the nightly job learns of both
# later. So these tables refer neither to users nor, in events, to items.
served = Table(
    "served",
    metadata,
    _key("request_id", Text),
    _key("position", Integer),
    _filled("user_id", Text),
    _filled("slot", Text),
    _filled("item_id", Text, ForeignKey("items.item_id")),
    _filled("policy", Text),
    _filled("propensity", sa.Double),
    _filled("version", Integer, ForeignKey("versions.version")),
    _filled("served_at", Moment),
    _rule("position", "position >= 1"),
    _rule("propensity", "propensity > 0 AND propensity <= 1"),
    **SORTED,
)
events = Table(
    "events",
    metadata,
    _key("event_id", Text),
    _filled("occurred_at", Moment),
    _filled("user_id", Text),
    _filled("event", Text),
    _filled("item_id", Text),
    Column("request_id", Text),  # of the list that led to it, if one did
    Column("client", Text),  # who sent it, by the token
    Column("stored_at", Moment),  # by our clock: occurred_at is what the client says
    _rule("event", f"event IN {EVENTS}"),
    **SORTED,
)

# ---------------------------------------------------------------- what is left of an erased user

# The id alone, so that the next export does not bring her back.
erasures = Table(
    "erasures", metadata, _key("user_id", Text), _filled("erased_at", Moment), **SORTED
)
