"""The capstone: the right replies are right, the mistakes it names get their diagnosis."""

import ast
import inspect
import re

import numpy as np
import pandas as pd
import pytest

from exercises.capstone import example, first_week, truth, week
from exercises.capstone.shop import CAUSES, world
from exercises.engine import course, store
from exercises.engine.exercise import RIGHT, UNTRIED, WRONG
from helpers import language
from tools.classroom import capstone_solved

SEEDS = {"checkout": 0, "nothing": 1, "log": 3}  # a shop of each kind
EMAILS = (1, 2, 3, 4)


def test_the_seeds_are_a_shop_of_each_kind():
    assert {world(seed).cause for seed in SEEDS.values()} == set(CAUSES)
    assert {cause: world(seed).cause for cause, seed in SEEDS.items()} == {c: c for c in CAUSES}


def said(seed, number, answer, mark=WRONG):
    verdict = week.judge(seed, number, answer)
    assert verdict.mark == mark, verdict
    return verdict.diagnosis


# ---------------------------------------------------------------- the shop


def test_the_export_holds_what_is_true_of_it():
    made = world(0)
    lines = made.raw["order_lines"]
    placed = made.simulation.placed
    # The incident: most orders of its days are missing, and the log has their carts.
    within = placed["ordered_at"].between(*made.days)
    before = placed["ordered_at"].between("2025-10-01", made.days[0])
    a_day = placed[before]["order_id"].nunique() / (made.days[0] - pd.Timestamp("2025-10-01")).days
    orders = placed[within]["order_id"].nunique() / (made.days[1] - made.days[0]).days
    assert orders < 0.4 * a_day
    visits = pd.MultiIndex.from_frame(made.lost[["user_id", "ordered_at"]])
    events = made.simulation.shop.events
    assert not pd.MultiIndex.from_frame(events[["user_id", "occurred_at"]]).isin(visits).any()
    # The set: a hundred orders within two weeks hold both items.
    both = (
        placed[placed["item_id"].isin(made.bundle)]
        .groupby("order_id")
        .filter(lambda o: len(o) == 2)
    )
    spring = both.loc[both["ordered_at"].between("2025-03-01", "2025-05-15"), "ordered_at"]
    assert spring.nunique() >= 100
    assert spring.quantile(0.95) - spring.quantile(0.05) < pd.Timedelta(days=14)
    assert 0.03 < lines["user_id"].isna().mean() < 0.09


def test_the_same_seed_gives_the_same_shop_and_an_export_of_ones_own():
    one, other = first_week(3), first_week(3)
    one.raw["order_lines"].iloc[:, :] = None
    assert other.raw["order_lines"].equals(world(3).raw["order_lines"])
    assert not first_week(4).raw["users"].equals(other.raw["users"])


@pytest.mark.parametrize("seed", [..., -1, "2611", 2.5, None, True])
def test_without_a_seed_it_is_the_example(seed, capsys):
    assert first_week(seed).seed == 0
    assert "seed 0" in capsys.readouterr().out


def test_the_truth_does_not_lie_open():
    made = first_week(0)
    assert repr(made) == "Week(seed=0)"
    assert set(vars(made)) == {"seed", "raw"}


# ---------------------------------------------------------------- the replies


@pytest.mark.parametrize("seed", SEEDS.values())
def test_the_truth_is_right(seed):
    known, made = truth.truth(seed), world(seed)
    best = sorted(known.sold, key=known.sold.get)[-6:]
    right = {
        1: known.earned,
        2: (made.cause, known.lost),
        3: known.profit.nlargest(made.budget).index,
        4: [tuple(pair) for pair in best],
    }
    for number, answer in right.items():
        said(seed, number, answer, RIGHT)


@pytest.mark.parametrize("number", EMAILS)
@pytest.mark.parametrize(
    "junk", [None, 7, "x", (), [], {}, (1, "x"), [(1, 2)], len, np.nan, object()]
)
def test_no_reply_raises(number, junk):
    assert said(0, number, junk)
    for dots in (..., (..., ...), [...]):
        said(0, number, dots, UNTRIED)


