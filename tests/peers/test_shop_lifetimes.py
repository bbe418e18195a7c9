"""The simulated shop against the library Lifetimes: the planted BG/NBD world can be recovered."""

import numpy as np
import pandas as pd
import pytest
from lifetimes import BetaGeoFitter

from helpers.data.shop.clock import CLOSES, DAYS, HORIZON_DAYS
from helpers.data.shop.orders import Rhythm, purchase_days
from helpers.data.shop.people import ALPHA, A, B, R
from helpers.data.shop.simulation import Size, simulate

WEEK = 7.0


def summarize(user: pd.Series, day: pd.Series, until: float) -> pd.DataFrame:
    """Return repeat purchases, time of the last one and time observed, in weeks, per user."""
    grouped = day.groupby(user)
    first = grouped.min()
    return pd.DataFrame(
        {
            "frequency": grouped.size() - 1,
            "recency": (grouped.max() - first) / WEEK,
            "T": (until - first) / WEEK,
        }
    )


def fit(summary: pd.DataFrame) -> BetaGeoFitter:
    return BetaGeoFitter().fit(summary["frequency"], summary["recency"], summary["T"])


def test_the_process_is_bg_nbd():
    # 30,000 users with rates and dropouts from the named distributions and no seasons.
    rng = np.random.default_rng(1)
    n = 30_000
    users = pd.DataFrame(
        {
            "rate": rng.gamma(R, 1 / ALPHA, n),
            "dropout": rng.beta(A, B, n),
            "first_day": rng.random(n) * 500,
        }
    )
    steady = Rhythm(np.arange(DAYS + HORIZON_DAYS + 1.0)[None, :], np.zeros(n, dtype=int))
    purchases, _ = purchase_days(users, steady, rng)
    model = fit(summarize(purchases["user"], purchases["day"], DAYS))
    error = model.summary["se(coef)"]
    for name, planted in {"r": R, "alpha": ALPHA, "a": A, "b": B}.items():
        assert abs(model.params_[name] - planted) < 3 * error[name], name


def test_the_shop_with_its_seasons_is_close_to_bg_nbd():
    # Personas and seasons bend the process a little; totals must still be about right.
    world = simulate(Size(users=20_000, items=200, ratings=1_000), seed=1)
    orders = world.placed.drop_duplicates("order_id")
    day = (orders["ordered_at"] - pd.Timestamp("2023-01-01")) / pd.Timedelta(days=1)
    summary = summarize(orders["user_id"], day, (CLOSES - pd.Timestamp("2023-01-01")).days)
    model = fit(summary)
    expected = model.conditional_expected_number_of_purchases_up_to_time(
        HORIZON_DAYS / WEEK, summary["frequency"], summary["recency"], summary["T"]
    )
    truth = world.key["users"].set_index("user_id")["expected_purchases"].loc[summary.index]
    assert expected.sum() == pytest.approx(truth.sum(), rel=0.2)
    assert np.corrcoef(expected, truth)[0, 1] > 0.6
