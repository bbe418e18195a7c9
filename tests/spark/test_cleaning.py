import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from helpers.data import load_raw_shop
from helpers.data.cleaning import clean_shop
from helpers.spark import clean_order_lines

USERS = pd.DataFrame({"user_id": ["Ana"]})
ITEMS = pd.DataFrame({"item_id": ["lamp"], "price": [5.0]})
RAW = {
    "order_id": "O1",
    "ordered_at": "2025-03-05 14:22:01",
    "user_id": "Ana",
    "item_id": "lamp",
    "quantity": "3",
    "unit_price": "5.00",
    "discount": "0",
}


def cleaned(spark, raw, users=USERS, items=ITEMS):
    raw = raw.reset_index(names="row")
    tables = [spark.createDataFrame(table) for table in (raw, users, items)]
    found = clean_order_lines(*tables).toPandas().sort_values("row").set_index("row")
    return found.rename_axis(None)


def export(*changes):
    return pd.DataFrame([RAW | change for change in changes]).astype("str")


def test_the_same_lines_as_with_pandas(spark):
    raw = load_raw_shop()
    shop, ledger = clean_shop(raw)
    found = cleaned(spark, raw["order_lines"], shop.users[["user_id"]], shop.items)
    assert {"net_returns", "mend_prices_in_cents"} <= {row.rule for row in ledger}
    assert len(raw["order_lines"]) > len(shop.order_lines) > 10_000
    assert_frame_equal(found, shop.order_lines, check_dtype=False, check_exact=True)


def test_by_hand(spark):
    # O1: 3 units and, in another format, 2 of another price, which come back. O2: the same row
    # twice, in cents. O3: an unknown user. O4: less than nothing. O5: canceled, one unit too many.
    raw = export(
        {},
        {"quantity": "2 pcs", "unit_price": "$4.00", "ordered_at": "05/03/2025 14:22:01"},
        {
            "order_id": "RO1",
            "quantity": "-2",
            "unit_price": "4",
            "ordered_at": "Mar 5 2025 2:22:01 PM",
        },
        {"order_id": "O2", "unit_price": "500"},
        {"order_id": "O2", "unit_price": "500"},
        {"order_id": "O3", "user_id": "Ben"},
        {"order_id": "O4", "quantity": "-1"},
        {"order_id": "O5"},
        {"order_id": "CO5", "quantity": "-4"},
    )
    found = cleaned(spark, raw)
    assert found.index.tolist() == [0, 3]
    assert found["quantity"].tolist() == [3, 3]
    assert found["unit_price"].tolist() == [5.0, 5.0]
    assert found["ordered_at"].dt.hour.tolist() == [14, 14]


def test_text_that_cannot_be_read_is_an_error(spark):
    with pytest.raises(ValueError, match='"ordered_at" holds text that cannot be read in 1 of 2'):
        cleaned(spark, export({}, {"ordered_at": "03/25/2025 14:22:01"}))
    with pytest.raises(ValueError, match='"unit_price" holds text that cannot be read in 1 of 2'):
        cleaned(spark, export({}, {"unit_price": "4,50 EUR"}))
