"""The form of a notebook, driven as a user drives it: choose, type, click."""

import pytest

from apps.report.own_shop import FileForm, OwnShopError, Question, read_own_shop
from apps.report.own_shop.options import memory_of

CLEAR = "customer,date,total\n7,2025-03-25,9.50\n8,2025-03-26,12.00\n"
OPEN = "customer,date,gross\n7,2025-03-25,9.50\n8,2025-03-26,12.00\n"  # "gross" of what?
# Two open matters, one after the other: what "gross" is, and whose order 1 is.
RESTARTS = "customer,order,date,gross\n7,1,2025-03-25,9.50\n8,1,2025-03-26,12.00\n"


@pytest.fixture
def file(tmp_path):
    return tmp_path / "orders.csv"


def choose(form, answer):
    (matter,) = form.lists
    matter.value = answer
    form.button.click()


def test_a_file_that_leaves_nothing_open_is_read_at_once(file):
    file.write_text(CLEAR)
    form = FileForm(file)
    assert form.lists == []
    assert form.shop.accounts.net == 21.5
    assert "2 order lines" in form.told.value
    assert not memory_of(file).exists()


def test_nothing_is_chosen_for_the_user(file):
    file.write_text(OPEN)
    form = FileForm(file)
    with pytest.raises(Question, match="gross"):
        _ = form.shop
    form.button.click()
    assert [one.value for one in form.lists] == [""]
    with pytest.raises(Question):
        _ = form.shop


def test_a_choice_answers_as_a_map_line_does_and_is_remembered(file):
    file.write_text(OPEN)
    form = FileForm(file)
    choose(form, "amount=gross")
    assert form.said.value == "amount=gross"
    told = read_own_shop(file, {"amount": "gross"})
    assert form.shop.order_lines.equals(told.order_lines)
    assert form.shop.accounts == told.accounts
    again = FileForm(file)
    assert (again.lists, again.said.value) == ([], "amount=gross")
    assert again.shop.accounts.net == 21.5


def test_the_next_question_follows_the_answer(file):
    file.write_text(RESTARTS)
    form = FileForm(file)
    choose(form, "amount=gross")
    with pytest.raises(Question, match="several customers"):
        _ = form.shop
    choose(form, "orders=per_customer")
    assert form.said.value == "amount=gross,orders=per_customer"
    assert (form.shop.accounts.customers, form.shop.accounts.orders) == (2, 2)


def test_the_line_can_be_typed_and_corrected(file):
    file.write_text(OPEN)
    form = FileForm(file)
    form.said.value = "ammount=gross"
    form.button.click()
    assert "Did you mean &quot;amount&quot;?" in form.told.value
    with pytest.raises(OwnShopError, match="Did you mean"):
        _ = form.shop
    form.said.value = "amount="
    form.button.click()
    assert not form.shop.has_money
    form.said.value = "amount=gross,decimal=point"
    form.button.click()
    assert form.shop.accounts.net == 21.5


def test_tags_in_a_file_are_text(file):
    file.write_text("customer,date,<img src=x> value\n7,2025-03-25,9.50\n8,2025-03-26,12.00\n")
    form = FileForm(file)
    form.said.value = "amount=<img src=x> value"
    form.button.click()
    assert "&lt;img" in form.told.value
    assert "<img" not in form.told.value


def test_tags_in_a_question_are_text(file):
    file.write_text("7,2025-03-25,<img src=x>,9.50\n8,2025-03-26,<img src=x>,12.00\n")
    form = FileForm(file)
    with pytest.raises(Question, match="<img src=x>"):
        _ = form.shop
    asked, *_ = form.children
    asks, _ = asked.children
    assert "&lt;img src=x&gt;" in asks.value


def test_the_button_stays_where_it_is_so_it_keeps_the_focus(file):
    file.write_text(OPEN)
    form = FileForm(file)
    before = form.children
    choose(form, "amount=gross")
    assert form.children == before


def test_a_missing_file_is_said(file):
    form = FileForm(file)
    assert "orders.csv" in form.told.value
    with pytest.raises(OwnShopError):
        _ = form.shop
