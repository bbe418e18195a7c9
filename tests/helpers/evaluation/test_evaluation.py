"""Splits and metrics by hand; properties; and the metrics against a plain loop over users."""

import math
import warnings

import numpy as np
import pandas as pd
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import BaseEstimator
from sklearn.metrics import label_ranking_average_precision_score, ndcg_score

from helpers import evaluation
from helpers.data.problems import TableError
from helpers.evaluation import comparison, metrics
from helpers.evaluation.metrics import catalog_coverage
from helpers.recommend.baselines import Baseline


def lists(**of_users: str) -> pd.DataFrame:
    """Return recommendations: lists(Ana="abc") gives Ana a, b, c with ranks 1, 2, 3."""
    rows = [(user, item, i) for user, own in of_users.items() for i, item in enumerate(own, 1)]
    return pd.DataFrame(rows, columns=["user_id", "item_id", "rank"])


def liked(**of_users: str) -> pd.DataFrame:
    rows = [(user, item) for user, own in of_users.items() for item in own]
    return pd.DataFrame(rows, columns=["user_id", "item_id"])


def items(names: str) -> pd.DataFrame:
    return pd.DataFrame({"item_id": list(names)})


# ---------------------------------------------------------------- splits


@pytest.fixture
def log() -> pd.DataFrame:
    """Return ratings of Ana (5 rows), Ben (4) and Cem (1); labels are no row numbers."""
    rows = [
        ("Ana", "2025-03-01"),
        ("Ben", "2025-03-02"),
        ("Ana", "2025-03-09"),
        ("Ana", "2025-03-05"),
        ("Ben", "2025-03-07"),
        ("Ana", "2025-03-09"),  # the same moment as label 12
        ("Ben", "2025-03-03"),
        ("Cem", "2025-03-04"),
        ("Ana", "2025-03-02"),
        ("Ben", "2025-03-08"),
    ]
    table = pd.DataFrame(rows, columns=["user_id", "rated_at"], index=range(10, 20))
    return table.astype({"rated_at": "datetime64[ns]"})


def test_random_split_takes_its_share_of_each_user(log):
    # Ana floor(0.5 * 5) = 2, Ben 0.5 * 4 = 2, Cem floor(0.5) = 0.
    train, test = evaluation.split_random(log, 0.5)
    assert test["user_id"].value_counts().to_dict() == {"Ana": 2, "Ben": 2}
    assert train.index.union(test.index).equals(log.index)
    assert train.index.intersection(test.index).empty
    assert test.index.is_monotonic_increasing


def test_random_split_is_not_short_of_a_row_by_rounding():
    # 0.29 * 100 is 28.999999999999996 in floating point.
    test = evaluation.split_random(pd.DataFrame({"user_id": ["Ana"] * 100}), 0.29)[1]
    assert len(test) == 29


def test_random_split_never_rounds_up_to_all():
    train, _ = evaluation.split_random(pd.DataFrame({"user_id": ["Ana"] * 10}), 1 - 1e-12)
    assert len(train) == 1


@pytest.mark.parametrize(
    "test_of",
    [
        lambda table, seed: evaluation.split_random(table, random_state=seed)[1],
        lambda table, seed: next(evaluation.split_folds(table, random_state=seed))[1],
    ],
    ids=["random", "folds"],
)
def test_splits_follow_their_seed(test_of):
    table = pd.DataFrame({"user_id": ["Ana"] * 100})
    one, again, other = (test_of(table, seed) for seed in (1, 1, 2))
    assert one.equals(again)
    assert not one.equals(other)


def test_last_split_keeps_ties_together_and_never_empties_a_history(log):
    # Ana's last moment, 9 March, has two rows. Ben's is 8 March. Cem has one row: it stays.
    train, test = evaluation.split_last(log, time="rated_at")
    assert test.index.to_list() == [12, 15, 19]
    assert train.index.to_list() == [10, 11, 13, 14, 16, 17, 18]


def test_last_split_of_several(log):
    # Ana: the tie fills both places. Ben: 7 and 8 March. Three: Ana gives 5 March, Ben the 3rd.
    assert evaluation.split_last(log, 2, time="rated_at")[1].index.to_list() == [12, 14, 15, 19]
    last = evaluation.split_last(log, 3, time="rated_at")[1].index
    assert last.to_list() == [12, 13, 14, 15, 16, 19]


