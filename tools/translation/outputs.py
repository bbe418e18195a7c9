"""Figures in Chinese: what the lessons show when they are run in that language, kept for next time.

The stored outputs of the English notebooks have English figures. A lesson is run again, with
``WORKBOOK_LANG=zh``, when its code, its outputs or the translations of its figures have changed.
One that needs an extra environment or a download that is missing keeps its English outputs.
"""

import concurrent.futures
import hashlib
import json
import os
from pathlib import Path

from helpers import language
from helpers.data import downloads
from tools import copies, env
from tools.notebooks import lesson
from tools.translation import messages

KEPT = env.ROOT / ".cache/outputs-zh"
SHARED = [env.ROOT / "helpers/plots.py", env.ROOT / "helpers/language.py"]  # by all figures


def with_outputs(path: Path, notebook: dict) -> dict:
    """Return a translated lesson with the outputs that are kept for it, if there are any."""
    if not kept(path).exists():
        return notebook
    outputs = json.loads(kept(path).read_text(encoding="utf-8"))
    cells = [cell | outputs.get(cell["id"], {}) for cell in notebook["cells"]]
    return notebook | {"cells": cells}


def renew() -> None:
    """Run all lessons whose outputs are not kept, on all cores."""
    wanted = [path for path in copies.lessons() if runs_here(path) and not kept(path).exists()]
    KEPT.mkdir(parents=True, exist_ok=True)
    current = {kept(path) for path in copies.lessons()}
    for path in KEPT.iterdir():
        if path not in current:
            path.unlink()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for path in pool.map(run, wanted):
            print(f"{path.name}: run in Chinese.", flush=True)


def runs_here(path: Path) -> bool:
    """Whether all that a lesson needs is there."""
    needs = copies.metadata(path)
    return not needs.get("extra") and all(map(downloads.is_cached, needs.get("needs", [])))


def run(path: Path) -> Path:
    """Run a lesson in Chinese and keep its outputs: id of a cell → its outputs."""
    read = lesson.read(copies.LESSONS / path)
    lesson.execute(read, {language.VARIABLE: "zh"})
    cells = lesson.normalized(read.notebook).cells
    outputs = {cell.id: {"outputs": cell.outputs} for cell in cells if cell.cell_type == "code"}
    copies.write(kept(path), json.dumps(outputs, ensure_ascii=False).encode())
    return path


def kept(path: Path) -> Path:
    """Return the file in which a lesson's outputs are kept; its name tells what they depend on."""
    parts = [copies.LESSONS / path, messages.path_of(path), *SHARED]
    content = b"".join(part.read_bytes() for part in parts if part.exists())
    return KEPT / f"{copies.short_name(path)}-{hashlib.sha256(content).hexdigest()[:16]}.json"
