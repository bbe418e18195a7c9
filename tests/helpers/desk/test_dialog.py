import pandas as pd
import pytest

from helpers.data.desk import load_help_desk, load_intents
from helpers.desk.desk import UNKNOWN, Desk
from helpers.desk.dialog import Dialog

DESK = Desk(load_help_desk()[0], threshold=0.4, intents=load_intents())
# Ana bought O000003 last, Ben has one order.
ORDERS = pd.DataFrame(
    {
        "order_id": ["O000001", "O000003", "O000002"],
        "ordered_at": pd.to_datetime(["2025-01-02", "2025-02-01", "2025-03-04"]),
        "user_id": ["ana", "ana", "ben"],
        "quantity": [2, 1, 7],
        "unit_price": [10.0, 8.0, 99.0],
        "discount": [0.5, 0.25, 0.0],
    }
)
WHICH = "Which order do you mean? Your latest are O000003, O000001."
FIRST = "O000001: 2 items, ordered on 2025-01-02, $10.00"


@pytest.fixture
def ana():
    return Dialog(DESK, "ana", ORDERS)


def test_it_asks_for_the_missing_order_and_then_shows_it(ana):
    assert ana.say("What did I pay for my order?").text == WHICH
    assert ana.say("O000001").text == FIRST


@pytest.mark.parametrize("reply", ["O000003", "the last one", "my most recent one, please"])
def test_a_status_is_handed_over_with_the_order(ana, reply):
    assert ana.say("Where is my parcel?").text == WHICH
    assert ana.say(reply).text == UNKNOWN
    assert (ana.intent_, ana.order_) == ("order status", "O000003")
    assert ana.messages_ == ["Where is my parcel?", reply]


def test_what_fills_the_slot_at_once_is_not_asked(ana):
    assert ana.say("What did I pay for O000001?").text == FIRST
    assert ana.say("When did I place my last order?").text.startswith("O000003")
    assert Dialog(DESK, "ben", ORDERS).say("How much was my order?").text.startswith("O000002")


def test_it_asks_once(ana):
    ana.say("Where is my parcel?")
    assert ana.say("the green one").kind == "person"
    assert (ana.intent_, ana.order_) == ("order status", "")


def test_another_question_drops_the_open_one(ana):
    ana.say("Where is my parcel?")
    assert ana.say("Do gift cards expire?").page_id == "P17"
    assert ana.intent_ == ""
    assert ana.say("O000001").text == FIRST  # no longer about the status


def test_others_orders_fill_no_slot(ana):
    assert ana.say("What did I pay for O000002?").text == WHICH
    assert ana.say("O000002").text == UNKNOWN
    assert ana.order_ == ""


def test_a_guest_is_asked_nothing():
    guest = Dialog(DESK)
    assert guest.say("Where is my parcel?").kind == "person"
    assert guest.say("Do gift cards expire?").page_id == "P17"
    assert Dialog(DESK, "nobody", ORDERS).say("Where is my parcel?").kind == "person"
