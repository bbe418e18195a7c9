"""The rules of a lesson. Each is a function from a notebook to sentences saying what is wrong.

``make notebook`` and the tests both ask `problems`; nothing else knows the rules. A sentence names
the cell, says what is wrong with it and how to mend it.
"""

import ast
import re
import symtable
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from helpers.exercises import course
from tools import links as link_check
from tools import markdown, numbers
from tools.env import ROOT
from tools.lesson import Cell, Lesson, normalized, serialize

LONGEST_CELL = 20  # lines
LARGEST_FILE = 1_000_000  # bytes
END_OF_LESSON = [
    "What goes wrong",
    "Exercises",
    "What to tell the manager",
    "References",
    "Next",
]
END_OF_CASE_STUDY = ["What to tell the manager", "References"]

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


# ---------------------------------------------------------------- the template


@rule
def title(lesson: Lesson) -> Iterator[str]:
    """Begin with the title, and let it agree with the name of the file and with the exercises."""
    first = _heading_at_the_start(lesson)
    if first is None:
        yield 'cell 1: begins with no title. Begin with "# 01 · Data cleaning".'
        return
    stem = re.sub(r"\W+", "_", first.lower()).strip("_")
    if lesson.number and stem != lesson.stem:
        yield (
            f'cell 1: the title "{first}" would make the file {stem}.ipynb, but it is '
            f"{lesson.stem}.ipynb. Rename one of them."
        )
    if not lesson.number and lesson.stem not in stem:
        yield f'cell 1: the title "{first}" does not hold the name of the file, {lesson.stem}.'
    if lesson.title and first != lesson.title:
        yield (
            f'cell 1: the title "{first}" is not "{lesson.title}", the one in '
            f"helpers/exercises/lessons/lesson_{lesson.number}.py. Rename one of them."
        )


def _heading_at_the_start(lesson: Lesson) -> str | None:
    blocks = lesson.cells[0].blocks if lesson.cells else []
    return blocks[0].text if blocks and blocks[0].level == 1 else None


@rule
def opening(lesson: Lesson) -> Iterator[str]:
    """Say the question, three to five goals and the needs in cell 1, and set up in cell 2."""
    if len(lesson.cells) < 2:
        yield "the first two cells are missing: the opening, and the setup."
        return
    first, second = lesson.cells[:2]
    wanted = {"**The business question.** ": "the business question"}
    if lesson.number:
        wanted |= {
            "**You will be able to**\n": "what one will be able to do",
            "**Needs** ": "what the lesson needs",
            " · **Minutes** ": "how many minutes it takes",
            " · **Data** ": "which data it uses",
        }
        _, _, after = first.source.partition("**You will be able to**")
        goals = len(re.findall(r"^[-*] ", after, re.MULTILINE))
        if not 3 <= goals <= 5:
            yield f"cell 1: lists {goals} goals. Name three to five, each on a line with a dash."
    for text, meaning in wanted.items():
        if text not in first.source:
            yield f'cell 1: does not say {meaning}. Write it after "{text.strip()}".'
    if not second.is_code or not all(_is_setup(statement) for statement in second.tree.body):
        yield "cell 2: is not the setup, which holds imports, plots.use_style() and nothing else."


def _is_setup(statement: ast.stmt) -> bool:
    imports = isinstance(statement, ast.Import | ast.ImportFrom)
    return imports or ast.unparse(statement) == "plots.use_style()"


@rule
def sections(lesson: Lesson) -> Iterator[str]:
    """Give the sections numbers from 1 up, and end with the fixed ones, in their order."""
    end = END_OF_LESSON if lesson.number else END_OF_CASE_STUDY
    blocks = [(cell, block) for cell in lesson.cells for block in cell.blocks]
    found = [(cell, block.text) for cell, block in blocks if block.level == 2]
    names = [name for _, name in found]
    for name in end:
        if names.count(name) != 1:
            yield f'the section "## {name}" stands there {names.count(name)} times instead of once.'
    closing = [name for name in names if name in end]
    if sorted(closing) == sorted(end) and names[-len(end) :] != end:
        yield f"the lesson does not end with the sections {', '.join(end)}, in this order."
    others = [(cell, name) for cell, name in found if name not in end]
    for number, (cell, name) in enumerate(others, start=1):
        if not name.startswith(f"{number} · "):
            yield f'{cell}: the heading "{name}" should begin with "{number} · ".'
    for cell in [cell for cell, block in blocks if block.level == 1][1:]:
        yield f"{cell}: holds a second title. Headings below the title begin with ##."