def test_time_split_puts_the_moment_of_the_cutoff_into_test(log):
    train, test = evaluation.split_time(log, "2025-03-08", time="rated_at")
    assert test.index.to_list() == [12, 15, 19]
    assert train["rated_at"].max() == pd.Timestamp("2025-03-07")


@pytest.mark.parametrize("cutoff", ["2025-03-01", "2025-03-10"])
def test_time_split_needs_both_sides(log, cutoff):
    with pytest.raises(ValueError, match=r"one side empty. Choose one after 2025-03-01"):
        evaluation.split_time(log, cutoff, time="rated_at")


@given(st.integers(2, 30), st.integers(2, 6), st.integers(0, 3))
def test_folds_test_every_row_once(n, folds, seed):
    table = pd.DataFrame({"rating": np.arange(max(n, folds))})
    pairs = list(evaluation.split_folds(table, folds, random_state=seed))
    tested = pd.concat([test for _, test in pairs])
    assert sorted(tested["rating"]) == table["rating"].to_list()
    assert max(len(test) for _, test in pairs) - min(len(test) for _, test in pairs) <= 1
    for train, test in pairs:
        assert set(train.index) == set(table.index) - set(test.index)


@pytest.mark.parametrize(
    ("split", "message"),
    [
        (lambda log: evaluation.split_random(log, 20), "test_share is a share"),
        (lambda log: evaluation.split_random(log.drop(columns="user_id")), "no column"),
        (lambda log: evaluation.split_last(log, 0, time="rated_at"), "n is a whole number"),
        (lambda log: evaluation.split_last(log, time="ordered_at"), 'no column "ordered_at"'),
        (lambda log: evaluation.split_folds(log, 11), "number of rows, 10; got 11"),
        (lambda log: evaluation.split_folds(log, 1), "from 2"),
    ],
)
def test_splits_say_what_is_wrong(log, split, message):
    with pytest.raises(ValueError, match=message):
        split(log)


# ---------------------------------------------------------------- ratings


def test_rating_errors_by_hand():
    # Errors 1, 0, -2: squares 1 + 0 + 4 = 5 over 3; absolute 1 + 0 + 2 = 3 over 3.
    table = pd.DataFrame({"rating": [5, 3, 2], "prediction": [4.0, 3.0, 4.0]})
    assert evaluation.rmse(table) == pytest.approx(math.sqrt(5 / 3))
    assert evaluation.mae(table) == pytest.approx(1.0)


def test_a_missing_prediction_is_not_left_out():
    table = pd.DataFrame({"rating": [5, 3], "prediction": [4.0, np.nan]})
    with pytest.raises(TableError, match='column "prediction" is missing in 1 of 2 rows'):
        evaluation.rmse(table)


# ---------------------------------------------------------------- ranking

TOY = lists(u1="abcde", u2="abcde", u3="abcde")
TOY_LIKED = liked(u1="acvwxyz", u2="b", u3="q")  # u1: a, c and five others


def test_the_toy_by_hand():
    found = evaluation.ranking_metrics(TOY, TOY_LIKED, k=5)
    # u1 hits at 1 and 3 of |R| = 7: P = 2/5, recall 2/7, F1 = 2 * 2 / (5 + 7) = 1/3.
    # AP = (1/1 + 2/3) / min(5, 7) = 1/3. NDCG = (1 + 1/2) / (1 + 0.6309 + 0.5 + 0.4307 + 0.3869).
    # u2 hits at 2 of |R| = 1: P = 1/5, recall 1, F1 = 2 / (5 + 1) = 1/3, AP = 1/2, NDCG = 0.6309.
    u1 = [2 / 5, 2 / 7, 1 / 3, 1, 1, 1 / 3, 1.5 / 2.9485]
    u2 = [1 / 5, 1, 1 / 3, 1, 1 / 2, 1 / 2, 0.6309]
    assert found.loc["u1"].to_list() == pytest.approx(u1, abs=1e-4)
    assert found.loc["u2"].to_list() == pytest.approx(u2, abs=1e-4)
    assert found.loc["u3"].to_list() == [0] * 7
    # MAP = (1/3 + 1/2 + 0) / 3 = 0.2778; NDCG = (0.5087 + 0.6309 + 0) / 3 = 0.3799.
    assert found["average_precision"].mean() == pytest.approx(0.2778, abs=5e-5)
    assert found["ndcg"].mean() == pytest.approx(0.3799, abs=5e-5)
    assert found["reciprocal_rank"].mean() == pytest.approx((1 + 1 / 2 + 0) / 3)
    # With all relevant items in the denominator u1 has (1 + 2/3) / 7: MAP = (0.2381 + 0.5 + 0) / 3.
    found = evaluation.ranking_metrics(TOY, TOY_LIKED, k=5, ap_denominator="relevant")
    assert found["average_precision"].mean() == pytest.approx(0.2460, abs=5e-5)


