"""Exercises of lesson 15: dates, a question, accounts; numbers, proofs, a holdout, limits."""

import pandas as pd

from exercises.engine.exercise import Case, Exercise, in_turn, on_cases, quiz
from exercises.engine.tables import by_column, by_row

TITLE = "Your own shop"


def _dates(*texts, right):
    return Case(pd.Series(texts, dtype="str"), right=right)


DATES = [
    _dates("05/03/2025", "13/03/2025", "12/12/2025", right="day first"),
    _dates("05/03/2025", "01/02/2025", "12/31/2025", right="month first"),
    _dates("05/03/2025", "06/04/2025", "12/11/2025", right="unknown"),
    _dates("25/03/2025", "03/26/2025", "05/03/2025", right="both"),
    _dates("03/26/2025", "25/03/2025", "27/03/2025", right="both"),  # two against one
]
DATES_AGAIN = _dates("07/08/2024", "11/21/2024", "19/10/2024", "12/31/2024", right="both")


def order_of_dates(texts):
    """Ask which of the two numbers is ever too large for a month."""
    numbers = texts.str.split("/", expand=True)[[0, 1]].astype(int)
    day, month = (numbers > 12).any()
    if day and month:
        return "both"
    return "day first" if day else "month first" if month else "unknown"


ORDER_OF_DATES = Exercise(
    id="15-2",
    hints=(
        "Which numbers can be a day but never a month?",
        "Look at all rows. One 25 in the first place is a proof; a hundred 5s are not.",
        "With a the first and b the second numbers: is any a > 12, any b > 12, both, or neither?",
    ),
    solution=order_of_dates,
    check=on_cases(*DATES, held_back=[DATES_AGAIN]),
    mistakes="""
    => texts = texts.head(1)
        You looked at the first row only. The proof may be anywhere in the column.
    if day and month: return "both" =>
    if month else "unknown" =>
        Where no first number is above 12, you said month first. But the lack of proof for one order
        doesn't prove the other. If neither number is ever above 12, the answer is unknown.
    if day and month: return "both" =>
    return "day first" … => return "month first" if month else "day first"
        Where no second number is above 12, you said day first. But the lack of a larger number is
        no proof of day first. If neither number is ever above 12, the answer is unknown.
    "unknown" => "day first"
        Where neither number is ever above 12, you guessed the day first. Nothing in such a column
        proves it, so the answer is unknown.
    "unknown" => "month first"
        Where neither number is ever above 12, you guessed the month first. Nothing in such a column
        proves it, so the answer is unknown.
    "unknown" => "both"
        You said both where no number is above 12. Nothing in such a column proves an order, so the
        answer is unknown.
    any => all
        You wanted a number above 12 in all rows. One row is enough to prove the order.
    => texts = texts.tail(1)
        You looked at the last row only. The proof may be anywhere in the column.
    day, month = … => proofs = numbers > 12; day, month = proofs[proofs.any(axis=1)].head(1).any()
        You stopped at the first proof, but a later row may prove the other order. Look at all rows
        before you decide.
    day, month = … => proofs = numbers > 12; day, month = proofs[proofs.any(axis=1)].tail(1).any()
        You let the last proof decide, but an earlier row may prove the other order. Note both while
        you look at all rows, and then decide.
    "both" => "day first"
        You said day first, although a second number is above 12, too. Two systems wrote this
        column, so the answer is both.
    "both" => "month first"
        You said month first, although a first number is above 12, too. Two systems wrote this
        column, so the answer is both.
    "both" => "unknown"
        You said unknown where two proofs contradict each other. There the answer is both: you know
        that two systems wrote this column.
    (numbers > 12).any() => numbers.max()
    if day and month: return "both" =>
    return "day first" … => return "day first" if day > month else "month first"
        You compared the largest first number with the largest second number. A number proves
        something only if it is above 12.
    any => sum
    day and month => day == month > 0
    if day else => if day > month else
        You let the majority decide. Each number above 12 is a proof, so one on either side is
        enough: then both orders are in the column.
    > 12 => >= 12
        You took 12 as a proof, but 12 can be December. Only a number above 12 can't be a month.
    day, month = => month, day =
        You swapped the two: a number above 12 can't be a month, so it stands where the day is.
    """,
    takeaway="One value above 12 proves the order for the whole column; without one, ask.",
)

