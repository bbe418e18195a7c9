"""Churn labels, and an out-of-time split into training and test.

Customers don't tell a shop that they leave, so churn is defined by a window. The prediction date t₀
is the last day known, and a `gap` of days may pass while a campaign is prepared; then

    y = 1  if there is no purchase in (t₀ + gap, t₀ + gap + horizon], in days.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.churn.features import DAY, WINDOW, churn_features
from helpers.churn.profit import require_both_classes
from helpers.data import checks

# ---------------------------------------------------------------- labels and split


def churn_labels(
    orders: pd.DataFrame,
    t0: str | pd.Timestamp,
    horizon: int,
    gap: int = 0,
    *,
    observation_end: str | pd.Timestamp | None = None,
) -> pd.Series:
    """Label each user known at t₀: True if no purchase follows in (t₀ + gap, t₀ + gap + horizon].

    That window must have been observed to its end (no censoring): a user who *could not yet* buy
    has not churned.

    Parameters
    ----------
    orders : DataFrame, one row per order or order line: ``user_id``, ``ordered_at`` (datetime).
    t0 : last day known; users who first bought later have no label.
    horizon : days without a purchase that count as churn, 1 or more.
    gap : days between t₀ and the window, 0 or more; purchases in it are ignored.
    observation_end : last day observed; by default the day of the last order.

    Returns
    -------
    Series of bool, name ``churned``, index ``user_id`` (sorted).

    Examples
    --------
    >>> orders = pd.DataFrame({"user_id": ["Ana", "Ben", "Ana"],
    ...     "ordered_at": pd.to_datetime(["2025-03-01", "2025-03-08", "2025-04-20"])})
    >>> churn_labels(orders, "2025-03-21", horizon=30).to_dict()
    {'Ana': False, 'Ben': True}
    """
    checks.require_whole("horizon", horizon)
    checks.require_whole("gap", gap, least=0)
    checks.require(orders, user_id="key", ordered_at="datetime")
    day = orders["ordered_at"].dt.normalize()
    start = checks.as_day(t0)
    opens, closes = start + gap * DAY, start + (gap + horizon) * DAY
    end = (
        day.max() if observation_end is None else checks.as_day(observation_end, "observation_end")
    )
    if closes > end:
        raise ValueError(
            f"t0 = {start.date()} is too late: its labels need purchases up to {closes.date()}, "
            f"and the data end on {end.date()}. The last usable t0 is "
            f"{(end - (gap + horizon) * DAY).date()}."
        )
    users = np.sort(orders["user_id"][day <= start].unique())
    if not len(users):
        raise ValueError(
            f"Nobody had bought by t0 = {start.date()}: the first order is of {day.min().date()}. "
            "Choose a later t0."
        )
    active = orders["user_id"][(day > opens) & (day <= closes)].unique()
    index = pd.Index(users, name="user_id")
    return pd.Series(~index.isin(active), index, name="churned")


class Split(NamedTuple):
    """Features and labels on two days; the training labels are complete by the day of the test."""

    train: pd.DataFrame
    y_train: pd.Series
    test: pd.DataFrame
    y_test: pd.Series


def split_out_of_time(
    orders: pd.DataFrame,
    train_t0: str | pd.Timestamp,
    test_t0: str | pd.Timestamp,
    horizon: int,
    gap: int = 0,
    *,
    events: pd.DataFrame | None = None,
    returns: pd.DataFrame | None = None,
    window: int = WINDOW,
    observation_end: str | pd.Timestamp | None = None,
) -> Split:
    """Build features and labels on an earlier day for training and on a later one for testing.

    This is the shop's situation on ``test_t0``: the labels of ``train_t0`` are known if their
    window is over. Most users are in both parts, at different times. This is no leak: they will be
    customers tomorrow, too.

    Parameters
    ----------
    orders, events, returns, window : as for `churn_features`.
    train_t0, test_t0 : the two days; ``train_t0`` + gap + horizon is at most ``test_t0``.
    horizon, gap, observation_end : as for `churn_labels`.

    Examples
    --------
    >>> from helpers.data import load_cdnow
    >>> orders = load_cdnow(sample=True)
    >>> split = split_out_of_time(orders, "1997-10-31", "1998-03-31", horizon=91)
    >>> len(split.test), round(float(split.y_test.mean()), 2)
    (2357, 0.87)
    """
    train_day, test_day = checks.as_day(train_t0, "train_t0"), checks.as_day(test_t0, "test_t0")
    y_train = churn_labels(orders, train_day, horizon, gap, observation_end=observation_end)
    y_test = churn_labels(orders, test_day, horizon, gap, observation_end=observation_end)
    wait = (gap + horizon) * DAY
    if train_day + wait > test_day:
        raise ValueError(
            f"The labels of train_t0 = {train_day.date()} are complete on "
            f"{(train_day + wait).date()}, after test_t0 = {test_day.date()}: on that day "
            f"nobody could have learned from them. The last usable train_t0 is "
            f"{(test_day - wait).date()}."
        )
    for name, y in (("train_t0", y_train), ("test_t0", y_test)):
        require_both_classes(y, f"after {name}")
    tables = {"events": events, "returns": returns, "window": window}
    train, test = (churn_features(orders, day, **tables) for day in (train_day, test_day))
    return Split(train, y_train, test, y_test)
