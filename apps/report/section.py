"""The parts of a report's section: a message, an explanation, caveats, tables and figures.

A section is written for a decision maker who didn't do the analysis: its title says what was found,
not what was computed. If the data can't support a section, it says why it was left out.
"""

import functools
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from apps.report.own_shop.currency import NO_CENTS
from apps.report.own_shop.shop import OwnShop
from helpers.language import say

PERIODS = {"D": "day", "W": "week", "M": "month", "Q": "quarter"}
DAY = pd.Timedelta(days=1)
SAMPLE = 50_000  # customers from whom a model learns; more take time and hardly change it
LONGEST = 60  # characters of a name
USUAL = 0.95  # of the pauses between days with orders; a longer one is unusual


class Table(NamedTuple):
    """A table to read: every cell is text. It may be folded if a figure shows the same."""

    caption: str
    cells: pd.DataFrame
    folded: bool = False


class Figure(NamedTuple):
    """A figure: how to draw it, and what it shows, in words; with data, it is interactive too.

    Attributes
    ----------
    draw : draws it, for print and where scripts don't run.
    words : what it shows.
    data : DataFrame with ``x``, ``series``, ``value`` and ``unit`` (`tidy`), and perhaps ``low``
        and ``high``, the ends of an interval. Each x is a period, a date or a number, in equal
        steps, and lines are drawn along them.
        The unit is the same in all rows: a currency, "%", or a plural noun such as "orders".
    """

    draw: Callable[[], Axes]
    words: str
    data: pd.DataFrame | None = None


def tidy(values: pd.Series | pd.DataFrame, unit: str) -> pd.DataFrame:
    """Return the data of a `Figure` from a table with a column for each series.

    Examples
    --------
    >>> tidy(pd.Series([7, 9], index=["Mon", "Tue"], name="orders"), "orders")
       series    x  value    unit
    0  orders  Mon      7  orders
    1  orders  Tue      9  orders
    """
    columns = dict(pd.DataFrame(values).items())
    long = pd.concat(columns, names=["series", "x"]).rename("value")
    return long.reset_index().assign(unit=unit)


def label(moment: object) -> str:
    """Write a period or a date as it stands on the page; other things stay as they are.

    Examples
    --------
    >>> [label(pd.Period("2025-03-05", one)) for one in "DWMQ"]
    ['2025-03-05', 'the week of 2025-03-03', '2025-03', '2025Q1']
    """
    if isinstance(moment, pd.Period) and moment.freqstr.startswith("W"):
        return say("the week of {date}", date=moment.start_time.date())
    return str(moment.date() if isinstance(moment, pd.Timestamp) else moment)


def line_figure(data: pd.DataFrame, title: str, axis: str, words: str) -> Figure:
    """Return a figure of lines, from 0, with the bands of their intervals.

    Parameters
    ----------
    data, words : as in `Figure`.
    title : its message.
    axis : what the values are.
    """

    def draw() -> Axes:
        ax = plt.subplots()[1]
        for name, rows in data.groupby("series", sort=False):
            x = rows["x"]
            x = x.dt.to_timestamp() if isinstance(x.dtype, pd.PeriodDtype) else x
            (line,) = ax.plot(x, rows["value"], label=name)
            if "low" in rows:
                band = {"color": line.get_color(), "alpha": 0.2, "linewidth": 0}
                ax.fill_between(x, rows["low"], rows["high"], **band)
        ax.set(title=title, ylabel=axis)
        ax.set_ylim(0, 1.08 * max(ax.dataLim.y1, ax.get_ylim()[1] / 1.08))
        ax.yaxis.set_major_formatter("{x:,.0f}")
        if len(data["series"].unique()) > 1:
            ax.legend()
        if not pd.api.types.is_numeric_dtype(data["x"]):
            ax.figure.autofmt_xdate(rotation=30)
        return ax

    return Figure(draw, words, data)


