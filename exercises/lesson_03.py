"""Exercises of lesson 03: RFM, what BG/NBD needs, no purchase, spending, and lifetime value."""

import numpy as np
import pandas as pd

from exercises.engine.exercise import ArrayCase, Case, Exercise, in_turn, on_cases, quiz
from exercises.engine.tables import by_row

TITLE = "Customer value"


def _by_user(columns, **users):
    """Make a table that is right, from one row per user."""
    made = pd.DataFrame.from_dict(users, orient="index", columns=columns.split())
    return made.rename_axis("user_id")


# Ana bought on three days, on one of them twice; an order of hers has two lines. Ben bought twice
# at one moment. The rows are not in the order of time.
LINES = by_row("""
    order_id user_id ordered_at quantity unit_price discount
    O4 Ben 2025-03-30T23:30 1 30.0 0.1; O2 Ana 2025-03-21T08:00 1 8.0  0.0
    O3 Ana 2025-03-21T22:00 1 2.0  0.0; O1 Ana 2025-03-01T09:00 2 10.0 0.0
    O1 Ana 2025-03-01T09:00 4 5.0  0.5; O5 Ben 2025-03-30T23:30 1 1.0  0.0
    O6 Cem 2024-12-30T10:00 2 6.0  0.0; O7 Ana 2025-03-11T12:00 1 5.0  0.0
""")
LAST_DAY = pd.Timestamp("2025-04-02")
NUMBERS = "recency frequency monetary"
BUYERS = [
    Case(LINES.head(1), LAST_DAY, right=_by_user(NUMBERS, Ben=[1 + 2, 1, 30 * 0.9])),
    Case(
        *(LINES, LAST_DAY),
        right=_by_user(
            NUMBERS,
            Ana=[31 - 21 + 2, 3, 2 * 10 + 4 * 5 * 0.5 + 5 + 8 + 2],
            Ben=[1 + 2, 1, 30 * 0.9 + 1],
            Cem=[1 + 31 + 28 + 31 + 2, 1, 2 * 6.0],
        ),
    ),
]

# Dan bought in two years, on the first day an order of two lines. Eva bought on three days, on one
# of them twice, and Gus twice at one moment.
MORE_LINES = by_row("""
    order_id user_id ordered_at quantity unit_price discount
    O4 Eva 2025-11-30T21:00 1 5.0  0.0;  O5 Eva 2025-11-05T12:00 2 3.0  0.0
    O1 Dan 2026-01-10T22:30 2 7.0  0.0;  O7 Gus 2026-01-18T09:15 5 8.0  0.2
    O3 Dan 2025-12-31T18:00 3 4.0  0.0;  O2 Eva 2025-11-25T07:00 1 9.0  0.5
    O3 Dan 2025-12-31T18:00 1 20.0 0.25; O6 Eva 2025-11-25T19:45 1 3.0  0.0
    O8 Gus 2026-01-18T09:15 1 1.0  0.0
""")
MORE_BUYERS = Case(
    *(MORE_LINES, pd.Timestamp("2026-01-20")),
    right=_by_user(
        NUMBERS,
        Dan=[20 - 10, 2, 3 * 4 + 20 * 0.75 + 2 * 7],
        Eva=[31 + 20, 3, 2 * 3 + 9 * 0.5 + 3 + 5],
        Gus=[20 - 18, 1, 5 * 8 * 0.8 + 1],
    ),
)

# Days that are easily lost. Ida bought on the 5th of two months, Jon on one date in two years, and
# Kim on the afternoon of the last day.
TRICKY_LINES = by_row("""
    order_id user_id ordered_at quantity unit_price discount
    O1 Ida 2025-01-05T10:00 1 4.0 0.0; O2 Ida 2025-02-05T10:00 1 6.0 0.0
    O3 Jon 2024-02-05T12:00 1 5.0 0.0; O4 Jon 2025-02-05T12:00 1 7.0 0.0
    O5 Kim 2025-03-31T09:00 1 3.0 0.0; O6 Kim 2025-04-02T15:00 1 8.0 0.0
""")
LOST_DAYS = Case(
    *(TRICKY_LINES, LAST_DAY),
    right=_by_user(
        NUMBERS,
        Ida=[28 - 5 + 31 + 2, 2, 4.0 + 6],
        Jon=[28 - 5 + 31 + 2, 2, 5.0 + 7],
        Kim=[0, 2, 3.0 + 8],
    ),
)


