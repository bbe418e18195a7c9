"""Exercises of lesson 15: numbers, dates, a question, proofs, accounts, a holdout, limits."""

import numpy as np
import pandas as pd

from exercises.engine.exercise import Exercise, Mistake, in_turn, on_cases, quiz

TITLE = "Your own shop"

# By hand: 2 × 9.50 = 19; 1 × 1,234.50; 3 × 4 = 12; minus 1 × 9.50 = -9.50. In all 1,256.
EXPORT = pd.DataFrame(
    {
        "Menge": ["2", "1", "3", "-1"],
        "Einzelpreis": ["9,50 €", "1.234,50 €", "4,00 €", "9,50 €"],
    },
    dtype="str",
)
# 2 × 1,000 + 10 × 0.05 = 2,000.50.
ROUND = pd.DataFrame({"Menge": ["2", "10"], "Einzelpreis": ["1.000,00 €", "0,05 €"]}, dtype="str")
# 4 × 12.25 = 49; 2 × 3,010.75 = 6,021.50; minus 3 × 12.25 = -36.75. In all 6,033.75.
EXPORT_AGAIN = pd.DataFrame(
    {"Menge": ["4", "2", "-3"], "Einzelpreis": ["12,25 €", "3.010,75 €", "12,25 €"]}, dtype="str"
)


def foreign_revenue(table):
    """Drop the points, turn the decimal comma into a point, then multiply and add."""
    price = table["Einzelpreis"].str.removesuffix(" €")
    price = price.str.replace(".", "").str.replace(",", ".").astype(float)
    return (table["Menge"].astype(int) * price).sum()


def _revenue(table, read, quantity=None):
    """Revenue, with prices read in another way, or with other quantities."""
    units = table["Menge"].astype(int) if quantity is None else quantity
    return (units * read(table["Einzelpreis"].str.removesuffix(" €"))).sum()


def _right(price):
    return price.str.replace(".", "").str.replace(",", ".").astype(float)


def _without_cents(price):
    return price.str.split(",").str[0].str.replace(".", "").astype(int)


def _coerced(price):
    return pd.to_numeric(price.str.replace(",", "."), errors="coerce")


FOREIGN_REVENUE = Exercise(
    id="15-1",
    objective="Compute the revenue of an export whose prices have decimal commas.",
    hints=(
        "What does the comma of `1.234,50 €` mean, and what does the point?",
        "The point groups thousands, so remove it before you turn the comma into a point.",
        'Σ quantity · price, with `.str.removesuffix(" €").str.replace(".", "")'
        '.str.replace(",", ".").astype(float)`.',
    ),
    solution=foreign_revenue,
    check=on_cases(EXPORT, ROUND, EXPORT.head(1), held_back=[EXPORT_AGAIN]),
    wrong_answers={
        "a hundred times": Mistake(
            lambda table: _revenue(
                table, lambda price: price.str.replace("[.,]", "", regex=True).astype(float)
            ),
            "You removed the commas together with the points, so every price is a hundred times "
            "too high: `9,50` became 950. The decimals begin after the comma.",
        ),
        "comma for a thousands separator": Mistake(
            lambda table: _revenue(table, lambda price: price.str.replace(",", "").astype(float)),
            "You took the comma for a thousands separator, as in English: `9,50` became 950, and "
            "`1.234,50` became 1.2345.",
        ),
        "went missing": Mistake(
            lambda table: _revenue(table, _coerced),
            "Prices of a thousand and more went missing without a warning, because `1.234.50` is "
            "not a number. Remove the points first.",
        ),
        "quantities are not in it": Mistake(
            lambda table: _revenue(table, _right, 1),
            "You read the prices correctly, but the quantities are not in it: two units at 9,50 "
            "bring in 19.",
        ),
        "sum of the prices": Mistake(
            lambda table: _revenue(table, _right, 1) * table["Menge"].astype(int).sum(),
            "You multiplied the sum of the prices by the sum of the quantities. Multiply row by "
            "row, and then add up.",
        ),
        "returns as sales": Mistake(
            lambda table: _revenue(table, _right, table["Menge"].astype(int).abs()),
            "You dropped the minus signs, which counts returns as sales.",
        ),
        "left out the returns": Mistake(
            lambda table: _revenue(table, _right, table["Menge"].astype(int).clip(lower=0)),
            "You left out the returns, so the sales that they undo still count.",
        ),
        "the cents": Mistake(
            lambda table: _revenue(table, _without_cents),
            "You cut off the cents: `9,50` became 9. The comma begins the decimals, so turn it "
            "into a point.",
        ),
        "not summed": Mistake(
            lambda table: (
                table["Menge"].astype(int) * _right(table["Einzelpreis"].str.removesuffix(" €"))
            ),
            "Every row is right, but they are not summed: the answer is one number.",
        ),
    },
    takeaway="A number in a file is text plus a convention; find out the convention first.",
)

PROVEN_DAY = pd.Series(["05/03/2025", "13/03/2025", "12/12/2025"], dtype="str")
PROVEN_MONTH = pd.Series(["05/03/2025", "01/02/2025", "12/31/2025"], dtype="str")
UNPROVEN = pd.Series(["05/03/2025", "06/04/2025", "12/11/2025"], dtype="str")
BOTH = pd.Series(["25/03/2025", "03/26/2025", "05/03/2025"], dtype="str")
TWO_TO_ONE = pd.Series(["03/26/2025", "25/03/2025", "27/03/2025"], dtype="str")
ALL_PROVE = pd.Series(["25/03/2025", "28/04/2025"], dtype="str")
MONTH_AGAIN = pd.Series(["12/11/2024", "07/30/2024", "07/31/2024", "02/08/2024"], dtype="str")
UNPROVEN_AGAIN = pd.Series(["12/01/2024", "04/12/2024"], dtype="str")
BOTH_AGAIN = pd.Series(["07/08/2024", "11/21/2024", "19/10/2024", "12/31/2024"], dtype="str")


