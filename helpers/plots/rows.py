"""Charts with a row for each name: bars, estimates with intervals, before and after."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.language import say_in_lesson
from helpers.plots.checks import check_names, check_numbers
from helpers.plots.labels import lay_out, wrap
from helpers.plots.layout import Chart, as_list, colors_of, text_color
from helpers.plots.style import ACCENT, CONTEXT, GREY, INK
from helpers.plots.words import alike, listed, named, written

LONGEST = 34  # letters in a line of a row's name
MOST_SAID = 12  # rows; of more, only the first are said


def bars(
    values: pd.Series | pd.DataFrame,
    title: str | None = None,
    *,
    label: str,
    accent: str | Sequence = (),
    number: str | None = None,
    words: str | None = None,
    size: tuple[float, float] | None = None,
    ax: Axes | None = None,
    **axes: Any,
) -> None:
    """Draw horizontal bars with their values; the first row is at the top.

    Parameters
    ----------
    values : Series, one bar a row; or DataFrame, shape (rows, groups), with a bar for each column.
    title : the message.
    label : of the x-axis, with its unit, such as "orders" or "revenue ($)".
    accent : names of the bars in color, or of a DataFrame's columns; the others are grey.
    number : format of the values, such as "{:.0%}"; by default with three digits.
    words : what to say instead of the numbers.
    size : width and height in inches; by default as high as the rows need.
    ax : axes to draw into, without saying or showing anything.
    **axes : further properties of the axes.

    Raises
    ------
    ValueError
        If the table is empty, holds no numbers, or lacks a name of ``accent``.
    """
    alone = isinstance(values, pd.Series)
    table = check_numbers("bars", values.to_frame("") if alone else values)
    groups = list(table.columns)
    check_names("bars", "accent", as_list(accent), table.index if alone else groups)
    names, lines = row_names(table.index)
    step = 1 if alone else 0.15 + 0.62 * len(groups)
    chart = Chart(ax, size or (9, 1.6 + 0.45 * step * len(table) + 0.22 * lines))
    colors = colors_of(groups, accent if len(as_list(accent)) else None)
    number = number or alike(table)
    height = 0.7 if alone else 0.84 / len(groups)
    texts, said = [], []
    for i, group in enumerate(groups):
        column = table[group]
        if alone:
            color: Any = [ACCENT if name in as_list(accent) else CONTEXT for name in table.index]
        else:
            color = CONTEXT if colors[group] == GREY else colors[group]
        at = np.arange(len(table)) + (i - (len(groups) - 1) / 2) * height
        drawn = chart.ax.barh(at, column.fillna(0), height, color=color)
        shown = [written(value, number) for value in column]
        first = f"{shown[0]}  {named(group)}"
        labels = chart.ax.bar_label(drawn, shown if alone else [first, *shown[1:]], padding=6)
        if not alone:
            labels[0].set_color(text_color(colors[group]))
            for each in labels:
                each.set_fontsize(12)
        texts += labels
    for row, name in zip(table.itertuples(index=False), table.index, strict=True):
        cells = [written(value, number) for value in row]
        if alone:
            said.append(say_in_lesson("{name} {value}", name=named(name), value=cells[0]))
            continue
        pairs = [
            say_in_lesson("{name} {value}", name=named(group), value=cell)
            for group, cell in zip(groups, cells, strict=True)
        ]
        said.append(say_in_lesson("{name}: {values}", name=named(name), values=listed(pairs)))
    if len(said) > MOST_SAID:
        said = [*said[:5], say_in_lesson("and {n} more rows", n=len(said) - 5)]
    chart.ax.set_yticks(range(len(table)), names)
    chart.ax.set_ylim(len(table) - 0.5, -0.5)
    chart.ax.tick_params(left=False)
    chart.ax.set(xlabel=label, xticks=[])
    chart.ax.spines["bottom"].set_visible(False)
    if (table < 0).to_numpy().any():
        chart.ax.spines["left"].set_visible(False)
        chart.ax.axvline(0, color=INK, linewidth=1)
    _make_room(chart.ax, texts)
    points = table.to_numpy().ravel(), None
    chart.finish(title, words, said, about=named(label), points=points, options=axes)


def before_after(
    table: pd.DataFrame,
    title: str | None = None,
    *,
    label: str,
    level: float | None = None,
    number: str | None = None,
    words: str | None = None,
    size: tuple[float, float] | None = None,
    ax: Axes | None = None,
    **axes: Any,
) -> None:
    """Draw for each row a line from its first to its second column, with both numbers.

    Parameters
    ----------
    table : DataFrame of two columns, whose names say what is before and after; a row for each pair.
    title : the message.
    label : of the x-axis, with its unit.
    level : a thin upright line, such as 0.
    number : format of the values; by default with three digits.
    words : what to say instead of the numbers.
    size : width and height in inches; by default as high as the rows need.
    ax : axes to draw into, without saying or showing anything.
    **axes : further properties of the axes.

    Raises
    ------
    ValueError
        If the table is empty, or has not two columns of numbers.
    """
    if table.shape[1] != 2:
        raise ValueError(
            f"before_after: the table needs two columns, before and after; it has {table.shape[1]}:"
            f" {', '.join(map(str, table.columns))}."
        )
    table = check_numbers("before_after", table)
    names, lines = row_names(table.index)
    chart = Chart(ax, size or (9, 2.0 + 0.45 * len(table) + 0.22 * lines))
    number = number or alike(table)
    before, after = table.columns
    at = np.arange(len(table))
    chart.ax.hlines(at, table[before], table[after], color=CONTEXT, linewidth=3)
    chart.ax.scatter(table[before], at, s=80, color=GREY, zorder=3)
    chart.ax.scatter(table[after], at, s=80, color=ACCENT, marker="D", zorder=3)
    texts, said = [], []
    for y, (name, row) in enumerate(table.iterrows()):
        for column, other, color in [(before, after, INK), (after, before, ACCENT)]:
            if pd.isna(row[column]):
                continue
            right = row[column] > row[other] or (row[column] == row[other] and column == after)
            note = chart.ax.annotate(
                written(row[column], number), (row[column], y), (11 if right else -11, 0),
                textcoords="offset points", color=color, fontsize=12, va="center",
                ha="left" if right else "right",
            )  # fmt: skip
            texts.append(note)
        values = {"name": named(name), "before": written(row[before], number)}
        values |= {"after": written(row[after], number)}
        said.append(say_in_lesson("{name} from {before} to {after}", **values))
    chart.key([before, after], [GREY, ACCENT], ["o", "D"])
    chart.ax.set_yticks(at, names)
    chart.ax.tick_params(left=False)
    chart.ax.set_ylim(len(table) - 0.5, -0.6)
    chart.ax.set(xlabel=label)
    if level is not None:
        chart.ax.axvline(level, color=INK, linewidth=1, zorder=0)
    if "xlim" not in axes:
        _make_room(chart.ax, texts)
    values = {"label": named(label), "before": named(before), "after": named(after)}
    about = say_in_lesson("{label}, from {before} to {after}", **values)
    points = table.to_numpy().ravel(), None
    chart.finish(title, words, said, about=about, points=points, options=axes)


def row_names(index: pd.Index) -> tuple[list[str], int]:
    """Return the names of rows, broken into lines, and how many lines this adds."""
    names = [wrap(named(name), LONGEST) for name in index]
    return names, sum(name.count("\n") for name in names)


def _make_room(ax: Axes, texts: Sequence) -> None:
    """Widen the x-axis until texts beside bars and dots lie inside."""
    figure: Any = ax.figure
    for _ in range(4):
        lay_out(figure)
        boxes = [text.get_window_extent() for text in texts if text.get_text()]
        (left, _), (right, _) = ax.bbox.get_points()
        low, high = ax.get_xlim()
        unit = (high - low) / (right - left)
        over_left = left + 6 - min(box.x0 for box in boxes)
        over_right = max(box.x1 for box in boxes) - right + 6
        if max(over_left, over_right) <= 0:
            return
        ax.set_xlim(low - max(0, 1.2 * over_left) * unit, high + max(0, 1.2 * over_right) * unit)
