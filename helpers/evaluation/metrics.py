"""How good recommendations are: errors of ratings, hits of lists, and what accuracy does not see.

Recommendations are a table of ``user_id``, ``item_id``, ``rank``, where the ranks of a user count
1, 2, 3, …; what a user turned out to like is a table of ``user_id``, ``item_id``. The notation:
k is the length of the list that is looked at, R the set of items relevant to a user, and h the
number of hits, relevant items among the first k. Nothing here loops over users.

Libraries give different numbers under the same name (Tamm, Damdinov & Vasilev 2021,
doi:10.1145/3460231.3478848); the formula in each docstring says which one is meant.
"""

import numpy as np
import pandas as pd

from helpers.data import checks

RANKING = ("precision", "recall", "f1", "hit", "reciprocal_rank", "average_precision", "ndcg")

# ---------------------------------------------------------------- ratings


def rmse(predictions: pd.DataFrame) -> float:
    """Root mean squared error of predicted ratings: √(Σ (r − r̂)² / n), in stars.

    One error of 2 stars weighs as much as four of 1. All pairs weigh the same, so users with many
    ratings weigh more. A low error does not make a good list: RMSE is not ranking.

    Parameters
    ----------
    predictions : DataFrame, one row per pair; columns ``rating`` and ``prediction``, both finite.

    References
    ----------
    J. Herlocker et al. (2004), Evaluating collaborative filtering recommender systems, ACM TOIS 22,
    doi:10.1145/963770.963772

    Examples
    --------
    >>> rmse(pd.DataFrame({"rating": [5, 3], "prediction": [4.0, 3.0]}))  # √(1 / 2)
    0.7071067811865476
    """
    return float(np.sqrt((_errors(predictions) ** 2).mean()))


def mae(predictions: pd.DataFrame) -> float:
    """Mean absolute error of predicted ratings: Σ |r − r̂| / n, in stars. Otherwise like `rmse`.

    Examples
    --------
    >>> mae(pd.DataFrame({"rating": [5, 3], "prediction": [4.0, 3.0]}))
    0.5
    """
    return float(np.abs(_errors(predictions)).mean())


def _errors(predictions: pd.DataFrame) -> np.ndarray:
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
    """Measure the list of every user who has something relevant.

    - ``precision`` = h / k, also where a list is shorter than k
    - ``recall`` = h / |R|
    - ``f1`` = 2 · precision · recall / (precision + recall), 0 without a hit
    - ``hit`` = 1 if h > 0, else 0; its mean is the hit rate
    - ``reciprocal_rank`` = 1 / rank of the first hit, 0 without a hit; its mean is MRR
    - ``average_precision`` = Σ P@i · rel_i / min(k, |R|), i = 1 … k, rel_i = 1 for a hit; its
      mean is MAP
    - ``ndcg`` = Σ rel_i / log₂(i + 1), divided by what min(k, |R|) hits on top would give

    A user with relevant items who was recommended nothing scores 0 and is never dropped: a model
    must not gain by keeping silent. A user without relevant items has no denominator and is left
    out.

    Parameters
    ----------
    recommendations : DataFrame; columns ``user_id``, ``item_id``, ``rank`` (1 is best).
    relevant : DataFrame; columns ``user_id``, ``item_id``. Rows that repeat count once.
    k : length of the list that counts, 1 or more.
    ap_denominator : "reachable" for min(k, |R|), with which a perfect list has 1, or "relevant"
        for |R|, as where whole rankings are judged.

    Returns
    -------
    DataFrame of floats in [0, 1], one row per user with relevant items (index ``user_id``, sorted),
    one column per metric.

    References
    ----------
    K. Järvelin & J. Kekäläinen (2002), Cumulated gain-based evaluation of IR techniques, ACM TOIS
    20, doi:10.1145/582415.582418; Herlocker et al. (2004), doi:10.1145/963770.963772

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
    top = _top(recommendations, k)
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
            "f1": 2 * h / (k + size),  # the harmonic mean of h / k and h / |R|, rid of fractions
            "hit": np.minimum(h, 1),
            "reciprocal_rank": total((nth_hit == 1) / rank),
            "average_precision": total(nth_hit / rank) / divisor,
            "ndcg": total(1 / np.log2(rank + 1)) / ideal_gain,
        },
        index=size.index,
    )


def _top(recommendations: pd.DataFrame, k: int) -> pd.DataFrame:
    """Check a table of recommendations and return the first k of each user."""
    checks.require(recommendations, user_id="key", item_id="key", rank="count")
    checks.require_whole("k", k)
    rank = recommendations["rank"]
    checks.refuse_rows(
        recommendations,
        (
            "rank",
            rank != recommendations.groupby("user_id")["rank"].rank(method="first"),
            "does not count 1, 2, 3, … for each user",
            'Number anew: table["rank"] = table.groupby("user_id")["rank"].rank(method="first").',
        ),
        (
            "item_id",
            recommendations.duplicated(["user_id", "item_id"]),
            "repeats an item in the list of one user",
            "A list holds an item once: drop the later one and number the ranks anew.",
        ),
        name="recommendations",
    )
    return recommendations.loc[rank <= k, ["user_id", "item_id", "rank"]]


# ---------------------------------------------------------------- beyond accuracy


def catalog_coverage(recommendations: pd.DataFrame, items: pd.DataFrame, k: int = 10) -> float:
    """Share of the catalog that stands in the first k of at least one user.

    Parameters
    ----------
    recommendations : DataFrame; columns ``user_id``, ``item_id``, ``rank``.
    items : DataFrame, the catalog; column ``item_id``.
    k : length of the list that counts.

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
    """How unequally recommendations fall on items: 0 if all get the same, near 1 if one gets all.

        Σ_j (2j − n − 1) x_(j) / (n Σ x)

    x_(j) is how often the j-th least recommended of the n items of the catalog stands in a list.
    Items never recommended are in it with 0; left out, the most one-sided model looks fair.

    Parameters, Raises : as in `catalog_coverage`.

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
    """Return in how many lists each item of the catalog stands."""
    top = _top(recommendations, k)
    checks.require(items, item_id="key")
    checks.require_same_ids(top, items, "item_id")
    catalog = pd.Index(items["item_id"].unique())
    item = catalog.get_indexer(top["item_id"])
    unlisted = ("item_id", item < 0, "names items not in the catalog", "Add them to `items`.")
    checks.refuse_rows(top, unlisted, name="recommendations")
    return np.bincount(item, minlength=len(catalog))


def novelty(recommendations: pd.DataFrame, interactions: pd.DataFrame, k: int = 10) -> pd.Series:
    """How little known the first k items of each user are: mean of −log₂(|U_i| / |U|), in bits.

    U are the users of ``interactions``, U_i those among them who know the item. One known to
    everybody has 0 bits, one known to every second user 1. An item that nobody knows yet would be
    infinitely novel; it counts as if one user knew it.

    Parameters
    ----------
    recommendations : DataFrame; columns ``user_id``, ``item_id``, ``rank``.
    interactions : DataFrame, what was known in training; columns ``user_id``, ``item_id``.
    k : length of the list that counts.

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
    top = _top(recommendations, k)
    checks.require(interactions, user_id="key", item_id="key")
    checks.require_same_ids(top, interactions, "item_id")
    knowing = interactions.groupby("item_id")["user_id"].nunique().reindex(top["item_id"])
    share = knowing.fillna(1).to_numpy() / interactions["user_id"].nunique()
    return top.assign(novelty=-np.log2(share)).groupby("user_id")["novelty"].mean()


