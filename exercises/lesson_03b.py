"""Exercises of lesson 03b: censoring, Kaplan–Meier, hazards, contracts, prediction intervals."""

import numpy as np
import pandas as pd

from exercises.engine.exercise import ArrayCase, Case, Exercise, in_turn, on_cases, quiz
from exercises.engine.tables import by_column, by_row

TITLE = "Survival and lifetime value"

# At 2 one of 5, at 4 one of 3. Then at 1 one of 6, at 3 two of 5, while one more is censored.
WAITS = [
    ArrayCase([2, 3, 4, 6, 9], [True, False, True, False, True], 4, right=4 / 5 * 2 / 3),
    ArrayCase([3, 1, 3, 8, 3, 5], [True, True, False, False, True, True], 3, right=5 / 6 * 3 / 5),
]
# At 5 two of 7, while one is censored; at 11 one of 4; the event at 14 comes too late.
ANOTHER_WAIT = ArrayCase(
    *([14, 5, 11, 5, 20, 5, 12], [True, True, True, True, False, False, False], 12),
    right=5 / 7 * 3 / 4,
)


def survival_at(durations, events, t):
    """Multiply, over the times of events up to t, the shares that the event spared."""
    survival = 1.0
    for time in np.unique(durations[events & (durations <= t)]):
        at_risk = (durations >= time).sum()
        survival *= 1 - (events & (durations == time)).sum() / at_risk
    return survival


SURVIVAL_AT = Exercise(
    id="03b-2",
    hints=(
        "Who could still have the event at the time of an event?",
        "Walk through the different times of events up to t. At each, n customers are at risk "
        "(duration that long or longer), and d of them have the event.",
        "Ŝ(t) = Π (1 − d/n), over the times of events up to and including t.",
    ),
    solution=survival_at,
    check=on_cases(*WAITS, held_back=[ANOTHER_WAIT]),
    mistakes="""
    => durations, events = durations[events], events[events]
        You dropped the censored customers. They were at risk until they were censored.
    return … => return (durations > t).mean()
        Censored customers count as if the event had happened when observation ended.
    return … => return 1 - (events & (durations <= t)).mean()
        Censored customers count as if they never had the event. After they are censored, they
        aren't at risk any more.
    (durations >= time).sum() => len(durations)
        You kept everybody at risk throughout. At risk are those whose duration is that long or
        longer.
    >= => >
        Customers are not at risk at the time itself in your count. Those with the event at that
        time belong to n too: use >=.
    <= => <
        You multiplied over events before t only. An event at t counts: use <=.
    (events & (durations == time)).sum() => 1
        You counted one event at each time, as with the six customers. Here several customers may
        have the event at the same time: 1 − d/n.
    np.unique(durations[events & (durations <= t)]) => durations[events & (durations <= t)]
    (events & (durations == time)).sum() => 1
        You multiplied once for each event. The d events of one time share one factor, 1 − d/n.
    survival *= => survival =
        This is only the last share. Multiply all of them, up to t.
    => kept = events | (durations > t)
    => durations, events = durations[kept], events[kept]
        You left out those censored by t. Each was at risk until then, and counts in every n up to
        that time.
    *= 1 - => -=
        You subtracted a sum of hazards from 1. Shares that remain multiply: Π (1 − d/n).
    survival *= 1 - … => survival *= np.exp(-…)
        This is exp(−Σ d/n), the Nelson–Aalen way to a survival function. It is close, but
        Kaplan–Meier is the product Π (1 − d/n).
    return … => return 1 - …
        This is the share that had the event. Survival is the share that did not.
    """,
    takeaway="The censored count in every n until they leave; that is the whole idea.",
)

