"""What learners are told about their answers, in English and in Chinese."""

import re
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest

from exercises.engine import commands, compare, store
from exercises.engine.exercise import WRONG, Exercise, judge, on_cases, quiz
from helpers import language

BASKET = pd.DataFrame({"item": ["tea", "pot"], "price": [9, 7]})
PRICES = pd.Series([9, 7, 5])
COUNTS = [3, 1, 2]
HINTS = ("Which?", "What?", "How?")


class Case(NamedTuple):
    """A wrong answer: the solution, what both are given, and what is said about it."""

    solution: Any
    answer: Any
    given: Any
    english: str
    any_order: bool = False


def largest(numbers):
    return max(numbers)


def count(table):
    return len(table)


def column_of(table):
    return table["cost"]


CASES = {
    "no function": Case(
        largest,
        3,
        COUNTS,
        "The check needs a function; this is a number, 3. Pass the function itself, by its name "
        "and without parentheses.",
    ),
    "no return": Case(
        largest, lambda n: None, COUNTS, "Your function gives None. Does it end with `return`?"
    ),
    "wrong value": Case(
        largest,
        sum,
        COUNTS,
        "For `3, 1, 2` your function gives `6`, which is not right. The right result is `3`.",
    ),
    "missing value": Case(
        largest,
        lambda n: np.nan,
        COUNTS,
        "For `3, 1, 2` your function gives `NaN`, which is not right. The right result is `3`.",
    ),
    "rounded": Case(
        np.mean,
        lambda n: 2.33,
        [1, 2, 4],
        "For `1, 2, 4` your function gives `2.33`. That is close: is something rounded or cut "
        "off on the way? The right result is `2.33333333`.",
    ),
    "other kind": Case(
        largest, sorted, COUNTS, "Your function gives several values. It should give a number."
    ),
    "a set": Case(
        sorted, set, COUNTS, "Your function gives a set, which has no order. Return a list."
    ),
    "other kinds": Case(
        sorted,
        lambda n: [True, pd.Timestamp(2025, 1, 1)],
        COUNTS,
        "Your function gives dates and truth values, such as `True`. It should give numbers.",
    ),
    "other kind in a column": Case(
        lambda table: table,
        lambda table: table.astype({"price": str}),
        BASKET,
        "Your function gives texts in `price`, such as `'9'`. It should give numbers.",
    ),
    "order": Case(
        sorted,
        list,
        COUNTS,
        "For `3, 1, 2` your function gives `3, 1, 2`. The values are right, but their order is "
        "not.",
    ),
    "too few": Case(
        sorted,
        lambda n: [1, 2],
        COUNTS,
        "For `3, 1, 2` your function gives `1, 2`. It has 2 instead of 3 values: `3` is missing.",
    ),
    "too many": Case(
        sorted,
        lambda n: [1, 2, 3, 4],
        COUNTS,
        "For `3, 1, 2` your function gives `1, 2, 3, 4`. It has 4 instead of 3 values: `4` is not "
        "expected.",
    ),
    "first difference": Case(
        sorted,
        lambda n: [1, 2, 9],
        COUNTS,
        "For `3, 1, 2` your function gives `1, 2, 9`, which is not right. The first difference is "
        "in value 3: `9` instead of `3`.",
    ),
    "value by value": Case(
        lambda prices: prices * 2,
        lambda prices: prices * 3,
        PRICES,
        "For `9` your function gives `27`, which is not right. The right result is `18`. 2 more of "
        "the 3 are off, too.",
    ),
    "any order": Case(
        sorted,
        lambda n: [1, 2, 9],
        COUNTS,
        "For `3, 1, 2` your function gives `1, 2, 9`, which is not right: `3` is missing.",
        any_order=True,
    ),
    "any order, rounded": Case(
        lambda n: [1.004, 2.5],
        lambda n: [1.0, 2.5],
        COUNTS,
        "For `3, 1, 2` your function gives `1, 2.5`. That is close: is something rounded or cut "
        "off on the way?: `1.004` is missing.",
        any_order=True,
    ),
    "table": Case(
        lambda table: table,
        lambda table: table.assign(price=1),
        BASKET,
        "For the input below your function gives a table, which is not right. The first "
        "difference is in row 1, column `price`: `1` instead of `9`.",
    ),
    "columns": Case(
        lambda table: table,
        lambda table: pd.DataFrame([[1, 2, 3]], columns=["item", "cost", "cost"]),
        BASKET,
        "Look at the columns of what your function gives: `price` is missing, `cost` should not be "
        "there, `cost` should not be there, `cost` stands twice.",
    ),
    "no such column": Case(
        count,
        column_of,
        BASKET,
        "Your code raised KeyError: 'cost', in line "
        f'{column_of.__code__.co_firstlineno + 1}: `return table["cost"]`. `table` has the columns '
        "`item`, `price`.",
    ),
    "not in a line of theirs": Case(
        largest,
        COUNTS.remove,
        COUNTS,
        "Trying your answer raised ValueError: list.remove(x): x not in list.",
    ),
}


def exercise(case):
    return Exercise(
        id="99-1",
        objective="Compute it.",
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
def test_in_english(case):
    assert said_about(case) == case.english


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_in_chinese(case, chinese):
    said = said_about(case)
    assert re.search("[\u4e00-\u9fff]", said)
    assert not has_english(said)
    assert not re.search(r"[,.?] |[,.?]$", re.sub("`[^`]*`", "", said))


def test_whole_sentences_in_chinese(chinese):
    assert said_about(CASES["wrong value"]) == (
        "对于输入 `3, 1, 2`，你的函数返回了结果 `6`，这不对。正确的结果是 `3`。"
    )
    assert said_about(CASES["other kind"]) == "你的函数返回了多个值，应该返回数字。"


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


def test_a_quiz_in_chinese(chinese):
    asked = quiz(
        id="99-2",
        objective="Choose.",
        options={"a": "Yes", "b": ("No", "It is so.")},
        hints=HINTS,
        takeaway="It is so.",
    )
    assert judge(asked, "c").diagnosis == "请用引号里的一个字母作答：a、b。"


def test_notices_in_chinese(chinese, progress_folder, capsys):
    progress_folder.mkdir()
    (progress_folder / "progress.json").write_text("{")
    store.load()
    commands.hint("99-99")
    commands.hint(3)
    said = capsys.readouterr().out
    assert "无法读取保存的学习进度" in said
    assert "没有练习 `99-99`。最接近的编号是 " in said
    assert "先写带引号的练习编号" in said
    assert "The" not in said


def test_a_copy_for_a_class_speaks_the_language_of_its_reader(monkeypatch):
    case = CASES["wrong value"]
    monkeypatch.setenv(language.VARIABLE, "zh")
    sealed = exercise(case).sealed()
    assert judge(sealed, case.answer).diagnosis.startswith("对于输入")
    monkeypatch.delenv(language.VARIABLE)
    assert judge(sealed, case.answer).diagnosis == case.english
