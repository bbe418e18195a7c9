"""What every recommender keeps to, and a table of where they differ.

A lesson can put any model in the place of another, so all of them answer the same questions in the
same form. What a model is right about is tested in its own file.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from helpers import evaluation
from helpers.data.problems import TableError
from helpers.recommend.base import Recommender
from helpers.recommend.baselines import Baseline, Popularity, Random
from helpers.recommend.bpr import BPR
from helpers.recommend.content import ContentBased
from helpers.recommend.ease import EASE
from helpers.recommend.factorization import MatrixFactorization
from helpers.recommend.hybrid import SwitchingHybrid, WeightedHybrid
from helpers.recommend.implicit import ImplicitALS
from helpers.recommend.neighbors import ItemKNN, UserKNN
from helpers.recommend.two_tower import TwoTower
from helpers.similarity.ranking import best_first

COLUMNS = ["user_id", "item_id", "rating"]
USERS, ITEMS = [f"U{n:02}" for n in range(30)], [f"I{n:02}" for n in range(12)]
CATALOG = pd.DataFrame(
    {
        "item_id": [*ITEMS, "cold"],
        "category": [f"C{n % 4}" for n in range(13)],
        "brand": [f"B{n % 3}" for n in range(13)],
    }
)


def drawn(ratings=200) -> pd.DataFrame:
    """Draw ratings of some of all pairs; U29 and I11 have a single one."""
    rng = np.random.default_rng(0)
    cells = pd.MultiIndex.from_product([USERS[:-1], ITEMS[:-1]], names=COLUMNS[:2])
    cells = cells.to_frame(index=False).sample(ratings, random_state=0).sort_values(COLUMNS[:2])
    cells["rating"] = rng.integers(1, 6, ratings)
    single = pd.DataFrame([("U29", "I00", 4), ("U00", "I11", 5)], columns=COLUMNS)
    return pd.concat([cells, single], ignore_index=True)


RATINGS = drawn()
NEWCOMER = pd.DataFrame([("Ana", "I01", 5), ("Ana", "I04", 1), ("Ana", "I07", 4)], columns=COLUMNS)


@dataclass(frozen=True)
class Case:
    """A model, and what it does in its own way.

    rates : predictions are ratings and kept to the scale; otherwise they are scores without one.
    lists_unknown : users it does not know get lists, too.
    fallback_unknown : its predictions for them are fallbacks.
    explains : "all" pairs, those of "known" users and items, or "nothing".
    similar : it has `similar_items`.
    settled : folding in ratings that it has already changes nothing.
    refits : a user folded in gets the list that a fit with all ratings would give.
    """

    model: Recommender
    rates: bool = False
    lists_unknown: bool = False
    fallback_unknown: bool = True
    explains: str = "all"
    similar: bool = False
    settled: bool = True
    refits: bool = False


def content(**options) -> ContentBased:
    return ContentBased(CATALOG, {"category": 2, "brand": 1}, **options)


PARTS = {"neighbors": ItemKNN(similarity="msd"), "content": content()}
SELLERS = {"content": content(feedback="implicit"), "popular": Popularity()}
CASES = {
    "Popularity": Case(
        Popularity(), lists_unknown=True, fallback_unknown=False, explains="nothing"
    ),
    "Random": Case(Random(), lists_unknown=True, fallback_unknown=False, explains="nothing"),
    "Baseline": Case(Baseline(), rates=True, lists_unknown=True),
    "UserKNN": Case(UserKNN(5, similarity="msd", center="mean"), rates=True, refits=True),
    "UserKNN implicit": Case(UserKNN(5, similarity="jaccard", feedback="implicit"), refits=True),
    "ItemKNN": Case(ItemKNN(5, similarity="msd"), rates=True, similar=True),
    "ItemKNN implicit": Case(
        ItemKNN(5, similarity="full_cosine", feedback="implicit"), similar=True
    ),
    "ContentBased": Case(content(), rates=True, explains="known", similar=True),
    "ContentBased implicit": Case(
        content(feedback="implicit"), explains="known", similar=True, refits=True
    ),
    "MatrixFactorization als": Case(MatrixFactorization(3), rates=True, similar=True),
    "MatrixFactorization per vector": Case(
        MatrixFactorization(3, 2.0, per="vector"), rates=True, similar=True
    ),
    "MatrixFactorization sgd": Case(  # the last step of descent does not solve the users
        MatrixFactorization(3, solver="sgd"), rates=True, similar=True, settled=False
    ),
    "ImplicitALS": Case(ImplicitALS(3, 1.0), explains="known", similar=True),
    "EASE": Case(EASE(5.0), explains="known", similar=True),
    "BPR": Case(BPR(3), explains="known", similar=True, settled=False),
    "TwoTower": Case(TwoTower(3, epochs=2), explains="known", similar=True),
    "WeightedHybrid": Case(WeightedHybrid(PARTS, {"neighbors": 2, "content": 1}), rates=True),
    "WeightedHybrid of scores": Case(
        WeightedHybrid(SELLERS, {"content": 1, "popular": 1}),
        lists_unknown=True,
        fallback_unknown=False,
    ),
    "SwitchingHybrid": Case(SwitchingHybrid(PARTS), rates=True, explains="known"),
}


def without(kind: str):
    """Run a test for all models but one kind."""
    others = [name for name in CASES if not name.startswith(kind)]
    return pytest.mark.parametrize("case", others, indirect=True)


@pytest.fixture(scope="module", params=CASES)
def case(request) -> Case:
    return CASES[request.param]


@pytest.fixture(scope="module")
def fitted(case):
    """The fitted model, which no test changes."""
    return clone(case.model).fit(RATINGS)


def lists_of(lists) -> dict:
    return {user: theirs["item_id"].tolist() for user, theirs in lists.groupby("user_id")}


def assert_same(lists, others) -> None:
    """Items and ranks must be the same, and scores but for rounding errors."""
    pd.testing.assert_frame_equal(
        lists.reset_index(drop=True), others.reset_index(drop=True), rtol=1e-9, atol=1e-9
    )


# ---------------------------------------------------------------- construct and fit


def test_constructors_only_store_parameters(case):
    parameters = case.model.get_params(deep=False)
    fresh = type(case.model)(**parameters)
    assert vars(fresh).keys() == parameters.keys()
    assert all(vars(fresh)[name] is value for name, value in parameters.items())
    copied = clone(case.model).get_params(deep=False)
    assert all(repr(copied[name]) == repr(value) for name, value in parameters.items())


def test_fit_returns_the_model_and_leaves_parameters_alone(case):
    model = clone(case.model)
    before = {name: repr(value) for name, value in model.get_params().items()}
    assert model.fit(RATINGS) is model
    assert {name: repr(value) for name, value in model.get_params().items()} == before


def test_nothing_is_answered_before_fit(case):
    model = clone(case.model)
    calls = {
        "predict": (RATINGS,),
        "recommend": (),
        "fold_in": (NEWCOMER,),
        "similar_items": ("I00",),
        "explain": ("U00", "I00"),
        "objective": (),
        "loss": (),
    }
    for method, arguments in calls.items():
        if hasattr(model, method):
            with pytest.raises(NotFittedError, match="is not fitted yet"):
                getattr(model, method)(*arguments)


def test_the_order_of_the_training_does_not_matter_and_two_fits_agree(case, fitted):
    lists = fitted.recommend()
    assert_same(clone(case.model).fit(RATINGS).recommend(), lists)
    shuffled = RATINGS.sample(frac=1, random_state=1)
    assert_same(clone(case.model).fit(shuffled).recommend(), lists)


def test_tables_are_not_modified(case):
    ratings, pairs, more = RATINGS.copy(), RATINGS[COLUMNS[:2]].copy(), NEWCOMER.copy()
    users = USERS[:3]
    model = clone(case.model).fit(ratings)
    model.predict(pairs)
    model.recommend(users)
    model.fold_in(more)
    pd.testing.assert_frame_equal(ratings, RATINGS)
    pd.testing.assert_frame_equal(pairs, RATINGS[COLUMNS[:2]])
    pd.testing.assert_frame_equal(more, NEWCOMER)
    assert users == USERS[:3]


def test_ids_may_be_numbers(case, fitted):
    numbers = {name: n for n, name in enumerate([*USERS, *ITEMS, "cold"], start=1)}
    ratings = RATINGS.assign(**{name: RATINGS[name].map(numbers) for name in COLUMNS[:2]})
    catalog = CATALOG.assign(item_id=CATALOG["item_id"].map(numbers))
    model = clone(case.model)
    parts = [model, *getattr(model, "models", {}).values()]
    for part in parts:
        if isinstance(part, ContentBased):
            part.set_params(items=catalog)
    lists, expected = model.fit(ratings).recommend(), fitted.recommend()
    assert lists["item_id"].dtype == ratings["item_id"].dtype
    for name in COLUMNS[:2]:
        expected[name] = expected[name].map(numbers)
    assert_same(lists, expected)


# ---------------------------------------------------------------- predict


def test_predict_keeps_the_table_and_its_index(fitted):
    pairs = RATINGS.assign(note="as it was").sample(20, random_state=0)
    predicted = fitted.predict(pairs)
    pd.testing.assert_frame_equal(predicted[pairs.columns], pairs)
    assert predicted["prediction"].dtype == float
    assert predicted["fallback"].dtype == bool
    assert np.isfinite(predicted["prediction"]).all()
    assert predicted["prediction"].between(*fitted.scale_).all()


def test_ratings_have_a_scale_and_scores_have_none(case, fitted):
    assert fitted.scale_ == ((1, 5) if case.rates else (-np.inf, np.inf))


def test_the_unknown_is_predicted_by_a_fallback(case, fitted):
    pairs = pd.DataFrame({"user_id": ["U00", "who?", "who?"], "item_id": ["what?", "I00", "what?"]})
    predicted = fitted.predict(pairs)
    assert np.isfinite(predicted["prediction"]).all()
    assert predicted["fallback"].tolist() == [True, case.fallback_unknown, True]


@without("WeightedHybrid")  # whose scores are votes
def test_a_prediction_is_the_score_of_the_list(fitted):
    lists = fitted.recommend(k=20, filter_seen=False)
    predicted = fitted.predict(lists)
    np.testing.assert_allclose(
        predicted["prediction"], lists["score"].clip(*fitted.scale_), rtol=1e-9, atol=1e-12
    )
    assert not predicted["fallback"].any()


# ---------------------------------------------------------------- recommend


@pytest.mark.parametrize("filter_seen", [True, False])
def test_lists_are_short_ranked_and_free_of_repetition(fitted, filter_seen):
    lists = fitted.recommend(k=4, filter_seen=filter_seen)
    assert lists.columns.tolist()[:4] == ["user_id", "item_id", "score", "rank"]
    assert not lists.duplicated(["user_id", "item_id"]).any()
    for _, theirs in lists.groupby("user_id"):
        assert theirs["rank"].tolist() == list(range(1, len(theirs) + 1))
        assert len(theirs) <= 4
    assert lists["user_id"].drop_duplicates().is_monotonic_increasing  # all users, as in `users_`
    seen = lists.merge(RATINGS, on=COLUMNS[:2])
    assert seen.empty == filter_seen
    evaluation.ranking_metrics(lists, RATINGS)  # takes the table as it is


def test_the_best_come_first_and_ties_in_the_order_of_items(fitted):
    lists = fitted.recommend(k=20, filter_seen=False)
    parts = ["user_id", "source"] if "source" in lists else ["user_id"]
    for _, theirs in lists.groupby(parts):
        by_id = theirs.sort_values("item_id")
        expected = by_id.iloc[best_first(by_id["score"])]
        assert theirs["item_id"].tolist() == expected["item_id"].tolist()


@without("SwitchingHybrid")  # where a longer list of the first model leaves less to the second
def test_shorter_lists_are_the_heads_of_longer_ones(fitted):
    all_items = fitted.recommend(k=1_000)
    assert_same(fitted.recommend(k=3), all_items[all_items["rank"] <= 3])
    assert all_items.groupby("user_id").size().max() <= len(CATALOG)


def test_users_are_listed_as_asked_and_once(case, fitted):
    lists = fitted.recommend(["U07", "who?", "U03", "U07"], k=2)
    served = ["U07", "who?", "U03"] if case.lists_unknown else ["U07", "U03"]
    assert lists["user_id"].unique().tolist() == served
    assert lists.groupby("user_id").size().max() == 2
    assert fitted.recommend(["who?"]).empty != case.lists_unknown


def test_a_list_does_not_depend_on_who_else_is_asked_for(fitted):
    together = fitted.recommend(["U20", "who?", "U01"], filter_seen=False)
    for user, theirs in together.groupby("user_id"):
        assert_same(fitted.recommend([user], filter_seen=False), theirs)


def test_lists_and_predictions_in_batches_have_no_seams(case, fitted, monkeypatch):
    lists, predicted = fitted.recommend(), fitted.predict(RATINGS)
    for module in ("base", "content", "knn", "votes"):
        monkeypatch.setattr(f"helpers.recommend.{module}.CELLS", 40)
    for module in ("content", "vectors"):
        monkeypatch.setattr(f"helpers.recommend.{module}.PAIRS", 40)
    monkeypatch.setattr("helpers.similarity.search.CELLS", 40)
    model = clone(case.model).fit(RATINGS)
    assert_same(model.recommend(), lists)
    assert_same(model.predict(RATINGS), predicted)


def test_nobody_asked_for_is_an_empty_table_of_the_same_columns(fitted):
    lists = fitted.recommend([])
    assert lists.empty
    assert lists.columns.tolist() == fitted.recommend().columns.tolist()


# ---------------------------------------------------------------- explain and similar_items


def test_explanations_sum_to_the_prediction(case, fitted):
    if case.explains == "nothing":
        assert not hasattr(fitted, "explain")
        return
    known = [(user, item) for user in USERS[::6] for item in ITEMS[::3]]
    unknown = [("U00", "what?"), ("who?", "I00"), ("who?", "what?")]
    pairs = pd.DataFrame(known + unknown * (case.explains == "all"), columns=COLUMNS[:2])
    for row in fitted.predict(pairs).itertuples():
        parts = fitted.explain(row.user_id, row.item_id)
        assert parts["contribution"].sum() == pytest.approx(row.prediction, abs=1e-9)


def test_similar_items_are_others_and_the_most_similar_first(case, fitted):
    assert hasattr(fitted, "similar_items") == case.similar
    if case.similar:
        similar = fitted.similar_items("I03", k=4)
        assert similar.columns.tolist() == ["item_id", "similarity", "rank"]
        assert similar["rank"].tolist() == [1, 2, 3, 4]
        assert similar["item_id"].is_unique
        assert "I03" not in set(similar["item_id"])
        assert_same(similar, fitted.similar_items("I03", k=1_000).head(4))
        by_id = fitted.similar_items("I03", k=1_000).sort_values("item_id")
        best = by_id.iloc[best_first(by_id["similarity"])]["item_id"]
        assert similar["item_id"].tolist() == best.tolist()[:4]
        with pytest.raises(ValueError, match=r"item 'what\?' is not in the training. It has 1"):
            fitted.similar_items("what?")
        with pytest.raises(ValueError, match="k is a whole number"):
            fitted.similar_items("I03", k=0)


# ---------------------------------------------------------------- fold_in


def test_fold_in_adds_a_user_and_leaves_all_others_and_the_model_alone(case, fitted):
    before = fitted.recommend()
    folded = fitted.fold_in(NEWCOMER)
    assert_same(fitted.recommend(), before)
    assert "Ana" not in fitted.users_
    assert folded.users_.tolist() == [*fitted.users_, "Ana"]
    theirs = folded.recommend(["Ana"])
    assert len(theirs) > 0
    assert not theirs["item_id"].isin(NEWCOMER["item_id"]).any()
    others = folded.recommend(fitted.users_)
    if isinstance(case.model, UserKNN) and case.rates:
        assert lists_of(others).keys() == lists_of(before).keys()  # to some she is a new neighbor
    else:
        assert_same(others, before)


def test_fold_in_of_what_is_known(case, fitted):
    again = fitted.fold_in(RATINGS[RATINGS["user_id"] == "U05"])
    lists, before = again.recommend(), fitted.recommend()
    assert lists_of(lists).keys() == lists_of(before).keys()
    if case.settled:
        assert_same(lists, before)


def test_fold_in_replaces_ratings_and_remembers_what_is_seen(fitted):
    unseen = fitted.recommend(["U05"], k=1)[COLUMNS[:2]].assign(rating=5)
    if unseen["item_id"].item() == "cold":
        unseen["item_id"] = "I11"
    folded = fitted.fold_in(unseen).fold_in(unseen.assign(rating=1))
    assert unseen["item_id"].item() not in set(folded.recommend(["U05"], k=20)["item_id"])


def test_fold_in_is_a_refit_only_where_items_have_no_parameters(case, fitted):
    refit = clone(case.model).fit(pd.concat([RATINGS, NEWCOMER]))
    folded = fitted.fold_in(NEWCOMER)
    refit, folded = (model.recommend(["Ana"], 20, filter_seen=False) for model in (refit, folded))
    same = len(folded) == len(refit) and np.allclose(folded["score"], refit["score"])
    assert same == case.refits
    if case.refits:
        assert_same(folded, refit)


# ---------------------------------------------------------------- small tables


def test_one_user_and_one_item_are_enough(case):
    alone = pd.DataFrame([("Ana", "I00", 4)], columns=COLUMNS)
    model = clone(case.model).fit(alone)
    assert np.isfinite(model.predict(alone)["prediction"]).all()
    assert "I00" not in set(model.recommend()["item_id"])
    assert set(model.recommend(filter_seen=False)["item_id"]) <= set(CATALOG["item_id"])


@pytest.mark.parametrize("column", COLUMNS[:2])
def test_one_row_or_one_column_is_enough(case, column):
    few = RATINGS[RATINGS[column] == RATINGS[column].mode()[0]]
    model = clone(case.model).fit(few)
    assert np.isfinite(model.predict(few)["prediction"]).all()
    assert not model.recommend().duplicated(COLUMNS[:2]).any()


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (RATINGS.assign(rating=RATINGS["rating"].mask(RATINGS.index == 3)), "missing in 1 of 202"),
        (RATINGS.assign(rating=np.inf), '"rating" holds no finite number in 202 of 202'),
        (RATINGS.assign(user_id=RATINGS["user_id"].mask(RATINGS.index == 3)), '"user_id" is miss'),
        (pd.concat([RATINGS, RATINGS.head(1)]), "repeats the"),
        (RATINGS.head(0), "has no rows"),
        (RATINGS.drop(columns="item_id"), "item_id"),
    ],
    ids=["missing rating", "infinite rating", "missing id", "repeated pair", "empty", "no column"],
)
def test_tables_that_cannot_be_learned_from_are_refused(case, fitted, broken, message):
    with pytest.raises(TableError, match=message):
        clone(case.model).fit(broken)
    with pytest.raises(TableError, match=message):
        fitted.fold_in(broken)


def test_tables_that_cannot_be_predicted_are_refused(fitted):
    with pytest.raises(TableError, match="has no rows"):
        fitted.predict(RATINGS.head(0))
    with pytest.raises(TableError, match="user_id"):
        fitted.predict(RATINGS.drop(columns="user_id"))


def test_ids_must_be_text_everywhere_or_numbers_everywhere(fitted):
    with pytest.raises(ValueError, match='"user_id" contains numbers in one table and text'):
        fitted.recommend([1, 2])
    with pytest.raises(ValueError, match='"item_id" contains numbers'):
        fitted.predict(RATINGS.assign(item_id=1))
    with pytest.raises(ValueError, match='"user_id" contains numbers'):
        fitted.fold_in(NEWCOMER.assign(user_id=1))


@pytest.mark.parametrize("k", [0, -1, 2.5, "ten"])
def test_k_is_a_whole_number(fitted, k):
    with pytest.raises(ValueError, match="k is a whole number, 1 or more; got"):
        fitted.recommend(k=k)


def test_one_user_is_asked_for_in_a_list(fitted):
    with pytest.raises(ValueError, match=r"users are ids in a list, such as \['U00'\]; got 'U00'"):
        fitted.recommend("U00")


def test_fold_in_refuses_unknown_items_and_ratings_off_the_scale(case, fitted):
    with pytest.raises(TableError, match="names items that the training did not have in 1 of 3"):
        fitted.fold_in(NEWCOMER.assign(item_id=["I01", "I04", "what?"]))
    if case.rates:
        with pytest.raises(TableError, match="off the scale of the training, 1 to 5 in 1 of 3"):
            fitted.fold_in(NEWCOMER.assign(rating=[1, 5, 6]))