def test_there_are_four_emails():
    assert "four emails" in said(0, 5, 1)


@pytest.mark.parametrize("seed", SEEDS.values())
@pytest.mark.parametrize("mistake", sorted(week.EARNED.keys() - {"quantities"}))
def test_a_wrong_revenue_is_told_its_mistake(seed, mistake):
    made = truth.truth(seed).mistakes[mistake]
    assert week.EARNED[mistake] in said(seed, 1, made)
    assert week.EARNED[mistake] in said(seed, 1, [round(each) for each in made])


def test_placeholders_are_named_where_the_quarter_has_some():
    assert week.EARNED["quantities"] in said(3, 1, truth.truth(3).mistakes["quantities"])


def test_what_a_learner_finds_is_told_its_mistake_too():
    paid = capstone_solved.all_sales(world(0).raw)
    now, before = capstone_solved.earned(paid)
    said(0, 1, (now, before), RIGHT)
    assert "are swapped" in said(0, 1, (before, now))
    by_quarter = paid.groupby(paid["ordered_at"].dt.to_period("Q"))["paid"].sum()
    assert week.EARNED["quarter"] in said(0, 1, (by_quarter["2025Q3"], by_quarter["2024Q3"]))
    by_month = paid.groupby(paid["ordered_at"].dt.to_period("M"))["paid"].sum()
    gap = by_month["2025-10"] - by_month["2025-11"]
    assert "October's coupon" in said(0, 2, ("checkout", gap))


@pytest.mark.parametrize("factor", [0.97, 1.03])
def test_any_other_revenue_is_told_its_direction(factor):
    now, before = truth.truth(0).earned
    direction = "too high" if factor > 1 else "too low"
    assert f"last quarter is {direction}" in said(0, 1, (now * factor, before))
    assert f"year before is {direction}" in said(0, 1, (now, before * factor))


def test_a_revenue_is_told_that_it_is_far_too_high():
    now, before = truth.truth(0).earned
    assert "with the list prices" in said(0, 1, (1.2 * now, before))


@pytest.mark.parametrize("true", CAUSES)
@pytest.mark.parametrize("claimed", CAUSES)
def test_a_wrong_cause_is_told_where_to_look(claimed, true):
    if claimed == true:
        return
    hints = {
        ("nothing", "checkout"): "single days",
        ("nothing", "log"): "single days",
        ("log", "checkout"): "do the order lines have them",
        ("checkout", "log"): "Compare the log with the order lines",
    }
    assert hints.get((claimed, true), "November with September") in said(
        SEEDS[true], 2, (claimed, 0)
    )


def test_a_wrong_loss_is_told_its_mistake():
    known = truth.truth(0)
    for gap in known.november_gaps:
        assert "October's coupon" in said(0, 2, ("checkout", gap))
    assert "would have paid" in said(0, 2, ("checkout", known.lost_at_list))
    for wrong in (
        0,
        np.nan,
        known.lost + 1.1 * known.lost_within,
        known.lost - 1.1 * known.lost_within,
    ):
        assert "as many ordinary days" in said(0, 2, ("checkout", wrong))
    for close in (-0.9, 0.9):
        said(0, 2, ("checkout", known.lost + close * known.lost_within), RIGHT)
    for cause in ("log", "nothing"):
        assert "which orders were lost" in said(SEEDS[cause], 2, (cause, 500))


@pytest.mark.parametrize("seed", SEEDS.values())
def test_a_list_of_coupons_is_scored(seed):
    known, budget = truth.truth(seed), world(seed).budget
    best = list(known.spent.nlargest(budget).index)
    told = said(seed, 3, best)
    assert "spend most order anyway" in told
    earned = known.profit[best].sum()  # negative: by hand, what these coupons would have lost
    assert f"would have earned {earned:,.0f} dollars" in told
    assert earned < known.coupons["random"] < 0 < known.least_coupons
    assert "would have without" in said(seed, 3, sorted(known.responders)[:100])
    shuffled = known.profit.sample(budget, random_state=0).index
    assert "would have earned" in said(seed, 3, shuffled)
    assert "worse than chance" in said(seed, 3, known.profit.nsmallest(budget).index)
    assert "more than once" in said(seed, 3, best[:2] + best[:1])
    assert "not in the campaign table" in said(seed, 3, [*best[:2], "U99999"])
    assert "coupons." in said(seed, 3, known.profit.nlargest(budget + 1).index)
    assert "right kind" in said(seed, 3, known.profit.nlargest(1).index)
    assert "better than the manager" in said(seed, 3, [])
    assert "list of user ids" in said(seed, 3, "U00001")


