"""Exercises of lesson 17c: exact search, hashing, cells, codes, graphs, and what they miss."""

import numpy as np

from exercises.engine.exercise import ArrayCase, Case, Exercise, on_cases
from exercises.engine.tables import arrays

TITLE = "Approximate nearest neighbors"

ITEMS = np.array([[3.0, 0], [1, 2], [0, 3], [2, 1]])  # scores 3, 5, 6, 4
ITEMS_AGAIN = np.random.default_rng(0).normal(size=(9, 3)) * np.arange(1.0, 10)[:, None]
MANY = np.random.default_rng(1).normal(size=(40, 3))  # argpartition leaves its best five unsorted


def top(items, query, k):
    """Sort by descending dot product."""
    return np.argsort(-(items @ query))[:k]


TOP = Exercise(
    id="17c-1",
    hints=(
        "What is one number for each item that says how well it fits the query?",
        "`items @ query` gives all scores. `np.argsort` sorts ascending and returns positions.",
        "The first k positions of `np.argsort(-scores)`.",
    ),
    solution=top,
    check=on_cases(
        Case(ITEMS, np.array([1.0, 2]), 2, right=np.array([2, 1])),
        (MANY, np.array([2.0, 1, -1]), 5),
        held_back=[(ITEMS_AGAIN, np.array([1.0, -1, 2]), 4)],
    ),
    mistakes="""
    (items @ query) => (items @ query) / np.linalg.norm(items, axis=1)
        You ranked by the cosine. The score of matrix factorization is the dot product: long vectors
        count more.
    -(items @ query) => items @ query
        You sorted ascending, so these are the worst items. Sort by the negative scores.
    return … => return np.argsort(items @ query)[-k:]
        These are the right items with the best last. Put the best first.
    -(items @ query) => ((items - query) ** 2).sum(axis=1)
        You ranked by the distance. An item far out in the right direction has a large distance and
        the largest dot product.
    return … => return np.sort(…)
        These are the right items in the order of the catalog. Put the best first.
    return … => return np.argmax(items @ query)
        This is the best item only. Return the k best.
    return … => return np.sort(items @ query)[::-1][:k]
        These are the scores. Return the positions of the items.
    return … => return np.sort(items @ query)[-k:]
        These are the scores. Return the positions of the items.
    [:k] =>
        You returned all items. Keep the first k.
    """,
    takeaway="Exact search takes n · d multiply-adds per query, and misses nothing.",
)


FOUND = [
    ArrayCase([4, 7, 9, 3], [7, 2, 4, 1], right=2 / 4),
    ArrayCase([8, 2, -1, -1], [7, 2, 4, 1], right=1 / 4),
    ArrayCase([4, 8, 2, 7, 0, 5], [2, 5, 4], right=3 / 3),
]
FOUND_AGAIN = ArrayCase([3, 9, 1, 6, -1, -1], [1, 9, 4, 5, 3], right=3 / 5)


def share_found(found, exact):
    """Take the share of the exact neighbors that were found."""
    return np.isin(exact, found).mean()


SHARE_FOUND = Exercise(
    id="17c-2",
    hints=(
        "Of what is it a share: of what was found, or of what should have been found?",
        "`np.isin(a, b)` says for each element of `a` whether it is somewhere in `b`.",
        "The mean of `np.isin(exact, found)`.",
    ),
    solution=share_found,
    check=on_cases(*FOUND, held_back=[FOUND_AGAIN]),
    mistakes="""
    return … => return (found[: len(exact)] == exact).mean()
        You demand the same place in both lists. Both belong to one query, and a neighbor counts
        wherever it was found.
    np.isin(exact, found) => np.isin(found[found >= 0], exact)
        You divided by the number of items found, which is the precision of what was found. Recall
        divides by the number of exact neighbors.
    np.isin(exact, found) => np.isin(found, exact)
        You divided by the length of `found`. A search may return more than the exact neighbors, or
        leave places empty. Divide by the number of exact neighbors.
    .mean() => .sum() / len(np.union1d(exact, found[found >= 0]))
        You divided by the union of both lists: that is the Jaccard similarity. Divide by the number
        of exact neighbors.
    return … => return float(np.isin(exact, found).any())
        This says whether at least one was found, the hit rate. Recall is a share.
    .mean() => .sum()
        This is the number of neighbors found. Divide by the number of exact ones.
    return … => return (found >= 0).mean()
        You counted the places that are filled. Count the exact neighbors that were found.
    return … => return float(exact[0] in found)
        You looked for the nearest only. All exact neighbors count.
    return … => return 1 - …
        This is the share that was missed.
    """,
    takeaway="Search recall compares with exact search, not with what users like.",
)


