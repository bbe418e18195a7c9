"""Exercises of lesson 01: duplicates, dates, money, returns, outliers, time zones, precision."""

import pandas as pd

from exercises.engine.exercise import Case, Exercise, in_turn, on_cases, quiz
from exercises.engine.tables import by_column, by_row

TITLE = "Data cleaning"

# Row 2 repeats row 0, rows 9 and 10 repeat row 5 with its missing quantity.
# Row 3 has the order and the item of row 1 but another quantity, rows 4 and 6 differ from row 0 in
# the order, and row 7 in the item: none of them is a duplicate.
EXPORT = by_column(
    order_id=["O1", "O1", "O1", "O1", "O2", "O4", "O3", "O1", "O5", "O4", "O4"],
    item_id=["I7", "I8", "I7", "I8", "I7", "I9", "I7", "I9", "I5", "I9", "I9"],
    quantity=["1", "2", "1", "3", "1", None, "1", "1", "4", None, None],
)
# Row 1 repeats row 0, rows 5 and 6 repeat row 4.
MORE_EXPORT = by_column(
    order_id=["O4", "O4", "O4", "O5", "O5", "O5", "O5", "O4", "O6", "O7"],
    item_id=["I1", "I1", "I1", "I1", "I2", "I2", "I2", "I3", "I1", "I4"],
    quantity=["2", "2", "3", "2", "1", "1", "1", "2", "2", "1"],
)


def count_duplicates(table):
    """Count the rows that repeat an earlier row in every column."""
    return table.duplicated().sum()


COUNT_DUPLICATES = Exercise(
    id="01-1",
    hints=(
        "If a row occurs three times, how many of the three do you want to keep?",
        "`duplicated` marks rows; its `keep` says which row of a group of equal rows is not "
        "marked.",
        "`table.duplicated().sum()`: equal in all columns, and the first row is kept.",
    ),
    solution=count_duplicates,
    check=on_cases(
        Case(EXPORT.head(3), right=1),
        Case(EXPORT, right=1 + 2),
        held_back=[Case(MORE_EXPORT, right=1 + 2)],
    ),
    mistakes="""
    duplicated() => duplicated(keep=False)
        With `keep=False` this counts the first row of each group, too. That one is genuine: if you
        drop all of them, the order loses its item.
    duplicated() => duplicated(["order_id", "item_id"])
        You compared some of the columns only. Rows that differ in any other column, such as
        quantity or item, are not copies.
    duplicated() => duplicated(["item_id", "quantity"])
        You left the order out. Two orders may contain the same quantity of the same item.
    duplicated() => duplicated("order_id")
        You compared only the order. An order has one line for each of its items.
    return … => return len(table.drop_duplicates())
        These are the rows that stay. Count the ones that go.
    return … => return len(table[table.duplicated()].drop_duplicates())
        You counted groups of equal rows. If a row occurs three times, two rows have to go.
    return … => return (table.groupby(list(table)).size() - 1).sum()
        Copies with a missing cell are not in your count. `groupby` leaves out rows with a missing
        value unless you write `dropna=False`, and `==` finds no missing value equal to another.
    sum => mean
        This is the share of the rows. Return their number: `sum` instead of `mean`.
    """,
    takeaway="The first of several equal rows is genuine; an exact duplicate is a later copy that "
    "agrees in every column.",
)


def _several(text):
    return pd.Series(text.split("; "))


def _times(text):
    return pd.to_datetime(_several(text))


# Three dates, each of them written in each of the three formats.
MARCH_5, MARCH_21, DECEMBER_4 = pd.to_datetime(
    ["2025-03-05 14:22:01", "2025-03-21 08:00:00", "2025-12-04 00:30:00"]
)
DATES = _several(
    "2025-03-05 14:22:01; 05.03.2025 14:22:01; 5 March 2025, 2:22:01 PM; 2025-03-21 08:00:00; "
    "04.12.2025 00:30:00; 21 March 2025, 8:00:00 AM; 2025-12-04 00:30:00; 21.03.2025 08:00:00; "
    "4 December 2025, 12:30:00 AM"
)
MORE_DATES = _several(
    "2024-11-02 23:59:59; 02.11.2024 00:05:00; 2 November 2024, 12:05:30 PM; "
    "29.02.2024 18:30:00; 2024-02-29 06:00:00; 29 February 2024, 12:10:00 AM"
)
MORE_PARSED = _times(
    "2024-11-02 23:59:59; 2024-11-02 00:05:00; 2024-11-02 12:05:30; 2024-02-29 18:30:00; "
    "2024-02-29 06:00:00; 2024-02-29 00:10:00"
)