@pytest.mark.parametrize("seed", SEEDS.values())
def test_pairs_are_scored(seed):
    known, made = truth.truth(seed), world(seed)
    best = sorted(known.sold, key=known.sold.get)[::-1]
    assert "sold as a set" in said(seed, 4, [*best[:5], made.bundle])
    assert "both products are" in said(seed, 4, [*best[:5], known.favorite])
    items = made.simulation.shop.items["item_id"]
    assert "1 of your pairs are luck" in said(seed, 4, [*best[:5], (items[0], items[1])])
    assert "six different pairs" in said(seed, 4, best[:7])
    assert "six different pairs" in said(seed, 4, [*best[:5], best[0]])
    assert "which sell most" in said(seed, 4, best[-6:]) or "many baskets" in said(
        seed, 4, best[-6:]
    )
    said(seed, 4, [tuple(sorted(pair)) for pair in best[:6]], RIGHT)
    said(seed, 4, [tuple(sorted(pair))[::-1] for pair in best[:6]], RIGHT)


def test_what_a_pair_sells_is_redone_by_hand():
    # 0.4 × baskets with the first product, whose own sales of the second don't count, × its price.
    made, known = world(0), truth.truth(0)
    rule = made.simulation.key["rules"].iloc[0]
    placed = made.simulation.placed
    year = placed[placed["ordered_at"] >= "2025-01-01"]
    held = year.groupby("order_id")["item_id"].agg(set)
    first = held.map(lambda basket: rule["anchor"] in basket).sum()
    price = made.simulation.shop.items.set_index("item_id")["price"][rule["complement"]]
    expected = first * rule["probability"] * price
    assert known.sold[frozenset([rule["anchor"], rule["complement"]])] == pytest.approx(
        expected, rel=0.35
    )


# ---------------------------------------------------------------- in the notebook


def test_progress_is_kept_beside_that_of_the_lessons(capsys):
    known = truth.truth(0)
    first_week(0).reply(1, (1, 1))
    assert store.load()["capstone-1"].mark == WRONG
    first_week(0).reply(1, known.earned)
    first_week(0).reply(1, (1, 1))
    assert store.load()["capstone-1"].mark == RIGHT
    first_week(0).reply(2, ...)
    assert "capstone-2" not in store.load()
    assert not any("capstone" in title for title in course.lessons())
    assert "✓ capstone-1 · Right." in capsys.readouterr().out


def texts():
    """Yield what the module says, whole texts in English."""
    for node in ast.walk(ast.parse(inspect.getsource(week))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield node.value


def test_all_that_is_said_is_in_chinese(monkeypatch, capsys):
    known = language.catalog("zh", language.LESSONS)
    docs = {inspect.getdoc(each) for each in vars(week).values()} | {week.__doc__}
    spoken = {
        text
        for text in texts()
        if re.match(r"[A-Z{“]", text)
        and "\n" not in text
        and text not in docs
        and text[-1] in ".?!`"
        if not re.match("(Show|Check|Begin|Return|Judge) ", text)
    }
    assert len(spoken) > 40
    assert spoken - known.keys() == set()
    monkeypatch.setenv(language.VARIABLE, "zh")
    for number in EMAILS:
        first_week(0).email(number)
    first_week(0).reply(3, sorted(truth.truth(0).responders)[:100])
    assert re.findall("[a-z]{3,} [a-z]{3,}", capsys.readouterr().out) == []


def test_the_example_is_that_of_the_shop_that_is_shown():
    assert example()["earned"] == f"{truth.truth(0).earned[0]:,.0f}"
