"""Look-alikes: how often the pictures with the nearest vectors show the same kind of item."""

from collections.abc import Sequence

import numpy as np


def look_alike_precision(vectors: np.ndarray, kinds: Sequence, k: int = 10) -> np.ndarray:
    """Return, for each picture, the share of its k nearest others that show the same kind.

    Nearest are those with the highest cosine; a picture does not count as its own look-alike.

    Parameters
    ----------
    vectors : one row of numbers for each picture, such as its pixels; a row of zeros resembles
        nothing.
    kinds : the kind of each, such as its category.
    k : number of look-alikes, less than the number of pictures.

    Returns
    -------
    Array of shares in [0, 1], shape (pictures,): precision at k.

    Examples
    --------
    >>> vectors = np.array([[4, 0], [3, 1], [1, 5], [2, 6]])
    >>> look_alike_precision(vectors, ["bag", "bag", "boot", "bag"], k=1).tolist()
    [1.0, 1.0, 0.0, 0.0]
    """
    vectors, kind = np.asarray(vectors, float), np.asarray(kinds)
    if vectors.ndim != 2 or len(kind) != len(vectors) or not 1 <= k < len(vectors):
        raise ValueError(
            "look_alike_precision takes a row of numbers and a kind for each picture, and k below "
            f"their number; got vectors of shape {vectors.shape}, {len(kind)} kinds, k = {k}."
        )
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0)
    cosine = unit @ unit.T
    np.fill_diagonal(cosine, -np.inf)
    nearest = np.argsort(-cosine, axis=1, kind="stable")[:, :k]
    return (kind[nearest] == kind[:, None]).mean(axis=1)
