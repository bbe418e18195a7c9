"""Answers to lesson 20 that learners give: right ones by another way, and what wrong ones hear."""

import numpy as np
import pandas as pd
import pytest

from exercises.engine import course
from exercises.engine.exercise import RIGHT, WRONG, judge
from helpers import privacy


def candidates_by_merging(purchases, seen):
    known = pd.DataFrame(seen, columns=["item_id", "week"]).drop_duplicates()
    hits = purchases.drop_duplicates().merge(known)
    return (hits["user_id"].value_counts() == len(known)).sum()


def diversity_by_classes(table, columns, sensitive):
    pairs = table[[*columns, sensitive]].drop_duplicates()
    return privacy.class_sizes(pairs, columns).min()


def loss_by_densities(released, count, neighbor, scale):
    return np.log(
        np.exp(-np.abs(released - count) / scale) / np.exp(-np.abs(released - neighbor) / scale)
    )


def usable_by_helpers(events, consents, purpose, today, days):
    agreed = privacy.may_use(consents, purpose, today)
    late = privacy.expired(events, "occurred_at", days, today)
    return list(events.loc[events["user_id"].isin(agreed) & ~late, "event_id"])


@pytest.mark.parametrize(
    ("id", "answer"),
    [
        ("20-1", candidates_by_merging),
        ("20-2", diversity_by_classes),
        ("20-3", lambda m, o, t: sum(m <= t) / len(m) - sum(o <= t) / len(o)),
        ("20-4", loss_by_densities),
        ("20-5", " C"),
        ("20-6", usable_by_helpers),
        (
            "20-7",
            lambda needed, chosen, group: pd.Series(
                {g: np.mean(~chosen[needed & (group == g)]) for g in np.unique(group)}
            ),
        ),
        (
            "20-7",
            lambda needed, chosen, group: (
                1
                - pd.DataFrame({"needed": needed, "chosen": chosen, "group": group})
                .query("needed")
                .groupby("group")["chosen"]
                .mean()
            ),
        ),
        ("20-8", "c"),
    ],
)
def test_another_way_is_right_too(id, answer):
    assert judge(course.find(id), answer).mark == RIGHT


# Answers that learners give, and what they must hear.
ANSWERS = [
    ("20-1", lambda purchases, seen: purchases["user_id"].nunique(), "not right"),
    ("20-2", lambda table, columns, sensitive: len(table), "not right"),
    ("20-3", lambda members, others, threshold: 1.0, "not right"),
    ("20-4", lambda released, count, neighbor, scale: abs(count - neighbor) / scale, "number"),
    ("20-5", "a", "each cell"),
    ("20-6", lambda events, consents, purpose, today, days: [], "is missing"),
    ("20-8", "a", "and so does the FPR"),
    ("20-8", "d", "features"),
]


@pytest.mark.parametrize(("id", "answer", "words"), ANSWERS)
def test_what_a_wrong_answer_is_told(id, answer, words):
    verdict = judge(course.find(id), answer)
    assert verdict.mark == WRONG
    assert words in verdict.diagnosis
