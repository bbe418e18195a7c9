"""How mistakes are read from a table, and made by editing the solution."""

from dataclasses import replace

import pytest

from exercises.engine.exercise import Exercise, Mistake, judge, on_cases
from exercises.engine.mistakes import edited, read

SPREAD = 1


# fmt: off
def spread(numbers, unit):
    """Largest minus smallest, in units; numbers come in any order."""
    high, low = max(numbers), min(numbers)
    return (
        high - low
    ) / unit
# fmt: on


def made(*edits):
    return edited(spread, list(edits), name="99-1")


@pytest.mark.parametrize(
    ("edits", "result"),  # of the numbers 4, 1, 9 with a unit of 2; right is (9 - 1) / 2 = 4
    [
        (["max => min"], 0),  # (1 - 1) / 2
        (["/ unit =>"], 8),
        (["high - low => low - high"], -4),
        (["(high - low) => high"], 4.5),  # on three lines
        (["numbers, unit => unit, numbers"], TypeError),
        (["=> numbers = numbers[:2]"], 1.5),  # (4 - 1) / 2
        (["=> numbers = numbers[:2]", "=> numbers = numbers[:1]"], 0),  # in this order
        (["return … => return high"], 9),
        (["return … => return -(…)"], -4),
        (["high, low = … => high, low = 10, 2"], 4),
        (["/ unit =>", "high - low => high - SPREAD - low"], 7),  # a name of its module
        (["max => min", "min(numbers), min => min(numbers), max"], -4),  # one after the other
    ],
)  # fmt: skip
def test_an_edit(edits, result):
    if result is TypeError:
        with pytest.raises(TypeError):
            made(*edits)([4, 1, 9], 2)
    else:
        assert made(*edits)([4, 1, 9], 2) == result


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        ("maximum => min", "99-1: `maximum` stands 0 times in spread, not once"),
        ("high => low", "99-1: `high` stands 2 times in spread, not once"),
        ("Largest => Smallest", "`Largest` stands 0 times"),  # the docstring isn't edited
        ("raise … => return 0", "`raise …` stands 0 times"),
    ],
)
def test_an_edit_must_match_once(edit, says):
    with pytest.raises(ValueError, match=says):
        made(edit)


def test_an_edit_that_is_no_python_is_named():
    with pytest.raises(SyntaxError) as error:
        made("/ unit => /")
    assert error.value.filename == "<99-1: / unit => />"


EXERCISE = Exercise(
    id="99-1",
    hints=("?", "max?", "max − min."),
    solution=spread,
    check=on_cases(([4, 1, 9], 2), ([0, 8], 4)),
    mistakes="""
    high - low => low - high
        The sign is turned around:
        take low from high.
    => numbers = numbers[:2]
    / unit =>
        You took the first two, without a unit.
    """,
    others=[Mistake(lambda numbers, unit: 7, "It is not always 7.")],
    takeaway="Two numbers decide.",
)


def test_a_table_is_read_in_order():
    assert list(read(EXERCISE.mistakes)) == [
        (["high - low => low - high"], "The sign is turned around: take low from high."),
        (["=> numbers = numbers[:2]", "/ unit =>"], "You took the first two, without a unit."),
    ]


def test_the_mistakes_of_an_exercise_are_found_in_answers():
    def said(exercise, answer):
        return judge(exercise, answer).diagnosis

    for exercise in (EXERCISE, EXERCISE.sealed(), replace(EXERCISE, takeaway="Two.")):
        turned = "The sign is turned around: take low from high."
        assert said(exercise, lambda n, unit: (min(n) - max(n)) / unit) == turned
        first_two = "You took the first two, without a unit."
        assert said(exercise, lambda n, unit: abs(n[0] - n[1])) == first_two
        assert said(exercise, lambda n, unit: 7) == "It is not always 7."
    assert EXERCISE.sealed().mistakes == ""
    assert not EXERCISE.sealed().others
