"""Each measure by hand. Random matrices are compared in tests/helpers/recommend/test_ties.py."""

from math import isnan, nan, sqrt
from unittest import mock

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from helpers import similarity
from helpers.data import problems
from helpers.similarity import search

# Ana, Ben and Cem rate lamp, vase, rug; Ana has not rated the rug.
R = np.array([[5, 3, nan], [4, 2, 4], [1, 5, 2]])
ANA, BEN, CEM = range(3)


def table(matrix):
    """Ratings of users A, B, … of items a, b, …, one row per rating."""
    return pd.DataFrame(
        [
            (chr(65 + u), chr(97 + i), rating)
            for u, row in enumerate(matrix)
            for i, rating in enumerate(row)
            if not np.isnan(rating)
        ],
        columns=["user_id", "item_id", "rating"],
    )


# ---------------------------------------------------------------- by hand


def test_pearson_by_hand():
    # Ben 4 2 4, mean 10/3: 2 -4 2 (thirds). Cem 1 5 2, mean 8/3: -5 7 -2 (thirds).
    # (-10 - 28 - 4) / (√(4 + 16 + 4) √(25 + 49 + 4)) = -42 / √(24·78).
    s = similarity.pearson(R)
    assert s[BEN, CEM] == pytest.approx(-42 / sqrt(24 * 78))
    # Over lamp and vase alone Ana deviates by 1 -1, Ben by 1 -1, Cem by -2 2.
    assert s[ANA, BEN] == pytest.approx(1)
    assert s[ANA, CEM] == pytest.approx(-1)


def test_own_mean_pearson_by_hand():
    # Ana 1 -1 from her mean 4. Ben 2 -4 2 (thirds), Cem -5 7 -2 (thirds), from all they rated.
    # Ana and Ben: (2 + 4) / (√2 √24). Ana and Cem: (-5 - 7) / (√2 √78).
    s = similarity.own_mean_pearson(R)
    assert s[ANA, BEN] == pytest.approx(6 / sqrt(2 * 24))
    assert s[ANA, CEM] == pytest.approx(-12 / sqrt(2 * 78))


def test_adjusted_cosine_by_hand():
    # Users' means 4, 10/3, 8/3. In thirds, lamp: 3 2 -5, vase: -3 -4 7, rug: ? 2 -2.
    # Lamp and vase: (-9 - 8 - 35) / (√(9 + 4 + 25) √(9 + 16 + 49)).
    # Lamp and rug, without Ana: (4 + 10) / (√(4 + 25) √(4 + 4)).
    s = similarity.adjusted_cosine(R.T)
    assert s[0, 1] == pytest.approx(-52 / sqrt(38 * 74))
    assert s[0, 2] == pytest.approx(14 / sqrt(29 * 8))


def test_damping_by_hand():
    # 2 co-rated, λ = 8: 2/10. 2 of 50: 0.04; 60 of 50 counts fully. Both: 0.2 · 0.04.
    assert similarity.damping_factor(2, damping=8) == pytest.approx(0.2)
    assert similarity.damping_factor([2, 60], cap=50).tolist() == [0.04, 1]
    assert similarity.damping_factor(2, damping=8, cap=50) == pytest.approx(0.008)
    assert similarity.damping_factor([0, 1]).tolist() == [0, 1]


def test_a_damped_table_by_hand():
    # Ana and Ben share 2 items, Ben and Cem 3: factors 2/(2 + 1) and 3/(3 + 1).
    damped = similarity.similarity_table(table(R), "msd", damping=1)
    assert damped.loc["A", "B"] == pytest.approx(1 / 2 * 2 / 3)
    assert damped.loc["B", "C"] == pytest.approx(3 / 25 * 3 / 4)


# ---------------------------------------------------------------- edges


def test_one_common_item_is_a_perfect_cosine_and_no_correlation():
    one_common = [[5, 4, nan], [nan, 1, 2]]
    assert similarity.cosine(one_common)[0, 1] == 1
    assert similarity.full_cosine(one_common)[0, 1] == pytest.approx(4 / sqrt(41 * 5))
    assert isnan(similarity.pearson(one_common)[0, 1])
    assert similarity.measures.mean_squared_difference(one_common)[0, 1] == 1 / 10


def test_nothing_in_common_is_nan_where_it_is_unknown_and_0_where_missing_counts():
    strangers = [[5, 4, nan, nan], [nan, nan, 1, 2]]
    s = {name: measure(strangers)[0, 1] for name, measure in similarity.measures.MEASURES.items()}
    assert [name for name in s if s[name] == 0] == ["full_cosine", "own_mean_pearson", "jaccard"]
    assert sum(map(isnan, s.values())) == 4


@pytest.mark.parametrize("stars", [3, 4.1, 0.1])
def test_who_rates_everything_alike_correlates_with_nobody(stars):
    constant = [[stars] * 3, [1, 5, 2]]
    assert np.isnan(similarity.pearson(constant)[0]).all()
    assert np.isnan(similarity.own_mean_pearson(constant)[0]).all()
    # … nor does who does so only on what both rated.
    assert isnan(similarity.pearson([[stars, stars, stars, 9.7], [1, 5, 2, nan]])[0, 1])


def test_an_item_rated_at_each_raters_mean_has_no_adjusted_cosine():
    assert np.isnan(similarity.adjusted_cosine(np.array([[5, 3, 4], [4, 2, 3]]).T)[2]).all()


