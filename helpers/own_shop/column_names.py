"""Roles from the name of a column: which roles it could have, and how likely each is.

A known name (``names.toml``) may be the whole name of a column, some of its words, or a part of a
word, as in German compounds such as "Bestelldatum". The other words then decide whether the match
counts: "order customer id" is a customer, but "customer city" is not.
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

LONGEST = 100  # characters of a name that are considered
WHOLE, WORDS, LETTERS = 3, 2, 1  # scores for how a known name appears in that of a column
DOUBTED = 0.5  # penalty if the words beside it are unknown
COVERED = 0.5  # bonus if it covers the whole name; in proportion if it covers a part
STEP = 0.005  # penalty for each known name before it in its list: later ones are vaguer
FEWEST_LETTERS = 5  # of a known name, to match inside a word; a Chinese one always may


class Old(NamedTuple):
    """How similar a name is to those of a role, and whether the words beside it are harmless."""

    score: float  # about 3 for the same name, 2 for words of it, 1 for letters, 0 for no match
    sure: bool


class KnownName(NamedTuple):
    """A name of a role, and its place among the names of that role, most certain first."""

    name: str
    role: str
    place: int


def _known_names() -> dict[str, list[KnownName]]:
    """Return all known names by their letters: "e mail" and "email" are the same."""
    known = defaultdict(list)
    for role, (_, _, names) in ROLES.items():
        for place, name in enumerate(names):
            known[name.replace(" ", "")].append(KnownName(name, role, place))
    return dict(known)


KNOWN = _known_names()
LENGTHS = sorted({len(letters) for letters in KNOWN})


def _old(column):
    """Return how similar the name of a column is to those of each role.

    The score depends first on how the known name appears in that of the column (`WHOLE`, `WORDS`,
    `LETTERS`), minus `DOUBTED` if there are unknown words beside it; then on how much of the name
    it covers; and last on how certain the known name is among those of its role.

    Examples
    --------
    In "Order Customer ID" the second of the names of a user appears as words and covers 11 of 17
    characters: 2 + 11 / 17 / 2 - 0.005. In "list price" the ninth of the names of a price covers 5
    of 10, beside an unknown word: 2 - 0.5 + 5 / 10 / 2 - 0.04. "Customer City" is not a user.

    >>> for name, role in {"Order Customer ID": "user_id", "list price": "unit_price",
    ...                    "Customer City": "user_id"}.items():
    ...     score, sure = likeness_to_roles(name)[role]
    ...     print(f"{name}: {score:.3f} {sure}")
    Order Customer ID: 2.319 True
    list price: 1.710 False
    Customer City: 0.000 False
    """
    name = normalize(column[:LONGEST])
    best = dict.fromkeys(ROLES, Old(0.0, False))
    for known in _known_names_in(name):
        best[known.role] = max(best[known.role], _likeness(name, known))
    return best


@functools.cache
def normalize(name: str) -> str:
    """Return a name in lower case, without accents and signs, with a space between words.

    Notes about refunds, such as "(- Refund)", and about taxes are removed.

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
    """Yield the known names whose letters appear in a name, with one lookup for each part of it.

    Files can have thousands of columns, and the number of lookups doesn't grow with the names.
    """
    letters = name.replace(" ", "")
    pieces = {
        letters[begin : begin + length]
        for length in LENGTHS
        for begin in range(len(letters) - length + 1)
    }
    for piece in pieces & KNOWN.keys():
        yield from KNOWN[piece]


def _likeness(name: str, known: KnownName) -> Old:
    """Return how similar a name is to a known one whose letters appear in it."""
    vaguer = STEP * known.place
    if name.replace(" ", "") == known.name.replace(" ", ""):
        return Old(WHOLE - vaguer, True)
    if f" {known.name} " in f" {name} ":
        way, rest = WORDS, f" {name} ".replace(f" {known.name} ", "  ")
    elif len(known.name) >= FEWEST_LETTERS or not known.name.isascii():
        way, rest = LETTERS, name.replace(known.name, " ")
    else:
        return Old(0.0, False)
    beside = set(rest.split()) - set(known.name.split())
    others = set(name.split()) - set(known.name.split())
    if known.name in VAGUE or _denies(ROLES[known.role].holds, name, others):
        return Old(0.0, False)
    if any(map(_changes, beside | others)):
        return Old(0.0, False)
    sure = beside <= NEUTRAL
    covered = COVERED * len(known.name) / len(name)
    return Old(way - (0 if sure else DOUBTED) + covered - vaguer, sure)


def _denies(holds: str, name: str, others: set[str]) -> bool:
    """Return whether other words rule the role out: "price list id" is not a price."""
    if holds == "number":
        return bool(others & (IDS | DATES))
    return holds == "id" and bool(others & DATES or re.search(ROW_ID, name))


def _changes(word: str) -> bool:
    """Return whether a word, or its beginning or end, changes the meaning of a name."""
    return word in CHANGING or word.startswith(CHANGING_PARTS) or word.endswith(CHANGING_PARTS)


CERTAIN, POSSIBLE, NONE = 2, 1, 0


class Likeness2(NamedTuple):
    level: int
    tier: float


def likeness_to_roles(column):
    return {
        r: Likeness2(2 if a.sure else 1 if a.score > 0 else 0, a.score)
        for r, a in _old(column).items()
    }


Likeness = Likeness2
