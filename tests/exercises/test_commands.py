"""What the learner types and sees: check, hint, reveal, progress."""

import html
import re

import pytest
from IPython.utils.capture import capture_output

from exercises import check, hint, progress, reveal
from exercises.engine import commands, course, store, view
from exercises.engine.record import Record

pytestmark = pytest.mark.usefixtures("progress_folder")


def shown(capsys):
    return capsys.readouterr().out


def test_check_says_one_line(capsys):
    check("00-4", ...)
    assert shown(capsys) == (
        "○ 00-4 · Not attempted yet. Replace the `...` and run the cell again; "
        '`hint("00-4")` gives a hint.\n'
    )
    check("00-4", "a")
    assert re.fullmatch(
        r"✗ 00-4 · Not yet\. 100 more buyers are ten percent more.*\n", shown(capsys)
    )
    check("00-4", " B ")
    right = r"✓ 00-4 · Right\. .*\n1 of 4 in this lesson; next: 00-6\.\n"
    assert re.fullmatch(right, shown(capsys))
    check("00-4", 2)
    assert shown(capsys) == "✗ 00-4 · Not yet. Answer with one letter in quotes: a, b, c, d.\n"


def test_once_solved_stays_solved():
    check("00-4", "a")
    assert store.load() == {"00-4": Record("✗")}
    check("00-4", "b")
    check("00-4", "c")
    assert store.load() == {"00-4": Record("✓")}


def test_an_untouched_exercise_writes_nothing(progress_folder):
    check("00-1", ...)
    check("00-1", lambda lines: ...)
    assert not progress_folder.exists()


def test_hints_come_one_by_one_and_stay_after_a_restart(capsys):
    hints = course.find("01-2").hints
    for given in (1, 2, 3, 3):
        hint("01-2")
        said = shown(capsys)
        assert [text in said for text in hints] == [n < given for n in range(3)]
        assert ('reveal("01-2")' in said) == (given == 3)
    assert store.load() == {"01-2": Record(hints=3)}


def test_reveal_shows_the_source_and_notes_it(capsys):
    reveal("00-2")
    said = shown(capsys)
    assert said.startswith("→ 00-2 · The solution.")
    assert "def average_order_value(lines):\n" in said
    assert 'return revenue / lines["order_id"].nunique()' in said
    assert store.load() == {"00-2": Record(revealed=True)}


def test_reveal_shows_the_option_of_a_quiz(capsys):
    reveal("01-6")
    assert "a: order lines without a user_id" in shown(capsys)


def core(number):
    """The ids of a lesson's exercises before Further."""
    return [id for id, each in course.lesson(number)[1].items() if not each.further]


def test_a_right_answer_says_what_comes_next(capsys):
    solve("05-7")
    assert "1 of 4 in this lesson; next: 05-1." in shown(capsys)  # from the last on to the first
    for id in core("05"):
        solve(id)
    last = shown(capsys).splitlines()[-1]
    assert last == "4 of 4 in this lesson; next: lesson 06 · Item-based filtering."
    solve("05-4")
    assert "1 of 3 in Further; next: 05-6." in shown(capsys)
    progress("Marketing")  # whose next lesson is another one
    solve("05-7")
    assert "next: lesson 10 · Segmentation." in shown(capsys)
    progress("Recommender")
    for id in core("09"):
        solve(id)
    assert shown(capsys).splitlines()[-1] == "3 of 3 in this lesson."  # the track ends here


def test_what_an_answer_prints_is_shown_below_a_wrong_one(capsys):
    def printing(lines):
        for number in range(30):
            print(f"{number}: {list(lines)[:1]}")
        return 0

    check("00-1", printing)
    _, heading, below = shown(capsys).partition("Your code printed, for one input after the other:")
    first, *_, last = lines = below.strip().splitlines()
    assert heading
    assert first == "0: ['order_id']"
    assert re.fullmatch(r"… and \d+ more lines", last)
    assert len(lines) == 15 + 1


def solve(id):
    check(id, course.find(id).solution)


