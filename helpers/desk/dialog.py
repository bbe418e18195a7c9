"""A dialog with the desk: it asks which order is meant, and hands over what it knows."""

import re

import pandas as pd

from helpers.desk.desk import ORDER_FACTS, UNKNOWN, Answer, Desk, order_numbers
from helpers.language import listed, say_in_lesson

ORDER_STATUS = "order status"  # an intent that a person serves, who must know the order
LATEST = re.compile(r"\b(last|latest|most recent)\b", re.IGNORECASE)
WHICH = "Which order do you mean? Your latest are {numbers}."


class Dialog:
    """A conversation of one user with a `Desk`, which by itself forgets each question.

    What a user wants is an intent; what must be known to serve it is a slot. The intents "order
    facts" and "order status" have one slot, the order. A message fills it by a number or by "my
    last order", and a user with one order means that one. Otherwise the dialog asks, once. Then
    facts are shown, and a question about the status goes to a person.

    Parameters
    ----------
    desk : a `Desk` with intents.
    user_id : who writes, as the caller has authenticated them; None for a guest.
    orders : order lines, as for `Desk.ask`.

    Attributes
    ----------
    messages_ : what the user has said.
    intent_, order_ : the intent of the last question and the asker's own orders that it is about;
        "" if unknown. With `messages_` they are what a person who takes over should see.

    References
    ----------
    Bobrow, Kaplan, Kay, Norman, Thompson & Winograd (1977), GUS, a frame-driven dialog system,
    Artificial Intelligence 8(2), 155–173, https://doi.org/10.1016/0004-3702(77)90018-2

    Examples
    --------
    >>> pages = pd.DataFrame({"page_id": ["P1"], "title": ["Gifts"], "text": ["We wrap presents."]})
    >>> intents = pd.DataFrame({"intent": ["order status"], "example": ["Where is my parcel?"]})
    >>> orders = pd.DataFrame({"order_id": ["O000001", "O000002"], "user_id": ["ana", "ana"]})
    >>> orders["ordered_at"] = pd.to_datetime(["2025-03-04", "2025-05-06"])
    >>> orders = orders.assign(quantity=1, unit_price=9.0, discount=0.0)
    >>> dialog = Dialog(Desk(pages, threshold=0.5, intents=intents), "ana", orders)
    >>> dialog.say("Where's my parcel?").text
    'Which order do you mean? Your latest are O000002, O000001.'
    >>> dialog.say("O000001").kind, dialog.intent_, dialog.order_
    ('person', 'order status', 'O000001')
    """

    def __init__(
        self, desk: Desk, user_id: str | None = None, orders: pd.DataFrame | None = None
    ) -> None:
        self.desk, self.user_id, self.orders = desk, user_id, orders
        self._own: list[str] = []  # the latest first
        if orders is not None:
            own = orders[orders["user_id"] == user_id].sort_values("ordered_at", ascending=False)
            self._own = own["order_id"].drop_duplicates().tolist()
        self.messages_: list[str] = []
        self.intent_ = self.order_ = ""
        self._asked = False

    def say(self, text: str) -> Answer:
        """Answer one message of the user's."""
        answer = self.desk.ask(text, self.user_id, self.orders)
        self.messages_.append(text)
        was_asked, self._asked = self._asked, False
        self.order_ = self._order(text)
        replies = was_asked and answer.kind != "page" and (self.order_ or not answer.intent)
        if not replies:
            self.intent_ = answer.intent
        if self.intent_ not in (ORDER_FACTS, ORDER_STATUS) or not self._own:
            return answer
        if not self.order_ and not was_asked:
            self._asked = True
            return Answer("ask", say_in_lesson(WHICH, numbers=listed(self._own[:3])))
        if self.order_ and self.intent_ == ORDER_FACTS:
            return self.desk.ask(self.order_, self.user_id, self.orders)
        return Answer("person", say_in_lesson(UNKNOWN), answer.score, intent=self.intent_)

    def _order(self, text: str) -> str:
        """Return the asker's own orders that a message is about, or ""."""
        if named := order_numbers(text):
            return ", ".join(sorted(named & set(self._own)))
        if len(self._own) == 1 or (self._own and LATEST.search(text)):
            return self._own[0]
        return ""
