"""A help desk that quotes: every answer is a piece of a page, or rows of the asker's own orders."""

import html
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.data import checks
from helpers.language import say_in_lesson
from helpers.text.embeddings import embed

UNKNOWN = "I don't know; a person will answer."
WHAT = "What would you like to know?"
ITEMS = "{order}: {items} items, ordered on {day}, ${paid}"
ONE_ITEM = "{order}: {items} item, ordered on {day}, ${paid}"
ORDER_FACTS = "order facts"  # the intent that the table of orders can answer
ORDER_NUMBER = re.compile(r"(?<![A-Za-z0-9])[Oo][0-9]{6}(?![0-9])")
SENTENCE_END = re.compile(r"(?<=[.?!])\s+(?=[A-Z])|(?<=[。？！])")


@dataclass(frozen=True)
class Answer:
    """What the desk answers.

    Parameters
    ----------
    kind : "page" (a sentence of a page), "order" (an order of the asker's), "ask" (the desk asks
        back) or "person" (a person will answer).
    text : the quoted sentence, the order, the desk's question, or `UNKNOWN`.
    score : the cosine similarity of the question and the passage that resembles it most.
    page_id, title : the page of a quotation; otherwise empty.
    intent : the intent that was recognized; otherwise empty.
    """

    kind: str
    text: str
    score: float = 0.0
    page_id: str = ""
    title: str = ""
    intent: str = ""

    def to_html(self) -> str:
        """Return the answer as HTML in which no tag of a page has any effect."""
        source = f" <cite>{html.escape(self.title)}</cite>" if self.title else ""
        return f"<p>{html.escape(self.text)}{source}</p>"


class Desk:
    """A help desk over pages and intents. It retrieves and quotes; it generates no text.

    A passage is one sentence of a page, read together with the page's title, or one example of an
    intent. The score of a page or intent is the highest cosine similarity of the question and one
    of its passages. If the best is a page, the desk quotes its sentence; if it is the intent "order
    facts", it shows an order of the asker's. Any other intent goes to a person, and so does a
    question whose best score is below the threshold.

    Parameters
    ----------
    pages : DataFrame, one row per page: ``page_id``, ``title``, ``text``. All of them can be quoted
        to anybody: pass approved pages only.
    threshold : the lowest score that is answered. Choose it with `choose_threshold`.
    intents : DataFrame, one row per example of what an asker may want that no page can answer:
        ``intent``, ``example``.
    encode : turns a list of texts into an array with a vector of length 1 for each.

    Attributes
    ----------
    labels_ : ids of the pages, then the intents: the columns of `scores`.

    Examples
    --------
    >>> pages = pd.DataFrame(
    ...     {
    ...         "page_id": ["P1", "P2"],
    ...         "title": ["Returns", "Gift cards"],
    ...         "text": ["You have 60 days. Keep the receipt.", "They never expire."],
    ...     }
    ... )
    >>> desk = Desk(pages, threshold=0.5)
    >>> desk.ask("Do gift cards expire?").text
    'They never expire.'
    >>> desk.ask("What's the weather?").text
    "I don't know; a person will answer."
    """

    def __init__(
        self,
        pages: pd.DataFrame,
        threshold: float = 0.0,
        intents: pd.DataFrame | None = None,
        encode: Callable[[list[str]], np.ndarray] = embed,
    ) -> None:
        checks.require(pages, page_id="key", title="text", text="text")
        twice = pages["page_id"].duplicated(keep=False)
        rule = ("page_id", twice, "is used twice", "Give each page an id of its own.")
        checks.refuse_rows(pages, rule, name="pages")
        self.pages, self.threshold, self.encode = pages, threshold, encode
        sentences = pages.assign(sentence=[_sentences(each) for each in pages["text"]])
        quoted = sentences.explode("sentence")
        self.passages_ = pd.DataFrame(
            {
                "label": quoted["page_id"],
                "sentence": quoted["sentence"],
                "read": quoted["title"] + ". " + quoted["sentence"],
            }
        )
        if intents is not None:
            checks.require(intents, intent="key", example="text")
            examples = intents.sort_values("intent", kind="stable")
            asked = {"label": examples["intent"], "sentence": "", "read": examples["example"]}
            self.passages_ = pd.concat([self.passages_, pd.DataFrame(asked)])
        self.passages_ = self.passages_.reset_index(drop=True)
        self.labels_ = self.passages_["label"].unique()
        self._vectors = encode(self.passages_["read"].tolist())
        self._starts = np.flatnonzero(self.passages_["label"] != self.passages_["label"].shift())

    def scores(self, questions: Iterable[str]) -> np.ndarray:
        """Return the score of each label for each question, shape (questions, labels)."""
        return np.maximum.reduceat(self._similarities(questions), self._starts, axis=1)

    def _similarities(self, questions: Iterable[str]) -> np.ndarray:
        return self.encode([without_numbers(each) for each in questions]) @ self._vectors.T

    def ask(
        self, question: str, user_id: str | None = None, orders: pd.DataFrame | None = None
    ) -> Answer:
        """Answer one question.

        Parameters
        ----------
        question : the text of the question. It is compared, never obeyed. The number of an order
            and nothing else shows the order; without a letter or digit, it is no question.
        user_id : who asks, as the caller has authenticated them; None for a guest. Whom the text
            names does not matter.
        orders : order lines: ``order_id``, ``ordered_at``, ``user_id``, ``quantity``,
            ``unit_price``, ``discount``. Only those of ``user_id`` are read.
        """
        if not isinstance(question, str):
            raise ValueError(f"A question is text; got {question!r}.")
        numbers = order_numbers(question)
        if not re.search(r"\w", without_numbers(question)):
            if numbers:
                return _order_or_person(user_id, numbers, orders)
            return Answer("ask", say_in_lesson(WHAT))
        similarity = self._similarities([question])[0]
        best = self.passages_.iloc[similarity.argmax()]
        score = float(similarity.max())
        if score < self.threshold or score <= 0:  # it is 0 where there is no word to compare
            return Answer("person", say_in_lesson(UNKNOWN), score)
        if best["label"] == ORDER_FACTS:
            return _order_or_person(user_id, numbers, orders, score, ORDER_FACTS)
        if not best["sentence"]:
            return Answer("person", say_in_lesson(UNKNOWN), score, intent=best["label"])
        title = self.pages.set_index("page_id")["title"][best["label"]]
        return Answer("page", best["sentence"], score, best["label"], title)


