"""The table of demand, the models and the rolling origin: by hand, by other libraries, no peeking.

The fit of exponential smoothing is tested in `test_smoothing.py`, the scores in `test_scores.py`,
what the shop does with a forecast in `test_stock.py`.
"""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from helpers import forecast
from helpers.data.sources import load_shop, load_shop_key
from helpers.forecast import scores
from helpers.forecast.boosted_lags import BoostedLags
from helpers.forecast.models import ExponentialSmoothing, SeasonalNaive

MODELS = [
    SeasonalNaive(season=4),
    ExponentialSmoothing(season=None),
    BoostedLags(horizon=3, season=None),
]


def table(units, first="2023-01-02"):
    """Demand of several series from rows of units, or of one, called "a"."""
    units = np.atleast_2d(units)
    weeks = pd.date_range(first, periods=units.shape[1], freq="W-MON")
    names = list("abcdefghijklmnopqrstuvwxyz") if len(units) <= 26 else range(len(units))
    return pd.DataFrame(
        {
            "week": np.tile(weeks, len(units)),
            "series": np.repeat(list(names)[: len(units)], len(weeks)),
            "units": units.ravel(),
        }
    )


def poisson(series=3, weeks=80, mean=6.0, seed=0):
    return table(np.random.default_rng(seed).poisson(mean, (series, weeks)))


def waves(weeks, noise=True):
    """A series with a season such as the shop's, highest in week 20."""
    mean = 40 * np.exp(0.6 * np.cos(2 * np.pi * (np.arange(weeks) - 20) / forecast.YEAR))
    return np.random.default_rng(1).poisson(mean) if noise else mean


# ---------------------------------------------------------------- the table of demand


LINES = pd.DataFrame(
    {
        # Sunday · Monday · next Sunday 23:59 · the Monday after · two weeks later, a Sunday
        "ordered_at": pd.to_datetime(
            ["2025-01-05", "2025-01-06", "2025-01-12T23:59", "2025-01-13", "2025-02-02"],
            format="ISO8601",
        ),
        "item_id": ["x", "x", "y", "z", "x"],
        "quantity": [7, 1, 2, 4, 3],
    }
)
ITEMS = pd.DataFrame({"item_id": ["x", "y", "z"], "category": ["Toys", "Toys", "Baby"]})
IN_TWO = pd.DataFrame({"item_id": list("xyzz"), "category": ["Toys", "Toys", "Baby", "Garden"]})


def test_weekly_demand_by_hand():
    # The week of Monday, 2024-12-30 was seen on its Sunday only, so its 7 units are left out.
    found = forecast.weekly_demand(LINES, ITEMS, by="category")
    assert list(found.columns) == ["week", "series", "units"]
    weeks = pd.to_datetime(["2025-01-06", "2025-01-13", "2025-01-20", "2025-01-27"])
    assert found["week"].tolist() == [*weeks, *weeks]
    assert found["series"].tolist() == ["Baby"] * 4 + ["Toys"] * 4
    assert found["units"].tolist() == [0, 4, 0, 0, 3, 0, 0, 3]


def test_weekly_demand_in_all_and_by_item():
    assert forecast.weekly_demand(LINES)["units"].tolist() == [3, 4, 0, 3]
    assert forecast.weekly_demand(LINES)["series"].unique().tolist() == ["all"]
    items = forecast.weekly_demand(LINES, by="item_id").pivot_table("units", "series", "week")
    assert items.loc["y"].tolist() == [2, 0, 0, 0]


def test_weekly_demand_keeps_all_units_of_whole_weeks():
    shop = load_shop()
    found = forecast.weekly_demand(shop.order_lines, shop.items, by="category")
    key = load_shop_key()["demand"]
    assert len(found) == len(key) == 156 * 24
    assert set(found["series"]) == set(key["category"])
    assert found["week"].min() == pd.Timestamp(key["week"].min())
    days = shop.order_lines["ordered_at"]
    inside = (days >= "2023-01-02") & (days < "2025-12-29")
    assert found["units"].sum() == shop.order_lines["quantity"][inside].sum()
    alone = forecast.weekly_demand(shop.order_lines)
    assert (found.groupby("week")["units"].sum().to_numpy() == alone["units"].to_numpy()).all()


