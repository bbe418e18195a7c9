"""A page that a policy runs for many rounds, in a shop whose truth is known."""

from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import ndtri

from helpers.bandits.linear import LinUCB
from helpers.bandits.policies import MostClicked, Thompson
from helpers.data import checks
from helpers.data.shop import EXAMINATION


class Play(NamedTuple):
    """What happened: arrays of shape (rounds, runs), the last three with a dimension of places.

    ``users`` and ``items`` are positions among the rows and columns of the relevance.
    """

    regret: np.ndarray
    users: np.ndarray
    items: np.ndarray
    clicked: np.ndarray
    propensity: np.ndarray | None


def play(
    policy: MostClicked | LinUCB,
    relevance: pd.DataFrame,
    rounds: int,
    *,
    runs: int = 50,
    places: int = 1,
    features: pd.DataFrame | None = None,
    personal: bool = False,
    explore: float = 0.0,
    every: int = 1,
    looks: np.ndarray = EXAMINATION,
    later: Mapping[int, pd.DataFrame] | None = None,
    propensities: bool = False,
    random_state: int = 0,
) -> Play:
    """Let a policy run a page, in many independent runs at once, and measure its regret.

    In each round a random user comes, sees the items with the highest scores (ties at random), and
    clicks by the position-based model, as in `helpers.data.shop.click`. The regret of a round is

        expected clicks on the best page − expected clicks on the page shown

    Parameters
    ----------
    policy : such as `Thompson`; any object with ``start``, ``scores`` and ``update`` as there.
    relevance : DataFrame as from `helpers.data.shop.click_rates`; the columns are the items. A
        column of NaN is not offered (see ``later``).
    rounds, runs : how many visits, and how often all of it is repeated.
    places : length of the page, at most five.
    features : DataFrame with the index of ``relevance``: what a contextual policy knows of a user.
    personal : the best page is that of each user; by default it is the best page for all users.
    explore : probability that a page is drawn at random instead (ε).
    every : rounds after which the policy learns from the clicks since the last time.
    looks : what the policy believes to be the examination probability of each place.
    later : round → relevance from then on.
    propensities : also return the probability with which each item was shown; for `Thompson`, with
        one place.
    random_state : seed.

    Returns
    -------
    `Play`, with the regret, users, items, clicks and propensities of all rounds and runs.

    Examples
    --------
    >>> from helpers.bandits.policies import Thompson
    >>> relevance = pd.DataFrame({"lamp": [0.5, 0.7], "rug": [0.1, 0.1]}, ["Ana", "Ben"])
    >>> played = play(Thompson(), relevance, 100, runs=20)
    >>> played.regret.shape, np.unique(played.regret.round(9)).tolist()  # 0, and 0.6 − 0.1
    ((100, 20), [0.0, 0.5])
    """
    for name, value in {"rounds": rounds, "runs": runs, "every": every}.items():
        checks.require_whole(name, value)
    _require(relevance, rounds, later or {}, features, places, explore)
    thompson = policy if propensities and isinstance(policy, Thompson) else None
    if propensities and (not thompson or places > 1 or relevance.isna().any(axis=None)):
        raise ValueError(
            "propensities are known for Thompson with one place and all items on offer, only."
        )
    rng, n_items = np.random.default_rng(random_state), relevance.shape[1]
    x = np.ones((len(relevance), 1)) if features is None else features.to_numpy(float)
    policy.start(runs, n_items, x.shape[1], rng)
    regret, users = np.empty((rounds, runs)), np.empty((rounds, runs), int)
    items = np.empty((rounds, runs, places), int)
    clicked, chances = np.empty(items.shape, bool), np.empty(items.shape)
    looks = np.broadcast_to(np.asarray(looks, float)[:places], items.shape)
    worlds, learned = {0: relevance, **(later or {})}, 0
    for start, stop in pairwise(sorted({*range(0, rounds, every), *worlds, rounds})):
        if start in worlds:
            rates, judge, best = _world(worlds[start], places, personal)
            missing = np.isnan(rates[0])
        now, size = slice(start, stop), (stop - start, runs)  # visits between which nothing changes
        users[now] = rng.integers(len(rates), size=size)
        scores, noise = policy.scores(x[users[now]]), rng.random((*size, n_items))
        random_page = rng.random((*size, 1)) < explore
        scores = np.where(random_page, noise, scores + 1e-9 * noise)
        scores[..., missing] = -np.inf
        items[now] = _highest(scores, places)
        seen = users[now][..., None], items[now]
        clicked[now] = rng.random((*size, places)) < EXAMINATION[:places] * rates[seen]
        regret[now] = best[users[now]] - judge[seen] @ EXAMINATION[:places]
        if thompson:
            if start == learned:
                shown_with = (1 - explore) * thompson.propensities() + explore / n_items
            chances[now] = np.take_along_axis(shown_with[None], items[now], axis=2)
        if stop % every == 0:
            new, learned = slice(learned, stop), stop
            policy.update(x[users[new]], items[new], looks[new], clicked[new])
    return Play(regret, users, items, clicked, chances if propensities else None)


