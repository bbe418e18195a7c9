"""What users are worth: RFM scores of the past, and the value of purchases still to come.

Both start from the same purchase histories. RFM describes: it scores what users did and gives the
scores names. Lifetime value predicts, with the probability models of `helpers.value`, whose names
can be had here, too.
"""

import numpy as np
import pandas as pd

from helpers.data import schema
from helpers.value.beta_geo import BetaGeoModel, GammaGammaModel, ModifiedBetaGeoModel

__all__ = [
    "RFM_GRID",
    "RFM_SEGMENTS",
    "BetaGeoModel",
    "GammaGammaModel",
    "ModifiedBetaGeoModel",
    "btyd_summary",
    "customer_lifetime_value",
    "purchase_histories",
    "rfm",
    "rfm_score",
    "rfm_segment",
]

# ---------------------------------------------------------------- histories


def purchase_histories(
    transactions: pd.DataFrame,
    user: str = "user_id",
    time: str = "ordered_at",
    value: str | None = None,
    observation_end: str | pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Sum up the purchases of each user: how many, since when, until when, for how much.

    Rows of one user on one day are one purchase: the lines of an order, and several orders.

    Parameters
    ----------
    transactions : DataFrame, one row per order or order line; other columns are not looked at.
    user, time, value : names of the columns that hold the user's id, the moment (datetime) and the
        money spent (a number, not negative; returns are netted before). No ``value``, no spending.
    observation_end : last day observed; later transactions are left out, as if not yet known.
        Without it, the day of the last transaction of all.

    Returns
    -------
    DataFrame, one row per user (index, sorted): ``purchases`` (days with a purchase, the first one
    included), ``age`` and ``idle`` (days from the first and from the last purchase to the end of
    observation), and, with ``value``, ``spent`` in all and ``spent_first``, on the first day.

    Raises
    ------
    TableError, ValueError
        If a column is missing, holds what it should not, or no transaction is left.

    Examples
    --------
    >>> orders = pd.DataFrame({"user_id": ["Ana", "Ana", "Ana", "Ben"], "paid": [9, 1, 5, 7],
    ...     "ordered_at": pd.to_datetime(["2025-03-01", "2025-03-01", "2025-03-08", "2025-03-11"])})
    >>> purchase_histories(orders, value="paid")
             purchases  age  idle  spent  spent_first
    user_id
    Ana              2   10     3   15.0         10.0
    Ben              1    0     0    7.0          7.0
    """
    schema.require(transactions, **{user: "key", time: "datetime"})
    if value is not None:
        _require_amounts(transactions, value)
    day = transactions[time].to_numpy().astype("datetime64[D]")
    end = day.max() if observation_end is None else np.datetime64(observation_end, "D")
    if end < day.min():
        raise ValueError(
            f"No transaction up to observation_end = {end}: the first one is of {day.min()}. "
            "Choose a later end."
        )
    known = day <= end
    user_code, users = pd.factorize(transactions[user][known], sort=True)
    ago = (end - day[known]).astype(int)

    # One whole number per user and day, sorted: the days of a user run from the last to the first.
    span = ago.max() + 1
    days = np.sort(user_code * span + ago)  # np.unique would hash them, and take ten times as long
    buyer, purchase_ago = np.divmod(days[np.diff(days, prepend=-1) > 0], span)
    newest = np.searchsorted(buyer, np.arange(len(users)))
    oldest = np.append(newest[1:], len(buyer)) - 1
    age, idle = purchase_ago[oldest], purchase_ago[newest]
    histories = pd.DataFrame(
        {"purchases": oldest - newest + 1, "age": age, "idle": idle}, index=users.rename(user)
    )
    if value is not None:
        amount = transactions[value].to_numpy()[known]
        on_first_day = ago == age[user_code]
        histories["spent"] = np.bincount(user_code, weights=amount)
        histories["spent_first"] = np.bincount(user_code, weights=amount * on_first_day)
    return histories


def _require_amounts(transactions: pd.DataFrame, value: str) -> None:
    schema.require(transactions, **{value: "number"})
    mend = "Net returns and cancellations against their orders first."
    schema.refuse_rows(transactions, (value, transactions[value] < 0, "is negative", mend))


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

    Raises
    ------
    TableError
        If a value is missing or not a number.

    Examples
    --------
    >>> rfm_score(pd.Series([1, 1, 1, 2, 7])).tolist()
    [1, 1, 1, 4, 5]
    """
    schema.require(values.to_frame("values"), values="number")
    beaten = values.rank(method="min").astype(int) - 1
    return 1 + 5 * beaten // len(values)


def rfm_segment(recency_score: pd.Series, frequency_score: pd.Series) -> pd.Series:
    """Name the segment of each user from its R and F scores, by the cells of ``RFM_GRID``.

    Returns
    -------
    Series, categorical in the order of ``RFM_SEGMENTS``, with the index of the scores.

    Raises
    ------
    ValueError
        If a score is not one of 1, 2, 3, 4, 5.

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

DAYS = {"D": 1, "W": 7}  # in a unit of time


def btyd_summary(
    transactions: pd.DataFrame,
    user: str = "user_id",
    time: str = "ordered_at",
    value: str | None = None,
    observation_end: str | pd.Timestamp | None = None,
    unit: str = "W",
) -> pd.DataFrame:
    """Return what the models need to know of each user: frequency, recency, T and monetary.

    Purchases of one day are one purchase, whatever the unit, which does no more than divide days
    by 7: two purchases in the same week remain two.

    Parameters
    ----------
    transactions : DataFrame, one row per order or order line; other columns are not looked at.
    user, time, value : names of the columns that hold the user's id, the moment (datetime) and the
        money spent (a number, not negative).
    observation_end : last day observed; later transactions are left out. That is how a calibration
        period is cut off from a hold-out period. Without it, the day of the last transaction.
    unit : "W" for weeks or "D" for days.

    Returns
    -------
    DataFrame, one row per user (index, sorted):

    - ``frequency``: repeat purchases, 0 for those who bought once;
    - ``recency``: time from the first to the last purchase, in units (a float);
    - ``T``: time from the first purchase to the end of observation, in units (a float);
    - ``monetary``, with ``value``: mean spending per *repeat* purchase, NaN where there is none.

    Raises
    ------
    TableError, ValueError
        If a column is missing or holds what it should not, or no transaction is left.

    Examples
    --------
    >>> orders = pd.DataFrame({"user_id": ["Ana", "Ana", "Ana", "Ben"], "paid": [9, 1, 5, 7],
    ...     "ordered_at": pd.to_datetime(["2025-03-01", "2025-03-01", "2025-03-08", "2025-03-11"])})
    >>> btyd_summary(orders, value="paid", observation_end="2025-03-15")
             frequency  recency         T  monetary
    user_id
    Ana              1      1.0  2.000000       5.0
    Ben              0      0.0  0.571429       NaN
    """
    if unit not in DAYS:
        raise ValueError(f'unit is "W" (weeks) or "D" (days), got {unit!r}.')
    histories = purchase_histories(transactions, user, time, value, observation_end)
    repeats = histories["purchases"] - 1
    summary = pd.DataFrame(
        {
            "frequency": repeats,
            "recency": (histories["age"] - histories["idle"]) / DAYS[unit],
            "T": histories["age"] / DAYS[unit],
        }
    )
    if value is not None:
        repeat_spending = histories["spent"] - histories["spent_first"]
        summary["monetary"] = repeat_spending / repeats.where(repeats > 0)
    return summary


def customer_lifetime_value(
    purchase_model: BetaGeoModel,
    spend_model: GammaGammaModel,
    summary: pd.DataFrame,
    horizon: int,
    margin: float,
    discount: float,
) -> pd.Series:
    """Return what the future purchases of each user are worth today.

        CLV = Σ_{t=1..horizon} margin · E[M] · (E[Y(t)] − E[Y(t−1)]) / (1+d)^t

    Money that comes in during the t-th unit of time is discounted as if it came at its end. What
    was earned in the past is not counted, nor what it cost to win the user: revenue is not CLV.

    Parameters
    ----------
    purchase_model, spend_model : fitted models of purchases and of spending.
    summary : DataFrame, one row per user, from `btyd_summary` with ``value``.
    horizon : how many units of time to look ahead: weeks, if ``summary`` is in weeks.
    margin : share of revenue that is left after the cost of what is sold, in (0, 1].
    discount : d, by how much a unit of time devalues money, 0 or more. 15 % a year are
        1.15**(7 / 365.25) − 1, about 0.0027 a week.

    Returns
    -------
    Series of floats in units of money, with the index of ``summary``.

    Raises
    ------
    TableError, ValueError
        If the summary is not what the models need, or a number is out of its range.

    References
    ----------
    Fader, Hardie & Lee (2005), https://doi.org/10.1509/jmkr.2005.42.4.415

    Examples
    --------
    >>> from helpers.data import load_cdnow
    >>> orders = load_cdnow(sample=True)
    >>> summary = btyd_summary(orders, value="value", observation_end="1997-09-30")
    >>> purchases = BetaGeoModel().fit(summary)
    >>> spending = GammaGammaModel().fit(summary)
    >>> customer_lifetime_value(
    ...     purchases, spending, summary, horizon=52, margin=0.3, discount=0.0027
    ... ).head(2).round(2).tolist()
    [10.8, 2.5]
    """
    schema.require_whole("horizon", horizon)
    if not 0 < margin <= 1:
        raise ValueError(f"margin is a share of revenue: 0.3 for 30 %; got {margin}.")
    if not 0 <= discount < np.inf:
        raise ValueError(f"discount is a rate per unit of time, 0 or more; got {discount}.")
    times = np.arange(horizon + 1)
    expected = np.array([purchase_model.expected_purchases(t, summary) for t in times])
    discounted = np.diff(expected, axis=0).T @ (1 + discount) ** -times[1:].astype(float)
    return (margin * spend_model.expected_spend(summary) * discounted).rename("clv")
