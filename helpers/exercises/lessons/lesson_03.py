"""Exercises of lesson 03: RFM, what BG/NBD needs to know, silence, and lifetime value."""

import numpy as np
import pandas as pd

from helpers.exercises.exercise import Exercise, Mistake, on_cases, quiz

TITLE = "Customer value"

WEEK = pd.Timedelta(weeks=1)

# By hand, with 2 April as today. Ana bought on 1 March (O1, two lines: 2 · 10 = 20 and 4 · 5 · 0.5
# = 10), and on 21 March twice (O2: 8, O3: 2): 12 days ago, 2 days, 40. Ben bought on 30 March: 3
# days ago, 1 day, 30 · 0.9 = 27.
LINES = pd.DataFrame(
    [
        ("O1", "Ana", "2025-03-01 09:00", 2, 10.0, 0.0),
        ("O1", "Ana", "2025-03-01 09:00", 4, 5.0, 0.5),
        ("O2", "Ana", "2025-03-21 08:00", 1, 8.0, 0.0),
        ("O3", "Ana", "2025-03-21 22:00", 1, 2.0, 0.0),
        ("O4", "Ben", "2025-03-30 23:30", 1, 30.0, 0.1),
    ],
    columns=["order_id", "user_id", "ordered_at", "quantity", "unit_price", "discount"],
).astype({"ordered_at": "datetime64[ns]"})
LAST_DAY = pd.Timestamp("2025-04-02")


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


def _instead(**columns):
    """Answer with one of the three columns computed otherwise, by a function of the groups."""

    def answer(lines, today):
        table = lines.assign(
            day=lines["ordered_at"].dt.normalize(),
            gross=lines["quantity"] * lines["unit_price"],
            value=lines["quantity"] * lines["unit_price"] * (1 - lines["discount"]),
        )
        users = table.groupby("user_id")
        others = {name: column(users, today) for name, column in columns.items()}
        return three_numbers(lines, today).assign(**others)

    return answer


THREE_NUMBERS = Exercise(
    id="03-1",
    objective="Compute recency, frequency and monetary value of each user from order lines.",
    hints=(
        "An order of two items has two lines. How many purchases is it?",
        "Normalize `ordered_at` to days; then take the last day, the number of different days, and "
        "the sum of quantity · price · (1 − discount), by user.",
        'Group by user_id: day "max", day "nunique", value "sum"; recency is '
        "`(today - last).dt.days`.",
    ),
    solution=three_numbers,
    check=on_cases((LINES.tail(1), LAST_DAY), (LINES, LAST_DAY)),
    wrong_answers={
        "counted lines": Mistake(
            _instead(frequency=lambda users, today: users.size()),
            "For frequency you counted lines. A full cart is one purchase, not many.",
        ),
        "counted orders": Mistake(
            _instead(frequency=lambda users, today: users["order_id"].nunique()),
            "For frequency you counted orders. Two orders on one day are one purchase: count days.",
        ),
        "since the first purchase": Mistake(
            _instead(recency=lambda users, today: (today - users["day"].min()).dt.days),
            "Recency is counted since the first purchase. It asks for the last one.",
        ),
        "from the first purchase to the last": Mistake(
            _instead(
                recency=lambda users, today: (users["day"].max() - users["day"].min()).dt.days
            ),
            "Recency runs from the first purchase to the last, as the probability models have it. "
            "In RFM it is the time since the last purchase.",
        ),
        "whole days": Mistake(
            _instead(recency=lambda users, today: (today - users["ordered_at"].max()).dt.days),
            "The time of day got into recency: from half past eleven at night, whole days come out "
            "one short. Normalize to days first.",
        ),
        "last order in the file": Mistake(
            _instead(
                recency=lambda users, today: (users["day"].max().max() - users["day"].max()).dt.days
            ),
            "You counted back from the last order in the file. Observation ended later: use "
            "`today`.",
        ),
        "a mean": Mistake(
            _instead(monetary=lambda users, today: users["value"].mean()),
            "Monetary is a mean per line here. RFM asks for all the money a user has spent.",
        ),
        "discount": Mistake(
            _instead(monetary=lambda users, today: users["gross"].sum()),
            "The discount is missing: this is what the goods were listed at, not what was paid.",
        ),
    },
    takeaway="A purchase is a day with an order, and recency counts back from the end of the data.",
)

