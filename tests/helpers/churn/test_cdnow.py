"""CDNOW, master file: the figures that this course published before the code was written.

Train t0 1997-10-31, test t0 1998-03-31, horizon 91 days; area under the ROC curve, and average
precision of finding the 14.1 % who stay active.
"""

import pytest

from helpers import churn
from helpers.data import sources


@pytest.fixture(scope="module")
def orders():
    return sources.load_cdnow()


@pytest.fixture(scope="module")
def split(orders):
    return churn.split_out_of_time(orders, "1997-10-31", "1998-03-31", horizon=91)


@pytest.fixture(scope="module")
def table(split):
    scores = {
        name: model.fit(split.train, split.y_train).predict_proba(split.test)[:, 1]
        for name, model in churn.classifiers().items()
    }
    scores["BG/NBD"] = churn.silence_by_bgnbd(split.test, 91)
    scores["days since"] = split.test["recency"]
    return churn.compare_models(split.y_test, scores)


def test_one_in_seven_is_active(split):
    assert len(split.y_test) == 23_570
    assert 1 - split.y_test.mean() == pytest.approx(0.141, abs=0.0005)


@pytest.mark.parametrize(
    ("model", "auc", "pr_active"),
    [
        ("recency alone", 0.828, 0.439),
        ("days since", 0.828, 0.439),
        ("BG/NBD", 0.830, 0.534),
        ("logistic", 0.839, 0.544),
        ("boosted trees", 0.836, 0.538),
    ],
)
def test_published_figures(table, model, auc, pr_active):
    assert table.loc[model, "auc"] == pytest.approx(auc, abs=0.01)
    assert table.loc[model, "pr_active"] == pytest.approx(pr_active, abs=0.01)


def test_the_network_is_as_good_as_published_or_better(table):
    # Its published AP, .510, is of a network whose layers are not known. Ours stops early; others
    # that do not, of one or two layers, gave .487 to .536 on the same features, by layers and seed.
    assert table.loc["neural network", "auc"] == pytest.approx(0.835, abs=0.01)
    assert table.loc["neural network", "pr_active"] > 0.510 - 0.01


def test_features_that_span_the_horizon_know_the_answer(orders, split):
    spanning = {
        part: churn.churn_features(orders, end).loc[y.index]
        for part, end, y in [
            ("train", "1998-01-30", split.y_train),
            ("test", "1998-06-30", split.y_test),
        ]
    }

    def leaking(columns):
        model = churn.classifiers()["logistic"].fit(spanning["train"][columns], split.y_train)
        p = model.predict_proba(spanning["test"][columns])[:, 1]
        return churn.compare_models(split.y_test, {"leak": p}).loc["leak"]

    leak = leaking(["frequency", "age", "gap", "spent", "per_purchase"])
    assert leak["auc"] == pytest.approx(0.992, abs=0.01)
    assert leak["pr_active"] == pytest.approx(0.938, abs=0.01)
    assert leaking(list(split.train))["auc"] > 0.999  # with recency it is the label itself
