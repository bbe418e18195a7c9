"""The rules of the tables, and what is said when a table breaks them."""

import dataclasses
import re
import time

import numpy as np
import pandas as pd
import pytest

from helpers.data import checks, problems, schema, sources

DAY = pd.Timestamp("2025-03-05")


def order_lines(**changes):
    """Three right lines, some columns of which are changed."""
    columns = {
        "order_id": ["O1", "O1", "O2"],
        "ordered_at": [DAY] * 3,
        "user_id": ["U1", "U1", "U2"],
        "item_id": ["I1", "I2", "I1"],
        "quantity": [1, 2, 1],
        "unit_price": [9.99, 5.0, 9.99],
        "discount": [0.0, 0.1, 0.0],
    }
    return pd.DataFrame(columns | changes)


@pytest.fixture(scope="module")
def shop():
    return sources.load_shop()


def failures(call, *arguments, **options):
    with pytest.raises(problems.TableError) as caught:
        call(*arguments, **options)
    return caught.value.failures


def validate(table, name):
    problems.raise_all(problems.failures_of(table, name, schema.TABLES[name]))


def test_a_right_table_is_left_as_it_is():
    table = order_lines()
    validate(table, "order_lines")
    pd.testing.assert_frame_equal(table, order_lines())


def test_all_failures_come_at_once():
    table = order_lines(
        unit_price=[-1.0, np.nan, 2.0], discount=[0, 1, -0.1], user_id=["", "U", "U"]
    )
    found = failures(validate, table.drop(columns="item_id").assign(color=1), "order_lines")
    assert {(f.where, f.what, tuple(f.rows)) for f in found} >= {
        ("", 'has no column "item_id"', ()),
        ("", 'has an unknown column "color"', ()),
        ('column "unit_price"', "is zero or negative", (0,)),
        ('column "unit_price"', "is missing", (1,)),
        ('column "discount"', "is outside [0, 1)", (1, 2)),
        ('column "user_id"', "holds no proper id", (0,)),
    }


@pytest.mark.parametrize(
    ("column", "values", "what", "rows"),
    [
        ("quantity", [1, 0, -2], "is below 1", [1, 2]),
        ("quantity", [1.0, 1.5, 1.0], "holds no whole number", [1]),
        ("quantity", ["1", None, "x"], "holds no whole number", [2]),
        ("quantity", ["1", None, "3"], "holds no whole number", [0, 2]),  # text, though readable
        ("quantity", [True, True, True], "holds no whole number", [0, 1, 2]),
        ("unit_price", [1.0, np.inf, 1.0], "holds no finite number", [1]),
        ("ordered_at", ["2025-03-05", "5 o'clock", "2025-03-05"], "holds no datetime", [1]),
        ("ordered_at", [DAY.tz_localize("UTC")] * 3, "holds no datetime", [0, 1, 2]),
        ("user_id", [17850.0, 1.0, 2.0], "holds no proper id", [0, 1, 2]),
        ("item_id", ["I1", "I1", "I2"], "repeats the (order_id, item_id) of an earlier row", [1]),
    ],
)
def test_each_broken_rule_of_order_lines(column, values, what, rows):
    found = failures(validate, order_lines(**{column: values}), "order_lines")
    assert (what, rows) in [(f.what, list(f.rows)) for f in found]


def test_row_labels_that_repeat_hide_nothing():
    halves = pd.concat([order_lines(), order_lines(order_id=["O3", "O3", "O4"], quantity=0)])
    found = failures(validate, halves, "order_lines")
    assert [(each.where, each.rows.tolist()) for each in found] == [
        ('column "quantity"', [0, 1, 2])  # of six rows, those of the second half
    ]


def test_other_tables_have_rules_of_their_own(shop):
    broken = {
        "users": shop.users.assign(user_id="U1"),
        "items": shop.items.assign(price=0.0),
        "events": shop.events.assign(event="VIEW"),
        "ratings": shop.ratings.assign(rating=6),
        "campaign": shop.campaign.assign(revenue=-1.0, treated="True"),
    }
    said = {name: [f.what for f in failures(validate, t, name)] for name, t in broken.items()}
    assert said == {
        "users": ["repeats an id of an earlier row"],
        "items": ["is zero or negative"],
        "events": ["is none of view, favorite, cart, purchase"],
        "ratings": ["is not one of 1, 2, 3, 4, 5"],
        "campaign": ["is not True or False", "is negative"],
    }


def test_ids_may_be_whole_numbers_text_or_categories():
    for ids in ([1, 1, 2], pd.array([1, 1, 2], "Int32"), pd.Categorical(["a", "a", "b"])):
        validate(order_lines(order_id=ids), "order_lines")
    validate(order_lines(order_id=pd.Series(["a", "a", "b"], dtype=object)), "order_lines")


def test_an_all_null_column_is_right_only_where_values_may_be_missing(shop):
    validate(shop.users.assign(age_band=np.nan), "users")
    (failure,) = failures(validate, shop.users.assign(country=np.nan), "users")
    assert (failure.what, len(failure.rows)) == ("is missing", len(shop.users))


