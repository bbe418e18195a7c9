"""A report as one page of HTML: readable, printable, and safe from the contents of the file.

The words and tags of the page are in the template ``page.html``, its style in ``page.css``, its
script in ``page.js``; this module prepares what they need. Names, ids and columns come from
somebody's file, so every text is escaped, control characters are removed, and text that a
spreadsheet would run as a formula gets an apostrophe, in tables and in downloads. The page loads
nothing; its own policy, in ``base.html`` and ``page.html``, allows one stylesheet and one script by
their hashes, and no connection.

Every figure is a picture that prints and needs no script. A figure with data is also drawn by a
script of our own, 9 KB, that answers to pointer, finger and keyboard, takes its colors from the
stylesheet (by day and by night), and reads its values to a screen reader. The libraries that could
do it weigh more than the rest of the page together: the bundle of Vega-Lite in vl-convert-python
0.9 MB (BSD-3-Clause), Bokeh 1.3 MB (BSD-3-Clause), Plotly 4.8 MB (MIT; its basic bundle is in no
wheel). Out of the box, none of them moves from value to value by keyboard, and all of them inject
styles that the policy forbids.
"""

import base64
import hashlib
import io
import re
import unicodedata
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import jinja2
import matplotlib.figure
import matplotlib.pyplot as plt
import pandas as pd
from markupsafe import Markup, escape
from matplotlib.font_manager import findfont, get_font
from matplotlib.text import Text

from apps.report.acts import this_week
from apps.report.charts import chart
from apps.report.own_shop.shop import OwnShop
from apps.report.section import Figure, Section
from apps.report.summary import reconciliation, tiles
from helpers import plots
from helpers.language import say

HERE = Path(__file__).parent
LONGEST = 120  # characters of a cell that are shown
LONG = 30  # characters that need a wide column
FONTS = (  # for letters that DejaVu Sans, the font of the figures, lacks
    b"'DejaVu Sans', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans SC', 'Noto Sans CJK SC', "
    b"'WenQuanYi Micro Hei', sans-serif"
)
PIXELS = 58  # an inch of a figure on a phone, where it scrolls in its box
IDS = {"customer", "column", "example", "item", "often bought with it", "recommend"}
IDS |= {"above all because they bought"}  # columns that may look like numbers, and are names
NUMBER = re.compile(r"[-−]?[^\w\s=+@-]? ?(?:[A-Z]{3} )?\d[\d,.]* ?[%\w.]{0,3}|–|")
DATE = re.compile(r"\d{4}-\d\d(-\d\d)?")
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a cell begins that a spreadsheet would run


def page(shop: OwnShop, sections: Iterable[Section]) -> str:
    """Write sections as one page of HTML that needs nothing else.

    Parameters
    ----------
    shop : the shop that the sections are about.
    sections : from `apps.report.sections`.

    Returns
    -------
    str; the same shop gives the same page, byte for byte.
    """
    made = list(sections)
    shown = [one for one in made if not one.skipped]
    return write(
        "page.html",
        title=say("Report on a shop"),
        shop=shop,
        tiles=tiles(shop),
        sums=reconciliation(shop),
        plans=this_week(made),
        shown=shown,
        left_out=[one for one in made if one.skipped],
    )


def write(template: str, *folders: Path, **values: Any) -> str:
    """Fill in a template from this folder or another; it may extend ``base.html``.

    All text is made visible (`visible`) and escaped; a missing value is an error.
    """
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader([*folders, HERE]),
        autoescape=True,
        finalize=visible,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    templates.globals |= {"zip": zip, "read": _read, "say": say}
    templates.filters |= {"csv": _csv, "drawn": _drawn, "guarded": _shortened}
    templates.filters |= {
        "hashed": _hashed,
        "kinds": _kinds,
        "sentence": _sentence,
        "unbroken": _unbroken,
    }
    templates.tests["numeric"] = NUMBER.fullmatch
    return templates.get_template(template).render(values)


def visible(value: Any) -> Any:
    r"""Return text without invisible characters that change how it is displayed.

    Tabs and line breaks become spaces, and other control characters �. Format characters, such as
    the one that reverses the direction of writing, are removed, except two that join letters and
    emoji.

    Examples
    --------
    >>> visible("photo\u202egnp.exe"), visible("a\tb\x1b"), visible(7)
    ('photognp.exe', 'a b�', 7)
    """
    if not isinstance(value, str) or hasattr(value, "__html__"):  # a number, or HTML of a template
        return value
    if value.isprintable():  # nothing but letters, digits, signs and spaces: nearly every text
        return value
    return "".join(
        " " if one in "\t\r\n" else "�" if unicodedata.category(one) in ("Cc", "Cs") else one
        for one in value
        if unicodedata.category(one) != "Cf" or one in "\u200d\u200c"
    )


