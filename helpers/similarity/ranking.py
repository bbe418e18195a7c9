"""Ranking by scores: what counts as a tie, and how ties are ordered.

Two scores that are equal on paper often differ in the last of their 16 digits, because their terms
were added in another order: (5·a + 5·b) / (a + b) need not be 5. So every ranking of this course
compares scores rounded to ten significant digits, and keeps ties in the order of their positions.
Only the order follows the rounded scores. The scores themselves stay as they are.
"""

import numpy as np
from numpy.typing import ArrayLike

DROPPED = 20  # of the 53 bits of a number; the 33 that are left are ten digits
TIED = 2.0**-32  # scores whose relative difference is larger are never tied
NOISE = 1e-12  # similarities, and sums of them, that are closer to 0 count as 0


def rounded(scores: ArrayLike) -> np.ndarray:
    """Round to 33 bits, ten significant digits; NaN and infinity stay.

    Bits are rounded as integers, which takes a fraction of the time of `numpy.round`. A score is
    always rounded to the same number, no matter what it is ranked with, so parts of a list rank
    like the whole list.

    Examples
    --------
    >>> bool(0.1 + 0.2 == 0.3), bool(rounded(0.1 + 0.2) == rounded(0.3))
    (False, True)
    """
    bits = np.asarray(scores, float).view(np.int64) + (1 << DROPPED - 1)
    bits &= -1 << DROPPED
    return bits.view(float)


def best_first(scores: ArrayLike, rows: ArrayLike | None = None) -> np.ndarray:
    """Return the positions of scores in descending order, ties in the order of their positions.

    Parameters
    ----------
    scores : array of n scores.
    rows : the row of each score; if given, the scores are sorted by row first.

    Examples
    --------
    >>> best_first([0.3, 7, 0.1 + 0.2]).tolist()
    [1, 0, 2]
    """
    descending = -rounded(scores)
    return np.lexsort([descending] if rows is None else [descending, np.asarray(rows)])


def best_first_of_rows(scores: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Return the same as `best_first` for scores that stand row after row.

    Many short lists are sorted faster than one long one.

    Parameters
    ----------
    scores : array of n scores, row by row.
    lengths : how many scores each row has.

    Examples
    --------
    >>> best_first_of_rows(np.array([1.0, 3.0, 2.0]), np.array([2, 1])).tolist()
    [1, 0, 2]
    """
    place = np.arange(lengths.max(initial=0))
    filled = place < lengths[:, None]
    descending = np.full(filled.shape, np.inf)
    descending[filled] = -rounded(scores)
    order = np.argsort(descending, axis=1, kind="stable")
    order += (np.cumsum(lengths) - lengths)[:, None]
    return order[filled]


def largest(scores: np.ndarray, k: int) -> np.ndarray:
    """Mark the k largest scores of each row; of ties at the edge, the first.

    Parameters
    ----------
    scores : array, shape (rows, columns); -inf is never marked.
    k : how many, 1 or more; rows with fewer have them all marked.

    Returns
    -------
    Boolean array of the same shape.

    Examples
    --------
    >>> largest(np.array([[1.0, 3.0, 1.0, -np.inf]]), k=2).tolist()
    [[True, True, False, False]]
    """
    marked = scores > -np.inf
    columns = scores.shape[1]
    if k >= columns:
        return marked
    edge = np.partition(scores, columns - k, axis=1)[:, columns - k, None]
    marked &= scores >= edge - TIED * np.abs(edge)
    crowded = np.flatnonzero(np.count_nonzero(marked, axis=1) > k)
    near, edge = rounded(scores[crowded]), rounded(edge[crowded])
    above, tied = near > edge, near == edge
    room = k - above.sum(axis=1, keepdims=True)
    marked[crowded] = above | (tied & (tied.cumsum(axis=1) <= room))
    return marked
