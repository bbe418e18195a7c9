"""Apache Spark: the course's computations on tables that do not fit into one computer's memory."""

from helpers.spark.baskets import frequent_itemsets, item_similarities
from helpers.spark.cluster import standalone_cluster
from helpers.spark.customers import cohort_counts, rfm
from helpers.spark.session import spark_session
from helpers.spark.streams import collect_stream, read_events, write_stream

__all__ = [
    "cohort_counts",
    "collect_stream",
    "frequent_itemsets",
    "item_similarities",
    "read_events",
    "rfm",
    "spark_session",
    "standalone_cluster",
    "write_stream",
]