def parse_dates(texts):
    """Parse each of the three formats separately, and fill what is still missing."""
    dates = pd.to_datetime(texts, format="%Y-%m-%d %H:%M:%S", errors="coerce")
    for other in ["%d.%m.%Y %H:%M:%S", "%d %B %Y, %I:%M:%S %p"]:
        more = pd.to_datetime(texts, format=other, errors="coerce")
        dates = dates.fillna(more)
    return dates


PARSE_DATES = Exercise(
    id="01-2",
    hints=(
        "Which month is `05.03.2025`? The text doesn't tell you; the system that wrote it does.",
        "Parse one format at a time, and fill what is still missing with the next.",
        'Use `pd.to_datetime(texts, format=…, errors="coerce")` with each of "%Y-%m-%d %H:%M:%S", '
        '"%d.%m.%Y %H:%M:%S", "%d %B %Y, %I:%M:%S %p", and `fillna` to join the results.',
    ),
    solution=parse_dates,
    check=on_cases(
        Case(DATES.head(3), right=[MARCH_5] * 3),
        Case(DATES, right=[MARCH_5] * 3 + [MARCH_21, DECEMBER_4] * 3),
        held_back=[Case(MORE_DATES, right=MORE_PARSED)],
    ),
    mistakes="""
    return … => return pd.to_datetime(texts, format="mixed")
        `05.03.2025` was read month first, as May 3. This system writes the day first, and only days
        after the 12th would have shown the error.
    %d.%m.%Y => %m.%d.%Y
        `%m.%d` reads `05.03.2025` month first, as May 3, and makes `21.03.2025` missing: there is
        no 21st month. This system writes the day first.
    return … => return pd.to_datetime(texts, format="mixed", dayfirst=True)
        `dayfirst=True` swapped day and month in the ISO dates too: `2025-03-05` became May 3. Give
        each format its own rule.
    return … => return pd.to_datetime(texts, format="%Y-%m-%d %H:%M:%S", errors="coerce")
        Only dates such as `2025-03-05 14:22:01` were parsed; those in the other two formats are
        missing. Their formats differ from those in the lesson, and `errors="coerce"` gives no
        warning: count the missing values after it.
    , "%d %B %Y, %I:%M:%S %p" =>
        Two formats were parsed; the third format, `5 March 2025, 2:22:01 PM`, came out as missing.
    "%d.%m.%Y %H:%M:%S", =>
        Two formats were parsed; the dates with dots, such as `05.03.2025 14:22:01`, came out as
        missing.
    %I => %H
        The day is right, but AM and PM are lost: `2:22:01 PM` is 14:22:01. `%H` ignores `%p`; use
        `%I`.
    dates.fillna(more) => pd.concat([dates.dropna(), more.dropna()])
        The dates are right, but their order is not: `concat` puts one format after the other. Keep
        the labels of `texts`, and `sort_index()` puts them back in order.
    return … => return dates.dt.normalize()
        The time of day is cut off. Sessions and time zones will need it.
    """,
    takeaway="A date is a text and a format. Learn the format from the system that wrote it, and "
    "don't let the software guess.",
)

REPAIR = quiz(
    id="01-5",
    options="""
    a) a quantity of 99,999 mugs, while other orders contain one or two
        99,999 is a placeholder. It says nothing about the true quantity: 1 and 2 are only guesses.
        Drop the row.
    b) a price of 2,499 dollars for an item listed at 24.99, as for many other lines of the same
    system
    c) a rating of 55 on a scale from 1 to 5
        A typing error for 5 is plausible, but nothing in the data confirms it. Where the true value
        is unknown, drop the row.
    d) an order of 60 glasses at the usual price, by a hotel; it is the largest order of the year
        This is an outlier, but not an error: the price is usual and the customer explains the
        quantity. Keep it as it is.
    """,
    hints=(
        "Which of the values are errors at all?",
        "To repair a value you have to know what it was meant to be. For which error do you know "
        "the cause?",
        "One price is exactly 100 times the list price, and its system did this many times.",
    ),
    takeaway="Repair what has a known cause, drop what is impossible and unknown, keep what is "
    "rare but true.",
)

