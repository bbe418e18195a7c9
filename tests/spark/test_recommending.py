import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from helpers.evaluation import compare, ranking_metrics, split_time
from helpers.recommend import ImplicitALS, ridge_rows
from helpers.spark import WeightedALS


def dense(model):
    """The ratings and both factor matrices as arrays, sorted by id."""
    cells = model.ratings_.toPandas()
    shape = model.users_.count(), model.items_.count()
    R = sparse.coo_array((cells["rating"], (cells["user"], cells["item"])), shape).tocsr()
    sides = [
        np.vstack(table.toPandas().sort_values("id")["features"]).astype(float)
        for table in (model.model_.userFactors, model.model_.itemFactors)
    ]
    return R, *sides


@pytest.fixture(scope="module")
def bought(lines):
    """How many orders of a user have an item."""
    orders = lines[["user_id", "item_id", "order_id", "ordered_at"]].drop_duplicates()
    return split_time(orders, "2025-07-01", time="ordered_at")


def counts(orders):
    return orders.groupby(["user_id", "item_id"]).size().reset_index(name="rating")


def test_users_of_a_rating_model_are_ridge_regressions_with_lambda_per_rating(spark, ratings):
    model = WeightedALS(4, 0.1, alpha=None, epochs=3).fit(spark.createDataFrame(ratings))
    R, x, y = dense(model)
    n = np.diff(R.indptr)
    best = ridge_rows(R, y, np.ones(R.nnz), R.data, ridge=0.1 * n)
    np.testing.assert_allclose(x, best, atol=2e-4)  # Spark's factors are float32
    unweighted = ridge_rows(R, y, np.ones(R.nnz), R.data, ridge=0.1 * n.mean())
    assert np.abs(x - unweighted).max() > 0.05


def test_users_of_an_implicit_model_solve_their_part_of_the_objective(spark, bought):
    table = counts(bought[0])
    model = WeightedALS(4, 0.05, alpha=3.0, epochs=3).fit(spark.createDataFrame(table))
    R, x, y = dense(model)
    for u in range(0, len(x), 50):
        r = R[[u]].toarray()[0]
        C = np.diag(1 + 3 * r)
        left = y.T @ C @ y + 0.05 * (r > 0).sum() * np.eye(4)
        np.testing.assert_allclose(x[u], np.linalg.solve(left, y.T @ C @ (r > 0)), atol=1e-4)


def test_with_as_many_cells_in_each_row_both_models_find_the_same_scores(spark):
    # 16 users have 3 items each, 8 items 6 users each: λ of ours is √(3 · 6) times Spark's. With as
    # many factors as items, every minimum is the global one.
    offsets = [(0, 1, 3)] * 8 + [(0, 2, 5)] * 8
    rng = np.random.default_rng(0)
    rows = [
        (u, (u + step) % 8, int(rng.integers(1, 6))) for u, s in enumerate(offsets) for step in s
    ]
    table = pd.DataFrame(rows, columns=["user_id", "item_id", "rating"])
    assert set(table.groupby("item_id").size()) == {6}
    ours = ImplicitALS(8, 0.4 * np.sqrt(18), alpha=2.0, epochs=200).fit(table)
    theirs = WeightedALS(8, 0.4, alpha=2.0, epochs=15).fit(spark.createDataFrame(table))
    R, x, y = dense(theirs)
    C, P = 1 + 2 * R.toarray(), R.toarray() > 0
    objective = (C * (P - x @ y.T) ** 2).sum() + 0.4 * (3 * (x**2).sum() + 6 * (y**2).sum())
    assert objective == pytest.approx(ours.objective(), rel=1e-5)
    np.testing.assert_allclose(x @ y.T, ours.user_factors_ @ ours.item_factors_.T, atol=1e-3)


def test_ranks_as_well_as_ours(spark, bought):
    train, test = counts(bought[0]), bought[1]
    known = test[test["user_id"].isin(train["user_id"])]
    ours = ImplicitALS(8, 10, 5).fit(train).recommend(k=10)
    # λ for rows with as many cells as they have on average; with a larger one both rank better.
    n, m = (len(train) / train[key].nunique() for key in ("user_id", "item_id"))
    theirs = WeightedALS(8, 10 / np.sqrt(n * m), 5.0).fit(spark.createDataFrame(train))
    lists = theirs.recommend(k=10).toPandas()
    seen = train.set_index(["user_id", "item_id"]).index
    assert not pd.MultiIndex.from_frame(lists[["user_id", "item_id"]]).isin(seen).any()
    assert (lists.groupby("user_id")["rank"].agg(["size", "max"]) == 10).all(axis=None)
    result = compare(ranking_metrics(lists, known), ranking_metrics(ours, known)).loc["ndcg"]
    assert result["low"] < 0 < result["high"]  # no difference can be told
    assert result["high"] - result["low"] < 0.04  # and a large one would have been


def test_bad_input_is_named(spark):
    table = spark.createDataFrame([("Ana", "tea", -1.0)], ["user_id", "item_id", "rating"])
    with pytest.raises(ValueError, match='"rating" is negative in 1 of 1 rows'):
        WeightedALS().fit(table)
