"""How answers are judged."""

import functools
import os
import sys
import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.display import display

from exercises.engine.exercise import (
    RIGHT,
    UNTRIED,
    WRONG,
    Case,
    Exercise,
    Mistake,
    Verdict,
    in_turn,
    judge,
    on_cases,
)


def spread(numbers):
    """Largest minus smallest."""
    return max(numbers) - min(numbers)


def exercise(**changes):
    parts = {
        "id": "99-1",
        "hints": ("Which two matter?", "The extremes.", "max − min."),
        "solution": spread,
        "check": on_cases([1, 4], [2, 9, 5]),
        "others": [
            Mistake(lambda n: min(n) - max(n), "The sign is turned around."),
            Mistake(lambda n: n[-1] - n[0], "You took last and first."),
        ],
        "takeaway": "Two numbers decide.",
    }
    return Exercise(**parts | changes)


def diagnosis(answer, **changes):
    verdict = judge(exercise(**changes), answer)
    assert verdict.mark == WRONG
    return verdict.diagnosis


def test_a_way_without_return():
    assert diagnosis(print) == "Your function gives None. Does it end with `return`?"
    verdict = judge(exercise(), lambda numbers: 3 if len(numbers) == 2 else None)
    assert "one way through it has no `return`" in verdict.diagnosis
    assert verdict.exhibit == "numbers: 2, 9, 5"


def test_right_and_wrong():
    assert judge(exercise(), lambda numbers: np.ptp(numbers)) == Verdict(RIGHT)
    assert diagnosis(lambda numbers: -spread(numbers)) == "The sign is turned around."
    # 4 − 1 = 3 is right in the first case; 5 − 2 = 3 is not 9 − 2 = 7 in the second.
    assert diagnosis(lambda numbers: numbers[-1] - numbers[0]) == "You took last and first."


def test_an_undiagnosed_answer_is_shown_the_first_case_it_fails():
    assert diagnosis(sum).startswith("For `1, 4` your function gives `5`, which is not right.")
    said = diagnosis(lambda numbers: 3 * numbers[0])  # 3 · 1 = 4 − 1, but 3 · 2 is not 9 − 2
    assert said.startswith("For `2, 9, 5` your function gives `6`, which is not right.")
    assert said.endswith("The right result is `7`.")


def test_a_case_may_hold_several_arguments():
    def rest(stock, sold):
        return stock - sold

    parts = {"solution": rest, "check": on_cases((7, 2)), "others": []}
    assert judge(exercise(**parts), lambda a, b: a - b) == Verdict(RIGHT)
    said = diagnosis(lambda a, b: b, **parts)
    line = "For `stock 7; sold 2` your function gives `2`, which is not right."
    assert said == f"{line} The right result is `5`."


def test_a_case_may_say_what_is_right():
    # Then the solution is judged by it: 4 − 1 = 3 is worked by hand, and 2 is not.
    assert judge(exercise(check=on_cases(Case([1, 4], right=3))), spread).mark == RIGHT
    assert judge(exercise(check=on_cases(Case([1, 4], right=2))), spread).mark == WRONG


def test_an_array_without_dimensions_is_a_number():
    assert judge(exercise(), lambda numbers: np.array(np.ptp(numbers))) == Verdict(RIGHT)
    assert "gives `5`" in diagnosis(lambda numbers: np.where(True, sum(numbers), 0))


def test_rows_may_come_in_any_order_only_when_said_so():
    table = pd.DataFrame({"a": [2, 1]})
    parts = {"solution": lambda t: t.sort_values("a"), "others": []}
    strict, loose = (on_cases(table, any_order=any_order) for any_order in (False, True))
    assert judge(exercise(check=strict, **parts), lambda t: t).mark == WRONG
    assert judge(exercise(check=loose, **parts), lambda t: t).mark == RIGHT


def test_checks_in_turn():
    check = in_turn(on_cases([1, 4]), on_cases([2, 9, 5]))
    assert judge(exercise(check=check), spread).mark == RIGHT
    assert judge(exercise(check=check), lambda numbers: ...).mark == UNTRIED
    # On [1, 4] last minus first is right, so the second check has to name it; the first names the
    # turned sign although on [2, 9, 5] the answer is another one.
    assert diagnosis(lambda n: n[-1] - n[0], check=check) == "You took last and first."
    assert (
        diagnosis(lambda n: -3 if len(n) == 2 else 0, check=check) == "The sign is turned around."
    )


