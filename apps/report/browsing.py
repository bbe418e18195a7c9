"""The section on the funnel: from view to cart to purchase."""

import pandas as pd

from apps.report.evidence import interval
from apps.report.own_shop.messages import pluralize
from apps.report.own_shop.shop import OwnShop
from apps.report.section import Section, Skip, Table, need, section
from helpers import behavior
from helpers.behavior.sessions import STEPS
from helpers.language import listed, say


@section("funnel", "Where do visitors drop off?")
def funnel(shop: OwnShop) -> Section:
    """Count the visits that go from view to cart to purchase, with a confidence interval.

    The table has a row for each step, such as

        cart · 7,381 visits · 40.5% of the previous step · 40.5% of all visits
    """
    if shop.events is None:
        raise Skip(
            say(
                "the file contains orders but no events, so it doesn't show who left without buying"
            )
        )
    known = shop.events[shop.events["event"].isin(STEPS)].dropna(subset=["user_id", "session_id"])
    steps = [step for step in STEPS if (known["event"] == step).any()]
    if len(steps) < 2:
        said = listed(_step(step) for step in STEPS)
        raise Skip(say("the events contain fewer than two of the steps {steps}", steps=said))
    found = behavior.funnel(known, steps)
    need(found["reached"].iloc[0], 100, say("visits with a {step}", step=_step(steps[0])))
    of_previous = found["of_previous"].iloc[1:]
    worst = of_previous.idxmin()
    drop = {"before": _step(steps[steps.index(worst) - 1]), "step": _step(worst)}
    on = round(100 * of_previous[worst])
    title = say("Of 100 visits with a {before}, {number} go on to a {step}", number=on, **drop)
    if on == 1:
        title = say("Of 100 visits with a {before}, 1 goes on to a {step}", **drop)
    first, last = found["reached"].iloc[[0, -1]]
    sure = behavior.conversion(found["reached"], first).iloc[-1]
    reading = [
        say(
            "Of {visits} with a {first}, {number} ended in a {last}: a conversion rate of {rate} "
            "({interval}).",
            visits=pluralize(first, "visit"),
            first=_step(steps[0]),
            number=f"{last:,}",
            last=_step(steps[-1]),
            rate=f"{last / first:.1%}",
            interval=interval(f"{sure['low']:.1%}", f"{sure['high']:.1%}"),
        ),
        say("The largest drop-off is from {before} to {step}.", **drop),
    ]
    caveats = [
        say(
            "A visit is one session. If a visitor comes back the next day and buys, the first "
            "visit counts as lost and the second as won."
        ),
        say("Visitors without an id are left out."),
    ]
    cells = pd.DataFrame(
        {
            say("step"): [_step(step) for step in steps],
            say("visits"): found["reached"].map("{:,}".format),
            say("share of previous step"): found["of_previous"].map("{:.1%}".format),
            say("share of all visits"): found["of_first"].map("{:.1%}".format),
        }
    )
    return Section(title, reading, caveats, [Table(say("Steps of the funnel"), cells)])


def _step(name: str) -> str:
    """Return the name of a step of the funnel in the language of the reader."""
    return {"view": say("view"), "cart": say("cart"), "purchase": say("purchase")}[name]
