"""Neighbors by hand on a 4 × 4 table. Random tables are predicted in test_ties.py."""

from math import sqrt

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from helpers.data import problems
from helpers.recommend.baselines import Baseline
from helpers.recommend.neighbors import ItemKNN, UserKNN

nan = np.nan
USERS, ITEMS = ["Ana", "Ben", "Cem", "Dora"], ["desk", "lamp", "rug", "vase"]
R = [
    # desk lamp rug vase
    [4, 5, nan, 3],  # Ana
    [nan, 4, 4, 2],  # Ben
    [4, 1, 2, 5],  # Cem
    [3, 3, 5, nan],  # Dora
]
# Mean squared differences: Ana and Ben (1 + 1) / 2, Ana and Cem (0 + 16 + 4) / 3, Ana and Dora
# (1 + 4) / 2. Similarities 1 / (1 + msd): 1/2, 3/23, 2/7. The two nearest who rated the rug are Ben
# (4 stars) and Dora (5); weights sum to 1/2 + 2/7 = 11/14.
# Rug and desk (4 + 4) / 2, rug and lamp (0 + 1 + 4) / 3, rug and vase (4 + 9) / 2: similarities
# 1/5, 3/8, 2/15. Ana's two nearest items are lamp (5) and desk (4); weights sum to 23/40.

both = pytest.mark.parametrize("model", [UserKNN, ItemKNN])
both_kinds = pytest.mark.parametrize(
    "model",
    [
        UserKNN(similarity="msd"),
        ItemKNN(similarity="msd"),
        UserKNN(similarity="jaccard", feedback="implicit"),
        ItemKNN(similarity="full_cosine", feedback="implicit"),
    ],
    ids=lambda model: f"{type(model).__name__} {model.feedback}",
)
every_center = pytest.mark.parametrize("center", [None, "mean", "zscore", "baseline"])


def table(matrix=R, users=USERS, items=ITEMS):
    """Ratings as a table, one row per rating."""
    matrix = np.array(matrix, float)
    u, i = np.nonzero(~np.isnan(matrix))
    rated = {"user_id": np.array(users)[u], "item_id": np.array(items)[i], "rating": matrix[u, i]}
    return pd.DataFrame(rated)


def one(model, user, item):
    """The prediction and the fallback of one pair."""
    row = model.predict(pd.DataFrame({"user_id": [user], "item_id": [item]})).iloc[0]
    return row["prediction"], row["fallback"]


def estimate(model, user="Ana", item="rug"):
    """The prediction of a pair, which is no fallback, before it is kept to the scale."""
    lists = model.recommend([user], k=99, filter_seen=False).set_index("item_id")
    return lists.loc[item, "score"]


# ---------------------------------------------------------------- by hand


def test_plain_means_by_hand():
    # Ben and Dora: (1/2·4 + 2/7·5) / (11/14) = (24/7) / (11/14).
    user_based = UserKNN(k=2, similarity="msd", center=None).fit(table())
    assert one(user_based, "Ana", "rug") == (pytest.approx(48 / 11), False)
    # Lamp and desk: (3/8·5 + 1/5·4) / (23/40) = (107/40) / (23/40).
    item_based = ItemKNN(k=2, similarity="msd", center=None).fit(table())
    assert one(item_based, "Ana", "rug") == (pytest.approx(107 / 23), False)


def test_mean_centered_by_hand():
    # Means: Ana 4, Ben 10/3, Dora 11/3. 4 + (1/2·2/3 + 2/7·4/3) / (11/14) = 4 + (15/21) / (11/14).
    user_based = UserKNN(k=2, similarity="msd", center="mean").fit(table())
    assert one(user_based, "Ana", "rug") == (pytest.approx(4 + 10 / 11), False)
    # Means: rug 11/3, lamp 13/4, desk 11/3.
    # 11/3 + (3/8·7/4 + 1/5·1/3) / (23/40) = 11/3 + (347/480) / (23/40).
    item_based = ItemKNN(k=2, similarity="msd", center="mean").fit(table())
    assert one(item_based, "Ana", "rug") == (pytest.approx(11 / 3 + 347 / 276), False)