WHICH_ANSWER = quiz(
    id="15-3",
    options="""
    a) `customer_id`: 1,000 different values, such as 'c0001', 'c0002', 'c0003'
        This id is new for every order: 1,000 values in 1,000 orders. As the customer, it would mean
        that nobody ever came back.
    b) `customer_unique_id`: 640 different values, such as 'u017', 'u389', 'u002'
    c) `customer_rep`: 7 different values, such as 'Ana', 'Ben', 'Cem'
        These are the people who sold. As customers, each of the 7 would have ordered about 143
        times.
    d) whichever comes first: wrong figures would look wrong on the report
        Wrong figures look plausible. 1,000 customers with one order each could be a young shop, so
        the report wouldn't show the mistake.
    """,
    hints=(
        "How many customers can 1,000 orders have, if some of them come back?",
        "A customer who orders three times appears in three orders, under one id.",
        "A column with as many values as orders is new for every order. A handful of values would "
        "mean more than a hundred orders per customer.",
    ),
    takeaway="Answer from what you know; the number of different values shows what can't be true.",
)


def _sales(*rows, right):
    return Case(
        pd.DataFrame(rows, columns=["quantity", "unit_price", "discount", "status"]), right=right
    )


BOOK = _sales(
    (2, 10.0, 0.1, "paid"),
    (1, 30.0, 0.0, "paid"),
    (5, 4.0, 0.5, "canceled"),
    (-1, 10.0, 0.1, "paid"),
    (-1, 30.0, 0.0, "paid"),
    right=(20.0 + 30, 0.1 * 20, 0.9 * 10 + 30, 50.0 - 2 - 39),
)
ONE_SALE = _sales((3, 4.5, 0.2, "paid"), right=(3 * 4.5, 0.2 * 13.5, 0.0, 0.8 * 13.5))
BOOK_AGAIN = _sales(
    (-3, 25.0, 0.2, "paid"),
    (4, 25.0, 0.2, "paid"),
    (1, 80.0, 0.1, "canceled"),
    (-2, 7.0, 0.0, "canceled"),
    (2, 7.0, 0.0, "paid"),
    right=(100.0 + 14, 0.2 * 100, 0.8 * 75, 114.0 - 20 - 60),
)


def accounts_of(lines):
    """Leave out canceled orders, tell sales from returns, and subtract."""
    kept = lines[lines["status"] != "canceled"]
    value = kept["quantity"] * kept["unit_price"]
    off = value * kept["discount"]
    sold = kept["quantity"].gt(0)
    gross = value[sold].sum()
    discounts = off[sold].sum()
    refunds = (value - off)[~sold].abs().sum()
    return gross, discounts, refunds, gross - discounts - refunds


