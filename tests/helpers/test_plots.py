"""Figures say what they should, legibly, and are the same in every run."""

import io
from itertools import combinations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib import font_manager
from matplotlib.colors import to_hex, to_rgb
from matplotlib.text import Text

from helpers import language, plots

BUYERS = pd.Series({"search": 1204, "email": 610, "direct": 95})
STAGES = {
    "Prepare": ["Start here", "Data cleaning"],
    "Know the customer": ["Behavior and KPIs", "Customer value"],
    "Recommend": [
        "Similarity",
        "User-based filtering",
        "Item-based filtering",
        "Evaluation",
        "Content and cold start",
        "Matrix factorization",
    ],
    "Act": ["Your own shop"],
}


@pytest.fixture(autouse=True)
def style():
    """Draw in the style of the course, and leave neither it nor a figure behind."""
    with plt.rc_context():
        plots.use_style()
        yield
    plt.close("all")


def draw_bars():
    return plots.bars(BUYERS, "Search brings most", label="buyers", accent=["search"])


def draw_heat_map():
    came_back = pd.DataFrame([[0.25, 0.1, 0.0], [0.5, np.nan, np.nan]], index=["2025Q1", "2025Q2"])
    return plots.heat_map(came_back, "Half came back", rows="first order", columns="quarters later")


def draw_kpi_tree():
    # 200 / 800 = 25.0 %; 300 / 200 = 1.50; $12,000 / 300 = $40.00; $12,000 / 200 = $60.00.
    return plots.kpi_tree(users=800, buyers=200, orders=300, revenue=12_000, title="Four levers")


def draw_course_map():
    return plots.course_map(STAGES, "Eleven lessons", current=3)


FIGURES = [draw_bars, draw_heat_map, draw_kpi_tree, draw_course_map]


def texts(ax):
    """All texts of the axes that are seen: titles, labels, and what is written among the marks."""
    found = [child for child in ax.get_children() if isinstance(child, Text)]
    if ax.axison:
        low, high = ax.get_xlim()
        ticks = [tick for tick in ax.get_xticklabels() if low <= tick.get_position()[0] <= high]
        found += [ax.xaxis.label, *ticks, *ax.get_yticklabels()]
    return [text for text in found if text.get_text()]


def said(ax):
    return {" ".join(text.get_text().split()) for text in texts(ax)}


@pytest.mark.parametrize("draw", FIGURES)
class TestEveryFigure:
    def test_texts_are_large_enough(self, draw):
        assert min(text.get_fontsize() for text in texts(draw())) >= 12

    def test_texts_neither_overlap_nor_leave_the_figure(self, draw):
        figure = draw().figure
        figure.canvas.draw()
        boxes = [(text.get_text(), text.get_window_extent()) for text in texts(figure.axes[0])]
        for (one, box), (two, other) in combinations(boxes, 2):
            assert not box.overlaps(other), (one, two)
        for text, box in boxes:
            assert 0 <= box.x0 < box.x1 <= figure.bbox.x1, text
            assert 0 <= box.y0 < box.y1 <= figure.bbox.y1, text

    def test_the_picture_is_the_same_in_every_run(self, draw):
        pictures = [io.BytesIO(), io.BytesIO()]
        for picture in pictures:
            draw().figure.savefig(picture)
        assert pictures[0].getvalue() == pictures[1].getvalue()
        assert b"tIME" not in pictures[0].getvalue()


def test_bars():
    ax = draw_bars()
    values, names = {"1,204", "610", "95"}, {"search", "email", "direct"}
    assert said(ax) == {"Search brings most", "buyers"} | values | names
    assert [bar.get_width() for bar in ax.patches] == [1204, 610, 95]
    colors = [to_hex(bar.get_facecolor()).upper() for bar in ax.patches]
    assert colors == [plots.ACCENT, plots.CONTEXT, plots.CONTEXT]
    assert ax.yaxis.get_inverted()  # the first at the top


def test_heat_map_leaves_what_is_missing_blank():
    ax = draw_heat_map()
    cells = [(text.get_text(), text.get_position()) for text in ax.texts]
    middles = [(0.5, 0.5), (1.5, 0.5), (2.5, 0.5), (0.5, 1.5)]
    assert cells == list(zip(["25%", "10%", "0%", "50%"], middles, strict=True))
    assert {"2025Q1", "2025Q2", "quarters later"} <= said(ax)
    assert ax.get_ylabel() == "first order"
    darkness = [1 - luminance(color[:3]) for color in ax.collections[0].get_facecolors()[:4]]
    assert sorted(darkness) == [darkness[at] for at in (2, 1, 0, 3)]  # 0 %, 10 %, 25 %, 50 %


def test_kpi_tree():
    assert {"$12,000", "200", "$60.00", "800", "25.0%", "1.50", "$40.00"} <= said(draw_kpi_tree())


@pytest.mark.parametrize(
    ("users", "buyers", "orders"), [(10, 0, 0), (10, 11, 12), (10, 5, 4), (0, 0, 0)]
)
def test_kpi_tree_refuses_counts_that_cannot_be(users, buyers, orders):
    with pytest.raises(ValueError, match=f"got {users} users, {buyers} buyers, {orders} orders"):
        plots.kpi_tree(users=users, buyers=buyers, orders=orders, revenue=1.0, title="No")


def test_course_map():
    ax = draw_course_map()
    lessons = {lesson for stage in STAGES.values() for lesson in stage}
    assert said(ax) == {"Eleven lessons", *STAGES, *lessons, *(f"{n:02}" for n in range(11))}
    colors = [to_hex(station.get_facecolor()[0]).upper() for station in ax.collections]
    assert [color == plots.ACCENT for color in colors] == [number == 3 for number in range(11)]


def test_two_prices_in_a_title_are_no_formula():
    ax = plots.bars(BUYERS, "From $40 to $45", label="buyers")
    ax.figure.canvas.draw()
    assert not ax.title.get_parse_math()


def luminance(color):
    """Relative luminance, WCAG 2.2."""
    channels = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color)]
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]


@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        (plots.INK, "white"),
        (plots.INK, plots.PALE),
        (plots.INK, plots.DEEP),
        (plots.ACCENT, "white"),
        ("white", plots.ACCENT),
    ],
)
def test_text_stands_out_from_its_ground(ink, paper):
    dark, light = sorted([luminance(ink), luminance(paper)])
    assert (light + 0.05) / (dark + 0.05) >= 4.5  # WCAG 2.2, level AA


def test_chinese_texts_in_bold_are_drawn_without_a_warning(caplog):
    with language.speaking("zh"):
        plots.use_style()
        ax = draw_bars()
        number = ax.text(0.5, 0.5, "1,909", weight="bold")
        title = ax.set_title("lamp 的购买者最多", loc="left", weight="bold")
        ax.figure.canvas.draw()
    assert (number.get_weight(), title.get_weight()) == ("bold", "normal")
    assert not caplog.records
    assert font_manager.FontProperties(fname=plots.CHINESE).get_name() == "Noto Sans SC"
