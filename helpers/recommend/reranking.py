"""Re-ranking: choose the k items of each list from more candidates, by more than their scores.

The candidates are a table as `recommend` returns it, with lists longer than k, and so is the
result: a re-ranking can follow another one. Scores of different users are not comparable, so the
scores of each user's candidates are scaled to the range from 0 to 1 (1 if all are the same). In all
formulas s is the scaled score, and w the ``weight`` of the second goal: with 0 the candidates keep
the order of their scores. Candidates of equal worth keep the order of their ranks.
"""

import numpy as np
import pandas as pd
from scipy.special import rel_entr

from helpers.data import checks
from helpers.recommend.candidates import (
    CandidateLists,
    first,
    labels_of,
    require_candidates,
    require_known,
    require_weight,
    scaled,
)
from helpers.similarity.ranking import rounded


def mmr(
    candidates: pd.DataFrame, similarity: pd.DataFrame, k: int = 10, *, weight: float = 0.3
) -> pd.DataFrame:
    """Maximal marginal relevance: diverse lists, by a penalty for what is similar to items above.

    The next item of a list L is the candidate i with the largest

        (1 − w) s_i − w max_{j ∈ L} sim(i, j)

    where the maximum is 0 for the first item. Carbonell & Goldstein write λ for 1 − w.

    Parameters
    ----------
    candidates : DataFrame; columns ``user_id``, ``item_id``, ``score``, ``rank``.
    similarity : DataFrame of similarities, index and columns are items, at least all candidates.
    k : length of the lists, 1 or more.
    weight : w, from 0 to 1.

    Returns
    -------
    DataFrame like the candidates, the first k of the new ``rank``; scores as they were.

    References
    ----------
    J. Carbonell & J. Goldstein (1998), The use of MMR, diversity-based reranking for reordering
    documents and producing summaries, SIGIR '98, doi:10.1145/290941.291025

    Examples
    --------
    >>> candidates = pd.DataFrame({"user_id": "Ana", "item_id": ["lamp", "lantern", "vase"],
    ...                            "score": [1.0, 0.9, 0.5], "rank": [1, 2, 3]})
    >>> alike = pd.DataFrame(np.eye(3), candidates["item_id"], candidates["item_id"])
    >>> alike.loc["lamp", "lantern"] = alike.loc["lantern", "lamp"] = 1
    >>> mmr(candidates, alike, k=2, weight=0.5)  # lantern 0.4 − 0.5, vase 0 − 0
      user_id item_id  score  rank
    0     Ana    lamp    1.0     1
    1     Ana    vase    0.5     2
    """
    require_weight(weight)
    lists = CandidateLists(candidates, k)
    for known in (similarity.index, similarity.columns):
        require_known(candidates, known, "similarity")
    alike = similarity.reindex(index=lists.items, columns=lists.items).to_numpy(float)
    nearest = np.zeros(lists.item.shape)
    for place in range(k):
        chosen = lists.take((1 - weight) * lists.scaled - weight * nearest)
        newest = alike[chosen[:, None], lists.item]
        nearest = np.maximum(nearest, newest) if place else newest
    return lists.ranked()


