"""Correct the clock of an event log that was set to another time zone for a while."""

import numpy as np
import pandas as pd

from helpers.data.cleaning import ledger
from helpers.data.cleaning.ledger import Cleaned

HOME = "America/New_York"


def mend_time_zone(events: pd.DataFrame, order_lines: pd.DataFrame) -> Cleaned:
    """Convert the part of the event log that was written in UTC to the shop's local time.

    Each purchase is recorded twice, as an event and as an order line. If the event's time is the
    order's time in UTC, the clock of the log was wrong. The wrong part runs from the first such
    purchase to the last, and extends on both sides to where the clock jumps. At its end the clock
    jumps back, unless nobody visited for hours; then the part is assumed to end at midnight. The
    ledger lists all events of this part as touched.

    Parameters
    ----------
    events : DataFrame in the order in which events were logged, without duplicates; columns
        ``occurred_at`` (datetime), ``user_id``, ``event``, ``item_id``.
    order_lines : DataFrame; columns ``ordered_at`` (datetime), ``user_id``, ``item_id``.
    """
    ledger.need(events, "occurred_at", "user_id", "event", "item_id")
    ledger.need(order_lines, "ordered_at", "user_id", "item_id")
    written = events["occurred_at"].reset_index(drop=True)
    bought = events.reset_index(drop=True)[["user_id", "item_id", "occurred_at", "event"]]
    bought = bought[bought["event"] == "purchase"].reset_index(names="place")
    pairs = bought.merge(
        order_lines[["user_id", "item_id", "ordered_at"]], on=["user_id", "item_id"]
    )
    right = np.unique(pairs["place"][pairs["occurred_at"] == pairs["ordered_at"]])
    wrong = np.unique(
        pairs["place"][pairs["occurred_at"] == _clock(pairs["ordered_at"], HOME, "UTC")]
    )
    wrong = np.setdiff1d(wrong, right)  # bought again hours later, not a wrong clock

    stretch = slice(0, 0)
    if len(wrong):
        first, last = wrong[0], wrong[-1]
        if ((right > first) & (right < last)).any():
            raise ValueError(
                f"events: {len(wrong):,} purchases are logged in UTC and {len(right):,} in local "
                f"time, in turns between rows {events.index[first]} and {events.index[last]}. "
                "Put the events in the order in which they were logged and drop duplicates first."
            )
        jump = written.diff()
        before, after = right[right < first], right[right > last]
        start = jump[before[-1] + 1 : first + 1].idxmax() if len(before) else 0
        stop = _clock_set_right(written, last, after[0]) if len(after) else len(written)
        stretch = slice(start, stop)
    fixed = written.copy()
    fixed[stretch] = _clock(written[stretch], "UTC", HOME)
    touched = pd.Series(False, index=written.index)
    touched[stretch] = True
    fixed.index = events.index
    why = "{column} was written in UTC"
    return ledger.fix("mend_time_zone", events, "occurred_at", fixed, touched, why)


def _clock_set_right(written: pd.Series, wrong: int, right: int) -> int:
    """Return the first position after ``wrong``, at most ``right``, that is in local time."""
    jump = written.diff()[wrong + 1 : right + 1]
    if jump.min() < pd.Timedelta(0):
        return jump.idxmin()
    local = _clock(written[wrong : right + 1], "UTC", HOME)
    another_day = local.dt.date > local.iloc[0].date()
    return another_day.idxmax() if another_day.any() else right


def _clock(times: pd.Series, written: str, wanted: str) -> pd.Series:
    """Convert times from one zone to another; hours that daylight saving repeats become NaT."""
    zoned = times.dt.tz_localize(written, ambiguous="NaT", nonexistent="NaT")
    return zoned.dt.tz_convert(wanted).dt.tz_localize(None)
