"""How all figures look: colors, sizes of text, fonts; and how a cell shows a number."""

import dataclasses
import functools
import re
import sys
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib import font_manager
from matplotlib.colors import to_hex, to_rgb
from matplotlib.rcsetup import cycler
from matplotlib.text import Text

from helpers import language

CHINESE = Path(__file__).parents[1] / "locale/fonts/NotoSansSC-Regular.ttf"
ACCENT = "#0072B2"  # Okabe and Ito's blue: differs from grey with any kind of color vision
CONTEXT = "#B0B0B0"
GREY = "#767676"  # lines and names in grey: 4.5 to 1 on white
COLORS = [ACCENT, "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"]  # Okabe and Ito
MARKERS = "osD^vP"  # the second sign, beside the color
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
    "axes.prop_cycle": cycler(color=COLORS),
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
    plain_numbers()
    if language.current() != "en":
        # The second font, where the first lacks a character; it has no bold, so titles are larger.
        fonts = [STYLE["font.family"], _add_chinese_font()]
        plt.rcParams.update(
            {"font.family": fonts, "axes.titleweight": "normal", "axes.titlesize": 18}
        )
        _translate_texts()


def plain_numbers() -> None:
    """Let cells show 0.0495 instead of np.float64(0.04954573240956278), in tuples and lists, too.

    Outside of a notebook nothing changes, nor does what tables and arrays show.
    """
    if "IPython" not in sys.modules:  # a notebook has imported it
        return
    shell = sys.modules["IPython"].get_ipython()
    if shell is None:
        return
    printers = shell.display_formatter.formatters["text/plain"]
    floats, integers = (map(np.dtype, np.typecodes[kind]) for kind in ("Float", "AllInteger"))
    for kind in (float, *(each.type for each in floats)):  # IPython asks for the exact type
        printers.for_type(
            kind, lambda value, p, cycle: p.text(_plain(float(value), len(p.stack) > 1))
        )
    for kind in (each.type for each in integers):
        printers.for_type(kind, lambda value, p, cycle: p.text(str(int(value))))
    printers.for_type(np.bool_, lambda value, p, cycle: p.text(str(bool(value))))
    printers.for_type(np.str_, lambda value, p, cycle: p.text(repr(str(value))))


def _plain(value: float, inside: bool = False) -> str:
    """Write a number with three digits, and with four from 1 on.

    Examples
    --------
    >>> _plain(0.04954573240956278), _plain(5.33421), _plain(49.0), _plain(753405.42)
    ('0.0495', '5.334', '49.0', '753,405')
    >>> _plain(753405.42, inside=True)  # a comma would look like that of a tuple
    '753405'
    """
    if not np.isfinite(value) or float(value).is_integer():
        return repr(value)
    if abs(value) >= 1000:
        return f"{value:.0f}" if inside else f"{value:,.0f}"
    return repr(float(f"{value:.3g}" if abs(value) < 1 else f"{value:.4g}"))


def readable(color: str) -> str:
    """Darken a color until text in it stands out from white, 4.5 to 1.

    Examples
    --------
    >>> readable(ACCENT), readable("#E69F00")
    ('#0072b2', '#9d6c00')
    """
    rgb = np.array(to_rgb(color))
    while contrast(rgb) < 4.5:
        rgb *= 0.98
    return to_hex(tuple(rgb))


def contrast(color: Any, paper: Any = "white") -> float:
    """Return how much a color stands out from another, from 1 to 21, as WCAG 2.2 defines it."""
    channels = np.array([to_rgb(color), to_rgb(paper)])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    dark, light = sorted(linear @ [0.2126, 0.7152, 0.0722])
    return (light + 0.05) / (dark + 0.05)


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
