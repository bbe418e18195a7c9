"""Which column has which role: what you say, what was remembered, or what its name says.

Values only check a name: a column "date" without dates is not the time. They never give a column a
role of their own. If several columns fit a role that a key figure rests on, or a name only suggests
it, a `Question` is raised.
"""

import functools
import itertools
import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from typing import NamedTuple

import pandas as pd
from pandas.api.typing import SeriesGroupBy

from apps.report.own_shop import column_names, names
from apps.report.own_shop.column_names import CERTAIN, POSSIBLE, likeness_to_roles
from apps.report.own_shop.dates import read_dates
from apps.report.own_shop.messages import EXAMPLE, pluralize
from apps.report.own_shop.names import ROLES, kind_of_row, normalize, status_of
from apps.report.own_shop.numbers import read_numbers
from apps.report.own_shop.options import did_you_mean
from apps.report.own_shop.questions import (
    Choice,
    OwnShopError,
    Question,
    ask,
    choices,
    choose,
    which_column,
)
from helpers.language import say

ZEROS = r"\W*0*(?:[.,]0*)?\W*"
MOST_MARKS = 3  # columns that say what was not sold
MOST_WORDS = 40  # different words of a status
FEW_WORDS = 10  # from here on, some must be known
OFTEN = 5  # rows of an item; from here on, equal words in all of them are no chance
USUAL = 0.75  # share of the rows with the usual status
LONG_ID = 1e9  # a number from here on is an id, even with a point: 1000000000.1700000000
LOOKED_AT = 500  # values of a column, sampled to see what kind they are
MONEY = ("unit_price", "amount", "paid")
OFF = ("discount", "discount_amount", "refund_amount")
ASKED = ("user_id", "order_id", "quantity", *OFF)  # a similar name is worth a question
FLAGGED = ("discount_amount", "refund_amount")  # money, unless there are only 0 and 1
RIVALS = ("user_id", "order_id", "time", "quantity", "unit_price", *OFF)
GOODS = (["sale"], ["other", "discount"])  # kinds of rows that are goods, and that are not
UNSOLD = ("canceled", "refunded")  # meanings of a status
TOTALS = ("amount", "paid")  # sums decide between rivals


class Found(NamedTuple):
    """The column that has a role, and how that was decided."""

    column: str
    how: str  # "said", "remembered" or "name"
    rivals: tuple[str, ...] = ()  # totals that may be meant as well, where sums can decide


def find_roles(
    rows: pd.DataFrame, said: Mapping[str, str], remembered: Mapping[str, str] | None = None
) -> dict[str, Found]:
    """Find the column of each role.

    Parameters
    ----------
    rows : DataFrame of text.
    said, remembered : role → column; "" if there is no such column. What is said comes first.

    Returns
    -------
    dict of role → `Found`, in the order of ``ROLES``; roles without a column are left out.

    Raises
    ------
    Question
        If a role that a key figure rests on is open.

    Examples
    --------
    >>> rows = pd.DataFrame({"Kunden-Nr.": ["7", "8"], "Datum": ["05.03.2025", "06.03.2025"],
    ...                      "Betrag": ["9,50", "12,00"]}, dtype="str")
    >>> {role: found.column for role, found in find_roles(rows, {}).items()}
    {'user_id': 'Kunden-Nr.', 'time': 'Datum', 'amount': 'Betrag'}
    """
    given = {**(remembered or {}), **said}
    _check(given, rows)
    found = {
        role: Found(column, "said" if role in said else "remembered")
        for role, column in given.items()
        if column
    }
    settled = set(given)
    for system in names.SYSTEMS.values():
        if set(system["columns"]) <= set(rows):
            named = {r: c for r, c in system["roles"].items() if r not in settled}
            found |= {role: Found(column, "name") for role, column in named.items() if column}
            settled |= set(named)
    by_name = _Names(rows, _taken(rows, found))
    open_ones: list[Question] = []
    for role in [role for role in ROLES if role not in settled]:
        meaning = {"role": role, "meaning": say(ROLES[role].meaning)}
        if certain := by_name.columns(role, CERTAIN):
            rivals = by_name.rivals(role, certain)
            found[role] = Found(certain[0], "name", tuple(by_name.seconds(role, certain, rivals)))
            if role in RIVALS and rivals:
                columns = [certain[0], *rivals]
                totals: list[Choice] = []
                for c in columns if role == "unit_price" and "amount" not in found else ():
                    total = {f"amount={c},unit_price=": "“{column}”: total of the line"}
                    totals += choose(total, column=c)
                open_ones.append(which_column(rows, role, columns, totals))
        elif role in ASKED and by_name.possible(role):
            possible = choices(rows, role, columns := by_name.possible(role))
            if role == "order_id" and "user_id" not in found and not open_ones:
                for column in columns:
                    customer = {f"user_id={column}": "“{column}” says who bought"}
                    possible += choose(customer, column=column)
            possible += choose({f"{role}=": "there is none"})
            asks = "No column is clearly {meaning} ({role}), but this is possible:"
            open_ones.append(ask(asks, possible, **meaning))
    for still in (_missing, _kinds_of_rows, _unsold):
        open_ones += still(by_name, found, settled)
    if open_ones:
        raise Question(*(matter for one in open_ones for matter in one.matters))
    return {role: found[role] for role in ROLES if role in found}


