"""Spaced review: which recall questions are due, and when each comes back.

Leitner's boxes: a right answer moves a question one box up, so it comes back later; a wrong one
moves it down to the first, so it comes back tomorrow. A schedule like FSRS learns how fast somebody
forgets from hundreds of graded answers; here are a few hundred in the whole course, right or wrong.
"""

import datetime
import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from exercises.engine.recall import SKIP, Question

BOXES = (1, 3, 7, 14, 30, 60)  # days until a question in each box comes back
AT_ONCE = 5  # questions of a review


@dataclass(frozen=True)
class Card:
    """What is kept of a question that has been answered: its box, and the day it comes back."""

    box: int
    due: str

    def __post_init__(self) -> None:
        datetime.date.fromisoformat(self.due)
        if self.box not in range(len(BOXES)):
            raise ValueError(f"no box: {self.box}")

    @property
    def asked(self) -> datetime.date:
        """The day on which it was answered."""
        return datetime.date.fromisoformat(self.due) - datetime.timedelta(BOXES[self.box])

    def fresh(self, today: datetime.date) -> float:
        """Return how fresh it is: 1 when just known, ½ on the day it is due, 0 if not known."""
        return 0.5 ** ((today - self.asked).days / BOXES[self.box]) if self.box else 0.0


@dataclass(frozen=True)
class Review:
    """What is kept of all reviews.

    Parameters
    ----------
    asked : name of a notebook → ids of the questions that it shows and that wait for answers.
    judged : name of a notebook → id of a question → the letter that was judged there last.
    cards : id of a question → `Card`.
    """

    asked: Mapping[str, list[str]] = field(default_factory=dict)
    judged: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    cards: Mapping[str, Card] = field(default_factory=dict)


def after(card: Card | None, right: bool, today: datetime.date) -> Card:
    """Return the card of a question that has been answered; None is that of a new one."""
    box = min((card.box if card else 0) + 1, len(BOXES) - 1) if right else 0
    return Card(box, str(today + datetime.timedelta(BOXES[box])))


def answered(
    kept: Review, notebook: str, letters: Mapping[Question, str], today: datetime.date
) -> Review:
    """Return what is kept after answers in a notebook.

    Parameters
    ----------
    letters : the letter that is answered to each question, or `SKIP`. One that was answered in
        another notebook meanwhile is not due any more: its card stays.
    """
    cards = {
        each.id: after(kept.cards.get(each.id), letter == each.right, today)
        for each, letter in letters.items()
        if letter != SKIP and (each.id not in kept.cards or kept.cards[each.id].due <= str(today))
    }
    asked = {name: ids for name, ids in kept.asked.items() if name != notebook}
    judged = {notebook: {each.id: letter for each, letter in letters.items()}}
    return Review(asked, {**kept.judged, **judged}, {**kept.cards, **cards})


def due(
    lessons: Iterable[list[Question]], cards: Mapping[str, Card], today: datetime.date
) -> list[Question]:
    """Return the questions to ask now, at most `AT_ONCE`: the lessons take turns.

    The lesson that has not been asked for longest comes first, and in it the question that waits
    longest; one that has never been asked waits since today.

    Parameters
    ----------
    lessons : the questions of each lesson that has been worked.
    cards : what is kept of those that have been answered.
    """

    def waits_since(question: Question) -> str:
        return cards[question.id].due if question.id in cards else str(today)

    def last_asked(questions: list[Question]) -> datetime.date:
        days = [cards[each.id].asked for each in questions if each.id in cards]
        return max(days, default=datetime.date.min)

    waiting = [
        sorted((each for each in questions if waits_since(each) <= str(today)), key=waits_since)
        for questions in sorted(lessons, key=last_asked)
    ]
    in_turn = itertools.chain.from_iterable(itertools.zip_longest(*waiting))
    return [question for question in in_turn if question][:AT_ONCE]
