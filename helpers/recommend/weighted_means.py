"""Predictions of ratings by neighbors: weighted means of how they deviate from the expected."""

import numpy as np
from scipy import sparse

from helpers.similarity.ranking import best_first, largest
from helpers.similarity.rows import length_buckets, pad_rows
from helpers.similarity.search import Comparison
from helpers.similarity.threads import in_threads


class WeightedMeans:
    """Weighted mean of the deviations of the k nearest raters N of a column, for a row u.

        Σ_{v∈N} s_uv d_vi / Σ_{v∈N} |s_uv|

    Rows are users and columns items, or the other way round; the raters of a column are the rows
    that have a rating in it.

    Parameters
    ----------
    comparison : similarities of the rows.
    raters : csr_array, shape (columns, rows), of ratings.
    deviations : d_vi, in the order of ``raters.data``.
    k, min_k : greatest and least number of neighbors.
    min_sim : least similarity of a neighbor.

    Examples
    --------
    Row 0 has not rated column 2; rows 1 and 2 deviate there by 1 and -1, similarities 1/2 and 1/6.

    >>> comparison = Comparison([[4, 4, np.nan], [3, 5, 3], [2, 5, 4]], "msd")
    >>> raters, deviations = sparse.csr_array([[0.0, 0, 0], [0, 0, 0], [0, 3, 4]]), [1.0, -1.0]
    >>> means = WeightedMeans(comparison, raters, np.array(deviations), 2, 1, 0.0)
    >>> means.of_pairs(np.array([0]), np.array([2])).round(4).tolist()
    [0.2727]
    """

    def __init__(
        self,
        comparison: Comparison,
        raters: sparse.csr_array,
        deviations: np.ndarray,
        k: int,
        min_k: int,
        min_sim: float,
    ):
        self.comparison, self.raters, self.deviations = comparison, raters, deviations
        self.k, self.min_k, self.min_sim = k, min_k, min_sim
        self.counts = np.diff(raters.indptr)

    def of_pairs(self, row: np.ndarray, column: np.ndarray) -> np.ndarray:
        """Return the mean of each pair, NaN where there are fewer than min_k neighbors."""
        means = np.empty(len(row))
        asked, place = np.unique(row, return_inverse=True)

        def work(batch: np.ndarray) -> None:
            similarity = self.comparison.candidates(asked[batch], self.min_sim)
            pairs = np.flatnonzero((place >= batch[0]) & (place <= batch[-1]))
            for bucket in length_buckets(self.counts[column[pairs]]):
                pair = pairs[bucket]
                means[pair] = self._means(similarity, place[pair] - batch[0], column[pair])

        in_threads(work, self.comparison.batches(np.arange(len(asked))))
        return means

    def of_grid(self, row: np.ndarray, column: np.ndarray) -> np.ndarray:
        """Return the means of all rows with all columns, shape (rows, columns), likewise."""
        means = np.empty((len(row), len(column)))
        similarity = self.comparison.candidates(row, self.min_sim)
        within = np.arange(len(row))[:, None]
        for bucket in length_buckets(len(row) * self.counts[column]):
            means[:, bucket] = self._means(similarity, within, column[bucket])
        return means

    def neighbors(self, row: int, column: int) -> tuple[np.ndarray, np.ndarray]:
        """Return where the neighbors' ratings are stored in ``raters``, nearest first, and s."""
        start, stop = self.raters.indptr[column], self.raters.indptr[column + 1]
        similarity = self.comparison.candidates([row], self.min_sim)
        similarity = similarity[0, self.raters.indices[start:stop]]
        near = np.flatnonzero(largest(similarity[None], self.k))
        near = near[best_first(similarity[near])]
        return start + near, similarity[near]

    def _means(self, similarity: np.ndarray, row: np.ndarray, column: np.ndarray) -> np.ndarray:
        place, padding = pad_rows(self.raters.indptr, column)
        raters, deviations = self.raters.indices.take(place), self.deviations.take(place)
        s = similarity.take(row[..., None] * similarity.shape[1] + raters)
        np.copyto(s, -np.inf, where=padding)
        near = largest(s.reshape(-1, s.shape[-1]), self.k).reshape(s.shape)
        np.copyto(s, 0, where=~near)
        above, below = np.einsum("...n,...n", s, deviations), np.abs(s).sum(axis=-1)
        enough = np.count_nonzero(near, axis=-1) >= self.min_k
        return np.divide(above, below, out=np.full(below.shape, np.nan), where=enough)
