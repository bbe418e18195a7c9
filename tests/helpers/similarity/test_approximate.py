"""Approximate search by hand, by closed forms, and against brute force and scikit-learn."""

import numpy as np
import pytest
from scipy import sparse
from sklearn.neighbors import NearestNeighbors

from helpers.similarity import (
    HyperplaneLSH,
    InvertedFile,
    ProductQuantizer,
    exact_search,
    graph_search,
    inner_product_to_cosine,
    rank_candidates,
    search_recall,
    small_world,
    unit_rows,
)


@pytest.fixture(scope="module")
def catalog():
    """Return items of very different lengths, and queries."""
    rng = np.random.default_rng(0)
    items = rng.normal(size=(600, 8)) * rng.lognormal(0, 0.8, (600, 1))
    return items, rng.normal(size=(50, 8))


def everything(items, queries):
    return sparse.csr_array(np.ones((len(queries), len(items)), bool))


def with_rows(items, rows, value):
    """Return the items with this value in some rows."""
    changed = items.copy()
    changed[rows] = value
    return changed


# ---------------------------------------------------------------- exact search, and its measure


def test_exact_search_by_hand():
    # Scores of (2, 1): 2 · 1, 2 · 0 + 1, 2 · 1 + 1, and 2 · −1.
    assert exact_search([[1, 0], [0, 1], [1, 1], [-1, 0]], [[2, 1]], k=4).tolist() == [[2, 0, 1, 3]]


def test_ties_stay_in_the_order_of_the_items():
    assert exact_search([[1], [2], [1], [2]], [[1]], k=3).tolist() == [[1, 3, 0]]
    all_four = everything(range(4), range(1))
    assert rank_candidates(all_four, [[1], [2], [1], [2]], [[1]], k=3).tolist() == [[1, 3, 0]]


def test_exact_search_is_that_of_scikit_learn_for_cosines(catalog):
    items, queries = catalog
    peer = NearestNeighbors(n_neighbors=10, metric="cosine", algorithm="brute").fit(items)
    ours = exact_search(unit_rows(items), unit_rows(queries))
    np.testing.assert_array_equal(ours, peer.kneighbors(queries, return_distance=False))


def test_large_catalogs_are_searched_in_batches(monkeypatch, catalog):
    for module in ("approximate", "indexes"):
        monkeypatch.setattr(f"helpers.similarity.{module}.CELLS", 1_500)  # two queries at a time
    items, queries = catalog
    best = np.argsort(-(queries @ items.T), axis=1)[:, :10]
    np.testing.assert_array_equal(exact_search(items, queries), best)
    np.testing.assert_array_equal(rank_candidates(everything(items, queries), items, queries), best)
    cells = InvertedFile(cells=20).fit(items)
    distances = ((items[:, None] - cells.centroids_) ** 2).sum(axis=2)
    np.testing.assert_array_equal(cells.lists_.toarray().argmax(axis=0), distances.argmin(axis=1))


def test_only_candidates_are_found():
    # Of items 1, 2, 3 and 5 the query may see 3 and 1 (in any order of storage), and the other
    # query none.
    candidates = sparse.csr_array((np.ones(2, bool), [2, 0], [0, 2, 2]), shape=(2, 4))
    found = rank_candidates(candidates, [[1], [2], [3], [5]], [[1], [1]], k=3)
    assert found.tolist() == [[2, 0, -1], [-1, -1, -1]]
    for form in (sparse.csc_array, sparse.coo_array, sparse.csr_array.toarray):
        again = rank_candidates(form(candidates), [[1], [2], [3], [5]], [[1], [1]], k=3)
        assert again.tolist() == found.tolist()


def test_search_recall_by_hand():
    # The first query misses 3 of its four, the second none; -1 is no item that could be found.
    exact = np.array([[5, 6, 7, 8], [1, 2, 3, 4]])
    found = np.array([[9, 8, -1, -1], [4, 3, 2, 1]])
    assert search_recall(found, exact).tolist() == [0.25, 1]


# ---------------------------------------------------------------- vectors of length 1


def test_the_added_dimension_keeps_the_order_of_inner_products(catalog):
    items, queries = catalog
    new_items, new_queries = inner_product_to_cosine(items, queries)
    np.testing.assert_allclose(np.linalg.norm(new_items, axis=1), 1)
    np.testing.assert_allclose(np.linalg.norm(new_queries, axis=1), 1)
    longest = np.linalg.norm(items, axis=1).max()
    lengths = np.linalg.norm(queries, axis=1, keepdims=True)
    np.testing.assert_allclose(
        new_queries @ new_items.T * longest * lengths, queries @ items.T, atol=1e-12
    )
    peer = NearestNeighbors(n_neighbors=10, algorithm="brute").fit(new_items)  # by distance
    np.testing.assert_array_equal(
        peer.kneighbors(new_queries, return_distance=False), exact_search(items, queries)
    )