# ---------------------------------------------------------------- cells and outputs


@rule
def cells(lesson: Lesson) -> Iterator[str]:
    """Leave no cell empty or raw, and give each an id of its own."""
    seen = set()
    for cell in lesson.cells:
        if not cell.source.strip():
            yield f"{cell}: is empty. Delete it."
        if cell.node.cell_type == "raw":
            yield f"{cell}: is a raw cell, which learners do not see. Make it markdown."
        id = cell.node.get("id")
        if id is None or id in seen:
            yield f"{cell}: has no id of its own. Cut it, paste it and save, in JupyterLab."
        seen.add(id)


@rule
def executed(lesson: Lesson) -> Iterator[str]:
    """Run the code cells in order, from top to bottom, in a fresh kernel."""
    for count, cell in enumerate(lesson.code, start=1):
        counts = {cell.node.execution_count}
        counts |= {o.execution_count for o in cell.outputs if o.output_type == "execute_result"}
        if counts != {count}:
            yield f"{cell}: was not run as number {count}. Run `make notebook`."
            return


@rule
def outcome(lesson: Lesson) -> Iterator[str]:
    """Show no error, no warning, and nothing else that goes to stderr."""
    for cell in lesson.code:
        for output in cell.outputs:
            if output.output_type == "error":
                yield (
                    f"{cell}: ends with {output.ename}. To show an error, catch it and print it."
                )
            elif output.get("name") == "stderr":
                line = output.text.strip().splitlines()[-1]
                yield f"{cell}: writes to stderr, {line!r}. Mend what it warns of."


@rule
def reproducible(lesson: Lesson) -> Iterator[str]:
    """Show no object's address and no more digits than all machines agree on."""
    for cell in lesson.code:
        if found := re.search(r"\bat 0x[0-9a-f]+", cell.shown):
            yield f"{cell}: shows an address, {found[0]!r}. Show what the object holds, or nothing."
        if found := re.search(r"\d*\.(?!0+\b)\d{10,}", cell.shown):
            yield f"{cell}: shows {found[0]}, which differs between machines. Round it."


@rule
def length(lesson: Lesson) -> Iterator[str]:
    """Keep a code cell to twenty lines; an import counts as one, however long it is."""
    for cell in lesson.code:
        imports = [node.end_lineno - node.lineno for node in _of(cell, ast.ImportFrom)]
        lines = len(cell.source.splitlines()) - sum(imports)
        if lines > LONGEST_CELL:
            yield (
                f"{cell}: has {lines} lines; {LONGEST_CELL} is the most. Split it into steps, or "
                "make it a helper."
            )


@rule
def size(lesson: Lesson) -> Iterator[str]:
    """Keep the file to one megabyte."""
    size = len(serialize(normalized(lesson.notebook)).encode())
    if size > LARGEST_FILE:
        cell = max(lesson.code, key=lambda cell: len(str(cell.outputs)))
        yield (
            f"the file has {size / 1e6:.1f} MB; 1 MB is the most. The largest output is that of "
            f"{cell}: draw fewer points, or show fewer rows."
        )


# ---------------------------------------------------------------- code


@rule
def imports(lesson: Lesson) -> Iterator[str]:
    """Import in the setup cell, nowhere else."""
    for cell in lesson.code:
        if cell.number != 2 and any(_of(cell, ast.Import, ast.ImportFrom)):
            yield f"{cell}: imports something. Move the import into the setup cell, cell 2."


NETWORK = {"aiohttp", "ftplib", "http", "httpx", "pooch", "requests", "socket", "urllib"}
CALLS = {"input", "system", "get_ipython"}


