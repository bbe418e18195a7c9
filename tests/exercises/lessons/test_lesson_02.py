"""Answers to lesson 02 that learners give: right ones by another way, and what wrong ones hear."""

import numpy as np
import pandas as pd
from scipy import stats

from helpers import behavior
from tests.exercises.lessons.answers import are_right, are_told


def of_users(visits):
    bought = visits.groupby("user_id")["bought"].any()
    return bought.sum(), len(bought)


def by_helper(visits):
    return behavior.conversion(*of_users(visits)).loc[0, ["low", "high"]].round(3)


def as_columns(visits):
    ends = behavior.conversion(*of_users(visits)).round(3)
    return ends["low"], ends["high"]


def by_user(events):
    kinds = events.groupby("user_id")["event"].agg(set)
    return np.mean(["purchase" in each for each in kinds])


def by_root(control, treated):
    error = np.sqrt(
        np.std(control, ddof=1) ** 2 / len(control) + np.std(treated, ddof=1) ** 2 / len(treated)
    )
    return np.array([np.mean(treated) - np.mean(control), error])


def midpoints(before, after):
    users = (after["users"] - before["users"]) * (before["arpu"] + after["arpu"]) / 2
    arpu = (after["arpu"] - before["arpu"]) * (before["users"] + after["users"]) / 2
    return pd.Series({"arpu": arpu.sum(), "users": users.sum()})


def one_row_after_another(log):
    """Go through the rows of each session, without a look at the time."""
    found = []
    for _, session in log.groupby("session_id"):
        events = session["event"].tolist()
        if "cart" in events:
            found.append("purchase" in events[events.index("cart") :])
    return np.mean(found)


def within(window):
    """Look for an order of the first cohorts in a window after the first one."""

    def answer(orders, last):
        first = orders.groupby("user_id")["ordered_at"].min()
        first = first[first.dt.to_period("M") < last]
        mine = orders["user_id"].map(first)
        near = (orders["ordered_at"] > mine) & (orders["ordered_at"] <= mine + window)
        return orders["user_id"][near].nunique() / len(first)

    return answer


def any_two_in_a_row(orders, last):
    months = orders["ordered_at"].dt.to_period("M").groupby(orders["user_id"]).agg(list)
    months = months[months.map(min) < last]
    return months.map(lambda own: any(m + 1 in own and m + 1 <= last for m in own)).mean()


def by_helper_until(orders, until=None):
    counts = behavior.cohort_counts(orders, until=until)
    counts = counts[counts[1].notna()]
    return counts[1].sum() / counts[0].sum()


def until_the_end(orders, last):
    return by_helper_until(before_the_end(orders, last), last.end_time.normalize())


def before_the_end(orders, last):
    return orders[orders["ordered_at"] <= last.end_time]


# Other right ways.
test_other_right_ways_pass = are_right(
    ("02-1", by_user),
    ("02-3", by_helper),
    ("02-4", by_root),
    ("02-7", until_the_end),
    ("02-8", midpoints),
    ("02-8", lambda before, after: behavior.decompose_change(before, after).sum()),
)


# Answers that learners gave, without a diagnosis of their own, and what they must hear.
test_what_an_undiagnosed_answer_is_told = are_told(
    (
        "02-1",
        lambda events: (events["event"] == "purchase").sum() / events["user_id"].nunique(),
        "purchases or sessions above",
    ),
    ("02-2", one_row_after_another, "order of the rows"),
    ("02-3", as_columns, "Value 1 of what your function gives is a `Series` with one value"),
    ("02-4", lambda control, treated: (stats.ttest_ind(treated, control).pvalue, 0), "not right"),
    ("02-7", within(pd.DateOffset(months=1)), "about a month of days"),
    ("02-7", any_two_in_a_row, "two consecutive months"),
    ("02-7", lambda orders, last: by_helper_until(orders), "ignored `last`"),
    (
        "02-7",
        lambda orders, last: by_helper_until(before_the_end(orders, last)),
        "month before `last`",
    ),
    ("02-8", lambda before, after: midpoints(after, before), "Time runs backward"),
)