ACCOUNTS = Exercise(
    id="15-5",
    hints=(
        "Which rows count at all, and which of those are sales?",
        "Gross is at list price, before discounts. How much was paid for a unit that came back?",
        "With value = q · p of the rows that aren't canceled: gross = Σ value and discounts = "
        "Σ value · d where value > 0; refunds = −Σ value · (1 − d) where value < 0.",
    ),
    solution=accounts_of,
    # Several sales and returns come first, so that an answer line by line is seen as such.
    check=on_cases(BOOK, ONE_SALE, held_back=[BOOK_AGAIN]),
    mistakes="""
    kept = … => kept = lines
        You counted canceled orders. Nobody paid for them, so they are left out.
    (value - off)[~sold] => value[~sold]
        Your refunds are at list price. A customer gets back what was paid, after the discount.
    value[sold] => value
        Your gross is sales minus returns, so the returns are subtracted twice. Gross is the value
        of all sales; what came back is in the refunds.
    off[sold] => off
        You netted the discounts of the returns, too. Refunds are already what was paid back, after
        discounts; the discounts are those of the sales.
    value[sold] => value
    off[sold] => off
        You computed gross and discounts over all lines, with the returns below 0. Both are those of
        the sales; what came back is in the refunds.
    value[sold] => value
    off[sold] => off
    gross - discounts - refunds => gross - discounts
        You computed gross and discounts over all lines, with the returns below 0. Both are those of
        the sales; what came back is in the refunds.
    off[sold].sum() => kept["discount"][sold].sum()
        Your discounts are a sum of shares. A discount of 0.1 on a line of 20 is 2, so multiply each
        share by the value of its line.
    value[sold] => value.abs()
    off[sold] => off.abs()
        You took absolute amounts, which counts returns as sales. Gross and discounts are those of
        the lines with a quantity above 0.
    refunds = … => refunds = 0
        You left out the returns. What was paid back for them is the third number, refunds.
    value[sold].sum() => value[sold]
    off[sold].sum() => off[sold]
    abs().sum() => abs()
        Your accounts are line by line. Add up each of them with `.sum()`, and then subtract: the
        answer is four numbers.
    .abs() =>
    discounts - refunds => discounts + refunds
        Your refunds are below 0. Give the amount that was paid back, and subtract it.
    .abs() =>
        You subtracted refunds that were below 0, so they were added to the net.
    return gross, => return gross - discounts,
        Your gross is after discounts, so gross − discounts − refunds isn't your net. Gross is
        quantity × price.
    value[sold] => (value - off)[sold]
        You subtracted the discounts twice: in the gross and again in the net. Gross is quantity ×
        price.
    gross - discounts - refunds => gross - refunds
        The discounts are still in your net: net = gross − discounts − refunds.
    gross - discounts - refunds => gross - discounts
        The refunds are still in your net: net = gross − discounts − refunds.
    return … => return gross - discounts - refunds
        This is the net alone. Return four numbers: gross, discounts, refunds and net.
    """,
    takeaway="Accounts that add up can be checked; a single total can't.",
)

EXPORT = pd.DataFrame(
    {"Menge": ["2", "1", "3", "-1"], "Einzelpreis": ["9,50 €", "1.234,50 €", "4,00 €", "9,50 €"]},
    dtype="str",
)
EXPORTS = [
    Case(EXPORT, right=2 * 9.5 + 1234.5 + 3 * 4 - 9.5),
    Case(EXPORT.head(1), right=2 * 9.5),
]
EXPORT_AGAIN = Case(
    pd.DataFrame(
        {"Menge": ["4", "2", "-3"], "Einzelpreis": ["12,25 €", "3.010,75 €", "12,25 €"]},
        dtype="str",
    ),
    right=4 * 12.25 + 2 * 3010.75 - 3 * 12.25,
)


def foreign_revenue(table):
    """Drop the points, turn the decimal comma into a point, then multiply and add."""
    price = table["Einzelpreis"].str.removesuffix(" €")
    price = price.str.replace(".", "").str.replace(",", ".").astype(float)
    return (table["Menge"].astype(int) * price).sum()


