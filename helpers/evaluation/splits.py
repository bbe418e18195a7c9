"""Split interactions into training and test sets.

Interactions are a DataFrame with one row each. Every split returns (train, test): rows of that
table, with their labels, in their order.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from helpers.data import checks

Seed = int | np.random.Generator
Split = tuple[pd.DataFrame, pd.DataFrame]


def split_random(
    interactions: pd.DataFrame, test_share: float = 0.2, *, random_state: Seed = 0
) -> Split:
    """Random split: ⌊test_share · n⌋ of the n rows of each user go into the test set.

    Every user keeps at least one training row; users with few rows may have no test row. The
    training set contains interactions later than the test set, so a forecast looks too good
    (leakage); see `split_time`.

    Examples
    --------
    >>> train, test = split_random(pd.DataFrame({"user_id": ["Ana"] * 5 + ["Ben"] * 4}))
    >>> test["user_id"].tolist()  # a fifth of 5 is 1, of 4 less than 1
    ['Ana']
    """
    checks.require(interactions, user_id="key")
    checks.require_share("test_share", test_share)
    draw = pd.Series(np.random.default_rng(random_state).permutation(len(interactions)))
    by_user = draw.groupby(interactions["user_id"].to_numpy())
    size = by_user.transform("size")
    wanted = np.floor(size * test_share + 1e-9)  # 0.29 * 100 is below 29 in floats
    return _split(interactions, by_user.rank() <= np.minimum(wanted, size - 1))


def split_last(interactions: pd.DataFrame, n: int = 1, *, time: str) -> Split:
    """Leave-last-out split: the last n interactions of each user go into the test set.

    ``time`` is the name of the datetime column. Interactions at the same time, such as the lines of
    an order, stay together: all go into the test set if one of them is among the last n. Users who
    would have no training row left stay in the training set. Each user is cut at a different time,
    so the training set contains what others did later, leakage that `split_time` does not have
    (Meng et al. 2020).

    References
    ----------
    Z. Meng et al. (2020), Exploring data splitting strategies for the evaluation of recommendation
    models, RecSys '20, doi:10.1145/3383313.3418479

    Examples
    --------
    >>> days = pd.to_datetime(["2025-03-01", "2025-03-08", "2025-03-08", "2025-03-05"])
    >>> log = pd.DataFrame({"user_id": ["Ana", "Ana", "Ana", "Ben"], "rated_at": days})
    >>> split_last(log, time="rated_at")[1].index.tolist()  # both of the 8th; Ben has nothing else
    [1, 2]
    """
    checks.require(interactions, user_id="key", **{time: "datetime"})
    checks.require_whole("n", n)
    user = interactions["user_id"].to_numpy()
    when = pd.Series(interactions[time].to_numpy())
    last = when.groupby(user).rank(method="min", ascending=False) <= n
    return _split(interactions, last & ~last.groupby(user).transform("all"))


def split_time(interactions: pd.DataFrame, cutoff: str | pd.Timestamp, *, time: str) -> Split:
    """Out-of-time split: train on interactions before a cutoff, test on those from then on.

    Only this split has no leakage: like a shop, it predicts what comes next. New users and new
    items of the test period are kept (cold start). ``time`` is the name of the datetime column; a
    date as ``cutoff`` means its midnight.

    Examples
    --------
    >>> log = pd.DataFrame({"rated_at": pd.to_datetime(["2025-03-01", "2025-03-08", "2025-03-09"])})
    >>> train, test = split_time(log, "2025-03-08", time="rated_at")
    >>> len(train), len(test)
    (1, 2)
    """
    checks.require(interactions, **{time: "datetime"})
    later = interactions[time] >= pd.Timestamp(cutoff)
    if later.all() or not later.any():
        first, last = interactions[time].agg(["min", "max"])
        raise ValueError(
            f"cutoff {cutoff} leaves one side empty. Choose one after {first} and up to {last}."
        )
    return _split(interactions, later)


def split_folds(
    interactions: pd.DataFrame, folds: int = 5, *, random_state: Seed = 0
) -> Iterator[Split]:
    """Cross-validation: random folds of equal size (up to one row), each the test set once.

    The folds ignore users: all rows of a user may be in one test set.

    Examples
    --------
    >>> [len(test) for train, test in split_folds(pd.DataFrame({"rating": range(7)}), folds=3)]
    [3, 2, 2]
    """
    checks.require(interactions)
    if not (2 <= folds <= len(interactions) and folds % 1 == 0):
        raise ValueError(
            f"folds is from 2 to the number of rows, {len(interactions)}; got {folds}."
        )
    fold = np.random.default_rng(random_state).permutation(len(interactions)) % folds
    return (_split(interactions, fold == i) for i in range(folds))


def _split(interactions: pd.DataFrame, in_test: pd.Series | np.ndarray) -> Split:
    in_test = np.asarray(in_test)
    return interactions[~in_test], interactions[in_test]