def cap(
    candidates: pd.DataFrame, category: pd.Series, k: int = 10, *, most: int = 2
) -> pd.DataFrame:
    """Cap: at most so many items of one category in a list, the first ones.

    A list is shorter than k if the candidates do not have enough categories. Since every part of a
    capped list is capped, cap the candidates before a re-ranking that must keep the cap.

    Parameters
    ----------
    candidates : DataFrame; columns ``user_id``, ``item_id``, ``score``, ``rank``.
    category : Series, the category of each item (index ``item_id``).
    k : length of the lists, 1 or more.
    most : items of a category in a list, 1 or more.

    Returns
    -------
    DataFrame like the candidates, the first k of the new ``rank``.

    Examples
    --------
    >>> candidates = pd.DataFrame({"user_id": "Ana", "item_id": ["lamp", "lantern", "vase"],
    ...                            "score": [1.0, 0.9, 0.5], "rank": [1, 2, 3]})
    >>> shelf = pd.Series({"lamp": "Lighting", "lantern": "Lighting", "vase": "Decor"})
    >>> cap(candidates, shelf, most=1)
      user_id item_id  score  rank
    0     Ana    lamp    1.0     1
    1     Ana    vase    0.5     2
    """
    checks.require_whole("most", most)
    require_candidates(candidates, k)
    ordered = first(candidates, candidates["rank"], len(candidates))
    nth = ordered.groupby([ordered["user_id"], labels_of(ordered, category)]).cumcount()
    within = ordered[nth < most]
    return first(within, within["rank"], k)


def calibrate(
    candidates: pd.DataFrame,
    history: pd.DataFrame,
    category: pd.Series,
    k: int = 10,
    *,
    weight: float = 0.5,
    smoothing: float = 0.01,
) -> pd.DataFrame:
    """Calibrated recommendations: lists whose categories have the shares of the user's history.

    A list L of k items is chosen greedily, item by item, for a large

        (1 − w) Σ_{i ∈ L} s_i − w Σ_g p_g ln(p_g / q̃_g),   q̃_g = (1 − α) n_g / k + α p_g

    p are the shares of the categories g in the user's history, n_g is the number of items of
    category g in L, and α the ``smoothing``, without which a missing category would cost infinity.
    The sum is the Kullback–Leibler divergence of a full list, see
    `helpers.evaluation.miscalibration`. Less its value for the empty list, the objective is
    monotone and submodular: the greedy choice has at least 1 − 1/e of the largest possible value
    (Nemhauser, Wolsey & Fisher 1978). For a user without history only the scores count.

    Steck divides by the length of the list so far, not by k, and allows weights of items and
    ranks; here all of them count the same.

    Parameters
    ----------
    candidates : DataFrame; columns ``user_id``, ``item_id``, ``score``, ``rank``.
    history : DataFrame; columns ``user_id``, ``item_id``; each row counts once.
    category : Series, the category of each item (index ``item_id``).
    k : length of the lists, 1 or more.
    weight : w, from 0 to 1.
    smoothing : α, in (0, 1).

    Returns
    -------
    DataFrame like the candidates, the first k of the new ``rank``; scores as they were.

    References
    ----------
    H. Steck (2018), Calibrated recommendations, RecSys '18, doi:10.1145/3240323.3240372;
    G. Nemhauser, L. Wolsey & M. Fisher (1978), An analysis of approximations for maximizing
    submodular set functions, Mathematical Programming 14, doi:10.1007/BF01588971

    Examples
    --------
    >>> candidates = pd.DataFrame({"user_id": "Ana", "item_id": ["lamp", "lantern", "vase"],
    ...                            "score": [1.0, 0.9, 0.5], "rank": [1, 2, 3]})
    >>> shelf = pd.Series({"lamp": "Lighting", "lantern": "Lighting", "vase": "Decor"})
    >>> history = pd.DataFrame({"user_id": "Ana", "item_id": ["lantern", "vase"]})
    >>> calibrate(candidates, history, shelf, k=2)["item_id"].tolist()
    ['lamp', 'vase']
    """
    require_weight(weight)
    checks.require_share("smoothing", smoothing)
    lists = CandidateLists(candidates, k)
    labels = pd.Index(category.unique())
    require_known(candidates, category.index, "category")
    checks.require_same_ids(candidates, history, "user_id")
    shares = category_shares(history, category)
    target = shares.reindex(index=lists.users, columns=labels, fill_value=0).to_numpy()
    of_item = labels.get_indexer(category.reindex(lists.items))
    own, row, count = of_item[lists.item], np.arange(len(target)), np.zeros(target.shape)

    def divergence(count: np.ndarray) -> np.ndarray:
        return rel_entr(target, (1 - smoothing) * count / k + smoothing * target)

    for _ in range(k):
        gain = divergence(count) - divergence(count + 1)
        worth = (1 - weight) * lists.scaled + weight * np.take_along_axis(gain, own, axis=1)
        count[row, of_item[lists.take(worth)]] += 1
    return lists.ranked()


