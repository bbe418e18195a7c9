"""Recall questions come back when they are due, and placement says where to begin."""

import datetime
import json
import random
import subprocess
import sys
from types import SimpleNamespace

import pytest

from exercises.engine import course, recall, spacing, store
from exercises.engine.commands import check, placement, progress, review
from exercises.engine.record import Record
from exercises.engine.spacing import Card, Review

pytestmark = pytest.mark.usefixtures("progress_folder")
MONDAY = datetime.date(2026, 11, 30)
LESSONS = sorted(path.stem for path in recall.FOLDER.glob("*.md") if path.stem != recall.PLACEMENT)


def day(n):
    return MONDAY + datetime.timedelta(n)


def work(*lessons):
    """Solve an exercise in each lesson."""
    for number in lessons:
        store.update(f"{number}-1", lambda _: Record("✓"))


def right_ones(number, n=5):
    return [each.right for each in recall.of_lesson(number)[:n]]


def shown(capsys):
    return capsys.readouterr().out


def in_notebook(monkeypatch, name):
    monkeypatch.setenv("JPY_SESSION_NAME", f"my_work/{name}")


@pytest.fixture
def days(monkeypatch):
    """Let the test say which day it is."""

    class Today(datetime.date):
        n = 0

        @classmethod
        def today(cls):
            return day(cls.n)

    monkeypatch.setattr("exercises.engine.commands.datetime", SimpleNamespace(date=Today))
    return Today


# --- the schedule


def test_a_right_answer_moves_up_a_box_and_a_wrong_one_down_to_the_first():
    card = spacing.after(None, True, MONDAY)
    assert card == Card(1, "2026-12-03")  # in 3 days
    assert spacing.after(card, True, day(3)) == Card(2, "2026-12-10")  # in 7
    assert spacing.after(Card(5, str(MONDAY)), True, MONDAY) == Card(5, "2027-01-29")  # in 60
    assert spacing.after(Card(4, str(MONDAY)), False, MONDAY) == Card(0, "2026-12-01")


def test_fresh_is_whole_when_known_and_half_when_due():
    card = Card(2, str(day(7)))
    assert [card.fresh(day(n)) for n in (0, 7, 14)] == [1, 0.5, 0.25]
    assert Card(0, str(day(1))).fresh(MONDAY) == 0  # it was answered wrong


def test_lessons_take_turns_and_the_one_not_asked_for_longest_comes_first():
    lessons = [recall.of_lesson("05"), recall.of_lesson("06")]
    ids = [each.id for each in spacing.due(lessons, {}, MONDAY)]
    assert ids == ["05-r1", "06-r1", "05-r2", "06-r2", "05-r3"]
    # 05-r4 was answered on day -3, 06-r4 on day -5; 05-r1, answered on day -2, is not due yet.
    cards = {"05-r4": Card(0, str(day(-2))), "06-r4": Card(1, str(day(-2)))}
    cards["05-r1"] = Card(1, str(day(1)))
    ids = [each.id for each in spacing.due(lessons, cards, MONDAY)]
    assert ids == ["06-r4", "05-r4", "06-r1", "05-r2", "06-r2"]


def simulate(knows, n_days=120):
    """Review every day; return the days on which each question was asked, and the last cards.

    Parameters
    ----------
    knows : (question, days since it was asked, 0 the first time) → whether it is answered right.
    """
    lessons = [recall.of_lesson(number) for number in ("04", "05", "06")]
    kept, asked = Review(), {}
    for n in range(n_days):
        letters = {}
        for question in spacing.due(lessons, kept.cards, day(n)):
            seen = asked.setdefault(question.id, [])
            right = knows(question, n - seen[-1] if seen else 0)
            letters[question] = question.right if right else next(iter(question.diagnoses))
            seen.append(n)
        kept = spacing.answered(kept, "", letters, day(n))
    return asked, kept.cards


def n_asked(asked, since=0):
    return sum(n >= since for seen in asked.values() for n in seen)


def test_who_knows_all_is_asked_less_and_less():
    asked, cards = simulate(lambda question, gap: True)
    first, *later = asked["04-r1"]
    assert [n - first for n in later] == [3, 10, 24, 54, 114]
    assert n_asked(asked) <= 18 * 6
    assert n_asked(asked, since=90) == 18 - sum(len(seen) == 5 for seen in asked.values())
    assert {card.box for card in cards.values()} == {5}


