"""What was paid: totals and discounts of the unit, the line or the order, told by their values."""

import pandas as pd
import pytest

from apps.report.own_shop import money
from apps.report.own_shop.options import read_map
from apps.report.own_shop.questions import Question
from helpers.data import sources
from tests.apps.report.own_shop.orders import doubts, lines_of, paid

# ---------------------------------------------------------------- exports of systems

SHOPIFY = (
    "Name,Email,Financial Status,Currency,Subtotal,Total,Discount Amount,Created at,"
    "Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Lineitem discount\n"
    "#1001,ana@x.org,paid,EUR,27,31.90,3,2025-03-01 10:00:00 +0100,2,Lamp,10.00,A1,0\n"
    "#1001,ana@x.org,,,,,,2025-03-01 10:00:00 +0100,1,Bulb,10.00,,0\n"
    "#1002,ben@x.org,refunded,EUR,20,24.90,0,2025-03-02 10:00:00 +0100,1,Lamp,10.00,A1,0\n"
    "#1002,ben@x.org,,,,,,2025-03-02 10:00:00 +0100,1,Bulb,10.00,,0\n"
    "#1003,cem@x.org,partially_refunded,EUR,10,14.90,0,2025-03-03 10:00:00 +0100,1,Lamp,10,A1,0\n"
)


def test_shopify_writes_an_order_in_its_first_row(read):
    shop = read(SHOPIFY)
    # 3 off an order of 30: a tenth. Both lines of #1002 went back; #1003 counts in full.
    assert paid(shop).tolist() == pytest.approx([18, 9, 10])
    assert shop.order_lines["order_id"].tolist() == ["#1001", "#1001", "#1003"]
    assert shop.order_lines["item_id"].tolist() == ["A1", "Bulb", "A1"]
    assert shop.currency == "€"
    assert "1 row (14.90) as partly refunded" in doubts(shop)
    assert shop.accounts[3:7] == (60, 3, 20, 37)


def test_a_name_of_shopifys_can_be_overruled(read):
    shop = read(SHOPIFY, roles={"order_id": None})
    assert "There is no order column" in doubts(shop)


def test_prices_of_one_do_not_grow_with_the_quantity():
    lines = sources.load_shop().order_lines
    assert abs(money.growth(lines["quantity"], lines["unit_price"], lines["item_id"])) < 0.05
    total = lines["unit_price"] * lines["quantity"]
    assert abs(money.growth(lines["quantity"], total, lines["item_id"]) - 1) < 0.05


# ---------------------------------------------------------------- discounts


def test_a_discount_of_the_order_is_divided_as_prices_are(read):
    shop = read(
        "order,user,date,item,qty,unit price,discount amount\n"
        "1,7,2025-03-01,A,2,10,6\n1,7,2025-03-01,B,1,40,6\n2,8,2025-03-02,A,1,10,0\n"
    )
    # 6 off 60: a tenth of each line.
    assert paid(shop).tolist() == pytest.approx([18, 36, 10])
    assert shop.accounts.discounts == 6


def test_whole_discounts_are_percent_or_money_as_sums_prove_or_you_say(read):
    head = "order,user,date,item,qty,unit price,discount"
    rows = ["1,7,2025-03-01,A,2,90,10", "2,8,2025-03-02,A,1,90,0", "3,7,2025-03-03,B,1,80,25"]
    with pytest.raises(Question, match="a percentage or money") as asked:
        read("\n".join([head, *rows]))
    assert asked.value.first == "discount=discount"
    percent = read("\n".join([head, *rows]), roles={"discount": "discount"})
    assert paid(percent).tolist() == [162, 90, 60]
    money = read("\n".join([head, *rows]), roles={"discount_amount": "discount"})
    assert paid(money).tolist() == [170, 90, 55]
    for totals in ([162, 90, 60], [170, 90, 55]):
        both = [f"{row},{total}" for row, total in zip(rows, totals, strict=True)]
        assert paid(read("\n".join([f"{head},total", *both]))).tolist() == totals


def test_what_was_given_away_is_no_purchase(read):
    shop = read(
        "order,user,date,item,price,discount\n1,7,2025-03-01,A,10,100 %\n2,8,2025-03-02,A,10,0 %\n"
    )
    assert paid(shop).tolist() == [10]
    assert "takes off the whole price" in " ".join(shop.dropped()["why"])


def test_of_two_discounts_in_money_one_or_both_come_off(read):
    text = (
        "user,date,item,price,discount amount,line discount\n"
        "7,2025-03-01,A,10,1.25,3.50\n8,2025-03-02,A,10,0,0\n"
    )
    with pytest.raises(Question, match="No figure uses “line discount”") as asked:
        read(text)
    both, _, one = (choice.answer for choice in asked.value.matters[0].choices)
    for answer, left in ((both, 5.25), (one, 8.75)):
        assert paid(read(text, roles=read_map(answer).roles)).tolist() == [left, 10]


def test_a_flag_is_no_discount(read):
    shop = read("user,date,price,discount\n7,2025-03-01,10,1\n8,2025-03-02,10,0\n")
    assert paid(shop).tolist() == [10, 10]
    assert "only 0 and 1" in doubts(shop)


