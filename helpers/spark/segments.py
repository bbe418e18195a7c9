"""k-means on Spark, on the standardized logarithms of the course's segmentation."""

from collections.abc import Sequence

from pyspark.ml.clustering import KMeans, KMeansModel
from pyspark.ml.feature import VectorAssembler
from pyspark.sql import DataFrame
from pyspark.sql import functions as sf

from helpers.data.checks import require_whole
from helpers.spark.checks import require


def standardized_logs(users: DataFrame, features: Sequence[str]) -> DataFrame:
    """Prepare features for k-means as `helpers.segments.Segmentation` does.

        z = (ln(1 + max(x, 0)) − m) / s,   m and s: mean and standard deviation of all users

    Parameters
    ----------
    users : Spark DataFrame, one row per user.
    features : its columns to use.

    Returns
    -------
    Spark DataFrame with the features replaced by z, and ``features``, the vector of all of them.
    """
    require(users, **dict.fromkeys(features, "number"))
    logs = {name: sf.log1p(sf.greatest(sf.col(name), sf.lit(0))) for name in features}
    users = users.withColumns(logs)
    moments = users.agg(
        *[sf.mean(name).alias(f"mean_{name}") for name in features],
        *[sf.stddev_pop(name).alias(f"scale_{name}") for name in features],
    ).first()
    for name in features:
        if moments[f"scale_{name}"] < 1e-8:
            raise ValueError(
                f'Feature "{name}" is the same for all users, so it tells nobody from anybody. '
                "Leave it out of features."
            )
    z = {
        name: (sf.col(name) - moments[f"mean_{name}"]) / moments[f"scale_{name}"]
        for name in features
    }
    return VectorAssembler(inputCols=list(features), outputCol="features").transform(
        users.withColumns(z)
    )


def kmeans(points: DataFrame, k: int, starts: int = 10, random_state: int = 0) -> KMeansModel:
    """Fit k-means from several starting points, and keep the fit with the smallest inertia.

        inertia = Σ |z − center of its segment|²

    Spark starts once, stops after 20 iterations unless told otherwise, and may end in a local
    minimum. scikit-learn's ``n_init`` has no counterpart there, so this is it.

    Parameters
    ----------
    points : Spark DataFrame with the vector ``features``, as from `standardized_logs`.
    k : number of segments, at least 2.
    starts : number of starting points.
    random_state : seed of the first start; the others take the next seeds.

    Returns
    -------
    Model of Spark: ``clusterCenters()``, ``summary.trainingCost`` (the inertia),
    ``transform(points)``.
    """
    require_whole("k", k, least=2)
    require_whole("starts", starts)
    points = points.cache()
    fits = [
        KMeans(k=k, seed=random_state + start, maxIter=300).fit(points) for start in range(starts)
    ]
    points.unpersist()
    return min(fits, key=lambda fit: fit.summary.trainingCost)
