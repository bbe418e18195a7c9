"""When two results are the same."""

import datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from exercises.engine.compare import aligned, explain, inline, same

TABLE = pd.DataFrame({"user_id": ["Ana", "Ben"], "price": [9.5, np.nan]})
BY_USER = pd.Series([2, 1], pd.Index(["Ana", "Ben"], name="user_id"))
BY_PERIOD = pd.Index([-2, -1, 0], name="period")


@pytest.mark.parametrize(
    ("got", "right"),
    [
        (3, 3.0),
        (np.int64(3), 3),
        (Decimal("0.3"), 0.1 + 0.2),
        (np.float32(0.8), 0.8),
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
        (BY_USER.rename_axis(None), BY_USER),
        (TABLE.set_axis(["x", "y"]), TABLE.set_index("user_id")),
        (TABLE.set_index("user_id", drop=False), TABLE),
        (pd.Series({-2: 5, -1: 0, 0: 1}), pd.Series([5, 0, 1], BY_PERIOD)),
        (pd.Series([5, 0]), pd.Series([5, 0], pd.RangeIndex(2, name="weeks"))),
        (BY_USER, [2, 1]),
        (BY_USER.to_frame(), np.array([[2], [1]])),
        (BY_USER.to_frame("value").rename_axis(None), BY_USER.to_frame("value")),
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
        (3.00001, 3),
        (111_111_111.5, 111_111_111),
        (np.nan, 0),
        ("a ", "a"),
        (pd.Timestamp("2025-03-05", tz="UTC"), pd.Timestamp("2025-03-05")),
        (
            pd.Timestamp("2025-03-05 12:00", tz="UTC"),
            pd.Timestamp("2025-03-05 07:00", tz="America/New_York"),
        ),
        ([1, 2], [2, 1]),
        ([1, 2], [1, 2, 2]),
        ([1, None], [1, 0]),
        (3, [3]),
        ({"a": 1}, {"a": 2}),
        ({"a": 1}, {"b": 1}),
        (BY_USER[::-1].set_axis(["Ana", "Ben"]).rename_axis("user_id"), BY_USER),
        (BY_USER.set_axis(["Ben", "Ana"]).rename_axis("user_id"), BY_USER),
        (BY_USER.set_axis(["Ben", "Ana"]), BY_USER),
        (BY_USER.reset_index(drop=True), BY_USER),
        (pd.Series({-1: 5, -2: 0, 0: 1}), pd.Series([5, 0, 1], BY_PERIOD)),
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


ONE = {"numbers": [1, 4]}


@pytest.mark.parametrize(
    ("got", "right", "line"),
    [
        (
            pd.Series([3]),
            3,
            "Your function gives a `Series` with one value. It should give a number; add "
            "`.iloc[0]`.",
        ),
        ({1, 2}, [1, 2], "Your function gives a set, which has no order. Return a list."),
        (
            np.ones((3, 1)),
            [1, 1, 1],
            "Your function gives an array of shape (3, 1). It should give several values; add "
            "`.ravel()`.",
        ),
        (
            BY_USER.to_frame(),
            BY_USER,
            "Your function gives a table with one column. It should give a `Series` indexed by "
            "`user_id`; add `.iloc[:, 0]`.",
        ),
        (
            TABLE.head(1),
            (2, 3),
            "Your function gives a table with one row. It should give several values; add "
            "`.iloc[0]`.",
        ),
        (
            (3.0, pd.Series([2.0])),
            (3, 4),
            "Value 2 of what your function gives is a `Series` with one value. It should be a "
            "number; add `.iloc[0]`.",
        ),
        (
            np.ones((3, 2)),
            np.ones((3, 3)),
            "Your function gives an array of shape (3, 2). It should give an array of shape "
            "(3, 3).",
        ),
        ("3", 3, "Your function gives text, '3'. It should give a number."),
        (
            0.71,
            5 / 7,
            "For `1, 4` your function gives `0.71`. That is close: is something rounded or cut "
            "off on the way? The right result is `0.714285714`.",
        ),
        (
            [0.5, 0.33, 1.0],
            [0.5, 1 / 3, 1.0],
            "For `1, 4` your function gives `0.5, 0.33, 1`. That is close: is something rounded "
            "or cut off on the way? The first difference is in value 2: `0.33` instead of "
            "`0.333333333`.",
        ),
        (
            [0.33, 2],
            [1 / 3, 1],
            "For `1, 4` your function gives `0.33, 2`, which is not right. The first difference is "
            "in value 1: `0.33` instead of `0.333333333`.",
        ),
        (
            [["a", "b"], ["c"]],
            [["a"], ["b"]],
            "For `1, 4` your function gives `('a', 'b'), ('c')`, which is not right. The first "
            "difference is in value 1: `('a', 'b')` instead of `('a')`.",
        ),
        (
            pd.Series([1], index=pd.Index(["U1"], name="user_id")),
            pd.Series([1], index=pd.Index(["U2"], name="user_id")),
            "For `1, 4` your function gives `U1 1`, which is not right. The first difference is in "
            "row 1, column `user_id`: `'U1'` instead of `'U2'`.",
        ),
        (
            [1, 2, 2],
            [1, 2],
            "For `1, 4` your function gives `1, 2, 2`. It has 3 instead of 2 values: `2` is not "
            "expected.",
        ),
        (
            [2, 1],
            [1, 2],
            "For `1, 4` your function gives `2, 1`. The values are right, but their order is not.",
        ),
        (
            [True, pd.Timestamp(2025, 1, 1)],
            [1, 2],
            "Your function gives dates and truth values, such as `True`. It should give numbers.",
        ),
        (
            TABLE.assign(price=["9.5", "none"]),
            TABLE,
            "Your function gives texts in `price`, such as `'9.5'`. It should give numbers.",
        ),
        (
            pd.DataFrame({"a": [1], "c": [1]}),
            pd.DataFrame({"a": [1], "b": [1]}),
            "Look at the columns of what your function gives: `b` is missing, `c` should not "
            "be there.",
        ),
        (
            BY_USER.reset_index(drop=True),
            BY_USER,
            "Your function gives values without labels. It should give a `Series` indexed by "
            "`user_id`.",
        ),
        (
            pd.DataFrame([[1, 2]], columns=["a", "a"]),
            pd.DataFrame({"a": [1]}),
            "Look at the columns of what your function gives: `a` stands twice.",
        ),
    ],
)
def test_the_difference_in_words(got, right, line):
    assert explain(ONE, got, right) == (line, "")


def test_of_a_column_made_value_by_value_the_first_wrong_value_is_named():
    given = {"texts": pd.Series(["$5", "$1,200", "$7"])}
    line = (
        "For `'$1,200'` your function gives `1.2`, which is not right. The right result is `1200`."
    )
    assert explain(given, [5.0, 1.2, 7.0], [5.0, 1200.0, 7.0]) == (line, "")
    line = explain(given, [np.nan] * 3, [5.0, 1200.0, 7.0])[0]
    assert line.startswith("For `'$5'` your function gives `NaN`, which is not right.")
    assert line.endswith(" 2 more of the 3 are off, too.")
    line = (
        "For `'$5', '$1,200', '$7'` your function gives `5`. It has 1 instead of 3 values: "
        "`1200` is missing."
    )
    assert explain(given, [5.0], [5.0, 1200.0, 7.0]) == (line, "")


def test_tables_are_shown_below():
    line, exhibit = explain({"lines": TABLE, "half_life": 30}, 5, 3)
    assert line == (
        "For the input below your function gives `5`, which is not right. The right result is `3`."
    )
    assert exhibit == ("lines:\nuser_id  price\n    Ana    9.5\n    Ben    NaN\n\nhalf_life: 30")
    line, exhibit = explain({"lines": TABLE}, TABLE.head(1), TABLE)
    assert line == (
        "For the input below your function gives a table. It has 1 instead of 2 rows: "
        "`'Ben', NaN` is missing."
    )
    assert exhibit.endswith("\n\nyour function gives:\nuser_id  price\n    Ana    9.5")
    line, exhibit = explain({"n": 2}, TABLE.head(1), TABLE)
    assert exhibit == "n: 2\n\nyour function gives:\nuser_id  price\n    Ana    9.5"


def test_an_array_of_three_dimensions_is_shown_below():
    line, exhibit = explain({"runs": np.array([[[0.5, 2]], [[3, 4]]]), "n": 2}, 5, 3)
    assert line.startswith("For the input below your function gives `5`")
    assert exhibit == "runs:\n[[[0.5 2]]\n\n [[3 4]]]\n\nn: 2"


def test_where_rows_may_come_in_any_order_a_missing_one_is_named():
    wrong = TABLE.iloc[::-1].assign(price=[1.0, 9.5])
    line = explain({"lines": TABLE}, wrong, TABLE, any_order=True)[0]
    assert line.endswith("a table, which is not right: `'Ben', NaN` is missing.")


def test_an_aligned_table():
    assert aligned(pd.DataFrame({"a": [], "b": []})) == "a, b (no rows)"
    assert aligned(pd.DataFrame({"a": range(23)})).splitlines()[-2:] == ["19", "… and 3 more rows"]
    assert aligned(BY_USER.to_frame("n")) == "user_id  n\n    Ana  2\n    Ben  1"
    assert aligned(pd.DataFrame({"n": [2]}, index=["guests"])) == "        n\nguests  2"
    assert "an object of type object" in aligned(pd.DataFrame({"a": [object()]}))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (TABLE, "a table"),
        ([], "no values"),
        ({"mean": 2.0, "of": [1, 3]}, "mean 2; of 1, 3"),
        (pd.Series({"lamp": 2.0, "vase": None}), "lamp 2, vase NaN"),
        (pd.Series([2.0, 3.0]), "2, 3"),
        (pd.Timestamp("2025-03-05 14:22:01"), "2025-03-05 14:22:01"),
        (1234567.891, "1234567.89"),
        (39_900_000_001, "39900000001"),
        ({"Ana": 4, "Dan": np.nan}, "Ana 4; Dan NaN"),
        (frozenset({2, 10}), "{10, 2}"),
        ({frozenset({"b", "a"}), frozenset()}, "{{'a', 'b'}, {}}"),
        (object(), "an object of type object"),
        (list(range(10_000)), ", ".join(map(str, range(10_000)))[:300] + " …"),
    ],
)
def test_a_value_on_one_line(value, text):
    assert inline(value) == text
