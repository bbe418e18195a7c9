"""Where there is nothing to find, sections claim nothing; and no small shop breaks the page."""

import os
import re
from dataclasses import replace

import hypothesis
import hypothesis.strategies as some
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.metrics import roc_auc_score

from apps import report
from apps.report import breakdown, refunds, timing
from apps.report.evidence import auc_gain, mean_gain
from apps.report.html import page
from apps.report.own_shop.accounts import add_up
from apps.report.section import complete, observed_until
from apps.report.trends import moving

RUNS = int(os.environ.get("WORKBOOK_RUNS", "5"))  # of the tests with chance; 20 and more tell all


def shop_of(ours, lines, refunds=(), **changes):
    """Make a shop of order lines, with an item table that fits."""
    lines = lines.rename_axis("row")
    items = None
    if "item_id" in lines:
        ids = lines["item_id"].drop_duplicates().sort_values()
        category = [f"shelf {len(str(one)) % 3}" for one in ids]
        items = pd.DataFrame({"item_id": ids, "name": "item " + ids, "category": category})
    refunds = pd.DataFrame(refunds, columns=["refunded_at", "amount", "user_id"])
    accounts = ours.accounts
    if "unit_price" in lines:
        amounts = add_up(lines.assign(refunded=0.0))
        back = float(refunds["amount"].sum())
        amounts |= {"gross": amounts["gross"] + back, "refunds": back}
        accounts = accounts._replace(**amounts)
    return replace(
        ours,
        order_lines=lines,
        items=items,
        events=None,
        refund_rows=refunds,
        accounts=accounts,
        rows=len(lines),
        **changes,
    )


# ---------------------------------------------------------------- evidence


def test_the_gain_is_students_interval():
    differences = np.random.default_rng(0).normal(0.3, 1, 12)
    low, high = stats.ttest_1samp(differences, 0).confidence_interval(0.95)
    assert mean_gain(differences) == pytest.approx((differences.mean(), low, high))


def test_one_difference_proves_nothing():
    assert not mean_gain([5.0]).low > 0


@pytest.fixture(scope="module")
def risks():
    rng = np.random.default_rng(0)
    y = rng.random(400) < 0.3
    good, poor = y + rng.normal(0, 1, 400), y + rng.normal(0, 2, 400)
    return y, good, poor.round()  # the second with ties


def test_the_gain_in_auc_is_that_of_sklearn(risks):
    y, good, poor = risks
    gain = auc_gain(y, good, poor)
    assert gain.mean == pytest.approx(roc_auc_score(y, good) - roc_auc_score(y, poor))
    assert auc_gain(y, poor).mean == pytest.approx(roc_auc_score(y, poor) - 0.5)


def test_delongs_interval_is_that_of_the_bootstrap(risks):
    y, good, poor = risks
    rng = np.random.default_rng(1)
    drawn = []
    for _ in range(300):
        yes, no = (rng.choice(np.flatnonzero(which), which.sum()) for which in (y, ~y))
        who = np.concatenate([yes, no])
        drawn.append(roc_auc_score(y[who], good[who]) - roc_auc_score(y[who], poor[who]))
    gain = auc_gain(y, good, poor)
    assert (gain.high - gain.low) / 2 == pytest.approx(1.96 * np.std(drawn), rel=0.1)


# ---------------------------------------------------------------- nothing to find


def at_random(ours, seed):
    """Make a shop of two years in which who buys, when and what is a matter of chance."""
    rng = np.random.default_rng(seed)
    orders = pd.DataFrame(
        {
            "order_id": [f"O{number}" for number in range(3000)],
            "user_id": [f"U{user}" for user in rng.integers(300, size=3000)],
            "ordered_at": pd.Timestamp("2024-01-01")
            + pd.to_timedelta(np.sort(rng.integers(730 * 86_400, size=3000)), "s"),
        }
    )
    lines = orders.loc[np.repeat(orders.index, rng.integers(1, 4, 3000))].reset_index(drop=True)
    return shop_of(
        ours,
        lines.assign(
            item_id=[f"I{item}" for item in rng.integers(40, size=len(lines))],
            quantity=rng.integers(1, 4, len(lines)),
            unit_price=rng.choice([5.0, 8.0, 13.0, 21.0], len(lines)),
            discount=0.0,
        ),
    )


