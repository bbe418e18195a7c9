"""Questions that a file leaves open: what could be meant, and the line that answers.

A key figure never rests on a guess. If names and arithmetic leave something open, a `Question` is
raised before any figure is computed. It shows the choices and the line to copy.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from apps.report.own_shop.messages import EXAMPLE, pluralize
from apps.report.own_shop.names import ROLES
from helpers.language import say

SHOWN = 40  # columns that a question shows
SAMPLES = 3  # values of a column that a question shows


class Choice(NamedTuple):
    """One possible answer, as in ``MAP="user_id=Kunde"``, and what speaks for it."""

    answer: str  # user_id=Kunde
    shown: str


class Matter(NamedTuple):
    """Something that is open, and its possible answers, the most likely one first."""

    asks: str
    choices: Sequence[Choice]


class OwnShopError(ValueError):
    """The file can't be read as a shop; the message says what to do about it.

    Parameters
    ----------
    text, **values : as for `helpers.language.say`.
    """

    def __init__(self, text: str, /, **values: object):
        super().__init__(say(text, **values))


class Question(OwnShopError):  # noqa: N818 (not an error: something must be known first)
    """The file leaves something open that a key figure rests on.

    Attributes
    ----------
    matters : what is open.
    first : the first answer to each, joined by commas, as in ``MAP``.
    """

    def __init__(self, *matters: Matter):
        self.matters = matters
        self.first = ",".join(matter.choices[0].answer for matter in matters)
        lines = []
        for matter in matters:
            lines.append(matter.asks)
            lines += [f'  {one.shown}  →  MAP="{one.answer}"' for one in matter.choices]
        what = (
            'Answer with a line such as MAP="{first}"; YES=1 takes the first answer to each '
            "question."
        )
        super().__init__("\n".join([*lines, say(what, first=self.first)]))


def ask(asks: str, choices: Sequence[Choice], **values: object) -> Question:
    """Return the question about one matter; its text is said as by `helpers.language.say`."""
    return Question(Matter(say(asks, **values), choices))


def choose(meanings: Mapping[str, str], **values: object) -> list[Choice]:
    """Return a choice for each answer; what it means is said as by `helpers.language.say`."""
    return [Choice(answer, say(meaning, **values)) for answer, meaning in meanings.items()]


def describe(rows: pd.DataFrame, column: str) -> str:
    """Describe a column by its number of different values and three of them.

    Examples
    --------
    >>> describe(pd.DataFrame({"Kunde": ["7", "8", "7"]}, dtype="str"), "Kunde")
    "“Kunde”: 2 different values, such as '7', '8'"
    """
    different = pd.Series(rows[column].dropna().unique())
    if different.empty:
        return say("“{column}”: empty", column=column)
    samples = ", ".join(repr(one[:EXAMPLE]) for one in different.head(SAMPLES))
    values = pluralize(len(different), "different value")
    what = "“{column}”: {values}, such as {samples}"
    return say(what, column=column, values=values, samples=samples)


def which_column(
    rows: pd.DataFrame, role: str, columns: Sequence[str], other: Sequence[Choice] = ()
) -> Question:
    """Return the question which of some columns has a role, unless another choice is right."""
    asks, meaning = "Several columns could be {meaning} ({role}):", say(ROLES[role].meaning)
    said = [*choices(rows, role, columns), *other]
    return ask(asks, said, role=role, meaning=meaning)


def choices(rows: pd.DataFrame, role: str, columns: Sequence[str]) -> list[Choice]:
    """Return a choice for each of some columns that could have a role."""
    return [Choice(f"{role}={column}", describe(rows, column)) for column in columns[:SHOWN]]
