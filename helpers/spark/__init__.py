"""Apache Spark: the course's computations on tables that do not fit into one computer's memory."""

from helpers.spark.session import spark_session

__all__ = ["spark_session"]
