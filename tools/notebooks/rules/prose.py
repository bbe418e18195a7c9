"""Rules of prose: dollars, links, and numbers that an output above shows."""

import ast
import re
from collections.abc import Iterator

from exercises.engine import course
from tools import links as link_check
from tools import wording
from tools.notebooks import markdown, numbers
from tools.notebooks.lesson import Cell, Lesson
from tools.notebooks.rules.base import advice, called, nodes, rule, with_exercise

NOT_QUOTED = re.compile(
    r"""
    # numbers of parts
    \b(?i:lesson|section|exercise|your\ turn|step|figure|table|chapter|question|hint)s?[ ]
        \d+[b-z]?(?:(?:-|–|,\ |\ and\ |,\ and\ |\ to\ )\d+[b-z]?)*
    | \bMinutes\s+(?:about\s+)?\d+(?:–\d+)? | \),\ Further\ \d+ | ^\d+\ min$
    | \((?:[A-Z][^()\d]*,?\s)?(?:1[6-9]|20)\d\d[a-z]?\)                         # (Fader, 2005)
    """,
    re.VERBOSE,
)


@rule
def dollars(lesson: Lesson) -> Iterator[str]:
    r"""Write one dollar sign in a paragraph at most: what is between two becomes a formula.

    So it does in JupyterLab between two ``\$``.
    """
    for cell in lesson.cells:
        if cell.is_code:
            continue
        for formula in markdown.formulas(cell.source):
            if re.match(r"\d", formula) and re.search(r"(?<!\\)\b[a-z]{3,}\b", formula):
                yield f"{cell}: ${formula}$ becomes a formula. Write 5 dollars instead of $5."
        for block in cell.blocks:
            if block.prose.count("$") > 1:
                yield (
                    f"{cell}: has two dollar signs in a paragraph; what is between them becomes a "
                    "formula. Write 5 dollars instead of $5."
                )


@rule
def links(lesson: Lesson) -> Iterator[str]:
    """Link only to what is there, and mention only exercises and sections that there are."""
    texts = [cell.source for cell in lesson.cells if not cell.is_code]
    yield from link_check.problems(lesson.path, texts)
    known = {*course.exercises(), *lesson.exercises}
    own = {block.text.split(" · ")[0] for cell in lesson.cells for block in cell.blocks}
    for cell in lesson.cells:
        prose = " ".join(block.prose for block in cell.blocks if not block.level)
        for id in re.findall(r"\b[Ee]xercise (\d\d[a-z]?-\d+)", prose):
            if id not in known:
                yield f"{cell}: mentions exercise {id}, which does not exist."
        for number in re.findall(r"\b[Ss]ection (\d+)\b(?! of)", prose):
            if number not in own:
                yield f"{cell}: mentions section {number}; this lesson has none with this number."


@rule
def quoted_numbers(lesson: Lesson) -> Iterator[str]:
    """Quote a number, in prose or typed into what is shown, only below an output that has it.

    What cannot (a year, a given constant) is listed, with its reason, under ``workbook.numbers`` in
    the notebook's metadata. The references are left out, and so are the numbers of lessons,
    sections and exercises. An exercise may quote its own options and hints.
    """
    listed = lesson.notebook.metadata.get("workbook", {}).get("numbers", {})
    entries = {number: entry for entry in listed for number in numbers.read(entry)}
    needed, shown, section = set(), set(), ""
    for cell, id in with_exercise(lesson):
        said = list(_typed(cell))
        for block in cell.blocks:
            section = block.text if block.level == 2 else section
            if section != "References":
                said.append(re.sub(r"^\d+[a-z]? · ", "", block.prose))
        seen = shown.union(_numbers(_words_of(lesson, id)))
        unseen = [
            number
            for text in said
            for number in _numbers(NOT_QUOTED.sub(" ", text))
            if not any(number.shown_by(other) for other in seen)
        ]
        needed.update(entries[number] for number in unseen if number in entries)
        if lacking := {f'"{number.text}"': None for number in unseen if number not in entries}:
            yield (
                f"{cell}: no output above shows {', '.join(lacking)}. Print it there, or list it "
                "with its reason under workbook.numbers in the notebook's metadata."
            )
        shown.update(_numbers(cell.shown))
    for entry in sorted(set(listed) - needed):
        yield (
            f'workbook.numbers lists "{entry}" ({listed[entry]}) and need not: the prose does not '
            "hold it, or an output shows it. Remove it."
        )


@advice
def plain_english(lesson: Lesson) -> Iterator[str]:
    """Write American textbook English, in the prose and in all that the code says."""
    for cell in lesson.cells:
        texts = [node.value for node in nodes(cell, ast.Constant) if isinstance(node.value, str)]
        for complaint in wording.unwanted("\n".join([block.text for block in cell.blocks] + texts)):
            yield f"{cell}: holds {complaint}."


def _numbers(text: str) -> list:
    """Return the numbers of a text; the id of an exercise is none."""
    ids = course.exercises()
    return list(
        numbers.read(
            re.sub(r"(?<![\d-])\d\d[a-z]?-\d+\b", lambda m: " " if m[0] in ids else m[0], text)
        )
    )


def _typed(cell: Cell) -> Iterator[str]:
    """Yield what the author typed into printed text and titles, without what is computed there."""
    for call in nodes(cell, ast.Call):
        prints = called(call) in ("print", "in_words", "set_title", "suptitle", "title")
        of_ours = ast.unparse(call.func).startswith("plots.")
        texts = call.args if prints or of_ours else []
        texts = [*texts, *(word.value for word in call.keywords if word.arg in ("title", "words"))]
        for text in texts:
            parts = text.values if isinstance(text, ast.JoinedStr) else [text]
            literal = [part.value for part in parts if isinstance(part, ast.Constant)]
            yield "\N{OBJECT REPLACEMENT CHARACTER}".join(map(str, literal))


def _words_of(lesson: Lesson, id: str) -> str:
    """Return what the learner may be told in an exercise before solving it."""
    if id not in lesson.exercises:
        return ""
    exercise = lesson.exercises[id]
    return "\n".join([*exercise.options.values(), *exercise.hints])
