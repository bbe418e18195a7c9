"""Content: features and predictions by hand, against other code, and what is refused."""

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import Ridge
from sklearn.metrics.pairwise import cosine_similarity

from helpers.data import problems
from helpers.recommend.baselines import Baseline
from helpers.recommend.content import ContentBased
from helpers.recommend.item_features import item_features
from helpers.recommend.least_squares import ridge_rows

ITEMS = pd.DataFrame(
    [
        ("I1", "Nordic Teapot", "Pale and clean.", "Tea", "Elmhouse", 10.0),
        ("I2", "Rustic Teapot", "Visible grain.", "Tea", "Fennmark", 20.0),
        ("I3", "Nordic Tent", "Pale and light.", "Camping", "Elmhouse", 160.0),
        ("I4", "Rustic Lantern", "Visible light.", "Camping", "Larkfield", 40.0),
        ("I5", "Nordic Mug", "Pale and clean.", "Tea", "Larkfield", 5.0),
    ],
    columns=["item_id", "name", "description", "category", "brand", "price"],
)
COLUMNS = ["user_id", "item_id", "rating"]


def pair(user, item):
    return pd.DataFrame({"user_id": [user], "item_id": [item]})


def random_ratings(seed=0, users=12):
    """About half of all cells; the item I5 is cold."""
    rng = np.random.default_rng(seed)
    cells = [(f"U{u:02}", f"I{i}") for u in range(users) for i in (1, 2, 3, 4)]
    ratings = pd.DataFrame(cells, columns=COLUMNS[:2])
    ratings["rating"] = rng.integers(1, 6, len(ratings))
    kept = (rng.random(len(ratings)) < 0.5) | (ratings.groupby("user_id").cumcount() == 0)
    return ratings[kept].reset_index(drop=True)


# ---------------------------------------------------------------- features


def test_tf_idf_by_hand():
    # "tea pot" and "tea tin": n = 2. tea stands in both: ln(3 / 3) + 1 = 1. pot and tin stand in
    # one: ln(3 / 2) + 1 = 1.405465. Length √(1 + 1.975332) = 1.724915, so tea has 0.579739 and the
    # others 0.814802, and the cosine is 0.579739² = 0.336097.
    items = pd.DataFrame({"item_id": ["a", "b"], "name": "Tea", "description": ["pot", "tin"]})
    features = item_features(items, {"word": 1})
    assert features.names.tolist() == ["word: pot", "word: tea", "word: tin"]
    expected = [[0.814802, 0.579739, 0], [0, 0.579739, 0.814802]]
    np.testing.assert_allclose(features.table(), expected, atol=1e-6)
    assert features.similarity().loc["a", "b"] == pytest.approx(0.336097, abs=1e-6)


def test_similarity_agrees_with_scikit_learn():
    tf_idf = TfidfVectorizer().fit_transform(ITEMS["name"] + " " + ITEMS["description"])
    ours = item_features(ITEMS, {"word": 3}).similarity()
    np.testing.assert_allclose(ours, cosine_similarity(tf_idf), atol=1e-12)


def test_price_by_hand():
    # 5 … 160 are five doublings: 10 is at 1/5 of 90°, 18°; 20 at 36°; 40 at 54°.
    similarity = item_features(ITEMS, {"price": 1}).similarity()
    assert similarity.loc["I1", "I2"] == pytest.approx(np.cos(np.pi / 10))
    assert similarity.loc["I1", "I4"] == pytest.approx(np.cos(np.pi / 5))
    assert similarity.loc["I3", "I5"] == pytest.approx(0, abs=1e-12)


def test_similarity_is_the_weighted_mean_of_the_groups():
    weights = {"word": 2, "category": 1, "brand": 0.5, "price": 0.25}
    mean = sum(
        weight * item_features(ITEMS, {group: 1}).similarity() for group, weight in weights.items()
    ) / sum(weights.values())
    ours = item_features(ITEMS, weights).similarity()
    np.testing.assert_allclose(ours, mean, atol=1e-12)
    np.testing.assert_allclose(np.diag(ours), 1)


