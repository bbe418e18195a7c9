"""How well uplift scores rank users: the Qini curve and its coefficient."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.integrate import trapezoid

from helpers.data import checks

RESAMPLES = 1_000  # of the bootstrap


def qini_curve(
    campaign: pd.DataFrame, score: pd.Series, outcome: str = "responded"
) -> pd.DataFrame:
    """Qini curve: the cumulative gain of treating the users with the highest scores first.

    Of the k users with the highest scores, n₁ were treated, with outcomes Y₁ in total, and n₀ were
    in the control group, with Y₀. The gain, per treated user of the whole campaign (N₁), is

        (Y₁ − Y₀ · n₁ / n₀) / N₁

    with 0 for the second term while n₀ = 0. For all users it is the difference of the two means.

    Parameters
    ----------
    campaign : DataFrame, one row per user: ``user_id``, ``treated`` (bool) and the outcome, flags
        or numbers.
    score : Series, index ``user_id``: the higher, the earlier treated. It may contain more users.
    outcome : name of the column.

    Returns
    -------
    DataFrame, one row per distinct score, from the highest, after a first row for nobody:
    ``score`` (all users with this score or more), ``users``, ``share`` of all users, ``treated``
    (n₁), ``control`` (n₀), ``gain`` (in units of the outcome, per user) and ``random``, the gain of
    as many random users.

    References
    ----------
    Radcliffe (2007), Using control groups to target on predicted lift, Direct Marketing Analytics
    Journal 3, 14–21; there and in scikit-uplift the curve is not divided by N₁.

    Examples
    --------
    >>> campaign = pd.DataFrame({"user_id": list("abcd"), "treated": [True, False, True, False],
    ...     "responded": [True, False, False, True]})
    >>> score = pd.Series([0.9, 0.8, 0.2, 0.1], index=list("abcd"))
    >>> qini_curve(campaign, score)[["users", "treated", "control", "gain", "random"]]
       users  treated  control  gain  random
    0      0        0        0   0.0     0.0
    1      1        1        0   0.5     0.0
    2      2        1        1   0.5     0.0
    3      3        2        1   0.5     0.0
    4      4        2        2   0.0     0.0
    """
    y, treated, score = scored(campaign, score, outcome)
    order, ends = _by_score(score)
    users, n1, n0, gain = _gains(y[order], treated[order], np.ones((1, len(y))), ends)
    share = users[0] / len(y)
    return pd.DataFrame(
        {
            "score": np.append(np.inf, score[order][ends]),
            "users": users[0].astype(int),
            "share": share,
            "treated": n1[0].astype(int),
            "control": n0[0].astype(int),
            "gain": gain[0],
            "random": share * gain[0, -1],
        }
    )


class Qini(NamedTuple):
    """Area between the Qini curve and random targeting, with its interval; outcome per user."""

    area: float
    low: float
    high: float


def qini(
    campaign: pd.DataFrame,
    score: pd.Series,
    outcome: str = "responded",
    *,
    confidence: float = 0.95,
    random_state: int = 0,
) -> Qini:
    """Qini coefficient: how well a score ranks users by uplift, with a bootstrap interval.

        area = ∫₀¹ (gain(s) − s · gain(1)) ds

    is the gain over random targeting, averaged over all budgets, per user. A random score has 0, a
    reversed one less. The bootstrap draws users with treatment, outcome and score (percentile
    method). Score the users by a model that was not trained on them: `cross_fit`.

    Parameters
    ----------
    campaign, score, outcome : as for `qini_curve`.
    confidence : confidence level, in (0, 1).
    random_state : seed.

    References
    ----------
    Radcliffe (2007), as for `qini_curve`. scikit-uplift's `qini_auc_score`, for flags only, divides
    this area by that of the best ranking in hindsight.

    Examples
    --------
    >>> campaign = pd.DataFrame({"user_id": list("abcd"), "treated": [True, False, True, False],
    ...     "responded": [True, False, False, True]})
    >>> qini(campaign, pd.Series([0.9, 0.8, 0.2, 0.1], index=list("abcd"))).area
    0.375
    """
    checks.require_share("confidence", confidence)
    y, treated, score = scored(campaign, score, outcome)
    order, ends = _by_score(score)
    y, treated, n = y[order], treated[order], len(y)
    rng = np.random.default_rng(random_state)
    areas = [_area(y, treated, np.ones((1, n)), ends)]
    for first in range(0, RESAMPLES, 100):  # in batches, to save memory
        size = min(100, RESAMPLES - first)
        drawn = np.stack([np.bincount(rng.integers(n, size=n), minlength=n) for _ in range(size)])
        areas.append(_area(y, treated, drawn, ends))
    low, high = np.quantile(np.concatenate(areas[1:]), [(1 - confidence) / 2, (1 + confidence) / 2])
    return Qini(float(areas[0][0]), float(low), float(high))


def scored(
    campaign: pd.DataFrame, score: pd.Series, outcome: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return outcome, treatment and score of the users of a campaign, checked, as arrays."""
    is_flag = outcome in campaign and pd.api.types.is_bool_dtype(campaign[outcome])
    kind = "flag" if is_flag else "number"
    checks.require(campaign, **{"user_id": "key", "treated": "flag", outcome: kind})
    checks.require_same_ids(campaign, {"user_id": score.index}, "user_id")
    mine = campaign["user_id"].map(score)
    fix = "Score the users of the campaign as of the day before it was sent, or drop them."
    checks.refuse_rows(campaign, ("user_id", mine.isna(), "names users without a score", fix))
    treated = campaign["treated"].to_numpy()
    if treated.all() or not treated.any():
        raise ValueError(
            "All users of the campaign have the same treatment, so there is nothing to compare."
        )
    return campaign[outcome].to_numpy(float), treated, mine.to_numpy(float)


def _by_score(score: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the order from the highest score, and where each run of equal scores ends in it."""
    order = np.argsort(-score, kind="stable")
    return order, np.append(np.flatnonzero(np.diff(score[order])), len(score) - 1)


def _gains(
    y: np.ndarray, treated: np.ndarray, drawn: np.ndarray, ends: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return users, n₁, n₀ and gain after each run, nobody first; shapes (draws, runs + 1).

    ``drawn`` says how often each user counts, shape (draws, users), in order of the score.
    """

    def up_to(each: np.ndarray) -> np.ndarray:
        sums = np.cumsum(drawn * each, axis=1)[:, ends]
        return np.pad(sums, {1: (1, 0)})

    n1, n0 = up_to(treated), up_to(~treated)
    without = np.divide(up_to(y * ~treated) * n1, n0, out=np.zeros_like(n1, float), where=n0 > 0)
    gain = (up_to(y * treated) - without) / np.maximum(n1[:, -1:], 1)
    return n1 + n0, n1, n0, gain


def _area(y: np.ndarray, treated: np.ndarray, drawn: np.ndarray, ends: np.ndarray) -> np.ndarray:
    users, _, _, gain = _gains(y, treated, drawn, ends)
    share = users / users[:, -1:]
    return trapezoid(gain - share * gain[:, -1:], share, axis=1)
