"""Names of the columns of a table of orders in many languages, and words for some of its values.

The words are in ``names.toml``, beside this module: to add a name, add it there. This module puts
them into the form that the other modules of this package need.
"""

import functools
import re
import tomllib
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

# Letters that Unicode doesn't take apart into a plain one and an accent.
PLAIN = str.maketrans(
    {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "ı": "i", "æ": "ae", "Æ": "Ae", "œ": "oe"}
)
# The scripts of China, Japan and Korea, which write words without spaces, or may do so.
UNSPACED = "\u3005\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"


class Role(NamedTuple):
    """What a column may mean: its meaning, what it must contain, and its possible names."""

    meaning: str
    holds: str  # "id", "date", "number" or "text"
    tiers: list[list[str]]  # names, the best class of them first
    possible: Sequence[str] = ()  # names that only suggest the role
    harmless: Sequence[str] = ()  # words that change the meaning of other names, but not of these


class Changing(NamedTuple):
    """Words that change the meaning of a name beside them."""

    words: frozenset[str]
    parts: re.Pattern  # those that also do as the beginning or the end of a longer word

    def has(self, word: str) -> bool:
        """Return whether a word is one of these, or has one as a part."""
        return word in self.words or bool(self.parts.search(word))


@functools.lru_cache(10_000)
def normalize(name: str) -> str:
    """Return a name in lower case, without accents and signs, with a space between words.

    Letters of all scripts are kept. Notes about refunds, such as "(- Refund)", and about taxes are
    removed.

    Examples
    --------
    >>> [normalize(name) for name in ("CustomerID", "Stückpreis (inkl. MWST)", "Qty (- Refund)")]
    ['customer id', 'stuckpreis', 'qty']
    >>> [normalize(name) for name in ("Order #", "Sipariş_Numarası", "Заказ №", "商品ID")]
    ['order no', 'siparis numarasi', 'заказ no', '商品 id']
    """
    name = unicodedata.normalize("NFKD", re.sub(r"\(-[^)]*\)", "", name).translate(PLAIN))
    name = re.sub(r"(?<=[A-Za-zЕе])[\u0300-\u036f]+", "", name)
    name = name.replace("#", " no ").replace("%", " percent ")
    name = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    name = unicodedata.normalize("NFC", name).casefold()
    name = re.sub(rf"(?<=[{UNSPACED}])(?=[a-z])|(?<=[a-z])(?=[{UNSPACED}])", " ", name)
    name = " ".join(re.sub(r"[\W_]+", " ", name).split())
    return re.sub(TAX_NOTE, "", name) or name


def is_unspaced(word: str) -> bool:
    """Return whether a word begins in a script that doesn't need spaces between words."""
    return bool(re.match(f"[{UNSPACED}]", word))


def _any_of(patterns: list[str]) -> str:
    return f"(?:{'|'.join(patterns)})"


def _changing(words: list[str]) -> Changing:
    """Return these words; long ones are also parts of words, and Chinese ones always are."""
    long = _any_of([word for word in words if len(word) >= 5 and not is_unspaced(word)])
    unspaced = _any_of(list(filter(is_unspaced, words)))
    return Changing(frozenset(words), re.compile(f"^{long}|{long}$|{unspaced}"))


_FILE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_WORDS = _FILE["words"]

ROLES = {name: Role(tiers=role.pop("names"), **role) for name, role in _FILE["roles"].items()}
SYSTEMS = _FILE["systems"]
SIGNS = _FILE["currencies"]
ZONES = _FILE["times"]["zones"]

BACK = _changing(_WORDS["back"])
CHANGING = _changing(_WORDS["changing"] + _WORDS["back"])
NEUTRAL = frozenset(_WORDS["neutral"])
THINGS = frozenset(_WORDS["things"])
VAGUE = frozenset(_WORDS["vague"])
IDS = frozenset(_WORDS["ids"])
DATES = frozenset(_WORDS["dates"])
_WITH, _TAXES = _any_of(_WORDS["with_or_without"]), _any_of(_WORDS["taxes"])
TAX_NOTE = rf" ?\b{_WITH}\b.*\b{_TAXES}\b| ?\b{_TAXES} {_WITH}\b"
# An id with this name distinguishes the rows of an order, or is a number from the customer.
ROW_ID = r"\b(?:order|sales|transaction) ?(?:item|product|article|detail)"
ROW_ID += r"(?: (?:id|no|number|nr|key|uuid))?$"
ROW_ID += r"|\b(?:line|lineitem)(?: item)?(?: (?:id|no|number|nr|key|uuid))?$"
ROW_ID += r"|\b(?:customer|buyer) order\b"

