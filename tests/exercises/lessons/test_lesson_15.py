"""The solutions of lesson 15 on small exports of our own, worked by hand."""

import numpy as np
import pandas as pd
import pytest

from apps.report.own_shop.dates import read_dates
from apps.report.own_shop.numbers import read_numbers
from apps.report.own_shop.shop import read_own_shop
from exercises.engine import course
from exercises.engine.exercise import RIGHT, WRONG, judge
from exercises.lesson_15 import (
    accounts_of,
    foreign_revenue,
    holdout_revenue,
    meaning_of_total,
    order_of_dates,
    revenue_from_totals,
)


def series(*texts):
    return pd.Series(texts, dtype="str")


def test_foreign_revenue():
    # 4 × 2.25 = 9; 1 × 10,000; -2 × 2.25 = -4.50.
    table = pd.DataFrame(
        {"Menge": ["4", "1", "-2"], "Einzelpreis": ["2,25 €", "10.000,00 €", "2,25 €"]}, dtype="str"
    )
    assert foreign_revenue(table) == pytest.approx(10_004.50)
    prices = read_numbers(table["Einzelpreis"]).result
    assert (table["Menge"].astype(int) * prices).sum() == pytest.approx(10_004.50)


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (("01/02/2024", "13/02/2024"), "day first"),
        (("01/02/2024", "02/13/2024"), "month first"),
        (("12/12/2024", "01/02/2024"), "unknown"),
        (("31/01/2024", "01/31/2024"), "both"),
    ],
)
def test_order_of_dates(texts, order):
    assert order_of_dates(series(*texts)) == order
    reading = read_dates(series(*texts))
    if order == "unknown":
        assert "nothing proves it" in reading.doubts[0].what
    elif order != "both":
        assert reading.how == order


def written(table, tmp_path):
    path = tmp_path / "orders.csv"
    table.to_csv(path, index=False)
    return path


@pytest.mark.parametrize(
    ("totals", "meaning"),
    [([18.0, 5.0], "after"), ([20.0, 6.0], "before"), ([20.0, 5.0], "unknown")],
)
def test_meaning_of_total(totals, meaning):
    # 4 × 5 − 2 = 18; 2 × 3 − 1 = 5.
    lines = pd.DataFrame({"quantity": [4, 2], "price": [5.0, 3.0], "discount": [2.0, 1.0]})
    assert meaning_of_total(lines.assign(total=totals)) == meaning


@pytest.mark.parametrize("meaning", ["after", "before"])
def test_the_helper_proves_a_total_as_the_exercise_does(meaning, tmp_path):
    rng = np.random.default_rng(15)
    lines = pd.DataFrame({"quantity": rng.integers(1, 5, 60), "price": rng.integers(500, 900, 60)})
    lines = lines.assign(price=lines["price"] / 100, discount=rng.integers(0, 4, 60) * 0.45)
    gross = lines["quantity"] * lines["price"]
    net = gross - lines["discount"]
    lines["total"] = (net if meaning == "after" else gross).round(2)
    assert meaning_of_total(lines) == meaning
    lines = lines.assign(order=range(60), customer="7", date="2025-03-25")
    shop = read_own_shop(written(lines, tmp_path))
    assert shop.accounts.gross == pytest.approx(gross.sum())
    assert shop.accounts.net == pytest.approx(net.sum())


def test_accounts(tmp_path):
    # 3 × 20 with 10% off; 1 × 8; one of the 20s, of which 18 were paid, came back; 9 canceled.
    lines = pd.DataFrame(
        {
            "quantity": [3, 1, -1, 1],
            "unit_price": [20.0, 8.0, 20.0, 9.0],
            "discount": [0.1, 0.0, 0.1, 0.0],
            "status": ["paid", "paid", "paid", "canceled"],
        }
    )
    assert accounts_of(lines) == pytest.approx((68, 6, 18, 44))
    lines = lines.assign(
        order_id=["1", "2", "1", "3"], user_id="7", item_id=["A", "B", "A", "C"], date="2025-03-25"
    )
    made = read_own_shop(written(lines, tmp_path)).accounts
    assert (made.gross, made.discounts, made.refunds, made.net) == pytest.approx((68, 6, 18, 44))


