"""What users are interested in, by what they looked at, carted and bought."""

from collections.abc import Mapping

import pandas as pd

from helpers.data import checks


def interest_profile(
    events: pd.DataFrame,
    items: pd.DataFrame,
    *,
    by: str = "category",
    half_life: str | pd.Timedelta = "30D",
    weights: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Share of each user's interest that goes to each category, recent events counting more.

    With w the weight of an event's kind, t its time and h the half-life, user u's share of c is

        p_u(c) = Σ_{events of u in c} w 2^(t/h) / Σ_{events of u} w 2^(t/h)

    An event h older counts half. There is no "now" in it: waiting ages all events alike and leaves
    the shares as they are. So nothing warns of a share that rests on few or old events: look at
    both before you act on it, and when you test a profile, build it from events before the test.

    Parameters
    ----------
    events : DataFrame, one row per event; columns ``user_id``, ``occurred_at``, ``event``,
        ``item_id``.
    items : DataFrame with ``item_id`` (each once) and the column ``by``.
    by : the column of ``items`` to sum up by: "category", "department", "brand".
    half_life : time in which an event loses half its weight.
    weights : how much an event of each kind counts, such as {"view": 1, "cart": 3}; kinds not
        named count nothing. None counts every event once.

    Returns
    -------
    DataFrame of float, shape (users with events that count, categories); index ``user_id``,
    columns ``by``, both sorted; every row sums to 1.

    References
    ----------
    Y. Ding and X. Li (2005), Time weight collaborative filtering, CIKM '05, 485–492,
    doi:10.1145/1099554.1099689.

    Examples
    --------
    >>> items = pd.DataFrame({"item_id": ["I1", "I2"], "category": ["Decor", "Storage"]})
    >>> events = pd.DataFrame({"user_id": "U1", "event": "view", "item_id": ["I1", "I2"],
    ...     "occurred_at": pd.to_datetime(["2025-03-01", "2025-03-31"])})
    >>> interest_profile(events, items).round(3).loc["U1"].to_dict()
    {'Decor': 0.333, 'Storage': 0.667}
    """
    checks.require(events, user_id="key", occurred_at="datetime", event="text", item_id="key")
    checks.require(items, item_id="key", **{by: "text"})
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
    if weights is not None:
        if min(weights.values(), default=0) <= 0:
            raise ValueError(f"interest_profile: weights must be positive, not {dict(weights)}.")
        events = events[events["event"].isin(weights)]
        if events.empty:
            raise ValueError(f"interest_profile: no event is one of {', '.join(weights)}.")

    # Age is counted from each user's newest event, lest 2^(-age/h) of old ones round to 0.
    age = events.groupby("user_id")["occurred_at"].transform("max") - events["occurred_at"]
    weight = 2.0 ** -(age / half_life)
    if weights is not None:
        weight *= events["event"].map(weights)
    category = events["item_id"].map(items.set_index("item_id")[by])
    interest = pd.DataFrame({"user_id": events["user_id"], by: category, "weight": weight})
    interest = interest.pivot_table("weight", "user_id", by, aggfunc="sum", fill_value=0.0)
    interest = interest.reindex(columns=sorted(items[by].unique()), fill_value=0.0)
    return interest.div(interest.sum(axis=1), axis=0)