def test_z_scores_by_hand():
    # Ana's deviations 0 1 -1: σ = √(2/3). Ben's, in thirds, 2 2 -4 and Dora's -2 -2 4: σ = √(8/9).
    # z of Ben (2/3) / √(8/9) = 1/√2, of Dora (4/3) / √(8/9) = √2.
    z = (1 / 2 / sqrt(2) + 2 / 7 * sqrt(2)) / (11 / 14)
    user_based = UserKNN(k=2, similarity="msd", center="zscore").fit(table())
    assert one(user_based, "Ana", "rug") == (pytest.approx(4 + sqrt(2 / 3) * z), False)
    # Rug 1 -5 4 (thirds): σ = √14/3. Lamp 7 3 -9 -1 (quarters): √35/4. Desk 1 1 -2 (thirds): √2/3.
    z = (3 / 8 * (7 / 4) / (sqrt(35) / 4) + 1 / 5 * (1 / 3) / (sqrt(2) / 3)) / (23 / 40)
    item_based = ItemKNN(k=2, similarity="msd", center="zscore").fit(table())
    assert one(item_based, "Ana", "rug")[0] == pytest.approx(11 / 3 + sqrt(14) / 3 * z)


def test_baselines_by_hand():
    baseline = Baseline().fit(table())

    def b(user, item):
        u, i = USERS.index(user), ITEMS.index(item)
        return baseline.mean_ + baseline.user_bias_[u] + baseline.item_bias_[i]

    # As mean-centered, but what is expected is b_ui, of both.
    deviations = 1 / 2 * (4 - b("Ben", "rug")) + 2 / 7 * (5 - b("Dora", "rug"))
    user_based = UserKNN(k=2, similarity="msd", center="baseline").fit(table())
    assert estimate(user_based) == pytest.approx(b("Ana", "rug") + deviations / (11 / 14))
    deviations = 3 / 8 * (5 - b("Ana", "lamp")) + 1 / 5 * (4 - b("Ana", "desk"))
    item_based = ItemKNN(k=2, similarity="msd", center="baseline").fit(table())
    assert estimate(item_based) == pytest.approx(b("Ana", "rug") + deviations / (23 / 40))


@both
def test_a_baseline_of_ones_own(model):
    mine = Baseline(item_damping=1, user_damping=2)
    fitted = model(similarity="msd", center="baseline", baseline=mine).fit(table())
    assert not hasattr(mine, "mean_")  # a copy is fitted
    expected = mine.fit(table()).predict(pd.DataFrame({"user_id": ["Eli"], "item_id": ["rug"]}))
    assert one(fitted, "Eli", "rug") == (pytest.approx(expected["prediction"][0]), True)
    default = model(similarity="msd", center="baseline").fit(table())
    assert one(fitted, "Ana", "rug")[0] != pytest.approx(one(default, "Ana", "rug")[0])


def test_the_worked_case_of_lessons_05_and_06():
    # 3.194 = (0.997·4 + 0.673·2) / (0.997 + 0.673): Ben and Cem by co-rated cosine with Ana.
    # Rug and lamp, over Ben and Cem: 18 / (√20 √17), rug and vase: 18 / (√20 √29).
    ratings = table([[5, 3, nan], [4, 2, 4], [1, 5, 2]])
    cosine = {"similarity": "cosine", "center": None}
    assert one(UserKNN(**cosine).fit(ratings), "Ana", "rug")[0] == pytest.approx(3.194, abs=5e-4)
    a, b = 18 / sqrt(20 * 17), 18 / sqrt(20 * 29)
    assert (5 * a + 3 * b) / (a + b) == pytest.approx(4.133, abs=5e-4)
    assert one(ItemKNN(**cosine).fit(ratings), "Ana", "rug")[0] == pytest.approx(4.133, abs=5e-4)


def test_negative_neighbors_by_hand():
    # Pearson with Ana: Ben, over lamp and vase, +1. Cem, over all three, deviates by 2 -7 5 thirds
    # where Ana does by 0 1 -1: (-7 - 5) / (√2 √78). Dora gave desk and lamp alike and has no
    # correlation. The means are 4, 10/3 and 3.
    s = -12 / sqrt(2 * 78)
    pearson = {"similarity": "pearson", "center": "mean"}
    model = UserKNN(min_sim=-1, **pearson).fit(table())
    assert estimate(model) == pytest.approx(4 + (1 * 2 / 3 + s * (2 - 3)) / (1 - s))
    assert estimate(UserKNN(**pearson).fit(table())) == pytest.approx(4 + 2 / 3)  # Ben alone


