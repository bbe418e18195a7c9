"""Watermarks: when a stream stops waiting, and which events come too late for it."""

import pandas as pd

from helpers.data import checks


def watermarks(events: pd.DataFrame, lateness: str) -> pd.Series:
    """Return, for each batch, the watermark by which its rows are judged.

    With M_b the latest event time in batches 0 to b, Spark judges batch b by

        watermark = M_{b−2} − lateness

    The watermark of a batch comes from the batches before it, and it closes windows at the end of
    the batch. What is late in batch b is what the end of batch b − 1 had closed.

    Parameters
    ----------
    events : DataFrame in order of arrival, with ``occurred_at`` and ``batch``, counted from 0 on.
    lateness : how long to wait, such as "2h".

    Returns
    -------
    Series of datetimes, index ``batch``, name ``watermark``; NaT for the first two batches, in
    which no event is late. It never moves back.

    References
    ----------
    SPARK-40925, https://issues.apache.org/jira/browse/SPARK-40925 (since Spark 3.4)

    Examples
    --------
    >>> hours = pd.to_datetime("2025-11-28") + pd.to_timedelta([10, 9, 12, 8], unit="h")
    >>> events = pd.DataFrame({"occurred_at": hours, "batch": [0, 1, 2, 3]})
    >>> [time.hour for time in watermarks(events, "1h")]
    [nan, nan, 9, 9]
    """
    checks.require(events, occurred_at="datetime", batch="count")
    latest = events.groupby("batch")["occurred_at"].max().cummax()
    return (latest.shift(2) - _wait(lateness)).rename("watermark")


def is_late(events: pd.DataFrame, lateness: str) -> pd.Series:
    """Return which rows a stream drops, because they are not after the watermark of their batch.

    It holds for operators that look at single rows, as ``dropDuplicatesWithinWatermark`` does.
    Windows are more patient: a row is dropped only if its window's end is not after the watermark.

    Parameters
    ----------
    events, lateness : as in `watermarks`.

    Returns
    -------
    Series of bool with the index of ``events``, name ``late``.

    Examples
    --------
    >>> hours = pd.to_datetime("2025-11-28") + pd.to_timedelta([10, 9, 12, 8], unit="h")
    >>> is_late(pd.DataFrame({"occurred_at": hours, "batch": [0, 1, 2, 3]}), "1h").tolist()
    [False, False, False, True]
    """
    judged_by = events["batch"].map(watermarks(events, lateness))
    return (events["occurred_at"] <= judged_by).rename("late")


def expected_late(delays: pd.Series, lateness: str, every: str) -> float:
    """Estimate, from measured delays, which share of rows a watermark will drop.

    An event with delay d arrives at some moment of a batch of length B, v after its start, where v
    is uniform in (0, B). If the watermark runs L + B behind that start, the event is late where
    d > L + B + v, so

        P(late | d) = min(1, max(0, (d − L − B) / B))

    and the share is the mean of it. Where no event arrives for a while, the watermark stands still
    and fewer events are late, so it is an upper bound on average.

    Parameters
    ----------
    delays : Series of timedeltas, arrival minus event time.
    lateness, every : the watermark's L and the length B of a batch, such as "2h" and "3h".

    Returns
    -------
    float in [0, 1].

    Examples
    --------
    >>> delays = pd.Series(pd.to_timedelta([0, 4, 4.5, 9], unit="h"))  # 0, 0, 1/2, 1
    >>> expected_late(delays, "3h", "1h")
    0.375
    """
    if not pd.api.types.is_timedelta64_dtype(delays) or delays.isna().any() or delays.empty:
        raise ValueError("delays are timedeltas: table['arrived_at'] - table['occurred_at'].")
    batch = pd.Timedelta(every)
    return float(((delays - _wait(lateness) - batch) / batch).clip(0, 1).mean())


def _wait(lateness: str) -> pd.Timedelta:
    wait = pd.Timedelta(lateness)
    if wait < pd.Timedelta(0):
        raise ValueError(f'lateness is the time to wait, 0 or more, such as "2h"; got {lateness}.')
    return wait
