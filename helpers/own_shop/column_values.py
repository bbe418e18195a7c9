"""Roles from the values of a column: which roles it could have, and which one it has.

A profile says what share of the values are dates, numbers, or digits. It decides whether a name is
trusted (`Profile.fits`). If the names don't help, the dependencies between columns do
(`roles_by_values`): an order determines its time and its user, and a user comes back.
"""

import re
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.own_shop.dates import read_dates
from helpers.own_shop.messages import EXAMPLE
from helpers.own_shop.money import grows_with_quantity
from helpers.own_shop.names import ROLES
from helpers.own_shop.numbers import read_numbers

LOOKED_AT = 500  # values of a column, sampled to see what kind they are
MOSTLY = 0.9  # of the values that are not missing
DEPENDS = 0.98  # of the groups of rows with one value: the column determines another
MOST_COUNTS = 100  # different quantities
USUAL_COUNT = 10  # a median quantity is below this


class Profile(NamedTuple):
    """What a column contains; shares are of the values that are not missing."""

    filled: float  # share of the rows
    dates: float
    numbers: float
    digits: float  # only digits, so they may look like dates by chance
    decimals: float
    different: int
    example: str

    @property
    def is_dates(self) -> bool:
        """Whether it contains dates, and not numbers that look like dates by chance."""
        return self.dates > 0.5 and self.digits < 0.5

    def fits(self, role: str) -> bool:
        """Return whether the column contains what a role needs."""
        holds = ROLES[role].holds
        if holds == "date":
            return self.dates >= 0.5
        if holds == "number":
            return self.numbers >= 0.5 and not self.is_dates
        if holds == "id":
            return self.filled > 0 and not self.is_dates and self.decimals < 0.1
        return self.filled > 0 and not self.is_dates and self.numbers < MOSTLY

    def __str__(self) -> str:
        if not self.filled:
            return "empty"
        kind = "dates"
        if not self.is_dates:
            kind = f"{'numbers' if self.numbers > 0.5 else 'text'}, {self.different:,} different"
        return f"{kind}, such as {self.example!r}"


class Profiles(dict[str, Profile]):
    """The profiles of the columns of a table, each computed when it is first needed."""

    def __init__(self, rows: pd.DataFrame):
        super().__init__()
        self.rows = rows

    def __missing__(self, column: str) -> Profile:
        made = self[column] = profile(self.rows[column])
        return made


