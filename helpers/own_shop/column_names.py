"""What the name of a column tells: which roles it could play, and how surely.

A known name (``names.toml``) may be the whole name of a column, stand in it as words, or stand in
it as a run of letters, as German compounds have it: "Bestelldatum". The words beside it then decide
whether it is believed: "order customer id" is a customer, "customer city" is none.
"""

import functools
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from helpers.own_shop.names import (
    CHANGING,
    CHANGING_PARTS,
    DATES,
    IDS,
    NEUTRAL,
    ROLES,
    ROW_ID,
    TAX_NOTE,
    VAGUE,
)

LONGEST = 100  # characters of a name that are looked at
WHOLE, WORDS, LETTERS = 3, 2, 1  # how a known name may stand in the name of a column, as scores
DOUBTED = 0.5  # lost where nobody knows what the words beside it mean
COVERED = 0.5  # gained where it covers all of the name, and in proportion where it covers a part
STEP = 0.005  # lost with each known name that stands before it in its list: it is vaguer
FEWEST_LETTERS = 5  # of a known name, to count inside a word; a Chinese one is a word of its own


class Likeness(NamedTuple):
    """How much a name is like those of a role, and whether the words beside it change nothing."""

    score: float  # about 3 where they are the same, 2 by its words, 1 by its letters, 0 not at all
    sure: bool


class KnownName(NamedTuple):
    """A name of a role, and its place among the names of that role, the surest first."""

    name: str
    role: str
    place: int


def _known_names() -> dict[str, list[KnownName]]:
    """Return all known names by their letters: "e mail" and "email" are two of the same."""
    known = defaultdict(list)
    for role, (_, _, names) in ROLES.items():
        for place, name in enumerate(names):
            known[name.replace(" ", "")].append(KnownName(name, role, place))
    return dict(known)


KNOWN = _known_names()
LENGTHS = sorted({len(letters) for letters in KNOWN})


def likeness_to_roles(column: str) -> dict[str, Likeness]:
    """Return how much the name of a column is like those of each role.

    The score says first how the known name stands in that of the column (`WHOLE`, `WORDS`,
    `LETTERS`), less `DOUBTED` if other words stand beside it that nobody knows; then how much of it
    is covered; and last how sure the known name is among those of its role.

    Examples
    --------
    In "Order Customer ID" the second of the names of a user stands as words and covers 11 of 17
    characters: 2 + 11 / 17 / 2 - 0.005. In "list price" the ninth of the names of a price covers 5
    of 10, beside a word that nobody knows: 2 - 0.5 + 5 / 10 / 2 - 0.04. "Customer City" is no user.

    >>> for name, role in {"Order Customer ID": "user_id", "list price": "unit_price",
    ...                    "Customer City": "user_id"}.items():
    ...     score, sure = likeness_to_roles(name)[role]
    ...     print(f"{name}: {score:.3f} {sure}")
    Order Customer ID: 2.319 True
    list price: 1.710 False
    Customer City: 0.000 False
    """
    name = normalize(column[:LONGEST])
    best = dict.fromkeys(ROLES, Likeness(0.0, False))
    for known in _known_names_in(name):
        best[known.role] = max(best[known.role], _likeness(name, known))
    return best


@functools.cache
def normalize(name: str) -> str:
    """Return a name in lower case, without accents and signs, with a blank between words.

    What was taken off is not looked at, and a note about taxes tells nothing.

    Examples
    --------
    >>> normalize("CustomerID"), normalize("Stückpreis (inkl. MWST)"), normalize("Qty (- Refund)")
    ('customer id', 'stuckpreis', 'qty')
    """
    name = re.sub(r"\(-[^)]*\)", "", name)
    name = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name.replace("ß", "ss"))
    letters = unicodedata.normalize("NFKD", name.replace("ł", "l"))
    letters = "".join(one for one in letters if not unicodedata.combining(one)).lower()
    name = " ".join(re.sub(r"[^a-z0-9\u4e00-\u9fff]+", " ", letters).split())
    return re.sub(TAX_NOTE, "", name) or name


def _known_names_in(name: str) -> Iterator[KnownName]:
    """Yield the known names whose letters stand in a name: a look-up for each piece of it.

    Files have thousands of columns, and the number of look-ups does not grow with the names known.
    """
    letters = name.replace(" ", "")
    pieces = {
        letters[begin : begin + length]
        for length in LENGTHS
        for begin in range(len(letters) - length + 1)
    }
    for piece in pieces & KNOWN.keys():
        yield from KNOWN[piece]


def _likeness(name: str, known: KnownName) -> Likeness:
    """Return how much a name is like a known one whose letters stand in it."""
    vaguer = STEP * known.place
    if name.replace(" ", "") == known.name.replace(" ", ""):
        return Likeness(WHOLE - vaguer, True)
    if f" {known.name} " in f" {name} ":
        way, rest = WORDS, f" {name} ".replace(f" {known.name} ", "  ")
    elif len(known.name) >= FEWEST_LETTERS or not known.name.isascii():
        way, rest = LETTERS, name.replace(known.name, " ")
    else:
        return Likeness(0.0, False)
    beside = set(rest.split()) - set(known.name.split())
    others = set(name.split()) - set(known.name.split())
    if known.name in VAGUE or _denies(ROLES[known.role].holds, name, others):
        return Likeness(0.0, False)
    if any(map(_changes, beside | others)):
        return Likeness(0.0, False)
    sure = beside <= NEUTRAL
    covered = COVERED * len(known.name) / len(name)
    return Likeness(way - (0 if sure else DOUBTED) + covered - vaguer, sure)


def _denies(holds: str, name: str, others: set[str]) -> bool:
    """Return whether other words deny what the role holds: "price list id" is no price."""
    if holds == "number":
        return bool(others & (IDS | DATES))
    return holds == "id" and bool(others & DATES or re.search(ROW_ID, name))


def _changes(word: str) -> bool:
    """Return whether a word, or how it begins or ends, makes of a name something else."""
    return word in CHANGING or word.startswith(CHANGING_PARTS) or word.endswith(CHANGING_PARTS)
