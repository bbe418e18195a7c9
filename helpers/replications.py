"""What holds in other shops: each conclusion of a lesson, drawn again from twenty shops like ours.

A lesson says in one line what it concludes and which number decides. ``make replicate NB=05`` runs
the cells behind that line in twenty other simulated shops, and keeps the numbers in
``data/replications.csv``. Of real data there is no other; there, twenty random halves of the
customers show how stable a conclusion is.
"""

import functools
import operator
from pathlib import Path
from textwrap import fill

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from helpers import plots
from helpers.language import say_in_lesson, say_with_numbers
from helpers.plots.labels import fit_title, lay_out, start_title
from helpers.plots.words import sentence

FILE = Path(__file__).parents[1] / "data" / "replications.csv"
ABOUT = ["lesson", "claim", "holds", "asked", "part", "cell", "code", "here"]  # others: shops
COMPARED = {"<": operator.lt, ">": operator.gt, "==": operator.eq}


def in_other_shops(
    lesson: str, claim: str, value: float, holds: str, *, says: str = "holds"
) -> None:
    """Print in how many of twenty other shops a claim holds, and the range of what decides.

    Parameters
    ----------
    lesson, claim : the lesson's number, and the claim as a sentence without a period.
    value : the number that decides, in this shop.
    holds : when the claim is true of a number, such as "< 0", "> 0", "== 40" or "0.25 to 0.45".
    says : what the lesson says of the claim: that it "holds" (in at least 18 of 20), "depends" on
        the shop, or is the "luck" of this one (2 or fewer).

    Raises
    ------
    ValueError
        If the lesson says something else than was found.
    """
    line = "In {true} of {n} other shops: {claim} (here {here}; there {low} to {high})."
    _report(lesson, claim, value, holds, says, line)


def in_random_halves(
    lesson: str, claim: str, value: float, holds: str, *, says: str = "holds"
) -> None:
    """Print in how many of twenty random halves of real customers a claim holds.

    Parameters are those of `in_other_shops`. Halves overlap, so that this shows stability, and no
    replication. Of a log without customers they are halves of its rows.
    """
    line = "In {true} of {n} random halves: {claim} (all {here}; halves {low} to {high})."
    _report(lesson, claim, value, holds, says, line)


def _report(lesson: str, claim: str, value: float, holds: str, says: str, line: str) -> None:
    try:
        found = stored().loc[(lesson, claim)]
    except KeyError:
        print(f"Not asked of other shops yet: make replicate NB={lesson}")
        return
    others = numbers(found)
    true = int(is_true(others, holds).sum())
    if says != verdict(true, len(others)):
        raise ValueError(
            f'"{claim}" is true in {true} of {len(others)}, so the lesson must say '
            f'"{verdict(true, len(others))}", in words and as the argument says; it says "{says}".'
        )
    print(
        say_in_lesson(
            line,
            true=true,
            n=len(others),
            claim=say_with_numbers(claim),
            here=short(value),
            low=short(others.min()),
            high=short(others.max()),
        )
    )


def strips(lesson: str, title: str | None = None) -> None:
    """Draw what decides each claim of a lesson's core: a point for each shop, a diamond for ours.

    Right of the line a claim holds. Each strip has its own scale. It says so in words, and shows
    the figure.

    Parameters
    ----------
    lesson : its number.
    title : the message; by default how many of the claims hold.
    """
    found = stored().loc[lesson].query("part == 'core'")
    figure, ax = plt.subplots(figsize=(10, 1.6 + 0.5 * len(found)))
    ax.axvline(0, color=plots.INK, linewidth=1)
    rng = np.random.default_rng(0)
    certain, words = 0, []
    for y, (claim, row) in enumerate(found.iterrows()):
        others, here = places(row)
        jitter = rng.uniform(-0.2, 0.2, len(others))
        ax.scatter(others, y + jitter, s=22, color=plots.CONTEXT)
        ax.plot(here, y, "D", color=plots.ACCENT, markersize=8)
        true = holds_in(row)
        certain += verdict(true, len(others)) == "holds"
        count = say_in_lesson("{true} of {n}", true=true, n=len(others))
        ax.text(2.1, y, count, va="center", fontsize=12)
        words.append(say_in_lesson("{about}: {said}", about=say_with_numbers(claim), said=count))
    ax.set(xlim=(-2.1, 2.6), ylim=(len(found) - 0.4, -0.6))
    ax.set_yticks(range(len(found)), [fill(say_with_numbers(each), 44) for each in found.index])
    ends = [say_in_lesson("does not hold"), say_in_lesson("holds")]
    ax.set_xticks([-1, 1], ends)
    ax.spines[["left", "bottom"]].set_visible(False)
    ax.set_title(title or f"{certain} of {len(found)} claims hold in at least 18 of 20 others")
    fit_title(figure, ax)
    lay_out(figure)
    start_title(figure, ax)
    plots.in_words(sentence(words))
    plt.show()


def places(row: pd.Series) -> tuple[pd.Series, float]:
    """Return where a strip has the other shops and ours, from -2 to 2; above 0 the claim holds."""
    others = numbers(row).map(lambda number: _place(number, row["holds"]))
    here = _place(row["here"], row["holds"])
    unit = max(others.abs().quantile(0.9), abs(here) / 2, 1e-12)
    return (others / unit).clip(-2, 2), min(max(here / unit, -2), 2)


def verdict(true: int, n: int) -> str:
    """Say what a lesson may say of a claim that is true in some of n shops.

    Examples
    --------
    >>> verdict(18, 20), verdict(17, 20), verdict(2, 20)
    ('holds', 'depends', 'luck')
    """
    return "holds" if true >= 0.9 * n else "depends" if true > 0.1 * n else "luck"


def is_true(values: pd.Series, holds: str) -> pd.Series:
    """Say of each number whether the claim holds.

    Examples
    --------
    >>> is_true(pd.Series([0.1, 0.3]), "0.25 to 0.45").tolist()
    [False, True]
    """
    if " to " in holds:
        return values.between(*map(float, holds.split(" to ")))
    sign, bound = holds.split()
    return COMPARED[sign](values, float(bound))


def holds_in(row: pd.Series) -> int:
    """Return in how many other shops a stored claim holds."""
    return int(is_true(numbers(row), row["holds"]).sum())


def numbers(row: pd.Series) -> pd.Series:
    """Return the numbers of a stored claim in the other shops."""
    return row.drop(row.index.intersection(ABOUT)).astype(float).dropna()


@functools.cache
def stored() -> pd.DataFrame:
    """Return the stored claims, one row each, by lesson and claim."""
    return pd.read_csv(FILE, dtype={"lesson": str}).set_index(["lesson", "claim"])


def _place(number: float, holds: str) -> float:
    """Return how far inside of what the claim needs a number is; below 0, how far outside."""
    if " to " in holds:
        low, high = map(float, holds.split(" to "))
        return min(number - low, high - number)
    sign, bound = holds.split()
    away = number - float(bound)
    return {"<": -away, ">": away, "==": 1 - 2 * (away != 0)}[sign]


def short(number: float) -> str:
    """Write a number with three digits.

    Examples
    --------
    >>> short(1234.5), short(0.01234)
    ('1,234', '0.0123')
    """
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"