# Items 0 and 1 are in the first cell, 2 to 4 in the second, 5 in the third; the distances of the
# query to the centroids are 1, 2 and √26.
CELLS = arrays(
    [[0.0, 0], [0, 1], [3, 0], [4, 0], [4, 1], [2, 6]], [[0.0, 0], [3, 0], [2, 5]], [1.0, 0]
)
_rng = np.random.default_rng(21)
MORE_CELLS = (_rng.normal(size=(12, 2)), _rng.normal(size=(5, 2)) * 1.5, _rng.normal(size=2))
CELLS_AGAIN = (_rng.normal(size=(15, 3)), _rng.normal(size=(6, 3)) * 1.5, _rng.normal(size=3))


def visited(items, centroids, query, probe):
    """Find the cell of each item, and mark those in the cells nearest to the query."""
    cell = ((items[:, None] - centroids) ** 2).sum(axis=2).argmin(axis=1)
    nearest = ((centroids - query) ** 2).sum(axis=1).argsort()[:probe]
    return np.isin(cell, nearest)


VISITED = Exercise(
    id="17c-4",
    hints=(
        "Which numbers does the search compare with the query first: the items or the centroids?",
        "Find the nearest centroid of each item (a loop will do), and the `probe` centroids "
        "nearest to the query.",
        "`np.isin(cell of each item, the probe nearest cells)`, a truth value for each item.",
    ),
    solution=visited,
    check=on_cases(
        Case(*CELLS, 1, right=np.arange(6) < 2),
        (*MORE_CELLS, 3),
        held_back=[(*CELLS_AGAIN, 2)],
    ),
    mistakes="""
    nearest = … => nearest = ((items - query) ** 2).sum(axis=1).argsort()[:probe]
    return … => return np.isin(np.arange(len(items)), nearest)
        You marked the `probe` nearest items. That needs all distances, which the cells are there to
        avoid.
    [:probe] => [:1]
        You looked into one cell only. Look into `probe` of them.
    [:probe] => [-probe:]
        You took the farthest cells. `argsort` puts the smallest distance first.
    nearest = … => nearest = np.argsort(-(centroids @ query))[:probe]
        You ranked the centroids by their dot product with the query. Centroids differ in length, so
        take the distance, as for the items.
    cell = … => cell = (items @ centroids.T).argmax(axis=1)
    nearest = … => nearest = np.argsort(-(centroids @ query))[:probe]
        You took dot products with the centroids, for the items or for the query. Centroids differ
        in length, so the nearest one is that of smallest distance.
    nearest = … => reach = np.sort(((centroids - query) ** 2).sum(axis=1))[probe - 1]
    return … => return ((items - query) ** 2).sum(axis=1) <= reach
        You marked the items that are as near as the last centroid. What counts is the cell an item
        is in, not its own distance to the query.
    nearest = … => nearest = np.arange(probe)
        You took the first numbers of the cells, whatever their distance. Sort by distance to the
        query.
    nearest = … => nearest = cell[((items - query) ** 2).sum(axis=1).argsort()[:probe]]
        You took the cells of the nearest items, and to find those you looked at all items. Compare
        the query with the centroids.
    return … => return ~…
        These are the items not visited.
    """,
    takeaway="Cells first, items second: two short searches instead of a long one.",
)


