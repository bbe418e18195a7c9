"""What users do: sessions, funnels, conversion, cohorts, KPIs, interests, and what moved revenue.

Every share names its denominator, every rate can be given with its uncertainty, and what has not
been observed is NaN, never 0. Nothing here loops over users.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.special import ndtri

from helpers.data import schema

STEPS = ("view", "cart", "purchase")

# The rates of `kpis`: what is divided by what.
RATES = {
    "conversion": ("buyers", "active_users"),
    "orders_per_buyer": ("orders", "buyers"),
    "units_per_order": ("units", "orders"),
    "price_per_unit": ("revenue", "units"),
    "aov": ("revenue", "orders"),
    "repeat_rate": ("repeat_buyers", "buyers"),
    "arpu": ("revenue", "active_users"),
}
# Revenue is the product of these columns of `kpis`.
FACTORS = ("active_users", "conversion", "orders_per_buyer", "units_per_order", "price_per_unit")


# ---------------------------------------------------------------- sessions and funnels


def sessionize(events: pd.DataFrame, gap: str | pd.Timedelta = "30min") -> pd.Series:
    """Give every event the number of its session: a pause longer than the gap starts a new one.

    Parameters
    ----------
    events : DataFrame, one row per event in any order; columns ``user_id``, ``occurred_at``.
    gap : the longest pause inside a session. A pause of exactly the gap does not end it.

    Returns
    -------
    Series of int, name "session", index of ``events``. Numbers count from 0, user by user and
    within a user in order of time, so that no two users share one.

    Raises
    ------
    TableError
        If a column is missing, a date is null, or an event has no user: the visits of guests
        cannot be told apart without an id.

    References
    ----------
    A. Halfaker et al. (2015), User session identification based on strong regularities in
    inter-activity time, WWW '15, doi:10.1145/2736277.2741117: pauses fall into two groups, within
    and between visits, and the gap belongs in the valley. Plot yours before you trust 30 minutes.

    Examples
    --------
    >>> at = pd.to_datetime(["2025-03-05 09:00", "2025-03-05 09:30", "2025-03-05 10:01"])
    >>> sessionize(pd.DataFrame({"user_id": "U1", "occurred_at": at})).tolist()
    [0, 0, 1]
    """
    schema.require(events, user_id="key", occurred_at="datetime")
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
    """Count who took the first k steps in order, within a window from the first.

    A session (or user, or whatever ``per`` names) reached step k if it has events of steps 1 … k at
    times

        t₁ ≤ t₂ ≤ … ≤ t_k ≤ t₁ + window

    Any first step may start the clock, not only the earliest one, and other events may come in
    between. A step taken before its turn, such as a purchase without a cart, does not count.

    Parameters
    ----------
    events : DataFrame, one row per event in any order; columns ``event``, ``occurred_at``, and
        those that ``per`` and ``by`` name.
    steps : kinds of event, in order; at least one, none twice.
    per : the column, or columns, that make one unit: "session_id"; "user_id"; or
        ["session_id", "item_id"] to follow one item through one session.
    window : the longest time from the first step to the last; None sets no limit.
    by : a column of segments, each of which gets a funnel of its own. A unit with events in two
        segments stands in both, each with its own events.

    Returns
    -------
    DataFrame, one row per step; index ``step``, or (``by``, ``step``). ``reached`` is the number
    of units; ``of_previous`` and ``of_first`` are its share among the units that reached the step
    before and the first step. Units that never took the first step are in no denominator; a share
    of nobody is NaN.

    Raises
    ------
    TableError
        If a column is missing or has nulls (guests have no ``user_id``), naming the first rows.
    ValueError
        If a step is listed twice or is no known kind of event.

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
    schema.require(events, event="text", occurred_at="datetime", **keys)
    steps = list(steps)
    _check_steps(steps, events)

    step = pd.Index(steps).get_indexer(events["event"])
    log, step = events[step >= 0], step[step >= 0]
    time = log["occurred_at"].to_numpy()
    unit = log.groupby(list(keys), sort=False, observed=True).ngroup().to_numpy()
    # At one and the same moment the earlier step comes first, so that it can lead to the later.
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


# ---------------------------------------------------------------- conversion and its uncertainty


