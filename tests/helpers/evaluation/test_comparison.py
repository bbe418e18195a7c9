import pytest

from helpers.evaluation import cluster_interval


def test_cluster_interval_by_hand():
    # Two clusters drawn with replacement: both mug (mean 1), one each ((2 + 4) / 3 = 2), both pot
    # (4), with probabilities 1/4, 1/2 and 1/4.
    found = cluster_interval([1, 1, 4], ["mug", "mug", "pot"])
    assert found.to_dict() == {"mean": 2, "low": 1, "high": 4}
    assert cluster_interval([1, 1, 4], list("aab"), confidence=0.4).to_dict() == {
        "mean": 2,
        "low": 2,
        "high": 2,
    }


def test_cluster_interval_needs_a_cluster_for_each_value():
    with pytest.raises(ValueError, match="3 values and 2 clusters"):
        cluster_interval([1, 1, 4], ["mug", "pot"])
