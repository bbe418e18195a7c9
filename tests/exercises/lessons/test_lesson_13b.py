"""Answers to lesson 13b that learners give: right ones by another way, and what wrong ones hear."""

import numpy as np
import pandas as pd

from helpers import forecast
from tests.exercises.lessons.answers import are_right, are_told


def by_more_weeks(units, promoted, of_all, strength):
    usual = units[~promoted].mean()
    more = np.full(int(strength), of_all * usual)
    return np.append(units[promoted], more).mean() / usual


def by_helper(forecasts, variances):
    three = forecast.summing_matrix(pd.DataFrame(index=["A", "B"]))
    said = pd.DataFrame({"week": forecasts}, three.index)
    return forecast.reconcile(said, three, variances)["week"].to_numpy()


def by_table(departments):
    groups = pd.DataFrame({"department": departments})
    return forecast.summing_matrix(groups).to_numpy()


def by_loop(first, second, series):
    means = [np.mean((first - second)[series == name]) for name in sorted(set(series))]
    half = 1.96 * np.std(means, ddof=1) / len(means) ** 0.5
    return np.array([np.mean(means) - half, np.mean(means) + half])


test_other_ways_are_right_as_well = are_right(
    ("13b-1", forecast.crps),
    ("13b-2", by_loop),
    ("13b-3", by_table),
    ("13b-4", by_helper),
    ("13b-5", by_more_weeks),
    ("13b-7", lambda s, b: pd.Series(s).ewm(alpha=b).mean().iloc[-1]),
    ("13b-7", lambda s, b: forecast.tsb([1, *s], 0.1, b, start="mean")[-1]),
)


# Answers that learners gave, without a diagnosis of their own, and what they must hear.
test_what_an_undiagnosed_answer_is_told = are_told(
    ("13b-2", lambda a, b, s: (a - b).mean(), "should give several values"),
    ("13b-3", lambda d: np.eye(len(d)), "3 instead of 6 rows"),
    ("13b-4", lambda f, v: f, "not right"),
)
