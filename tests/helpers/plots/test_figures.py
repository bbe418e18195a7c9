"""Charts are legible: texts are large, stand out, overlap no other, and lie in the figure."""

import io
from itertools import combinations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib import font_manager
from matplotlib.colors import to_hex
from matplotlib.text import Text

from helpers import language, plots
from helpers.plots import layout, style

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


LONG = "A message that is so long that it has to be broken into lines, two or even three of them"


def alike():
    """Eight lines that end at nearly the same height."""
    ends = {f"method {i} with a long name": [0.2, 0.5 + 0.001 * i] for i in range(8)}
    plots.lines(pd.DataFrame(ends, index=[1, 2]), LONG, x="k", y="NDCG")


def out_of_sight():
    lines = pd.DataFrame({"falls": [3, 1], "rises": [1, 9]}, index=[2024, 2025])
    plots.lines(lines, "Out of sight", x="year", y="n", ylim=(0, 5))


def months():
    days = pd.date_range("2025-01-01", periods=90)
    lines = pd.DataFrame({"shop": np.arange(90), "control": 90}, days)
    marks = {"start of the campaign": "2025-02-01", "its end": "2025-02-03", "refund": "2025-03-30"}
    plots.lines(lines, "Marks", x="day", y="n", marks=marks, accent="shop")


def categories():
    names = [f"a name of a category, number {i}" for i in range(16)]
    plots.lines(pd.Series(range(16), names), "Names", x="category", y="n")


def negative_bars():
    bars = pd.Series({"a very long name of a segment that no one reads from afar": -3, "b": 1})
    plots.bars(bars, "Both sides", label="change ($)", accent="b")


def grouped_bars():
    table = pd.DataFrame({"bought before": [31, 12], "new to all": [5, 17]}, index=["item", "user"])
    plots.bars(table, "Groups", label="types", accent="new to all")


def groups_of_intervals():
    table = pd.DataFrame({"n": [1, 2, 3], "low": [0, 1, 2], "high": [2, 3, 4]}, index=list("abc"))
    groups = {f"the group with the number {i}": table.assign(true=2) for i in range(5)}
    plots.intervals(groups, "Groups", label="gain with its 95% interval", levels={"goal": 3})


def forty_intervals():
    middle = np.linspace(-2, 2, 40)
    table = pd.DataFrame({"n": middle, "low": middle - 1, "high": middle + 1})
    plots.intervals(table, "Forty", label="gain", levels={"true value": 0.1})


def pairs():
    table = pd.DataFrame({"before": [0.2, 0.5], "after": [0.2, 0.4]}, index=["same", "less"])
    plots.before_after(table, "Pairs", label="share", number="{:.0%}")


def crowded_names():
    table = pd.DataFrame(
        {"x": [1, 3, 3, 2.95], "y": [1, 1, 1.05, 0.95]}, index=["a", "b", "c", "d"]
    )
    table = table.rename(lambda name: f"household {name}")
    plots.scatter(table, "Names at the right edge", x="x", y="y", names="all")


def stacked():
    groups = {"control": np.arange(100.0), "treated": np.arange(50.0)}
    marks = {"our median": 97, "their median": 98}
    plots.histogram(groups, "Groups", x="days", marks=marks, xlim=(0, 99))


def grid():
    names = [f"a segment with a long name {i}" for i in range(3)]
    table = pd.DataFrame([[0.25, -0.1, 0], [0.5, np.nan, 1], [1, 1, 1]], names, names)
    plots.heat_map(table, "Grid", rows="from", columns="to", center=0, number="{:+.2f}")


def panels():
    both = {"shop": BUYERS, "control": BUYERS / 2}
    plots.panels(plots.bars, both, LONG, label="buyers", accent="search")


def panels_of_intervals():
    table = pd.DataFrame(
        {"n": [1, 2], "low": [0, 1], "high": [2, 3], "true": [1, 1]}, index=["a", "b"]
    )
    plots.panels(plots.intervals, {"shop": table, "control": table}, "Both", label="gain")


