"""Exercises of lesson 01: duplicates, dates, returns, money and time zones."""

import pandas as pd

from helpers.exercises.exercise import Exercise, Mistake, on_cases, quiz

TITLE = "Data cleaning"

# Row 2 repeats row 0, row 5 repeats it once more: two rows too many. Row 3 has the order and the
# item of row 1 but another quantity, row 4 differs in the order, and row 7 in the item: none of
# them is a duplicate.
EXPORT = pd.DataFrame(
    {
        "order_id": ["O1", "O1", "O1", "O1", "O2", "O1", "O3", "O1"],
        "item_id": ["I7", "I8", "I7", "I8", "I7", "I7", "I7", "I9"],
        "quantity": ["1", "2", "1", "3", "1", "1", "1", "1"],
    }
)


def count_duplicates(table):
    """Count the rows that repeat an earlier row in every column."""
    return table.duplicated().sum()


COUNT_DUPLICATES = Exercise(
    id="01-1",
    objective="Count the rows that have to go because they repeat an earlier row.",
    hints=(
        "A row stands there three times. How many of the three do you want to keep?",
        "`duplicated` marks rows; its `keep` says which of a group of equal rows stays unmarked.",
        "`table.duplicated().sum()`: equal in all columns, and the first one is kept.",
    ),
    solution=count_duplicates,
    check=on_cases(EXPORT.head(3), EXPORT),
    wrong_answers={
        "counts the first": Mistake(
            lambda table: table.duplicated(keep=False).sum(),
            "With `keep=False` this counts the first of its kind too. That one is genuine: drop "
            "all of them and the order loses its item.",
        ),
        "some of the columns": Mistake(
            lambda table: table.duplicated(["order_id", "item_id"]).sum(),
            "You compared some of the columns only. Rows that differ in any other, in quantity or "
            "item, are not copies.",
        ),
        "left the order out": Mistake(
            lambda table: table.duplicated(["item_id", "quantity"]).sum(),
            "You left the order out. Two orders may hold as many units of the same item.",
        ),
        "only the order": Mistake(
            lambda table: table.duplicated("order_id").sum(),
            "You compared only the order. An order has one line for each of its items.",
        ),
        "the rows that stay": Mistake(
            lambda table: len(table.drop_duplicates()),
            "These are the rows that stay. Count the ones that go.",
        ),
        "groups": Mistake(
            lambda table: table[table.duplicated()].drop_duplicates().shape[0],
            "You counted groups of equal rows. A row that stands there three times is two too "
            "many.",
        ),
    },
    takeaway="The first of equal rows is genuine, so a duplicate is a later copy, in every column.",
)

# 5 March, 21 March and 4 December 2025: all three written in each of the three ways.
DATES = pd.Series(
    [
        "2025-03-05 14:22:01",
        "05/03/2025 14:22:01",
        "Mar 5 2025 2:22:01 PM",
        "2025-03-21 08:00:00",
        "04/12/2025 00:30:00",
        "Mar 21 2025 8:00:00 AM",
        "2025-12-04 00:30:00",
        "21/03/2025 08:00:00",
        "Dec 4 2025 12:30:00 AM",
    ]
)


def parse_dates(texts):
    """Parse each of the three ways to write a date by its own format."""
    dates = pd.to_datetime(texts, format="%Y-%m-%d %H:%M:%S", errors="coerce")
    for other in ["%d/%m/%Y %H:%M:%S", "%b %d %Y %I:%M:%S %p"]:
        dates = dates.fillna(pd.to_datetime(texts, format=other, errors="coerce"))
    return dates


def _parse_as(texts, *formats):
    """Parse dates by these formats only, the first that fits."""
    dates = [pd.to_datetime(texts, format=each, errors="coerce") for each in formats]
    return pd.concat(dates, axis=1).bfill(axis=1)[0]


