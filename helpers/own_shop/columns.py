"""Tell the columns of somebody else's table: which is the user, which the order, which the price.

Three things count, in this order: what you say, what the column is called (`own_shop_names`), and
what it holds. A name is believed only if the values agree with it: a "date" that holds no dates is
none. Whatever was found comes with its reason, and can be overruled.
"""

import functools
import re
import unicodedata
from collections.abc import Mapping
from difflib import get_close_matches
from typing import NamedTuple

import pandas as pd

from helpers.own_shop.dates import read_dates
from helpers.own_shop.file import OwnShopError
from helpers.own_shop.money import grows_with_quantity
from helpers.own_shop.names import (
    DATES,
    ELSE,
    IDS,
    LONG_ELSE,
    PLAIN,
    ROLES,
    ROW_ID,
    SYSTEMS,
    TAXED,
    WHOLE,
)
from helpers.own_shop.numbers import read_numbers

SAMPLE = 20_000  # rows that are looked at; the first, so that the lines of an order stay together
MANY = 200  # columns of which the values are looked at where no name tells; errors show some
SHOWN = 40
LONGEST = 100  # characters of a name
DOUBTED = 0.5  # of likeness, lost where other words of a name are not known
FURTHER = 0.8  # of likeness: nearly from one of its steps to the next
NEEDED = ("user_id", "time")


def guess_roles(rows: pd.DataFrame, given: Mapping[str, str | None] | None = None) -> pd.DataFrame:
    """Guess which column plays which role, and say why.

    Parameters
    ----------
    rows : DataFrame of text, as `own_shop_file.read_csv` gives it.
    given : role → column, for what is known; None or "" says that there is no such column.

    Returns
    -------
    DataFrame, index ``role`` in the order of ``ROLES``; ``column``, ``why``, ``example``, and
    ``sure``: False where only the values led there, or a part of the name. Roles without a column
    are left out.

    Raises
    ------
    OwnShopError
        If a role or a column that is given does not exist, or the user or the time is not found;
        the message shows all columns and how to say which it is.

    Examples
    --------
    >>> rows = pd.DataFrame({"Kunden-Nr.": ["7", "8"], "Datum": ["05.03.2025", "06.03.2025"],
    ...                      "Betrag": ["9,50", "12,00"]}, dtype="str")
    >>> guess_roles(rows)["column"].to_dict()
    {'user_id': 'Kunden-Nr.', 'time': 'Datum', 'amount': 'Betrag'}
    """
    given = {role: column or None for role, column in (given or {}).items()}
    _check_given(given, rows)
    sample = rows.head(SAMPLE)
    looks = _Looks(sample)
    found = {role: (column, "you said so", True) for role, column in given.items() if column}
    for system, (known_by, roles) in SYSTEMS.items():
        if known_by <= set(rows.columns):
            found |= {
                role: (column, f"as {system} names it", True)
                for role, column in roles.items()
                if role not in given and column not in given.values()
            }
    taken = {column for column, *_ in found.values()}

    scores = []
    for place, column in enumerate(rows):
        likeness = {role: _likeness(column, role) for role in ROLES}
        # What is much more like one role is no other, even if that one is taken: a discount, in
        # which "count" stands, is no quantity.
        least = max(0, max(likeness.values())[0] - FURTHER)
        scores += [
            (-alike, place, rank, role, column, sure)
            for rank, (role, (alike, sure)) in enumerate(likeness.items())
            if alike > least and role not in given and _fits(looks[column], role)
        ]
    for *_, role, column, sure in sorted(scores):
        if role not in found and column not in taken:
            found[role] = column, "by its name" if sure else "by a part of its name", sure
            taken.add(column)
    free = [column for column in rows if column not in taken][:MANY]
    by_values = _by_values(sample, looks, free, {role: one[0] for role, one in found.items()})
    for role, (column, why) in by_values.items():
        if role not in found and role not in given:
            found[role] = column, why, False
    missing = [role for role in NEEDED if role not in found]
    if missing:
        raise _not_found(missing, sample, looks)
    table = pd.DataFrame(
        [(role, *found[role], looks[found[role][0]].example) for role in ROLES if role in found],
        columns=["role", "column", "why", "sure", "example"],
    )
    return table.set_index("role")[["column", "why", "example", "sure"]]


class Look(NamedTuple):
    """What a column holds, at a glance: shares of the values that are there."""

    filled: float
    dates: float
    numbers: float
    digits: float  # nothing but digits, so that dates may be chance
    decimals: float
    different: int
    example: str