class Act(NamedTuple):
    """Something to do this week.

    Attributes
    ----------
    title : what to do, and for how many customers.
    stake : the money at stake, and ``how`` it is computed.
    why : what the file shows.
    rows : the complete list to download, with plain numbers.
    """

    title: str
    stake: str
    how: str
    why: str
    rows: pd.DataFrame


@dataclass(frozen=True, repr=False)
class Section:
    """One question about a shop, and its answer.

    Attributes
    ----------
    title : the message; empty if the section was left out.
    reading : paragraphs in plain words, the most important one first; the page folds the others.
    caveats : limits of the conclusions.
    tables, figures : the evidence.
    lists : name → complete list to download, with plain numbers; the tables show the most important
        rows.
    act : what to do this week, or why nothing follows.
    skipped : why the section was left out; empty if it was not.
    name, question : its short name, and the question it answers; set by `section`.
    """

    title: str = ""
    reading: Sequence[str] = ()
    caveats: Sequence[str] = ()
    tables: Sequence[Table] = ()
    figures: Sequence[Figure] = ()
    lists: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    act: Act | str = ""
    skipped: str = ""
    name: str = ""
    question: str = ""

    def __repr__(self) -> str:
        if self.skipped:
            return f"{self.question}\n{say('Left out: {why}', why=self.skipped)}"
        parts = [self.question, self.title, "", *self.reading]
        parts += [say("Caveat: {caveat}", caveat=caveat) for caveat in self.caveats]
        for caption, cells, _ in self.tables:
            parts += ["", caption, cells.to_string(index=False)]
        return "\n".join(parts)


def _failed() -> Section:
    """Return what stands in the place of a section that could not be made."""
    reading = say(
        "The data in this file don't allow the calculation, or the report has a mistake here. The "
        "other sections don't depend on it."
    )
    return Section(say("This could not be computed"), [reading])


# What a model raises that the data don't determine. All else is a mistake of ours: the page says
# the same, and a warning tells us.
UNDETERMINED = (ValueError, MemoryError, np.linalg.LinAlgError)


class Skip(Exception):  # noqa: N818 (not an error: the data don't support a section)
    """Raised if the data don't support a section; the message says why, in plain words."""


def section(name: str, question: str):
    """Turn a function of a shop into one that always returns a section, perhaps a skipped one.

    Parameters
    ----------
    name : short, for links.
    question : what the section answers; the function has it as ``question``.
    """

    def wrap(make: Callable[[OwnShop], Section]) -> Callable[[OwnShop], Section]:
        @functools.wraps(make)
        def made(shop: OwnShop) -> Section:
            try:
                if shop.order_lines.empty and name not in ("file", "funnel"):
                    raise Skip(say("no order lines are left"))
                found = make(shop)
            except Skip as why:
                found = Section(skipped=say("{sentence}.", sentence=why))
            except Exception as error:  # the other sections go on
                if not isinstance(error, UNDETERMINED):
                    said = f"{type(error).__name__} in the section {name}: {error}"
                    warnings.warn(said, RuntimeWarning, stacklevel=2)
                found = _failed()
            tables = [
                table._replace(cells=table.cells.reset_index(drop=True)) for table in found.tables
            ]
            return replace(found, tables=tables, name=name, question=say(question))

        made.question = question
        return made

    return wrap


def need(found: float, least: float, what: str) -> None:
    """Skip the section if there is not enough of something.

    Examples
    --------
    >>> need(1, 26, "weeks of orders")
    Traceback (most recent call last):
        ...
    apps.report.section.Skip: this section needs at least 26 weeks of orders; the file contains 1
    """
    if found < least:
        raise Skip(
            say(
                "this section needs at least {least} {what}; the file contains {found}",
                least=f"{least:,.0f}",
                what=say(what),
                found=f"{found:,.0f}",
            )
        )


def need_customers(shop: OwnShop) -> None:
    """Skip the section if the file doesn't say who bought."""
    if not shop.has_customers:
        raise Skip(say("the file doesn't say who bought"))


