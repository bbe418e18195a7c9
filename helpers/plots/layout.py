"""What all charts share: axes, colors, a key, and the end: words, then the picture."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator
from matplotlib.transforms import ScaledTranslation

from helpers.language import paragraph, say_in_lesson
from helpers.plots.labels import (
    ABOVE,
    HALO,
    ON_LEVEL,
    balanced,
    cells,
    fit_title,
    settle,
    start_title,
    wrap,
)
from helpers.plots.style import ACCENT, COLORS, GREY, INK, in_words, readable
from helpers.plots.words import named, sentence, written


class Chart:
    """One chart while it is drawn.

    Parameters
    ----------
    ax : the axes to draw into, or None for a figure of its own.
    size : width and height of the figure in inches.
    """

    def __init__(self, ax: Axes | None, size: tuple[float, float]):
        self.own = ax is None
        self.ax: Axes = plt.subplots(figsize=size)[1] if ax is None else ax
        self.rows_above = 0  # of names between the title and the axes

    def levels(self, levels: Mapping[str, float] | None) -> list[str]:
        """Draw a thin named line across at each level, and return what to say of them."""
        for name, y in (levels or {}).items():
            self.ax.axhline(y, color=INK, linewidth=1.2, linestyle=":", zorder=1)
            place = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points"}
            note = self.ax.annotate(
                name, (0.01, y), (0, 4), fontsize=12, zorder=5, gid=ON_LEVEL, **place
            )
            note.set_path_effects(HALO)
        named_levels = {name: y for name, y in (levels or {}).items() if name}
        return [
            say_in_lesson("the line “{name}” is at {value}", name=named(name), value=written(y))
            for name, y in named_levels.items()
        ]

    def marks(
        self,
        marks: Mapping[str, Any] | None,
        say: Callable[[Any], str],
        find: Callable[[Any], Any] = lambda place: place,
    ) -> list[str]:
        """Draw a named upright line at each place, and return what to say of them."""
        for i, (name, place) in enumerate((marks or {}).items()):
            color, x = (ACCENT if i == 0 else INK), find(place)
            self.ax.axvline(x, color=color, linewidth=1.6, zorder=1)
            where = {"xycoords": ("data", "axes fraction"), "textcoords": "offset points"}
            self.ax.annotate(
                name, (x, 1), (0, 4), ha="center", va="bottom", fontsize=12, color=color, gid=ABOVE,
                annotation_clip=False, **where,
            )  # fmt: skip
        self.rows_above += any(marks or {})
        return [
            say_in_lesson("{name} is marked at {place}", name=named(name), place=say(x))
            for name, x in (marks or {}).items()
            if name
        ]

    def key(self, names: Sequence[str], colors: Sequence[str], markers: Sequence[str]) -> None:
        """Write names in their colors and with their markers between the title and the axes."""
        signs = [
            Line2D([], [], color=color, marker=marker, linestyle="", markersize=9)
            for color, marker in zip(colors, markers, strict=True)
        ]
        figure: Any = self.ax.figure
        texts = [wrap(named(name), 30) for name in names]
        widest = max(cells(line) for text in texts for line in text.split("\n"))
        width = 72 * figure.get_size_inches()[0] * self.ax.get_position().width
        across = int(np.clip(width / (6.8 * widest + 34), 1, len(names)))
        above = ScaledTranslation(0, 21 * self.rows_above / 72, figure.dpi_scale_trans)
        self.ax.legend(
            signs, texts, loc="lower left", bbox_to_anchor=(0, 1), ncols=across,
            bbox_transform=self.ax.transAxes + above, borderpad=0.2, borderaxespad=0.1,
            handletextpad=0.2, columnspacing=1.5, labelcolor=list(map(text_color, colors)),
        )  # fmt: skip
        lines = max(text.count("\n") + 1 for text in texts)
        self.rows_above += lines * -(-len(names) // across)

    def finish(
        self,
        title: str | None,
        words: str | None,
        clauses: Sequence[str],
        *,
        about: str = "",
        points: tuple[Any, Any] | None = None,
        options: Mapping[str, Any],
    ) -> None:
        """Name the axes, say what they hide, and, in a figure of our own, say all and show it."""
        ax, figure = self.ax, cast(Any, self.ax.figure)
        ax.set(**options)
        hidden = self._hidden(*points) if points else []
        width, height = 72 * figure.get_size_inches()
        ax.set_xlabel(balanced(ax.get_xlabel(), int(width / 8.5) if self.own else 44))
        ax.set_ylabel(balanced(ax.get_ylabel(), max(12, int((height - 90) / 7))))
        outside = sentence(hidden) if hidden else ""
        ax.set_label(
            "\n".join([about.replace("\n", " "), sentence([*clauses, *hidden]), outside])
        )  # for `panels`
        if title is not None:
            pad = plt.rcParams["axes.titlepad"] + 21 * self.rows_above
            ax.set_title(title, loc="left", pad=pad)
        if not self.own:
            settle(ax)
            return
        fit_title(figure, ax)
        settle(ax)
        start_title(figure, ax)
        said = paragraph([words, outside]) if words else sentence([*clauses, *hidden], about)
        in_words(said)
        plt.show()

    def _hidden(self, xs: Any, ys: Any) -> list[str]:
        """Write below the axes how many points they hide, and return it as a clause."""
        places = [(np.asarray(self.ax.convert_xunits(xs), float), self.ax.get_xlim())]
        if ys is not None:
            places.append((np.asarray(ys, float), self.ax.get_ylim()))
        known = np.logical_and.reduce([np.isfinite(values) for values, _ in places])
        inside = known.copy()
        for values, limits in places:
            low, high = sorted(limits)
            slack = 1e-9 * (high - low)
            inside &= (values >= low - slack) & (values <= high + slack)
        outside = int(known.sum() - inside.sum())
        if not outside:
            return []
        count = {"n": f"{outside:,}", "total": f"{known.sum():,}"}
        said = say_in_lesson("{n} of {total} points lie outside the axes", **count)
        self.ax.set_xlabel(f"{self.ax.get_xlabel()}\n({said})".strip())
        return [said]


def as_list(names: Any) -> list:
    """Return names as a list; one name, or None, is a list, too."""
    if names is None:
        return []
    return list(names) if hasattr(names, "__iter__") and not isinstance(names, str) else [names]


def colors_of(names: Sequence, accent: Any) -> dict:
    """Return a color for each name: those of ``accent`` in color, in their order, others grey.

    Without ``accent``, up to six names are all in color.
    """
    if accent is None:
        accent = names if len(names) <= len(COLORS) else []
    chosen = as_list(accent)
    return {
        name: COLORS[chosen.index(name) % len(COLORS)] if name in chosen else GREY for name in names
    }


def text_color(color: str) -> str:
    """Return the color of a name: grey things have theirs in ink."""
    return INK if color == GREY else readable(color)


def log_axis(ax: Axes, which: str, ticks: Any) -> None:
    """Make an axis logarithmic, with plain numbers at ticks: a list, or name → value, or True."""
    axis = getattr(ax, f"{which}axis")
    getattr(ax, f"set_{which}scale")("log")
    axis.set_minor_locator(NullLocator())
    if ticks is True:
        low, high = axis.get_view_interval()
        axis.set_major_locator(LogLocator(subs=(1, 2, 5) if high < 1e4 * low else (1,), numticks=8))
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}"))
        return
    values = list(ticks.values() if isinstance(ticks, Mapping) else ticks)
    texts = list(ticks) if isinstance(ticks, Mapping) else [f"{value:,g}" for value in values]
    axis.set_ticks(values, [named(text) for text in texts])