def test_holdout_revenue_is_of_known_customers_after_the_cut():
    # User 1 is known and brings 7 later; user 2 comes later.
    orders = pd.DataFrame(
        {
            "user_id": [1, 2, 1, 1],
            "ordered_at": pd.to_datetime(["2025-06-01", "2025-06-03", "2025-06-04", "2025-06-02"]),
            "value": [9.0, 4.0, 7.0, 1.0],
        }
    )
    assert holdout_revenue(orders, pd.Timestamp("2025-06-02")) == 7


def test_revenue_from_totals():
    lines = pd.DataFrame({"order_id": ["x", "y", "x"], "item_id": [1, 1, 2], "total": [8, 8, 8]})
    assert revenue_from_totals(lines) == 16


def parsed_in(dates, order):
    """Whether pandas can read all dates in one order."""
    try:
        pd.to_datetime(dates, format=order)
    except ValueError:
        return False
    return True


def by_trying(texts):
    day, month = parsed_in(texts, "%d/%m/%Y"), parsed_in(texts, "%m/%d/%Y")
    if day == month:
        return "unknown" if day else "both"
    return "day first" if day else "month first"


def by_row(table):
    total = 0
    for units, price in zip(table["Menge"], table["Einzelpreis"], strict=True):
        total += int(units) * float(price[:-2].replace(".", "").replace(",", "."))
    return total


DAY = pd.Timedelta(days=1)


def cut_cents(table):
    return table["Einzelpreis"].str.replace(r",\d\d", "", regex=True)


def by_second_number(texts):
    return "month first" if texts.str.split("/").str[1].astype(int).max() > 12 else "day first"


def by_first_proof(texts):
    for first, second, _ in texts.str.split("/"):
        if int(first) > 12:
            return "day first"
        if int(second) > 12:
            return "month first"
    return "unknown"


def by_all_rows(texts):
    first, second = (texts.str.split("/").str[place].astype(int).min() > 12 for place in (0, 1))
    return "day first" if first else "month first" if second else "unknown"


def by_close(lines):
    gross = lines["quantity"] * lines["price"]
    fits = {
        name: np.isclose(amount, lines["total"], rtol=0, atol=0.009).all()
        for name, amount in {"before": gross, "after": gross - lines["discount"]}.items()
    }
    proven = [name for name, is_so in fits.items() if is_so]
    return proven[0] if len(proven) == 1 else "unknown"


def by_error(allowed):
    """Return an answer that says when the errors of all rows are small enough."""

    def answer(lines):
        gross = lines["quantity"] * lines["price"]
        before, after = (
            allowed(abs(amount - lines["total"])) for amount in (gross, gross - lines["discount"])
        )
        return "unknown" if before == after else "after" if after else "before"

    return answer


def by_rounded_totals(lines):
    gross = lines["quantity"] * lines["price"]
    before, after = (
        (amount.round(2) == lines["total"].round(2)).all()
        for amount in (gross, gross - lines["discount"])
    )
    return "unknown" if before == after else "after" if after else "before"


def by_rounding(lines):
    off = (lines["quantity"] * lines["price"] - lines["discount"]).round(2)
    return "after" if (off == lines["total"]).all() else "before"


def books(lines, canceled="canceled"):
    gross = discounts = refunds = 0
    for units, price, discount, status in lines.itertuples(index=False):
        if status == canceled:
            continue
        if units > 0:
            gross += units * price
            discounts += units * price * discount
        else:
            refunds -= units * price * (1 - discount)
    return {
        "gross": gross,
        "discounts": discounts,
        "refunds": refunds,
        "net": gross - discounts - refunds,
    }


def line_by_line(lines):
    lines = lines.query("status != 'canceled'").eval("value = quantity * unit_price")
    sales, returns = lines[lines["quantity"] > 0], lines[lines["quantity"] < 0]
    discounts, refunds = sales.eval("value * discount"), returns.eval("-value * (1 - discount)")
    return sales["value"], discounts, refunds, sales["value"] - discounts - refunds


def merged(orders, cut):
    known = orders[orders["ordered_at"] <= cut]
    later = orders[orders["ordered_at"] > cut]
    return later.merge(known, on="user_id")["value_x"].sum()


def merged_and_dropped(orders, cut):
    known = orders.loc[orders["ordered_at"] <= cut, ["user_id"]]
    later = orders[orders["ordered_at"] > cut]
    return later.merge(known).drop_duplicates()["value"].sum()


def per_order(lines):
    return lines["total"].sum() / lines.groupby("order_id").size().mean()