def of_some(rows: pd.DataFrame, always: Iterable[str] = ()) -> tuple[pd.DataFrame, str]:
    """Return the rows of 50,000 customers at random, or of all if there are not more.

    Parameters
    ----------
    rows : DataFrame; ``user_id`` (none missing).
    always : customers who are kept in any case.

    Returns
    -------
    The rows, and what to say about the sample; "" if there is none.

    Examples
    --------
    >>> of_some(pd.DataFrame({"user_id": ["Ana", "Ben", "Ana"]}))[1]
    ''
    >>> rows, said = of_some(pd.DataFrame({"user_id": [f"U{number}" for number in range(80_000)]}))
    >>> len(rows), said
    (50000, 'a random sample of 50,000 of the 80,000 customers')
    """
    users = rows["user_id"].drop_duplicates()
    if len(users) <= SAMPLE:
        return rows, ""
    chosen = users.sample(SAMPLE, random_state=0)
    said = say(
        "a random sample of {some} of the {all} customers",
        some=f"{SAMPLE:,}",
        all=f"{len(users):,}",
    )
    return rows[rows["user_id"].isin([*chosen, *always])], said


def short(name: object) -> str:
    """Return a name, cut if it is very long."""
    text = str(name)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def item_names(shop: OwnShop) -> dict:
    """Return item → its name, as it is shown."""
    return dict(zip(shop.items["item_id"], map(short, shop.items["name"]), strict=True))


def money(shop: OwnShop, amount: float, digits: int = 0) -> str:
    """Write an amount in the currency of the shop; if there is none, as a plain number.

    Examples
    --------
    >>> from helpers.data import load_shop
    >>> from apps.report.own_shop import from_shop
    >>> money(from_shop(load_shop()), -1234.5)
    '-$1,234'
    """
    if shop.currency in NO_CENTS and (shop.accounts.gross or 0) % 1 == 0:
        digits = 0  # ¥ are yuan or yen
    size = f"{abs(amount):,.{digits}f}"
    space = " " if len(shop.currency) > 1 else ""
    return f"{'-' if amount < 0 else ''}{shop.currency}{space}{size}"


def about(number: float) -> float:
    """Round an uncertain number to three digits.

    Examples
    --------
    >>> about(271_453.2), about(2_402), about(37.25)
    (271000.0, 2400.0, 37.2)
    """
    return float(f"{number:.3g}")


def period_of(shop: OwnShop) -> str:
    """Return the pandas period that suits the length of the shop's history.

    It is a quarter for more than six years, a month for 150 days or more, a week for 28, otherwise
    a day: some five to 70 periods.
    """
    days = shop.days
    return "Q" if days > 6 * 365 else "M" if days >= 150 else "W" if days >= 28 else "D"


def observed_until(shop: OwnShop) -> pd.Timestamp:
    """Return the day up to which the file is complete: its last day, or the end of that period.

    A last order on the 30th doesn't mean that the 31st is missing, because a shop may not sell
    something every day. If the days left until the end of the period (`period_of`) are a pause that
    is usual in this shop, no longer than 19 of 20 pauses between days with orders, then the period
    counts as observed to its end.
    """
    days = shop.orders["ordered_at"].dt.normalize().drop_duplicates()
    usual = days.diff().quantile(USUAL, interpolation="lower")  # from one day with orders to a next
    last = pd.Series([shop.last_day, shop.refund_rows["refunded_at"].max()]).max().normalize()
    end = last.to_period(period_of(shop)).end_time.normalize()
    return end if end + DAY - days.iloc[-1] <= usual else last


def complete(shop: OwnShop, table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a table by period that were observed from the first day to the last.

    A file from March 3 to December 9 contains the full months from April to November. Two days may
    be missing at the beginning, because a shop may not sell something every day; for the end, see
    `observed_until`.
    """
    begin, end = table.index.start_time.normalize(), table.index.end_time.normalize()
    return table[(begin + 2 * DAY >= shop.first_day) & (end <= observed_until(shop))]