# By hand, with 29 March as the end. Ana bought on 1, 3 and 15 March, on the 3rd twice: x = 2,
# t_x = 14 days = 2 weeks, T = 28 days = 4 weeks. Ben bought on 5 March: x = 0, t_x = 0, T = 24/7.
# Eli bought on 10 and 12 March (Monday and Wednesday of one week): x = 1, t_x = 2/7, T = 19/7.
ORDERS = pd.DataFrame(
    [
        ("Ana", "2025-03-01 09:00", 10.0),
        ("Ana", "2025-03-03 10:00", 6.0),
        ("Ana", "2025-03-03 18:00", 4.0),
        ("Ana", "2025-03-15 08:00", 20.125),
        ("Ben", "2025-03-05 12:00", 7.0),
        ("Eli", "2025-03-10 23:00", 30.0),
        ("Eli", "2025-03-12 07:00", 50.335),
    ],
    columns=["user_id", "ordered_at", "value"],
).astype({"ordered_at": "datetime64[ns]"})
END = pd.Timestamp("2025-03-29")


def summarize(orders, end):
    """Reduce orders to days; then the first day starts the clock and is no repeat."""
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


def _days(orders):
    return orders["ordered_at"].dt.normalize().groupby(orders["user_id"])


def _in_boxes(orders, end):
    """Put purchases into calendar weeks, and count weeks."""
    box = orders["ordered_at"].dt.to_period("W").astype("int64").groupby(orders["user_id"])
    ordinal = end.to_period("W").ordinal
    return pd.DataFrame(
        {
            "frequency": box.nunique() - 1,
            "recency": box.max() - box.min(),
            "T": ordinal - box.min(),
        }
    )


def _by_the_stamp(orders, end, in_weeks=lambda gap: gap / WEEK):
    """Never reduce the stamps to days."""
    stamps = orders["ordered_at"].groupby(orders["user_id"])
    first, last = stamps.min(), stamps.max()
    return pd.DataFrame(
        {
            "frequency": stamps.nunique() - 1,
            "recency": in_weeks(last - first),
            "T": in_weeks(end - first),
        }
    )


SUMMARIZE = Exercise(
    id="03-2",
    objective="Make of each user's orders the three numbers that BG/NBD knows: x, t_x and T.",
    hints=(
        "Somebody bought once. How many repeat purchases is that?",
        "Normalize to days. The first day starts the clock: recency and T both run from it.",
        "x = different days − 1; t_x = (last − first) / 1 week; T = (end − first) / 1 week.",
    ),
    solution=summarize,
    check=on_cases((ORDERS.iloc[[4]], END), (ORDERS, END)),
    wrong_answers={
        "first purchase": Mistake(
            lambda orders, end: summarize(orders, end).assign(frequency=_days(orders).nunique()),
            "The first purchase is counted as a repeat. It starts the clock, and says nothing "
            "about coming back: one-time buyers have 0.",
        ),
        "two orders of one day": Mistake(
            lambda orders, end: summarize(orders, end).assign(frequency=_days(orders).size() - 1),
            "You counted orders. Here two orders of one day are one purchase: count different "
            "days.",
        ),
        "the first purchase, and orders": Mistake(
            lambda orders, end: summarize(orders, end).assign(frequency=_days(orders).size()),
            "Frequency counts the first purchase, and orders of one day one by one. It is the "
            "number of different days, less one.",
        ),
        "calendar weeks": Mistake(
            _in_boxes,
            "You put purchases into calendar weeks. Two in one week become one, and Sunday to "
            "Monday becomes a week. Divide days by 7 and keep the decimals.",
        ),
        "since the last purchase": Mistake(
            lambda orders, end: summarize(orders, end).assign(
                recency=(end - _days(orders).max()) / WEEK
            ),
            "Recency is the time since the last purchase here, as in RFM. In this model it runs "
            "from the first purchase to the last, and is long for the good ones.",
        ),
        "T begins": Mistake(
            lambda orders, end: summarize(orders, end).assign(
                T=(end - orders["ordered_at"].min().normalize()) / WEEK
            ),
            "T begins with the first order of all users. Each user's clock starts with that "
            "user's first purchase.",
        ),
        "T ends": Mistake(
            lambda orders, end: summarize(orders, end).assign(T=summarize(orders, end)["recency"]),
            "T ends at the last purchase, so the silence since then is lost, and it is what the "
            "model learns most from. T runs to the end of observation.",
        ),
        "in days": Mistake(
            lambda orders, end: summarize(orders, end).assign(
                recency=lambda table: table["recency"] * 7, T=lambda table: table["T"] * 7
            ),
            "Recency and T are in days. The question asks for weeks.",
        ),
        "the time of day is left": Mistake(
            lambda orders, end: _by_the_stamp(orders, end).assign(
                frequency=_days(orders).nunique() - 1
            ),
            "The time of day is left in recency and T. Normalize `ordered_at` before you take the "
            "first and the last.",
        ),
        "not reduced to days": Mistake(
            _by_the_stamp,
            "The orders are not reduced to days: two of one day count twice, and the time of day "
            "is left in recency and T. Normalize `ordered_at` first.",
        ),
        "days come out one short": Mistake(
            lambda orders, end: _by_the_stamp(orders, end, in_weeks=lambda gap: gap.dt.days / 7),
            "The orders are not reduced to days, so some days come out one short: `.dt.days` cuts "
            "off what is not a whole one. Normalize `ordered_at` first.",
        ),
        "whole weeks": Mistake(
            lambda orders, end: summarize(orders, end).assign(
                recency=lambda table: table["recency"] // 1, T=lambda table: table["T"] // 1
            ),
            "Time is cut to whole weeks. Two purchases two days apart are 0 weeks apart then, and "
            "that cannot be. Keep the decimals.",
        ),
    },
    takeaway="Frequency is days less one; recency and T run from the first purchase, in decimals.",
)


