"""RFM: score users by recency, frequency and monetary value, and name their segments."""

import pandas as pd

from helpers.data import checks
from helpers.value.histories import purchase_histories

# Rows: recency score, best first; columns: frequency score. Each user falls into exactly one cell.
RFM_GRID = pd.DataFrame(
    [
        ["New", "Potential loyal", "Potential loyal", "Champions", "Champions"],
        ["Promising", "Potential loyal", "Potential loyal", "Loyal", "Champions"],
        ["About to sleep", "About to sleep", "Need attention", "Loyal", "Loyal"],
        ["Hibernating", "Hibernating", "At risk", "At risk", "Can't lose"],
        ["Lost", "Lost", "At risk", "Can't lose", "Can't lose"],
    ],
    index=pd.Index([5, 4, 3, 2, 1], name="R"),
    columns=pd.Index([1, 2, 3, 4, 5], name="F"),
)
RFM_SEGMENTS = tuple(dict.fromkeys(RFM_GRID.to_numpy().ravel()))


def rfm(
    transactions: pd.DataFrame,
    value: str = "value",
    observation_end: str | pd.Timestamp | None = None,
) -> pd.DataFrame:
    """RFM analysis: recency, frequency and monetary value of each user, with scores and segments.

    Recency here is days since the *last* purchase. "Buy till you die" models use the same word for
    the time from the first to the last purchase (`btyd_summary`).

    Parameters
    ----------
    transactions, value, observation_end : as for `purchase_histories`.

    Returns
    -------
    DataFrame, one row per user (index): ``recency`` (days since the last purchase), ``frequency``
    (days with a purchase, the first one included), ``monetary`` (total money spent), their scores
    ``R``, ``F``, ``M`` from 1 to 5 (`rfm_score`) and ``segment`` (`rfm_segment`).

    References
    ----------
    Hughes (1994), Strategic Database Marketing.

    Examples
    --------
    >>> orders = pd.DataFrame({"user_id": ["Ana", "Ana", "Ben"], "value": [10.0, 5.0, 7.0],
    ...     "ordered_at": pd.to_datetime(["2025-03-01", "2025-03-08", "2025-02-11"])})
    >>> rfm(orders)[["recency", "frequency", "monetary"]]
             recency  frequency  monetary
    user_id
    Ana            0          2      15.0
    Ben           25          1       7.0
    """
    histories = purchase_histories(transactions, value, observation_end)
    names = {"idle": "recency", "purchases": "frequency", "spent": "monetary"}
    table = histories[list(names)].rename(columns=names)
    table["R"] = rfm_score(-table["recency"])  # few days since the last purchase is good
    table["F"] = rfm_score(table["frequency"])
    table["M"] = rfm_score(table["monetary"])
    table["segment"] = rfm_segment(table["R"], table["F"])
    return table


def rfm_score(values: pd.Series) -> pd.Series:
    """Score each user from 1 to 5 by the share of users with a lower value.

        score = 1 + ⌊5 · |{users with a lower value}| / |users|⌋

    Equal values get equal scores: if 60% of all users bought once, all of them have F = 1, nobody
    has F = 2 or 3, and those who bought twice have F = 4. Quintiles of ranks (`pandas.qcut`) would
    score equal users differently, by their position in the file.

    Parameters
    ----------
    values : Series of numbers, one per user; the higher, the better, so negate recency.

    Returns
    -------
    Series of int, with the index of ``values``.

    Examples
    --------
    >>> rfm_score(pd.Series([1, 1, 1, 2, 7])).tolist()
    [1, 1, 1, 4, 5]
    """
    checks.require(values.to_frame("values"), values="number")
    beaten = values.rank(method="min").astype(int) - 1
    return 1 + 5 * beaten // len(values)


def rfm_segment(recency_score: pd.Series, frequency_score: pd.Series) -> pd.Series:
    """Look up the segment of each user's R and F scores in ``RFM_GRID``.

    Returns
    -------
    Series, categorical in the order of ``RFM_SEGMENTS``, with the index of the scores.

    Examples
    --------
    >>> rfm_segment(pd.Series([5, 5, 1]), pd.Series([1, 5, 5])).tolist()
    ['New', 'Champions', "Can't lose"]
    """
    row = RFM_GRID.index.get_indexer(recency_score)
    column = RFM_GRID.columns.get_indexer(frequency_score)
    if min(row.min(), column.min()) < 0:
        raise ValueError("R and F scores are whole numbers from 1 to 5; make them with rfm_score.")
    names = pd.Categorical(RFM_GRID.to_numpy()[row, column], categories=RFM_SEGMENTS)
    return pd.Series(names, index=recency_score.index, name="segment")


# ---------------------------------------------------------------- lifetime value
