"""Exercises of lesson 15: foreign numbers, the order of day and month, what a file cannot tell."""

import pandas as pd

from helpers.exercises.exercise import Exercise, Mistake, on_cases, quiz

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


def foreign_revenue(table):
    """Take off the thousands' points, turn the decimal comma, then multiply and add."""
    price = table["Einzelpreis"].str.removesuffix(" €")
    price = price.str.replace(".", "").str.replace(",", ".").astype(float)
    return (table["Menge"].astype(int) * price).sum()


def _revenue(table, read, quantity=None):
    """Revenue, with prices read in another way, or with other quantities."""
    units = table["Menge"].astype(int) if quantity is None else quantity
    return (units * read(table["Einzelpreis"].str.removesuffix(" €"))).sum()


def _right(price):
    return price.str.replace(".", "").str.replace(",", ".").astype(float)


def _coerced(price):
    return pd.to_numeric(price.str.replace(",", "."), errors="coerce")


FOREIGN_REVENUE = Exercise(
    id="15-1",
    objective="Compute the revenue of an export whose prices have decimal commas.",
    hints=(
        "What does the comma of `1.234,50 €` mean, and what does the point?",
        "Points group thousands here: they have to go before the comma becomes a point.",
        'Σ quantity × price, with `.str.removesuffix(" €").str.replace(".", "")'
        '.str.replace(",", ".").astype(float)`.',
    ),
    solution=foreign_revenue,
    check=on_cases(EXPORT, ROUND, EXPORT.head(1)),
    wrong_answers={
        "commas off": Mistake(
            lambda table: _revenue(
                table, lambda price: price.str.replace("[.,]", "", regex=True).astype(float)
            ),
            "You took the commas off like points: `9,50` became 950. The comma is where the "
            "decimals begin.",
        ),
        "as an English reader": Mistake(
            lambda table: _revenue(table, lambda price: price.str.replace(",", "").astype(float)),
            "You read the prices as an English reader does: `9,50` became 950, and `1.234,50` "
            "became 1.2345.",
        ),
        "missing without a word": Mistake(
            lambda table: _revenue(table, _coerced),
            "Prices of a thousand and more went missing without a word: `1.234.50` is no number. "
            "Take the points off first.",
        ),
        "quantities are not in it": Mistake(
            lambda table: _revenue(table, _right, 1),
            "The prices are right, but quantities are not in it: two at 9,50 bring 19.",
        ),
        "returns count as sales": Mistake(
            lambda table: _revenue(table, _right, table["Menge"].astype(int).abs()),
            "Minus units are given a plus, so returns count as sales.",
        ),
        "returns are left out": Mistake(
            lambda table: _revenue(table, _right, table["Menge"].astype(int).clip(lower=0)),
            "The returns are left out: the sale they take back still counts.",
        ),
    },
    takeaway="A number is text plus a convention; ask who wrote it before you let anybody read it.",
)

PROVEN_DAY = pd.Series(["05/03/2025", "13/03/2025", "12/12/2025"], dtype="str")
PROVEN_MONTH = pd.Series(["05/03/2025", "01/02/2025", "12/31/2025"], dtype="str")
UNPROVEN = pd.Series(["05/03/2025", "06/04/2025", "12/11/2025"], dtype="str")
BOTH = pd.Series(["25/03/2025", "03/26/2025", "05/03/2025"], dtype="str")
TWO_TO_ONE = pd.Series(["25/03/2025", "03/26/2025", "27/03/2025"], dtype="str")


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


def _no_proof_is_proof(texts):
    return "day first" if (_numbers(texts)[0] > 12).any() else "month first"


def _no_both(texts):
    found = order_of_dates(texts)
    return "day first" if found == "both" else found


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


def _turned_round(texts):
    swap = {"day first": "month first", "month first": "day first"}
    return swap.get(order_of_dates(texts), order_of_dates(texts))


ORDER_OF_DATES = Exercise(
    id="15-2",
    objective="Say whether dates have the day first, the month first, both, or whether it is "
    "unknown.",
    hints=(
        "Which numbers can be a day and can never be a month?",
        "Look at all rows. One 25 in the first place proves something; a hundred 5s do not.",
        "With a the first and b the second numbers: any a > 12, any b > 12, both, or neither.",
    ),
    solution=order_of_dates,
    check=on_cases(PROVEN_DAY, PROVEN_MONTH, UNPROVEN, BOTH, TWO_TO_ONE),
    wrong_answers={
        "first row only": Mistake(
            _by_first_row,
            "You looked at the first row only. The proof may stand anywhere in the column.",
        ),
        "no proof is not a proof": Mistake(
            _no_proof_is_proof,
            "Where no first number is above 12 you said month first. But no proof is not a proof "
            "of the other: where neither number ever is above 12, it is unknown.",
        ),
        "two systems": Mistake(
            _no_both,
            "A 25 in the first place and a 26 in the second: two systems wrote this column, so the "
            "answer is both.",
        ),
        "larger number": Mistake(
            _by_larger,
            "You compared the largest of each, and took the larger number for the day. It has to "
            "be above 12 to be a proof.",
        ),
        "majority": Mistake(
            _by_majority,
            "You let the majority decide. Each value above 12 is a proof, and one proof on either "
            "side is enough: then both orders are in the column.",
        ),
        "a 12 can be": Mistake(
            _from_twelve,
            "You took 12 for a proof, and a 12 can be December. Only what is above 12 is no month.",
        ),
        "turned round": Mistake(
            _turned_round,
            "You have it turned round: a number above 12 is no month, so where it stands is the "
            "day's place.",
        ),
    },
    takeaway="One value above 12 settles the order for all of its kind; without one, ask or doubt.",
)

CANNOT_TELL = quiz(
    id="15-3",
    objective="Say what a file can support: four months of user, day and amount, nothing else.",
    options={
        "a": "at which step visitors leave before they buy",
        "b": "who will not buy for a year, with a test on an earlier year",
        "c": "which share of new customers orders again in the month after",
        "d": "which items are bought together",
    },
    right="c",
    hints=(
        "What does each answer need to have been written down, and for how long?",
        "A funnel needs visits, baskets need items, a test of churn needs twice its horizon.",
        "Users and days are enough for cohorts, where the month after was seen to its end.",
    ),
    wrong_answers={
        "never written down": Mistake(
            "a",
            "Visits without a purchase were never written down here. Orders say nothing of those "
            "who did not order.",
        ),
        "longer than the file": Mistake(
            "b",
            "A year of silence is longer than the file. Nobody in it can have been silent for so "
            "long, and there is no earlier year to test on.",
        ),
        "no items": Mistake(
            "d",
            "There are no items in the file: it says that something was bought, not what.",
        ),
    },
    takeaway="What was not written down cannot be computed; say so before somebody asks for it.",
)
