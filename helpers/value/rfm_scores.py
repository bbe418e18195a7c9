"""What users are worth: RFM scores of the past, and the value of purchases still to come.

Both start from the same purchase histories. RFM describes: it scores what users did and gives the
scores names. Lifetime value predicts, with the probability models of `helpers.value`, whose names
can be had here, too.
"""

import pandas as pd

from helpers.data import checks
from helpers.value.histories import purchase_histories

# ---------------------------------------------------------------- histories


# ---------------------------------------------------------------- RFM

# Rows: recency score, best first. Columns: frequency score. Every cell has one name, and every
# user falls in one cell: total and disjoint, whatever the order in which rules are read.
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
    user: str = "user_id",
    time: str = "ordered_at",
    value: str = "value",
    observation_end: str | pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Describe each user by recency, frequency and monetary value, score them, and name a segment.

    Recency here is the marketer's: days since the *last* purchase, few is good. The probability
    models of `helpers.value` call something else recency (time from first to last purchase).

    Parameters
    ----------
    transactions, user, time, value, observation_end : as for `purchase_histories`.

    Returns
    -------
    DataFrame, one row per user (index): ``recency`` (days since the last purchase), ``frequency``
    (days with a purchase, the first one included), ``monetary`` (money spent in all), their scores
    ``R``, ``F``, ``M`` from 1 to 5 (`rfm_score`) and ``segment`` (`rfm_segment`).

    References
    ----------
    Hughes (1994), Strategic Database Marketing, made the scores popular.

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
    histories = purchase_histories(transactions, user, time, value, observation_end)
    table = pd.DataFrame(
        {
            "recency": histories["idle"],
            "frequency": histories["purchases"],
            "monetary": histories["spent"],
        }
    )
    table["R"] = rfm_score(-table["recency"])  # few days since the last purchase is good
    table["F"] = rfm_score(table["frequency"])
    table["M"] = rfm_score(table["monetary"])
    table["segment"] = rfm_segment(table["R"], table["F"])
    return table


def rfm_score(values: pd.Series) -> pd.Series:
    """Score each user from 1 to 5 by the share of users it beats.

        score = 1 + ⌊5 · |{users with a lower value}| / |users|⌋

    Beating fewer than a fifth gives 1, four fifths or more give 5. Equal values get equal scores:
    where 60 % of all users have bought once, they all have F = 1, nobody has F = 2 or 3, and those
    who bought twice have F = 4. Cutting into five equal parts instead (`pandas.qcut` on ranks)
    would give users who did the same different scores, by their place in the file.

    Parameters
    ----------
    values : Series of numbers, one per user, high is good: turn recency round before.

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
    """Name the segment of each user from its R and F scores, by the cells of ``RFM_GRID``.

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
