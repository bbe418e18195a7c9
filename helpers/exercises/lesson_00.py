"""Exercises of lesson 00: what a shop earns, from how many orders, from how many who come back."""

import pandas as pd

from helpers.exercises.exercise import Exercise, Mistake, on_cases, quiz

TITLE = "Start here"

# Ana orders twice (O1, O3), Ben once. What each line brings, by hand:
#   O1  2 × 10 × 0.9 = 18      O1  1 × 5 × 0.8 = 4      O2  1 × 30 × 0.5 = 15      O3  3 × 4 = 12
# Together 49, in 3 orders of 22, 15 and 12.
LINES = pd.DataFrame(
    {
        "order_id": ["O1", "O1", "O2", "O3"],
        "user_id": ["Ana", "Ana", "Ben", "Ana"],
        "quantity": [2, 1, 1, 3],
        "unit_price": [10.0, 5.0, 30.0, 4.0],
        "discount": [0.1, 0.2, 0.5, 0.0],
    }
)
FIRST_ORDER = LINES.head(2)


def net_revenue(lines):
    """Sum quantity · unit_price · (1 − discount) over all lines."""
    revenue = lines["quantity"] * lines["unit_price"] * (1 - lines["discount"])
    return revenue.sum()


NET_REVENUE = Exercise(
    id="00-1",
    objective="Compute what the shop earned from its order lines.",
    hints=(
        "What does one line bring: how many units, at which price, with how much taken off?",
        "The discount is a share of the price. At 0.2 the customer pays 0.8 of it.",
        "Revenue = Σ quantity · unit_price · (1 − discount), summed over all lines.",
    ),
    solution=net_revenue,
    check=on_cases(FIRST_ORDER, LINES),
    wrong_answers={
        "discount is ignored": Mistake(
            lambda lines: (lines["quantity"] * lines["unit_price"]).sum(),
            "The discount is ignored: this is what the goods would have brought at list price.",
        ),
        "quantity is ignored": Mistake(
            lambda lines: (lines["unit_price"] * (1 - lines["discount"])).sum(),
            "The quantity is ignored: two units on a line bring twice the price of one.",
        ),
        "a mean": Mistake(
            lambda lines: net_revenue(lines) / len(lines),
            "This is a mean per line. The question is what all lines bring together: a sum.",
        ),
        "an amount of money": Mistake(
            lambda lines: (lines["quantity"] * lines["unit_price"] - lines["discount"]).sum(),
            "You took the discount off as an amount of money. It is a share of the price: 0.2 "
            "means 20 % off.",
        ),
        "an amount per unit": Mistake(
            lambda lines: (lines["quantity"] * (lines["unit_price"] - lines["discount"])).sum(),
            "You took the discount off as an amount per unit. It is a share of the price: 0.2 "
            "means 20 % off.",
        ),
        "what was given away": Mistake(
            lambda lines: (lines["quantity"] * lines["unit_price"] * lines["discount"]).sum(),
            "This is what was given away: you multiplied by the discount, and the customer pays "
            "the rest, 1 − discount.",
        ),
        "not summed": Mistake(
            lambda lines: lines["quantity"] * lines["unit_price"] * (1 - lines["discount"]),
            "Every line is right, but they are not summed: one number is asked for.",
        ),
    },
    takeaway="Quantity, price and discount: leave one out and every figure built on it is off.",
)


def average_order_value(lines):
    """Divide net revenue by the number of orders."""
    return net_revenue(lines) / lines["order_id"].nunique()


AVERAGE_ORDER_VALUE = Exercise(
    id="00-2",
    objective="Compute the average order value, the mean of what an order brings.",
    hints=(
        "How many orders stand in the table? It is not its number of rows.",
        "An order has as many rows as it has different items. Count each order once.",
        "Average order value = net revenue / number of different order_id.",
    ),
    solution=average_order_value,
    check=on_cases(FIRST_ORDER, LINES),
    wrong_answers={
        "mean over lines": Mistake(
            lambda lines: net_revenue(lines) / len(lines),
            "This is the mean over lines. An order of two items has two lines and is one order.",
        ),
        "divided by users": Mistake(
            lambda lines: net_revenue(lines) / lines["user_id"].nunique(),
            "You divided by users: that is revenue per buyer. Who orders twice has two orders.",
        ),
        "median": Mistake(
            lambda lines: (
                (lines["quantity"] * lines["unit_price"] * (1 - lines["discount"]))
                .groupby(lines["order_id"])
                .sum()
                .median()
            ),
            "This is the median order. It is a fine figure, but orders × median is not revenue; "
            "for the KPI tree it must be the mean.",
        ),
        "discount is ignored": Mistake(
            lambda lines: (
                (lines["quantity"] * lines["unit_price"]).sum() / lines["order_id"].nunique()
            ),
            "The discount is ignored: this is the mean order at list price.",
        ),
        "price of a unit": Mistake(
            lambda lines: lines["unit_price"].mean(),
            "This is the mean price of a unit. What does a whole order bring?",
        ),
    },
    takeaway="Ask of every mean: per what? Per line, per order and per buyer are three figures.",
)

