"""The Chinese edition as a learner gets it: lessons, glossary, and what stands beside them."""

import json
from pathlib import Path

from tools import copies
from tools.translation import glossary, sidecar


def original(file: Path) -> bytes:
    """Return a lesson, the glossary or a picture in Chinese, as it is copied for a learner.

    Code and outputs are those of the English notebook; a figure speaks Chinese when its cell is
    run again.
    """
    if file == copies.GLOSSARY:
        return glossary.page().encode()
    if file.suffix == ".ipynb":
        notebook = sidecar.translated(file)
        return (json.dumps(notebook, ensure_ascii=False, indent=1) + "\n").encode()
    return (copies.LESSONS / file).read_bytes()
