"""A report as one page of HTML: readable, printable, and closed to whatever stands in the file.

Names, ids and columns come from somebody's file, so every text is escaped, control characters are
taken out, and what a spreadsheet would run as a formula gets an apostrophe, in case the table is
pasted into one. The page holds no script and loads nothing; its own policy forbids both.
"""

import base64
import html
import io
import re
import unicodedata
import warnings
from collections.abc import Iterable

import matplotlib.pyplot as plt

from helpers import plots
from helpers.own_shop import OwnShop
from helpers.report_section import Figure, Section, Table

LONGEST = 120  # characters of a cell; more of one name tells nobody anything
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
NUMBER = re.compile(r"[-−]?[^\w\s]?\s?(?:[A-Z]{3} )?\d[\d,.]*\s?[%\w.]{0,3}|–|")
STYLE = """
:root { color: #222; background: #fff; font: 17px/1.5 system-ui, "Segoe UI", sans-serif; }
body { max-width: 62rem; margin: 0 auto; padding: 1.5rem; overflow-wrap: break-word; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0.5rem 0; }
h2 { font-size: 1.4rem; line-height: 1.25; margin: 0 0 0.5rem; }
.question { color: #555; font-weight: 600; margin: 0; }
section { border-top: 3px solid #0072b2; margin: 2.5rem 0 0; padding: 1rem 0 0; }
nav li, .left-out li { margin: 0.35rem 0; }
a { color: #005a8e; }
table { border-collapse: collapse; font-size: 0.92rem; }
caption { text-align: left; font-weight: 600; padding: 0.4rem 0; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.8rem 0.3rem 0; }
th, td { border-bottom: 1px solid #d5d9dc; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
td.number { white-space: nowrap; }
td:last-child:not(.number) { min-width: 13rem; }
summary { cursor: pointer; color: #005a8e; }
.wide { overflow-x: auto; margin: 1rem 0; }
figure { margin: 1rem 0; }
figure img { max-width: 100%; height: auto; }
figcaption { color: #444; font-size: 0.92rem; }
.caveats { background: #f3f5f6; padding: 0.6rem 1rem 0.6rem 2.2rem; margin: 1rem 0; }
footer { border-top: 1px solid #d5d9dc; margin-top: 3rem; color: #444; font-size: 0.92rem; }
@media print { body { max-width: none; padding: 0; font-size: 11pt; }
  section, figure, tr { break-inside: avoid-page; } .wide { overflow: visible; } }
"""


def page(shop: OwnShop, sections: Iterable[Section]) -> str:
    """Write sections as one page of HTML that needs nothing else.

    Parameters
    ----------
    shop : the shop they are about.
    sections : of `helpers.report.sections`.

    Returns
    -------
    str; the same shop gives the same page, byte for byte.
    """
    made = list(sections)
    shown = [one for one in made if not one.skipped]
    left_out = [one for one in made if one.skipped]
    messages = "\n".join(
        f'<li><a href="#{one.name}">{_escape(one.title)}</a></li>' for one in shown
    )
    whys = "\n".join(
        f"<li><strong>{_escape(one.question)}</strong> Left out: {_escape(one.skipped)}</li>"
        for one in left_out
    )
    cannot = (
        f'<section class="left-out" id="left-out"><h2>What this file cannot tell</h2>\n'
        f"<ul>{whys}</ul></section>"
        if left_out
        else ""
    )
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="referrer" content="no-referrer">
<title>Report on a shop</title>
<style>{STYLE}</style>
</head>
<body>
<header>
<h1>Report on a shop</h1>
<p>Made from {_escape(shop.source)}.</p>
</header>
<nav aria-label="Findings"><h2>In short</h2>
<ul>{messages}</ul></nav>
<main>
{"".join(_section(one) for one in shown)}
{cannot}
</main>
<footer><p>The page holds ids of customers: treat it as you treat the file. Cells that begin with
=, +, - or @ have an apostrophe before them, so that a spreadsheet does not take them for formulas.
Made with the user-value workbook; its lessons explain each method and where it fails.</p></footer>
</body>
</html>
"""


def _section(one: Section) -> str:
    reading = "".join(f"<p>{_escape(paragraph)}</p>\n" for paragraph in one.reading)
    caveats = "".join(f"<li>{_escape(caveat)}</li>\n" for caveat in one.caveats)
    caveats = f'<ul class="caveats" aria-label="Caveats">{caveats}</ul>\n' if caveats else ""
    figures = "".join(_figure(figure) for figure in one.figures)
    tables = "".join(_table(table) for table in one.tables)
    return (
        f'<section id="{one.name}" aria-labelledby="{one.name}-title">\n'
        f'<p class="question">{_escape(one.question)}</p>\n'
        f'<h2 id="{one.name}-title">{_escape(one.title)}</h2>\n'
        f"{reading}{figures}{tables}{caveats}</section>\n"
    )


def _table(table: Table) -> str:
    cells = table.cells.astype(str)
    numbers = {name for name in cells if all(map(NUMBER.fullmatch, cells[name]))}
    kind = {name: ' class="number"' if name in numbers else "" for name in cells}
    head = "".join(f'<th scope="col"{kind[name]}>{_cell(str(name))}</th>' for name in cells)
    rows = "\n".join(
        "<tr>"
        + "".join(f"<td{kind[name]}>{_cell(text)}</td>" for name, text in row.items())
        + "</tr>"
        for row in cells.to_dict("records")
    )
    caption = _escape(table.caption)
    written = (
        f'<div class="wide" role="region" aria-label="{caption}" tabindex="0"><table>\n'
        f"<caption>{caption}</caption>\n<thead><tr>{head}</tr></thead>\n"
        f"<tbody>{rows}</tbody></table></div>\n"
    )
    if not table.folded:
        return written
    return f"<details><summary>The numbers of the figure</summary>\n{written}</details>\n"


def _cell(text: str) -> str:
    """Return a cell: escaped, no formula, in a direction of its own.

    Examples
    --------
    >>> _cell("=1+1"), _cell("-5%"), _cell("<b>")
    ('<bdi>&#x27;=1+1</bdi>', '-5%', '<bdi>&lt;b&gt;</bdi>')
    """
    if NUMBER.fullmatch(text):
        return _escape(text)
    text = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    guard = "'" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else ""
    return f"<bdi>{_escape(guard + text)}</bdi>"


def _escape(text: str) -> str:
    """Return text for HTML, without characters that are seen by nobody but steer the display."""
    seen = "".join(
        " " if one in "\t\r\n" else "�" if unicodedata.category(one) in ("Cc", "Cs") else one
        for one in text
        if unicodedata.category(one) != "Cf" or one in "\u200d\u200c"
    )
    return html.escape(seen)


def _figure(figure: Figure) -> str:
    """Draw a figure into the page, with the text for those who do not see it."""
    with plt.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing")  # a currency that the font lacks
        plots.use_style()
        plt.rcParams.update({"svg.hashsalt": "report", "svg.fonttype": "path"})
        drawn = figure.draw().figure
        drawing = io.BytesIO()
        drawn.savefig(drawing, format="svg", bbox_inches="tight", metadata={"Date": None})
        plt.close(drawn)
    source = base64.b64encode(drawing.getvalue()).decode()
    words = _escape(figure.words[:1].upper() + figure.words[1:])
    return (
        f'<figure><img alt="{words}" src="data:image/svg+xml;base64,{source}">\n'
        f"<figcaption>In words: {words}</figcaption></figure>\n"
    )