def test_a_rating_of_0_is_a_rating():
    zero, missing = [[0, 3], [4, 3]], [[nan, 3], [4, 3]]
    assert similarity.measures.mean_squared_difference(zero)[0, 1] == pytest.approx(
        1 / 9
    )  # (16 + 0) / 2
    assert similarity.measures.mean_squared_difference(missing)[0, 1] == 1
    stored = sparse.csr_array(([0.0, 3, 4, 3], ([0, 0, 1, 1], [0, 1, 0, 1])))
    assert similarity.jaccard(stored)[0, 1] == 1
    matrix = similarity.rating_matrix(table(zero))
    assert similarity.measures.mean_squared_difference(matrix.ratings)[0, 1] == pytest.approx(1 / 9)
    assert matrix.T.table().to_numpy().tolist() == [[0, 4], [3, 3]]


def test_the_same_taste_on_another_level_correlates_exactly_alike():
    # Cem is Ben and one star, with one more item. Neither may come before the other by rounding.
    # Deviations in halves, Ana 3 -3 -1 1, both others -1 3 -1 -1: (-3 - 9 + 1 - 1) / √(20·12).
    s = similarity.pearson([[5, 2, 3, 4, nan], [2, 4, 2, 2, nan], [3, 5, 3, 3, 3]])
    assert s[ANA, BEN] == s[ANA, CEM] == pytest.approx(-12 / sqrt(20 * 12))
    assert s[BEN, CEM] == 1


# ---------------------------------------------------------------- batches


stars = st.sampled_from([nan, 0.0, 1.0, 2.5, 3.0, 4.1, 5.0])
matrices = st.integers(1, 6).flatmap(
    lambda items: st.lists(
        st.lists(stars, min_size=items, max_size=items), min_size=1, max_size=6
    ).map(np.array)
)
every_measure = pytest.mark.parametrize("measure", similarity.measures.MEASURES)


@every_measure
@given(matrices, st.integers(1, 20), st.sampled_from([(0, 1), (2.5, 1), (0, 3), (2.5, 3)]))
def test_batches_give_what_one_piece_gives(measure, matrix, cells, damped):
    damping, cap = damped
    overlap = (~np.isnan(matrix)).astype(int) @ (~np.isnan(matrix)).T
    factor = overlap / np.maximum(overlap + damping, 1) * np.minimum(overlap / cap, 1)
    compare = search.Comparison(matrix, measure, damping=damping, cap=cap)
    with mock.patch.object(search, "CELLS", cells):
        batches = compare.batches(np.arange(len(matrix)))
    blocks = [compare(batch) for batch in batches]
    whole = similarity.measures.MEASURES[measure](matrix) * factor
    np.testing.assert_allclose(np.vstack(blocks), whole, atol=1e-12)
    assert all(block.size <= max(cells, len(matrix)) for block in blocks)


# ---------------------------------------------------------------- the nearest


def test_nearest_by_hand():
    # msd: Ana and Ben 1/2, Ben and Cem 3/25, Ana and Cem (16 + 4) / 2 = 10, so 1/11.
    kept = similarity.nearest(R, k=1, measure="msd")
    expected = [[0, 1 / 2, 0], [1 / 2, 0, 0], [0, 3 / 25, 0]]
    np.testing.assert_allclose(kept.toarray(), expected)
    assert kept.nnz == 3


def test_negative_neighbors_only_if_asked_for():
    assert similarity.nearest(R, k=2)[[ANA]].indices.tolist() == [BEN]
    assert search.Comparison(R).nearest(2, min_sim=-1)[[ANA]].indices.tolist() == [BEN, CEM]


# ---------------------------------------------------------------- tables and bad input


def test_the_table_of_items():
    between_items = similarity.similarity_table(table(R), "adjusted_cosine", between="item_id")
    assert between_items.loc["a", "b"] == pytest.approx(-52 / sqrt(38 * 74))
    assert between_items.columns.tolist() == ["a", "b", "c"]


def test_a_rating_matrix_sorts_its_labels():
    ratings = table(R).sample(frac=1, random_state=0)
    matrix = similarity.rating_matrix(ratings)
    assert matrix.rows.tolist() == ["A", "B", "C"]
    assert matrix.ratings.nnz == 8
    np.testing.assert_array_equal(matrix.table(), R)


def test_ratings_given_twice_are_refused():
    twice = pd.concat([table(R), table(R).iloc[[3]].assign(rating=1)], ignore_index=True)
    message = r"repeats the \(user_id, item_id\) .* in 1 of 9 rows \(row 8\)\. Keep the last"
    with pytest.raises(problems.TableError, match=message):
        similarity.rating_matrix(twice)


@pytest.mark.parametrize(
    ("rating", "message"),
    [(nan, r'"rating" is missing in 1 of 8 rows \(row 2\)'), (np.inf, "no finite number")],
)
def test_missing_and_infinite_ratings_are_refused(rating, message):
    ratings = table(R)
    ratings.loc[2, "rating"] = rating
    with pytest.raises(problems.TableError, match=message):
        similarity.rating_matrix(ratings)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: similarity.cosine([5, 3]), "needs a matrix"),
        (lambda: similarity.cosine(R, R[:, :2]), "3 and 2 columns"),
        (lambda: similarity.cosine([[np.inf, 1]]), "infinite"),
        (lambda: similarity.cosine(sparse.csr_array(R)), "stores a NaN"),
        (lambda: similarity.nearest(R, measure="euclid"), 'no measure "euclid".*pearson'),
        (lambda: similarity.nearest(R, k=0), "at least 1, not 0"),
        (lambda: similarity.damping_factor(1, damping=-1), "damping=-1"),
        (lambda: similarity.damping_factor(1, cap=0), "cap=0"),
        (lambda: similarity.similarity_table(table(R), between="user"), 'not "user"'),
    ],
)
def test_what_cannot_be_compared_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
