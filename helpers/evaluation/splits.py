"""Cut interactions into what a model learns from and what it is tested on.

Every split returns (train, test): rows of the table it was given, with their labels and in their
order.
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
    """Put a random share of each user's rows into the test set.

    A user with n rows gives ⌊test_share · n⌋ of them, so everybody keeps at least one row to learn
    from, and users with few rows may give none. The training set then knows what came after the
    test: good for comparing models of ratings, too kind as a forecast. See `split_time`.

    Parameters
    ----------
    interactions : DataFrame, one row per interaction; column ``user_id``, others are kept.
    test_share : share of each user's rows, in (0, 1).
    random_state : seed; the same seed and the same table, in the same order, give the same split.

    Examples
    --------
    >>> train, test = split_random(pd.DataFrame({"user_id": ["Ana"] * 5 + ["Ben"] * 4}))
    >>> test["user_id"].tolist()  # a fifth of 5 is 1, of 4 less than 1
    ['Ana']
    """
    checks.require(interactions, user_id="key")
    if not 0 < test_share < 1:
        raise ValueError(f"test_share is a share: 0.2 for 20 %; got {test_share}.")
    draw = pd.Series(np.random.default_rng(random_state).permutation(len(interactions)))
    by_user = draw.groupby(interactions["user_id"].to_numpy())
    size = by_user.transform("size")
    wanted = np.floor(size * test_share + 1e-9)  # 0.29 * 100 is a bit less than 29
    return _split(interactions, by_user.rank() <= np.minimum(wanted, size - 1))


def split_last(interactions: pd.DataFrame, n: int = 1, *, time: str) -> Split:
    """Leave out the last n interactions of each user.

    Ties: of things that happen at the same moment, such as the lines of an order, none is the
    last. They stay together, and go into the test set if any of them is among the last n, which may
    make it more than n. A user who would have nothing left to learn from stays in the training set.

    Every user is cut at a time of their own, so what others did later is known in training (Meng et
    al. 2020). `split_time` does not have this leak.

    Parameters
    ----------
    interactions : DataFrame, one row per interaction; columns ``user_id`` and the one of the time.
    n : how many to leave out per user, 1 or more.
    time : name of the column (datetime) that says when.

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
    """Learn from what happened before a moment, test on what happened from then on.

    The only split that asks what a shop asks: today, what comes next? Ties: everything at the
    moment of the cutoff is test, so no moment is on both sides. New users and new items of the test
    period are kept: a model has to cope with them, or score 0.

    Parameters
    ----------
    interactions : DataFrame, one row per interaction; the column of the time, others are kept.
    cutoff : the first moment of the test period; a date means its midnight.
    time : name of the column (datetime) that says when.

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
    """Cut the rows at random into folds of equal size; each is the test set once.

    Sizes differ by one at most. The folds do not look at users: one with few rows may have all of
    them in one test set.

    Parameters
    ----------
    interactions : DataFrame, one row per interaction, any columns.
    folds : how many, from 2 to the number of rows.
    random_state : seed; the same seed and the same table, in the same order, give the same folds.

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
