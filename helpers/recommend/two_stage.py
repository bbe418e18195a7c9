"""Two stages: several models propose candidates, a boosted ranker puts them in order."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.utils.validation import check_is_fitted

from helpers.data import checks

PAIR = ["user_id", "item_id"]
LEAVES = 15  # of a tree, at most


def candidate_ranks(
    models: Mapping[str, Any], users: Iterable[Hashable], k: int = 30, *, filter_seen: bool = True
) -> pd.DataFrame:
    """Collect the candidates of several models, with their ranks.

    Parameters
    ----------
    models : name → fitted recommender.
    users : list of user ids.
    k : how many candidates each model proposes.
    filter_seen : leave out the items that the user has in the training.

    Returns
    -------
    DataFrame, a row for each pair that one of the models proposes, sorted; columns ``user_id``,
    ``item_id``, and one for each model: the rank, NaN where it does not propose the item.

    Examples
    --------
    >>> from helpers.recommend import EASE, Popularity
    >>> bought = pd.DataFrame({"user_id": ["Ana", "Ben", "Ben", "Cem", "Cem", "Dee"],
    ...     "item_id": ["tea", "tea", "cup", "oil", "pan", "oil"], "rating": 1})
    >>> models = {"EASE": EASE(1).fit(bought), "popular": Popularity().fit(bought)}
    >>> candidate_ranks(models, ["Ana"], k=1)
      user_id item_id  EASE  popular
    0     Ana     cup   1.0      NaN
    1     Ana     oil   NaN      1.0
    """
    lists = {name: model.recommend(users, k, filter_seen) for name, model in models.items()}
    ranks = {name: each.set_index(PAIR)["rank"] for name, each in lists.items()}
    return pd.concat(ranks, axis=1).sort_index().reset_index()


def rank_by(rows: pd.DataFrame, score: Sequence[float]) -> pd.DataFrame:
    """Order the rows of each user by a score; of ties, the first row comes first.

    Parameters
    ----------
    rows : DataFrame; columns ``user_id``, ``item_id``.
    score : a number for each row.

    Returns
    -------
    DataFrame; columns ``user_id``, ``item_id``, ``score``, ``rank`` (1 is best), as of `recommend`.

    Examples
    --------
    >>> rows = pd.DataFrame({"user_id": ["Ana", "Ana", "Ben"], "item_id": ["tea", "cup", "tea"]})
    >>> rank_by(rows, [0.1, 0.3, 0.2])["rank"].tolist()
    [2, 1, 1]
    """
    checks.require(rows, user_id="key", item_id="key")
    lists = rows[PAIR].assign(score=np.asarray(score, dtype=float))
    order = lists.groupby("user_id")["score"].rank(ascending=False, method="first")
    return lists.assign(rank=order.astype(int))


class BoostedRanker(BaseEstimator):
    """Rank candidates by the probability that boosted trees predict for each (pointwise ranking).

    The trees are those of scikit-learn's `HistGradientBoostingClassifier`: a sum of small trees,
    each of which takes a step against the log loss of those before. A missing feature, such as the
    rank by a model that did not propose the item, goes to one side of a split, whichever is better.

    Parameters
    ----------
    features : names of columns.
    trees : how many.
    label : name of the column that says what happened, True or False.

    Attributes
    ----------
    trees_ : the fitted classifier.

    References
    ----------
    J. Friedman (2001), Greedy function approximation: a gradient boosting machine, Annals of
    Statistics 29(5), doi:10.1214/aos/1013203451

    Examples
    --------
    >>> rows = pd.DataFrame({"user_id": range(40), "item_id": "tea", "season": [0.5, 1.5] * 20})
    >>> model = BoostedRanker(["season"], trees=5).fit(rows.assign(viewed=rows["season"] > 1))
    >>> new = pd.DataFrame({"user_id": "Ana", "item_id": ["tea", "ice"], "season": [1.2, 0.4]})
    >>> model.rank(new)["rank"].tolist()
    [1, 2]
    """

    def __init__(self, features: Sequence[str], trees: int = 20, label: str = "viewed"):
        self.features = features
        self.trees = trees
        self.label = label

    def fit(self, rows: pd.DataFrame) -> Self:
        """Learn from rows with the features and the label."""
        checks.require(rows, **{self.label: "flag"})
        trees = HistGradientBoostingClassifier(
            max_iter=self.trees,
            max_leaf_nodes=LEAVES,
            early_stopping=False,
            random_state=0,  # of the sample for the bins of large tables
        )
        self.trees_ = trees.fit(rows[[*self.features]], rows[self.label])
        return self

    def rank(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Order the candidates of each user; see `rank_by`. The score is the probability."""
        check_is_fitted(self)
        return rank_by(rows, self.trees_.predict_proba(rows[[*self.features]])[:, 1])
