"""The display of recall questions and of what the answers to them say."""

from collections.abc import Collection, Iterable, Mapping

from exercises.engine import course, recall
from exercises.engine.exercise import RIGHT, UNTRIED, WRONG
from exercises.engine.recall import Question
from exercises.engine.spacing import Card
from exercises.engine.view import BLUE, COLORS, View, line, notice, said
from helpers.language import say_in_lesson

NAMES = {"review": "Review", "placement": "Placement"}
PANDAS = "pandas"  # stands for a lesson in the ids of questions on what the course needs
GOALS = {"a": "Marketing", "b": "Recommender first", "c": "Essentials", "d": "Data scientist"}
BEYOND = {
    "Marketing": "Analyst",
    "Recommender first": "Recommender",
    "Essentials": "Data scientist",
}
HOURS = 1.25  # of a lesson's core


def review(questions: list[Question], worked: Collection[str], cards: Mapping[str, Card]) -> View:
    """Show the questions of a review, or say why there are none.

    Parameters
    ----------
    questions : those that are due.
    worked : numbers of the lessons in which an exercise is solved.
    cards : what is kept of the questions that have been answered.
    """
    if questions:
        opening = say_in_lesson(
            "Two minutes of review, from memory. Guess where you aren't sure: a wrong answer is "
            "explained. Skipping it is fine."
        )
        return _asked("review", opening, questions)
    if not worked or not cards:
        text = "Nothing to review yet: questions come from lessons in which you solved an exercise."
        return notice(say_in_lesson(text), say_in_lesson("Review"))
    text = "Nothing is due. The next question comes back on {day}."
    day = min(card.due for card in cards.values())
    return notice(say_in_lesson(text, day=day), say_in_lesson("Review"))


def answers(letters: Mapping[Question, str], cards: Mapping[str, Card]) -> View:
    """Show whether the answers of a review are right, and when the questions come back.

    Parameters
    ----------
    letters : the letter that was answered to each question.
    cards : what is kept of the questions, these included.
    """
    shown = []
    for question, letter in letters.items():
        asked = say_in_lesson(question.text)
        if letter == question.right:
            right = _option(question, letter)
            shown.append(line(RIGHT, question.id, f"{asked}\n{right}", COLORS[RIGHT]))
        elif letter == recall.SKIP:
            shown.append(line(UNTRIED, question.id, asked, COLORS[UNTRIED]))
        else:
            why = _corrected(question, letter)
            shown.append(line(WRONG, question.id, f"{asked}\n{why}", COLORS[WRONG]))
    text = "{right} of {n} right. The first of them comes back on {day}. `review()` asks the next."
    values = {
        "right": sum(letter == each.right for each, letter in letters.items()),
        "n": sum(letter != recall.SKIP for letter in letters.values()),
        "day": min((cards[each.id].due for each in letters if each.id in cards), default=""),
    }
    if values["n"]:
        shown.append(notice(say_in_lesson(text, **values), say_in_lesson("Review")))
    return _together(shown)


def placement(questions: list[Question]) -> View:
    """Show the questions of the placement test."""
    opening = say_in_lesson(
        "Fifteen questions, about ten minutes, from what you know today. Where you don't know, "
        "answer - instead of guessing: then the advice fits."
    )
    return _asked("placement", opening, questions)


