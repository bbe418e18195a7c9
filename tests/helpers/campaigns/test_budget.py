"""The best split of a budget: by hand, against a general optimizer, properties."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.campaigns.budget import allocate, marginal_response, response


def curves(*pairs):
    names = [f"c{number}" for number in range(len(pairs))]
    return pd.DataFrame(pairs, index=names, columns=["ceiling", "half"], dtype=float)


TWO = curves((27, 3), (18, 2))


def test_response_by_hand():
    # 27 · 6 / 9 = 18 and 18 · 4 / 6 = 12; slopes 27 · 3 / 81 = 1 and 18 · 2 / 36 = 1.
    x = pd.Series({"c1": 4, "c0": 6})  # in another order
    assert response(TWO, x).tolist() == [18, 12]
    assert marginal_response(TWO, x).tolist() == [1, 1]


def test_allocate_by_hand():
    # √(27 · 3) = 9 and √(18 · 2) = 6: (9 + 6) / √λ = 10 + 3 + 2 at λ = 1.
    split = allocate(10, TWO)
    assert split.spending.to_numpy() == pytest.approx([6, 4])
    assert split.shadow_price == pytest.approx(1)


def test_a_channel_whose_first_dollar_brings_too_little_gets_nothing():
    # First dollars bring 9 and 0.5; with 6 dollars on the first its next brings 1.
    split = allocate(6, curves((27, 3), (5, 10)))
    assert split.spending.to_numpy() == pytest.approx([6, 0])


def test_no_dollar_is_spent_that_returns_less_than_itself():
    # A customer is worth 1 dollar: λ = 1, as by hand, however large the budget.
    for budget in (10, 1000, np.inf):
        assert allocate(budget, TWO, value=1).spending.to_numpy() == pytest.approx([6, 4])
    assert allocate(np.inf, TWO, value=0.1).spending.tolist() == [0, 0]  # first dollars bring 9
    assert allocate(5, TWO, value=1).spending.sum() == pytest.approx(5)


def test_bounds():
    low, high = pd.Series([0.0, 5], TWO.index), pd.Series([4.0, 100], TWO.index)
    assert allocate(10, TWO, low=low).spending.to_numpy() == pytest.approx([5, 5])
    assert allocate(10, TWO, high=high).spending.to_numpy() == pytest.approx([4, 6])


def test_a_channel_that_brings_nothing():
    assert allocate(10, curves((0, 3), (18, 2))).spending.to_numpy() == pytest.approx([0, 10])
    assert allocate(10, curves((0, 3), (0, 2))).spending.tolist() == [0, 0]
    assert allocate(0, TWO).spending.to_numpy() == pytest.approx([0, 0], abs=1e-9)


def test_a_budget_that_no_channel_takes_has_no_price():
    split = allocate(12, TWO, high=pd.Series(2.0, TWO.index))
    assert split.spending.tolist() == [2, 2]
    assert split.shadow_price == 0


CURVE = st.tuples(st.floats(1, 1000), st.floats(0.1, 100))


@given(st.lists(CURVE, min_size=2, max_size=5), st.floats(0.5, 200))
@settings(max_examples=25, deadline=None)
def test_marginal_responses_are_equal_where_money_goes(pairs, budget):
    table = curves(*pairs)
    split = allocate(budget, table)
    marginal = marginal_response(table, split.spending)
    paid = split.spending > 1e-9
    assert split.spending.sum() == pytest.approx(budget)
    assert marginal[paid].to_numpy() == pytest.approx(split.shadow_price, rel=1e-6)
    assert (marginal[~paid] <= split.shadow_price * (1 + 1e-6)).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: response(curves((5, 0)), pd.Series({"c0": 1})), '"half" is not positive'),
        (lambda: allocate(5, curves((-1, 2))), '"ceiling" is negative'),
        (lambda: response(TWO, pd.Series({"c0": -1, "c1": 1})), '"spending" is negative'),
        (lambda: response(TWO, pd.Series({"c0": 1})), "spending has no c1; give 0"),
        (lambda: allocate(5, TWO, low=pd.Series({"c0": -1, "c1": 1})), '"low" is negative'),
        (lambda: allocate(np.inf, TWO), "one of them is finite"),
        (lambda: allocate(5, TWO, low=pd.Series(4.0, TWO.index)), "lowest spending exceeds"),
    ],
)
def test_what_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
