"""Windows of event time: tumbling and sliding."""

import pandas as pd

from helpers.data import checks
from helpers.streaming.durations import duration


def windows_of(times: pd.Series, length: str, slide: str | None = None) -> pd.Series:
    """Return the starts of all windows that hold each time.

    A window [start, start + length) holds its start and not its end. Windows begin at every
    multiple of ``slide`` since 1970: with slide = length they tumble, and each time is in one
    window; with a shorter slide they overlap, and each time is in length / slide of them.

    Parameters
    ----------
    times : Series of datetimes without time zone.
    length, slide : such as "6h" and "1h"; length is a multiple of slide.

    Returns
    -------
    Series of datetimes, name ``window_start``, with the index of ``times``, in which each label
    stands once for each of its windows.

    Examples
    --------
    >>> times = pd.Series(pd.to_datetime(["2025-11-28 10:20"]))
    >>> [start.hour for start in windows_of(times, "2h")]
    [10]
    >>> [start.hour for start in windows_of(times, "2h", "1h")]
    [9, 10]
    """
    checks.require(times.to_frame("times"), times="datetime")
    long = duration("length", length)
    step = long if slide is None else duration("slide", slide)
    if long % step:
        raise ValueError(f"A window's length is a multiple of its slide; got {long}, {step}.")
    last = times.dt.floor(step)
    starts = pd.concat([last - n * step for n in range(long // step - 1, -1, -1)])
    return starts.sort_index(kind="stable").rename("window_start")


def window_counts(
    events: pd.DataFrame, length: str, slide: str | None = None, *, by: str = "event"
) -> pd.DataFrame:
    """Count events by windows of event time: the batch answer, with all events at hand.

    Parameters
    ----------
    events : DataFrame with ``occurred_at`` and the column ``by``.
    length, slide : as in `windows_of`.
    by : what is counted apart, such as "event" or "item_id".

    Returns
    -------
    DataFrame, sorted: ``window_start``, the column ``by``, and ``n``, above 0.

    Examples
    --------
    >>> events = pd.DataFrame({"occurred_at": pd.to_datetime(["2025-11-28 10:20"] * 2),
    ...     "event": ["view", "cart"]})
    >>> window_counts(events, "2h")
             window_start event  n
    0 2025-11-28 10:00:00  cart  1
    1 2025-11-28 10:00:00  view  1
    """
    if events.empty:  # a stream may send a batch without rows
        return pd.DataFrame({"window_start": [], by: [], "n": []})
    checks.require(events, **{"occurred_at": "datetime", by: "key"})
    rows = events[[by]].reset_index(drop=True)
    rows = rows.join(windows_of(events["occurred_at"].reset_index(drop=True), length, slide))
    return rows.groupby(["window_start", by]).size().rename("n").reset_index()
