"""The Chinese edition as a learner gets it: lessons, glossary, and what stands beside them."""

from pathlib import Path

from tools import copies
from tools.translation import glossary, outputs, sidecar


def original(file: Path) -> bytes:
    """Return a lesson, the glossary or a picture in Chinese, as it is copied for a learner."""
    if file == copies.GLOSSARY:
        return glossary.page().encode()
    if file.suffix == ".ipynb":
        return copies.not_run(notebook(file))
    return (sidecar.FOLDER / file).read_bytes()


def notebook(lesson: Path) -> dict:
    """Return a lesson with the text and the outputs in Chinese, and the code as it is.

    What is behind the English is shown in English.
    """
    chinese = outputs.faithful(lesson)
    translated = sidecar.translated(lesson)
    for cell in translated["cells"]:
        if cell["id"] in chinese:
            cell["outputs"] = chinese[cell["id"]]
    return translated