def test_silence_scores_zero_and_a_user_who_likes_nothing_is_left_out():
    found = evaluation.ranking_metrics(lists(Ana="a", Ben="a"), liked(Ana="a", Cem="a"), k=1)
    assert found.index.to_list() == ["Ana", "Cem"]  # Ben has nothing relevant
    assert found.loc["Cem"].to_list() == [0] * 7


def test_what_was_bought_twice_is_one_relevant_item():
    once = evaluation.ranking_metrics(TOY, TOY_LIKED)
    assert evaluation.ranking_metrics(TOY, pd.concat([TOY_LIKED, TOY_LIKED])).equals(once)


def test_ids_may_be_numbers_or_categories():
    plain = evaluation.ranking_metrics(TOY, TOY_LIKED)
    number = {"u1": 7, "u2": 8, "u3": 9}
    as_numbers = [t.assign(user_id=t["user_id"].map(number)) for t in (TOY, TOY_LIKED)]
    assert np.array_equal(evaluation.ranking_metrics(*as_numbers), plain)
    as_categories = [t.astype({"item_id": "category"}) for t in (TOY, TOY_LIKED)]
    assert np.array_equal(evaluation.ranking_metrics(*as_categories), plain)


@pytest.mark.parametrize(
    ("ranks", "rows"),
    [
        ([0, 1, 2], "3 of 3 rows"),  # counted from 0
        ([1, 2, 4], "1 of 3 rows"),  # something was taken out afterwards
        ([1, 1, 2], "2 of 3 rows"),  # two items in one place
    ],
)
def test_ranks_count_from_one(ranks, rows):
    table = lists(Ana="abc").assign(rank=ranks)
    with pytest.raises(TableError, match=rf'"rank" does not count 1, 2, 3, .* in {rows}'):
        evaluation.ranking_metrics(table, liked(Ana="a"))


def test_an_item_stands_once_in_a_list():
    with pytest.raises(TableError, match=r'repeats an item .* in 1 of 3 rows .row 2: "a"'):
        evaluation.ranking_metrics(lists(Ana="aba"), liked(Ana="a"))


def test_ids_of_two_kinds_never_meet():
    with pytest.raises(ValueError, match='"user_id" contains numbers in one table and text'):
        evaluation.ranking_metrics(TOY, TOY_LIKED.assign(user_id=1))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"k": 0}, "k is a whole number, 1 or more; got 0"),
        ({"k": 2.5}, "k is a whole number"),
        ({"ap_denominator": "k"}, '"reachable" or "relevant"; got \'k\''),
    ],
)
def test_options_out_of_range(options, message):
    with pytest.raises(ValueError, match=message):
        evaluation.ranking_metrics(TOY, TOY_LIKED, **options)


# A list is a permutation of some of 12 items, a taste a set of them; three to six users.
some_lists = st.lists(
    st.tuples(
        st.permutations("abcdefghijkl").flatmap(
            lambda order: st.integers(0, 12).map(lambda n: order[:n])
        ),
        st.sets(st.sampled_from("abcdefghijkl")),
    ),
    min_size=1,
    max_size=6,
).filter(lambda users: any(own for own, _ in users) and any(taste for _, taste in users))


def tables(users) -> tuple[pd.DataFrame, pd.DataFrame]:
    names = [f"u{number}" for number in range(len(users))]
    return (
        lists(**dict(zip(names, (own for own, _ in users), strict=True))),
        liked(**dict(zip(names, (sorted(taste) for _, taste in users), strict=True))),
    )