def three_numbers(lines, today):
    """Give each line its value and its day, then ask: when last, how many days, how much."""
    table = lines.assign(
        day=lines["ordered_at"].dt.normalize(),
        value=lines["quantity"] * lines["unit_price"] * (1 - lines["discount"]),
    )
    users = table.groupby("user_id").agg(
        last=("day", "max"), frequency=("day", "nunique"), monetary=("value", "sum")
    )
    users.insert(0, "recency", (today - users.pop("last")).dt.days)
    return users


THREE_NUMBERS = Exercise(
    id="03-1",
    hints=(
        "An order of two items has two lines. How many purchases is it?",
        "Normalize `ordered_at` to days; then take the last day, the number of different days, and "
        "the sum of quantity · price · (1 − discount), by user.",
        'Group by user_id: day "max", day "nunique", value "sum"; recency is '
        "`(today - last).dt.days`.",
    ),
    solution=three_numbers,
    check=in_turn(
        on_cases(*BUYERS, held_back=[MORE_BUYERS], any_order=True),
        on_cases(LOST_DAYS, any_order=True),
    ),
    mistakes="""
    "nunique" => "count"
        For frequency you counted lines. An order of several items is one purchase.
    ("day", "nunique") => ("order_id", "nunique")
        For frequency you counted orders. Two orders on one day are one purchase: count days.
    ("day", "nunique") => ("ordered_at", "nunique")
        For frequency you counted time stamps. Morning and evening of one day are one purchase:
        normalize `ordered_at` to days first.
    ("day", "nunique") => ("ordered_at", "nunique")
    ("day", "max") => ("ordered_at", "max")
        The time of day is still in your dates, so recency comes out a day short and one day can
        count twice. Normalize `ordered_at` to days first.
    ("day", "nunique") => ("day", lambda day: day.dt.day.nunique())
        For frequency you counted days of the month: January 5 and February 5 count as one.
        Normalize `ordered_at` to days instead.
    ("day", "nunique") => ("day", lambda day: day.dt.dayofyear.nunique())
        For frequency you counted days of the year: the same date in two years counts as one.
        Normalize `ordered_at` to days instead.
    "max" => "min"
        Recency is counted since the first purchase. The question asks for the time since the last
        one.
    today - users.pop("last") => users.pop("last") - table.groupby("user_id")["day"].min()
        Recency runs from the first purchase to the last, as in the BG/NBD model. In RFM it is the
        time since the last purchase.
    ("day", "max") => ("ordered_at", "max")
        The time of day is still in recency, so whole days come out one short. Normalize
        `ordered_at` to days first.
    ("day", "max") => ("ordered_at", "max")
    .dt.days => / pd.Timedelta(days=1)
        Recency has decimals, because the time of day is still in it. Normalize `ordered_at` to days
        first.
    ("day", "nunique") => ("order_id", "nunique")
    ("day", "max") => ("ordered_at", "max")
        For frequency you counted orders, and the time of day is still in recency. Normalize
        `ordered_at` to days first; then count days.
    => lines = lines[lines["ordered_at"] <= today]
        The orders of the last day are lost. `today` is its midnight, so an order of that afternoon
        comes later: compare days, with `<=`.
    => today = lines["ordered_at"].max().normalize()
        You counted back from the last order in the data. Observation ended later: use `today`.
    "max" => "last"
        You took each user's last row for the last purchase. The rows need not be in order of time:
        take the latest day.
    "sum" => "mean"
        Monetary value is a mean per line here. RFM uses all the money a user has spent.
    => orders = lines.groupby("user_id")["order_id"].nunique()
    return … => return users.assign(monetary=users["monetary"] / orders)
        Monetary value is a mean per order here. RFM uses all the money a user has spent.
    * (1 - lines["discount"]) =>
        The discount is missing: these are list prices, not what was paid.
    lines["quantity"] * =>
        The quantity is missing: each line counts as a single item.
    """,
    takeaway="A purchase is a day with an order, and recency counts back from the end of the data.",
)

