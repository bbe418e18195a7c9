"""A table in color, and the same chart for several tables."""

from collections.abc import Callable, Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.language import paragraph, say_in_lesson
from helpers.plots.checks import check_names, check_numbers
from helpers.plots.labels import fit_title, settle, wrap
from helpers.plots.layout import Chart, as_list
from helpers.plots.style import DEEP, INK, in_words
from helpers.plots.words import named, written


def heat_map(
    values: pd.DataFrame,
    title: str | None = None,
    *,
    rows: str,
    columns: str,
    number: str = "{:.0%}",
    center: float | None = None,
    words: str | None = None,
    size: tuple[float, float] | None = None,
    ax: Axes | None = None,
    **axes: Any,
) -> None:
    """Draw a table in color, with the value in each cell; missing values stay blank.

    Parameters
    ----------
    values : DataFrame of numbers; index and columns name the cells.
    title : the message.
    rows, columns : labels of the axes, with units.
    number : format of the values; by default they are shares.
    center : for values on both sides of it, such as 0: blue above, orange below. Without it all
        values must be ≥ 0.
    words : what to say instead of the numbers.
    size : width and height in inches; by default as large as the table needs.
    ax : axes to draw into, without saying or showing anything.
    **axes : further properties of the axes.

    Raises
    ------
    ValueError
        If the table is empty or holds no numbers, or values below 0 without ``center``.
    """
    import seaborn as sns  # only here: it takes half a second, and few lessons draw heat maps

    if values.empty or not values.notna().to_numpy().any():
        raise ValueError(f"heat_map: the table holds no value, shape {values.shape}.")
    table = check_numbers("heat_map", values.dropna(axis=1, how="all")).reindex(
        columns=values.columns
    )
    if center is None and (table < 0).to_numpy().any():
        raise ValueError("heat_map: values below 0 have no color yet; give center=0.")
    texts = table.map(lambda value: "" if pd.isna(value) else written(value, number))
    names = [wrap(named(name), 24) for name in table.index]
    beside = 1.4 + 0.095 * max(len(line) for name in names for line in name.split("\n"))
    column = max(0.62, 0.115 * texts.map(len).max().max() + 0.2)
    wide = size[0] if size else max(6.5, beside + column * table.shape[1])
    letters = int(max(column, (wide - beside) / table.shape[1]) * 9)
    heads = [wrap(named(name), max(5, letters)) for name in table.columns]
    row = max(0.42, 0.22 * max(name.count("\n") + 1 for name in names))
    height = 1.5 + row * len(table) + 0.2 * max(head.count("\n") + 1 for head in heads)
    chart = Chart(ax, size or (wide, height))
    if center is None:
        look: dict[str, Any] = {"vmin": 0, "cmap": sns.light_palette(DEEP, as_cmap=True)}
    else:
        reach = float(np.nanmax(np.abs(table.to_numpy() - center))) or 1
        palette = sns.blend_palette(["#E9A15B", "#FFFFFF", DEEP], as_cmap=True)
        look = {"vmin": center - reach, "vmax": center + reach, "cmap": palette}
    written_in = {"annot": texts, "fmt": "", "annot_kws": {"color": INK, "fontsize": 12}}
    sns.heatmap(table, **written_in, linewidths=2, cbar=False, ax=chart.ax, **look)
    chart.ax.set_yticks(chart.ax.get_yticks(), names)
    chart.ax.set_xticks(chart.ax.get_xticks(), heads)
    chart.ax.tick_params(rotation=0)
    chart.ax.set(xlabel=columns)
    chart.ax.set_ylabel(rows, labelpad=10)
    ends = {}
    for what, where in (("high", np.nanargmax(table)), ("low", np.nanargmin(table))):
        row, column = np.unravel_index(where, table.shape)
        place = [(rows, table.index[row]), (columns, table.columns[column])]
        ends[f"{what}_place"] = say_in_lesson("; ").join(
            say_in_lesson("{axis}: {name}", axis=named(axis), name=named(name))
            if axis
            else named(name)
            for axis, name in place
        )
        ends[what] = written(table.iloc[row, column], number)
    said = [
        say_in_lesson("the highest value is {high} ({high_place})", **ends),
        say_in_lesson("the lowest value is {low} ({low_place})", **ends),
    ]
    if empty := int(table.isna().to_numpy().sum()):
        said.append(say_in_lesson("{n} of {total} cells are empty", n=empty, total=table.size))
    chart.finish(title, words, said, options=axes)


