"""README says of each lesson what the lesson itself says."""

import re

import pytest

from tools import copies, env
from tools.classroom import handbook, nbgrader
from tools.notebooks import lesson

README = (env.ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("taught", nbgrader.lessons(), ids=lambda each: each.number)
def test_a_lesson_stands_in_the_table_with_its_minutes(taught):
    (row,) = re.findall(rf"(?m)^\| {re.escape(taught.title)} \| .* \| (\d+) \| .* \|$", README)
    assert int(row) == handbook.minutes(taught)


def test_each_case_study_stands_in_the_table():
    for path in copies.lessons():
        read = lesson.read(copies.LESSONS / path)
        if not read.number:
            name = read.cells[0].blocks[0].text.partition(":")[0]
            assert re.search(rf"(?m)^\| {name} \| ", README)
