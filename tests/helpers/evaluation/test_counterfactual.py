"""Off-policy estimates by hand, summed over all that may happen, and against other libraries."""

from itertools import permutations, product

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from helpers.data import load_open_bandit
from helpers.data.problems import TableError
from helpers.evaluation import (
    counterfactual_values,
    effective_sample_size,
    examination,
    shown_by,
)


def log_of(lists: list[list[tuple]]) -> pd.DataFrame:
    """Write lists of (propensity, clicked), place by place."""
    rows = [
        (number, place, *row)
        for number, own in enumerate(lists)
        for place, row in enumerate(own, 1)
    ]
    columns = ["list_id", "position", "propensity", "clicked"]
    return pd.DataFrame(rows, columns=columns).astype({"clicked": bool})


@pytest.fixture
def four():
    """Return four lists of one place, and the target."""
    log = log_of([[(0.5, 1)], [(0.25, 1)], [(0.5, 0)], [(0.25, 1)]])
    return log, pd.Series([1.0, 1.0, 1.0, 0.0])


def test_all_estimators_by_hand(four):
    # Weights 2, 4, 2, 0. IPS (2 + 4 + 0) / 4 = 1.5. Clipped at 3: (2 + 3) / 4 = 1.25. SNIPS 6 / 8.
    # Model: expected 0.5 everywhere; errors 1 - 0.2, 1 - 0.4, 0 - 0.3 weighted 2, 4, 2: 1.6 + 2.4 -
    # 0.6 = 3.4, so doubly robust is 0.5 + 3.4 / 4 = 1.35.
    log, target = four
    predicted, expected = pd.Series([0.2, 0.4, 0.3, 0.9]), pd.Series([0.5] * 4)
    table = counterfactual_values(log, target, clip=3, predicted=predicted, expected=expected)
    assert table["value"].to_dict() == pytest.approx(
        {
            "IPS": 1.5,
            "clipped IPS": 1.25,
            "SNIPS": 0.75,
            "direct method": 0.5,
            "doubly robust": 1.35,
        }
    )
    # Effective sample size 8² / (4 + 16 + 4); clipped 7² / (4 + 9 + 4).
    assert table["ess"].iloc[:3].tolist() == pytest.approx([64 / 24, 49 / 17, 64 / 24])
    assert table.loc["IPS", "mean_weight"] == 2
    # Terms 2, 4, 0, 0, mean 1.5: squares 0.25 + 6.25 + 2.25 + 2.25 = 11; error √(11 / 3 / 4).
    assert table.loc["IPS", "error"] == pytest.approx(np.sqrt(11 / 12))
    reach = norm.ppf(0.975) * np.sqrt(11 / 12)
    assert table.loc["IPS", ["low", "high"]].tolist() == pytest.approx([1.5 - reach, 1.5 + reach])
    # SNIPS: influences w (c − 0.75) / 2 = 0.25, 0.5, −0.75, 0; squares 0.875; √(0.875 / 3 / 4).
    assert table.loc["SNIPS", "error"] == pytest.approx(np.sqrt(0.875 / 12))


def test_lists_of_two_places_are_added_up_and_normalized_place_by_place():
    # Place 1: weights 2, 0, clicks 1, 1; place 2: weights 4, 1, clicks 0, 1. IPS (2 + 1) / 2, SNIPS
    # 2 / 2 + 1 / 5.
    log = log_of([[(0.5, 1), (0.25, 0)], [(0.5, 1), (1, 1)]])
    table = counterfactual_values(log, pd.Series([1.0, 1.0, 0.0, 1.0]))
    assert table["value"].to_dict() == pytest.approx({"IPS": 1.5, "SNIPS": 1.2})
    # List sums 2 and 1: standard deviation 1 / √2, error 1 / 2.
    assert table.loc["IPS", "error"] == pytest.approx(0.5)


