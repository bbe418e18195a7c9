"""Properties of lists beyond accuracy: diversity, miscalibration and popularity, user by user."""

import numpy as np
import pandas as pd
from scipy.special import rel_entr

from helpers.data import checks
from helpers.evaluation.metrics import first_ranks
from helpers.recommend.candidates import require_known
from helpers.recommend.reranking import category_shares


def intra_list_similarity(
    recommendations: pd.DataFrame, similarity: pd.DataFrame, k: int = 10
) -> pd.Series:
    """Intra-list similarity: the mean similarity of all pairs of items in each user's list.

        2 / (n (n − 1)) · Σ_{i < j} sim(i, j)

    over the n items in the first k ranks; the lower, the more diverse. Ziegler et al. take the sum.

    Parameters
    ----------
    recommendations : DataFrame; columns ``user_id``, ``item_id``, ``rank``.
    similarity : DataFrame of similarities, index and columns are items, at least all recommended.
    k : length of the lists, 1 or more.

    Returns
    -------
    Series of floats, name "intra_list_similarity"; one row per user with recommendations (index,
    sorted). A list of one item has no pair and is NaN.

    References
    ----------
    C.-N. Ziegler, S. McNee, J. Konstan & G. Lausen (2005), Improving recommendation lists through
    topic diversification, WWW '05, doi:10.1145/1060745.1060754

    Examples
    --------
    >>> lists = pd.DataFrame({"user_id": "Ana", "item_id": list("abc"), "rank": [1, 2, 3]})
    >>> alike = pd.DataFrame([[1, 0.6, 0], [0.6, 1, 0], [0, 0, 1]], list("abc"), list("abc"))
    >>> intra_list_similarity(lists, alike).round(2).tolist()  # (0.6 + 0 + 0) / 3
    [0.2]
    """
    top = first_ranks(recommendations, k)
    for known in (similarity.index, similarity.columns):
        require_known(top, known, "similarity")
    items = pd.Index(top["item_id"].unique())
    alike = similarity.reindex(index=items, columns=items).to_numpy(float)
    top = top.assign(item=items.get_indexer(top["item_id"]))
    lists = top.pivot_table("item", "user_id", "rank").fillna(-1).astype(int)
    one, other = (lists.to_numpy()[:, ranks] for ranks in np.triu_indices(lists.shape[1], 1))
    pair = (one >= 0) & (other >= 0)
    n_pairs = pair.sum(axis=1)
    total = np.where(pair, alike[one, other], 0).sum(axis=1)
    mean = np.divide(total, n_pairs, out=np.full(len(lists), np.nan), where=n_pairs > 0)
    return pd.Series(mean, lists.index, name="intra_list_similarity")


def miscalibration(
    recommendations: pd.DataFrame,
    history: pd.DataFrame,
    category: pd.Series,
    k: int = 10,
    *,
    smoothing: float = 0.01,
) -> pd.Series:
    """Miscalibration: how far the categories of each user's list are from those of the history.

    The Kullback–Leibler divergence

        Σ_g p_g ln(p_g / q̃_g),   q̃_g = (1 − α) q_g + α p_g

    where p are the shares of the categories g in the user's history, q those in the first k ranks,
    and α is the ``smoothing``. It is 0 if the shares are equal, and at most ln(1 / α).

    Parameters
    ----------
    recommendations : DataFrame; columns ``user_id``, ``item_id``, ``rank``.
    history : DataFrame; columns ``user_id``, ``item_id``; each row counts once.
    category : Series, the category of each item (index ``item_id``).
    k : length of the lists, 1 or more.
    smoothing : α, in (0, 1).

    Returns
    -------
    Series of floats, name "miscalibration"; one row per user with recommendations and a history
    (index, sorted).

    References
    ----------
    H. Steck (2018), Calibrated recommendations, RecSys '18, doi:10.1145/3240323.3240372

    Examples
    --------
    >>> shelf = pd.Series({"lamp": "Lighting", "lantern": "Lighting", "vase": "Decor"})
    >>> history = pd.DataFrame({"user_id": "Ana", "item_id": ["lantern", "vase"]})
    >>> lists = pd.DataFrame({"user_id": "Ana", "item_id": ["lamp"], "rank": 1})
    >>> miscalibration(lists, history, shelf).round(2).tolist()  # 0.5 ln(.5 / .995) + 0.5 ln(100)
    [1.96]
    """
    checks.require_share("smoothing", smoothing)
    top = first_ranks(recommendations, k)
    checks.require_same_ids(top, history, "user_id")
    shown = category_shares(top, category)
    wanted, shown = category_shares(history, category).align(shown, fill_value=0)
    both = wanted.any(axis=1) & shown.any(axis=1)
    p, q = wanted[both].to_numpy(), shown[both].to_numpy()
    divergence = rel_entr(p, (1 - smoothing) * q + smoothing * p).sum(axis=1)
    return pd.Series(divergence, wanted.index[both], name="miscalibration")


def list_popularity(
    recommendations: pd.DataFrame, history: pd.DataFrame, k: int = 10
) -> pd.DataFrame:
    """Mean popularity of the items in each user's list, and in the user's own history.

    The popularity of an item is the share of the users of the history who have it. The popularity
    lift of a group of users is the mean of ``shown`` divided by that of ``own``, minus 1.

    Parameters
    ----------
    recommendations : DataFrame; columns ``user_id``, ``item_id``, ``rank``.
    history : DataFrame; columns ``user_id``, ``item_id``: what all users have had.
    k : length of the lists, 1 or more.

    Returns
    -------
    DataFrame of shares, one row per user with recommendations and a history (index, sorted);
    columns ``shown`` and ``own``.

    References
    ----------
    H. Abdollahpouri, M. Mansoury, R. Burke & B. Mobasher (2020), The connection between popularity
    bias, calibration, and fairness in recommendation, RecSys '20, doi:10.1145/3383313.3418487

    Examples
    --------
    >>> history = pd.DataFrame({"user_id": ["Ana", "Ana", "Ben"], "item_id": ["a", "b", "a"]})
    >>> lists = pd.DataFrame({"user_id": "Ana", "item_id": ["a"], "rank": 1})
    >>> list_popularity(lists, history)  # a: 2 of 2 users, b: 1 of 2
             shown   own
    user_id
    Ana        1.0  0.75
    """
    top = first_ranks(recommendations, k)
    checks.require(history, user_id="key", item_id="key")
    checks.require_same_ids(top, history, "user_id", "item_id")
    users = history.groupby("item_id")["user_id"].nunique() / history["user_id"].nunique()
    means = {
        name: table["item_id"].map(users).fillna(0).groupby(table["user_id"]).mean()
        for name, table in (("shown", top), ("own", history))
    }
    return pd.DataFrame(means).dropna()
