"""Candidates of a re-ranking: lists that are chosen item by item, and checks of the tables."""

import numpy as np
import pandas as pd

from helpers.data import checks
from helpers.similarity.ranking import rounded


class CandidateLists:
    """Lists that are chosen item by item, for all users at once.

    Attributes
    ----------
    users, items : Index of ids, in the order of their first candidate.
    item, scaled : arrays of shape (users, candidates), by rank: the position in ``items`` and the
        scaled score; both are 0 where a user has fewer candidates.
    """

    def __init__(self, candidates: pd.DataFrame, k: int):
        require_candidates(candidates, k)
        row, self.users = pd.factorize(candidates["user_id"])
        code, self.items = pd.factorize(candidates["item_id"])
        order = np.lexsort([candidates["rank"], row])
        row = row[order]
        place = np.arange(len(row)) - np.searchsorted(row, row)
        shape = len(self.users), place.max() + 1
        self._source = np.full(shape, -1)  # the row of each candidate in the table
        self._source[row, place] = order
        self._left = self._source >= 0
        self.item = np.where(self._left, code[self._source], 0)
        self.scaled = np.where(self._left, scaled(candidates).to_numpy()[self._source], 0)
        self._candidates, self._taken = candidates, []

    def take(self, worth: np.ndarray) -> np.ndarray:
        """Move the candidate with the largest worth to the end of each list; return its item.

        Where no candidate is left, the list stays as it is, and the item means nothing.
        """
        row = np.arange(len(self.users))
        place = np.where(self._left, rounded(worth), -np.inf).argmax(axis=1)
        self._taken.append(np.where(self._left[row, place], self._source[row, place], -1))
        self._left[row, place] = False
        return self.item[row, place]

    def ranked(self) -> pd.DataFrame:
        """Return the rows of the candidates that were taken, with their new ranks."""
        taken = np.column_stack(self._taken)
        _, rank = np.nonzero(taken >= 0)
        table = self._candidates.iloc[taken[taken >= 0]]
        return table.assign(rank=rank + 1).reset_index(drop=True)


def first(candidates: pd.DataFrame, key: pd.Series | np.ndarray, k: int) -> pd.DataFrame:
    """Sort each user's rows by a key, ties by rank; renumber them, and keep the first k."""
    user, _ = pd.factorize(candidates["user_id"])
    order = np.lexsort([candidates["rank"], key, user])
    rank = np.arange(len(user)) - np.searchsorted(user[order], user[order]) + 1
    kept = candidates.iloc[order[rank <= k]]
    return kept.assign(rank=rank[rank <= k]).reset_index(drop=True)


def scaled(candidates: pd.DataFrame) -> pd.Series:
    """Scale the scores of each user to the range from 0 to 1; 1 if all are the same."""
    score = pd.Series(rounded(candidates["score"]), candidates.index)
    own = score.groupby(candidates["user_id"])
    lowest, highest = own.transform("min"), own.transform("max")
    return ((score - lowest) / (highest - lowest)).where(highest > lowest, 1.0)


def labels_of(table: pd.DataFrame, category: pd.Series) -> pd.Series:
    """Return the category of each row."""
    require_known(table, category.index, "category")
    return table["item_id"].map(category)


def require_candidates(candidates: pd.DataFrame, k: int) -> None:
    """Check a table of candidates and the length of the lists."""
    checks.require_whole("k", k)
    checks.require(candidates, user_id="key", item_id="key", score="number", rank="count")
    again = candidates.duplicated(["user_id", "item_id"])
    rule = ("item_id", again, "repeats an item in the list of one user", "Drop the later one.")
    checks.refuse_rows(candidates, rule, name="candidates")


def require_known(table: pd.DataFrame, known: pd.Index, name: str) -> None:
    """Check that an index has no item twice, and has each item of a table."""
    checks.require_same_ids(table, {"item_id": known}, "item_id")
    if known.has_duplicates:
        raise ValueError(f"{name}: item {known[known.duplicated()][0]!r} stands there twice.")
    items = pd.Index(table["item_id"].unique())
    missing = table["item_id"].isin(items[known.get_indexer(items) < 0])
    checks.refuse_rows(table, ("item_id", missing, f"is not in `{name}`", "Add the items to it."))


def require_weight(weight: float) -> None:
    """Check the weight of a second goal."""
    if not 0 <= weight <= 1:
        raise ValueError(f"weight is a number from 0 to 1; got {weight!r}.")
