"""The cases of every exercise are strong enough: what is nearly the solution does not pass.

A new lesson is tested with no new test. Where one of these fails, the fix is a better case.
"""

import ast
import copy
import inspect

import numpy as np
import pandas as pd
import pytest

from exercises.engine import course
from exercises.engine.exercise import RIGHT, WRONG, judge

FUNCTIONS = [each for each in course.exercises().values() if not each.options]


def first_result_for_all(exercise):
    """Answer as somebody does who sees the first case and writes its result down."""
    results = []

    def answer(*inputs):
        results.append(exercise.solution(*inputs))
        return results[0]

    return answer


def input_unchanged(exercise):
    return lambda *inputs: inputs[0]


def on_numbers(change):
    """Do something to each number of a right result; a result without numbers becomes None."""

    def changed(result):
        if isinstance(result, tuple):
            return tuple(map(changed, result))
        if isinstance(result, pd.DataFrame):
            return result.assign(
                **{name: change(result[name]) for name in result.select_dtypes("number")}
            )
        return change(result) if pd.api.types.is_numeric_dtype(pd.Series(result)) else None

    return lambda exercise: lambda *inputs: changed(exercise.solution(*inputs))


def rounded(number):
    """Round what is not whole by its kind; where all results are, there is nothing to find."""
    return round(number) if pd.api.types.is_float_dtype(pd.Series(number)) else None


ANSWERS = {
    "the first result for all": first_result_for_all,
    "the input unchanged": input_unchanged,
    "rounded": on_numbers(rounded),
    "one too many": on_numbers(lambda number: number + 1),
    "the sign turned": on_numbers(lambda number: -number),
    "the other part": on_numbers(lambda share: 1 - share),
    "in percent": on_numbers(lambda share: 100 * share),
}


@pytest.mark.parametrize(
    ("exercise", "make"),
    [
        pytest.param(each, make, id=f"{each.id}-{name}")
        for each in FUNCTIONS
        for name, make in ANSWERS.items()
    ],
)
def test_what_is_off_by_the_usual_is_wrong(exercise, make):
    assert judge(exercise, make(exercise)).mark == WRONG


def in_other_forms(result):
    """Yield a right result in the forms in which learners may give it, too."""
    if isinstance(result, bool | np.bool_):
        yield np.bool_(result)
    elif isinstance(result, int | float):
        yield np.float64(result)
    elif isinstance(result, pd.DataFrame):
        yield result[result.columns[::-1]]
        yield result.astype(dict.fromkeys(result.select_dtypes("int"), float))
    elif isinstance(result, pd.Series):
        yield result.rename("by another name")
        yield result.rename_axis([None] * result.index.nlevels)
        if not any(result.index.names):
            yield from in_other_forms(result.tolist())
    elif isinstance(result, np.ndarray) and result.ndim == 2:
        yield pd.DataFrame(result).add_prefix("column ")
    elif isinstance(result, list | tuple) and not any(isinstance(each, list) for each in result):
        series = pd.Series(list(result), dtype=object)
        yield from (list(result), tuple(result), series, series.rename_axis("by a name"))


@pytest.mark.parametrize("exercise", FUNCTIONS, ids=lambda each: each.id)
def test_a_right_answer_may_come_in_another_form(exercise):
    for place in range(9):

        def answer(*inputs, place=place):
            result = exercise.solution(*inputs)
            forms = [result, *in_other_forms(result)]
            return forms[min(place, len(forms) - 1)]

        assert judge(exercise, answer).mark == RIGHT


OTHERS = {
    ast.Gt: [ast.GtE, ast.Lt],
    ast.GtE: [ast.Gt, ast.Eq, ast.Lt],
    ast.Lt: [ast.LtE, ast.GtE],
    ast.LtE: [ast.Lt, ast.Eq, ast.GtE],
    ast.Eq: [ast.NotEq],
    ast.Add: [ast.Sub],
    ast.Sub: [ast.Add],
    ast.Mult: [ast.Div],
    ast.Div: [ast.Mult],
    ast.BitAnd: [ast.BitOr],
}


def changes(node):
    """Yield what else could stand there: field of the node, new value."""
    match node:
        case ast.Compare(ops=[operator]):
            yield from (("ops", [other()]) for other in OTHERS.get(type(operator), []))
            yield from (("comparators", [other]) for other in neighbors(node.comparators[0]))
        case ast.BinOp(op=operator):
            yield from (("op", other()) for other in OTHERS.get(type(operator), []))
            yield from (("left", other) for other in neighbors(node.left))
            yield from (("right", other) for other in neighbors(node.right))


def neighbors(operand):
    if isinstance(operand, ast.Constant) and isinstance(operand.value, int | float):
        yield from (ast.Constant(operand.value + step) for step in (-1, 1))


def mutants(function):
    """Yield the function with one operator or number changed: what then stands there, function."""
    tree = ast.parse(inspect.getsource(function))
    for place, node in enumerate(ast.walk(tree)):
        for field, value in changes(node):
            mutant = copy.deepcopy(tree)
            changed = list(ast.walk(mutant))[place]
            setattr(changed, field, value)
            space = dict(vars(inspect.getmodule(function)))
            exec(compile(ast.fix_missing_locations(mutant), "<mutant>", "exec"), space)
            yield ast.unparse(changed), space[function.__name__]


@pytest.mark.parametrize(
    ("exercise", "mutant"),
    [
        pytest.param(each, mutant, id=f"{each.id}-{text}")
        for each in FUNCTIONS
        for text, mutant in mutants(each.solution)
    ],
)
def test_the_solution_with_one_thing_changed_is_wrong(exercise, mutant):
    assert judge(exercise, mutant).mark == WRONG
