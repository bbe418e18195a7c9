"""Answers to lesson 18 that learners give: right ones by another way, and what wrong ones hear."""

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LinearRegression
from sklearn.metrics.pairwise import cosine_similarity

from exercises.engine import course
from exercises.engine.exercise import RIGHT, WRONG, judge
from exercises.lesson_18 import (
    color_shares,
    error_by_item,
    nearest_topic,
    orientation_histogram,
    stacking_weights,
    words_and_pairs,
)
from helpers import images


def pairs_by_scikit_learn(words):
    splits = CountVectorizer(ngram_range=(1, 2), analyzer="word", token_pattern=r"\S+")
    return splits.build_analyzer()(" ".join(words))


def topic_by_scikit_learn(sentences, topics):
    return cosine_similarity(sentences, topics).argmax(axis=1)


def shares_by_helper(picture, bins):
    return images.color_histogram(picture[None], bins)[0]


def shares_by_numpy(picture, bins):
    edges = [np.arange(bins + 1) * 256 / bins] * 3
    return np.histogramdd(picture.reshape(-1, 3), edges)[0].ravel() / picture[..., 0].size


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


@pytest.mark.parametrize(
    ("id", "answer"),
    [
        ("18-1", pairs_by_scikit_learn),
        ("18-3", topic_by_scikit_learn),
        ("18-4", shares_by_helper),
        ("18-4", shares_by_numpy),
        ("18-5", oriented_by_a_loop),
        ("18-6", error_by_a_matrix),
        ("18-8", weights_by_scikit_learn),
    ],
)
def test_other_ways_are_right(id, answer):
    assert judge(course.exercises()[id], answer).mark == RIGHT


@pytest.mark.parametrize(
    ("id", "answer", "says"),
    [
        ("18-1", lambda words: set(words_and_pairs(words)), "gives a set"),
        ("18-3", lambda s, t: nearest_topic(s, t).astype(str), "text"),
        ("18-4", lambda picture, bins: 100 * color_shares(picture, bins), "not right"),
        ("18-5", lambda gx, gy: 2 * orientation_histogram(gx, gy), "not right"),
        ("18-6", lambda item, gain: 2 * error_by_item(item, gain), "not right"),
        ("18-8", lambda y, a, b: stacking_weights(y, a, b).sum(), "gives a number"),
    ],
)
def test_further_wrong_answers(id, answer, says):
    verdict = judge(course.exercises()[id], answer)
    assert verdict.mark == WRONG
    assert says in verdict.diagnosis
