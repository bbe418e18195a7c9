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


def undo_resampling_by_bayes(p, kept):
    return (p / kept) / (p / kept + (1 - p))


def smallest_distance(purchases, t0):
    ago = t0 - purchases["day"]
    return ago[ago >= 0].groupby(purchases["user_id"]).min().to_dict()


def auc_of_scikit_learn(churned, score):
    return roc_auc_score(churned, score)


def written_by_odds(risk, worth, gift, letter, accept):
    odds = risk / (1 - risk)
    return risk.index[odds >= (gift + letter) / (accept * (worth - gift) - letter)]


def uplift_by_regression(campaign, share):
    top = campaign[campaign["risk"].rank(ascending=False) <= int(share * len(campaign))]
    return np.polyfit(top["treated"].astype(float), top["responded"].astype(float), 1)[0]


test_another_way_is_right_too = are_right(
    ("11-1", churners_with_the_helper),
    ("11-2", smallest_distance),
    ("11-3", auc_of_scikit_learn),
    ("11-4", written_by_odds),
    ("11-6", undo_resampling_by_bayes),
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