DROPNA = quiz(
    id="01-6",
    options="""
    a) order lines without a user_id, before computing what each user is worth
    b) events without a user_id, before computing how many visitors buy
        Events without a user come from guests. Without them all visitors seem to be members, and
        the conversion rate looks better than it is.
    c) users without an age_band, before computing the repeat rate
        The age is not needed for a repeat rate. The user is known, and so are the orders.
    d) every row with any missing value, in all tables, before doing anything
        Rows would go because of gaps in columns that the question doesn't use: guests, and all who
        keep their age private. What is left is not your shop.
    """,
    hints=(
        "What does the missing value mean: unknown, not applicable, or nobody?",
        "A visitor without an account is a visitor, too. A user who keeps their age private buys, "
        "too.",
        "A row may go when the question needs the very value that is missing.",
    ),
    takeaway="Drop a row only for a value that the question needs, count what went, and say so.",
)

MONEY = pd.Series(
    ["12.50", "$12.50", "12.50 USD", "$1,234.50", "$7", "$1,200", "-9.99", "$1,234,567.80"]
)
MORE_MONEY = pd.Series(["$9,876,543.21", "0.99 USD", "$2,050", "-120.25", "$48.10", "3.07"])


def parse_money(texts):
    """Keep the sign, the digits and the decimal point of each text."""
    return texts.str.replace(r"[^-\d.]", "", regex=True).astype(float)


PARSE_MONEY = Exercise(
    id="01-3",
    hints=(
        "Look at the longest text. Which of its characters are not part of the number?",
        "The comma of `$1,234.50` groups thousands. It carries no value; the point does.",
        r'`texts.str.replace(r"[^-\d.]", "", regex=True)` keeps sign, digits and point.',
    ),
    solution=parse_money,
    check=on_cases(
        Case(MONEY.head(3), right=[12.5] * 3),
        Case(MONEY, right=[12.5] * 3 + [1234.5, 7.0, 1200.0, -9.99, 1234567.8]),
        held_back=[Case(MORE_MONEY, right=[9876543.21, 0.99, 2050.0, -120.25, 48.1, 3.07])],
    ),
    mistakes=r"""
    replace(r"[^-\d.]", "", regex=True) => extract(r"(-?\d+\.?\d*)")[0]
        `$1,234.50` became 1: you stopped at the first comma, which only groups thousands.
    replace(r"[^-\d.]", "", regex=True) => extract(r"(-?\d+(?:\.\d+)?)\D*$")[0]
        `$1,234.50` lost its thousands: 234.5 is what comes after the comma.
    => texts = texts.str.strip("$ USD").str.replace(",", "", n=1)
    return … => return pd.to_numeric(texts, errors="coerce")
        You removed only one comma. `$1,234,567.80` has two, and became missing.
    \d. => \d
        The decimal point was removed, so `$12.50` became 1250: 100 times too much.
    [^-\d.] => \D
        The decimal point and the minus sign were removed: `$12.50` became 1250, and `-9.99` became
        999.
    return … => return pd.to_numeric(texts, errors="coerce")
        `errors="coerce"` gave no warning: texts with more than a number are missing. These are
        exactly the rows that one system wrote.
    return … => return pd.to_numeric(texts.str.strip("$ USD"), errors="coerce")
        Amounts of thousands are missing, because the comma was left in. The most expensive goods
        would be the ones to vanish.
    => texts = texts.str.strip("$ USD").str.replace(",", ".")
    return … => return pd.to_numeric(texts, errors="coerce")
        The comma became a point, so `$1,200` is 1.2, and `$1,234.50` with its two points is
        missing. The comma only groups thousands: remove it.
    ^- => ^
        The minus sign is gone: `-9.99` became 9.99, and an impossible price now looks like a
        possible one.
    .astype(float) =>
        The texts are clean, but still text: "9" sorts after "12", and `sum` joins them. Use
        `astype(float)`.
    """,
    takeaway="Test a parser on its largest and on its negative numbers: small ones have no "
    "thousands and no sign to lose.",
    further=True,
)


def _quantities(*rows):
    return pd.DataFrame(rows, columns=["order_id", "item_id", "quantity"])


