"""The lists of EASE on MovieLens small, beside those of the neighbors in the case study.

The case study measures implicit user-kNN at a precision@10 of 0.181, the best of its lists.
"""

import pytest

from helpers import evaluation
from helpers.data import downloads, sources
from helpers.recommend import EASE, UserKNN

pytestmark = [
    pytest.mark.skipif(
        not downloads.is_cached("movielens_small"), reason="MovieLens not downloaded"
    ),
]


def test_ease_beats_the_neighbors_of_the_case_study():
    ratings = sources.load_movielens_small()["ratings"]
    train, test = evaluation.split_random(ratings, 0.2, random_state=0)
    seen, liked = train.assign(rating=1), test[test["rating"] >= 4]
    known = seen[seen.groupby("item_id")["user_id"].transform("size") >= 5]  # films
    found = {}
    for name, model, table in [
        ("EASE", EASE(regularization=200), known),
        ("user-kNN", UserKNN(similarity="full_cosine", feedback="implicit"), seen),
    ]:
        lists = model.fit(table).recommend(liked["user_id"].unique())
        found[name] = evaluation.ranking_metrics(lists, liked)[["precision"]]
    assert found["user-kNN"]["precision"].mean() == pytest.approx(0.181, abs=0.001)
    assert found["EASE"]["precision"].mean() == pytest.approx(0.217, abs=0.002)
    gain = evaluation.compare(found["EASE"], found["user-kNN"]).loc["precision"]
    assert gain["low"] > 0.02
