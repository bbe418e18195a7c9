"""Structured Streaming: read the shop's events as they arrive, and follow a stream to its end."""

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.streaming import StreamingQuery

EVENTS = (
    "event_id STRING, occurred_at TIMESTAMP, session_id STRING, user_id STRING, event STRING, "
    "item_id STRING, arrived_at TIMESTAMP"
)


def read_events(spark: SparkSession, folder: str | Path) -> DataFrame:
    """Read events as a stream: each file of JSON lines that appears in a folder is a batch.

    Spark takes files in the order of their dates. A line that is not JSON stops the stream;
    otherwise it would become a row of nulls, which no window holds, and be lost without a word.

    Parameters
    ----------
    spark : session.
    folder : with files as `helpers.streaming.write_batches` writes them.

    Returns
    -------
    streaming DataFrame with the columns of the shop's events, and ``arrived_at``.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise ValueError(f"There is no folder {folder.name} to read events from. Make it first.")
    reader = spark.readStream.schema(EVENTS).option("maxFilesPerTrigger", 1)
    return reader.option("mode", "FAILFAST").json(str(folder))


def collect_stream(rows: DataFrame, mode: str = "append") -> tuple[pd.DataFrame, pd.DataFrame]:
    """Run a stream over all files that are there, and collect what it sends.

    Parameters
    ----------
    rows : streaming DataFrame.
    mode : output mode: "append", "update" or "complete".

    Returns
    -------
    All rows it sent, with the number of the ``batch`` that sent them, and the table of `batches`.
    """
    sent = []

    def keep(table: DataFrame, number: int) -> None:
        sent.append(table.toPandas().assign(batch=number))

    facts = write_stream(rows, keep, mode=mode)
    return pd.concat(sent, ignore_index=True), facts


def write_stream(
    rows: DataFrame,
    write: Callable[[DataFrame, int], None],
    checkpoint: str | Path | None = None,
    *,
    mode: str = "append",
) -> pd.DataFrame:
    """Run a stream over all files that are there, and hand each batch to a function.

    Parameters
    ----------
    rows : streaming DataFrame.
    write : is called with each batch's DataFrame and number; after an interruption, perhaps twice.
    checkpoint : folder in which the stream notes how far it is, and finds it when it starts again.
    mode : output mode: "append", "update" or "complete".

    Returns
    -------
    The table of `batches`. What ``write`` raises ends the stream, as a StreamingQueryException.
    """
    writer = rows.writeStream.foreachBatch(write).outputMode(mode).trigger(availableNow=True)
    if checkpoint is not None:
        writer = writer.option("checkpointLocation", str(checkpoint))
    query = writer.start()
    query.awaitTermination()
    return batches(query)


def batches(query: StreamingQuery) -> pd.DataFrame:
    """Return what a stream did in each batch, of those that Spark remembers (the last 100).

    Returns
    -------
    DataFrame, index ``batch``: ``rows`` that were read, the ``watermark`` that closed windows (NaT
    before there is one), and how many rows were ``late``, and were ``repeated`` ids.
    """
    progress = [json.loads(each.json) for each in query.recentProgress]
    operators = [each["stateOperators"] for each in progress]
    table = pd.DataFrame(
        {
            "rows": [each["numInputRows"] for each in progress],
            "watermark": [each.get("eventTime", {}).get("watermark") for each in progress],
            "late": [sum(op["numRowsDroppedByWatermark"] for op in ops) for ops in operators],
            "repeated": [
                sum(op["customMetrics"].get("numDroppedDuplicateRows", 0) for op in ops)
                for ops in operators
            ],
        },
        index=pd.Index([each["batchId"] for each in progress], name="batch"),
    )
    moments = pd.to_datetime(table["watermark"], format="ISO8601").dt.tz_localize(None)
    return table.assign(watermark=moments.where(moments > pd.Timestamp(0)))