ONE_TIME_BUYER = quiz(
    id="03-4",
    options="""
    a) close to 0: a single purchase, then 29 weeks of silence
        A common-sense answer, but not the model's: it explains this silence by a low rate. When
        could this customer have left?
    b) 0.24, as for the customer with one repeat purchase and about the same silence
        In the formula, that customer has a factor for dropout at the repeat purchase. A one-time
        buyer has made no repeat purchase.
    c) about 0.75, because the mean dropout probability is 0.25
        0.75 would be the mean probability of staying after one opportunity to leave. In BG/NBD that
        opportunity comes after each repeat purchase, and here there is none.
    d) exactly 1, however long the silence lasts
    """,
    hints=(
        "At which moments can a customer of this model leave?",
        "Read the two assumptions of section 3 again: after which purchases can dropout happen?",
        "This customer has had no opportunity to drop out yet.",
    ),
    takeaway="BG/NBD lets customers leave only after a repeat purchase, so every one-time buyer "
    "has P(alive) = 1. Further E asks whether that is believable.",
)

# A purchase leaves 50 · 0.4 = 20; there are two in year 1 and one in year 2.
VALUES = [
    ArrayCase([2.0, 3.0], 50.0, 0.4, 0.25, right=2 * 20 / 1.25 + 1 * 20 / 1.25**2),
    ArrayCase([2.0], 50.0, 0.4, 0.25, right=2 * 20 / 1.25),
    (np.array([1.0, 1.5, 1.7]), 80.0, 0.3, 0.1),
]
# Money halves every year.
FOUR_YEARS = ArrayCase(
    *([4.0, 6.0, 7.0, 7.5], 40.0, 0.25, 1.0), right=40 / 2 + 20 / 4 + 10 / 8 + 5 / 16
)


def lifetime_value(so_far, spend, margin, discount):
    """Turn sums into purchases per year, those into margin, and margin into present value."""
    purchases = np.diff(so_far, prepend=0)
    years = np.arange(1, len(so_far) + 1)
    return (margin * spend * purchases / (1 + discount) ** years).sum()


LIFETIME_VALUE = Exercise(
    id="03-7",
    hints=(
        "Three purchases up to the end of year 2, two up to the end of year 1. How many in year 2?",
        "`np.diff(so_far, prepend=0)` gives purchases per year. What margin does each bring, and "
        "what is it worth today?",
        "Σ margin · spend · purchases / (1 + discount)^year, where year is 1 for the first.",
    ),
    solution=lifetime_value,
    check=on_cases(*VALUES, held_back=[FOUR_YEARS]),
    mistakes="""
    margin * =>
        This is discounted revenue. The goods have to be paid for: multiply by the margin.
    .sum() =>
        This is one value per year: add them up.
    return … => return so_far[-1] * spend
        This is future revenue, with neither margin nor discount. Lifetime value needs both.
    / (1 + discount) ** years =>
        The money is not discounted. A dollar of the last year counts like one of today.
    np.diff(so_far, prepend=0) => so_far
        `so_far` holds all purchases up to a year's end, so those of the first year count again in
        each later year. First take differences.
    np.arange(1, len(so_far) + 1) => np.arange(len(so_far))
        You discount from 0, as if the money of a year came on its first day. In the lesson's
        formula it comes at the end: start with 1.
    , prepend=0 =>
    arange(1, => arange(2,
        The first year is lost: what is bought in year 1 is `so_far[0]` − 0. Use `np.diff(so_far,
        prepend=0)`.
    , prepend=0 =>
    len(so_far) + 1 => len(so_far)
        `np.diff(so_far)` loses the first year, and year 2 is discounted like year 1. Use
        `np.diff(so_far, prepend=0)`.
    ** years => ** (52 * years)
        You discount by weeks. Here `discount` is the rate per year: year 1 has the exponent 1.
    / (1 + discount) => * (1 - discount)
        You multiplied by 1 − discount. What is 100 next year at 25% is 80 today, not 75: divide by
        1 + discount.
    return … => return margin * spend * so_far[-1] / (1 + discount) ** len(so_far)
        Everything is discounted as if it came all at the end of the last year. Discount each year's
        purchases by that year.
    """,
    takeaway="Lifetime value is the present value of future margin; revenue is neither.",
)

