"""Charts of many values: one against another, and how often each occurs."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.language import say_in_lesson
from helpers.plots.checks import check_logarithm, check_names, check_numbers
from helpers.plots.labels import AT_POINT, HALO
from helpers.plots.layout import Chart, as_list, log_axis
from helpers.plots.style import ACCENT, COLORS, CONTEXT, GREY, INK
from helpers.plots.words import named, written


def scatter(
    table: pd.DataFrame,
    title: str | None = None,
    *,
    x: str,
    y: str,
    accent: str | Sequence | pd.Series | np.ndarray | None = None,
    kinds: Sequence[str] = (),
    names: str | Sequence = (),
    levels: Mapping[str, float] | None = None,
    diagonal: bool = False,
    logx: bool | Sequence | Mapping = False,
    logy: bool | Sequence | Mapping = False,
    number: str | None = None,
    words: str | None = None,
    size: tuple[float, float] = (9, 5),
    ax: Axes | None = None,
    **axes: Any,
) -> None:
    """Draw a point for each row: the first column against the second.

    Parameters
    ----------
    table : DataFrame; its first two columns are drawn, rows without one of them are left out.
    title : the message.
    x, y : labels of the axes, with units.
    accent : what is in color: a mask (one bool for each row), or names of rows.
    kinds : what the points in color are called, and the others; written above the axes.
    names : names of the rows to write beside their points; "all" for all.
    levels : name → y of a thin line across.
    diagonal : whether to draw the line on which both columns are equal.
    logx, logy : logarithmic; the ticks, as numbers or text → number, or True.
    number : format of the values in the words.
    words : what to say instead of the numbers.
    size : width and height in inches.
    ax : axes to draw into, without saying or showing anything.
    **axes : further properties of the axes, such as ``xlim``.

    Raises
    ------
    ValueError
        If the table is empty or has fewer than two columns of numbers, a name is not in its index,
        the mask has another length, or an axis is logarithmic and a value not above 0.
    """
    if table.shape[1] < 2:
        raise ValueError("scatter: the table needs two columns, one for each axis.")
    chosen = _mask(table, accent)
    pair = check_numbers("scatter", table.iloc[:, :2])
    whole = pair.notna().all(axis=1).to_numpy()
    pair, chosen = pair[whole], chosen[whole]
    shown = list(pair.index) if isinstance(names, str) and names == "all" else as_list(names)
    check_names("scatter", "names", shown, pair.index)
    for axis, log, name in zip("xy", (logx, logy), pair.columns, strict=True):
        if log is not False:
            check_logarithm("scatter", axis, pair[name], f'column "{name}"')
    chart = Chart(ax, size)
    big = len(pair) <= 40
    right, up = (pair.iloc[:, i].to_numpy() for i in (0, 1))
    look = {"linewidth": 0.4, "edgecolor": "white"}
    plain = {"s": 80, "color": GREY} if big else {"s": 14, "color": CONTEXT}
    chart.ax.scatter(right[~chosen], up[~chosen], **plain, **look)
    color = {"s": 90 if big else 34, "color": ACCENT, "marker": "D", "zorder": 3}
    chart.ax.scatter(right[chosen], up[chosen], **color, **look)
    for which, log in (("x", logx), ("y", logy)):
        if log is not False:
            log_axis(chart.ax, which, log)
    chart.ax.margins(0.08)
    if diagonal:
        ends = [max(right.min(), up.min()), min(right.max(), up.max())]
        chart.ax.plot(ends, ends, ":", color=INK, linewidth=1.5, zorder=1)
    chart.ax.set(xlabel=x, ylabel=y)
    others = chart.levels(levels)
    if kinds:
        chart.key(kinds[:2], [ACCENT, GREY][: len(kinds)], ["D", "o"][: len(kinds)])
    for name in shown:
        place = list(pair.index).index(name)
        note = chart.ax.annotate(
            named(name), (right[place], up[place]), (10, 0), textcoords="offset points",
            fontsize=12, color=ACCENT if chosen[place] else INK, gid=AT_POINT, zorder=5,
            annotation_clip=False, arrowprops={"arrowstyle": "-", "color": GREY, "linewidth": 0.8},
        )  # fmt: skip
        note.set_path_effects(HALO)
    about = say_in_lesson("{x} and {y}", x=named(x), y=named(y))
    if shown:
        said = [
            say_in_lesson(
                "{name} {x} and {y}", name=named(name), x=written(row.iloc[0], number),
                y=written(row.iloc[1], number),
            )
            for name, row in pair.loc[shown].iterrows()
        ]  # fmt: skip
    else:
        said = _of_cloud(right, up, chosen, kinds, number)
    chart.finish(title, words, said + others, about=about, points=(right, up), options=axes)


def _mask(table: pd.DataFrame, accent: Any) -> np.ndarray:
    """Return for each row whether it is in color."""
    if accent is None:
        return np.zeros(len(table), bool)
    if not isinstance(accent, str) and np.asarray(accent).dtype.kind == "b":
        if len(accent) != len(table):
            raise ValueError(
                f"scatter: accent has {len(accent):,} values for {len(table):,} rows. Make the "
                "mask from the same table."
            )
        if isinstance(accent, pd.Series) and accent.index.is_unique:
            check_names("scatter", "the index of accent", accent.index, table.index)
            accent = accent.reindex(table.index)
        return np.asarray(accent, bool)
    check_names("scatter", "accent", as_list(accent), table.index)
    return table.index.isin(as_list(accent))


def _of_cloud(
    right: np.ndarray, up: np.ndarray, chosen: np.ndarray, kinds: Sequence[str], number: str | None
) -> list[str]:
    """Say where the middle of a cloud lies, by kind, and whether it rises."""
    if chosen.any() and not chosen.all():
        one, other = [*map(named, kinds), *([""] * 2)][:2]
        one, other = one or say_in_lesson("points in color"), other or say_in_lesson("other points")
        parts = {one: chosen, other: ~chosen}
    else:
        parts = {say_in_lesson("all"): np.ones(len(right), bool)}
    said = []
    for name, part in parts.items():
        values = {"n": f"{part.sum():,}", "name": name}
        values |= {"x": written(float(np.median(right[part])), number)}
        values |= {"y": written(float(np.median(up[part])), number)}
        said.append(say_in_lesson("{name}: {n} points, medians {x} and {y}", **values))
    left = right <= np.median(right)
    if len(parts) == 1 and len(right) >= 10 and not left.all():
        values = {"left": written(float(np.median(up[left])), number)}
        values |= {"right": written(float(np.median(up[~left])), number)}
        said.append(say_in_lesson("in the left half of them the median height is {left}", **values))
        said.append(say_in_lesson("in the right half it is {right}", **values))
    return said


def histogram(
    values: Any,
    title: str | None = None,
    *,
    x: str,
    y: str = "number",
    bins: int | Sequence[float] | np.ndarray = 40,
    marks: Mapping[str, float] | None = None,
    shade: Sequence[float] | None = None,
    logx: bool | Sequence | Mapping = False,
    number: str | None = None,
    words: str | None = None,
    size: tuple[float, float] = (9, 4.2),
    ax: Axes | None = None,
    **axes: Any,
) -> None:
    """Draw how often each value occurs.

    Parameters
    ----------
    values : Series, array or list of numbers; or name → such numbers, for groups that are stacked.
        Missing values are left out.
    title : the message.
    x, y : labels of the axes, with units; ``y`` says what is counted.
    bins : their number, or their edges.
    marks : name → x of an upright line; the first is in color.
    shade : the two ends of a stretch in color, such as a confidence interval.
    logx : logarithmic, so that bins are equally wide there; the ticks, as numbers or text → number.
    number : format of the values in the words.
    words : what to say instead of the numbers.
    size : width and height in inches.
    ax : axes to draw into, without saying or showing anything.
    **axes : further properties of the axes, such as ``xlim``.

    Raises
    ------
    ValueError
        If there are no values, or the axis is logarithmic and a value not above 0.
    """
    several = isinstance(values, Mapping)
    given = dict(values) if isinstance(values, Mapping) else {x: values}
    groups = {
        name: check_numbers("histogram", pd.DataFrame({name: np.asarray(each)}))[name].dropna()
        for name, each in given.items()
    }
    if not groups:
        raise ValueError("histogram: there are no values to count.")
    every = np.concatenate(list(groups.values()))
    if logx is not False:
        for name, each in groups.items():
            check_logarithm("histogram", "x", each, f'"{name}"')
    chart = Chart(ax, size)
    if isinstance(bins, int):
        if every.min() == every.max():
            bins = np.linspace(every[0] - 0.5, every[0] + 0.5, 4)
        else:
            space = np.linspace if logx is False else np.geomspace
            bins = space(every.min(), every.max(), bins + 1)
    edges = np.asarray(bins, float)
    colors = COLORS if several else [CONTEXT]
    hatches = ["", "//", "..", "xx", "\\\\", "++"]  # the second sign, beside the color
    bottom = np.zeros(len(edges) - 1)
    for i, each in enumerate(groups.values()):
        counts, _ = np.histogram(each, edges)
        look = {"color": colors[i % len(colors)], "linewidth": 0.4, "hatch": hatches[i % 6]}
        chart.ax.bar(edges[:-1], counts, np.diff(edges), bottom, align="edge", **look)
        bottom += counts
    if shade is not None:
        chart.ax.axvspan(*shade, color=ACCENT, alpha=0.15, linewidth=0, zorder=0)
    if logx is not False:
        log_axis(chart.ax, "x", logx)
    chart.ax.set(xlabel=x, ylabel=y)
    said = []
    for name, each in groups.items():
        low, middle, high = (written(v, number) for v in np.quantile(each, [0.05, 0.5, 0.95]))
        counts = {"n": f"{len(each):,}", "low": low, "middle": middle, "high": high}
        text = say_in_lesson(
            "{n} values, median {middle}, nine of ten between {low} and {high}", **counts
        )
        both = {"name": named(name), "values": text}
        said.append(say_in_lesson("{name}: {values}", **both) if several else text)
    if shade is not None:
        low, high = (written(float(end), number) for end in shade)
        said.append(say_in_lesson("shaded from {low} to {high}", low=low, high=high))
    said += chart.marks(marks, lambda value: written(float(value), number))
    if several:
        chart.key(list(groups), [colors[i % 6] for i in range(len(groups))], ["s"] * len(groups))
    points = every, None
    about = named(x)
    chart.finish(title, words, said, about=about, points=points, options=axes)
