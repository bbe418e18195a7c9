"""Team-draft interleaving: by hand, and what holds for all lists."""

import numpy as np
import pandas as pd
import pytest

from exercises.lesson_09d import draft
from helpers.evaluation import team_draft


def ranked(**of_users: str) -> pd.DataFrame:
    rows = [(user, item, k) for user, own in of_users.items() for k, item in enumerate(own, 1)]
    return pd.DataFrame(rows, columns=["user_id", "item_id", "position"])


@pytest.fixture
def two():
    """Return lists of 400 users from two rankers that share some of their items."""
    rng = np.random.default_rng(5)
    return [
        ranked(**{f"u{n:03}": "".join(rng.permutation(list("abcdefgh"))[:6]) for n in range(400)})
        for _ in range(2)
    ]


def test_disjoint_lists_are_dealt_in_turn():
    # Whoever is first in a round, each ranker's items stay in their order, one in each round.
    merged = team_draft(ranked(Ana="ab"), ranked(Ana="xy"), 4 - 2)
    assert set(merged["item_id"]) == {"a", "x"}
    assert dict(zip(merged["item_id"], merged["team"], strict=True)) == {"a": "A", "x": "B"}


def test_equal_lists_stay_as_they_are_and_credit_is_a_coin():
    same = ranked(**{f"u{n:03}": "abcd" for n in range(1_000)})
    merged = team_draft(same, same, 4)
    assert merged["item_id"].tolist() == list("abcd") * 1_000
    share = (merged["team"] == "A").groupby(merged["position"]).mean()
    assert share.tolist() == pytest.approx([0.5] * 4, abs=0.05)  # three standard errors


def test_a_list_is_what_two_captains_with_these_coins_would_make(two):
    # The coins are read off the teams; the plain loop of the exercise then makes the same list.
    merged = team_draft(*two, 6, random_state=3)
    for user, own in merged.groupby("user_id"):
        a, b = (each.loc[each["user_id"] == user, "item_id"].tolist() for each in two)
        pairs = list(zip(own["item_id"], own["team"], strict=True))
        assert draft(a, b, "".join(own["team"].iloc[::2])) == pairs


def test_teams_are_of_equal_size_and_no_item_comes_twice(two):
    merged = team_draft(*two, 6)
    assert (merged.groupby("user_id")["team"].value_counts() == 3).all()
    assert not merged.duplicated(["user_id", "item_id"]).any()
    assert team_draft(*two, 5).equals(team_draft(*two, 5, random_state=0))
    assert not team_draft(*two, 5).equals(team_draft(*two, 5, random_state=1))


def test_lists_that_cannot_be_merged_are_refused():
    with pytest.raises(ValueError, match='b: 1 of 2 users have fewer than 2 items, such as "Ben"'):
        team_draft(ranked(Ana="ab", Ben="ab"), ranked(Ana="ab", Ben="a"), 2)
    with pytest.raises(ValueError, match="same users"):
        team_draft(ranked(Ana="ab"), ranked(Ben="ab"), 2)