THE_LETTER = quiz(
    id="03-8",
    options="""
    a) what they have spent so far
        Money spent is a fact about the past, and some big spenders have left. As a ranking it is
        hard to beat, but a forecast also counts who is still active.
    b) their P(alive)
        Everyone who bought once has P(alive) = 1, so you would write to those who never came back.
        Being alive is not the same as buying.
    c) the sum of their R, F and M scores
        A big spender who left long ago and a promising new customer can have the same sum. Scores
        rank the past; they do not predict purchases.
    d) their expected purchases times their expected spend, discounted
    """,
    hints=(
        "The question is about the coming year. Which of these looks ahead?",
        "A customer bought one CD, once. What does BG/NBD say about this customer's P(alive)?",
        "What customers will bring is how often they will buy, times how much they spend.",
    ),
    takeaway="CLV is a forecast: how often, times how much, as present value. The 100 customers "
    "with the highest CLV spent 24,757 dollars in the following 39 weeks; the 100 who had spent "
    "the most so far spent 21,052. The difference of 3,700 ± 3,800 dollars may be chance; for the "
    "top tenth of all 23,570 customers it is 13,600 ± 9,800.",
)

THREE_PURCHASES = quiz(
    id="03-2",
    options="""
    a) F = 2, because a quarter of the customers bought more often
        You scored by the share that bought more often. A score counts the customers whom this one
        beats: those who bought less often.
    b) F = 3, because the customer made three purchases
        That is the number of purchases. A score compares the customer with the others; it would
        change if the others bought more.
    c) F = 4, because 62% of the customers bought less often
    d) F = 3 or 4, depending on the customer's place in the file
        Equal customers get equal scores, so the place in the file does not matter. The score
        depends only on how many bought less often.
    """,
    hints=(
        "What does a score compare a customer with?",
        "Read the column `bought less` in the row of three purchases. How many fifths is that?",
        "Score = 1 + 5 · (share that bought less often), rounded down.",
    ),
    takeaway="1 + 5 · 0.62 = 4.1, so F = 4. Nobody in this shop has F = 3: two purchases beat 36% "
    "of the customers, three purchases beat 62%.",
    further=True,
)

# Ana bought on March 3 twice, and Hal on his first day. Eli bought on Monday and Wednesday of one
# week, Fay on an evening and the next morning.
ORDERS = by_row("""
    user_id ordered_at value
    Ben 2025-03-05T12:00 7.0;    Ana 2025-03-15T08:00 30.5;   Ana 2025-03-01T09:00 25.0
    Ana 2025-03-03T10:00 6.0;    Ana 2025-03-22T08:00 20.125; Ana 2025-03-03T18:00 4.0
    Eli 2025-03-10T23:00 30.0;   Eli 2025-03-12T07:00 50.335; Fay 2025-03-20T22:00 5.0
    Fay 2025-03-21T07:00 9.0;    Hal 2025-01-04T09:00 3.0;    Hal 2024-12-28T11:00 8.0
    Hal 2024-12-28T19:00 2.0
""")
IN_TIME = ORDERS.sort_values("ordered_at", ignore_index=True)
END = pd.Timestamp("2025-03-29")
SUMMARY = "frequency recency T"
SUMMARIZED = _by_user(
    SUMMARY,
    Ana=[3, (22 - 1) / 7, (29 - 1) / 7],
    Ben=[0, 0.0, (29 - 5) / 7],
    Eli=[1, (12 - 10) / 7, (29 - 10) / 7],
    Fay=[1, (21 - 20) / 7, (29 - 20) / 7],
    Hal=[1, (3 + 4) / 7, (3 + 31 + 28 + 29) / 7],
)
REPEAT_VALUES = pd.Series(
    {"Ana": (6 + 4 + 30.5 + 20.125) / 3, "Ben": np.nan, "Eli": 50.335, "Fay": 9.0, "Hal": 3.0}
).rename_axis("user_id")

# Ivo bought on November 22 twice. Kim bought on Monday, twice, and Thursday of one week and Monday
# of the next, Lea on a Saturday evening and the next morning.
MORE_ORDERS = by_row("""
    user_id ordered_at value
    Kim 2026-01-12T10:00 30.0;  Ivo 2025-11-22T20:00 7.0;   Ivo 2025-12-20T06:00 9.5
    Lea 2026-01-18T08:00 15.0;  Kim 2026-01-05T13:00 6.0;   Joy 2025-12-31T17:00 12.0
    Ivo 2025-11-02T09:00 40.25; Kim 2026-01-05T21:00 18.0;  Ivo 2025-11-01T19:00 14.0
    Kim 2026-01-08T23:00 11.0;  Lea 2026-01-17T22:00 4.0;   Ivo 2025-11-22T07:00 5.0
""")
MORE_SUMMARIZED = _by_user(
    SUMMARY,
    Ivo=[3, (29 + 20) / 7, (29 + 31 + 31) / 7],
    Joy=[0, 0.0, 31 / 7],
    Kim=[2, (12 - 5) / 7, (31 - 5) / 7],
    Lea=[1, (18 - 17) / 7, (31 - 17) / 7],
)
MORE_REPEAT_VALUES = pd.Series(
    {"Ivo": (40.25 + 5 + 7 + 9.5) / 3, "Joy": np.nan, "Kim": (11 + 30) / 2, "Lea": 15.0}
).rename_axis("user_id")