def order_of_dates(texts):
    """Ask which of the two numbers is ever too large for a month."""
    numbers = texts.str.split("/", expand=True)[[0, 1]].astype(int)
    day, month = (numbers > 12).any()
    if day and month:
        return "both"
    return "day first" if day else "month first" if month else "unknown"


def _numbers(texts):
    return texts.str.split("/", expand=True)[[0, 1]].astype(int)


def _by_first_row(texts):
    return order_of_dates(texts.head(1))


def _by_last_row(texts):
    return order_of_dates(texts.tail(1))


def _by_first_proof(texts):
    return _by_first_row(_proofs(texts))


def _by_last_proof(texts):
    return _by_last_row(_proofs(texts))


def _proofs(texts):
    """Return the rows that prove something, or all where none does."""
    proven = (_numbers(texts) > 12).any(axis=1)
    return texts[proven] if proven.any() else texts


def _no_proof_is_proof(texts):
    return "day first" if (_numbers(texts)[0] > 12).any() else "month first"


def _no_proof_of_month(texts):
    return "month first" if (_numbers(texts)[1] > 12).any() else "day first"


def _by_all_rows(texts):
    day, month = (_numbers(texts) > 12).all()
    return "day first" if day else "month first" if month else "unknown"


def _instead(**changed):
    """Return a function that gives another answer for some of the right ones."""
    changed = {right.replace("_", " "): given for right, given in changed.items()}

    def answer(texts):
        right = order_of_dates(texts)
        return changed.get(right, right)

    return answer


def _by_larger(texts):
    largest = _numbers(texts).max()
    return "day first" if largest[0] > largest[1] else "month first"


def _by_majority(texts):
    day, month = (_numbers(texts) > 12).sum()
    if day == month:
        return "both" if day else "unknown"
    return "day first" if day > month else "month first"


def _from_twelve(texts):
    day, month = (_numbers(texts) >= 12).any()
    if day and month:
        return "both"
    return "day first" if day else "month first" if month else "unknown"


ORDER_OF_DATES = Exercise(
    id="15-2",
    objective="Say whether dates have the day first, the month first, both orders, or whether it "
    "is unknown.",
    hints=(
        "Which numbers can be a day but never a month?",
        "Look at all rows. One 25 in the first place is a proof; a hundred 5s are not.",
        "With a the first and b the second numbers: is any a > 12, any b > 12, both, or neither?",
    ),
    solution=order_of_dates,
    check=on_cases(
        *(PROVEN_DAY, PROVEN_MONTH, UNPROVEN, BOTH, TWO_TO_ONE, ALL_PROVE),
        held_back=[MONTH_AGAIN, UNPROVEN_AGAIN, BOTH_AGAIN],
    ),
    wrong_answers={
        "first row only": Mistake(
            _by_first_row,
            "You looked at the first row only. The proof may be anywhere in the column.",
        ),
        "lack of proof": Mistake(
            _no_proof_is_proof,
            "Where no first number is above 12, you said month first. But the lack of proof for "
            "one order doesn't prove the other. If neither number is ever above 12, the answer is "
            "unknown.",
        ),
        "is no proof of day first": Mistake(
            _no_proof_of_month,
            "Where no second number is above 12, you said day first. But the lack of a larger "
            "number is no proof of day first. If neither number is ever above 12, the answer is "
            "unknown.",
        ),
        "guessed the day": Mistake(
            _instead(unknown="day first"),
            "Where neither number is ever above 12, you guessed the day first. Nothing in such a "
            "column proves it, so the answer is unknown.",
        ),
        "guessed the month": Mistake(
            _instead(unknown="month first"),
            "Where neither number is ever above 12, you guessed the month first. Nothing in such a "
            "column proves it, so the answer is unknown.",
        ),
        "in all rows": Mistake(
            _by_all_rows,
            "You wanted a number above 12 in all rows. One row is enough to prove the order.",
        ),
        "last row only": Mistake(
            _by_last_row,
            "You looked at the last row only. The proof may be anywhere in the column.",
        ),
        "first proof": Mistake(
            _by_first_proof,
            "You stopped at the first proof, but a later row may prove the other order. Look at "
            "all rows before you decide.",
        ),
        "last proof": Mistake(
            _by_last_proof,
            "You let the last proof decide, but an earlier row may prove the other order. Note "
            "both while you look at all rows, and then decide.",
        ),
        "day first, although": Mistake(
            _instead(both="day first"),
            "You said day first, although a second number is above 12, too. Two systems wrote this "
            "column, so the answer is both.",
        ),
        "month first, although": Mistake(
            _instead(both="month first"),
            "You said month first, although a first number is above 12, too. Two systems wrote "
            "this column, so the answer is both.",
        ),
        "contradict": Mistake(
            _instead(both="unknown"),
            "You said unknown where two proofs contradict each other. There the answer is both: "
            "you know that two systems wrote this column.",
        ),
        "compared the largest": Mistake(
            _by_larger,
            "You compared the largest first number with the largest second number. A number "
            "proves something only if it is above 12.",
        ),
        "majority": Mistake(
            _by_majority,
            "You let the majority decide. Each number above 12 is a proof, so one on either side "
            "is enough: then both orders are in the column.",
        ),
        "12 as a proof": Mistake(
            _from_twelve,
            "You took 12 as a proof, but 12 can be December. Only a number above 12 can't be a "
            "month.",
        ),
        "swapped": Mistake(
            _instead(day_first="month first", month_first="day first"),
            "You swapped the two: a number above 12 can't be a month, so it stands where the day "
            "is.",
        ),
    },
    takeaway="One value above 12 proves the order for the whole column; without one, ask.",
)