def test_without_it_the_largest_cosine_is_another_item():
    # Query (1, 0): the item (1, 0) has the cosine 1 and the product 1; (3, 4) has 0.6 and 3.
    items, query = [[1, 0], [3, 4]], [[1, 0]]
    assert exact_search(items, query, 1).tolist() == [[1]]
    assert exact_search(unit_rows(items), query, 1).tolist() == [[0]]
    assert exact_search(*inner_product_to_cosine(items, query), 1).tolist() == [[1]]


# ---------------------------------------------------------------- hashing


def pairs_at(angle, n, d=6, seed=0):
    """Return n pairs of vectors of length 1 with this angle, in random directions."""
    rng = np.random.default_rng(seed)
    x, other = unit_rows(rng.normal(size=(n, d))), rng.normal(size=(n, d))
    other = unit_rows(other - np.vecdot(other, x)[:, None] * x)
    return x, np.cos(angle) * x + np.sin(angle) * other


@pytest.mark.parametrize("degrees", [20, 60, 90, 150])
def test_a_bit_agrees_with_the_probability_of_the_angle(degrees):
    # 1 − θ/π: at 60° two thirds. 4,000 hyperplanes; z within 3.9, once in ten thousand.
    x, y = pairs_at(np.radians(degrees), 1)
    lsh = HyperplaneLSH(bits=1, tables=4_000).fit(x)
    agree, p = (lsh.codes(x) == lsh.codes(y)).mean(), 1 - degrees / 180
    assert abs(agree - p) < 3.9 * np.sqrt(p * (1 - p) / 4_000)


@pytest.mark.parametrize(("bits", "tables"), [(3, 1), (4, 6), (8, 20)])
def test_candidates_are_found_as_often_as_the_formula_says(bits, tables):
    p, found = 1 - 30 / 180, []
    for seed in range(200):  # one draw of hyperplanes is the same for all pairs
        x, y = pairs_at(np.radians(30), 20, seed=seed)
        lsh = HyperplaneLSH(bits, tables, random_state=seed).fit(y)
        found.append(lsh.candidates(x).diagonal().mean())
    expected = 1 - (1 - p**bits) ** tables
    assert abs(np.mean(found) - expected) < 3.9 * np.std(found) / np.sqrt(len(found))


def test_codes_are_sides_of_hyperplanes_read_as_binary_numbers():
    lsh = HyperplaneLSH(bits=2, tables=1).fit([[1.0, 1.0]])
    lsh.planes_ = np.array([[[1.0, 0.0], [0.0, 1.0]]])  # right of, above
    assert lsh.codes([[1, 1], [1, -1], [-1, 1], [-1, -1]]).ravel().tolist() == [3, 1, 2, 0]


def test_candidates_share_a_code_in_a_table_and_no_others_do(catalog):
    items, queries = catalog
    lsh = HyperplaneLSH(bits=5, tables=3).fit(items)
    same = (lsh.codes(queries)[:, None] == lsh.codes(items)).any(axis=2)
    np.testing.assert_array_equal(lsh.candidates(queries).toarray(), same)


# ---------------------------------------------------------------- inverted file


def test_candidates_are_in_the_nearest_cells(catalog):
    items, queries = catalog
    ivf = InvertedFile(cells=12).fit(items)
    to_items, to_queries = (
        ((rows[:, None] - ivf.centroids_) ** 2).sum(axis=2) for rows in (items, queries)
    )
    near = np.argsort(to_queries, axis=1)[:, :3]
    expected = (near[:, :, None] == to_items.argmin(axis=1)).any(axis=1)
    np.testing.assert_array_equal(ivf.candidates(queries, probe=3).toarray(), expected)
    assert (ivf.lists_.sum(axis=0) == 1).all()


def test_added_items_stand_in_the_nearest_cell_behind_the_others(catalog):
    items, queries = catalog
    grown = InvertedFile(12).fit(items[:500])
    centroids = grown.centroids_.copy()
    grown.add(items[500:])
    np.testing.assert_array_equal(grown.centroids_, centroids)
    distances = ((items[:, None] - centroids) ** 2).sum(axis=2)
    np.testing.assert_array_equal(grown.lists_.toarray().argmax(axis=0), distances.argmin(axis=1))
    assert grown.candidates(queries).shape == (50, 600)


def test_centroids_of_many_items_are_learned_from_some():
    rng = np.random.default_rng(0)
    items = np.concatenate([rng.normal(m, 0.01, (500, 1)) for m in (0, 9)])
    ivf = InvertedFile(cells=2).fit(items)  # 512 of 1,000
    assert np.sort(ivf.centroids_.ravel()) == pytest.approx([0, 9], abs=0.01)
    assert ivf.lists_.sum(axis=1).tolist() == [500, 500]


# ---------------------------------------------------------------- product quantization


