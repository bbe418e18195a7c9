"""The sections of a report: right on shops whose truth is known, silent where nothing is known."""

import re
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from apps import report
from apps.report import baskets, breakdown, browsing, forecasting
from apps.report.acts import this_week
from apps.report.margins import margins
from apps.report.own_shop.shop import from_shop
from apps.report.section import Section, Skip, section
from apps.report.summary import tiles
from apps.report.trends import moving
from helpers import forecast
from helpers.data import downloads, sources


def part_of_the_shop(**conditions):
    lines = sources.load_shop().order_lines
    days = conditions.pop("days", None)
    if days:
        lines = lines[lines["ordered_at"] > lines["ordered_at"].max() - pd.Timedelta(days=days)]
    return lines.drop(columns=conditions.pop("without", []))


# ---------------------------------------------------------------- right where the truth is known


def test_all_is_said_of_our_own_shop(made):
    assert {one.name for one in made.values() if one.skipped} == {"places", "refunds", "margin"}
    for one in made.values():
        assert one.question.endswith("?")
        assert bool(one.title) == bool(one.reading) != bool(one.skipped)


def test_key_figures(made, ours):
    lines = sources.load_shop().order_lines
    revenue = (lines["quantity"] * lines["unit_price"] * (1 - lines["discount"])).sum()
    assert made["figures"].title == f"7,838 orders from 2,398 customers brought in ${revenue:,.0f}"
    months = made["figures"].tables[0].cells.set_index("period")
    assert months.index[-1] == "2025-12"
    in_december = lines[lines["ordered_at"].dt.to_period("M") == "2025-12"]
    assert months["customers"].iloc[-1] == str(in_december["user_id"].nunique())


def test_guests_bring_revenue_and_are_no_customers(ours, made):
    lines = sources.load_shop().order_lines
    number = lines["order_id"].str[1:].astype(int)
    guests = lines.assign(user_id=lines["user_id"].where(number % 4 > 0))
    shop = replace(ours, order_lines=guests)
    found = report.key_figures(shop)
    known, all_orders = shop.customer_orders, shop.orders
    assert found.title == (
        f"7,838 orders from {known['user_id'].nunique():,} customers and from guests brought in "
        "$753,405"
    )
    assert f"{len(all_orders) - len(known):,} orders without a customer id (guests)" in repr(found)
    months, before = (one.tables[0].cells for one in (found, made["figures"]))
    assert months[["orders", "revenue"]].equals(before[["orders", "revenue"]])
    assert (months["customers"].astype(int) < before["customers"].astype(int)).all()
    december = all_orders[all_orders["ordered_at"] >= "2025-12-01"]
    from_guests = december["value"][december["user_id"].isna()].sum() / december["value"].sum()
    assert months["from guests"].iloc[-1] == f"{from_guests:.0%}"


def test_without_customers_sections_on_customers_are_left_out(ours):
    shop = replace(ours, order_lines=ours.order_lines.assign(user_id=None), events=None)
    made = {one.name: one for one in report.sections(shop)}
    about_customers = {"value", "cohorts", "churn", "rfm", "recommendations"}
    for name in about_customers:
        assert made[name].skipped == "the file doesn't say who bought."
    assert made["figures"].title == "7,838 orders brought in $753,405"
    assert "customers" not in made["figures"].tables[0].cells
    assert made["demand"].title
    assert made["rules"].title


def test_a_month_that_was_seen_in_part_is_no_bad_month(read):
    lines = part_of_the_shop()
    lines = lines[lines["ordered_at"] < "2025-12-10"]
    months = report.key_figures(read(lines)).tables[0].cells
    assert months["period"].iloc[-1] == "2025-11"


def test_cohorts_by_hand(read):
    # 20 customers first buy in January, 10 of them again in February, 5 in March; 20 more first
    # buy in February, none of them again. All observed to 30 June: in the month after the first
    # 10 of 40 order again.
    rows = [(u, "2025-01-05") for u in range(1, 21)] + [(u, "2025-02-05") for u in range(1, 11)]
    rows += [(u, "2025-03-05") for u in range(1, 6)] + [(u, "2025-02-06") for u in range(21, 41)]
    rows += [(1, "2025-06-30")]
    found = report.cohorts(read(pd.DataFrame(rows, columns=["user", "date"])))
    assert found.title == "Of 100 new customers, 25 order again in the month after the first"
    table = found.tables[0].cells.set_index("first month")
    assert table.loc["2025-01", ["month 1", "month 2", "month 3"]].tolist() == ["50%", "25%", "0%"]
    assert table.loc["2025-02", "new customers"] == "20"


