"""The solutions of lesson 11 on small tables of our own, worked by hand, and found otherwise."""

from math import ceil

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from exercises.engine import course
from exercises.engine.exercise import RIGHT, WRONG, judge
from exercises.lesson_11 import (
    auc,
    churners,
    days_since_last,
    undo_resampling,
    uplift_of_riskiest,
    whom_to_write,
)
from helpers import churn


def days(*pairs):
    return pd.DataFrame(pairs, columns=["user_id", "day"])


def test_churners():
    # t0 = 10, gap 2, horizon 5: 13 to 17. A buys on 13. B on 12, in the gap. C on 18. D is new.
    table = days(("A", 1), ("A", 13), ("B", 4), ("B", 12), ("C", 10), ("C", 18), ("D", 11))
    assert churners(table, 10, 2, 5) == ["B", "C"]


def test_days_since_last():
    table = days(("A", 9), ("A", 3), ("B", 10), ("C", 11))
    assert days_since_last(table, 10) == {"A": 1, "B": 0}


def test_auc():
    # The churner with 3 is above 2 and 1, the one with 1 ties with 1: 2 + 0.5 of 4 pairs.
    assert auc(np.array([True, False, True, False]), np.array([3, 2, 1, 1])) == 2.5 / 4


def test_whom_to_write():
    # A churner brings 0.5 · (12 − 2) − 1 = 4, a stayer costs 3: from 3/7 = 0.43 on.
    assert whom_to_write(pd.Series({"A": 0.42, "B": 0.44}), 12, 2, 1, 0.5) == ["B"]


def test_undo_resampling():
    # A third kept: odds 1/2 (p = 1/3) were 3/2 (p = 3/5).
    assert undo_resampling(np.array([1 / 3]), 1 / 3)[0] == pytest.approx(3 / 5)


def test_uplift_of_riskiest():
    table = pd.DataFrame(
        {
            "user_id": list("abcd"),
            "risk": [0.1, 0.9, 0.8, 0.7],
            "treated": [True, True, False, False],
            "responded": [False, True, True, False],
        }
    )
    assert uplift_of_riskiest(table, 0.75) == 1 - 1 / 2
    # 0.9 of four users are 3.6: three.
    assert uplift_of_riskiest(table, 0.9) == 1 - 1 / 2


def churners_with_the_helper(purchases, t0, gap, horizon):
    start = pd.Timestamp("2025-01-01")
    orders = purchases.assign(ordered_at=start + pd.to_timedelta(purchases["day"], unit="D"))
    labels = churn.churn_labels(
        orders, start + pd.Timedelta(days=t0), horizon, gap, observation_end="2026-01-01"
    )
    return labels.index[labels].tolist()


def last_day_one_by_one(purchases, t0):
    last = {}
    for user, day in purchases.itertuples(index=False):
        if day <= t0:
            last[user] = max(day, last.get(user, day))
    return {user: t0 - day for user, day in last.items()}


def written_by_expectation(risk, worth, gift, letter, accept):
    earned = risk * (accept * (worth - gift) - letter) - (1 - risk) * (gift + letter)
    return earned.index[earned >= -1e-12].tolist()


def undo_resampling_by_bayes(p, kept):
    return (p / kept) / (p / kept + (1 - p))


def uplift_by_groupby(campaign, share):
    top = campaign.sort_values("risk").tail(int(share * len(campaign)))
    means = top.groupby("treated")["responded"].mean()
    return means[True] - means[False]


def churners_one_by_one(purchases, t0, gap, horizon):
    days_of = {user: set(days) for user, days in purchases.groupby("user_id")["day"]}
    window = set(range(t0 + gap + 1, t0 + gap + horizon + 1))
    return [u for u, days in sorted(days_of.items()) if min(days) <= t0 and not days & window]


def smallest_distance(purchases, t0):
    ago = t0 - purchases["day"]
    return ago[ago >= 0].groupby(purchases["user_id"]).min().to_dict()


def auc_of_scikit_learn(churned, score):
    return roc_auc_score(churned, score)


def auc_by_ranks(churned, score):
    ranks = pd.Series(score).rank()[churned]
    return (ranks.mean() - (churned.sum() + 1) / 2) / (~churned).sum()


def auc_by_two_loops(churned, score):
    points = [
        1 if one > other else 0.5 if one == other else 0
        for one in score[churned]
        for other in score[~churned]
    ]
    return sum(points) / len(points)


def written_by_odds(risk, worth, gift, letter, accept):
    odds = risk / (1 - risk)
    return risk.index[odds >= (gift + letter) / (accept * (worth - gift) - letter)]


def undo_resampling_on_the_log_odds(p, kept):
    return 1 / (1 + np.exp(np.log(kept) - np.log(p) + np.log(1 - p)))


