"""Apache Spark: the course's computations on tables that do not fit into one computer's memory."""

try:
    import pyspark  # noqa: F401
except ModuleNotFoundError:
    raise ModuleNotFoundError(
        "Apache Spark is not installed here. To open the course with it: make lab EXTRA=spark"
    ) from None

from helpers.spark.baskets import frequent_itemsets, item_similarities
from helpers.spark.customers import cohort_counts, rfm
from helpers.spark.recommending import WeightedALS
from helpers.spark.segments import kmeans, standardized_logs
from helpers.spark.session import spark_session
from helpers.spark.streams import collect_stream, read_events, write_stream

__all__ = [
    "WeightedALS",
    "cohort_counts",
    "collect_stream",
    "frequent_itemsets",
    "item_similarities",
    "kmeans",
    "read_events",
    "rfm",
    "spark_session",
    "standardized_logs",
    "write_stream",
]
