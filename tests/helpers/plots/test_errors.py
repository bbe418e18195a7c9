"""Bad input is refused with the name of what is wrong, and how to fix it."""

import numpy as np
import pandas as pd
import pytest

from helpers import plots

TABLE = pd.DataFrame({"a": [1.0, 2.0], "b": [0.0, 3.0]}, index=["x", "y"])
LINES = {"x": "k", "y": "n"}
GRID = {"rows": "r", "columns": "c"}


@pytest.mark.parametrize(
    ("chart", "table", "options", "says"),
    [
        (plots.lines, TABLE, LINES | {"accent": "c"}, "lines: accent names 'c'.* It has 'a', 'b'"),
        (plots.lines, TABLE, LINES | {"low": TABLE}, "a band has two ends; give high, too"),
        (plots.lines, TABLE, LINES | {"logy": [1, 10]}, 'column "b" holds 1 values of 0 or less'),
        (plots.lines, TABLE, LINES | {"logx": True}, "logx needs numbers in the index"),
        (plots.lines, pd.concat([TABLE] * 2, axis=1), LINES, 'two columns "a". Rename one'),
        (plots.lines, TABLE, LINES | {"dots": ["c"]}, "lines: dots names 'c'"),
        (plots.lines, TABLE, LINES | {"marks": {"m": "z"}}, "lines: marks names 'z'"),
        (plots.lines, TABLE.head(0), LINES, r"lines: the table is empty, shape \(0, 2\)"),
        (plots.lines, TABLE.assign(c="5"), LINES, 'column "c" holds no numbers.*to_numeric'),
        (plots.lines, TABLE.assign(c=np.nan), LINES, 'column "c" holds no value. Leave it out'),
        (plots.lines, TABLE.assign(c=np.inf), LINES, 'column "c" holds 2 infinite values'),
        (plots.bars, TABLE["a"], {"label": "n", "accent": ["z"]}, "bars: accent names 'z'"),
        (plots.bars, TABLE["a"].head(0), {"label": "n"}, "bars: the table is empty"),
        (plots.intervals, TABLE, {"label": "n"}, "no column 'low' and no column 'high'"),
        (plots.intervals, {}, {"label": "n"}, "intervals: there is no table"),
        (plots.before_after, TABLE[["a"]], {"label": "n"}, "needs two columns.* it has 1: a"),
        (plots.scatter, TABLE[["a"]], LINES, "scatter: the table needs two columns"),
        (plots.scatter, TABLE, LINES | {"names": ["z"]}, "scatter: names names 'z'"),
        (plots.scatter, TABLE, LINES | {"logy": True}, 'column "b" holds 1 values of 0 or less'),
        (plots.scatter, TABLE, LINES | {"accent": np.array([True])}, "accent has 1 values for 2"),
        (plots.histogram, [0, 1], {"x": "n", "logx": [1]}, "1 values of 0 or less"),
        (plots.histogram, [], {"x": "n"}, "histogram: the table is empty"),
        (plots.heat_map, -TABLE, GRID, "values below 0 have no color yet; give center=0"),
        (plots.heat_map, TABLE * np.nan, GRID, "heat_map: the table holds no value"),
    ],
)
def test_what_is_wrong_is_named(chart, table, options, says):
    with pytest.raises(ValueError, match=says):
        chart(table, "T", **options)


def test_panels_refuse_names_that_are_in_none_of_them():
    both = {"one": TABLE, "two": TABLE}
    with pytest.raises(ValueError, match="panels: accent names 'c'"):
        plots.panels(plots.lines, both, "T", **LINES, accent="c")
    with pytest.raises(ValueError, match='share is "y", "x", "both" or ""; got "z"'):
        plots.panels(plots.lines, both, "T", **LINES, share="z")


def test_groups_of_intervals_have_the_same_rows():
    table = pd.DataFrame({"n": [1], "low": [0], "high": [2]})
    with pytest.raises(ValueError, match="differ in their rows"):
        plots.intervals({"a": table, "b": table.set_axis([5])}, "T", label="n")