PARSE_DATES = Exercise(
    id="01-2",
    objective="Parse dates that three systems wrote in three ways, one of them day first.",
    hints=(
        "Which month is `05/03/2025`? Nothing in the text tells you; who wrote it does.",
        "Parse one way of writing at a time, and fill what is still missing with the next.",
        'Use `pd.to_datetime(texts, format=…, errors="coerce")` for each of "%Y-%m-%d %H:%M:%S", '
        '"%d/%m/%Y %H:%M:%S", "%b %d %Y %I:%M:%S %p", and `fillna` to join them.',
    ),
    solution=parse_dates,
    check=on_cases(DATES.head(3), DATES),
    wrong_answers={
        "month first": Mistake(
            lambda texts: pd.to_datetime(texts, format="mixed"),
            "`05/03/2025` was read month first, as 3 May. The warehouse writes the day first. Only "
            "days past the 12th would have given it away.",
        ),
        "`%m/%d` reads": Mistake(
            lambda texts: _parse_as(
                texts, "%Y-%m-%d %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%b %d %Y %I:%M:%S %p"
            ),
            "`%m/%d` reads `05/03/2025` month first, as 3 May, and makes `21/03/2025` missing: "
            "there is no 21st month. The warehouse writes the day first.",
        ),
        "ISO dates too": Mistake(
            lambda texts: pd.to_datetime(texts, format="mixed", dayfirst=True),
            "`dayfirst=True` turned the ISO dates too: `2025-03-05` became 3 May. Give each way of "
            "writing its own format.",
        ),
        "missing without a word": Mistake(
            lambda texts: pd.to_datetime(texts, format="%Y-%m-%d %H:%M:%S", errors="coerce"),
            '`errors="coerce"` made every date of the other two systems missing without a word. '
            "Count the missing values after such a step.",
        ),
        "the third way": Mistake(
            lambda texts: _parse_as(texts, "%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S"),
            "Two ways of writing are parsed; the third way, `Mar 5 2025 2:22:01 PM`, came out as "
            "missing.",
        ),
        "AM and PM": Mistake(
            lambda texts: _parse_as(
                texts, "%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%b %d %Y %H:%M:%S %p"
            ),
            "The day is right, but AM and PM are lost: `2:22:01 PM` is 14:22:01. `%H` pays no "
            "heed to `%p`; only `%I` does.",
        ),
        "time of day": Mistake(
            lambda texts: parse_dates(texts).dt.normalize(),
            "The time of day is cut off. Sessions and time zones will need it.",
        ),
    },
    takeaway="A date is text plus a format, and the format comes from who wrote it, not from luck.",
)

# By hand: O1 I7 5 − 2 = 3 stays; O1 I8 1 − 1 = 0 goes; O2 I7 2 stays, nothing came back;
# O3 was canceled whole, so I7 1 − 1 = 0 and I9 4 − 4 = 0 go; O14 I7 3 − 2 = 1 stays.
# O6 holds I8 in two lines, and 2 + 2 − 3 = 1 stays, in whichever of them.
SALES_AND_RETURNS = pd.DataFrame(
    [
        ("O1", "I7", 5), ("O1", "I8", 1), ("O2", "I7", 2), ("RO1", "I7", -2), ("RO1", "I8", -1),
        ("O3", "I7", 1), ("O3", "I9", 4), ("CO3", "I7", -1), ("CO3", "I9", -4),
        ("O14", "I7", 3), ("RO14", "I7", -2), ("O6", "I8", 2), ("O6", "I8", 2), ("RO6", "I8", -3),
    ],
    columns=["order_id", "item_id", "quantity"],
)  # fmt: skip


def net_quantities(lines):
    """Add what came back to the order and item it belongs to; keep what is left."""
    orders = lines.assign(order_id=lines["order_id"].str.removeprefix("R").str.removeprefix("C"))
    net = orders.groupby(["order_id", "item_id"], as_index=False)["quantity"].sum()
    return net[net["quantity"] > 0]


def _positive(lines):
    return lines[lines["quantity"] > 0]


def _net_by(order_ids, lines):
    """Net as the solution does, with other order ids; rows of zero units stay."""
    orders = lines.assign(order_id=order_ids)
    return orders.groupby(["order_id", "item_id"], as_index=False)["quantity"].sum()


def _off_every_line(lines):
    """Join what came back to the lines of its order and item, and take it off each of them."""
    sold, back = _positive(lines), lines[lines["quantity"] < 0]
    back = _net_by(back["order_id"].str[1:], back)
    joined = sold.merge(back, on=["order_id", "item_id"], how="left", suffixes=("", "_back"))
    left = joined["quantity"] + joined.pop("quantity_back").fillna(0).astype(int)
    return _positive(joined.assign(quantity=left))


