"""What a teacher gets beyond the workbook: pages to teach from, and a course for nbgrader."""

import ast
import copy
import functools
from collections.abc import Iterator

from helpers.exercises.exercise import FULL_POINTS, Exercise
from tools import copies, lesson
from tools.lesson import Lesson

# What a word takes, beside a word of prose; an exercise takes as long as so many of these.
WORD_OF_CODE, AN_EXERCISE = 2, 200

NBGRADER_CONFIG = '''"""The course in nbgrader."""

c = get_config()
c.CourseDirectory.course_id = "user_value_workbook"
c.ClearSolutions.enabled = False  # there are none
c.ExecutePreprocessor.timeout = 120
'''

GUIDE = """# Teaching with the workbook

Students get `student.zip`: unpack it, `make lab`. It holds all lessons, and every exercise checks
itself as usual; but it holds no solutions, and `reveal` says so. What it knows are results: what
is right for the inputs of the check, and what each mistake gives.

In this folder: for each lesson a page with its timing, the expected answers and the mistakes to
listen for.

## Timings

A lesson's minutes are those that its header names: reading, running and doing the exercises,
alone. A page shares them out over the sections by length. A word of code counts as {code} words of
prose and an exercise as {exercise}; that is a guess, so write down what your class took.

| Lesson | Minutes | Sections | Exercises | Points |
|---|---:|---:|---:|---:|
{lessons}
| **The course** | **{minutes}** | | **{exercises}** | **{points}** |

## Rubric

| Points | Answer |
|---:|---|
| {full} | right: `check` says ✓ |
| {half} | an attempt that works and makes one of the mistakes named on the lesson's page |
| 0 | any other answer, a wrong letter in a quiz, or a scaffold left as it was |

`points("05-2", answer)` in a notebook gives these numbers.

## With nbgrader

The folder `nbgrader/` is an nbgrader course: `source/` has an assignment for each lesson, in which
every exercise is followed by a locked cell that gives the points. nbgrader is no part of the
workbook's environment. Install it there, activate the environment, and go into `nbgrader/`:

```bash
.venv/bin/python -m pip install nbgrader
source .venv/bin/activate
cd nbgrader
nbgrader generate_assignment lesson_05    # → release/lesson_05/: what students get
nbgrader autograde lesson_05              # of what they hand in, in submitted/<student>/lesson_05/
nbgrader generate_feedback lesson_05
```

Students need `student.zip` for the notebook to run, and put the assignment into its `my_work/`.
"""


def pages() -> dict[str, str]:
    """Return the teacher's pages: name of a file → its text."""
    taught = lessons()
    rows = [
        f"| [{each.title}](lesson_{each.number}.md) | {minutes(each)} | {len(sections(each))} | "
        f"{len(each.exercises)} | {FULL_POINTS * len(each.exercises)} |"
        for each in taught
    ]
    count = sum(len(each.exercises) for each in taught)
    guide = GUIDE.format(
        code=WORD_OF_CODE,
        exercise=AN_EXERCISE,
        lessons="\n".join(rows),
        minutes=sum(map(minutes, taught)),
        exercises=count,
        points=FULL_POINTS * count,
        full=FULL_POINTS,
        half=FULL_POINTS // 2,
    )
    return {"README.md": guide} | {f"lesson_{each.number}.md": page(each) for each in taught}


@functools.cache
def lessons() -> list[Lesson]:
    """Return the lessons that have exercises, in order."""
    found = [lesson.read(copies.LESSONS / path) for path in copies.lessons()]
    return [each for each in found if each.exercises]


def minutes(taught: Lesson) -> int:
    """Return how many minutes the header of a lesson asks for."""
    header = taught.cells[0].source
    return int(header.split("**Minutes** ")[1].split(" ")[0])


def sections(taught: Lesson) -> dict[str, float]:
    """Share the minutes of a lesson out over its sections: heading → minutes."""
    lengths = {"Opening": 0}
    for cell in taught.cells:
        for block in cell.blocks:
            if block.level == 2:
                lengths[block.text] = 0
            if block.level == 3 and block.text.startswith("Exercise "):
                lengths[list(lengths)[-1]] += AN_EXERCISE
            lengths[list(lengths)[-1]] += len(block.text.split())
        if cell.is_code:
            lengths[list(lengths)[-1]] += WORD_OF_CODE * len(cell.source.split())
    return {
        heading: minutes(taught) * length / sum(lengths.values())
        for heading, length in lengths.items()
    }


def page(taught: Lesson) -> str:
    """Return a lesson's page: timing, expected answers, mistakes."""
    timing = [f"| {in_table(heading)} | {time:.0f} |" for heading, time in sections(taught).items()]
    return "\n".join(
        [
            *[f"# {taught.title}", "", "## Timing", "", "| Section | Minutes |", "|---|---:|"],
            *[*timing, "", "## Expected answers, and mistakes to listen for", ""],
            *["\n".join(expected(each)) for each in taught.exercises.values()],
        ]
    )


def expected(exercise: Exercise) -> Iterator[str]:
    """Yield the lines about one exercise."""
    yield f"### {exercise.id} · {exercise.objective}\n"
    if exercise.options:
        yield f"{exercise.solution_text}\n"
    else:
        yield f"```python\n{exercise.solution_text}\n```\n"
    yield f"To remember: {exercise.takeaway}\n"
    yield "| Mistake | What the check says |\n|---|---|"
    for name, mistake in exercise.wrong_answers.items():
        yield f"| {in_table(name)} | {in_table(mistake.diagnosis)} |"
    yield ""


def in_table(text: str) -> str:
    """Write a text so that a table of Markdown keeps it in its cell."""
    return text.replace("|", "\\|")


def nbgrader_tree() -> dict[str, bytes]:
    """Return the source tree of an nbgrader course: name of a file → content."""
    tree = {"nbgrader_config.py": NBGRADER_CONFIG.encode()}
    for each in lessons():
        name = f"source/lesson_{each.number}/{each.path.name}"
        tree[name] = lesson.serialize(assignment(each)).encode()
    return tree


def assignment(taught: Lesson) -> lesson.NotebookNode:
    """Copy a lesson; each exercise's cell becomes an answer, followed by one that gives points."""
    notebook = copy.deepcopy(taught.notebook)
    notebook.cells = []
    for cell in taught.cells:
        node = copy.deepcopy(cell.node)
        notebook.cells.append(node)
        if checked := answered(cell):
            id, answer = checked
            node.metadata["nbgrader"] = _marks(f"answer-{id}", solution=True, locked=False)
            node.outputs, node.execution_count = [], None
            gives = lesson.nbformat.v4.new_code_cell(
                f'from helpers.exercises import points\n\npoints("{id}", {answer})',
                id=f"points-{id}",
                metadata={
                    "nbgrader": _marks(f"points-{id}", grade=True, locked=True, points=FULL_POINTS)
                },
            )
            notebook.cells.append(gives)
    return notebook


def _marks(grade_id: str, **marks: object) -> dict:
    """Return what nbgrader wants to know of a cell."""
    plain = {"grade": False, "solution": False, "task": False, "schema_version": 3}
    return plain | {"grade_id": grade_id} | marks


def answered(cell: lesson.Cell) -> tuple[str, str] | None:
    """Return id and answer of the `check` that ends a cell, if one does."""
    match cell.tree.body[-1:]:
        case [ast.Expr(ast.Call(ast.Name("check"), [ast.Constant(id), answer]))]:
            return id, ast.unparse(answer)
    return None