def test_inputs_are_copies():
    def greedy(numbers):
        low = min(numbers)
        high = max(numbers)
        numbers.clear()
        return high - low

    same_exercise = exercise()
    assert judge(same_exercise, greedy).mark == RIGHT
    assert judge(same_exercise, greedy).mark == RIGHT


def test_solution_and_mistakes_run_once_and_a_mistake_only_when_it_is_asked_for():
    ran = []

    def noted(name, function):
        def noting(numbers):
            ran.append(name)
            return function(numbers)

        return noting

    mistakes = [
        Mistake(noted("least", min), "The least."),
        Mistake(noted("largest", max), "The largest."),
        Mistake(noted("sum", sum), "The sum."),
    ]
    cases = on_cases([1, 4], [2, 9, 5])
    asked = exercise(solution=noted("solution", spread), check=cases, others=mistakes)
    assert judge(asked, spread).mark == RIGHT
    assert ran == ["solution"] * 2
    for _ in range(2):
        assert judge(asked, lambda numbers: max(numbers)).diagnosis == "The largest."
        assert ran == ["solution"] * 2 + ["least"] * 2 + ["largest"] * 2
    assert judge(asked, spread).mark == RIGHT


def test_an_exercise_changed_is_judged_as_it_is_now():
    old = exercise()
    assert judge(old, spread).mark == RIGHT
    assert judge(replace(old, solution=sum), spread).mark == WRONG
    assert judge(replace(old, check=on_cases([-1])), lambda numbers: 0).mark == RIGHT
    assert judge(old, spread).mark == RIGHT


def test_a_mistake_that_raises_is_not_forgotten():
    asked = exercise(others=[Mistake(lambda numbers: 1 / 0, "Broken.")])
    for _ in range(2):
        assert "ZeroDivisionError" in judge(asked, sum).diagnosis


def test_a_value_instead_of_a_function():
    assert diagnosis(3).startswith("The check needs a function; this is a number, 3.")


def test_what_was_raised_and_where():
    def broken(numbers):
        return numbers["price"]

    line = broken.__code__.co_firstlineno + 1
    assert diagnosis(broken) == (
        "Your code raised TypeError: list indices must be integers or slices, not str, "
        f'in line {line}: `return numbers["price"]`.'
    )


def test_where_a_helper_of_the_learner_raises():
    def inner(numbers):
        raise KeyError("deep")

    def outer(numbers):
        return inner(numbers)

    assert diagnosis(outer).endswith('`raise KeyError("deep")`.')


def test_where_a_library_raises_the_learners_line_is_named():
    assert diagnosis(lambda numbers: pd.DataFrame(numbers)["price"]).startswith(
        "Your code raised KeyError: 'price', in line"
    )


BASKET = pd.DataFrame({"item": ["tea"], "price": [9.5]})


@pytest.mark.parametrize(
    "answer",
    [
        lambda basket, n: basket["cost"],
        lambda basket, n: basket.cost,
        lambda basket, n: basket[["item", "cost"]],
        lambda basket, n: basket.groupby("cost").size(),
    ],
)
def test_a_column_that_is_not_there_is_answered_with_those_that_are(answer):
    cases = on_cases((BASKET, 2))
    said = diagnosis(answer, solution=lambda basket, n: n, check=cases, others=[])
    assert "cost" in said
    assert said.endswith("`basket` has the columns `item`, `price`.")


@pytest.mark.parametrize(
    "answer",
    [lambda basket, n: {}["price"], lambda basket, n: n.cost, lambda basket, n: basket / "x"],
)
def test_other_errors_do_not_list_the_columns(answer):
    cases = on_cases((BASKET, 2))
    said = diagnosis(answer, solution=lambda basket, n: n, check=cases, others=[])
    assert "has the columns" not in said


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("It is\n  late.", "It is late"),
        ("Bad date at row 1.5. You might " + "try " * 60, "Bad date at row 1.5"),
        ("try " * 60, "try " * 49 + "…"),
        ("x" * 300, "x" * 200),
    ],
)
def test_a_long_message_is_cut_where_a_sentence_or_a_word_ends(message, said):
    assert f" ValueError: {said}, in line" in diagnosis(raises(ValueError(message)))


def test_a_line_whose_source_is_gone():
    space = {}
    exec(compile("def typed(numbers):\n    return 1 / 0", "<typed>", "exec"), space)
    assert (
        diagnosis(space["typed"])
        == "Your code raised ZeroDivisionError: division by zero, in line 2."
    )


def test_a_blank_left_in_code_that_raises_is_not_attempted():
    def half_done(numbers):
        low = ...
        return max(numbers) - low

    assert judge(exercise(), half_done) == Verdict(UNTRIED)


