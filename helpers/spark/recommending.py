"""Alternating least squares on Spark, with the ids and the lists of the course's recommenders."""

from typing import Self

from pyspark.ml.recommendation import ALS
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as sf

from helpers.data.checks import require_whole
from helpers.spark.checks import refuse, require


class WeightedALS:
    """Matrix factorization by alternating least squares with weighted-λ regularization (ALS-WR).

    For ratings, without biases, it minimizes over the cells K that have one

        Σ_{ui∈K} (r_ui − x_uᵀy_i)² + λ (Σ_u n_u ‖x_u‖² + Σ_i n_i ‖y_i‖²)

    and for implicit feedback over all cells, with p_ui = 1 if r_ui > 0, else 0,

        Σ_u Σ_i (1 + α r_ui) (p_ui − x_uᵀy_i)² + λ (Σ_u n_u ‖x_u‖² + Σ_i n_i ‖y_i‖²)

    where n_u and n_i count the cells of a user and of an item. `helpers.recommend.ImplicitALS` has
    λ once per vector. If all users have n cells and all items m, both find the same scores when its
    λ is √(n m) times this one, because a factor can move from x to y. In other tables no λ makes
    them equal: here popular items and heavy users are regularized more.

    Parameters
    ----------
    factors : number of latent factors.
    regularization : λ > 0, counted once per cell.
    alpha : α > 0, the additional confidence per unit of r; None for ratings.
    epochs : number of passes; each solves for the items, then for the users.
    random_state : seed of the initial vectors. Results are the same for the same partitions only.

    Attributes
    ----------
    users_, items_ : Spark DataFrames of the ids, sorted, and their numbers ``user``, ``item``:
        Spark's ALS knows only whole numbers.
    ratings_ : the table of `fit` with these numbers.
    model_ : the fitted model of Spark, with ``userFactors`` and ``itemFactors``.

    References
    ----------
    Zhou, Wilkinson, Schreiber & Pan (2008), https://doi.org/10.1007/978-3-540-68880-8_32; Hu, Koren
    & Volinsky (2008), https://doi.org/10.1109/ICDM.2008.22

    Examples
    --------
    >>> from helpers.spark import spark_session
    >>> spark = spark_session("local[2]")
    >>> bought = [("Ana", "tea"), ("Ana", "cup"), ("Ben", "tea"), ("Cem", "oil"), ("Cem", "pan")]
    >>> rows = [(user, item, 1) for user, item in [*bought, ("Dee", "oil")]]
    >>> table = spark.createDataFrame(rows, ["user_id", "item_id", "rating"])
    >>> model = WeightedALS(factors=2, regularization=0.05).fit(table)
    >>> lists = model.recommend(k=1).orderBy("user_id").collect()
    >>> [(row["user_id"], row["item_id"]) for row in lists if row["user_id"] in ("Ben", "Dee")]
    [('Ben', 'cup'), ('Dee', 'pan')]
    >>> spark.stop()
    """

    def __init__(
        self,
        factors: int = 8,
        regularization: float = 0.1,
        alpha: float | None = 1.0,
        epochs: int = 10,
        random_state: int = 0,
    ):
        self.factors = factors
        self.regularization = regularization
        self.alpha = alpha
        self.epochs = epochs
        self.random_state = random_state

    def fit(self, interactions: DataFrame) -> Self:
        """Learn the factors; columns ``user_id``, ``item_id``, ``rating``."""
        require(interactions, user_id="key", item_id="key", rating="number")
        if self.alpha is not None:
            rows, negative = interactions.select(
                sf.count(sf.lit(1)), sf.count_if(sf.col("rating") < 0)
            ).first()
            refuse(rows, {"rating": negative}, "is negative", "Net or drop returns first.")
        self.users_, self.items_ = _numbered(interactions, "user"), _numbered(interactions, "item")
        self.ratings_ = (
            interactions.join(self.users_, "user_id")
            .join(sf.broadcast(self.items_), "item_id")
            .select("user", "item", sf.col("rating").cast("float").alias("rating"))
            .cache()
        )
        parts = int(interactions.sparkSession.conf.get("spark.sql.shuffle.partitions"))
        als = ALS(
            rank=self.factors,
            regParam=self.regularization,
            implicitPrefs=self.alpha is not None,
            alpha=self.alpha or 1.0,
            maxIter=self.epochs,
            seed=self.random_state,
            userCol="user",
            itemCol="item",
            numUserBlocks=parts,
            numItemBlocks=parts,
        )
        self.model_ = als.fit(self.ratings_)
        return self

    def recommend(self, k: int = 10, filter_seen: bool = True) -> DataFrame:
        """Recommend to each user the k items with the highest scores.

        Spark's own lists hold what a user has rated or bought. They are made long enough that k
        items remain without it.

        Returns
        -------
        Spark DataFrame, in no order: ``user_id``, ``item_id``, ``score``, ``rank`` (1 is best). A
        list is shorter than k where a user has seen almost all items.
        """
        require_whole("k", k)
        seen = self.ratings_.select("user", "item")
        most = seen.groupBy("user").count().agg(sf.max("count")).first()[0] if filter_seen else 0
        lists = self.model_.recommendForAllUsers(k + most).select(
            "user", sf.inline("recommendations")
        )
        if filter_seen:
            lists = lists.join(seen, ["user", "item"], "left_anti")
        best_first = Window.partitionBy("user").orderBy(sf.desc("rating"), "item")
        return (
            lists.withColumn("rank", sf.row_number().over(best_first))
            .where(sf.col("rank") <= k)
            .join(self.users_, "user")
            .join(sf.broadcast(self.items_), "item")
            .select("user_id", "item_id", sf.col("rating").alias("score"), "rank")
        )


def _numbered(table: DataFrame, what: str) -> DataFrame:
    """Return the distinct ids, sorted and numbered; only they meet in one partition."""
    ids = table.select(f"{what}_id").distinct()
    number = sf.row_number().over(Window.orderBy(f"{what}_id")) - 1
    return ids.withColumn(what, number).cache()
