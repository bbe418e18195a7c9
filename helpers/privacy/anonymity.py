"""Anonymity: how many users share a row's values, and how many facts single one out."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from helpers.data import checks


def class_sizes(table: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """Return for each row the size of its equivalence class.

    The equivalence class of a row is all rows with the same values in the quasi-identifiers, the
    columns that an outsider may know. A table is k-anonymous if the smallest class has k rows.

    Parameters
    ----------
    table : DataFrame, one row per user.
    columns : the quasi-identifiers. A missing value counts as a value of its own.

    Returns
    -------
    Series of whole numbers, index of `table`.

    References
    ----------
    L. Sweeney (2002), k-anonymity: a model for protecting privacy, International Journal of
    Uncertainty, Fuzziness and Knowledge-Based Systems 10(5), doi:10.1142/S0218488502001648

    Examples
    --------
    >>> users = pd.DataFrame({"country": ["US", "US", "FR"], "age": ["65+", "65+", None]})
    >>> class_sizes(users, ["country", "age"]).tolist()
    [2, 2, 1]
    """
    missing = [column for column in columns if column not in table]
    if missing or not len(columns):
        has = ", ".join(map(str, table.columns))
        raise ValueError(
            f"columns needs names of columns of the table, which has {has}; got {list(columns)}."
        )
    classes = table.groupby(list(columns), dropna=False, observed=True).ngroup()
    return classes.map(classes.value_counts()).rename("class_size")


def unicity(
    traces: pd.DataFrame,
    columns: Sequence[str],
    known: Sequence[int] = (1, 2, 3, 4),
    *,
    users: int = 1_000,
    random_state: int = 0,
) -> pd.DataFrame:
    """Estimate the unicity of traces: the share of users whom a few known points single out.

    A point is what an outsider may have seen, such as an item and a week. For each of a random
    sample of users, p of her points are drawn; she is singled out if no other user has all p:

        unicity_p = |{u : exactly one user has all p points of u}| / |sample|

    The points of a user are drawn in one random order, of which p = 1, 2, … take the first, so more
    points never single out fewer users. Only users with at least max(known) points are in the
    sample; all users are in the crowd.

    Parameters
    ----------
    traces : DataFrame with ``user_id`` and the columns of a point; repeated rows count once.
    columns : what makes a point.
    known : how many points the outsider knows.
    users : size of the sample, or all users with enough points if they are fewer.
    random_state : seed of the sample and of the points.

    Returns
    -------
    DataFrame, index ``known``: ``users`` (in the sample), ``unicity`` and its 95% Wilson confidence
    interval ``low``, ``high``.

    References
    ----------
    Y.-A. de Montjoye, L. Radaelli, V. K. Singh & A. Pentland (2015), Unique in the shopping mall,
    Science 347(6221), doi:10.1126/science.1256297

    Examples
    --------
    Ana and Ben bought the lamp, and only Ana the vase, too.

    >>> bought = pd.DataFrame({"user_id": ["Ana", "Ana", "Ben"], "item": ["lamp", "vase", "lamp"]})
    >>> unicity(bought, ["item"], known=[2]).loc[2, ["users", "unicity"]].tolist()
    [1.0, 1.0]
    """
    checks.require(traces, user_id="key", **dict.fromkeys(columns, "key"))
    if not known or min(known) < 1:
        raise ValueError(f"known are numbers of points from 1 up; got {list(known)}.")
    checks.require_whole("users", users)
    traces = traces[["user_id", *columns]].drop_duplicates().sort_values(["user_id", *columns])
    point = traces.groupby(list(columns)).ngroup().to_numpy()
    user, _ = pd.factorize(traces["user_id"])
    by_point = user[np.argsort(point, kind="stable")]
    ends = np.bincount(point).cumsum()

    def owners(p: int) -> set[int]:
        return set(by_point[ends[p - 1] if p else 0 : ends[p]].tolist())

    points = np.split(point, np.flatnonzero(np.diff(user)) + 1)  # user → her points
    rng = np.random.default_rng(random_state)
    enough = [each for each in points if len(each) >= max(known)]
    if not enough:
        raise ValueError(
            f"No user has {max(known)} different points. Ask for fewer in known, or use finer ones."
        )
    sample = rng.choice(len(enough), size=min(users, len(enough)), replace=False)
    unique = dict.fromkeys(known, 0)
    for number in sample:
        drawn = rng.permutation(enough[number])
        having = [owners(p) for p in drawn[: max(known)]]
        for p in known:
            unique[p] += len(set.intersection(*having[:p])) == 1
    count = pd.Series(unique)
    low, high = proportion_confint(count, len(sample), method="wilson")
    found = {"users": len(sample), "unicity": count / len(sample), "low": low, "high": high}
    return pd.DataFrame(found).clip(lower=0).rename_axis("known")