# Days that are easily lost. Ida bought on the 5th of two months, Jon on one date in two years, and
# Kim on the afternoon of the last day.
TRICKY_ORDERS = by_row("""
    user_id ordered_at value
    Ida 2025-01-05T10:00 4.0; Ida 2025-02-05T10:00 6.0; Jon 2024-02-05T12:00 5.0
    Jon 2025-02-05T12:00 7.0; Kim 2025-03-22T09:00 3.0; Kim 2025-03-29T15:00 8.0
""")
TRICKY_SUMMARIZED = _by_user(
    SUMMARY,
    Ida=[1, 31 / 7, (31 - 5 + 28 + 29) / 7],
    Jon=[1, 366 / 7, (366 + 28 - 5 + 29) / 7],
    Kim=[1, (29 - 22) / 7, (29 - 22) / 7],
)


def summarize(orders, end):
    """Reduce orders to days; observation starts with the first day, which is no repeat."""
    days = orders["ordered_at"].dt.normalize().groupby(orders["user_id"])
    first, last = days.min(), days.max()
    week = pd.Timedelta(weeks=1)
    return pd.DataFrame(
        {
            "frequency": days.nunique() - 1,
            "recency": (last - first) / week,
            "T": (end - first) / week,
        }
    )


SUMMARIZE = Exercise(
    id="03-3",
    hints=(
        "A user bought once. How many repeat purchases is that?",
        "Normalize to days. Recency and T both start on the user's first day.",
        "x = different days − 1; t_x = (last − first) / 1 week; T = (end − first) / 1 week.",
    ),
    solution=summarize,
    # Rows out of order come late, so an answer that trusts their order hears of that alone.
    check=in_turn(
        on_cases(
            Case(ORDERS.iloc[[0]], END, right=_by_user(SUMMARY, Ben=[0, 0.0, (29 - 5) / 7])),
            Case(IN_TIME, END, right=SUMMARIZED),
            any_order=True,
        ),
        on_cases(
            (ORDERS.iloc[[2, 1]], END),
            Case(ORDERS, END, right=SUMMARIZED),
            held_back=[Case(MORE_ORDERS, pd.Timestamp("2026-01-31"), right=MORE_SUMMARIZED)],
            any_order=True,
        ),
        on_cases(Case(TRICKY_ORDERS, END, right=TRICKY_SUMMARIZED), any_order=True),
    ),
    mistakes="""
    - 1 =>
        The first purchase is counted as a repeat. It only starts the observation: one-time buyers
        have frequency 0.
    nunique => size
        You counted orders. Here two orders of one day are one purchase: count different days.
    days.nunique() - 1 => days.size()
        Frequency counts the first purchase, and orders of one day one by one. It is the number of
        different days minus one.
    days.nunique() => days.agg(lambda day: day.dt.day.nunique())
        For frequency you counted days of the month: January 5 and February 5 count as one.
        Normalize `ordered_at` to days instead.
    days.nunique() => days.agg(lambda day: day.dt.dayofyear.nunique())
        For frequency you counted days of the year: the same date in two years counts as one.
        Normalize `ordered_at` to days instead.
    => orders = orders[orders["ordered_at"] <= end]
        The orders of the last day are lost. `end` is its midnight, so an order of that afternoon
        comes later: compare days, with `<=`.
    => ordered = orders.sort_values("ordered_at")
    => repeats = ordered.groupby("user_id")["ordered_at"].diff() > pd.Timedelta(days=1)
    days.nunique() - 1 => repeats.groupby(ordered["user_id"]).sum()
        You count a repeat only when more than 24 hours have passed. A purchase in the evening and
        one the next morning are two different days: count days.
    .dt.normalize() => .dt.to_period("W").astype("int64")
    week = … => end, week = end.to_period("W").ordinal, 1
        You put purchases into calendar weeks. Two in one week become one, and Sunday to Monday
        becomes a week. Divide days by 7 and keep the decimals.
    last - first => end - last
        Recency is the time since the last purchase here, as in RFM. In this model it runs from the
        first purchase to the last.
    (last - first) / week => (end - last).dt.days
        Recency is the time since the last purchase, in days, as in RFM. In this model it runs from
        the first purchase to the last, in weeks.
    end - first => end - first.min()
        T begins with the first order of all users. Each user's T begins with that user's first
        purchase.
    end - first => last - first
        T ends at the last purchase, so the silence since then is lost, and the model learns most
        from it. T runs to the end of observation.
    end - first => end - last
        T runs from the last purchase to the end of observation. It begins with the first purchase.
    => end = orders["ordered_at"].max().normalize()
        T runs to the last order of all users. Observation ended later: use `end`.
    weeks=1 => days=1
        Recency and T are in days. The question asks for weeks.
    => stamps = orders.groupby("user_id")["ordered_at"]
    first, last = … => first, last = stamps.min(), stamps.max()
        The time of day is left in recency and T. Normalize `ordered_at` before you take the first
        and the last.
    .dt.normalize() =>
        The orders are not reduced to days: two of one day count twice, and the time of day is left
        in recency and T. Normalize `ordered_at` first.
    .dt.normalize() =>
    (last - first) / week => (last - first).dt.days / 7
    (end - first) / week => (end - first).dt.days / 7
        The orders are not reduced to days, so some days come out one short: `.dt.days` cuts off the
        part of a day. Normalize `ordered_at` first.
    => stamps = orders.groupby("user_id")["ordered_at"]
    first, last = … => first, last = stamps.min(), stamps.max()
    (last - first) / week => (last - first).dt.days / 7
    (end - first) / week => (end - first).dt.days / 7
        Recency and T are taken from time stamps, and `.dt.days` cuts off the part of a day that
        remains. Normalize `ordered_at` before you take the first and the last.
    (last - first) / => (last - first) //
    (end - first) / => (end - first) //
        Time is cut to whole weeks, so two purchases two days apart are 0 weeks apart. Keep the
        decimals.
    days.min() => days.first()
    days.max() => days.last()
        You rely on the order of the rows: the first row of a user need not be the earliest. Take
        the earliest and the latest day.
    """,
    takeaway="Frequency is days minus one; recency and T run from the first purchase, in decimals.",
)