WHICH_ANSWER = quiz(
    id="15-3",
    objective="Answer the question of which column is the customer by what the columns hold.",
    options={
        "a": (
            "`customer_id`: 1,000 different values, such as 'c0001', 'c0002', 'c0003'",
            "This id is new for every order: 1,000 values in 1,000 orders. As the customer, it "
            "would mean that nobody ever came back.",
        ),
        "b": "`customer_unique_id`: 640 different values, such as 'u017', 'u389', 'u002'",
        "c": (
            "`customer_rep`: 7 different values, such as 'Ana', 'Ben', 'Cem'",
            "These are the people who sold. As customers, each of the 7 would have ordered about "
            "143 times.",
        ),
        "d": (
            "whichever comes first: wrong figures would look wrong on the report",
            "Wrong figures look plausible. 1,000 customers with one order each could be a young "
            "shop, so the report wouldn't show the mistake.",
        ),
    },
    hints=(
        "How many customers can 1,000 orders have, if some of them come back?",
        "A customer who orders three times appears in three orders, under one id.",
        "A column with as many values as orders is new for every order. A handful of values would "
        "mean more than a hundred orders per customer.",
    ),
    takeaway="Answer from what you know; the number of different values shows what can't be true.",
)


def _amounts(*rows):
    return pd.DataFrame(rows, columns=["quantity", "price", "discount", "total"])


# By hand: 2 × 10 − 5 = 15; 1 × 8 − 0 = 8; 3 × 4 − 2 = 10.
AFTER = _amounts((2, 10.0, 5.0, 15.0), (1, 8.0, 0.0, 8.0), (3, 4.0, 2.0, 10.0))
# 1 × 8 = 8; 2 × 10 = 20, and 5 comes off later.
BEFORE = _amounts((1, 8.0, 0.0, 8.0), (2, 10.0, 5.0, 20.0), (3, 4.0, 2.0, 12.0))
# No row has a discount, so nothing tells the two apart.
NOTHING_OFF = _amounts((2, 10.0, 0.0, 20.0), (1, 8.0, 0.0, 8.0))
# The first row is after the discount, the second before it: the sum of neither is the total.
MIXED = _amounts((2, 10.0, 5.0, 15.0), (3, 4.0, 2.0, 12.0), (1, 6.0, 1.0, 5.0))
# 30 after discounts in all, as the totals, but row by row neither fits.
SAME_SUM = _amounts((2, 10.0, 4.0, 19.0), (1, 15.0, 1.0, 11.0))
# With shipping of 3 on each line.
SHIPPING = _amounts((2, 10.0, 5.0, 18.0), (1, 8.0, 1.0, 10.0))
# Both rows with a discount are after it; in the one without, 1 × 8 isn't the total.
WITHOUT_DISCOUNT = _amounts((2, 10.0, 5.0, 15.0), (1, 8.0, 0.0, 12.0), (3, 4.0, 2.0, 10.0))
# One unit each, so that money off the line is money off the unit, too: 8 − 2 = 6; 5 − 0 = 5.
SINGLE_UNITS = _amounts((1, 8.0, 2.0, 6.0), (1, 5.0, 0.0, 5.0))
# 4 × 2.25 − 2 = 7; 5 × 1.75 − 2.75 = 6.
AFTER_AGAIN = _amounts((4, 2.25, 2.0, 7.0), (5, 1.75, 2.75, 6.0), (2, 3.0, 0.0, 6.0))
MIXED_AGAIN = _amounts((2, 3.0, 0.0, 6.0), (4, 2.25, 1.0, 9.0), (4, 2.25, 1.0, 8.0))
# After: 3 × 0.10 − 0.10 is 0.2 on paper and 0.20000000000000004 in a computer.
ABOVE = _amounts((3, 0.1, 0.1, 0.2), (2, 10.0, 5.0, 15.0))
# Before: 7 × 0.70 is 4.9 on paper and 4.8999999999999995 in a computer.
BELOW = _amounts((7, 0.7, 0.4, 4.9), (4, 2.25, 2.0, 9.0))
# After: 3 × 3.333 − 3 = 6.999 is written as 7.00.
ROUNDED = _amounts((3, 3.333, 3.0, 7.0))
# Unknown: 4 × 3.746 − 5 = 9.984 is 1.6 cents less than 10.
NEARLY = _amounts((4, 3.746, 5.0, 10.0))
# Before: 6 × 1.15 = 6.9, which a computer makes 6.8999999999999995.
BEFORE_AGAIN = _amounts((6, 1.15, 1.9, 6.9), (4, 2.25, 2.0, 9.0))
# Unknown: the last row is off by 3 cents, so the mean of all errors is below a cent.
THREE_CENTS = _amounts(
    (2, 10.0, 5.0, 15.0), (1, 8.0, 0.0, 8.0), (3, 4.0, 2.0, 10.0), (4, 2.25, 1.0, 8.03)
)
# After: 8.996, 8.496, 8.004, 6.996 and 7.004 are each off by 0.4 cents, so together by 2.
FIVE_ROUNDED = _amounts(
    (3, 3.332, 1.0, 9.0),
    (4, 2.249, 0.5, 8.5),
    (2, 5.002, 2.0, 8.0),
    (6, 1.166, 0.0, 7.0),
    (3, 2.668, 1.0, 7.0),
)
# Unknown: 4 × 250 − 50 = 950, 30 cents more than the total.
LARGE = _amounts((4, 250.0, 50.0, 949.7))
# Before: the discounts are of 3 to 5 cents.
SMALL_DISCOUNTS = _amounts((2, 4.1, 0.03, 8.2), (8, 1.0, 0.04, 8.0), (3, 2.35, 0.05, 7.05))
CENT = 0.01