CLAIMS = {  # section → how its title begins if it claims to have found something
    report.churn_list: r"\d+% of the customers will probably not buy",
    report.value_to_come: "About ",
    report.forecasting.demand: "About ",
    timing.timing: r"\w+day is the busiest|The busiest hour",
    report.bought_together: r"\d+ pairs? ",
    report.recommendations: "A personal list",
    moving: "Rising|Falling",
}


def test_our_own_shop_lets_most_sections_claim_something(ours):
    found = {make: bool(re.match(claim, make(ours).title)) for make, claim in CLAIMS.items()}
    silent = [make.question for make, claims in found.items() if not claims]
    assert silent == [report.recommendations.question]


@pytest.mark.parametrize("make", CLAIMS, ids=lambda make: make.__name__)
def test_at_most_one_in_twenty_claims_what_is_not_there(ours, make):
    titles = [make(at_random(ours, seed)).title for seed in range(RUNS)]
    claims = [title for title in titles if re.match(CLAIMS[make], title)]
    assert len(claims) <= RUNS / 20, claims


def test_whoever_just_bought_is_not_on_the_list_of_churn(ours):
    found = report.churn_list(ours)
    listed = found.tables[0].cells["customer"]
    last = ours.orders.groupby("user_id")["ordered_at"].max().dt.normalize()
    assert (last[listed] <= ours.last_day - pd.Timedelta(days=30)).all()


def test_what_cannot_be_told_is_said_in_plain_words(ours):
    shop = at_random(ours, 0)
    for make in (report.churn_list, report.forecasting.demand):
        found = make(shop)
        assert found.skipped.startswith("this file can't tell. ")
        assert not found.tables
        assert not found.figures


# ---------------------------------------------------------------- small and odd shops


@some.composite
def small_shops(draw):
    """A shop of a few orders, with or without customers, guests, items, money, refunds."""
    orders = draw(some.integers(1, 8))
    days = draw(some.sampled_from([1, 7, 40, 200, 900]))
    when = some.integers(0, days * 24 - 1)
    users = draw(some.sampled_from([["Ana"], ["Ana", "Ben"], [None], ["Ana", None]]))
    lines = pd.DataFrame(
        {
            "order_id": [f"O{draw(some.integers(1, orders))}" for _ in range(orders)],
            "user_id": pd.Series(
                [draw(some.sampled_from(users)) for _ in range(orders)], dtype=object
            ),
            "ordered_at": pd.Timestamp("2024-01-31")
            + pd.to_timedelta([draw(when) for _ in range(orders)], "h"),
            "quantity": [draw(some.integers(1, 3)) for _ in range(orders)],
        }
    )
    refunds = []
    if draw(some.booleans()):
        lines["item_id"] = [draw(some.sampled_from("AB")) for _ in range(orders)]
    if draw(some.booleans()):
        prices = some.sampled_from([0.0, 0.01, 5.0, 1e9])
        lines["unit_price"] = [draw(prices) for _ in range(orders)]
        lines["discount"] = [draw(some.sampled_from([0.0, 0.5, 1.0])) for _ in range(orders)]
        if draw(some.booleans()):
            refunds = [(lines["ordered_at"].max() + pd.Timedelta(days=3), 2.5, None)]
    for name in ("country", "channel"):
        if draw(some.booleans()):
            lines[name] = [draw(some.sampled_from(["x", None])) for _ in range(orders)]
    return lines, refunds, draw(some.integers(0, 6))


WRONG_PLURAL = re.compile(
    r"(?<![\d.,])1 (day|week|month|customer|order|unit|item|pair|visit|refund|row|product)s\b"
)


@hypothesis.settings(max_examples=max(25, RUNS))
@hypothesis.given(small_shops())
def test_every_small_shop_makes_a_page(ours, small):
    lines, refunds, first_weekday = small
    shop = shop_of(ours, lines, refunds, first_weekday=first_weekday)
    made = list(report.sections(shop))
    text = page(shop, made)
    assert text.endswith("</html>\n")
    for one in made:
        assert "could not be computed" not in repr(one)
        assert not WRONG_PLURAL.search(repr(one))
        assert not re.search(r"\b(nan|inf|None|NaT)\b", repr(one))


# ---------------------------------------------------------------- complete periods


