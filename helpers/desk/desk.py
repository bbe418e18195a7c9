"""A help desk that quotes: every answer is a piece of a page, or rows of the asker's own orders."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.data import checks
from helpers.text.embeddings import embed

UNKNOWN = "I don't know; a person will answer."
ORDER_NUMBER = re.compile(r"(?<![A-Za-z0-9])[Oo][0-9]{6}(?![0-9])")
SENTENCE_END = re.compile(r"(?<=[.?!])\s+(?=[A-Z])")


@dataclass(frozen=True)
class Answer:
    """What the desk answers.

    Parameters
    ----------
    kind : "page" (a sentence of a page), "order" (an order of the asker's) or "person" (none).
    text : the quoted sentence, the order, or `UNKNOWN`.
    score : the cosine similarity of the question and the passage that resembles it most.
    page_id, title : the page of a quotation; otherwise empty.
    """

    kind: str
    text: str
    score: float
    page_id: str = ""
    title: str = ""

    def to_html(self) -> str:
        """Return the answer as HTML in which no tag of a page has any effect."""
        source = f" <cite>{html.escape(self.title)}</cite>" if self.title else ""
        return f"<p>{html.escape(self.text)}{source}</p>"


class Desk:
    """A help desk over pages. It retrieves and quotes; it generates no text.

    A passage is one sentence of a page, read together with the page's title. The score of a page is
    the highest cosine similarity of the question and one of its passages; the desk quotes that
    sentence, or abstains if the score is below the threshold.

    Parameters
    ----------
    pages : DataFrame, one row per page: ``page_id``, ``title``, ``text``. All of them can be quoted
        to anybody: pass approved pages only.
    threshold : the lowest score that is answered. Choose it with `choose_threshold`.
    order_page : the page about the asker's orders, if there is one. To a user who is signed in, the
        desk shows an order instead of quoting it.

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
        self, pages: pd.DataFrame, threshold: float = 0.0, order_page: str | None = None
    ) -> None:
        checks.require(pages, page_id="key", title="text", text="text")
        twice = pages["page_id"].duplicated(keep=False)
        rule = ("page_id", twice, "is used twice", "Give each page an id of its own.")
        checks.refuse_rows(pages, rule, name="pages")
        if order_page is not None and order_page not in set(pages["page_id"]):
            raise ValueError(
                f"order_page is {order_page!r}, but no page has this id; the first ids are "
                f"{pages['page_id'].head(3).tolist()}."
            )
        self.pages, self.threshold, self.order_page = pages, threshold, order_page
        sentences = [SENTENCE_END.split(text.strip()) for text in pages["text"]]
        page = np.repeat(np.arange(len(pages)), [len(each) for each in sentences])
        self.passages_ = pd.DataFrame({"page": page, "sentence": np.concatenate(sentences)})
        titles = pages["title"].to_numpy()[self.passages_["page"]]
        self._vectors = embed(titles + ". " + self.passages_["sentence"])
        self._starts = np.flatnonzero(np.diff(self.passages_["page"], prepend=-1))

    def scores(self, questions: Iterable[str]) -> np.ndarray:
        """Return the score of each page for each question, shape (questions, pages)."""
        return np.maximum.reduceat(embed(questions) @ self._vectors.T, self._starts, axis=1)

    def ask(
        self, question: str, user_id: str | None = None, orders: pd.DataFrame | None = None
    ) -> Answer:
        """Answer one question.

        Parameters
        ----------
        question : the text of the question. It is compared, never obeyed.
        user_id : who asks, as the caller has authenticated them; None for a guest. Whom the text
            names does not matter.
        orders : order lines: ``order_id``, ``ordered_at``, ``user_id``, ``quantity``,
            ``unit_price``, ``discount``. Only those of ``user_id`` are read.
        """
        if not isinstance(question, str):
            raise ValueError(f"A question is text; got {question!r}.")
        similarity = self._vectors @ embed([question])[0]
        best = similarity.argmax()
        score = float(similarity[best])
        page = self.pages.iloc[self.passages_["page"].iloc[best]]
        numbers = {number.upper() for number in ORDER_NUMBER.findall(question)}
        known = score >= self.threshold and score > 0  # it is 0 where there is no word to compare
        if numbers or (known and page["page_id"] == self.order_page and user_id is not None):
            text = _order_of(user_id, numbers, orders)
            return Answer("order", text, score) if text else Answer("person", UNKNOWN, score)
        if not known:
            return Answer("person", UNKNOWN, score)
        sentence = self.passages_["sentence"].iloc[best]
        return Answer("page", sentence, score, page["page_id"], page["title"])


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
        f"{each.Index}: {each.items} {'item' if each.items == 1 else 'items'}, "
        f"ordered on {each.ordered_at:%Y-%m-%d}, ${each.paid:,.2f}"
        for each in totals.itertuples()
    )