def by_loop(order: list[str], taste: set[str], k: int, denominator: str) -> list[float]:
    """Return the metrics of one user as one would with paper and pencil."""
    found, gain, precisions, first = 0, 0.0, 0.0, 0.0
    for place, item in enumerate(order[:k], start=1):
        if item in taste:
            found += 1
            first = first or 1 / place
            precisions += found / place
            gain += math.log(2) / math.log(place + 1)
    best = sum(math.log(2) / math.log(place + 1) for place in range(1, min(k, len(taste)) + 1))
    precision, recall = found / k, found / len(taste)
    f1 = 2 * precision * recall / (precision + recall) if found else 0
    ap = precisions / (min(k, len(taste)) if denominator == "reachable" else len(taste))
    return [precision, recall, f1, float(found > 0), first, ap, gain / best]


@given(some_lists, st.integers(1, 14), st.sampled_from(["reachable", "relevant"]))
def test_metrics_agree_with_a_loop_over_users(users, k, denominator):
    found = evaluation.ranking_metrics(*tables(users), k=k, ap_denominator=denominator)
    expected = {
        f"u{number}": by_loop(own, taste, k, denominator)
        for number, (own, taste) in enumerate(users)
        if taste
    }
    assert found.index.to_list() == sorted(expected)
    for user, values in expected.items():
        assert found.loc[user].to_list() == pytest.approx(values, abs=1e-12)


def test_metrics_agree_with_scikit_learn_on_whole_rankings():
    rng = np.random.default_rng(4)
    order = np.argsort(rng.random((50, 12)), axis=1)  # of 12 items, for 50 users
    taste = rng.random((50, 12)) < 0.3
    taste[:, 0] = True  # scikit-learn does not leave users out
    user, place = np.indices(order.shape)
    recommended = pd.DataFrame(
        {"user_id": user.ravel(), "item_id": order.ravel(), "rank": place.ravel() + 1}
    )
    relevant = pd.DataFrame(np.argwhere(taste), columns=["user_id", "item_id"])
    score = -np.argsort(order, axis=1)  # what was ranked first has the highest
    for k in (1, 5, 12):
        found = evaluation.ranking_metrics(recommended, relevant, k=k)
        assert found["ndcg"].mean() == pytest.approx(ndcg_score(taste, score, k=k))
    expected = label_ranking_average_precision_score(taste, score)
    assert found["average_precision"].mean() == pytest.approx(expected)


@given(some_lists, st.integers(0, 9))
def test_the_order_of_rows_does_not_matter(users, seed):
    given_lists, tastes = tables(users)
    shuffled = [t.sample(frac=1, random_state=seed) for t in (given_lists, tastes)]
    straight = evaluation.ranking_metrics(given_lists, tastes, k=3)
    assert evaluation.ranking_metrics(*shuffled, k=3).equals(straight)


# ---------------------------------------------------------------- uncertainty


