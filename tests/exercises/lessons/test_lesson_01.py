"""Answers to lesson 01 that learners give: right ones by another way, and what wrong ones hear."""

import pandas as pd

from exercises.lesson_01 import (
    net_quantities,
    parse_dates,
    parse_money,
    precision_recall,
)
from tests.exercises.lessons.answers import are_right, are_told


def copied_from_the_lesson(texts):
    dates = pd.to_datetime(texts, format="%Y-%m-%d %H:%M:%S", errors="coerce")
    for other in ["%d/%m/%Y %H:%M:%S", "%b %d %Y %I:%M:%S %p"]:
        dates = dates.fillna(pd.to_datetime(texts, format=other, errors="coerce"))
    return dates


def by_system(texts):
    """Parse what each system wrote, one after the other."""
    dates = parse_dates(texts)
    of_text, dotted = texts.str.contains("M"), texts.str.contains(r"\.")
    return pd.concat([dates[~of_text & ~dotted], dates[dotted], dates[of_text]])


def sold_and_back(lines):
    """Give what was sold and what came back, by order and item."""
    order = lines["order_id"].str.removeprefix("C").str.removeprefix("R")
    lines = lines.assign(order_id=order)
    keys = ["order_id", "item_id"]
    parts = lines[lines["quantity"] > 0], lines[lines["quantity"] < 0]
    return [part.groupby(keys)["quantity"].sum() for part in parts]


def added(sold, back):
    left = sold.add(back, fill_value=0).loc[sold.index]
    return left[left > 0].reset_index()


def lines_without_a_return(lines):
    sold, back = sold_and_back(lines)
    return sold[~sold.index.isin(back.index)].reset_index()


def shifted(stamps, summer):
    """Take off four hours in what somebody takes for summer, else five."""
    return stamps - pd.to_timedelta(summer.map({True: 4, False: 5}), unit="h")


def month_and_day(stamps):
    return stamps.dt.strftime("%m-%d")


def by_the_rule(stamps, in_march=7, in_november=6):
    """From the second Sunday of March to the first of November, at these hours of UTC."""
    year = stamps.dt.year.astype(str)
    march, november = pd.to_datetime(year + "-03-08"), pd.to_datetime(year + "-11-01")
    begin = march + pd.to_timedelta(6 - march.dt.weekday, unit="D") + pd.Timedelta(hours=in_march)
    end = (
        november
        + pd.to_timedelta(6 - november.dt.weekday, unit="D")
        + pd.Timedelta(hours=in_november)
    )
    return shifted(stamps, (stamps >= begin) & (stamps < end))


def share_found(flagged, faulty):
    return precision_recall(flagged, faulty)[1]


# Answers that learners gave, most without a diagnosis of their own, and what they must hear.
test_what_an_undiagnosed_answer_is_told = are_told(
    ("01-1", lambda table: table.duplicated(["order_id", "quantity"]).sum(), "some of the columns"),
    # A comparison with `==` finds no missing cell equal to another, just as `groupby` drops it.
    ("01-1", lambda table: table.dropna().duplicated().sum(), "Copies with a missing cell"),
    ("01-2", pd.to_datetime, 'doesn\'t match format "%Y-%m-%d %H:%M:%S"'),
    ("01-2", copied_from_the_lesson, "differ from those in the lesson"),
    ("01-2", lambda texts: by_system(texts).reset_index(drop=True), "their order is not"),
    (
        "01-2",
        lambda texts: parse_dates(texts.where(~texts.str.contains("M"))).ffill(),
        "For `'21 March 2025, 8:00:00 AM'`",
    ),
    ("01-3", lambda texts: parse_money(texts).abs(), "minus sign is gone"),
    ("01-4", lambda lines: sold_and_back(lines)[0].reset_index(), "Nothing that came back"),
    (
        "01-4",
        lambda lines: sum(sold_and_back(lines)).loc[lambda left: left > 0].reset_index(),
        "lines without a return are gone",
    ),
    ("01-4", lines_without_a_return, "every line with a return"),
    ("01-7", lambda stamps: stamps, "No time has changed"),
    (
        "01-7",
        lambda s: s.dt.tz_localize("UTC").dt.tz_convert("EST").dt.tz_localize(None),
        "all year",
    ),
    # March to October is not when New York has summer time, nor is it all after March 9.
    ("01-7", lambda s: shifted(s, s.dt.month.between(3, 10)), "For `2025-03-05 12:00:00`"),
    ("01-7", lambda s: shifted(s, s >= "2025-03-09"), "For `2025-11-20 12:00:00`"),
    # The days of 2025, with and without their year.
    ("01-7", lambda s: shifted(s, s.between("2025-03-09", "2025-11-02")), "other years have no"),
    (
        "01-7",
        lambda s: shifted(s, month_and_day(s).between("03-09", "11-01")),
        "days of 2025 in every year",
    ),
    # The right days, but 2 a.m. in UTC.
    ("01-7", lambda s: by_the_rule(s, in_march=2, in_november=2), "at the wrong hour"),
    ("01-8", share_found, "It should give"),
)


# Right in another way.
test_a_right_answer_in_another_form = are_right(
    ("01-1", lambda table: len(table) - len(table.drop_duplicates())),
    ("01-3", lambda texts: [float(text.strip("$ USD").replace(",", "")) for text in texts]),
    ("01-4", lambda lines: net_quantities(lines)[::-1].reset_index(drop=True)),
    ("01-4", lambda lines: net_quantities(lines.drop_duplicates())),  # no row is a copy
    ("01-4", lambda lines: added(*sold_and_back(lines))),
    ("01-7", by_the_rule),
    ("01-8", lambda a, b: (b[a].mean(), a[b].mean())),
)
