"""Frequent itemsets and similar items on Spark: counts of what is together, pair by pair."""

import math

from pyspark.ml.fpm import FPGrowth
from pyspark.sql import DataFrame
from pyspark.sql import functions as sf

from helpers.spark.checks import require


def frequent_itemsets(lines: DataFrame, min_support: float, item: str = "item_id") -> DataFrame:
    """Find all sets of items with a support of at least s: a share s of the baskets holds them.

    The same sets as `helpers.rules.frequent_itemsets` finds, by parallel FP-growth: the baskets are
    split by their items, so that each part can be searched on its own.

    Parameters
    ----------
    lines : Spark DataFrame, one row per basket and item; column ``order_id``. Repeats count once.
    min_support : s, in (0, 1].
    item : name of the column of items (text or whole numbers).

    Returns
    -------
    Spark DataFrame, in no order: ``itemsets`` (sorted array), ``support`` (share of baskets),
    ``count`` (baskets).

    References
    ----------
    Li, Wang, Zhang, Zhang & Chang (2008), PFP: parallel FP-growth for query recommendation,
    https://doi.org/10.1145/1454008.1454027

    Examples
    --------
    >>> from helpers.spark import spark_session
    >>> spark = spark_session("local[2]")
    >>> lines = [(1, "pot"), (1, "tea"), (2, "tea"), (3, "mug"), (3, "tea"), (3, "pot")]
    >>> lines = spark.createDataFrame(lines, ["order_id", "item_id"])
    >>> sorted(map(tuple, frequent_itemsets(lines, 0.6).select("itemsets", "count").collect()))
    [(['pot'], 2), (['pot', 'tea'], 2), (['tea'], 3)]
    >>> spark.stop()
    """
    if not 0 < min_support <= 1:
        raise ValueError(f"min_support is a share above 0: 0.01 for 1%; got {min_support}.")
    require(lines, order_id="key", **{item: "key"})
    baskets = lines.groupBy("order_id").agg(sf.collect_set(item).alias("items"))
    N = baskets.count()
    least = math.ceil(min_support * N * (1 - 1e-12))
    # Spark rounds s · N up, too, but 0.07 · 100 is above 7 in floats; half a basket less is safe.
    growth = FPGrowth(itemsCol="items", minSupport=(least - 0.5) / N)
    return growth.fit(baskets).freqItemsets.select(
        sf.sort_array("items").alias("itemsets"),
        (sf.col("freq") / N).alias("support"),
        sf.col("freq").alias("count"),
    )


def item_similarities(ratings: DataFrame) -> DataFrame:
    """Cosine similarity of all pairs of items that a user has in common, missing ratings as 0.

        s_ij = Σ_u r_ui r_uj / (√Σ_u r_ui² · √Σ_u r_uj²)

    For purchases, with r = 1, the share of common buyers, n_ij / √(n_i n_j). It is
    `helpers.similarity.full_cosine` of items. A user with m items adds m(m − 1)/2 pairs, so a
    single bot can outweigh all customers: drop bots first.

    Parameters
    ----------
    ratings : Spark DataFrame, one row per user and item; columns ``user_id``, ``item_id``,
        ``rating``.

    Returns
    -------
    Spark DataFrame, in no order, each pair once: ``item_id`` < ``other_id``, ``similarity``. Pairs
    without a common user are left out; their similarity is 0.

    Examples
    --------
    Ana and Ben bought lamp and vase, Cem a vase: 2 / √(2 · 3).

    >>> from helpers.spark import spark_session
    >>> spark = spark_session("local[2]")
    >>> bought = [(user, item, 1) for user in ("Ana", "Ben") for item in ("lamp", "vase")]
    >>> columns = ["user_id", "item_id", "rating"]
    >>> ratings = spark.createDataFrame([*bought, ("Cem", "vase", 1)], columns)
    >>> round(item_similarities(ratings).first()["similarity"], 4)
    0.8165
    >>> spark.stop()
    """
    require(ratings, user_id="key", item_id="key", rating="number")
    repeated = ratings.groupBy("user_id", "item_id").count().where("count > 1").first()
    if repeated:
        raise ValueError(
            f"User {repeated['user_id']} has item {repeated['item_id']} in {repeated['count']} "
            'rows. Sum or count them first: table.groupBy("user_id", "item_id").'
        )
    one = ratings.select("user_id", "item_id", sf.col("rating").cast("double"))
    other = one.withColumnsRenamed({"item_id": "other_id", "rating": "other_rating"})
    products = (
        one.join(other, "user_id")
        .where("item_id < other_id")
        .groupBy("item_id", "other_id")
        .agg(sf.sum(sf.col("rating") * sf.col("other_rating")).alias("product"))
    )
    norms = one.groupBy("item_id").agg(sf.sqrt(sf.sum(sf.col("rating") ** 2)).alias("norm"))
    other_norms = norms.withColumnsRenamed({"item_id": "other_id", "norm": "other_norm"})
    return (
        products.join(norms, "item_id")
        .join(other_norms, "other_id")
        .select(
            "item_id",
            "other_id",
            (sf.col("product") / (sf.col("norm") * sf.col("other_norm"))).alias("similarity"),
        )
    )