def test_more_off_than_the_price_is_asked_about(read):
    text = "user,date,price,discount amount\n7,2025-03-01,10,70\n8,2025-03-02,10,30\n"
    with pytest.raises(Question, match="Does the discount in “discount amount” come off") as asked:
        read(text)
    assert asked.value.first == "discount_amount="
    assert paid(read(text, roles={"discount_amount": ""})).tolist() == [10, 10]


def test_a_total_before_the_discount(read):
    text = (
        "order,user,date,item,qty,unit price,discount,total\n"
        "1,7,2025-03-01,A,2,10,0.1,20\n1,7,2025-03-01,B,1,40,0.1,40\n2,8,2025-03-02,A,1,10,0,10\n"
    )
    assert paid(read(text)).tolist() == pytest.approx([18, 36, 10])
    assert "was taken off" in doubts(read(text))
    assert paid(read(text, roles={"discount": ""})).tolist() == [20, 40, 10]


def test_a_total_that_is_no_product_is_believed(read):
    text = (
        "order,user,date,item,qty,unit price,total\n1,7,2025-03-01,A,2,10,18\n"
        "1,7,2025-03-01,B,1,40,40\n2,8,2025-03-02,A,1,10,9\n"
    )
    with pytest.raises(Question, match="differs from quantity × price in 67% of the rows"):
        read(text)
    shop = read(text, roles={"amount": "total"})
    assert paid(shop).tolist() == [18, 40, 9]
    assert "differs from quantity × price in 67% of the rows; it was used" in doubts(shop)
    assert paid(read(text, roles={"amount": ""})).tolist() == [20, 40, 10]


def test_what_is_far_from_a_total_is_none(read):
    shop = read(
        "order,user,date,item,price,order value\n1,7,2025-03-01,A,30,8.72\n"
        "2,8,2025-03-02,A,30,8.72\n3,8,2025-03-02,A,30,7.10\n"
    )
    assert paid(shop).tolist() == [30, 30, 30]
    assert "has a median of 29% of quantity × price" in doubts(shop)


def test_a_total_is_taken_for_what_was_paid(read):
    shop = read("user,date,total,discount amount\n7,2025-03-01,10,2\n8,2025-03-02,20,3\n")
    assert paid(shop).tolist() == [10, 20]
    assert shop.accounts[3:7] == (35, 5, 0, 30)
    assert 'set MAP="unit_price=total"' in doubts(shop)


# ---------------------------------------------------------------- totals and currencies


def test_a_total_in_the_first_row_only(read):
    shop = read(
        "order,user,date,item,total\n"
        "1,7,2025-03-01,A,30\n1,7,2025-03-01,B,\n2,8,2025-03-02,A,7\n3,8,2025-03-03,A,\n"
    )
    assert paid(shop).tolist() == [15, 15, 7]
    assert "is the total of the order" in doubts(shop)


def test_without_a_price_above_0_nothing_is_said_of_money(read):
    shop = read("user,date,item,price\n7,2025-03-01,A,0.00\n8,2025-03-02,A,0\n")
    assert len(shop.order_lines) == 2
    assert not shop.has_money
    assert shop.accounts.net is None
    assert "no amount above 0" in doubts(shop)


def test_a_file_of_nothing_but_refunds_is_doubted(read):
    shop = read("user,date,item,price\n7,2025-03-01,A,-9.99\n8,2025-03-02,A,-9.99\n")
    assert shop.accounts.net == -19.98
    assert "More than half of the rows are refunds" in doubts(shop)


# ---------------------------------------------------------------- the traps of issue 13


def test_a_price_that_is_the_total_of_its_line_within_a_category(read):
    columns = {"category": lambda o, n: "AB"[n], "quantity": lambda o, n: 1 + (o + n) % 4}
    prices = {"price": lambda o, n: (20.5 + 30 * n) * (1 + (o + n) % 4)}
    shop = read(lines_of(columns | prices))
    assert paid(shop).sum() == pytest.approx(
        sum((20.5 + 30 * n) * (1 + (o + n) % 4) for o in range(40) for n in range(2))
    )
    assert "grows with the quantity" in doubts(shop)


def test_a_total_that_is_the_price_of_a_unit_is_asked_about(read):
    columns = {"item": lambda o, n: n, "quantity": lambda o, n: 1 + (o + n) % 4}
    text = lines_of(columns | {"value": lambda o, n: 20.5 + 30 * n})
    with pytest.raises(Question, match="hardly grows with the quantity") as asked:
        read(text)
    assert asked.value.first == "unit_price=value"
    total = read(text, roles={"amount": "value"}).accounts.net
    by_unit = read(text, roles={"unit_price": "value"}).accounts.net
    assert (total, by_unit) == (40 * 71, 2.5 * 40 * 71)


def test_guests_pay_but_are_no_customers(read):
    shop = read(
        "order,user,date,total\n1,7,2025-03-01,50\n2,,2025-03-02,30\n3,guest,2025-03-03,5\n"
    )
    assert shop.accounts.net == 85
    assert (shop.accounts.customers, shop.accounts.guest_orders) == (1, 2)
    assert len(shop.customer_orders) == 1


def test_half_a_column_is_no_column_of_orders():
    order = pd.Series(["1", "1", "2", "2"])
    assert not money.once_per_order(pd.Series(["a", "b", "c", None]), order)
    assert not money.once_per_order(pd.Series(["a", "b"]), pd.Series(["1", "2"]))
