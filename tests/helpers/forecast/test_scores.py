"""Scores of forecasts: published figures, scikit-learn, arithmetic to redo, what is refused."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import mean_absolute_error

from helpers import forecast
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


def test_wape_and_mase_by_scikit_learn():
    rng = np.random.default_rng(1)
    y, said = rng.poisson(3, 200), rng.gamma(3, 1, 200)
    assert wape(y, said) == pytest.approx(mean_absolute_error(y, said) / y.mean())
    ratios = mean_absolute_error(y, said) / mean_absolute_error(y[52:], y[:-52])
    assert mase(y, said, y, season=forecast.YEAR) == pytest.approx(ratios)


def test_coverage_includes_both_ends():
    assert coverage([1, 3, 5, 6], [1, 1, 1, 1], [5, 5, 5, 5]) == 0.75


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: wape([0, 0], [1, 1]), "Nothing was sold"),
        (lambda: wape([1, 2], [1, 2, 3]), "2 outcomes and 3 forecasts"),
        (lambda: mase([1, 2], [1, np.nan], [1, 2, 3]), "forecasts: missing or infinite in 1 of 2"),
        (lambda: mase([1, 2], [1, 1], [1, np.nan, 3]), "history: missing or infinite in 1 of 3"),
        (lambda: wape([5, 1, -4], [1, 1, 1]), r"outcomes: negative in 1 of 3 .*first at 2"),
        (lambda: wape(["2 pcs"], [1]), "outcomes: holds something that is not a number .*'2 pcs'"),
        (lambda: naive_scale([[1, 2], [3, 4]]), r"one series, .* got shape \(2, 2\)"),
        (lambda: coverage([1], [3], [0]), "intervals: upside down in 1 of 1"),
        (lambda: mase([1], [1], [1, 2, 3], season=4), "needs more than 4 weeks; got 3"),
        (lambda: naive_scale([1, 2, 1, 2], season=2), "repeats itself"),
        (lambda: naive_scale([1, 2, 3], season=0), "season is a number of weeks"),
        (lambda: score(RESULTS, ["model", "step"]), 'no column "step"'),
        (lambda: score(RESULTS, []), "by names no column"),
        (lambda: score(RESULTS.assign(scale=[0, 0, 1, np.nan])), "not above 0 in 2 of 4 rows"),
    ],
)
def test_what_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


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
