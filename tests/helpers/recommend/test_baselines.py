"""The three baselines, by hand."""

import pandas as pd
import pytest

from helpers.recommend.baselines import Baseline, Popularity, Random


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


def test_recent_popularity_counts_the_last_days_and_knows_what_was_seen_before():
    days = pd.to_datetime(["2025-03-01", "2025-03-02", "2025-03-05", "2025-03-08", "2025-03-09"])
    rated = RATINGS.assign(rated_at=days)
    model = Popularity(days=2).fit(rated)  # the last two: Cem's lamp and tray
    assert model.popularity_.tolist() == [1, 1, 0]
    assert model.recommend(["Ana"])["item_id"].tolist() == ["tray"]  # she has the others
    assert Popularity(days=1).fit(rated).popularity_.tolist() == [0, 1, 0]
    bought = rated.rename(columns={"rated_at": "ordered_at"})
    model = Popularity(days=100, time="ordered_at").fit(bought)
    assert model.popularity_.tolist() == Popularity().fit(RATINGS).popularity_.tolist()


@pytest.mark.parametrize(
    ("days", "message"), [(0, "days above 0"), (float("nan"), "days above 0"), (7, "rated_at")]
)
def test_recent_popularity_says_what_is_missing(days, message):
    log = RATINGS if days == 7 else RATINGS.assign(rated_at=pd.Timestamp("2025-03-01"))
    with pytest.raises(ValueError, match=message):
        Popularity(days=days).fit(log)


def test_predictions_are_kept_to_the_scale_and_scores_are_not():
    # Ana 4 2, Ben 2: without damping Ben's vase is a 0, which is off the scale of 2 to 4.
    ratings = table({("Ana", "lamp"): 4, ("Ana", "vase"): 2, ("Ben", "lamp"): 2})
    model = Baseline(item_damping=0, user_damping=1e-9, epochs=2_000).fit(ratings)
    pair = pd.DataFrame({"user_id": ["Ben"], "item_id": ["vase"]})
    assert model.predict(pair)["prediction"].item() == 2
    assert model.recommend(["Ben"])["score"].item() == pytest.approx(0, abs=1e-3)


def test_an_explanation_that_leaves_the_scale_says_so():
    ratings = table({("Ana", "lamp"): 4, ("Ana", "vase"): 2, ("Ben", "lamp"): 2})
    model = Baseline(item_damping=0, user_damping=1).fit(ratings)
    parts = model.explain("Ben", "vase")
    assert parts["contribution"].sum() == pytest.approx(2)
    assert parts["part"].iloc[-1] == "kept to the scale"
    assert parts["ratings"].tolist()[:3] == [3, 1, 1]


def test_another_seed_and_another_user_have_other_lists():
    catalog = table({(user, f"item {i:02}"): 1 for i in range(30) for user in ("Ana", "Ben")})
    first, other = (
        Random(seed).fit(catalog).recommend(["Ana", "Ben"], filter_seen=False) for seed in (1, 2)
    )
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


# ---------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"item_damping": -1}, "dampings of 0 or more"),
        ({"user_damping": float("nan")}, "dampings of 0 or more"),
        ({"epochs": 0}, "epochs is a whole number"),
        ({"epochs": 1.5}, "epochs is a whole number"),
    ],
)
def test_baseline_refuses_parameters_out_of_range(parameters, message):
    with pytest.raises(ValueError, match=message):
        Baseline(**parameters).fit(RATINGS)
