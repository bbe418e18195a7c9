"""Scores from implicit feedback by neighbors: sums of votes.

The scores of users × items are the product of two sparse matrices. Each user and each item is
looked at with few others, so the product is sparse, too, and is computed in batches.
"""

from collections.abc import Iterator

import numpy as np
from scipy import sparse

from helpers.similarity.products import largest_of_product
from helpers.similarity.ranking import best_first
from helpers.similarity.rows import batches, keep_largest, product_batches
from helpers.similarity.threads import in_threads

CELLS = 1_000_000  # scores of a batch


def score_pairs(
    left: sparse.csr_array, right: sparse.csr_array, row: np.ndarray, column: np.ndarray
) -> np.ndarray:
    """Return some cells of the product of two matrices.

    Examples
    --------
    >>> X = sparse.csr_array([[1.0, 2.0], [0.0, 3.0]])
    >>> score_pairs(X, X, np.array([1, 0]), np.array([1, 1])).tolist()  # 3·3, 1·2 + 2·3
    [9.0, 8.0]
    """
    scores = np.zeros(len(row))
    asked, place = np.unique(row, return_inverse=True)

    def work(batch: np.ndarray) -> None:
        pairs = np.flatnonzero((place >= batch[0]) & (place <= batch[-1]))
        block = (left[asked[batch]] @ right).toarray()
        scores[pairs] = block[place[pairs] - batch[0], column[pairs]]

    in_threads(work, batches(np.arange(len(asked)), CELLS // right.shape[1]))
    return scores


def best_products(left: sparse.csr_array, right: sparse.csr_array, k: int) -> Iterator[tuple]:
    """Yield batches of rows of the product, and the row, column and score of their k largest.

    Examples
    --------
    >>> X = sparse.csr_array([[1.0, 2.0], [0.0, 3.0]])
    >>> [[part.tolist() for part in batch] for batch in best_products(X, X, k=1)]
    [[[0, 1], [0, 1], [1, 1], [8.0, 9.0]]]
    """
    scores = largest_of_product(left, right, k)

    def work(batch: np.ndarray) -> tuple:
        best = keep_largest(scores(batch), k)
        row = np.repeat(np.arange(len(batch)), np.diff(best.indptr))
        order = best_first(best.data, row)
        return batch, row[order], best.indices[order], best.data[order]

    yield from in_threads(work, product_batches(left, right))
