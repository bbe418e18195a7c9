"""Clean raw order lines on Spark, by the rules of `helpers.data.cleaning`.

Order lines are the long table. Users and items are short and come clean, from
`helpers.data.load_shop`.

A table of Spark has no order of rows. Where a rule speaks of the first row, of two equal ones or of
those that a return may go to, the raw table must say in a column ``row`` which one that is.
"""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as sf

from helpers.data.cleaning.orders import MOST_UNITS
from helpers.data.cleaning.reading import AMOUNT, QUANTITY
from helpers.spark.checks import refuse, require

# The formats of `helpers.data.cleaning.reading.DATE_FORMATS`, in Spark's letters.
DATE_FORMATS = ("yyyy-MM-dd HH:mm:ss", "dd/MM/yyyy HH:mm:ss", "MMM d yyyy h:mm:ss a")
TEXT = ("order_id", "ordered_at", "user_id", "item_id", "quantity", "unit_price", "discount")


def clean_order_lines(raw: DataFrame, users: DataFrame, items: DataFrame) -> DataFrame:
    """Clean raw order lines: the same rows as those of `helpers.data.cleaning.clean_shop`.

    In this order: drop duplicates and lines without a user, parse dates, money and numbers, drop
    impossible quantities and prices, fix prices in cents, net cancellations and returns, drop the
    lines of users and items that the clean tables don't have.

    Parameters
    ----------
    raw : Spark DataFrame of text: ``order_id``, ``ordered_at``, ``user_id``, ``item_id``,
        ``quantity``, ``unit_price``, ``discount``; and ``row``, the number of the row in the file.
    users, items : the clean tables, with ``user_id``, and with ``item_id`` and ``price``.

    Returns
    -------
    Spark DataFrame, in no order, with the columns of ``raw``, typed.
    """
    require(raw, row="key", order_id="text", item_id="text")
    require(users, user_id="key")
    require(items, item_id="key", price="number")
    lines = raw.groupBy(*TEXT).agg(sf.min("row").alias("row")).dropna(subset=["user_id"])
    lines = _parsed(lines)
    quantity, price = sf.col("quantity"), sf.col("unit_price")
    comes_back = sf.substring("order_id", 1, 1).isin("C", "R")
    lines = lines.where((quantity > 0) | ((quantity < 0) & comes_back))
    lines = lines.where((sf.abs(quantity) <= MOST_UNITS) & (price > 0))
    usual = items.select("item_id", sf.col("price").alias("usual"))
    in_cents = sf.coalesce((price / sf.col("usual")).between(50, 200), sf.lit(False))
    lines = lines.join(sf.broadcast(usual), "item_id", "left").withColumn(
        "unit_price", sf.when(in_cents, sf.bround(price / 100, 2)).otherwise(price)
    )
    lines = _net(_net(lines, "C"), "R")
    lines = lines.join(sf.broadcast(users.select("user_id")), "user_id", "left_semi")
    return lines.where(sf.col("usual").isNotNull()).select(*TEXT, "row")


def _parsed(lines: DataFrame) -> DataFrame:
    """Read dates, money and numbers, and refuse text that is none."""
    dates = [sf.try_to_timestamp("ordered_at", sf.lit(each)) for each in DATE_FORMATS]
    values = {
        "ordered_at": sf.coalesce(*dates),
        "quantity": _number("quantity", QUANTITY).try_cast("long"),
        "unit_price": _number("unit_price", AMOUNT),
        "discount": _number("discount", QUANTITY),
    }
    wrong = [
        sf.count_if(value.isNull() & sf.col(name).isNotNull()) for name, value in values.items()
    ]
    rows, *counts = lines.select(sf.count(sf.lit(1)), *wrong).first()
    fix = "Correct them in the export, or drop them."
    refuse(rows, dict(zip(values, counts, strict=True)), "holds text that cannot be read", fix)
    return lines.withColumns(values)


def _number(column: str, pattern: str) -> Column:
    """Return the number within a text, null where there is none."""
    found = sf.regexp_extract(column, rf"^\s*(?:{pattern})\s*$", 1)
    return sf.replace(found, sf.lit(","), sf.lit("")).try_cast("double")


def _net(lines: DataFrame, prefix: str) -> DataFrame:
    """Subtract the units of orders ``prefix`` + id from the lines of that order.

    First from lines that agree in price and discount, too, then in price, then from any.
    """
    back = sf.col("order_id").startswith(prefix) & (sf.col("quantity") < 0)
    order = sf.when(back, sf.substr("order_id", sf.lit(2))).otherwise(sf.col("order_id"))
    lines = lines.withColumns({"back": back, "of_order": order, "bought": sf.col("quantity")})
    keys = ["of_order", "item_id", sf.round("unit_price", 2), sf.round("discount", 2)]
    for agreeing in (4, 3, 2):
        lines = lines.withColumn("quantity", _units_left(keys[:agreeing]))
    gone = sf.col("back") | ((sf.col("bought") > 0) & (sf.col("quantity") == 0))
    return lines.where(~gone).drop("back", "of_order", "bought")


def _units_left(by: list) -> Column:
    """Net bought and returned units within each group, the first rows first.

    With b units bought and r returned, b − min(b, r) and r − min(b, r) are left.
    """
    back, quantity = sf.col("back"), sf.col("quantity")
    units = sf.when(back, -quantity).when(quantity > 0, quantity).otherwise(0)
    group = Window.partitionBy(*by)
    bought = sf.sum(sf.when(~back, units).otherwise(0)).over(group)
    returned = sf.sum(sf.when(back, units).otherwise(0)).over(group)
    so_far = sf.sum(units).over(
        Window.partitionBy(*by, back)
        .orderBy("row")
        .rowsBetween(Window.unboundedPreceding, Window.currentRow)
    )
    left = so_far - sf.when(back, bought).otherwise(returned)
    left = sf.greatest(sf.lit(0), sf.least(left, units))
    return sf.when(back, -left).when(quantity > 0, left).otherwise(quantity)
