"""The shop's calendar: when it is open, and how busy each day and hour is.

Purchases follow a steady process on a *seasonal clock* that runs faster on busy days. A model
that knows nothing of seasons sees a small, honest misfit; the truth stays exact.
"""

import numpy as np
import pandas as pd

OPENS = pd.Timestamp("2023-01-01")
CLOSES = pd.Timestamp("2026-01-01")  # "today": the first moment that is not in the data
LOG_OPENS = pd.Timestamp("2025-01-01")  # events are logged from here on
COUPON_SENT = pd.Timestamp("2025-10-01")
COUPON_DAYS = 28
HORIZON_DAYS = 90  # the key holds what each user is expected to buy in so many days after CLOSES

DAYS = (CLOSES - OPENS).days
WEEKDAYS = np.array([1.05, 0.98, 0.95, 0.97, 0.93, 1.02, 1.10])  # Monday first; the mean is 1
HOURS = np.array(
    [3, 2, 1, 1, 1, 2, 4, 7, 10, 12, 13, 13, 14, 13, 12, 12, 13, 15, 18, 21, 22, 19, 13, 7], float
)
PRICE_RISE = 1.03  # list prices rise by 3 % every January


def season(days: np.ndarray, peak_month: int, swing: float) -> np.ndarray:
    """Return exp(swing · cos(phase)): the yearly season, highest mid-`peak_month`."""
    peak = 30.44 * (peak_month - 0.5)
    return np.exp(swing * np.cos(2 * np.pi * (days - peak) / 365.25))


def seasonal_clock(peak_month: int, swing: float) -> np.ndarray:
    """Return the clock's reading at every midnight, in mean days since opening.

    Shape (DAYS + HORIZON_DAYS + 1,); it starts at 0 and grows by the busyness of each day.
    """
    days = np.arange(DAYS + HORIZON_DAYS)
    weekday = (OPENS.weekday() + days) % 7
    busy = season(days + 0.5, peak_month, swing) * WEEKDAYS[weekday]
    return np.concatenate([[0.0], np.cumsum(busy / busy[:DAYS].mean())])


def timestamps(days: np.ndarray) -> np.ndarray:
    """Turn days since opening into times of day that follow the shop's hours, to the second.

    The fraction of a day is read as a quantile of the hourly profile: 0.5 is not noon but the
    time by which half of a day's orders have come in.
    """
    day = np.floor(days)
    share = np.concatenate([[0.0], np.cumsum(HOURS) / HOURS.sum()])
    seconds = np.floor(np.interp(days - day, share, np.arange(25.0)) * 3600)
    seconds = np.minimum(day * 86_400 + np.minimum(seconds, 86_399), DAYS * 86_400 - 1)
    return (OPENS + pd.to_timedelta(seconds.astype("int64"), unit="s")).to_numpy("datetime64[us]")
