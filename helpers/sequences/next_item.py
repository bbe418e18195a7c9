"""The task, hiding the last item of each session; and the order: shuffled, or planted."""

import numpy as np
import pandas as pd

from helpers.data import checks
from helpers.sequences.base import SESSIONS, SequenceModel


def hide_last(sessions: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Hide the last item of each session that has two items or more.

    Parameters
    ----------
    sessions : DataFrame; columns ``session_id``, ``item_id``, ``occurred_at``.

    Returns
    -------
    started : the other rows of these sessions, in order.
    hidden : Series of the last items, index ``session_id``.

    Examples
    --------
    >>> log = pd.DataFrame({"session_id": ["S1", "S1", "S2"], "item_id": ["lamp", "bulb", "vase"],
    ...                     "occurred_at": pd.date_range("2025-03-01", periods=3)})
    >>> started, hidden = hide_last(log)
    >>> started["item_id"].tolist(), hidden.to_dict()
    (['lamp'], {'S1': 'bulb'})
    """
    ordered = _ordered(sessions)
    session = ordered["session_id"]
    is_last = ~session.duplicated(keep="last")
    last = ordered[is_last & session.duplicated()]  # a session of one item has nothing to hide
    return ordered[~is_last], last.set_index("session_id")["item_id"]


def next_item_metrics(
    model: SequenceModel, sessions: pd.DataFrame, k: int = 10, *, filter_seen: bool = True
) -> pd.DataFrame:
    """Hide the last item of each session, and look for it among the k recommended.

    Parameters
    ----------
    model : fitted on other sessions, or on earlier ones.
    sessions : as in `hide_last`.
    k, filter_seen : as in ``recommend``.

    Returns
    -------
    DataFrame, a row per session of two items or more (index ``session_id``): ``hit``, 1 if the
    hidden item is in the list, else 0; ``reciprocal_rank``, 1 / its rank, or 0. `compare` takes
    two of them.
    """
    started, hidden = hide_last(sessions)
    lists = model.recommend(started, k, filter_seen)
    hits = lists[lists["item_id"].eq(lists["session_id"].map(hidden))]
    rank = hits.set_index("session_id")["rank"].reindex(hidden.index)
    return pd.DataFrame(
        {"hit": rank.notna().astype(float), "reciprocal_rank": (1 / rank).fillna(0)}
    )


def shuffled(sessions: pd.DataFrame, random_state: int = 0) -> pd.DataFrame:
    """Put the items of each session in random order; the times stay.

    Returns
    -------
    DataFrame as given, in order of session and time.

    References
    ----------
    A. Klenitskiy et al. (2024), Does it look sequential? An analysis of datasets for evaluation of
    sequential recommendations, RecSys '24, doi:10.1145/3640457.3688195

    Examples
    --------
    >>> log = pd.DataFrame({"session_id": "S1", "item_id": list("abc"),
    ...                     "occurred_at": pd.date_range("2025-03-01", periods=3)})
    >>> "".join(shuffled(log, random_state=1)["item_id"])
    'cab'
    """
    ordered = _ordered(sessions)
    draw = np.random.default_rng(random_state).random(len(ordered))
    by_chance = np.lexsort([draw, ordered["session_id"]])
    return ordered.assign(item_id=ordered["item_id"].to_numpy()[by_chance])


def plant_steps(
    sessions: pd.DataFrame, share: float = 0.2, lag: int = 1, random_state: int = 0
) -> tuple[pd.DataFrame, pd.Series]:
    """Plant an order that is known: some items become the successor of an earlier one.

    Each item has one successor, drawn at random. With probability ``share``, an item of a session
    is replaced by the successor of the item ``lag`` places before it.

    Returns
    -------
    planted : DataFrame as given, in order of session and time.
    successor : Series, item → its successor.

    Examples
    --------
    >>> log = pd.DataFrame({"session_id": "S1", "item_id": list("abca"),
    ...                     "occurred_at": pd.date_range("2025-03-01", periods=4)})
    >>> planted, successor = plant_steps(log, share=0.99)
    >>> successor.to_dict(), "".join(planted["item_id"])
    ({'a': 'c', 'b': 'a', 'c': 'b'}, 'acba')
    """
    checks.require_share("share", share)
    checks.require_whole("lag", lag)
    rng = np.random.default_rng(random_state)
    ordered = _ordered(sessions)
    items = pd.Index(np.sort(ordered["item_id"].unique()))
    successor = rng.permutation(len(items))
    item = items.get_indexer(ordered["item_id"])
    place = ordered.groupby("session_id").cumcount().to_numpy()
    follows = rng.random(len(item)) < share
    for n in range(lag, place.max() + 1):  # from the start of the sessions to their end
        at = np.flatnonzero((place == n) & follows)
        item[at] = successor[item[at - lag]]
    return ordered.assign(item_id=items[item]), pd.Series(items[successor], items)


def _ordered(sessions: pd.DataFrame) -> pd.DataFrame:
    checks.require(sessions, **SESSIONS)
    return sessions.sort_values(["session_id", "occurred_at"], kind="stable")