def test_who_forgets_after_ten_days_is_never_trusted_for_a_month():
    asked, cards = simulate(lambda question, gap: gap <= 10)
    gaps = {gap for seen in asked.values() for gap in map(int.__sub__, seen[1:], seen)}
    assert {3, 7, 14} <= gaps  # up to two weeks, and down again
    assert max(gaps) < 30
    assert max(card.box for card in cards.values()) <= 3


def test_one_review_a_lesson_asks_about_every_lesson():
    kept, asked = Review(), []
    for n, number in enumerate(course.TRACKS["Essentials"].split()):
        worked = [recall.of_lesson(each) for each in course.TRACKS["Essentials"].split()[:n]]
        questions = spacing.due(worked, kept.cards, day(7 * n))
        asked += [course.number(each.id) for each in questions]
        assert number not in asked
        letters = {each: each.right for each in questions}
        kept = spacing.answered(kept, number, letters, day(7 * n))
    assert {*asked} == {*course.TRACKS["Essentials"].split()[:-1]}


def test_who_guesses_is_asked_every_day():
    draw = random.Random(0)
    asked, cards = simulate(lambda question, gap: draw.random() < 1 / len(question.options))
    assert n_asked(asked) == 5 * 120
    assert sum(card.box <= 1 for card in cards.values()) > 18 / 3
    asked, cards = simulate(lambda question, gap: False)  # and who is always wrong
    assert n_asked(asked) == 5 * 120
    assert len(asked) == 5  # no new ones before these are known
    assert [card.fresh(day(120)) for card in cards.values()] == [0] * 5


# --- the command


def test_a_week_of_reviews(days, capsys, monkeypatch, progress_folder):
    in_notebook(monkeypatch, "07_evaluation.ipynb")
    review()
    assert "Nothing to review yet" in shown(capsys)
    assert not progress_folder.exists()
    work("05", "06", "07")
    for days.n in range(7):
        review()
        assert "07-r" not in str(store.reviews().asked)  # the lesson that one is in
        if ids := store.reviews().asked.get("07_evaluation.ipynb"):
            review(" ".join(recall.find(id).right for id in ids))
            assert f"{len(ids)} of {len(ids)} right" in shown(capsys)
    kept = json.loads((progress_folder / "review.json").read_text())
    assert kept["asked"] == {}
    # Twelve questions, new on days 0, 1 and 2, so back on days 3, 4 and 5.
    assert sorted(card["box"] for card in kept["cards"].values()) == [2] * 12
    progress()
    said = shown(capsys)
    assert said.count("■■■■□") == 2  # a day to three of seven have passed


def test_answers_are_judged_once(days, capsys, monkeypatch):
    work("05")
    in_notebook(monkeypatch, "06_item_based_filtering.ipynb")
    review()
    shown(capsys)
    [wrong, why] = next(iter(recall.find("05-r5").diagnoses.items()))
    answers = " ".join([*right_ones("05", 3), "-", wrong]).upper()
    review(answers)
    said = shown(capsys)
    assert said.count("✓ 05-r") == 3
    assert "✗ 05-r5" in said
    assert why in said
    assert "3 of 4 right. The first of them comes back on 2026-12-01." in said
    cards = store.reviews().cards
    days.n = 1
    review()  # in another cell, and then the first one is run again
    shown(capsys)
    review(answers)
    assert "3 of 4 right" in shown(capsys)
    assert store.reviews().cards == cards
    assert store.reviews().asked


def test_each_notebook_waits_for_its_own_answers(days, capsys, monkeypatch):
    work("05")
    in_notebook(monkeypatch, "06_item_based_filtering.ipynb")
    review()
    in_notebook(monkeypatch, "07_evaluation.ipynb")
    answers = " ".join(right_ones("05"))
    review(answers)
    assert "Nothing is asked" in shown(capsys)
    review()
    review(answers)
    in_notebook(monkeypatch, "06_item_based_filtering.ipynb")
    review(answers)  # right twice on one day moves a question up once
    assert {card.box for card in store.reviews().cards.values()} == {1}


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ("b c", "There are 5 questions, and 2 letters."),
        ("b c a b x", "`x` is no option of question 5."),
        ("b c a b b b", "There are 5 questions, and 6 letters."),
        (3, "There are 5 questions, and 0 letters."),
        ("()", "There are 5 questions, and 0 letters."),
    ],
)
def test_answers_that_do_not_fit_are_refused_and_nothing_is_kept(answers, said, days, capsys):
    work("05")
    review()
    review(answers)
    assert said in shown(capsys)
    assert store.reviews().cards == {}
    assert store.reviews().asked