@pytest.mark.parametrize(
    ("lines", "items", "by", "message"),
    [
        (LINES, ITEMS[:2], "category", r'no "category" in items .* \(row 3: "z"\)'),
        (LINES.assign(quantity=[7, -1, 2, 4, 3]), None, None, r'"quantity" is neg.* \(row 1: -1\)'),
        (LINES, None, "category", 'no column "category"'),
        (LINES, IN_TWO, "category", r'more than one "category" in 1 of 4 rows .* "z"'),
        (LINES[:2], None, None, "No week from Monday to Sunday"),
        (LINES, ITEMS, ["category"], "by names one column"),
        (LINES, ITEMS.assign(item_id=[1, 2, 3]), "category", "numbers in one table and text"),
    ],
)
def test_weekly_demand_refuses(lines, items, by, message):
    with pytest.raises((TypeError, ValueError), match=message):
        forecast.weekly_demand(lines, items, by=by)


# ---------------------------------------------------------------- what all models share


@pytest.mark.parametrize("model", MODELS, ids=lambda m: type(m).__name__)
def test_forecast_is_a_table_of_the_next_weeks(model):
    demand = poisson()
    found = clone(model).fit(demand).predict(3)
    weeks = pd.date_range(demand["week"].max(), periods=4, freq="W-MON")[1:]
    assert found["week"].tolist() == [*weeks] * 3
    assert found["series"].tolist() == list("aaabbbccc")
    assert (found["lower"] <= found["mean"]).all()
    assert (found["mean"] <= found["upper"]).all()
    assert (found["lower"] >= 0).all()


@pytest.mark.parametrize("model", MODELS, ids=lambda m: type(m).__name__)
def test_order_of_rows_does_not_matter_and_fit_changes_nothing(model):
    demand = poisson()
    before = demand.copy()
    found = clone(model).fit(demand).predict(2)
    shuffled = clone(model).fit(demand.sample(frac=1, random_state=0)).predict(2)
    pd.testing.assert_frame_equal(found, shuffled)
    pd.testing.assert_frame_equal(demand, before)


@pytest.mark.parametrize("model", MODELS, ids=lambda m: type(m).__name__)
def test_interval_is_what_the_distribution_says(model):
    fitted = clone(model).fit(poisson())
    found, distribution = fitted.predict(3, level=0.6), fitted.distribution(3)
    assert found["upper"].to_numpy() == pytest.approx(distribution.ppf(0.8))
    assert found["lower"].to_numpy() == pytest.approx(np.maximum(distribution.ppf(0.2), 0))
    assert found["mean"].to_numpy() == pytest.approx(distribution.mean(), abs=1e-6)


@pytest.mark.parametrize("model", MODELS, ids=lambda m: type(m).__name__)
def test_nothing_sold_is_forecast_as_nothing(model):
    found = clone(model).fit(table(np.zeros((2, 80)))).predict(2)
    assert found["mean"].to_numpy() == pytest.approx(0, abs=1e-6)
    assert found["upper"].to_numpy() == pytest.approx(0, abs=1e-4)


@pytest.mark.parametrize("model", MODELS, ids=lambda m: type(m).__name__)
def test_models_refuse(model):
    model, demand = clone(model), poisson()
    with pytest.raises(NotFittedError):
        model.predict(2)
    sunday = demand["week"].mask(demand.index == 4, pd.Timestamp("2023-01-29"))
    for broken, message in [
        (demand.assign(units=-1), "is negative"),
        (pd.concat([demand, demand[:1]], ignore_index=True), "twice"),
        (demand.drop(index=5), r'1 of 240 weeks has no row \(first "a", 2023-02-06\)'),
        (demand.assign(week=sunday), r"no whole number of weeks .* \(row 4: .* Monday"),
        (table([1, 2, 3, 4]), r"needs \d+ weeks of demand, and there are 4"),
    ]:
        with pytest.raises(ValueError, match=message):
            model.fit(broken)
    fitted = model.fit(demand)
    with pytest.raises(ValueError, match="horizon is a whole number"):
        fitted.predict(0)
    with pytest.raises(ValueError, match="level is a share"):
        fitted.predict(1, level=80)
    with pytest.raises(ValueError, match="season is a number of weeks"):
        clone(model).set_params(season=0).fit(demand)


