"""How good neighbors are: numbers that one can work out by hand."""

import numpy as np
import pytest

from helpers.similarity import measure_quality, neighbor_quality
from helpers.similarity.measures import MEASURES

nan = np.nan


def test_the_k_largest_scores_without_oneself():
    # Of the user in column 2, the largest other scores are 0.9 and 0.6: (0.1 + 0.5) / 2.
    found = neighbor_quality([[0.9, 0.2, 1, 0.6]], [[0.1, 0.7, 1, 0.5]], rows=[2], k=2)
    assert found == pytest.approx([0.3])


def test_what_is_undefined_comes_last_and_ties_in_their_order():
    # First user: -0.5 is the only score, and the first of the others fills up: (0.4 + 0.2) / 2.
    # Second user: of three ties the first two, columns 0 and 2: (0.3 + 0.9) / 2.
    scores = [[1, nan, nan, -0.5], [0.5, 1, 0.5, 0.5]]
    truth = [[1, 0.2, 0.8, 0.4], [0.3, 1, 0.9, 0.1]]
    assert neighbor_quality(scores, truth, rows=[0, 1], k=2) == pytest.approx([0.3, 0.6])


def test_damping_prefers_what_rests_on_more():
    # Ana and Ben agree on two items, so Pearson is 1; Ana and Cleo share four, and it is
    # (2·1 + 1·1 + 1·0 + 2·2) / (√10 · √6) = 0.90. Damped by 2: 1 · 2/4 = 0.5 and 0.90 · 4/6 = 0.60.
    X = [[1, 2, 4, 5], [1, nan, nan, 5], [2, 2, 3, 5]]
    quality = measure_quality(X, [[1, 0.1, 0.8]], rows=[0], dampings=[0, 2], k=1)
    assert quality[0]["pearson"].item() == 0.1
    assert quality[2]["pearson"].item() == 0.8
    assert set(quality[0]) == set(MEASURES)
