"""At least 60 exports of known makes and languages, and traps, of one shop whose truth is known.

To write them and their truth into a folder: ``python -m tests.apps.corpus.corpus FOLDER``.
"""

import json
import sys
from pathlib import Path

from tests.apps.corpus import makes, traps
from tests.apps.corpus.dressing import CENTS, DRESSES, ONE_CURRENCY, PAIRS, Export
from tests.apps.corpus.simulated_shop import Truth

__all__ = [
    "CENTS",
    "DRESSES",
    "ONE_CURRENCY",
    "PAIRS",
    "Export",
    "Truth",
    "makes",
    "traps",
    "write",
]


def write(name: str, folder: Path) -> Export:
    """Write the export of a name into a folder."""
    return DRESSES[name].export(name, folder)


def main(folder: str) -> None:
    """Write all exports into a folder, and what is true of them into ``truth.json``."""
    told = {}
    Path(folder).mkdir(parents=True, exist_ok=True)
    for name in DRESSES:
        export = write(name, Path(folder))
        told[name] = export._asdict() | {"file": export.file.name, "truth": export.truth._asdict()}
    text = json.dumps(told, indent=1, ensure_ascii=False)
    (Path(folder) / "truth.json").write_text(text + "\n", encoding="utf-8")
    print(f"{len(told)} exports are in {folder}.")


if __name__ == "__main__":
    main(*sys.argv[1:])