# ---------------------------------------------------------------- seasonal naive


def test_seasonal_naive_by_hand():
    # Season 3 of 1 2 6 | 1 4 6: squares of the differences 0, 4, 0, mean 4/3. Steps 1 to 3 are one
    # season away, step 4 two: variances 4/3 and 8/3. 90 % of a normal: 1.6449 deviations.
    model = SeasonalNaive(season=3).fit(table([1, 2, 6, 1, 4, 6]))
    found = model.predict(4, level=0.9)
    assert found["mean"].tolist() == [1, 4, 6, 1]
    reach = 1.6449 * np.sqrt([4 / 3, 4 / 3, 4 / 3, 8 / 3])
    assert found["upper"].tolist() == pytest.approx(np.add([1, 4, 6, 1], reach), abs=1e-3)
    assert found["lower"].tolist() == pytest.approx([0, 4 - reach[1], 6 - reach[2], 0], abs=1e-3)


def test_naive_is_the_last_week_with_an_error_that_grows_like_a_random_walk():
    # 2 4 3: squared steps 4 and 1, mean 2.5; h steps ahead 2.5 h.
    distribution = SeasonalNaive(season=1).fit(table([2, 4, 3])).distribution(3)
    assert distribution.mean().tolist() == [3, 3, 3]
    assert distribution.var() == pytest.approx([2.5, 5, 7.5])


# ---------------------------------------------------------------- exponential smoothing


def test_forecast_of_a_planted_wave_is_near_its_mean():
    # 40 units a week: the noise of one week is √40 = 6.3. The forecast knows three years of them.
    truth = waves(186, noise=False)[160:]
    found = ExponentialSmoothing().fit(table(waves(160))).predict(26)["mean"]
    assert np.abs(found - truth).mean() < 2.5


@pytest.mark.parametrize("model", [ExponentialSmoothing(), BoostedLags()])
def test_a_season_wants_two_of_its_kind(model):
    demand = poisson(weeks=104)
    with pytest.raises(ValueError, match=r"needs 105 weeks of demand, and there are 104"):
        clone(model).fit(demand)
    assert len(clone(model).set_params(season=None).fit(demand).predict(2)) == 6
    assert len(clone(model).fit(poisson(weeks=105)).predict(2)) == 6


def test_interval_covers_overdispersed_counts():
    demand = table(stats.nbinom(5, 0.5).rvs((20, 120), random_state=0))  # mean 5, variance 10
    found = forecast.rolling_origin({"m": ExponentialSmoothing(season=None)}, demand, 6, 4)
    assert 0.78 < forecast.score(found)["coverage"].iloc[0] < 0.88
    fitted = ExponentialSmoothing(season=None).fit(demand)
    assert fitted.dispersion_.mean() == pytest.approx(2, rel=0.1)


# ---------------------------------------------------------------- boosted trees


def test_rows_of_the_trees_by_hand():
    # Level of the 13 weeks 4 … 16: 10. The last four, 13 … 16: 14.5. Seen in week 16 (counted from
    # 0), two steps ahead; a season of 4 weeks: no 13 weeks of level and 9 weeks around 14 - 16 are
    # known a season earlier but those of weeks 8 … 16, mean 12, over the level of 0 … 12, 6.
    model = BoostedLags(horizon=2, season=4)
    columns, level = model._columns(np.arange(20.0)[None], np.array([16]), np.array([2]))
    assert level.tolist() == [[10]]
    # Week 18 is halfway through a season: sine 0, cosine -1.
    assert columns[0] == pytest.approx([0, 2, 1.45, np.nan, 12 / 6, 0, -1], nan_ok=True)


def test_no_row_of_the_training_knows_its_future():
    rng = np.random.default_rng(0)
    units = rng.poisson(8, (3, 90)).astype(float)
    seen, step = np.array([40, 60, 70]), np.array([1, 4, 8])
    before = BoostedLags()._columns(units, seen, step)
    for one in range(3):
        changed = units.copy()
        changed[:, seen[one] + 1 :] = 1000
        columns, level = BoostedLags()._columns(changed, seen, step)
        rows = np.arange(3) * 3 + one  # one row per series and pair
        assert np.array_equal(columns[rows], before[0][rows], equal_nan=True)
        assert np.array_equal(level[:, one], before[1][:, one])