def repeat_value(orders):
    """Add up the days, leave each user's first day out, and take the mean of the rest."""
    day = orders["ordered_at"].dt.normalize().rename("day")
    purchases = orders.groupby(["user_id", day])["value"].sum().reset_index()
    repeats = purchases[purchases.groupby("user_id").cumcount() > 0]
    users = purchases["user_id"].unique()
    return repeats.groupby("user_id")["value"].mean().reindex(pd.Index(users, name="user_id"))


def _purchases(orders):
    day = orders["ordered_at"].dt.normalize().rename("day")
    return orders.groupby(["user_id", day])["value"].sum()


def _repeat_orders(orders):
    """Leave out the first order of each user, and take orders for purchases."""
    ordered = orders.sort_values("ordered_at")
    repeats = ordered[ordered.groupby("user_id").cumcount() > 0]
    users = pd.Index(sorted(orders["user_id"].unique()), name="user_id")
    return repeats.groupby("user_id")["value"].mean().reindex(users)


REPEAT_VALUE = Exercise(
    id="03-3",
    objective="Compute the mean value of a user's repeat purchases, as Gamma-Gamma wants it.",
    hints=(
        "A user bought once. What do we know about the value of this user's repeat purchases?",
        "First one row per user and day, with the sum of the day. Then leave out the first day.",
        "Group by user_id and day, sum; `cumcount() > 0` keeps the repeats; take the mean by user; "
        "`reindex` brings the one-time buyers back.",
    ),
    solution=repeat_value,
    # By hand: Ana 10 + 20.125 over two repeat days = 15.0625, Eli 50.335, Ben has none.
    check=on_cases(ORDERS.tail(2), ORDERS),
    wrong_answers={
        "including the first": Mistake(
            lambda orders: _purchases(orders).groupby("user_id").mean(),
            "This is the mean of all purchases, including the first. A first purchase is often "
            "unlike the others, and the model is about repeats.",
        ),
        "mean of orders": Mistake(
            lambda orders: orders.groupby("user_id")["value"].mean(),
            "This is the mean of orders, the first one included. Add up the orders of a day, and "
            "leave the first day out.",
        ),
        "one by one": Mistake(
            _repeat_orders,
            "Orders of one day are taken one by one. They are one purchase: add them up first, or "
            "value and frequency will not fit together.",
        ),
        "zero": Mistake(
            lambda orders: repeat_value(orders).fillna(0),
            "One-time buyers have zero here, as if they had come back and paid nothing. Nothing is "
            "known about their repeats: leave it missing.",
        ),
        "left out": Mistake(
            lambda orders: repeat_value(orders).dropna(),
            "One-time buyers are left out. Keep them in, with a missing value: they are customers, "
            "and they have a lifetime value too.",
        ),
        "a sum": Mistake(
            lambda orders: (
                repeat_value(orders) * (_purchases(orders).groupby("user_id").size() - 1)
            ),
            "This is a sum over repeat purchases. Divide it by how many there were.",
        ),
        "all purchases": Mistake(
            lambda orders: (
                repeat_value(orders) * (1 - 1 / _purchases(orders).groupby("user_id").size())
            ),
            "You divided the repeat value by the number of all purchases. There is one repeat "
            "less.",
        ),
    },
    takeaway="Spending is the mean per repeat day: no first purchase, and no zero for the unknown.",
)

