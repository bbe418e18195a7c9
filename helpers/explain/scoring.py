"""What every explanation needs: a score, a background, and a score with features removed."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from helpers.data import checks

Score = Callable[[pd.DataFrame], np.ndarray]


def require_features(background: pd.DataFrame, features: pd.DataFrame) -> None:
    """Check that both tables have rows, and the same columns of numbers, in the same order.

    Examples
    --------
    >>> require_features(pd.DataFrame({"a": [1], "b": [2]}), pd.DataFrame({"a": [1]}))
    Traceback (most recent call last):
        ...
    ValueError: background has the columns a, b and features has a. Take the same columns in the
    same order: background[features.columns].
    """
    if list(background) != list(features):
        ours, theirs = ", ".join(map(str, background)), ", ".join(map(str, features))
        raise ValueError(
            f"background has the columns {ours} and features has {theirs}. Take the same columns "
            "in the same order: background[features.columns]."
        )
    names = [str(name) for name in features]  # an array's columns are numbered
    for table in (background, features):
        checks.require(table.set_axis(names, axis=1), **dict.fromkeys(names, "number?"))


def scores(score: Score, table: pd.DataFrame) -> np.ndarray:
    """Return the score of each row; refuse anything but one finite number per row.

    Examples
    --------
    >>> scores(lambda table: np.log(table["a"]), pd.DataFrame({"a": [1, 0]}))
    Traceback (most recent call last):
        ...
    ValueError: score returns no finite number for 1 of 2 rows (first: {'a': 0}). Explain a score
    that is finite everywhere: log-odds of clipped probabilities, for example.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.asarray(score(table), float)
    if found.shape != (len(table),):
        raise ValueError(
            f"score returns the shape {found.shape} for {len(table)} rows. Return one number per "
            "row: model.predict_proba(table)[:, 1], for example."
        )
    wrong = ~np.isfinite(found)
    if wrong.any():
        raise ValueError(
            f"score returns no finite number for {wrong.sum():,} of {len(table):,} rows (first: "
            f"{table[wrong].iloc[0].to_dict()}). Explain a score that is finite everywhere: "
            "log-odds of clipped probabilities, for example."
        )
    return found


def kept(
    score: Score, background: pd.DataFrame, features: pd.DataFrame, keep: np.ndarray
) -> np.ndarray:
    """Return the score of each row if it keeps only some features.

        v_x(S) = 1/m Σ_r f(x_S, b_r without S)

    The features that are not kept take the values of each of the m rows b_r of the background in
    turn, and the scores are averaged.

    Parameters
    ----------
    keep : array of bool, one for each feature, or shape (rows, features); S.

    Examples
    --------
    A product, and a background with the values 0 and 2: 3 · 0 and 3 · 2 are 3 on average.

    >>> background = pd.DataFrame({"a": [0.0, 2.0], "b": [0.0, 2.0]})
    >>> row = pd.DataFrame({"a": [3.0], "b": [5.0]})
    >>> kept(lambda table: table["a"] * table["b"], background, row, np.array([True, False]))
    array([3.])
    """
    x, b = features.to_numpy(float), background.to_numpy(float)
    keep = np.broadcast_to(keep, x.shape)
    mixed = np.where(keep[:, None], x[:, None], b)
    table = pd.DataFrame(mixed.reshape(-1, x.shape[1]), columns=features.columns)
    return scores(score, table).reshape(len(x), len(b)).mean(axis=1)
