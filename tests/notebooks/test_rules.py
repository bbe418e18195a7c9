"""Each rule is broken by small changes to the template, and by each change no other rule."""

import nbformat
import pytest

from exercises.engine import course
from tools.env import ROOT
from tools.notebooks import rules
from tools.notebooks.rules import cells, code, exercises, frame, practice, prose


def printed(text):
    return [nbformat.v4.new_output("stream", name="stdout", text=text)]


def result(text):
    return [nbformat.v4.new_output("execute_result", data={"text/plain": text})]


# ---------------------------------------------------------------- the ways to break a rule


def no_title(draft):
    draft.swap("opening", "# 00 · Template", "00 · Template")


def title_of_another_file(draft):
    draft.swap("opening", "# 00 · Template", "# 00 · Temperance")


def title_of_another_lesson_in_the_exercises(draft):
    draft.title = "00 · Start here"


def case_study_without_its_name(draft):
    draft.path = ROOT / "notebooks/case_studies/online_retail.ipynb"
    as_case_study(draft)
    draft.swap("opening", "# Online Retail", "# A Shop")


def no_question(draft):
    draft.swap("opening", "**The business question.**", "The question.")


def two_goals(draft):
    draft.swap("opening", "- say what a line of an order brings,\n", "")


def no_minutes(draft):
    draft.swap("opening", " · **Minutes** about 20 (an estimate), Further 5", "")


def nobody_says_how_to_run_it(draft):
    draft.swap("opening", "*Shift+Enter runs a cell", "*Run it")


def setup_that_computes(draft):
    draft["setup"].source += "\nlimit = 3"


def no_link_to_the_glossary(draft):
    draft.swap("references", "glossary.md", "glossary")


def section_missing(draft):
    draft.swap("recap", "## Recap", "## 4 · Recap")


def sections_in_another_order(draft):
    cells = draft.notebook.cells
    at, other = cells.index(draft["manager"]), cells.index(draft["recap"])
    cells[at], cells[other] = cells[other], cells[at]


def section_skipped(draft):
    draft.swap("who-brought-more", "## 2 ·", "## 3 ·")


def letter_skipped(draft):
    draft.swap("further-a", "Further A", "Further B")


def second_title(draft):
    draft.swap("pens", "The pens", "# Pens\n\nThe pens")


def empty_cell(draft):
    draft.add("pens", " ", "markdown")


def raw_cell(draft):
    draft.add("pens", "unseen", "raw")


def id_twice(draft):
    draft["pens"].id = "formula"


def no_id(draft):
    del draft["pens"]["id"]


def run_out_of_order(draft):
    draft["revenue"].execution_count, draft["lines"].execution_count = 2, 3


def result_of_another_run(draft):
    draft["lines"].outputs[0].execution_count = 9


def ends_in_an_error(draft):
    draft["setup"].outputs = [nbformat.v4.new_output("error", ename="KeyError", evalue="user")]


def warns(draft):
    text = "lines:1: FutureWarning: this will change\n"
    draft["setup"].outputs = [nbformat.v4.new_output("stream", name="stderr", text=text)]


def shows_an_address(draft):
    draft.add("revenue", "object()", outputs=result("<object object at 0x7f3a2c1b>"))


def shows_all_digits(draft):
    draft.add("revenue", "0.1 + 0.2", outputs=result("0.30000000000000004"))


def cell_of_21_lines(draft):
    draft.add("revenue", "\n".join(f"x = {number}" for number in range(21)))


def file_of_a_megabyte(draft):
    draft.add("revenue", "print('-' * 1_000_000)", outputs=printed("-" * 1_000_000))


def import_from_a_module_inside(draft):
    draft["setup"].source += "\nfrom helpers.value.rfm_scores import rfm"


def name_that_no_package_has(draft):
    draft.swap("setup", "from helpers import plots", "from helpers import churn, plots")
    draft["revenue"].source += "\nchurn.purchase_histories"


def import_midway(draft):
    draft["revenue"].source = "import numpy as np\n" + draft["revenue"].source


def hint_out_of_reach(draft):
    draft.swap("setup", "check, hint, progress, reveal", "check, progress, reveal")


def magic(draft):
    draft.add("revenue", "%matplotlib inline")