def test_trees_follow_growth_they_have_not_seen():
    # 2 % a week: at the end of the 120 weeks demand is 2.7 times what it was a year earlier.
    units = 20 * np.exp(0.02 * np.arange(126)) * np.ones((4, 1))
    found = BoostedLags(horizon=6).fit(table(np.round(units[:, :120]))).predict(6)
    assert found["mean"].to_numpy() == pytest.approx(units[:, 120:].ravel(), rel=0.06)


def test_trees_do_not_care_for_the_scale():
    units = np.random.default_rng(1).poisson(50, (3, 100))
    one, ten = (
        BoostedLags(horizon=2, season=None).fit(table(k * units)).predict(2)["mean"]
        for k in (1, 10)
    )
    assert ten.to_numpy() == pytest.approx(10 * one.to_numpy(), rel=1e-6)


def test_a_shorter_look_is_the_beginning_of_a_longer_one_and_none_goes_further():
    one = BoostedLags(horizon=4, season=20).fit(poisson())
    both = one.predict(2).merge(one.predict(4), on=["week", "series", "mean"])
    assert len(both) == 6
    with pytest.raises(ValueError, match="up to 4 weeks ahead; 5"):
        one.predict(5)


@pytest.mark.parametrize("size", [10, 1000, 1_000_000])
def test_trees_survive_a_single_order(size):
    # One week of many units, else 0. The level is size / 13 for 13 weeks and a ratio 13 at most, so
    # no forecast is above size. In the last weeks, 0 each, errors are the forecasts themselves:
    # Σŷ² / Σŷ is no more than the largest of them.
    units = np.where(np.arange(122) == 60, size, 0)
    fitted = BoostedLags(horizon=4).fit(table(units))
    assert (fitted.predict(4)["mean"] <= size).all()
    assert 1 <= fitted.dispersion_[0] <= size


def test_dispersion_of_the_trees_is_that_of_weeks_they_have_not_seen():
    units = stats.nbinom(5, 0.5).rvs((60, 100), random_state=0)  # variance / mean = 2
    fitted = BoostedLags(horizon=4, season=None).fit(table(units))
    assert 1.8 < fitted.dispersion_.mean() < 2.6


# ---------------------------------------------------------------- the rolling origin


def test_rolling_origin_by_hand():
    # Seven weeks, horizon 2, two origins: known are 3 weeks, then 5. Naive: 6 6, then 4 4.
    demand = table([1, 2, 6, 1, 4, 6, 9])
    found = forecast.rolling_origin({"naive": SeasonalNaive(season=1)}, demand, 2, 2)
    assert found["units"].tolist() == [1, 4, 6, 9]
    assert found["mean"].tolist() == [6, 6, 4, 4]
    assert found["step"].tolist() == [1, 2, 1, 2]
    assert found["origin"].tolist() == [demand["week"][2]] * 2 + [demand["week"][4]] * 2
    # Steps of the history: 1, 4, then 1, 4, 5, 3.
    assert found["scale"].tolist() == [2.5, 2.5, 3.25, 3.25]


def test_scale_is_the_naive_scale_of_each_series():
    demand = poisson(weeks=40)
    found = forecast.rolling_origin({"n": SeasonalNaive(season=1)}, demand, 4, 2, season=4)
    for (series, origin), rows in found.groupby(["series", "origin"]):
        past = demand[(demand["series"] == series) & (demand["week"] <= origin)]
        assert rows["scale"].unique() == pytest.approx(scores.naive_scale(past["units"], 4))


def test_rolling_origin_never_sees_what_it_forecasts():
    demand = poisson(weeks=70)
    models = {
        "ets": ExponentialSmoothing(season=None),
        "trees": BoostedLags(horizon=4, season=None),
    }
    found = forecast.rolling_origin(models, demand, 4, 2)
    first = found["origin"].min()
    later = demand.assign(units=demand["units"].where(demand["week"] <= first, 500))
    again = forecast.rolling_origin(models, later, 4, 2)
    of_first = found["origin"] == first
    assert (again["mean"][of_first] == found["mean"][of_first]).all()
    assert (again["units"][of_first] == 500).all()