def test_small_cohorts_are_left_out(read):
    # 30 new customers in January, 6 in February; all of them come back in March.
    users = [(f"A{u}", "2025-01-05") for u in range(30)] + [
        (f"B{u}", "2025-02-05") for u in range(6)
    ]
    rows = users + [(user, "2025-03-10") for user, _ in users] + [("A1", "2025-06-30")]
    found = report.cohorts(read(pd.DataFrame(rows, columns=["user", "date"])))
    table = found.tables[0].cells.set_index("first month")
    assert table.loc["2025-01"].tolist()[:3] == ["30", "0%", "100%"]
    assert table.index.tolist() == ["2025-01"]
    assert "fewer than 20 customers are left out of the figure (1)" in " ".join(found.caveats)
    ax = found.figures[0].draw()
    assert [label.get_text() for label in ax.get_yticklabels()] == ["2025-01 (30)"]
    plt.close(ax.figure)


def test_rfm_shares_add_up(made):
    cells = made["rfm"].tables[0].cells
    customers = cells["customers"].str.replace(",", "").astype(int)
    assert customers.sum() == 2_398
    assert abs(cells["share of revenue"].str.rstrip("%").astype(int).sum() - 100) <= len(cells) / 2
    away = cells.set_index("segment").loc[["At risk", "Can't lose"], "customers"].astype(int)
    assert made["rfm"].reading[0].startswith(f"{away.sum()} customers bought more often")
    assert "(median: 492 days ago)" in made["rfm"].reading[0]


def test_value_is_near_the_truth(made):
    # The key knows how many purchases in 90 days to expect of each user; 52 weeks hold 364 / 90
    # times as many at most, since some leave on the way.
    truth = sources.load_shop_key()["users"]["expected_purchases"].sum() * 364 / 90
    said = float(made["value"].reading[0].split(" make about ")[1].split()[0].replace(",", ""))
    assert 0.6 * truth < said < 1.1 * truth


def test_the_forecast_of_value_is_tested_in_money(made, ours):
    orders = ours.orders
    cut = ours.last_day - pd.Timedelta(weeks=26)
    late = orders["ordered_at"].dt.normalize() > cut
    known = orders["user_id"].isin(orders["user_id"][~late])
    came = orders["value"][late & known].sum()
    tested = made["value"].reading[1]
    said = float(re.search(r"forecast \$([\d,]+)", tested).group(1).replace(",", ""))
    assert f"The actual total was ${float(f'{came:.3g}'):,.0f}" in tested
    assert f"{1 - said / came:.0%} too low" in tested
    assert "on half a year only, and it depends on the season" in made["value"].caveats[1]


def test_the_pairs_are_the_planted_ones(made):
    items = sources.load_shop().items.set_index("item_id")["name"]
    rules = sources.load_shop_key()["rules"]
    planted = {frozenset(map(items.get, pair)) for pair in rules.iloc[:, :2].to_numpy().tolist()}
    cells = made["rules"].tables[0].cells
    found = {
        frozenset(pair) for pair in cells[["item", "often bought with it"]].to_numpy().tolist()
    }
    assert found == planted


def test_recommendations_admit_that_bestsellers_are_better(made):
    assert "so recommend the bestsellers" in made["recommendations"].reading[0]


def test_funnel(made):
    cells = made["funnel"].tables[0].cells.set_index("step")
    visits = cells["visits"].str.replace(",", "").astype(int)
    assert visits.is_monotonic_decreasing
    assert cells.loc["cart", "share of previous step"] == f"{visits['cart'] / visits['view']:.1%}"


def test_the_list_of_churn_says_how_long_the_silence_is(made, ours):
    cells = made["churn"].tables[0].cells.set_index("customer")
    before, today = (
        cells[f"risk {when}"].str.rstrip("%").astype(int) for when in ("before", "today")
    )
    assert (today > before).all()
    user = cells.index[0]
    orders = ours.orders["ordered_at"][ours.orders["user_id"] == user].dt.normalize()
    days = orders.drop_duplicates()
    silence = (ours.last_day - days.max()).days
    usual = (days.max() - days.min()).days / (len(days) - 1)
    assert cells.loc[user].tolist()[2:] == [str(silence), f"{usual:.0f}"]
    assert "in 77% of all pairs (AUC); guessing gives 50%" in made["churn"].reading[2]