# The longest have the lengths 5 and √14.
LONG = [
    ArrayCase([[3.0, 4], [3, 0], [0, -4]], right=np.array([[3, 4, 0], [3, 0, 4], [0, -4, 3]]) / 5),
    ArrayCase(
        [[1.0, 1, 1], [2, 0, -1], [0, 0.5, 0.5], [3, 1, 2]],
        right=np.array([[1, 1, 1, 11**0.5], [2, 0, -1, 3], [0, 0.5, 0.5, 13.5**0.5], [3, 1, 2, 0]])
        / 14**0.5,
    ),
]
LONG_AGAIN = np.random.default_rng(3).normal(size=(6, 2))


def lift(items):
    """Divide by the largest length, and add what is missing to length 1."""
    scaled = items / np.linalg.norm(items, axis=1).max()
    return np.column_stack([scaled, np.sqrt(1 - (scaled**2).sum(axis=1))])


LIFT = Exercise(
    id="17c-7",
    hints=(
        "All vectors must get the same length. Which item needs nothing added?",
        "Divide all by the length of the *longest* item, M. By Pythagoras, what is missing to "
        "length 1 is √(1 − ‖y‖²/M²).",
        "np.column_stack([items / M, np.sqrt(1 - lengths**2 / M**2)]).",
    ),
    solution=lift,
    check=on_cases(*LONG, held_back=[LONG_AGAIN]),
    mistakes="""
    scaled = … => scaled = items / np.linalg.norm(items, axis=1, keepdims=True)
    np.sqrt(1 - (scaled**2).sum(axis=1)) => np.zeros(len(items))
        You divided each item by its own length. Then all have length 1 already, and the order of
        inner products is lost: this is the cosine.
    scaled = … => scaled = items
    1 - (scaled**2) => (items**2).sum(axis=1).max() - (scaled**2)
        You have not divided by M: all vectors have length M instead of 1.
    np.sqrt =>
        The square root is missing: lengths add up in squares.
    np.sqrt(1 - (scaled**2).sum(axis=1)) => 1 - np.sqrt((scaled**2).sum(axis=1))
        You added the missing length itself, 1 − ‖y‖/M. The new dimension stands at a right angle:
        lengths add up in squares.
    1 - (scaled**2) => (scaled**2)
        You added the length itself. Add what is missing to length 1.
    [scaled, => [items,
        The new dimension is right, but you have not divided the items by M.
    np.linalg.norm(items, axis=1).max() => np.linalg.norm(items)
        You divided by the length of the whole table. `np.linalg.norm(items, axis=1)` gives the
        length of each item; M is the largest of these.
    np.linalg.norm(items, axis=1).max() => np.abs(items).max()
    1 - (scaled**2).sum(axis=1) => np.maximum(1 - (scaled**2).sum(axis=1), 0)
        You divided by the largest number in the table. M is the length of the longest item.
    np.sqrt(1 - (scaled**2).sum(axis=1)) => np.zeros(len(items))
        You added zeros. That is for the query; an item gets what is missing to length 1.
    np.sqrt(1 - (scaled**2).sum(axis=1)) => np.ones(len(items))
        You added ones. Then the lengths still differ.
    """,
    takeaway="For unequal lengths the nearest by cosine is another item; one number repairs it.",
    further=True,
)


ANGLES = [
    Case(60, 3, 1, right=(2 / 3) ** 3),
    Case(60, 3, 2, right=1 - (19 / 27) ** 2),
]
ANGLES_AGAIN = Case(135, 2, 5, right=1 - (15 / 16) ** 5)


def chance_found(degrees, bits, tables):
    """Compute the probability that at least one table has both in one bucket."""
    p = 1 - degrees / 180
    return 1 - (1 - p**bits) ** tables