MEDIAN_WAIT = quiz(
    id="03b-3",
    options="""
    a) the same: the customers who returned are a sample of all
        They are not a random sample of all: a long wait is more likely to be censored, so those who
        returned are the fast ones.
    b) shorter: some customers are going to return tomorrow
        Some do return tomorrow, and others in years. Every censored wait is longer than what we
        have seen of it, and the long waits are the ones that get censored.
    c) longer: the customers who returned are the fast ones
    d) nobody can say until everyone has returned
        The median needs only half of the customers to return, and the survival function falls below
        one half within the observed time.
    """,
    hints=(
        "Which customers have had the time to return?",
        "Think of two customers of last month, one who returns after 10 days and one who returns "
        "after 200. Which of the two is in the table?",
        "A long wait is censored more often than a short one, so those who returned are fast.",
    ),
    takeaway="Dropping the censored keeps the fast ones. Kaplan–Meier puts the median at 159 days.",
)

FALLING_HAZARD = quiz(
    id="03b-5",
    options="""
    a) each customer's purchase rate falls: the shop is being forgotten
        It looks as if the shop was forgotten, but in the simulation no customer's rate falls with
        time, and none can leave before the second purchase.
    b) frequent buyers leave the risk set first, so slower ones remain
    c) censoring removes customers, so fewer of them can come back
        Censoring removes customers from the numerator and the denominator alike. The hazard is a
        share of those at risk.
    d) the shop had fewer customers in the later months
        The hazard is a share, so fewer customers make it less precise, not lower.
    """,
    hints=(
        "In BG/NBD, does a customer's rate λ change over time?",
        "Who is still at risk after twelve months without a second purchase?",
        "Customers differ in λ. The mean λ of those still at risk falls, month after month.",
    ),
    takeaway="Selection among different customers looks like change within each of them.",
)

# The quartiles are 1 and 3, 0 and 2, 6 and 8, 4 and 5; the first two intervals hold SPENT.
DRAWS = np.array([[3, 0, 4, 1, 2], [0, 8, 0, 2, 0], [7, 9, 5, 8, 6], [4, 0, 9, 4, 5]], dtype=float)
SPENT = np.array([3.0, 0.0, 9.0, 2.0])
MANY = np.random.default_rng(3).gamma(0.4, 50, (120, 61))  # of 61, 80% ends on whole ranks
MANY_SPENT = np.random.default_rng(4).gamma(0.3, 60, 120).round(2)
# The second and the fifth of six draws are 2 and 8, 0 and 0, 1 and 3; the last
# customer spent more than that.
MORE_DRAWS = np.array([[9, 2, 0, 8, 4, 3], [0, 0, 0, 0, 7, 0], [1, 2, 3, 0, 9, 2]], dtype=float)
MORE_SPENT = np.array([8.0, 0.0, 4.0])


def coverage(draws, actual, level):
    """Cut half of the rest off each end of a customer's draws, and look who is inside."""
    low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2], axis=1)
    return ((low <= actual) & (actual <= high)).mean()


COVERAGE = Exercise(
    id="03b-8",
    hints=(
        "Which part of a customer's draws lies outside of a 90% interval, and on which side?",
        "`np.quantile(draws, [.05, .95], axis=1)` gives both ends for every customer at 90%.",
        "Ends at (1 − level)/2 and (1 + level)/2; coverage is the share with low ≤ actual ≤ high.",
    ),
    solution=coverage,
    check=on_cases(
        Case(DRAWS, SPENT, 0.5, right=2 / 4),
        (MANY, MANY_SPENT, 0.8),
        held_back=[Case(MORE_DRAWS, MORE_SPENT, 0.6, right=2 / 3)],
    ),
    mistakes="""
    , axis=1 =>
        You took quantiles across customers. Each customer has an interval of their own: axis=1.
    [(1 - level) / 2, (1 + level) / 2] => [1 - level, level]
        You cut 1 − level off each end, so the interval holds less than it should. Cut off half of
        it on each side.
    [(1 - level) / 2, (1 + level) / 2] => [0.05, 0.95]
        You took 90% intervals whatever `level` is.
    (1 + level) / 2 => level
    (low <= actual) & =>
        You checked the upper end only. An interval has two ends.
    low <= actual => low < actual
    actual <= high => actual < high
        The ends themselves belong to the interval. Many customers spend exactly 0, the lower end:
        use <=.
    => from scipy.stats import norm
    low, high = … => low, high = norm.interval(level, draws.mean(axis=1), draws.std(axis=1, ddof=1))
        Mean ± z standard deviations supposes a normal distribution. These draws are skewed, with
        many zeros: take their quantiles.
    => from scipy.stats import norm, sem
    low, high = … => low, high = norm.interval(level, draws.mean(axis=1), sem(draws, axis=1))
        This is a confidence interval of the mean. It says where the expected value is, not where
        the next outcome will be.
    return … => return 1 - …
        This is the share of misses. Coverage is the share inside.
    mean => sum
        This is a count of customers. Divide by how many there are.
    """,
    takeaway="An interval makes a promise that can be checked: count how often it is kept.",
)