def days_of(ours, days):
    lines = pd.DataFrame({"ordered_at": pd.to_datetime(days), "user_id": "Ana", "quantity": 1})
    lines["order_id"] = [f"O{number}" for number in range(len(lines))]
    return shop_of(ours, lines)


MANY = pd.date_range("2025-01-01", "2025-08-30")


@pytest.mark.parametrize(
    ("days", "until"),
    [
        # Every day has an order, so the missing August 31 means that the file ends on the 30th.
        (MANY, "2025-08-30"),
        # Every third day has one: after the 30th, nothing is missing yet. 240 days, 81 with orders.
        (MANY[1::3], "2025-08-31"),
        # Closed on Saturday and Sunday: after Friday the 29th, no order was due in August.
        (MANY[MANY.day_of_week < 5], "2025-08-31"),
        # The last order is of the 20th: 12 days until September are four times the usual pause.
        (MANY[MANY <= "2025-08-20"][::3], "2025-08-20"),
        # One day is no history.
        (["2025-08-30"], "2025-08-30"),
    ],
)
def test_a_month_is_complete_if_its_last_pause_is_usual(ours, days, until):
    assert observed_until(days_of(ours, days)) == pd.Timestamp(until)


def test_what_happened_later_completes_a_month(ours):
    shop = days_of(ours, MANY)
    refunds = pd.DataFrame({"refunded_at": pd.to_datetime(["2025-09-02 10:00"]), "amount": 5.0})
    shop = replace(shop, refund_rows=refunds.assign(user_id=None))
    table = pd.DataFrame(index=pd.period_range("2025-01", "2025-09", freq="M"))
    assert str(complete(shop, table).index[-1]) == "2025-08"


# ---------------------------------------------------------------- new sections, by hand


def four_orders(**columns):
    """Make Ana's two orders, Ben's one and a guest's, of 10, 20, 30 and 40 dollars."""
    lines = pd.DataFrame(
        {
            "order_id": ["O1", "O2", "O3", "O4"],
            "user_id": ["Ana", "Ana", "Ben", None],
            "ordered_at": pd.to_datetime(["2025-03-01", "2025-05-04", "2025-06-02", "2025-08-31"]),
            "quantity": 1,
            "unit_price": [10.0, 20.0, 30.0, 40.0],
            "discount": 0.0,
        }
    )
    return lines.assign(**columns)


def test_new_and_returning_by_hand(ours):
    found = report.key_figures(shop_of(ours, four_orders()))
    # March to August: new 10 + 30, returning 20, guests 40 of 100.
    assert plain(found.figures[0].draw()) == (
        "Returning customers account for 20% of the revenue of the last 6 full months"
    )
    cells = found.tables[0].cells.set_index("period")
    shares = cells[["revenue", "from returning customers", "from guests"]]
    assert shares.loc["2025-05"].tolist() == ["$20", "100%", "0%"]
    assert shares.loc["2025-04"].tolist() == ["$0", "–", "–"]
    assert shares.loc["2025-08"].tolist() == ["$40", "0%", "100%"]


def plain(ax):
    """Return the title of a drawing."""
    plt.close(ax.figure)
    return ax.get_title(loc="left") or ax.get_title()


def test_products_and_places_by_hand(ours):
    shop = shop_of(
        ours, four_orders(item_id=["a", "bb", "a", "ccc"], country=["DE", "FR", "DE", None])
    )
    products = breakdown.best_sellers(shop)
    assert products.title == "3 products make up all revenue"
    assert products.tables[0].cells["product"].tolist() == ["item a", "item ccc", "item bb"]
    assert products.tables[0].cells.iloc[0].tolist() == ["item a", "2", "$40", "40.0%"]
    found = breakdown.places(shop)
    assert found.title == "“DE” brings in 40% of the revenue, the largest share of 3 countries"
    assert found.tables[0].cells["country"].tolist() == ["DE", "unknown", "FR"]
    assert len(found.tables) == 1  # no channels in the file, no table


def test_others_are_summed_up(ours):
    rng = np.random.default_rng(0)
    lines = pd.concat([four_orders()] * 6, ignore_index=True)
    lines["item_id"] = [f"I{number:02}" for number in range(24)]
    table = breakdown.best_sellers(shop_of(ours, lines.sample(frac=1, random_state=rng))).tables[0]
    assert len(table.cells) == 11
    # The ten largest are six of 40 and four of 30: 360 of 600.
    assert table.cells.iloc[-1].tolist() == ["14 others", "–", "$240", "40.0%"]


