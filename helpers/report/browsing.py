"""The section on the funnel: from view to cart to purchase."""

import pandas as pd
from matplotlib.axes import Axes

from helpers import behavior, plots
from helpers.behavior.sessions import STEPS
from helpers.own_shop.messages import pluralize
from helpers.own_shop.shop import OwnShop
from helpers.report.evidence import MEANING
from helpers.report.section import Figure, Section, Skip, Table, need, section, tidy


@section("funnel", "Where do visitors drop off?")
def funnel(shop: OwnShop) -> Section:
    """Count the visits that go from view to cart to purchase, with a confidence interval.

    The table has a row for each step, such as

        cart · 7,381 visits · 40.5% of the previous step · 40.5% of all visits
    """
    if shop.events is None:
        raise Skip(
            "the file contains orders but no events, so it doesn't show who left without buying"
        )
    known = shop.events[shop.events["event"].isin(STEPS)].dropna(subset=["user_id", "session_id"])
    steps = [step for step in STEPS if (known["event"] == step).any()]
    if len(steps) < 2:
        raise Skip(f"the events contain fewer than two of the steps {', '.join(STEPS)}")
    found = behavior.funnel(known, steps)
    need(found["reached"].iloc[0], 100, f"visits with a {steps[0]}")
    of_previous = found["of_previous"].iloc[1:]
    worst = of_previous.idxmin()
    before = steps[steps.index(worst) - 1]
    on = round(100 * of_previous[worst])
    title = f"Of 100 visits with a {before}, {on} {'goes' if on == 1 else 'go'} on to a {worst}"
    first, last = found["reached"].iloc[[0, -1]]
    sure = behavior.conversion(found["reached"], first).iloc[-1]
    reading = [
        f"Of {pluralize(first, 'visit')} with a {steps[0]}, {last:,} ended in a {steps[-1]}: "
        f"a conversion rate of {last / first:.1%} ({MEANING}: {sure['low']:.1%} to "
        f"{sure['high']:.1%}).",
        f"The largest drop-off is from {before} to {worst}.",
    ]
    caveats = [
        "A visit is one session. If a visitor comes back the next day and buys, the first visit "
        "counts as lost and the second as won.",
        "Visitors without an id are left out.",
    ]
    cells = pd.DataFrame(
        {
            "step": steps,
            "visits": found["reached"].map("{:,}".format),
            "share of previous step": found["of_previous"].map("{:.1%}".format),
            "share of all visits": found["of_first"].map("{:.1%}".format),
        }
    )
    return Section(
        title,
        reading,
        caveats,
        [Table("Steps of the funnel", cells)],
        [_bars(found["reached"], title, worst)],
    )


def _bars(reached: pd.Series, title: str, worst: str) -> Figure:
    def draw() -> Axes:
        return plots.bars(reached, title, label="visits", accent=[worst])

    words = "; ".join(f"{step} {number:,}" for step, number in reached.items())
    data = tidy(reached.rename("visits"), "visits")
    return Figure(draw, f"visits that reach each step: {words}.", data)