def kpi_tree():
    plots.kpi_tree(users=800, buyers=200, orders=300, revenue=12_000, title="Four levers")


def course_map():
    plots.course_map(STAGES, "Eleven lessons", current=3)


CHARTS = [
    *(
        alike,
        out_of_sight,
        months,
        categories,
        negative_bars,
        grouped_bars,
        groups_of_intervals,
        forty_intervals,
    ),
    *(pairs, crowded_names, stacked, grid, panels, panels_of_intervals, kpi_tree, course_map),
]


def texts(figure):
    """All texts of a figure that are seen."""
    figure.canvas.draw()
    found = [figure._suptitle] if figure._suptitle else []
    for ax in figure.axes:
        found += [child for child in ax.get_children() if isinstance(child, Text)]
        found += ax.get_legend().get_texts() if ax.get_legend() else []
        if ax.axison:
            for axis, limits in ((ax.xaxis, ax.get_xlim()), (ax.yaxis, ax.get_ylim())):
                low, high = sorted(limits)
                labels = axis.get_ticklabels()  # none where a panel shares its axis
                places = zip(axis.get_ticklocs(), labels, strict=False)
                found += [label for place, label in places if low <= place <= high]
                found.append(axis.label)
    return [text for text in found if text.get_text().strip() and text.get_visible()]


@pytest.mark.parametrize("draw", CHARTS)
class TestEveryChart:
    def test_texts_are_legible_apart_and_inside(self, draw):
        draw()
        figure = plt.gcf()
        boxes = []
        for text in texts(figure):
            box = Text.get_window_extent(text)
            boxes.append((text.get_text(), box))
            assert text.get_fontsize() >= 12, text
            if draw not in (kpi_tree, course_map):  # they write in white on color
                assert style.contrast(text.get_color()) >= 4.5, text
            assert -1 <= box.x0 < box.x1 <= figure.bbox.x1 + 1, text
            assert -1 <= box.y0 < box.y1 <= figure.bbox.y1 + 1, text
        for (one, box), (two, other) in combinations(boxes, 2):
            assert not box.padded(-1).overlaps(other.padded(-1)), (one, two)

    def test_the_picture_is_the_same_in_every_run(self, draw):
        pictures = [io.BytesIO(), io.BytesIO()]
        for picture in pictures:
            draw()
            plt.savefig(picture)
        assert pictures[0].getvalue() == pictures[1].getvalue()
        assert b"tIME" not in pictures[0].getvalue()


def test_a_chart_draws_only_into_the_axes_it_gets(capsys):
    _, (left, right) = plt.subplots(1, 2)
    plots.bars(BUYERS, "Search brings most", label="buyers", accent=["search"], ax=left)
    assert not capsys.readouterr().out
    assert len(plt.get_fignums()) == 1
    assert not right.patches
    assert [bar.get_width() for bar in left.patches] == [1204, 610, 95]
    colors = [to_hex(bar.get_facecolor()).upper() for bar in left.patches]
    assert colors == [plots.ACCENT, plots.CONTEXT, plots.CONTEXT]
    assert left.yaxis.get_inverted()  # the first at the top


def test_rows_of_panels_are_in_the_same_order():
    panels()
    assert all(ax.yaxis.get_inverted() for ax in plt.gcf().axes)


def test_panels_hide_nothing(said):
    both = {"low": pd.Series([1, 5]), "high": pd.Series([1, 50])}
    assert "outside" not in said(plots.panels, plots.lines, both, "T", x="k", y="n")
    assert all(ax.get_ylim()[0] == 0 and ax.get_ylim()[1] > 50 for ax in plt.gcf().axes)


def test_heat_map_leaves_what_is_missing_blank():
    grid()
    cells = [text.get_text() for text in plt.gca().texts]
    assert cells == ["+0.25", "−0.10", "+0.00", "+0.50", *["+1.00"] * 4]


