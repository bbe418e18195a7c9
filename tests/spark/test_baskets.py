import numpy as np
import pandas as pd
import pytest

from helpers import rules, similarity
from helpers.spark import frequent_itemsets, item_similarities


def sets(table):
    found = table.toPandas() if not isinstance(table, pd.DataFrame) else table
    counts = {frozenset(one): n for one, n in zip(found["itemsets"], found["count"], strict=True)}
    assert len(counts) == len(found)
    return counts, found.set_index(found["itemsets"].map(frozenset))["support"].to_dict()


@pytest.mark.parametrize(
    ("item", "min_support"), [("item_id", 0.002), ("item_id", 0.01), ("category", 0.001)]
)
def test_itemsets_of_the_shop(spark, lines, items, item, min_support):
    lines = lines.merge(items[["item_id", "category"]], on="item_id")
    expected = sets(rules.frequent_itemsets(lines, min_support, item))
    assert max(map(len, expected[0])) >= 2
    assert sets(frequent_itemsets(spark.createDataFrame(lines), min_support, item)) == expected


def test_a_share_that_floats_cannot_hold(spark):
    # 7 of 100 baskets hold tea. 0.07 · 100 is 7.000000000000001 in floats, rounded up 8.
    lines = pd.DataFrame({"order_id": range(100), "item_id": ["tea"] * 7 + ["pot"] * 93})
    found, _ = sets(frequent_itemsets(spark.createDataFrame(lines), 0.07))
    assert found == {frozenset({"tea"}): 7, frozenset({"pot"}): 93}


def table_of(similarities):
    """As a square table, like that of helpers.similarity; 1 on the diagonal."""
    pairs = similarities.toPandas()
    names = sorted({*pairs["item_id"], *pairs["other_id"]})
    square = pairs.pivot_table("similarity", "item_id", "other_id")
    square = square.reindex(index=names, columns=names).fillna(0).to_numpy()
    return pd.DataFrame(square + square.T + np.eye(len(names)), names, names)


def test_similarity_of_rated_items(spark, ratings):
    ratings = ratings.assign(rating=ratings["rating"] - 3.3)  # negative ones, and no whole numbers
    found = table_of(item_similarities(spark.createDataFrame(ratings)))
    expected = similarity.similarity_table(ratings, "full_cosine", between="item_id")
    assert found.index.tolist() == expected.index.tolist()
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


def test_bad_input_is_named(spark):
    twice = spark.createDataFrame([(1, 2, 5), (1, 2, 4)], ["user_id", "item_id", "rating"])
    with pytest.raises(ValueError, match="User 1 has item 2 in 2 rows"):
        item_similarities(twice)
    with pytest.raises(ValueError, match="min_support is a share above 0"):
        frequent_itemsets(twice, 50)
    with pytest.raises(ValueError, match='no column "order_id"'):
        frequent_itemsets(twice, 0.5)