def half_hits(n: int) -> pd.DataFrame:
    return pd.DataFrame({"hit": [1.0, 0.0] * (n // 2), "one": 1.0}, index=range(n))


@pytest.mark.parametrize(("confidence", "half"), [(0.95, 0.049), (0.8, 0.032)])
def test_interval_of_a_share_is_as_wide_as_theory_says(monkeypatch, confidence, half):
    monkeypatch.setattr(comparison, "RESAMPLES", 4000)
    # sd of a mean of 400 coin flips: 0.5 / 20 = 0.025; 95 % lies within 1.96 * 0.025 = 0.049, and
    # 80 % within 1.2816 * 0.025 = 0.032.
    found = evaluation.summarize(half_hits(400), confidence=confidence).loc["hit"]
    assert found[["mean", "users"]].to_list() == [0.5, 400]
    assert found[["low", "high"]].to_list() == pytest.approx([0.5 - half, 0.5 + half], abs=0.004)


def test_one_user_gives_a_mean_but_no_interval():
    found = evaluation.summarize(pd.DataFrame({"hit": [1.0]}, index=["Ana"])).loc["hit"]
    assert found["mean"] == 1
    assert found[["low", "high"]].isna().all()


def test_summary_follows_its_seed_and_not_the_order_of_users():
    table = pd.DataFrame({"ndcg": np.linspace(0, 1, 50)})
    once = evaluation.summarize(table, random_state=1)
    assert evaluation.summarize(table[::-1], random_state=1).equals(once)
    assert not evaluation.summarize(table, random_state=2).equals(once)


def test_columns_may_have_any_name():
    table = pd.DataFrame({10: [0.2, 0.4], ("ndcg", 5): [1.0, 0.0]}, index=["Ana", "Ben"])
    assert evaluation.summarize(table)["mean"].to_list() == pytest.approx([0.3, 0.5])
    found = evaluation.compare(table, table[table.columns[::-1]])
    assert found.index.to_list() == [10, ("ndcg", 5)]
    assert found["difference"].to_list() == [0, 0]


def test_p_value_against_all_flips_by_hand(monkeypatch):
    monkeypatch.setattr(comparison, "RESAMPLES", 20_000)
    # Differences 0.3, 0.2, 0.1: of 2^3 = 8 flips, only +++ and --- reach |sum| 0.6: p near 2/8.
    ours = pd.DataFrame({"ndcg": [0.5, 0.5, 0.5]})
    theirs = pd.DataFrame({"ndcg": [0.2, 0.3, 0.4]})
    found = evaluation.compare(ours, theirs).loc["ndcg"]
    assert found["difference"] == pytest.approx(0.2)
    assert found["p_value"] == pytest.approx(0.25, abs=0.01)


def test_pairing_finds_what_two_intervals_hide():
    # Users differ by 0.29, models by 0.01 for each of 200: intervals overlap, pairs are certain.
    theirs = pd.DataFrame({"ndcg": np.linspace(0, 0.99, 200)})
    ours = theirs + 0.01
    assert evaluation.summarize(ours)["low"].item() < evaluation.summarize(theirs)["high"].item()
    found = evaluation.compare(ours, theirs).loc["ndcg"]
    assert found["low"] == pytest.approx(0.01)
    assert found["p_value"] == 1 / 1001


def test_comparison_matches_users_and_metrics_by_name():
    ours = pd.DataFrame({"hit": [1.0, 0.0], "ndcg": [0.4, 0.2]}, index=["Ana", "Ben"])
    theirs = pd.DataFrame({"ndcg": [0.2, 0.4], "hit": [0.0, 1.0]}, index=["Ben", "Ana"])
    found = evaluation.compare(ours, theirs)
    assert found["difference"].to_list() == [0, 0]
    assert found["low"].to_list() == found["high"].to_list() == [0, 0]
    assert found["p_value"].to_list() == [1, 1]  # every flip is as large as nothing


def test_p_values_of_equal_models_are_spread_evenly():
    rng = np.random.default_rng(5)
    noise = [pd.DataFrame(rng.normal(size=(30, 200))).add_prefix("m") for _ in range(2)]
    found = evaluation.compare(*noise)["p_value"]
    # 200 comparisons of nothing with nothing: 20 below 0.1, give or take 2 * sqrt(18) = 8.5.
    assert (found < 0.1).sum() == pytest.approx(20, abs=9)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda t: evaluation.summarize(t, confidence=95), "confidence is a share"),
        (lambda t: evaluation.summarize(t.assign(hit=np.nan)), 'column "hit" is missing'),
        (lambda t: evaluation.summarize(pd.concat([t, t])), "one row per user; 0 has more"),
        (lambda t: evaluation.compare(t, t[1:]), r"same users; 1 are in one .* .first: 0"),
        (lambda t: evaluation.compare(t, t[["hit"]]), r"same metrics; 1 .* .first: one"),
    ],
)
def test_uncertainty_says_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call(half_hits(10))


# ---------------------------------------------------------------- beyond accuracy


def test_coverage_and_gini_by_hand():
    # In the first 2 of each list: a 3 times, b 2, c 1, d never. 3 of 4 items are covered.
    table = lists(u1="abd", u2="abc", u3="ac")
    assert catalog_coverage(table, items("abcd"), k=2) == 3 / 4
    # x = 0, 1, 2, 3; 2j - 5 = -3, -1, 1, 3: (0 - 1 + 2 + 9) / (4 * 6) = 10 / 24.
    assert metrics.gini(table, items("abcd"), k=2) == pytest.approx(10 / 24)
    # Without the zero it would be x = 1, 2, 3; (-2 + 0 + 6) / (3 * 6) = 4 / 18.
    assert metrics.gini(table, items("abc"), k=2) == pytest.approx(4 / 18)


def test_items_outside_the_catalog_are_named():
    with pytest.raises(TableError, match=r'not in the catalog in 1 of 2 rows \(row 1: "z"\)'):
        catalog_coverage(lists(Ana="az"), items("abc"))