CHANCE_FOUND = Exercise(
    id="17c-3",
    hints=(
        "How likely is one random hyperplane not to separate two vectors with this angle?",
        "All bits of a table must agree: pᵇ. When is the neighbor missed? When all tables miss it.",
        "1 − (1 − pᵇ)ᴸ with p = 1 − degrees/180.",
    ),
    solution=chance_found,
    check=on_cases(*ANGLES, held_back=[ANGLES_AGAIN]),
    mistakes="""
    p = … => p = np.cos(np.radians(degrees))
        You took the cosine as the probability of a bit. It is 1 − θ/π: at 60° two thirds, not a
        half.
    180 => 360
        You divided by 360 degrees. Opposite vectors, at 180 degrees, are always separated.
    180 => np.pi
        You divided degrees by π. Degrees go with 180, radians with π.
    return … => return 1 - (degrees / 180) ** (bits * tables)
        This is the probability that at least one bit agrees. All bits of a table must agree.
    p = … => p = degrees / 180
        degrees/180 is the probability of being separated. A bit agrees with 1 minus that.
    return … => return p ** (bits * tables)
        You demand that all tables agree. One is enough.
    return 1 - => return
        This is the probability that it is missed. Take 1 minus it.
    return … => return tables * p**bits
        You added the probabilities of the tables, so they can exceed 1: a neighbor may be in the
        same bucket in several tables.
    return … => return p**bits
        This is the probability of one table.
    => bits, tables = tables, bits
        You have bits and tables swapped: all bits of a table must agree, and one table is enough.
    """,
    takeaway="More bits look at less and miss more; more tables find it again.",
)


BOOKS = [np.array([[1.0, 1], [0, 1]]), np.array([[2.0, 2], [-1, 0]])]
QUERY = np.array([1.0, 2, 3, 1])
BOOKS_AGAIN = list(np.random.default_rng(2).normal(size=(4, 5, 3)))


def estimate(query, codebooks, code):
    """Add up, over the parts, the dot product of the query's part and the word of the code."""
    parts = np.split(query, len(codebooks))
    return sum(part @ book[word] for part, book, word in zip(parts, codebooks, code, strict=True))


ESTIMATE = Exercise(
    id="17c-5",
    hints=(
        "What stands in the place of each part of the item's vector?",
        "Cut the query into as many equal parts as there are codebooks: "
        "`np.split(query, len(codebooks))`.",
        "Σ over parts m of query part m · codebooks[m][code[m]].",
    ),
    solution=estimate,
    check=on_cases(
        Case(QUERY, BOOKS, [1, 0], right=np.dot([1, 2], [0, 1]) + np.dot([3.0, 1], [2, 2])),
        Case(QUERY, BOOKS, [0, 1], right=np.dot([1, 2], [1, 1]) + np.dot([3.0, 1], [-1, 0])),
        held_back=[(np.arange(12.0) - 5, BOOKS_AGAIN, [4, 1, 0, 2])],
    ),
    mistakes="""
    => codebooks = [codebooks[0]] * len(codebooks)
        You used the first codebook for all parts. Each part has its own.
    return … => return parts[0] @ codebooks[0][code[0]]
        This is one part only. Add up all of them.
    return … => return … / len(codebooks)
        You took the mean over the parts. A dot product is a sum.
    part @ book[word] => ((part - book[word]) ** 2).sum()
        This is the squared distance. The question asks for the dot product.
    return sum(… => return np.prod(list(…)
        You multiplied the parts. Add them up.
    parts = … => parts = np.split(query, len(codebooks))[::-1]
        You have the order of the parts reversed: the first part of the query meets the first
        codebook.
    part @ book[word] => (book @ part).max()
        You took the largest word of each codebook. The code of the item says which word it is.
    """,
    takeaway="A query needs one small table; each item then costs one addition per part.",
)


def _links(*links, right):
    return Case([np.array(each) for each in links], right=right)


LINKS = [
    _links([1, 2], [2], [1], [0], right=[3]),
    _links([0, 2], [2], [1], [2], [4, 1], right=[0, 3, 4]),
]
LINKS_AGAIN = _links([5], [1, 3], [0, 3], [5], [4], [3, 0], right=[1, 2, 4])


def hidden(links):
    """Find the items that no other item links to."""
    others = [item for here, near in enumerate(links) for item in near if item != here]
    return [item for item in range(len(links)) if item not in others]


