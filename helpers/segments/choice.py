"""The number of segments: stability, silhouette and gap, compared with data without groups."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from scipy.special import ndtri
from scipy.stats import rankdata
from sklearn.base import clone
from sklearn.metrics import adjusted_rand_score, pairwise_distances, silhouette_score
from threadpoolctl import threadpool_limits

from helpers.data import checks
from helpers.segments.segmentation import Segmentation, fit_model

MIN_USERS = 10  # users per segment, on average
SILHOUETTE_SAMPLE = 1000  # users; the time grows with their square
RESAMPLES = 3  # for each stability
STARTS = 5  # of each fit; with three, one in five ends in a poor local optimum


def structureless(points: pd.DataFrame, random_state: int = 0) -> pd.DataFrame:
    """Simulate a table of the same shape without groups, as a null model for clustering.

    Each column holds the same values, shuffled so that the columns are about as correlated as
    before (a Gaussian copula). So long tails, ties and the humps of a single column remain: a
    clustering that beats this null found structure in the columns together.

    Parameters
    ----------
    points : DataFrame of numbers, one row per user: coordinates from `Segmentation.prepare` rather
        than features.
    random_state : seed.

    Examples
    --------
    >>> points = pd.DataFrame({"x": [0.0, 0.0, 9.0], "y": [1.0, 2.0, 3.0]})
    >>> noise = structureless(points)
    >>> sorted(noise["x"]), sorted(noise["y"])
    ([0.0, 0.0, 9.0], [1.0, 2.0, 3.0])
    """
    checks.require(points, **dict.fromkeys(points.columns, "number"))
    for column in points.columns[points.min() == points.max()]:
        raise ValueError(
            f'Column "{column}" is the same in all {len(points):,} rows: there is nothing to '
            "shuffle. Leave it out."
        )
    rng = np.random.default_rng(random_state)
    values = points.to_numpy(float)
    scores = ndtri((rankdata(values, axis=0) - 0.5) / len(values))
    correlation = np.atleast_2d(np.corrcoef(scores.T))
    normal = rng.multivariate_normal(np.zeros(len(correlation)), correlation, len(values))
    ranks = rankdata(normal, "ordinal", axis=0) - 1
    drawn = np.take_along_axis(np.sort(values, axis=0), ranks, axis=0)
    return pd.DataFrame(drawn, points.index, points.columns)


def choose_k(
    users: pd.DataFrame,
    ks: Iterable[int] = range(1, 9),
    model: Segmentation | None = None,
    nulls: int = 19,
    random_state: int = 0,
) -> pd.DataFrame:
    """Measure how well k segments fit, for several k, compared with tables without groups.

    - ``silhouette`` (Rousseeuw 1987): mean of (b − a) / max(a, b), a and b the mean distance of a
      user to her own segment and to the nearest other one; on a random sample of at most 1,000
      users. NaN if all of them are in one segment.
    - ``stability``: mean adjusted Rand index (Hubert & Arabie 1985; 1 identical, 0 chance) between
      the segments and those fitted to bootstrap samples.
    - ``gap`` (Tibshirani, Walther & Hastie 2001): mean of ln W over the nulls, minus ln W, where W
      is the sum of squared distances to the centers; see `gap_choice`.

    None of these numbers means anything on its own: k-means partitions any data, and a long tail
    gives a high silhouette. ``silhouette_null`` and ``stability_null`` are the *highest* values
    among the nulls. With 19 of them, data without groups exceed a null in one case of twenty.

    Parameters
    ----------
    users : DataFrame, one row per user, with the features of the model.
    ks : the numbers of segments to try.
    model : a `Segmentation`, whose method and features are used; by default k-means on RFM.
    nulls : how many tables without groups to compare with (`structureless`).
    random_state : seed.

    Returns
    -------
    DataFrame, index ``k``: ``smallest`` (users in the smallest segment), ``silhouette``,
    ``silhouette_null``, ``stability``, ``stability_null`` (NaN for k = 1, which has none), ``gap``
    and ``gap_se``, its standard error.

    References
    ----------
    https://doi.org/10.1111/1467-9868.00293, https://doi.org/10.1016/0377-0427(87)90125-7,
    https://doi.org/10.1007/BF01908075; stability: Ben-Hur, Elisseeff & Guyon (2002), A stability
    based method for discovering structure in clustered data, PSB 7.
    """
    if not np.iterable(ks):
        raise ValueError(f"ks are the numbers of segments to try, as in range(1, 9); got {ks}.")
    ks = set(ks)
    for name, value in [*(("k", k) for k in ks), ("nulls", nulls)]:
        checks.require_whole(name, value)
    ks = sorted(ks)
    if not ks or len(users) < MIN_USERS * ks[-1]:
        raise ValueError(
            f"ks = {ks} for {len(users):,} users: give at least one k, and no more than one for "
            f"each {MIN_USERS} users, or there is nothing to measure."
        )
    fitted = clone(model or Segmentation()).set_params(k=ks[-1]).fit(users)
    points = fitted.prepare(users)
    rng = np.random.default_rng(random_state)
    tables = [points] + [structureless(points, int(rng.integers(2**31))) for _ in range(nulls)]
    seeds = rng.integers(2**31, size=(RESAMPLES, 2))
    with threadpool_limits(1):  # as in `Segmentation.fit`
        ours, *noise = (_measure(table.to_numpy(), ks, fitted, seeds) for table in tables)
    noise = pd.concat(noise)
    highest = noise.groupby("k")[["silhouette", "stability"]].max().add_suffix("_null")
    gaps = {k: gap(ours.loc[k, "log_w"], noise.loc[[k], "log_w"]) for k in ks}
    table = ours.join([highest, pd.DataFrame.from_dict(gaps, orient="index")])
    return table[
        ["smallest", "silhouette", "silhouette_null", "stability", "stability_null", *gaps[ks[0]]]
    ]


def _measure(
    points: np.ndarray, ks: Sequence[int], model: Segmentation, seeds: np.ndarray
) -> pd.DataFrame:
    sample = np.random.default_rng(0).permutation(len(points))[:SILHOUETTE_SAMPLE]
    distances = pairwise_distances(points[sample])
    rows = {}
    for k in ks:
        labels = fit_model(model.method, points, k, model.random_state, STARTS).predict(points)
        from_mean = points - pd.DataFrame(points).groupby(labels).transform("mean").to_numpy()
        sizes = np.bincount(labels)
        silhouette = stability = np.nan
        if np.count_nonzero(sizes) > 1:
            stability = np.mean([_again(points, k, model, labels, seed) for seed in seeds])
        if len(np.unique(labels[sample])) > 1:
            silhouette = silhouette_score(distances, labels[sample], metric="precomputed")
        rows[k] = {
            "smallest": sizes[sizes > 0].min(),
            "silhouette": silhouette,
            "stability": stability,
            "log_w": np.log((from_mean**2).sum()),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("k")


def _again(
    points: np.ndarray, k: int, model: Segmentation, labels: np.ndarray, seed: np.ndarray
) -> float:
    drawn = np.random.default_rng(seed).integers(len(points), size=len(points))
    fitted = fit_model(model.method, points[drawn], k, int(seed[0]), STARTS)
    return adjusted_rand_score(labels, fitted.predict(points))


def gap(log_w: float, log_w_null: Sequence[float]) -> dict[str, float]:
    """Compare ln W, the spread within segments, with that of B tables without groups.

        gap = mean of ln W over the nulls − ln W        gap_se = sd · √(1 + 1/B)

    sd divides by B. Above 0, the segments are tighter than those that k-means finds in noise.

    Examples
    --------
    >>> gap(1.0, [1.5, 2.5]) == {"gap": 1.0, "gap_se": 0.5 * 1.5**0.5}
    True
    """
    null = np.asarray(log_w_null, float)
    if not null.size:
        raise ValueError("gap needs ln W of at least one table without groups; got none.")
    return {"gap": null.mean() - log_w, "gap_se": null.std() * np.sqrt(1 + 1 / len(null))}


def gap_choice(table: pd.DataFrame) -> int:
    """Return the smallest k with gap(k) ≥ gap(k + 1) − gap_se(k + 1), else the largest k.

    Parameters
    ----------
    table : DataFrame from `choose_k`; its k must start at 1, which means "no groups".

    Examples
    --------
    >>> gap_choice(pd.DataFrame({"gap": [0.1, 0.9, 0.8], "gap_se": 0.05}, index=[1, 2, 3]))
    2
    """
    checks.require(table, gap="number", gap_se="number")
    if table.index.tolist() != list(range(1, len(table) + 1)):
        raise ValueError("gap_choice needs k = 1, 2, 3, …: it must be able to say that no k helps.")
    reached = table["gap"] >= (table["gap"] - table["gap_se"]).shift(-1)
    return int(reached.idxmax()) if reached.any() else len(table)