def test_damping_and_cap_by_hand():
    # λ = 1: Ben shares 2 items, Dora 2, Cem 3: 1/2·2/3, 2/7·2/3, 3/23·3/4.
    ratings, plain = table(), {"similarity": "msd", "center": None}
    weights = np.array([1 / 2 * 2 / 3, 3 / 23 * 3 / 4, 2 / 7 * 2 / 3])
    damped = UserKNN(damping=1, **plain).fit(ratings)
    assert one(damped, "Ana", "rug")[0] == pytest.approx(weights @ [4, 2, 5] / weights.sum())
    # Cap 3: factors 2/3, 1, 2/3.
    weights = np.array([1 / 2 * 2 / 3, 3 / 23, 2 / 7 * 2 / 3])
    capped = UserKNN(cap=3, **plain).fit(ratings)
    assert one(capped, "Ana", "rug")[0] == pytest.approx(weights @ [4, 2, 5] / weights.sum())


def test_min_sim_is_asked_before_the_cut():
    # From 0.2 on Ben and Dora are left, from 0.4 on Ben, from 0.6 on nobody.
    for min_sim, expected in [(0.2, 48 / 11), (0.4, 4)]:
        model = UserKNN(similarity="msd", center=None, min_sim=min_sim).fit(table())
        assert one(model, "Ana", "rug") == (pytest.approx(expected), False)
    nobody = UserKNN(similarity="msd", center=None, min_sim=0.6).fit(table())
    assert one(nobody, "Ana", "rug") == (one(Baseline().fit(table()), "Ana", "rug")[0], True)


# ---------------------------------------------------------------- implicit feedback

BOUGHT = [
    # desk lamp rug vase
    [2, 1, nan, nan],  # Ana
    [nan, 1, 1, nan],  # Ben
    [1, nan, 1, 1],  # Cem
    [nan, nan, nan, 1],  # Dora
]


def test_item_based_scores_by_hand():
    # Jaccard: desk and lamp 1/3, desk and rug 1/3, desk and vase 1/3, lamp and rug 1/3,
    # lamp and vase 0, rug and vase 1/3. Ana has 2 desks and a lamp: rug 2·1/3 + 1/3, vase 2·1/3.
    model = ItemKNN(similarity="jaccard", feedback="implicit").fit(table(BOUGHT))
    lists = model.recommend(["Ana"])
    assert lists["item_id"].tolist() == ["rug", "vase"]
    assert lists["score"].tolist() == pytest.approx([1, 2 / 3])
    assert one(model, "Ana", "rug") == (pytest.approx(1), False)


def test_the_neighborhood_is_that_of_the_item_one_has():
    # Desk and lamp share 1 of their 2 and 3 buyers, lamp and rug 2 of 3 and 2. So the nearest of
    # the desk is the lamp, but that of the lamp is the rug. Dora has a desk and is shown the lamp.
    bought = table([[1, 1, nan], [nan, 1, 1], [nan, 1, 1], [1, nan, nan]])
    model = ItemKNN(k=1, similarity="full_cosine", feedback="implicit").fit(bought)
    lists = model.recommend(["Dora"])
    assert lists["item_id"].tolist() == ["lamp"]
    assert lists["score"].tolist() == [pytest.approx(1 / sqrt(2 * 3))]


def test_user_based_scores_by_hand():
    # Jaccard with Ana: Ben 1/3 (lamp of three), Cem 1/4 (desk of four), Dora 0.
    # Rug: 1/3·1 + 1/4·1, vase: 1/4·1. With k = 1 only Ben is asked, who has no vase.
    model = UserKNN(similarity="jaccard", feedback="implicit").fit(table(BOUGHT))
    scores = model.recommend(["Ana"]).set_index("item_id")["score"]
    assert scores.to_dict() == {"rug": pytest.approx(7 / 12), "vase": pytest.approx(1 / 4)}
    scores = model.set_params(k=1).fit(table(BOUGHT)).recommend(["Ana"]).set_index("item_id")
    assert scores["score"].to_dict() == {"rug": pytest.approx(1 / 3)}