def _reached(links, start=0):
    known, waiting = {start}, [start]
    while waiting:
        new = set(links[waiting.pop()].tolist()) - known
        known |= new
        waiting += new
    return known


HIDDEN = Exercise(
    id="17c-6",
    hints=(
        "An item is found because another one links to it. Which items have no such link?",
        "Collect all items that somebody *else* links to. A link to oneself leads nowhere.",
        "All positions that are in none of `links[here]` with another `here`, in ascending order.",
    ),
    solution=hidden,
    check=on_cases(*LINKS, held_back=[LINKS_AGAIN]),
    mistakes="""
    if item != here =>
        Here an item that links to itself counts as linked to. Nobody comes from elsewhere by that.
    item not in others => item in others
        These are the items that are linked to. Return the others.
    return … => return len(…)
        This says how many there are. Return their positions.
    => fewest = min(map(len, links))
    return … => return [item for item, near in enumerate(links) if len(near) == fewest]
        You looked for few links of its own. What counts are the links that lead to an item.
    return … => return …[:1]
        You returned only one of them.
    => return sorted(set(range(len(links))) - _reached(links))
        These are not reached from 0. The question asks for items that no other item links to, so
        that a search finds them from no start.
    """,
    takeaway="Being near to many is not enough: somebody must link to an item.",
)


def _stock(scores, in_stock, k, *, right):
    return Case(np.array(scores), np.array(in_stock, bool), k, right=np.array(right))


# The two best are out of stock, then the five best, and a score that is left is negative.
STOCK = [
    _stock([8.0, 5, 1, 9, 7], [0, 1, 1, 0, 1], 2, right=[4, 1]),
    _stock([3.0, 5, -1, 4, 1, 2, 0.5], [0, 0, 1, 0, 0, 0, 1], 2, right=[6, 2]),
]
STOCK_AGAIN = _stock([4.0, 9, 7, 3, 5, 8, 6], [1, 0, 1, 1, 1, 0, 1], 4, right=[2, 6, 4, 0])


def best_in_stock(scores, in_stock, k):
    """Rank what is in stock."""
    there = np.flatnonzero(in_stock)
    return there[np.argsort(-scores[there])[:k]]


BEST_IN_STOCK = Exercise(
    id="17c-8",
    hints=(
        "If the filter comes after the search, how long is the list?",
        "Rank only the items in stock, but return their positions in the whole catalog.",
        "`there = np.flatnonzero(in_stock)`, then `there[np.argsort(-scores[there])[:k]]`.",
    ),
    solution=best_in_stock,
    check=on_cases(*STOCK, held_back=[STOCK_AGAIN]),
    mistakes="""
    there = … => there = np.argsort(-scores)[:k]
    return … => return there[in_stock[there]]
        You filtered after the search: whatever is dropped leaves a gap in the list.
    there = … => there = np.argsort(-scores)[: k + 1]
    return … => return there[in_stock[there]][:k]
        You searched for one more item and filtered afterward. More may be out of stock.
    there = … => there = np.argsort(-scores)[: 2 * k]
    return … => return there[in_stock[there]][:k]
        You searched for twice as many and filtered afterward. Even more may be out of stock.
    return … => return np.argsort(-(scores * in_stock))[:k]
        An item out of stock has the score 0 here, which beats a negative score. Leave it out, or
        give it −∞.
    return … => return np.sort(scores[there])[::-1][:k]
        These are the scores. Return the positions of the items.
    return … => return np.argsort(-scores[there])[:k]
        The positions are renumbered: they count among the items in stock. Translate them back to
        the whole catalog.
    return … => return np.argsort(-scores)[:k]
        There is no filter: these may be out of stock.
    -scores[there] => scores[there]
        This is the worst first. Sort by the negative scores.
    return … => return np.argsort(-(scores - 10 * ~in_stock))
        The list is too long: items out of stock stand at its end. Keep the first k.
    """,
    takeaway="Filter before the search, or search for more than the list has places.",
)