SILENCES = [
    Case(0.5, 1, 6.0, 10.0, 1.0, 4.0, right=0.5 + 0.5 * ((4 + 6) / (4 + 6 + 10)) ** (1 + 1)),
    (1.0, 0, 30.0, 39.0, 0.25, 4.5),
    (0.75, 3, 20.0, 4.0, 0.5, 8.0),
]
ANOTHER_SILENCE = Case(
    *(0.8, 2, 10.0, 5.0, 1.0, 5.0), right=0.2 + 0.8 * ((5 + 10) / (5 + 10 + 5)) ** (1 + 2)
)


def probability_of_silence(alive, x, T, t, r, alpha):
    """Add the customers who left and the active ones who do not buy."""
    no_purchase = ((alpha + T) / (alpha + T + t)) ** (r + x)
    return (1 - alive) + alive * no_purchase


PROBABILITY_OF_SILENCE = Exercise(
    id="03-5",
    hints=(
        "There are two reasons for no purchase. Which ones?",
        "A customer who has left buys nothing for certain. An active one buys nothing with "
        "probability ((α+T)/(α+T+t))^(r+x).",
        "P(no purchase) = (1 − alive) + alive · ((α+T)/(α+T+t))^(r+x).",
    ),
    solution=probability_of_silence,
    check=on_cases(*SILENCES, held_back=[ANOTHER_SILENCE]),
    mistakes="""
    + alive * no_purchase =>
        This is 1 − P(alive), the probability of having left. An active customer with a low rate may
        buy nothing either.
    (1 - alive) + =>
        This covers only customers who are still active and do not buy. Those who left buy nothing
        either.
    return … => return no_purchase
        This is the probability of no purchase as if everyone were active. Some have left.
    no_purchase = … => no_purchase = (alpha / (alpha + t)) ** r
        (α/(α+t))^r belongs to a new customer, of whom nothing is known yet. This one made x repeat
        purchases in T weeks.
    (r + x) => r
        The exponent is r + x, not r: a customer who bought often has a higher rate, and is less
        often silent.
    return … => return alive * (1 - no_purchase)
        This is the probability of a purchase. The question asks for the complement.
    alive * =>
        The two parts are added without weight, and the sum can exceed 1. The second part applies
        only to active customers: multiply it by `alive`.
    (alpha + T) / => t /
        The numerator is α + T, not t. With t = 0 there is no time to buy, so the fraction must be 1
        there.
    """,
    takeaway="No purchase means left, or active and not buying: a churn score needs both.",
)