def cumulative_regret(played: Play, *, confidence: float = 0.95) -> pd.DataFrame:
    """Return the regret added up over the rounds, the mean over runs, with an interval.

    Returns
    -------
    DataFrame, index ``round`` (from 1 on); columns ``regret`` (clicks), ``low`` and ``high`` (a
    confidence interval of the mean).

    Examples
    --------
    >>> played = Play(np.array([[0.2, 0.4], [0.0, 0.2]]), None, None, None, None)
    >>> cumulative_regret(played).round(2)["regret"].tolist()
    [0.3, 0.4]
    """
    checks.require_share("confidence", confidence)
    total = played.regret.cumsum(axis=0)
    mean, runs = total.mean(axis=1), total.shape[1]
    checks.require_whole("runs", runs, 2)
    reach = ndtri((1 + confidence) / 2) * total.std(axis=1, ddof=1) / np.sqrt(runs)
    index = pd.RangeIndex(1, len(total) + 1, name="round")
    return pd.DataFrame({"regret": mean, "low": mean - reach, "high": mean + reach}, index)


def _world(
    relevance: pd.DataFrame, places: int, personal: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the rates, those by which a page is judged, and the value of each user's best page."""
    rates = relevance.to_numpy(float)
    judge = rates if personal else np.tile(rates.mean(axis=0), (len(rates), 1))
    ranked = -np.sort(-np.nan_to_num(judge), axis=1)
    return rates, judge, ranked[:, :places] @ EXAMINATION[:places]


def _highest(scores: np.ndarray, places: int) -> np.ndarray:
    """Return the items with the highest scores, best first, shape (…, places)."""
    if places == 1:
        return scores.argmax(axis=-1)[..., None]
    return np.argsort(-scores, axis=-1)[..., :places]


def _require(
    relevance: pd.DataFrame,
    rounds: int,
    later: Mapping[int, pd.DataFrame],
    features: pd.DataFrame | None,
    places: int,
    explore: float,
) -> None:
    checks.require_whole("places", places)
    if not 0 <= explore <= 1:
        raise ValueError(f"explore is a probability, from 0 to 1; got {explore!r}.")
    for start in later:
        if start not in range(1, rounds):
            raise ValueError(f"later: {start!r} is no round from 1 to {rounds - 1}.")
    for world in (relevance, *later.values()):
        if world.empty or world.select_dtypes("number").shape != world.shape:
            raise ValueError(
                "relevance needs a row for each user, and each item's rates as numbers."
            )
        if not world.index.equals(relevance.index) or not world.columns.equals(relevance.columns):
            raise ValueError("later: each table needs the users and items of relevance, in order.")
        wrong = ~((world >= 0) & (world <= 1)).all() & world.notna().any()
        if wrong.any():
            raise ValueError(
                f'relevance: column "{wrong.idxmax()}" is no probability from 0 to 1 for all '
                "users. An item that is not yet offered is NaN for all of them."
            )
        if places > min(world.notna().all().sum(), len(EXAMINATION)):
            raise ValueError(
                f"a page of {places} places needs as many items, and at most {len(EXAMINATION)} "
                "places; fewer places will do."
            )
    if features is not None:
        if not features.index.equals(relevance.index):
            raise ValueError(
                "features needs the index of relevance: features.loc[relevance.index]."
            )
        named = features.rename(columns=str)
        checks.require(named, **dict.fromkeys(named.columns, "number"))
