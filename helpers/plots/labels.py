"""Texts that find their place: names that overlap nothing, titles that end with the figure."""

import re
from itertools import pairwise, product
from typing import Any

import numpy as np
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.text import Text
from matplotlib.ticker import FixedLocator

from helpers.language import say_with_numbers

# A text that is moved until it overlaps no other carries its kind as its gid.
AT_END, ABOVE, AT_POINT = "at the end of a line", "above the axes", "beside a point"
ON_LEVEL = "on a line across"
HALO: list[patheffects.AbstractPathEffect] = [
    patheffects.withStroke(linewidth=3, foreground="white")
]


def wrap(text: str, width: int) -> str:
    r"""Break a text into lines of at most ``width`` letters; a Chinese one takes room for two.

    Examples
    --------
    >>> wrap("revenue of all orders", 14), wrap("全部订单的收入。", 8)
    ('revenue of all\norders', '全部订单\n的收入。')
    """
    lines = []
    for paragraph in say_with_numbers(text).split("\n"):
        line = ""
        for part in re.findall(
            r"[\u2e80-\uffef][、。，；：）％”]*|[^\s\u2e80-\uffef]+|\s+", paragraph
        ):
            if cells(line + part) > width and line.strip() and not part.isspace():
                lines.append(line.rstrip())
                line = ""
            line += part
        lines.append(line.rstrip())
    return "\n".join(lines)


