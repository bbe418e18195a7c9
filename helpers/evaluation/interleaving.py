"""Interleaving: two rankers in one list, so that each user compares them."""

import numpy as np
import pandas as pd

from helpers.data import checks

TEAMS = np.array(["A", "B"])


def team_draft(
    a: pd.DataFrame, b: pd.DataFrame, places: int = 5, *, random_state: int = 0
) -> pd.DataFrame:
    """Merge the lists of two rankers into one per user, as two captains pick their teams.

    In each round a coin decides which ranker picks first. A ranker picks its best item that is not
    yet in the list. A click counts for the ranker whose pick it was.

    Parameters
    ----------
    a, b : DataFrames with the lists of the same users: ``user_id``, ``item_id``, ``position``
        (1, 2, …), of at least ``places`` items each.
    places : length of the merged list.
    random_state : seed of the coins.

    Returns
    -------
    DataFrame, ``places`` rows per user: ``user_id``, ``item_id``, ``position`` and ``team``, "A" or
    "B"; the users in sorted order.

    References
    ----------
    Radlinski, Kurup & Joachims (2008), How does clickthrough data reflect retrieval quality?,
    https://doi.org/10.1145/1458082.1458092

    Examples
    --------
    >>> a = pd.DataFrame({"user_id": "Ana", "item_id": ["lamp", "rug"], "position": [1, 2]})
    >>> b = pd.DataFrame({"user_id": "Ana", "item_id": ["lamp", "vase"], "position": [1, 2]})
    >>> team_draft(a, b, 2, random_state=1)
      user_id item_id  position team
    0     Ana    lamp         1    A
    1     Ana    vase         2    B
    """
    checks.require_whole("places", places)
    checks.require_same_ids(a, b, "user_id", "item_id")
    tables = [_wide(lists, places, name) for name, lists in (("a", a), ("b", b))]
    if not tables[0].index.equals(tables[1].index):
        raise ValueError("a and b must hold lists of the same users; interleave only these.")
    users = tables[0].index
    codes, items = pd.factorize(np.concatenate([each.to_numpy().ravel() for each in tables]))
    ranked = codes.reshape(2, len(users), places)
    rng, everyone = np.random.default_rng(random_state), np.arange(len(users))
    taken = np.zeros((len(users), len(items)), bool)
    picked, team = np.empty((2, len(users), places), int)
    for place in range(places):
        if place % 2 == 0:
            captain = rng.integers(2, size=len(users))  # who is first in this round
        mine = ranked[captain, everyone]
        best = np.take_along_axis(taken, mine, axis=1).argmin(axis=1)  # the first not taken
        picked[:, place], team[:, place] = mine[everyone, best], captain
        taken[everyone, picked[:, place]] = True
        captain = 1 - captain
    merged = {
        "user_id": users.repeat(places),
        "item_id": items[picked.ravel()],
        "position": np.tile(np.arange(places) + 1, len(users)),
        "team": TEAMS[team.ravel()],
    }
    return pd.DataFrame(merged)


def _wide(lists: pd.DataFrame, places: int, name: str) -> pd.DataFrame:
    """Return the lists as a table of items, a row per user and a column per place."""
    checks.require(lists, user_id="key", item_id="key", position="count")
    table = lists.pivot_table("item_id", "user_id", "position", "first")
    table = table.reindex(columns=np.arange(places) + 1)
    short = table.isna().any(axis=1)
    if short.any():
        raise ValueError(
            f"{name}: {short.sum():,} of {len(table):,} users have fewer than {places} items, such "
            f'as "{table.index[short][0]}". Lengthen their lists, or leave these users out.'
        )
    return table