def test_progress_at_a_glance(capsys):
    check("00-4", "b")
    check("00-1", len)
    reveal("00-1")
    check("09b-8", "z")  # tried, outside of the track
    hint("00-2")
    shown(capsys)
    progress()
    lines = shown(capsys).splitlines()
    stops = course.TRACKS["Essentials"].split()
    on_track = [id for stop in stops for id in core(stop)]
    assert lines[:4] == [
        "This lesson, 00 · Start here: 1 of 4.",
        f"Your track, Essentials: 1 of {len(on_track)} exercises, in 13 lessons.",
        f"The course: 1 of {len(course.exercises())} exercises, in 38 lessons.",
        "Next: 00-1.",
    ]
    assert re.fullmatch(r"00 · Start here +✗\* ○ ✓ ○ \| ○ ○ +1 of 4", lines[4])
    assert [line[:3] for line in lines[11:14]] == ["07 ", "09b", "10 "]
    assert lines[-2] == "✓ solved · ✗ tried · ○ not solved yet · * solution seen · | Further"
    assert len(lines) == 4 + 14 + 2


def test_a_chosen_track_is_kept(capsys):
    progress("marketing")
    shown(capsys)
    progress()
    assert "Your track, Marketing: 0 of 30 exercises, in 8 lessons." in shown(capsys)


def test_an_unknown_track_is_answered_with_those_there_are(capsys):
    progress("<b>")
    assert shown(capsys) == (
        "! Exercises · There is no track `<b>`. The tracks are Essentials, Data scientist, "
        "Analyst, Marketing, Recommender, Recommender first.\n"
    )
    assert store.track() == ""


def test_the_lesson_is_that_of_the_notebook_until_an_exercise_is_asked_for(capsys, monkeypatch):
    monkeypatch.setattr(commands, "_asked_for", [])
    progress()
    assert shown(capsys).startswith("Your track")
    monkeypatch.setenv("JPY_SESSION_NAME", "/anywhere/09b-kept-1_ease_and_bpr.ipynb")
    progress()
    assert shown(capsys).startswith("This lesson, 09b · EASE and BPR: 0 of 3.\n")
    hint("02-1")
    progress()
    assert "This lesson, 02 · Behavior and KPIs" in shown(capsys)


@pytest.mark.parametrize("command", [lambda id: check(id, 3), hint, reveal])
@pytest.mark.parametrize("id", ["01-9", "", "1-2", "<b>"])
def test_an_unknown_id_is_answered_with_the_nearest(command, id, capsys, progress_folder):
    command(id)
    said = shown(capsys)
    assert said.startswith(f"! Exercises · There is no exercise `{id}`. The nearest ids are 0")
    assert not progress_folder.exists()


@pytest.mark.parametrize("id", [len, 3, None, ["01-1"]])
def test_arguments_the_wrong_way_round(id, capsys):
    check(id, "00-1")
    assert shown(capsys) == (
        '! Exercises · The id of the exercise comes first, in quotes: `check("00-1", answer)`.\n'
    )


COMMANDS = {
    "untouched": lambda: check("00-1", ...),
    "wrong": lambda: check("00-1", lambda lines: lines["<i>price</i>"]),
    "not diagnosed": lambda: check("01-4", lambda lines: lines.assign(item_id="<b>")),
    "right": lambda: check("00-4", "b"),
    "hint": lambda: [hint("00-1"), hint("00-1"), hint("00-1")],
    "reveal": lambda: reveal("01-4"),
    "progress": progress,
    "printed": lambda: check("00-1", lambda lines: print("<i>")),
    "no track": lambda: progress("<i>"),
    "unknown": lambda: hint("<script>alert(1)</script>"),
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_html_says_what_the_text_says_and_holds_no_foreign_markup(command, monkeypatch):
    views = []
    monkeypatch.setattr(view.View, "show", lambda self: views.append(self))
    command()
    for each in views:
        own = r"</?(div|strong|code|br|pre|p|table|thead|tbody|tr|th|td|small)\b[^<>]*>"
        foreign = re.sub(own, " ", each.html)
        assert "<" not in foreign
        words = re.findall(r"\w+", html.unescape(foreign))
        assert [word for word in re.findall(r"\w+", each.text) if word not in words] == []


def test_a_notebook_gets_both_forms():
    assert view.notice("hello").text == repr(view.notice("hello")) == "! Exercises · hello"
    assert view.notice("a `b` <c>")._repr_html_().endswith("a <code>b</code> &lt;c&gt;</div>")
    with capture_output() as captured:
        progress()
    assert "exercises, in 38 lessons" in captured.stdout
