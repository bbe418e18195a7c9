"""The extra `fast`: what numba has compiled gives the numbers of NumPy's way, to the last digit."""

from unittest import mock

import numpy as np
import pandas as pd
import pytest

from helpers.data import load_complete_journey
from helpers.recommend import ItemKNN, UserKNN
from helpers.similarity import products


@pytest.fixture(scope="module")
def bought():
    lines = load_complete_journey()["transactions"]
    lines = lines[lines["user_id"].isin(lines["user_id"].unique()[:300])]
    return lines.groupby(["user_id", "item_id"]).size().rename("rating").reset_index()


@pytest.mark.parametrize("similarity", ["full_cosine", "jaccard"])
@pytest.mark.parametrize("model", [ItemKNN, UserKNN])
def test_neighbors_and_lists(bought, model, similarity):
    found = []
    for way in (products._compiled(), None):
        assert (way is None) == bool(found)  # the first one is compiled
        with mock.patch.object(products, "_compiled", lambda way=way: way):
            fitted = model(k=20, similarity=similarity, feedback="implicit").fit(bought)
            found.append((fitted.neighbors_, fitted.recommend(k=10)))
    (fast, lists), (near, same) = found
    for part in ("indptr", "indices", "data"):
        np.testing.assert_array_equal(getattr(fast, part), getattr(near, part))
    pd.testing.assert_frame_equal(lists, same, check_exact=True)