def balanced(text: str, width: int) -> str:
    """Break a text that is wider than ``width`` letters into lines of about the same width."""
    return "\n".join(
        line if cells(line) <= width else wrap(line, cells(line) // -(-cells(line) // width) + 5)
        for line in wrap(text, 1000).split("\n")
    )


def cells(text: str) -> int:
    """Return the width of a text in letters."""
    return sum(1 + (char >= "\u2e80") for char in text)


def fit_title(figure: Any, ax: Axes | None = None) -> None:
    """Break the title, of the figure or of its only axes, where the figure ends."""
    title: Text = figure._suptitle if ax is None else ax._left_title  # type: ignore[attr-defined]
    room = figure.bbox.width - 0.16 * figure.dpi
    text, width = title.get_text(), title.get_window_extent().width
    lines = np.ceil(width / room)
    for letters in range(int(cells(text) / max(lines, 1)) + 6, 8, -1):
        if title.get_window_extent().width <= room:
            break
        title.set_text(wrap(text, letters))


def start_title(figure: Any, ax: Axes) -> None:
    """Let the title of the only axes begin where the figure begins, once it is laid out."""
    left = ax.transAxes.inverted().transform((0.08 * figure.dpi, 0))[0]
    ax._left_title.set_x(left)  # type: ignore[attr-defined]


def lay_out(figure: Any) -> None:
    """Give the axes their places, without drawing, which would take three times as long."""
    if engine := figure.get_layout_engine():
        engine.execute(figure)


def settle(*all_axes: Axes) -> None:
    """Move names until they overlap no other; for this the figure is laid out, without drawing."""
    figure: Any = all_axes[0].figure
    for _ in range(2):  # names need room, and with less room for the axes they move again
        lay_out(figure)
        for ax in all_axes:
            kinds: dict = {}
            for text in ax.texts:
                kinds.setdefault(text.get_gid(), []).append(text)
            if AT_END in kinds:
                _settle_along(ax, kinds[AT_END], 1)
            if ABOVE in kinds:
                _settle_along(ax, kinds[ABOVE], 0)
            if AT_POINT in kinds:
                _settle_beside(ax, kinds[AT_POINT])
            for text in kinds.get(ON_LEVEL, []):
                _settle_on(ax, text)
            _thin_ticks(ax)
        if not any(ax.texts for ax in all_axes):
            return


def _settle_along(ax: Axes, texts: list, axis: int) -> None:
    """Move names up and down (axis 1) or sideways (axis 0) until none overlaps its neighbor."""
    to_points = 72 / ax.figure.dpi
    if axis:  # of a line that ends outside, the name stands at the edge
        for text in texts:
            low, high = sorted(ax.get_ylim())
            text.xy = (text.xy[0], min(max(text.xy[1], low), high))
    at = np.array([_pixel(ax, text)[axis] for text in texts])
    boxes = [Text.get_window_extent(text) for text in texts]
    sizes = np.array([(box.width, box.height)[axis] for box in boxes]) + (3 if axis else 14)
    low, high = (ax.bbox if axis else ax.figure.bbox).get_points()[:, axis]
    for text, old, new in zip(texts, at, spread(at, sizes, low, high), strict=True):
        offset = list(text.xyann)
        offset[axis] = (new - old) * to_points
        text.xyann = tuple(offset)
        if text.arrow_patch:
            text.arrow_patch.set_visible(abs(new - old) > 5)


def spread(places: np.ndarray, sizes: np.ndarray, low: float, high: float) -> np.ndarray:
    """Return places as near as possible to those asked for, of things that do not overlap.

    Between two neighbors lie at least half of each one's size. Less the sum of these distances,
    places may only grow: this is isotonic regression, which averages whatever does not.

    Examples
    --------
    >>> spread(np.array([10.0, 10.0, 50.0]), np.array([4.0, 4.0, 4.0]), 0, 100).tolist()
    [8.0, 12.0, 50.0]
    """
    order = np.argsort(places, kind="stable")
    half = sizes[order] / 2
    before = np.concatenate([[0], np.cumsum(half[:-1] + half[1:])])
    blocks: list[tuple[float, int]] = []
    for place in places[order] - before:
        blocks.append((place, 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (a, n), (b, m) = blocks[-2:]
            blocks[-2:] = [((n * a + m * b) / (n + m), n + m)]
    free = np.repeat([mean for mean, _ in blocks], [n for _, n in blocks])
    least = low + half[0]
    moved = np.empty(len(places))
    moved[order] = np.clip(free, least, max(least, high - half[-1] - before[-1])) + before
    return moved


def _settle_beside(ax: Axes, texts: list) -> None:
    """Put each name beside its point where it covers least: no other name, no point, no edge."""
    clouds = [each for each in ax.collections if isinstance(each, PathCollection)]
    points = np.vstack([ax.transData.transform(each.get_offsets()) for each in clouds])
    scale = ax.figure.dpi / 72
    taken: list = []
    for text in texts:
        box, at = Text.get_window_extent(text), _pixel(ax, text)
        best = None
        for far in (10, 20, 34):
            for right, up in [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1)]:
                x = at[0] + right * far * scale + (right - 1) * box.width / 2
                y = at[1] + up * (far - 2) * scale + (up - 1) * box.height / 2
                low, high = np.array([x, y]) - 2, np.array([x + box.width, y + box.height]) + 2
                covered = sum((low < b).all() and (a < high).all() for a, b in taken)
                dots = ((points > low - 4) & (points < high + 4)).all(axis=1).sum()
                (x0, y0), (x1, y1) = ax.bbox.get_points()
                over = max(0, x0 - low[0]) + max(0, high[0] - x1)
                over += max(0, y0 - low[1]) + max(0, high[1] - y1)
                cost = 20 * covered + 2 * dots + over + 0.05 * far
                if best is None or cost < best[0] - 1e-9:
                    best = cost, low, high, far, (x + box.width / 2, y + box.height / 2)
        _, low, high, far, middle = best  # type: ignore[misc]
        taken.append((low, high))
        text.set(ha="center", va="center")
        text.xyann = tuple((np.array(middle) - at) / scale)
        text.arrow_patch.set_visible(far > 10)


def _settle_on(ax: Axes, text: Any) -> None:
    """Write a level's name above or below its line, where it covers least of what is drawn."""
    lines = [line.get_transform().transform_path(line.get_path()) for line in ax.lines]
    clouds = [each.get_offset_transform().transform(each.get_offsets()) for each in ax.collections]
    drawn = np.vstack([*(line.interpolated(50).vertices for line in lines), *clouds])

    def covered(place: tuple[float, int]) -> int:
        x, up = place
        text.xy, text.xyann = (x, text.xy[1]), (0, 4 * up)
        text.set(
            ha={0.01: "left", 0.99: "right"}.get(x, "center"), va="bottom" if up > 0 else "top"
        )
        low, high = text.get_window_extent().get_points()
        return ((drawn > low - 4) & (drawn < high + 4)).all(axis=1).sum()

    covered(min(product((0.01, 0.99, 0.25, 0.5, 0.75), (1, -1)), key=covered))


def _pixel(ax: Axes, text: Any) -> np.ndarray:
    """Return where the thing is that a text names."""
    x, y = text.xy
    place = ax.transData.transform((ax.convert_xunits(x), y))
    return np.array([place[0], ax.bbox.y1 if text.get_gid() == ABOVE else place[1]])


def _thin_ticks(ax: Axes) -> None:
    """Leave out every second name on the x-axis, every third …, until none overlaps the next."""
    labels = [label for label in ax.get_xticklabels() if label.get_text()]
    if not isinstance(ax.xaxis.get_major_locator(), FixedLocator) or len(labels) < 3:
        return
    boxes = [label.get_window_extent() for label in labels]
    for step in range(1, len(labels)):
        shown = boxes[::step]
        if all(a.x1 + 4 < b.x0 or b.x1 + 4 < a.x0 for a, b in pairwise(shown)):
            break
    for i, label in enumerate(labels):
        label.set_visible(i % step == 0)