def meaning_of_total(lines):
    """Compare row by row, up to a cent; where both or neither fit, nothing is proven."""
    gross = lines["quantity"] * lines["price"]
    before = (gross - lines["total"]).abs().lt(0.01).all()
    after = (gross - lines["discount"] - lines["total"]).abs().lt(0.01).all()
    if before == after:
        return "unknown"
    return "after" if after else "before"


def _named(before, after):
    return "unknown" if before == after else "after" if after else "before"


def _where(fits):
    """Return an answer that compares amounts with totals in another way."""

    def answer(lines):
        gross = lines["quantity"] * lines["price"]
        return _named(*(fits(each, lines["total"]) for each in (gross, gross - lines["discount"])))

    return answer


def _fits(lines):
    """Return which rows fit as before, and which as after the discount."""
    gross = lines["price"] * lines["quantity"]
    off = gross - lines["discount"]
    return ((each - lines["total"]).abs() < CENT for each in (gross, off))


def _by_most_rows(lines):
    before, after = (fits.mean() for fits in _fits(lines))
    return "unknown" if before == after else "after" if after > before else "before"


def _after_if_it_fits(lines):
    before, after = (fits.all() for fits in _fits(lines))
    return "after" if after else "before" if before else "unknown"


def _before_if_it_fits(lines):
    before, after = (fits.all() for fits in _fits(lines))
    return "before" if before else "after" if after else "unknown"


def _other_than_before(lines):
    before, _ = (fits.all() for fits in _fits(lines))
    return "before" if before else "after"


def _other_than_after(lines):
    _, after = (fits.all() for fits in _fits(lines))
    return "after" if after else "before"


def _before_where_neither_fits(lines):
    before, after = (fits.all() for fits in _fits(lines))
    return "unknown" if before and after else "after" if after else "before"


# One for both ways to subtract, which fail in different cases.
NO_ABS = (
    "You left out `abs`, so a difference far below 0 counts as small, too. Compare its absolute "
    "value with a cent."
)


MEANING_OF_TOTAL = Exercise(
    id="15-4",
    objective="Prove by arithmetic whether a total comes before or after the discount.",
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
        on_cases(
            *(AFTER, BEFORE, NOTHING_OFF, MIXED, SAME_SUM, SHIPPING),
            *(WITHOUT_DISCOUNT, SINGLE_UNITS),
            held_back=[AFTER_AGAIN, MIXED_AGAIN],
        ),
        on_cases(ABOVE, BELOW, ROUNDED, NEARLY, held_back=[BEFORE_AGAIN]),
        on_cases(THREE_CENTS, FIVE_ROUNDED, LARGE, held_back=[SMALL_DISCOUNTS]),
    ),
    wrong_answers={
        "averaged the errors": Mistake(
            _where(lambda amounts, totals: (amounts - totals).abs().mean() < CENT),
            "You averaged the errors, so one wrong row disappears among many right ones. Every row "
            "must fit.",
        ),
        "added up the errors": Mistake(
            _where(lambda amounts, totals: (amounts - totals).abs().sum() < CENT),
            "You added up the errors, and many roundings together make more than a cent. Compare "
            "row by row.",
        ),
        "grows with the amount": Mistake(
            _where(lambda amounts, totals: np.isclose(amounts, totals, rtol=0.001).all()),
            "Your tolerance grows with the amount, as `rtol` makes it: 30 cents off 950 passed. A "
            "cent is a cent: `np.isclose(…, rtol=0, atol=0.01)`.",
        ),
        "to the last digit": Mistake(
            _where(lambda amounts, totals: (amounts == totals).all()),
            "You compared to the last digit. Totals are rounded to cents, and a computer's 3 × 0.1 "
            "isn't exactly 0.3. Allow for a cent.",
        ),
        "cut off, not rounded": Mistake(
            _where(
                lambda amounts, totals: (
                    (100 * amounts).astype(int) == (100 * totals).astype(int)
                ).all()
            ),
            "The cents were cut off, not rounded: `astype(int)` makes 699 of 699.9. Round first, "
            "or allow for a cent.",
        ),
        "much less than a cent": Mistake(
            _where(lambda amounts, totals: np.isclose(amounts, totals).all()),
            "You allowed for much less than a cent, as `np.isclose` does by default. Totals are "
            "rounded to cents: set `atol=0.01`.",
        ),
        "more than a cent": Mistake(
            _where(lambda amounts, totals: (amounts - totals).abs().lt(0.05).all()),
            "You allowed for more than a cent: where a row is off by 1.6 cents, nothing is proven. "
            "Compare the difference with 0.01.",
        ),
        "any row": Mistake(
            _where(lambda amounts, totals: (amounts - totals).abs().lt(CENT).any()),
            "You let any row decide. A row without a discount fits both ways, so all rows must "
            "fit.",
        ),
        "left out `abs`": Mistake(
            _where(lambda amounts, totals: (amounts - totals).lt(CENT).all()), NO_ABS
        ),
        "far below 0": Mistake(
            _where(lambda amounts, totals: (totals - amounts).lt(CENT).all()), NO_ABS
        ),
        "rows with a discount": Mistake(
            lambda lines: meaning_of_total(lines[lines["discount"] > 0]),
            "You looked only at the rows with a discount. The others must fit, too, or something "
            "else is in the totals.",
        ),
        "each unit": Mistake(
            lambda lines: meaning_of_total(
                lines.assign(discount=lines["quantity"] * lines["discount"])
            ),
            "You took the discount off each unit. It is money off the whole line: quantity × price "
            "− discount.",
        ),
        "first row only": Mistake(
            lambda lines: meaning_of_total(lines.head(1)),
            "You looked at the first row only. It may have no discount, and the others may say "
            "something else.",
        ),
        "compared the sums": Mistake(
            _where(lambda amounts, totals: abs(amounts.sum() - totals.sum()) < CENT),
            "You compared the sums. They can agree although the rows don't: errors cancel. "
            "Compare row by row.",
        ),
        "most rows": Mistake(
            _by_most_rows,
            "You took what most rows say. If some rows come before the discount and others after "
            "it, no rule is proven, so the answer is unknown.",
        ),
        "after, although": Mistake(
            _after_if_it_fits,
            "Where no row has a discount, you said after, although before fits as well. Such a "
            "file proves nothing, so the answer is unknown.",
        ),
        "before, although": Mistake(
            _before_if_it_fits,
            "Where no row has a discount, you said before, although after fits as well. Such a "
            "file proves nothing, so the answer is unknown.",
        ),
        "must be after": Mistake(
            _other_than_before,
            "You concluded that what isn't before the discount must be after it. Check that, too: "
            "there may be shipping or taxes in the total.",
        ),
        "must be before": Mistake(
            _other_than_after,
            "You concluded that what isn't after the discount must be before it. Check that, too: "
            "there may be shipping or taxes in the total.",
        ),
        "guessed after": Mistake(
            lambda lines: meaning_of_total(lines).replace("unknown", "after"),
            "Where nothing is proven, you guessed after. If both or neither fit, the answer is "
            "unknown.",
        ),
        "guessed before": Mistake(
            lambda lines: meaning_of_total(lines).replace("unknown", "before"),
            "Where nothing is proven, you guessed before. If both or neither fit, the answer is "
            "unknown.",
        ),
        "where neither fits": Mistake(
            _before_where_neither_fits,
            "You said before where neither fits. Nothing is proven there, so the answer is "
            "unknown.",
        ),
        "without the quantity": Mistake(
            lambda lines: meaning_of_total(lines.assign(quantity=1)),
            "You left the calculation without the quantity: the price is for one unit, and the "
            "total for all units of the line.",
        ),
        "swapped": Mistake(
            lambda lines: {"after": "before", "before": "after"}.get(
                meaning_of_total(lines), "unknown"
            ),
            "You swapped the two: if quantity × price − discount is the total, the total comes "
            "after the discount.",
        ),
    },
    takeaway="If quantity × price − discount = total in all rows, the total proves its meaning.",
)


