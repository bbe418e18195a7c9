"""Approximate nearest neighbors beside exact search.

``.venv-spark/bin/python -m tools.benchmarks.neighbors_at_scale`` measures recall against
milliseconds on one core, in some minutes, and writes ``data/scale/neighbors.csv``, which lesson 17c
reads; faiss, which the extra spark has, is measured there, too.
"""

import functools
import time
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from helpers.data.shop import simulate_ratings
from helpers.recommend.implicit import ImplicitALS
from helpers.similarity.approximate import exact_search, rank_candidates, search_recall, unit_rows
from helpers.similarity.at_scale import FILE
from helpers.similarity.indexes import InvertedFile
from tools import env
from tools.bench import Against

SIZES = (10_000, 30_000, 100_000)  # items
QUERIES, K = 500, 10
FACTORS, NOISE = 32, 0.3  # of the vectors; the noise in standard deviations of the items
PROBES = (1, 2, 4, 8, 16, 32, 64)
LINKS, CARE = 16, 80  # of HNSW: links per item and layer, and ef while it is built
WIDTHS = (10, 20, 40, 80, 160, 320)  # ef of HNSW while it is searched
Vectors = tuple[np.ndarray, np.ndarray]


@functools.cache
def factors() -> np.ndarray:
    """Return the item vectors of a matrix factorization of ten thousand items."""
    rated = simulate_ratings("article").assign(rating=1)
    return ImplicitALS(FACTORS, alpha=5, epochs=5).fit(rated).item_factors_


@functools.cache
def vectors(items: int) -> Vectors:
    """Return items and queries of length 1: a smoothed bootstrap of the item vectors."""
    real, rng = factors(), np.random.default_rng(0)
    noise = NOISE * np.linalg.cholesky(np.cov(real.T)).T

    def draw(n: int) -> np.ndarray:
        drawn = real[rng.integers(len(real), size=n)]
        return unit_rows(drawn + rng.normal(size=drawn.shape) @ noise)

    return draw(items), draw(QUERIES)


@functools.cache
def inverted_file(items: int) -> InvertedFile:
    """Return ours, with √n cells."""
    return InvertedFile(round(items**0.5)).fit(vectors(items)[0])


def probe(items: int, probe: int) -> np.ndarray:
    """Search by ours."""
    x, q = vectors(items)
    return rank_candidates(inverted_file(items).candidates(q, probe), x, q, K)


def exact(items: int, _: int = 0) -> np.ndarray:
    """Search by looking at all."""
    return exact_search(*vectors(items), K)


# ---------------------------------------------------------------- faiss, which has float32


def faiss_exact(items: int, _: int) -> np.ndarray:
    """Search by looking at all, too."""
    import faiss

    x, q = (each.astype(np.float32) for each in vectors(items))
    return faiss.knn(q, x, K)[1]


@functools.cache
def faiss_index(parameter: str, items: int):
    """Return an index whose search has this parameter: an inverted file, or a graph."""
    import faiss

    x = vectors(items)[0].astype(np.float32)
    if parameter == "nprobe":
        cells = faiss.IndexFlatL2(FACTORS)
        index = faiss.IndexIVFFlat(cells, FACTORS, round(items**0.5), faiss.METRIC_L2)
        index.train(x)
    else:
        index = faiss.IndexHNSWFlat(FACTORS, LINKS)
        index.hnsw.efConstruction = CARE
    index.add(x)
    return index


def faiss_find(parameter: str, items: int, setting: int) -> np.ndarray:
    """Search with an index of faiss."""
    import faiss

    index = faiss_index(parameter, items)
    faiss.ParameterSpace().set_index_parameter(index, parameter, setting)
    return index.search(vectors(items)[1].astype(np.float32), K)[1]


# ---------------------------------------------------------------- recall against milliseconds


def measure(items: int) -> Iterator[tuple]:
    """Yield items, method, setting, recall, milliseconds per query, and seconds to build."""
    vectors(items)
    right = exact(items)
    methods = {
        "exact, NumPy": (vectors, exact, (0,)),
        "exact, faiss": (vectors, faiss_exact, (0,)),
        "IVF, course": (inverted_file, probe, PROBES),
        "IVF, faiss": (partial(faiss_index, "nprobe"), partial(faiss_find, "nprobe"), PROBES),
        "HNSW, faiss": (partial(faiss_index, "efSearch"), partial(faiss_find, "efSearch"), WIDTHS),
    }
    for method, (build, search, settings) in methods.items():
        _, built = timed(partial(build, items))
        for setting in settings:
            tries = [timed(partial(search, items, setting)) for _ in range(3)]
            found, took = min(tries, key=lambda each: each[1])
            recall = search_recall(found, right).mean()
            yield items, method, setting, recall, 1_000 * took / QUERIES, built


def timed(work: Callable) -> tuple[object, float]:
    """Do the work; return its result and how many seconds it took."""
    started = time.perf_counter()
    return work(), time.perf_counter() - started


def main() -> None:
    """Measure, and write the file once all is measured."""
    env.enter("spark")
    import faiss

    faiss.omp_set_num_threads(1)
    rows = []
    with threadpool_limits(1):
        for items in SIZES:
            rows += measure(items)
            print(f"{items:,} items are measured", flush=True)
    columns = ["items", "method", "setting", "recall", "milliseconds", "build_seconds"]
    table = pd.DataFrame(rows, columns=columns)
    table.round(4).to_csv(FILE, index=False, lineterminator="\n")


def nearly_all(ours: np.ndarray, theirs: np.ndarray) -> None:
    """Demand nine of ten neighbors."""
    assert search_recall(ours, theirs).mean() > 0.9


WORK = f"10 nearest of 100,000 items, {QUERIES} queries"
ROWS = [
    Against(
        work=f"{WORK}, recall above 0.9",
        peer="exact search, NumPy",
        goal=0.3,  # a tenth of the work, and slower: one matrix product uses the processor better
        ours=lambda: probe(100_000, 32),
        theirs=lambda: exact(100_000),
        same=nearly_all,
    )
]

if __name__ == "__main__":
    main()
