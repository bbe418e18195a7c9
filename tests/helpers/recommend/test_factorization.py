"""Matrix factorization by hand, against plain loops, and against planted truth."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import Ridge

from helpers.evaluation.metrics import rmse
from helpers.recommend.factorization import MatrixFactorization, independent_rounds
from helpers.recommend.implicit import ImplicitALS
from helpers.similarity.ratings import rating_matrix

MODELS = [
    MatrixFactorization(factors=3),
    MatrixFactorization(factors=3, regularization=3, per="vector"),
    MatrixFactorization(factors=3, solver="sgd"),
    ImplicitALS(factors=3, regularization=1),
]
each_model = pytest.mark.parametrize("model", MODELS, ids=["als", "per vector", "sgd", "implicit"])


def table(matrix, users="ABCDEFGH", items="stuvwxyz") -> pd.DataFrame:
    """Return the ratings of a matrix with NaN where there is none."""
    matrix = np.asarray(matrix, float)
    u, i = np.nonzero(~np.isnan(matrix))
    return pd.DataFrame(
        {"user_id": np.array([*users])[u], "item_id": np.array([*items])[i], "rating": matrix[u, i]}
    )


def drawn(seed=0, users=30, items=12, share=0.5) -> pd.DataFrame:
    """Return ratings that two planted factors explain but for a little noise."""
    rng = np.random.default_rng(seed)
    taste = rng.normal(size=(users, 2)) @ rng.normal(size=(2, items))
    rating = np.clip(np.round(3 + taste + rng.normal(0, 0.3, taste.shape)), 1, 5)
    u, i = np.nonzero(rng.random(rating.shape) < share)
    return pd.DataFrame({"user_id": u, "item_id": i, "rating": rating[u, i]})


def planted(model, item_factors, item_bias=0.0):
    """Return a model of one user A who rated items s, t, … 5, 1, 5, 1, …, its item side given."""
    items = len(item_factors)
    model.fit(table([[5, 1] * (items // 2)]))
    model.item_factors_ = np.array(item_factors, float)
    model.item_bias_ = np.full(items, item_bias)
    return model


# ---------------------------------------------------------------- explicit: by hand


def test_a_user_by_hand():
    # μ = 3, q = 1 and -1, b_i = 0. Rows (1, q): (1, 1), (1, -1), so QᵀQ = 2 I, and λ |I_u| = 1 · 2.
    # r − μ = (2, -2): Qᵀ(2, -2) = (0, 4). b_u = 0 / 4 = 0, p_u = 4 / 4 = 1.
    model = planted(MatrixFactorization(factors=1, regularization=1), [[1], [-1]])
    folded = model.fold_in(table([[5, 1]], users="N"))
    assert folded.user_bias_[1] == pytest.approx(0)
    assert folded.user_factors_[1] == pytest.approx([1])
    pairs = pd.DataFrame({"user_id": "N", "item_id": ["s", "t"]})
    assert folded.predict(pairs)["prediction"].tolist() == pytest.approx([4, 2])


def test_a_user_with_one_rating_by_hand():
    # μ = 3, b_i = 0.5, q = 2, r = 5: r − μ − b_i = 1.5 and the row is (1, 2). With λ |I_u| = 1 · 1,
    # the solution is (1, 2) · 1.5 / (1 + 4 + 1) = (0.25, 0.5): 3 + 0.25 + 0.5 + 2 · 0.5 = 4.75.
    model = planted(MatrixFactorization(factors=1, regularization=1), [[2], [0]], item_bias=0.5)
    folded = model.fold_in(table([[5]], users="N"))
    assert [folded.user_bias_[1], *folded.user_factors_[1]] == pytest.approx([0.25, 0.5])
    explained = folded.explain("N", "s")
    assert explained["contribution"].tolist() == pytest.approx([3, 0.25, 0.5, 1])
    assert explained["part"].tolist() == ["mean of all ratings", "user N", "item s", "factor 1"]
    assert explained.iloc[3][["user", "item"]].tolist() == pytest.approx([0.5, 2])


def test_lambda_per_vector_by_hand():
    # μ = 3, q = 1 and -1, b_i = 0, λ = 4. From 5 and 1, QᵀQ = 2 I: p = 4 / (2 + 4) = 2 / 3. From
    # the 5 alone, the row (1, 1) and r − μ = 2: (1, 1) · 2 / (2 + 4), so p = 1 / 3.
    model = MatrixFactorization(factors=1, regularization=4, per="vector")
    model = planted(model, [[1], [-1]])
    for ratings, p in ([[5, 1]], 2 / 3), ([[5]], 1 / 3):
        folded = model.fold_in(table(ratings, users="N"))
        assert folded.user_factors_[1] == pytest.approx([p])


def test_lists_do_not_consist_of_items_with_a_single_rater():
    # 40 items with about 40 raters, 200 with one; the quality of both varies alike. An item that is
    # known well should win a place over one that a single user liked: λ per rating fails here.
    rng = np.random.default_rng(0)
    rated = np.zeros((200, 240), bool)
    rated[:, :40] = rng.random((200, 40)) < 0.2
    rated[rng.integers(0, 200, 200), np.arange(40, 240)] = True
    stars = np.clip(np.round(3 + rng.normal(0, 0.5, 240) + rng.normal(0, 1, rated.shape)), 1, 5)
    u, i = np.nonzero(rated)
    ratings = pd.DataFrame({"user_id": u, "item_id": i, "rating": stars[u, i]})
    share = {
        per: (MatrixFactorization(8, lam, per=per).fit(ratings).recommend()["item_id"] >= 40).mean()
        for per, lam in (("rating", 0.2), ("vector", 12))
    }
    assert share["rating"] > 0.9
    assert share["vector"] < 0.05


def test_one_step_down_by_hand():
    # r̂ = 3 + 0.5 + 0 + 1 · 0.5 = 4, e = 1. With γ = 0.1, λ = 0.2:
    # b_u = 0.5 + 0.1 (1 − 0.1) = 0.59    b_i = 0 + 0.1 · 1 = 0.1
    # p = 1 + 0.1 (0.5 − 0.2) = 1.03      q = 0.5 + 0.1 (1 − 0.1) = 0.59, with the p of before
    model = MatrixFactorization(factors=1, regularization=0.2, learning_rate=0.1)
    model.mean_, model.user_bias_, model.item_bias_ = 3.0, np.array([0.5]), np.array([0.0])
    model.user_factors_, model.item_factors_ = np.array([[1.0]]), np.array([[0.5]])
    model._step(np.array([0]), np.array([0]), np.array([5.0]))
    found = [model.user_bias_, model.item_bias_, model.user_factors_, model.item_factors_]
    assert [value.item() for value in found] == pytest.approx([0.59, 0.1, 1.03, 0.59])


def test_similar_items_by_hand():
    # Cosines with (3, 4): (6, 8) 1, (4, 3) 24/25, (-3, -4) -1.
    model = planted(MatrixFactorization(factors=2), [[3, 4], [-3, -4], [4, 3], [6, 8]])
    similar = model.similar_items("s")
    assert similar["item_id"].tolist() == ["v", "u", "t"]
    assert similar["similarity"].tolist() == pytest.approx([1, 0.96, -1])


# ---------------------------------------------------------------- explicit: the two solvers


def objective(model, ratings) -> float:
    """Return Σ (r − r̂)² and the penalty, one rating after the other."""
    total = 0.0
    times = {name: ratings.groupby(name).size() for name in ("user_id", "item_id")}
    for user, item, r in ratings[["user_id", "item_id", "rating"]].itertuples(index=False):
        u, i = model.users_.get_loc(user), model.items_.get_loc(item)
        p, q = model.user_factors_[u], model.item_factors_[i]
        b_u, b_i = model.user_bias_[u], model.item_bias_[i]
        error = r - (model.mean_ + b_u + b_i + p @ q)
        n_u, n_i = times["user_id"][user], times["item_id"][item]
        if model.per == "rating":
            n_u = n_i = 1
        penalty = (b_u**2 + p @ p) / n_u + (b_i**2 + q @ q) / n_i
        total += error**2 + model.regularization * penalty
    return total


THREE_WAYS = pytest.mark.parametrize(
    "options", [{}, {"per": "vector", "regularization": 3}, {"solver": "sgd"}]
)


@THREE_WAYS
def test_the_objective(options):
    ratings = drawn()
    model = MatrixFactorization(factors=2, **options).fit(ratings)
    assert model.objective() == pytest.approx(objective(model, ratings))


@pytest.mark.parametrize(("per", "lam"), [("rating", 0.2), ("vector", 3)])
def test_alternating_never_raises_the_objective(per, lam):
    ratings = drawn()
    reached = [
        MatrixFactorization(3, lam, epochs=n, per=per).fit(ratings).objective()
        for n in range(1, 12)
    ]
    assert (np.diff(reached) < 0).all()


def test_lambda_per_vector_is_a_plain_ridge_regression():
    # Each user against scikit-learn, with the items fixed; the bias is a feature that is 1.
    ratings = drawn()
    model = MatrixFactorization(factors=2, regularization=3, per="vector").fit(ratings)
    for user, theirs in ratings.groupby("user_id"):
        items = model.items_.get_indexer(theirs["item_id"])
        rows = np.column_stack([np.ones(len(items)), model.item_factors_[items]])
        target = theirs["rating"] - model.mean_ - model.item_bias_[items]
        found = Ridge(alpha=3, fit_intercept=False).fit(rows, target).coef_
        u = model.users_.get_loc(user)
        assert [model.user_bias_[u], *model.user_factors_[u]] == pytest.approx(found.tolist())


def test_descent_is_one_rating_after_the_other():
    ratings = drawn()
    model = MatrixFactorization(factors=4, epochs=3, solver="sgd").fit(ratings)

    rng = np.random.default_rng(0)  # as a plain loop in the same order, from the same start
    u, i, r = (ratings[name].to_numpy() for name in ("user_id", "item_id", "rating"))
    b_u, b_i, mu = np.zeros(30), np.zeros(12), r.mean()
    P, Q = rng.normal(0, 0.1, (30, 4)), rng.normal(0, 0.1, (12, 4))
    rounds = independent_rounds(u, i, rng)
    rate, lam = model.learning_rate, model.regularization
    for _ in range(3):
        for n in np.concatenate([rounds[k] for k in rng.permutation(len(rounds))]):
            p, q = P[u[n]].copy(), Q[i[n]].copy()
            e = r[n] - (mu + b_u[u[n]] + b_i[i[n]] + p @ q)
            b_u[u[n]] += rate * (e - lam * b_u[u[n]])
            b_i[i[n]] += rate * (e - lam * b_i[i[n]])
            P[u[n]] += rate * (e * q - lam * p)
            Q[i[n]] += rate * (e * p - lam * q)
    np.testing.assert_allclose(model.user_bias_, b_u, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(model.item_bias_, b_i, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(model.user_factors_, P, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(model.item_factors_, Q, rtol=1e-9, atol=1e-12)


@given(st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1), st.integers(0, 9))
def test_rounds_repeat_no_user_and_no_item_and_lose_no_rating(pairs, seed):
    users, items = np.array(sorted(pairs)).T
    rounds = independent_rounds(users, items, np.random.default_rng(seed))
    for part in rounds:
        assert len({*users[part]}) == len({*items[part]}) == len(part)
    assert sorted(np.concatenate(rounds)) == list(range(len(users)))


@pytest.mark.parametrize("solver", ["als", "sgd"])
def test_planted_factors_are_found(solver):
    # Rank 2 and no noise; two fifths of the cells are missing, and have to be found again.
    rng = np.random.default_rng(3)
    truth = rng.normal(size=(60, 2)) @ rng.normal(size=(2, 40))
    u, i = np.indices(truth.shape).reshape(2, -1)
    cells = pd.DataFrame({"user_id": u, "item_id": i, "rating": truth[u, i]})
    missing = rng.random(len(cells)) < 0.4
    train, test = cells[~missing], cells[missing]
    epochs = {"als": 50, "sgd": 400}[solver]
    model = MatrixFactorization(2, 1e-4, epochs, solver=solver, learning_rate=0.02).fit(train)
    assert truth.std() > 1
    assert rmse(model.predict(test)) < 0.05


# ---------------------------------------------------------------- implicit


def test_an_implicit_user_by_hand():
    # Y = (1, 2), λ = 1, α = 2. N took t three times: c = (1, 1 + 2 · 3) = (1, 7), p = (0, 1).
    # x = Σ c p y / (Σ c y² + λ) = 7 · 1 · 2 / (1 · 1 + 7 · 4 + 1) = 14 / 30.
    model = planted(ImplicitALS(factors=1, regularization=1, alpha=2), [[1], [2]])
    folded = model.fold_in(pd.DataFrame({"user_id": ["N"], "item_id": ["t"], "rating": [3]}))
    assert folded.user_factors_[1] == pytest.approx([14 / 30])
    # s_st = y_s W y_t = 1 · (1 / 30) · 2, and c = 7: the score of s is 14 / 30.
    explained = folded.explain("N", "s")
    assert explained.to_numpy().tolist() == [
        ["t", 3, 7, pytest.approx(2 / 30), pytest.approx(14 / 30)]
    ]
    pair = pd.DataFrame({"user_id": ["N"], "item_id": ["s"]})
    assert folded.predict(pair)["prediction"].item() == pytest.approx(14 / 30)


def implicit_objective(model, interactions) -> float:
    """Return the sum over all cells, dense."""
    r = rating_matrix(interactions).ratings.toarray()
    x, y = model.user_factors_, model.item_factors_
    error = (r > 0) - x @ y.T
    return ((1 + model.alpha * r) * error**2).sum() + model.regularization * (
        (x**2).sum() + (y**2).sum()
    )


def test_the_implicit_objective_is_over_all_cells():
    counts = drawn()
    model = ImplicitALS(factors=3, regularization=1).fit(counts)
    assert model.objective() == pytest.approx(implicit_objective(model, counts))


def test_zero_times_is_the_same_as_never():
    counts = drawn()
    seen, unseen = counts.copy(), counts[counts["rating"] > 1]
    seen["rating"] = seen["rating"].where(seen["rating"] > 1, 0)
    one, other = (
        ImplicitALS(factors=3, regularization=1).fit(seen),
        ImplicitALS(factors=3, regularization=1).fit(unseen),
    )
    pairs = unseen[["user_id", "item_id"]]
    np.testing.assert_allclose(
        one.predict(pairs)["prediction"], other.predict(pairs)["prediction"], rtol=1e-5
    )


def test_negative_counts_are_refused():
    counts = table([[1, -2], [1, 1]])
    with pytest.raises(ValueError, match="-2 is negative"):
        ImplicitALS().fit(counts)
    model = ImplicitALS().fit(table([[1, 2], [1, 1]]))
    with pytest.raises(ValueError, match="-2 is negative"):
        model.fold_in(counts)


# ---------------------------------------------------------------- what holds for all


@each_model
def test_the_seed_decides(model):
    ratings = drawn()
    first = model.fit(ratings).user_factors_
    other = model.__class__(**{**model.get_params(), "random_state": 1}).fit(ratings)
    assert (other.user_factors_ != first).any()


@each_model
def test_folding_in_is_one_more_step_of_the_users(model):
    ratings = drawn()
    model.fit(ratings)
    folded = model.fold_in(ratings[ratings["user_id"] < 20])
    if isinstance(model, MatrixFactorization):
        side = model.item_bias_, model.item_factors_
        bias, factors = model._solve(model.ratings_, *side)
        np.testing.assert_allclose(folded.user_bias_[:20], bias[:20], rtol=1e-9, atol=1e-12)
    else:
        factors = model._solve(model.ratings_, model.item_factors_)
    np.testing.assert_allclose(folded.user_factors_[:20], factors[:20], rtol=1e-9, atol=1e-12)
    np.testing.assert_array_equal(folded.user_factors_[20:], model.user_factors_[20:])


@each_model
def test_folding_in_replaces_a_rating(model):
    ratings = drawn()
    pair = ratings.iloc[[0]]
    score = [
        model.fit(ratings).fold_in(pair.assign(rating=r)).predict(pair)["prediction"].item()
        for r in (1, 5)
    ]
    assert score[0] < score[1]


@pytest.mark.parametrize("solver", ["als", "sgd"])
def test_unknown_users_and_items_fall_back_to_what_is_known(solver):
    model = MatrixFactorization(factors=2, solver=solver).fit(drawn())
    pairs = pd.DataFrame({"user_id": [0, 0, 99, 99], "item_id": [0, 77, 0, 77]})
    found = model.predict(pairs)
    assert found["fallback"].tolist() == [False, True, True, True]
    expected = np.array([model.user_bias_[0], model.item_bias_[0], 0]) + model.mean_
    assert found["prediction"].tolist()[1:] == pytest.approx(expected.tolist())


def test_an_implicit_model_has_no_reasons_for_the_unknown():
    model = ImplicitALS(factors=2).fit(drawn())
    with pytest.raises(ValueError, match="user 99 is not in the training"):
        model.explain(99, 0)
    with pytest.raises(ValueError, match="item 77 is not in the training"):
        model.explain(0, 77)


def test_constant_ratings_have_no_factors():
    model = MatrixFactorization(factors=2).fit(table([[4, 4], [4, np.nan]]))
    assert model.predict(table([[4, 4]]))["prediction"].tolist() == [4, 4]
    np.testing.assert_allclose(model.user_factors_, 0, atol=1e-12)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (MatrixFactorization(factors=0), "factors is a whole number"),
        (MatrixFactorization(epochs=1.5), "epochs is a whole number"),
        (MatrixFactorization(regularization=0), "regularization is a number above 0"),
        (MatrixFactorization(learning_rate=-1), "learning_rate is a number above 0"),
        (MatrixFactorization(solver="svd"), 'solver is "als" or "sgd"'),
        (MatrixFactorization(per="user"), 'per is "rating" or "vector"'),
        (MatrixFactorization(per="vector", solver="sgd"), 'per="vector" needs solver="als"'),
        (ImplicitALS(alpha=0), "alpha is a number above 0"),
        (ImplicitALS(regularization=np.nan), "regularization is a number above 0"),
    ],
)
def test_parameters_out_of_range(model, message):
    with pytest.raises(ValueError, match=message):
        model.fit(drawn())


def test_steps_that_are_too_long_are_refused():
    with pytest.raises(ValueError, match=r"grow without end. Choose a learning_rate below 0\.5"):
        MatrixFactorization(solver="sgd", learning_rate=0.5).fit(drawn())
