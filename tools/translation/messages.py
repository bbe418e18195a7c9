"""What a lesson says outside of its text: exercises and figures, and what of it is translated.

The translations are in ``helpers/locale/zh_CN/lessons/``, a file for each notebook. Texts of
figures stand there without their numbers, as `helpers.language.say_with_numbers` looks them up.
"""

import ast
import json
import re
import string
from collections.abc import Iterator
from pathlib import Path

from nbformat.v4 import new_code_cell

from exercises.engine import course, recall
from helpers import language
from tools import copies, env
from tools.notebooks import lesson
from tools.translation import sidecar

FOLDER = language.LOCALE / "zh_CN/lessons"
IS_ENGLISH = re.compile("(?=.*[A-Za-z])[^\u4e00-\u9fff]+", re.DOTALL)
HEAD = 'msgid ""\nmsgstr ""\n"Language: zh_CN\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
# What stands in a figure is looked up without its numbers, in whatever language it is shown.
RECORD = """\
from helpers import language
without_numbers, _recorded = language.without_numbers, []
language.without_numbers = lambda text: _recorded.append(without_numbers(text)) or _recorded[-1]
"""


def path_of(path: Path) -> Path:
    """Return the file with the translations of what a lesson says outside of its text."""
    return FOLDER / f"{copies.short_name(path)}.po"


def of_exercises(path: Path) -> Iterator[str]:
    """Yield the texts of a lesson's exercises and recall questions, in order."""
    number = copies.short_name(path)
    placement = recall.of_lesson(recall.PLACEMENT) if number == "00" else []
    for question in (*recall.of_lesson(number), *placement):
        yield from (question.text, *question.options.values(), *question.diagnoses.values())
    for id, exercise in course.exercises().items():
        if id.rpartition("-")[0] == number:
            yield from (*exercise.options.values(), *exercise.hints)
            yield from (each.diagnosis for each in exercise.wrong_answers)
            yield exercise.takeaway


def of_figures(path: Path) -> list[str]:
    """Run a lesson and return the texts in its figures and about them, without numbers."""
    taught = lesson.read(copies.LESSONS / path)
    first, last = map(new_code_cell, (RECORD, "import json; print(json.dumps(_recorded))"))
    taught.notebook.cells = [first, *taught.notebook.cells, last]
    lesson.execute(taught, {language.VARIABLE: "zh"})
    texts = json.loads(last.outputs[0].text)
    return [text for text in dict.fromkeys(texts) if IS_ENGLISH.fullmatch(text)]


def read(path: Path) -> dict[str, str]:
    """Return the translations of what a lesson says; none if it has no file yet."""
    file = path_of(path)
    return language.read(file) if file.exists() else {}


def missing(texts: list[str], path: Path) -> list[str]:
    """Return the texts that have no translation yet, each once."""
    known = read(path)
    return [text for text in dict.fromkeys(texts) if text not in known]


def shown(path: Path, outputs: str) -> dict[str, str]:
    """Return the translations on which a lesson's outputs in Chinese can depend.

    They are those of its figures, and all others whose English stands in its English outputs; a
    single word may stand there for any reason, so it doesn't count.
    """
    mine = read(path)
    figures = mine.keys() - set(of_exercises(path))
    of_lessons = set(map(path_of, copies.lessons()))
    shared = [FOLDER.parent / "own_shop.po", *(set(FOLDER.glob("*.po")) - of_lessons)]
    known = {text: said for path in sorted(shared) for text, said in language.read(path).items()}
    return {
        text: said
        for text, said in (known | mine).items()
        if text in figures
        or (" " in text and all(part in outputs for part in re.split(r"\{\w*\}", text)))
    }


def stale(path: Path) -> Iterator[str]:
    """Yield one sentence for each text of an exercise that has no translation."""
    for text in missing(list(of_exercises(path)), path):
        yield f"an exercise says {text!r}, which has no translation."


def stale_in_code() -> Iterator[str]:
    """Yield one sentence for each text that code says in a lesson and that has no translation."""
    known = language.catalog("zh", language.LESSONS)
    for folder in ("apps", "exercises", "helpers", "tools"):
        for file in sorted((env.ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say_in_lesson":
                    text = node.args[0]
                    if isinstance(text, ast.Constant) and text.value not in known:
                        yield f"{file.name} says {text.value!r}, which has no translation."


def as_po(texts: list[str]) -> str:
    """Return texts as the entries of a file of translations, still without translation."""
    entries = (f'msgid {json.dumps(text, ensure_ascii=False)}\nmsgstr ""\n' for text in texts)
    return "\n".join([HEAD, *entries])


def unfaithful(path: Path) -> Iterator[str]:
    """Yield one sentence for each translation of a file that says something else than its text."""
    for text, said in language.read(path).items():
        wanted, found = placeholders(text), placeholders(said)
        if wanted != found:
            yield f"{text!r} has the placeholders {wanted}, its translation {found}."
        for difference in sidecar.differences_of_texts(blank(text), blank(said)):
            yield f"{text!r}: {difference}"


def placeholders(text: str) -> list[str]:
    """Return the places of the numbers: 0, 1, … for {} {} as for {1} {0}.

    Examples
    --------
    >>> placeholders("{}% of {}"), placeholders("{1} 中的 {0}%")
    (['0', '1'], ['0', '1'])
    """
    try:
        fields = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
    except ValueError:  # braces that stand for themselves, in the text of an exercise
        return []
    if not all(name == "" or name.isdigit() for name in fields):
        return []
    return sorted({name or str(place) for place, name in enumerate(fields)}, key=int)


def blank(text: str) -> str:
    """Return a text without its placeholders."""
    return re.sub(r"\{\d*\}", "", text)