def profile(values: pd.Series) -> Profile:
    """Return what a column contains, based on about 500 of its values.

    Examples
    --------
    >>> made = profile(pd.Series(["7,50", "3", None, "x"]))
    >>> print(f"{made.filled:.2f} {made.numbers:.2f} {made.decimals:.2f}, {made}")
    0.75 0.67 0.33, numbers, 3 different, such as '7,50'
    """
    there = values.dropna()
    if there.empty:
        return Profile(0, 0, 0, 0, 0, 0, "")
    filled, different = len(there) / len(values), there.nunique()
    example = there.iloc[0][:EXAMPLE]
    few = there.iloc[:: max(1, len(there) // LOOKED_AT)]
    if not re.search(r"\d", "".join(few)):  # without a digit there are neither numbers nor dates
        return Profile(filled, 0, 0, 0, 0, different, example)
    numbers = read_numbers(few).result
    return Profile(
        filled,
        dates=read_dates(few).result.notna().mean(),
        numbers=numbers.notna().mean(),
        digits=few.str.fullmatch(r"\d+").mean(),
        decimals=(numbers.notna() & (numbers != numbers.round())).mean(),
        different=different,
        example=example,
    )


def roles_by_values(
    profiles: Profiles, free: list[str], known: dict[str, str]
) -> dict[str, tuple[str, str]]:
    """Guess the roles that the names don't reveal.

    The steps: dates are the time. An order is the id that determines the time and another id. A
    user is an id that the order determines and that appears again at other times. Among several
    candidates, the one with the most different values is chosen. Of the other columns, small whole
    numbers are quantities, the id with the most different values is the item, and decimals are
    money. If the names reveal the user and the time, nothing else is guessed.

    Parameters
    ----------
    profiles : of the columns of the file.
    free : columns that have no role yet.
    known : role → column, as far as the names reveal it.

    Returns
    -------
    dict of role → column and why.

    Examples
    --------
    Users 7 and 8 come back on other days.

    >>> rows = pd.DataFrame({"a": ["7", "8", "7", "8"], "c": ["1.50", "2.25", "1.75", "9.10"],
    ...                      "b": ["2025-03-05", "2025-03-06", "2025-03-07", "2025-03-08"]})
    >>> roles_by_values(Profiles(rows.astype("str")), ["a", "b", "c"], {})
    {'time': ('b', 'it contains dates'),
     'user_id': ('a', 'it contains ids that appear again at other times'),
     'amount': ('c', 'it contains decimals')}
    """
    found = {} if "time" in known else _time_by_values(profiles, free)
    time = known.get("time") or found.get("time", [None])[0]
    if time is None or "user_id" in known:
        return found
    free = [c for c in free if c != time and profiles[c].different > 1 and profiles[c].filled > 0.5]
    codes = {c: pd.factorize(profiles.rows[c])[0] for c in [*free, time, *known.values()]}
    ids = [c for c in free if profiles[c].fits("user_id")]

    order = known.get("order_id") or _most_different(
        profiles,
        [
            c
            for c in ids
            if _decides(codes, c, time) and any(_decides(codes, c, d) for d in ids if d != c)
        ],
    )
    rest = [c for c in ids if c != order]
    of_order = [c for c in rest if order and _decides(codes, order, c)]
    coming_back = [c for c in of_order or rest if _comes_back(codes[c], codes[time])]
    user = _most_different(profiles, coming_back)
    if user is None:
        return found
    found["user_id"] = user, "it contains ids that appear again at other times"
    if order and "order_id" not in known:
        found["order_id"] = order, "rows with the same value have the same time and user"
    rest = [c for c in rest if c not in (user, *of_order)]
    return found | _goods_by_values(profiles, codes, free, rest, several_to_an_order=bool(order))


def _time_by_values(profiles: Profiles, free: list[str]) -> dict[str, tuple[str, str]]:
    dates = [c for c in free if profiles[c].dates > MOSTLY]
    dates.sort(key=lambda c: profiles[c].digits >= 0.5)  # only digits may look like dates by chance
    return {"time": (dates[0], "it contains dates")} if dates else {}


def _goods_by_values(
    profiles: Profiles,
    codes: dict[str, np.ndarray],
    free: list[str],
    ids: list[str],
    *,
    several_to_an_order: bool,
) -> dict[str, tuple[str, str]]:
    """Guess quantity, item and money; the ids are those that are neither order nor user."""
    found = {}
    money = next((c for c in free if _is_money(profiles[c])), None)
    count = next((c for c in ids if _is_quantity(profiles, c)), None)
    item = None
    if several_to_an_order:
        item = _most_different(profiles, [c for c in ids if c != count])
    if item:
        found["item_id"] = item, "it contains ids, several per order"
    if count:
        found["quantity"] = count, "it contains small whole numbers"
    if money and item and (_decides(codes, item, money) or _is_price(profiles, item, count, money)):
        found["unit_price"] = money, "it contains decimals that depend on the item"
    elif money:
        found["amount"] = money, "it contains decimals"
    return found


def _is_money(one: Profile) -> bool:
    return one.decimals > 0.1 and one.numbers > MOSTLY


def _is_quantity(profiles: Profiles, column: str) -> bool:
    """Return whether a column contains small whole numbers, with few different values."""
    one = profiles[column]
    if one.digits <= MOSTLY or one.different > MOST_COUNTS:
        return False
    return pd.to_numeric(profiles.rows[column], "coerce").median() < USUAL_COUNT


def _is_price(profiles: Profiles, item: str, count: str | None, money: str) -> bool:
    """Return whether money is a unit price: it doesn't grow with the quantity of an item."""
    if count is None:
        return False
    rows = profiles.rows
    lines = pd.DataFrame({"item_id": rows[item], "quantity": pd.to_numeric(rows[count])})
    return not grows_with_quantity(lines.assign(unit_price=read_numbers(rows[money]).result))


def _most_different(profiles: Profiles, columns: list[str]) -> str | None:
    return max(columns, key=lambda column: profiles[column].different, default=None)


def _decides(codes: dict[str, np.ndarray], one: str, other: str) -> bool:
    """Return whether rows with the same value in one column have the same in the other."""
    pairs = pd.DataFrame({"one": codes[one], "other": codes[other]})
    pairs = pairs[pairs["one"].duplicated(keep=False) & (pairs["one"] >= 0)]
    return not pairs.empty and pairs.groupby("one")["other"].nunique().le(1).mean() > DEPENDS


def _comes_back(ids: np.ndarray, times: np.ndarray) -> bool:
    """Return whether some id appears in rows with different times."""
    pairs = pd.DataFrame({"id": ids, "time": times}).drop_duplicates()
    return pairs["id"][pairs["id"] >= 0].duplicated().any()