def semicolon(draft):
    draft["revenue"].source += ";"


def network_module(draft):
    draft["setup"].source = "import urllib.request\n" + draft["setup"].source


def network_address(draft):
    draft.add("revenue", 'remote = pd.read_csv("https://example.org/lines.csv")')


def keyboard(draft):
    draft.add("revenue", 'name = input("Who are you?")')


def path_in_source(draft):
    draft.add("revenue", 'more = pd.read_csv("/home/ana/lines.csv")')


def path_in_output(draft):
    draft.add("revenue", "print(folder)", outputs=printed("C:\\Users\\ana\n"))


def path_of_this_repository(draft):
    draft.add("revenue", "print(folder)", outputs=printed(f"{ROOT}\n"))


def figure_without_title(draft):
    draft["figure"].source = "by_user.plot.barh()\nprint('In words: Ana is ahead.')\nplt.show()"


def figure_without_words(draft):
    draft["figure"].outputs = [o for o in draft["figure"].outputs if o.output_type != "stream"]
    draft["list-price"].outputs += printed("22 and 15")
    draft["read-figure"].source = "Ana is ahead."


def figure_not_shown(draft):
    draft.swap("figure", "plt.show()", "plt.gcf()")


def chart_in_axes_not_shown(draft):
    draft["figure"].source = 'plots.bars(by_user, "Ana brought in more", label="$", ax=ax)'


def two_prices(draft):
    draft.swap("list-price-read", "30 to 25", "$30 against $25")


def two_prices_escaped(draft):
    draft.swap("list-price-read", "30 to 25", "\\$30 against \\$25")


def link_to_no_file(draft):
    draft.swap("next", "lesson 01", "[Lesson 01](01_no_such_lesson.ipynb)")


def mention_of_no_exercise(draft):
    draft.swap("next", "lesson 01", "Exercise 98-7")


def mention_of_no_section(draft):
    draft.swap("next", "lesson 01", "See section 7. It")


def wrong_number(draft):
    draft.swap("read-figure", "22", "23")


def number_before_its_output(draft):
    draft.swap("formula", "A discount", "In all, 18 dollars. A discount")


def number_typed_into_a_title(draft):
    draft.swap("figure", "Ana brought in more", "Ana brought in 7 more")


def number_typed_into_words(draft):
    draft.swap("figure", 'f"Ana brought', '"And 99 more." f"Ana brought')


def number_that_only_the_words_hold(draft):
    # What is typed into printed text is no evidence for itself.
    draft.add("revenue", 'print("99 of them")', outputs=printed("99 of them"))


def list_of_numbers_too_long(draft):
    draft.notebook.metadata.workbook.numbers["1999"] = "the year of a paper"


def number_both_listed_and_shown(draft):
    draft.notebook.metadata.workbook.numbers["18"] = "not needed, it is shown"


def exercise_unknown(draft):
    draft.swap("exercises", "### Your turn 00-1", "### Your turn 00-9")
    draft.swap("exercise-1", '"00-1"', '"00-9"')
    draft["exercise-1"].outputs = printed("○ 00-9")


def exercise_left_out(draft):
    draft.exercises = {**draft.exercises, "00-2": course.find("00-2")}


def exercise_checked_under_another_heading(draft):
    draft.swap("exercise-1", '"00-1"', '"00-2"')


def exercise_not_checked(draft):
    draft.swap("exercise-1", 'check("00-1", net_revenue)', "")


def exercise_stored_with_an_answer(draft):
    draft["exercise-1"].outputs = printed("✗ 00-1 · Not yet. The discount is ignored.")


def exercise_without_a_blank(draft):
    draft.swap("exercise-1", "return ...", "return lines")


def quiz_with_options_of_its_own(draft):
    quiz = course.find("00-4")
    draft.exercises = {**draft.exercises, "00-4": quiz}
    options = "\n".join(f"- {letter}: {text}" for letter, text in quiz.options.items())
    draft.add("exercise-1", f"### Your turn 00-4 · Levers\n\n{options}", "markdown").id = "quiz"
    draft.add("quiz", 'answer = ...\ncheck("00-4", answer)', outputs=printed("○ 00-4 · Not yet"))
    draft.swap("quiz", "100 more buyers", "100 buyers more")