def test_the_busiest_day_is_found_and_the_week_begins_as_asked(ours):
    days = pd.date_range("2025-01-06", periods=140)  # 20 weeks from a Monday
    days = days.append(days[days.day_of_week == 2])  # two orders on each Wednesday
    shop = replace(days_of(ours, days), first_weekday=6)
    found = timing.timing(shop)
    assert found.title == "Wednesday is the busiest day, with 25% of the orders"
    assert found.tables[0].cells["day"].tolist()[:4] == ["Sunday", "Monday", "Tuesday", "Wednesday"]
    assert not found.figures  # no times of day, no hours


def test_a_day_on_which_the_shop_is_closed_is_not_the_quietest(ours):
    days = pd.date_range("2025-01-06", periods=140)
    days = days[days.day_of_week != 5].append(days[days.day_of_week == 2])
    found = timing.timing(days_of(ours, days))
    assert found.reading[0] == "The quietest day is Monday, with 14% of the orders."


def test_the_hours_are_shown_if_they_differ(ours):
    # Each day an order at 9, 10, …, 17, closed at night: 70 in each of nine hours.
    even = pd.date_range("2025-01-06 09:30", periods=70)
    even = pd.DatetimeIndex([day + pd.Timedelta(hour, "h") for day in even for hour in range(9)])
    assert "differ no more than chance" in timing.timing(days_of(ours, even)).skipped
    evening = pd.date_range("2025-01-06 18:30", periods=70)
    found = timing.timing(days_of(ours, even.append(evening).append(evening)))
    assert found.title == "The busiest hour is 18:00 to 18:59"
    assert found.figures[0].data["value"].tolist() == [0] * 9 + [70] * 9 + [140] + [0] * 5


def test_refunds_by_hand(ours):
    back = [(pd.Timestamp("2025-06-20"), 15.0, "Ben"), (pd.Timestamp("2025-08-31"), 10.0, None)]
    found = refunds.refunds(shop_of(ours, four_orders(), back))
    assert found.title == "20.0% of the sales, $25, was refunded"  # 25 of 100 left + 25
    rate = found.figures[0].data.set_index("x")["value"]
    assert rate["2025-06"] == 33.3  # 15 of 30 + 15
    assert rate["2025-03"] == 0
    assert pd.Period("2025-04") not in rate.index  # nothing was sold


def test_refunds_without_a_full_month_of_sales_are_given_as_one_sum(ours):
    days = pd.to_datetime(["2025-01-20", "2025-01-21", "2025-01-22", "2025-09-05"])
    back = [(pd.Timestamp("2025-09-05"), 25.0, None)]
    found = refunds.refunds(shop_of(ours, four_orders(ordered_at=days), back))
    assert found.title == "20.0% of the sales, $25, was refunded"
    assert not found.figures


# ---------------------------------------------------------------- plain words

MEANINGS = {  # term → a piece of its meaning, in every section that uses it
    r"\bAUC\b": "In a pair of one customer who churned and one who bought",
    r"\bWAPE\b": "add up to",
    r"\bRFM\b": "how recently, how often and for how much",
    r"\bAOV\b": "average order value",
    r"\bcohorts?\b": "customers whose first order",
    r"confidence interval": "contains the true value in 95 of 100",
    r"prediction interval": "four weeks in five",
    r"Holm": "probability of finding any",
    r"\bLift\b": "divided by the share of all orders",
    r"rank correlation": "0: unrelated",
    r"exponential smoothing": "recent weeks count more",
    r"[Hh]oldout": "without seeing|was hidden",
    r"\bretention\b": "order again",
}


def test_a_term_is_explained_where_it_is_used(ours):
    used = set()
    for one in report.sections(ours):
        text = repr(one)
        for term, meaning in MEANINGS.items():
            if re.search(term, text):
                used.add(term)
                assert re.search(meaning, text), (one.name, term)
        assert not re.search(r"BG/NBD|gamma|bootstrap|DeLong|Friedman|p-value", text)
    assert used == set(MEANINGS)
