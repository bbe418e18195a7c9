import numpy as np
import pytest

from helpers.text.fusion import reciprocal_rank_fusion


def test_by_hand():
    # Ranks 1, 2, 3 and 3, 1, 2 with k = 1: 1/2 + 1/4, 1/3 + 1/2, 1/4 + 1/3.
    fused = reciprocal_rank_fusion([[9, 5, 1], [0.1, 0.9, 0.5]], k=1)
    assert fused == pytest.approx([3 / 4, 5 / 6, 7 / 12])


def test_what_a_search_has_not_found_gets_nothing_from_it():
    # The first search found one page only. Were the others tied for rank 2, they would get 1/62.
    assert reciprocal_rank_fusion([[2, 0, 0]]) == pytest.approx([1 / 61, 0, 0])
    assert not reciprocal_rank_fusion([[0, 0]]).any()


def test_equal_scores_share_the_better_rank():
    assert reciprocal_rank_fusion([[5, 5, 1]], k=0) == pytest.approx([1, 1, 1 / 3])


def test_only_the_order_of_the_scores_matters():
    rng = np.random.default_rng(1)
    scores = rng.uniform(0.1, 1, (3, 20))
    stretched = [np.exp(9 * scores[0]), scores[1] ** 3, scores[2] / 7]
    assert reciprocal_rank_fusion(stretched) == pytest.approx(reciprocal_rank_fusion(scores))
    assert reciprocal_rank_fusion(scores[::-1]) == pytest.approx(reciprocal_rank_fusion(scores))


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="1 scores that are not finite"):
        reciprocal_rank_fusion([[1, np.nan]])
    with pytest.raises(ValueError, match="k = -1"):
        reciprocal_rank_fusion([[1, 2]], k=-1)