def test_novelty_by_hand():
    # Four users; a is known to all (0 bits), b to two (1 bit), c to one (2 bits, two rows of one
    # user are one), z to nobody, counted as one (2 bits).
    known = pd.concat([liked(u1="abc", u2="ab", u3="a", u4="a"), liked(u1="c")])
    found = metrics.novelty(lists(Ana="abc", Ben="z", Cem="ab"), known)
    assert found.to_dict() == {"Ana": (0 + 1 + 2) / 3, "Ben": 2, "Cem": 1 / 2}
    assert metrics.novelty(lists(Ana="abc"), known, k=2)["Ana"] == 1 / 2


# ---------------------------------------------------------------- many models


class Outsider:
    """A model of another library: it knows nothing of ours, and recommends what it was given."""

    def __init__(self, **of_users: str):
        self.lists = lists(**of_users)

    def recommend(self, users, k):
        return self.lists


class Guesser(BaseEstimator):
    """Predict the same for all pairs, and recommend the same item to all."""

    def __init__(self, guess=3.0, item="a"):
        self.guess = guess
        self.item = item

    def fit(self, interactions):
        return self

    def predict(self, pairs):
        return pairs.assign(prediction=self.guess, fallback=False)

    def recommend(self, users, k):
        return pd.DataFrame({"user_id": users, "item_id": self.item, "rank": 1})


def rated(stars: int, **of_users: str) -> pd.DataFrame:
    return liked(**of_users).assign(rating=stars)


@pytest.fixture
def cut():
    """Return a training set (popularity: a 3, b 2, c 1, d 1) and a test set."""
    train = rated(4, u1="a", u2="a", u3="ab", u4="bc", u5="d")
    test = pd.concat([rated(5, u1="b", u2="c", u3="d", u4="a"), rated(2, u1="d", u2="a")])
    return train, test.reset_index(drop=True)


def test_a_table_of_results_by_hand(cut):
    # Popularity, without what the user had: u1 b c, u2 b c, u3 c d, u4 a d. Liked are b, c, d, a:
    # hits at 1, 2, 2, 1: NDCG (1 + 0.6309 + 0.6309 + 1) / 4. The outsider hits for u1 at 2 and for
    # u2 at 1: NDCG (0.6309 + 1 + 0 + 0) / 4. It is silent for u3 and u4; of its three items one (a)
    # u1 had. u9 was not asked for, and the third place (d) of u1 is beyond k.
    outsider = Outsider(u1="abd", u2="c", u9="z")
    table = evaluation.results_table({"outsider": outsider}, *cut, k=2, like=4)
    assert table.index.name == "model"
    assert set(table.index) == {"popularity", "random", "outsider"}
    popular, found = table.loc["popularity"], table.loc["outsider"]
    assert popular["ndcg"] == pytest.approx(0.8155, abs=5e-5)
    assert popular[["precision", "recall", "served", "seen"]].to_list() == [1 / 2, 1, 1, 0]
    assert popular[["difference", "p_value"]].isna().all()
    assert found["ndcg"] == pytest.approx(0.4077, abs=5e-5)
    assert found["difference"] == pytest.approx(0.4077 - 0.8155, abs=1e-4)
    assert found[["precision", "recall", "served"]].to_list() == [1 / 4, 1 / 2, 2 / 4]
    assert found["seen"] == pytest.approx(1 / 3)
    # a, b, c of a, b, c, d, once each: Gini (0 - 1 + 1 + 3) / (4 * 3). Of 5 users 3 know a, 2 b,
    # one c: u1 (0.7370 + 1.3219) / 2 bits, u2 2.3219.
    assert found[["coverage", "gini"]].to_list() == pytest.approx([3 / 4, 3 / 12])
    assert found["novelty"] == pytest.approx(1.6757, abs=1e-4)
    assert "rmse" not in table


def test_the_metrics_of_several_seeds_are_averaged(cut):
    one, other = Outsider(u1="abd", u2="c", u9="z"), Outsider(u1="dc", u2="cb")
    alone = evaluation.results_table({"one": one, "other": other}, *cut, k=2, like=4)
    both = evaluation.results_table({"both": [one, other.lists]}, *cut, k=2, like=4)
    columns = ["ndcg", "difference", "precision", "recall", "served", "seen", "coverage", "gini"]
    expected = (alone.loc["one", columns] + alone.loc["other", columns]) / 2
    assert both.loc["both", columns].to_list() == pytest.approx(expected.to_list())


