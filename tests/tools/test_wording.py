"""All that learners, teachers and authors read is in plain English."""

import ast

import pytest

from tools import env, wording

PAGES = [
    *(env.ROOT / name for name in ("README.md", "CONTRIBUTING.md", "data/README.md")),
    *(env.ROOT / "tools/classroom").rglob("*.md"),
    env.ROOT / "notebooks/glossary.md",
    env.ROOT / "apps/report/README.md",
]
CODE = sorted((env.ROOT / "helpers").rglob("*.py"))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(env.ROOT).as_posix())
def test_a_page_has_no_unwanted_phrase(page):
    assert list(wording.unwanted(page.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("file", CODE, ids=lambda path: path.relative_to(env.ROOT).as_posix())
def test_what_helpers_say_has_no_unwanted_phrase(file):
    strings = [
        node.value
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert list(wording.unwanted("\n".join(strings))) == []
