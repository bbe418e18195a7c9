"""Answers to lesson 14d that learners give: right ones by another way, and what wrong ones hear."""

import pandas as pd

from exercises.lesson_14d import against_last_before, group_time, jump, placebo_p
from helpers import campaigns
from tests.exercises.lessons.answers import are_right, are_told


def group_time_by_loop(panel, g, t):
    def gains(users):
        rows = panel[panel["user_id"].isin(users)]
        return (
            rows[rows["period"] == t]["spent"].mean()
            - rows[rows["period"] == g - 1]["spent"].mean()
        )

    wave = panel[panel["adopted"] == g]["user_id"]
    return gains(wave) - gains(panel[panel["adopted"] > t]["user_id"])


def jump_by_helper(users, cutoff, bandwidth):
    spent, orders = users["spent"], users["orders"]
    found = campaigns.regression_discontinuity(spent, orders, cutoff=cutoff, bandwidth=bandwidth)
    return found.estimate


def by_two_means_a_period(panel):
    def gap(period):
        rows = panel[panel["period"] == period]
        return rows["spent"][rows["treated"]].mean() - rows["spent"][~rows["treated"]].mean()

    return pd.Series({period: gap(period) - gap(-1) for period in sorted(set(panel["period"]))})


def placebo_by_rank(gaps, treated, start):
    after = gaps.index >= start
    ratio = (gaps[after] ** 2).mean() / (gaps[~after] ** 2).mean()  # squared: the same order
    return ratio.rank(ascending=False)[treated] / len(ratio)


test_another_way_is_right_too = are_right(
    ("14d-1", lambda p: campaigns.difference_in_differences(p, "spent").estimate),
    ("14d-2", group_time_by_loop),
    ("14d-2", lambda p, g, t: campaigns.group_time_effects(p, "spent")["estimate"][g, t]),
    ("14d-3", jump_by_helper),
    ("14d-5", by_two_means_a_period),
    ("14d-6", placebo_by_rank),
)


# Answers that learners give, and what they must hear.
test_what_an_answer_is_told = are_told(
    ("14d-2", lambda p, g, t: group_time(p, g, t) / 2, "not right"),
    ("14d-3", lambda u, c, h: jump(u, c, h) + 1, "not right"),
    ("14d-5", lambda p: against_last_before(p)[0], "a `Series` indexed by"),
    ("14d-6", lambda gaps, treated, start: 1 - placebo_p(gaps, treated, start), "not right"),
)