# O3 is canceled whole. O6 holds I8 in two lines, and what is left may be in either of them. O0 is
# older than the export, so its -1 is not a sale.
SALES_AND_RETURNS = by_row("""
    order_id item_id quantity
    O1   I7 5;  O1   I8 2;  O2   I7 2;  RO1  I7 -2; RO1  I8 -1; O3   I7 1;  O3   I9 4;  CO3  I7 -1
    CO3  I9 -4; O14  I7 3;  O14  I9 2;  RO14 I7 -2; O6   I8 2;  O6   I8 3;  RO6  I8 -4; RO0  I5 -1
""")
NET = _quantities(
    ("O1", "I7", 5 - 2), ("O1", "I8", 2 - 1), ("O2", "I7", 2), ("O14", "I7", 3 - 2),
    ("O14", "I9", 2), ("O6", "I8", 2 + 3 - 4),
)  # fmt: skip
# O22 is canceled whole, O230 comes back whole, and O9 is older than the export.
MORE_SALES_AND_RETURNS = by_row("""
    order_id item_id quantity
    O21   I3 4;  O22   I3 2;  O22   I4 1;  RO21  I3 -1; CO22  I3 -2; CO22  I4 -1; O23   I4 1
    O23   I4 5;  O24   I3 6;  RO23  I4 -3; RO9   I3 -2; O230  I4 2;  RO230 I4 -2
""")
MORE_NET = _quantities(("O21", "I3", 4 - 1), ("O23", "I4", 1 + 5 - 3), ("O24", "I3", 6))


def net_quantities(lines):
    """Add what came back to the order and item it belongs to; keep what is left."""
    orders = lines.assign(order_id=lines["order_id"].str.removeprefix("R").str.removeprefix("C"))
    net = orders.groupby(["order_id", "item_id"], as_index=False)["quantity"].sum()
    return net[net["quantity"] > 0]


NET_RETURNS = Exercise(
    id="01-4",
    hints=(
        "A return of 2 units corrects another row. Which one?",
        "Take the letter off the order id. Then a sale and its return have the same key.",
        "`str.removeprefix`, then sum quantity by order_id and item_id, then keep what is > 0.",
    ),
    solution=net_quantities,
    check=on_cases(
        Case(SALES_AND_RETURNS.iloc[[0, 3]], right=_quantities(("O1", "I7", 5 - 2))),
        Case(SALES_AND_RETURNS, right=NET),
        held_back=[Case(MORE_SALES_AND_RETURNS, right=MORE_NET)],
        any_order=True,
    ),
    mistakes="""
    return … => return lines[lines["quantity"] > 0]
        You dropped the negative rows and kept the sales that they correct: returned goods still
        count as sold.
    => lines = lines.assign(quantity=lines["quantity"].abs())
        The returns were made positive, so they add to what was sold instead of reducing it.
    , as_index=False =>
    net["quantity"] > 0 => net > 0
        The quantities are right, but order and item are in the index of a Series. `reset_index()`
        makes it a table of three columns.
    return … => return net
        The sums are right, but rows of zero or fewer units stay. What came back completely was not
        bought.
    > 0 => >= 0
        The sums are right, but rows of zero units stay. What came back completely was not bought:
        keep quantities > 0.
    > 0 => != 0
        The rows of zero units are gone, but a negative quantity stays: `RO0` returns an order from
        before the export. Keep quantities > 0.
    orders = … => orders = lines
    return … => return net
        The letter is still on the order id, so `O1` and `RO1` are two keys and nothing is netted.
    .removeprefix("R").str.removeprefix("C") => [1:]
        You cut the first letter off every id: `RO1` became `O1`, but `O1` became `1`, so the two
        still have different keys.
    removeprefix("R").str.removeprefix("C") => lstrip("RCO")
        The quantities are right, but you took the `O` too: order `O1` became `1`.
    .str.removeprefix("C") =>
        Returns find their order, cancellations do not: remove the `C` as well.
    .str.removeprefix("R") =>
        Cancellations find their order, returns do not: remove the `R` as well.
    orders = … => orders = lines
        Nothing that came back is subtracted: the letter is still on its order id, or the negative
        rows were dropped before the sum.
    "item_id"], as_index=False) => "item_id", lines["quantity"] > 0])
    .sum() => .sum().unstack().sum(axis=1, skipna=False).reset_index(name="quantity")
        The lines without a return are gone: they have no partner to subtract. Subtract 0 from them,
        as `fill_value=0` does in `sold.add(returned, fill_value=0)`.
    .sum() => .transform("min")
    net[net["quantity"] > 0] => lines[net > 0]
        You dropped every line with a return, even where the customer kept some of its units.
        Subtract what came back.
    ["order_id", "item_id"] => "order_id"
    ["quantity"].sum() => .agg({"item_id": "first", "quantity": "sum"})
        You netted whole orders, so each has only one item left. Net each item of an order: group by
        `order_id` and `item_id`.
    ["order_id", "item_id"] => "order_id"
    .sum() => .transform("min")
    net[net["quantity"] > 0] => lines[net > 0]
        You removed the whole order as soon as one unit came back. The customer kept the rest.
    ["order_id", "item_id"] => "item_id"
        You summed by item, across orders. A return belongs to one order.
    .sum() => .transform("sum")
    return … => return orders[(net > 0) & (orders["quantity"] > 0)]
        You found the lines of which something is left, but they still have the quantity that was
        ordered. Return what is left of it.
    .sum() => .transform(lambda own: own + own[own < 0].sum())
    net[net["quantity"] > 0] => orders.assign(quantity=net)[net > 0]
        Order `O6` has the item in two lines, and you took the return off every line of it: each
        unit that came back counts twice. Sum before you subtract.
    """,
    takeaway="A negative row corrects an earlier row: net it, and don't just drop it.",
)