def test_each_of_the_last_weeks_is_forecast_once_by_each_model():
    demand = poisson(weeks=40)
    models = {"a": SeasonalNaive(season=1), "b": SeasonalNaive(season=4)}
    found = forecast.rolling_origin(models, demand.sample(frac=1, random_state=1), 5, 3)
    assert len(found) == 2 * 3 * 15
    assert not found.duplicated(["model", "series", "week"]).any()
    truth = demand.set_index(["series", "week"])["units"]
    pairs = pd.MultiIndex.from_frame(found[["series", "week"]])
    assert (found["units"].to_numpy() == truth.loc[pairs].to_numpy()).all()


def test_quantiles_of_the_rolling_origin_are_stocks():
    # Last week 6, squared steps 1, 16, mean 8.5: one step ahead the normal has deviation 2.9155.
    # 9 of 10: 6 + 1.2816 · 2.9155 = 9.74, in whole units 10. 1 of 100: below nothing.
    naive = SeasonalNaive(season=1)
    demand = table([1, 2, 6, 1])
    found = forecast.rolling_origin({"n": naive}, demand, 1, 1, quantiles=[0.9, 0.01])
    assert found[["q0.9", "q0.01"]].to_numpy().tolist() == [[10, 0]]
    stock = forecast.newsvendor(naive.fit(demand[:3]).distribution(1), 9, 1)
    assert stock == 10


TWELVE = poisson(weeks=12)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"horizon": 2, "season": 9}, "a season of 9 needs 10 before them; there are 12"),
        ({"origins": 0}, "origins is a whole number"),
        ({"quantiles": [90]}, "quantiles is a share between 0 and 1; got 90"),
        ({"quantiles": 0.5}, r"quantiles is a list of shares, .*; got 0.5"),
        ({"models": {"n": "naive"}}, "models: 'n' is no model but 'naive'"),
        ({"models": {"n": SeasonalNaive}}, "mind the parentheses"),
        ({"models": {}}, "models are given with their names"),
        ({"models": [SeasonalNaive(season=1)]}, "models are given with their names"),
        # Also in weeks that no model sees.
        ({"demand": pd.concat([TWELVE, TWELVE[-1:]])}, "twice"),
        ({"demand": TWELVE[:-1]}, r'1 of 36 weeks has no row \(first "c", 2023-03-20\)'),
    ],
)
def test_rolling_origin_refuses(change, message):
    right = {"models": {"n": SeasonalNaive(season=1)}, "demand": TWELVE, "horizon": 4, "origins": 2}
    with pytest.raises((TypeError, ValueError), match=message):
        forecast.rolling_origin(**right | change)


def test_variance_is_that_of_the_distribution():
    demand = poisson(weeks=30)
    model = ExponentialSmoothing(season=None)
    found = forecast.rolling_origin({"m": model}, demand, 4, 1)
    known = demand[demand["week"] < demand["week"].max() - pd.Timedelta(weeks=3)]
    assert found["variance"].to_numpy() == pytest.approx(model.fit(known).distribution(4).var())


# ---------------------------------------------------------------- the shop, against its truth


@pytest.fixture(scope="module")
def shop_results():
    shop = load_shop()
    demand = forecast.weekly_demand(shop.order_lines, shop.items, by="category")
    models = {"season before": SeasonalNaive(), "smoothing": ExponentialSmoothing()}
    found = forecast.rolling_origin(models, demand, horizon=8, origins=6)
    truth = load_shop_key()["demand"].rename(columns={"category": "series"})
    truth["week"] = pd.to_datetime(truth["week"])
    return found.merge(truth, on=["week", "series"], validate="many_to_one")


def test_smoothing_comes_near_the_noise_floor_of_the_shop(shop_results):
    error = forecast.score(shop_results)["wape"]
    floor = forecast.score(shop_results.assign(mean=shop_results["expected_units"]))["wape"].min()
    assert floor < error["smoothing"] < 1.12 * floor
    assert error["season before"] > 1.4 * floor  # the shop grows, and last year knows nothing of it


def test_intervals_hold_in_the_shop(shop_results):
    smoothing = shop_results[shop_results["model"] == "smoothing"]
    assert forecast.score(smoothing)["coverage"].iloc[0] == pytest.approx(0.8, abs=0.03)