def answer_used_further_down(draft):
    draft.add("exercise-1", "net_revenue(lines)", outputs=result("37.0"))


def more_than_an_hour(draft):
    draft.add("lines", "word " * 130 * 60, "markdown")


def exercise_that_comes_late(draft):
    for _ in range(4):
        draft.add("lines", "Wait.", "markdown")


def four_sections_without_exercise(draft):
    for number in (6, 5, 4):
        draft.add("list-price-read", f"## {number} · More\n\nAnd more.", "markdown")


def no_open_task(draft):
    draft.swap("open-task", "### Open task", "### Task")


def phrase_of_another_century(draft):
    draft.swap("read-figure", "Ana is ahead", "Whoever ordered, Ana is ahead")


def percent_with_a_space(draft):
    draft.swap("figure", "plots.in_words(", 'plots.in_words("10 % off. " + ')


BREAKS = {
    frame.title: {
        no_title: "begins with no title",
        title_of_another_file: "would make the file 00_temperance.ipynb",
        title_of_another_lesson_in_the_exercises: 'is not "00 · Start here"',
        case_study_without_its_name: "online_retail",
    },
    frame.opening: {
        no_question: "the business question",
        nobody_says_how_to_run_it: "how to run a cell",
        setup_that_computes: "cell 2: is not the setup",
    },
    frame.goals: {two_goals: "lists 2 goals"},
    frame.sections: {
        section_missing: '"## Recap" stands there 0 times',
        letter_skipped: 'should begin with "Further A · "',
        sections_in_another_order: "in this order",
        section_skipped: 'should begin with "2 · "',
        second_title: "holds a second title",
    },
    frame.glossary: {no_link_to_the_glossary: "does not link to the glossary"},
    cells.cells: {
        empty_cell: "cell 8 (empty): is empty",
        raw_cell: "is a raw cell",
        id_twice: "has no id of its own",
        no_id: "has no id of its own",
    },
    cells.executed: {
        run_out_of_order: "was not run as number 2",
        result_of_another_run: "was not run as number 2",
    },
    cells.outcome: {
        ends_in_an_error: "ends with KeyError",
        warns: "FutureWarning: this will change",
    },
    cells.reproducible: {
        shows_an_address: "at 0x7f3a2c1b",
        shows_all_digits: "0.30000000000000004",
    },
    cells.length: {cell_of_21_lines: "has 21 lines"},
    cells.size: {file_of_a_megabyte: "the file has 1.0 MB"},
    code.public_api: {
        import_from_a_module_inside: "imports rfm, which helpers.value.rfm_scores does not",
        name_that_no_package_has: "uses churn.purchase_histories, which helpers.churn does",
    },
    code.imports: {import_midway: "(import numpy as np): imports something"},
    code.calls: {
        magic: "is not plain Python",
        semicolon: "ends with a semicolon",
        network_module: "imports urllib",
        network_address: "reads https://example.org/lines.csv",
        keyboard: "calls input()",
    },
    code.paths: {
        path_in_source: "/home/ana/lines.csv",
        path_in_output: "C:\\Users",
        path_of_this_repository: str(ROOT),
    },
    code.figures: {
        figure_without_title: "without a title",
        figure_without_words: "does not say it in words",
        figure_not_shown: "does not end with a chart or plt.show()",
        chart_in_axes_not_shown: "does not end with a chart or plt.show()",
    },
    prose.dollars: {two_prices: "two dollar signs", two_prices_escaped: "two dollar signs"},
    prose.links: {
        link_to_no_file: "leads to no file",
        mention_of_no_exercise: "mentions exercise 98-7",
        mention_of_no_section: "mentions section 7",
    },
    prose.quoted_numbers: {
        wrong_number: 'no output above shows "23".',
        number_before_its_output: 'no output above shows "18".',
        number_typed_into_a_title: 'no output above shows "7".',
        number_typed_into_words: 'no output above shows "99".',
        number_that_only_the_words_hold: 'no output above shows "99".',
        list_of_numbers_too_long: 'lists "1999" (the year of a paper) and need not',
        number_both_listed_and_shown: 'lists "18"',
    },
    exercises.exercises: {
        exercise_unknown: "the headings are those of the exercises 00-9",
        exercise_left_out: "exercises/ has 00-1, 00-2",
        exercise_checked_under_another_heading: "checks 00-2 below the heading of 00-1",
        exercise_not_checked: "has 0 checks",
        exercise_stored_with_an_answer: "shows an answer",
        exercise_without_a_blank: "leaves nothing to fill in",
        quiz_with_options_of_its_own: "does not show the option",
        hint_out_of_reach: "does not import hint",
    },
    prose.plain_english: {
        phrase_of_another_century: '"Whoever": write anyone who',
        percent_with_a_space: '"0 %": write 43%, without a space',
    },
    practice.workload: {
        more_than_an_hour: "the core takes about 80 minutes; 75 are many",
    },
    practice.minutes: {no_minutes: "Write **Minutes** about 20 (an estimate), Further 5"},
    practice.practice: {
        exercise_that_comes_late: "Place one in the first quarter",
        four_sections_without_exercise: "and the 3 after it have no exercise",
        no_open_task: "has 0 headings",
    },
    exercises.answers_unused: {answer_used_further_down: "uses net_revenue"},
}
CASES = [(rule, edit, words) for rule, edits in BREAKS.items() for edit, words in edits.items()]


