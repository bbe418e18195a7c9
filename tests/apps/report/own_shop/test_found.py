"""Files that gave a wrong key figure without a word, as an analyst found them: each says so now."""

import pytest

from apps.report.own_shop.options import read_map
from apps.report.own_shop.questions import OwnShopError, Question

HEAD = "order,date,customer,item,qty,price"


def warned(shop):
    return " | ".join(shop.warnings)


@pytest.mark.parametrize(
    ("column", "mark", "no"),
    [
        ("Test", "true", "false"),
        ("Void", "Y", "N"),
        ("Qty Returned", "1", "0"),
        ("Parent SKU", "A", ""),
        ("Storniert", "ja", "nein"),
    ],
)
def test_a_mark_that_a_row_is_no_sale(read, column, mark, no):
    text = (
        f"{HEAD},{column}\n1,2025-03-01,7,A,2,5,{mark}\n2,2025-03-02,8,A,1,5,{no}\n"
        f"3,2025-03-03,9,B,1,6,{no}\n"
    )
    with pytest.raises(Question, match=f"“{column}” marks 1 row, such as '{mark}'"):
        read(text)
    assert read(text, roles={"status": column}).accounts.net == 11
    assert read(text, roles={"status": ""}).accounts.net == 21


def test_clicks_are_no_orders(read):
    rows = "".join(f"2025-03-01,{1 + n % 4},{n // 4},A,{5 + n % 3}\n" for n in range(40))
    with pytest.raises(OwnShopError, match="these are clicks"):
        read("date,order,session ID,item,price\n" + rows)


def test_money_of_a_dropped_line_is_told(read):
    shop = read(f"{HEAD}\n1,2025-03-01,7,A,2,5\n2,,8,A,1,90\n3,2025-03-03,9,B,1,6\n")
    assert 'Column "date": 1 row with 90.00 left out (562.5% of what is counted)' in warned(shop)
    assert shop.accounts.left_out[0].why == "the time is missing (90.00)"


def test_money_without_a_role_is_named(read):
    shop = read(f"{HEAD},shipping\n1,2025-03-01,7,A,2,5,4.90\n2,2025-03-02,8,A,1,5,0\n")
    assert shop.unused == {"shipping": 4.9}
    assert 'no figure uses: "shipping" (4.90).' in shop.report()


def test_marks_that_say_no_everywhere(read):
    shop = read(f"{HEAD},Test,Void\n1,2025-03-01,7,A,2,5,no,0\n2,2025-03-02,8,A,1,5,,0.00\n")
    assert shop.warnings == ()


def test_shipments_that_repeat_a_line(read):
    shop = read(
        f"{HEAD},Quantity Shipped\n1,2025-03-01,7,A,3,5,1\n1,2025-03-01,7,A,3,5,2\n"
        "2,2025-03-02,8,B,1,5,1\n"
    )
    assert (
        "repeat the order, item, quantity and price of an earlier row: 1 row (15.00) (row 3)"
        in warned(shop)
    )


def test_an_order_that_was_edited(read):
    shop = read(
        "order_id,order_date,updated_at,customer,total\n1,2025-03-01,2025-03-01,7,90\n"
        "1,2025-03-01,2025-03-02,7,80.5\n2,2025-03-02,2025-03-02,8,20\n3,2025-03-03,,9,20\n"
    )
    assert "repeat the order of an earlier row: 1 row (80.50) (row 3)" in warned(shop)


@pytest.mark.parametrize(("item", "quantity"), [("", 1), ("all", ""), ("all", 1)])
def test_rows_of_orders_among_rows_of_items(read, item, quantity):
    rows = [
        f"{n},2025-03-0{n},{n},{one},{units},{total}\n"
        for n in range(1, 7)
        for one, units, total in ((item, quantity, 9.5 + n), ("A", 1, 9.5), ("B", 1, n))
    ]
    text = "order,date,customer,item,qty,total\n" + "".join(rows)
    with pytest.raises(Question, match=r"6 rows \(78.00\) have no item or no quantity") as asked:
        read(text)
    assert asked.value.first == "extra_rows=left_out"
    # 9.5 in each of six orders, and 1 + … + 6; with the sums, twice as much.
    assert read(text, extra_rows="left_out").accounts.net == 78
    assert read(text, extra_rows="sold").accounts.net == 156


def test_all_amounts_in_one_of_several_currencies(read):
    rows = "1,2025-03-01,7,EUR,10,EUR,10\n2,2025-03-02,8,USD,11,EUR,9.5\n"
    text = "order,date,customer,currency,total,payout currency,converted\n" + rows
    with pytest.raises(Question, match="in several currencies") as asked:
        read(text)
    assert asked.value.first == "amount=converted,currency=payout currency"
    assert read(text, roles=read_map(asked.value.first).roles).accounts.net == 19.5


def test_a_voucher_is_not_a_refund_without_a_word(read):
    shop = read(
        f"{HEAD}\n1,2025-03-01,7,A,2,5\n1,2025-03-01,7,Gutschein,1,-3\n"
        "2,2025-03-02,8,A,2,5\n2,2025-03-04,8,A,-1,5\n"
    )
    assert '1 row with a minus of what was never sold, such as "Gutschein"' in warned(shop)


