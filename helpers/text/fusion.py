"""Rank fusion: one ranking from several, without comparing their scores."""

from collections.abc import Sequence

import numpy as np


def reciprocal_rank_fusion(scores: Sequence[np.ndarray], k: float = 60) -> np.ndarray:
    """Return the fused score of each document: Σ 1 / (k + rank), summed over the searches.

    The rank of a document is 1 plus the number of documents with a higher score, so equal scores
    share a rank. What a search gives the score 0 it has not found, and it adds nothing.

    Parameters
    ----------
    scores : for each search, the scores of all documents, ≥ 0 or cosines.
    k : how little the first places stand out; 60 in the paper.

    Returns
    -------
    Array, one number for each document.

    References
    ----------
    Cormack, Clarke & Büttcher (2009), Reciprocal rank fusion outperforms Condorcet and individual
    rank learning methods, SIGIR '09, https://doi.org/10.1145/1571941.1572114

    Examples
    --------
    >>> keywords, embeddings = np.array([3.0, 0.0, 1.0]), np.array([0.2, 0.6, 0.5])
    >>> (1 / reciprocal_rank_fusion([keywords, embeddings])).round(1).tolist()
    [31.0, 61.0, 31.0]
    """
    table = np.atleast_2d(np.asarray(scores, float))
    if not np.isfinite(table).all() or not k >= 0:
        raise ValueError(
            "reciprocal_rank_fusion takes finite scores, as many from each search, and k ≥ 0; got "
            f"{np.sum(~np.isfinite(table))} scores that are not finite, and k = {k}."
        )
    ranks = 1 + (table[:, None, :] > table[:, :, None]).sum(axis=2)
    return np.where(table != 0, 1 / (k + ranks), 0).sum(axis=0)
