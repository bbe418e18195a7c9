"""Answers to lesson 03 that learners give: right ones by another way, and what wrong ones hear."""

import pandas as pd

from exercises.lesson_03 import (
    THE_LETTER,
    repeat_value,
    summarize,
    three_numbers,
)
from helpers import value
from helpers.data.sources import load_cdnow
from tests.exercises.lessons.answers import are_right, are_told


def with_helper_rfm(lines, today):
    paid = lines["quantity"] * lines["unit_price"] * (1 - lines["discount"])
    scored = value.rfm(lines.assign(value=paid), observation_end=today)
    return scored[["recency", "frequency", "monetary"]]


def with_helper_summary(orders, end):
    return value.btyd_summary(orders, observation_end=end)


def until_the_last_day(solution):
    """Leave out what comes after the last day, which has to keep that day's afternoon."""
    return lambda rows, end: solution(rows[rows["ordered_at"].dt.normalize() <= end], end)


def value_year_by_year(so_far, spend, margin, discount):
    total, before = 0, 0
    for year, now in enumerate(so_far, start=1):
        total += (now - before) * spend * margin / (1 + discount) ** year
        before = now
    return total


test_another_way_is_right_too = are_right(
    ("03-1", with_helper_rfm),
    ("03-1", lambda lines, today: three_numbers(lines, today).iloc[::-1, ::-1]),
    ("03-1", until_the_last_day(three_numbers)),
    ("03-3", with_helper_summary),
    ("03-3", lambda orders, end: summarize(orders, end).iloc[::-1]),
    ("03-3", until_the_last_day(summarize)),
    ("03-6", lambda orders: value.btyd_summary(orders, value="value")["monetary"]),
    ("03-6", lambda orders: repeat_value(orders).iloc[::-1]),
    ("03-7", value_year_by_year),
)


def days_of_year(lines, today):
    """Subtract days of the year, which fails where the year changes."""
    day = lines["ordered_at"].dt.dayofyear.groupby(lines["user_id"]).max()
    return three_numbers(lines, today).assign(recency=today.dayofyear - day)


def gaps_of_a_whole_day(orders, end):
    """Count as a repeat what comes at least one whole day after the order before."""
    ordered = orders.sort_values("ordered_at")
    gap = ordered.groupby("user_id")["ordered_at"].diff().dt.days
    return summarize(orders, end).assign(frequency=(gap >= 1).groupby(ordered["user_id"]).sum())


def earliest_row_left_out(orders):
    """Leave out the first row of each user, whenever that was, and add up no days."""
    repeats = orders[orders["user_id"].duplicated()]
    users = pd.Index(orders["user_id"].unique(), name="user_id")
    return repeats.groupby("user_id")["value"].mean().reindex(users)


# Answers that learners give, and what they must hear.
test_what_a_wrong_answer_is_told = are_told(
    ("03-1", days_of_year, "your function gives a table"),
    (
        "03-1",
        lambda lines, today: three_numbers(lines[lines["ordered_at"] < today], today),
        "orders of the last day",
    ),
    ("03-3", gaps_of_a_whole_day, "24 hours"),
    (
        "03-3",
        lambda orders, end: summarize(orders[orders["ordered_at"] < end], end),
        "orders of the last day",
    ),
    ("03-6", earliest_row_left_out, "one by one"),
)


def value_and_past(cdnow, end):
    """Return each customer's lifetime value, money spent until the end, and money spent later."""
    summary = value.btyd_summary(cdnow, value="value", observation_end=end)
    paying = summary["monetary"] != 0  # one customer's repeat purchases were free
    models = (
        value.BetaGeoModel().fit(summary),
        value.GammaGammaModel().fit(summary[paying]),
    )
    by_value = value.customer_lifetime_value(
        *models, summary[paying], horizon=52, margin=0.3, discount=1.15 ** (7 / 365.25) - 1
    )
    later = cdnow["ordered_at"] > end
    by_past = cdnow[~later].groupby("user_id")["value"].sum()
    spent = cdnow[later].groupby("user_id")["value"].sum().reindex(summary.index, fill_value=0)
    return by_value, by_past, spent


def test_the_takeaway_of_the_letter_says_what_the_chosen_spent():
    for sample, n in ((True, 100), (False, 2357)):
        by_value, by_past, spent = value_and_past(load_cdnow(sample=sample), "1997-09-30")
        chosen = [spent.index.isin(each.nlargest(n).index) for each in (by_value, by_past)]
        gain = (chosen[0].astype(int) - chosen[1]) * spent
        margin = 1.96 * gain.std() * len(gain) ** 0.5
        assert f"{round(gain.sum(), -2):,.0f} ± {round(margin, -2):,.0f}" in THE_LETTER.takeaway
        if sample:
            assert all(f"{spent[each].sum():,.0f}" in THE_LETTER.takeaway for each in chosen)
