"""The section on timing: on which days of the week and at which hours customers order."""

import pandas as pd
from scipy import stats

from apps.report.evidence import cannot_tell
from apps.report.own_shop.shop import OwnShop
from apps.report.section import Figure, Section, Table, line_figure, money, need, section, tidy
from helpers.language import say

WEEKDAYS = "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"
WEEKS = 8  # that a comparison of weekdays needs
ALPHA = 0.01  # probability of a busiest day or hour, if all are alike
TIMED = 0.5  # of the orders; if fewer have a time of day, the hours are not shown


@section("timing", "When do customers order?")
def timing(shop: OwnShop) -> Section:
    """Compare the days of the week, and the hours if the file has times of day.

    They are shown if they differ by more than chance explains.

    The table has a row for each day, such as

        Sunday · 1,210 orders · 15% of the orders · $118,400
    """
    need(shop.days // 7, WEEKS, "weeks of orders")
    orders, timed = shop.orders, shop.orders["ordered_at"]
    days = _by_weekday(orders, shop.first_weekday)
    title, reading, tables, figures = "", [], [], []
    caveats = [say("A campaign or a holiday can make one day look busy; look at several months.")]
    if _differ(orders):
        open_days = days["share"][days["share"] > 0]
        busiest, quietest = open_days.idxmax(), open_days.idxmin()
        title = say(
            "{day} is the busiest day, with {share} of the orders",
            day=busiest,
            share=f"{open_days.max():.0%}",
        )
        reading.append(
            say(
                "The quietest day is {day}, with {share} of the orders.",
                day=quietest,
                share=f"{open_days.min():.0%}",
            )
        )
        tables = [Table(say("Orders by day of the week"), _cells(shop, days))]
    else:
        reading.append(say("The days of the week differ no more than chance explains."))
    hours = timed.dt.hour.value_counts().reindex(range(24), fill_value=0)
    has_clock = (timed != timed.dt.normalize()).mean() >= TIMED
    # At night a shop may be closed: the hours without any order are not compared.
    if has_clock and stats.chisquare(hours[hours > 0]).pvalue < ALPHA:
        figures = [_by_hour(hours)]
        title = title or say("The busiest hour is {hour}:00 to {hour}:59", hour=hours.idxmax())
        caveats.append(say("The hours are those of the clock by which the file was written."))
    if not title:
        raise cannot_tell(reading[0].rstrip(".。"))
    return Section(title, reading, caveats, tables, figures)


def _by_weekday(orders: pd.DataFrame, first_weekday: int = 0) -> pd.DataFrame:
    """Return orders, value and share of the orders of each weekday, in the order of a week.

    Examples
    --------
    >>> orders = pd.DataFrame({"ordered_at": pd.to_datetime(["2025-03-02", "2025-03-03"]),
    ...                        "value": [5.0, 7.0]})
    >>> _by_weekday(orders, first_weekday=6).head(2)
            orders  value  share
    Sunday     1.0    5.0    0.5
    Monday     1.0    7.0    0.5
    """
    week = [(first_weekday + day) % 7 for day in range(7)]
    groups = orders.groupby(orders["ordered_at"].dt.day_of_week)["value"]
    found = groups.agg(orders="size", value="sum").reindex(week, fill_value=0)
    found["share"] = found["orders"] / len(orders)
    return found.set_axis([say(WEEKDAYS[day]) for day in week]).astype(float)


def _differ(orders: pd.DataFrame) -> bool:
    """Test whether the days of the week differ in orders (Friedman test).

    It ranks the seven days within each full week, so that neither a trend nor one day with a
    campaign decides.
    """
    by_day = orders["ordered_at"].dt.normalize().value_counts().sort_index()
    by_day = by_day.reindex(pd.date_range(by_day.index[0], by_day.index[-1]), fill_value=0)
    weeks = by_day.to_numpy()[: len(by_day) // 7 * 7].reshape(-1, 7)
    if (weeks == weeks[:, :1]).all():
        return False
    return stats.friedmanchisquare(*weeks.T).pvalue < ALPHA


def _cells(shop: OwnShop, found: pd.DataFrame) -> pd.DataFrame:
    cells = pd.DataFrame(
        {
            say("day"): found.index,
            say("orders"): found["orders"].map("{:,.0f}".format),
            say("share of the orders"): found["share"].map("{:.0%}".format),
        }
    )
    if shop.has_money:
        cells[say("revenue")] = [money(shop, one) for one in found["value"]]
    return cells


def _by_hour(orders: pd.Series) -> Figure:
    """Draw the orders of each hour; the title says which is the busiest."""
    busiest = orders.idxmax()
    title = say("The busiest hour is {hour}:00 to {hour}:59", hour=busiest)

    words = say(
        "orders by hour of the day: the busiest hour begins at {busiest}:00 with {most} orders, "
        "the quietest at {quietest}:00 with {least}.",
        busiest=busiest,
        most=f"{orders.max():,}",
        quietest=orders.idxmin(),
        least=f"{orders.min():,}",
    )
    data = tidy(orders.rename(say("orders")), say("orders"))
    return line_figure(data, title, say("orders"), words)