NET_RETURNS = Exercise(
    id="01-3",
    objective="Net returns (`R` + order) and cancellations (`C` + order) against their orders.",
    hints=(
        "A return of 2 units says something about another row. About which one?",
        "Take the letter off the order id. Then a sale and its return have the same key.",
        "`str.removeprefix`, then sum quantity by order_id and item_id, then keep what is > 0.",
    ),
    solution=net_quantities,
    check=on_cases(SALES_AND_RETURNS.iloc[[0, 3]], SALES_AND_RETURNS, any_order=True),
    wrong_answers={
        "dropped the negative rows": Mistake(
            _positive,
            "You dropped the negative rows and kept the sales they take back: goods that came home "
            "still count as sold.",
        ),
        "made positive": Mistake(
            lambda lines: net_quantities(lines.assign(quantity=lines["quantity"].abs())),
            "The returns are made positive, so they add to what was sold instead of reducing it.",
        ),
        "rows of zero": Mistake(
            lambda lines: _net_by(lines["order_id"].str.lstrip("RC"), lines),
            "The sums are right, but rows of zero units stay. What came back whole was not bought.",
        ),
        "the letter": Mistake(
            lambda lines: _net_by(lines["order_id"], lines),
            "The letter is still on the order id, so `O1` and `RO1` are two keys and nothing is "
            "netted.",
        ),
        "off every id": Mistake(
            lambda lines: _positive(_net_by(lines["order_id"].str[1:], lines)),
            "You cut the first letter off every id: `RO1` became `O1`, but `O1` became `1`, so "
            "the two still do not meet.",
        ),
        "the `O` too": Mistake(
            lambda lines: _positive(_net_by(lines["order_id"].str.lstrip("RCO"), lines)),
            "The quantities are right, but the `O` too is off the order ids: `O1` became `1`.",
        ),
        "cancellations do not": Mistake(
            lambda lines: _positive(_net_by(lines["order_id"].str.removeprefix("R"), lines)),
            "Returns find their order, cancellations do not: take the `C` off as well.",
        ),
        "returns do not": Mistake(
            lambda lines: _positive(_net_by(lines["order_id"].str.removeprefix("C"), lines)),
            "Cancellations find their order, returns do not: take the `R` off as well.",
        ),
        "threw away the whole order": Mistake(
            lambda lines: _positive(
                lines[~lines["order_id"].isin(lines["order_id"].str.extract("[RC](.+)")[0])]
            ),
            "You threw away the whole order as soon as one unit came back. The rest was kept.",
        ),
        "across orders": Mistake(
            lambda lines: _positive(lines.groupby("item_id", as_index=False)["quantity"].sum()),
            "You summed by item, across orders. A return belongs to one order.",
        ),
        "off every line": Mistake(
            _off_every_line,
            "Order `O6` holds the item in two lines, and you took the return off every line of it: "
            "each unit that came back counts twice. Sum before you subtract.",
        ),
    },
    takeaway="A negative row is news about an earlier one: net it, and never simply drop it.",
)

MONEY = pd.Series(["12.50", "$12.50", "12.50 USD", "$1,234.50", "$7", "$1,200", "-9.99"])


def parse_money(texts):
    """Keep the sign, the digits and the decimal point of each text."""
    return texts.str.replace(r"[^-\d.]", "", regex=True).astype(float)


PARSE_MONEY = Exercise(
    id="01-4",
    objective="Turn money written as text into numbers, of any size.",
    hints=(
        "Look at the longest text. Which of its characters are not part of the number?",
        "The comma of `$1,234.50` groups thousands. It carries no value; the point does.",
        r'`texts.str.replace(r"[^-\d.]", "", regex=True)` keeps sign, digits and point.',
    ),
    solution=parse_money,
    check=on_cases(MONEY.head(3), MONEY),
    wrong_answers={
        "comma": Mistake(
            lambda texts: texts.str.extract(r"(\d+\.?\d*)")[0].astype(float),
            "`$1,234.50` became 1: you stopped at the comma, which only groups thousands.",
        ),
        "lost its thousands": Mistake(
            lambda texts: texts.str.extract(r"(\d+(?:\.\d+)?)\D*$")[0].astype(float),
            "`$1,234.50` lost its thousands: 234.5 is what stands behind the comma.",
        ),
        "decimal point": Mistake(
            lambda texts: texts.str.replace(r"\D", "", regex=True).astype(float),
            "The decimal point went with the signs, so `$12.50` became 1250: a hundred times too "
            "much.",
        ),
        "missing": Mistake(
            lambda texts: pd.to_numeric(texts, errors="coerce"),
            '`errors="coerce"` made every text with a sign missing. That drops exactly the rows '
            "one system wrote.",
        ),
        "thousands are missing": Mistake(
            lambda texts: pd.to_numeric(
                texts.str.replace(r"[$USD ]", "", regex=True), errors="coerce"
            ),
            "Amounts of thousands are missing: the comma was left in. The dearest goods would be "
            "the ones to vanish.",
        ),
        "became a point": Mistake(
            lambda texts: pd.to_numeric(
                texts.str.replace(r"[$USD ]", "", regex=True).str.replace(",", "."),
                errors="coerce",
            ),
            "The comma became a point, so `$1,200` is 1.2, and `$1,234.50` with its two points is "
            "missing. The comma only groups thousands: take it out.",
        ),
        "minus sign": Mistake(
            lambda texts: texts.str.replace(r"[^\d.]", "", regex=True).astype(float),
            "The minus sign is gone: `-9.99` became 9.99, and an impossible price now looks like "
            "a possible one.",
        ),
        "still text": Mistake(
            lambda texts: texts.str.replace(r"[^-\d.]", "", regex=True),
            'The texts are clean, but still text: "9" sorts after "12" and `sum` glues them. '
            "Use `astype(float)`.",
        ),
    },
    takeaway="Test a parser on its largest number: small ones have no thousands to lose.",
)

