"""Make what a class needs: ``python -m tools.pack``.

In ``pack/``: a zip for students, in which no solution can be read; a zip for the teacher, with
all of the workbook, timings, expected answers and a rubric; and the source tree of an nbgrader
course. Nothing else is changed, and two runs give the same bytes.
"""

import shutil
import sys
import zipfile
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path

from tools import env

FOLDER = env.ROOT / "pack"
PARTS = [  # of the workbook: all that is committed, but for what runs it elsewhere
    *["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "CITATION.cff", "LICENSE", "LICENSE-CONTENT"],
    *["Makefile", "environment.yml", "pyproject.toml", "requirements.txt", ".gitignore"],
    *["data", "helpers", "notebooks", "tests", "tools"],
]
BYPRODUCTS = ("__pycache__", ".ipynb_checkpoints", ".virtual_documents")
# What holds solutions, or needs them to run.
TEACHERS_ONLY = (
    "helpers/exercises/lesson_*.py",
    "tests/exercises/*",
    "tests/browser/*",
    "tests/tools/test_pack.py",
)


def main() -> None:
    """Write the two zips and the source tree, and say where they are."""
    env.enter()
    from helpers.exercises import course  # only the environment has what it needs

    if course.SEALED.exists():
        sys.exit("This is a student's copy; packs are made from the whole workbook.")
    shutil.rmtree(FOLDER, ignore_errors=True)
    write_zip(FOLDER / "student.zip", for_students())
    teachers = for_teachers()
    write_zip(FOLDER / "teacher.zip", teachers)
    for name, content in teachers.items():
        if name.startswith("nbgrader/"):
            (FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
            (FOLDER / name).write_bytes(content)
    print(f"In {FOLDER}:")
    print("  student.zip   for each student: no solutions; reveal() says so")
    print("  teacher.zip   all of it, with timings, expected answers and a rubric in teacher/")
    print("  nbgrader/     a course for nbgrader; teacher/README.md says how to use it")


def for_students() -> dict[str, bytes]:
    """Return all files of the workbook but those with solutions, and the sealed exercises."""
    from helpers.exercises import course

    kept = {
        name: content
        for name, content in files()
        if not any(fnmatch(name, pattern) for pattern in TEACHERS_ONLY)
    }
    return kept | {course.SEALED.relative_to(env.ROOT).as_posix(): course.sealed()}


def for_teachers() -> dict[str, bytes]:
    """Return all files of the workbook, the teacher's pages, and the course for nbgrader."""
    from tools import classroom

    pages = {f"teacher/{name}": text.encode() for name, text in classroom.pages().items()}
    tree = {f"nbgrader/{name}": content for name, content in classroom.nbgrader_tree().items()}
    return dict(files()) | pages | tree


def files() -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each file of the workbook."""
    for part in PARTS:
        path = env.ROOT / part
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and not any(name in BYPRODUCTS for name in file.parts):
                yield file.relative_to(env.ROOT).as_posix(), file.read_bytes()


def write_zip(path: Path, content: Mapping[str, bytes]) -> None:
    """Write a zip that unpacks into one folder; the same content gives the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in sorted(content.items()):
            entry = zipfile.ZipInfo(f"user-value-workbook/{name}")  # dated 1980, as all its like
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    main()