def conversion(
    successes: pd.Series | np.ndarray | int,
    trials: pd.Series | np.ndarray | int,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Conversion rate with Wilson's score interval.

    With x of n converted, p = x / n and z the normal quantile of (1 + confidence) / 2, the ends are

        (p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n)

    The interval stays inside [0, 1] and does not collapse when nobody or everybody converts, as the
    textbook's p ± z √(p(1 − p)/n) does.

    Parameters
    ----------
    successes, trials : whole numbers, 0 ≤ successes ≤ trials, alone or in equally long columns.
        Trials must be independent: count users once, not each of their sessions.
    confidence : share of such intervals that hold the true rate, in (0, 1).

    Returns
    -------
    DataFrame with ``rate``, ``low``, ``high``; index of ``successes`` if it has one. Without
    trials nothing is known: the rate is NaN and the interval [0, 1].

    Raises
    ------
    ValueError
        If a count is negative or not whole, or successes exceed trials (names the first rows).

    References
    ----------
    E. B. Wilson (1927), Probable inference, the law of succession, and statistical inference,
    JASA 22(158), 209–212, doi:10.1080/01621459.1927.10502953.

    Examples
    --------
    >>> conversion([0, 81], [20, 263]).round(4).to_numpy().tolist()
    [[0.0, 0.0, 0.1611], [0.308, 0.2553, 0.3662]]
    """
    index = successes.index if isinstance(successes, pd.Series) else None
    x, n = np.broadcast_arrays(np.atleast_1d(successes), np.atleast_1d(trials))
    _check_counts(x, n, index)
    z = _quantile(confidence)
    rate = np.divide(x, n, out=np.full(n.shape, np.nan), where=n > 0)
    spread = np.where(n > 0, x * (1 - rate), 0)  # n p (1 - p): the formula times n above and below
    center = (x + z**2 / 2) / (n + z**2)
    half = z * np.sqrt(spread + z**2 / 4) / (n + z**2)
    # Rounding may miss 0 and 1 by a hair, where the ends are exactly that.
    low = np.where(x == 0, 0.0, center - half)
    high = np.where(x == n, 1.0, center + half)
    return pd.DataFrame({"rate": rate, "low": low, "high": high}, index=index)


def conversion_difference(
    successes: Sequence[int], trials: Sequence[int], confidence: float = 0.95
) -> pd.Series:
    """Difference of two conversion rates, second minus first, with Newcombe's interval.

    With p₁, p₂ the rates and (l₁, u₁), (l₂, u₂) their Wilson intervals, p₂ − p₁ lies between

        p₂ − p₁ − √((p₂ − l₂)² + (u₁ − p₁)²)  and  p₂ − p₁ + √((u₂ − p₂)² + (p₁ − l₁)²)

    Two intervals that overlap do not show that the rates are alike; this interval holding 0 says
    that the data allow it.

    Parameters
    ----------
    successes, trials : two counts each, of independent groups; trials at least 1.
    confidence : share of such intervals that hold the true difference, in (0, 1).

    Returns
    -------
    Series with ``difference``, ``low``, ``high``, in [-1, 1].

    Raises
    ------
    ValueError
        If there are not two groups, a group has no trials, or the counts are impossible.

    References
    ----------
    R. G. Newcombe (1998), Interval estimation for the difference between independent proportions:
    comparison of eleven methods (method 10), Statistics in Medicine 17(8), 873–890,
    doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I.

    Examples
    --------
    >>> conversion_difference([48, 56], [80, 70]).round(4).tolist()
    [0.2, 0.0524, 0.3339]
    """
    rates = conversion(successes, trials, confidence)
    if len(rates) != 2 or rates["rate"].isna().any():
        raise ValueError(
            "conversion_difference: needs two groups with at least one trial each, "
            f"got trials {np.atleast_1d(trials).tolist()}."
        )
    (p1, l1, u1), (p2, l2, u2) = rates.to_numpy()
    low = p2 - p1 - np.hypot(p2 - l2, u1 - p1)
    high = p2 - p1 + np.hypot(u2 - p2, p1 - l1)
    return pd.Series({"difference": p2 - p1, "low": low, "high": high})


def _check_counts(x: np.ndarray, n: np.ndarray, index: pd.Index | None) -> None:
    possible = (x >= 0) & (x <= n) & (x == np.round(x)) & (n == np.round(n))
    if not possible.all():
        (wrong,) = np.nonzero(~possible)
        rows = wrong if index is None else index[wrong]
        raise ValueError(
            f"conversion: impossible counts in {len(wrong):,} of {len(x):,} rows (first at "
            f"{', '.join(map(str, rows[:3]))}: {x[wrong[0]]} of {n[wrong[0]]}). Give whole numbers "
            "with 0 ≤ successes ≤ trials: count those who converted, then all who could."
        )


def _quantile(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is a share, such as 0.95; it cannot be {confidence}.")
    return ndtri((1 + confidence) / 2)


# ---------------------------------------------------------------- cohorts


def cohort_counts(
    orders: pd.DataFrame, *, period: str = "M", until: str | pd.Timestamp | None = None
) -> pd.DataFrame:
    """Count the users of each acquisition cohort who buy, by periods since their first order.

    A cohort is every user whose first order falls in the same period. Cell (c, k) is

        |{users of c who order in period c + k}|

    Column 0 is therefore the size of the cohort. Periods that have not been observed to their end
    are NaN, not 0: not everybody has had the chance to buy in them yet. The first cohort of a table
    that starts midway in a shop's life holds old customers, too.

    Parameters
    ----------
    orders : DataFrame, one row per order or order line; columns ``user_id``, ``ordered_at``.
    period : pandas period alias, "W", "M" or "Q".
    until : last day observed; the day of the last order if not given.

    Returns
    -------
    DataFrame of float, shape (cohorts that have users, periods); index ``cohort`` (Period),
    columns ``periods_since_first`` 0, 1, 2, …

    Raises
    ------
    TableError
        If a column is missing or a date is null (the message names the first rows).
    ValueError
        If there are orders after ``until``.

    Examples
    --------
    >>> orders = pd.DataFrame({"user_id": ["U1", "U2", "U1"], "ordered_at": pd.to_datetime(
    ...     ["2025-01-05", "2025-01-20", "2025-02-10"])})
    >>> cohort_counts(orders, until="2025-03-31").to_numpy().tolist()
    [[2.0, 1.0, 0.0]]
    """
    schema.require(orders, user_id="key", ordered_at="datetime")
    last_order = orders["ordered_at"].max()
    until = (last_order if until is None else pd.Timestamp(until)).normalize()
    if last_order.normalize() > until:
        raise ValueError(
            f"cohort_counts: the last order is of {last_order:%Y-%m-%d}, after until "
            f"({until:%Y-%m-%d}). Drop later orders first, or let until be the last day observed."
        )
    when = orders["ordered_at"].dt.to_period(period)
    calendar = pd.period_range(when.min(), until.to_period(period), name="cohort")
    user, users = pd.factorize(orders["user_id"])
    active = np.zeros((len(users), len(calendar)), bool)
    active[user, when.astype("int64") - calendar[0].ordinal] = True

    first = active.argmax(axis=1)
    who, when = np.nonzero(active)
    n = len(calendar)
    cell = first[who] * n + when - first[who]  # cohort, then periods since
    counts = np.bincount(cell, minlength=n * n).reshape(n, n)

    observed = n if calendar[-1].end_time.normalize() <= until else n - 1
    cohort, lag = np.indices((n, n))
    counts = np.where(cohort + lag < observed, counts, np.nan)
    has_users = np.isin(np.arange(n), first)
    lags = pd.RangeIndex(n, name="periods_since_first")
    return pd.DataFrame(counts[has_users], index=calendar[has_users], columns=lags)


def retention(
    orders: pd.DataFrame, *, period: str = "M", until: str | pd.Timestamp | None = None
) -> pd.DataFrame:
    """Share of each acquisition cohort that buys again, by periods since the first order.

    Cell (c, k) is |{users of c who order in period c + k}| / |c|; see `cohort_counts`, which takes
    the same arguments, raises the same errors and gives the numerators. To average over cohorts,
    add those up first: the mean of the shares would let the smallest cohort weigh as much as the
    largest.

    Returns
    -------
    DataFrame of float in [0, 1], shape (cohorts, periods); NaN where not observed to the end.

    Examples
    --------
    >>> orders = pd.DataFrame({"user_id": ["U1", "U2", "U1"], "ordered_at": pd.to_datetime(
    ...     ["2025-01-05", "2025-01-20", "2025-02-10"])})
    >>> retention(orders, until="2025-03-15").iloc[0].tolist()
    [1.0, 0.5, nan]
    """
    counts = cohort_counts(orders, period=period, until=until)
    return counts.div(counts[0], axis=0)


# ---------------------------------------------------------------- key figures


def order_totals(order_lines: pd.DataFrame) -> pd.DataFrame:
    """Add up the lines of every order. An order belongs to the moment of its first line.

    Parameters
    ----------
    order_lines : DataFrame with ``order_id``, ``ordered_at``, ``user_id``, ``quantity``,
        ``unit_price``, ``discount`` (a share of the price).

    Returns
    -------
    DataFrame, one row per order, in order of time; index ``order_id``; columns ``user_id``,
    ``ordered_at``, ``units`` (Σ quantity), ``revenue`` (Σ quantity × unit_price × (1 − discount)).

    Raises
    ------
    TableError
        If a column is missing or of the wrong kind (the message names the first rows).

    Examples
    --------
    >>> lines = pd.DataFrame({"order_id": ["O1", "O1"], "user_id": "U1", "quantity": [2, 1],
    ...     "ordered_at": pd.Timestamp("2025-01-05"), "unit_price": [10.0, 5.0],
    ...     "discount": [0.5, 0.0]})
    >>> order_totals(lines)[["units", "revenue"]].to_numpy().tolist()
    [[3.0, 15.0]]
    """
    schema.require(
        order_lines,
        order_id="key",
        ordered_at="datetime",
        user_id="key",
        quantity="number",
        unit_price="number",
        discount="number",
    )
    paid = order_lines["quantity"] * order_lines["unit_price"] * (1 - order_lines["discount"])
    return (
        order_lines.assign(revenue=paid)
        .groupby("order_id")
        .agg(
            user_id=("user_id", "first"),
            ordered_at=("ordered_at", "min"),
            units=("quantity", "sum"),
            revenue=("revenue", "sum"),
        )
        .sort_values("ordered_at", kind="stable")
    )


def kpis(
    order_lines: pd.DataFrame, events: pd.DataFrame | None = None, *, period: str = "M"
) -> pd.DataFrame:
    """Key figures of the shop, by period.

    =================  ==========================================================================
    active_users       users with an event or an order in the period (guests have no id)
    buyers             users with an order
    repeat_buyers      buyers for whom an order of the period is not their first ever
    orders             orders
    units              pieces sold
    revenue            what was paid, in the currency of ``unit_price``
    conversion         buyers / active_users
    orders_per_buyer   orders / buyers
    units_per_order    units / orders
    price_per_unit     revenue / units, discounts taken off
    aov                revenue / orders, the average order value
    repeat_rate        repeat_buyers / buyers
    arpu               revenue / active_users, the average revenue per user
    =================  ==========================================================================

    so that revenue is the product of `FACTORS`. A first or last period that is observed in part
    looks like a bad one: cut it off.

    Parameters
    ----------
    order_lines : DataFrame with ``order_id``, ``ordered_at``, ``user_id``, ``quantity``,
        ``unit_price``, ``discount``, from the shop's first day on (else old customers look new).
    events : DataFrame with ``user_id`` (missing for guests), ``occurred_at``. Without it
        ``active_users``, ``conversion`` and ``arpu`` are left out; in periods without any event
        they are NaN, for there was no log.
    period : pandas period alias, "D", "W", "M", "Q" or "Y".

    Returns
    -------
    DataFrame, one row per period from the first order to the last; index ``period`` (Period).

    Raises
    ------
    TableError
        If a column is missing or of the wrong kind (the message names the first rows).

    Examples
    --------
    >>> lines = pd.DataFrame({"order_id": ["O1", "O2"], "user_id": ["U1", "U1"], "quantity": [1, 2],
    ...     "ordered_at": pd.to_datetime(["2025-01-05", "2025-01-20"]), "unit_price": 10.0,
    ...     "discount": 0.0})
    >>> kpis(lines).loc["2025-01", ["buyers", "orders", "aov", "repeat_rate"]].tolist()
    [1.0, 2.0, 15.0, 1.0]
    """
    orders = order_totals(order_lines)
    orders["period"] = orders["ordered_at"].dt.to_period(period)
    orders["again"] = orders["user_id"].where(orders["user_id"].duplicated())  # in order of time
    by_period = orders.groupby("period")
    table = pd.DataFrame(
        {
            "buyers": by_period["user_id"].nunique(),
            "repeat_buyers": by_period["again"].nunique(),
            "orders": by_period.size(),
            "units": by_period["units"].sum(),
            "revenue": by_period["revenue"].sum(),
        }
    )
    table = table.reindex(pd.period_range(*table.index[[0, -1]], name="period"), fill_value=0)
    if events is not None:
        schema.require(events, user_id="key?", occurred_at="datetime")
        visits = events[["user_id"]].assign(period=events["occurred_at"].dt.to_period(period))
        seen = pd.concat([visits, orders[["user_id", "period"]]]).drop_duplicates()
        active = seen.groupby("period")["user_id"].count().reindex(table.index)
        table.insert(0, "active_users", active.where(table.index.isin(visits["period"])))
    for rate, (part, whole) in RATES.items():
        if whole in table:
            table[rate] = table[part] / table[whole]
    return table


# ---------------------------------------------------------------- interests


def interest_profile(
    events: pd.DataFrame,
    items: pd.DataFrame,
    *,
    by: str = "category",
    half_life: str | pd.Timedelta = "30D",
    weights: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Share of each user's interest that goes to each category, recent events counting more.

    With w the weight of an event's kind, t its time and h the half-life, user u's share of c is

        p_u(c) = Σ_{events of u in c} w 2^(t/h) / Σ_{events of u} w 2^(t/h)

    An event h older counts half. There is no "now" in it: waiting ages all events alike and leaves
    the shares as they are. So nothing warns of a share that rests on few or old events: look at
    both before you act on it, and when you test a profile, build it from events before the test.

    Parameters
    ----------
    events : DataFrame, one row per event; columns ``user_id``, ``occurred_at``, ``event``,
        ``item_id``.
    items : DataFrame with ``item_id`` (each once) and the column ``by``.
    by : the column of ``items`` to sum up by: "category", "department", "brand".
    half_life : time in which an event loses half its weight.
    weights : how much an event of each kind counts, such as {"view": 1, "cart": 3}; kinds not
        named count nothing. None counts every event once.

    Returns
    -------
    DataFrame of float, shape (users with events that count, categories); index ``user_id``,
    columns ``by``, both sorted; every row sums to 1.

    Raises
    ------
    TableError
        If a column is missing or has nulls, an item is listed twice, or an event names an item
        that is not listed (the message names the first rows).
    ValueError
        If the half-life or a weight is not positive, or no event counts.

    References
    ----------
    Y. Ding and X. Li (2005), Time weight collaborative filtering, CIKM '05, 485–492,
    doi:10.1145/1099554.1099689.

    Examples
    --------
    >>> items = pd.DataFrame({"item_id": ["I1", "I2"], "category": ["Decor", "Storage"]})
    >>> events = pd.DataFrame({"user_id": "U1", "event": "view", "item_id": ["I1", "I2"],
    ...     "occurred_at": pd.to_datetime(["2025-03-01", "2025-03-31"])})
    >>> interest_profile(events, items).round(3).loc["U1"].to_dict()
    {'Decor': 0.333, 'Storage': 0.667}
    """
    schema.require(events, user_id="key", occurred_at="datetime", event="text", item_id="key")
    schema.require(items, item_id="key", **{by: "text"})
    listed_twice = items["item_id"].duplicated()
    mend = "Keep one row for each item."
    schema.refuse_rows(items, ("item_id", listed_twice, "repeats an id", mend), name="items")
    unlisted = ~events["item_id"].isin(items["item_id"])
    mend = 'Drop them with cleaning.drop_orphans(events, "item_id", items).'
    what = "names items that do not exist"
    schema.refuse_rows(events, ("item_id", unlisted, what, mend), name="events")
    half_life = pd.Timedelta(half_life)
    if half_life <= pd.Timedelta(0):
        raise ValueError(f"interest_profile: half_life must be positive, not {half_life}.")
    if weights is not None:
        if min(weights.values(), default=0) <= 0:
            raise ValueError(f"interest_profile: weights must be positive, not {dict(weights)}.")
        events = events[events["event"].isin(weights)]
        if events.empty:
            raise ValueError(f"interest_profile: no event is one of {', '.join(weights)}.")

    # Age is counted from each user's newest event, lest 2^(-age/h) of old ones round to 0.
    age = events.groupby("user_id")["occurred_at"].transform("max") - events["occurred_at"]
    weight = 2.0 ** -(age / half_life)
    if weights is not None:
        weight *= events["event"].map(weights)
    category = events["item_id"].map(items.set_index("item_id")[by])
    interest = pd.DataFrame({"user_id": events["user_id"], by: category, "weight": weight})
    interest = interest.pivot_table("weight", "user_id", by, aggfunc="sum", fill_value=0.0)
    interest = interest.reindex(columns=sorted(items[by].unique()), fill_value=0.0)
    return interest.div(interest.sum(axis=1), axis=0)


# ---------------------------------------------------------------- what moved revenue


def decompose_change(
    before: pd.Series | pd.DataFrame, after: pd.Series | pd.DataFrame
) -> pd.Series | pd.DataFrame:
    """Split the change of a product among its factors; the parts sum to the change exactly.

    If V = x₁ x₂ … x_n, before (⁰) and after (¹), factor i contributed, in the unit of V,

        L(V¹, V⁰) ln(x_i¹ / x_i⁰),   L(a, b) = (a − b) / (ln a − ln b),   L(a, a) = a

    the additive log mean Divisia index (LMDI-I). No residual is left, because the logarithms add
    up to ln(V¹ / V⁰). The order of the factors does not matter, as it does when they are changed
    one at a time, and running time backward flips every sign. Factors multiplied into one
    contribute the sum of their parts, so that a KPI tree adds up at every node, however finely it
    is split. This last is what Shapley values lack; in return they can do with zeros.

    Parameters
    ----------
    before, after : the factors of one product, as a Series; or of one product per segment, as a
        DataFrame with a row per segment and a column per factor. Same labels; all positive.

    Returns
    -------
    Contributions, of the shape of ``before``; their sum is the change of the product, or of the
    sum of the segments' products.

    Raises
    ------
    ValueError
        If the labels differ, or a factor is zero, negative or missing (names the first ones).

    References
    ----------
    B. W. Ang (2005), The LMDI approach to decomposition analysis: a practical guide, Energy Policy
    33(7), 867–871, doi:10.1016/j.enpol.2003.10.010; why this method among many: B. W. Ang (2004),
    Energy Policy 32(9), 1131–1139, doi:10.1016/S0301-4215(03)00076-4.

    Examples
    --------
    100 users who spend 10 each become 200 who spend 5: no change, from two that cancel.

    >>> before, after = pd.Series({"users": 100, "arpu": 10}), pd.Series({"users": 200, "arpu": 5})
    >>> decompose_change(before, after).round(2).to_dict()
    {'users': 693.15, 'arpu': -693.15}
    """
    _check_factors(before, after)
    old, new = (factors.to_numpy(float) for factors in (before, after))
    ratio = np.log(new / old)
    # L(a, b) = √(ab) sinh(h) / h with h = ln(a / b) / 2: the same, but safe when a is close to b.
    h = ratio.sum(axis=-1, keepdims=True) / 2
    middle = np.sqrt(old * new).prod(axis=-1, keepdims=True)
    mean = middle * np.divide(np.sinh(h), h, out=np.ones_like(h), where=h != 0)
    contribution = mean * ratio
    if isinstance(before, pd.Series):
        return pd.Series(contribution, index=before.index, name="contribution")
    return pd.DataFrame(contribution, index=before.index, columns=before.columns)


def _check_factors(before: pd.Series | pd.DataFrame, after: pd.Series | pd.DataFrame) -> None:
    if not all(a.equals(b) for a, b in zip(before.axes, after.axes, strict=True)):
        raise ValueError(
            "decompose_change: before and after must have the same labels in the same order. "
            "Reorder one with after.reindex_like(before)."
        )
    for name, factors in (("before", before), ("after", after)):
        wrong = np.argwhere(~(factors.to_numpy() > 0))
        if len(wrong):
            labels = [axis[i] for axis, i in zip(factors.axes, wrong[0], strict=True)]
            raise ValueError(
                f"decompose_change: {len(wrong)} of {factors.size} factors {name} the change are "
                f"not positive (first: {', '.join(map(str, labels))}: "
                f"{factors.to_numpy()[tuple(wrong[0])]}), and only positive numbers have "
                "logarithms. Merge small segments, or leave out one that came or went and report "
                "its revenue beside."
            )
