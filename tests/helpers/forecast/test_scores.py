"""Scores of forecasts: published figures, scikit-learn, arithmetic to redo, what is refused."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.metrics import mean_absolute_error

from helpers import forecast
from helpers.data import problems
from helpers.forecast.scores import coverage, mase, naive_scale, score, wape

# Quarterly production of beer in Australia, megaliters, 1992 to the third quarter of 2008.
BEER = np.fromstring(
    """
    443 410 420 532 433 421 410 512 449 381 423 531 426 408 416 520 409 398
    398 507 432 398 406 526 428 397 403 517 435 383 424 521 421 402 414 500
    451 380 416 492 428 408 406 506 435 380 421 490 435 390 412 454 416 403
    408 482 438 386 405 491 427 383 394 473 420 390 410
    """,
    sep=" ",
)


@pytest.mark.parametrize(
    ("method", "mae", "published"),
    [("mean", 33.78, 2.30), ("naive", 63.91, 4.35), ("seasonal naive", 11.27, 0.77)],
)
def test_mase_as_published(method, mae, published):
    # Hyndman & Athanasopoulos, Forecasting: Principles and Practice, first edition, section 2.5:
    # accuracy of three methods that know the beer of 1992 to 2005, and their MAE and MASE.
    past, later = BEER[:56], BEER[56:]
    said = {
        "mean": np.full(11, past.mean()),
        "naive": np.full(11, past[-1]),
        "seasonal naive": np.tile(past[-4:], 3)[:11],
    }[method]
    assert mean_absolute_error(later, said) == pytest.approx(mae, abs=0.005)
    assert mase(later, said, past, season=4) == pytest.approx(published, abs=0.005)


def test_mase_by_hand():
    # Errors 1 and 2, mean 1.5. The history moves by 2, 1, 0: mean 1. By two weeks: 1 and 1.
    assert mase([4, 1], [3, 3], [1, 3, 2, 2]) == 1.5
    assert naive_scale([1, 3, 2, 2], season=2) == 1


def test_mase_of_the_naive_forecast_of_one_step_within_the_history_is_one():
    y = np.random.default_rng(0).poisson(5, 50)
    assert mase(y[1:], y[:-1], y) == pytest.approx(1)
    assert mase(y[7:], y[:-7], y, season=7) == pytest.approx(1)


def test_wape_by_hand_and_by_scikit_learn():
    # 2 0 4 forecast as 3 1 4: two units wrong of six sold.
    assert wape([2, 0, 4], [3, 1, 4]) == pytest.approx(2 / 6)
    rng = np.random.default_rng(1)
    y, said = rng.poisson(3, 200), rng.gamma(3, 1, 200)
    assert wape(y, said) == pytest.approx(mean_absolute_error(y, said) / y.mean())
    ratios = mean_absolute_error(y, said) / mean_absolute_error(y[52:], y[:-52])
    assert mase(y, said, y, season=forecast.YEAR) == pytest.approx(ratios)


@pytest.mark.parametrize("factor", [0.01, 7])
def test_scale_free(factor):
    rng = np.random.default_rng(2)
    y, said, past = rng.poisson(9, (3, 40))
    assert wape(factor * y, factor * said) == pytest.approx(wape(y, said))
    assert mase(factor * y, factor * said, factor * past) == pytest.approx(mase(y, said, past))


def test_the_absolute_error_of_a_rare_item_is_lowest_at_zero():
    # Poisson with mean 0.5: 61 % of weeks sell nothing, so the median is 0. WAPE of 0 is 1.
    y = stats.poisson(0.5).ppf((np.arange(1000) + 0.5) / 1000)
    assert wape(y, np.zeros(1000)) == 1 < wape(y, np.full(1000, 0.5))


def test_coverage_includes_both_ends():
    assert coverage([1, 3, 5, 6], [1, 1, 1, 1], [5, 5, 5, 5]) == 0.75
    y = stats.norm.rvs(size=20_000, random_state=4)
    reach = np.full(len(y), stats.norm.ppf(0.9))
    assert coverage(y, -reach, reach) == pytest.approx(0.8, abs=0.01)


def test_scores_refuse():
    with pytest.raises(ValueError, match="Nothing was sold"):
        wape([0, 0], [1, 1])
    with pytest.raises(ValueError, match="2 outcomes and 3 forecasts"):
        wape([1, 2], [1, 2, 3])
    with pytest.raises(
        ValueError, match=r"forecasts: missing or infinite in 1 of 2 places \(first at 1\)"
    ):
        mase([1, 2], [1, np.nan], [1, 2, 3])
    with pytest.raises(ValueError, match=r"history: missing or infinite in 1 of 3"):
        mase([1, 2], [1, 1], [1, np.nan, 3])
    with pytest.raises(ValueError, match=r"outcomes: negative in 1 of 3 places \(first at 2\)"):
        wape([5, 1, -4], [1, 1, 1])
    with pytest.raises(
        ValueError, match=r"outcomes: holds something that is not a number .*'2 pcs'"
    ):
        wape(["2 pcs"], [1])
    with pytest.raises(ValueError, match=r"one series, week after week; got shape \(2, 2\)"):
        naive_scale([[1, 2], [3, 4]])
    with pytest.raises(ValueError, match="intervals: upside down in 1 of 1"):
        coverage([1], [3], [0])
    with pytest.raises(ValueError, match="needs more than 4 weeks; got 3"):
        mase([1], [1], [1, 2, 3], season=4)
    with pytest.raises(ValueError, match="repeats itself"):
        naive_scale([1, 2, 1, 2], season=2)
    with pytest.raises(ValueError, match="season is a number of weeks, 1 or more; got 0"):
        naive_scale([1, 2, 3], season=0)


RESULTS = pd.DataFrame(
    {
        "model": ["a", "a", "b", "b"],
        "series": ["x", "y", "x", "y"],
        "units": [4, 0, 4, 0],
        "mean": [3.0, 1.0, 6.0, 0.0],
        "lower": [1, 1, 4, 0],
        "upper": [4, 2, 8, 0],
        "scale": [2.0, 4.0, 2.0, 4.0],
    }
)


def test_score_by_hand():
    # a: 1 and 1 wrong of 4, MASE (1/2 + 1/4) / 2, bias (-1 + 1) / 4; 4 is inside [1, 4], 0 is not.
    # b: 2 and 0 wrong of 4, MASE (1 + 0) / 2, bias 2/4; both inside.
    found = score(RESULTS)
    assert found.columns.tolist() == ["wape", "mase", "bias", "coverage", "width"]
    assert found.loc["a"].tolist() == [0.5, 0.375, 0, 0.5, 2]
    assert found.loc["b"].tolist() == [0.5, 0.5, 0.5, 1, 2]


def test_score_by_series():
    found = score(RESULTS, ["model", "series"])
    assert found.loc[("b", "x"), "wape"] == 0.5
    assert np.isnan(found.loc[("a", "y"), "wape"])  # nothing was sold
    assert found.loc[("a", "y"), "mase"] == 0.25


def test_score_is_the_single_scores_taken_together():
    rng = np.random.default_rng(5)
    weeks = pd.date_range("2024-01-01", periods=60, freq="W-MON")
    demand = pd.DataFrame({"week": weeks, "series": "a", "units": rng.poisson(6, 60)})
    found = forecast.rolling_origin({"n": forecast.SeasonalNaive(season=1)}, demand, 4, 1)
    row = score(found).loc["n"]
    units, said = found["units"], found["mean"]
    assert row["wape"] == pytest.approx(wape(units, said))
    assert row["mase"] == pytest.approx(mase(units, said, demand["units"][:56]))
    assert row["coverage"] == coverage(units, found["lower"], found["upper"])


def test_score_refuses():
    with pytest.raises(problems.TableError, match="upper"):
        score(RESULTS.drop(columns="upper"))
    with pytest.raises(ValueError, match='no column "step"'):
        score(RESULTS, ["model", "step"])
    with pytest.raises(ValueError, match="by names no column"):
        score(RESULTS, [])
    with pytest.raises(problems.TableError, match=r'"scale" is not above 0 in 2 of 4 rows'):
        score(RESULTS.assign(scale=[0, 0, 1, np.nan]))
