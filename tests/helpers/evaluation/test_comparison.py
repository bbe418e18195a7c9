import pandas as pd
import pytest

from helpers.evaluation import bootstrap, cluster_interval


def test_bootstrap_of_two_rows_by_hand():
    means = bootstrap(pd.DataFrame({"y": [0.0, 1.0]}), pd.DataFrame.mean, n_samples=2_000)["y"]
    shares = means.value_counts(normalize=True)
    for mean, share in {0.0: 0.25, 0.5: 0.5, 1.0: 0.25}.items():
        assert shares[mean] == pytest.approx(share, abs=4 * 0.0112)  # 4 standard errors


def test_bootstrap_draws_whole_rows():
    rows = pd.DataFrame({"a": range(50), "b": range(0, 500, 10)})
    differences = bootstrap(
        rows, lambda drawn: drawn.eval("b - 10 * a").agg(["min", "max"]), n_samples=3
    )
    assert differences.to_numpy().tolist() == [[0, 0]] * 3


def test_bootstrap_needs_rows():
    with pytest.raises(ValueError, match="rows is empty"):
        bootstrap(pd.DataFrame({"y": []}), pd.DataFrame.mean)


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