FOREIGN_REVENUE = Exercise(
    id="15-1",
    hints=(
        "What does the comma of `1.234,50 €` mean, and what does the point?",
        "The point groups thousands, so remove it before you turn the comma into a point.",
        'Σ quantity · price, with `.str.removesuffix(" €").str.replace(".", "")'
        '.str.replace(",", ".").astype(float)`.',
    ),
    solution=foreign_revenue,
    check=on_cases(*EXPORTS, held_back=[EXPORT_AGAIN]),
    mistakes="""
    .str.replace(".", "").str.replace(",", ".") => .str.replace("[.,]", "", regex=True)
        You removed the commas together with the points, so every price is a hundred times too high:
        `9,50` became 950. The decimals begin after the comma.
    .str.replace(".", "").str.replace(",", ".") => .str.replace(",", "")
        You took the comma for a thousands separator, as in English: `9,50` became 950, and
        `1.234,50` became 1.2345.
    price = price… => price = pd.to_numeric(price.str.replace(",", "."), errors="coerce")
        Prices of a thousand and more went missing without a warning, because `1.234.50` is not a
        number. Remove the points first.
    table["Menge"].astype(int) * =>
        You read the prices correctly, but the quantities are not in it: two units at 9,50 bring in
        19.
    (table["Menge"].astype(int) * price).sum() => table["Menge"].astype(int).sum() * price.sum()
        You multiplied the sum of the prices by the sum of the quantities. Multiply row by row, and
        then add up.
    astype(int) => astype(int).abs()
        You dropped the minus signs, which counts returns as sales.
    astype(int) => astype(int).clip(lower=0)
        You left out the returns, so the sales that they undo still count.
    price = price… => price = price.str.split(",").str[0].str.replace(".", "").astype(int)
        You cut off the cents: `9,50` became 9. The comma begins the decimals, so turn it into a
        point.
    .sum() =>
        Every row is right, but they are not summed: the answer is one number.
    """,
    takeaway="A number in a file is text plus a convention; find out the convention first.",
    further=True,
)


def _amounts(*rows, right):
    return Case(pd.DataFrame(rows, columns=["quantity", "price", "discount", "total"]), right=right)


TOTALS = [
    # 2 × 10 − 5 = 15; 1 × 8 − 0 = 8; 3 × 4 − 2 = 10.
    _amounts((2, 10.0, 5.0, 15.0), (1, 8.0, 0.0, 8.0), (3, 4.0, 2.0, 10.0), right="after"),
    # 1 × 8 = 8; 2 × 10 = 20, and 5 comes off later.
    _amounts((1, 8.0, 0.0, 8.0), (2, 10.0, 5.0, 20.0), (3, 4.0, 2.0, 12.0), right="before"),
    # No row has a discount, so nothing tells the two apart.
    _amounts((2, 10.0, 0.0, 20.0), (1, 8.0, 0.0, 8.0), right="unknown"),
    # The first row is after the discount, the second before it: the sum of neither is the total.
    _amounts((2, 10.0, 5.0, 15.0), (3, 4.0, 2.0, 12.0), (1, 6.0, 1.0, 5.0), right="unknown"),
    # 30 after discounts in all, as the totals, but row by row neither fits.
    _amounts((2, 10.0, 4.0, 19.0), (1, 15.0, 1.0, 11.0), right="unknown"),
    # With shipping of 3 on each line.
    _amounts((2, 10.0, 5.0, 18.0), (1, 8.0, 1.0, 10.0), right="unknown"),
    # Both rows with a discount are after it; in the one without, 1 × 8 isn't the total.
    _amounts((2, 10.0, 5.0, 15.0), (1, 8.0, 0.0, 12.0), (3, 4.0, 2.0, 10.0), right="unknown"),
    # One unit each, so that money off the line is money off the unit, too: 8 − 2 = 6; 5 − 0 = 5.
    _amounts((1, 8.0, 2.0, 6.0), (1, 5.0, 0.0, 5.0), right="after"),
]
TOTALS_AGAIN = [
    # 4 × 2.25 − 2 = 7; 5 × 1.75 − 2.75 = 6.
    _amounts((4, 2.25, 2.0, 7.0), (5, 1.75, 2.75, 6.0), (2, 3.0, 0.0, 6.0), right="after"),
    _amounts((2, 3.0, 0.0, 6.0), (4, 2.25, 1.0, 9.0), (4, 2.25, 1.0, 8.0), right="unknown"),
]
TOLERANCES = [
    # 3 × 0.10 − 0.10 is 0.2 on paper and 0.20000000000000004 in a computer.
    _amounts((3, 0.1, 0.1, 0.2), (2, 10.0, 5.0, 15.0), right="after"),
    # 7 × 0.70 is 4.9 on paper and 4.8999999999999995 in a computer.
    _amounts((7, 0.7, 0.4, 4.9), (4, 2.25, 2.0, 9.0), right="before"),
    # 3 × 3.333 − 3 = 6.999 is written as 7.00.
    _amounts((3, 3.333, 3.0, 7.0), right="after"),
    # 4 × 3.746 − 5 = 9.984 is 1.6 cents less than 10.
    _amounts((4, 3.746, 5.0, 10.0), right="unknown"),
]
# 6 × 1.15 = 6.9, which a computer makes 6.8999999999999995.
TOLERANCE_AGAIN = _amounts((6, 1.15, 1.9, 6.9), (4, 2.25, 2.0, 9.0), right="before")
ROW_BY_ROW = [
    # The last row is off by 3 cents, so the mean of all errors is below a cent.
    _amounts(
        *[(2, 10.0, 5.0, 15.0), (1, 8.0, 0.0, 8.0), (3, 4.0, 2.0, 10.0), (4, 2.25, 1.0, 8.03)],
        right="unknown",
    ),
    # 8.996, 8.496, 8.004, 6.996 and 7.004 are each off by 0.4 cents, so together by 2.
    _amounts(
        *[(3, 3.332, 1.0, 9.0), (4, 2.249, 0.5, 8.5), (2, 5.002, 2.0, 8.0)],
        *[(6, 1.166, 0.0, 7.0), (3, 2.668, 1.0, 7.0)],
        right="after",
    ),
    # 4 × 250 − 50 = 950, 30 cents more than the total.
    _amounts((4, 250.0, 50.0, 949.7), right="unknown"),
]
# The discounts are of 3 to 5 cents.
SMALL_DISCOUNTS = _amounts(
    (2, 4.1, 0.03, 8.2), (8, 1.0, 0.04, 8.0), (3, 2.35, 0.05, 7.05), right="before"
)