@rule
def calls(lesson: Lesson) -> Iterator[str]:
    """Use no magics, no shell, no keyboard and no network."""
    for cell in lesson.code:
        if cell.source.strip() and not any(_of(cell, ast.stmt)) and not _only_comments(cell):
            yield f"{cell}: is not plain Python. Do without magics (%), shell (!) and help (?)."
        if cell.source.rstrip().endswith(";"):
            yield f"{cell}: ends with a semicolon, which nbval ignores. Assign the value to `_`."
        for node in _of(cell, ast.Import, ast.ImportFrom):
            names = [alias.name for alias in node.names] + [getattr(node, "module", None) or ""]
            for name in NETWORK & {name.split(".")[0] for name in names}:
                yield f"{cell}: imports {name}. Lessons run offline: use helpers.data."
        for node in _of(cell, ast.Constant):
            if isinstance(node.value, str) and re.match(r"(?:https?|ftp|s3)://", node.value):
                yield f"{cell}: reads {node.value}. Lessons run offline: use helpers.data."
        for name in CALLS & {_called(node) for node in _of(cell, ast.Call)}:
            yield f"{cell}: calls {name}(), which a lesson must not."


def _only_comments(cell: Cell) -> bool:
    return all(line.startswith("#") for line in cell.source.splitlines() if line.strip())


def _of(cell: Cell, *kinds: type) -> Iterator:
    return (node for node in ast.walk(cell.tree) if isinstance(node, kinds))


def _called(call: ast.Call) -> str:
    """Return the last word of what is called: use_style of plots.use_style()."""
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


HERE = [place for place in (ROOT, Path.home(), Path(sys.prefix)) if place.name]  # "/" is no place
MACHINE = re.compile(
    r"(?<![\w./:])/(?:home|Users|root|tmp|var|private|opt|mnt|usr|work)/\S*|\b[A-Z]:\\(?:Users|Program)"
)


@rule
def paths(lesson: Lesson) -> Iterator[str]:
    """Name no place on somebody's machine, neither in a source nor in an output."""
    for cell in lesson.cells:
        data = [data for output in cell.outputs for data in output.get("data", {}).items()]
        texts = [text for kind, text in data if kind.startswith("text/")]
        text = "\n".join([cell.source, *(out.get("text", "") for out in cell.outputs), *texts])
        here = [place for place in map(str, HERE) if place in text]
        for place in (here or MACHINE.findall(text))[:1]:
            yield f"{cell}: names a place on one machine, {place}. Show path.name instead."


# ---------------------------------------------------------------- figures


@rule
def figures(lesson: Lesson) -> Iterator[str]:
    """Give a figure a title, say it in words, and show it with plt.show()."""
    for cell in lesson.code:
        kinds = {kind for output in cell.outputs for kind in output.get("data", {})}
        if not any(kind.startswith("image/") for kind in kinds):
            continue
        if not any(_sets_title(call) for call in _of(cell, ast.Call)):
            yield f"{cell}: draws a figure without a title. Say its message with set_title."
        if not re.search(r"^In words: \S", cell.printed, re.MULTILINE):
            yield f'{cell}: draws a figure and does not say it in words: plots.in_words("…").'
        if not cell.tree.body or ast.unparse(cell.tree.body[-1]) != "plt.show()":
            yield f"{cell}: draws a figure and does not end with plt.show()."


def _sets_title(call: ast.Call) -> bool:
    """Whether a call gives a figure its title; every function of helpers.plots asks for one."""
    of_ours = ast.unparse(call.func).startswith("plots.") and _called(call) != "in_words"
    named = any(keyword.arg == "title" for keyword in call.keywords)
    return of_ours or named or _called(call) in ("set_title", "suptitle", "title")


# ---------------------------------------------------------------- prose


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
        for id in re.findall(r"\b[Ee]xercise (\d\d-\d+)", prose):
            if id not in known:
                yield f"{cell}: mentions exercise {id}, which does not exist."
        for number in re.findall(r"\b[Ss]ection (\d+)\b(?! of)", prose):
            if number not in own:
                yield f"{cell}: mentions section {number}; this lesson has none with this number."


