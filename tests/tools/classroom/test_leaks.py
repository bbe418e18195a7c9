"""The search for solutions finds one wherever it is planted, and nothing where there is none."""

import io
import json
import lzma
import marshal
import textwrap
import zipfile

import pytest

from exercises.engine import course, view
from tools.classroom import leaks

EXERCISES = {id: course.find(id) for id in ("05-1", "05-6")}
NEIGHBORS, QUIZ = EXERCISES["05-1"], EXERCISES["05-6"]
SOURCE = NEIGHBORS.solution_text


def notebook(cell_type="code", source="", output=""):
    cell = {"cell_type": cell_type, "metadata": {}, "source": source.splitlines(keepends=True)}
    if output:
        cell["outputs"] = [{"output_type": "stream", "text": output.splitlines(keepends=True)}]
    return json.dumps({"cells": [cell], "metadata": {}}).encode()


def zipped(name, content):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def without_docstring(source):
    lines = source.splitlines()
    return "\n".join(line for line in lines if '"""' not in line)


PLANTED = {
    "a module": ("helpers/mine.py", SOURCE.encode()),
    "a class, without its docstring": (
        "tools/mine.py",
        f"class A:\n{textwrap.indent(without_docstring(SOURCE), '    ')}".encode(),
    ),
    "compiled code": ("helpers/mine.pyc", marshal.dumps(compile(SOURCE, "mine.py", "exec"))),
    "a cell": ("notebooks/mine.ipynb", notebook(source=SOURCE)),
    "the prose of a notebook": (
        "notebooks/mine.ipynb",
        notebook("markdown", textwrap.indent(without_docstring(SOURCE), "    ")),
    ),
    "a notebook in name only": ("a.ipynb", f"<<<<<<< mine\n{SOURCE}\n>>>>>>>".encode()),
    "what reveal showed": (
        "notebooks/mine.ipynb",
        notebook(source='reveal("05-1")', output=view.solution(NEIGHBORS).text),
    ),
    "a notebook in a zip": ("old.zip", zipped("a.ipynb", notebook(source=SOURCE))),
    "an xz": ("exercises/engine/sealed.bin", lzma.compress(SOURCE.encode())),
}


@pytest.mark.parametrize("place", PLANTED)
def test_a_planted_solution_is_found(place):
    name, content = PLANTED[place]
    ((found),) = leaks.find({"README.md": b"# Hello", name: content}, EXERCISES)
    assert found.startswith(f"The solution of 05-1 stands in {name}")


@pytest.mark.parametrize(
    "cell",
    [
        notebook(source="check('05-6',\n      'c')"),
        notebook(source='reveal("05-6")', output=view.solution(QUIZ).text),
    ],
    ids=["a check", "what reveal showed"],
)
def test_a_planted_letter_is_found(cell):
    assert leaks.find({"a.ipynb": cell}, EXERCISES) == ["The solution of 05-6 stands in a.ipynb."]


def test_what_is_no_solution_is_not_taken_for_one():
    harmless = {
        "wrong.py": without_docstring(SOURCE).replace("> 0", ">= 0").encode(),
        "scaffold.ipynb": notebook(source='check("05-6", ...)\n\ncheck("05-6", "a")'),
        "options.md": "\n".join(f"- {k}: {v}" for k, v in QUIZ.options.items()).encode(),
        "latin.txt": "Käufer".encode("latin-1"),
    }
    assert leaks.find(harmless, EXERCISES) == []
