"""Search in a graph of neighbors: from item to item, always closer to the query."""

import heapq
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from helpers.data.checks import require_whole
from helpers.similarity.approximate import as_rows, require_width
from helpers.similarity.ranking import best_first


def small_world(items: ArrayLike, degree: int = 8, random_state: int = 0) -> list[np.ndarray]:
    """Link items into a navigable small world.

    Items come in random order. Each is linked, in both directions, to the nearest of those that are
    already there. Links of the first items are long, because few others are there yet; later ones
    are short. The neighbors are found by looking at all, so this is for some thousand items.

    Parameters
    ----------
    items : rows of length 1.
    degree : how many items a new one is linked to.
    random_state : seed of the order.

    Returns
    -------
    For each item, the positions of the items it is linked to.

    References
    ----------
    Y. Malkov, A. Ponomarenko, A. Logvinov & V. Krylov (2014), Approximate nearest neighbor
    algorithm based on navigable small world graphs, Information Systems 45, 61–68,
    doi:10.1016/j.is.2013.10.006

    Examples
    --------
    The items come in the order 2, 0, 1. Item 1 is linked to 0, which is nearer than 2.

    >>> [near.tolist() for near in small_world([[1, 0], [0.8, 0.6], [0, 1]], degree=1)]
    [[2, 1], [0], [0]]
    """
    items = as_rows("items", items)
    require_whole("degree", degree)
    order = np.random.default_rng(random_state).permutation(len(items))
    links = [[] for _ in items]
    for place, new in enumerate(order[1:], start=1):
        there = order[:place]
        for near in there[best_first(items[there] @ items[new])[:degree]]:
            links[new].append(near)
            links[near].append(new)
    return [np.array(each, int) for each in links]


def graph_search(
    links: Sequence[np.ndarray],
    items: np.ndarray,
    query: np.ndarray,
    start: int,
    *,
    k: int = 10,
    width: int = 10,
) -> tuple[np.ndarray, int]:
    """Search greedily in a graph, keeping the best ``width`` items found so far.

    Visit the best item that is known and not visited, and look at those it is linked to. Stop when
    it is worse than the worst of the best ``width``. With width 1 the search never turns back.

    Parameters
    ----------
    links : for each item, the positions of the items it is linked to.
    items, query : shapes (n, d) and (d,).
    start : position of the item to start from.
    k : how many to find.
    width : at least k; the wider, the more items are looked at, and the more are found. HNSW's ef.

    Returns
    -------
    Positions of at most k items, best first; and how many items were looked at.

    References
    ----------
    Y. A. Malkov & D. A. Yashunin (2020), Efficient and robust approximate nearest neighbor search
    using hierarchical navigable small world graphs, IEEE TPAMI 42(4), 824–836, algorithm 2,
    doi:10.1109/TPAMI.2018.2889473

    Examples
    --------
    From 0 via 1 to 2, the best.

    >>> items = np.array([[1, 0], [0.8, 0.6], [0, 1]])
    >>> graph_search([[1], [0, 2], [1]], items, np.array([0, 1]), start=0, k=1, width=1)
    (array([2]), 3)
    """
    items, query = as_rows("items", items), as_rows("query", np.asarray(query)[None])[0]
    require_width(query[None], items.shape[1])
    if len(links) != len(items):
        raise ValueError(f"links are of {len(links)} items; there are {len(items)}.")
    require_whole("start", start, least=0)
    if start >= len(items):
        raise ValueError(f"start is the position of one of {len(items)} items; got {start}.")
    require_whole("k", k)
    require_whole("width", width)
    if k > width:
        raise ValueError(f"graph_search: k is at most width, {width}; got {k}.")
    score = float(items[start] @ query)
    known, waiting, best = {start}, [(-score, start)], [(score, start)]
    while waiting:
        score, here = heapq.heappop(waiting)
        if len(best) == width and -score < best[0][0]:
            break
        new = [item for item in np.asarray(links[here]).tolist() if item not in known]
        known.update(new)
        for score, item in zip((items[new] @ query).tolist(), new, strict=True):
            if len(best) < width or score > best[0][0]:
                heapq.heappush(waiting, (-score, item))
                heapq.heappush(best, (score, item))
                if len(best) > width:
                    heapq.heappop(best)
    found = [item for _, item in sorted(best, reverse=True)]
    return np.array(found[:k]), len(known)