@pytest.mark.parametrize("text", ["", "[]", '{"asked": {}, "cards": {"05-r1": {"box": 9}}}'])
def test_a_damaged_file_is_set_aside(text, progress_folder, capsys):
    progress_folder.mkdir()
    (progress_folder / "review.json").write_text(text)
    assert store.reviews() == Review()
    assert (progress_folder / "review.damaged-1.json").read_text() == text
    assert "could not be read" in shown(capsys)


def test_it_goes_on_where_nothing_can_be_written(tmp_path, monkeypatch, days):
    (tmp_path / "file").touch()
    monkeypatch.setenv("WORKBOOK_PROGRESS", str(tmp_path / "file" / "folder"))
    monkeypatch.setattr(store, "_unsaved_reviews", [])
    monkeypatch.setattr(store, "_unsaved", {"05-1": Record("✓")})
    review()
    review("b c a b b")
    assert len(store.reviews().cards) == 5


def test_the_file_stands_in_my_work(monkeypatch, tmp_path):
    monkeypatch.delenv("WORKBOOK_PROGRESS")
    assert store.review_file().parts[-2:] == ("my_work", "review.json")
    monkeypatch.setenv("WORKBOOK_MY_WORK", str(tmp_path))
    assert store.review_file() == tmp_path / "review.json"


def test_in_a_terminal():
    check("05-7", "c")
    command = [sys.executable, "-m", "tools.review"]
    said = subprocess.run(
        command, input=f"b c\n{right_ones('05')}\n", text=True, capture_output=True
    )
    assert said.returncode == 0, said.stderr
    assert "There are 5 questions, and 2 letters." in said.stdout
    assert "5 of 5 right" in said.stdout


# --- the questions


@pytest.mark.parametrize("number", LESSONS)
def test_six_questions_a_lesson(number):
    questions = recall.of_lesson(number)
    assert [each.id for each in questions] == [f"{number}-r{n}" for n in range(1, 7)]
    for each in questions:
        assert list(each.options) == list("abcd")[: max(3, len(each.options))]
        assert each.right
    assert len({each.right for each in questions}) > 1


def test_no_letter_is_a_good_guess():
    right = [each.right for number in LESSONS for each in recall.of_lesson(number)]
    assert max(map(right.count, "abc")) < 0.45 * len(right)


# --- placement


def test_every_question_of_placement_proves_an_exercise_of_the_essentials():
    *tested, goal = recall.of_lesson(recall.PLACEMENT)
    assert len(tested) == 14
    numbers = [course.number(each.id) for each in tested]
    assert ["00", *numbers[2:]] == course.TRACKS["Essentials"].split()
    for each in tested[2:]:
        assert not course.find(each.id).further
    assert list(goal.options) == list("abcd")


def place(capsys, letter_of, goal):
    *tested, _ = recall.of_lesson(recall.PLACEMENT)
    placement(" ".join([*map(letter_of, tested), goal]))
    return shown(capsys)


def test_who_knows_nothing_skips_nothing(capsys):
    said = place(capsys, lambda question: "-", "b")
    assert "Recommender first: build recommendations, as soon as possible. 6 of" in said
    assert "First, pandas" in said
    assert "Skip ·" not in said
    assert said.count("○ 0") == 5  # the lessons of this track but 00
    assert 'progress("Recommender first")' in said


def test_who_knows_the_track_goes_beyond_it(capsys):
    said = place(capsys, lambda question: question.right, "c")
    assert "Data scientist: you know what the shorter one teaches" in said
    assert "01-5, 02-3, 03-4, 04-5, 05-2, 06-6, 07-5, 10-4, 11-4, 12-5, 14-6, 15-2." in said
    assert "○" not in said


def test_one_wrong_answer_names_its_lesson_and_the_reason(capsys):
    wrong = {"10-4": "b"}
    said = place(capsys, lambda question: wrong.get(question.id, question.right), "a")
    assert "Marketing: decide about customers" in said
    assert "2 of its lessons are left, about 2 hours" in said  # 00 and 10
    assert "○ 10 · Segmentation · k-means finds four segments" in said
    assert "It does so on any data, even without groups." in said
    assert "Your answer: b) the algorithm converged" in said
    assert "After this lesson comes 10 · Segmentation." in said


def test_each_pandas_answer_that_is_wrong_is_named(capsys):
    wrong = {"pandas-2": "b"}
    said = place(capsys, lambda question: wrong.get(question.id, question.right), "c")
    assert said.count("First, pandas") == 1
    assert "After this lesson comes 03b" in said  # beyond the essentials, which are known


def test_placement_asks_fifteen(capsys):
    placement()
    assert shown(capsys).count("\n? ") == 15
    placement("a")
    assert "There are 15 questions, and 1 letters." in shown(capsys)