NOT_QUOTED = re.compile(
    r"""
    \b(?i:lesson|section|exercise|step|figure|table|chapter|question|hint)s?\   # numbers of parts
        \d+(?:(?:-|–|,\ |\ and\ |,\ and\ |\ to\ )\d+)*
    | \bMinutes\s+(?:about\s+)?\d+(?:–\d+)?
    | \((?:[A-Z][^()\d]*,?\s)?(?:1[6-9]|20)\d\d[a-z]?\)                         # (Fader, 2005)
    """,
    re.VERBOSE,
)


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
    for cell, id in _with_exercise(lesson):
        said = list(_typed(cell))
        for block in cell.blocks:
            section = block.text if block.level == 2 else section
            if section != "References":
                said.append(re.sub(r"^\d+ · ", "", block.prose))
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


def _numbers(text: str) -> list:
    """Return the numbers of a text; the id of an exercise is none."""
    ids = course.exercises()
    return list(
        numbers.read(re.sub(r"(?<![\d-])\d\d-\d+\b", lambda m: " " if m[0] in ids else m[0], text))
    )


def _typed(cell: Cell) -> Iterator[str]:
    """Yield what the author typed into printed text and titles, without what is computed there."""
    for call in _of(cell, ast.Call):
        prints = _called(call) in ("print", "in_words", "set_title", "suptitle", "title")
        of_ours = ast.unparse(call.func).startswith("plots.")
        texts = call.args if prints or of_ours else []
        texts = [*texts, *(word.value for word in call.keywords if word.arg == "title")]
        for text in texts:
            parts = text.values if isinstance(text, ast.JoinedStr) else [text]
            literal = [part.value for part in parts if isinstance(part, ast.Constant)]
            yield "\N{OBJECT REPLACEMENT CHARACTER}".join(map(str, literal))


def _words_of(lesson: Lesson, id: str) -> str:
    """Return what the learner may be told in an exercise before solving it."""
    if id not in lesson.exercises:
        return ""
    exercise = lesson.exercises[id]
    return "\n".join([exercise.objective, *exercise.options.values(), *exercise.hints])


# ---------------------------------------------------------------- exercises


@rule
def exercises(lesson: Lesson) -> Iterator[str]:
    """Hold the exercises of helpers/exercises in their order, each checked once and untouched."""
    expected = list(lesson.exercises)
    headings = [id for cell in lesson.cells for id in _exercise_headings(cell)]
    if headings != expected:
        yield (
            f"the headings are those of the exercises {', '.join(headings) or 'none'}; "
            f"helpers/exercises has {', '.join(expected) or 'none'} for this lesson."
        )
    imported = {
        name.name
        for cell in lesson.code
        for node in _of(cell, ast.ImportFrom)
        for name in node.names
    }
    for command in ("check", "hint", "reveal"):
        if expected and command not in imported:
            yield f"cell 2: does not import {command}, which every exercise tells of."
    checks = {id: [] for id in headings}
    for cell, id in _with_exercise(lesson):
        for call in _of(cell, ast.Call):
            if _called(call) == "check":
                checked = ast.literal_eval(call.args[0])
                checks.setdefault(checked, []).append(cell)
                if checked != id:
                    yield f"{cell}: checks {checked} below the heading of {id or 'no exercise'}."
    for id, places in checks.items():
        if len(places) != 1:
            yield f'exercise {id}: has {len(places)} checks. It needs one, check("{id}", …).'
        elif f"○ {id}" not in places[0].shown:
            yield f"{places[0]}: shows an answer to {id}. Store the exercise untouched."
        scaffold = [cell for cell, of in _with_exercise(lesson) if of == id]
        constants = [node.value for cell in scaffold for node in _of(cell, ast.Constant)]
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
    for cell, id in _with_exercise(lesson):
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


def _exercise_headings(cell: Cell) -> list[str]:
    matches = (re.match(r"Exercise (\S+) · ", block.text) for block in cell.blocks if block.level)
    return [match[1] for match in matches if match]


def _with_exercise(lesson: Lesson) -> Iterator[tuple[Cell, str]]:
    """Yield each cell with the id of the exercise whose heading stands above it, or with ""."""
    id = ""
    for cell in lesson.cells:
        if any(block.level for block in cell.blocks):
            id = next(iter(_exercise_headings(cell)), "")
        yield cell, id