def parts_of(rows: pd.DataFrame, column: str) -> list[str]:
    """Return a column, or those that are joined in it: "Order status+Payment status"."""
    parts = [part.strip() for part in column.split("+")]
    return parts if len(parts) > 1 and set(parts) <= set(rows) else [column]


def join_columns(rows: pd.DataFrame, given: Mapping[str, str]) -> None:
    """Add the columns that the user joins by a plus: their texts; of status, what flags mean."""
    for role, column in given.items():
        parts = parts_of(rows, column)
        if len(parts) > 1 and column not in rows:
            texts = [as_words(rows[one]) if role == "status" else rows[one] for one in parts]
            joined = texts[0].str.cat(texts[1:], sep=" ", na_rep="").str.strip()
            rows[column] = joined.mask(rows[parts].isna().all(axis="columns"))
        elif role == "status" and column in rows:
            rows[column] = as_words(rows[column])


def _taken(rows: pd.DataFrame, found: Mapping[str, Found]) -> set[str]:
    """Return the columns that have a role, and those that are joined in one."""
    columns = {one.column for one in found.values()}
    return columns | {part for column in columns for part in parts_of(rows, column)}


class _Names:
    """The roles that the names of the columns suggest, as far as the values agree."""

    def __init__(self, rows: pd.DataFrame, taken: set[str]):
        self.rows = rows
        self.likeness = {}
        for column in rows:
            if column not in taken:
                likeness = likeness_to_roles(column)
                best = max(likeness.values())
                # A column has one meaning: "discount amount" is nothing but that.
                self.likeness[column] = {r: one for r, one in likeness.items() if one == best}
        self.kinds_of = functools.cache(lambda column: _kinds(rows[column]))

    def columns(self, role: str, level: int) -> list[str]:
        """Return the columns whose names suggest a role at a level, the most likely one first."""
        named = [
            column
            for column, likeness in self.likeness.items()
            if role in likeness and likeness[role].level == level and self.holds(column, role)
        ]
        return sorted(named, key=lambda column: self.likeness[column][role], reverse=True)

    def holds(self, column: str, role: str) -> bool:
        """Whether a column holds what a role needs."""
        kinds = self.kinds_of(column)
        if role in FLAGGED and "flag" in kinds:
            return False
        if role == "quantity" and "decimal" in kinds and "total" in normalize(column).split():
            return False  # "Items total" is money
        if role == "status" and self.rows[column].nunique() > FEW_WORDS:  # "State" of a country
            words = self.rows[column].dropna().unique()[:MOST_WORDS]
            return any(status_of(word) != "unknown" for word in words)
        return ROLES[role].holds in kinds

    def rivals(self, role: str, certain: list[str]) -> list[str]:
        """Return the columns that fit as well as the first one, but say something else.

        All totals are rivals, whatever their names. A column of zeros takes nothing off.
        """
        first, *others = certain
        if role not in TOTALS:
            level = self.likeness[first][role]
            others = [c for c in others if self.likeness[c][role] == level]
        if role in OFF:
            others = [c for c in others if not self.rows[c].dropna().str.fullmatch(ZEROS).all()]
        same = _same_numbers if ROLES[role].holds == "number" else _same
        return [c for c in others if not same(self.rows, first, c)]

    def seconds(self, role: str, certain: list[str], rivals: list[str]) -> list[str]:
        """Return columns to compare with the first one later: other totals, or other customers.

        A customer's number beats an email address; but if they count very different numbers of
        customers, it must be said. A number that is unique to a person needs no comparison.
        """
        if role in TOTALS:
            return rivals
        first, *others = certain
        if role != "user_id" or self.likeness[first][role].tier == 0:
            return []
        return [column for column in others if not _same(self.rows, first, column)]

    def possible(self, role: str) -> list[str]:
        """Return the columns that may have a role; money of any name that came back is a refund."""
        named = self.columns(role, POSSIBLE)
        if role == "refund_amount":
            back = [
                c
                for c in self.likeness
                if column_names.is_about_unsold(c) and self.holds(c, "quantity")
            ]
            back = [c for c in back if self.rows[c].str.contains(r"\d[.,]\d\d").any()]
            zeros = {c for c in back if self.rows[c].dropna().str.fullmatch(ZEROS).all()}
            named += [c for c in back if c not in {*named, *zeros}]
        return named


