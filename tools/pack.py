"""Make what a class needs: ``python -m tools.pack``.

In ``pack/``: a zip for students, in which no solution stands; a zip for the teacher, with all of
the workbook, a plan, timings, expected answers, rubrics and slides; and the source tree of an
nbgrader course. Nothing else is changed, not even what has been graded there, and two runs give the
same bytes. Where a solution is found among the students' files, no pack is made.
"""

import lzma
import os
import re
import shutil
import sys
import zipfile
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path

from helpers.language import speaking
from tools import env

FOLDER = env.ROOT / "pack"
PARTS = [  # of the workbook: all that is committed, but for what runs it elsewhere
    *["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "CITATION.cff", "LICENSE", "LICENSE-CONTENT"],
    *["Makefile", "environment.yml", "pyproject.toml", "requirements.txt", ".gitignore"],
    *["apps", "data", "exercises", "helpers", "notebooks", "tests", "tools"],
]
BYPRODUCTS = ("__pycache__", ".ipynb_checkpoints", ".virtual_documents")
# What holds solutions, needs them to run, or speaks to teachers.
TEACHERS_ONLY = (
    "exercises/lesson_*.py",
    "tests/browser/*",
    "tests/exercises/*",
    "tests/test_house.py",
    "tests/tools/classroom/*",
    "tools/classroom/capstone*",
    "tools/classroom/decks/*",
    "tools/classroom/handbook.*",
    "tools/classroom/rubrics/*",
    "tools/classroom/slides.*",
)
DIAGNOSES = "helpers/locale/*/lessons/*.po"  # who reads them all knows what a quiz wants
NOTE = """\
**This is the copy for a class.** Everything works as this page says, with one exception: there are
no solutions here. `reveal` says so, and your teacher has them.

"""


def main() -> None:
    """Write the two zips and the source tree, and say where they are."""
    env.enter()
    if os.environ.get("PYTHONHASHSEED") != "0":  # sealed sets stand in an order that it decides
        sys.exit(env.run(sys.executable, "-m", "tools.pack", PYTHONHASHSEED="0"))
    from exercises.engine import course  # only the environment has what it needs
    from tools.classroom import leaks

    if course.SEALED.exists():
        sys.exit("This is a student's copy; packs are made from the whole workbook.")
    students = for_students()
    if found := leaks.find(students, course.exercises()):
        found.append("Take them out, or move the files out of the workbook. No pack was made.")
        sys.exit("\n".join(found))
    teachers = for_teachers()
    write_zip(FOLDER / "student.zip", students)
    write_zip(FOLDER / "teacher.zip", teachers)
    shutil.rmtree(FOLDER / "nbgrader/source", ignore_errors=True)
    for name, content in teachers.items():
        if name.startswith("pack/"):
            path = FOLDER.parent / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    print(f"In {FOLDER}:")
    print("  student.zip   for each student: no solutions; reveal() says so")
    print("  teacher.zip   all of it; begin with teacher/handbook.html: plan, rubrics, answers")
    print("  nbgrader/     a course for nbgrader; the handbook says how to use it")


def for_students() -> dict[str, bytes]:
    """Return all files of the workbook but those with solutions, and the sealed exercises."""
    from exercises.engine import course

    kept = {
        name: content
        for name, content in files()
        if not any(fnmatch(name, pattern) for pattern in TEACHERS_ONLY)
    }
    for name in [each for each in kept if fnmatch(each, DIAGNOSES)]:
        kept[f"{name}.xz"] = lzma.compress(kept.pop(name))
    kept["README.md"] = students_readme(kept["README.md"].decode()).encode()
    return kept | {course.SEALED.relative_to(env.ROOT).as_posix(): course.sealed()}


def students_readme(readme: str) -> str:
    """Say below the title what is missing, and leave out the section for teachers."""
    title, text = readme.split("\n\n", 1)
    return f"{title}\n\n{NOTE}{re.sub(r'(?ms)^## Teaching.*?(?=^## )', '', text)}"


def for_teachers() -> dict[str, bytes]:
    """Return all files of the workbook, the teacher's pages, and the course for nbgrader."""
    from tools.classroom import handbook, nbgrader, slides

    pages = {
        f"teacher/slides/lesson_{each.number}.html": slides.deck(each).encode()
        for each in nbgrader.lessons()
    }
    for spoken, folder in {"en": "teacher", "zh": "teacher/zh"}.items():
        with speaking(spoken):
            sheets = {f"exams/{name}": page for name, page in handbook.exam_sheets().items()}
            for name, text in (handbook.pages() | sheets).items():
                pages[f"{folder}/{name}"] = text.encode()
    tree = {f"pack/nbgrader/{name}": content for name, content in nbgrader.nbgrader_tree().items()}
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