def placed(letters: Mapping[Question, str]) -> View:
    """Say which track fits, which of its lessons one may skip, and which not, with the reasons.

    Parameters
    ----------
    letters : the letter that was answered to each question. Its id is that of the exercise that
        proves it; the last one asks for the goal, and its letters stand for the tracks in `GOALS`.
    """
    *tested, (goal, chosen) = letters.items()
    known = {course.number(each.id): each.id for each, letter in tested if letter == each.right}
    track = GOALS.get(chosen, course.RECOMMENDED)
    reason = say_in_lesson(goal.options.get(chosen, "where most learners begin"))
    if known.keys() >= set(course.TRACKS[track].split()) - {"00"}:
        track, reason = BEYOND[track], say_in_lesson("you know what the shorter one teaches")
    stops = course.TRACKS[track].split()
    open_ones = [stop for stop in stops if stop not in known]
    text = (
        "The track that fits is {track}: {reason}. {n} of its lessons are left, about {hours} "
        "hours, this one included. Nothing is locked, and `progress({name})` takes the track."
    )
    values = {"n": len(open_ones), "hours": round(HOURS * len(open_ones))}
    values |= {"track": said(track), "reason": reason, "name": f'"{said(track)}"'}
    shown = [notice(say_in_lesson(text, **values), say_in_lesson("Placement"))]
    if skipped := [known[stop] for stop in stops if stop in known]:
        text = (
            "A right answer proves little. Before you skip a lesson, solve its exercise without a "
            "hint: {exercises}."
        )
        said_so = say_in_lesson(text, exercises=say_in_lesson(", ").join(skipped))
        shown.append(line(RIGHT, say_in_lesson("Skip"), said_so, COLORS[RIGHT]))
    for question, letter in tested:
        number = course.number(question.id)
        if letter != question.right and number in (*stops, PANDAS):
            title = say_in_lesson("First, pandas") if number == PANDAS else _title(number)
            text = f"{say_in_lesson(question.text)}\n{_corrected(question, letter)}"
            if number == PANDAS:
                text += "\n" + say_in_lesson(
                    'Read "10 minutes to pandas" in the pandas documentation.'
                )
            shown.append(line(UNTRIED, title, text, COLORS[UNTRIED]))
    if following := open_ones[1:]:  # the first is lesson 00, where placement is
        text = say_in_lesson("After this lesson comes {lesson}.", lesson=_title(following[0]))
        shown.append(line("→", say_in_lesson("Next"), text, BLUE))
    return _together(shown)


def misfit(command: str, asked: list[Question], given: list[str]) -> View | None:
    """Say why letters don't fit the questions, and ask again; None if they fit."""
    if not asked:
        text = "Nothing is asked in this notebook. `{command}()` asks."
        return notice(say_in_lesson(text, command=command), say_in_lesson(NAMES[command]))
    if len(given) != len(asked):
        text = "There are {n} questions, and {given} letters. Give one letter for each."
        return _asked(command, say_in_lesson(text, n=len(asked), given=len(given)), asked)
    for place, (question, letter) in enumerate(zip(asked, given, strict=True), start=1):
        if letter not in (recall.SKIP, *question.options):
            text = "`{letter}` is no option of question {place}. Nothing has been judged yet."
            return _asked(command, say_in_lesson(text, letter=letter, place=place), asked)
    return None


def _corrected(question: Question, letter: str) -> str:
    """Say the right answer and, unless the question was skipped, what was answered instead."""
    right = _option(question, question.right)
    if letter == recall.SKIP:
        return say_in_lesson("The right answer: {right}", right=right)
    return say_in_lesson(
        "Your answer: {mine}\n{diagnosis}\nThe right answer: {right}",
        mine=_option(question, letter),
        diagnosis=say_in_lesson(question.diagnoses[letter]),
        right=right,
    )


def _option(question: Question, letter: str) -> str:
    return f"{letter}) {say_in_lesson(question.options[letter])}"


def _title(number: str) -> str:
    return said(course.lesson(number)[0])


def _asked(command: str, opening: str, questions: list[Question]) -> View:
    """Show questions with their options, and how to answer them."""
    name = say_in_lesson(NAMES[command])
    closing = say_in_lesson(
        "To answer, put your letters into the call and run the cell again, such as "
        '`{command}("{example}")`; - skips a question.',
        command=command,
        example=_example(questions),
    )
    shown = [line("→", name, opening, BLUE)]
    for place, question in enumerate(questions, start=1):
        options = (_option(question, letter) for letter in question.options)
        asked = "\n".join([say_in_lesson(question.text), *options])
        shown.append(line("?", str(place), asked, BLUE))
    return _together([*shown, line("→", name, closing, BLUE)])


def _example(questions: Collection[Question]) -> str:
    """Return how answers look: letters in turn, one for each question."""
    return " ".join(letter for letter, _ in zip("bacba" * 3, questions, strict=False))


def _together(views: Iterable[View]) -> View:
    shown = list(views)
    return View("\n\n".join(each.text for each in shown), "".join(each.html for each in shown))