def _sales(*rows):
    return pd.DataFrame(rows, columns=["quantity", "unit_price", "discount", "status"])


# By hand: 2 × 10 = 20 with 10% off, 1 × 30; 1 × 10 with 10% off and the 30 came back, so 9 and 30
# were paid back; the canceled 5 × 4 is left out. Gross 50, discounts 2, refunds 39, net 9.
BOOK = _sales(
    (2, 10.0, 0.1, "paid"),
    (1, 30.0, 0.0, "paid"),
    (5, 4.0, 0.5, "canceled"),
    (-1, 10.0, 0.1, "paid"),
    (-1, 30.0, 0.0, "paid"),
)
# 3 × 4.50 = 13.50 with 20% off: gross 13.50, discounts 2.70, refunds 0, net 10.80.
ONE_SALE = _sales((3, 4.5, 0.2, "paid"))
# 4 × 25 = 100 with 20% off, 2 × 7 = 14; 3 × 25 with 20% off came back: 60. Canceled: a sale of 80
# and a return of 2 × 7. Gross 114, discounts 20, refunds 60, net 34.
BOOK_AGAIN = _sales(
    (-3, 25.0, 0.2, "paid"),
    (4, 25.0, 0.2, "paid"),
    (1, 80.0, 0.1, "canceled"),
    (-2, 7.0, 0.0, "canceled"),
    (2, 7.0, 0.0, "paid"),
)


def accounts_of(lines):
    """Leave out canceled orders, tell sales from returns, and subtract."""
    kept = lines[lines["status"] != "canceled"]
    value = kept["quantity"] * kept["unit_price"]
    paid, back = value * (1 - kept["discount"]), kept["quantity"].lt(0)
    gross, refunds = value[~back].sum(), paid[back].abs().sum()
    discounts = gross - paid[~back].sum()
    return gross, discounts, refunds, gross - discounts - refunds


def _list_value(lines):
    """Return the value of sales and of returns, without discounts, and the discounts of both."""
    kept = lines[lines["status"] != "canceled"]
    value = kept["quantity"] * kept["unit_price"]
    off, sold = value * kept["discount"], value > 0
    return value[sold].sum(), -value[~sold].sum(), off[sold].sum(), -off[~sold].sum()


def _gross_of_both(lines):
    sold, back, off, off_back = _list_value(lines)
    refunds = back - off_back
    return sold - back, off, refunds, sold - back - off - refunds


def _discounts_of_both(lines):
    sold, back, off, off_back = _list_value(lines)
    return sold, off - off_back, back - off_back, sold - off - back + 2 * off_back


def _over_all_lines(lines):
    sold, back, off, off_back = _list_value(lines)
    gross, discounts, refunds = sold - back, off - off_back, back - off_back
    return gross, discounts, refunds, gross - discounts - refunds


def _over_all_lines_with_right_net(lines):
    return (*_over_all_lines(lines)[:3], accounts_of(lines)[-1])


OVER_ALL_LINES = (
    "You computed gross and discounts over all lines, with the returns below 0. Both are those of "
    "the sales; what came back is in the refunds."
)


def _returns_as_sales(lines):
    sold, back, off, off_back = _list_value(lines)
    gross, discounts, refunds = sold + back, off + off_back, back - off_back
    return gross, discounts, refunds, gross - discounts - refunds