def _kinds(values: pd.Series) -> set[str]:
    """Return what a column could hold, by about 500 of its values: dates, numbers, ids, text."""
    known = values.dropna()
    if known.empty:
        return set()
    few = known.iloc[:: max(1, len(known) // LOOKED_AT)]
    numbers, _, _, units = read_numbers(few)
    kinds = {"date"} if read_dates(few).result.notna().mean() >= 0.5 else set()
    if kinds and few.str.fullmatch(r"\d+(?:\.\d+)?").mean() < 0.5:
        return kinds
    if numbers.notna().mean() >= 0.5:
        kinds |= {"number", "flag" if set(numbers.dropna()) == {0, 1} else "many"}
    if units.isin(names.SIGNS).mean() >= 0.5:
        kinds.add("money")
    parts = numbers.notna() & (numbers != numbers.round()) & (numbers < LONG_ID)
    kinds.add("decimal" if parts.mean() >= 0.1 else "id")
    return kinds | ({"text"} if numbers.notna().mean() < 0.9 else set())


def _same(rows: pd.DataFrame, one: str, other: str) -> bool:
    """Whether two columns say the same: equal text, or ids that go one to one."""
    a, b = (pd.factorize(rows[column])[0] for column in (one, other))
    pairs = pd.DataFrame({"a": a, "b": b}).drop_duplicates()
    return bool(pairs["a"].is_unique and pairs["b"].is_unique)


def _same_numbers(rows: pd.DataFrame, one: str, other: str) -> bool:
    """Whether two columns have the same numbers; amounts with and without taxes don't."""
    a, b = (read_numbers(rows[column]).result for column in (one, other))
    return rows[one].equals(rows[other]) or bool(((a == b) | (a.isna() & b.isna())).all())


def _missing(by_name: _Names, found: Mapping[str, Found], settled: set[str]) -> Iterator[Question]:
    """Yield what must be asked because no name is certain: the time, and the money."""
    rows = by_name.rows
    if "time" not in found and not {"year", "month"} <= found.keys():
        dates = by_name.columns("time", POSSIBLE)
        dates += [c for c in by_name.likeness if by_name.holds(c, "time") and c not in dates]
        if not dates:
            raise OwnShopError(
                "No column holds the time of an order, so no analysis is possible. The columns "
                'are: {columns}. If one of them does, say so: MAP="time=…".',
                columns=", ".join(rows),
            )
        asks = "No column is clearly the time of the order (time). These hold dates:"
        yield ask(asks, choices(rows, "time", dates))
        if not any(role in found for role in ("user_id", "order_id", *MONEY)):
            ids = [c for c in by_name.likeness if c not in dates and by_name.holds(c, "user_id")]
            said = choose({"user_id=": "no column says who bought"})
            yield ask("No name says who bought (user_id):", said + choices(rows, "user_id", ids))
    if not any(role in found or role in settled for role in MONEY):
        maybe = [(role, c) for role in MONEY for c in by_name.columns(role, POSSIBLE)]
        taken = {one.column for one in found.values()} | {c for _, c in maybe}
        free = [c for c in by_name.likeness if c not in taken]
        maybe += [("unit_price", c) for c in free if by_name.kinds_of(c) & {"decimal", "money"}]
        if maybe:
            asks = (
                "No column is clearly the price (unit_price) or the total (amount), but this "
                "is possible:"
            )
            possible = [one for role, c in maybe for one in choices(rows, role, [c])]
            for c in [c for role, c in maybe if role == "unit_price"]:
                possible += choose({f"amount={c}": "“{column}”: total of the line"}, column=c)
            yield ask(asks, possible + choose({"amount=": "there is no money in the file"}))


def as_words(text: pd.Series) -> pd.Series:
    """Return a status in words; of a flag or a date, the name of its column stands beside it.

    Examples
    --------
    >>> as_words(pd.Series(["0", "1"], name="is_cancelled")).tolist()
    ['', 'is_cancelled 1']
    >>> as_words(pd.Series(["Paid", "Refunded"], name="Payment status")).tolist()
    ['Paid', 'Refunded']
    """
    column = str(text.name)
    words = text.dropna().unique()
    test = re.fullmatch(names.UNREAL, normalize(column))
    if not (test or status_of(column) in UNSOLD) or any(status_of(w) in UNSOLD for w in words):
        return text
    unset = text.fillna("").str.fullmatch(names.NO, case=False).astype(bool)
    return ((f"invalid: {column} " if test else f"{column} ") + text).mask(unset, "")


def _marked(text: pd.Series, kinds: Container[str], meaning: Callable[[str], str]) -> pd.Series:
    """Return which texts have one of some meanings."""
    return text.isin([word for word in text.dropna().unique() if meaning(word) in kinds])


def _kinds_of_rows(
    by_name: _Names, found: Mapping[str, Found], settled: set[str]
) -> Iterator[Question]:
    """Yield the question whether a column says what each row is: goods, shipping, a total.

    An order has rows of both, goods and others, as no way of payment or shipping has.
    """
    rows = by_name.rows
    together = next((found[role].column for role in ("order_id", "time") if role in found), None)
    if "kind" in found or "kind" in settled or "event" in found or not together:
        return
    for column in by_name.likeness.keys() - _taken(rows, found):
        words = rows[column].value_counts()
        if not by_name.holds(column, "kind") or len(words) > MOST_WORDS:
            continue
        kinds = rows[column].map({word: kind_of_row(word) for word in words.index})
        goods, others = (rows.loc[kinds.isin(some), together].unique() for some in GOODS)
        if len(set(goods) & set(others)) > len(goods) / 10:
            said = choose(
                {f"kind={column}": "yes: not shipping, taxes and totals", "kind=": "no: all are"}
            )
            asks = "“{column}” says what each row is, such as {words}. Are only some rows sales?"
            shown = ", ".join(f"“{word}”" for word in words.index[:5])
            yield ask(asks, said, column=column, words=shown)
            return


def _unsold(by_name: _Names, found: Mapping[str, Found], settled: set[str]) -> Iterator[Question]:
    """Yield what must be asked because values say that something was not sold, or came back.

    Canceled orders would count as sales, or refunds, if their column were not understood. A second
    status is asked about if it marks rows that nothing else marks.
    """
    rows, taken = by_name.rows, _taken(by_name.rows, found)
    if "status" in settled or "event" in found:
        return
    known = pd.Series(False, rows.index)
    if "status" in found:
        known |= _marked(as_words(rows[found["status"].column]), (*UNSOLD, "partly"), status_of)
    if "kind" in found:
        known |= _marked(rows[found["kind"].column], ("refund",), kind_of_row)
    if "refund_amount" in found:
        known |= read_numbers(rows[found["refund_amount"].column]).result.fillna(0) != 0
    if "order_id" in found:
        order = rows[found["order_id"].column]
        known |= order.isin(order[known].dropna().unique()) & (rows.shape[0] > order.nunique())
    if "kind" in found:  # fees and shipping are not sold, but their orders may be
        known |= _marked(rows[found["kind"].column], ("other",), kind_of_row)
    marks: list[str] = []
    refunds = pd.Series(False, rows.index)
    for column in [column for column in by_name.likeness if column not in taken]:
        says = column_names.is_about_unsold(column)
        is_words = by_name.holds(column, "status") and rows[column].nunique() <= MOST_WORDS
        if not (says or is_words) or "many" in by_name.kinds_of(column):
            continue  # a number says how many came back, or how much
        told = _marked(as_words(rows[column]), UNSOLD, status_of)
        back = _marked(rows[column], ("refund",), kind_of_row)
        if "kind" not in found and back.any():
            told, refunds = told | back, back
        if (told & ~known).any() and not (says and told.mean() > 0.5) and len(marks) < MOST_MARKS:
            marks.append(column)
            if len(marks) == 1:
                count, example = (told & ~known).sum(), rows[column][told & ~known].iloc[0]
            known |= told
    if not marks:
        if not (known.any() or "status" in found or "kind" in {*found, *settled}):
            item = next((found[role].column for role in ("item_id", "name") if role in found), None)
            yield from _unread(by_name, taken, item)
        return
    old = [found["status"].column] if "status" in found else []
    several = [
        old + list(some)
        for size in range(len(marks), 0, -1)
        for some in itertools.combinations(marks, size)
    ]
    said = [_not_sold(columns) for columns in [*several, *([marks[:1]] if old else [])]]
    if refunds.any():
        itself = choose({f"kind={marks[-1]}": "no: each of these rows is itself a refund"})
        sales = _marked(rows[marks[-1]], ("sale",), kind_of_row).any()
        said = itself + said if sales else said + itself
    said += choose({f"status={''.join(old)}": "yes: they count as sold"})
    yield ask(
        "“{column}” marks {rows}, such as {told}. Do these count as sold?",
        said,
        column=marks[0],
        rows=pluralize(count, "row"),
        told=f"{example[:EXAMPLE]!r}",
    )


def _unread(by_name: _Names, taken: set[str], item: str | None) -> Iterator[Question]:
    """Yield the question about a column of few unknown words, one of them usual."""
    rows = by_name.rows
    for column in [column for column in by_name.likeness if column not in taken]:
        words = rows[column].value_counts()
        is_known = column_names.is_denied(column) or by_name.likeness[column].keys() < ROLES.keys()
        few = 1 < len(words) <= FEW_WORDS and words.iloc[0] > USUAL * words.sum()
        if few and not is_known and by_name.kinds_of(column) == {"id", "text"}:
            if item and _describes(rows.groupby(item)[column], rows[column] == words.index[0]):
                continue
            shown = ", ".join(f"“{word}” ({rows:,})" for word, rows in words.items())
            asks = "“{column}” says {words}. Does one of these mean that it was not sold?"
            said = choose({f"status={column}": "yes", "status=": "no: all count as sold"})
            yield ask(asks, said, column=column, words=shown)
            return


def _describes(by_item: SeriesGroupBy, is_usual: pd.Series) -> bool:
    """Return whether the unusual words of a column describe items: all rows of some that sell."""
    steady = (by_item.transform("size") >= OFTEN) & (by_item.transform("nunique") == 1)
    return bool(steady[~is_usual].all())


def _not_sold(columns: Sequence[str]) -> Choice:
    listed = say(" and ").join(f"“{column}”" for column in columns)
    said = say("no: {columns} say what was canceled, or came back", columns=listed)
    return Choice(f"status={'+'.join(columns)}", said)


def _check(given: Mapping[str, str], rows: pd.DataFrame) -> None:
    """Refuse columns that the file doesn't have, or that are given two roles."""
    columns = {role: column for role, column in given.items() if column}
    for role, column in columns.items():
        if column not in rows:
            raise OwnShopError(
                'The file has no column "{column}" for {role}.{hint} Its columns are: {columns}.',
                column=column,
                role=role,
                hint=did_you_mean(column, rows, 0.5),
                columns=", ".join(rows),
            )
        if list(columns.values()).count(column) > 1:
            raise OwnShopError(
                'MAP gives the column "{twice}" two roles. Keep one of them.', twice=column
            )