def test_order_of_rows_does_not_matter():
    turned = item_features(ITEMS[::-1])
    pd.testing.assert_frame_equal(turned.table(), item_features(ITEMS).table())


def test_only_columns_with_a_weight_are_needed():
    features = item_features(ITEMS[["item_id", "brand"]], {"brand": 1, "word": 0})
    assert features.names.tolist() == ["brand: Elmhouse", "brand: Fennmark", "brand: Larkfield"]


def test_item_without_words_has_its_other_groups():
    items = ITEMS.assign(name="", description=["", *ITEMS["description"][1:]])
    similarity = item_features(items, {"word": 1, "category": 1}).similarity()
    assert similarity.loc["I1", "I1"] == pytest.approx(1)
    # I1 has the category only, of length 1; in I2 the category has √½.
    assert similarity.loc["I1", "I2"] == pytest.approx(np.sqrt(0.5))


def test_one_item_catalog():
    features = item_features(ITEMS.head(1))
    assert features.similarity().to_numpy() == pytest.approx(1)
    ratings = pd.DataFrame([("Ana", "I1", 4)], columns=COLUMNS)
    model = ContentBased(ITEMS.head(1)).fit(ratings)
    assert model.recommend(["Ana"]).empty
    assert model.predict(pair("Ana", "I1"))["prediction"].tolist() == [4]


@pytest.mark.parametrize(
    ("items", "message"),
    [
        (ITEMS.drop(columns="description"), 'has no column "description"'),
        (ITEMS.assign(description=[None, *ITEMS["description"][1:]]), '"description" is missing'),
        (ITEMS.assign(category=[*ITEMS["category"][:4], None]), '"category" is missing'),
        (ITEMS.assign(price=[0.0, *ITEMS["price"][1:]]), '"price" is zero or negative .* row 0'),
        (ITEMS.assign(price=["5 dollars"] * 5), '"price" holds no finite number'),
        (pd.concat([ITEMS, ITEMS.head(1)]), '"item_id" repeats an item .* row 0: "I1"'),
        (ITEMS.head(0), "has no rows"),
        (ITEMS.assign(name="a", description="!"), "not one word of two letters"),
    ],
)
def test_bad_catalogs_are_refused(items, message):
    with pytest.raises(ValueError, match=message.replace(" .* row", " .*row")):
        item_features(items)


@pytest.mark.parametrize("weights", [{}, {"word": 0}, {"color": 1}, {"word": 1, "brand": -1}])
def test_bad_weights_are_refused(weights):
    with pytest.raises(ValueError, match="weights: needs numbers of 0 or more for word, category"):
        item_features(ITEMS, weights)


# ---------------------------------------------------------------- ratings


def test_prediction_by_hand():
    # Ana 5 for I1 (Tea), 1 for I3 (Camping). μ = 3, b_1 = 2 / (10 + 1) = 2/11, b_3 = -2/11, b_Ana =
    # (2 - 2/11 - 2 + 2/11) / 17 = 0. Beyond the baseline: 20/11 and -20/11. In the profile Tea is
    # 20/11 / (1 + 2) = 20/33, Camping -20/33. I5 is cold, and of Tea; I4 is of Camping.
    ratings = pd.DataFrame([("Ana", "I1", 5), ("Ana", "I3", 1)], columns=COLUMNS)
    model = ContentBased(ITEMS, {"category": 1}, regularization=2).fit(ratings)
    asked = pd.DataFrame({"user_id": "Ana", "item_id": ["I5", "I4", "I1", "I3"]})
    found = model.predict(asked)
    # Of the rated ones, too, the profile gives 20/33 of the 20/11 beyond the baseline.
    expected = [3 + 20 / 33, 3 - 20 / 33, 3 + 2 / 11 + 20 / 33, 3 - 2 / 11 - 20 / 33]
    assert found["prediction"].tolist() == pytest.approx(expected)
    assert not found["fallback"].any()
    assert model.recommend(["Ana"])["item_id"].tolist() == ["I2", "I5", "I4"]


