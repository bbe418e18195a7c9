"""Who rates what: stars from taste and noise, and the reasons why most ratings are missing."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import ndtr

from helpers.data.shop.choice import CELLS
from helpers.data.shop.clock import DAYS

MEAN_STARS = 3.3
TASTE_STARS = 0.75  # stars per unit of taste · item
NOISE_STARS = 0.85  # standard deviation of what no model can know
STARS = np.arange(1, 6)
# Missing not at random: very good and very bad ratings are published more often.
SPEAKS = np.array([0.75, 0.45, 0.35, 0.50, 0.90])  # probability to publish 1, 2, … 5 stars


def make_ratings(
    users: pd.DataFrame,
    items: pd.DataFrame,
    lines: pd.DataFrame,
    count: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Draw `count` published ratings.

    Users rate what they bought, and what they know from elsewhere when the shop asks. They meet
    popular items, and items they like, more often. What they meet they rate; whether they publish
    it depends on the stars themselves.

    Parameters
    ----------
    lines : one row per purchase, with ``user``, ``item`` and ``day``.

    Returns
    -------
    DataFrame with ``user``, ``item``, ``rating`` (1…5) and ``day``; one row per pair.
    """
    taste = users.filter(like="taste_").to_numpy()
    factors = items.filter(like="factor_").to_numpy()
    base = 0.8 * np.log(items["popularity"].to_numpy())
    first = lines.groupby(["user", "item"], as_index=False)["day"].min()
    cuts = np.searchsorted(first["user"], np.arange(len(users) + 1))

    # About half of these ratings are published; draw enough and keep `count` of them.
    eager = np.exp(0.8 * rng.standard_normal(len(users)))
    meets = rng.poisson(2.0 * count * eager / eager.sum()) + 1
    meets = np.minimum(meets, len(items) // 2)
    pairs = []
    rows = max(1, CELLS // len(items))
    for start in range(0, len(users), rows):
        block = slice(start, min(start + rows, len(users)))
        score = 0.9 * taste[block] @ factors.T
        score += base
        mine = first.iloc[cuts[block.start] : cuts[block.stop]]
        score[mine["user"] - start, mine["item"]] += 3.0
        # The items with the highest score + Gumbel noise are a draw without replacement.
        noise = rng.standard_exponential(score.shape)
        score -= np.log(noise, out=noise)
        # A row at a time is fastest: it fits into the cache, and some users meet far more items.
        item = [_highest(each, most) for each, most in zip(score, meets[block], strict=True)]
        user = np.repeat(np.arange(block.start, block.stop), meets[block])
        pairs.append(np.column_stack([user, np.concatenate(item)]))
    pairs = pd.DataFrame(np.concatenate(pairs), columns=["user", "item"])

    stars = mean_stars(users, items, pairs) + NOISE_STARS * rng.standard_normal(len(pairs))
    pairs["rating"] = np.clip(np.rint(stars), 1, 5).astype(np.int64)
    published = np.flatnonzero(rng.random(len(pairs)) < SPEAKS[pairs["rating"] - 1])
    if len(published) > count:
        published = np.sort(rng.choice(published, count, replace=False))
    ratings = pairs.iloc[published].reset_index(drop=True)

    known = ratings.merge(first, how="left", on=["user", "item"])["day"]
    since = np.maximum(
        users["signed_up_day"].to_numpy()[ratings["user"]], items["day"].to_numpy()[ratings["item"]]
    )
    since = np.clip(since, 0, DAYS - 1)
    asked = since + (DAYS - since) * rng.random(len(ratings))
    told = known + 3 + 10 * rng.standard_exponential(len(ratings))
    ratings["day"] = np.minimum(told.fillna(pd.Series(asked)), DAYS - 0.001)
    pair = ratings["user"] * len(items) + ratings["item"]
    return ratings.iloc[np.lexsort((pair, ratings["day"]))].reset_index(drop=True)


def _highest(score: np.ndarray, count: int) -> np.ndarray:
    """Return the places of the `count` highest scores, the highest first."""
    best = np.argpartition(score, -count)[-count:]
    return best[np.argsort(-score[best])]


def mean_stars(users: pd.DataFrame, items: pd.DataFrame, pairs: pd.DataFrame) -> np.ndarray:
    """Return what a user would give an item before noise, rounding and the ends of the scale.

    The formula: 3.3 + leniency of the user + quality of the item + 0.75 · taste · factors.
    """
    user, item = pairs["user"].to_numpy(), pairs["item"].to_numpy()
    taste = users.filter(like="taste_").to_numpy()
    factors = items.filter(like="factor_").to_numpy()
    liking = np.zeros(len(pairs))
    for t, f in zip(taste.T, factors.T, strict=True):
        liking += t[user] * f[item]
    bias = MEAN_STARS + users["leniency"].to_numpy()[user] + items["quality"].to_numpy()[item]
    return bias + TASTE_STARS * liking


def true_stars(key: dict[str, pd.DataFrame], pairs: pd.DataFrame) -> pd.Series:
    """Return how much users truly like items: the stars of `mean_stars`, not cut to the scale.

    Parameters
    ----------
    key : the answer key of a shop, with its tables ``users`` and ``items``.
    pairs : DataFrame; columns ``user_id``, ``item_id``, such as lists of recommendations.

    Returns
    -------
    Series of floats with the index of ``pairs``.

    Examples
    --------
    >>> users = pd.DataFrame({"user_id": ["Ana"], "leniency": 0.2, "taste_1": 2.0})
    >>> items = pd.DataFrame({"item_id": ["lamp"], "quality": 0.5, "factor_1": 1.0})
    >>> pairs = pd.DataFrame({"user_id": ["Ana"], "item_id": "lamp"})
    >>> true_stars({"users": users, "items": items}, pairs)  # 3.3 + 0.2 + 0.5 + 0.75 · 2
    0    5.5
    dtype: float64
    """
    users = key["users"].set_index("user_id").loc[pairs["user_id"]]
    items = key["items"].set_index("item_id").loc[pairs["item_id"]]
    row = np.arange(len(pairs))
    stars = mean_stars(users, items, pd.DataFrame({"user": row, "item": row}))
    return pd.Series(stars, pairs.index)


def favorites(
    key: dict[str, pd.DataFrame], users: Sequence, past: pd.DataFrame, k: int = 10
) -> pd.DataFrame:
    """List for each user the k items with the most `true_stars` that are not in their past.

    No shop can make these lists: they show what an evaluation gives to perfect knowledge of taste.

    Parameters
    ----------
    key : the answer key of a shop, with its tables ``users`` and ``items``.
    users : ids of the users.
    past : DataFrame; columns ``user_id``, ``item_id``; what is in it is not listed again.
    k : length of the lists.

    Returns
    -------
    DataFrame sorted by user and rank: ``user_id``, ``item_id``, ``rank`` (1 is liked most).

    Examples
    --------
    >>> users = pd.DataFrame({"user_id": ["Ana"], "leniency": 0.0, "taste_1": 1.0})
    >>> items = pd.DataFrame({"item_id": ["lamp", "rug"], "quality": 0.5, "factor_1": [1.0, 2.0]})
    >>> past = pd.DataFrame({"user_id": ["Ana"], "item_id": ["rug"]})
    >>> favorites({"users": users, "items": items}, ["Ana"], past)
      user_id item_id  rank
    0     Ana    lamp     1
    """
    names = ["user_id", "item_id"]
    pairs = pd.MultiIndex.from_product([users, key["items"]["item_id"]], names=names)
    new = pairs[~pairs.isin(pd.MultiIndex.from_frame(past[names]))].to_frame(index=False)
    new["stars"] = true_stars(key, new)
    new["rank"] = new.groupby("user_id")["stars"].rank(ascending=False, method="first").astype(int)
    best = new[new["rank"] <= k].sort_values(["user_id", "rank"], ignore_index=True)
    return best[[*names, "rank"]]


def best_prediction(mean: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the best prediction of a *published* rating, and its variance, given the truth.

    Rounding and clipping make P(k stars) a slice of a normal curve; publishing reweights it:
    P(k | published) ∝ P(k) · SPEAKS[k]. The mean of that is the best any model can do in squared
    error, and the root of the mean variance is the noise floor: no RMSE can go below it.
    """
    edges = np.concatenate([[-np.inf], STARS[:-1] + 0.5, [np.inf]])
    weight = np.diff(ndtr((edges - mean[:, None]) / NOISE_STARS), axis=1) * SPEAKS
    weight /= weight.sum(axis=1, keepdims=True)
    best = weight @ STARS
    return best, weight @ STARS**2 - best**2
