"""Figures of the course, readable from the back row: grey for context, color for the message.

Each function takes its message as ``title``, draws on new axes and returns them. In a notebook,
`in_words` follows, for those who cannot see the figure, and ``plt.show()``.
"""

import dataclasses
import functools
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import fill
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch
from matplotlib.rcsetup import cycler
from matplotlib.text import Text

from helpers import language

CHINESE = Path(__file__).parent / "locale/fonts/NotoSansSC-Regular.ttf"
ACCENT = "#0072B2"  # Okabe and Ito's blue: differs from grey with any kind of color vision
CONTEXT = "#B0B0B0"
PALE = "#EDEFF1"
INK = "#222222"
DEEP = "#4C9FD0"  # the far end of a scale of color; `INK` can still be read on it

STYLE: dict[Any, Any] = {
    "figure.figsize": (9, 4.5),
    "figure.dpi": 100,
    "figure.constrained_layout.use": True,
    "font.family": "DejaVu Sans",
    "font.size": 13,
    "text.color": INK,
    "text.parse_math": False,  # two prices in a title are not a formula
    "axes.prop_cycle": cycler(
        color=[ACCENT, "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"]  # Okabe and Ito
    ),
    "axes.titlesize": 16,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 14,
    "axes.labelsize": 13,
    "axes.labelcolor": INK,
    "axes.edgecolor": CONTEXT,
    "axes.linewidth": 1.25,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.color": "0.8",
    "grid.linewidth": 1,
    "legend.fontsize": 12,
    "legend.title_fontsize": 12,
    "legend.frameon": False,
    "lines.linewidth": 2.5,
    "lines.solid_capstyle": "round",
    "patch.edgecolor": "white",
    "patch.force_edgecolor": True,
}
for axis, side in (("xtick", "bottom"), ("ytick", "left")):
    STYLE |= {f"{axis}.{side}": False, f"{axis}.color": INK, f"{axis}.labelsize": 12}
    STYLE |= {f"{axis}.major.size": 6, f"{axis}.minor.size": 4}  # room between axis and label


def use_style() -> None:
    """Set the style of all figures; call it once, in the setup cell.

    Text is at least 12 points. The font comes with matplotlib, so that a figure is the same on
    every machine.
    """
    plt.rcParams.update(STYLE)
    if language.current() != "en":
        # The second font, where the first lacks a character; it has no bold, so titles are larger.
        fonts = [STYLE["font.family"], _add_chinese_font()]
        plt.rcParams.update(
            {"font.family": fonts, "axes.titleweight": "normal", "axes.titlesize": 18}
        )
        _translate_texts()


@functools.cache  # once in a session
def _add_chinese_font() -> str:
    """Make the Chinese font known to matplotlib and return its name."""
    known = font_manager.fontManager
    known.addfont(CHINESE)
    regular = known.ttflist[-1]
    # A bold text is drawn with it, too; otherwise matplotlib warns, in red, that it has no bold.
    known.ttflist.append(dataclasses.replace(regular, weight="bold"))
    return regular.name


@functools.cache  # once in a session
def _translate_texts() -> None:
    """Let each text of a figure be looked up in the language of the lessons."""
    set_text, set_weight = Text.set_text, Text.set_fontweight

    def translated(self: Text, s: object) -> None:
        set_text(self, language.say_with_numbers(s) if isinstance(s, str) else s)

    def in_one_weight(self: Text, weight: str | int) -> None:
        is_chinese = re.search("[\u4e00-\u9fff]", self.get_text())
        set_weight(self, "normal" if is_chinese else weight)  # Latin words among it, too

    Text.set_text, Text.set_fontweight = translated, in_one_weight


def in_words(text: str) -> None:
    """Print what the figure shows, with the numbers.

    Examples
    --------
    >>> in_words("Half of all buyers (51%) never come back.")
    In words: Half of all buyers (51%) never come back.
    """
    print(language.say_in_lesson("In words: {text}", text=language.say_with_numbers(text)))


def bars(
    values: pd.Series, title: str, *, label: str, accent: Sequence = (), number: str = "{:,.0f}"
) -> Axes:
    """Draw a horizontal bar chart with the values as labels; the first value is at the top.

    Parameters
    ----------
    values : Series of numbers ≥ 0; its index names the bars.
    title : the message.
    label : label of the x-axis, with its unit, such as "orders" or "revenue ($)".
    accent : names of the bars in color; the others are grey.
    number : format of the values.
    """
    _, ax = plt.subplots(figsize=(9, 1.6 + 0.45 * len(values)))
    colors = [ACCENT if name in accent else CONTEXT for name in values.index]
    drawn = ax.barh([str(name) for name in values.index], values, color=colors, height=0.7)
    ax.bar_label(drawn, [number.format(value) for value in values], padding=6)
    ax.invert_yaxis()
    ax.set(title=title, xlabel=label, xticks=[])
    ax.margins(x=0.12)  # room for the value beside the longest bar
    ax.spines["bottom"].set_visible(False)
    ax.tick_params(left=False)
    return ax


