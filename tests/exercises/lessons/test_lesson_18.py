"""Answers to lesson 18 that learners give: right ones by another way, and what wrong ones hear."""

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LinearRegression
from sklearn.metrics.pairwise import cosine_similarity

from exercises.lesson_18 import (
    nearest_topic,
)
from helpers.text import tag_negation
from tests.exercises.lessons.answers import are_right, are_told


def pairs_by_scikit_learn(words):
    splits = CountVectorizer(ngram_range=(1, 2), analyzer="word", token_pattern=r"\S+")
    return splits.build_analyzer()(" ".join(words))


def topic_by_scikit_learn(sentences, topics):
    return cosine_similarity(sentences, topics).argmax(axis=1)


def tagged_by_helper(words):
    return tag_negation(" ".join(words)).split()


def precision_by_sorting_backward(cosine, kinds, k):
    far = cosine - 9 * np.eye(len(kinds))
    return [
        np.mean(kinds[row.argsort()[::-1][:k]] == own) for row, own in zip(far, kinds, strict=True)
    ]


def words_by_pandas(weights, names, n):
    return [pd.Series(row, names).nlargest(n).index.tolist() for row in weights]


def oriented_by_a_loop(gx, gy):
    bins = [0.0] * 9
    for x, y in zip(gx, gy, strict=True):
        angle = np.degrees(np.angle(complex(x, y))) % 180
        bins[int(angle / 20)] += abs(complex(x, y))
    return bins


def error_by_a_matrix(item, gain):
    """Return the root of the covariances of all ratings that share an item."""
    deviation = gain - gain.mean()
    shared = item[:, None] == item[None, :]
    return np.sqrt(deviation @ shared @ deviation) / len(gain)


def weights_by_scikit_learn(y, a, b):
    return LinearRegression(fit_intercept=False).fit(np.column_stack([a, b]), y).coef_


test_other_ways_are_right = are_right(
    ("18-1", pairs_by_scikit_learn),
    ("18-3", topic_by_scikit_learn),
    ("18-5", oriented_by_a_loop),
    ("18-6", error_by_a_matrix),
    ("18-8", weights_by_scikit_learn),
    ("18-9", tagged_by_helper),
    ("18-10", precision_by_sorting_backward),
    ("18-11", words_by_pandas),
)


test_further_wrong_answers = are_told(
    ("18-3", lambda s, t: nearest_topic(s, t).astype(str), "text"),
)
