"""The page of all conclusions: in how many of twenty other shops each of them holds."""

import pandas as pd

from helpers import replications
from helpers.language import say, say_with_numbers
from tools import copies


def page() -> str:
    """Return the page: a table for each lesson that asks other shops."""
    opening = say(
        "Each lesson draws its conclusions from one simulated shop. Here the cells behind each "
        "conclusion were run again in twenty other shops, or, for real data, on twenty random "
        "halves of the customers. In 18 or more it counts as a fact; in 3 to 17 it depends on the "
        "shop, and the lesson says so; in fewer it was the luck of ours."
    )
    picture = say("How many conclusions hold in how many of twenty other shops.")
    parts = [f"# {say('What holds in other shops')}", opening, f"![{picture}](replications.svg)"]
    stored = replications.stored()
    for lesson in copies.lessons():
        name = copies.short_name(lesson)
        if name in stored.index:
            parts += [f"## [{name}]({lesson.as_posix()})", table(stored.loc[name])]
    return "\n\n".join(parts) + "\n"


def table(claims: pd.DataFrame) -> str:
    """Return the claims of a lesson as a table of Markdown."""
    head = [say("conclusion"), say("true if"), say("our shop"), say("others"), say("holds in")]
    rows = [head, ["---"] * len(head)]
    for claim, row in claims.iterrows():
        others = replications.numbers(row)
        span = f"{replications.short(others.min())} – {replications.short(others.max())}"
        count = say("{true} of {n}", true=replications.holds_in(row), n=len(others))
        rows.append(
            [
                say_with_numbers(claim),
                row["holds"].replace(" to ", say(" to ")),
                replications.short(row["here"]),
                span,
                count,
            ]
        )
    return "\n".join(f"| {' | '.join(cells)} |" for cells in rows)