def test_of_several_seeds_the_mean_of_each_user_is_compared():
    a, b = pd.DataFrame({"hit": [1.0, 0.0]}, [1, 2]), pd.DataFrame({"hit": [1.0, 1.0]}, [2, 1])
    found = evaluation.compare([a, b], pd.DataFrame({"hit": [0.5, 0.5]}, [1, 2])).loc["hit"]
    assert found[["mean", "difference", "users"]].to_list() == [0.75, 0.25, 2]
    assert (found["low"], found["high"]) == (0, 0.5)  # user 1 gains 1/2, user 2 nothing
    with pytest.raises(ValueError, match="All seeds must be measured on the same users"):
        evaluation.compare([a, a.loc[[1]]], a)


def test_the_best_stands_first_and_is_compared_with_the_better_baseline():
    # 40 users had a or b; the item they like is the one of a and b they have not had, so that
    # popularity and random are right, both. Only the perfect outsider and the hopeless differ.
    users = [f"u{number:02}" for number in range(40)]
    train = pd.concat([rated(4, **dict.fromkeys(users, "p")), rated(4, x="abcdefgh", y="abcd")])
    test = rated(5, **dict.fromkeys(users, "h"))
    outside = {
        "hopeless": Outsider(**dict.fromkeys(users, "p")),
        "perfect": Outsider(**dict.fromkeys(users, "h")),
    }
    table = evaluation.results_table(outside, train, test, k=3, metrics=["hit", "ndcg"])
    # Popularity offers a, b, c and never h; three of eight at random hit now and then: it is the
    # better baseline, though a lucky one.
    assert table.index.to_list() == ["perfect", "random", "popularity", "hopeless"]
    assert table.loc["random", ["difference", "p_value"]].isna().all()
    assert table["hit"].is_monotonic_decreasing
    assert table.loc["perfect", "difference"] == 1 - table.loc["random", "hit"]
    assert table.loc["perfect", "p_value"] == 1 / 1001
    assert table.loc["hopeless", "seen"] == 1
    assert list(table)[:6] == ["hit", "low", "high", "difference", "p_value", "ndcg"]


def test_only_ratings_have_an_rmse(cut):
    # Guess 4: errors 1, 1, 1, 1 and -2, -2: √(12 / 6).
    models = {"guesser": Guesser(guess=4.0), "baseline": Baseline().fit(cut[0])}
    table = evaluation.results_table(models, *cut, k=2)
    assert table.loc["guesser", "rmse"] == pytest.approx(math.sqrt(2))
    assert set(table.index[table["rmse"].notna()]) == {"guesser", "baseline"}


def test_without_a_threshold_every_new_row_of_the_test_is_relevant(cut):
    # u1: b and d, of which popularity has b: recall 1/2. u2 had a in training: it does not count.
    table = evaluation.results_table({}, *cut, k=2, metrics=["recall"])
    assert table.loc["popularity", "recall"] == (1 / 2 + 1 + 1 + 1) / 4


def test_a_catalog_may_hold_what_nobody_has_rated(cut):
    outsider = Outsider(u1="z", u2="c")
    table = evaluation.results_table({"new": outsider}, *cut, k=2, items=items("abcdwxyz"))
    assert table.loc["new", "coverage"] == 2 / 8
    with pytest.raises(TableError, match=r'not in the catalog .*"z".* Add them to `items`'):
        evaluation.results_table({"new": outsider}, *cut, k=2)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"metrics": ["ndgc"]}, 'no metric "ndgc"; there are precision, recall'),
        ({"like": 6}, "Nothing in the test is new to its user and rated 6 or more"),
        ({}, '"silent" recommends nothing to any of the 4 users'),
    ],
)
def test_a_table_of_results_says_what_is_wrong(cut, options, message):
    with pytest.raises(ValueError, match=message):
        evaluation.results_table({"silent": Outsider(u9="a")}, *cut, **options)


# ---------------------------------------------------------------- search


