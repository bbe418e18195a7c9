"""Which column is which: by what one says, by name in many languages, by what it holds."""

import numpy as np
import pandas as pd
import pytest

from helpers.own_shop.column_names import normalize
from helpers.own_shop.columns import guess_roles
from helpers.own_shop.file import OwnShopError
from helpers.own_shop.names import ROLES

ORDERS = 100


@pytest.fixture
def values():
    """Four lines an order, 23 users; items decide their names and their prices."""
    order = np.repeat(np.arange(ORDERS), 4)
    item = (order * 3 + np.tile([0, 1, 2, 3], ORDERS) * 7) % 60
    return {
        "order_id": [str(536365 + o) for o in order],
        "item_id": [f"A{i}" for i in item],
        "name": [f"Lamp no. {i}" for i in item],
        "quantity": [str(1 + i % 4) for i in item],
        "time": [
            f"{day:%Y-%m-%d}" for day in pd.Timestamp("2025-01-01") + pd.to_timedelta(order, "D")
        ],
        "unit_price": [f"{5 + i * 0.37:.2f}" for i in item],
        "user_id": [f"K{o * 7 % 23}" for o in order],
        "country": ["France"] * len(order),
    }


ROLES_OF = ["order_id", "item_id", "name", "quantity", "time", "unit_price", "user_id"]


@pytest.mark.parametrize(
    "names",
    [
        "InvoiceNo StockCode Description Quantity InvoiceDate UnitPrice CustomerID Country",
        "order_id product_id product_name qty created_at price customer_id country",
        "basket_id sku title units date price_per_unit household_key region",
        "Bestellnr. Artikel-Nr. Bezeichnung Menge Bestelldatum Stückpreis Kunden-Nr. Land",
        "N°_commande Référence Désignation Qté Date_de_commande Prix_unitaire Code_client Pays",
        "pedido artículo descripción cantidad fecha precio cliente país",
        "ordine articolo descrizione quantità data prezzo cliente paese",
        "ordernummer artikel omschrijving aantal besteldatum prijs klant land",
        "zamowienie produkt nazwa ilosc data cena klient kraj",
        "订单编号 商品编号 商品名称 数量 下单时间 单价 用户ID 国家",
    ],
)
def test_names_in_many_languages(values, names):
    table = pd.DataFrame(dict(zip(names.split(), values.values(), strict=True)), dtype="str")
    found = guess_roles(table)
    assert found["column"][ROLES_OF].tolist() == names.split()[:7]
    assert found["sure"].all()


def test_columns_whose_names_say_nothing(values):
    table = pd.DataFrame(dict(zip("abcdefgh", values.values(), strict=True)), dtype="str")
    found = guess_roles(table)
    assert found["column"].to_dict() == {
        "user_id": "g",
        "order_id": "a",
        "time": "e",
        "item_id": "b",
        "quantity": "d",
        "unit_price": "f",
    }
    assert not found["sure"].any()


@pytest.mark.parametrize(("times", "role"), [(0, "unit_price"), (1, "amount")])
def test_prices_that_change_are_told_from_totals_by_the_quantity(values, times, role):
    rng = np.random.default_rng(0)
    quantity = pd.Series(rng.integers(1, 5, len(values["order_id"])))
    price = pd.Series(values["unit_price"]).astype(float) * rng.uniform(0.9, 1.1, len(quantity))
    values |= {"unit_price": (price * quantity**times).map("{:.2f}".format)}
    values |= {"quantity": quantity.astype(str)}
    table = pd.DataFrame(dict(zip("abcdefgh", values.values(), strict=True)), dtype="str")
    assert guess_roles(table)["column"][role] == "f"


def test_a_table_of_purchases_whose_names_say_nothing():
    rng = np.random.default_rng(0)
    table = pd.DataFrame(
        {
            "x1": rng.integers(1, 90, 400),
            "x2": rng.choice(["19970101", "19970203", "19970312"], 400),
            "x3": rng.integers(1, 9, 400),
            "x4": rng.integers(100, 9999, 400) / 100,
        }
    ).astype("str")
    found = guess_roles(table)["column"].to_dict()
    assert found == {"user_id": "x1", "time": "x2", "quantity": "x3", "amount": "x4"}


