"""Lines: how a number changes along time, a setting, or an order."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, num2date
from matplotlib.ticker import FuncFormatter, MaxNLocator

from helpers.language import say_in_lesson
from helpers.plots.checks import check_logarithm, check_names, check_numbers
from helpers.plots.labels import AT_END, HALO, wrap
from helpers.plots.layout import Chart, as_list, colors_of, log_axis, text_color
from helpers.plots.style import GREY, MARKERS
from helpers.plots.words import MONTHS, listed, named, place_on, written


def lines(
    table: pd.DataFrame | pd.Series,
    title: str | None = None,
    *,
    x: str,
    y: str,
    accent: str | Sequence | None = None,
    low: pd.DataFrame | pd.Series | None = None,
    high: pd.DataFrame | pd.Series | None = None,
    levels: Mapping[str, float] | None = None,
    marks: Mapping[str, Any] | None = None,
    dots: bool | Sequence | None = None,
    logx: bool | Sequence | Mapping = False,
    logy: bool | Sequence | Mapping = False,
    number: str | None = None,
    words: str | None = None,
    size: tuple[float, float] = (9, 4.5),
    ax: Axes | None = None,
    **axes: Any,
) -> None:
    """Draw one line for each column, with its name at its right end.

    Parameters
    ----------
    table : DataFrame, shape (places, lines), or a Series for one line without a name. The index is
        the x-axis: numbers, dates, periods, or names, which stand side by side in their order.
        Where a value is missing a line has a gap.
    title : the message.
    x, y : labels of the axes, with units.
    accent : names of the lines in color; the others are grey. By default up to six are in color.
    low, high : tables like ``table``: the ends of a band around each of their columns.
    levels : name → y of a thin line across.
    marks : name → x of a thin upright line; of names on the x-axis, one of them.
    dots : whether to draw a dot at each value, by default with at most fifteen; or names of columns
        that are dots only, such as what was observed beside what a model says.
    logx : logarithmic, with a tick at each value of the index, or at those given.
    logy : logarithmic; the ticks, or True.
    number : format of the values in the words, such as "{:.0%}".
    words : what to say instead of the numbers.
    size : width and height in inches.
    ax : axes to draw into, without saying or showing anything.
    **axes : further properties of the axes, such as ``ylim``.

    Raises
    ------
    ValueError
        If the table is empty, a column holds no numbers, a name is not in it, only one of ``low``
        and ``high`` is given, or an axis is logarithmic and a value not above 0.
    """
    chart = Chart(ax, size)
    alone = isinstance(table, pd.Series)
    table = check_numbers("lines", table.to_frame(y) if alone else table)
    names = list(table.columns)
    low, high = _ends(low, high, table, alone, y)
    only_dots = [] if isinstance(dots, bool) or dots is None else as_list(dots)
    check_names("lines", "accent", as_list(accent), names)
    check_names("lines", "dots", only_dots, names)
    check_names("lines", "the index of low", [] if low is None else low.index, table.index)
    if logy is not False:
        for name in names:
            check_logarithm("lines", "y", table[name].dropna(), f'column "{name}"')
    place, read, find = _places(table.index)
    if logx is not False:
        if table.index.dtype.kind not in "iuf":
            raise ValueError("lines: logx needs numbers in the index. Leave logx out.")
        check_logarithm("lines", "x", place, "the index")
    colors = colors_of(names, accent)
    with_dots = len(table) <= 15 if dots is None else dots is True
    several = sum(color != GREY for color in colors.values()) > 1
    for i, name in enumerate(names):
        look: dict[str, Any] = {"color": colors[name], "zorder": 2 + (colors[name] != GREY)}
        if with_dots or name in only_dots:
            look["marker"] = MARKERS[i % len(MARKERS)] if several else "o"
        elif several and colors[name] != GREY:  # a second sign, now and then
            step = max(1, len(table) // 8)
            look |= {"marker": MARKERS[i % len(MARKERS)], "markevery": (i * step // 4, step)}
        if name in only_dots:
            look |= {"linestyle": "", "markersize": 5 if len(table) > 40 else 7}
        elif len(table) > 60 and colors[name] == GREY:
            look["linewidth"] = 1.3
        chart.ax.plot(place, table[name].to_numpy(), **look)
        if low is not None and high is not None and name in low.columns:
            ends = low[name].reindex(table.index), high[name].reindex(table.index)
            band = [each.to_numpy(float) for each in ends]
            chart.ax.fill_between(place, *band, color=colors[name], alpha=0.18, linewidth=0)
    _x_axis(chart.ax, table.index, place)
    if logx is not False:
        log_axis(chart.ax, "x", list(table.index) if logx is True and len(table) <= 12 else logx)
    if logy is not False:
        log_axis(chart.ax, "y", logy)
    elif (
        "ylim" not in axes
        and 0 <= 2 * (table if low is None else low).min().min() < table.max().max()
    ):
        # Heights can be compared only from 0 on; in panels the limits still have to grow.
        chart.ax.update_datalim(np.zeros((1, 2)), updatex=False)
        chart.ax.lines[0].sticky_edges.y.append(0)
        chart.ax.autoscale_view()
    chart.ax.set(xlabel=x, ylabel=y)
    say = place_on(table.index)
    read_marks = {name: read(at) for name, at in (marks or {}).items()}
    others = chart.levels(levels) + chart.marks(read_marks, say, find)
    if not alone:
        for name in names:
            _name_end(
                chart.ax,
                place,
                table[name],
                wrap(named(name), 26 if chart.own else 16),
                colors[name],
            )
    said = _clauses(table, say, number, alone, colors) + _of_band(low, high, say, number, alone)
    about = say_in_lesson("{y} by {x}", y=named(y), x=named(x)) if x else named(y)
    points = np.repeat(place, len(names)), table.to_numpy().ravel()
    chart.finish(title, words, said + others, about=about, points=points, options=axes)


def _ends(low: Any, high: Any, table: pd.DataFrame, alone: bool, y: str) -> tuple:
    """Return the tables of the band's ends, whatever was given for them."""
    if (low is None) != (high is None):
        lacks = "low" if low is None else "high"
        raise ValueError(f"lines: a band has two ends; give {lacks}, too.")
    ends = [
        end.to_frame(y if alone else end.name) if isinstance(end, pd.Series) else end
        for end in (low, high)
    ]
    for argument, end in zip(("low", "high"), ends, strict=True):
        if end is not None:
            check_names("lines", f"columns of {argument}", end.columns, table.columns)
    if low is not None:
        check_names(
            "lines", "low has columns that high lacks: it", ends[0].columns, ends[1].columns
        )
    return tuple(ends)


