"""Links in markdown files and notebooks lead somewhere."""

import json

import pytest

from tools import env, links


@pytest.fixture
def pages(tmp_path, monkeypatch):
    """A repository of two pages, a notebook and a file."""
    monkeypatch.setattr(env, "ROOT", tmp_path)
    (tmp_path / "README.md").write_text("# The shop\n\n## What's in it?\n")
    (tmp_path / "GUIDE.md").touch()
    (tmp_path / "data").mkdir()
    (tmp_path / "data/users.csv").write_text("user_id\n")
    cells = [
        {"cell_type": "code", "source": ["# A comment is no heading"]},
        {"cell_type": "markdown", "source": ["# 01 · Data cleaning\n", "\n", "## 1 · Dates"]},
    ]
    (tmp_path / "01.ipynb").write_text(json.dumps({"cells": cells}))
    return tmp_path


def found(page, text):
    return list(links.problems(page, [text]))


@pytest.mark.parametrize(
    "text",
    [
        "[file](data/users.csv), [folder](data), ![image](data/users.csv)",
        "[page](README.md) and [heading](README.md#whats-in-it)",
        "[notebook](01.ipynb#01-·-Data-cleaning) and [it again](01.ipynb#1-%C2%B7-Dates)",
        "## Here\n\n[below](#here)",
        "[net](https://example.org/a_(b)?c=d#e) and <https://example.org>",
        "[paper](https://doi.org/10.1287/mksc.1040.0098), [mail](mailto:ana@example.org)",
        "`[no link](nowhere.md)`",
    ],
)
def test_links_that_lead_somewhere(pages, text):
    assert found(pages / "GUIDE.md", text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[file](data/orders.csv)", "data/orders.csv leads to no file"),
        ("![image](shop.png)", "shop.png leads to no file"),
        ('<img src="shop.png" alt="The shop">', "shop.png leads to no file"),
        ("[out](../elsewhere.md)", "leads to no file"),
        ("[heading](README.md#what-is-in-it)", "The nearest is #whats-in-it."),
        ("[heading](01.ipynb#1-·-dates)", "The nearest is #1-·-Dates."),
        ("[comment](01.ipynb#A-comment-is-no-heading)", "leads to no heading"),
        ("[heading](data/users.csv#users)", "There is none in that file."),
        ("[below](#here)", "leads to no heading"),
        ("[net](https://example)", "is no address"),
        ("[paper](https://doi.org/mksc.1040)", "is no DOI"),
        ("[paper](http://dx.doi.org/10.1287/mksc.1040.0098)", "is no DOI"),
    ],
)
def test_links_that_lead_nowhere(pages, text, words):
    [problem] = found(pages / "GUIDE.md", text)
    assert words in problem


def test_a_notebook_links_to_notebooks_only(pages):
    # A learner's copy stands in another folder, beside the copies of the other lessons.
    assert found(pages / "01.ipynb", "[it](01.ipynb)") == []
    [problem] = found(pages / "01.ipynb", "[data](data/users.csv)")
    assert "leads out of the lessons" in problem


def test_every_page_of_the_repository():
    pages = links.pages()
    assert {"tools/notebooks/template.ipynb", "CONTRIBUTING.md"} <= {
        page.relative_to(env.ROOT).as_posix() for page in pages
    }
    assert [problem for page in pages for problem in links.problems(page, links.read(page))] == []