class _Looks(dict):
    """What the columns hold; a column is looked at when somebody asks for it."""

    def __init__(self, sample: pd.DataFrame):
        super().__init__()
        self.sample = sample

    def __missing__(self, column: str) -> Look:
        look = self[column] = _look(self.sample[column])
        return look


def _look(values: pd.Series) -> Look:
    there = values.dropna()
    if there.empty:
        return Look(0, 0, 0, 0, 0, 0, "")
    few = there.iloc[:: max(1, len(there) // 500)]
    numbers, *_ = read_numbers(few)
    dates, *_ = read_dates(few)
    return Look(
        len(there) / len(values),
        dates.notna().mean(),
        numbers.notna().mean(),
        few.str.fullmatch(r"\d+").mean(),
        (numbers.notna() & (numbers != numbers.round())).mean(),
        there.nunique(),
        there.iloc[0][:40],
    )


def _fits(look: Look, role: str) -> bool:
    """Whether a column holds what a role needs."""
    holds = ROLES[role].holds
    is_date = look.dates > 0.5 and look.digits < 0.5
    if holds == "date":
        return look.dates >= 0.5
    if holds == "number":
        return look.numbers >= 0.5 and not is_date
    if holds == "id":
        return look.filled > 0 and not is_date and look.decimals < 0.1
    return look.filled > 0 and not is_date and look.numbers < 0.9


@functools.cache
def _plain(name: str) -> str:
    """Return a name in lower case, without accents, in words: "CustomerID" is "customer id"."""
    name = re.sub(r"\(-[^)]*\)", "", name)  # "Quantity (- Refund)" is what is left of it
    name = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name.replace("ß", "ss"))
    name = unicodedata.normalize("NFKD", name.replace("ł", "l"))
    name = " ".join(re.sub(r"[^a-z0-9\u4e00-\u9fff]+", " ", _unaccented(name).lower()).split())
    return re.sub(TAXED, "", name) or name


def _unaccented(name: str) -> str:
    return "".join(letter for letter in name if not unicodedata.combining(letter))


def _likeness(column: str, role: str) -> tuple[float, bool]:
    """Return how much a name of a column is like one of a role: 0 not at all, about 3 the same.

    And whether the other words of it, if there are any, are known to change nothing.
    """
    name = _plain(column[:LONGEST])
    tight = name.replace(" ", "")
    holds, best = ROLES[role].holds, (0.0, False)
    for place, known in enumerate(ROLES[role].names):
        order = 0.005 * place  # names are listed from the surest to the vaguest
        same = known.replace(" ", "")
        if same == tight:
            return 3 - order, True
        if known in WHOLE:
            continue
        if f" {known} " in f" {name} ":
            way, rest = 2, f" {name} ".replace(f" {known} ", "  ")
        elif same in tight and (len(known) >= 5 or not known.isascii()):  # 用户 is a word
            way, rest = 1, name.replace(known, " ")
        else:
            continue
        rest = set(rest.split()) - set(known.split())
        others = set(name.split()) - set(known.split())
        if _is_not(holds, name, others) or any(map(_is_else, rest | others)):
            continue
        plain = rest <= PLAIN
        way -= 0 if plain else DOUBTED
        best = max(best, (way + len(known) / len(name) / 2 - order, plain))
    return best


def _is_not(holds: str, name: str, others: set[str]) -> bool:
    """Whether the other words of a name deny what the role holds: "price list id" is no price."""
    if holds == "number":
        return bool(others & (IDS | DATES))
    return holds == "id" and bool(others & DATES or re.search(ROW_ID, name))


def _is_else(word: str) -> bool:
    """Whether a word, or how it begins or ends, makes of a name something else."""
    return word in ELSE or word.startswith(LONG_ELSE) or word.endswith(LONG_ELSE)


def _by_values(
    sample: pd.DataFrame, looks: dict[str, Look], free: list[str], known: dict[str, str]
) -> dict[str, tuple[str, str]]:
    """Guess what names did not tell from what the columns hold: role → column and why.

    Once names have told user and time, the rest is left alone: better left out than guessed.
    """
    found: dict[str, tuple[str, str]] = {}
    if "time" not in known:
        dates = [c for c in free if looks[c].dates > 0.9]
        dates.sort(key=lambda c: looks[c].digits >= 0.5)  # nothing but digits may be chance
        if dates:
            found["time"] = dates[0], "it holds dates"
    time = known.get("time") or found.get("time", [None])[0]
    if time is None or "user_id" in known:
        return found
    free = [c for c in free if c != time and looks[c].different > 1 and looks[c].filled > 0.5]
    ids = [c for c in free if _fits(looks[c], "user_id")]
    codes = {c: pd.factorize(sample[c])[0] for c in [*free, time, *known.values()]}

    def decides(one: str, other: str) -> bool:
        """Whether rows with the same value of one column have the same of the other."""
        pairs = pd.DataFrame({"one": codes[one], "other": codes[other]})
        pairs = pairs[pairs["one"].duplicated(keep=False) & (pairs["one"] >= 0)]
        return not pairs.empty and pairs.groupby("one")["other"].nunique().le(1).mean() > 0.98

    def most_different(columns: list[str]) -> str | None:
        return max(columns, key=lambda c: looks[c].different, default=None)

    order = known.get("order_id") or most_different(
        [c for c in ids if decides(c, time) and any(decides(c, d) for d in ids if d != c)]
    )
    rest = [c for c in ids if c != order]
    of_order = [c for c in rest if order and decides(order, c)]
    user = most_different([c for c in of_order or rest if _comes_back(codes[c], codes[time])])
    if user is None:
        return found
    found["user_id"] = user, "it holds ids that come back at other times"
    if order and "order_id" not in known:
        found["order_id"] = order, "rows that share it share their time and their user"
    rest = [c for c in rest if c not in (user, *of_order)]
    money = next((c for c in free if looks[c].decimals > 0.1 and looks[c].numbers > 0.9), None)
    counts = [c for c in rest if looks[c].digits > 0.9 and looks[c].different <= 100]
    count = next((c for c in counts if pd.to_numeric(sample[c], "coerce").median() < 10), None)
    item = most_different([c for c in rest if c != count]) if order else None
    if item:
        found["item_id"] = item, "it holds ids, several to an order"
    if count:
        found["quantity"] = count, "it holds small whole numbers"
    if money and item and (decides(item, money) or _is_price(sample, item, count, money)):
        found["unit_price"] = money, "it holds decimals that depend on the item"
    elif money:
        found["amount"] = money, "it holds decimals"
    return found


def _is_price(sample: pd.DataFrame, item: str, count: str | None, money: str) -> bool:
    """Whether money is the price of one, since more of an item do not cost more."""
    if count is None:
        return False
    lines = pd.DataFrame({"item_id": sample[item], "quantity": pd.to_numeric(sample[count])})
    return not grows_with_quantity(lines.assign(unit_price=read_numbers(sample[money]).result))


def _comes_back(ids: pd.Series, times: pd.Series) -> bool:
    """Whether some id stands in rows of different times."""
    pairs = pd.DataFrame({"id": ids, "time": times}).drop_duplicates()
    return pairs["id"][pairs["id"] >= 0].duplicated().any()


def _check_given(given: Mapping[str, str | None], rows: pd.DataFrame) -> None:
    for role, column in given.items():
        if role not in ROLES:
            close = get_close_matches(role, ROLES, n=1)
            hint = f' Did you mean "{close[0]}"?' if close else ""
            raise OwnShopError(f'There is no role "{role}".{hint} Roles are: {", ".join(ROLES)}.')
        if column is not None and column not in rows:
            close = get_close_matches(column, list(rows), n=1, cutoff=0.5)
            hint = f' Did you mean "{close[0]}"?' if close else ""
            raise OwnShopError(
                f'The file has no column "{column}".{hint} Its columns are: {", ".join(rows)}.'
            )


def _not_found(missing: list[str], sample: pd.DataFrame, looks: dict[str, Look]) -> OwnShopError:
    kinds = " and ".join(f"{role} ({ROLES[role].meaning})" for role in missing)
    columns = "\n".join(
        f'  "{column}": {_kind(looks[column])}, such as {looks[column].example!r}'
        if looks[column].filled
        else f'  "{column}": empty'
        for column in list(sample)[:SHOWN]
    )
    if len(sample.columns) > SHOWN:
        columns += f"\n  and {len(sample.columns) - SHOWN:,} more"
    mend = ", ".join(f'"{role}": "…"' for role in missing)
    asked = ",".join(f"{role}=…" for role in missing)
    return OwnShopError(
        f"No column could be told to be {kinds}. The columns are\n{columns}\n"
        f'Say which it is: roles={{{mend}}}, or MAP="{asked}" with make report. If there is none, '
        "nothing of this course can be computed."
    )


def _kind(look: Look) -> str:
    if look.dates > 0.5 and look.digits < 0.5:
        return "dates"
    if look.numbers > 0.5:
        return f"numbers, {look.different:,} different"
    return f"text, {look.different:,} different"