# By hand: alive 0.5, r + x = 1 + 1 = 2, (α + T) / (α + T + t) = (4 + 6) / (4 + 6 + 10) = 1/2.
# Alive and silent: (1/2)² = 1/4. So 0.5 + 0.5 · 1/4 = 0.625.
SILENCES = [(0.5, 1, 6.0, 10.0, 1.0, 4.0), (1.0, 0, 30.0, 39.0, 0.25, 4.5)]
SILENCES += [(0.75, 3, 20.0, 4.0, 0.5, 8.0)]


def probability_of_silence(alive, x, T, t, r, alpha):
    """Silent are those who left, and of those who are there, the ones whose clock does not ring."""
    no_ring = ((alpha + T) / (alpha + T + t)) ** (r + x)
    return (1 - alive) + alive * no_ring


def _no_ring(x, T, t, r, alpha):
    return ((alpha + T) / (alpha + T + t)) ** (r + x)


PROBABILITY_OF_SILENCE = Exercise(
    id="03-4",
    objective="Compute the probability that a customer buys nothing in the next t weeks.",
    hints=(
        "There are two ways to be silent. Which ones?",
        "Who is gone is silent for certain. Who is there is silent if the clock does not ring, "
        "which has probability ((α+T)/(α+T+t))^(r+x).",
        "P(silent) = (1 − alive) + alive · ((α+T)/(α+T+t))^(r+x).",
    ),
    solution=probability_of_silence,
    check=on_cases(*SILENCES),
    wrong_answers={
        "1 − P(alive)": Mistake(
            lambda alive, x, T, t, r, alpha: 1 - alive,
            "This is 1 − P(alive), the share of those who left. Somebody who buys once in ten "
            "years is alive, and silent all the same.",
        ),
        "still there": Mistake(
            lambda alive, x, T, t, r, alpha: alive * _no_ring(x, T, t, r, alpha),
            "Counted are only those who are still there and do not buy. Who left is silent too.",
        ),
        "as if everyone were alive": Mistake(
            lambda alive, x, T, t, r, alpha: _no_ring(x, T, t, r, alpha),
            "This is the silence of the clock, as if everyone were alive. Some have left.",
        ),
        "the first purchases": Mistake(
            lambda alive, x, T, t, r, alpha: 1 - alive + alive * (alpha / (alpha + t)) ** r,
            "You forgot the history: (α/(α+t))^r is a clock of which nothing is known yet, as at "
            "the first purchases of new customers. This one has rung x times in T weeks.",
        ),
        "exponent": Mistake(
            lambda alive, x, T, t, r, alpha: (
                1 - alive + alive * ((alpha + T) / (alpha + T + t)) ** r
            ),
            "The exponent is r + x, not r: who bought often has a faster clock, and is less often "
            "silent.",
        ),
        "probability of a purchase": Mistake(
            lambda alive, x, T, t, r, alpha: alive * (1 - _no_ring(x, T, t, r, alpha)),
            "This is the probability of a purchase. The question asks for that of none.",
        ),
        "added without weight": Mistake(
            lambda alive, x, T, t, r, alpha: 1 - alive + _no_ring(x, T, t, r, alpha),
            "The two ways are added without weight, and the sum can pass 1. Only those who are "
            "alive can be silent by the clock: multiply by `alive`.",
        ),
        "turned": Mistake(
            lambda alive, x, T, t, r, alpha: 1 - alive + alive * (t / (alpha + T + t)) ** (r + x),
            "The fraction is turned. With t = 0 silence is certain, so it must be 1 there: above "
            "the line stands α + T.",
        ),
    },
    takeaway="Silent are the gone, and those whose clock did not ring; churn scores need both.",
)

# By hand: so_far 2, 3: two purchases in year 1, one in year 2. Each leaves 50 · 0.4 = 20. At 25 % a
# year: 40 / 1.25 + 20 / 1.5625 = 32 + 12.8 = 44.8.
VALUES = [(np.array([2.0]), 50.0, 0.4, 0.25), (np.array([2.0, 3.0]), 50.0, 0.4, 0.25)]
VALUES += [(np.array([1.0, 1.5, 1.7]), 80.0, 0.3, 0.1)]


