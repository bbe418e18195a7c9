"""The search for solutions finds one wherever it is planted, and nothing where there is none."""

import base64
import dataclasses
import gzip
import io
import json
import lzma
import marshal
import textwrap
import zipfile

import pytest

from exercises.engine import course, view
from tools.classroom import leaks

EXERCISES = {id: course.find(id) for id in ("05-1", "05-5", "05-6")}
NEIGHBORS, QUIZ = EXERCISES["05-1"], EXERCISES["05-6"]
SOURCE = NEIGHBORS.solution_text

RENAMED = """
class Notes:
    def mine(self, s, stars, user, n):
        good = stars.notna() & (s > 0) & (s.index != user)
        return s[good].nlargest(n).index.tolist()
"""
ONE_LINE = "best = lambda marks, known, k: marks.drop(known).dropna().nlargest(k).index.tolist()"


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
    "a backup": ("exercises/lesson_05.py~", SOURCE.encode()),
    "a class, without its docstring": (
        "tools/mine.py",
        f"class A:\n{textwrap.indent(without_docstring(SOURCE), '    ')}".encode(),
    ),
    "other names": ("tests/test_mine.py", RENAMED.encode()),
    "a broken file": ("helpers/mine.py", f"{SOURCE}\nif".encode()),
    "compiled code": ("helpers/mine.pyc", marshal.dumps(compile(SOURCE, "mine.py", "exec"))),
    "a page": ("NOTES.md", f"Look:\n\n```python\n{RENAMED}```\n".encode()),
    "a cell": ("notebooks/mine.ipynb", notebook(source=SOURCE)),
    "a cell, with other names": ("notebooks/mine.ipynb", notebook(source=RENAMED)),
    "the prose of a notebook": (
        "notebooks/mine.ipynb",
        notebook("markdown", f"    {without_docstring(SOURCE).replace(chr(10), chr(10) + '    ')}"),
    ),
    "what reveal showed": (
        "notebooks/mine.ipynb",
        notebook(source='reveal("05-1")', output=view.solution(NEIGHBORS).text),
    ),
    "a zip": ("old.zip", zipped("lesson_05.py", SOURCE)),
    "a notebook in a zip": ("old.zip", zipped("a.ipynb", notebook(source=RENAMED))),
    "an xz": ("exercises/engine/sealed.bin", lzma.compress(SOURCE.encode())),
    "a gz in a zip": ("old.zip", zipped("lesson_05.gz", gzip.compress(SOURCE.encode()))),
}
PLANTED_QUIZ = {
    "a cell": ("notebooks/mine.ipynb", notebook(source="check('05-6',\n      'c')")),
    "what reveal showed": (
        "notebooks/mine.ipynb",
        notebook(source='reveal("05-6")', output=view.solution(QUIZ).text),
    ),
}


@pytest.mark.parametrize("place", PLANTED)
def test_a_planted_solution_is_found(place):
    name, content = PLANTED[place]
    ((found),) = leaks.find({"README.md": b"# Hello", name: content}, EXERCISES)
    assert found.startswith(f"The solution of 05-1 stands in {name}")


@pytest.mark.parametrize("place", PLANTED_QUIZ)
def test_a_planted_letter_is_found(place):
    name, content = PLANTED_QUIZ[place]
    assert leaks.find({name: content}, EXERCISES) == [f"The solution of 05-6 stands in {name}."]


def only_the_largest(scores, n):
    return scores.nlargest(n).index.tolist()[::-1]


def test_a_solution_without_a_docstring_is_found():
    changes = {"id": "05-9", "solution": only_the_largest, "mistakes": "", "others": ()}
    bare = {"05-9": dataclasses.replace(NEIGHBORS, **changes)}
    content = b"def f(a, b):\n    return a.nlargest(b).index.tolist()[::-1]\n"
    assert leaks.find({"a.py": content}, bare) == ["The solution of 05-9 stands in a.py."]


def test_a_notebook_in_name_only_is_searched():
    conflict = f"<<<<<<< mine\n{SOURCE}\n>>>>>>>".encode()
    assert len(leaks.find({"a.ipynb": conflict}, EXERCISES)) == 1


def test_a_lambda_is_found():
    found = leaks.find({"a.py": ONE_LINE.encode()}, EXERCISES)
    assert found == ["The solution of 05-5 stands in a.py."]


def test_what_is_no_solution_is_not_taken_for_one():
    harmless = {
        "wrong.py": RENAMED.replace("> 0", ">= 0").encode(),
        "scaffold.ipynb": notebook(source='check("05-6", ...)\n\ncheck("05-6", "a")'),
        "options.md": "\n".join(f"- {k}: {v}" for k, v in QUIZ.options.items()).encode(),
        "picture.png": base64.b64decode("iVBORw0KGgo="),
        "broken.py": b"def f(:\n",
        "latin.txt": "Käufer".encode("latin-1"),
    }
    assert leaks.find(harmless, EXERCISES) == []
