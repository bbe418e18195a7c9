"""One table for all models and measures, and a search over hyperparameters."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.model_selection import ParameterGrid
from tqdm import tqdm

from helpers.data import checks
from helpers.evaluation.comparison import PAIR, compare, summarize
from helpers.evaluation.metrics import (
    RANKING,
    catalog_coverage,
    gini,
    intra_list_diversity,
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
    models: Mapping[str, object | pd.DataFrame],
    train: pd.DataFrame,
    test: pd.DataFrame,
    *,
    k: int = 10,
    metrics: Sequence[str] = ("ndcg", "precision", "recall"),
    like: float | None = None,
    against: str | None = None,
    items: pd.DataFrame | None = None,
    similarity: pd.DataFrame | None = None,
    random_state: int = 0,
) -> pd.DataFrame:
    """Measure models on the same users, the same items and the same question, beside two baselines.

    The question: what will users like that they have not had? Relevant is what stands in ``test``
    and not in ``train``, so an item that a user had in training is always a miss. Our models leave
    such items out; for those that do not, the column ``seen`` says which share of their places they
    spend on them. All users with something relevant count, and a model scores 0 for those to whom
    it recommends nothing; ``served`` is the share of the others.

    Parameters
    ----------
    models : name → model, fitted on ``train``. Anything with a method ``recommend(users, k)`` that
        returns a table of ``user_id``, ``item_id``, ``rank`` may enter, and so may such a table.
        `Popularity` and `Random` are fitted and entered here, as "popularity" and "random".
    train, test : DataFrames; columns ``user_id``, ``item_id``, ``rating``.
    k : length of the lists.
    metrics : columns of `ranking_metrics`; the first decides.
    like : least rating of the test that counts as liked; without it, all rows of the test do.
    against : the model that all are compared with; the better of the two baselines, if left out.
    items : the catalog, with a column ``item_id``; the items of ``train``, if left out.
    similarity : s_ij as `intra_list_diversity` takes it, for a column ``diversity``.
    random_state : seed of the intervals and tests.

    Returns
    -------
    DataFrame, one row per model (index ``model``), the best first:

    - the metric that decides, and ``low``, ``high``, its interval as from `summarize`
    - ``difference`` to ``against`` and its ``p_value``, user by user, as from `compare`. With many
      models some p-value will be small by luck: correct for it, or name the one model beforehand.
    - the other metrics
    - ``rmse`` on all rows of the test, NaN for models whose scores are no ratings
    - ``served``, ``seen``, ``coverage``, ``novelty`` (bits), ``gini``, ``diversity``

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
    if against not in (None, *models):
        raise ValueError(f'There is no model "{against}"; there are {", ".join(models)}.')
    relevant = _relevant(train, test, like)
    catalog = train if items is None else items
    lists = {name: _lists(model, relevant, k, name) for name, model in models.items()}
    per_user = {
        name: ranking_metrics(table, relevant, k)[list(metrics)] for name, table in lists.items()
    }
    decides = metrics[0]
    if against is None:
        against = max(("popularity", "random"), key=lambda name: per_user[name][decides].mean())
    rows = {}
    for name, top in lists.items():
        rows[name] = _accuracy(per_user[name], per_user[against], random_state)
        if name == against:
            rows[name] |= {"difference": np.nan, "p_value": np.nan}
        if _predicts_ratings(models[name]):
            rows[name]["rmse"] = rmse(models[name].predict(test))
        rows[name]["served"] = top["user_id"].nunique() / len(per_user[name])
        rows[name] |= _beyond_accuracy(top, train, catalog, similarity, k)
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
    """Try all combinations of parameters, each on all splits, and show a progress bar meanwhile.

    The best score of a search is too good: among many combinations, one is lucky on these splits.
    Cut the splits from the training data, fit the best combination anew on all of it, and measure
    that model on data that the search never saw.

    Parameters
    ----------
    model : a recommender; it is cloned, and stays as it is.
    grid : parameter → values to try, or a list of such, as scikit-learn's ``ParameterGrid`` takes.
    splits : pairs of (train, test), such as ``split_folds(ratings, 3)`` or ``[split_time(…)]``.
    metric : "rmse" or "mae", of which the lowest is best, or a column of `ranking_metrics`, of
        which the highest is.
    k, like : as in `results_table`, for columns of `ranking_metrics`.

    Returns
    -------
    DataFrame, one row per combination, the best first; a column per parameter, ``mean`` of the
    metric over the splits and ``spread``, its standard deviation (NaN for one split).

    Examples
    --------
    >>> from helpers.evaluation import split_folds
    >>> from helpers.recommend import Baseline
    >>> ratings = pd.DataFrame({"user_id": list("aabbcc"), "item_id": list("xyxyxy"),
    ...                         "rating": [1, 2, 2, 3, 4, 5]})  # people differ, items hardly
    >>> grid = {"item_damping": [0], "user_damping": [0, 100]}
    >>> grid_search(Baseline(), grid, split_folds(ratings, 3)).round(2)
       item_damping  user_damping  mean  spread
    0             0             0  0.47    0.41
    1             0           100  1.74    0.41
    """
    _require_metrics([metric], [*ERRORS, *RANKING])
    combinations = list(ParameterGrid(grid))
    candidates = [clone(model).set_params(**combination) for combination in combinations]
    splits = list(splits)
    if not splits:
        raise ValueError("There are no splits; a generator of them can be used only once.")
    runs = product(candidates, splits)
    bar = tqdm(runs, desc="grid search", total=len(candidates) * len(splits), leave=False)
    scores = [_score(model, train, test, metric, k, like) for model, (train, test) in bar]
    scores = np.reshape(scores, (len(candidates), len(splits)))
    spread = scores.std(axis=1, ddof=1) if len(splits) > 1 else np.nan
    found = pd.DataFrame(combinations).assign(mean=scores.mean(axis=1), spread=spread)
    return found.sort_values("mean", ascending=metric in ERRORS, kind="stable", ignore_index=True)