def lifetime_value(so_far, spend, margin, discount):
    """Turn sums into years, years into margin, and margin into today's money."""
    purchases = np.diff(so_far, prepend=0)
    years = np.arange(1, len(so_far) + 1)
    return (margin * spend * purchases / (1 + discount) ** years).sum()


def _years(so_far):
    return np.arange(1, len(so_far) + 1)


LIFETIME_VALUE = Exercise(
    id="03-5",
    objective="Turn the purchases expected up to the end of each year into lifetime value.",
    hints=(
        "Three purchases up to the end of year 2, two up to the end of year 1. How many in year 2?",
        "`np.diff(so_far, prepend=0)` gives purchases per year. What is left of each, and what is "
        "it worth today?",
        "Σ margin · spend · purchases / (1 + discount)^year, where year is 1 for the first.",
    ),
    solution=lifetime_value,
    check=on_cases(*VALUES),
    wrong_answers={
        "revenue": Mistake(
            lambda so_far, spend, margin, discount: lifetime_value(so_far, spend, 1, discount),
            "This is discounted revenue. The goods have to be paid for: only the margin is value.",
        ),
        "neither margin nor discount": Mistake(
            lambda so_far, spend, margin, discount: so_far[-1] * spend,
            "This is future revenue, with neither margin nor discount. It is larger than the value "
            "by everything the goods cost.",
        ),
        "not discounted": Mistake(
            lambda so_far, spend, margin, discount: lifetime_value(so_far, spend, margin, 0),
            "The money is not discounted. A dollar of the last year counts like one of today.",
        ),
        "sums of sums": Mistake(
            lambda so_far, spend, margin, discount: (
                margin * spend * so_far / (1 + discount) ** _years(so_far)
            ).sum(),
            "You added sums of sums: `so_far` holds the purchases up to a year's end, so those of "
            "the first year count again in each year that follows. Take differences.",
        ),
        "discount from 0": Mistake(
            lambda so_far, spend, margin, discount: (
                lifetime_value(so_far, spend, margin, discount) * (1 + discount)
            ),
            "You discount from 0, as if the money of a year came on its first morning. By the "
            "lesson's formula it comes at the end: start with 1.",
        ),
        "first year is lost": Mistake(
            lambda so_far, spend, margin, discount: (
                margin * spend * np.diff(so_far) / (1 + discount) ** _years(so_far)[1:]
            ).sum(),
            "The first year is lost: `np.diff` alone has one value less. Use `prepend=0`.",
        ),
        "1 − discount": Mistake(
            lambda so_far, spend, margin, discount: (
                margin * spend * np.diff(so_far, prepend=0) * (1 - discount) ** _years(so_far)
            ).sum(),
            "You multiplied by 1 − discount. What is 100 next year at 25 % is 80 today, not 75: "
            "divide by 1 + discount.",
        ),
        "all at the end": Mistake(
            lambda so_far, spend, margin, discount: (
                margin * spend * so_far[-1] / (1 + discount) ** len(so_far)
            ),
            "Everything is discounted as if it came all at the end of the last year. Most comes "
            "earlier.",
        ),
    },
    takeaway="Lifetime value is margin, still to come, in today's money; revenue is none of these.",
)

THE_LETTER = quiz(
    id="03-6",
    objective="Choose the customers who will bring the most.",
    options={
        "a": "what they have spent so far",
        "b": "their P(alive)",
        "c": "the sum of their R, F and M scores",
        "d": "their expected purchases times their expected spend, discounted",
    },
    right="d",
    hints=(
        "The question is about the coming year. Which of these looks ahead?",
        "Somebody bought one CD, once. What does BG/NBD say about this one's P(alive)?",
        "What they will bring is how often they will buy, times for how much.",
    ),
    wrong_answers={
        "left long ago": Mistake(
            "a",
            "At the top of that list stands a customer who left long ago. Money spent is a fact "
            "about the past: a good guess, and there is a better one.",
        ),
        "bought once": Mistake(
            "b",
            "Everybody who bought once has P(alive) = 1, so you would thank those who never came "
            "back. Alive is not the same as buying.",
        ),
        "same sum": Mistake(
            "c",
            "The same sum holds the lost big spender and the promising newcomer. Scores say how "
            "somebody ranks, not what will come.",
        ),
    },
    takeaway="Lifetime value is a forecast: how often, for how much, in today's money. The hundred "
    "with the most of it spent 24,757 dollars in the 39 weeks after, and the hundred who had spent "
    "most so far 21,052.",
)
