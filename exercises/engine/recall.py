"""Recall questions: answered from memory, with a letter, in ten seconds.

They stand beside the lesson modules in ``recall/05.md``, as text that a teacher can read and
change: a heading with the id, the question, and its options as `read_options` has them.
"""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from exercises.engine.mistakes import read_options

FOLDER = Path(__file__).parents[1] / "recall"
PLACEMENT = "placement"  # the questions of lesson 00 that say where to begin
SKIP = "-"


@dataclass(frozen=True, eq=False)
class Question:
    """A question with options.

    Parameters
    ----------
    id : of the lesson and the question, "05-r1".
    text : what is asked.
    options : letter → text.
    diagnoses : letter of a wrong option → what to tell anyone who chooses it.
    """

    id: str
    text: str
    options: Mapping[str, str]
    diagnoses: Mapping[str, str]

    @property
    def right(self) -> str:
        """The letter of the right option."""
        [right] = self.options.keys() - self.diagnoses.keys()
        return right


def read(text: str) -> list[Question]:
    """Read the questions of a file.

    Examples
    --------
    >>> [question] = read('''
    ... ## 00-r1
    ...
    ... What is a user's value in a year?
    ...
    ... a) revenue, refunds included
    ...     Refunds are no revenue: subtract them.
    ... b) revenue, net of refunds
    ... ''')
    >>> question.id, question.text, question.right
    ('00-r1', "What is a user's value in a year?", 'b')
    """
    questions = []
    for part in re.split(r"(?m)^## ", text)[1:]:
        id, _, body = part.partition("\n")
        asked, options = re.split(r"\n\n(?=a\) )", body)
        questions.append(Question(id.strip(), " ".join(asked.split()), *read_options(options)))
    return questions


@functools.cache
def of_lesson(number: str) -> list[Question]:
    """Return the recall questions of a lesson, "05"; none if it has no file."""
    file = FOLDER / f"{number}.md"
    return read(file.read_text(encoding="utf-8")) if file.exists() else []


def find(id: str) -> Question | None:
    """Return the question with an id; None if there is none (any more)."""
    return next((each for each in of_lesson(id.rpartition("-")[0]) if each.id == id), None)


def letters(answers: str) -> list[str]:
    """Return the letters of an answer, and `SKIP` where it skips.

    Examples
    --------
    >>> letters("B a, -c")
    ['b', 'a', '-', 'c']
    """
    return re.findall(r"[\w-]", answers.lower()) if isinstance(answers, str) else []