def _waits(**users):
    """Make the table that is right, from the duration and the event of each user."""
    made = pd.DataFrame.from_dict(users, orient="index", columns=["duration", "event"])
    return made.rename_axis("user_id")


# Ana bought twice on her first day, Ben on an evening and the next morning. Cem bought again after
# the end, Eva never, and Gus on the last day.
ORDERS = by_row("""
    user_id ordered_at
    Cem 2025-03-21T15:00; Ana 2025-03-08T07:00; Ana 2025-03-22T12:00; Ana 2025-03-01T09:00
    Ana 2025-03-01T17:30; Ben 2025-03-10T22:00; Ben 2025-03-11T08:00; Cem 2025-04-02T10:00
    Eva 2025-02-28T20:00; Gus 2025-03-29T11:00; Gus 2025-03-31T10:00
""")
IN_TIME = ORDERS.sort_values("ordered_at", ignore_index=True)
END = pd.Timestamp("2025-03-31")
WAITED = _waits(
    Ana=[8 - 1, True],
    Ben=[11 - 10, True],
    Cem=[31 - 21, False],
    Eva=[31, False],
    Gus=[31 - 29, True],
)

# Hal bought twice on his first day. Ida never bought again, and Kim after the end.
MORE_ORDERS = by_row("""
    user_id ordered_at
    Jon 2026-01-30T06:00; Hal 2026-01-20T10:00; Ida 2026-01-14T13:00; Hal 2025-12-30T08:00
    Hal 2026-01-04T07:00; Kim 2026-02-01T10:00; Hal 2025-12-30T21:00; Kim 2026-01-29T16:00
    Jon 2026-01-05T19:00
""")
MORE_WAITED = _waits(
    Hal=[31 - 30 + 4, True], Ida=[31 - 14, False], Jon=[30 - 5, True], Kim=[31 - 29, False]
)


def second_purchase(orders, end):
    """Find each user's first two days; a user without a second one waits until the end."""
    day = orders["ordered_at"].dt.normalize()
    days = orders[["user_id"]].assign(day=day)[day <= end].drop_duplicates().sort_values("day")
    users = days.groupby("user_id")
    first = users["day"].first()
    second = days[users.cumcount() == 1].set_index("user_id")["day"].reindex(first.index)
    return pd.DataFrame({"duration": (second.fillna(end) - first).dt.days, "event": second.notna()})


