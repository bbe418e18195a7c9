"""Search as faiss does it: exact, by hashing into cells, by product quantization, in a graph."""

import faiss
import numpy as np
import pandas as pd
import pytest

from helpers.similarity import (
    InvertedFile,
    ProductQuantizer,
    exact_search,
    graph_search,
    inner_product_to_cosine,
    load_neighbors_at_scale,
    rank_candidates,
    search_recall,
    small_world,
    unit_rows,
)
from tools.benchmarks import neighbors_at_scale as benchmark


@pytest.fixture(scope="module")
def catalog():
    """Return items of very different lengths, and queries; float32 holds all of their digits."""
    rng = np.random.default_rng(0)
    items = rng.normal(size=(2_000, 16)) * rng.lognormal(0, 0.5, (2_000, 1))
    queries = rng.normal(size=(100, 16))
    return items.astype(np.float32), queries.astype(np.float32)


def test_exact_search_is_that_of_faiss(catalog):
    items, queries = catalog
    peer = faiss.IndexFlatIP(16)
    peer.add(items)
    np.testing.assert_array_equal(exact_search(items, queries), peer.search(queries, 10)[1])


def test_the_added_dimension_makes_distances_of_inner_products(catalog):
    items, queries = catalog
    new_items, new_queries = inner_product_to_cosine(items, queries)
    peer = faiss.IndexFlatL2(17)
    peer.add(new_items.astype(np.float32))
    theirs = peer.search(new_queries.astype(np.float32), 10)[1]
    # Half as many digits may swap two items that are nearly tied.
    assert search_recall(theirs, exact_search(items, queries)).mean() > 0.999


@pytest.mark.parametrize("probe", [1, 4, 20])
def test_inverted_file_with_the_same_cells_finds_the_same(catalog, probe):
    items, queries = (unit_rows(each).astype(np.float32) for each in catalog)
    ours = InvertedFile(cells=40).fit(items)
    cells = faiss.IndexFlatL2(16)
    cells.add(ours.centroids_.astype(np.float32))
    peer = faiss.IndexIVFFlat(cells, 16, 40, faiss.METRIC_L2)
    peer.is_trained = True
    peer.add(items)
    peer.nprobe = probe
    sizes = [peer.invlists.list_size(cell) for cell in range(40)]
    assert ours.lists_.sum(axis=1).tolist() == sizes
    found = rank_candidates(ours.candidates(queries, probe), items, queries)
    assert search_recall(found, peer.search(queries, 10)[1]).mean() > 0.999


def test_product_quantizer_with_the_same_codebooks_gives_the_same_codes_and_scores(catalog):
    items, queries = catalog
    ours = ProductQuantizer(parts=4, words=256).fit(items)
    peer = faiss.IndexPQ(16, 4, 8, faiss.METRIC_INNER_PRODUCT)
    books = np.stack(ours.codebooks_).astype(np.float32)  # parts × words × width
    faiss.copy_array_to_vector(books.ravel(), peer.pq.centroids)
    peer.is_trained = True
    peer.add(items)
    theirs = faiss.vector_to_array(peer.codes).reshape(-1, 4)
    assert (theirs == ours.codes_).mean() > 0.999
    scores, found = peer.search(queries, 10)
    np.testing.assert_allclose(
        np.take_along_axis(ours.scores(queries), found, axis=1), scores, rtol=1e-3
    )


def test_our_small_world_finds_about_as_much_as_the_one_of_faiss(catalog):
    # Faiss searches layers from the top, ours starts anywhere; the lowest layer is the same kind of
    # graph. Both with up to 16 links, and 40 items in mind.
    items, queries = (unit_rows(each).astype(np.float32) for each in catalog)
    exact = exact_search(items, queries)
    peer = faiss.IndexHNSWFlat(16, 8)
    peer.add(items)
    peer.hnsw.efSearch = 40
    theirs = search_recall(peer.search(queries, 10)[1], exact).mean()
    links = small_world(items, degree=8)
    found = [graph_search(links, items, query, 0, width=40)[0] for query in queries]
    ours = search_recall(np.array(found), exact).mean()
    assert ours > 0.8
    assert ours > theirs - 0.1


def test_the_benchmark_writes_what_the_lesson_reads(tmp_path, monkeypatch, capsys):
    vectors = np.random.default_rng(0).normal(size=(500, benchmark.FACTORS))
    monkeypatch.setattr(benchmark, "factors", lambda: vectors)
    monkeypatch.setattr(benchmark, "SIZES", (5_000,))
    monkeypatch.setattr(benchmark, "FILE", tmp_path / "neighbors.csv")
    benchmark.main()
    table, stored = pd.read_csv(benchmark.FILE), load_neighbors_at_scale()
    assert list(table) == list(stored)
    assert len(table) * stored["items"].nunique() == len(stored)
    assert (table.loc[table["method"].str.startswith("exact"), "recall"] > 0.999).all()
    for _, own in table.groupby("method"):
        assert (own["recall"].diff().dropna() > -0.01).all()  # more cells or width, more recall