# New York is 5 h behind UTC in winter and 4 h in summer (from 9 March to 2 November 2025).
# By hand: 15 January 17:00 → 12:00; 15 July 17:00 → 13:00; 1 January 03:00 → 31 December 22:00.
# Near the two changes, and all at 12:00: 5 March → 07:00, 9 March → 08:00, 1 November → 08:00,
# 20 November → 07:00.
STAMPS = pd.to_datetime(
    pd.Series(
        [
            "2025-01-15 17:00",
            "2025-07-15 17:00",
            "2025-01-01 03:00",
            "2025-03-05 12:00",
            "2025-03-09 12:00",
            "2025-11-01 12:00",
            "2025-11-20 12:00",
        ]
    )
)


def to_new_york(stamps):
    """Name the zone the stamps were written in, convert, and give local time without a zone."""
    local = stamps.dt.tz_localize("UTC").dt.tz_convert("America/New_York")
    return local.dt.tz_localize(None)


TO_NEW_YORK = Exercise(
    id="01-5",
    objective="Convert time stamps written in UTC to the local time of the shop in New York.",
    hints=(
        "How many hours lie between New York and UTC in January, and how many in July?",
        "`tz_localize` says in which zone a stamp was written; `tz_convert` goes to another.",
        '`.dt.tz_localize("UTC")`, `.dt.tz_convert("America/New_York")`, `.dt.tz_localize(None)`.',
    ),
    solution=to_new_york,
    check=on_cases(STAMPS.head(1), STAMPS),
    wrong_answers={
        "five hours all year": Mistake(
            lambda stamps: stamps - pd.Timedelta(hours=5),
            "You took off five hours all year. In summer it is four: let `tz_convert` know when.",
        ),
        "four hours all year": Mistake(
            lambda stamps: stamps - pd.Timedelta(hours=4),
            "You took off four hours all year. In winter it is five: let `tz_convert` know when.",
        ),
        "no stamp has moved": Mistake(
            lambda stamps: stamps.dt.tz_localize("UTC").dt.tz_convert(None),
            "No stamp has moved: they still show UTC. Localize to UTC, convert to New York, and "
            "only then take the zone off.",
        ),
        "not converted": Mistake(
            lambda stamps: stamps.dt.tz_localize("UTC"),
            "The stamps are named UTC, but not converted: no hand of the clock has moved. Go on "
            "with `tz_convert`, and take the zone off in the end.",
        ),
        "written in New York": Mistake(
            lambda stamps: stamps.dt.tz_localize("America/New_York"),
            "You said that the stamps were written in New York, so no hand of the clock has moved. "
            "They were written in UTC: localize to that, then convert.",
        ),
        "wrong way": Mistake(
            lambda stamps: (
                stamps.dt.tz_localize("America/New_York").dt.tz_convert("UTC").dt.tz_localize(None)
            ),
            "You went the wrong way, from New York to UTC: in New York it is earlier.",
        ),
        "wrong way, and by five": Mistake(
            lambda stamps: stamps + pd.Timedelta(hours=5),
            "You went the wrong way, and by five hours all year: in New York it is earlier. Let "
            "`tz_convert` know by how much.",
        ),
        "still carry a zone": Mistake(
            lambda stamps: stamps.dt.tz_localize("UTC").dt.tz_convert("America/New_York"),
            "The hours are right, but the stamps still carry a zone, and the shop's other tables "
            "have none: comparing the two would fail. End with `tz_localize(None)`.",
        ),
    },
    takeaway="Say the zone a stamp was written in, then convert; an offset of your own is wrong "
    "for half of the year.",
)

DROPNA = quiz(
    id="01-6",
    objective="Decide which rows with a missing value may be dropped.",
    options={
        "a": "order lines without a user_id, before computing what each user is worth",
        "b": "events without a user_id, before computing how many visitors buy",
        "c": "users without an age_band, before computing the repeat rate",
        "d": "every row with any missing value, in all tables, before doing anything",
    },
    right="a",
    hints=(
        "What does the missing value mean: unknown, not applicable, or nobody?",
        "Who browses without an account is a visitor too. Who keeps their age private buys too.",
        "A row may go when the question needs the very value that is missing.",
    ),
    wrong_answers={
        "guests": Mistake(
            "b",
            "Events without a user are guests who browse. Without them all visitors seem to be "
            "members, and conversion looks better than it is.",
        ),
        "not needed": Mistake(
            "c",
            "The age is not needed for a repeat rate. The user is known, and so are the orders.",
        ),
        "a column nobody asks about": Mistake(
            "d",
            "A row would go for a gap in a column nobody asks about: guests, and all who keep "
            "their age to themselves. What is left is not your shop.",
        ),
    },
    takeaway="Drop a row for the value the question needs, count what went, and say so.",
)