def repeat_value(orders):
    """Add up the days, leave each user's first day out, and take the mean of the rest."""
    day = orders["ordered_at"].dt.normalize().rename("day")
    purchases = orders.groupby(["user_id", day])["value"].sum().reset_index()
    repeats = purchases[purchases.groupby("user_id").cumcount() > 0]
    users = orders["user_id"].unique()
    return repeats.groupby("user_id")["value"].mean().reindex(pd.Index(users, name="user_id"))


REPEAT_VALUE = Exercise(
    id="03-6",
    hints=(
        "A user bought once. What do we know about the value of this user's repeat purchases?",
        "First one row per user and day, with the sum of the day. Then leave out the first day.",
        "Group by user_id and day, sum; `cumcount() > 0` keeps the repeats; take the mean by user; "
        "`reindex` brings the one-time buyers back.",
    ),
    solution=repeat_value,
    check=in_turn(
        on_cases(
            Case(ORDERS.iloc[[6, 7]], right=REPEAT_VALUES[["Eli"]]),
            Case(IN_TIME, right=REPEAT_VALUES),
            any_order=True,
        ),
        on_cases(
            ORDERS.iloc[[1, 2]],
            Case(ORDERS, right=REPEAT_VALUES),
            held_back=[Case(MORE_ORDERS, right=MORE_REPEAT_VALUES)],
            any_order=True,
        ),
    ),
    mistakes="""
    [purchases.groupby("user_id").cumcount() > 0] =>
        This is the mean of all purchases, including the first. The model is about repeat purchases
        only.
    return … => return orders.groupby("user_id")["value"].mean()
        This is the mean of orders, the first one included. Add up the orders of a day, and leave
        the first day out.
    purchases = … => purchases = orders.sort_values("ordered_at")
        Orders of one day are taken one by one. They are one purchase: add them up first, or value
        and frequency will not fit together.
    => ordered = orders.sort_values("ordered_at")
    orders.groupby => ordered[ordered.groupby("user_id").cumcount() > 0].groupby
    [purchases.groupby("user_id").cumcount() > 0] =>
        You left out the first order, and a second one of that day counts as a repeat. Add up the
        days first, then leave out the first day.
    repeats = … => repeats = orders[day > day.groupby(orders["user_id"]).transform("min")]
        You left out the first day and then took the mean of orders. Orders of one day are one
        purchase: add them up first.
    sum => first
        You kept only one order of each day. The orders of a day are one purchase: add them up.
    purchases = … => purchases = orders.sort_values("ordered_at")
    return … => return ….fillna(0)
        Orders of one day are taken one by one, and one-time buyers have zero. Add up the days
        first, and leave the value missing where there is no repeat purchase.
    mean => median
        This is the median of the repeat purchases. Frequency times the median is not what the user
        spent: the model needs the mean.
    repeats = … => repeats = purchases.drop(purchases.groupby("user_id")["value"].idxmin())
        You left out the smallest purchase of each user. The one to leave out is the first.
    repeats = … => repeats = purchases.drop(purchases.groupby("user_id")["value"].idxmax())
        You left out the largest purchase of each user. The one to leave out is the first.
    cumcount() => cumcount(ascending=False)
        You left out the last day. The one to leave out is the first.
    return … => return ….fillna(0)
        One-time buyers have zero here, as if they had come back and paid nothing. Nothing is known
        about their repeats: leave the value missing.
    .reindex(pd.Index(users, name="user_id")) =>
        One-time buyers are left out. Keep them in, with a missing value: they are customers, and
        they have a lifetime value too.
    mean => sum
        This is a sum over repeat purchases. Divide it by how many there were.
    .mean() => .sum() / purchases.groupby("user_id").size()
        You divided the repeat value by the number of all purchases. There is one repeat purchase
        fewer.
    ["user_id", day] => ["user_id", day], sort=False
        You rely on the order of the rows: the first row of a user need not be the earliest
        purchase. Sort by day first.
    """,
    takeaway="Spending is the mean per repeat day: no first purchase, and no zero for the unknown.",
)
