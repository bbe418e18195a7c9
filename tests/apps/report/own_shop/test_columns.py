"""Which column has which role: by what is said, remembered or named; and what must be asked."""

import pandas as pd
import pytest

from apps.report.own_shop.columns import find_roles
from apps.report.own_shop.questions import OwnShopError, Question

DAYS = ["2025-03-05", "2025-03-06", "2025-03-07"]


def table(**columns):
    return pd.DataFrame({name.replace("_", " "): v for name, v in columns.items()}, dtype="str")


def columns(rows, said=None, remembered=None):
    found = find_roles(rows, said or {}, remembered)
    return {role: one.column for role, one in found.items()}


@pytest.fixture
def orders():
    return table(
        order_id=["1", "2", "3"],
        customer_id=["7", "8", "7"],
        date=DAYS,
        quantity=["1", "2", "1"],
        unit_price=["9.50", "3.25", "4.00"],
    )


def test_names_decide(orders):
    assert columns(orders) == {
        "user_id": "customer id",
        "order_id": "order id",
        "time": "date",
        "quantity": "quantity",
        "unit_price": "unit price",
    }
    assert {one.how for one in find_roles(orders, {}).values()} == {"name"}


def test_a_name_counts_only_with_values_that_fit():
    rows = table(customer=["1", "2"], date=["yes", "no"], total=["5", "6"])
    with pytest.raises(OwnShopError, match="No column holds the time"):
        find_roles(rows, {})


def test_two_columns_that_fit_are_a_question(orders):
    rows = orders.assign(**{"Customer-ID": ["7", "9", "9"]})
    with pytest.raises(Question) as asked:
        find_roles(rows, {})
    assert asked.value.first == "user_id=customer id"
    assert 'MAP="user_id=Customer-ID"' in str(asked.value)
    assert "“customer id”: 2 different values, such as '7', '8'" in str(asked.value)
    assert columns(rows, {"user_id": "Customer-ID"})["user_id"] == "Customer-ID"


def test_two_columns_that_say_the_same_are_no_question(orders):
    rows = orders.assign(**{"Customer-ID": ["K7", "K8", "K7"]})
    assert columns(rows)["user_id"] == "customer id"


def test_a_name_that_leaves_room_is_a_question():
    rows = table(client=["1", "2", "1"], date=DAYS, fancy_price=["9.50", "8.25", "3.75"])
    with pytest.raises(Question) as asked:
        find_roles(rows, {})
    assert "amount=" in str(asked.value)
    assert columns(rows, {"amount": ""}) == {"user_id": "client", "time": "date"}


def test_names_that_say_nothing_are_a_question():
    rows = table(a=["1", "2", "1"], b=DAYS, c=["9.50", "8.25", "3.75"])
    with pytest.raises(Question) as asked:
        find_roles(rows, {})
    assert 'MAP="time=b"' in str(asked.value)
    assert "“c”: 3 different values, such as '9.50', '8.25', '3.75'" in str(asked.value)
    said = {"time": "b", "user_id": "a", "amount": "c"}
    assert columns(rows, said) == said
    assert {one.how for one in find_roles(rows, said).values()} == {"said"}


def test_questions_count_the_whole_file():
    rows = pd.DataFrame({"buyer": [str(n) for n in range(60_000)], "t": DAYS * 20_000}, dtype="str")
    with pytest.raises(Question, match="3 different values"):
        find_roles(rows, {})
    both = rows.assign(buyer_2=rows["buyer"].iloc[::-1].to_numpy(), date=rows["t"])
    both = both.rename(columns={"buyer_2": "Buyer"}).assign(
        Buyer=[str(n // 2) for n in range(60_000)]
    )
    with pytest.raises(Question, match="60,000 different values"):
        find_roles(both, {})


def test_what_is_said_beats_what_was_remembered(orders):
    found = find_roles(orders, {"quantity": ""}, {"user_id": "order id", "quantity": "quantity"})
    assert found["user_id"][:2] == ("order id", "remembered")
    assert "quantity" not in found


def test_what_is_said_must_be_there(orders):
    with pytest.raises(OwnShopError, match=r'no column "costumer id" .*Did you mean "customer id"'):
        find_roles(orders, {"user_id": "costumer id"})
    with pytest.raises(OwnShopError, match=r'"date" two roles'):
        find_roles(orders, {"user_id": "date", "time": "date"})