def test_scores_are_those_of_the_decoded_items(catalog):
    items, queries = catalog
    pq = ProductQuantizer(parts=3, words=16).fit(items)  # parts of 3, 3 and 2 numbers
    assert pq.codes_.shape == (600, 3)
    assert pq.codes_.max() < 16
    np.testing.assert_allclose(pq.scores(queries), queries @ pq.decode().T)
    # Each part became the nearest word of its codebook.
    part, book = items[:, 3:6], pq.codebooks_[1]
    nearest = ((part[:, None] - book) ** 2).sum(axis=2).argmin(axis=1)
    np.testing.assert_allclose(pq.decode()[:, 3:6], book[nearest])


def test_a_word_for_each_value_loses_nothing():
    items = np.array([[1.0, 5.0], [2.0, 5.0], [1.0, 7.0], [2.0, 7.0]])
    items = np.repeat(items, 5, axis=0)
    assert ProductQuantizer(parts=2, words=2).fit(items).decode().tolist() == items.tolist()


# ---------------------------------------------------------------- graphs


def test_narrow_search_stops_where_no_neighbor_is_better_and_a_wide_one_does_not():
    # Items on a line, linked 0–1–2–3: scores 2, 1, 0, 9. From 0, all linked to it are worse.
    items, links = np.array([[2.0], [1.0], [0.0], [9.0]]), [[1], [0, 2], [1, 3], [2]]
    one = np.array([1.0])
    found, looked = graph_search(links, items, one, 0, k=1, width=1)
    assert (found.tolist(), looked) == ([0], 2)
    found, looked = graph_search(links, items, one, 0, k=1, width=3)
    assert (found.tolist(), looked) == ([3], 4)


def test_widest_search_finds_all_that_can_be_reached(catalog):
    items, queries = unit_rows(catalog[0]), unit_rows(catalog[1])
    links = small_world(items, degree=4)
    exact = exact_search(items, queries)
    for query, right in zip(queries, exact, strict=True):
        found, looked = graph_search(links, items, query, start=7, width=600)
        assert found.tolist() == right.tolist()
        assert looked == 600


def test_small_world_links_each_new_item_to_the_nearest_that_are_there(catalog):
    items = unit_rows(catalog[0][:60])
    links = small_world(items, degree=3, random_state=5)
    order = np.random.default_rng(5).permutation(60)
    expected = {i: set() for i in range(60)}
    for place in range(1, 60):
        new, there = order[place], order[:place]
        for near in sorted(there, key=lambda i: -(items[i] @ items[new]))[:3]:
            expected[new].add(int(near))
            expected[near].add(int(new))
    assert [set(near.tolist()) for near in links] == list(expected.values())


# ---------------------------------------------------------------- what is refused


NOTHING = [[]] * 600


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x, q: exact_search(x, q[0]), r"write vector\[None\]"),
        (
            lambda x, q: exact_search(with_rows(x, [3, 9], np.nan), q),
            r"items: 2 of 600 .*first 3, 9",
        ),
        (lambda x, q: exact_search(x, q[:, :7]), "have 7 numbers each, the items 8"),
        (lambda x, q: exact_search(x, q, 601), "between 1 and the 600 items; got 601"),
        (lambda x, q: exact_search(x, q, 2.5), "k is a whole number, 1 or more"),
        (lambda x, q: rank_candidates(everything(x, q[:3]), x, q), r"need \(50, 600\)"),
        (lambda x, q: unit_rows(with_rows(x, [4], 0)), "1 of 600 rows have length 0"),
        (lambda x, q: inner_product_to_cosine(0 * x, q), "all vectors have length 0"),
        (lambda x, q: HyperplaneLSH(bits=40).fit(x), "bits is 16 at most; got 40"),
        (lambda x, q: InvertedFile(cells=601).fit(x), "601 of them need as many items"),
        (lambda x, q: ProductQuantizer(parts=9).fit(x), "9 of them need as many numbers"),
        (lambda x, q: ProductQuantizer(words=512).fit(x), "words is at most 256"),
        (lambda x, q: graph_search(NOTHING, x, q[0], 0, width=5), "k is at most width, 5; got 10"),
        (lambda x, q: graph_search(NOTHING, x, q[0], 600), "start is the position of one"),
        (lambda x, q: graph_search(NOTHING, x, q[0], -1), "start is a whole number, 0 or more"),
        (lambda x, q: graph_search([[]], x, q[0], 0), "links are of 1 items; there are 600"),
        (lambda x, q: graph_search(NOTHING, x, q[0] * np.nan, 0), "query: 1 of 1 rows hold NaN"),
        (lambda x, q: search_recall(q[:2], q[:3]), "found is of 2 queries, exact of 3"),
        (lambda x, q: search_recall([1, 2], [1, 2]), r"not the shapes \(2,\) and \(2,\)"),
        (
            lambda x, q: search_recall([[1, 2]], [[1, -1]]),
            "exact: 1 of 1 rows hold -1, which is no",
        ),
    ],
)
def test_what_cannot_be_searched_is_refused(catalog, call, message):
    with pytest.raises(ValueError, match=message):
        call(*catalog)
