"""RFM, purchase histories, BTYD summaries and lifetime value, worked by hand on small shops."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import value
from helpers.data.problems import TableError
from helpers.value import histories, rfm_scores
from helpers.value.rfm_scores import rfm_score, rfm_segment


@pytest.fixture
def orders() -> pd.DataFrame:
    """Return what Ana, Ben and Cem bought in March 2025, not in order of time."""
    rows = [
        ("Cem", "2025-03-31 09:00", 8.0),
        ("Ana", "2025-03-01 10:00", 20.0),
        ("Ana", "2025-03-01 17:30", 10.0),  # the same day: one purchase of 30
        ("Ana", "2025-03-22 12:00", 6.0),
        ("Ben", "2025-03-10 23:59", 50.0),
        ("Ana", "2025-03-08 00:00", 4.0),
    ]
    table = pd.DataFrame(rows, columns=["user_id", "ordered_at", "value"])
    return table.astype({"ordered_at": "datetime64[ns]"})


# ---------------------------------------------------------------- histories


def test_what_comes_after_the_end_is_not_known_yet(orders):
    found = histories.purchase_histories(orders, value="value", observation_end="2025-03-10")
    assert found.index.to_list() == ["Ana", "Ben"]  # Cem has not come yet
    assert found.loc["Ana"].to_list() == [2, 9, 2, 34, 30]
    assert found.loc["Ben", "age"] == 0  # the last minute of the last day counts


def test_bad_transactions_are_refused_with_rows_and_mend(orders):
    with pytest.raises(TableError, match=r'"value" is negative .*\(row 2: -10.0\). Net returns'):
        value.rfm(orders.assign(value=orders["value"].where(orders.index != 2, -10.0)))
    with pytest.raises(ValueError, match=r"the first one is of 2025-03-01\. Choose a later end"):
        value.rfm(orders, observation_end="2025-02-28")


# ---------------------------------------------------------------- RFM


def test_rfm_by_hand(orders):
    found = value.rfm(orders)
    # Recency 9, 21, 0 days: Ana beats Ben (1/3: 1 + ⌊5/3⌋ = 2), Ben nobody (1), Cem both (4).
    # Frequency 3, 1, 1: Ana beats two of three (1 + ⌊10/3⌋ = 4), the others nobody (1).
    # Monetary 40, 50, 8: 2, 4, 1.
    assert found.loc["Ana"].to_list() == [9, 3, 40, 2, 4, 2, "At risk"]
    assert found.loc["Ben"].to_list() == [21, 1, 50, 1, 1, 4, "Lost"]
    assert found.loc["Cem"].to_list() == [0, 1, 8, 4, 1, 1, "Promising"]


def test_scores_of_users_who_all_differ_are_fifths():
    assert rfm_score(pd.Series(range(10))).to_list() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


@given(st.lists(st.integers(0, 12), min_size=1, max_size=60), st.randoms())
def test_scores_keep_ties_and_order_wherever_users_stand(values, random):
    scores = rfm_score(pd.Series(values))
    assert scores.between(1, 5).all()
    assert all(
        (scores[i] == scores[j]) if values[i] == values[j] else (scores[i] <= scores[j])
        for i in range(len(values))
        for j in range(len(values))
        if values[i] <= values[j]
    )
    order = random.sample(range(len(values)), len(values))
    assert rfm_score(pd.Series(values).iloc[order]).sort_index().equals(scores)


def test_every_cell_of_the_grid_has_one_name():
    scores = np.arange(1, 6)
    names = rfm_segment(pd.Series(np.repeat(scores, 5)), pd.Series(np.tile(scores, 5)))
    assert names.tolist() == value.RFM_GRID.loc[scores, scores].to_numpy().ravel().tolist()
    assert set(names) == set(rfm_scores.RFM_SEGMENTS)


@pytest.mark.parametrize("score", [0, 6, 2.5, np.nan])
def test_a_score_outside_the_grid_is_refused(score):
    with pytest.raises(ValueError, match="from 1 to 5"):
        rfm_segment(pd.Series([score]), pd.Series([3]))


# ---------------------------------------------------------------- BTYD summaries


def test_two_purchases_in_one_week_remain_two():
    close = pd.DataFrame(
        {"user_id": 1, "ordered_at": pd.to_datetime(["2025-03-01", "2025-03-03", "2025-03-04"])}
    )
    assert value.btyd_summary(close).loc[1].to_list() == pytest.approx([2, 3 / 7, 3 / 7])


# ---------------------------------------------------------------- lifetime value


class Steady:
    """Buys twice per unit of time, for 10 each."""

    def expected_purchases(self, t, summary):
        return pd.Series(2.0 * t, summary.index)

    def expected_spend(self, summary):
        return pd.Series(10.0, summary.index)


def test_clv_by_hand():
    # Margin 0.3 · 10 · 2 purchases = 6 a period, discounted by 1/1.25 and 1/1.25²:
    # 6 · 0.8 + 6 · 0.64 = 4.8 + 3.84 = 8.64. The whole revenue, 40, is not CLV.
    summary = pd.DataFrame({"frequency": [1]}, index=["Ana"])
    found = value.customer_lifetime_value(Steady(), Steady(), summary, 2, 0.3, 0.25)
    assert found.to_dict() == pytest.approx({"Ana": 8.64})
    assert found.name == "clv"


@pytest.mark.parametrize(
    ("horizon", "margin", "discount", "message"),
    [
        (1.5, 0.3, 0.1, "horizon is a whole number"),
        (12, 30, 0.1, "0.3 for 30%; got 30"),
        (12, 0, 0.1, "margin is a share"),
        (12, 0.3, -0.1, "discount is a rate"),
        (12, 0.3, math.nan, "discount is a rate"),
    ],
)
def test_clv_refuses_numbers_out_of_range(horizon, margin, discount, message):
    summary = pd.DataFrame({"frequency": [1]})
    with pytest.raises(ValueError, match=message):
        value.customer_lifetime_value(Steady(), Steady(), summary, horizon, margin, discount)
