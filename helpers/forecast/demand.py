"""From order lines to a table of weekly demand."""

import pandas as pd

from helpers.data import checks


def weekly_demand(
    lines: pd.DataFrame, items: pd.DataFrame | None = None, by: str | None = None
) -> pd.DataFrame:
    """Count the units sold in each week, Monday to Sunday, for each series.

    A week in which a series sold nothing has a row with 0, because that is demand, too. A first or
    last week that the lines cover only in part is left out, because it would look like a slump.

    Parameters
    ----------
    lines : DataFrame, one row per order line: ``ordered_at`` (datetime), ``quantity`` (0 or more),
        and ``by`` or, if that is a column of ``items``, ``item_id``.
    items : DataFrame with ``item_id`` and ``by``, such as "category".
    by : defines a series, "category" or "item_id"; without it, all units are one series, "all".

    Returns
    -------
    DataFrame ``week`` (its Monday), ``series``, ``units``; sorted by series, then week. All series
    have the same weeks; an item that is not for sale yet has zeros there.

    Examples
    --------
    >>> lines = pd.DataFrame({"ordered_at": pd.to_datetime(["2025-01-06", "2025-01-26"]),
    ...                       "category": ["Toys", "Toys"], "quantity": [2, 1]})
    >>> weekly_demand(lines, by="category")["units"].tolist()
    [2, 0, 1]
    """
    if not (by is None or isinstance(by, str)):
        raise TypeError(f'by names one column, such as "category"; got {by!r}.')
    looked_up = by is not None and items is not None and by not in lines
    key = {"item_id": "key"} if looked_up else {} if by is None else {by: "key"}
    checks.require(lines, ordered_at="datetime", quantity="number", **key)
    fix = "Net returns first, or drop them."
    checks.refuse_rows(lines, ("quantity", lines["quantity"] < 0, "is negative", fix))
    if by is None:
        series = pd.Series("all", lines.index)
    elif looked_up:
        series = _look_up(lines, items, by)
    else:
        series = lines[by]
    day = lines["ordered_at"].dt.normalize()
    first, last = day.min(), day.max()
    weeks = pd.date_range(first, last - pd.Timedelta(days=6), freq="W-MON")
    if not len(weeks):
        raise ValueError(
            f"No week from Monday to Sunday lies between {first.date()} and {last.date()}. Take "
            "lines of more days."
        )
    monday = day - pd.to_timedelta(day.dt.day_of_week, unit="D")
    units = lines["quantity"].groupby([series, monday]).sum()
    names = sorted(units.index.levels[0])
    full = pd.MultiIndex.from_product([names, weeks], names=["series", "week"])
    units = units.reindex(full, fill_value=0).rename("units").reset_index()
    return units[["week", "series", "units"]]


def _look_up(lines: pd.DataFrame, items: pd.DataFrame, by: str) -> pd.Series:
    checks.require(items, item_id="key", **{by: "key?"})
    checks.require_same_ids(lines, items, "item_id")
    pairs = items[["item_id", by]].drop_duplicates()
    twice = f'has more than one "{by}"'
    fix = "Decide on one: items.drop_duplicates('item_id')."
    checks.refuse_rows(pairs, ("item_id", pairs.duplicated("item_id"), twice, fix), name="items")
    series = lines["item_id"].map(pairs.set_index("item_id")[by])
    what = f'names items that have no "{by}" in items'
    fix = 'Complete items, or keep lines[lines["item_id"].isin(items.dropna()["item_id"])].'
    checks.refuse_rows(lines, ("item_id", series.isna(), what, fix))
    return series
