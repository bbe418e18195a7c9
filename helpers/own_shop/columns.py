"""Recognize the columns of an unknown table: which is the user, which the order, which the price.

Three things count, in this order: what you specify, the column's name (`column_names`), and its
values (`column_values`). A name is trusted only if the values agree with it: a "date" column that
contains no dates is not one. Each result comes with its reason, and you can overrule it.
"""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import NamedTuple

import pandas as pd

from helpers.own_shop.column_names import likeness_to_roles
from helpers.own_shop.column_values import Profiles, roles_by_values
from helpers.own_shop.file import OwnShopError
from helpers.own_shop.names import ROLES, SYSTEMS

SAMPLE = 20_000  # rows that are examined; the first ones, to keep the lines of an order together
MANY = 200  # columns whose values are examined if the names don't help
SHOWN = 40  # columns that an error shows
FURTHER = 0.8  # of similarity: nearly from one of its steps to the next
NEEDED = ("user_id", "time")


class Found(NamedTuple):
    """The column that has a role, why it was chosen, and whether it needs no check."""

    column: str
    why: str
    sure: bool


def guess_roles(rows: pd.DataFrame, given: Mapping[str, str | None] | None = None) -> pd.DataFrame:
    """Guess which column has which role, and say why.

    Parameters
    ----------
    rows : DataFrame of text, from `helpers.own_shop.file.read_csv`.
    given : role → column, for what is known; None or "" means that there is no such column.

    Returns
    -------
    DataFrame, index ``role`` in the order of ``ROLES``; ``column``, ``why``, ``example``, and
    ``sure``: False if the role was guessed from the values, or from a part of the name. Roles
    without a column are left out. If the user or the time is not found, an `OwnShopError` shows all
    columns and how to name the right one.

    Examples
    --------
    >>> rows = pd.DataFrame({"Kunden-Nr.": ["7", "8"], "Datum": ["05.03.2025", "06.03.2025"],
    ...                      "Betrag": ["9,50", "12,00"]}, dtype="str")
    >>> guess_roles(rows)["column"].to_dict()
    {'user_id': 'Kunden-Nr.', 'time': 'Datum', 'amount': 'Betrag'}
    """
    given = {role: column or None for role, column in (given or {}).items()}
    _check_given(given, rows)
    profiles = Profiles(rows.head(SAMPLE))
    found = {
        role: Found(column, "as you specified", True) for role, column in given.items() if column
    }
    found |= _as_systems_name_them(rows, given)
    found |= _by_names(rows, profiles, found, given)
    taken = {one.column for one in found.values()}
    free = [column for column in rows if column not in taken][:MANY]
    by_values = roles_by_values(profiles, free, {role: one.column for role, one in found.items()})
    for role, (column, why) in by_values.items():
        if role not in found and role not in given:
            found[role] = Found(column, why, False)
    missing = [role for role in NEEDED if role not in found]
    if missing:
        raise _not_found(missing, rows, profiles)
    table = pd.DataFrame([found[role] for role in ROLES if role in found], columns=Found._fields)
    table["example"] = [profiles[column].example for column in table["column"]]
    table.index = pd.Index([role for role in ROLES if role in found], name="role")
    return table[["column", "why", "example", "sure"]]


def _as_systems_name_them(rows: pd.DataFrame, given: Mapping[str, str | None]) -> dict[str, Found]:
    """Return roles from names that only one system uses, such as "Name" for an order."""
    return {
        role: Found(column, f"its name in {system}", True)
        for system, known in SYSTEMS.items()
        if set(known["columns"]) <= set(rows.columns)
        for role, column in known["roles"].items()
        if role not in given and column not in given.values()
    }


def _by_names(
    rows: pd.DataFrame,
    profiles: Profiles,
    found: Mapping[str, Found],
    given: Mapping[str, str | None],
) -> dict[str, Found]:
    """Return roles from names, starting with the most similar pair of column and role.

    Among equals, the column that comes first in the file is chosen. A column that is much more
    similar to one role never gets another, even if the first is taken: "discount" contains "count",
    but it is not a quantity.
    """
    pairs = []
    for place, column in enumerate(rows):
        likeness = likeness_to_roles(column)
        least = max(0, max(likeness.values()).score - FURTHER)
        pairs += [
            (-score, place, rank, role, column, sure)
            for rank, (role, (score, sure)) in enumerate(likeness.items())
            if score > least and role not in given and profiles[column].fits(role)
        ]
    named: dict[str, Found] = {}
    taken = {one.column for one in found.values()}
    for *_, role, column, sure in sorted(pairs):
        if role not in found and role not in named and column not in taken:
            named[role] = Found(column, "by its name" if sure else "by part of its name", sure)
            taken.add(column)
    return named


def _check_given(given: Mapping[str, str | None], rows: pd.DataFrame) -> None:
    for role, column in given.items():
        if role not in ROLES:
            raise OwnShopError(
                f'There is no role "{role}".{_did_you_mean(role, ROLES, 0.6)} The roles are: '
                f"{', '.join(ROLES)}."
            )
        if column is not None and column not in rows:
            raise OwnShopError(
                f'The file has no column "{column}".{_did_you_mean(column, rows, 0.5)} Its columns '
                f"are: {', '.join(rows)}."
            )


def _did_you_mean(word: str, known: Iterable[str], cutoff: float) -> str:
    close = get_close_matches(word, list(known), n=1, cutoff=cutoff)
    return f' Did you mean "{close[0]}"?' if close else ""


def _not_found(missing: list[str], rows: pd.DataFrame, profiles: Profiles) -> OwnShopError:
    kinds = " and ".join(f"{role} ({ROLES[role].meaning})" for role in missing)
    columns = "\n".join(f'  "{column}": {profiles[column]}' for column in list(rows)[:SHOWN])
    if len(rows.columns) > SHOWN:
        columns += f"\n  and {len(rows.columns) - SHOWN:,} more"
    mend = ", ".join(f'"{role}": "…"' for role in missing)
    asked = ",".join(f"{role}=…" for role in missing)
    return OwnShopError(
        f"No column was recognized as {kinds}. The columns are\n{columns}\n"
        f'Name the right one: roles={{{mend}}}, or MAP="{asked}" with make report. Without it, '
        "no analysis of this course is possible."
    )
