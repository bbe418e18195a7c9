"""What a user picks: a category by taste and season, then an item on its shelf."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from helpers.data.shop.catalog import CATEGORIES
from helpers.data.shop.clock import DAYS, season

CELLS = 2_000_000  # of the users × items table held at a time


class Choice:
    """The probability that a user who picks one item at some time picks this one.

    A pick is a category, with probability ∝ exp(taste · category) × size × season, and then an
    item among those launched by then, with probability ∝ popularity × exp(taste · item) ×
    exp(0.8 × premium × relative price).

    Parameters
    ----------
    users, items : the tables of `make_users` and `make_items`.
    """

    def __init__(self, users: pd.DataFrame, items: pd.DataFrame):
        self.taste = users.filter(like="taste_").to_numpy()
        self.premium = users["premium"].to_numpy()
        self.launch = items["day"].to_numpy()
        self.shelf = items["shelf"].to_numpy()
        self.starts = np.searchsorted(self.shelf, np.arange(len(CATEGORIES) + 1))
        self.factors = items.filter(like="factor_").to_numpy()
        self.log_popularity = np.log(items["popularity"].to_numpy())
        log_price = np.log(items["price"])
        self.relative_price = (
            log_price - log_price.groupby(items["shelf"]).transform("mean")
        ).to_numpy()

        sums = np.add.reduceat(items["popularity"].to_numpy(), self.starts[:-1])
        centers = items.filter(like="factor_").groupby(items["shelf"]).mean().to_numpy()
        preference = np.exp(self.taste @ centers.T) * sums**0.7
        self.preference = preference / preference.sum(axis=1, keepdims=True)
        self.season = np.column_stack(
            [
                season(np.arange(DAYS) + 0.5, c.peak_month, c.swing)
                * np.exp(c.growth * np.arange(DAYS) / 365.25)
                for c in CATEGORIES.itertuples()
            ]
        )

    def shelf_share(self, users: np.ndarray, days: np.ndarray) -> np.ndarray:
        """Return the probability of each category, shape (picks, categories)."""
        weight = self.preference[users] * self.season[days]
        return weight / weight.sum(axis=1, keepdims=True)

    def blocks(
        self, users: np.ndarray, shelf: int
    ) -> Iterator[tuple[slice, np.ndarray, np.ndarray]]:
        """Cut picks from a shelf, sorted by user, into blocks of users that fit in memory.

        Yields the block's picks, each pick's row in the block, and the running weight of the items:
        shape (users of the block, items of the shelf + 1), so that items s…e of a row weigh
        w[e] − w[s].
        """
        items = slice(*self.starts[shelf : shelf + 2])
        who, row = np.unique(users, return_inverse=True)
        size = max(1, CELLS // (items.stop - items.start))
        for start in range(0, len(who), size):
            block = who[start : start + size]
            utility = self.taste[block] @ self.factors[items].T + self.log_popularity[items]
            utility += np.outer(0.8 * self.premium[block], self.relative_price[items])
            weight = np.zeros((len(block), utility.shape[1] + 1))
            np.cumsum(np.exp(utility), axis=1, out=weight[:, 1:])
            picks = slice(*np.searchsorted(row, [start, start + size]))
            yield picks, row[picks] - start, weight

    def for_sale(self, shelf: np.ndarray, days: np.ndarray) -> np.ndarray:
        """Return the end of the run of items on each shelf that are launched by each day."""
        order = self.shelf * 10_000 + np.maximum(self.launch, -1) + 1
        return np.searchsorted(order, shelf * 10_000 + days + 1, side="right")

    def pick(self, users: np.ndarray, days: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Draw one item for each pick.

        Parameters
        ----------
        users : positions of the users, sorted, shape (picks,).
        days : whole days since opening, shape (picks,).
        """
        shelf = np.empty(len(users), dtype=np.int64)
        for part in np.array_split(np.arange(len(users)), len(users) // CELLS * 24 + 1):
            share = self.shelf_share(users[part], days[part]).cumsum(axis=1)
            shelf[part] = (rng.random(len(part))[:, None] > share[:, :-1]).sum(axis=1)
        first, draw = self.starts[shelf], rng.random(len(users))
        count = self.for_sale(shelf, days) - first
        place = np.empty(len(users), dtype=np.int64)
        for s in np.unique(shelf):
            on_shelf = np.flatnonzero(shelf == s)
            for part, row, weight in self.blocks(users[on_shelf], s):
                picks = on_shelf[part]
                target = draw[picks] * weight[row, count[picks]]
                # One sorted line for the whole block: row r holds the values between r and r + 1.
                line = (weight / weight[:, -1:] * 0.999 + np.arange(len(weight))[:, None]).ravel()
                wanted = target / weight[row, -1] * 0.999 + row
                found = np.searchsorted(line, wanted, side="right")
                place[picks] = found - row * weight.shape[1] - 1
        return first + np.clip(place, 0, count - 1)

    def probability(self, users: np.ndarray, days: np.ndarray, items: np.ndarray) -> np.ndarray:
        """Return the probability of each of `items` in each pick, shape (picks, items)."""
        within = np.empty((len(users), len(items)))
        for column, item in enumerate(items):
            shelf = self.shelf[item]
            first = self.starts[shelf]
            place, count = item - first, self.for_sale(shelf, days) - first
            for picks, row, weight in self.blocks(users, shelf):
                own = weight[row, place + 1] - weight[row, place]
                within[picks, column] = own / weight[row, count[picks]]
            within[place >= count, column] = 0
        return self.shelf_share(users, days)[:, self.shelf[items]] * within
