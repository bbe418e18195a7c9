"""Every lesson, every case study and the template keep the rules, and are stored normalized."""

import pytest

from tools import notebook
from tools.notebooks import lesson


@pytest.mark.parametrize("path", notebook.notebooks(), ids=lambda path: path.stem)
def test_a_notebook_keeps_the_rules(path):
    complaints = notebook.check(path)
    if complaints:
        pytest.fail("\n".join(complaints), pytrace=False)


@pytest.mark.parametrize(
    "path", [each for each in notebook.notebooks() if "02" <= each.stem < "a"], ids=lambda p: p.stem
)
def test_a_lesson_begins_with_a_review(path):
    assert lesson.read(path).cells[2].source.startswith("review()")