# New York is 5 h behind UTC in winter and 4 h in summer (from March 9 to November 2, 2025).
STAMPS = _times(
    "2025-01-15 17:00; 2025-07-15 17:00; 2025-01-01 03:00; 2025-03-05 12:00; 2025-03-09 12:00; "
    "2025-11-01 12:00; 2025-11-20 12:00"
)
# Summer time ran from March 10 to November 3 in 2024 and from March 8 to November 1 in 2026.
# July 1, 2025, tells 2025's changes from five hours all year.
OTHER_YEARS = pd.to_datetime(
    pd.Series(["2024-03-09", "2024-07-01", "2024-11-02", "2025-07-01", "2026-03-08", "2026-11-01"])
) + pd.Timedelta(hours=12)
# The nights of the changes: the clock skips an hour at 07:00 UTC, and repeats one at 06:00 UTC.
NIGHTS = _times("2025-03-09 06:30; 2025-03-09 07:30; 2025-11-02 05:30; 2025-11-02 06:30")
MORE_NIGHTS = _times(
    "2026-03-08 06:45; 2026-03-08 07:15; 2026-11-01 05:45; 2026-11-01 06:15; 2023-08-05 03:10; "
    "2027-01-20 04:05"
)


def _behind(stamps, *hours):
    return Case(stamps, right=stamps - pd.to_timedelta(list(hours), unit="h"))


def to_new_york(stamps):
    """Attach the zone the stamps were written in, convert, and take the zone off again."""
    local = stamps.dt.tz_localize("UTC").dt.tz_convert("America/New_York")
    return local.dt.tz_localize(None)


TO_NEW_YORK = Exercise(
    id="01-7",
    hints=(
        "How many hours lie between New York and UTC in January, and how many in July?",
        "`tz_localize` says in which zone a time was written; `tz_convert` converts it to another.",
        '`.dt.tz_localize("UTC")`, `.dt.tz_convert("America/New_York")`, `.dt.tz_localize(None)`.',
    ),
    solution=to_new_york,
    # The changes of other years and the nights come last: most mistakes are told before.
    check=in_turn(
        on_cases(_behind(STAMPS.head(1), 5), _behind(STAMPS, 5, 4, 5, 5, 4, 4, 5)),
        on_cases(_behind(OTHER_YEARS, 5, 4, 4, 4, 4, 5)),
        on_cases(_behind(NIGHTS, 5, 4, 4, 5), held_back=[_behind(MORE_NIGHTS, 5, 4, 4, 5, 4, 5)]),
    ),
    mistakes="""
    return … => return stamps - pd.Timedelta(hours=5)
        Your times are five hours behind UTC all year. In summer it is four: `tz_convert` to
        "America/New_York" knows when.
    return … => return stamps - pd.Timedelta(hours=4)
        Your times are four hours behind UTC all year. In winter it is five: `tz_convert` to
        "America/New_York" knows when.
    local.dt.tz_localize(None) => local.dt.tz_convert(None)
        No time has changed: these are still UTC. Localize to UTC, convert to New York, and take the
        zone off with `tz_localize(None)`; `tz_convert(None)` converts back to UTC.
    return … => return stamps.dt.tz_localize("UTC")
        The times are labeled UTC, but not converted. Continue with `tz_convert`, and take the zone
        off at the end.
    return … => return stamps.dt.tz_localize("America/New_York")
        You said that the times were written in New York. They were written in UTC: localize to
        that, then convert.
    "UTC" => "America/New_York"
    tz_convert("America/New_York") => tz_convert("UTC")
        You converted in the wrong direction, from New York to UTC: in New York it is earlier.
    return … => return stamps + pd.Timedelta(hours=5)
        You went in the wrong direction, by five hours all year: in New York it is earlier.
        `tz_convert` knows by how much.
    return … => return local
        The hours are right, but the times still carry a zone, and the shop's other tables have
        none: comparing the two would fail. End with `tz_localize(None)`.
    => summer = stamps.between("2025-03-09 07", "2025-11-02 06")
    return … => return stamps - pd.to_timedelta(5 - summer, unit="h")
        You wrote down the two clock changes of 2025, so your other years have no summer. Let
        `tz_convert` look them up.
    => summer = stamps.dt.strftime("%m-%d %H").between("03-09 07", "11-02 05")
    return … => return stamps - pd.to_timedelta(5 - summer, unit="h")
        You used the days of 2025 in every year. Daylight saving time begins on the second Sunday of
        March and ends on the first of November: let `tz_convert` look them up.
    => noon = stamps.dt.normalize() + pd.Timedelta(hours=12)
    stamps.dt => noon.dt
    return … => return stamps + (… - noon)
        The days of the clock changes are right, but your clock changes at the wrong hour. In New
        York it changes at 2 a.m. local time, which is 07:00 UTC in March and 06:00 UTC in November.
    """,
    takeaway="Say in which zone a time was written, then convert; a fixed offset is wrong for half "
    "of the year.",
)