def _kinds(cells: pd.DataFrame) -> dict[str, str | None]:
    """Return the class of each column: numbers align right, long texts are wide; ids are text.

    Examples
    --------
    >>> _kinds(pd.DataFrame({"orders": ["7"], "item": ["7"], "why": ["x" * 31]}))
    {'orders': 'number', 'item': None, 'why': 'long'}
    """
    return {name: _kind(name, cells[name]) for name in cells}


def _kind(name: str, column: pd.Series) -> str | None:
    if name not in map(say, IDS) and all(map(NUMBER.fullmatch, column)):
        return "number"
    return "long" if column.str.len().max() > LONG else None


def _shortened(text: str) -> str:
    """Return the text of a cell, cut if very long, and safe to paste into a spreadsheet."""
    return guarded(text if len(text) <= LONGEST else text[: LONGEST - 1] + "…")


def guarded(text: Any) -> Any:
    """Return a value that a spreadsheet doesn't run as a formula; numbers stay as they are.

    Examples
    --------
    >>> guarded("=1+1"), guarded("-5"), guarded("-5+1"), guarded("lamp"), guarded(-5)
    ("'=1+1", '-5', "'-5+1", 'lamp', -5)
    """
    is_formula = isinstance(text, str) and text.startswith(FORMULA) and not NUMBER.fullmatch(text)
    return f"'{text}" if is_formula else text


def _csv(rows: pd.DataFrame) -> str:
    """Return a table as CSV in base64, with the mark by which Excel knows UTF-8.

    Examples
    --------
    >>> table = pd.DataFrame({"customer": ["=1+1", "Zoë, 7"], "orders": [2, 3]})
    >>> base64.b64decode(_csv(table)).decode("utf-8-sig").split()
    ['customer,orders', "'=1+1,2", '"Zoë,', '7",3']
    """
    texts = rows.select_dtypes(exclude="number")
    safe = rows.assign(**texts.map(lambda cell: visible(guarded(cell))))
    safe.columns = [visible(guarded(name)) for name in rows]
    text = safe.to_csv(index=False, lineterminator="\r\n")
    return base64.b64encode(text.encode("utf-8-sig")).decode()


def _sentence(text: str) -> str:
    """Return a text with a capital letter at the beginning; the others stay as they are."""
    return text[:1].upper() + text[1:]


def _unbroken(text: str) -> Markup:
    """Return a text with marks around its dates, so that no line ends inside of one."""
    return Markup(DATE.sub(r'<span class="date">\g<0></span>', str(escape(visible(text)))))


def _read(name: str) -> str:
    """Return a stylesheet or a script of this folder."""
    return (HERE / name).read_text(encoding="utf-8")


def _hashed(name: str) -> str:
    """Return what a policy says to allow one stylesheet or script and no other."""
    digest = hashlib.sha256(_read(name).encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


class Drawing(NamedTuple):
    """A figure to show: an SVG in base64, and its width in pixels.

    The data (empty if there are none), the title and the label of the axis of values are
    for the interactive form.
    """

    svg: str
    width: int
    data: str
    title: str
    axis: str


def _drawn(figure: Figure) -> Drawing | None:
    """Draw a figure; letters are paths, so it looks the same on every computer.

    Letters that matplotlib's font lacks, such as Chinese ones, are left to the fonts of the
    browser. Until then, matplotlib reserves more room for each than it needs.

    If it can't be drawn, the page is made without it, and a warning tells us.
    """
    try:
        with plt.rc_context(), warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Glyph .* missing")
            plots.use_style()
            plt.rcParams.update({"svg.hashsalt": "report", "svg.fonttype": "path"})
            axes = figure.draw()
            svg = _as_svg(axes.figure)
            if not _is_in_font(axes.figure):
                plt.rcParams["svg.fonttype"] = "none"
                svg = _as_svg(axes.figure).replace(b"'DejaVu Sans'", FONTS)
            plt.close(axes.figure)
        return Drawing(
            svg=base64.b64encode(svg).decode(),
            width=round(PIXELS * axes.figure.get_size_inches()[0]),
            data="" if figure.data is None else chart(figure.data),
            title=axes.get_title(loc="left"),
            axis=axes.get_ylabel() or axes.get_xlabel(),
        )
    except Exception as error:
        said = f"{type(error).__name__} in a figure ({figure.words}): {error}"
        warnings.warn(said, RuntimeWarning, stacklevel=2)
        return None


def _as_svg(figure: matplotlib.figure.Figure) -> bytes:
    drawing = io.BytesIO()
    figure.savefig(drawing, format="svg", bbox_inches="tight", metadata={"Date": None})
    return drawing.getvalue()


def _is_in_font(figure: matplotlib.figure.Figure) -> bool:
    """Whether the font of the figures has all letters of one that was drawn."""
    known = get_font(findfont("DejaVu Sans")).get_charmap()
    texts = (text.get_text() for text in figure.findobj(Text))
    return all(ord(letter) in known for text in texts for letter in text if letter != "\n")