def test_a_search_by_hand():
    # Ratings 3 and 5 in two splits. Guess 3: errors 0 and 2, mean 1, deviation √2. Guess 4: 1, 1.
    # Guess 9: 6 and 4.
    splits = [(rated(3, u="a"), rated(stars, u="b")) for stars in (3, 5)]
    found = evaluation.grid_search(Guesser(), {"guess": [9.0, 4.0, 3.0]}, iter(splits))
    assert found["guess"].to_list() == [4, 3, 9]  # equals stay in the order of the grid
    assert found["mean"].to_list() == [1, 1, 5]
    assert found["spread"].to_list() == pytest.approx([0, math.sqrt(2), math.sqrt(2)])
    assert found["low"].to_list() == found["high"].to_list() == [0, 0, 4]  # of the only user


def test_of_hits_the_most_are_best():
    splits = [(rated(5, u="c", v="c"), rated(5, u="a", v="b"))]
    grid = [{"item": ["c", "a"]}, {"item": ["b"], "guess": [1, 2]}]
    found = evaluation.grid_search(Guesser(), grid, splits, metric="precision", k=1)
    assert found["item"].to_list() == ["a", "b", "b", "c"]
    assert found["mean"].to_list() == [1 / 2, 1 / 2, 1 / 2, 0]
    assert found["spread"].isna().all()


def test_a_search_hits_only_what_is_liked():
    splits = [(rated(5, u="c"), pd.concat([rated(5, u="a"), rated(2, u="b")]))]
    found = evaluation.grid_search(Guesser(), {"item": ["a", "b"]}, splits, metric="recall", like=4)
    assert found["mean"].to_list() == [1, 0]


def test_the_interval_of_a_search_is_that_of_a_paired_comparison():
    # Squared errors of guess 4 and 3; with a rating a user, the mean of users is that of ratings.
    train, test = (
        rated(3, z="a"),
        pd.concat([rated(s, **{f"u{n}": "a"}) for n, s in enumerate([5, 4, 3, 5] * 20)]),
    )
    found = evaluation.grid_search(
        Guesser(), {"guess": [3.0, 4.0, 5.5]}, [(train, test)], metric="mae"
    )
    errors = [(test["rating"] - guess).abs().to_numpy() for guess in (4, 3, 5.5)]
    again = [
        scipy.stats.bootstrap((error - errors[0],), np.mean, method="percentile", rng=1)
        for error in errors[1:]
    ]
    assert found["guess"].to_list() == [4, 3, 5.5]
    for row, other in zip(found.iloc[1:].itertuples(), again, strict=True):
        assert (row.low, row.high) == pytest.approx(tuple(other.confidence_interval), abs=0.03)


@pytest.mark.parametrize(
    ("guesses", "best", "warned"),
    [
        ([3.0, 4.0], 4, True),
        ([4, 9], 4, True),
        ([3.0, 4.0, 5.0], 4, False),
        ([4.0], 4, False),
        ([1, 2], 1, False),  # a count of 1 has none below
        ([0.0, 3.0], 0, False),
    ],
)
def test_a_best_value_at_the_edge_of_its_grid_gives_a_warning(guesses, best, warned):
    split = (rated(4, u="a"), rated(best, u="b"))
    with warnings.catch_warnings(record=True, action="always") as caught:
        evaluation.grid_search(Guesser(), {"guess": guesses}, [split])
    assert [str(each.message)[:15] for each in caught] == ["The best guess "] * warned


def test_the_model_that_is_searched_with_stays_as_it_is():
    model = Guesser(guess=7.0)
    evaluation.grid_search(model, {"guess": [1.0]}, [(rated(3, u="a"), rated(3, u="b"))])
    assert model.guess == 7


@pytest.mark.parametrize(
    ("grid", "splits", "metric", "message"),
    [
        ({"gess": [1]}, 1, "rmse", "Invalid parameter 'gess'"),
        ({"guess": [1]}, 0, "rmse", "There are no splits"),
        ({"guess": [1]}, 1, "rsme", 'no metric "rsme"; there are rmse, mae, precision'),
        ({"item": ["a"]}, 1, "ndcg", "Nothing in the test is new"),
    ],
)
def test_a_search_says_what_is_wrong(grid, splits, metric, message):
    split = (rated(3, u="a"), rated(3, u="a"))
    with pytest.raises(ValueError, match=message):
        evaluation.grid_search(Guesser(), grid, [split] * splits, metric=metric)