def order_numbers(text: str) -> set[str]:
    """Return the numbers of orders that a text names.

    Examples
    --------
    >>> order_numbers("Where is o000123, and not XO000124?")
    {'O000123'}
    """
    return {number.upper() for number in ORDER_NUMBER.findall(text)}


def without_numbers(text: str) -> str:
    """Leave out the numbers of orders, which say nothing about what is asked."""
    return ORDER_NUMBER.sub("", text)


def _sentences(text: str) -> list[str]:
    return [each for each in SENTENCE_END.split(text.strip()) if each]


def _order_or_person(
    user_id: str | None,
    numbers: set[str],
    orders: pd.DataFrame | None,
    score: float = 0.0,
    intent: str = "",
) -> Answer:
    if text := _order_of(user_id, numbers, orders):
        return Answer("order", text, score, intent=intent)
    return Answer("person", say_in_lesson(UNKNOWN), score, intent=intent)


def _order_of(user_id: str | None, numbers: set[str], orders: pd.DataFrame | None) -> str:
    """Describe the orders of a user with these numbers, or the latest; "" if there are none.

    A number of somebody else's order gives the same as a number that does not exist: otherwise the
    desk would tell strangers which numbers exist.
    """
    if user_id is None or orders is None:
        return ""
    checks.require(orders, order_id="key", ordered_at="datetime", user_id="key")
    checks.require(orders, quantity="count", unit_price="number", discount="number")
    own = orders[orders["user_id"] == user_id]  # first of all: nothing below sees another's rows
    if own.empty:
        return ""
    latest = own["order_id"].iloc[own["ordered_at"].argmax()]
    lines = own[own["order_id"].isin(numbers or {latest})]
    paid = lines["quantity"] * lines["unit_price"] * (1 - lines["discount"])
    totals = (
        lines.assign(paid=paid)
        .groupby("order_id")
        .agg(ordered_at=("ordered_at", "min"), items=("quantity", "sum"), paid=("paid", "sum"))
    )
    return "\n".join(
        say_in_lesson(
            ONE_ITEM if each.items == 1 else ITEMS,
            order=each.Index,
            items=each.items,
            day=f"{each.ordered_at:%Y-%m-%d}",
            paid=f"{each.paid:,.2f}",
        )
        for each in totals.itertuples()
    )