def test_profiles_are_those_of_ridge_regression():
    ratings = random_ratings()
    model = ContentBased(ITEMS, regularization=1.5).fit(ratings)
    base, x = Baseline().fit(ratings), item_features(ITEMS).table()
    beyond = ratings["rating"] - base.predict(ratings)["prediction"]  # none is off the scale
    for user, rows in ratings.groupby("user_id").groups.items():
        ridge = Ridge(alpha=1.5, fit_intercept=False)
        ridge.fit(x.loc[ratings.loc[rows, "item_id"]], beyond[rows])
        profile = model.profiles_[[model.users_.get_loc(user)]].toarray()[0]
        np.testing.assert_allclose(profile, ridge.coef_, atol=1e-12)
        user_bias = base.user_bias_[base.users_.get_loc(user)]
        cold = base.mean_ + user_bias + x.loc["I5"] @ ridge.coef_
        got = model.predict(pair(user, "I5"))["prediction"].item()
        assert got == pytest.approx(np.clip(cold, 1, 5))


@pytest.mark.parametrize("strength", [1e-12, 1e-6])
def test_weak_regularization_is_as_exact(strength):
    ratings = random_ratings()
    model, base = ContentBased(ITEMS, regularization=strength).fit(ratings), Baseline().fit(ratings)
    x = item_features(ITEMS).table()
    beyond = ratings["rating"] - base.predict(ratings)["prediction"]  # none is off the scale
    for user, rows in ratings.groupby("user_id").groups.items():
        least = np.linalg.lstsq(x.loc[ratings.loc[rows, "item_id"]], beyond[rows])[0]
        profile = model.profiles_[[model.users_.get_loc(user)]].toarray()[0]
        np.testing.assert_allclose(profile, least, atol=1e-4)


def test_nothing_in_common_is_a_fallback():
    ratings = pd.DataFrame([("Ana", "I1", 5), ("Ben", "I4", 2)], columns=COLUMNS)
    model = ContentBased(ITEMS, {"category": 1}, regularization=0.1).fit(ratings)
    assert model.predict(pair("Ana", "I4"))["fallback"].item()
    assert model.recommend(["Ana"])["item_id"].tolist() == ["I2", "I5"]


def test_unknown_users_and_items():
    ratings = random_ratings()
    model = ContentBased(ITEMS).fit(ratings)
    asked = pd.DataFrame({"user_id": ["new", "U00", "new"], "item_id": ["I1", "I9", "I9"]})
    found = model.predict(asked)
    assert found["fallback"].all()
    expected = Baseline().fit(ratings).predict(asked)["prediction"]
    np.testing.assert_allclose(found["prediction"], expected)
    assert model.recommend(["new"]).empty


def test_cold_items_are_reached():
    model = ContentBased(ITEMS).fit(random_ratings())
    assert model.items_.tolist() == ["I1", "I2", "I3", "I4", "I5"]
    assert model.ratings_.shape == (12, 5)
    assert set(model.recommend(k=5)["item_id"]) >= {"I5"}
    assert model.similar_items("I5")["item_id"].iloc[0] == "I1"  # both nordic, pale, clean, Tea
    assert not model.predict(pair("U00", "I5"))["fallback"].item()


@pytest.mark.parametrize("feedback", ["explicit", "implicit"])
@pytest.mark.parametrize("by", ["feature", "item"])
@pytest.mark.parametrize("item", ["I1", "I4", "I5"])
def test_explanations_sum_to_the_prediction(feedback, by, item):
    ratings = random_ratings(seed=3)
    model = ContentBased(ITEMS, feedback=feedback).fit(ratings)
    for user in model.users_:
        parts = model.explain(user, item, by=by)
        prediction = model.predict(pair(user, item))["prediction"].item()
        assert parts["contribution"].sum() == pytest.approx(prediction)


def test_explanation_names_what_carries_it():
    ratings = pd.DataFrame([("Ana", "I1", 5), ("Ana", "I3", 1)], columns=COLUMNS)
    model = ContentBased(ITEMS, {"category": 1}).fit(ratings)
    parts = model.explain("Ana", "I5")["part"].tolist()
    assert parts == ["mean of all ratings", "user Ana", "item I5", "category: Tea"]
    by_item = model.explain("Ana", "I5", by="item").set_index("part")
    assert by_item.loc["I1", ["similarity", "rating"]].tolist() == [1, 5]


