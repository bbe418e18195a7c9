"""Sessions and funnels: visits, and how many of them reach which step."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from helpers.data import checks, schema

STEPS = ("view", "cart", "purchase")


def sessionize(events: pd.DataFrame, gap: str | pd.Timedelta = "30min") -> pd.Series:
    """Assign each event to a session; a pause longer than the gap starts a new one.

    Parameters
    ----------
    events : DataFrame, one row per event in any order; columns ``user_id``, ``occurred_at``.
    gap : the longest pause within a session.

    Returns
    -------
    Series of int, name "session", index of ``events``: sessions are numbered from 0, user by user,
    each user's in order of time.

    References
    ----------
    A. Halfaker et al. (2015), User session identification based on strong regularities in
    inter-activity time, WWW '15, doi:10.1145/2736277.2741117: the pauses within and between visits
    form two peaks, and the gap belongs in the valley. Plot yours before you trust 30 minutes.

    Examples
    --------
    >>> at = pd.to_datetime(["2025-03-05 09:00", "2025-03-05 09:30", "2025-03-05 10:01"])
    >>> sessionize(pd.DataFrame({"user_id": "U1", "occurred_at": at})).tolist()
    [0, 0, 1]
    """
    checks.require(events, user_id="key", occurred_at="datetime")
    user, _ = pd.factorize(events["user_id"])
    time = events["occurred_at"].to_numpy()
    order = np.lexsort((time, user))
    other_user = np.diff(user[order]) > 0
    long_pause = np.diff(time[order]) > pd.Timedelta(gap)
    session = np.empty(len(events), int)
    session[order] = np.concatenate([[0], np.cumsum(other_user | long_pause)])
    return pd.Series(session, index=events.index, name="session")


def funnel(
    events: pd.DataFrame,
    steps: Sequence[str] = STEPS,
    *,
    per: str | Sequence[str] = "session_id",
    window: str | pd.Timedelta | None = None,
    by: str | None = None,
) -> pd.DataFrame:
    """Conversion funnel: how many units took the first k steps in order, within a time window.

    A unit (a session, a user, …) reached step k if it has events of steps 1 … k at times

        t₁ ≤ t₂ ≤ … ≤ t_k ≤ t₁ + window

    Any first step may start the window, not only the earliest, and other events may come in
    between. A step out of order, such as a purchase without a cart, does not count.

    Parameters
    ----------
    events : DataFrame, one row per event in any order; columns ``event``, ``occurred_at``, and
        those that ``per`` and ``by`` name.
    steps : kinds of event, in order; at least one, none twice.
    per : the column or columns that identify a unit: "session_id"; "user_id"; or
        ["session_id", "item_id"] to follow one item through one session.
    window : the longest time from the first step to the last; None sets no limit.
    by : a column of segments, for one funnel per segment. A unit with events in two segments is
        counted in both, with its events there.

    Returns
    -------
    DataFrame, one row per step; index ``step``, or (``by``, ``step``). ``reached`` is the number
    of units; ``of_previous`` and ``of_first`` divide it by the units that reached the previous and
    the first step, and are NaN if there are none.

    Examples
    --------
    >>> clicks = pd.DataFrame({
    ...     "session_id": ["S1", "S1", "S1", "S2", "S3"],
    ...     "event": ["view", "cart", "purchase", "view", "cart"],
    ...     "occurred_at": pd.date_range("2025-03-05 09:00", periods=5, freq="min")})
    >>> funnel(clicks)
              reached  of_previous  of_first
    step
    view            2          1.0       1.0
    cart            1          0.5       0.5
    purchase        1          1.0       0.5
    """
    segment = [by] if by else []
    keys = dict.fromkeys([*segment, *([per] if isinstance(per, str) else per)], "key")
    checks.require(events, event="text", occurred_at="datetime", **keys)
    steps = list(steps)
    _check_steps(steps, events)

    step = pd.Index(steps).get_indexer(events["event"])
    log, step = events[step >= 0], step[step >= 0]
    time = log["occurred_at"].to_numpy()
    unit = log.groupby(list(keys), sort=False, observed=True).ngroup().to_numpy()
    # At the same moment the earlier step comes first, so that it can lead to the later.
    order = np.lexsort((step, time, unit))
    log, step, time, unit = log.iloc[order], step[order], time[order], unit[order]

    # start[i] is the row of the latest first step from which a chain of steps leads to row i; -1 if
    # none does. The latest start is the best one: it leaves most of the window.
    start = np.where(step == 0, np.arange(len(log)), -1)
    done = start >= 0
    for k in range(1, len(steps)):
        start = np.where(step == k, np.maximum.accumulate(start), -1)
        start[unit[start] != unit] = -1  # it was another unit's
        if window is not None:
            start[time - time[start] > pd.Timedelta(window)] = -1
        done |= start >= 0

    index = pd.Index(steps, name="step")
    if by:
        segments = sorted(events[by].unique())
        index = pd.MultiIndex.from_product([segments, steps], names=[by, "step"])
    taken = [log[column].to_numpy()[done] for column in (*segment, "event")]
    reached = pd.Series(unit[done]).groupby(taken).nunique().reindex(index, fill_value=0)
    counts = reached.to_numpy().reshape(-1, len(steps))
    previous = np.hstack([counts[:, :1], counts[:, :-1]]).ravel()
    first = np.repeat(counts[:, 0], len(steps))
    return pd.DataFrame(
        {"reached": reached, "of_previous": reached / previous, "of_first": reached / first}
    )


def _check_steps(steps: list[str], events: pd.DataFrame) -> None:
    known = {*schema.EVENTS, *events["event"].unique()}
    unknown = [step for step in steps if step not in known]
    if unknown:
        raise ValueError(
            f'funnel: no event is called "{unknown[0]}". Events are {", ".join(sorted(known))}.'
        )
    if not steps or len(set(steps)) < len(steps):
        raise ValueError(f"funnel: steps must differ and be at least one, not {steps}.")