def _places(index: pd.Index) -> tuple[np.ndarray, Callable[[Any], Any], Callable[[Any], Any]]:
    """Return the places of values on the x-axis, how to read a mark, and how to find its place."""

    def read(at: Any) -> Any:
        return pd.Period(at, index.freq) if isinstance(index, pd.PeriodIndex) else at

    if isinstance(index, pd.PeriodIndex) and not _in_names(index):
        return index.to_timestamp().to_numpy(), read, lambda period: period.to_timestamp()
    if isinstance(index, pd.DatetimeIndex):
        return index.to_numpy(), pd.Timestamp, lambda day: day
    if index.dtype.kind in "iuf":
        return index.to_numpy(float), lambda at: at, lambda at: at

    def find(at: Any) -> int:
        check_names("lines", "marks", [at], index)
        return list(index).index(at)

    return np.arange(len(index)), read, find


def _in_names(index: pd.PeriodIndex) -> bool:
    """Say whether periods are few quarters or years, which are written as they are: 2025Q1."""
    return index.freqstr[0] in "QY" and len(index) <= 12


def _x_axis(ax: Axes, index: pd.Index, place: np.ndarray) -> None:
    """Set ticks: dates as one writes them, whole numbers as such, names at their places."""
    if place.dtype.kind == "M":
        ax.xaxis.set_major_locator(AutoDateLocator(minticks=3, maxticks=7))
        ax.xaxis.set_major_formatter(Days())
    elif index.dtype.kind in "iu":
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        if len(index) <= 15 and len(set(np.diff(index))) == 1:
            ax.set_xticks(index, [f"{value}" for value in index])
    elif index.dtype.kind != "f":
        width = max(9, 90 // len(index))
        ax.set_xticks(place, [wrap(named(name), width) for name in index])


class Days(FuncFormatter):
    """Write dates at ticks: years, or months with the year below the first, or days."""

    def __init__(self) -> None:
        super().__init__(lambda value, _: self.format_ticks([value])[0])

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        """Return the texts of all ticks."""
        days = [pd.Timestamp(num2date(value)).tz_localize(None) for value in values]
        if all((day.month, day.day) == (1, 1) for day in days):
            return [f"{day:%Y}" for day in days]
        in_months = all(day.day == 1 for day in days)
        in_days = all(day == day.normalize() for day in days)
        texts, before = [], None
        for day in days:
            month = say_in_lesson(MONTHS[day.month - 1][:3])
            date = say_in_lesson("{month} {day}", month=month, day=day.day)
            unit = day.year if in_days else day.date()
            below = f"\n{day:%Y}" if in_days else f"\n{date}"
            text = month if in_months else date if in_days else f"{day:%H:%M}"
            texts.append(text + (below if unit != before else ""))
            before = unit
        return texts


def _name_end(ax: Axes, place: np.ndarray, line: pd.Series, name: str, color: str) -> None:
    """Write a name to the right of a line's last value; `settle` moves it off its neighbors."""
    last = np.flatnonzero(line.notna())[-1]
    strong = text_color(color)
    link = {"arrowstyle": "-", "color": color, "linewidth": 1, "shrinkA": 1, "shrinkB": 3}
    note = ax.annotate(
        name, (place[last], line.iloc[last]), (14, 0), textcoords="offset points", color=strong,
        fontsize=12, va="center", annotation_clip=False, gid=AT_END,
        arrowprops=link | {"relpos": (0, 0.5)}, zorder=6, linespacing=1,
    )  # fmt: skip
    note.set_path_effects(HALO)


def _clauses(
    table: pd.DataFrame, say: Callable, number: str | None, alone: bool, colors: dict
) -> list[str]:
    """Say where each line begins and ends, and its turns; of many grey ones only their range."""
    shown = list(table.columns)
    grey = [name for name in shown if colors[name] == GREY]
    clauses = []
    if len(grey) > 3:
        shown = [name for name in shown if name not in grey]
    for name in shown:
        values = _of_line(table[name].dropna(), say, number)
        both = {"name": named(name), "values": values}
        clauses.append(values if alone else say_in_lesson("{name}: {values}", **both))
    if len(grey) > 3:
        last = table[grey].ffill().iloc[-1]
        ends = {"low": written(last.min(), number), "high": written(last.max(), number)}
        text = (
            say_in_lesson("the {n} other lines end between {low} and {high}", n=len(grey), **ends)
            if shown
            else say_in_lesson(
                "the {n} lines end between {low} ({lowest}) and {high} ({highest})",
                n=len(grey), lowest=named(last.idxmin()), highest=named(last.idxmax()), **ends,
            )
        )  # fmt: skip
        clauses.append(text)
    return clauses


def _of_line(line: pd.Series, say: Callable, number: str | None) -> str:
    """Say the values of a short line; of a long one where it begins and ends, and its extremes."""

    def at(i: int) -> dict:
        return {"value": written(line.iloc[i], number), "place": say(line.index[i])}

    if len(line) <= 5:
        return listed(say_in_lesson("{value} ({place})", **at(i)) for i in range(len(line)))
    first, last = line.iloc[0], line.iloc[-1]
    ends = {"first": written(first, number), "start": say(line.index[0])}
    ends |= {"last": written(last, number), "end": say(line.index[-1])}
    if ends["first"] == ends["last"]:
        said = say_in_lesson("{first} at both ends ({start}, {end})", **ends)
    elif first < last:
        said = say_in_lesson("up from {first} ({start}) to {last} ({end})", **ends)
    else:
        said = say_in_lesson("down from {first} ({start}) to {last} ({end})", **ends)
    turns = []
    little = 0.05 * (line.max() - line.min())
    if line.max() > max(first, last) + little:
        turns.append(say_in_lesson("highest {value} ({place})", **at(line.argmax())))
    if line.min() < min(first, last) - little:
        turns.append(say_in_lesson("lowest {value} ({place})", **at(line.argmin())))
    for turn in turns:
        said = say_in_lesson("{said}, {more}", said=said, more=turn)
    return said


def _of_band(low: Any, high: Any, say: Callable, number: str | None, alone: bool) -> list[str]:
    """Say where the bands end."""
    clauses: list[str] = []
    if low is None or high is None:
        return clauses
    for name in low.columns:
        ends = pd.DataFrame({"low": low[name], "high": high[name]}).dropna()
        if ends.empty:
            continue
        values = {
            "low": written(ends["low"].iloc[-1], number),
            "high": written(ends["high"].iloc[-1], number),
            "place": say(ends.index[-1]),
        }
        said = say_in_lesson("the band ends between {low} and {high} ({place})", **values)
        both = {"name": named(name), "values": said}
        clauses.append(said if alone else say_in_lesson("{name}: {values}", **both))
    return clauses
