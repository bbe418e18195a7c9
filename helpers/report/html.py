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
import pandas as pd

from helpers import plots
from helpers.own_shop.shop import OwnShop
from helpers.own_shop.words import count
from helpers.report.section import Figure, Section, Table, money

LONGEST = 120  # characters of a cell; more of one name tells nobody anything
SHORT = 12  # characters that are not broken, even on a phone
IDS = {"customer", "column", "example", "item", "who buys", "often buys", "recommend"}
IDS |= {"above all because they bought"}  # columns that may look like numbers, and are names
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
NUMBER = re.compile(r"[-−]?[^\w\s]?\s?(?:[A-Z]{3} )?\d[\d,.]*\s?[%\w.]{0,3}|–|")
STYLE = """
:root { color-scheme: light dark; --ink: #1f2428; --paper: #fff; --soft: #f2f5f7; --line: #d3d9dd;
  --mute: #55606a; --link: #005a8e; --accent: #0072b2; }
@media screen and (prefers-color-scheme: dark) { :root { --ink: #e4e8eb; --paper: #15191d;
  --soft: #21272d; --line: #3b444c; --mute: #a6b0b8; --link: #85c5f0; --accent: #4fa8de; } }
html { scroll-behavior: smooth; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { max-width: 60rem; margin: 0 auto; padding: 1.5rem; overflow-wrap: break-word;
  color: var(--ink); background: var(--paper);
  font: 17px/1.55 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0.5rem 0; }
h2 { font-size: 1.45rem; line-height: 1.25; margin: 0 0 0.6rem; }
h1, h2 { text-wrap: balance; break-after: avoid; }
p, li, figcaption { max-width: 46rem; }
.question { color: var(--mute); font-size: 0.95rem; margin: 0 0 0.15rem; break-after: avoid; }
section { border-top: 3px solid var(--accent); margin: 3rem 0 0; padding: 1rem 0 0; }
a { color: var(--link); }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr));
  gap: 0.8rem; margin: 1.2rem 0; }
.facts div { background: var(--soft); border-radius: 6px; padding: 0.7rem 1rem; }
.facts dt { color: var(--mute); font-size: 0.85rem; }
.facts dd { margin: 0; font-size: 1.35rem; font-weight: 650; line-height: 1.3; }
.doubts { border-left: 4px solid #d98a00; padding: 0.2rem 0 0.2rem 0.9rem; }
nav { margin: 2rem 0 0; }
nav ol { padding-left: 1.6rem; }
nav li, .left-out li { margin: 0.55rem 0; }
nav .question { display: block; font-size: 0.85rem; }
table { border-collapse: collapse; font-size: 0.92rem; min-width: min(26rem, 100%); }
caption { text-align: left; font-weight: 600; padding: 0.4rem 0; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 1rem 0.35rem 0; }
th, td { border-bottom: 1px solid var(--line); background: var(--paper); }
th { vertical-align: bottom; color: var(--mute); font-weight: 600; line-height: 1.25; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
td.number, td:first-child { white-space: nowrap; }
td.long, td:last-child:not(.number) { min-width: 13rem; white-space: normal; }
summary { cursor: pointer; color: var(--link); }
.wide { overflow-x: auto; margin: 1.2rem 0; }
figure { margin: 1.2rem 0; break-inside: avoid; }
figure img { max-width: 100%; height: auto; background: #fff; border-radius: 6px; }
figcaption { color: var(--mute); font-size: 0.92rem; }
.caveats { background: var(--soft); border-radius: 6px; padding: 0.7rem 1.1rem; margin: 1.2rem 0;
  break-inside: avoid; }
.caveats p { margin: 0; font-weight: 600; }
.caveats ul { margin: 0.2rem 0 0; padding-left: 1.2rem; }
.up { font-size: 0.9rem; margin: 0.5rem 0 0; }
footer { border-top: 1px solid var(--line); margin-top: 3rem; color: var(--mute);
  font-size: 0.9rem; }
@media screen and (max-width: 40rem) {
  body { padding: 1rem; font-size: 16px; }
  h1 { font-size: 1.6rem; }
  h2 { font-size: 1.25rem; }
  .facts { grid-template-columns: 1fr 1fr; }
  .facts dd { font-size: 1.1rem; }
  figure img { max-width: none; width: calc(var(--inches) * 3.65rem); }
  th, td { padding-right: 0.7rem; }
  td.long, td:last-child:not(.number) { min-width: 8.5rem; }
  td:first-child, th:first-child { position: sticky; left: 0; max-width: 9rem; z-index: 1; }
  td:first-child { white-space: normal; }
  td.short { white-space: nowrap; }
}
@media print { body { max-width: none; padding: 0; font-size: 10.5pt; }
  section { margin-top: 1.5rem; } tr { break-inside: avoid; } .up { display: none; }
  figure img { max-width: 80%; } .wide { overflow: visible; break-inside: avoid; }
  a { color: inherit; } }
@page { margin: 15mm; }
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
        f'<li><span class="question">{_escape(one.question)}</span>'
        f'<a href="#{one.name}">{_escape(one.title)}</a></li>'
        for one in shown
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
<header id="top">
<h1>Report on a shop</h1>
<p>Made from {_escape(shop.source)}.</p>
{_facts(shop)}{_doubts(shop, shown)}</header>
<nav aria-label="Findings"><h2>In short</h2>
<ol>{messages}</ol></nav>
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


def _facts(shop: OwnShop) -> str:
    """Write what everybody asks first, in large figures."""
    if shop.order_lines.empty:
        return ""
    orders, users = shop.orders, shop.orders["user_id"].nunique()
    facts = {"customers": f"{users:,}", "orders": f"{len(orders):,}"}
    if shop.has_money:
        total = orders["value"].sum()
        facts = {"revenue": money(shop, total)} | facts
        facts["an order, on average"] = money(shop, total / len(orders), 2)
    once = (orders.groupby("user_id").size() == 1).mean()
    facts["of the customers ordered once"] = f"{once:.0%}"
    days = f"{shop.first_day:%Y-%m-%d} to {shop.last_day:%Y-%m-%d}"
    cells = "".join(
        f"<div><dt>{_escape(name)}</dt><dd>{_escape(fact)}</dd></div>"
        for name, fact in facts.items()
    )
    return f'<p>Orders from {days}.</p>\n<dl class="facts">{cells}</dl>\n'


def _doubts(shop: OwnShop, shown: list[Section]) -> str:
    """Point to what only the reader can settle, before the first figure is believed."""
    if not shop.doubts or "file" not in [one.name for one in shown]:
        return ""
    number, are = count(len(shop.doubts), "thing"), "is" if len(shop.doubts) == 1 else "are"
    return (
        f'<p class="doubts"><a href="#file">{number} in the file {are} in doubt.</a> '
        "Look there first: only you can settle it.</p>\n"
    )


def _section(one: Section) -> str:
    reading = "".join(f"<p>{_escape(paragraph)}</p>\n" for paragraph in one.reading)
    caveats = "".join(f"<li>{_escape(caveat)}</li>\n" for caveat in one.caveats)
    if caveats:
        caveats = f'<div class="caveats"><p>Keep in mind</p><ul>{caveats}</ul></div>\n'
    figures = "".join(_figure(figure) for figure in one.figures)
    tables = "".join(_table(table) for table in one.tables)
    return (
        f'<section id="{one.name}" aria-labelledby="{one.name}-title">\n'
        f'<p class="question">{_escape(one.question)}</p>\n'
        f'<h2 id="{one.name}-title">{_escape(one.title)}</h2>\n'
        f'{reading}{figures}{tables}{caveats}<p class="up"><a href="#top">To the top</a></p>'
        "</section>\n"
    )


def _table(table: Table) -> str:
    cells = table.cells.astype(str)
    kind = {name: _kind(str(name), cells[name]) for name in cells}
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


def _kind(name: str, column: pd.Series) -> str:
    """Return how a column is set: numbers to the right, long texts wide; ids are no numbers."""
    if name not in IDS and all(map(NUMBER.fullmatch, column)):
        return ' class="number"'
    longest = column.str.len().max()
    return ' class="long"' if longest > 30 else ' class="short"' if longest <= SHORT else ""


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
        inches = drawn.get_size_inches()[0]
        plt.close(drawn)
    source = base64.b64encode(drawing.getvalue()).decode()
    words = _escape(figure.words[:1].upper() + figure.words[1:])
    return (
        f'<figure><div class="wide" role="region" aria-label="Figure" tabindex="0">'
        f'<img alt="{words}" style="--inches: {inches:g}" '
        f'src="data:image/svg+xml;base64,{source}"></div>\n'
        f"<figcaption>In words: {words}</figcaption></figure>\n"
    )
