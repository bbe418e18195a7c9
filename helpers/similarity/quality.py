"""How good neighbors are, where the true similarity is known, as in a simulated shop."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.similarity.measures import MEASURES, damping_factor
from helpers.similarity.ranking import largest
from helpers.similarity.ratings import Overlap, as_sparse

UNKNOWN = -1e300  # below every similarity: what is undefined is taken only if nothing else is left


def neighbor_quality(
    scores: ArrayLike, truth: ArrayLike, rows: ArrayLike, k: int = 10
) -> np.ndarray:
    """Mean true similarity of the k neighbors that have the largest scores, for each row.

    Nobody is their own neighbor. A shop shows k neighbors in any case: if fewer have a score, the
    first of the others fill up the list. Of ties, too, the first are taken.

    Parameters
    ----------
    scores : what is ranked, such as a similarity, shape (rows, others); NaN where undefined.
    truth : true similarities, of the same shape.
    rows : the column of each row itself.
    k : how many neighbors.

    Returns
    -------
    Array with one mean for each row.

    Examples
    --------
    The first of four users; the second and the fourth have the largest scores.

    >>> neighbor_quality([[1, 0.9, 0.1, 0.5]], [[1, 0.2, 0.8, 0.4]], rows=[0], k=2).round(4)
    array([0.3])
    """
    scores = np.array(scores, float)
    scores[np.isnan(scores)] = UNKNOWN
    scores[np.arange(len(scores)), np.asarray(rows)] = -np.inf
    nearest = largest(scores, k)
    return np.where(nearest, truth, 0).sum(axis=1) / nearest.sum(axis=1)


def measure_quality(
    X: ArrayLike, truth: ArrayLike, rows: ArrayLike, dampings: Iterable[float] = (0,), k: int = 10
) -> pd.DataFrame:
    """Quality of the neighbors that each measure finds with each damping.

    Parameters
    ----------
    X : rating matrix, shape (users, items), as in `cosine`; transposed, to compare items.
    truth : true similarities of some rows with all rows, shape (rows, users).
    rows : which rows of X these are.
    dampings : values of λ, see `damping_factor`.
    k : how many neighbors, see `neighbor_quality`.

    Returns
    -------
    DataFrame, one row for each of ``rows``; its columns have two levels, ``damping`` and
    ``measure``.

    Examples
    --------
    Ben is the neighbor of Ana whatever the measure, and 0.7 is their true similarity.

    >>> X = [[5, 3, 4], [5, 3, 4], [1, 5, 2]]
    >>> quality = measure_quality(X, [[1, 0.7, -0.2]], rows=[0], dampings=[25], k=1)
    >>> quality[25][["cosine", "pearson"]]
    measure  cosine  pearson
    0           0.7      0.7
    """
    ratings = as_sparse(X)
    chosen = ratings[np.asarray(rows)]
    overlap = Overlap(ratings).moments(chosen)(0, 0)
    factors = {damping: damping_factor(overlap, damping=damping) for damping in dampings}
    found = {}
    for name, measure in MEASURES.items():
        scores = measure(chosen, ratings)
        for damping, factor in factors.items():
            found[damping, name] = neighbor_quality(scores * factor, truth, rows, k)
    return pd.DataFrame(found).rename_axis(columns=["damping", "measure"]).sort_index(axis=1)
