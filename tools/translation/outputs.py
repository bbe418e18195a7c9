"""What a lesson shows in Chinese: figures, their words, and what exercises answer.

They stand in ``notebooks/zh/outputs/``, a file for each notebook, with the cells whose outputs are
not those of the English notebook. As there, nothing is run to read them; `renew` runs the lesson.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from nbformat import from_dict

from helpers import language
from tools import copies
from tools.notebooks import lesson
from tools.notebooks.rules.cells import failures
from tools.translation import messages, sidecar

FOLDER = sidecar.FOLDER / "outputs"


def path_of(path: Path) -> Path:
    """Return the file with a lesson's outputs, ``zh/outputs/05.json``."""
    return FOLDER / f"{copies.short_name(path)}.json"


def read(path: Path) -> tuple[str, dict[str, list[dict]]]:
    """Return a lesson's `digest` when its outputs were stored, and the cell's id → its outputs."""
    content = json.loads(path_of(path).read_text(encoding="utf-8"))
    return content["digest"], content["outputs"]


def digest(path: Path) -> str:
    """Return the hash of what the outputs follow from: code, English outputs and messages."""
    code = lesson.read(copies.LESSONS / path).code
    shown = "\n".join(cell.shown for cell in code)
    followed = [[[cell.source, cell.outputs] for cell in code], messages.shown(path, shown)]
    return copies.digest(json.dumps(followed, sort_keys=True).encode())[:16]


def renew(path: Path) -> None:
    """Run a lesson in Chinese and store its outputs."""
    chinese = lesson.read(copies.LESSONS / path)
    english = {cell.node.id: cell.outputs for cell in lesson.read(chinese.path).code}
    lesson.execute(chinese, {language.VARIABLE: "zh"})
    outputs = {
        cell.id: cell.outputs
        for cell in lesson.normalized(chinese.notebook).cells
        if cell.cell_type == "code" and cell.outputs != english[cell.id]
    }
    content = {"digest": digest(path), "outputs": outputs}
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    copies.write(path_of(path), text.encode())


def stale(path: Path) -> Iterator[str]:
    """Yield one sentence if a lesson's outputs are missing or behind what they follow from."""
    renewed = f"python -m tools.translation {copies.short_name(path)} --outputs"
    if not path_of(path).exists():
        yield f"its figures have not been drawn: {renewed}"
    elif read(path)[0] != digest(path):
        yield f"its figures have changed since they were drawn: {renewed}"


def unfaithful(path: Path) -> Iterator[str]:
    """Yield one sentence for each thing that is wrong with outputs that are not `stale`."""
    if not any(stale(path)):
        for sentences in faults(path).values():
            yield from sentences


def faithful(path: Path) -> dict[str, list[dict]]:
    """Return what may be shown even when a lesson has changed: cells that say the same numbers."""
    if not path_of(path).exists():
        return {}
    wrong = faults(path)
    return {id: outputs for id, outputs in read(path)[1].items() if wrong.get(id) == []}


def faults(path: Path) -> dict[str, list[str]]:
    """Return what is wrong with each cell's outputs: its id → sentences."""
    _, outputs = read(path)
    found = {}
    for cell in lesson.read(copies.LESSONS / path).code:
        if (id := cell.node.id) in outputs:
            chinese = lesson.Cell(cell.number, from_dict(cell.node | {"outputs": outputs[id]}))
            differences = sidecar.differences_of_texts(shown(cell), shown(chinese))
            found[id] = [*failures(chinese), *(f"{cell}: {each}" for each in differences)]
    return found


def shown(cell: lesson.Cell) -> str:
    """Return the text of a cell's outputs, each once: its plain form only where it has no other.

    In a plain table columns go below each other where words are long, and so the rows' numbers
    come again.
    """
    outputs = [
        output | {"data": output.data | {"text/plain": ""}}
        if "text/html" in output.get("data", {})
        else output
        for output in cell.outputs
    ]
    return lesson.Cell(cell.number, cell.node | {"outputs": outputs}).shown