def test_visits_count_where_they_are_known():
    # Every customer buys every 10th day for a year. Half of them go on and visit daily; half stop
    # buying and visiting at the same time, at random: only visits tell who is still there.
    ours = from_shop(sources.load_shop())
    rng = np.random.default_rng(0)
    users = np.arange(400)
    leaves = np.where(users % 2, 999, rng.integers(150, 500, 400))
    days = pd.date_range("2024-01-01", periods=500)
    visits = [
        (f"U{u}", days[d] + pd.Timedelta(hours=9))
        for u in users
        for d in range(0, min(leaves[u], 500), 3)
    ]
    visits = pd.DataFrame(visits, columns=["user_id", "occurred_at"])
    visits = visits.assign(event="view", session_id=[f"S{n}" for n in range(len(visits))])
    bought = visits[rng.random(len(visits)) < 0.03]
    lines = bought[["user_id"]].assign(
        ordered_at=bought["occurred_at"], order_id=[f"O{n}" for n in range(len(bought))]
    )
    lines = lines.assign(quantity=1, unit_price=5.0, discount=0.0)

    def auc(events):
        found = report.churn_list(replace(ours, order_lines=lines, events=events))
        return int(re.search(r"in (\d+)% of all pairs", repr(found)).group(1))

    late = visits[visits["occurred_at"] > "2025-03-01"]  # too late to be counted
    assert auc(visits) > auc(late) + 10
    assert auc(late) == auc(None)


def test_demand_is_tested(made):
    cells = made["demand"].tables[0].cells
    assert cells["forecast"].iloc[0] == "exponential smoothing"
    assert cells["error (WAPE)"].str.rstrip("%").astype(int).is_monotonic_increasing


def test_naive_forecasts_are_those_of_the_backtest(ours):
    weekly = forecasting._weekly(ours)
    plan = forecasting._plan(weekly)
    models = {
        forecasting.MODEL: forecast.SeasonalNaive(season=1),  # a stand-in, which is fast
        "same as last year": forecast.SeasonalNaive(),
    }
    tested = forecast.rolling_origin(models, weekly, plan.ahead, plan.origins)
    wape = forecast.score(tested)["wape"]
    tested = tested[tested["model"] == forecasting.MODEL].reset_index(drop=True)
    errors = forecasting._errors(tested, weekly, plan).sum() / tested["units"].sum()
    assert errors["same as last year"] == pytest.approx(wape["same as last year"])
    assert errors["same as the week before"] == pytest.approx(wape[forecasting.MODEL])
    origins = tested.groupby("origin")["units"].agg(list)
    by_hand = 0.0
    for origin, units in origins.items():
        mean = weekly["units"][weekly["week"] <= origin].mean()
        by_hand += sum(abs(mean - one) for one in units)
    share = by_hand / tested["units"].sum()
    assert errors["mean of all weeks so far"] == pytest.approx(share)


def test_what_is_no_unit_is_not_forecast_as_units(read, monkeypatch):
    monkeypatch.setattr(forecasting, "_must_beat_naive_forecasts", lambda *_: None)
    lines = sources.load_shop().order_lines
    totals = lines.assign(total=lines["quantity"] * lines["unit_price"])
    totals = totals.groupby(["order_id", "user_id", "ordered_at"], as_index=False)["total"].sum()
    orders = read(totals)
    assert " orders in the next 8 weeks" in report.forecasting.demand(orders).title
    figures = report.key_figures(orders)
    assert "units per order" not in figures.tables[0].cells
    assert "comes from the number of customers per month" in figures.reading[0]
    quantities = [*[9_000] * 5, *lines["quantity"][5:]]
    grams = read(lines.assign(quantity=quantities), most_units="all")
    assert " order lines in the next 8 weeks" in report.forecasting.demand(grams).title
    per_order = lines.groupby("order_id").size().sum() / lines["order_id"].nunique()
    assert per_order > 2  # lines are not orders
    ours = int(report.forecasting.demand(orders).title.split()[1].replace(",", ""))
    theirs = int(report.forecasting.demand(grams).title.split()[1].replace(",", ""))
    assert theirs > 1.5 * ours


