"""Hiding the last item, its metrics, and the order of the items."""

import pandas as pd
import pytest

from helpers.sequences.counting import MarkovChain, RecentPopularity
from helpers.sequences.next_item import hide_last, next_item_metrics, plant_steps, shuffled

LOG = pd.DataFrame(
    {
        "session_id": ["S2", "S1", "S1", "S1", "S3", "S2"],
        "item_id": ["a", "c", "a", "b", "a", "b"],
        "occurred_at": pd.to_datetime(
            ["2025-03-01 " + at for at in ["10:00", "09:09", "09:00", "09:05", "11:00", "10:30"]]
        ),
    }
)


def test_hide_last_by_hand():
    started, hidden = hide_last(LOG)
    assert hidden.to_dict() == {"S1": "c", "S2": "b"}  # S3 has one item, so nothing to hide
    assert started.groupby("session_id")["item_id"].agg("".join).to_dict() == {
        "S1": "ab",
        "S2": "a",
    }


def test_metrics_by_hand():
    # Popularity: a 3, b 2, c 1. S1 has seen a and b: c comes first. S2 has seen a: b comes first.
    model = RecentPopularity().fit(LOG)
    assert next_item_metrics(model, LOG)["reciprocal_rank"].to_dict() == {"S1": 1, "S2": 1}
    # With what was seen left in: a, b, c; so S1's c is at rank 3, and S2's b at rank 2.
    ranks = next_item_metrics(model, LOG, filter_seen=False)["reciprocal_rank"]
    assert ranks.to_dict() == {"S1": pytest.approx(1 / 3), "S2": 0.5}
    assert next_item_metrics(model, LOG, k=2, filter_seen=False)["hit"].to_dict() == {
        "S1": 0,
        "S2": 1,
    }


def test_what_the_training_did_not_have_is_no_hit():
    model = RecentPopularity().fit(LOG[LOG["item_id"] != "c"])
    assert next_item_metrics(model, LOG)["hit"].to_dict() == {"S1": 0, "S2": 1}


def long_sessions(n: int = 300) -> pd.DataFrame:
    """Sessions of five items, each item as often in each place."""
    place = range(5 * n)
    return pd.DataFrame(
        {
            "session_id": [f"S{row // 5:04}" for row in place],
            "item_id": [f"I{(row * row + row // 5) % 41:02}" for row in place],
            "occurred_at": pd.date_range("2025-03-01", periods=5 * n, freq="min"),
        }
    )


def test_shuffling_keeps_sessions_and_times():
    log = long_sessions()
    mixed = shuffled(log, 1)
    columns = ["session_id", "item_id"]
    both = (each[columns].value_counts().sort_index() for each in (mixed, log))
    pd.testing.assert_series_equal(*both)
    assert mixed[["session_id", "occurred_at"]].equals(log[["session_id", "occurred_at"]])
    assert not mixed["item_id"].equals(log["item_id"])
    assert mixed.equals(shuffled(log, 1))
    assert not mixed.equals(shuffled(log, 2))


@pytest.mark.parametrize("lag", [1, 2])
def test_planted_steps_are_there(lag):
    planted, successor = plant_steps(long_sessions(), share=0.5, lag=lag)
    assert sorted(successor) == sorted(successor.index)  # a permutation
    earlier = planted.groupby("session_id")["item_id"].shift(lag)
    follows = (planted["item_id"] == earlier.map(successor))[earlier.notna()]
    assert follows.mean() == pytest.approx(0.5, abs=0.06)


def test_a_markov_chain_finds_planted_steps_unless_shuffled():
    planted, _ = plant_steps(long_sessions(600), share=0.5)
    train, test = planted[:2_000], planted[2_000:]
    hits = [
        next_item_metrics(MarkovChain(5).fit(each), test, k=1)["hit"].mean()
        for each in (train, shuffled(train))
    ]
    assert hits[0] > 0.35 > 0.25 > hits[1]
