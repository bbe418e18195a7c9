"""Two drawings of this course: the tree of KPIs, and the map of its lessons."""

from collections.abc import Mapping, Sequence
from textwrap import fill

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from helpers.language import say_in_lesson
from helpers.plots.layout import Chart
from helpers.plots.style import ACCENT, CONTEXT, INK, PALE


def kpi_tree(
    *,
    users: int,
    buyers: int,
    orders: int,
    revenue: float,
    title: str,
    words: str | None = None,
    ax: Axes | None = None,
) -> None:
    """Draw a KPI tree: revenue = users × buyers per user × orders per buyer × revenue per order.

    Each box is the product of the two below it.

    Parameters
    ----------
    users, buyers, orders : numbers of users, of buyers among them, and of their orders.
    revenue : of all orders, in dollars.
    title : the message.
    words : what to say instead of the numbers.
    ax : axes to draw into, without saying or showing anything.

    Raises
    ------
    ValueError
        If there is no buyer, or more buyers than users or orders.
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
    chart = Chart(ax, (10, 5))
    ax = chart.ax
    ax.set(xlim=(0, 8), ylim=(-0.45, 2.4))
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
    values = {name: value for _, _, name, value, _ in boxes}
    said = say_in_lesson(
        "{users} users × {conversion} who bought × {frequency} orders each × {value} an order = "
        "{revenue}",
        users=values["Users"], conversion=values["Buyers per user"],
        frequency=values["Orders per buyer"], value=values["Revenue per order"],
        revenue=values["Revenue"],
    )  # fmt: skip
    chart.finish(title, words, [said], options={})


def course_map(
    stages: Mapping[str, Sequence[str]],
    title: str,
    *,
    current: int | None = None,
    words: str | None = None,
    ax: Axes | None = None,
) -> None:
    """Draw the lessons of the course as stations on a line, one row per stage.

    Parameters
    ----------
    stages : name of a stage → titles of its lessons; lessons are numbered from 00 on.
    title : the message.
    current : number of the current lesson, drawn in color.
    words : what to say instead of how many there are.
    ax : axes to draw into, without saying or showing anything.
    """
    longest = max(map(len, stages.values()))
    chart = Chart(ax, (2 + 1.5 * longest, 0.5 + 1.15 * len(stages)))
    ax = chart.ax
    ax.set(xlim=(-1.35, longest - 0.4), ylim=(len(stages) - 0.35, -0.4))
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
    counts = {"n": number, "stages": len(stages)}
    said = say_in_lesson("{n} lessons in {stages} stages", **counts)
    chart.finish(title, words, [said], options={})
