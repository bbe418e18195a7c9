"""Estimates with their intervals."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.language import say_in_lesson
from helpers.plots.checks import check_columns, check_names, check_numbers
from helpers.plots.layout import Chart, as_list, colors_of
from helpers.plots.rows import row_names
from helpers.plots.style import ACCENT, CONTEXT, GREY, INK, MARKERS
from helpers.plots.words import alike, listed, named, written


def intervals(
    tables: pd.DataFrame | Mapping[str, pd.DataFrame],
    title: str | None = None,
    *,
    label: str,
    accent: str | Sequence | None = None,
    level: float | None = 0,
    levels: Mapping[str, float] | None = None,
    number: str | None = None,
    words: str | None = None,
    size: tuple[float, float] | None = None,
    ax: Axes | None = None,
    **axes: Any,
) -> None:
    """Draw a dot with its interval for each row; the first row is at the top.

    With more than 25 rows they have no names, and those whose interval misses ``level`` are in
    color.

    Parameters
    ----------
    tables : DataFrame whose first column is the estimate, with columns ``low`` and ``high``; a
        column ``true`` is drawn as a diamond. Or name → such a table, all with the same rows, for
        groups side by side.
    title : the message.
    label : of the x-axis, with its unit and the kind of interval.
    accent : names of the rows in color, or, of several tables, of the groups.
    level : a thin upright line, usually at 0, where nothing differs; None for none.
    levels : name → x of more such lines, with their names above.
    number : format of the values, such as "{:.2f}"; by default with three digits.
    words : what to say instead of the numbers.
    size : width and height in inches; by default as high as the rows need.
    ax : axes to draw into, without saying or showing anything.
    **axes : further properties of the axes, such as ``xlim``.

    Raises
    ------
    ValueError
        If a table is empty or lacks low or high, tables differ in their rows, or a name of
        ``accent`` is in none.
    """
    several = isinstance(tables, Mapping)
    given = dict(tables) if isinstance(tables, Mapping) else {"": tables}
    if not given:
        raise ValueError("intervals: there is no table to draw.")
    for group, table in given.items():
        called = f'table "{group}"' if several else "the table"
        why = "The ends of the intervals stand in columns low and high."
        check_columns(f"intervals: {called}", table, ["low", "high"], why)
    given = {group: check_numbers("intervals", _of_intervals(t)) for group, t in given.items()}
    first = next(iter(given.values()))
    if not all(first.index.equals(table.index) for table in given.values()):
        raise ValueError("intervals: the tables differ in their rows. Give all the same index.")
    check_names("intervals", "accent", as_list(accent), given if several else first.index)
    rows, dense = len(first), len(first) > 25
    names, lines = row_names(first.index)
    each = 0.42 if not several else 0.2 + 0.24 * len(given)
    height = 4.5 if dense else 1.7 + 0.3 * (several or "true" in first) + rows * each + 0.22 * lines
    chart = Chart(ax, size or (9, height))
    number = number or alike([table[["low", "high"]] for table in given.values()])
    group_colors = colors_of(list(given), accent if several else None)
    reach = min(0.34, 0.14 * (len(given) - 1))
    shifts = np.linspace(-reach, reach, len(given))
    for i, ((group, table), shift) in enumerate(zip(given.items(), shifts, strict=True)):
        at, marker = np.arange(rows) + shift, MARKERS[i % len(MARKERS)]
        chosen = list(table.index) if accent is None else as_list(accent)
        colors = [ACCENT if name in chosen else GREY for name in table.index]
        if several:
            colors = [group_colors[group]] * rows
        elif dense and accent is None and level is not None:
            colors = list(np.where(_misses(table, level), ACCENT, CONTEXT))
        ends = table["low"], table["high"]
        chart.ax.hlines(at, *ends, color=colors, linewidth=2 if dense else 4, alpha=0.55)
        chart.ax.scatter(
            table.iloc[:, 0], at, c=colors, s=14 if dense else 60, marker=marker, zorder=3
        )
        if "true" in table:
            chart.ax.scatter(table["true"], at, c=INK, s=16 if dense else 55, marker="D", zorder=4)
    if level is not None:
        chart.ax.axvline(level, color=INK, linewidth=1, zorder=0)
    said = _said_of_intervals(given, level, number, several)
    said += chart.marks(levels, lambda value: written(value, number))
    kinds = dict(zip(given, zip(group_colors.values(), MARKERS, strict=False), strict=False))
    kinds = kinds if several else {}
    if "true" in first:
        kinds |= {} if several else {say_in_lesson("estimate"): (ACCENT, "o")}
        kinds |= {say_in_lesson("true value"): (INK, "D")}
    if kinds:
        chart.key(list(kinds), *map(list, zip(*kinds.values(), strict=True)))
    chart.ax.set_yticks([] if dense else range(rows), [] if dense else names)
    chart.ax.tick_params(left=False)
    chart.ax.set_ylim(rows - 0.4, -0.6)
    chart.ax.set(xlabel=label)
    points = first.iloc[:, 0].to_numpy(), None
    if several:
        points = np.concatenate([table.iloc[:, 0] for table in given.values()]), None
    chart.finish(title, words, said, about=named(label), points=points, options=axes)


def _of_intervals(table: pd.DataFrame) -> pd.DataFrame:
    """Return the columns that are drawn: estimate, low, high, and true if there is one."""
    estimate = next(name for name in table.columns if name not in ("low", "high"))
    shown = [estimate, "low", "high", *(["true"] if "true" in table and estimate != "true" else [])]
    return table[shown]


def _misses(table: pd.DataFrame, level: float) -> np.ndarray:
    return ((table["low"] > level) | (table["high"] < level)).to_numpy()


def _said_of_intervals(
    given: Mapping[str, pd.DataFrame], level: float | None, number: str, several: bool
) -> list[str]:
    said = []
    for group, table in given.items():
        if len(table) > 25:
            values: dict[str, Any] = {
                "n": len(table),
                "low": written(table.iloc[:, 0].min(), number),
            }
            values |= {"high": written(table.iloc[:, 0].max(), number)}
            said.append(say_in_lesson("{n} estimates between {low} and {high}", **values))
            if level is not None:
                values = {"missed": int(_misses(table, level).sum()), "n": len(table)}
                values["level"] = written(level)
                said.append(
                    say_in_lesson("{missed} of {n} intervals do not contain {level}", **values)
                )
            continue
        pairs = []
        for name, row in zip(table.index, table.itertuples(index=False), strict=True):
            value, low, high, *true = (written(each, number) for each in row)
            values = {"name": named(name), "value": value, "low": low, "high": high}
            if true:
                values["true"] = true[0]
                pairs.append(
                    say_in_lesson("{name} {value} ({low} to {high}; true value {true})", **values)
                )
            else:
                pairs.append(say_in_lesson("{name} {value} ({low} to {high})", **values))
        if several:
            values = {"name": named(group), "values": listed(pairs)}
            said.append(say_in_lesson("{name}: {values}", **values))
        else:
            said += pairs
    return said