def category_shares(history: pd.DataFrame, category: pd.Series) -> pd.DataFrame:
    """Return the share of each category in the rows of each user.

    Parameters
    ----------
    history : DataFrame; columns ``user_id``, ``item_id``; each row counts once.
    category : Series, the category of each item (index ``item_id``).

    Returns
    -------
    DataFrame of floats, rows add up to 1; index ``user_id``, columns are the categories, sorted.

    Examples
    --------
    >>> history = pd.DataFrame({"user_id": "Ana", "item_id": ["lamp", "lantern", "lamp", "vase"]})
    >>> shelf = pd.Series({"lamp": "Lighting", "lantern": "Lighting", "vase": "Decor"})
    >>> category_shares(history, shelf).loc["Ana"].to_dict()
    {'Decor': 0.25, 'Lighting': 0.75}
    """
    checks.require(history, user_id="key", item_id="key")
    user, users = pd.factorize(history["user_id"], sort=True)
    label, labels = pd.factorize(labels_of(history, category), sort=True)
    shape = len(users), len(labels)
    count = np.bincount(user * len(labels) + label, minlength=np.prod(shape)).reshape(shape)
    index, columns = pd.Index(users, name="user_id"), pd.Index(labels, name="category")
    return pd.DataFrame(count / count.sum(axis=1, keepdims=True), index, columns)


def penalize_popularity(
    candidates: pd.DataFrame, history: pd.DataFrame, k: int = 10, *, weight: float = 0.3
) -> pd.DataFrame:
    """Popularity penalty: lower the score of each item by its popularity.

    The new score, which is returned, is

        (1 − w) s_i − w ln(1 + n_i) / ln(1 + max n)

    n_i is the number of users with item i in the history of all users.

    Parameters
    ----------
    candidates : DataFrame; columns ``user_id``, ``item_id``, ``score``, ``rank``.
    history : DataFrame; columns ``user_id``, ``item_id``: what all users have had.
    k : length of the lists, 1 or more.
    weight : w, from 0 to 1.

    Returns
    -------
    DataFrame like the candidates, with the new ``score``, the first k of the new ``rank``.

    References
    ----------
    The formula is that of lesson 09c. The idea of giving popular items less weight, though in the
    metric and in training, is that of H. Steck (2011), Item popularity and recommendation accuracy,
    RecSys '11, doi:10.1145/2043932.2043957

    Examples
    --------
    >>> candidates = pd.DataFrame({"user_id": "Ana", "item_id": ["lamp", "lantern", "vase"],
    ...                            "score": [1.0, 0.9, 0.5], "rank": [1, 2, 3]})
    >>> known = pd.DataFrame({"user_id": ["Ben", "Cem", "Dan"], "item_id": "lamp"})
    >>> penalize_popularity(candidates, known, weight=0.2).round(2)  # lamp: 0.8 · 1 − 0.2 · 1
      user_id  item_id  score  rank
    0     Ana  lantern   0.64     1
    1     Ana     lamp   0.60     2
    2     Ana     vase   0.00     3
    """
    require_weight(weight)
    require_candidates(candidates, k)
    checks.require(history, user_id="key", item_id="key")
    checks.require_same_ids(candidates, history, "item_id")
    users = np.log1p(history.groupby("item_id")["user_id"].nunique())
    popularity = candidates["item_id"].map(users / users.max()).fillna(0)
    scored = candidates.assign(score=(1 - weight) * scaled(candidates) - weight * popularity)
    return first(scored, -rounded(scored["score"]), k)