# ---------------------------------------------------------------- implicit feedback


def test_score_by_hand():
    # Ana: 2 teapots, 1 tent. Profile (Camping 1, Tea 2), length √5.
    bought = pd.DataFrame([("Ana", "I1", 2), ("Ana", "I3", 1)], columns=COLUMNS)
    model = ContentBased(ITEMS, {"category": 1}, feedback="implicit").fit(bought)
    asked = pd.DataFrame({"user_id": "Ana", "item_id": ["I5", "I4"]})
    score = model.predict(asked)["prediction"].tolist()
    assert score == pytest.approx([2 / np.sqrt(5), 1 / np.sqrt(5)])
    assert model.scale_ == (-np.inf, np.inf)


# ---------------------------------------------------------------- new ratings


def test_fold_in_of_a_new_user_keeps_the_items():
    ratings = random_ratings()
    model = ContentBased(ITEMS).fit(ratings)
    new = pd.DataFrame([("new", "I5", 5), ("new", "I3", 1)], columns=COLUMNS)  # I5 is cold
    folded = model.fold_in(new)
    # b_new as in Baseline, with the items' biases as they were and none for the cold one
    base = Baseline().fit(ratings)
    bias = dict(zip(base.items_, base.item_bias_, strict=True)) | {"I5": 0}
    user = (5 - base.mean_ + 1 - base.mean_ - bias["I3"]) / (15 + 2)
    s = item_features(ITEMS).similarity()  # in the dual form: s (S + λI)⁻¹ e
    beyond = [5 - base.mean_ - user, 1 - base.mean_ - user - bias["I3"]]
    rated = ["I5", "I3"]
    a = np.linalg.solve(s.loc[rated, rated] + 3 * np.eye(2), beyond)
    expected = base.mean_ + user + bias["I1"] + s.loc["I1", rated] @ a
    assert folded.predict(pair("new", "I1"))["prediction"].item() == pytest.approx(expected)


def test_fold_in_fits_only_the_users_of_the_new_ratings(monkeypatch):
    model, fitted = ContentBased(ITEMS).fit(random_ratings()), []

    def counting(matrix, *rest):
        fitted.append(matrix.shape[0])
        return ridge_rows(matrix, *rest)

    monkeypatch.setattr("helpers.recommend.content.ridge_rows", counting)
    model.fold_in(pd.DataFrame([("new", "I5", 5), ("U01", "I3", 1)], columns=COLUMNS))
    assert fitted == [2]


# ---------------------------------------------------------------- what is refused


def test_items_that_the_catalog_lacks_are_named():
    with pytest.raises(problems.TableError, match=r'catalog does not have in .* \(.*"I5"\)'):
        ContentBased(ITEMS.head(4)).fit(pd.DataFrame([("Ana", "I5", 3)], columns=COLUMNS))
    with pytest.raises(ValueError, match="numbers in one table and text in the other"):
        ContentBased(ITEMS).fit(pd.DataFrame([("Ana", 5, 3)], columns=COLUMNS))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"regularization": 0}, "regularization is above 0; got 0"),
        ({"feedback": "loud"}, "no feedback 'loud'"),
        ({"weights": {"color": 1}}, "weights"),
    ],
)
def test_bad_parameters_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        ContentBased(ITEMS, **options).fit(random_ratings())


def test_pairs_that_cannot_be_explained_are_refused():
    model = ContentBased(ITEMS).fit(random_ratings())
    with pytest.raises(ValueError, match="user 'new' is not in the training"):
        model.explain("new", "I1")
    with pytest.raises(ValueError, match='by is "feature" or "item"'):
        model.explain("U00", "I1", by="word")


def test_counts_of_nothing_are_refused():
    with pytest.raises(problems.TableError, match="no count of something"):
        ContentBased(ITEMS, feedback="implicit").fit(random_ratings().assign(rating=0))
