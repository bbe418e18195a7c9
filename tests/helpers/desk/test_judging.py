import pandas as pd
import pytest

from helpers.desk.judging import judge


def test_the_best_label_is_judged_if_it_is_alone():
    scores = [[0.1, 0.9, 0.2], [0.0, 0.0, 0.0], [0.5, 0.5, 0.1], [0.3, 0.2, 0.1]]
    right = pd.Series(["B", "A", "A", None], index=[7, 3, 5, 9])
    found = judge(scores, ["A", "B", "C"], right)
    assert found.index.tolist() == [7, 3, 5, 9]
    assert found["label"].tolist() == ["B", "A", "A", "A"]
    assert found["score"].tolist() == [0.9, 0.0, 0.5, 0.3]
    # Of equal scores none is chosen, and where nothing is right no label is.
    assert found["right"].tolist() == [True, False, False, False]


def test_shapes_must_agree():
    with pytest.raises(ValueError, match=r"shape \(1, 2\) for 2 questions and 2 labels"):
        judge([[0.1, 0.2]], ["A", "B"], pd.Series(["A", "B"]))
