"""Judging a search: whether the best label of each question is the right one."""

from collections.abc import Sequence

import numpy as np
import pandas as pd


def judge(scores: np.ndarray, labels: Sequence[str], right: pd.Series) -> pd.DataFrame:
    """Return the best label of each question, its score, and whether it is the right one.

    A label is right only if it alone has the highest score: a search that gives several labels the
    same score, such as 0, has not chosen one.

    Parameters
    ----------
    scores : score of each label for each question, shape (questions, labels).
    labels : what the columns of ``scores`` stand for, such as ids of pages.
    right : the right label of each question; missing if nothing is right.

    Returns
    -------
    DataFrame, a row for each question, with the index of ``right``: ``label``, ``score``,
    ``right``.

    Examples
    --------
    >>> scores = np.array([[0.2, 0.7], [0.0, 0.0], [0.6, 0.1]])
    >>> judge(scores, ["P1", "P2"], pd.Series(["P2", "P1", None]))["right"].tolist()
    [True, False, False]
    """
    scores, names = np.asarray(scores, float), np.asarray(labels)
    if scores.shape != (len(right), len(labels)):
        raise ValueError(
            "judge takes a row of scores for each question and a column for each label; got shape "
            f"{scores.shape} for {len(right)} questions and {len(labels)} labels."
        )
    highest = scores.max(axis=1)
    alone = (scores == highest[:, None]).sum(axis=1) == 1
    label = names[scores.argmax(axis=1)]
    is_right = alone & (label == right.to_numpy())
    return pd.DataFrame({"label": label, "score": highest, "right": is_right}, right.index)