def test_a_total_with_tips(read):
    shop = read(
        "order,date,customer,Tax,Tip,Total\n1,2025-03-01,7,0,2,12\n2,2025-03-02,8,0,1,9.5\n"
    )
    assert 'Column "Total": may contain more than the goods ("Tip" 3.00)' in warned(shop)


def test_an_address_of_many_guests(read):
    rows = [
        f"{n},2025-03-{n:02},{'guest@shop.com' if n % 2 else f'{n}@b.com'},A,1,5\n"
        for n in range(1, 25)
    ]
    assert "has one customer with 12 of 24 orders" in warned(read(f"{HEAD}\n{''.join(rows)}"))


@pytest.mark.parametrize("second", ["amount", "total"])
def test_two_totals_that_go_one_to_one(read, second):
    with pytest.raises(Question, match="Several columns could be total of"):
        read(f"order,customer,date,amount,{second}\n1,7,2025-03-01,5,6.5\n2,8,2025-03-02,7,8.5\n")


def test_net_sales_after_returns(read):
    shop = read(
        "order,date,customer,Gross sales,Discounts,Refund amount,Net sales\n"
        "1,2025-03-01,7,50,-5.75,-9.5,34.75\n2,2025-03-02,8,20,0,0,20\n3,2025-03-03,9,20,0,-4,16\n"
    )
    accounts = shop.accounts
    assert (accounts.gross, accounts.discounts, accounts.refunds) == (90, 5.75, 13.5)
    assert accounts.net == 70.75


def test_a_whole_discount_beside_a_total(read):
    with pytest.raises(Question, match="may be a percentage or money"):
        read("order,date,customer,discount,total\n1,2025-03-01,7,5,50\n2,2025-03-02,8,0,20\n")


def test_a_whole_discount_between_two_totals(read):
    shop = read(
        "order,date,customer,Discounts,Gross sales,Net sales\n"
        "1,2025-03-01,7,-5,50.5,45.5\n2,2025-03-02,8,0,20,20\n3,2025-03-03,9,-5,20,15\n"
    )
    assert (shop.accounts.gross, shop.accounts.discounts) == (90.5, 10)


def test_a_status_of_unknown_words_is_asked_about(read):
    rows = [f"{day},2025-03-{day:02},{day},A,1,10,Valmis" for day in range(1, 9)]
    rows += ["9,2025-03-09,9,A,1,10,Poistettu", "10,2025-03-10,10,A,1,10,Hyvitetty"]
    text = "\n".join([f"{HEAD},Vaihe", *rows])
    with pytest.raises(Question, match=r"“Vaihe” says “Valmis” \(8\), “Poistettu” \(1\)"):
        read(text)
    with pytest.raises(Question, match="“Vaihe” says “Poistettu” in 1 row"):
        read(text, roles={"status": "Vaihe"})
    shop = read(text, roles={"status": "Vaihe"}, left_out="Poistettu", refunds="Hyvitetty")
    assert (shop.accounts.net, shop.accounts.refunds, shop.accounts.orders) == (80, 10, 8)
    assert "does not know" not in warned(shop)


def test_rows_of_one_sale_count_once(read):
    text = (
        f"{HEAD},total\n1,2025-03-01,7,A,2,5,10\n1,2025-03-01,7,A,2,5,10\n2,2025-03-02,8,A,1,5,5\n"
    )
    text = text.replace("7,A,2,5,10\n1", "7,A,2,5,10 \n1")  # not equal in every letter
    assert read(text, amounts="per_order").accounts.net == 15


def test_a_unit_of_items_is_no_status(read):
    rows = [f"{n},2025-03-{1 + n % 28:02},{n % 9},{'AABCD'[n % 5]},1,5" for n in range(40)]
    by_item = [f"{row},{'kg' if ',D,' in row else 'st'}" for row in rows]
    assert read("\n".join([f"{HEAD},Eenheid", *by_item])).accounts.net == 200
    by_row = [f"{row},{'kg' if n < 8 else 'st'}" for n, row in enumerate(rows)]
    with pytest.raises(Question, match="“Eenheid” says “st”"):
        read("\n".join([f"{HEAD},Eenheid", *by_row]))


def test_a_discount_of_shipping_comes_off_no_goods(read):
    rows = "\n1,2025-03-01,7,A,2,5,1.5\n2,2025-03-02,8,A,1,5,0.0\n"
    assert read(f"{HEAD},Shipping discount{rows}").accounts.net == 15
    with pytest.raises(Question, match="“Partner discount”"):
        read(f"{HEAD},Partner discount{rows}")


def test_what_was_invoiced_for_less_than_was_ordered(read):
    rows = [f"{n},2025-03-{n:02},7,A,2,5.25,{0 if n == 9 else 10.5:.2f}" for n in range(1, 11)]
    text = "\n".join([f"{HEAD},Invoiced amount", *rows])
    with pytest.raises(Question, match="“Invoiced amount” often equals the amount") as asked:
        read(text)
    assert read(text, roles=read_map(asked.value.first).roles).accounts.net == 94.5