def _line_by_line(lines):
    kept = lines[lines["status"] != "canceled"]
    value = kept["quantity"] * kept["unit_price"]
    gross, back = value[value > 0], value[value < 0]
    discounts, refunds = (
        gross * kept["discount"][value > 0],
        -back * (1 - kept["discount"])[value < 0],
    )
    return gross, discounts, refunds, gross - discounts - refunds


def _refunds_at_list_price(lines):
    sold, back, off, _ = _list_value(lines)
    return sold, off, back, sold - off - back


def _refunds_below_zero(lines):
    gross, discounts, refunds, net = accounts_of(lines)
    return gross, discounts, -refunds, net


def _refunds_added(lines):
    gross, discounts, refunds, _ = accounts_of(lines)
    return gross, discounts, -refunds, gross - discounts + refunds


def _gross_after_discounts(lines):
    gross, discounts, refunds, net = accounts_of(lines)
    return gross - discounts, discounts, refunds, net


def _discounts_twice(lines):
    gross, discounts, refunds, net = accounts_of(lines)
    return gross - discounts, discounts, refunds, net - discounts


def _net_with_discounts(lines):
    gross, discounts, refunds, _ = accounts_of(lines)
    return gross, discounts, refunds, gross - refunds


def _net_without_refunds(lines):
    gross, discounts, refunds, _ = accounts_of(lines)
    return gross, discounts, refunds, gross - discounts


ACCOUNTS = Exercise(
    id="15-5",
    objective="Make accounts of an export: gross, discounts, refunds, and the net that remains.",
    hints=(
        "Which rows count at all, and which of those are sales?",
        "Gross is at list price, before discounts. How much was paid for a unit that came back?",
        "With value = q · p of the rows that aren't canceled: gross = Σ value and discounts = "
        "Σ value · d where value > 0; refunds = −Σ value · (1 − d) where value < 0.",
    ),
    solution=accounts_of,
    # Several sales and returns come first, so that an answer line by line is seen as such.
    check=on_cases(BOOK, ONE_SALE, held_back=[BOOK_AGAIN]),
    wrong_answers={
        "canceled orders": Mistake(
            lambda lines: accounts_of(lines.assign(status="paid")),
            "You counted canceled orders. Nobody paid for them, so they are left out.",
        ),
        "list price": Mistake(
            _refunds_at_list_price,
            "Your refunds are at list price. A customer gets back what was paid, after the "
            "discount.",
        ),
        "sales minus returns": Mistake(
            _gross_of_both,
            "Your gross is sales minus returns, so the returns are subtracted twice. Gross is the "
            "value of all sales; what came back is in the refunds.",
        ),
        "discounts of the returns": Mistake(
            _discounts_of_both,
            "You netted the discounts of the returns, too. Refunds are already what was paid back, "
            "after discounts; the discounts are those of the sales.",
        ),
        "over all lines": Mistake(_over_all_lines, OVER_ALL_LINES),
        "with the returns": Mistake(_over_all_lines_with_right_net, OVER_ALL_LINES),
        "returns as sales": Mistake(
            _returns_as_sales,
            "You took absolute amounts, which counts returns as sales. Gross and discounts are "
            "those of the lines with a quantity above 0.",
        ),
        "left out the returns": Mistake(
            lambda lines: accounts_of(lines[lines["quantity"] > 0]),
            "You left out the returns. What was paid back for them is the third number, refunds.",
        ),
        "line by line": Mistake(
            _line_by_line,
            "Your accounts are line by line. Add up each of them with `.sum()`, and then subtract: "
            "the answer is four numbers.",
        ),
        "below 0": Mistake(
            _refunds_below_zero,
            "Your refunds are below 0. Give the amount that was paid back, and subtract it.",
        ),
        "added": Mistake(
            _refunds_added,
            "You subtracted refunds that were below 0, so they were added to the net.",
        ),
        "gross is after discounts": Mistake(
            _gross_after_discounts,
            "Your gross is after discounts, so gross − discounts − refunds isn't your net. Gross "
            "is quantity × price.",
        ),
        "discounts twice": Mistake(
            _discounts_twice,
            "You subtracted the discounts twice: in the gross and again in the net. Gross is "
            "quantity × price.",
        ),
        "discounts are still in": Mistake(
            _net_with_discounts,
            "The discounts are still in your net: net = gross − discounts − refunds.",
        ),
        "refunds are still in": Mistake(
            _net_without_refunds,
            "The refunds are still in your net: net = gross − discounts − refunds.",
        ),
        "net alone": Mistake(
            lambda lines: accounts_of(lines)[-1],
            "This is the net alone. Return four numbers: gross, discounts, refunds and net.",
        ),
    },
    takeaway="Accounts that add up can be checked; a single total can't.",
)


def _orders(*rows):
    orders = pd.DataFrame(rows, columns=["user_id", "ordered_at", "value"])
    return orders.assign(ordered_at=pd.to_datetime(orders["ordered_at"]))