USERS = pd.DataFrame({"user_id": ["Ana", "Ben", "Cem", "Dia", "Eli"]})
# Ana has two orders, Ben one order of two lines, Cem three orders, Dia one; Eli has never bought.
# Four buyers, of whom Ana and Cem came back: 2 / 4.
ORDERS = pd.DataFrame(
    {
        "order_id": ["O1", "O2", "O3", "O3", "O4", "O5", "O6", "O7", "O7"],
        "user_id": ["Ana", "Ana", "Ben", "Ben", "Cem", "Cem", "Cem", "Dia", "Dia"],
    }
)


def repeat_rate(users, lines):
    """Give the share of buyers, not of users, with at least two orders."""
    orders = lines.groupby("user_id")["order_id"].nunique()
    return (orders >= 2).mean()


REPEAT_RATE = Exercise(
    id="00-3",
    objective="Compute the repeat rate: of those who bought at all, the share with two orders or "
    "more.",
    hints=(
        "A share of whom? Look for the people who can be counted at all: those who bought.",
        "Count the different orders of each buyer. A line more is not an order more.",
        "Repeat rate = |{buyers with ≥ 2 orders}| / |{buyers}|; `nunique` counts orders.",
    ),
    solution=repeat_rate,
    check=on_cases((USERS.head(2), ORDERS.head(4)), (USERS, ORDERS)),
    wrong_answers={
        "counts lines": Mistake(
            lambda users, lines: (lines["user_id"].value_counts() >= 2).mean(),
            "This counts lines: two items in one order look like two orders. Count each order_id "
            "once.",
        ),
        "all users": Mistake(
            lambda users, lines: (
                repeat_rate(users, lines) * lines["user_id"].nunique() / len(users)
            ),
            "You divided by all users. Who has never bought cannot come back; divide by buyers.",
        ),
        "orders per buyer": Mistake(
            lambda users, lines: lines["order_id"].nunique() / lines["user_id"].nunique(),
            "This is orders per buyer. One who orders ten times lifts it; a share counts people.",
        ),
        "more than two": Mistake(
            lambda users, lines: (lines.groupby("user_id")["order_id"].nunique() > 2).mean(),
            "You asked for more than two orders. The second order is the first repeat: ≥ 2.",
        ),
        "share of orders": Mistake(
            lambda users, lines: (
                lines.drop_duplicates("order_id")["user_id"].duplicated(keep=False).mean()
            ),
            "This is the share of orders that come from repeat buyers. Count people, each once.",
        ),
        "number of repeat buyers": Mistake(
            lambda users, lines: (lines.groupby("user_id")["order_id"].nunique() >= 2).sum(),
            "This is the number of repeat buyers. Divide it by the number of buyers for a share.",
        ),
    },
    takeaway="A rate is only as good as its denominator: here buyers, not users, orders or lines.",
)

# 1,000 × 1.5 × 40 = 60,000. By hand: a 1,100 × 1.5 × 40 = 66,000; b 1,000 × 2 × 40 = 80,000;
# c 1,000 × 1.5 × 45 = 67,500; d 1,200 × 1.5 × 34 = 61,200.
LEVERS = quiz(
    id="00-4",
    objective="Read the KPI tree: which of four plans lifts revenue most?",
    options={
        "a": "100 more buyers, who order as often and as much as the others",
        "b": "half an order more from every buyer: 2.0 orders a year instead of 1.5",
        "c": "$5 more per order, through better suggestions in the cart",
        "d": "200 more buyers, won by a coupon that takes 15 % off every order",
    },
    right="b",
    hints=(
        "Revenue = buyers × orders per buyer × value per order. Which factor does each plan move?",
        "In a product it is the relative change of a factor that counts: +100 of 1,000 is + 10 %.",
        "Today 1,000 × 1.5 × $40 = $60,000. Put in the changed factors of a, b, c and d.",
    ),
    wrong_answers={
        "ten percent": Mistake(
            "a",
            "100 more buyers are ten percent more, so revenue grows by ten percent, to $66,000. "
            "Another plan moves its factor further.",
        ),
        "one eighth": Mistake(
            "c",
            "$5 on $40 is one eighth, so revenue grows by one eighth, to $67,500. Another plan "
            "moves its factor further.",
        ),
        "two factors": Mistake(
            "d",
            "The coupon moves two factors: a fifth more buyers, but each order brings 15 % less. "
            "1,200 × 1.5 × $34 = $61,200, hardly more than today.",
        ),
    },
    takeaway="Half an order more is a third more of that factor: 1,000 × 2 × $40 = $80,000.",
)
