"""The rules of a lesson: each is a function from a notebook to sentences saying what is wrong.

``make notebook`` and the tests both ask `problems`. A sentence names the cell, says what is wrong
with it and how to mend it.
"""

from collections.abc import Callable, Iterator

from tools.notebooks.lesson import Lesson

Rule = Callable[[Lesson], Iterator[str]]


RULES: list[Rule] = []


def problems(lesson: Lesson) -> dict[str, list[str]]:
    """Return what is wrong with a notebook: name of a broken rule → sentences."""
    found = {rule.__name__: list(rule(lesson)) for rule in RULES}
    return {name: sentences for name, sentences in found.items() if sentences}


def rule(function: Rule) -> Rule:
    """Make a function one of the rules."""
    RULES.append(function)
    return function
