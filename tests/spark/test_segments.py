import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from helpers.segments import Segmentation
from helpers.spark import kmeans, standardized_logs
from helpers.value import rfm

FEATURES = ["recency", "frequency", "monetary"]


@pytest.fixture(scope="module")
def users(lines):
    return rfm(lines)[FEATURES].reset_index()


@pytest.fixture(scope="module")
def points(spark, users):
    return standardized_logs(spark.createDataFrame(users), FEATURES)


def test_standardized_as_our_segmentation_does(points, users):
    found = points.toPandas().sort_values("user_id")[FEATURES]
    expected = Segmentation(k=3).fit(users).prepare(users.sort_values("user_id"))
    np.testing.assert_allclose(found, expected, atol=1e-12)


@pytest.mark.parametrize(("k", "starts"), [(3, 5), (5, 1)])
def test_inertia_and_segments_agree_with_scikit_learn(points, users, k, starts):
    # With k = 3, the first four starts end in a local minimum of 3264.8, the fifth does not.
    ours = Segmentation(k=k).fit(users)
    theirs = kmeans(points, k, starts)
    assert theirs.summary.trainingCost == pytest.approx(ours.model_.inertia_, rel=1e-3)
    found = theirs.transform(points).toPandas().set_index("user_id")["prediction"]
    assert adjusted_rand_score(ours.assign(users), found.loc[users["user_id"]]) > 0.98
    # The inertia, from its definition.
    z, centers = points.toPandas()[FEATURES].to_numpy(), np.array(theirs.clusterCenters())
    distance = ((z[:, None] - centers) ** 2).sum(axis=2).min(axis=1)
    assert theirs.summary.trainingCost == pytest.approx(distance.sum(), rel=1e-9)


def test_bad_input_is_named(spark, points):
    same = spark.createDataFrame([(1.0, 2.0), (1.0, 3.0)], ["recency", "frequency"])
    with pytest.raises(ValueError, match='"recency" is the same for all users'):
        standardized_logs(same, ["recency", "frequency"])
    with pytest.raises(ValueError, match="k is a whole number, 2 or more"):
        kmeans(points, 1)