def test_no_opinion_is_a_score_of_0_and_a_fallback():
    model = UserKNN(k=1, similarity="jaccard", feedback="implicit").fit(table(BOUGHT))
    assert one(model, "Ana", "vase") == (0, True)
    assert one(model, "nobody", "vase") == (0, True)
    assert one(model, "Ana", "nothing") == (0, True)


# ---------------------------------------------------------------- reasons


def some_ratings(users=40, items=30, share=0.3, random_state=0):
    """Random ratings, finely graded, so that nothing ties."""
    rng = np.random.default_rng(random_state)
    matrix = np.where(rng.random((users, items)) < share, rng.uniform(1, 5, (users, items)), nan)
    matrix[1, :2] = 1, 5  # the ends of the scale
    return table(matrix, [f"u{u:02}" for u in range(users)], [f"i{i:02}" for i in range(items)])


@both
@every_center
def test_an_explanation_sums_to_the_prediction(model, center):
    knn = model(k=4, similarity="msd", center=center).fit(some_ratings())
    pairs = pd.MultiIndex.from_product([[*knn.users_[:5], "who?"], [*knn.items_[:5], "what?"]])
    found = knn.predict(pairs.to_frame(name=["user_id", "item_id"], index=False))
    for row in found.itertuples():
        parts = knn.explain(row.user_id, row.item_id)
        assert parts["contribution"].sum() == pytest.approx(row.prediction)


def test_an_explanation_by_hand():
    # 4 + (1/2·2/3 + 2/7·4/3) / (11/14): weights 7/11 and 4/11.
    parts = UserKNN(k=2, similarity="msd", center="mean").fit(table()).explain("Ana", "rug")
    assert parts["part"].tolist() == ["mean of user Ana", "user Ben", "user Dora"]
    assert parts["neighbor"].tolist()[1:] == ["Ben", "Dora"]
    assert parts["rating"].tolist()[1:] == [4, 5]
    expected = {
        "similarity": [1 / 2, 2 / 7],
        "weight": [7 / 11, 4 / 11],
        "deviation": [2 / 3, 4 / 3],
        "contribution": [14 / 33, 16 / 33],
    }
    for column, values in expected.items():
        assert parts[column].tolist()[1:] == pytest.approx(values), column
    assert parts["contribution"][0] == 4


def test_an_explanation_of_a_fallback_is_that_of_the_baseline():
    model = UserKNN(min_sim=0.9999).fit(some_ratings())
    parts = model.explain("u00", "what?")
    pd.testing.assert_frame_equal(parts, Baseline().fit(some_ratings()).explain("u00", "what?"))


@both_kinds
def test_numbers_as_ids_stay_whole_in_an_explanation(model):
    ratings = table(R, [10, 20, 30, 40], [1, 2, 3, 4])
    neighbors = clone(model).fit(ratings).explain(10, 3)["neighbor"].dropna()
    assert len(neighbors)
    assert all(isinstance(neighbor, int) for neighbor in neighbors)


@both
def test_an_explanation_of_a_score_by_hand(model):
    # Ana's rug. Items: 2 desks and a lamp, by 1/3 each. Users: Ben by 1/3, Cem by 1/4, a rug each.
    knn = model(similarity="jaccard", feedback="implicit").fit(table(BOUGHT))
    parts = knn.explain("Ana", "rug")
    expected = {
        UserKNN: (["user Ben", "user Cem"], [1, 1], [1 / 3, 1 / 4]),
        ItemKNN: (["item desk", "item lamp"], [2, 1], [2 / 3, 1 / 3]),
    }
    part, rating, contribution = expected[model]
    assert parts["part"].tolist() == part
    assert parts["rating"].tolist() == rating
    assert parts["contribution"].tolist() == pytest.approx(contribution)
    assert knn.explain("Ana", "what?").empty


