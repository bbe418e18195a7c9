"""Metrics of recommenders: rating errors, ranking metrics, coverage, novelty and concentration.

Recommendations are a table of ``user_id``, ``item_id`` and ``rank``, which counts 1, 2, 3, … for
each user; relevant items are a table of ``user_id``, ``item_id``. k is the length of the list, R
the set of a user's relevant items, and h the number of hits, relevant items among the first k.

Libraries give different numbers under the same name (Tamm, Damdinov & Vasilev 2021,
doi:10.1145/3460231.3478848), so each docstring gives the formula.
"""

import numpy as np
import pandas as pd

from helpers.data import checks

RANKING = ("precision", "recall", "f1", "hit", "reciprocal_rank", "average_precision", "ndcg")

# ---------------------------------------------------------------- ratings


def rmse(predictions: pd.DataFrame) -> float:
    """Root mean squared error of predicted ratings: √(Σ (r − r̂)² / n), in stars.

    An error of 2 stars counts as much as four errors of 1 star, and users with many ratings count
    more. A low RMSE does not make a good ranking.

    ``predictions`` is a DataFrame with the columns ``rating`` and ``prediction``.

    References
    ----------
    J. Herlocker et al. (2004), Evaluating collaborative filtering recommender systems, ACM TOIS 22,
    doi:10.1145/963770.963772

    Examples
    --------
    >>> rmse(pd.DataFrame({"rating": [5, 3], "prediction": [4.0, 3.0]}))  # √(1 / 2)
    0.7071067811865476
    """
    return float(np.sqrt((errors(predictions) ** 2).mean()))


def mae(predictions: pd.DataFrame) -> float:
    """Mean absolute error of predicted ratings: Σ |r − r̂| / n, in stars; see `rmse`.

    Examples
    --------
    >>> mae(pd.DataFrame({"rating": [5, 3], "prediction": [4.0, 3.0]}))
    0.5
    """
    return float(np.abs(errors(predictions)).mean())


def errors(predictions: pd.DataFrame) -> np.ndarray:
    """Return r − r̂ of each row."""
    checks.require(predictions, rating="number", prediction="number")
    return (predictions["rating"] - predictions["prediction"]).to_numpy(float)


# ---------------------------------------------------------------- ranking


def ranking_metrics(
    recommendations: pd.DataFrame,
    relevant: pd.DataFrame,
    k: int = 10,
    *,
    ap_denominator: str = "reachable",
) -> pd.DataFrame:
    """Ranking metrics of every user with relevant items.

    - ``precision`` = h / k, even if a list is shorter than k
    - ``recall`` = h / |R|
    - ``f1`` = 2 · precision · recall / (precision + recall), 0 without a hit
    - ``hit`` = 1 if h > 0, else 0; its mean is the hit rate
    - ``reciprocal_rank`` = 1 / rank of the first hit, 0 without a hit; its mean is MRR
    - ``average_precision`` = Σ P@i · rel_i / min(k, |R|), i = 1 … k, rel_i = 1 for a hit; its
      mean is MAP
    - ``ndcg`` = Σ rel_i / log₂(i + 1), divided by its value for min(k, |R|) hits at the top. This
      is the discount of Burges et al. (2005); the original one begins only after rank b.

    A user with relevant items but without recommendations scores 0, so a model cannot gain by
    leaving out users. A user without relevant items is left out.

    Parameters
    ----------
    recommendations : DataFrame; columns ``user_id``, ``item_id``, ``rank`` (1 is best).
    relevant : DataFrame; columns ``user_id``, ``item_id``. Repeated rows count once.
    k : length of the list, 1 or more.
    ap_denominator : "reachable" for min(k, |R|), so that a perfect list has 1, or "relevant" for
        |R|, as in the evaluation of complete rankings.

    Returns
    -------
    DataFrame of floats in [0, 1], one row per user with relevant items (index ``user_id``, sorted),
    one column per metric.

    References
    ----------
    K. Järvelin & J. Kekäläinen (2002), Cumulated gain-based evaluation of IR techniques, ACM TOIS
    20, doi:10.1145/582415.582418; C. Burges et al. (2005), Learning to rank using gradient descent,
    ICML '05, doi:10.1145/1102351.1102363; Herlocker et al. (2004), doi:10.1145/963770.963772

    Examples
    --------
    >>> lists = pd.DataFrame({"user_id": "Ana", "item_id": list("abcd"), "rank": [1, 2, 3, 4]})
    >>> liked = pd.DataFrame({"user_id": ["Ana", "Ana", "Ben"], "item_id": ["a", "d", "b"]})
    >>> metrics = ["precision", "recall", "average_precision"]
    >>> ranking_metrics(lists, liked, k=4)[metrics]
             precision  recall  average_precision
    user_id
    Ana            0.5     1.0               0.75
    Ben            0.0     0.0               0.00
    """
    if ap_denominator not in ("reachable", "relevant"):
        raise ValueError(f'ap_denominator is "reachable" or "relevant"; got {ap_denominator!r}.')
    top = first_ranks(recommendations, k)
    checks.require(relevant, user_id="key", item_id="key")
    checks.require_same_ids(top, relevant, "user_id", "item_id")

    relevant = relevant[["user_id", "item_id"]].drop_duplicates()
    size = relevant.groupby("user_id").size()
    hits = top.merge(relevant, on=["user_id", "item_id"]).sort_values(["user_id", "rank"])
    rank = hits["rank"].to_numpy(int)
    nth_hit = hits.groupby("user_id").cumcount().to_numpy() + 1
    user = size.index.get_indexer(hits["user_id"])

    def total(values: np.ndarray) -> np.ndarray:
        return np.bincount(user, values, minlength=len(size))

    h = total(np.ones(len(hits)))
    reachable = size.clip(upper=k).to_numpy(int)
    ideal_gain = np.cumsum(1 / np.log2(np.arange(reachable.max()) + 2))[reachable - 1]
    divisor = reachable if ap_denominator == "reachable" else size
    return pd.DataFrame(
        {
            "precision": h / k,
            "recall": h / size,
            "f1": 2 * h / (k + size),  # the harmonic mean of h / k and h / |R|
            "hit": np.minimum(h, 1),
            "reciprocal_rank": total((nth_hit == 1) / rank),
            "average_precision": total(nth_hit / rank) / divisor,
            "ndcg": total(1 / np.log2(rank + 1)) / ideal_gain,
        },
        index=size.index,
    )


