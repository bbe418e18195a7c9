"""What the user says about a file: on one line, remembered beside the file, in a question."""

import pytest

from apps.report.own_shop import options
from apps.report.own_shop.options import Options, read_map
from apps.report.own_shop.questions import Choice, Matter, OwnShopError, Question


def test_a_line_of_roles_and_settings():
    said = read_map("user_id=Name, first , discount=, day_first=no,decimal=comma,amount=Betrag")
    assert said.roles == {"user_id": "Name, first", "discount": "", "amount": "Betrag"}
    assert said.settings == {"day_first": False, "decimal": ","}
    assert read_map("") == Options({}, {})


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("Kunde", "should have the form role=column"),
        ("costumer=x", 'no role "costumer"'),
        ("user_id=a,user_id=b", 'says twice what "user_id" is'),
        ("decimal=;", "decimal must be ',' or '.'"),
        ("orders=both", "orders must be 'shared' or 'per_customer'"),
        ("encoding=", "encoding must be a text"),
    ],
)
def test_what_is_said_must_make_sense(line, message):
    with pytest.raises(OwnShopError, match=message):
        read_map(line)


def test_answers_are_remembered_beside_the_file(tmp_path):
    path = tmp_path / "orders.csv"
    said = read_map('user_id=Kunden "Nr." 🛒,discount=,day_first=no,most_units=99')
    memory = options.remember(path, said)
    assert memory == tmp_path / "orders.csv.map.toml"
    assert options.recall(path) == said
    assert options.recall(tmp_path / "other.csv") == Options({}, {})


def test_nothing_said_is_nothing_to_remember(tmp_path):
    assert options.remember(tmp_path / "orders.csv", Options({}, {})) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text",
    ["[roles", "roles = 3", '[roles]\nuser = "x"\n', "[settings]\nday_first = 3\n", "\udcff"],
)
def test_a_memory_that_makes_no_sense_is_an_error(tmp_path, text):
    path = tmp_path / "orders.csv"
    options.memory_of(path).write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(OwnShopError, match=r"orders\.csv\.map\.toml|no role|day_first"):
        options.recall(path)


def test_a_memory_that_cannot_be_written_stops_nothing(tmp_path):
    path = tmp_path / "nowhere" / "orders.csv"
    assert options.remember(path, read_map("user_id=Kunde")) is None


def test_a_question_shows_its_answers_and_the_line_to_copy():
    question = Question(
        Matter("Who bought?", [Choice("user_id=a", "a"), Choice("user_id=b", "b")]),
        Matter("When?", [Choice("time=c", "c")]),
    )
    assert question.first == "user_id=a,time=c"
    assert 'b  →  MAP="user_id=b"' in str(question)
    assert 'Answer with a line such as MAP="user_id=a,time=c"' in str(question)
