"""Answers to lesson 11 that learners give: right ones by another way, and what wrong ones hear."""

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from exercises.lesson_11 import churners, days_since_last
from helpers import churn
from tests.exercises.lessons.answers import are_right, are_told


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


test_another_way_is_right_too = are_right(
    ("11-1", churners_with_the_helper),
    ("11-1", churners_one_by_one),
    ("11-2", last_day_one_by_one),
    ("11-2", smallest_distance),
    ("11-3", auc_of_scikit_learn),
    ("11-3", auc_by_ranks),
    ("11-3", auc_by_two_loops),
    ("11-4", written_by_expectation),
    ("11-4", written_by_odds),
    ("11-6", undo_resampling_by_bayes),
    ("11-6", undo_resampling_on_the_log_odds),
    ("11-5", uplift_by_groupby),
    ("11-5", uplift_by_regression),
)


def churners_as_they_come(purchases, t0, gap, horizon):
    known = purchases.loc[purchases["day"] <= t0, "user_id"].unique()
    return [user for user in known if user in churners(purchases, t0, gap, horizon)]


def days_for_everybody(purchases, t0):
    return (
        pd.Series(days_since_last(purchases, t0)).reindex(purchases["user_id"].unique()).to_dict()
    )


def by_quantile(campaign, share):
    top = campaign[campaign["risk"] >= campaign["risk"].quantile(1 - share)]
    return top.groupby("treated")["responded"].mean().diff().iloc[-1]


def above_one_less_share(campaign, share):
    top = campaign[campaign["risk"] > 1 - share]
    return top.groupby("treated")["responded"].mean().diff().iloc[-1]


test_what_was_taken_for_right_or_for_another_mistake = are_told(
    ("11-1", churners_as_they_come, "their order is not"),
    ("11-2", days_for_everybody, "Dan NaN`"),
    ("11-5", above_one_less_share, "above 1 − share"),
    ("11-5", by_quantile, "rounded up"),
    ("11-3", lambda churned, score: np.corrcoef(churned, score)[0, 1], "not right"),
)
