"""Simulated advertising: the same history always, and the response that its key promises."""

import numpy as np
import pandas as pd
import pytest

from helpers.data.shop.channels import CHANNELS, HISTORY, REGIONS, simulate_channels

NAMES = list(CHANNELS.index)


@pytest.fixture(scope="module")
def history():
    return simulate_channels()


def steady(factors, seed=7):
    """A very long experiment in which spending is the plan times factors, per channel."""
    return simulate_channels(seed, experiment=np.ones((52, REGIONS, len(NAMES))) * factors)


def test_an_experiment_leaves_the_history_and_the_shocks_as_they_are(history):
    run = simulate_channels(experiment=np.zeros((4, REGIONS, len(NAMES))))
    before = run.weeks.iloc[: HISTORY * REGIONS]
    pd.testing.assert_frame_equal(history.weeks, before)
    after = run.weeks.iloc[HISTORY * REGIONS :]
    assert (after[NAMES] == 0).all(axis=None)
    planned = simulate_channels(experiment=np.ones((4, REGIONS, len(NAMES))))
    assert run.key["weeks"]["base"].equals(planned.key["weeks"]["base"])


def test_the_key_says_what_each_channel_brings(history):
    # Search has no carryover: 220 · x / (3,000 + x) per head, times the share of the region.
    weeks, key = history.weeks, history.key["weeks"]
    x = weeks["search"] / weeks["share"]
    assert key["search"].to_numpy() == pytest.approx(
        (weeks["share"] * 220 * x / (3000 + x)).to_numpy(), rel=1e-3
    )
    # Television: the recursion by hand in the first region, 0.3 of this week and 0.7 of before.
    first = weeks["region"] == "R01"
    x = (weeks["tv"] / weeks["share"])[first].to_numpy()
    stock = x[0]
    for week in range(1, 5):
        stock = 0.3 * x[week] + 0.7 * stock
    expected = weeks["share"].iloc[0] * 400 * stock / (10_000 + stock)
    assert key.loc[first, "tv"].iloc[4] == pytest.approx(expected, rel=1e-3)


def test_customers_scatter_around_the_key_as_counts_do(history):
    expected = history.key["weeks"][["base", *NAMES]].sum(axis=1)
    z = (history.weeks["customers"] - expected) / np.sqrt(expected)
    assert z.mean() == pytest.approx(0, abs=0.05)
    assert z.std() == pytest.approx(1, abs=0.05)


def test_spending_follows_demand():
    # On search by more than the season alone: it rises with the hidden shock, too.
    slopes = []
    for seed in range(5):
        run = simulate_channels(seed)
        spent = np.log(run.weeks.groupby("week")["search"].sum())
        demand = np.log(run.key["weeks"].groupby("week")["base"].sum())
        slopes.append(np.polyfit(demand, spent, 1)[0])
    assert 0.8 < np.mean(slopes) < 1.6


def test_each_customer_has_one_last_click(history):
    clicked = history.clicks.groupby("week")["customers"].sum()
    customers = history.weeks.groupby("week")["customers"].sum()
    assert (clicked - customers).abs().max() <= 2  # rounding
    assert (history.clicks.query("channel == 'tv'")["customers"] == 0).all()


def test_shares_are_those_of_a_country(history):
    assert history.weeks.groupby("week")["share"].sum().to_numpy() == pytest.approx(1)
    assert history.weeks["week"].dt.day_of_week.eq(0).all()


def test_more_spending_brings_more_and_each_step_less():
    brought = [
        steady(factor).key["weeks"][NAMES].tail(20 * REGIONS).sum().to_numpy()
        for factor in (0, 1, 2)
    ]
    assert brought[0][:3] == pytest.approx([0, 0, 0], abs=1e-6)  # tv still fades
    assert (brought[1] - brought[0] > brought[2] - brought[1]).all()
    assert (brought[2] > brought[1]).all()


@pytest.mark.parametrize(
    "experiment",
    [np.ones((4, 3, 4)), np.ones((REGIONS, 4)), -np.ones((4, REGIONS, 4))],
)
def test_what_is_refused(experiment):
    with pytest.raises(ValueError, match="experiment h"):
        simulate_channels(experiment=experiment)
