"""Check the input of a computation on Spark: one pass over the table, before all others."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as sf
from pyspark.sql import types as st

KINDS = {
    "key": ("text or whole numbers", (st.StringType, st.IntegralType)),
    "datetime": ("timestamps", (st.TimestampType, st.TimestampNTZType)),
    "number": ("numbers", (st.NumericType,)),
}


def require(table: DataFrame, /, **kinds: str) -> None:
    """Check that a table has rows and the columns a computation needs, without missing values.

    A table of Spark has no row labels, so the message counts the rows instead of naming them.

    Parameters
    ----------
    table : Spark DataFrame; other columns are ignored.
    **kinds : column="kind", where the kind is one of `KINDS`; a number must be finite,
        and a key not be empty text.
    """
    for column, kind in kinds.items():
        what, types = KINDS[kind]
        if column not in table.columns:
            raise ValueError(
                f'There is no column "{column}"; the table has {", ".join(table.columns)}. '
                "Rename one: table.withColumnRenamed(old, new)."
            )
        found = table.schema[column].dataType
        if not isinstance(found, types):
            raise ValueError(
                f'Column "{column}" must hold {what}; it is of type {found.simpleString()}. '
                f'Convert it: table.withColumn("{column}", sf.col("{column}").cast(...)).'
            )
    wrong = {column: sf.count_if(_is_wrong(sf.col(column), kind)) for column, kind in kinds.items()}
    rows, *counts = table.select(sf.count(sf.lit(1)), *wrong.values()).first()
    if rows == 0:
        raise ValueError("The table has no rows. Is the filter above it too strict?")
    refuse(rows, dict(zip(wrong, counts, strict=True)), "is missing, empty or not finite")


def refuse(rows: int, counts: dict[str, int], what: str, fix: str = "") -> None:
    """Raise an error if rows were counted that break a rule; ``counts`` has them by column."""
    for column, count in counts.items():
        if count:
            fix = fix or f'Drop them: table.dropna(subset=["{column}"]), and empty text, too.'
            raise ValueError(f'Column "{column}" {what} in {count:,} of {rows:,} rows. {fix}')


def _is_wrong(value: Column, kind: str) -> Column:
    if kind == "key":
        return value.isNull() | (value.cast("string") == "")
    if kind != "number":
        return value.isNull()
    size = sf.abs(value.cast("double"))
    return value.isNull() | sf.isnan(size) | (size == float("inf"))
