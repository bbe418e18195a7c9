"""Rules of exercises: all there, untouched, and not used further down."""

import ast
import symtable
from collections.abc import Iterator

from tools.notebooks.lesson import Lesson
from tools.notebooks.rules.base import called, exercise_headings, nodes, rule, with_exercise


@rule
def exercises(lesson: Lesson) -> Iterator[str]:
    """Hold the exercises of the lesson in their order, each checked once and untouched."""
    expected = list(lesson.exercises)
    headings = [id for cell in lesson.cells for id in exercise_headings(cell)]
    if headings != expected:
        yield (
            f"the headings are those of the exercises {', '.join(headings) or 'none'}; "
            f"exercises/ has {', '.join(expected) or 'none'} for this lesson."
        )
    imported = {
        name.name
        for cell in lesson.code
        for node in nodes(cell, ast.ImportFrom)
        for name in node.names
    }
    for command in ("check", "hint", "progress", "reveal"):
        if expected and command not in imported:
            yield f"cell 2: does not import {command}, which every exercise tells of."
    checks = {id: [] for id in headings}
    for cell, id in with_exercise(lesson):
        for call in nodes(cell, ast.Call):
            if called(call) == "check":
                checked = ast.literal_eval(call.args[0])
                checks.setdefault(checked, []).append(cell)
                if checked != id:
                    yield f"{cell}: checks {checked} below the heading of {id or 'no exercise'}."
    for id, places in checks.items():
        if len(places) != 1:
            yield f'exercise {id}: has {len(places)} checks. It needs one, check("{id}", …).'
        elif f"○ {id}" not in places[0].shown:
            yield f"{places[0]}: shows an answer to {id}. Store the exercise untouched."
        scaffold = [cell for cell, of in with_exercise(lesson) if of == id]
        constants = [node.value for cell in scaffold for node in nodes(cell, ast.Constant)]
        if places and ... not in constants:
            yield f"exercise {id}: leaves nothing to fill in. Put ... where the answer belongs."
        text = " ".join(block.text for cell in scaffold for block in cell.blocks)
        for option in lesson.exercises[id].options.values() if id in lesson.exercises else []:
            if option.replace("`", "") not in text:
                yield f'exercise {id}: does not show the option "{option}" in these very words.'


@rule
def answers_unused(lesson: Lesson) -> Iterator[str]:
    """Use nothing that the learner defines in an exercise further up."""
    answers = set()
    for cell, id in with_exercise(lesson):
        if not cell.tree.body:
            continue
        names = symtable.symtable(cell.source, "cell", "exec")
        bound = {symbol.get_name() for symbol in names.get_symbols() if symbol.is_assigned()}
        for name in sorted((_globals_used(names) & answers) - bound):
            yield f"{cell}: uses {name}, which the learner defines in an exercise. Define it anew."
        answers = answers | bound if id else answers - bound


def _globals_used(names: symtable.SymbolTable) -> set[str]:
    used = {
        symbol.get_name()
        for symbol in names.get_symbols()
        if symbol.is_referenced() and (symbol.is_global() or names.get_type() == "module")
    }
    return used.union(*map(_globals_used, names.get_children()))