# By hand, with the cut on April 1: Ana, Ben and Cem (who buys on the very day) are known. Later
# Ana brings 30.40 and 10, and Cem brings 25: 65.40. Dia, who brings 110, is new.
SPRING = _orders(
    ("Ana", "2025-03-01", 20.0),
    ("Ben", "2025-03-10", 15.0),
    ("Cem", "2025-04-01", 40.0),
    ("Ana", "2025-04-05", 30.4),
    ("Dia", "2025-04-10", 50.0),
    ("Cem", "2025-04-20", 25.0),
    ("Dia", "2025-05-01", 60.0),
    ("Ana", "2025-05-02", 10.0),
)
# The file is not sorted, and it runs into another year: Eva brings 5 twice on the same day, and 8,
# in all 18. Flo is new.
WINTER = _orders(
    ("Eva", "2026-01-03", 8.0),
    ("Flo", "2026-02-01", 90.0),
    ("Eva", "2025-12-30", 5.0),
    ("Eva", "2025-12-30", 5.0),
    ("Eva", "2025-12-24", 70.0),
    ("Gus", "2025-11-11", 12.0),
)
# Known on June 30 are Hal, Ida (on the very day) and Kim, who never returns. Hal brings 7.25 and 9
# later, Ida 31.50: 47.75. Jon, who brings 44 and 6, is new.
SUMMER = _orders(
    ("Ida", "2024-08-15", 31.5),
    ("Hal", "2024-05-02", 12.0),
    ("Jon", "2024-07-09", 44.0),
    ("Hal", "2024-07-01", 7.25),
    ("Ida", "2024-06-30", 18.0),
    ("Hal", "2024-06-11", 3.0),
    ("Kim", "2024-06-12", 27.0),
    ("Jon", "2025-01-04", 6.0),
    ("Hal", "2025-02-03", 9.0),
)
CUT, CHRISTMAS = pd.Timestamp("2025-04-01"), pd.Timestamp("2025-12-24")


def holdout_revenue(orders, cut):
    """Keep the orders after the cut of customers with an order up to it."""
    known = orders.loc[orders["ordered_at"] <= cut, "user_id"]
    later = orders[(orders["ordered_at"] > cut) & orders["user_id"].isin(known)]
    return later["value"].sum()


def _later(orders, cut):
    return orders[orders["ordered_at"] > cut]


def _of_known(orders, cut):
    return orders[orders["user_id"].isin(orders.loc[orders["ordered_at"] <= cut, "user_id"])]


def _known_before(orders, cut):
    known = orders.loc[orders["ordered_at"] < cut, "user_id"]
    later = _later(orders, cut)
    return later.loc[later["user_id"].isin(known), "value"].sum()


def _from_the_cut(orders, cut):
    theirs = _of_known(orders, cut)
    return theirs.loc[theirs["ordered_at"] >= cut, "value"].sum()


def _cut_before_the_day(orders, cut):
    known = orders.loc[orders["ordered_at"] < cut, "user_id"]
    later = orders[(orders["ordered_at"] >= cut) & orders["user_id"].isin(known)]
    return later["value"].sum()


def _merged(orders, cut):
    known = orders.loc[orders["ordered_at"] <= cut, ["user_id"]]
    return _later(orders, cut).merge(known, on="user_id")["value"].sum()


HOLDOUT_REVENUE = Exercise(
    id="15-6",
    objective="Compute what a forecast for known customers must be compared with.",
    hints=(
        "The forecast was made on the evening of `cut`. Which customers did it know about?",
        "You need two filters: orders after `cut`, and customers with an order on or before `cut`.",
        "known: user_id where ordered_at ≤ cut. Sum value where ordered_at > cut and "
        "`user_id.isin(known)`.",
    ),
    solution=holdout_revenue,
    check=on_cases(
        *[(SPRING, CUT), (WINTER, CHRISTMAS), (SPRING, pd.Timestamp("2025-04-20"))],
        held_back=[(SUMMER, pd.Timestamp("2024-06-30"))],
    ),
    wrong_answers={
        "new customers as well": Mistake(
            lambda orders, cut: _later(orders, cut)["value"].sum(),
            "You counted new customers as well. The forecast could not know them, so this "
            "comparison makes it look too low.",
        ),
        "only new customers": Mistake(
            lambda orders, cut: _later(orders, cut)["value"].sum() - holdout_revenue(orders, cut),
            "This is the revenue of only new customers. Keep the customers who had ordered on or "
            "before the cut.",
        ),
        "day of the cut": Mistake(
            _from_the_cut,
            "You counted orders on the day of the cut. They were known when the forecast was made: "
            "the holdout begins after that day.",
        ),
        "first bought on the very day": Mistake(
            _known_before,
            "A customer who first bought on the very day of the cut is missing. On that evening "
            "this customer is known: ordered_at ≤ cut.",
        ),
        "in the evening": Mistake(
            _cut_before_the_day,
            "You cut in the morning of `cut`, but the forecast is made in the evening: that day's "
            "orders are known, and so are the customers who made them.",
        ),
        "from that day on": Mistake(
            lambda orders, cut: orders.loc[orders["ordered_at"] >= cut, "value"].sum(),
            "This is the revenue of all customers from that day on. Keep orders after `cut`, and "
            "of them those of customers who had ordered on or before it.",
        ),
        "once for each earlier order": Mistake(
            _merged,
            "You counted a later order once for each earlier order of its customer. A merge "
            "repeats rows; drop duplicate customers first, or use `isin`.",
        ),
        "became one": Mistake(
            lambda orders, cut: (
                _later(_of_known(orders, cut), cut).drop_duplicates()["value"].sum()
            ),
            "You dropped duplicate orders, so two of a customer with the same day and value became "
            "one. If a merge repeats orders, drop duplicate customers before it, or use `isin`.",
        ),
        "per known customer": Mistake(
            lambda orders, cut: (
                holdout_revenue(orders, cut)
                / orders.loc[orders["ordered_at"] <= cut, "user_id"].nunique()
            ),
            "This is the mean per known customer. The forecast is for all of them together.",
        ),
        "up to the cut": Mistake(
            lambda orders, cut: orders.loc[orders["ordered_at"] <= cut, "value"].sum(),
            "This is the revenue up to the cut. The forecast is about the time after it.",
        ),
        "whole history": Mistake(
            lambda orders, cut: _of_known(orders, cut)["value"].sum(),
            "This is the whole history of the known customers. Keep their orders after the cut.",
        ),
        "number of orders": Mistake(
            lambda orders, cut: len(_later(_of_known(orders, cut), cut)),
            "This is the number of orders. Add up their `value`.",
        ),
        "customer by customer": Mistake(
            lambda orders, cut: (
                _later(_of_known(orders, cut), cut).groupby("user_id")["value"].sum()
            ),
            "This is right customer by customer. Add it up to one number.",
        ),
    },
    takeaway="Compare a forecast with the outcome of the same customers over the same days.",
)

