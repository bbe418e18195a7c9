"""Names of the columns of a table of orders, in ten languages, and of some of its values.

The words are in ``names.toml``, beside this module: to add a name, add it there. This module puts
them into the form that the other modules of this package need.
"""

import re
import tomllib
from pathlib import Path
from typing import NamedTuple


class Role(NamedTuple):
    """What a column may mean: its meaning, what it must contain, and its possible names."""

    meaning: str
    holds: str  # "id", "date", "number" or "text"
    names: tuple[str, ...]  # from the most certain to the vaguest


def _any_of(patterns: list[str]) -> str:
    return "|".join(patterns)


_FILE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_WORDS, _STATUS = _FILE["words"], _FILE["status"]

ROLES = {
    name: Role(role["meaning"], role["holds"], tuple(role["names"]))
    for name, role in _FILE["roles"].items()
}
SYSTEMS = _FILE["systems"]

CHANGING = frozenset(_WORDS["changing"])
CHANGING_PARTS = tuple(  # these also change a name as the beginning or the end of a longer word
    word for word in CHANGING - {"count"} if len(word) >= 5 or not word.isascii()
)
NEUTRAL = frozenset(_WORDS["neutral"])
VAGUE = frozenset(_WORDS["vague"])
IDS = frozenset(_WORDS["ids"])
DATES = frozenset(_WORDS["dates"])
TAX_NOTE = rf" ?\b(?:{_any_of(_WORDS['with_or_without'])})\b.*\b(?:{_any_of(_WORDS['taxes'])})\b"
# An id with this name distinguishes the rows of an order, or is a number from the customer.
ROW_ID = r"\b(?:order|sales|transaction) ?(?:item|product|article|detail)"
ROW_ID += r"(?: (?:id|no|number|nr|key|uuid))?$|\b(?:line|lineitem)\b|\b(?:customer|buyer) order\b"

EVENTS = _FILE["events"]
TAKEN_BACK = _any_of(_STATUS["taken_back"])
NOT_TAKEN_BACK = _any_of(_STATUS["not_taken_back"])
IN_PART = _any_of(_STATUS["in_part"])
UNPAID = _any_of(_STATUS["unpaid"])
TOTAL = _any_of(_FILE["rows"]["total"])


def kind_of_event(word: str) -> str:
    """Return the course's word for a kind of event, or the word itself if there is none.

    Examples
    --------
    >>> [kind_of_event(word) for word in ("add_to_cart", "Purchase", "remove_from_cart")]
    ['cart', 'purchase', 'remove_from_cart']
    """
    tight = re.sub(r"[^a-z\u4e00-\u9fff]", "", word.lower())
    if tight == "pv":  # a page view, in the logs of Taobao
        return "view"
    if tight.startswith(("remove", "delete")):
        return word
    for kind, names in EVENTS.items():
        if any(name in tight for name in names):
            return kind
    return word


GUEST = "guest|gast|0|invité"


def status_of(t):
    t = t.lower()
    if re.search(IN_PART, t):
        return "partly"
    if re.search("refund|return", t) and not re.search(NOT_TAKEN_BACK, t):
        return "refunded"
    if re.search(TAKEN_BACK, t) and not re.search(NOT_TAKEN_BACK, t):
        return "canceled"
    if re.search(UNPAID, t):
        return "unpaid"
    return "sold"


def kind_of_row(t):
    t = t.lower()
    return "refund" if "refund" in t else "sale" if t in ("sale", "order") else "unknown"
