"""The rules of a lesson: each is a function from a notebook to sentences saying what is wrong.

A sentence names the cell, says what is wrong with it and how to fix it. `RULES` are refused by
``make notebook`` and by the tests. `ADVICE` is only printed: a lesson may have a reason to act
against it.
"""

from collections.abc import Callable, Iterator

from tools.notebooks.lesson import Lesson

Rule = Callable[[Lesson], Iterator[str]]


RULES: list[Rule] = []
ADVICE: list[Rule] = []


def problems(lesson: Lesson, rules: list[Rule] = RULES) -> dict[str, list[str]]:
    """Return what is wrong with a notebook: name of a broken rule → sentences."""
    found = {rule.__name__: list(rule(lesson)) for rule in rules}
    return {name: sentences for name, sentences in found.items() if sentences}


def rule(function: Rule) -> Rule:
    """Make a function one of the rules."""
    RULES.append(function)
    return function


def advice(function: Rule) -> Rule:
    """Make a function one piece of the advice."""
    ADVICE.append(function)
    return function
