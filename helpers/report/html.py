"""A report as one page of HTML: readable, printable, and safe from the contents of the file.

The words and tags of the page are in the template ``page.html``, its style in ``page.css``; this
module prepares what the template needs. Names, ids and columns come from somebody's file, so every
text is escaped, control characters are removed, and text that a spreadsheet would run as a formula
gets an apostrophe, in case the table is pasted into one. The page contains no script and loads
nothing; its own policy, in ``base.html``, forbids both.
"""

import base64
import io
import re
import unicodedata
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import jinja2
import matplotlib.pyplot as plt
import pandas as pd

from helpers import plots
from helpers.own_shop.messages import pluralize
from helpers.own_shop.shop import OwnShop
from helpers.report.section import Figure, Section, money

HERE = Path(__file__).parent
LONGEST = 120  # characters of a cell that are shown
SHORT = 12  # characters that are not broken, even on a phone
LONG = 30  # characters that need a wide column
IDS = {"customer", "column", "example", "item", "often bought with it", "recommend"}
IDS |= {"above all because they bought"}  # columns that may look like numbers, and are names
NUMBER = re.compile(r"[-−]?[^\w\s]?\s?(?:[A-Z]{3} )?\d[\d,.]*\s?[%\w.]{0,3}|–|")
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a cell begins that a spreadsheet would run


def page(shop: OwnShop, sections: Iterable[Section]) -> str:
    """Write sections as one page of HTML that needs nothing else.

    Parameters
    ----------
    shop : the shop that the sections are about.
    sections : from `helpers.report.sections`.

    Returns
    -------
    str; the same shop gives the same page, byte for byte.
    """
    made = list(sections)
    shown = [one for one in made if not one.skipped]
    return write(
        "page.html",
        title="Report on a shop",
        shop=shop,
        facts=_facts(shop),
        doubts=_doubts(shop) if "file" in [one.name for one in shown] else "",
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
    templates.globals["zip"] = zip
    templates.filters |= {"drawn": _drawn, "guarded": _guarded, "kinds": _kinds}
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
    return "".join(
        " " if one in "\t\r\n" else "�" if unicodedata.category(one) in ("Cc", "Cs") else one
        for one in value
        if unicodedata.category(one) != "Cf" or one in "\u200d\u200c"
    )


def _facts(shop: OwnShop) -> dict[str, str]:
    """Return the key facts for the top of the page: name → value."""
    if shop.order_lines.empty:
        return {}
    orders, users = shop.orders, shop.orders["user_id"].nunique()
    facts = {"customers": f"{users:,}", "orders": f"{len(orders):,}"}
    if shop.has_money:
        total = orders["value"].sum()
        facts = {"revenue": money(shop, total)} | facts
        facts["average order value"] = money(shop, total / len(orders), 2)
    once = (orders.groupby("user_id").size() == 1).mean()
    return facts | {"customers who ordered only once": f"{once:.0%}"}


def _doubts(shop: OwnShop) -> str:
    """Say how many things in the file are in doubt, if any are."""
    number = len(shop.doubts)
    return f"{pluralize(number, 'thing')} in the file {'is' if number == 1 else 'are'}" * bool(
        number
    )


def _kinds(cells: pd.DataFrame) -> dict[str, str | None]:
    """Return the class of each column: numbers align right, long texts are wide; ids are text.

    Examples
    --------
    >>> _kinds(pd.DataFrame({"orders": ["7"], "item": ["7"], "why": ["it counts lines, it seems"]}))
    {'orders': 'number', 'item': 'short', 'why': None}
    """
    return {name: _kind(name, cells[name]) for name in cells}


def _kind(name: str, column: pd.Series) -> str | None:
    if name not in IDS and all(map(NUMBER.fullmatch, column)):
        return "number"
    longest = column.str.len().max()
    return "long" if longest > LONG else "short" if longest <= SHORT else None


def _guarded(text: str) -> str:
    """Return the text of a cell, shortened if very long, and safe to paste into a spreadsheet.

    Examples
    --------
    >>> _guarded("=1+1"), _guarded("lamp")
    ("'=1+1", 'lamp')
    """
    text = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    return f"'{text}" if text.startswith(FORMULA) else text


class Drawing(NamedTuple):
    """A figure to show: an SVG in base64, its width in inches, and its description in words."""

    svg: str
    inches: str
    words: str


def _drawn(figure: Figure) -> Drawing:
    """Draw a figure; letters are paths, so it looks the same on every computer."""
    with plt.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing")  # a currency that the font lacks
        plots.use_style()
        plt.rcParams.update({"svg.hashsalt": "report", "svg.fonttype": "path"})
        drawn = figure.draw().figure
        drawing = io.BytesIO()
        drawn.savefig(drawing, format="svg", bbox_inches="tight", metadata={"Date": None})
        inches = f"{drawn.get_size_inches()[0]:g}"
        plt.close(drawn)
    svg = base64.b64encode(drawing.getvalue()).decode()
    return Drawing(svg, inches, figure.words[:1].upper() + figure.words[1:])