def test_a_name_is_believed_only_with_the_values():
    table = pd.DataFrame(
        {"customer": ["1", "2"], "date": ["yes", "no"], "bought": ["2025-03-05", "2025-03-06"]},
        dtype="str",
    )
    assert guess_roles(table)["column"]["time"] == "bought"


def test_fifty_columns(values):
    other = {f"attribute {n}": [str(n)] * 400 for n in range(42)}
    table = pd.DataFrame(values | other, dtype="str")
    found = guess_roles(table)["column"]
    assert found.to_dict() == {role: role for role in found.index}
    assert set(found.index) == set(ROLES_OF)


def test_thousands_of_columns_are_not_all_looked_at(values):
    other = pd.DataFrame({f"c{n}": ["x"] for n in range(3000)}, dtype="str")
    table = pd.concat([pd.DataFrame(values, dtype="str").head(1), other], axis=1)
    assert set(guess_roles(table).index) == set(ROLES_OF)
    with pytest.raises(OwnShopError, match="and 2,960 more"):
        guess_roles(other)


def test_an_address_is_a_better_user_than_a_name(values):
    table = pd.DataFrame(values, dtype="str").rename(columns={"user_id": "buyer-email"})
    found = guess_roles(table.assign(**{"buyer-name": "Ana"}))
    assert found["column"]["user_id"] == "buyer-email"


@pytest.mark.parametrize("name", ["discount", "Account", "account_id"])
def test_what_is_named_in_one_role_is_not_taken_for_another(name):
    rows = pd.DataFrame(
        {"client": ["1", "2"], "date": ["2025-03-05", "2025-03-06"], name: ["3", "4"]}, dtype="str"
    )
    found = guess_roles(rows, {"discount": None})
    assert found.index.tolist() == ["user_id", "time"]  # and no quantity, though "count" is in it


def test_what_only_sounds_alike_is_something_else():
    table = pd.DataFrame(
        {
            "customer city": ["Rome", "Oslo"],
            "customer id": ["1", "2"],
            "shipping date": ["2025-04-01", "2025-04-02"],
            "order date": ["2025-03-01", "2025-03-02"],
            "delivery price": ["1.50", "2.50"],
            "freight value": ["1.50", "2.50"],
            "VAT amount": ["1.50", "2.50"],
            "State": ["Ohio", "Utah"],
        },
        dtype="str",
    )
    found = guess_roles(table)["column"].to_dict()
    assert found == {"user_id": "customer id", "time": "order date"}


def test_a_number_of_the_customer_is_a_better_user_than_a_name():
    for name in ("cust_no", "KUNNR", "buyer_user_id", "Customer Email Address"):
        table = {"Customer Name": ["Ana", "Bo"], name: ["1", "2"], "placed_at": ["2025-03-05"] * 2}
        found = guess_roles(pd.DataFrame(table, dtype="str"))
        assert found["column"][["user_id", "time"]].tolist() == [name, "placed_at"]


@pytest.mark.parametrize(
    "names",
    [
        "customer_group_id created_by store_id location_id payment_id",  # no user, nor an "id"
        "order_line_id order_item_id SalesOrderLineNumber order_detail_id",  # no order, no item
        "qty_refunded Quantity.Shipped stock_quantity coupon_count gelieferte.Mindestmenge",
        "Steuerbetrag Versandbetrag refund_amount Tip.Amount weight_value sales_rep_id",
        "Einkaufspreis Streichpreis compare_at_price wholesale_price price_list_id price_level",
        "退货数量 退款金额",
    ],
)
def test_other_words_make_something_else_of_a_name(names):
    columns = {name.replace(".", " "): ["3", "4"] for name in names.split()}
    table = {"client": ["1", "2"], "date": ["2025-03-05", "2025-03-06"]} | columns
    found = guess_roles(pd.DataFrame(table, dtype="str"))["column"].to_dict()
    assert found == {"user_id": "client", "time": "date"}


@pytest.mark.parametrize(
    "name", ["Lieferdatum", "due_date", "Fecha de envío", "updated_at", "更新时间"]
)
def test_a_later_moment_is_no_order(name):
    table = {"client": ["1", "2"], name: ["2025-04-01", "2025-04-02"]}
    found = guess_roles(pd.DataFrame(table | {"bought": ["2025-03-05", "2025-03-06"]}, dtype="str"))
    assert not found["sure"]["time"]


