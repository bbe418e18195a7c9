"""The report and lesson 15 agree, and what answers to the lesson that learners give are told."""

import numpy as np
import pandas as pd
import pytest

from apps.report.own_shop.dates import read_dates
from apps.report.own_shop.numbers import read_numbers
from apps.report.own_shop.shop import read_own_shop
from exercises.lesson_15 import (
    BOOK,
    DATES,
    EXPORTS,
    accounts_of,
    foreign_revenue,
    holdout_revenue,
    meaning_of_total,
)
from tests.exercises.lessons.answers import are_right, are_told


@pytest.mark.parametrize("case", EXPORTS)
def test_the_helper_reads_numbers_as_the_exercise_does(case):
    [table] = case.inputs
    prices = read_numbers(table["Einzelpreis"]).result
    assert (table["Menge"].astype(int) * prices).sum() == pytest.approx(case.right)


@pytest.mark.parametrize("case", [case for case in DATES if case.right != "both"])
def test_the_helper_proves_an_order_of_dates_as_the_exercise_does(case):
    reading = read_dates(*case.inputs)
    if case.right == "unknown":
        assert "nothing proves it" in reading.doubts[0].what
    else:
        assert reading.how == case.right


def written(table, tmp_path):
    path = tmp_path / "orders.csv"
    table.to_csv(path, index=False)
    return path


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


def test_the_helper_makes_accounts_as_the_exercise_does(tmp_path):
    [lines] = BOOK.inputs
    items = {"order_id": [*"12312"], "item_id": [*"ABCAB"]}
    lines = lines.assign(**items, user_id="7", date="2025-03-25")
    made = read_own_shop(written(lines, tmp_path), {"discount": "discount"}).accounts
    assert (made.gross, made.discounts, made.refunds, made.net) == pytest.approx(BOOK.right)


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


DAY = pd.Timedelta(days=1)


def by_first_proof(texts):
    for first, second, _ in texts.str.split("/"):
        if int(first) > 12:
            return "day first"
        if int(second) > 12:
            return "month first"
    return "unknown"


def by_error(allowed):
    """Return an answer that says when the errors of all rows are small enough."""

    def answer(lines):
        gross = lines["quantity"] * lines["price"]
        before, after = (
            allowed(abs(amount - lines["total"])) for amount in (gross, gross - lines["discount"])
        )
        return "unknown" if before == after else "after" if after else "before"

    return answer


def by_rounding(lines):
    off = (lines["quantity"] * lines["price"] - lines["discount"]).round(2)
    return "after" if (off == lines["total"]).all() else "before"


def books(lines):
    gross = discounts = refunds = 0
    for units, price, discount, status in lines.itertuples(index=False):
        if status == "canceled":
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


def merged_and_dropped(orders, cut):
    known = orders.loc[orders["ordered_at"] <= cut, ["user_id"]]
    later = orders[orders["ordered_at"] > cut]
    return later.merge(known).drop_duplicates()["value"].sum()


def per_order(lines):
    return lines["total"].sum() / lines.groupby("order_id").size().mean()


# Other ways that learners found, all right.
test_another_way_is_right = are_right(
    ("15-2", by_trying),
    ("15-4", by_error(lambda errors: (errors <= 0.01).all())),
    ("15-5", lambda lines: pd.Series(books(lines))),
    ("15-8", lambda lines: lines.groupby("order_id")["total"].max().sum()),
)


# Answers that learners gave, and what they must hear.
test_what_a_wrong_answer_is_told = are_told(
    ("15-1", lambda table: 100 * foreign_revenue(table), "a hundred times"),
    ("15-2", lambda texts: by_trying(texts).upper(), "DAY FIRST"),
    ("15-2", by_first_proof, "first proof"),
    ("15-4", by_rounding, "must be before"),
    ("15-4", by_error(lambda errors: errors.max() <= 0.02), "more than a cent"),
    ("15-4", by_error(lambda errors: errors.median() < 0.01), "most rows"),
    ("15-5", lambda lines: (*accounts_of(lines)[:2], 0, 0), "not right"),
    ("15-6", lambda orders, cut: holdout_revenue(orders, cut - DAY), "in the evening"),
    ("15-6", merged_and_dropped, "became one"),
    ("15-8", per_order, "same number of lines"),
)