def intra_list_diversity(
    recommendations: pd.DataFrame, similarity: pd.DataFrame, k: int = 10
) -> pd.Series:
    """How unlike the first k items of each user are: the mean of 1 − s_ij over pairs i < j.

    Parameters
    ----------
    recommendations : DataFrame; columns ``user_id``, ``item_id``, ``rank``.
    similarity : DataFrame of s_ij, symmetric; index and columns are item ids. Only items that are
        recommended are looked up.
    k : length of the list that counts.

    Returns
    -------
    Series of floats, name "diversity", one row per user with recommendations (index, sorted). NaN
    for a list of one item: it has no pairs. Pairs whose similarity is NaN are left out.

    References
    ----------
    C.-N. Ziegler et al. (2005), Improving recommendation lists through topic diversification,
    WWW '05, doi:10.1145/1060745.1060754

    Examples
    --------
    >>> s = pd.DataFrame([[1, 0.8, 0], [0.8, 1, 0.1], [0, 0.1, 1]], list("abc"), list("abc"))
    >>> lists = pd.DataFrame({"user_id": "Ana", "item_id": list("abc"), "rank": [1, 2, 3]})
    >>> intra_list_diversity(lists, s).round(3).tolist()  # (0.2 + 1 + 0.9) / 3
    [0.7]
    """
    top = _top(recommendations, k)
    row = similarity.index.get_indexer(top["item_id"])
    column = similarity.columns.get_indexer(top["item_id"])
    what, mend = (
        "names items without similarities",
        "Give `similarity` a row and a column for each.",
    )
    absent = ("item_id", np.minimum(row, column) < 0, what, mend)
    checks.refuse_rows(top, absent, name="recommendations")
    top = top.assign(row=row, column=column)
    pairs = top.merge(top, on="user_id", suffixes=("", "_j"))
    pairs = pairs[pairs["rank"] < pairs["rank_j"]]
    unlike = 1 - similarity.to_numpy()[pairs["row"], pairs["column_j"]]
    mean = pd.Series(unlike).groupby(pairs["user_id"].to_numpy()).mean()
    return mean.reindex(sorted(top["user_id"].unique())).rename("diversity").rename_axis("user_id")