SECOND_PURCHASE = Exercise(
    id="03b-1",
    hints=(
        "A customer has bought once by `end`. What do you know about the time to the second "
        "purchase?",
        "Keep one row per user and day up to `end`, sorted. The second row is the event; without "
        "one, `end` takes its place and `event` is False.",
        "duration = (second day or end) − first day; event = whether there is a second day; "
        "`reindex` brings the one-time buyers back.",
    ),
    solution=second_purchase,
    check=in_turn(
        on_cases(
            Case(
                *(IN_TIME.tail(4).head(2), END),
                right=_waits(Ana=[31 - 22, False], Gus=[31 - 29, False]),
            ),
            Case(IN_TIME, END, right=WAITED),
            any_order=True,
        ),
        on_cases(
            Case(ORDERS, END, right=WAITED),
            held_back=[Case(MORE_ORDERS, pd.Timestamp("2026-01-31"), right=MORE_WAITED)],
            any_order=True,
        ),
    ),
    mistakes="""
    return … => return ….query("event")
        Customers without a second purchase are left out, and they are the slow ones. Keep them,
        censored at `end`.
    .fillna(end) =>
        The duration of the censored customers is missing. It is known that they waited at least
        from the first purchase to `end`.
    second.notna() => True
        Everyone has the event in your table. For customers without a second purchase, `event` is
        False.
    notna => isna
        `event` is reversed: it is True if the second purchase was observed, and False for the
        censored.
    day=day => day=orders["ordered_at"]
    fillna(end) => fillna(end + pd.Timedelta(days=1))
        You counted orders. Two orders on one day are one purchase: take different days.
    day=day => day=orders["ordered_at"]
        The time of day is left in, so two orders of one day are two purchases and days come out one
        short. Normalize `ordered_at` first.
    second = … => second = users["day"].last().where(users.size() > 1)
        You measured the time to the last purchase. The event is the second one.
    => orders = orders[orders["ordered_at"] <= end]
        Orders on the last day are missing. `end` is midnight, when that day begins: compare days,
        `ordered_at.dt.normalize() <= end`.
    fillna(end) => fillna(days["day"].max())
        You censored at the last order in the data. Observation ends at `end`.
    [day <= end] =>
        You used orders after `end`. On that day nobody knows them yet: leave them out first.
    .sort_values("day") =>
        You rely on the order of the rows: the first row of a user need not be the earliest. Sort by
        day.
    """,
    takeaway="A customer who has not returned is no missing value: the wait is at least that long.",
    further=True,
)

PERIODS = by_column(user_id=["Ana", "Ben", "Cem"], periods=[2, 3, 1], event=[True, False, True])
LONG = by_row("""
    user_id period event
    Ana 1 False; Ana 2 True; Ben 1 False; Ben 2 False; Ben 3 False; Cem 1 True
""")
MORE_PERIODS = by_row("user_id periods event; Dan 1 False; Eva 4 True; Gus 2 False")
MORE_LONG = by_row("""
    user_id period event
    Dan 1 False; Eva 1 False; Eva 2 False; Eva 3 False; Eva 4 True; Gus 1 False; Gus 2 False
""")


def long_table(users):
    """Repeat each user's row, number the copies, and keep the event for the last one."""
    rows = users.loc[users.index.repeat(users["periods"])]
    period = rows.groupby("user_id").cumcount() + 1
    event = rows["event"] & (period == rows["periods"])
    return pd.DataFrame({"user_id": rows["user_id"], "period": period, "event": event})


LONG_TABLE = Exercise(
    id="03b-4",
    hints=(
        "Ana has the event in period 2. In which periods was she at risk, and what happened there?",
        '`users.index.repeat(users["periods"])` repeats the rows; `cumcount() + 1` numbers them.',
        "event = (user has the event) and (period is the user's last one).",
    ),
    solution=long_table,
    check=on_cases(
        Case(PERIODS.tail(1), right=LONG.tail(1)),
        Case(PERIODS, right=LONG),
        held_back=[Case(MORE_PERIODS, right=MORE_LONG)],
        any_order=True,
    ),
    mistakes="""
    return … => return users.rename(columns={"periods": "period"})
        There is one row per user. Each user needs one row per period at risk.
    & (period == rows["periods"]) =>
        The event is in every row of a user. It happens once, in the last period.
    == rows["periods"] => == 1
        You put the event in the first period. It ends the row of periods.
    rows["event"] & =>
        The last row is an event for the censored, too. They left the data without one.
    "period": period => "period": period - 1
        The period counts from 0. The first period is number 1.
    users["periods"] => users["periods"] - 1
        Each user's last period is missing; `range(1, n)` stops before n.
    => users = users[users["event"]]
        The table is without the censored. Their periods without the event belong in the
        denominator.
    return … => return ….query("event")
        These are only events. The periods in which nothing happened are what the hazard divides by.
    """,
    takeaway="One row per chance: the mean of the event column by period is the hazard.",
)

# With α = 1 and β = 1, r is 1/2, 2/3, 3/4.
CONTRACTS = [
    Case(1.0, 1.0, 3, right=np.array([1, 1 / 2, 1 / 2 * 2 / 3, 1 / 2 * 2 / 3 * 3 / 4])),
    (0.5, 2.0, 4),
]
ANOTHER_CONTRACT = Case(1.0, 3.0, 2, right=np.array([1, 3 / 4, 3 / 4 * 4 / 5]))