@pytest.mark.parametrize(
    ("rule", "edit", "words"), CASES, ids=[edit.__name__ for _, edit, _ in CASES]
)
def test_a_broken_rule_is_named_and_no_other(draft, rule, edit, words):
    edit(draft)
    problems = rules.problems(draft.lesson(), rules.RULES + rules.ADVICE)
    assert list(problems) == [rule.__name__]
    assert any(words in sentence for sentence in problems[rule.__name__])


def test_every_rule_is_broken_by_a_test():
    assert set(BREAKS) == {*rules.RULES, *rules.ADVICE}


# ---------------------------------------------------------------- what looks broken and is not


def as_case_study(draft):
    """A case study needs no goals and no exercises."""
    draft.path = ROOT / "notebooks/case_studies/online_retail.ipynb"
    draft.exercises = {}
    draft["opening"].source = "# Online Retail\n\n**The business question.** Is it clean?"
    left_out = ("exercises", "exercise-1", "recap", "open-task", "open-answer", "next")
    for id in (*left_out, "further", "further-a", "average", "average-read"):
        draft.remove(id)


def name_defined_anew(draft):
    draft.add("exercise-1", "net_revenue = lines['revenue'].sum()\nnet_revenue")


def parameter_named_like_an_answer(draft):
    draft.add("exercise-1", "def double(net_revenue):\n    return 2 * net_revenue")


def comment_only(draft):
    draft.add("revenue", "# Try it yourself.")


def remainder(draft):
    draft.add("revenue", "rest = (\n    7\n    % 2\n)")


def prices_in_a_table(draft):
    draft.add("list-price", "| Ana | Ben |\n|---|---|\n| $25 | $30 |", "markdown")


def price_beside_a_formula(draft):
    draft.add("list-price", "With $p$ for the price, $30 it is.", "markdown")


def link_to_a_heading(draft):
    draft.swap("next", "lesson 01", "[Section 1](#1-·-What-a-line-brings) and lesson 01")


def numbers_of_parts_and_papers(draft):
    text = "As in lessons 03 and 04, section 2, exercise 00-1, Table 7 (Fader et al., 2005)."
    draft.add("list-price", text, "markdown")


def quiz_that_quotes_its_options(draft):
    quiz_with_options_of_its_own(draft)
    draft.swap("quiz", "100 buyers more", "100 more buyers")


def figure_that_is_a_chart(draft):
    draft["figure"].source = 'plots.bars(by_user, "Ana brought in more", label="$")'


@pytest.mark.parametrize(
    "edit",
    [
        as_case_study,
        figure_that_is_a_chart,
        name_defined_anew,
        parameter_named_like_an_answer,
        comment_only,
        remainder,
        prices_in_a_table,
        price_beside_a_formula,
        link_to_a_heading,
        numbers_of_parts_and_papers,
        quiz_that_quotes_its_options,
    ],
)
def test_what_is_right_is_let_through(draft, edit):
    edit(draft)
    assert rules.problems(draft.lesson(), rules.RULES + rules.ADVICE) == {}
