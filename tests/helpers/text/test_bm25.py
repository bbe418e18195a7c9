from math import log

import numpy as np
import pytest

from helpers.text.bm25 import BM25
from helpers.text.words import words

PAGES = ["return mug", "mug mug gift", "gift card balance card", "order parcel"]


def test_the_inverted_index_says_where_each_word_is_and_how_often():
    index = BM25().fit(PAGES).index_
    assert index["mug"] == {0: 1, 1: 2}
    assert index["card"] == {2: 2}
    assert "tent" not in index


def test_scores_by_hand():
    # Lengths 2, 3, 4 and 2, mean 11/4. "mug" is in 2 of 4 pages: idf = ln(1 + 2.5 / 2.5) = ln 2.
    # With k1 = 1 and b = 1: f · 2 / (f + length / mean).
    # Page 0: 2 / (1 + 8/11) = 22/19. Page 1: 4 / (2 + 12/11) = 44/34 = 22/17.
    scores = BM25(k1=1, b=1).fit(PAGES).scores("mug")
    assert scores == pytest.approx([log(2) * 22 / 19, log(2) * 22 / 17, 0, 0])


def test_a_word_that_most_pages_hold_counts_little_but_never_against_a_page():
    # In 3 of 3 pages: ln(1 + 0.5 / 3.5) = ln(8/7).
    search = BM25().fit(["mug", "mug tent", "mug pan"])
    assert search.idf("mug") == pytest.approx(log(8 / 7))
    assert search.idf("nowhere") == 0
    assert (search.scores("mug") > 0).all()


def test_it_agrees_with_a_matrix_of_counts():
    # Found another way: dense counts and array operations instead of an inverted index.
    rng = np.random.default_rng(0)
    vocabulary = [f"word{number}" for number in range(30)]
    pages = [" ".join(rng.choice(vocabulary, rng.integers(5, 40))) for _ in range(20)]
    query = " ".join(rng.choice(vocabulary, 6))
    counts = np.array([[words(page).count(word) for word in vocabulary] for page in pages])
    asked = np.array([words(query).count(word) for word in vocabulary])
    holding, length = (counts > 0).sum(axis=0), counts.sum(axis=1, keepdims=True)
    idf = np.log((len(pages) + 1) / (holding + 0.5))  # 1 + (N − n + 0.5) / (n + 0.5), simplified
    k = 1.2 * (0.4 + 0.6 * length / length.mean())
    expected = (idf * asked * counts * 2.2 / (counts + k)).sum(axis=1)
    assert BM25(k1=1.2, b=0.6).fit(pages).scores(query) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("query", "scores"),
    [
        ("mug gift", [0.7901, 1.6280, 0.5754, 0]),
        ("card card", [0, 0, 3.0014, 0]),
        ("order return balance", [1.3724, 0, 0.9995, 1.3724]),
    ],
)
def test_it_agrees_with_the_package_bm25s(query, scores):
    # Figures of bm25s 0.3.16 with method="lucene", times k1 + 1, which Lucene leaves out.
    assert BM25().fit(PAGES).scores(query) == pytest.approx(scores, abs=1e-4)


def test_a_query_without_a_known_word_finds_nothing():
    search = BM25().fit(PAGES)
    assert not search.scores("").any()
    assert not search.scores("what is that?").any()
    assert not search.scores("退款").any()


def test_words_are_lowercase_and_without_stop_words():
    assert words("Where's MY Größe-40 mug?") == ["größe", "40", "mug"]
    assert words("") == []


def test_bad_input_is_named():
    with pytest.raises(ValueError, match=r"one text: 'return mug'"):
        BM25().fit("return mug")
    with pytest.raises(ValueError, match="no document has a word"):
        BM25().fit(["", "the of and"])
    with pytest.raises(ValueError, match=r"b from 0 to 1; got k1 = 1.5, b = 2"):
        BM25(b=2)
    with pytest.raises(ValueError, match="got nan"):
        words(float("nan"))
