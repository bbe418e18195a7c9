"""Bootstrap confidence intervals of metrics, and paired comparison of two models."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from helpers.data import checks
from helpers.evaluation.splits import Seed

PAIR = ["user_id", "item_id"]
RESAMPLES = 1_000  # of the bootstrap, and flips of the permutation test


def summarize(
    per_user: pd.DataFrame, *, confidence: float = 0.95, random_state: Seed = 0
) -> pd.DataFrame:
    """Mean of each metric over users, with a bootstrap confidence interval (percentile method).

    The bootstrap resamples users, so the interval covers other users of the same kind. It does not
    cover another season or a model trained on other data.

    Parameters
    ----------
    per_user : DataFrame of numbers, one row per user (index), as from `ranking_metrics`.
    confidence : confidence level, in (0, 1).
    random_state : seed; the order of rows does not matter.

    Returns
    -------
    DataFrame, one row per metric (index ``metric``): ``mean``, ``low``, ``high``, ``users``. The
    interval of a single user is NaN.

    References
    ----------
    B. Efron & R. Tibshirani (1993), An Introduction to the Bootstrap, doi:10.1201/9780429246593

    Examples
    --------
    >>> summarize(pd.DataFrame({"hit": [1.0, 0.0] * 50}, index=range(100))).round(2)
            mean  low  high  users
    metric
    hit      0.5  0.4   0.6    100
    """
    values = _values(per_user)
    rng = np.random.default_rng(random_state)
    low, high = _bootstrap(values, confidence, rng)
    summary = {"mean": values.mean(axis=0), "low": low, "high": high, "users": len(values)}
    return pd.DataFrame(summary, index=per_user.columns.rename("metric"))


def bootstrap(
    rows: pd.DataFrame, estimate: Callable[[pd.DataFrame], pd.Series], *, n_samples: int = RESAMPLES
) -> pd.DataFrame:
    """Estimate again and again from bootstrap samples: as many rows, drawn with replacement.

    Parameters
    ----------
    rows : DataFrame, one row per unit that is drawn, such as a customer.
    estimate : takes a sample of the rows, returns a Series of estimates.
    n_samples : number of samples; each has its own seed, so the same rows give the same samples.

    Returns
    -------
    DataFrame, one row per sample, one column per estimate.

    References
    ----------
    B. Efron & R. Tibshirani (1993), An Introduction to the Bootstrap, doi:10.1201/9780429246593

    Examples
    --------
    >>> rows = pd.DataFrame({"spent": [10.0, 20.0, 60.0]})
    >>> bootstrap(rows, pd.DataFrame.mean, n_samples=1_000).quantile([0.025, 0.975]).T
           0.025  0.975
    spent   10.0   60.0
    """
    if rows.empty:
        raise ValueError("rows is empty, so nothing can be drawn from it.")
    checks.require_whole("n_samples", n_samples)
    samples = (rows.sample(frac=1, replace=True, random_state=seed) for seed in range(n_samples))
    return pd.DataFrame([estimate(sample) for sample in samples])


def compare(
    per_user: pd.DataFrame | Sequence[pd.DataFrame],
    baseline: pd.DataFrame | Sequence[pd.DataFrame],
    *,
    confidence: float = 0.95,
    random_state: Seed = 0,
) -> pd.DataFrame:
    """Compare two models on the same users: mean difference, confidence interval, p-value.

    Pairing removes the variance between users who are easy and users who are hard for both models.
    The interval is a bootstrap of the differences. The p-value is from a permutation test: if the
    models were equal, the two values of a user could be swapped, so signs of differences are
    flipped at random,

        p = (1 + #{flips with |mean| ≥ |observed mean|}) / (1 + flips)

    It assumes no normal distribution; many differences are 0. Choose the metric that decides in
    advance: ten metrics are ten chances of a false alarm.

    Parameters
    ----------
    per_user, baseline : DataFrames of numbers with the same users (index) and columns, as from
        `ranking_metrics` with the same ``relevant`` and k; of a model that depends on its seed, one
        for each of several seeds: their mean is compared.
    confidence, random_state : as in `summarize`.

    Returns
    -------
    DataFrame, one row per metric (index ``metric``): ``mean``, ``baseline`` (its mean),
    ``difference`` (mean − baseline), ``low``, ``high``, ``p_value``, ``users``.

    References
    ----------
    M. Smucker, J. Allan & B. Carterette (2007), A comparison of statistical significance tests for
    information retrieval evaluation, CIKM '07, doi:10.1145/1321440.1321528

    Examples
    --------
    >>> ours, theirs = pd.DataFrame({"ndcg": [0.6] * 5}), pd.DataFrame({"ndcg": [0.5] * 5})
    >>> found = compare(ours, theirs)
    >>> found[["difference", "low", "high", "p_value"]].round(2)  # 2 of 2⁵ flips are as large
            difference  low  high  p_value
    metric
    ndcg           0.1  0.1   0.1     0.06
    """
    of_model, of_baseline = mean_of_seeds(per_user), mean_of_seeds(baseline)
    ours, theirs = _values(of_model), _values(of_baseline)
    for what, one, other in (
        ("users", of_model.index, of_baseline.index),
        ("metrics", of_model.columns, of_baseline.columns),
    ):
        alone = one.symmetric_difference(other)
        if len(alone):
            first = ", ".join(str(name) for name in alone[:3])
            raise ValueError(
                f"Both models must be measured on the same {what}; {len(alone):,} are in one "
                f"table only (first: {first}). Use the same `relevant` for both."
            )
    theirs = theirs[:, of_baseline.columns.get_indexer(of_model.columns)]
    difference = ours - theirs
    rng = np.random.default_rng(random_state)
    low, high = _bootstrap(difference, confidence, rng)
    mean = difference.mean(axis=0)
    signs = (rng.choice([-1.0, 1.0], size=len(ours)) for _ in range(RESAMPLES))
    flipped = np.array([sign @ difference / len(ours) for sign in signs])
    as_large = np.abs(flipped) >= np.abs(mean) - 1e-12  # equal but for rounding is equal
    comparison = {
        "mean": ours.mean(axis=0),
        "baseline": theirs.mean(axis=0),
        "difference": mean,
        "low": low,
        "high": high,
        "p_value": (1 + as_large.sum(axis=0)) / (1 + RESAMPLES),
        "users": len(ours),
    }
    return pd.DataFrame(comparison, index=of_model.columns.rename("metric"))


def cluster_interval(
    values: Sequence[float],
    cluster: Sequence,
    *,
    confidence: float = 0.95,
    random_state: Seed = 0,
) -> pd.Series:
    """Mean of values that come in clusters, with a bootstrap that draws whole clusters.

    Ratings of one item share its luck, so they are not independent: if an item is drawn twice, all
    its values count twice.

    Parameters
    ----------
    values : numbers, such as the gain of each rating.
    cluster : the cluster of each value, such as its item.
    confidence : confidence level, in (0, 1).
    random_state : seed.

    Returns
    -------
    Series: ``mean``, ``low``, ``high``.

    References
    ----------
    C. A. Field & A. H. Welsh (2007), Bootstrapping clustered data, Journal of the Royal Statistical
    Society B 69(3), doi:10.1111/j.1467-9868.2007.00593.x

    Examples
    --------
    >>> cluster_interval([1, 1, 4], ["mug", "mug", "pot"]).round(2).tolist()
    [2.0, 1.0, 4.0]
    """
    checks.require_share("confidence", confidence)
    code, clusters = pd.factorize(np.asarray(cluster))
    if len(code) != len(values):
        raise ValueError(f"{len(values)} values and {len(code)} clusters: give one for each value.")
    n, rng = len(clusters), np.random.default_rng(random_state)
    times_drawn = rng.multinomial(n, np.full(n, 1 / n), RESAMPLES)
    means = times_drawn @ np.bincount(code, values) / (times_drawn @ np.bincount(code))
    low, high = np.quantile(means, [(1 - confidence) / 2, (1 + confidence) / 2])
    return pd.Series({"mean": np.mean(values), "low": low, "high": high})


def mean_of_seeds(tables: pd.DataFrame | Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the mean of tables with the same users; a single table as it is."""
    if isinstance(tables, pd.DataFrame):
        return tables
    users = tables[0].index
    if any(not each.index.sort_values().equals(users.sort_values()) for each in tables):
        raise ValueError("All seeds must be measured on the same users, with the same `relevant`.")
    return sum(tables[1:], tables[0]) / len(tables)


def _values(per_user: pd.DataFrame) -> np.ndarray:
    """Return the metrics, users in sorted order, shape (users, metrics)."""
    named = per_user.set_axis(per_user.columns.map(str), axis=1)  # keywords are strings
    checks.require(named, **dict.fromkeys(named.columns, "number"))
    if per_user.index.has_duplicates:
        again = per_user.index[per_user.index.duplicated()][0]
        raise ValueError(f"per_user has one row per user; {again} has more than one.")
    return per_user.sort_index().to_numpy(float)


def _bootstrap(values: np.ndarray, confidence: float, rng: np.random.Generator) -> np.ndarray:
    """Return the bounds of the means of ``values`` (users, metrics), shape (2, metrics)."""
    checks.require_share("confidence", confidence)
    n = len(values)
    if n == 1:
        return np.full((2, values.shape[1]), np.nan)
    draws = (np.bincount(rng.integers(n, size=n), minlength=n) for _ in range(RESAMPLES))
    means = np.array([times_drawn @ values / n for times_drawn in draws])
    return np.quantile(means, [(1 - confidence) / 2, (1 + confidence) / 2], axis=0)
