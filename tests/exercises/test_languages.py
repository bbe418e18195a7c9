"""What learners are told about their answers, in English and in Chinese."""

import re
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest

from exercises.engine import commands, compare, store
from exercises.engine.exercise import WRONG, Exercise, judge, on_cases
from helpers import language

BASKET = pd.DataFrame({"item": ["tea", "pot"], "price": [9, 7]})
PRICES = pd.Series([9, 7, 5])
COUNTS = [3, 1, 2]
HINTS = ("Which?", "What?", "How?")


class Case(NamedTuple):
    """A wrong answer: the solution, and what both are given."""

    solution: Any
    answer: Any
    given: Any
    any_order: bool = False


def largest(numbers):
    return max(numbers)


def count(table):
    return len(table)


def column_of(table):
    return table["cost"]


CASES = {
    "no function": Case(largest, 3, COUNTS),
    "no return": Case(largest, lambda n: None, COUNTS),
    "wrong value": Case(largest, sum, COUNTS),
    "missing value": Case(largest, lambda n: np.nan, COUNTS),
    "rounded": Case(np.mean, lambda n: 2.33, [1, 2, 4]),
    "other kind": Case(largest, sorted, COUNTS),
    "a set": Case(sorted, set, COUNTS),
    "other kinds": Case(sorted, lambda n: [True, pd.Timestamp(2025, 1, 1)], COUNTS),
    "other kind in a column": Case(
        lambda table: table, lambda table: table.astype({"price": str}), BASKET
    ),
    "order": Case(sorted, list, COUNTS),
    "too few": Case(sorted, lambda n: [1, 2], COUNTS),
    "too many": Case(sorted, lambda n: [1, 2, 3, 4], COUNTS),
    "first difference": Case(sorted, lambda n: [1, 2, 9], COUNTS),
    "value by value": Case(lambda prices: prices * 2, lambda prices: prices * 3, PRICES),
    "any order": Case(sorted, lambda n: [1, 2, 9], COUNTS, any_order=True),
    "any order, rounded": Case(
        lambda n: [1.004, 2.5], lambda n: [1.0, 2.5], COUNTS, any_order=True
    ),
    "table": Case(lambda table: table, lambda table: table.assign(price=1), BASKET),
    "columns": Case(
        lambda table: table,
        lambda table: pd.DataFrame([[1, 2, 3]], columns=["item", "cost", "cost"]),
        BASKET,
    ),
    "no such column": Case(count, column_of, BASKET),
    "not in a line of theirs": Case(largest, COUNTS.remove, COUNTS),
}


def exercise(case):
    return Exercise(
        id="99-1",
        hints=HINTS,
        solution=case.solution,
        check=on_cases(case.given, any_order=case.any_order),
        takeaway="It can be computed.",
    )


def said_about(case):
    judged = judge(exercise(case), case.answer)
    assert judged.mark == WRONG
    return judged.diagnosis


def has_english(text):
    """Whether words are left that are neither code nor what Python itself says of an error."""
    text = re.sub(r"`[^`]*`|\w+Error: [^。]*", "", text)
    return bool(re.search("[A-Za-z]{2}", text))


@pytest.fixture
def chinese(monkeypatch):
    monkeypatch.setenv(language.VARIABLE, "zh")


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_in_chinese(case, chinese):
    said = said_about(case)
    assert re.search("[\u4e00-\u9fff]", said)
    assert not has_english(said)
    assert not re.search(r"[,.?] |[,.?]$", re.sub("`[^`]*`", "", said))


def test_every_kind_is_translated(chinese):
    values = [BASKET, COUNTS, None, True, 3, "x", pd.Timestamp(2025, 1, 1), {}, set()]
    kinds = {compare.kind(each) for each in values} | {"a date with a time zone"}
    known = language.catalog("zh", language.LESSONS)
    assert kinds | set(compare._SEVERAL) | set(compare._SEVERAL.values()) <= known.keys()
    assert compare.describe(object()) == "类型为 object 的对象"


def test_tables_below_in_chinese(chinese):
    assert compare.aligned(BASKET.head(0)) == "item, price（没有行）"
    many = compare.aligned(pd.DataFrame({"n": [None, *range(24)]}))
    assert "NaN" in many
    assert many.endswith("……还有 5 行")


def test_notices_in_chinese(chinese, progress_folder, capsys):
    progress_folder.mkdir()
    (progress_folder / "progress.json").write_text("{")
    store.load()
    commands.hint("99-99")
    commands.hint(3)
    commands.check("00-4", "z")
    said = capsys.readouterr().out
    assert "无法读取保存的学习进度" in said
    assert "没有练习 `99-99`。最接近的编号是 " in said
    assert "先写带引号的练习编号" in said
    assert "请用引号里的一个字母作答：a、b、c、d。" in said
    assert "The" not in said


def test_a_copy_for_a_class_speaks_the_language_of_its_reader(monkeypatch):
    case = CASES["wrong value"]
    monkeypatch.setenv(language.VARIABLE, "zh")
    sealed = exercise(case).sealed()
    assert judge(sealed, case.answer).diagnosis.startswith("对于输入")
    monkeypatch.delenv(language.VARIABLE)
    assert judge(sealed, case.answer).diagnosis.startswith("For `3, 1, 2`")