def meaning_of_total(lines):
    """Compare row by row, up to a cent; where both or neither fit, nothing is proven."""
    gross = lines["quantity"] * lines["price"]
    net = gross - lines["discount"]
    before, after = ((amounts - lines["total"]).abs().lt(0.01).all() for amounts in (gross, net))
    if before == after:
        return "unknown"
    return "after" if after else "before"


MEANING_OF_TOTAL = Exercise(
    id="15-4",
    hints=(
        "What would the total of the first line be after its discount, and what before it?",
        "Compute both for all rows, and compare each with the total, up to a cent. All rows must "
        "fit. When do both fit?",
        "before: |q · p − total| < 0.01 in all rows; after: |q · p − d − total| < 0.01 in all "
        'rows. If both or neither holds, "unknown".',
    ),
    solution=meaning_of_total,
    # First what no tolerance changes, then how large it is, then what else is wrong with it: so
    # each mistake is recognized even if there is another one behind it.
    check=in_turn(
        on_cases(*TOTALS, held_back=TOTALS_AGAIN),
        on_cases(*TOLERANCES, held_back=[TOLERANCE_AGAIN]),
        on_cases(*ROW_BY_ROW, held_back=[SMALL_DISCOUNTS]),
    ),
    mistakes="""
    lt(0.01).all() => mean() < 0.01
        You averaged the errors, so one wrong row disappears among many right ones. Every row must
        fit.
    lt(0.01).all() => sum() < 0.01
        You added up the errors, and many roundings together make more than a cent. Compare row by
        row.
    => import numpy as np
    (amounts - lines["total"]).abs().lt(0.01) => np.isclose(amounts, lines["total"], rtol=0.001)
        Your tolerance grows with the amount, as `rtol` makes it: 30 cents off 950 passed. A cent is
        a cent: `np.isclose(…, rtol=0, atol=0.01)`.
    (amounts - lines["total"]).abs().lt(0.01) => (amounts == lines["total"])
        You compared to the last digit. Totals are rounded to cents, and a computer's 3 × 0.1 isn't
        exactly 0.3. Allow for a cent.
    amounts - lines["total"] => (100 * amounts).astype(int) - (100 * lines["total"]).astype(int)
        The cents were cut off, not rounded: `astype(int)` makes 699 of 699.9. Round first, or allow
        for a cent.
    => import numpy as np
    (amounts - lines["total"]).abs().lt(0.01) => np.isclose(amounts, lines["total"])
        You allowed for much less than a cent, as `np.isclose` does by default. Totals are rounded
        to cents: set `atol=0.01`.
    0.01 => 0.05
        You allowed for more than a cent: where a row is off by 1.6 cents, nothing is proven.
        Compare the difference with 0.01.
    all() => any()
        You let any row decide. A row without a discount fits both ways, so all rows must fit.
    .abs() =>
        You left out `abs`, so a difference far below 0 counts as small, too. Compare its absolute
        value with a cent.
    amounts - lines["total"] => lines["total"] - amounts
    .abs() =>
        You left out `abs`, so a difference far below 0 counts as small, too. Compare its absolute
        value with a cent.
    => lines = lines[lines["discount"] > 0]
        You looked only at the rows with a discount. The others must fit, too, or something else is
        in the totals.
    lines["discount"] => lines["quantity"] * lines["discount"]
        You took the discount off each unit. It is money off the whole line: quantity × price −
        discount.
    => lines = lines.head(1)
        You looked at the first row only. It may have no discount, and the others may say something
        else.
    (amounts - lines["total"]).abs() => abs((amounts - lines["total"]).sum())
    .lt(0.01).all() => < 0.01
        You compared the sums. They can agree although the rows don't: errors cancel. Compare row by
        row.
    all() => mean()
    if after else => if after > before else
        You took what most rows say. If some rows come before the discount and others after it, no
        rule is proven, so the answer is unknown.
    before == after => not (before or after)
        Where no row has a discount, you said after, although before fits as well. Such a file
        proves nothing, so the answer is unknown.
    before == after => not (before or after)
    "after" if after else "before" => "before" if before else "after"
        Where no row has a discount, you said before, although after fits as well. Such a file
        proves nothing, so the answer is unknown.
    if before == after: return "unknown" =>
    "after" if after else "before" => "before" if before else "after"
        You concluded that what isn't before the discount must be after it. Check that, too: there
        may be shipping or taxes in the total.
    if before == after: return "unknown" =>
        You concluded that what isn't after the discount must be before it. Check that, too: there
        may be shipping or taxes in the total.
    "unknown" => "after"
        Where nothing is proven, you guessed after. If both or neither fit, the answer is unknown.
    "unknown" => "before"
        Where nothing is proven, you guessed before. If both or neither fit, the answer is unknown.
    before == after => before and after
        You said before where neither fits. Nothing is proven there, so the answer is unknown.
    lines["quantity"] * =>
        You left the calculation without the quantity: the price is for one unit, and the total for
        all units of the line.
    before, after = => after, before =
        You swapped the two: if quantity × price − discount is the total, the total comes after the
        discount.
    """,
    takeaway="If quantity × price − discount = total in all rows, the total proves its meaning.",
)

