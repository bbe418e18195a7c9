"""What charts say, worked out by hand, in English and in Chinese."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from helpers import language, plots
from helpers.plots import words

STARS = pd.Series([1.0, 3.0, 2.0], index=["Ana", "Ben", "Cem"])
ESTIMATES = pd.DataFrame({"gain": [2.0, -1.0], "low": [1, -3], "high": [3, 1]}, index=["a", "b"])
PAIRS = pd.DataFrame({"before": [0.25, 0.5], "after": [0.5, 0.25]}, index=["a", "b"])
SHARES = pd.DataFrame({1: [0.5, 0.25], 2: [np.nan, 0.1]}, index=["Q1", "Q2"])
CLOUD = pd.DataFrame({"x": range(1, 11), "y": [1] * 5 + [4] * 5})  # medians 5.5 and 2.5; 1, then 4
MONTHS = pd.period_range("2025-01", periods=6, freq="M")


@pytest.mark.parametrize(
    ("values", "says"),
    [
        (pd.Series([1, 2, 9, 3, 4, 5], MONTHS), "n by month: up from 1 (January 2025) to 5 "
         "(June 2025), highest 9 (March 2025)."),
        (pd.Series([9, 8, 7, 1, 2, 3], MONTHS), "n by month: down from 9 (January 2025) to 3 "
         "(June 2025), lowest 1 (April 2025)."),
        (pd.DataFrame({"a": [1, np.nan], "b": [0.5, 0.25]}, index=["x", "y"]),
         "n by month: a: 1 (x); b: 0.5 (x), 0.25 (y)."),
        (pd.DataFrame({i: [i, i] for i in range(9)}, index=[2024, 2025]),
         "n by month: the 9 lines end between 0 (0) and 8 (8)."),
    ],
)  # fmt: skip
def test_lines(said, values, says):
    assert said(plots.lines, values, "T", x="month", y="n") == says


def test_bands_levels_and_marks(said):
    line = pd.Series([1.0, 2.0], pd.DatetimeIndex(["2025-01-03", "2025-01-10"]))
    options = {
        "low": line - 1,
        "high": line + 1,
        "levels": {"goal": 4},
        "marks": {"sale": "2025-01-05"},
    }
    assert said(plots.lines, line, "T", x="day", y="n", **options) == (
        "n by day: 1 (January 3, 2025), 2 (January 10, 2025); the band ends between 1 and 3 "
        "(January 10, 2025); the line “goal” is at 4; sale is marked at January 5, 2025."
    )


def test_bars(said):
    assert said(plots.bars, STARS, "T", label="stars") == "stars: Ana 1; Ben 3; Cem 2."
    groups = pd.DataFrame({"old": [0.5, np.nan], "new": [0.25, 1]}, index=["a", "b"])
    says = "share: a: old 50%, new 25%; b: old no value, new 100%."
    assert said(plots.bars, groups, "T", label="share", number="{:.0%}") == says


def test_intervals(said):
    assert said(plots.intervals, ESTIMATES, "T", label="gain") == (
        "gain: a 2 (1 to 3); b −1 (−3 to 1)."
    )
    two = {"old": ESTIMATES, "new": ESTIMATES.assign(true=0.5)}
    assert said(plots.intervals, two, "T", label="gain", number="{:.1f}") == (
        "gain: old: a 2.0 (1.0 to 3.0), b −1.0 (−3.0 to 1.0); "
        "new: a 2.0 (1.0 to 3.0; true value 0.5), b −1.0 (−3.0 to 1.0; true value 0.5)."
    )
    many = pd.concat([ESTIMATES] * 13, ignore_index=True)  # 13 of a, which miss 0, and 13 of b
    assert said(plots.intervals, many, "T", label="gain") == (
        "gain: 26 estimates between −1 and 2; 13 of 26 intervals do not contain 0."
    )


def test_before_after(said):
    assert said(plots.before_after, PAIRS, "T", label="share", number="{:.0%}") == (
        "share, from before to after: a from 25% to 50%; b from 50% to 25%."
    )


def test_scatter(said):
    assert said(plots.scatter, CLOUD, "T", x="x", y="y") == (
        "x and y: all: 10 points, medians 5.5 and 2.5; in the left half of them the median height "
        "is 1; in the right half it is 4."
    )
    named = CLOUD.head(2).set_axis(["Ana", "Ben"])
    assert said(plots.scatter, named, "T", x="x", y="y", names="all") == (
        "x and y: Ana 1 and 1; Ben 2 and 1."
    )
    high = CLOUD["y"] > 2  # medians of 6 … 10 and 1 … 5
    assert said(plots.scatter, CLOUD, "T", x="x", y="y", accent=high, kinds=["high", "low"]) == (
        "x and y: high: 5 points, medians 8 and 4; low: 5 points, medians 3 and 1."
    )


def test_histogram(said):
    values = [*range(21), np.nan]  # 5% and 95% of 0 … 20 are 1 and 19
    options = {"marks": {"ours": 4}, "shade": [2, 18]}
    assert said(plots.histogram, values, "T", x="gain", **options) == (
        "gain: 21 values, median 10, nine of ten between 1 and 19; shaded from 2 to 18; "
        "ours is marked at 4."
    )


def test_heat_map(said):
    assert said(plots.heat_map, SHARES, "T", rows="cohort", columns="later") == (
        "the highest value is 50% (cohort: Q1; later: 1); the lowest value is 10% (cohort: Q2; "
        "later: 2); 1 of 4 cells are empty."
    )


def test_panels_say_what_each_shows_or_what_they_are_told(said):
    both = {"shop": STARS.head(2), "control": STARS.tail(1)}
    assert said(plots.panels, plots.bars, both, "T", label="stars", accent="Ana") == (
        "stars. shop: Ana 1; Ben 3. control: Cem 2."
    )
    told = {"control": "one customer."}
    assert said(plots.panels, plots.bars, both, "T", label="stars", words=told).endswith(
        "shop: Ana 1; Ben 3. control: one customer."
    )


def test_what_axes_hide_is_said_even_if_the_words_are_given(said):
    for words_given in (None, "it rises."):
        says = said(plots.scatter, CLOUD, "T", x="x", y="y", ylim=(0, 3), words=words_given)
        assert says.endswith("5 of 10 points lie outside the axes.")
        assert "(5 of 10 points lie outside the axes)" in plt.gca().get_xlabel()


def test_kpi_tree_and_map(said):
    # 200 / 800 = 25%; 300 / 200 = 1.5; $12,000 / 300 = $40
    assert said(plots.kpi_tree, users=800, buyers=200, orders=300, revenue=12_000, title="T") == (
        "800 users × 25.0% who bought × 1.50 orders each × $40.00 an order = $12,000."
    )
    assert said(plots.course_map, {"A": ["a", "b"], "B": ["c"]}, "T") == "3 lessons in 2 stages."


def test_in_chinese(said, monkeypatch):
    monkeypatch.setenv(language.VARIABLE, "zh")
    plots.use_style()
    line = pd.Series([1, 2, 9, 3, 4, 5], MONTHS)
    assert said(plots.lines, line, "T", x="month", y="n", ylim=(0, 8)) == (
        "n（按月）：从 1（2025 年 1 月）升至 5（2025 年 6 月），最高 9（2025 年 3 月）；"
        "6 个点中有 1 个在坐标轴范围之外。"
    )


def test_all_months_have_chinese_names():
    known = language.catalog("zh", language.LESSONS)
    assert all(known[name] == f"{i} 月" for i, name in enumerate(words.MONTHS, 1))
    assert all(known[name[:3]] == f"{i} 月" for i, name in enumerate(words.MONTHS, 1))