# Other ways that learners found, all right.
ALSO_RIGHT = [
    ("15-1", by_row),
    ("15-1", lambda table: round(foreign_revenue(table), 2)),
    ("15-2", by_trying),
    ("15-4", by_close),
    ("15-4", by_rounded_totals),
    ("15-4", by_error(lambda errors: (errors <= 0.01).all())),
    ("15-4", by_error(lambda errors: (errors < 0.005).all())),
    ("15-5", lambda lines: list(accounts_of(lines))),
    ("15-5", lambda lines: pd.Series(books(lines))),
    ("15-8", lambda lines: lines.groupby("order_id")["total"].max().sum()),
    ("15-8", lambda lines: lines[["order_id", "total"]].drop_duplicates()["total"].sum()),
]


@pytest.mark.parametrize(("id", "answer"), ALSO_RIGHT)
def test_another_way_is_right(id, answer):
    assert judge(course.find(id), answer).mark == RIGHT


# Answers that learners gave, and what they must hear.
ANSWERS = [
    ("15-1", lambda table: 100 * foreign_revenue(table), "a hundred times"),
    ("15-1", lambda table: table["revenue"].sum(), "`Menge`, `Einzelpreis`"),
    ("15-1", lambda table: round(foreign_revenue(table)), "is something rounded"),
    ("15-2", lambda texts: by_trying(texts).upper(), "DAY FIRST"),
    ("15-2", lambda texts: by_trying(texts).replace("both", "unknown"), "contradict"),
    ("15-1", lambda table: by_row(table.assign(Einzelpreis=cut_cents(table))), "the cents"),
    ("15-2", lambda texts: by_trying(texts).replace("unknown", "day first"), "guessed the day"),
    ("15-2", lambda texts: by_trying(texts).replace("unknown", "month first"), "guessed the month"),
    ("15-2", by_second_number, "is no proof of day first"),
    ("15-2", by_first_proof, "first proof"),
    ("15-2", lambda texts: by_trying(texts.tail(1)), "last row only"),
    ("15-2", by_all_rows, "in all rows"),
    ("15-4", by_rounding, "must be before"),
    ("15-4", by_error(lambda errors: errors.max() <= 0.02), "more than a cent"),
    ("15-4", by_error(lambda errors: (errors <= 1).all()), "more than a cent"),
    ("15-4", by_error(lambda errors: (errors.round() == 0).all()), "more than a cent"),
    ("15-4", by_error(lambda errors: errors.median() < 0.01), "most rows"),
    ("15-4", by_error(lambda errors: errors.mean() <= 0.01), "averaged"),
    ("15-4", by_error(lambda errors: errors.sum() <= 0.01), "added up"),
    ("15-4", lambda lines: meaning_of_total(lines.assign(quantity=1)), "without the quantity"),
    ("15-4", lambda lines: by_close(lines).replace("unknown", "after"), "guessed after"),
    ("15-5", lambda lines: accounts_of(lines)[:3], "instead of 4 values"),
    ("15-5", lambda lines: list(books(lines, "").values()), "canceled orders"),
    ("15-5", lambda lines: books(lines)["net"], "net alone"),
    ("15-5", line_by_line, "line by line"),
    ("15-5", lambda lines: (*accounts_of(lines)[:2], 0, 0), "not right"),
    ("15-6", lambda orders, cut: holdout_revenue(orders, cut - DAY), "in the evening"),
    (
        "15-6",
        lambda orders, cut: orders[orders["ordered_at"] >= cut]["value"].sum(),
        "all customers",
    ),
    ("15-6", merged, "once for each earlier order"),
    ("15-6", merged_and_dropped, "became one"),
    ("15-6", lambda orders, cut: -holdout_revenue(orders, cut), "not right"),
    ("15-6", lambda orders, cut: round(holdout_revenue(orders, cut)), "not right"),
    ("15-8", lambda lines: lines.drop_duplicates()["total"].sum(), "every different line"),
    ("15-8", lambda lines: lines.groupby("order_id")["total"].sum().sum(), "as often as it has"),
    ("15-8", per_order, "same number of lines"),
    ("15-8", lambda lines: lines.drop_duplicates("total")["total"].sum(), "same total"),
]


@pytest.mark.parametrize(("id", "answer", "words"), ANSWERS)
def test_what_a_wrong_answer_is_told(id, answer, words):
    verdict = judge(course.find(id), answer)
    assert verdict.mark == WRONG
    assert words in verdict.diagnosis
