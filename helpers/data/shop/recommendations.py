"""Recommendations whose clicks follow the true tastes: their log, and any list's true value.

The log draws from a seed of its own, so nothing else of the shop changes.
"""

import numpy as np
import pandas as pd
from scipy.special import expit

from helpers.data import checks
from helpers.data.shop.opinions import mean_stars

EXAMINATION = 1 / np.arange(1, 6)  # probability that a user looks at place 1, 2, … 5
HIGHEST_RATE = 0.8  # of clicks on what is looked at and loved
HALF_STARS, STEEPNESS = 4.5, 1.5  # stars at which half of this is reached, and how fast
MOST_ITEMS = 60  # of a Plackett–Luce list; a set of them is the bits of one number


def click_rates(users: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """Return the relevance of items: the probability of a click by a user who looks at the item.

        0.8 / (1 + exp(−1.5 (stars − 4.5)))

    with the true stars of `mean_stars`.

    Parameters
    ----------
    users, items : tables of the answer key; some of their rows will do.

    Returns
    -------
    DataFrame of floats in (0, 0.8), a row per user (index ``user_id``), a column per item.

    Examples
    --------
    >>> users = pd.DataFrame({"user_id": ["Ana", "Ben"], "leniency": 0.0, "taste_1": [1.6, 0.0]})
    >>> items = pd.DataFrame({"item_id": ["lamp"], "quality": 0.0, "factor_1": 1.0})
    >>> click_rates(users, items).round(2)  # 3.3 + 0.75 · 1.6 = 4.5 stars, and 3.3
    item_id  lamp
    user_id
    Ana      0.40
    Ben      0.11
    """
    pairs = pd.MultiIndex.from_product([range(len(users)), range(len(items))])
    stars = mean_stars(users, items, pairs.to_frame(name=["user", "item"]))
    rates = HIGHEST_RATE * expit(STEEPNESS * (stars.reshape(len(users), -1) - HALF_STARS))
    return pd.DataFrame(rates, pd.Index(users["user_id"]), pd.Index(items["item_id"]))


def place_probabilities(weights: pd.Series, places: int = 5) -> pd.DataFrame:
    """Return the probability of each item to be in each place of a Plackett–Luce list.

    Place 1 goes to item i with probability w_i / Σ w, the next to one of the others in the same
    way, and so on. Exactly, with p(S) the probability that the items of the set S come first,

        P(i in place k) = Σ_{|S| = k−1, i ∉ S} p(S) w_i / (W − w(S)),   W = Σ w

    Parameters
    ----------
    weights : Series of numbers above 0, one per item (index); twenty or so (60 at most), since
        there is a sum over all sets of ``places`` − 1 items.
    places : length of the list, at most the number of items.

    Returns
    -------
    DataFrame with the index of ``weights`` and the columns 1, 2, … ``places``, each of sum 1.

    References
    ----------
    Plackett (1975), The analysis of permutations, https://doi.org/10.2307/2346567

    Examples
    --------
    >>> place_probabilities(pd.Series({"lamp": 2, "vase": 1, "rug": 1}), 2).round(3)
    place      1      2
    lamp    0.50  0.333
    vase    0.25  0.333
    rug     0.25  0.333
    """
    w = _require_weights(weights, places)
    bits = 1 << np.arange(len(w))  # a set of items is a whole number, a bit for each
    sets, chance, table = np.zeros(1, int), np.ones(1), []
    for place in range(1, places + 1):
        free = sets[:, None] & bits == 0
        share = chance[:, None] * np.where(free, w, 0) / (free @ w)[:, None]
        table.append(share.sum(axis=0))
        if place < places:
            sets, which = np.unique((sets[:, None] | bits)[free], return_inverse=True)
            chance = np.bincount(which, share[free])
    return pd.DataFrame(
        np.column_stack(table), weights.index, pd.RangeIndex(1, places + 1, name="place")
    )


def log_recommendations(
    relevance: pd.DataFrame, weights: pd.Series, lists: int, *, random_state: int = 0
) -> pd.DataFrame:
    """Show Plackett–Luce lists of five items to users who come at random, and log the clicks.

    Clicks follow the position-based model of `click`.

    Parameters
    ----------
    relevance : DataFrame as from `click_rates`; its users come to the page.
    weights : Series of numbers above 0, one per item of ``relevance`` (index): the higher, the
        nearer to the top an item is likely to be.
    lists : how many to show.
    random_state : seed.

    Returns
    -------
    DataFrame, one row per place of a list: ``list_id``, ``user_id``, ``item_id``, ``position``
    (1 … 5), ``propensity`` (the probability that this item is in this place,
    `place_probabilities`) and ``clicked`` (bool).

    Examples
    --------
    >>> relevance = pd.DataFrame(0.5, ["Ana", "Ben"], list("abcdef"))
    >>> log_recommendations(relevance, pd.Series(1.0, list("abcdef")), 1)
       list_id user_id item_id  position  propensity  clicked
    0        0     Ben       d         1    0.166667    False
    1        0     Ben       c         2    0.166667    False
    2        0     Ben       e         3    0.166667    False
    3        0     Ben       a         4    0.166667    False
    4        0     Ben       b         5    0.166667     True
    """
    checks.require_whole("lists", lists)
    places = len(EXAMINATION)
    w = _require_weights(weights, places)
    columns = _where("item_id", relevance.columns, weights.index)
    rng = np.random.default_rng(random_state)
    # The five items with the shortest of exponential times are a draw from Plackett–Luce.
    times = rng.standard_exponential((lists, len(w))) / w
    items = np.argsort(times, axis=1)[:, :places]
    users = rng.integers(len(relevance), size=lists)
    rates = relevance.to_numpy()[users[:, None], columns[items]]
    propensity = place_probabilities(weights, places).to_numpy()[items, np.arange(places)]
    log = {
        "list_id": np.repeat(np.arange(lists), places),
        "user_id": relevance.index[np.repeat(users, places)],
        "item_id": weights.index[items.ravel()],
        "position": np.tile(np.arange(places) + 1, lists),
        "propensity": propensity.ravel(),
        "clicked": (rng.random(rates.shape) < EXAMINATION * rates).ravel(),
    }
    return pd.DataFrame(log)


def click(lists: pd.DataFrame, relevance: pd.DataFrame, *, random_state: int = 0) -> pd.Series:
    """Let users click on lists, by the position-based model.

        P(click) = examination(position) · relevance(user, item)

    A user looks at place k with probability 1 / k, whatever stands there, and clicks on what she
    looks at with the probability `click_rates`.

    Parameters
    ----------
    lists : DataFrame with the columns ``user_id``, ``item_id`` and ``position`` (1 … 5).
    relevance : DataFrame as from `click_rates`.
    random_state : seed.

    Returns
    -------
    Series of bool, name ``clicked``, with the index of ``lists``.

    References
    ----------
    The position-based model: Craswell, Zoeter, Taylor & Ramsey (2008), An experimental comparison
    of click position-bias models, https://doi.org/10.1145/1341531.1341545

    Examples
    --------
    >>> lists = pd.DataFrame({"user_id": "Ana", "item_id": ["lamp", "rug"], "position": [1, 2]})
    >>> click(lists, pd.DataFrame({"lamp": 1.0, "rug": 0.0}, ["Ana"])).tolist()
    [True, False]
    """
    draw = np.random.default_rng(random_state).random(len(lists))
    return pd.Series(draw < _probability(lists, relevance), lists.index, name="clicked")


def true_value(lists: pd.DataFrame, relevance: pd.DataFrame) -> float:
    """Return the expected clicks on a list, the mean over the users who have one.

    Parameters
    ----------
    lists : DataFrame with one list for each user: ``user_id``, ``item_id``, ``position`` (1 … 5).
    relevance : DataFrame as from `click_rates`.

    Examples
    --------
    >>> lists = pd.DataFrame({"user_id": "Ana", "item_id": ["lamp", "rug"], "position": [1, 2]})
    >>> true_value(lists, pd.DataFrame({"lamp": 0.3, "rug": 0.2}, ["Ana"]))  # 0.3 + 0.2 / 2
    0.4
    """
    return float(_probability(lists, relevance).sum() / lists["user_id"].nunique())


def _probability(lists: pd.DataFrame, relevance: pd.DataFrame) -> np.ndarray:
    """Return the probability of a click on each row."""
    checks.require(lists, user_id="key", item_id="key", position="count")
    deep = ~lists["position"].between(1, len(EXAMINATION))
    fix = f"A list has {len(EXAMINATION)} places, from 1 on."
    checks.refuse_rows(lists, ("position", deep, "is no place of the page", fix), name="lists")
    rows = _where("user_id", relevance.index, lists["user_id"])
    columns = _where("item_id", relevance.columns, lists["item_id"])
    return EXAMINATION[lists["position"] - 1] * relevance.to_numpy()[rows, columns]


def _where(name: str, known: pd.Index, wanted: pd.Index | pd.Series) -> np.ndarray:
    places = known.get_indexer(wanted)
    if (places < 0).any():
        first = np.asarray(wanted)[places < 0][0]
        raise ValueError(f'relevance has no {name} "{first}": leave it out, or add its rates.')
    return places


def _require_weights(weights: pd.Series, places: int) -> np.ndarray:
    """Return the weights as numbers, all checked."""
    checks.require_whole("places", places)
    checks.require(pd.DataFrame({"weight": weights}), weight="number")
    w = weights.to_numpy(float)
    if not (w > 0).all():
        raise ValueError("weights must be above 0, or items could never be shown; drop the others.")
    if len(w) > MOST_ITEMS:
        raise ValueError(
            f"weights has {len(w)} items, too many: exact propensities take at most {MOST_ITEMS}."
        )
    if len(w) < places:
        raise ValueError(f"a list of {places} places needs as many items; weights has {len(w)}.")
    return w
