"""What users are interested in, judging by the items they looked at, carted and bought."""

import pandas as pd

from helpers.data import checks


def interest_profile(
    events: pd.DataFrame, items: pd.DataFrame, half_life: str | pd.Timedelta = "30D"
) -> pd.DataFrame:
    """Share of each user's interest that goes to each category, recent events counting more.

    With t the time of an event and h the half-life, user u's share of category c is

        p_u(c) = Σ_{events of u in c} 2^(t/h) / Σ_{events of u} 2^(t/h)

    An event loses half of its weight with every h that passes. Waiting ages all events alike and
    leaves the shares unchanged, so a share may rest on few or old events: check both before you act
    on it. To test a profile, build it from events before the test.

    Parameters
    ----------
    events : DataFrame, one row per event; columns ``user_id``, ``occurred_at``, ``item_id``.
    items : DataFrame with ``item_id`` (unique) and ``category``.
    half_life : time in which an event loses half its weight.

    Returns
    -------
    DataFrame of float, shape (users with events, categories); index ``user_id``, columns
    ``category``, both sorted; every row sums to 1.

    References
    ----------
    Y. Ding and X. Li (2005), Time weight collaborative filtering, CIKM '05, 485–492,
    doi:10.1145/1099554.1099689.

    Examples
    --------
    >>> items = pd.DataFrame({"item_id": ["I1", "I2"], "category": ["Decor", "Storage"]})
    >>> events = pd.DataFrame({"user_id": "U1", "item_id": ["I1", "I2"],
    ...     "occurred_at": pd.to_datetime(["2025-03-01", "2025-03-31"])})
    >>> interest_profile(events, items).round(3).loc["U1"].to_dict()
    {'Decor': 0.333, 'Storage': 0.667}
    """
    checks.require(events, user_id="key", occurred_at="datetime", item_id="key")
    checks.require(items, item_id="key", category="text")
    listed_twice = items["item_id"].duplicated()
    mend = "Keep one row for each item."
    checks.refuse_rows(items, ("item_id", listed_twice, "repeats an id", mend), name="items")
    unlisted = ~events["item_id"].isin(items["item_id"])
    mend = 'Drop them with cleaning.drop_orphans(events, "item_id", items).'
    what = "names items that do not exist"
    checks.refuse_rows(events, ("item_id", unlisted, what, mend), name="events")
    half_life = pd.Timedelta(half_life)
    if half_life <= pd.Timedelta(0):
        raise ValueError(f"interest_profile: half_life must be positive, not {half_life}.")

    # Age is counted from each user's newest event, so that 2^(-age/h) does not underflow to 0.
    age = events.groupby("user_id")["occurred_at"].transform("max") - events["occurred_at"]
    interest = pd.DataFrame(
        {
            "user_id": events["user_id"],
            "category": events["item_id"].map(items.set_index("item_id")["category"]),
            "weight": 2.0 ** -(age / half_life),
        }
    )
    interest = interest.pivot_table("weight", "user_id", "category", "sum", fill_value=0.0)
    interest = interest.reindex(columns=sorted(items["category"].unique()), fill_value=0.0)
    return interest.div(interest.sum(axis=1), axis=0)
