"""Apache Spark: the course's computations on tables that do not fit into one computer's memory."""

from helpers.spark.baskets import frequent_itemsets, item_similarities
from helpers.spark.cluster import standalone_cluster
from helpers.spark.customers import cohort_counts, rfm
from helpers.spark.session import spark_session

__all__ = [
    "cohort_counts",
    "frequent_itemsets",
    "item_similarities",
    "rfm",
    "spark_session",
    "standalone_cluster",
]