FIRST_FLAGGED = pd.Series([True, True, False, False, False])
FIRST_FAULTY = pd.Series([True, False, True, True, False])
FLAGGED = pd.Series([True] * 4 + [False] * 7)
FAULTY = pd.Series([True] * 3 + [False] + [True] * 5 + [False] * 2)
ANOTHER_FLAGGED = pd.Series([True, True, True, True, False, False, False])
ANOTHER_FAULTY = pd.Series([True, False, False, False, True, True, False])


def precision_recall(flagged, faulty):
    """Divide the rows that are both flagged and faulty by the flagged and by the faulty rows."""
    both = (flagged & faulty).sum()
    return both / flagged.sum(), both / faulty.sum()


PRECISION_RECALL = Exercise(
    id="01-8",
    hints=(
        "Which rows does the rule get right? Both measures have their number on top.",
        "Precision divides by the rows that the rule flagged, recall by those that are faulty.",
        "`(flagged & faulty).sum()` divided by `flagged.sum()`, and by `faulty.sum()`.",
    ),
    solution=precision_recall,
    check=on_cases(
        Case(FIRST_FLAGGED, FIRST_FAULTY, right=(1 / 2, 1 / 3)),
        Case(FLAGGED, FAULTY, right=(3 / 4, 3 / 8)),
        held_back=[Case(ANOTHER_FLAGGED, ANOTHER_FAULTY, right=(1 / 4, 1 / 3))],
    ),
    mistakes="""
    return … => return both / faulty.sum(), both / flagged.sum()
        You swapped the two: precision divides by the flagged rows and comes first, recall divides
        by the faulty rows.
    return … => return both / len(flagged), both / len(faulty)
        You divided by all rows: `len` and `mean` count True and False. Divide by the number of
        True, `flagged.sum()` and `faulty.sum()`.
    both / flagged.sum() => (flagged == faulty).mean()
        The first number is the accuracy, the share of all rows with a right decision. Precision
        looks at the flagged rows only.
    both / flagged.sum() => (~flagged & ~faulty).sum() / (~faulty).sum()
        The first number is the share of good rows left alone (the specificity). Precision divides
        by the flagged rows.
    return … => return 1 - both / flagged.sum(), 1 - both / faulty.sum()
        These are the shares of wrong decisions: good rows among the flagged, and faulty rows that
        were missed. Return the complement of both.
    return … => return 100 * both / flagged.sum(), 100 * both / faulty.sum()
        These are percent. Return shares between 0 and 1.
    return … => return flagged.sum(), faulty.sum()
        These are counts: the flagged rows and the faulty rows. Divide the rows that are both by
        each of them.
    """,
    takeaway="A rule of low precision flags good rows, a rule of low recall misses faulty ones; "
    "report both.",
)
