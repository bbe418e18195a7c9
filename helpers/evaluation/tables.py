"""A table of results for all models, and a grid search over hyperparameters."""

import functools
import warnings
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.model_selection import ParameterGrid
from tqdm import tqdm

from helpers.data import checks
from helpers.evaluation.comparison import PAIR, RESAMPLES, compare, mean_of_seeds, summarize
from helpers.evaluation.metrics import (
    RANKING,
    catalog_coverage,
    errors,
    gini,
    mae,
    novelty,
    ranking_metrics,
    rmse,
)
from helpers.evaluation.splits import Split
from helpers.recommend.base import Recommender
from helpers.recommend.baselines import Popularity, Random

ERRORS = {"rmse": rmse, "mae": mae}  # of predicted ratings: the lower, the better


def results_table(
    models: Mapping[str, Any],
    train: pd.DataFrame,
    test: pd.DataFrame,
    *,
    k: int = 10,
    metrics: Sequence[str] = ("ndcg", "precision", "recall"),
    like: float | None = None,
    items: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Evaluate models on the same users and items, with two baselines: popularity and random.

    An item of ``test`` is relevant if the user does not have it in ``train``. All users with
    relevant items count; a model scores 0 for those to whom it recommends nothing.

    Parameters
    ----------
    models : name → model, fitted on ``train``, with a method ``recommend(users, k)`` that returns a
        table of ``user_id``, ``item_id``, ``rank``; or such a table; or a list of either, one for
        each of several seeds, whose metrics are averaged.
    train, test : DataFrames; columns ``user_id``, ``item_id``, ``rating``.
    k : length of the lists.
    metrics : columns of `ranking_metrics`; the first decides.
    like : minimum rating of a relevant item; by default all rows of the test are relevant.
    items : the catalog, with a column ``item_id``; by default the items of ``train``.

    Returns
    -------
    DataFrame, one row per model (index ``model``), the best first:

    - the metric that decides, and ``low``, ``high``, its confidence interval (`summarize`)
    - ``difference`` to the better baseline and its ``p_value`` (`compare`); correct the p-values
      for multiple testing, or choose one model in advance
    - the other metrics
    - ``rmse`` on all rows of the test, NaN for models that do not predict ratings
    - ``served``: share of users with recommendations; ``seen``: share of recommended items that the
      user has in ``train``; ``coverage``, ``novelty`` (bits), ``gini``

    Examples
    --------
    >>> names = ["user_id", "item_id", "rating"]
    >>> train = pd.DataFrame([("Ana", "a", 5), ("Ben", "a", 4), ("Cem", "b", 5)], columns=names)
    >>> test = pd.DataFrame([("Ana", "b", 3), ("Cem", "a", 4)], columns=names)
    >>> results_table({}, train, test, k=1)[["ndcg", "low", "high", "served", "seen"]]
                ndcg  low  high  served  seen
    model
    popularity   1.0  1.0   1.0     1.0   0.0
    random       1.0  1.0   1.0     1.0   0.0
    """
    _require_metrics(metrics, RANKING)
    models = {"popularity": Popularity().fit(train), "random": Random().fit(train), **models}
    seeds = {name: each if isinstance(each, list) else [each] for name, each in models.items()}
    relevant = _relevant(train, test, like)
    catalog = train if items is None else items
    lists = {name: [_lists(one, relevant, k, name) for one in seeds[name]] for name in seeds}
    per_user = {
        name: mean_of_seeds(
            [ranking_metrics(top, relevant, k)[list(metrics)] for top in lists[name]]
        )
        for name in lists
    }
    decides = metrics[0]
    best = max(("popularity", "random"), key=lambda name: per_user[name][decides].mean())
    rows = {}
    for name in lists:
        rows[name] = _accuracy(per_user[name], per_user[best])
        if name == best:
            rows[name] |= {"difference": np.nan, "p_value": np.nan}
        if _predicts_ratings(seeds[name][0]):
            rows[name]["rmse"] = np.mean([rmse(one.predict(test)) for one in seeds[name]])
        beyond = [
            {
                "served": top["user_id"].nunique() / len(per_user[name]),
                "seen": _among(top, train).mean(),
                "coverage": catalog_coverage(top, catalog, k),
                "novelty": novelty(top, train, k).mean(),
                "gini": gini(top, catalog, k),
            }
            for top in lists[name]
        ]
        rows[name] |= pd.DataFrame(beyond).mean()
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("model")
    return table.sort_values(decides, ascending=False, kind="stable")


def grid_search(
    model: Recommender,
    grid: Mapping[str, Sequence] | Sequence[Mapping[str, Sequence]],
    splits: Iterable[Split],
    *,
    metric: str = "rmse",
    k: int = 10,
    like: float | None = None,
) -> pd.DataFrame:
    """Grid search: evaluate all combinations of hyperparameters on all splits.

    The best score of a search is optimistic (overfitting to the splits). Split the training data
    only, refit the best combination on all of it, and test that model on new data. A best value at
    the edge of its grid gives a warning: a better one may lie beyond.

    Parameters
    ----------
    model : a recommender; it is cloned.
    grid : hyperparameter → values, or a list of such, as in scikit-learn's ``ParameterGrid``.
    splits : pairs of (train, test), such as ``split_folds(ratings, 3)`` or ``[split_time(…)]``.
    metric : "rmse" or "mae" (lowest is best), or a column of `ranking_metrics` (highest is best).
    k, like : as in `results_table`, for columns of `ranking_metrics`.

    Returns
    -------
    DataFrame, one row per combination, the best first; a column per hyperparameter, ``mean`` of the
    metric over the splits, ``spread``, its standard deviation (NaN for one split), and ``low``,
    ``high``, a 95% confidence interval of the difference from the best (a paired bootstrap of
    users): where it contains 0, chance may have chosen.

    Examples
    --------
    >>> from helpers.evaluation import split_folds
    >>> from helpers.recommend import Baseline
    >>> ratings = pd.DataFrame({"user_id": list("aabbcc"), "item_id": list("xyxyxy"),
    ...                         "rating": [1, 2, 2, 3, 4, 5]})  # people differ, items hardly
    >>> grid = {"item_damping": [0], "user_damping": [0, 100]}
    >>> grid_search(Baseline(), grid, split_folds(ratings, 3)).round(2)
       item_damping  user_damping  mean  spread   low  high
    0             0             0  0.47    0.41  0.00  0.00
    1             0           100  1.74    0.41  0.73  1.98
    """
    _require_metrics([metric], [*ERRORS, *RANKING])
    combinations = list(ParameterGrid(grid))
    candidates = [clone(model).set_params(**combination) for combination in combinations]
    splits = list(splits)
    if not splits:
        raise ValueError("There are no splits; a generator of them can be used only once.")
    if metric in RANKING:  # what is relevant is the same for all candidates
        splits = [(train, _relevant(train, test, like)) for train, test in splits]
    runs = product(splits, candidates)
    bar = tqdm(runs, desc="grid search", total=len(candidates) * len(splits), leave=False)
    scored = [_by_user(model, train, test, metric, k) for (train, test), model in bar]
    n = len(candidates)
    by_user = [pd.concat(scored[a : a + n], axis=1) for a in range(0, len(scored), n)]
    scores = np.array([_means(each.to_numpy(), metric) for each in by_user]).T
    mean = scores.mean(axis=1)
    best = int(np.argmin(mean) if metric in ERRORS else np.argmax(mean))
    spread = scores.std(axis=1, ddof=1) if len(splits) > 1 else np.nan
    low, high = _differences(by_user, metric, best)
    found = pd.DataFrame(combinations)
    _warn_at_edge(found, best)
    found = found.assign(mean=mean, spread=spread, low=low, high=high)
    return found.sort_values("mean", ascending=metric in ERRORS, kind="stable", ignore_index=True)


def _by_user(
    model: Recommender,
    train: pd.DataFrame,
    test: pd.DataFrame,
    metric: str,
    k: int,
) -> pd.DataFrame:
    """Return for each user the sum of the metric (of squared errors for "rmse") and its count.

    For a ranking metric, ``test`` holds the relevant pairs.
    """
    model = model.fit(train)
    if metric in ERRORS:
        predicted = model.predict(test)
        error = pd.Series(np.abs(errors(predicted)))
        error = error**2 if metric == "rmse" else error
        return error.groupby(predicted["user_id"].to_numpy()).agg(["sum", "size"])
    lists = _lists(model, test, k, repr(model))
    return ranking_metrics(lists, test, k)[[metric]].assign(n=1)


def _means(sums: np.ndarray, metric: str, times: np.ndarray | None = None) -> np.ndarray:
    """Return the metric of each candidate; users count ``times``, once by default."""
    total = sums.sum(axis=0) if times is None else times @ sums
    mean = total[0::2] / total[1::2]
    return np.sqrt(mean) if metric == "rmse" else mean


def _differences(by_user: list[pd.DataFrame], metric: str, best: int) -> np.ndarray:
    """Return the bounds of each candidate's difference from the best, shape (2, candidates)."""
    users = functools.reduce(pd.Index.union, (each.index for each in by_user))
    sums = [each.reindex(users, fill_value=0).to_numpy(float) for each in by_user]
    rng, n = np.random.default_rng(0), len(users)
    draws = (np.bincount(rng.integers(n, size=n), minlength=n) for _ in range(RESAMPLES))
    with np.errstate(invalid="ignore"):  # a draw may have none of the users of a small split
        means = np.array([[_means(each, metric, times) for each in sums] for times in draws])
    differences = np.nanmean(means - means[:, :, [best]], axis=1)
    return np.quantile(differences, [0.025, 0.975], axis=0)


def _warn_at_edge(combinations: pd.DataFrame, best: int) -> None:
    """Warn of a best value that is the lowest or highest of several; a count of 1 has no lower."""
    for name, values in combinations.select_dtypes("number").items():
        value, low, high = values[best], values.min(), values.max()
        least = 1 if pd.api.types.is_integer_dtype(values) else 0
        if low < high and (value == high or value == low > least):
            warnings.warn(
                f"The best {name} is {value:g}, at the edge of its grid: try values beyond it.",
                stacklevel=3,
            )


def _accuracy(per_user: pd.DataFrame, baseline: pd.DataFrame) -> dict[str, float]:
    """Return the mean of the first metric, its interval and its gain, and the other means."""
    decides = per_user.columns[[0]]
    interval = summarize(per_user[decides]).iloc[0]
    gain = compare(per_user[decides], baseline[decides]).iloc[0]
    first = {decides[0]: interval["mean"], **interval[["low", "high"]]}
    return first | {**gain[["difference", "p_value"]]} | {**per_user.iloc[:, 1:].mean()}


def _require_metrics(metrics: Sequence[str], known: Sequence[str]) -> None:
    for metric in metrics:
        if metric not in known:
            raise ValueError(f'There is no metric "{metric}"; there are {", ".join(known)}.')


def _relevant(train: pd.DataFrame, test: pd.DataFrame, like: float | None) -> pd.DataFrame:
    """Return the pairs of the test that are liked and new to their users."""
    checks.require(train, user_id="key", item_id="key")
    checks.require(test, user_id="key", item_id="key")
    checks.require_same_ids(train, test, *PAIR)
    if like is not None:
        checks.require(test, rating="number")
        test = test[test["rating"] >= like]
    relevant = test.loc[~_among(test, train), PAIR]
    if relevant.empty:
        liked = "" if like is None else f" and rated {like:g} or more"
        raise ValueError(f"Nothing in the test is new to its user{liked}, so nothing can be hit.")
    return relevant


def _lists(model: Any, relevant: pd.DataFrame, k: int, name: str) -> pd.DataFrame:
    """Return a model's lists for all users with relevant items."""
    users = relevant["user_id"].unique()
    lists = model if isinstance(model, pd.DataFrame) else model.recommend(list(users), k)
    lists = lists[lists["user_id"].isin(users)]
    if lists.empty:
        raise ValueError(f'"{name}" recommends nothing to any of the {len(users):,} users.')
    checks.require(lists, item_id="key", rank="count")
    return lists[lists["rank"] <= k]


def _among(pairs: pd.DataFrame, others: pd.DataFrame) -> np.ndarray:
    """Return which pairs of user and item are in the other table, too."""
    return pd.MultiIndex.from_frame(pairs[PAIR]).isin(pd.MultiIndex.from_frame(others[PAIR]))


def _predicts_ratings(model: object) -> bool:
    """Return whether predictions are ratings; scores such as popularity have no scale."""
    return hasattr(model, "predict") and np.isfinite(getattr(model, "scale_", 0)).all()
