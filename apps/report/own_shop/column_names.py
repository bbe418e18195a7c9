"""Roles from the name of a column: which role it could have, and how certain that is.

A known name (``names.toml``) may be the whole name of a column, some of its words, or a part of a
word, as in German compounds such as "Bestelldatum". The words beside it then decide whether the
match counts: "order customer id" is a customer, "preferred customer" is possibly one, and "customer
city" is not.
"""

import itertools
import re
from collections import defaultdict
from typing import NamedTuple

from apps.report.own_shop import names
from apps.report.own_shop.names import ROLES, is_unspaced, normalize

CERTAIN, POSSIBLE, NONE = 2, 1, 0

LONGEST = 100  # characters of a name that are considered
MIN_LETTERS = 5  # of a known name, to match inside a word; a Chinese one always may
MIN_OTHER_LETTERS = 4  # letters of an unknown word that forms a compound with a known name


class Likeness(NamedTuple):
    """How similar the name of a column is to those of a role; a better likeness is greater.

    Attributes
    ----------
    level : `CERTAIN` for a known name, perhaps beside words that don't change its meaning;
        `POSSIBLE` beside unknown words, or for a vague name; `NONE` otherwise.
    tier : the place of the known name's class in its role: 0 for the best names, -1 for the next
        best. Two columns of equal level and tier are rivals: names can't tell which is meant.
    """

    level: int
    tier: int


class KnownName(NamedTuple):
    """A name of a role."""

    name: str
    role: str
    likeness: Likeness  # of a column with exactly this name


def _known_names() -> dict[str, list[KnownName]]:
    """Return all known names by their letters: "e mail" and "email" are the same."""
    known = defaultdict(list)
    for role, (_, _, tiers, possible, _) in ROLES.items():
        for place, tier in enumerate(tiers):
            for name in tier:
                known[_letters(name)].append(KnownName(name, role, Likeness(CERTAIN, -place)))
        for name in possible:
            known[_letters(name)].append(KnownName(name, role, Likeness(POSSIBLE, -len(tiers))))
    return dict(known)


def likeness_to_roles(column: str) -> dict[str, Likeness]:
    """Return how similar the name of a column is to those of each role.

    If names of several roles appear in it, the best one decides, and the longest among equals:
    "discount amount" is a discount in money, and neither a discount nor an amount.

    Examples
    --------
    >>> for column, role in {"Order Customer ID": "user_id", "Preferred Customer": "user_id",
    ...                      "Customer City": "user_id", "discount amount": "amount"}.items():
    ...     print(f"{column}: {likeness_to_roles(column)[role]}")
    Order Customer ID: Likeness(level=2, tier=-1)
    Preferred Customer: Likeness(level=1, tier=-2)
    Customer City: Likeness(level=0, tier=0)
    discount amount: Likeness(level=0, tier=0)
    """
    name = normalize(re.sub(r" \(\d+\)$", "", column[:LONGEST]))  # the second of that name
    joined, found = _letters(name), defaultdict(list)
    appear = (several for letters, several in KNOWN.items() if letters in joined)
    for known in itertools.chain.from_iterable(appear):
        likeness, length = _likeness(name, known), len(_letters(known.name))
        if likeness.level > NONE:
            whole = length == len(joined)
            found[whole, likeness.level, length].append((known.role, likeness))
    roles = dict.fromkeys(ROLES, Likeness(NONE, 0))
    for role, likeness in found[max(found)] if found else ():
        roles[role] = max(roles[role], likeness)
    return roles


def is_denied(column: str) -> bool:
    """Return whether a word in a name says that the column has none of the roles.

    Examples
    --------
    >>> is_denied("Lifetime Amount"), is_denied("f7")
    (True, False)
    """
    return any(map(names.CHANGING.has, normalize(column).split()))


def is_about_unsold(column: str) -> bool:
    """Return whether a column may say that something was not sold, or is no row of its own.

    Examples
    --------
    >>> [is_about_unsold(name) for name in ("Qty Returned", "Void", "Test order", "Test group")]
    [True, True, True, False]
    """
    name = normalize(column)
    return any(map(names.BACK.has, name.split())) or bool(re.fullmatch(names.UNREAL, name))


def _letters(name: str) -> str:
    return name.replace(" ", "")


KNOWN = _known_names()


def _likeness(name: str, known: KnownName) -> Likeness:
    """Return how similar a name is to a known one whose letters appear in it."""
    beside = _beside(name, _letters(known.name))
    if not beside:
        return Likeness(NONE, 0) if beside is None else known.likeness
    role = ROLES[known.role]
    harmless = names.NEUTRAL.union(role.harmless, () if role.holds == "id" else names.THINGS)
    doubted = [word for word in beside if not _is_made_of(word, harmless)]
    if (
        known.name in names.VAGUE
        or _denies(role.holds, name, set(beside))
        or any(map(names.CHANGING.has, doubted))
    ):
        return Likeness(NONE, 0)
    return Likeness(POSSIBLE, known.likeness.tier) if doubted else known.likeness


def _beside(name: str, letters: str) -> list[str] | None:
    """Return the words beside some letters in a name, and the rests of the words that they cut.

    None means that the letters appear there only by chance, as "order" in "recorder", or within a
    word of another meaning, as "sales" in "salesperson".

    Examples
    --------
    >>> _beside("kunden bestelldatum", "datum"), _beside("recorder", "order")
    (['kunden', 'bestell'], None)
    """
    begin = _letters(name).find(letters)
    end = begin + len(letters)
    words, cut, at = [], [], 0
    for word in name.split():
        left, right = word[: max(0, begin - at)], word[max(0, end - at) :]
        at += len(word)
        if word in (left, right):
            words.append(word)
        elif left or right:
            cut += [rest for rest in (left, right) if rest]
            if word in names.CHANGING.words:
                return None
    if cut and not is_unspaced(letters):
        compound = len(cut) == 1 and len(letters) >= MIN_LETTERS
        if not compound or (len(cut[0]) < MIN_OTHER_LETTERS and cut[0] not in names.IDS):
            return None
    return words + cut


def _denies(holds: str, name: str, beside: set[str]) -> bool:
    """Return whether other words rule a role out: "price list id" is not a price."""
    if holds in ("number", "text") and beside & names.IDS:
        return True
    if holds == "id" and re.search(names.ROW_ID, name):
        return True
    return holds != "date" and bool(beside & names.DATES)


def _is_made_of(word: str, words: frozenset[str]) -> bool:
    """Return whether a word is one of some words, or several of them without spaces."""
    if word in words or not word:
        return True
    parts = filter(is_unspaced, words) if is_unspaced(word) else ()
    return any(word.startswith(part) and _is_made_of(word[len(part) :], words) for part in parts)