CAN_SUPPORT = quiz(
    id="15-7",
    objective="Decide what a file can support: four months of user, day and amount, nothing else.",
    options={
        "a": (
            "at which step visitors leave before they buy",
            "Visits without a purchase leave no row in this file. Orders say nothing about people "
            "who did not order.",
        ),
        "b": (
            "who will not buy for a year, with a test on an earlier year",
            "A year of silence is longer than the file. Nobody in it can have been silent for so "
            "long, and there is no earlier year for a test.",
        ),
        "c": "what share of new customers orders again in the following month",
        "d": (
            "which items are bought together",
            "There are no items in this file. It says that something was bought, but not what.",
        ),
    },
    hints=(
        "What must have been recorded to answer each question, and for how long?",
        "A funnel needs visits, a basket needs items, a test of churn needs twice its horizon.",
        "Users and days are enough for cohorts whose following month is complete.",
    ),
    takeaway="What was not recorded can't be computed. Say so before someone asks for it.",
)

# By hand: order A is worth 50 and has three lines, two of them with a cup, B 20, C 50 again, and D,
# whose lines are apart, 35. R, a return, is worth -12: in all 143. The lines add up to 150 + 20 +
# 100 + 70 - 12 = 328.
REPEATED = pd.DataFrame(
    {
        "order_id": ["A", "A", "A", "D", "B", "C", "C", "D", "R"],
        "item_id": ["cup", "pot", "cup", "cup", "tent", "pot", "tea", "tent", "pot"],
        "total": [50.0, 50.0, 50.0, 35.0, 20.0, 50.0, 50.0, 35.0, -12.0],
    }
)
# Two orders of one item each with the same total.
SAME_TOTAL = pd.DataFrame(
    {"order_id": ["E", "F"], "item_id": ["cup", "cup"], "total": [12.3, 12.3]}
)
# K is worth 80 on two lines, L 15, M 80 on one and N 26 on three: in all 201.
REPEATED_AGAIN = pd.DataFrame(
    {
        "order_id": ["N", "K", "L", "N", "M", "K", "N"],
        "item_id": ["cup", "tent", "cup", "pot", "tent", "lamp", "tea"],
        "total": [26.0, 80.0, 15.0, 26.0, 80.0, 80.0, 26.0],
    }
)


def revenue_from_totals(lines):
    """Take one total of each order."""
    return lines.drop_duplicates("order_id")["total"].sum()


REVENUE_FROM_TOTALS = Exercise(
    id="15-8",
    objective="Compute the revenue where each line repeats the total of its order.",
    hints=(
        "How often does the total of an order with three lines appear?",
        "Take one total for each order, however many lines it has, and then add them up.",
        'One row per order: `lines.drop_duplicates("order_id")`, or `groupby("order_id")["total"]'
        ".first()`.",
    ),
    solution=revenue_from_totals,
    check=on_cases(SAME_TOTAL, REPEATED, REPEATED.head(3), held_back=[REPEATED_AGAIN]),
    wrong_answers={
        "as often as it has lines": Mistake(
            lambda lines: lines["total"].sum(),
            "You counted each order as often as it has lines. An order of three lines repeats its "
            "total three times.",
        ),
        "every different line": Mistake(
            lambda lines: lines.drop_duplicates()["total"].sum(),
            "You kept every different line, so an order with several items still counts several "
            "times. Keep one row for each order_id.",
        ),
        "different items": Mistake(
            lambda lines: (
                lines["total"] / lines.groupby("order_id")["item_id"].transform("nunique")
            ).sum(),
            "You divided by the number of different items in an order, but one item may stand on "
            "two of its lines. Take one total for each order.",
        ),
        "below 0": Mistake(
            lambda lines: revenue_from_totals(lines[lines["total"] > 0]),
            "You left out totals below 0. They are those of returns, which reduce the revenue.",
        ),
        "divided the sum": Mistake(
            lambda lines: lines["total"].sum() / lines["order_id"].nunique(),
            "You divided the sum over all lines by the number of orders. Take one total for each "
            "order, and add them up.",
        ),
        "same total": Mistake(
            lambda lines: lines["total"].unique().sum(),
            "You dropped repeated totals, so two orders with the same total became one. Keep one "
            "row for each order_id.",
        ),
        "next to each other": Mistake(
            lambda lines: lines.loc[lines["order_id"] != lines["order_id"].shift(), "total"].sum(),
            "This is right only if the lines of an order are next to each other. A file may have "
            "any other order of rows.",
        ),
        "mean over lines": Mistake(
            lambda lines: lines["total"].mean(),
            "This is a mean over lines. The revenue is a sum over orders.",
        ),
        "same number of lines": Mistake(
            lambda lines: lines["total"].mean() * lines["order_id"].nunique(),
            "This is right only if all orders have the same number of lines. Take one total for "
            "each order.",
        ),
        "mean over orders": Mistake(
            lambda lines: revenue_from_totals(lines) / lines["order_id"].nunique(),
            "This is the mean over orders, the average order value. Revenue is their sum.",
        ),
        "order by order": Mistake(
            lambda lines: lines.groupby("order_id")["total"].first(),
            "These are the totals order by order. Add them up.",
        ),
        "number of orders": Mistake(
            lambda lines: lines["order_id"].nunique(),
            "This is the number of orders. Add up their totals.",
        ),
    },
    takeaway="Ask of every amount in a file: is it per unit, per line, or per order?",
)
