"""The teacher's guide, plan and rubrics in Chinese: ``tools/classroom/handbook.zh.md``.

It has a block for each file in English, as the translation of a lesson has one for each cell.
"""

import functools
from collections.abc import Iterator

from helpers.language import current
from tools import env
from tools.translation import sidecar

CLASSROOM = env.ROOT / "tools/classroom"
PATH = CLASSROOM / "handbook.zh.md"


@functools.cache
def english() -> dict[str, str]:
    """Return the texts in English: handbook, weeks, capstone, and 05 for the rubric of a lesson.

    A student's copy has none.
    """
    files = {"handbook": "handbook.md", "weeks": "handbook.csv", "capstone": "capstone.md"}
    paths = {id: CLASSROOM / name for id, name in files.items()}
    paths |= {path.stem: path for path in sorted(CLASSROOM.glob("rubrics/*.md"))}
    return {id: path.read_text(encoding="utf-8") for id, path in paths.items() if path.exists()}


@functools.cache
def chinese() -> dict[str, str]:
    """Return the texts in Chinese that translate the English as it stands today."""
    blocks = sidecar.blocks(PATH)
    return {
        id: blocks[id].text
        for id, source in english().items()
        if id in blocks and blocks[id].digest == sidecar.digest(source)
    }


def text(id: str) -> str:
    """Return a text in the language that is spoken; what is behind the English is in English."""
    return chinese().get(id, english()[id]) if current() == "zh" else english()[id]


def stale() -> Iterator[str]:
    """Yield one sentence for each text that has no translation of today."""
    for id in english():
        if id not in chinese():
            yield f"{PATH.name}: {id} has no translation of today."


def unfaithful() -> Iterator[str]:
    """Yield one sentence for each difference between a text and the English it translates."""
    for id, said in chinese().items():
        for difference in sidecar.differences(english()[id], said):
            yield f"{PATH.name}: {id}: {difference}"
