"""The simulated shop: its processes by hand, its answer key against what happened, its export."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.model_selection import cross_val_score

from helpers.data.shop.catalog import COMPLEMENTS, make_items
from helpers.data.shop.choice import Choice
from helpers.data.shop.clock import DAYS, HORIZON_DAYS, seasonal_clock, timestamps
from helpers.data.shop.export import make_export, write_export
from helpers.data.shop.opinions import SPEAKS, best_prediction, favorites, true_stars
from helpers.data.shop.orders import Rhythm, purchase_days
from helpers.data.shop.people import make_users
from helpers.data.shop.simulation import Size, simulate, simulate_ratings
from helpers.data.shop.truth import true_futures, true_rules

COMMITTED = Path(__file__).parents[3] / "data" / "shop"
MIDDLE = Size(users=4_000, items=300, ratings=8_000)


@pytest.fixture(scope="module")
def small():
    return simulate("small")


@pytest.fixture(scope="module")
def worlds():
    """Ten shops that differ in nothing but the seed."""
    return [simulate(MIDDLE, seed=seed) for seed in range(10)]


def steady(users: int) -> Rhythm:
    """A rhythm without seasons: every day counts one."""
    return Rhythm(np.arange(DAYS + HORIZON_DAYS + 1.0)[None, :], np.zeros(users, dtype=int))


def alike(count: int, rate: float, dropout: float, first_day: float) -> pd.DataFrame:
    return pd.DataFrame(
        {"rate": rate, "dropout": dropout, "first_day": first_day}, index=range(count)
    )


# ---------------------------------------------------------------- time


def test_clock_keeps_the_mean_day():
    clock = seasonal_clock(peak_month=12, swing=1.0)
    assert clock[0] == 0
    assert clock[DAYS] == pytest.approx(DAYS)
    # Mid-December runs faster than mid-June by e^(2 · swing), about 7.4 (weeks even out weekdays).
    december, june = clock[353] - clock[339], clock[171] - clock[157]
    assert december / june == pytest.approx(np.exp(2.0), rel=0.05)


def test_timestamps_follow_the_hours():
    # The hourly profile sums to 248. By 08:00 come 3+2+1+1+1+2+4+7 = 21 of it.
    assert timestamps(np.array([0.0, 1 + 21 / 248])).astype(str).tolist() == [
        "2023-01-01T00:00:00.000000",
        "2023-01-02T08:00:00.000000",
    ]


# ---------------------------------------------------------------- buying


def test_purchases_follow_the_process():
    # 0.7 a week is 0.1 a day; 200 days are left after day 896; each purchase ends it with 0.25.
    # E[repeats] = (1 − exp(−0.1 · 0.25 · 200)) / 0.25 = (1 − e⁻⁵) / 0.25 = 3.973; alive e⁻⁵.
    n = 40_000
    users = alike(n, rate=0.7, dropout=0.25, first_day=DAYS - 200.0)
    purchases, alive = purchase_days(users, steady(n), np.random.default_rng(5))
    repeats = purchases["user"].value_counts() - 1
    assert repeats.mean() == pytest.approx((1 - np.exp(-5)) / 0.25, abs=4 * repeats.std() / n**0.5)
    assert alive["today"].mean() == pytest.approx(np.exp(-5), abs=4 * (0.0067 / n) ** 0.5)


def test_nobody_leaves_at_the_first_purchase():
    # With dropout certain, everyone with time left for it buys exactly once more: it is the
    # repeat purchase that ends it. 0.1 · 1000 days: none is left without (e⁻¹⁰⁰).
    users = alike(500, rate=0.7, dropout=0.999999, first_day=DAYS - 1000.0)
    purchases, alive = purchase_days(users, steady(500), np.random.default_rng(5))
    assert (purchases["user"].value_counts() == 2).all()
    assert not alive["today"].any()


def test_futures_by_hand():
    # λΔ = 0.7/7 · 90 = 9 and p = 0.5: E = (1 − e⁻⁴·⁵)/0.5 = 1.9778; P(none) = e⁻⁹ = 0.0001234.
    users = alike(3, rate=0.7, dropout=0.5, first_day=10.0)
    users.loc[2, "first_day"] = np.nan
    future = true_futures(users, np.array([True, False, False]), steady(3))
    assert future["expected_purchases"].tolist() == pytest.approx(
        [1.9778, 0.0, np.nan], abs=1e-4, nan_ok=True
    )
    assert future["p_silent"].tolist() == pytest.approx(
        [0.0001234, 1.0, np.nan], abs=1e-6, nan_ok=True
    )


def test_rates_and_dropouts_are_the_named_distributions(small):
    key = small.key["users"]
    truth = small.key["truth"].set_index("name")["value"]
    assert stats.kstest(key["rate"], stats.gamma(truth["r"], scale=1 / truth["alpha"]).cdf)[1] > 0.5
    assert stats.kstest(key["dropout"], stats.beta(truth["a"], truth["b"]).cdf)[1] > 0.5
    assert abs(stats.spearmanr(key["rate"], key["dropout"])[0]) < 0.05  # BG/NBD: independent


def test_alive_users_and_their_last_orders(small):
    # Those who left never order again, so on average they were last seen long before the others.
    last = small.placed.groupby("user_id")["ordered_at"].max()
    key = small.key["users"].set_index("user_id").loc[last.index]
    assert last[key["alive"]].median() > last[~key["alive"]].median()
    # One-time buyers cannot have left: dropout needs a repeat purchase.
    orders = small.placed.groupby("user_id")["order_id"].nunique()
    coupon = small.key["campaign"].set_index("user_id").index  # may have lost or won an order
    once = orders[orders == 1].index.difference(coupon)
    assert key.loc[once, "alive"].all()


# ---------------------------------------------------------------- choosing


def test_picks_follow_the_probabilities():
    rng = np.random.default_rng(3)
    items, users = make_items(250, 4, rng), make_users(30, 4, rng)
    choice = Choice(users, items)
    user, day = np.full(60_000, 7), np.full(60_000, 400)
    picks = np.bincount(choice.pick(user, day, rng), minlength=250)
    expected = 60_000 * choice.probability(user[:1], day[:1], np.arange(250))[0]
    assert expected.sum() == pytest.approx(60_000)
    assert (picks[expected == 0] == 0).all()  # not launched yet
    common = expected > 5
    assert (
        stats.chisquare(
            np.append(picks[common], picks[~common].sum()),
            np.append(expected[common], expected[~common].sum()),
        ).pvalue
        > 0.001
    )


def test_items_are_not_sold_before_their_launch(small):
    launched = small.shop.items.set_index("item_id")["launched_at"]
    for table, time in (("order_lines", "ordered_at"), ("events", "occurred_at")):
        rows = getattr(small.shop, table)
        days = rows[time].dt.normalize() - rows["item_id"].map(launched).dt.normalize()
        # A view lies some minutes before the visit's end, which may be just after midnight.
        assert days.min() >= pd.Timedelta(days=-1 if table == "events" else 0)


class Certain:
    """A stand-in for `Choice`: every pick takes A with 0.2 and B with 0.1."""

    def probability(self, users, days, items):
        return np.tile(np.repeat([0.2, 0.1], len(items) // 2), (len(users), 1))


@pytest.mark.parametrize(
    ("picks", "support", "confidence", "lift"),
    [
        # One pick: A .2, B alone .1. With c = .4, A and B .08, B in all .18; lift .4/.18.
        (1, 0.08, 0.40, 0.4 / 0.18),
        # Two picks: A 1−.64 = .36; A and B by chance 2·.2·.1 = .04; A not B .32, of which .128 get
        # B; both .168; confidence .168/.36; B alone .8²−.7² = .15; B in all .318.
        (2, 0.168, 0.168 / 0.36, 0.168 / 0.36 / 0.318),
    ],
)
def test_rules_by_hand(picks, support, confidence, lift):
    items = make_items(200, 4, np.random.default_rng(1))
    orders = pd.DataFrame({"user": [0, 0], "day": [5.0, 6.0], "picks": picks})
    rules, _ = true_rules(items, orders, Certain())
    teapot = rules[rules["probability"] == 0.40].iloc[0]
    assert COMPLEMENTS[0][2] == 0.40
    assert teapot["support"] == pytest.approx(support)
    assert teapot["confidence"] == pytest.approx(confidence)
    assert teapot["lift"] == pytest.approx(lift)


def test_true_rules_are_what_baskets_show(worlds):
    # Counted in the baskets as placed, over ten shops: 12 rules each, within their sampling noise.
    z = []
    for world in worlds:
        baskets = world.placed.groupby("item_id")["order_id"].agg(set)
        orders = world.placed["order_id"].nunique()
        for rule in world.key["rules"].itertuples():
            both = len(baskets[rule.anchor] & baskets[rule.complement])
            z.append((both - orders * rule.support) / np.sqrt(orders * rule.support))
    assert abs(np.mean(z)) < 4 / np.sqrt(len(z))
    assert 0.8 < np.std(z) < 1.2


def test_true_demand_is_unbiased(worlds):
    ratios = []
    for world in worlds:
        sold = world.shop.order_lines.merge(world.shop.items[["item_id", "category"]])
        demand = world.key["demand"]
        inside = sold["ordered_at"].between(
            demand["week"].min(), demand["week"].max() + pd.Timedelta(days=7), inclusive="left"
        )
        ratios.append(sold["quantity"][inside].sum() / demand["expected_units"].sum())
    assert stats.ttest_1samp(ratios, 1.0).pvalue > 0.01
    assert np.std(ratios) < 0.05


def test_demand_has_the_planted_season(small):
    demand = small.key["demand"]
    month = demand["week"].dt.month
    for category in small.key["categories"].itertuples():
        if category.swing >= 0.6:
            mine = demand[demand["category"] == category.category]
            share = (
                mine["expected_units"].groupby(month).sum()
                / demand.groupby(month)["expected_units"].sum()
            )
            off = abs(share.idxmax() - category.peak_month)
            assert min(off, 12 - off) <= 1, category.category


# ---------------------------------------------------------------- the coupon


def test_coupon_uplift_is_what_the_experiment_shows(worlds):
    errors = []
    for world in worlds:
        both = world.shop.campaign.merge(world.key["campaign"])
        treated, control = both[both["treated"]], both[~both["treated"]]
        errors.append(
            treated["responded"].mean() - control["responded"].mean() - treated["uplift"].mean()
        )
    assert stats.ttest_1samp(errors, 0.0).pvalue > 0.01


def test_coupon_is_sent_at_random_and_hurts_some(small):
    both = small.shop.campaign.merge(small.key["campaign"])
    assert abs(both["treated"].mean() - 0.5) < 4 * 0.5 / len(both) ** 0.5
    assert abs(stats.pointbiserialr(both["treated"], both["uplift"])[0]) < 4 / len(both) ** 0.5
    personas = both.merge(small.key["users"][["user_id", "persona"]])
    by_persona = personas.groupby("persona")["uplift"].mean()
    assert by_persona["treat buyer"] < 0 < by_persona["bargain hunter"]
    assert ((both["organic"] + both["uplift"]).between(0, 1)).all()


# ---------------------------------------------------------------- ratings


def test_best_prediction_is_the_mean_of_published_stars():
    rng = np.random.default_rng(8)
    stars = np.clip(np.rint(3.2 + 0.85 * rng.standard_normal(400_000)), 1, 5).astype(int)
    told = stars[rng.random(len(stars)) < SPEAKS[stars - 1]]
    best, variance = best_prediction(np.array([3.2]))
    assert best[0] == pytest.approx(told.mean(), abs=4 * told.std() / len(told) ** 0.5)
    assert variance[0] == pytest.approx(told.var(), rel=0.02)


def test_no_model_beats_the_noise_floor_by_more_than_luck(small):
    truth = small.key["truth"].set_index("name")["value"]
    assert truth["oracle_rmse"] == pytest.approx(truth["best_rmse"], rel=0.01)
    # The floor is well below what predicting one mean for all gives, and well above zero.
    assert 0.6 < truth["best_rmse"] < 0.85 * small.shop.ratings["rating"].std()


def test_ratings_alone_are_those_of_the_shop_and_know_their_best_prediction(small):
    alone = simulate_ratings("small")
    pd.testing.assert_frame_equal(alone.drop(columns="best"), small.shop.ratings)
    oracle = small.key["truth"].set_index("name")["value"]["oracle_rmse"]
    assert np.sqrt(((alone["rating"] - alone["best"]) ** 2).mean()) == pytest.approx(oracle)


# ---------------------------------------------------------------- no walk-over


def test_personas_overlap(small):
    # Even with the hidden traits in hand, the best linear rule names one user in three wrongly.
    key = small.key["users"]
    traits = np.column_stack(
        [np.log(key["rate"]), key[["dropout", "premium", "bargain"]], np.log(key["basket"])]
    )
    accuracy = cross_val_score(LinearDiscriminantAnalysis(), traits, key["persona"], cv=5).mean()
    assert 0.5 < accuracy < 0.75


# ---------------------------------------------------------------- the tables and the export


def test_tables_are_clean_by_construction(small):
    small.shop.validate()
    assert small.shop.order_lines["ordered_at"].min() < pd.Timestamp("2023-02-01")
    assert small.shop.order_lines["ordered_at"].max() > pd.Timestamp("2025-12-01")


def test_purchase_events_are_the_orders(small):
    bought = small.shop.events[small.shop.events["event"] == "purchase"]
    placed = small.placed[small.placed["ordered_at"] >= "2025-01-01"]
    columns = ["user_id", "item_id", "ordered_at"]
    left = bought.rename(columns={"occurred_at": "ordered_at"})[columns].sort_values(columns)
    right = placed[columns].sort_values(columns)
    assert (left.to_numpy() == right.to_numpy()).all()


def test_committed_files_are_what_the_simulation_writes(small, tmp_path):
    write_export(small, tmp_path)
    written = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.csv"))
    assert written == sorted(path.relative_to(COMMITTED) for path in COMMITTED.rglob("*.csv"))
    for path in written:
        assert (tmp_path / path).read_bytes() == (COMMITTED / path).read_bytes(), path


def test_canceled_and_returned_lines_and_a_clock_gone_wrong(small):
    # What the other faults look like is tested by the cleaning, which finds each of them.
    raw, faults = make_export(small)
    rows = {
        fault: raw[table].loc[group["row"]]
        for (table, fault), group in faults.groupby(["table", "fault"])
    }
    assert rows["cancellation"]["order_id"].str.startswith("C").all()
    assert rows["return"]["order_id"].str.startswith("R").all()
    assert len(rows["time_zone"]) > 1000
    # What is canceled adds up to nothing: C rows mirror the lines they cancel.
    canceled = rows["canceled_line"]["quantity"].str.removesuffix(" pcs").astype(int)
    undone = rows["cancellation"]["quantity"].str.removesuffix(" pcs").astype(int)
    assert canceled.sum() + undone.sum() == 0


def test_sizes_that_cannot_be():
    with pytest.raises(ValueError, match="'huge'; sizes are small, article, large"):
        simulate("huge")
    with pytest.raises(ValueError, match="at least 192 items, one per noun; got 50"):
        simulate(Size(users=100, items=50, ratings=10))


def test_true_stars_by_hand():
    # Ana: 3.3 + 0.5 + quality + 0.75 · (2 · factor_1 − factor_2).
    # lamp: 3.8 + 1 + 0.75 · (2 · 1 − 0) = 6.3; vase: 3.8 − 1 + 0.75 · (0 − 2) = 1.3.
    users = pd.DataFrame({"user_id": ["Ben", "Ana"], "leniency": [0.0, 0.5]})
    users = users.assign(taste_1=[0.0, 2.0], taste_2=[0.0, -1.0])
    items = pd.DataFrame({"item_id": ["lamp", "vase"], "quality": [1.0, -1.0]})
    items = items.assign(factor_1=[1.0, 0.0], factor_2=[0.0, 2.0])
    pairs = pd.DataFrame({"user_id": "Ana", "item_id": ["vase", "lamp"]}, index=[7, 3])
    stars = true_stars({"users": users, "items": items}, pairs)
    assert stars.to_dict() == pytest.approx({7: 1.3, 3: 6.3})


def test_favorites_by_hand():
    # Stars: 3.3 + 0.75 · taste · factor. Ana (1): rug 5.55 (she has it), vase 4.8, lamp 4.05.
    # Ben (−1): lamp 2.55, vase 1.8, rug 1.05; what Ana has he may get.
    users = pd.DataFrame({"user_id": ["Ben", "Ana"], "leniency": 0.0, "taste_1": [-1.0, 1.0]})
    items = pd.DataFrame({"item_id": ["lamp", "vase", "rug"], "quality": 0.0})
    items["factor_1"] = [1.0, 2.0, 3.0]
    past = pd.DataFrame({"user_id": ["Ana"], "item_id": ["rug"]})
    lists = favorites({"users": users, "items": items}, ["Ben", "Ana"], past, k=2)
    assert lists["user_id"].tolist() == ["Ana", "Ana", "Ben", "Ben"]
    assert lists["item_id"].tolist() == ["vase", "lamp", "lamp", "vase"]
    assert lists["rank"].tolist() == [1, 2, 1, 2]