def uplift_by_regression(campaign, share):
    top = campaign[campaign["risk"].rank(ascending=False) <= int(share * len(campaign))]
    return np.polyfit(top["treated"].astype(float), top["responded"].astype(float), 1)[0]


@pytest.mark.parametrize(
    ("id", "answer"),
    [
        ("11-1", churners_with_the_helper),
        ("11-1", churners_one_by_one),
        ("11-2", last_day_one_by_one),
        ("11-2", smallest_distance),
        ("11-3", auc_of_scikit_learn),
        ("11-3", auc_by_ranks),
        ("11-3", auc_by_two_loops),
        ("11-1", lambda *given: tuple(churners(*given))),
        ("11-1", lambda *given: np.array(churners(*given))),
        ("11-2", lambda *given: dict(reversed(days_since_last(*given).items()))),
        ("11-4", lambda *given: pd.Index(whom_to_write(*given))),
        ("11-4", written_by_expectation),
        ("11-4", written_by_odds),
        ("11-6", undo_resampling_by_bayes),
        ("11-6", undo_resampling_on_the_log_odds),
        ("11-6", lambda p, kept: list(undo_resampling(p, kept))),
        ("11-5", uplift_by_groupby),
        ("11-5", uplift_by_regression),
    ],
)
def test_another_way_is_right_too(id, answer):
    assert judge(course.find(id), answer).mark == RIGHT


def those_without_a_later_purchase(purchases, t0, gap, horizon):
    day = purchases["day"]
    return sorted(
        set(purchases.loc[day <= t0, "user_id"]) - set(purchases.loc[day > t0 + gap, "user_id"])
    )


def churners_as_they_come(purchases, t0, gap, horizon):
    known = purchases.loc[purchases["day"] <= t0, "user_id"].unique()
    return [user for user in known if user in churners(purchases, t0, gap, horizon)]


def days_for_everybody(purchases, t0):
    return (
        pd.Series(days_since_last(purchases, t0)).reindex(purchases["user_id"].unique()).to_dict()
    )


def written_with_the_cost_in_full(risk, worth, gift, letter, accept):
    return risk.index[risk * (accept * (worth - gift) - letter) - (gift + letter) >= 0]


def riskiest(campaign, n):
    means = campaign.nlargest(n, "risk").groupby("treated")["responded"].mean()
    return means[True] - means[False]


def by_quantile(campaign, share):
    return riskiest(campaign, (campaign["risk"] >= campaign["risk"].quantile(1 - share)).sum())


def above_one_less_share(campaign, share):
    top = campaign[campaign["risk"] > 1 - share]
    return top.groupby("treated")["responded"].mean().diff().iloc[-1]


def auc_without_ties(churned, score):
    ahead = score[churned][:, None] - score[~churned]
    return (ahead[ahead != 0] > 0).mean()


@pytest.mark.parametrize(
    ("id", "answer", "words"),
    [
        ("11-1", those_without_a_later_purchase, "open end"),
        ("11-1", churners_as_they_come, "their order is not"),
        ("11-2", days_for_everybody, "Dan NaN`"),
        ("11-4", lambda risk, *costs: written_by_odds(risk, *costs)[::-1], "their order is not"),
        ("11-4", lambda risk, *costs: sorted(written_by_odds(risk, *costs)), "their order is not"),
        ("11-4", written_with_the_cost_in_full, "in full"),
        # 1 − p of the first case is the right answer backwards; its order is not the mistake.
        ("11-6", lambda p, kept: 1 - undo_resampling_by_bayes(p, kept), "probabilities of staying"),
        ("11-5", above_one_less_share, "above 1 − share"),
        ("11-5", by_quantile, "rounded up"),
        ("11-5", lambda table, share: riskiest(table, ceil(share * len(table))), "rounded up"),
        ("11-5", lambda table, share: riskiest(table, round(share * len(table))), "nearest"),
        ("11-5", lambda table, share: 100 * uplift_of_riskiest(table, share), "percentage points"),
        ("11-3", lambda churned, score: 100 * auc(churned, score), "in percent"),
        ("11-3", lambda churned, score: auc(~churned, score), "other way round"),
        ("11-3", auc_without_ties, "leave out the pairs with equal scores"),
        ("11-3", lambda churned, score: 2 * auc(churned, score) - 1, "Gini"),
        ("11-3", lambda churned, score: np.corrcoef(churned, score)[0, 1], "not right"),
        ("11-2", lambda *given: pd.Series(days_since_last(*given)), "It should give a dict"),
        ("11-1", lambda *given: set(churners(*given)), "which has no order"),
        ("11-1", lambda *given: churners(*given)[::-1], "their order is not"),
        ("11-6", lambda p, kept: 100 * undo_resampling(p, kept), "in percent"),
    ],
)
def test_what_was_taken_for_right_or_for_another_mistake(id, answer, words):
    verdict = judge(course.find(id), answer)
    assert verdict.mark == WRONG
    assert words in verdict.diagnosis