def heat_map(values: pd.DataFrame, title: str, *, rows: str, columns: str) -> Axes:
    """Draw a heat map of shares, with the value in each cell; missing values stay blank.

    Parameters
    ----------
    values : DataFrame of shares ≥ 0; index and columns name the cells.
    title : the message.
    rows, columns : labels of the axes, with the unit.
    """
    import seaborn as sns  # only here: it takes half a second, and few lessons draw heat maps

    height, width = values.shape
    _, ax = plt.subplots(figsize=(2.2 + 0.62 * width, 1.7 + 0.42 * height))
    sns.heatmap(
        values,
        vmin=0,
        cmap=sns.light_palette(DEEP, as_cmap=True),
        annot=values.map("{:.0%}".format, na_action="ignore"),
        fmt="",
        annot_kws={"color": INK, "fontsize": 12},
        linewidths=2,
        cbar=False,
        ax=ax,
    )
    ax.set(title=title, xlabel=columns)
    ax.set_ylabel(rows, labelpad=10)
    ax.tick_params(rotation=0)
    return ax


def kpi_tree(*, users: int, buyers: int, orders: int, revenue: float, title: str) -> Axes:
    """Draw a KPI tree: revenue = users × buyers per user × orders per buyer × revenue per order.

    Each box is the product of the two below it.

    Parameters
    ----------
    users, buyers, orders : numbers of users, of buyers among them, and of their orders.
    revenue : of all orders, in dollars.
    title : the message.
    """
    if not 1 <= buyers <= min(users, orders):
        raise ValueError(
            "kpi_tree: there must be at least one buyer, and no more buyers than users or orders; "
            f"got {users:,} users, {buyers:,} buyers, {orders:,} orders"
        )
    boxes = [  # x and y of the center; name, value, and the KPI
        (4, 2, "Revenue", f"${revenue:,.0f}", "all orders together"),
        (2, 1, "Buyers", f"{buyers:,}", "at least one order"),
        (6, 1, "Revenue per buyer", f"${revenue / buyers:,.2f}", "value of a buyer"),
        (1, 0, "Users", f"{users:,}", "acquisition"),
        (3, 0, "Buyers per user", f"{buyers / users:.1%}", "conversion"),
        (5, 0, "Orders per buyer", f"{orders / buyers:.2f}", "frequency"),
        (7, 0, "Revenue per order", f"${revenue / orders:,.2f}", "average order value"),
    ]
    _, ax = plt.subplots(figsize=(10, 5))
    ax.set(title=title, xlim=(0, 8), ylim=(-0.45, 2.4))
    ax.axis("off")
    for x, y, reach in [(4, 2, 2), (2, 1, 1), (6, 1, 1)]:
        ax.plot([x, x], [y, y - 0.5], color=CONTEXT, zorder=0)
        ends = [x - reach, x - reach, x + reach, x + reach]
        ax.plot(ends, [y - 1, y - 0.5, y - 0.5, y - 1], color=CONTEXT, zorder=0)
        ax.text(x, y - 1, "×", fontsize=22, ha="center", va="center")
    for x, y, name, value, word in boxes:
        paper, ink = (ACCENT, "white") if y == 0 else (PALE, INK)
        shape = "round,pad=0,rounding_size=0.08"
        ax.add_patch(FancyBboxPatch((x - 0.85, y - 0.33), 1.7, 0.66, shape, fc=paper, ec="none"))
        ax.text(x, y, value, color=ink, fontsize=18, weight="bold", ha="center", va="center")
        ax.text(x, y + 0.21, name, color=ink, ha="center", va="center")
        ax.text(x, y - 0.21, word, color=ink, fontsize=12, ha="center", va="center")
    return ax


def course_map(stages: Mapping[str, Sequence[str]], title: str, current: int | None = None) -> Axes:
    """Draw the lessons of the course as stations on a line, one row per stage.

    Parameters
    ----------
    stages : name of a stage → titles of its lessons; lessons are numbered from 00 on.
    title : the message.
    current : number of the current lesson, drawn in color.
    """
    longest = max(map(len, stages.values()))
    _, ax = plt.subplots(figsize=(2 + 1.5 * longest, 0.5 + 1.15 * len(stages)))
    ax.set(title=title, xlim=(-1.35, longest - 0.4), ylim=(len(stages) - 0.35, -0.4))
    ax.axis("off")
    number = 0
    for row, (stage, lessons) in enumerate(stages.items()):
        ax.axhspan(row - 0.31, row + 0.63, color=PALE, zorder=0)
        ax.text(-1.25, row + 0.13, fill(stage, 11), weight="bold", va="center")
        ax.plot([0, len(lessons) - 1], [row, row], color=CONTEXT, linewidth=4, zorder=1)
        for x, lesson in enumerate(lessons):
            paper, ink = (ACCENT, "white") if number == current else ("white", INK)
            ax.scatter(x, row, s=750, color=paper, edgecolor=CONTEXT, linewidth=1.5, zorder=2)
            ax.text(x, row, f"{number:02}", color=ink, weight="bold", ha="center", va="center")
            ax.text(x, row + 0.25, fill(lesson, 16), fontsize=12, ha="center", va="top")
            number += 1
    return ax
