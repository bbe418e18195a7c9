"""The solutions of lesson 20 on small tables of our own, worked by hand, and found otherwise."""

import numpy as np
import pandas as pd
import pytest

from exercises.engine import course
from exercises.engine.exercise import RIGHT, WRONG, judge
from exercises.lesson_20 import (
    advantage,
    candidates,
    diversity,
    missed,
    privacy_loss,
    usable,
)
from helpers import privacy


def purchases(**users):
    rows = [(user, item, week) for user, points in users.items() for item, week in points]
    return pd.DataFrame(rows, columns=["user_id", "item_id", "week"])


def test_candidates():
    bought = purchases(Ana=[("lamp", 1), ("rug", 2)], Ben=[("lamp", 1)], Cleo=[("lamp", 2)])
    assert candidates(bought, [("lamp", 1)]) == 2
    assert candidates(bought, [("lamp", 1), ("rug", 2)]) == 1
    assert candidates(bought, [("rug", 1)]) == 0


def test_diversity():
    table = pd.DataFrame({"age": ["a", "a", "a", None], "says": ["x", "y", "y", "x"]})
    assert diversity(table, ["age"], "says") == 1  # the missing one
    assert diversity(table.dropna(), ["age"], "says") == 2


def test_advantage():
    # 2 of 2 members and 1 of 4 others err by at most 1.
    assert advantage(np.array([0.5, 1]), np.array([1, 2, 3, 4]), 1) == pytest.approx(0.75)


def test_privacy_loss():
    # At the count itself the loss is the largest, |count − neighbor| / b; in the middle it is 0.
    losses = privacy_loss(np.array([10.0, 11.0, 12.0]), 10, 12, 4.0)
    assert losses.tolist() == [0.5, 0, -0.5]


def test_usable():
    events = pd.DataFrame(
        {
            "event_id": ["E1", "E2", "E3"],
            "user_id": ["Ana", "Ana", "Ben"],
            "occurred_at": pd.to_datetime(["2025-01-01", "2025-01-31", "2025-01-31"]),
        }
    )
    consents = pd.DataFrame(
        {
            "user_id": ["Ana", "Ben"],
            "purpose": ["email", "ads"],
            "given_on": pd.to_datetime(["2025-01-01"] * 2),
            "withdrawn_on": pd.to_datetime([None, None]),
        }
    )
    today = pd.Timestamp("2025-02-10")
    assert usable(events, consents, "email", today, 10) == ["E2"]
    assert usable(events, consents, "email", today, 40) == ["E1", "E2"]
    assert usable(events, consents, "ads", today, 9) == []


def test_missed():
    found = missed(np.array([True, True, True]), np.array([True, False, False]), np.array([*"aab"]))
    assert found.to_dict() == {"a": 0.5, "b": 1.0}


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


def items_and_weeks_apart(purchases, seen):
    items, weeks = map(set, zip(*seen, strict=True))
    users = purchases.groupby("user_id")
    return sum(items <= set(own["item_id"]) and weeks <= set(own["week"]) for _, own in users)


def one_column_at_a_time(table, columns, sensitive):
    return min(diversity(table, [column], sensitive) for column in columns)


# Answers that learners give, and what they must hear.
ANSWERS = [
    ("20-1", lambda purchases, seen: purchases["user_id"].nunique(), "not right"),
    ("20-1", items_and_weeks_apart, "in its own week"),
    ("20-2", lambda table, columns, sensitive: len(table), "not right"),
    ("20-2", one_column_at_a_time, "one column at a time"),
    ("20-3", lambda members, others, threshold: 1.0, "not right"),
    ("20-3", lambda m, o, t: abs(advantage(m, o, t)), "absolute value"),
    ("20-4", lambda released, count, neighbor, scale: abs(count - neighbor) / scale, "number"),
    ("20-5", "a", "each cell"),
    ("20-6", lambda events, consents, purpose, today, days: [], "is missing"),
    ("20-7", lambda needed, chosen, group: (~chosen[needed]).mean(), "group by group"),
    ("20-8", "a", "and so does the FPR"),
    ("20-8", "d", "features"),
]


@pytest.mark.parametrize(("id", "answer", "words"), ANSWERS)
def test_what_a_wrong_answer_is_told(id, answer, words):
    verdict = judge(course.find(id), answer)
    assert verdict.mark == WRONG
    assert words in verdict.diagnosis