# A has three lines, two of them with a cup; the lines of D are apart; R is a return.
REPEATED = by_column(
    order_id=["A", "A", "A", "D", "B", "C", "C", "D", "R"],
    item_id=["cup", "pot", "cup", "cup", "tent", "pot", "tea", "tent", "pot"],
    total=[50.0, 50.0, 50.0, 35.0, 20.0, 50.0, 50.0, 35.0, -12.0],
)
REPEATED_AGAIN = by_row("""
    order_id item_id total
    N cup 26.0; K tent 80.0; L cup 15.0; N pot 26.0; M tent 80.0; K lamp 80.0; N tea 26.0
""")
REPEATS = [
    Case(
        pd.DataFrame({"order_id": ["E", "F"], "item_id": ["cup", "cup"], "total": [12.3, 12.3]}),
        right=12.3 + 12.3,
    ),
    Case(REPEATED, right=50.0 + 35 + 20 + 50 - 12),
]


def revenue_from_totals(lines):
    """Take one total of each order."""
    return lines.drop_duplicates("order_id")["total"].sum()


REVENUE_FROM_TOTALS = Exercise(
    id="15-8",
    hints=(
        "How often does the total of an order with three lines appear?",
        "Take one total for each order, however many lines it has, and then add them up.",
        'One row per order: `lines.drop_duplicates("order_id")`, or `groupby("order_id")["total"]'
        ".first()`.",
    ),
    solution=revenue_from_totals,
    check=on_cases(*REPEATS, held_back=[Case(REPEATED_AGAIN, right=26.0 + 80 + 15 + 80)]),
    mistakes="""
    .drop_duplicates("order_id") =>
        You counted each order as often as it has lines. An order of three lines repeats its total
        three times.
    drop_duplicates("order_id") => drop_duplicates()
        You kept every different line, so an order with several items still counts several times.
        Keep one row for each order_id.
    .drop_duplicates("order_id") =>
    .sum() => .div(lines.groupby("order_id")["item_id"].transform("nunique")).sum()
        You divided by the number of different items in an order, but one item may stand on two of
        its lines. Take one total for each order.
    => lines = lines[lines["total"] > 0]
        You left out totals below 0. They are those of returns, which reduce the revenue.
    .drop_duplicates("order_id") =>
    return … => return … / lines["order_id"].nunique()
        You divided the sum over all lines by the number of orders. Take one total for each order,
        and add them up.
    "order_id" => "total"
        You dropped repeated totals, so two orders with the same total became one. Keep one row for
        each order_id.
    .drop_duplicates("order_id") => [lines["order_id"] != lines["order_id"].shift()]
        This is right only if the lines of an order are next to each other. A file may have any
        other order of rows.
    return … => return lines["total"].mean()
        This is a mean over lines. The revenue is a sum over orders.
    return … => return lines["total"].mean() * lines["order_id"].nunique()
        This is right only if all orders have the same number of lines. Take one total for each
        order.
    sum => mean
        This is the mean over orders, the average order value. Revenue is their sum.
    return … => return lines.groupby("order_id")["total"].first()
        These are the totals order by order. Add them up.
    return … => return lines["order_id"].nunique()
        This is the number of orders. Add up their totals.
    """,
    takeaway="Ask of every amount in a file: is it per unit, per line, or per order?",
)


