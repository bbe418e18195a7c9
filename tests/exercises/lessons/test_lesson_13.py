"""Answers to lesson 13 that learners give: right ones by another way, and what wrong ones hear."""

from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.metrics import mean_pinball_loss

from exercises.lesson_13 import (
    order_up_to,
    tsb_forecast,
)
from helpers import forecast
from tests.exercises.lessons.answers import are_right, are_told


def test_order_up_to_is_enough_as_often_as_promised():
    demand = np.random.default_rng(0).normal(50, 8, (20_000, 4)).sum(axis=1)
    assert (demand <= order_up_to(50, 8, 3, 0.9)).mean() == pytest.approx(0.9, abs=0.01)


def test_tsb_forecast_is_that_of_the_helper():
    # The helper starts with the second sale: z = 2.4 and q = 1/3 after week 4.
    by_helper = forecast.tsb([2, 0, 0, 4, 0, 1, 0, 3], alpha=0.2, beta=0.3)[-1]
    assert tsb_forecast([0, 1, 0, 3], 0.2, 0.3, 2.4, 1 / 3) == pytest.approx(by_helper)


def weeks_of_a_period(lines, first, last):
    weeks = pd.period_range(first, last, freq="W")
    units = lines["quantity"].groupby(lines["ordered_at"].dt.to_period("W")).sum()
    return units.reindex(weeks, fill_value=0).mean()


def by_the_helper(sold, mean):
    demand = forecast.count_distribution(mean)
    return (mean - np.arange(sold) @ demand.pmf(np.arange(sold))) / demand.sf(sold - 1)


test_other_ways_are_right_as_well = are_right(
    ("13-1", weeks_of_a_period),
    ("13-2", lambda a, f, h, m: forecast.mase(a, f, h, m)),
    ("13-3", lambda a, f, q: mean_pinball_loss(a, f, alpha=q)),
    ("13-3", lambda a, f, q: forecast.stock_cost(a, f, q, 1 - q).mean()),
    ("13-4", lambda d, u, o: sorted(d)[int(np.ceil(len(d) * u / (u + o))) - 1]),
    ("13-4", lambda d, u, o: min(d, key=lambda s: forecast.stock_cost(d, s, u, o).sum())),
    ("13-5", lambda m, d, n, s: NormalDist((n + 1) * m, d * (n + 1) ** 0.5).inv_cdf(s)),
    ("13-7", by_the_helper),
)


def only_lines_of_one_year(lines, first, last):
    end = last + pd.Timedelta(days=7)
    week = lines["ordered_at"].dt.isocalendar().week
    low, high = first.isocalendar().week, last.isocalendar().week
    return lines.loc[week.between(low, high), "quantity"].sum() / ((end - first).days / 7)


def by_the_helper_of_weeks(lines, first, last):
    weeks = forecast.weekly_demand(lines)
    return weeks.loc[weeks["week"].between(first, last), "units"].mean()


# Answers that learners gave, without a diagnosis of their own, and what they must hear.
test_what_an_undiagnosed_answer_is_told = are_told(
    ("13-1", only_lines_of_one_year, "not right"),
    ("13-1", by_the_helper_of_weeks, "only in part"),
    ("13-2", lambda a, f, h, m: np.abs(a - f) / np.abs(h[m:] - h[:-m]).mean(), "give a number"),
    ("13-3", lambda a, f, q: np.maximum(q * (a - f), (1 - q) * (a - f)).mean(), "not right"),
    ("13-4", lambda d, u, o: d.mean() + d.std(), "not right"),
    ("13-5", lambda m, d, n, s: (n + 1) * m + 2 * d * np.sqrt(n + 1), "not right"),
    ("13-6", lambda u, a, b, z, q: z * q, "not right"),
    ("13-7", lambda s, m: stats.poisson(m).expect(lb=s, ub=s + 9, conditional=True), "cut off"),
)
