"""The teacher's page of the capstone: thirty sound shops, whose answers no student gets."""

import csv
from fnmatch import fnmatch

import pytest

from exercises.capstone.week import judge
from exercises.engine.exercise import RIGHT
from tools import pack
from tools.classroom import capstone, capstone_solved

with capstone.TABLE.open(encoding="utf-8", newline="") as file:
    ROWS = {int(each["seed"]): each for each in csv.DictReader(file)}


def number(row, name):
    return float(row[name].replace(",", ""))


def test_there_are_thirty_seeds_of_three_kinds():
    assert list(ROWS) == list(capstone.SEEDS)
    causes = [row["cause"] for row in ROWS.values()]
    assert {causes.count(cause) for cause in set(causes)} == {10}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_each_shop_is_sound(row):
    # The solution passes, by the numbers that the page shows.
    assert number(row, "earned, from") <= number(row, "solved: earned") <= number(row, "earned, to")
    before = number(row, "solved: year before")
    assert number(row, "year before, from") <= before <= number(row, "year before, to")
    assert row["solved: cause"] == row["cause"]
    off = abs(number(row, "solved: lost") - number(row, "lost"))
    assert off <= number(row, "lost, give or take")
    assert number(row, "solved: coupons") >= number(row, "coupons, to pass")
    assert number(row, "solved: pairs") >= number(row, "pairs, to pass")
    # The traps are there, and none is as large as what it hides.
    assert number(row, "clean_shop") < 0.99 * number(row, "earned, from")
    assert number(row, "raw export") > 1.05 * number(row, "earned, to")
    broke = row["cause"] == "checkout"
    assert (number(row, "lost") > 1.5 * number(row, "lost, give or take")) == broke
    for naive in ("random", "best customers", "everybody"):
        assert number(row, f"coupons, {naive}") < 0 < number(row, "coupons, to pass")
    assert number(row, "pairs, highest lift") < number(row, "pairs, to pass")


def test_a_row_can_be_made_again_and_its_solution_passes():
    assert capstone.row(4) == ROWS[4]
    from exercises.capstone import Week

    solved = capstone_solved.replies(Week.of(4), int(ROWS[4]["coupons"]))
    assert {judge(4, email, answer).mark for email, answer in solved.items()} == {RIGHT}


def test_the_page_has_all_tables_filled():
    page = capstone.page()
    assert page.count("\n| 30 | ") == 4
    assert ROWS[30]["set"] in page
    assert "{" not in page


def test_no_student_gets_it():
    for path in capstone.HERE.glob("capstone*"):
        name = f"tools/classroom/{path.name}"
        assert any(fnmatch(name, pattern) for pattern in pack.TEACHERS_ONLY), name


def test_one_seed_is_printed(monkeypatch, capsys):
    monkeypatch.setattr(capstone.env, "enter", lambda: None)
    monkeypatch.setattr(capstone.sys, "argv", ["capstone", "4"])
    capstone.main()
    assert ROWS[4]["manager's pair"] in capsys.readouterr().out