NAME: Any = {"axes.titlesize": 13, "axes.titleweight": "normal", "axes.titlepad": 6}  # of a panel


def panels(
    chart: Callable[..., None],
    tables: Mapping[str, Any],
    title: str,
    *,
    share: str | None = None,
    words: str | Mapping[str, str] | None = None,
    size: tuple[float, float] | None = None,
    **options: Any,
) -> None:
    """Draw the same chart once for each table, side by side, each with its name above.

    Parameters
    ----------
    chart : a function of this module, such as `lines`.
    tables : name → what ``chart`` draws.
    title : the message of all.
    share : which axes are alike: "y", "x", "both" or ""; by default "y", and "both" for charts
        with a row for each name, so that lengths can be compared.
    words : what to say instead of the numbers; or name → what to say of that panel.
    size : width and height of the figure in inches.
    **options : of ``chart``, for all panels.

    Raises
    ------
    ValueError
        If there is no table, ``share`` is none of the four, or ``chart`` refuses a table.

    Examples
    --------
    ``panels(lines, {"shop": a, "control": b}, "Only the control falls", x="k", y="inertia")``
    """
    if not tables:
        raise ValueError("panels: there is no table to draw.")
    if share is None:
        share = "both" if "label" in options else "y"
    if share not in ("", "x", "y", "both"):
        raise ValueError(f'panels: share is "y", "x", "both" or ""; got "{share}".')
    across = len(tables) if len(tables) <= 3 else 2 if len(tables) == 4 else 3
    down = -(-len(tables) // across)
    figure, grid = plt.subplots(
        down, across, figsize=size or (max(9, 4.4 * across), 0.6 + 3.8 * down), squeeze=False,
        sharey=share in ("y", "both"), sharex=share in ("x", "both"),
    )  # fmt: skip
    figure.set_layout_engine("none")  # laid out once, below, and not for every panel
    said, hidden, accent = [], [], options.get("accent")
    if accent is not None and not hasattr(accent, "dtype"):
        known = [each for table in tables.values() for each in _names_in(table)]
        check_names("panels", "accent", as_list(accent), dict.fromkeys(known))
    for ax, (name, table) in zip(grid.flat, tables.items(), strict=False):
        if accent is not None and not hasattr(accent, "dtype"):  # a name may be in one panel only
            options["accent"] = [each for each in as_list(accent) if each in _names_in(table)]
        with plt.rc_context(NAME):
            chart(table, named(name), ax=ax, **options)
        about, shown, outside = ax.get_label().split("\n")
        if isinstance(words, Mapping) and name in words:
            shown = paragraph([words[name], outside])
        said.append(say_in_lesson("{name}: {words}", name=named(name), words=shown))
        if outside:
            hidden.append(say_in_lesson("{name}: {words}", name=named(name), words=outside))
    for ax in grid.flat[len(tables) :]:
        ax.axis("off")
    if share in ("y", "both"):
        for ax in grid[:, 1:].flat:
            ax.set_ylabel("")
    figure.set_layout_engine("constrained")
    figure.suptitle(wrap(title, 200), weight="bold", x=0.01, ha="left", fontsize=16)
    fit_title(figure)
    settle(*grid.flat[: len(tables)])
    if isinstance(words, str):
        said = [words, *hidden]
    elif about and not words:
        said = [say_in_lesson("{said}.", said=about), *said]
    in_words(paragraph(said))
    plt.show()


def _names_in(table: Any) -> list:
    """Return what can be named of a table: its rows and columns, or the tables in it."""
    if isinstance(table, pd.DataFrame):
        return [*table.columns, *table.index]
    return list(table.index) if isinstance(table, pd.Series) else list(table)
