"""BM25: rank documents by the words that they share with a query."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable

import numpy as np

from helpers.text.words import words


class BM25:
    """Okapi BM25, over an inverted index.

    With N documents, n(w) of them with the word w, f(w, d) the times that w is in document d, |d|
    the words of d, and L their mean, the score of a document for a query is

        Σ idf(w) · f(w, d) (k1 + 1) / (f(w, d) + k1 (1 − b + b |d| / L)),
        idf(w) = ln(1 + (N − n(w) + 0.5) / (n(w) + 0.5))

    summed over the words of the query; a word that is there twice counts twice. The 1 in the
    logarithm (Lucene's variant) keeps the idf of a word that most documents hold above 0.

    Parameters
    ----------
    k1 : how much more a word counts that is there several times; 0 counts each word once.
    b : from 0 (a long document has no disadvantage) to 1 (its words are counted per length).

    Attributes
    ----------
    index_ : inverted index: word → {number of a document: times that the word is in it}.
    lengths_ : words of each document.

    References
    ----------
    Robertson & Zaragoza (2009), The probabilistic relevance framework: BM25 and beyond,
    Foundations and Trends in Information Retrieval 3(4), https://doi.org/10.1561/1500000019

    Examples
    --------
    >>> search = BM25().fit(["Return a mug", "Cancel an order", "Pay for an order"])
    >>> search.scores("How do I cancel?").round(2).tolist()
    [0.0, 0.98, 0.0]
    """

    def __init__(self, k1: float = 1.5, b: float = 0.75) -> None:
        if not k1 >= 0 or not 0 <= b <= 1:
            raise ValueError(f"BM25 takes k1 ≥ 0 and b from 0 to 1; got k1 = {k1}, b = {b}.")
        self.k1, self.b = k1, b

    def fit(self, documents: Iterable[str]) -> "BM25":
        """Build the inverted index of some documents, which are texts."""
        if isinstance(documents, str):
            raise ValueError(f"BM25.fit takes a list of texts; got one text: {documents[:40]!r}.")
        counts = [Counter(words(document)) for document in documents]
        self.lengths_ = np.array([each.total() for each in counts])
        if not self.lengths_.any():
            raise ValueError("BM25.fit: no document has a word. Pass at least one that has.")
        self.index_ = defaultdict(dict)
        for number, each in enumerate(counts):
            for word, times in each.items():
                self.index_[word][number] = times
        self.index_ = dict(self.index_)
        return self

    def idf(self, word: str) -> float:
        """Return the inverse document frequency of a word; 0 if no document holds it."""
        holding = len(self.index_.get(word, ()))
        ratio = (len(self.lengths_) - holding + 0.5) / (holding + 0.5)
        return math.log(1 + ratio) if holding else 0.0

    def scores(self, query: str) -> np.ndarray:
        """Return the score of each document; 0 for those that share no word with the query."""
        scores = np.zeros(len(self.lengths_))
        length = 1 - self.b + self.b * self.lengths_ / self.lengths_.mean()
        for word in words(query):
            idf = self.idf(word)
            for number, times in self.index_.get(word, {}).items():
                saturated = times * (self.k1 + 1) / (times + self.k1 * length[number])
                scores[number] += idf * saturated
        return scores