# On April 1, Ana, Ben and Cem (who buys on the very day) are known, and Dia is new.
SPRING = by_row("""
    user_id ordered_at value
    Ana 2025-03-01 20.0; Ben 2025-03-10 15.0; Cem 2025-04-01 40.0; Ana 2025-04-05 30.4
    Dia 2025-04-10 50.0; Cem 2025-04-20 25.0; Dia 2025-05-01 60.0; Ana 2025-05-02 10.0
""")
# The file is not sorted, and it runs into another year: Eva brings 5 twice on the same day. Flo is
# new.
WINTER = by_row("""
    user_id ordered_at value
    Eva 2026-01-03 8.0;  Flo 2026-02-01 90.0; Eva 2025-12-30 5.0;  Eva 2025-12-30 5.0
    Eva 2025-12-24 70.0; Gus 2025-11-11 12.0
""")
# Known on June 30 are Hal, Ida (on the very day) and Kim, who never returns. Jon is new.
SUMMER = by_row("""
    user_id ordered_at value
    Ida 2024-08-15 31.5; Hal 2024-05-02 12.0; Jon 2024-07-09 44.0; Hal 2024-07-01 7.25
    Ida 2024-06-30 18.0; Hal 2024-06-11 3.0;  Kim 2024-06-12 27.0; Jon 2025-01-04 6.0
    Hal 2025-02-03 9.0
""")
HOLDOUTS = [
    Case(SPRING, pd.Timestamp("2025-04-01"), right=30.4 + 25 + 10),
    Case(WINTER, pd.Timestamp("2025-12-24"), right=8.0 + 5 + 5),
    Case(SPRING, pd.Timestamp("2025-04-20"), right=60.0 + 10),
]
HOLDOUT_AGAIN = Case(SUMMER, pd.Timestamp("2024-06-30"), right=31.5 + 7.25 + 9)


