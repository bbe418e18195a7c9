"""Take markdown apart as JupyterLab does: headings, prose, links, formulas."""

import functools
import html
import re
from collections.abc import Iterator
from typing import NamedTuple

CODE, LINK, FORMULA = "codespan", "link", "inline_math"
_HOLE = "\N{OBJECT REPLACEMENT CHARACTER}"  # stands in the prose for what is no prose
_LEAVES = ("heading", "paragraph", "block_text", "table_cell", "block_html")
_HTML_LINK = re.compile(r"""<(?:a|img)\b[^>]*?\b(?:href|src)=["']([^"']+)["']""")


class Block(NamedTuple):
    """One heading, paragraph, list item or table cell."""

    level: int  # of a heading, 1 to 6; 0 for everything else
    text: str  # all that one reads
    prose: str  # without code, links, images and formulas


def blocks(source: str) -> list[Block]:
    r"""Return the blocks of a markdown text in the order one reads them.

    Examples
    --------
    >>> blocks("## Carts\n\nSee `x = 3` and [lesson 5](05.ipynb) for **two** reasons.")[0]
    Block(level=2, text='Carts', prose='Carts')
    """
    found = []
    for token in _walk(_parsed(source)):
        if token["type"] in _LEAVES:
            level = token["attrs"]["level"] if token["type"] == "heading" else 0
            found.append(Block(level, _text(token), _text(token, leave_out=True)))
    return found


def links(source: str) -> list[str]:
    """Return where links and images lead.

    Examples
    --------
    >>> links('[a](b.md#c) and ![d](e.png) and <a href="f.md">g</a>')
    ['b.md#c', 'e.png', 'f.md']
    """
    found = []
    for token in _walk(_parsed(source)):
        if token["type"] in (LINK, "image"):
            found.append(token["attrs"]["url"])
        elif token["type"] in ("inline_html", "block_html"):
            found += _HTML_LINK.findall(token["raw"])
    return found


def formulas(source: str) -> list[str]:
    """Return what stands between single dollar signs.

    Examples
    --------
    >>> formulas("from $x$ to $y$")
    ['x', 'y']
    """
    return [token["raw"] for token in _walk(_parsed(source)) if token["type"] == FORMULA]


@functools.cache  # a page is read again for each link that leads to it
def _parsed(source: str) -> list[dict]:
    return _parser()(source)


@functools.cache
def _parser():
    import mistune  # only the environment has it

    return mistune.create_markdown(renderer="ast", plugins=["table", "math", "strikethrough"])


def _walk(tokens: list[dict]) -> Iterator[dict]:
    for token in tokens:
        yield token
        yield from _walk(token.get("children", []))


def _text(token: dict, leave_out: bool = False) -> str:
    kind = token["type"]
    if leave_out and kind in (CODE, LINK, "image", FORMULA, "block_math"):
        return _HOLE
    if kind in ("softbreak", "linebreak"):
        return " "
    if kind in ("inline_html", "block_html"):
        return html.unescape(re.sub(r"<[^>]*>", " ", token["raw"]))
    if "children" in token:
        return "".join(_text(child, leave_out) for child in token["children"])
    return html.unescape(token.get("raw", ""))
