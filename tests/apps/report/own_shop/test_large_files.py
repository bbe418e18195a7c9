"""What makes large files fast does not change what is found."""

import numpy as np
import pandas as pd
import pytest

from apps.report import churn_list, recommendations, section
from apps.report.own_shop import read_own_shop
from apps.report.own_shop.repeats import like_others
from apps.report.own_shop.returns import _names_an_order
from tools.benchmarks import own_shop


@pytest.mark.parametrize("seed", range(5))
def test_rows_that_equal_another_are_those_of_pandas(seed):
    rng = np.random.default_rng(seed)
    columns = ["time", "item_id", "order_id", "quantity"]
    values = rng.choice(np.array(["a", "b", "c", None], object), (60, 4))
    table = pd.DataFrame(values, columns=columns).astype("str")
    expected = np.flatnonzero(table.duplicated(keep=False))
    assert 0 < len(expected) < 60
    assert like_others(table).tolist() == expected.tolist()


def test_no_row_equals_another():
    table = pd.DataFrame({"order_id": ["1", "1", None], "sku": ["a", "b", "a"]}, dtype="str")
    assert like_others(table).tolist() == like_others(table.head(0)).tolist() == []


def test_a_refund_names_an_order_with_a_letter_before_it():
    # R9 names order 9, which was not sold; C3 was sold under this very id; X1 has another letter.
    ids = pd.Series(["1", "2", "C3", "C1", "R2", "R9", "C3", "X1"])
    back = pd.Series([False] * 3 + [True] * 5)
    assert _names_an_order(ids, back).tolist() == [False] * 3 + [True, True] + [False] * 3


def test_the_bar_moves_to_the_end():
    calls = []
    read_own_shop(own_shop.file(50_000), progress=lambda done, total: calls.append((done, total)))
    assert calls == [(done, 7) for done in range(1, 8)]


def test_the_benchmark_compares_the_same():
    own_shop.same(own_shop.ours(50_000), own_shop.with_pandas(50_000))


@pytest.mark.parametrize("make", [churn_list, recommendations])
def test_a_sample_is_said_and_the_rest_is_exact(make, monkeypatch):
    shop = read_own_shop(own_shop.file(50_000))
    whole = make(shop)
    assert not whole.skipped
    assert "sample" not in " ".join(whole.caveats)
    monkeypatch.setattr(section, "SAMPLE", 5_000)
    some = make(shop)
    customers = shop.customer_orders["user_id"].nunique()
    said = f"a random sample of 5,000 of the {customers:,} customers"
    assert any(said in caveat for caveat in some.caveats)
    if make is churn_list:  # how many churned is counted among all customers
        assert some.reading[0] == whole.reading[0]
    else:  # so are the buyers of each bestseller, and who has the most orders
        ours, theirs = (each.tables[-1].cells.iloc[:, 0].tolist() for each in (some, whole))
        assert ours == theirs or some.tables[-1].caption != whole.tables[-1].caption