def test_agreement_with_open_bandit_pipeline():
    # Computed with obp 0.4.1, from 12 rows with three actions: IPW, SNIPW, DM and DR. The library
    # needs torch, so it is not among the peers.
    reward = [1, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 1]
    action = [0, 1, 2, 0, 1, 2, 2, 1, 0, 0, 2, 1]
    chance, wanted = np.array([0.5, 0.3, 0.2]), np.array([0.1, 0.3, 0.6])
    q = np.array([0.4, 0.2, 0.7])
    log = log_of([[(chance[a], r)] for a, r in zip(action, reward, strict=True)])
    table = counterfactual_values(
        log,
        pd.Series(wanted[action]),
        predicted=pd.Series(q[action]),
        expected=pd.Series(np.full(12, wanted @ q)),
    )
    names = ["IPS", "SNIPS", "direct method", "doubly robust"]
    assert table.loc[names, "value"].tolist() == pytest.approx(
        [0.6333333333333333, 0.4523809523809525, 0.52, 0.36]
    )


# ---------------------------------------------------------------- all that may happen

RELEVANCE, THETA = np.array([0.3, 0.5, 0.9]), np.array([1, 0.4])
WEIGHTS = [3, 2, 1]  # of a Plackett–Luce list of two
TARGET = {(0, 1): 0.25, (2, 1): 0.75}  # list: its probability under the policy to be valued


def in_place(chances, item, place):
    return sum(chance for items, chance in chances.items() if items[place] == item)


@pytest.fixture(scope="module")
def world():
    """Return a log in which all that may happen happens exactly as often as it should.

    Probabilities are multiples of 1/60 for lists, 1/10 for clicks in place 1 (relevance 0.3, 0.5,
    0.9), and 1/25 in place 2 (0.12, 0.2, 0.36): in 15,000 lists each case is a whole number.
    """
    shown = {
        (i, j): WEIGHTS[i] / 6 * WEIGHTS[j] / (6 - WEIGHTS[i])
        for i, j in permutations([0, 1, 2], 2)
    }
    cases = []
    for items, clicks in product(shown, product([0, 1], repeat=2)):
        p = THETA * RELEVANCE[list(items)]
        count = 15_000 * shown[items] * np.where(clicks, p, 1 - p).prod()
        assert count == pytest.approx(round(count))
        cases += [(items, clicks)] * round(count)
    items, clicks = np.array([case[0] for case in cases]), np.array([case[1] for case in cases])
    assert len(cases) == 15_000
    table = {
        "list_id": np.repeat(np.arange(len(cases)), 2),
        "position": np.tile([1, 2], len(cases)),
    }
    log = pd.DataFrame(table | {"item": items.ravel(), "clicked": clicks.ravel().astype(bool)})
    pairs = list(zip(log["item"], log["position"] - 1, strict=True))
    log["propensity"] = [in_place(shown, *pair) for pair in pairs]
    return log, pd.Series([in_place(TARGET, *pair) for pair in pairs], dtype=float)


# (0.25 · 0.3 + 0.75 · 0.9) · 1 + 0.5 · 0.4 = 0.95 clicks per list.
TRUTH = 0.95


def model(log, rates):
    """Return a model's predictions for the log, and what it expects of the target policy."""
    first = 0.25 * rates[0] + 0.75 * rates[2]
    expected = np.where(log["position"] == 1, first, 0.4 * rates[1])
    theta = np.where(log["position"] == 1, 1, 0.4)
    return {
        "predicted": pd.Series(theta * np.array(rates)[log["item"]]),
        "expected": pd.Series(expected),
    }


def test_ips_is_unbiased(world):
    table = counterfactual_values(*world)
    assert table["value"].tolist() == pytest.approx([TRUTH, TRUTH])
    assert table["mean_weight"].tolist() == pytest.approx([1, 1])


@pytest.mark.parametrize("rates", [[0.1, 0.1, 0.1], [0.9, 0.5, 0.3]])
def test_doubly_robust_is_unbiased_with_a_wrong_model(world, rates):
    log, target = world
    table = counterfactual_values(log, target, **model(log, rates))
    assert table.loc["doubly robust", "value"] == pytest.approx(TRUTH)
    assert abs(table.loc["direct method", "value"] - TRUTH) > 0.2


def test_doubly_robust_is_unbiased_with_wrong_propensities(world):
    log, target = world
    wrong = log.assign(propensity=1 / 3)
    table = counterfactual_values(wrong, target, **model(log, RELEVANCE))
    assert table.loc[["direct method", "doubly robust"], "value"].tolist() == pytest.approx(
        [TRUTH] * 2
    )
    assert abs(table.loc["IPS", "value"] - TRUTH) > 0.02