def test_the_highest_point_is_inside_the_figure(read):
    rows = [(u, f"2025-{m:02}-15", 5) for m in range(1, 13) for u in range(9)]
    shop = read(pd.DataFrame([*rows, (9, "2025-12-31", 5)], columns=["user", "date", "total"]))
    ax = report.key_figures(shop).figures[0].draw()
    assert ax.get_ylim()[0] == 0
    assert ax.get_ylim()[1] > 1.05 * max(line.get_ydata().max() for line in ax.lines)
    plt.close(ax.figure)


# ---------------------------------------------------------------- silent where it must be


@pytest.mark.parametrize(
    ("conditions", "make", "why"),
    [
        ({}, browsing.funnel, "orders but no events"),
        ({"days": 100}, report.churn_list, "at least 150 days of orders; the file contains 100"),
        ({"days": 100}, report.value_to_come, "at least 26 weeks of orders; the file contains 14"),
        (
            {"days": 100},
            report.forecasting.demand,
            "at least 42 weeks of orders; the file contains 14",
        ),
        ({"days": 3}, report.cohorts, "needs at least"),
        ({"without": ["item_id"]}, report.bought_together, "which items were bought"),
        ({"without": ["item_id"]}, report.recommendations, "which items were bought"),
    ],
)
def test_what_the_data_cannot_support_is_left_out(read, conditions, make, why):
    found = make(read(part_of_the_shop(**conditions)))
    assert why in found.skipped
    assert found.title == ""


def test_without_money_nothing_is_said_of_money(read):
    shop = read(part_of_the_shop(without=["unit_price", "discount"]))
    text = "\n".join(repr(one) for one in report.sections(shop) if one.name != "file")
    assert "7,838 orders from 2,398 customers\n" in text
    assert "revenue" not in text.lower()
    assert "spen" not in text.lower()


def test_nobody_came_back(read):
    once = part_of_the_shop().drop_duplicates("user_id")
    shop = read(once)
    assert "0% bought again within" in report.churn_list(shop).skipped
    assert "0 customers who bought on more than one day" in report.value_to_come(shop).skipped
    assert not [one for one in report.sections(shop) if "could not be computed" in repr(one)]


def test_customers_who_never_leave_make_no_forecast(read):
    days = pd.date_range("2025-01-01", periods=200).astype(str)
    rows = [(user, day, 5.0) for user in range(250) for day in days]
    shop = read(pd.DataFrame(rows, columns=["user", "date", "total"]))
    assert "how fast these customers churn" in report.value_to_come(shop).skipped
    assert "100% bought again within" in report.churn_list(shop).skipped


def test_items_at_random_make_no_rules(read):
    lines = part_of_the_shop()
    lines["item_id"] = lines["item_id"].sample(frac=1, random_state=0).to_numpy()
    found = report.bought_together(read(lines))
    assert found.title == "No two items are bought together more often than expected by chance"


def test_a_section_turns_what_fails_into_words():
    @section("x", "Why?")
    def broken(shop):
        raise ValueError("_helper() got an array of shape (0,)")

    @section("x", "Why?")
    def skipping(shop):
        raise Skip("too short")

    shop = from_shop(sources.load_shop())
    assert broken(shop).title == "This could not be computed"
    assert broken(shop).question == "Why?"
    assert "_helper" not in repr(broken(shop))
    assert skipping(shop).skipped == "too short."


def test_a_mistake_of_ours_is_not_hidden():
    @section("x", "Why?")
    def wrong(shop):
        raise KeyError("ours")

    with pytest.warns(RuntimeWarning, match="KeyError in the section x: 'ours'"):
        made = wrong(from_shop(sources.load_shop()))
    assert made.title == "This could not be computed"


# ---------------------------------------------------------------- other shops


