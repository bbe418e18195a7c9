"""Answers to lesson 20 that learners give: right ones by another way, and what wrong ones hear."""

import numpy as np
import pandas as pd

from helpers import privacy
from tests.exercises.lessons.answers import are_right, are_told


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
    given = consents[(consents["purpose"] == purpose) & (consents["given_on"] <= today)]
    agreed = given.loc[~(given["withdrawn_on"] <= today), "user_id"]
    late = privacy.expired(events, "occurred_at", days, today)
    return list(events.loc[events["user_id"].isin(agreed) & ~late, "event_id"])


test_another_way_is_right_too = are_right(
    ("20-1", candidates_by_merging),
    ("20-2", diversity_by_classes),
    ("20-3", lambda m, o, t: sum(m <= t) / len(m) - sum(o <= t) / len(o)),
    ("20-4", loss_by_densities),
    ("20-6", usable_by_helpers),
    (
        "20-7",
        lambda needed, chosen, group: pd.Series(
            {g: np.mean(~chosen[needed & (group == g)]) for g in np.unique(group)}
        ),
    ),
)


# Answers that learners give, and what they must hear.
test_what_a_wrong_answer_is_told = are_told(
    ("20-1", lambda purchases, seen: purchases["user_id"].nunique(), "not right"),
    ("20-2", lambda table, columns, sensitive: len(table), "not right"),
    ("20-3", lambda members, others, threshold: 1.0, "not right"),
    ("20-4", lambda released, count, neighbor, scale: abs(count - neighbor) / scale, "number"),
    ("20-6", lambda events, consents, purpose, today, days: [], "is missing"),
)
