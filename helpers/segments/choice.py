"""How many segments: stability, silhouette, gap, and comparison with data that have none."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from scipy.special import ndtri
from scipy.stats import rankdata
from sklearn import config_context
from sklearn.base import clone
from sklearn.metrics import adjusted_rand_score, pairwise_distances, silhouette_score

from helpers.data import checks
from helpers.segments.segmentation import (
    Segmentation,
    fit_model,
    labels_of,
)

FEWEST = 10  # users to a segment, on average, where k is to be chosen
NULLS = ("marginals", "normal", "box")
SILHOUETTE_SAMPLE = 1000  # users; the time grows with their square
STARTS = 5  # of each fit where k is chosen; with three, one in five ends in a poor place


def structureless(
    points: pd.DataFrame, kind: str = "marginals", random_state: int = 0
) -> pd.DataFrame:
    """Draw a table of the same shape that has no groups: what a method finds in it is noise.

    - "marginals": each column holds exactly the same values, dealt anew so that the columns are
      about as correlated as before (a normal copula). The strictest: long tails and ties are kept,
      and so are humps that one column shows by itself. What beats it is in the columns together.
    - "normal": one normal distribution with the same means and covariances.
    - "box": uniform in the box that encloses the points along their principal axes (Tibshirani,
      Walther & Hastie's choice). Easy to beat: a long tail alone does.

    Parameters
    ----------
    points : DataFrame of numbers, one row per user; rather the coordinates of
        `Segmentation.prepare` than the features themselves.
    kind : "marginals", "normal" or "box".
    random_state : seed.

    Examples
    --------
    >>> points = pd.DataFrame({"x": [0.0, 0.0, 9.0], "y": [1.0, 2.0, 3.0]})
    >>> noise = structureless(points)
    >>> sorted(noise["x"]), sorted(noise["y"])
    ([0.0, 0.0, 9.0], [1.0, 2.0, 3.0])
    """
    checks.require(points, **dict.fromkeys(points.columns, "number"))
    if kind not in NULLS:
        raise ValueError(f"kind is one of {', '.join(NULLS)}; got {kind!r}.")
    for column in points.columns[points.min() == points.max()]:
        raise ValueError(
            f'Column "{column}" is the same in all {len(points):,} rows: there is nothing to deal '
            "anew. Leave it out."
        )
    rng = np.random.default_rng(random_state)
    values = points.to_numpy(float)
    n, _ = values.shape
    if kind == "box":
        mean = values.mean(axis=0)
        axes = np.linalg.svd(values - mean, full_matrices=False)[2]
        along = (values - mean) @ axes.T
        drawn = rng.uniform(along.min(axis=0), along.max(axis=0), along.shape) @ axes + mean
    elif kind == "normal":
        drawn = rng.multivariate_normal(values.mean(axis=0), np.atleast_2d(np.cov(values.T)), n)
    else:
        scores = ndtri((rankdata(values, axis=0) - 0.5) / n)
        correlation = np.atleast_2d(np.corrcoef(scores.T))
        normal = rng.multivariate_normal(np.zeros(len(correlation)), correlation, n)
        ranks = rankdata(normal, "ordinal", axis=0) - 1
        drawn = np.take_along_axis(np.sort(values, axis=0), ranks, axis=0)
    return pd.DataFrame(drawn, points.index, points.columns)


def choose_k(
    users: pd.DataFrame,
    ks: Iterable[int] = range(1, 9),
    model: Segmentation | None = None,
    null: str = "marginals",
    nulls: int = 19,
    resamples: int = 3,
    random_state: int = 0,
) -> pd.DataFrame:
    """Measure how well k segments fit, for several k, beside tables that have no groups.

    - ``silhouette`` (Rousseeuw 1987): mean of (b − a) / max(a, b), a the mean distance of a user
      to the own segment, b to the nearest other one; on at most 1,000 users, drawn once. NaN where
      all of them are in one segment.
    - ``stability``: fit to users drawn with replacement, assign everybody, and compare with the
      fit to all by the adjusted Rand index (Hubert & Arabie 1985): 1 the same, 0 chance.
    - ``gap`` (Tibshirani, Walther & Hastie 2001): mean of ln W over the nulls, minus ln W, where W
      is the sum of squared distances to the centers. `gap_choice` reads it.

    No number of these means anything alone: k-means cuts whatever it is given, and a long tail
    makes a fine silhouette. ``silhouette_null`` and ``stability_null`` are the *highest* value
    among the tables without groups. With 19 of them, data without groups is above in one case of
    twenty.

    Parameters
    ----------
    users : DataFrame, one row per user, with the features of the model.
    ks : the numbers of segments to try.
    model : a `Segmentation`, fitted or not, whose method and features are used; k-means on RFM.
    null, nulls : the kind of table without groups (`structureless`), and how many of them.
    resamples : how many samples with replacement each stability is the mean of.
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
    for name, value in [*(("k", k) for k in ks), ("nulls", nulls), ("resamples", resamples)]:
        checks.require_whole(name, value)
    ks = sorted(ks)
    if not ks or len(users) < FEWEST * ks[-1]:
        raise ValueError(
            f"ks = {ks} for {len(users):,} users: give at least one k, and no more than one for "
            f"each {FEWEST} users, or there is nothing to measure."
        )
    model = clone(model or Segmentation()).set_params(k=ks[-1]).fit(users)
    points = model.prepare(users)
    rng = np.random.default_rng(random_state)
    tables = [points] + [structureless(points, null, rng.integers(2**31)) for _ in range(nulls)]
    seeds = rng.integers(2**31, size=(resamples, 2))
    # scikit-learn need not check the same points before each of a thousand fits.
    with config_context(assume_finite=True, skip_parameter_validation=True):
        ours, *noise = (_measure(table.to_numpy(), ks, model, seeds) for table in tables)
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
        labels = labels_of(fit_model(model.method, points, k, model.random_state, STARTS), points)
        sizes = np.bincount(labels)
        segments = (points[labels == segment] for segment in np.flatnonzero(sizes))
        within = sum(((each - each.mean(axis=0)) ** 2).sum() for each in segments)
        silhouette = stability = np.nan
        if np.count_nonzero(sizes) > 1:
            stability = np.mean([_again(points, k, model, labels, seed) for seed in seeds])
        if len(np.unique(labels[sample])) > 1:
            silhouette = silhouette_score(distances, labels[sample], metric="precomputed")
        rows[k] = {
            "smallest": sizes[sizes > 0].min(),
            "silhouette": silhouette,
            "stability": stability,
            "log_w": np.log(within),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("k")


def _again(
    points: np.ndarray, k: int, model: Segmentation, labels: np.ndarray, seed: np.ndarray
) -> float:
    drawn = np.random.default_rng(seed).integers(len(points), size=len(points))
    fitted = fit_model(model.method, points[drawn], k, int(seed[0]), STARTS)
    return adjusted_rand_score(labels, labels_of(fitted, points))


def gap(log_w: float, log_w_null: Sequence[float]) -> dict[str, float]:
    """Compare the spread within segments with that of B tables without groups.

        gap = mean of ln W over the nulls − ln W        gap_se = sd · √(1 + 1/B)

    sd divides by B. Above 0 the segments are tighter than those that k-means finds in noise.

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
    """Return the smallest k with gap(k) ≥ gap(k + 1) − gap_se(k + 1), the paper's rule.

    Parameters
    ----------
    table : DataFrame from `choose_k`, whose k must start at 1: "no groups" is an answer. If no k
        fulfills the rule, the largest one is returned, and more should be tried.

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
