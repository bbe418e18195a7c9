"""Data validation: each planted fault is seen by the check that is made for it."""

import pandas as pd
import pytest

from helpers.data import load_shop
from helpers.monitoring import validate_batch

SINCE, UNTIL = "2025-11-01", "2025-11-30"


@pytest.fixture(scope="module")
def shop():
    return load_shop()


@pytest.fixture
def november(shop):
    at = shop.order_lines["ordered_at"]
    return shop.order_lines[at.between(SINCE, "2025-12-01", inclusive="left")]


def failed(lines, shop, **changes):
    known = {"since": SINCE, "until": UNTIL, "expected_rows": 1000}
    report = validate_batch(lines, **known | changes, users=shop.users, items=shop.items)
    assert (report["message"] == "").equals(report["passed"])
    return report.index[~report["passed"]].tolist()


def test_a_month_as_it_is_passes(november, shop):
    assert failed(november, shop) == []


@pytest.mark.parametrize(
    ("fault", "seen_by"),
    [
        (lambda b: b.assign(unit_price=b["unit_price"].mask(b.index == b.index[5])), ["schema"]),
        (lambda b: b.assign(discount=b["discount"] * 100), ["schema"]),
        (lambda b: b.drop_duplicates("order_id").assign(quantity=0), ["schema", "row count"]),
        (lambda b: pd.concat([b, b.head(1)]), ["schema"]),  # with a repeated label
        (lambda b: b.rename(columns={"unit_price": "price"}), ["schema", "price list"]),
        (lambda b: b.assign(ordered_at=b["ordered_at"].astype("str")), ["schema", "freshness"]),
        (lambda b: b.assign(ordered_at=b["ordered_at"] - pd.Timedelta(days=30)), ["freshness"]),
        (lambda b: b[b["ordered_at"] < "2025-11-28"], ["freshness"]),
        (lambda b: b[::3], ["row count"]),
        (lambda b: b.assign(user_id="U99999"), ["references"]),
        (lambda b: b.assign(item_id=b["item_id"].str.lower()), ["references", "price list"]),
        (lambda b: b.assign(unit_price=b["unit_price"] * 100), ["price list"]),
        (lambda b: b.assign(unit_price=b["unit_price"] * 1.1), []),
    ],
)
def test_faults(fault, seen_by, november, shop):
    assert failed(fault(november), shop) == seen_by


def test_an_empty_batch_passes_nothing_that_looks_at_rows(november, shop):
    assert {"freshness", "row count", "price list"} <= set(failed(november.head(0), shop))


def test_messages_say_what_and_how_much(november, shop):
    known = {"since": SINCE, "until": UNTIL, "users": shop.users, "items": shop.items}
    told = validate_batch(november.head(10), **known, expected_rows=1000)["message"]
    assert told["row count"] == "10 rows, where about 1,000 were expected"
    assert "not from 2025-11-01 to 2025-11-30" in told["freshness"]
    buyer = november["user_id"].iloc[0]
    rows = (november["user_id"] == buyer).sum()
    known["users"] = shop.users[shop.users["user_id"] != buyer]
    lost = validate_batch(november, **known, expected_rows=1000)
    assert lost.loc["references", "message"] == f"{rows} rows with unknown user_id"


def test_bad_parameters(november, shop):
    with pytest.raises(ValueError, match="expected_rows is above 0"):
        failed(november, shop, expected_rows="many")
    with pytest.raises(ValueError, match="not be after until"):
        failed(november, shop, since=UNTIL, until=SINCE)
    twice = shop.items.iloc[[0, 1, 0]]
    with pytest.raises(ValueError, match='"item_id" occurs twice in 1 of 3 rows'):
        validate_batch(
            november, since=SINCE, until=UNTIL, expected_rows=1000, users=shop.users, items=twice
        )
    with pytest.raises(ValueError, match="since is a day"):
        failed(november, shop, since="soon")