def contract_survival(alpha, beta, periods):
    """Multiply the retention rates of the periods, starting from 1."""
    t = np.arange(1, periods + 1)
    retention = (beta + t - 1) / (alpha + beta + t - 1)
    return np.append(1, retention.cumprod())


CONTRACT_SURVIVAL = Exercise(
    id="03b-6",
    hints=(
        "Everybody is there at the start. What share is there after the first renewal?",
        "Compute r(t) for t = 1, 2, …, and multiply: S(t) = S(t−1) · r(t).",
        "r(t) = (β + t − 1) / (α + β + t − 1); then `np.append(1, r.cumprod())`.",
    ),
    solution=contract_survival,
    check=on_cases(*CONTRACTS, held_back=[ANOTHER_CONTRACT]),
    mistakes="""
    return … => return (beta / (alpha + beta)) ** np.arange(periods + 1)
        You used the same retention rate, that of the first period, throughout. It rises with t.
    retention = … => retention = (beta + t) / (alpha + beta + t)
        The retention rates are one period too far: r(1) = β/(α+β).
    => alpha, beta = beta, alpha
        α and β are swapped: θ is the probability to cancel, and its mean is α/(α+β).
    retention.cumprod() => (1 - retention).cumprod()
        You multiplied the churn rate 1 − r(t). Those who stay are the share r(t).
    .cumprod() =>
        These are the retention rates themselves, each a share of those before. Multiply them to get
        a share of all.
    return … => return retention.cumprod()
        The start is missing: S(0) = 1 comes first, so there are periods + 1 numbers.
    return … => return np.append(1, -np.diff(…))
        This is the probability of canceling at each renewal, P(T = t). Survival is what is left.
    """,
    takeaway="Two numbers give all retention rates, observed or to come.",
)

PAYMENTS = [
    ArrayCase([1.0, 0.5], 100.0, 0.25, right=100 + 50 / 1.25),
    ArrayCase([1.0, 0.5, 0.4], 100.0, 0.25, right=100 + 50 / 1.25 + 40 / 1.25**2),
]
MORE_PAYMENTS = ArrayCase([1.0, 0.75, 0.5, 0.25], 8.0, 1.0, right=8 + 6 / 2 + 4 / 4 + 2 / 8)


def contract_value(survival, margin, discount):
    """Weight the margin of each payment by the share still there and by its present value."""
    return margin * (survival / (1 + discount) ** np.arange(len(survival))).sum()


CONTRACT_VALUE = Exercise(
    id="03b-7",
    hints=(
        "Who pays at the start, and who pays a year later?",
        "Payment k is made by the share S(k), and is worth 1/(1+d)^k of it today; k starts at 0.",
        "margin · Σ S(k) / (1+d)^k, with `np.arange(len(survival))` for k.",
    ),
    solution=contract_value,
    check=on_cases(*PAYMENTS, held_back=[MORE_PAYMENTS]),
    mistakes="""
    / (1 + discount) ** np.arange(len(survival)) =>
        The payments are not discounted. One made in k years is worth 1/(1+d)^k today.
    np.arange(len(survival)) => np.arange(1, len(survival) + 1)
        You discounted from the end of the year. These customers pay in advance: the first payment
        is made today.
    .sum() => [1:].sum()
        The first payment is missing. A new customer pays today, with certainty.
    survival / (1 + discount) => (survival[1] / (1 + discount))
        You assumed constant retention, that of the first year. Use S(k) as it is given.
    return … => return margin * (1 + discount) / (1 + discount - survival[1])
        This is the textbook formula m(1+d)/(1+d−r): the first year's retention rate, forever. Use
        S(k) as it is given.
    => survival = np.append(1, survival[1:] / survival[:-1])
        You weighted with retention rates, shares of those still there. S(k) is the share of all who
        pay.
    / (1 + discount) => * (1 - discount)
        You multiplied by 1 − discount. Divide by 1 + discount.
    """,
    takeaway="In a contract, lifetime value is the margin times the discounted survival function.",
)