@pytest.mark.parametrize(
    ("users", "buyers", "orders"), [(10, 0, 0), (10, 11, 12), (10, 5, 4), (0, 0, 0)]
)
def test_kpi_tree_refuses_counts_that_cannot_be(users, buyers, orders):
    with pytest.raises(ValueError, match=f"got {users} users, {buyers} buyers, {orders} orders"):
        plots.kpi_tree(users=users, buyers=buyers, orders=orders, revenue=1.0, title="No")


def test_two_prices_in_a_title_are_no_formula():
    plots.bars(BUYERS, "From $40 to $45", label="buyers")
    title = plt.gca().get_title(loc="left")
    assert title == "From $40 to $45"
    assert not plt.gca().title.get_parse_math()


def test_colors_of_marks_and_names():
    names = list("abc")
    assert layout.colors_of(names, None) == dict(zip(names, style.COLORS, strict=False))
    assert layout.colors_of(names, ["c"]) == {"a": style.GREY, "b": style.GREY, "c": style.ACCENT}
    assert min(style.contrast(layout.text_color(color)) for color in style.COLORS) >= 4.5
    assert style.contrast("black") == pytest.approx(21)  # WCAG 2.2


@pytest.mark.parametrize("paper", ["white", style.PALE, style.DEEP])
def test_ink_stands_out_from_its_ground(paper):
    assert style.contrast(style.INK, paper) >= 4.5  # WCAG 2.2, level AA


def test_numbers_are_plain_in_cells(monkeypatch):
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell()
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    plots.style.plain_numbers()

    def shown(value):
        return shell.display_formatter.formatters["text/plain"](value)

    assert shown(np.float64(0.04954573240956278)) == "0.0495"
    assert shown((np.float64(1234.5), np.int64(3), np.bool_(True))) == "(1234, 3, True)"
    assert shown([0.0, 18.0, np.nan]) == "[0.0, 18.0, nan]"
    assert shown(753405.42) == "753,405"


def test_chinese_texts_in_bold_are_drawn_without_a_warning(caplog):
    with language.speaking("zh"):
        plots.use_style()
        plots.bars(BUYERS, "lamp 的购买者最多", label="买家")
        number = plt.gca().text(0.5, 0.5, "1,909", weight="bold")
        title = plt.gca().set_title("lamp 的购买者最多", loc="left", weight="bold")
        plt.gcf().canvas.draw()
    assert (number.get_weight(), title.get_weight()) == ("bold", "normal")
    assert not caplog.records
    assert font_manager.FontProperties(fname=style.CHINESE).get_name() == "Noto Sans SC"


def test_a_band_below_zero_is_not_cut_off():
    _, ax = plt.subplots()
    line = pd.Series([0.1, 0.5], [1, 2], name="gain")
    plots.lines(line, x="k", y="gain", low=line - 0.4, high=line + 0.4, ax=ax)
    assert ax.get_ylim()[0] < -0.3


@pytest.mark.parametrize("ends", [(3, 5), (3, 2000), (1e-9, 1)])
def test_a_logarithmic_axis_has_numbers(ends):
    _, ax = plt.subplots()
    plots.lines(pd.Series(ends, dtype=float), x="x", y="y", logy=True, ax=ax)
    low, high = ax.get_ylim()
    assert 2 <= sum(low <= tick <= high for tick in ax.get_yticks()) <= 12
    plt.close()


def test_the_name_of_a_level_covers_no_line():
    _, ax = plt.subplots()
    falls = pd.Series([10, 6, 3, 1])
    plots.lines(falls, x="x", y="y", levels={"baseline of all": 9.5}, ax=ax)
    [name] = ax.texts
    line = ax.transData.transform(np.column_stack([np.linspace(0, 1), np.linspace(10, 6)]))
    low, high = name.get_window_extent().get_points()
    assert not ((line > low) & (line < high)).all(axis=1).any()
    plt.close()