# The whole value of an id, in upper or lower case: a guest, and a row that is a total of others.
GUEST = _any_of(_FILE["rows"]["guest"])
TOTAL = _any_of(_FILE["rows"]["total"])
NO = _any_of(_FILE["rows"]["no"])  # the whole value of a mark that is not set
UNREAL = _any_of(_FILE["rows"]["unreal"])  # the whole name of a column about tests or bundles


def _extra(*kinds: str) -> re.Pattern:
    core = _any_of([word for kind in kinds for word in _FILE["rows"][kind]])
    return re.compile(rf"(?:\w+ )*{core}(?: {_any_of(_FILE['rows']['behind_extra'])})*")


# The name of a column of money beside the goods: taxes, shipping, tips; and of one with fees.
BESIDE_GOODS, EXTRA = _extra("extra"), _extra("extra", "fees")


def is_extra(column: str, *, or_fee: bool = True) -> bool:
    """Return whether a name is of an amount beside the goods: taxes, shipping, tips; or a fee.

    An order's total may contain the former. A fee is what a platform keeps of it.

    Examples
    --------
    >>> [is_extra(name) for name in ("Order Shipping Amount", "Payment fee", "Ship date", "Price")]
    [True, True, False, False]
    >>> is_extra("Payment fee", or_fee=False)
    False
    """
    return bool((EXTRA if or_fee else BESIDE_GOODS).fullmatch(normalize(column)))


class _Meanings:
    """The meanings of words in a text, by a table of meaning → words, the strongest first.

    A word with "*" is the beginning of a word. A word within a longer known one does not count:
    "not paid" is not "paid". If words of several meanings remain, the strongest meaning wins.
    """

    def __init__(self, table: dict[str, list[str]]):
        self.table = table
        words = sorted((word for words in table.values() for word in words), key=len, reverse=True)
        self.words = re.compile("|".join(map(self._pattern, words)))
        self.meaning = {self._key(word): kind for kind, words in table.items() for word in words}

    def of(self, text: str) -> str:
        """Return the strongest meaning in a text, or "unknown"."""
        found = {self.meaning[self._key(word)] for word in self.words.findall(normalize(text))}
        return next((kind for kind in self.table if kind in found), "unknown")

    @staticmethod
    def _pattern(word: str) -> str:
        if is_unspaced(word):
            return " ?".join(word)
        return rf"\b{word.removesuffix('*')}" + ("" if word.endswith("*") else r"\b")

    @staticmethod
    def _key(word: str) -> str:
        return word.removesuffix("*").replace(" ", "")


_STATUS = _Meanings(_FILE["status"])
_KINDS = _Meanings(_FILE["kinds"])
_EVENTS = _FILE["events"]


def status_of(text: str) -> str:
    """Return what the status of an order says about its sale.

    Returns
    -------
    One of

    - ``"sold"``;
    - ``"canceled"``: there was no sale, because the order was canceled, failed, or never placed;
    - ``"refunded"``: there was a sale, but all of it was returned or paid back;
    - ``"partly"``: a part of it was;
    - ``"unpaid"``: not paid yet;
    - ``"unknown"``: no known word, or none that decides, such as "closed", or "return requested",
      which doesn't say whether anything came back.

    Examples
    --------
    >>> [status_of(text) for text in ("Shipped", "STORNIERT", "Partially refunded", "not refunded")]
    ['sold', 'canceled', 'partly', 'sold']
    >>> [status_of(text) for text in ("退款成功", "Pending payment", "Return requested")]
    ['refunded', 'unpaid', 'unknown']
    """
    return _STATUS.of(text)


def kind_of_row(text: str) -> str:
    """Return the kind of a row: "sale", "refund", "discount", "other" (fees, …) or "unknown".

    Examples
    --------
    >>> [kind_of_row(text) for text in ("Order", "Gutschrift", "Payment refund", "Fee", "Blue")]
    ['sale', 'refund', 'refund', 'other', 'unknown']
    """
    return _KINDS.of(text)


def kind_of_event(word: str) -> str:
    """Return the course's word for a kind of event, or the word itself if there is none.

    Examples
    --------
    >>> [kind_of_event(word) for word in ("add_to_cart", "Purchase", "remove_from_cart")]
    ['cart', 'purchase', 'remove_from_cart']
    """
    tight = re.sub(r"[^a-z\u4e00-\u9fff]", "", word.lower())
    if tight.startswith(("remove", "delete")):
        return word
    for kind, names in _EVENTS.items():
        if any(name in tight for name in names):
            return kind
    return word