def test_a_day_in_digits_is_neither_money_nor_an_order():
    table = {"client": ["1", "2"], "date": ["2025-03-05", "2025-03-06"]}
    names = ("Paid On Date", "sales_month", "OrderDateKey")
    days = {name: ["20250307", "20250308"] for name in names}
    found = guess_roles(pd.DataFrame(table | days, dtype="str"))["column"].to_dict()
    assert found == {"user_id": "client", "time": "date"}


def test_unknown_words_beside_a_name_ask_for_a_check():
    table = {"client": ["1", "2"], "date": ["2025-03-05", "2025-03-06"]}
    one = guess_roles(pd.DataFrame(table | {"list_price": ["9.50", "8.25"]}, dtype="str"))
    assert one["column"]["unit_price"] == "list_price"
    assert one["why"]["unit_price"] == "by part of its name"
    assert not one["sure"]["unit_price"]
    table |= {"list_price": ["9.50", "8.25"], "base_price_usd": ["9.00", "8.00"]}
    two = guess_roles(pd.DataFrame(table, dtype="str"))
    assert two["column"]["unit_price"] == "base_price_usd"
    assert two["sure"].all()


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("order_customer_id", "user_id"),
        ("Käufer", "user_id"),
        ("order_reference", "order_id"),
        ("orderDate", "time"),
        ("Qty Ordered", "quantity"),
        ("Quantity (- Refund)", "quantity"),
        ("item_price_usd", "unit_price"),
        ("Net Sales", "amount"),
    ],
)
def test_plain_words_leave_a_name_what_it_is(name, role):
    table = {"client": ["1", "2"], "date": ["2025-03-05", "2025-03-06"]}
    table.pop({"user_id": "client", "time": "date"}.get(role), None)
    table[name] = table.get(name, ["2025-03-05", "2025-03-06"] if role == "time" else ["1", "2"])
    found = guess_roles(pd.DataFrame(table, dtype="str"))
    assert found["column"][role] == name


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Unit Price (incl. VAT)", "unit_price"),
        ("Einzelpreis inkl. MwSt.", "unit_price"),
        ("Total excl. tax", "amount"),
        ("Montant hors TVA", "amount"),
    ],
)
def test_a_tax_says_nothing_of_what_a_price_is_of(name, role):
    table = {"customer": ["1", "2"], "date": ["2025-03-05", "2025-03-06"], name: ["9.50", "8.25"]}
    assert guess_roles(pd.DataFrame(table, dtype="str"))["column"][role] == name


def test_what_is_said_wins(values):
    table = pd.DataFrame(values, dtype="str")
    found = guess_roles(table, {"user_id": "country", "quantity": None, "name": ""})
    assert found["column"]["user_id"] == "country"
    assert found["why"]["user_id"] == "as you specified"
    assert not {"quantity", "name"} & set(found.index)


def test_what_is_said_must_be_there(values):
    table = pd.DataFrame(values, dtype="str")
    with pytest.raises(OwnShopError, match=r'no role "user"\. Did you mean "user_id"'):
        guess_roles(table, {"user": "country"})
    with pytest.raises(OwnShopError, match=r'no column "contry"\. Did you mean "country"'):
        guess_roles(table, {"user_id": "contry"})


def test_without_user_and_time_nothing_goes():
    table = pd.DataFrame({"foo": ["a", "b"], "bar": ["1", "2"], "nil": [None, None]}, dtype="str")
    with pytest.raises(OwnShopError) as error:
        guess_roles(table)
    message = str(error.value)
    assert "user_id (who bought) and time (when)" in message
    assert "\"bar\": numbers, 2 different, such as '1'" in message
    assert '"nil": empty' in message
    assert 'roles={"user_id": "…", "time": "…"}' in message


def test_every_name_belongs_to_one_role():
    names = [name for role in ROLES.values() for name in role.names]
    assert len(names) == len(set(names))


def test_names_are_written_as_they_are_compared():
    names = {name: normalize(name) for role in ROLES.values() for name in role.names}
    assert [name for name, compared in names.items() if name != compared] == []