def test_similar_items_by_hand():
    # Rug: lamp 3/8, desk 1/5, vase 2/15.
    for model in (ItemKNN(similarity="msd"), ItemKNN(similarity="msd", min_sim=0.15)):
        alike = model.fit(table()).similar_items("rug", k=2)
        assert alike["item_id"].tolist() == ["lamp", "desk"]
        assert alike["similarity"].tolist() == pytest.approx([3 / 8, 1 / 5])
    assert len(model.similar_items("rug")) == 2
    assert not hasattr(UserKNN(), "similar_items")


# ---------------------------------------------------------------- new ratings


@pytest.mark.parametrize("center", [None, "mean", "zscore"])
def test_users_folded_in_are_predicted_as_if_they_had_been_there(center):
    # Means, spreads and similarities are each user's own; only the biases of items would differ.
    ratings = some_ratings()
    new = ratings["user_id"] >= "u35"
    model = UserKNN(k=5, similarity="msd", center=center)
    folded = clone(model).fit(ratings[~new]).fold_in(ratings[new]).recommend()
    refit = clone(model).fit(ratings).recommend()
    pd.testing.assert_frame_equal(folded, refit)


def test_items_stay_as_alike_as_they_were():
    ratings = some_ratings()
    new = ratings["user_id"] == "u39"
    model = ItemKNN(similarity="msd", center="mean").fit(ratings[~new])
    folded = model.fold_in(ratings[new])
    pd.testing.assert_frame_equal(folded.similar_items("i03"), model.similar_items("i03"))
    # The newcomer's list follows from the items' means and similarities of the training.
    item = folded.recommend(["u39"], k=1)["item_id"][0]
    parts = folded.explain("u39", item)
    before = ratings[~new & (ratings["item_id"] == item)]["rating"].mean()
    assert parts["contribution"][0] == pytest.approx(before)
    s = model.similar_items(item, k=99).set_index("item_id")["similarity"]
    found = parts.dropna(subset="neighbor").set_index("neighbor")
    assert set(found.index) <= set(ratings[new]["item_id"])
    np.testing.assert_allclose(found["similarity"], s[found.index])


def test_a_fallback_after_folding_in_knows_the_new_user():
    generous = pd.DataFrame({"user_id": "new", "item_id": ["desk", "lamp"], "rating": [5.0, 5.0]})
    model = UserKNN(min_sim=0.9999).fit(table())
    folded = model.fold_in(generous)
    assert one(folded, "new", "vase")[1]
    assert one(folded, "new", "vase")[0] > one(model, "new", "vase")[0]


# ---------------------------------------------------------------- bad and odd input


@both
@every_center
def test_who_rates_everything_alike_is_no_trouble(model, center):
    ratings = table([[3.3, 3.3, nan, 3.3], [1, 5, 2, nan], [2, 4, 3, 1], [nan, 3.3, 3.3, 3.3]])
    knn = model(similarity="msd", center=center).fit(ratings)
    pairs = ratings.drop(columns="rating")
    assert np.isfinite(knn.predict(pairs)["prediction"]).all()
    all_alike = ratings.assign(rating=4.1)
    assert knn.fit(all_alike).predict(pairs)["prediction"].tolist() == [4.1] * len(pairs)
    assert one(model(similarity="pearson", center=center).fit(all_alike), "Ana", "rug") == (
        pytest.approx(4.1),
        True,
    )


@both
@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"k": 0}, "k is a whole number"),
        ({"min_k": 0}, "min_k is a whole number"),
        ({"k": 3, "min_k": 4}, "min_k=4"),
        ({"similarity": "euclid"}, 'no measure "euclid"'),
        ({"center": "median"}, "center is one of"),
        ({"damping": -1}, "damping=-1"),
        ({"feedback": "clicks"}, "no feedback 'clicks'"),
        ({"center": None, "min_sim": -0.5}, "never mix negative"),
        (
            {"feedback": "implicit", "similarity": "pearson"},
            '"pearson" looks at how much.*full_cosine',
        ),
    ],
)
def test_parameters_that_make_no_sense_are_refused(model, parameters, message):
    with pytest.raises(ValueError, match=message):
        model(**parameters).fit(table())


@both
def test_counts_of_nothing_are_refused(model):
    counts = table(BOUGHT)
    counts.loc[1, "rating"] = 0
    with pytest.raises(problems.TableError, match="no count of something that happened"):
        model(similarity="jaccard", feedback="implicit").fit(counts)