def test_an_ellipsis_that_does_its_work_is_not_a_blank():
    assert judge(exercise(), lambda numbers: np.ptp(np.array(numbers)[...])).mark == RIGHT


def test_what_the_code_says_is_not_shown(capsys):
    def chatty(numbers):
        print("x" * 10_000)
        print("y", file=sys.stderr)
        display(pd.DataFrame({"a": numbers}))
        warnings.warn("careful", stacklevel=1)
        return spread(numbers)

    assert judge(exercise(), chatty).mark == RIGHT
    assert capsys.readouterr() == ("", "")


def test_an_interrupt_passes_through():
    def interrupted(numbers):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        judge(exercise(), interrupted)


class Hostile:
    """Objects to everything that is asked of it."""

    def refuse(self, *_):
        raise RuntimeError("no")

    __repr__ = __str__ = __eq__ = __bool__ = __len__ = __iter__ = __float__ = refuse
    __hash__ = __array__ = __getattr__ = refuse


class Masked:
    @property
    def __class__(self):
        raise RuntimeError("no class")


class UnprintableError(Exception):
    def __str__(self):
        raise RuntimeError("no")


class AnnotatedError(Exception):
    __notes__ = (3, None)


def raises(error):
    def raising(*_):
        raise error

    return raising


def swallow_itself(numbers):
    numbers.append(numbers)
    return numbers


def recurse(numbers):
    return recurse(numbers)


HORRORS = {
    "complex": 1j,
    "hostile": Hostile(),
    "masked": Masked(),
    "built in": len,
    "partial": functools.partial(spread),
    "generator": (n for n in range(10)),
    "module": os,
    "table": pd.DataFrame({"a": [1]}),
    "huge": np.zeros(100_000),
    "cube": np.zeros((2, 2, 2)),
}
ANSWERS = HORRORS | {
    "exits": raises(SystemExit(1)),
    "stops": raises(StopIteration()),
    "base": raises(BaseException("odd")),
    "annotated": raises(AnnotatedError()),
    "unprintable": raises(UnprintableError()),
    "long message": raises(ValueError("long\n" * 10_000)),
    "recursion": recurse,
    "memory": raises(MemoryError()),
    "itself": swallow_itself,
    "closes": lambda numbers: sys.stdout.close(),
    "changes warnings": lambda numbers: warnings.simplefilter("error") or "changed",
    "same name twice": lambda numbers: pd.DataFrame([[1, 2]], columns=["a", "a"]),
}
ANSWERS |= {f"gives {name}": lambda *_, horror=horror: horror for name, horror in HORRORS.items()}
SOLUTIONS = {
    "number": spread,
    "column": sorted,
    "table": lambda numbers: pd.DataFrame({"a": numbers}),
    "dict": lambda numbers: {"a": spread(numbers)},
    "date": lambda numbers: pd.Timestamp(2025, 1, 1),
    "set": lambda numbers: set(numbers),
}


# By name: pytest looks at its parameters, and some of these do not like to be looked at.
@pytest.mark.parametrize("solution", SOLUTIONS)
@pytest.mark.parametrize("answer", ANSWERS)
def test_nothing_makes_it_raise(answer, solution):
    verdict = judge(exercise(solution=SOLUTIONS[solution]), ANSWERS[answer])
    assert verdict.mark in (RIGHT, WRONG)
    assert "\n" not in verdict.diagnosis
    assert len(verdict.diagnosis) < 1000
    assert "0x" not in verdict.diagnosis + verdict.exhibit  # no address: the same in every run


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.datetimes(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
        | st.tuples(inner, inner)
    ),
    max_leaves=5,
)


@given(got=values, right=values)
def test_no_value_makes_it_raise(got, right):
    answered = exercise(solution=lambda _: right, check=on_cases(0), others=[])
    assert judge(answered, lambda _: right).mark == RIGHT
    assert judge(answered, lambda _: got).mark in (RIGHT, WRONG)
    assert judge(answered, got).mark == WRONG


def test_a_held_back_case_counts_but_is_not_in_the_copy_for_a_class():
    def double(number):
        return 2 * number

    made = exercise(solution=double, check=on_cases(1, 2, held_back=[5]), others=[])
    by_heart = {1: 2, 2: 4}.get
    assert judge(made, double) == judge(made.sealed(), double) == Verdict(RIGHT)
    assert judge(made.sealed(), by_heart) == Verdict(RIGHT)
    assert judge(made, by_heart).mark == WRONG
    assert len(made.verdict_on.sealed().inputs) == 2
