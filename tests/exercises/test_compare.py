"""When two results are the same."""

import datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from helpers.exercises.compare import difference, inline, same

BY_USER = pd.Series([2, 1], pd.Index(["Ana", "Ben"], name="user_id"))


@pytest.mark.parametrize(
    ("got", "right"),
    [
        (3, 3.0),
        (np.int64(3), 3),
        (Decimal("0.3"), 0.1 + 0.2),
        (np.True_, True),
        (np.str_("a"), "a"),
        (None, np.nan),
        (datetime.datetime(2025, 3, 5), pd.Timestamp("2025-03-05")),
        (np.datetime64("2025-03-05"), pd.Timestamp("2025-03-05")),
        ([1, 2], pd.Series([1.0, 2.0], index=[7, 9])),
        (np.array(["a", None], dtype=object), pd.Series(["a", np.nan])),
        (pd.Series(["a", "b"], dtype="category"), ["a", "b"]),
        ([], pd.Series([], dtype=float)),
        ({"b": 2, "a": [1]}, {"a": (1.0,), "b": 2}),
        ({1, 2}, {2, 1}),
        (pd.DataFrame({"b": [2], "a": [1]}), pd.DataFrame({"a": [1.0], "b": [2]}, index=[5])),
        (pd.DataFrame({"user_id": ["Ana", "Ben"], "value": [2, 1]}), BY_USER.to_frame("value")),
        (BY_USER.rename("orders"), BY_USER),
        (pd.DataFrame(), pd.DataFrame()),
    ],
)
def test_the_same(got, right):
    assert same(got, right)


@pytest.mark.parametrize(
    ("got", "right"),
    [
        (3, "3"),
        (1, True),
        (3.0001, 3),
        (np.nan, 0),
        ("a ", "a"),
        (pd.Timestamp("2025-03-05", tz="UTC"), pd.Timestamp("2025-03-05")),
        ([1, 2], [2, 1]),
        ([1, 2], [1, 2, 2]),
        ([1, None], [1, 0]),
        (3, [3]),
        ({"a": 1}, {"a": 2}),
        ({"a": 1}, {"b": 1}),
        (BY_USER[::-1].set_axis(["Ana", "Ben"]).rename_axis("user_id"), BY_USER),
        (BY_USER.set_axis(["Ben", "Ana"]).rename_axis("user_id"), BY_USER),
        (pd.DataFrame({"a": [1]}), pd.DataFrame({"b": [1]})),
        (pd.DataFrame({"a": [1], "b": [1]}), pd.DataFrame({"a": [1]})),
        (pd.DataFrame([[1, 1]], columns=["a", "a"]), pd.DataFrame({"a": [1], "b": [1]})),
    ],
)
def test_not_the_same(got, right):
    assert not same(got, right)


def test_any_order_keeps_rows_together():
    right = pd.DataFrame({"a": [1, 2], "b": [3, 4]})
    assert same(right[::-1].astype(float), right, any_order=True)
    assert not same(pd.DataFrame({"a": [1, 2], "b": [4, 3]}), right, any_order=True)


@pytest.mark.parametrize(
    ("got", "right", "words"),
    [
        (None, 3, "gives None. Does it end with `return`?"),
        (pd.Series([3]), 3, "gives `3`. Expected is a number, not a column of values."),
        (2.999, 3, "gives `2.999`. That is close: is something rounded on the way?"),
        (4, 3, "gives `4`, which is not right."),
        ([1], [1, 2], "gives `1`. It has 1 rows instead of 2."),
        (
            pd.DataFrame({"a": [1], "c": [1]}),
            pd.DataFrame({"a": [1], "b": [1]}),
            "Look at its columns: `b` is missing, `c` is not asked for.",
        ),
        (BY_USER.reset_index(drop=True), BY_USER, "`user_id` is missing"),
    ],
)
def test_the_difference_in_words(got, right, words):
    assert words in difference(got, right)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (pd.DataFrame({"a": []}), "a table without rows"),
        ([], "no values"),
        ({"mean": 2.0, "of": [1, 3]}, "mean 2; of 1, 3"),
        (pd.Timestamp("2025-03-05 14:22:01"), "2025-03-05 14:22:01"),
        (1234567.891, "1234567.89"),
        (object(), "an object of type object"),
        (list(range(10_000)), ", ".join(map(str, range(10_000)))[:300] + " …"),
    ],
)
def test_a_value_on_one_line(value, text):
    assert inline(value) == text
