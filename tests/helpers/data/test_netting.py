"""Cancellations and returns are netted line by line: worked by hand, then on any order lines."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.data import cleaning, problems
from helpers.data.cleaning.orders import units_left

RULES = {"C": cleaning.net_cancellations, "R": cleaning.net_returns}


def lines(*rows, **columns):
    """Order lines (order_id, item_id, quantity)."""
    return pd.DataFrame(rows, columns=["order_id", "item_id", "quantity"]).assign(**columns)


def labels(index):
    return index.tolist()


def test_a_canceled_order_goes_with_its_cancellation():
    table = lines(
        ("O1", "I1", 2), ("O1", "I2", 1), ("O2", "I1", 2),
        ("CO1", "I1", -2), ("CO1", "I2", -1), ("C99", "I1", -5),  # what C99 cancels is not here
    )  # fmt: skip
    kept, row = cleaning.net_cancellations(table)
    assert kept["order_id"].tolist() == ["O2"]
    assert (labels(row.touched), labels(row.dropped)) == ([], [0, 1, 3, 4, 5])


# ---------------------------------------------------------------- several lines of one item


def test_a_return_is_taken_off_one_line_after_the_other():
    # 3 + 2 were bought, 2 came back: 3 are kept. Off each line, it would be 1 + 0.
    table = lines(("O1", "A", 3), ("O1", "A", 2), ("RO1", "A", -2))
    kept, row = cleaning.net_returns(table)
    assert kept["quantity"].tolist() == [1, 2]
    assert (labels(row.touched), labels(row.dropped)) == ([0], [2])
    # 4 came back, in two returns: the first line goes, and one unit of the second.
    table = lines(("O1", "A", 3), ("O1", "A", 2), ("RO1", "A", -2), ("RO1", "A", -2))
    kept, row = cleaning.net_returns(table)
    assert kept["quantity"].tolist() == [1]
    assert (labels(row.touched), labels(row.dropped)) == ([1], [0, 2, 3])


def test_what_nobody_bought_is_taken_off_nothing():
    # 6 of 5 came back, and 1 of an item that is not in the order: neither leaves a debt.
    table = lines(
        ("O1", "A", 3), ("O1", "A", 2), ("O1", "B", 1), ("O2", "A", 4),
        ("RO1", "A", -6), ("RO1", "C", -1), ("RO9", "A", -1),
    )  # fmt: skip
    kept, row = cleaning.net_returns(table)
    assert labels(kept.index) == [2, 3]
    assert (labels(row.touched), labels(row.dropped)) == ([], [0, 1, 4, 5, 6])


@pytest.mark.parametrize(
    ("price", "left"),
    [(5.0, [1, 2]), (4.0, [3]), (7.0, [1, 2]), (4.001, [3])],  # of no line: the first; to the cent
)
def test_a_return_goes_to_the_line_of_its_price_first(price, left):
    table = lines(("O1", "A", 3), ("O1", "A", 2), ("RO1", "A", -2), unit_price=[5.0, 4.0, price])
    assert cleaning.net_returns(table)[0]["quantity"].tolist() == left


def test_what_is_beyond_the_line_of_its_price_goes_to_the_next():
    # 3 came back at 4: 2 off the second line, 1 off the first. 2 units at 5 are kept.
    table = lines(("O1", "A", 3), ("O1", "A", 2), ("RO1", "A", -3), unit_price=[5.0, 4.0, 4.0])
    kept, _ = cleaning.net_returns(table)
    assert kept[["quantity", "unit_price"]].to_numpy().tolist() == [[2, 5.0]]
    # 1 at 5 comes back after 3 at 4: no matter in which order they are read, 1 at 5 is left.
    table = pd.concat([table, lines(("RO1", "A", -1), unit_price=5.0)])
    for rows in (table, table[::-1]):
        kept, _ = cleaning.net_returns(rows)
        assert kept[["quantity", "unit_price"]].to_numpy().tolist() == [[1, 5.0]]


@pytest.mark.parametrize(
    ("discount", "left"),
    [(0.0, [1, 2, 1]), (0.5, [3, 1]), (0.2, [1, 2, 1])],  # 0.2 is the discount of another price
)
def test_of_equal_prices_the_line_of_its_discount_comes_first(discount, left):
    table = lines(("O1", "A", 3), ("O1", "A", 2), ("O1", "A", 1), ("RO1", "A", -2))
    table["unit_price"], table["discount"] = [5.0, 5.0, 4.0, 5.0], [0.0, 0.5, 0.2, discount]
    assert cleaning.net_returns(table)[0]["quantity"].tolist() == left
    turned = table[["discount", "unit_price", "quantity", "item_id", "order_id"]]
    assert cleaning.net_returns(turned)[0]["quantity"].tolist() == left


def test_negative_units_that_are_no_return_are_left_to_another_rule():
    table = lines(("O1", "A", 3), ("O1", "A", -2), ("RO1", "A", -1))
    assert cleaning.net_returns(table)[0]["quantity"].tolist() == [2, -2]


def test_a_return_of_a_canceled_order_has_nothing_left_to_take_back():
    table = lines(("O1", "A", 3), ("O2", "A", 3), ("CO1", "A", -3), ("RO1", "A", -1))
    kept, _ = cleaning.net_returns(cleaning.net_cancellations(table)[0])
    assert kept.to_numpy().tolist() == [["O2", "A", 3]]


# ---------------------------------------------------------------- kinds of columns


@pytest.mark.parametrize("ids", ["object", "str", "category"])
def test_ids_of_any_kind(ids):
    table = lines(("O1", 7, 3), ("O1", 8, 2), ("RO1", 7, -2)).astype({"order_id": ids})
    for item in ("int64", "Int32", ids):
        kept, _ = cleaning.net_returns(table.astype({"item_id": item}))
        assert kept["quantity"].tolist() == [1, 2]
        assert kept["order_id"].tolist() == ["O1", "O1"]


def test_an_order_with_a_whole_number_is_no_return():
    table = lines((1, "A", 3), (2, "A", -2))
    kept, row = cleaning.net_returns(table)
    pd.testing.assert_frame_equal(kept, table)
    assert len(row.touched) == len(row.dropped) == 0


def test_ids_that_are_missing_match_nothing():
    table = lines(("O1", None, 3), ("RO1", None, -2), (None, "A", 3), ("RO1", "A", -1))
    kept, _ = cleaning.net_returns(table)
    assert kept["quantity"].tolist() == [3, 3]


def test_prices_that_are_missing_or_still_text():
    table = lines(("O1", "A", 3), ("O1", "A", 2), ("RO1", "A", -2), unit_price=["$5", "$4", "$4"])
    assert cleaning.net_returns(table)[0]["quantity"].tolist() == [3]
    for price in ([5.0, np.nan, np.nan], [5.0, 4.0, np.nan], [np.nan] * 3):
        table["unit_price"] = price
        assert cleaning.net_returns(table)[0]["quantity"].sum() == 3


def test_weights_that_came_back_whole_leave_nothing():
    table = lines(("O1", "A", 0.8), ("O1", "B", 0.5), ("RO1", "A", -0.1), ("RO1", "A", -0.7))
    assert cleaning.net_returns(table)[0]["item_id"].tolist() == ["B"]


def test_row_labels_may_repeat():
    table = lines(("O1", "A", 3), ("O1", "A", 2), ("RO1", "A", -2)).set_axis([4, 4, 4])
    kept, row = cleaning.net_returns(table)
    assert kept["quantity"].tolist() == [1, 2]
    assert (labels(row.touched), labels(row.dropped)) == ([4], [4])


def test_without_rows_or_without_a_column():
    table = lines(("O1", "A", 3))
    assert cleaning.net_returns(table.head(0))[0].empty
    with pytest.raises(problems.TableError, match='no column "item_id"'):
        cleaning.net_returns(table.drop(columns="item_id"))


# ---------------------------------------------------------------- any order lines


@st.composite
def books(draw, prefix):
    """Order lines and what came back of them, in any order."""
    order, item = st.sampled_from(["O1", "O2", "R3"]), st.sampled_from(["A", "B"])
    bought = st.tuples(order, item, st.integers(1, 9))
    back = st.tuples(order.map(prefix.__add__), item, st.integers(-9, -1))
    rows = draw(st.permutations(draw(st.lists(bought | back, max_size=15))))
    prices = st.lists(st.sampled_from([4.0, 5.0]), min_size=len(rows), max_size=len(rows))
    table = lines(*rows, unit_price=draw(prices))
    return table.astype({"order_id": "str", "item_id": "str", "quantity": "int64"})


@pytest.mark.parametrize("prefix", RULES)
@given(st.data())
def test_kept_is_what_was_bought_less_what_came_back(prefix, data):
    table = data.draw(books(prefix))
    kept, row = RULES[prefix](table)
    came_back = table["quantity"] < 0
    names = table["order_id"].where(~came_back, table["order_id"].str[1:])
    units = table["quantity"].groupby([names, table["item_id"]]).sum()
    left = kept.groupby(["order_id", "item_id"])["quantity"].sum()
    assert left.to_dict() == units[units > 0].to_dict()  # max(0, bought − returned)
    assert (kept["quantity"] > 0).all()
    assert (kept["quantity"] <= table["quantity"][kept.index]).all()
    # Lines of which nothing came back are as they were.
    of_return = pd.MultiIndex.from_arrays([names, table["item_id"]])
    untouched = table[~of_return.isin(of_return[came_back])]
    pd.testing.assert_frame_equal(kept.loc[untouched.index], untouched)
    # The ledger accounts for every row.
    assert set(row.dropped) | set(kept.index) == set(table.index)
    assert set(row.touched) == set(kept.index[kept["quantity"] < table["quantity"][kept.index]])
    # Netting twice changes nothing.
    again, nothing = RULES[prefix](kept)
    pd.testing.assert_frame_equal(again, kept)
    assert len(nothing.touched) == len(nothing.dropped) == 0


@given(st.data())
def test_the_order_of_rows_does_not_matter_for_units_and_money(data):
    table = data.draw(books("R"))
    other = table.iloc[data.draw(st.permutations(range(len(table))))]
    units, others = (
        cleaning.net_returns(rows)[0].groupby(["order_id", "item_id", "unit_price"])["quantity"]
        for rows in (table, other)
    )
    assert units.sum().to_dict() == others.sum().to_dict()


def test_both_sides_of_a_group_cancel_out():
    table = pd.DataFrame({"g": list("aaabbb"), "quantity": [3, -2, 2, -4, 1, -1]})
    # a: 2 of 5 came back, off the first line. b: 5 came back of 1, which pays for the first.
    assert units_left(table, ["g"]).tolist() == [1, 0, 2, -3, 0, -1]