def test_examination_is_found_though_the_better_item_stands_above_less_often(world):
    assert examination(world[0])["examination"].tolist() == pytest.approx([1, 0.4])


# ---------------------------------------------------------------- the rest


def test_examination_by_hand():
    # Place 1: 1 / 0.5 + 1 / 0.25 = 6; place 2: 1 / 0.5 = 2: a third.
    log = log_of([[(0.5, 1), (0.5, 0)], [(0.25, 1), (0.5, 1)], [(0.5, 0), (0.25, 0)]])
    table = examination(log)
    assert table["examination"].tolist() == pytest.approx([1, 1 / 3])
    # Influences (2 − 6/3 · …) of lists: (0, 2, 0) − (2, 4, 0) / 3 = (−2/3, 2/3, 0), over 6/3 = 2:
    # (−1/3, 1/3, 0); standard deviation 1/3, error 1/3 / √3. Place 1 is compared with itself.
    assert table["error"].tolist() == pytest.approx([0, 1 / 3 / np.sqrt(3)])


def test_rows_of_a_log_may_come_in_any_order(four):
    log, target = four
    mixed = log.sample(frac=1, random_state=0)
    one, other = (
        counterfactual_values(log, target),
        counterfactual_values(mixed, target[mixed.index]),
    )
    pd.testing.assert_frame_equal(one, other)


def test_what_a_list_shows_is_found_by_user_item_and_place():
    lists = pd.DataFrame({"user_id": [1, 1, 2], "item_id": ["a", "b", "a"], "position": [1, 2, 1]})
    log = pd.DataFrame(
        {"user_id": [1, 1, 2, 2, 1], "item_id": list("abbaa"), "position": [1, 1, 2, 1, 2]},
        index=[9, 7, 5, 3, 1],
    )
    found = shown_by(lists, log)
    assert found.to_dict() == {9: 1, 7: 0, 5: 0, 3: 1, 1: 0}


def test_effective_sample_size():
    # 3 of 5 rows of equal weight; weights 1, 2, 3: 36 / 14; nothing matches: 0.
    assert effective_sample_size(pd.Series([2, 0, 2, 2, 0])) == 3
    assert effective_sample_size(pd.Series([1, 2, 3])) == pytest.approx(36 / 14)
    assert effective_sample_size(pd.Series([0.0, 0.0])) == 0


def test_a_log_that_cannot_answer_is_refused(four):
    log, target = four
    with pytest.raises(TableError, match=r"propensity.*no probability in 1 of 4"):
        counterfactual_values(log.assign(propensity=[0.5, 0, 0.5, 0.5]), target)
    for policy, options, message in [
        (0 * target, {}, "place 1: no common support"),
        (target.to_numpy(), {}, "index of the log"),
        (target, {"predicted": target}, "give both"),
        (target, {"clip": 0}, "clip is the largest weight"),
    ]:
        with pytest.raises(ValueError, match=message):
            counterfactual_values(log, policy, **options)
    with pytest.raises(ValueError, match="no click in place 1"):
        examination(log.assign(clicked=False))


def test_open_bandit_agrees_with_its_own_library():
    # The package obp 0.5.7 (Saito et al. 2020) gave these values for the same log, target and
    # model. It needs Python 3.10 or older, so it can't stand among the peers. It pools all places.
    men = load_open_bandit().query("campaign == 'men'")
    log = men[men["policy"] == "random"]
    log = log.assign(list_id=log.index, place=log["position"], position=1)
    shown = men[men["policy"] == "bts"].groupby("position")["item_id"]
    shares = shown.value_counts(normalize=True).rename("target")
    target = log.join(shares, on=["place", "item_id"])["target"].fillna(0)
    items = log.groupby("item_id")["clicked"].agg(["sum", "size"])
    rates = (items["sum"] + 100 * log["clicked"].mean()) / (items["size"] + 100)
    expected = log["place"].map(shares.unstack(fill_value=0) @ rates)
    model = {"predicted": log["item_id"].map(rates), "expected": expected}
    found = counterfactual_values(log, target, **model)["value"]
    assert found.to_dict() == pytest.approx(
        {
            "IPS": 0.005656266700835461,
            "SNIPS": 0.005739864701951365,
            "direct method": 0.005599379347433434,
            "doubly robust": 0.005788669176559444,
        },
        rel=1e-12,
    )
