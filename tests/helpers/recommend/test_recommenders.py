"""The face that all recommenders share, and the three baselines behind it."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.exceptions import NotFittedError

from helpers import evaluation
from helpers.data.problems import TableError
from helpers.recommend.base import top
from helpers.recommend.baselines import Baseline, Popularity, Random

MODELS = [Popularity(), Random(), Baseline()]
each_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)


def table(rows: dict[tuple[str, str], float]) -> pd.DataFrame:
    users, items = zip(*rows, strict=True)
    return pd.DataFrame({"user_id": users, "item_id": items, "rating": list(rows.values())})


RATINGS = table(
    {
        ("Ana", "lamp"): 5,
        ("Ana", "vase"): 3,
        ("Ben", "lamp"): 4,
        ("Cem", "lamp"): 2,
        ("Cem", "tray"): 4,
    }
)


# ---------------------------------------------------------------- top


def test_top_by_hand():
    # Row 0: 9 in column 1, then the equal 7s of columns 0 and 3, of which the first is kept.
    # Row 1 has one score only; row 2 has none.
    nan = np.nan
    scores = np.array([[7, 9, 1, 7], [nan, nan, 2, nan], [nan] * 4])
    row, column, score = top(scores, k=2)
    assert row.tolist() == [0, 0, 1]
    assert column.tolist() == [1, 0, 2]
    assert score.tolist() == [9, 7, 2]


@given(
    st.lists(st.lists(st.integers(0, 3), min_size=4, max_size=4), min_size=1, max_size=5),
    st.integers(1, 6),
)
def test_top_is_the_head_of_a_stable_sort(rows, k):
    scores = np.array(rows, float)
    expected = [
        (row, column)
        for row, values in enumerate(rows)
        for column in sorted(range(4), key=lambda c, values=values: (-values[c], c))[:k]
    ]
    row, column, _ = top(scores, k)
    assert list(zip(row, column, strict=True)) == expected


# ---------------------------------------------------------------- predict and recommend


def test_baseline_by_hand():
    # The mean is 18 / 5 = 3.6. One epoch starts with the items, from b_u = 0:
    #   lamp (1.4 + 0.4 - 1.6) / (1 + 3) = 0.05 · vase -0.6 / (1 + 1) = -0.3 · tray 0.4 / 2 = 0.2
    # then the users:
    #   Ana  (5 - 3.6 - 0.05 + 3 - 3.6 + 0.3) / (2 + 2) = 1.05 / 4 = 0.2625
    #   Ben  (4 - 3.6 - 0.05) / (2 + 1) = 0.35 / 3
    model = Baseline(item_damping=1, user_damping=2, epochs=1).fit(RATINGS)
    assert model.mean_ == pytest.approx(3.6)
    assert model.item_bias_ == pytest.approx([0.05, 0.2, -0.3])  # lamp, tray, vase
    assert model.user_bias_[:2] == pytest.approx([0.2625, 0.35 / 3])
    pairs = pd.DataFrame({"user_id": ["Ana", "Ana", "new"], "item_id": ["tray", "new", "vase"]})
    predicted = model.predict(pairs)
    assert predicted["prediction"].tolist() == pytest.approx([3.6 + 0.2625 + 0.2, 3.8625, 3.3])
    assert predicted["fallback"].tolist() == [False, True, True]


def test_baseline_solves_its_equations_when_it_has_converged():
    model = Baseline(item_damping=2, user_damping=3, epochs=200).fit(RATINGS)
    left = RATINGS.assign(
        left=RATINGS["rating"]
        - model.mean_
        - model.user_bias_[model.users_.get_indexer(RATINGS["user_id"])]
        - model.item_bias_[model.items_.get_indexer(RATINGS["item_id"])]
    )
    # At the minimum of Σ e² + 3 Σ b_u² + 2 Σ b_i² the derivatives are 0: Σ e = λ b.
    by_user, by_item = (left.groupby(of)["left"].sum() for of in ("user_id", "item_id"))
    assert by_user.to_numpy() == pytest.approx(3 * model.user_bias_)
    assert by_item.to_numpy() == pytest.approx(2 * model.item_bias_)


def test_popularity_counts_users_and_not_stars():
    lists = Popularity().fit(RATINGS).recommend(["new", "Ben"], k=2)
    # lamp has three users; tray and vase one each, in the order of their names. Ben has a lamp.
    assert lists["item_id"].tolist() == ["lamp", "tray", "tray", "vase"]
    assert lists["score"].tolist() == [3, 1, 1, 1]
    assert lists["rank"].tolist() == [1, 2, 1, 2]


def test_predictions_are_kept_to_the_scale_and_scores_are_not():
    # Ana 4 2, Ben 2: without damping Ben's vase is a 0, which is off the scale of 2 to 4.
    ratings = table({("Ana", "lamp"): 4, ("Ana", "vase"): 2, ("Ben", "lamp"): 2})
    model = Baseline(item_damping=0, user_damping=1e-9, epochs=2_000).fit(ratings)
    pair = pd.DataFrame({"user_id": ["Ben"], "item_id": ["vase"]})
    assert model.predict(pair)["prediction"].item() == 2
    assert model.recommend(["Ben"])["score"].item() == pytest.approx(0, abs=1e-3)


def test_an_explanation_sums_to_the_prediction():
    ratings = table({("Ana", "lamp"): 4, ("Ana", "vase"): 2, ("Ben", "lamp"): 2})
    model = Baseline(item_damping=0, user_damping=1).fit(ratings)
    for user, item in [("Ana", "vase"), ("Ben", "vase"), ("Ben", "new"), ("new", "new")]:
        pair = pd.DataFrame({"user_id": [user], "item_id": [item]})
        parts = model.explain(user, item)
        expected = model.predict(pair)["prediction"].item()
        assert parts["contribution"].sum() == pytest.approx(expected)
    assert model.explain("Ben", "vase")["part"].iloc[-1] == "kept to the scale"
    assert model.explain("Ben", "vase")["ratings"].tolist()[:3] == [3, 1, 1]


@each_model
def test_predict_keeps_the_table_and_its_index(model):
    pairs = RATINGS.assign(note="as it was").set_axis([7, 3, 5, 1, 9])
    predicted = model.fit(RATINGS).predict(pairs)
    pd.testing.assert_frame_equal(predicted[pairs.columns], pairs)
    assert np.isfinite(predicted["prediction"]).all()
    assert not predicted["fallback"].any()


@each_model
def test_a_prediction_is_the_score_of_the_list(model):
    model = model.fit(RATINGS)
    lists = model.recommend(k=3, filter_seen=False)
    predicted = model.predict(lists)
    inside = predicted["score"].clip(*model.scale_)
    assert predicted["prediction"].tolist() == pytest.approx(inside.tolist())


@each_model
def test_lists_leave_out_what_was_seen_and_count_their_ranks(model):
    lists = model.fit(RATINGS).recommend()
    assert sorted(zip(lists["user_id"], lists["item_id"], strict=True)) == [
        ("Ana", "tray"),
        ("Ben", "tray"),
        ("Ben", "vase"),
        ("Cem", "vase"),
    ]
    evaluation.ranking_metrics(lists, RATINGS)  # takes the table as it is


@each_model
def test_a_list_does_not_depend_on_who_else_is_asked_for(model):
    model = model.fit(RATINGS)
    together = model.recommend(["Cem", "new", "Ana"], filter_seen=False)
    for user, theirs in together.groupby("user_id"):
        alone = model.recommend([user], filter_seen=False)
        pd.testing.assert_frame_equal(alone, theirs.reset_index(drop=True))


@each_model
def test_users_come_in_blocks_without_a_seam(model, monkeypatch):
    whole = model.fit(RATINGS).recommend(k=2)
    monkeypatch.setattr("helpers.recommend.base.CELLS", 3)  # one user at a time
    pd.testing.assert_frame_equal(model.recommend(k=2), whole)


@each_model
def test_the_order_of_the_training_does_not_matter(model):
    lists = model.fit(RATINGS).recommend()
    pd.testing.assert_frame_equal(model.fit(RATINGS[::-1]).recommend(), lists)


def test_nobody_asked_for_is_an_empty_table_of_the_same_columns():
    lists = Popularity().fit(RATINGS).recommend([])
    assert lists.columns.tolist() == ["user_id", "item_id", "score", "rank"]
    assert lists.empty


def test_the_same_seed_gives_the_same_lists_and_another_seed_others():
    catalog = table({(user, f"item {i:02}"): 1 for i in range(30) for user in ("Ana", "Ben")})
    first, again, other = (
        Random(seed).fit(catalog).recommend(["Ana", "Ben"], filter_seen=False) for seed in (1, 1, 2)
    )
    assert first.equals(again)
    assert first["item_id"].tolist() != other["item_id"].tolist()
    ana, ben = (list(theirs["item_id"]) for _, theirs in first.groupby("user_id"))
    assert ana != ben


# ---------------------------------------------------------------- folding in


def test_fold_in_adds_users_and_replaces_ratings():
    model = Baseline(item_damping=1, user_damping=2, epochs=1).fit(RATINGS)
    more = table({("new", "vase"): 5, ("Ben", "lamp"): 2, ("Ben", "vase"): 3})
    folded = model.fold_in(more)
    # b_i stays: lamp 0.05, vase -0.3. new: (5 - 3.6 + 0.3) / (2 + 1).
    # Ben: (2 - 3.6 - 0.05 + 3 - 3.6 + 0.3) / (2 + 2) = -1.95 / 4, his 4 for the lamp is forgotten.
    assert folded.item_bias_.tolist() == model.item_bias_.tolist()
    bias = dict(zip(folded.users_, folded.user_bias_, strict=True))
    assert bias["new"] == pytest.approx(1.7 / 3)
    assert bias["Ben"] == pytest.approx(-1.95 / 4)
    assert bias["Ana"] == model.user_bias_[0]
    assert folded.recommend(["Ben"])["item_id"].tolist() == ["tray"]
    assert "new" not in model.users_  # the model that was asked is as it was
    assert model.recommend(["Ben"])["item_id"].nunique() == 2


# ---------------------------------------------------------------- errors


@each_model
def test_a_model_must_be_fitted_first(model):
    fresh = type(model)()
    for call in (lambda: fresh.recommend(), lambda: fresh.predict(RATINGS)):
        with pytest.raises(NotFittedError):
            call()


@each_model
def test_ratings_that_cannot_be_learned_from_are_refused(model):
    for broken, message in (
        (RATINGS.assign(rating=[5, np.nan, 4, 2, 4]), '"rating" is missing in 1 of 5 rows'),
        (RATINGS.assign(rating=[5, np.inf, 4, 2, 4]), '"rating" holds no finite number in 1 of 5'),
        (RATINGS.assign(user_id=["Ana", None, "Ben", "Cem", "Cem"]), '"user_id" is missing in 1'),
        (pd.concat([RATINGS, RATINGS.head(1)]), "repeats the"),
        (RATINGS.head(0), "has no rows"),
        (RATINGS.drop(columns="item_id"), "item_id"),
    ):
        with pytest.raises(TableError, match=message):
            model.fit(broken)


def test_ids_must_be_text_everywhere_or_numbers_everywhere():
    model = Popularity().fit(RATINGS)
    with pytest.raises(ValueError, match='"user_id" holds numbers in one table and text'):
        model.recommend([1, 2])
    with pytest.raises(ValueError, match='"item_id" holds numbers'):
        model.predict(RATINGS.assign(item_id=1))


@pytest.mark.parametrize("k", [0, -1, 2.5])
def test_k_is_a_whole_number(k):
    with pytest.raises(ValueError, match="k is a whole number, 1 or more; got"):
        Popularity().fit(RATINGS).recommend(k=k)


def test_fold_in_refuses_unknown_items_and_ratings_off_the_scale():
    model = Baseline().fit(RATINGS)
    with pytest.raises(TableError, match="names items that the training did not have in 1 of 1"):
        model.fold_in(table({("Ana", "chair"): 3}))
    with pytest.raises(TableError, match="off the scale of the training, 2 to 5 in 1 of 2 rows"):
        model.fold_in(table({("Ana", "vase"): 50, ("Ana", "tray"): 5}))


def test_baseline_refuses_parameters_out_of_range():
    with pytest.raises(ValueError, match="dampings of 0 or more"):
        Baseline(item_damping=-1).fit(RATINGS)


def test_baselines_that_compare_no_items_have_no_similar_items():
    assert not hasattr(Popularity(), "similar_items")


@each_model
def test_one_user_and_one_item_are_enough(model):
    alone = table({("Ana", "lamp"): 4})
    model = model.fit(alone)
    assert model.recommend().empty
    assert model.recommend(filter_seen=False)["item_id"].tolist() == ["lamp"]