def first_ranks(recommendations: pd.DataFrame, k: int) -> pd.DataFrame:
    """Return the first k recommendations of each user, checked."""
    checks.require(recommendations, user_id="key", item_id="key", rank="count")
    checks.require_whole("k", k)
    rank = recommendations["rank"]
    counts_wrong = rank != recommendations.groupby("user_id")["rank"].rank(method="first")
    again = recommendations.duplicated(["user_id", "item_id"])
    fix = 'Renumber: table["rank"] = table.groupby("user_id")["rank"].rank(method="first").'
    drop = "Drop the later one and renumber the ranks."
    checks.refuse_rows(
        recommendations,
        ("rank", counts_wrong, "does not count 1, 2, 3, … for each user", fix),
        ("item_id", again, "repeats an item in the list of one user", drop),
        name="recommendations",
    )
    return recommendations.loc[rank <= k, ["user_id", "item_id", "rank"]]


# ---------------------------------------------------------------- beyond accuracy


def catalog_coverage(recommendations: pd.DataFrame, items: pd.DataFrame, k: int = 10) -> float:
    """Catalog coverage: the share of items in the first k of at least one user.

    ``items`` is the catalog, a DataFrame with the column ``item_id``.

    References
    ----------
    M. Ge, C. Delgado-Battenfeld & D. Jannach (2010), Beyond accuracy, RecSys '10,
    doi:10.1145/1864708.1864761

    Examples
    --------
    >>> lists = pd.DataFrame({"user_id": ["Ana", "Ben"], "item_id": "a", "rank": 1})
    >>> catalog_coverage(lists, pd.DataFrame({"item_id": list("abcd")}))
    0.25
    """
    return float((_exposure(recommendations, items, k) > 0).mean())


def gini(recommendations: pd.DataFrame, items: pd.DataFrame, k: int = 10) -> float:
    """Gini coefficient of item exposure: 0 if all items are equally exposed, near 1 if one has all.

        Σ_j (2j − n − 1) x_(j) / (n Σ x)

    x_(j) is the number of lists with the j-th least recommended of the n items of the catalog,
    including those never recommended; ``items`` is the catalog.

    References
    ----------
    D. Fleder & K. Hosanagar (2009), Blockbuster culture's next rise or fall, Management Science 55,
    doi:10.1287/mnsc.1080.0974

    Examples
    --------
    >>> lists = pd.DataFrame({"user_id": ["Ana", "Ben"], "item_id": "a", "rank": 1})
    >>> gini(lists, pd.DataFrame({"item_id": list("abcd")}))  # (2·4 − 4 − 1) · 2 / (4 · 2)
    0.75
    """
    x = np.sort(_exposure(recommendations, items, k))
    n = len(x)
    return float((2 * np.arange(1, n + 1) - n - 1) @ x / (n * x.sum()))


def _exposure(recommendations: pd.DataFrame, items: pd.DataFrame, k: int) -> np.ndarray:
    """Return the number of lists that hold each item of the catalog."""
    top = first_ranks(recommendations, k)
    checks.require(items, item_id="key")
    checks.require_same_ids(top, items, "item_id")
    catalog = pd.Index(items["item_id"].unique())
    item = catalog.get_indexer(top["item_id"])
    unlisted = ("item_id", item < 0, "names items not in the catalog", "Add them to `items`.")
    checks.refuse_rows(top, unlisted, name="recommendations")
    return np.bincount(item, minlength=len(catalog))


def novelty(recommendations: pd.DataFrame, interactions: pd.DataFrame, k: int = 10) -> pd.Series:
    """Novelty of the first k items of each user: mean of −log₂(|U_i| / |U|), in bits.

    U are the users of ``interactions``, the training data, and U_i those with the item. An item
    that all users have has 0 bits, and one that half of them have has 1; an item that nobody has
    counts as if one user had it.

    Returns
    -------
    Series of floats, name "novelty", one row per user with recommendations (index, sorted).

    References
    ----------
    T. Zhou et al. (2010), Solving the apparent diversity-accuracy dilemma of recommender systems,
    PNAS 107, doi:10.1073/pnas.1000488107

    Examples
    --------
    >>> known = pd.DataFrame({"user_id": ["Ana", "Ben", "Ana"], "item_id": ["a", "a", "b"]})
    >>> lists = pd.DataFrame({"user_id": "Cem", "item_id": ["a", "b"], "rank": [1, 2]})
    >>> novelty(lists, known).tolist()  # a: 0 bits, b: 1 bit
    [0.5]
    """
    top = first_ranks(recommendations, k)
    checks.require(interactions, user_id="key", item_id="key")
    checks.require_same_ids(top, interactions, "item_id")
    knowing = interactions.groupby("item_id")["user_id"].nunique().reindex(top["item_id"])
    share = knowing.fillna(1).to_numpy() / interactions["user_id"].nunique()
    return top.assign(novelty=-np.log2(share)).groupby("user_id")["novelty"].mean()
