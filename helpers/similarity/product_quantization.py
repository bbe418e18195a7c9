"""Product quantization: a few bytes per vector."""

from typing import Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from helpers.data.checks import require_whole
from helpers.similarity.approximate import as_rows, require_width
from helpers.similarity.indexes import centroids


class ProductQuantizer(BaseEstimator):
    """Keep a vector as a few small numbers, and estimate dot products from them.

    A vector is cut into parts. k-means learns a codebook for each part, and of each part only the
    number of the nearest centroid is kept. So the dot product with a query is estimated by

        xᵀy ≈ Σ_m x_mᵀ c_m[code_m]

    whose terms are looked up in a table of parts × words for each query.

    Parameters
    ----------
    parts : number of parts, at most d.
    words : size of each codebook, at most 256; a code takes log₂(words) bits.
    random_state : seed of k-means.

    Attributes
    ----------
    codebooks_ : list of arrays, one for each part, shape (words, width of the part).
    codes_ : array of uint8, shape (n, parts).

    References
    ----------
    H. Jégou, M. Douze & C. Schmid (2011), Product quantization for nearest neighbor search, IEEE
    TPAMI 33(1), 117–128, doi:10.1109/TPAMI.2010.57

    Examples
    --------
    Two parts of one number each; 1 and 2 become 1.5, 10 stays.

    >>> items = [[1, 10], [2, 0], [10, 0]]
    >>> ProductQuantizer(parts=2, words=2).fit(items).scores([[1, 1]])
    array([[11.5,  1.5, 10. ]])
    """

    def __init__(self, parts: int = 8, words: int = 16, random_state: int = 0):
        self.parts = parts
        self.words = words
        self.random_state = random_state

    def fit(self, items: ArrayLike) -> Self:
        """Learn the codebooks, and encode the items."""
        items = as_rows("items", items)
        require_whole("parts", self.parts)
        require_whole("words", self.words)
        if self.parts > items.shape[1]:
            raise ValueError(
                f"parts: {self.parts} of them need as many numbers in a vector; it has "
                f"{items.shape[1]}."
            )
        if self.words > min(len(items), 256):
            raise ValueError(
                f"words is at most 256, and at most the number of items, {len(items)}; got "
                f"{self.words}."
            )
        cut = np.array_split(items, self.parts, axis=1)
        self.codebooks_ = [centroids(part, self.words, self.random_state) for part in cut]
        nearest = [
            (2 * part @ book.T - (book**2).sum(axis=1)).argmax(axis=1)
            for part, book in zip(cut, self.codebooks_, strict=True)
        ]
        self.codes_ = np.column_stack(nearest).astype(np.uint8)
        return self

    def decode(self) -> np.ndarray:
        """Return what is left of the items: the centroids of their codes, shape (n, d)."""
        check_is_fitted(self)
        codes = zip(self.codebooks_, self.codes_.T, strict=True)
        return np.hstack([book[code] for book, code in codes])

    def scores(self, queries: ArrayLike) -> np.ndarray:
        """Estimate the dot products of queries and items, shape (queries, n)."""
        check_is_fitted(self)
        queries = as_rows("queries", queries)
        require_width(queries, sum(book.shape[1] for book in self.codebooks_))
        cut = np.array_split(queries, self.parts, axis=1)
        scores = np.zeros((len(queries), len(self.codes_)))
        for part, book, code in zip(cut, self.codebooks_, self.codes_.T, strict=True):
            scores += (part @ book.T)[:, code]
        return scores
