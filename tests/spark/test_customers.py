import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from pyspark.sql import functions as sf

from helpers import behavior, value
from helpers.data import load_cdnow
from helpers.spark import cohort_counts, rfm


def collected(table):
    return table.toPandas().sort_values("user_id").set_index("user_id")


def assert_same_rfm(table, expected):
    found = collected(table)
    whole = ["recency", "frequency", "R", "F", "M"]
    assert (found[whole] == expected[whole]).all(axis=None)
    assert (found["segment"] == expected["segment"].astype(str)).all()
    # Spark adds decimals, pandas floats: they differ in the last digit of a float.
    np.testing.assert_allclose(found["monetary"], expected["monetary"], rtol=1e-12)


def test_rfm_by_hand(spark):
    # Ana: last day 8 March, the end, so 0 days; two days; 15. Ben: 25 days before; one; 7.
    # Ben beats nobody: 1. Ana beats one of two: 1 + ⌊5 · 1/2⌋ = 3.
    orders = pd.DataFrame(
        {
            "user_id": ["Ana", "Ana", "Ben"],
            "ordered_at": pd.to_datetime(
                ["2025-03-01 08:00", "2025-03-08 23:59", "2025-02-11 12:00"]
            ),
            "value": [10.0, 5.0, 7.0],
        }
    )
    table = collected(rfm(spark.createDataFrame(orders)))
    assert table.loc["Ana"].tolist() == [0, 2, 15.0, 3, 3, 3, "Need attention"]
    assert table.loc["Ben"].tolist() == [25, 1, 7.0, 1, 1, 1, "Lost"]


@pytest.mark.parametrize("end", [None, "2025-06-30"])
def test_rfm_of_the_shop(spark, lines, end):
    found = rfm(spark.createDataFrame(lines), observation_end=end)
    assert_same_rfm(found, value.rfm(lines, observation_end=end))


def test_rfm_of_cdnow_where_ids_are_numbers(spark):
    orders = load_cdnow()
    found = rfm(spark.createDataFrame(orders))
    assert_same_rfm(found, value.rfm(orders))


def test_scores_of_any_number_of_users(spark):
    # ⌈k/5 · n⌉ must be whole where it is: 0.6 · 5 is 3, not 3.0000000000000004.
    numbers = spark.range(1, 200).selectExpr("id AS n", "explode(sequence(1, id)) AS v")
    fifths = [f"percentile_disc({k / 5}) WITHIN GROUP (ORDER BY v) AS q{k}" for k in (1, 2, 3, 4)]
    table = numbers.groupBy("n").agg(*map(sf.expr, fifths)).toPandas()
    for k in (1, 2, 3, 4):
        assert (table[f"q{k}"] == -(-k * table["n"] // 5)).all()


@pytest.mark.parametrize("period", ["W", "M", "Q"])
@pytest.mark.parametrize("until", [None, "2026-01-15"])
def test_cohorts_of_the_shop(spark, lines, period, until):
    found = cohort_counts(spark.createDataFrame(lines), period=period, until=until)
    assert_frame_equal(found, behavior.cohort_counts(lines, period=period, until=until))


def test_bad_input_is_named(spark, lines):
    table = spark.createDataFrame(lines.head(10).assign(user_id=[None, "", *["U1"] * 8]))
    with pytest.raises(ValueError, match=r'"user_id" is missing.* in 2 of 10 rows'):
        rfm(table)
    with pytest.raises(ValueError, match='"ordered_at" must hold timestamps; it is of type string'):
        cohort_counts(table.withColumn("ordered_at", table["ordered_at"].cast("string")))
    with pytest.raises(ValueError, match="has no rows"):
        cohort_counts(table.limit(0))
    table = table.dropna().where("user_id <> ''")
    with pytest.raises(ValueError, match='"value" is negative in 8 of 8'):
        rfm(table.withColumn("value", -table["value"]))
    with pytest.raises(ValueError, match=r'"value" is 1e\+20 or more in 8 of 8'):
        rfm(table.withColumn("value", sf.lit(1e30)))
    with pytest.raises(ValueError, match="No transaction up to observation_end = 2000-01-01"):
        rfm(table, observation_end="2000-01-01")
    with pytest.raises(ValueError, match='"W", "M" or "Q"; got \'D\''):
        cohort_counts(table, period="D")
    with pytest.raises(ValueError, match=r"after until \(2000-01-01\)"):
        cohort_counts(table, until="2000-01-01")