def test_an_empty_table_is_right_and_one_row_too():
    validate(order_lines().head(0), "order_lines")
    validate(order_lines().head(1), "order_lines")


def test_what_is_no_table_is_said_so():
    with pytest.raises(TypeError, match="ratings: expected a DataFrame, got list"):
        validate([1, 2], "ratings")
    twice = pd.concat([order_lines(), order_lines()[["quantity"]]], axis=1)
    with pytest.raises(problems.TableError, match='more than one column "quantity"'):
        validate(twice, "order_lines")


# ---------------------------------------------------------------- require


def test_require_looks_only_at_the_columns_it_names():
    table = order_lines(discount="a lot")
    assert checks.require(table, user_id="key", ordered_at="datetime", quantity="count") is None


def test_require_names_every_column_that_is_wrong():
    found = failures(
        checks.require,
        order_lines(user_id=["U1", None, "U1"]),
        user_id="key",
        quantity="datetime",
        unit_price="flag",
        order_id="number",
        item_id="text",
        orders="number",
    )
    assert {(f.table, f.where, f.what) for f in found} == {
        ("order_lines", 'column "user_id"', "is missing"),
        ("order_lines", 'column "quantity"', "holds no datetime"),
        ("order_lines", 'column "unit_price"', "is not True or False"),
        ("order_lines", 'column "order_id"', "holds no finite number"),
        ("order_lines", "", 'has no column "orders"'),
    }


def test_require_lets_values_be_missing_only_where_asked():
    guests = pd.DataFrame({"user_id": ["U1", None]})
    checks.require(guests, user_id="key?")
    with pytest.raises(
        problems.TableError, match=r'"user_id" is missing in 1 of 2 rows \(row 1\)\.'
    ):
        checks.require(guests, user_id="key")


@pytest.mark.parametrize(("churned", "advice"), [([1, 0, 1], 0), (["True", "False", "True"], 1)])
def test_following_the_advice_for_flags_keeps_the_events(churned, advice):
    table = pd.DataFrame({"churned": churned})
    [failure] = failures(checks.require, table, churned="flag")
    repair = re.findall(r'table\["churned"\] == \S+', failure.fix)[advice]
    table["churned"] = eval(repair, {"table": table})
    checks.require(table, churned="flag")
    assert table["churned"].tolist() == [True, False, True]


def test_require_refuses_a_table_without_rows():
    with pytest.raises(problems.TableError, match="has no rows"):
        checks.require(order_lines().head(0), user_id="key")


# ---------------------------------------------------------------- a shop


def test_a_right_shop_comes_back_and_shows_its_size(shop):
    assert shop.validate() is shop
    assert repr(shop).startswith("Shop(users: 3,000 rows, items: ")


def test_a_shop_names_no_strangers(shop):
    lines = shop.order_lines.copy()
    lines.loc[2, "user_id"], lines.loc[0, "item_id"] = "U9", "I7"
    found = failures(dataclasses.replace(shop, order_lines=lines).validate)
    assert [(f.table, f.where, f.what, list(f.rows), f.example) for f in found] == [
        ("order_lines", 'column "user_id"', "names users that do not exist", [2], "U9"),
        ("order_lines", 'column "item_id"', "names items that do not exist", [0], "I7"),
    ]


def test_a_shop_reports_broken_tables_before_strangers(shop):
    lines = shop.order_lines.assign(quantity=0, user_id="U9")
    broken = dataclasses.replace(shop, order_lines=lines, ratings=shop.ratings.assign(rating=9))
    assert [f.table for f in failures(broken.validate)] == ["order_lines", "ratings"]


# ---------------------------------------------------------------- parameters


@pytest.mark.parametrize("value", [3.0, np.int64(2), np.float32(7)])
def test_a_whole_number_may_be_stored_in_any_way(value):
    checks.require_whole("k", value)


@pytest.mark.parametrize("value", ["7", None, pd.NA, [2], 0, -1, 1.5, np.nan, np.inf])
def test_what_is_no_whole_number_is_refused_by_name(value):
    with pytest.raises(ValueError, match="k is a whole number, 1 or more; got "):
        checks.require_whole("k", value)


# ---------------------------------------------------------------- size


def test_ten_million_rows():
    rows = 10_000_000
    number = np.arange(rows)
    table = pd.DataFrame({"order_id": number // 4, "item_id": number % 4}).assign(
        ordered_at=DAY, user_id=number % 100_003, quantity=1, unit_price=9.99, discount=0.0
    )
    start = time.perf_counter()
    validate(table, "order_lines")
    (failure,) = failures(validate, table.assign(unit_price=-1.0), "order_lines")
    assert len(failure.rows) == rows
    assert "in 10,000,000 of 10,000,000 rows (first at rows 0, 1, 2: -1.0)" in str(failure)
    assert time.perf_counter() - start < 60