def holdout_revenue(orders, cut):
    """Keep the orders after the cut of customers with an order up to it."""
    known = orders.loc[orders["ordered_at"] <= cut, "user_id"]
    later = orders[(orders["ordered_at"] > cut) & orders["user_id"].isin(known)]
    return later["value"].sum()


HOLDOUT_REVENUE = Exercise(
    id="15-6",
    hints=(
        "The forecast was made on the evening of `cut`. Which customers did it know about?",
        "You need two filters: orders after `cut`, and customers with an order on or before `cut`.",
        "known: user_id where ordered_at ≤ cut. Sum value where ordered_at > cut and "
        "`user_id.isin(known)`.",
    ),
    solution=holdout_revenue,
    check=on_cases(*HOLDOUTS, held_back=[HOLDOUT_AGAIN]),
    mistakes="""
    & orders["user_id"].isin(known) =>
        You counted new customers as well. The forecast could not know them, so this comparison
        makes it look too low.
    & orders["user_id"] => & ~orders["user_id"]
        This is the revenue of only new customers. Keep the customers who had ordered on or before
        the cut.
    > cut => >= cut
        You counted orders on the day of the cut. They were known when the forecast was made: the
        holdout begins after that day.
    <= cut => < cut
        A customer who first bought on the very day of the cut is missing. On that evening this
        customer is known: ordered_at ≤ cut.
    <= cut => < cut
    > cut => >= cut
        You cut in the morning of `cut`, but the forecast is made in the evening: that day's orders
        are known, and so are the customers who made them.
    & orders["user_id"].isin(known) =>
    > cut => >= cut
        This is the revenue of all customers from that day on. Keep orders after `cut`, and of them
        those of customers who had ordered on or before it.
    & orders["user_id"].isin(known) =>
    later["value"] => later.merge(known, on="user_id")["value"]
        You counted a later order once for each earlier order of its customer. A merge repeats rows;
        drop duplicate customers first, or use `isin`.
    later["value"] => later.drop_duplicates()["value"]
        You dropped duplicate orders, so two of a customer with the same day and value became one.
        If a merge repeats orders, drop duplicate customers before it, or use `isin`.
    return … => return … / known.nunique()
        This is the mean per known customer. The forecast is for all of them together.
    return … => return orders.loc[orders["ordered_at"] <= cut, "value"].sum()
        This is the revenue up to the cut. The forecast is about the time after it.
    (orders["ordered_at"] > cut) & =>
        This is the whole history of the known customers. Keep their orders after the cut.
    return … => return len(later)
        This is the number of orders. Add up their `value`.
    later["value"] => later.groupby("user_id")["value"]
        This is right customer by customer. Add it up to one number.
    """,
    takeaway="Compare a forecast with the outcome of the same customers over the same days.",
)

CAN_SUPPORT = quiz(
    id="15-7",
    options="""
    a) at which step visitors leave before they buy
        Visits without a purchase leave no row in this file. Orders say nothing about people who did
        not order.
    b) who will not buy for a year, with a test on an earlier year
        A year of silence is longer than the file. Nobody in it can have been silent for so long,
        and there is no earlier year for a test.
    c) what share of new customers orders again in the following month
    d) which items are bought together
        There are no items in this file. It says that something was bought, but not what.
    """,
    hints=(
        "What must have been recorded to answer each question, and for how long?",
        "A funnel needs visits, a basket needs items, a test of churn needs twice its horizon.",
        "Users and days are enough for cohorts whose following month is complete.",
    ),
    takeaway="What was not recorded can't be computed. Say so before someone asks for it.",
)