def test_lists_where_neighbors_know_better(read):
    # Two crowds who never buy what the other does. A list of ten from the bestsellers of both
    # wastes half of its places; neighbors waste none.
    rng = np.random.default_rng(0)
    rows = []
    for user in range(300):
        items = rng.choice(25, 6, replace=False) + 25 * (user % 2)
        days = pd.Timestamp("2025-01-01") + pd.to_timedelta(np.sort(rng.choice(90, 6, False)), "D")
        rows += [(f"U{user}", day, f"A{item}") for day, item in zip(days, items, strict=True)]
    found = report.recommendations(read(pd.DataFrame(rows, columns=["user", "date", "item"])))
    assert "worth the effort" in found.reading[0]
    lists = found.tables[1].cells
    assert len(lists) == 12
    crowd = lists["customer"].str[1:].astype(int) % 2
    for column in ("recommend", "mainly because they bought"):
        assert (lists[column].str[1:].astype(int) // 25 == crowd).all()


def test_only_frequent_items_are_looked_at_where_there_are_many(read, monkeypatch):
    def looked_at():
        reading = report.bought_together(read(part_of_the_shop())).reading
        return int(next(one for one in reading if "were possible" in one).split()[0])

    assert looked_at() > 100
    monkeypatch.setattr(baskets, "MOST_PAIRS", 50)  # of 10 items
    assert 5 <= looked_at() <= 10


@pytest.mark.skipif(not downloads.is_cached("online_retail"), reason="needs Online Retail")
def test_online_retail(read):
    shop = read(sources.load_online_retail())
    made = {one.name: one for one in report.sections(shop)}
    # The first eight months don't tell who had left, so the forecast of value can't be tested.
    assert "this file can't tell. The forecast can't be tested" in made["value"].skipped
    assert {name for name, one in made.items() if one.skipped} == {
        "funnel",
        "value",
        "demand",
        "moving",
        "margin",
    }
    assert "GREEN REGENCY TEACUP AND SAUCER" in repr(made["rules"])


def test_cdnow(read):
    made = {
        one.name: one
        for one in report.sections(read(sources.load_cdnow(), roles={"amount": "value"}))
    }
    left_out = {name for name, one in made.items() if one.skipped}
    no_items = {"products", "moving", "rules", "recommendations"}
    assert left_out == no_items | {"funnel", "places", "refunds", "demand", "margin"}
    assert made["figures"].title.startswith("67,511 orders from 23,502 customers")


# ---------------------------------------------------------------- what to do this week


def test_each_act_has_customers_money_and_a_list(made, ours):
    plans = this_week(made.values())
    assert [plan.section for plan in plans] == ["churn", "rules", "moving"]
    for plan in plans[:2]:
        number = int(re.search(r"(\d+) customers", plan.act.title).group(1))
        assert number == len(plan.act.rows) == plan.act.rows["customer"].nunique()
        assert plan.act.how.startswith("An upper bound: ")
    # What is at stake: orders of the twelve months up to each customer's last one.
    rows, orders = plans[0].act.rows.set_index("customer"), ours.orders
    user = rows.index[0]
    when = orders["ordered_at"][orders["user_id"] == user]
    recent = orders["user_id"].eq(user) & (orders["ordered_at"] > when.max() - pd.Timedelta("365D"))
    spent = rows["spent in the twelve months up to the last order"]
    assert spent[user] == pytest.approx(orders["value"][recent].sum(), abs=0.01)
    assert plans[0].act.stake == f"up to ${float(f'{spent.sum():.3g}'):,.0f}"


def test_nothing_to_do_is_no_gap_in_the_file(read):
    found = [Section("77% will leave", name="churn"), Section("Champions", act="none", name="rfm")]
    (plan,) = this_week(found)
    assert (plan.why_not, plan.needed) == ("none", "")
    # 30 customers, each of whom bought on the same days: nobody is away.
    rows = [(user, day) for user in range(30) for day in ("2025-01-05", "2025-02-05")]
    (plan, *_) = this_week(report.sections(read(pd.DataFrame(rows, columns=["user", "date"]))))
    assert plan.act is None
    assert plan.why_not.startswith("Nobody who bought more often")
    assert plan.needed == ""


def test_nobody_is_offered_what_they_have(made, ours):
    rows = this_week(made.values())[1].act.rows
    names = ours.items.set_index("item_id")["name"]
    bought = ours.order_lines.assign(name=ours.order_lines["item_id"].map(names))
    bought = set(zip(bought["user_id"], bought["name"], strict=True))
    assert set(zip(rows["customer"], rows["bought"], strict=True)) <= bought
    assert not set(zip(rows["customer"], rows["offer"], strict=True)) & bought


def test_without_customers_orders_lack_the_other_item(ours):
    nobody = replace(ours, order_lines=ours.order_lines.assign(user_id=None), events=None)
    plans = this_week(report.sections(nobody))
    assert plans[0].act is None
    assert plans[0].why_not == "the file doesn't say who bought."
    assert "who bought" in plans[0].needed
    assert "order" in plans[1].act.rows
    assert plans[1].act.title.startswith("Show the other item: ")


def test_a_product_rises_and_another_falls_by_hand(read):
    # In each of 24 months one order: 10 units in all of A in the first year and 40 in the second,
    # of B the other way around, and of C the same.
    days = pd.date_range("2024-01-01", "2025-12-31").astype(str)
    first = [("A", day) for day in days[:366:30]] + [("B", day) for day in days[:366:9]]
    second = [("A", day) for day in days[366::9]] + [("B", day) for day in days[366::30]]
    same = [("C", day) for day in days]
    rows = pd.DataFrame([*first, *second, *same], columns=["item", "date"])
    found = moving(read(rows.assign(order=range(len(rows)), customer=7, price=5)))
    assert found.title == "Rising: 1 product, falling: 1 product"
    assert found.tables[0].cells.iloc[:, :2].to_numpy().tolist() == [
        ["reorder", "A"],
        ["stop, or find out why", "B"],
    ]
    assert found.act.title == "Reorder 1 product, look into 1 product"


# ---------------------------------------------------------------- margins and channels


@pytest.fixture
def costly():
    """Ana and Ben buy two or one of A (10, costs 4) and one of B (5, costs 8), in twelve months."""
    days = pd.date_range("2025-01-01", periods=24, freq="15D").astype(str)
    rows = pd.DataFrame({"order": range(24), "date": days, "customer": ["Ana", "Ben"] * 12})
    rows = rows.assign(item=["A", "A", "B"] * 8, quantity=[2, 1, 1] * 8)
    rows["price"] = rows["item"].map({"A": 10.0, "B": 5.0})
    rows["unit cost"] = rows["item"].map({"A": 4.0, "B": 8.0})
    rows["profit"] = rows["quantity"] * (rows["price"] - rows["unit cost"])
    return rows


@pytest.mark.parametrize("known", ["profit", "unit cost", "line cost"])
def test_margins_by_hand(read, costly, known):
    costly["line cost"] = costly["unit cost"] * costly["quantity"]
    columns = {"profit", "unit cost", "line cost"} - {known}
    shop = read(costly.drop(columns=list(columns)))
    found = margins(shop)
    # 8 × (2 × 6 + 6 - 3) = 120 of 8 × (20 + 10 + 5) = 280.
    assert found.title == "42.9% of the revenue is left after costs: 120"
    assert found.tables[0].cells.to_numpy().tolist() == [["B", "8", "40", "-24"]]
    assert found.act.title == "Reprice or stop 1 product"
    assert found.act.stake == "24 lost"
    assert {tile.name: tile.value for tile in tiles(shop)}["margin"] == "42.9%"


def test_a_cost_of_a_unit_or_of_a_line_is_not_guessed(read, costly):
    costly["unit cost"] = np.random.default_rng(0).uniform(3, 9, 24).round(2)
    found = margins(read(costly.drop(columns="profit")))
    assert "neither profits nor costs that can be told" in found.skipped


def test_a_returned_unit_takes_its_profit_along(read, costly):
    back = costly.iloc[:1].assign(quantity=-1, date="2025-12-30")
    found = margins(read(pd.concat([costly, back]).drop(columns=["unit cost"])))
    assert found.title.endswith("left after costs: 114")


def test_channels_by_hand(read):
    rows = [(1, "Ana", "web", 10), (2, "Ana", "shop", 20), (3, "Ben", "shop", 5)]
    rows = pd.DataFrame(rows, columns=["order", "customer", "channel", "total"])
    found = breakdown.places(read(rows.assign(date=["2025-03-01", "2025-04-01", "2025-05-01"])))
    assert found.title == "“shop” brings in 71% of the revenue, the largest share of 2 channels"
    # Ana came through the web and spent 30, Ben through the shop and spent 5.
    won = found.tables[1].cells.set_index("channel of the first order")
    assert won.loc["web"].tolist() == ["1", "100%", "30"]
    assert won.loc["shop"].tolist() == ["1", "0%", "5"]


def test_one_country_says_nothing(read):
    rows = pd.DataFrame({"order": [1, 2], "customer": "Ana", "total": 5, "country": "Peru"})
    found = breakdown.places(read(rows.assign(date=["2025-03-01", "2025-04-01"])))
    assert found.skipped == "the only place in the file is “Peru”."
