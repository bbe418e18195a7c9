"""Data drift, worked by hand, against scipy and exact values, and by simulation without drift."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from helpers.monitoring import drift_report, psi, psi_threshold

DAYS = pd.DataFrame({"day": pd.date_range("2025-01-01", periods=3)})


def test_psi_by_hand():
    # Shares ¼ ¾ and ½ ½: ¼ ln 2 + (−¼) ln ⅔ = .25 · (.6931 + .4055) = .2747.
    before, now = pd.Series(["a", "b", "b", "b"]), pd.Series(["a", "b"])
    assert psi(before, now) == pytest.approx(0.25 * np.log(3))
    assert psi(now, before) == pytest.approx(0.25 * np.log(3))  # symmetric


def test_psi_of_numbers_cuts_at_quantiles_of_the_reference():
    # The reference's median of 1 … 10 is 5.5: halves; 8 of the current 10 are above.
    now = pd.Series([1, 2, 6, 7, 7, 7, 8, 9, 99, 999])
    expected = 0.3 * np.log(0.8 / 0.5) - 0.3 * np.log(0.2 / 0.5)
    assert psi(pd.Series(range(1, 11)), now, bins=2) == pytest.approx(expected)


def test_missing_values_are_a_bin():
    before = pd.Series([1.0, 2.0, np.nan, np.nan])  # ¼ ¼ ½, and now ½ ½ with half a row missing
    now = pd.Series([1.0, 2.0])
    p, q = np.array([1 / 4, 1 / 4, 1 / 2]), np.array([1 / 2, 1 / 2, 1 / 4])
    assert psi(before, now, bins=2) == pytest.approx(np.sum((q - p) * np.log(q / p)))
    text = before.map({1.0: "x", 2.0: "y"})
    assert psi(text, now.map({1.0: "x", 2.0: "y"})) == pytest.approx(psi(before, now, bins=2))


def test_exact_psi_of_a_shifted_normal_distribution():
    # .3 standard deviations, ten bins: .0861 by the normal distribution function.
    edges = stats.norm.ppf(np.arange(1, 10) / 10)
    q = np.diff(stats.norm.cdf(edges, loc=0.3), prepend=0, append=1)
    exact = np.sum((q - 0.1) * np.log(q / 0.1))
    assert round(exact, 3) == 0.086
    grid = pd.Series(stats.norm.ppf((np.arange(200_000) + 0.5) / 200_000))
    assert psi(grid, grid + 0.3) == pytest.approx(exact, abs=1e-4)


@pytest.mark.parametrize(("n", "m", "bins"), [(500, 2000, 10), (1000, 1000, 5), (3000, 400, 8)])
def test_psi_without_drift(n, m, bins):
    rng = np.random.default_rng(n)
    found = [
        psi(pd.Series(rng.normal(size=n)), pd.Series(rng.normal(size=m)), bins=bins)
        for _ in range(1000)
    ]
    mean = (bins - 1) * (1 / n + 1 / m)  # Yurdakul & Naranjo (2020)
    spread = mean * np.sqrt(2 / (bins - 1) / 1000)  # standard error of the mean of 1,000
    assert np.mean(found) == pytest.approx(mean, abs=4 * spread + 0.03 * mean)
    false_alarms = np.mean(np.array(found) > psi_threshold(n, m, bins))
    assert false_alarms == pytest.approx(0.05, abs=4 * np.sqrt(0.05 * 0.95 / 1000))


def test_report_agrees_with_scipy():
    rng = np.random.default_rng(1)
    before = pd.DataFrame({"x": rng.normal(size=300), "c": rng.choice(list("abc"), 300)})
    now = pd.DataFrame({"x": rng.normal(0.2, 1, 200), "c": rng.choice(list("aabc"), 200)})
    report = drift_report(before, now)
    ks = stats.ks_2samp(before["x"], now["x"], method="asymp")
    counts = pd.concat([before["c"].value_counts(), now["c"].value_counts()], axis=1)
    chi2 = stats.chi2_contingency(counts)
    assert report.loc["x", "statistic"] == pytest.approx(ks.statistic)
    assert report.loc["x", "p_value"] == pytest.approx(ks.pvalue)
    assert report.loc["c", "statistic"] == pytest.approx(chi2.statistic)
    assert report.loc["c", "p_value"] == pytest.approx(chi2.pvalue)
    small, large = sorted(report["p_value"])
    adjusted = [min(1, 2 * small), max(min(1, 2 * small), large)]
    assert report["p_adjusted"].tolist() == pytest.approx(adjusted)
    assert report["p_value"].is_monotonic_increasing


def test_rare_categories_are_pooled():
    # "c" and "d" expect 1 of 50 rows a period each: together 2, still one column, and it is kept.
    before = pd.DataFrame({"c": ["a"] * 25 + ["b"] * 23 + ["c", "d"]})
    now = pd.DataFrame({"c": ["a"] * 20 + ["b"] * 28 + ["c", "d"]})
    expected = stats.chi2_contingency([[25, 23, 2], [20, 28, 2]], correction=False)
    assert drift_report(before, now)["p_value"].item() == pytest.approx(expected.pvalue)


def test_columns_with_nothing_to_compare():
    table = pd.DataFrame({"same": ["a"] * 5, "x": [np.nan] * 5})
    report = drift_report(table, table)
    assert report["p_value"].tolist() == [1.0, 1.0]
    assert report["psi"].tolist() == [0.0, 0.0]
    assert not report["drifted"].any()
    one = pd.DataFrame({"x": [1.0]})
    assert drift_report(one, one + 1)["p_value"].item() == 1


def test_flags_are_categories():
    table = pd.DataFrame({"treated": [True, False] * 50})
    assert drift_report(table, table.assign(treated=True))["test"].item() == "chi-square"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: psi(pd.Series([1.0]), pd.Series([], dtype=float)), "current has no rows"),
        (lambda: psi(pd.Series([1.0]), pd.Series([1.0]), bins=1), "bins"),
        (lambda: psi(pd.Series([1.0], name="x"), pd.Series(["1"])), '"x" holds numbers in one'),
        (lambda: psi(pd.Series([1.0], name="x"), pd.Series([np.inf])), '"x" is infinite in 1 rows'),
        (lambda: drift_report(DAYS, DAYS), '"day" holds dates'),
        (lambda: drift_report(DAYS[["day", "day"]], DAYS), 'more than one column "day"'),
        (lambda: psi_threshold(0, 5), "n is a whole number"),
        (lambda: psi_threshold(5, 5, alpha=5), "alpha"),
        (
            lambda: drift_report(pd.DataFrame({"a": [1]}), pd.DataFrame({"b": [1]})),
            '"a" is in one of reference and current only',
        ),
    ],
)
def test_bad_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()
