"""Weekly demand and its forecasts: the table of demand, and the test by a rolling origin.

The models stand in `helpers.forecast`, that for rare items in `helpers.forecast`, the
scores in `helpers.forecast`, and what a shop does with a distribution of demand in
`helpers.forecast`. All of their names can be had here, too.
"""

import pandas as pd

from helpers.data import checks
from helpers.data.checks import as_day

# ---------------------------------------------------------------- the table of demand


def weekly_demand(
    lines: pd.DataFrame,
    items: pd.DataFrame | None = None,
    by: str | None = None,
    *,
    start: str | pd.Timestamp | None = None,
    end: str | pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Count the units sold in each week, Monday to Sunday, for each series.

    Weeks in which nothing of a series was sold are there, with 0: they are demand, too. A first or
    last week that was not observed from Monday to Sunday is not: its sales would look like a slump.

    Parameters
    ----------
    lines : DataFrame, one row per order line: ``ordered_at`` (datetime), ``quantity`` (0 or more),
        and ``by`` or, if that stands in ``items``, ``item_id``.
    items : DataFrame with ``item_id`` and ``by``, such as "category".
    by : what makes a series, "category" or "item_id"; without it, all units are one series, "all".
    start, end : first and last day observed; without them, those of the first and last line.

    Returns
    -------
    DataFrame ``week`` (its Monday), ``series``, ``units``; sorted by series, then week. All series
    have the same weeks; an item that is not for sale yet has zeros there.

    Examples
    --------
    >>> lines = pd.DataFrame({"ordered_at": pd.to_datetime(["2025-01-06", "2025-01-21"]),
    ...                       "category": ["Toys", "Toys"], "quantity": [2, 1]})
    >>> weekly_demand(lines, by="category", end="2025-01-26")["units"].tolist()
    [2, 0, 1]
    """
    if not (by is None or isinstance(by, str)):
        raise TypeError(f'by names one column, such as "category"; got {by!r}.')
    looked_up = by is not None and items is not None and by not in lines
    key = {"item_id": "key"} if looked_up else {} if by is None else {by: "key"}
    checks.require(lines, ordered_at="datetime", quantity="number", **key)
    mend = "Net returns first, or drop them."
    checks.refuse_rows(lines, ("quantity", lines["quantity"] < 0, "is negative", mend))
    if by is None:
        series = pd.Series("all", lines.index)
    elif looked_up:
        series = _look_up(lines, items, by)
    else:
        series = lines[by]
    day = lines["ordered_at"].dt.normalize()
    first = day.min() if start is None else as_day(start, "start")
    last = day.max() if end is None else as_day(end, "end")
    weeks = pd.date_range(first, last - pd.Timedelta(days=6), freq="W-MON")
    if not len(weeks):
        raise ValueError(
            f"No week from Monday to Sunday lies between {first.date()} and {last.date()}; give "
            "the first and last day observed as start and end."
        )
    monday = day - pd.to_timedelta(day.dt.day_of_week, unit="D")
    units = lines["quantity"].groupby([series.to_numpy(), monday.to_numpy()]).sum()
    full = pd.MultiIndex.from_product([units.index.levels[0], weeks], names=["series", "week"])
    units = units.reindex(full, fill_value=0).rename("units").reset_index()
    return units[["week", "series", "units"]]


def _look_up(lines: pd.DataFrame, items: pd.DataFrame, by: str) -> pd.Series:
    checks.require(items, item_id="key", **{by: "key?"})
    checks.require_same_ids(lines, items, "item_id")
    pairs = items[["item_id", by]].drop_duplicates()
    twice = f'has more than one "{by}"'
    mend = "Decide on one: items.drop_duplicates('item_id')."
    checks.refuse_rows(pairs, ("item_id", pairs.duplicated("item_id"), twice, mend), name="items")
    series = lines["item_id"].map(pairs.set_index("item_id")[by])
    what = f'names items that have no "{by}" in items'
    mend = 'Complete items, or keep lines[lines["item_id"].isin(items.dropna()["item_id"])].'
    checks.refuse_rows(lines, ("item_id", series.isna(), what, mend))
    return series


# ---------------------------------------------------------------- the rolling origin