def _score(
    model: Recommender,
    train: pd.DataFrame,
    test: pd.DataFrame,
    metric: str,
    k: int,
    like: float | None,
) -> float:
    model = model.fit(train)
    if metric in ERRORS:
        return ERRORS[metric](model.predict(test))
    relevant = _relevant(train, test, like)
    lists = _lists(model, relevant, k, repr(model))
    return ranking_metrics(lists, relevant, k)[metric].mean()


def _accuracy(
    per_user: pd.DataFrame, baseline: pd.DataFrame, random_state: int
) -> dict[str, float]:
    """Return the mean of the first metric, its interval and its gain, and the other means."""
    decides = per_user.columns[[0]]
    interval = summarize(per_user[decides], random_state=random_state).iloc[0]
    gain = compare(per_user[decides], baseline[decides], random_state=random_state).iloc[0]
    first = {decides[0]: interval["mean"], **interval[["low", "high"]]}
    return first | {**gain[["difference", "p_value"]]} | {**per_user.iloc[:, 1:].mean()}


def _beyond_accuracy(
    lists: pd.DataFrame,
    train: pd.DataFrame,
    catalog: pd.DataFrame,
    similarity: pd.DataFrame | None,
    k: int,
) -> dict[str, float]:
    row = {
        "seen": _among(lists, train).mean(),
        "coverage": catalog_coverage(lists, catalog, k),
        "novelty": novelty(lists, train, k).mean(),
        "gini": gini(lists, catalog, k),
    }
    if similarity is not None:
        row["diversity"] = intra_list_diversity(lists, similarity, k).mean()
    return row


def _require_metrics(metrics: Sequence[str], known: Sequence[str]) -> None:
    for metric in metrics:
        if metric not in known:
            raise ValueError(f'There is no metric "{metric}"; there are {", ".join(known)}.')


def _relevant(train: pd.DataFrame, test: pd.DataFrame, like: float | None) -> pd.DataFrame:
    """Return the pairs of the test that are new to their users, and liked."""
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


def _lists(model: object, relevant: pd.DataFrame, k: int, name: str) -> pd.DataFrame:
    """Ask a model for the lists of all users with something relevant, unless it is these lists."""
    users = relevant["user_id"].unique()
    lists = model if isinstance(model, pd.DataFrame) else model.recommend(list(users), k)
    lists = lists[lists["user_id"].isin(users)]
    if lists.empty:
        raise ValueError(f'"{name}" recommends nothing to any of the {len(users):,} users.')
    checks.require(lists, item_id="key", rank="count")
    return lists[lists["rank"] <= k]


def _among(pairs: pd.DataFrame, others: pd.DataFrame) -> np.ndarray:
    """Return which pairs of user and item stand in the other table, too."""
    return pd.MultiIndex.from_frame(pairs[PAIR]).isin(pd.MultiIndex.from_frame(others[PAIR]))


def _predicts_ratings(model: object) -> bool:
    """Whether predictions are ratings; scores such as a popularity have no scale."""
    return hasattr(model, "predict") and np.isfinite(getattr(model, "scale_", 0)).all()
