"""What the nightly job knows on an evening: the shop's tables as of then, and features of users."""

import hashlib
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.data import checks
from helpers.data.cleaning.clock import HOME
from helpers.data.schema import Shop

DAY = pd.Timedelta(days=1)
COUPON_DAYS = 28  # after so many days the outcome of a coupon is known


class Known(NamedTuple):
    """The tables of a shop as they were known on an evening, with the columns that the job uses."""

    users: pd.DataFrame
    items: pd.DataFrame
    order_lines: pd.DataFrame
    campaign: pd.DataFrame


# The columns that the job uses, after the one that says when a row was known.
USED = {
    "users": ["signed_up_at", "user_id"],
    "items": ["launched_at", "item_id", "name", "department", "category", "brand", "price"],
    "order_lines": [
        *["ordered_at", "order_id", "item_id", "user_id"],
        *["quantity", "unit_price", "discount"],
    ],
    "campaign": ["sent_at", "user_id", "treated", "responded"],
}


def known_by(shop: Shop, as_of: str | pd.Timestamp) -> Known:
    """Cut the tables of a shop at the end of a day: nothing that happened later is left.

    A coupon counts from the day on which its outcome is complete. One thing can't be cut: an export
    of a later day has the returns of the days between already subtracted from their orders. So
    score each evening from the export of that evening.

    Parameters
    ----------
    shop : clean tables.
    as_of : last day known, in the shop's local time.

    Examples
    --------
    >>> from helpers.data import load_shop
    >>> known = known_by(load_shop(), "2025-10-15")
    >>> str(known.order_lines["ordered_at"].max().date()), len(known.campaign)
    ('2025-10-15', 0)
    """
    end = checks.as_day(as_of, "as_of") + DAY
    ends = {"campaign": end - COUPON_DAYS * DAY}
    tables = {}
    for name, (moment, *others) in USED.items():
        table = getattr(shop, name)
        checks.require(table, **{moment: "datetime"})
        known = table[moment] < ends.get(name, end)
        tables[name] = table.loc[known, [moment, *others]].reset_index(drop=True)
    known = Known(**tables)
    if known.order_lines.empty:
        first = shop.order_lines["ordered_at"].min().date()
        raise ValueError(
            f"Nobody had bought by as_of = {(end - DAY).date()}: the first order is of {first}. "
            "Choose a later day."
        )
    for name, key in (("users", "user_id"), ("items", "item_id")):
        unknown = ~known.order_lines[key].isin(getattr(known, name)[key])
        fix = f'Drop them with cleaning.drop_orphans, or correct "{USED[name][0]}" of {name}.'
        checks.refuse_rows(
            known.order_lines, (key, unknown, f"names {name} not known when they bought", fix)
        )
    return known


def data_hash(known: Known) -> str:
    """Return the SHA-256 over all cells of the tables, their columns and their order.

    Examples
    --------
    >>> from helpers.data import load_shop
    >>> known = known_by(load_shop(), "2025-12-31")
    >>> len(data_hash(known)), data_hash(known) == data_hash(known._replace(users=known.users[:9]))
    (64, False)
    """
    digest = hashlib.sha256()
    for name, table in known._asdict().items():
        digest.update(f"{name} {list(table.columns)} {len(table)}".encode())
        digest.update(pd.util.hash_pandas_object(table, index=False).to_numpy().tobytes())
    return digest.hexdigest()


def in_utc(local: pd.Series) -> pd.Series:
    """Return times of the shop's local clock in UTC.

    When clocks go back, an hour comes twice: its times are read as those of the first. When they go
    forward, an hour is skipped: its times, which no right clock shows, are read as its end.

    Examples
    --------
    >>> local = pd.Series(pd.to_datetime(["2025-12-31 22:00", "2025-11-02 01:30"]))
    >>> in_utc(local).astype(str).tolist()
    ['2026-01-01 03:00:00+00:00', '2025-11-02 05:30:00+00:00']
    """
    first = np.ones(len(local), dtype=bool)
    aware = local.dt.tz_localize(HOME, ambiguous=first, nonexistent="shift_forward")
    return aware.dt.tz_convert("UTC")


def user_features(order_lines: pd.DataFrame, as_of: str | pd.Timestamp) -> pd.DataFrame:
    """Return the features of every user who had bought by the end of a day: all that models read.

    Parameters
    ----------
    order_lines : DataFrame; later rows are left out.
    as_of : last day known.

    Returns
    -------
    DataFrame, one row per user (index ``user_id``, sorted): ``recency_days`` (since the last
    purchase), ``frequency`` (days with a purchase), ``monetary`` (money spent in all),
    ``repeat_spend`` (money per purchase after the first; missing if there is none),
    ``tenure_days`` (since the first purchase), ``discounted`` (share of lines bought below list
    price).

    Examples
    --------
    >>> lines = pd.DataFrame({"user_id": ["Ana", "Ana", "Ben"], "quantity": 1,
    ...     "unit_price": [10.0, 8.0, 7.0], "discount": [0.0, 0.5, 0.0],
    ...     "ordered_at": pd.to_datetime(["2025-03-01", "2025-03-08", "2025-03-10"])})
    >>> user_features(lines, "2025-03-10").loc["Ana"].tolist()
    [2.0, 2.0, 14.0, 4.0, 9.0, 0.5]
    """
    from helpers.value.histories import purchase_histories  # here: see `scoring.compute`

    end = checks.as_day(as_of, "as_of")
    amounts = dict.fromkeys(["quantity", "unit_price", "discount"], "number")
    checks.require(order_lines, user_id="key", ordered_at="datetime", **amounts)
    net, share = "Net returns against their orders first.", "It is a share: 15% is 0.15."
    checks.refuse_rows(
        order_lines,
        ("quantity", order_lines["quantity"] < 0, "is negative", net),
        ("unit_price", order_lines["unit_price"] < 0, "is negative", net),
        ("discount", order_lines["discount"] < 0, "is negative", share),
        ("discount", order_lines["discount"] > 1, "is above 1", share),
    )
    known = order_lines[order_lines["ordered_at"] < end + DAY]
    paid = known["quantity"] * known["unit_price"] * (1 - known["discount"])
    past = purchase_histories(known.assign(paid=paid), value="paid", observation_end=end)
    repeats = past["purchases"] - 1
    return pd.DataFrame(
        {
            "recency_days": past["idle"],
            "frequency": past["purchases"],
            "monetary": past["spent"],
            "repeat_spend": (past["spent"] - past["spent_first"]) / repeats.where(repeats > 0),
            "tenure_days": past["age"],
            "discounted": (known["discount"] > 0).groupby(known["user_id"]).mean(),
        }
    )
