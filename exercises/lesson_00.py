"""Exercises of lesson 00: revenue, order value, levers, windows; repeat rate, tables."""

import pandas as pd

from exercises.engine.exercise import Case, Exercise, in_turn, on_cases, quiz
from exercises.engine.tables import by_row

TITLE = "Start here"

# Ana orders twice, Ben once. Rounding anywhere would show.
LINES = by_row("""
    order_id user_id quantity unit_price discount
    O1 Ana 2 100.0 0.1; O2 Ben 1 30.0 0.5; O3 Ana 3 4.95 0.0; O1 Ana 1 49.95 0.15
""")
FIRST_ORDER = LINES[LINES["order_id"] == "O1"]
O1, O2, O3 = 2 * 100 * 0.9 + 1 * 49.95 * 0.85, 1 * 30 * 0.5, 3 * 4.95
# Two orders of one user.
HELD_BACK = by_row("""
    order_id user_id quantity unit_price discount
    O5 Eli 3 20.25 0.25; O5 Eli 1 8.05 0.0; O6 Eli 2 49.95 0.3
""")
O5, O6 = 3 * 20.25 * 0.75 + 1 * 8.05, 2 * 49.95 * 0.7


def net_revenue(lines):
    """Sum quantity · unit_price · (1 − discount) over all lines."""
    revenue = lines["quantity"] * lines["unit_price"] * (1 - lines["discount"])
    return revenue.sum()


NET_REVENUE = Exercise(
    id="00-1",
    hints=(
        "How much does one line bring in: how many units, at which price, after which discount?",
        "The discount is a share of the price. At 0.2 the customer pays 0.8 of it.",
        "Revenue = Σ quantity · unit_price · (1 − discount), summed over all lines.",
    ),
    solution=net_revenue,
    check=on_cases(
        Case(FIRST_ORDER, right=O1),
        Case(LINES, right=O1 + O2 + O3),
        held_back=[Case(HELD_BACK, right=O5 + O6)],
    ),
    mistakes="""
    * (1 - lines["discount"]) =>
        The discount is ignored: this is gross revenue, at list prices.
    lines["quantity"] * =>
        The quantity is ignored: two units on a line bring twice the price of one.
    sum => mean
        This is a mean per line. Revenue is the sum over all lines.
    * (1 - lines["discount"]) => - lines["discount"]
        You took the discount off as an amount of money. It is a share of the price: 0.2 means 20%
        off.
    lines["unit_price"] * (1 - lines["discount"]) => (lines["unit_price"] - lines["discount"])
        You took the discount off as an amount per unit. It is a share of the price: 0.2 means 20%
        off.
    (1 - lines["discount"]) => lines["discount"]
        This is what was given away: you multiplied by the discount. The customer pays the rest, 1 −
        discount.
    .sum() =>
        Every line is right, but they are not summed: the answer is one number.
    """,
    takeaway="Quantity, price and discount: leave one out and every figure built on it is off.",
)


def average_order_value(lines):
    """Divide net revenue by the number of orders."""
    revenue = (lines["quantity"] * lines["unit_price"] * (1 - lines["discount"])).sum()
    return revenue / lines["order_id"].nunique()


AVERAGE_ORDER_VALUE = Exercise(
    id="00-2",
    hints=(
        "How many orders are in the table? That is not its number of rows.",
        "An order has as many rows as it has different items. Count each order once.",
        "Average order value = net revenue / number of different order_id.",
    ),
    solution=average_order_value,
    check=on_cases(
        Case(FIRST_ORDER, right=O1),
        Case(LINES, right=(O1 + O2 + O3) / 3),
        held_back=[Case(HELD_BACK, right=(O5 + O6) / 2)],
    ),
    mistakes="""
    lines["order_id"].nunique() => len(lines)
        This is the mean over lines. An order of two items has two lines and is one order.
    order_id => user_id
        You divided by users: that is revenue per buyer. A user can have several orders.
    .sum() => .groupby(lines["order_id"]).sum()
    return … => return revenue.median()
        This is the median order. It can be a useful figure, but orders × median is not revenue. The
        KPI tree needs the mean.
    / lines["order_id"].nunique() =>
        This is the revenue of all orders together, not divided by their number.
    .sum() => .groupby(lines["order_id"]).mean()
    return … => return revenue.mean()
        This is the mean of the means of the orders' lines. The value of an order is the sum of its
        lines; take the mean of these sums.
    .sum() => .groupby(lines["order_id"]).sum()
    return … => return revenue
        These are the values order by order. You still have to take their mean.
    * (1 - lines["discount"]) =>
        The discount is ignored: this is the mean order at list price.
    return … => return lines["unit_price"].mean()
        This is the mean price of a unit. What is the value of a whole order?
    """,
    takeaway="Ask of every mean: per what? Per line, per order and per buyer are three figures.",
)


# 1,000 × 1.5 × 40 = 60,000. By hand: a 1,100 × 1.5 × 40 = 66,000; b 1,000 × 2 × 40 = 80,000;
# c 1,000 × 1.5 × 45 = 67,500; d 1,200 × 1.5 × 34 = 61,200.
LEVERS = quiz(
    id="00-4",
    options="""
    a) 100 more buyers, who order as often and as much as the others
        100 more buyers are ten percent more, so revenue grows by ten percent, to $66,000. Another
        plan moves its factor further.
    b) half an order more from every buyer: 2.0 orders a year instead of 1.5
    c) $5 more per order, through better suggestions in the cart
        $5 on $40 is one eighth, so revenue grows by one eighth, to $67,500. Another plan moves its
        factor further.
    d) 200 more buyers, won by a coupon that takes 15% off every order
        The coupon moves two factors: a fifth more buyers, but each order brings 15% less. 1,200 ×
        1.5 × $34 = $61,200, hardly more than today.
    """,
    hints=(
        "Revenue = buyers × orders per buyer × value per order. Which factor does each plan move?",
        "In a product, the relative change of a factor counts: +100 of 1,000 is +10%.",
        "Today 1,000 × 1.5 × $40 = $60,000. Put in the changed factors of a, b, c and d.",
    ),
    takeaway="Half an order more is a third more of that factor: 1,000 × 2 × $40 = $80,000.",
)

UNEQUAL_WINDOWS = quiz(
    id="00-6",
    options="""
    a) the average should be a median, because a few customers spend a lot
        A median would be lower for both cohorts, and it would still compare a year with three
        months. Another problem comes first.
    b) revenue should be counted before discounts
        Revenue before discounts is too high for both cohorts, and nobody has paid it. That does not
        explain a gap of this size.
    c) the January customers have had a whole year to spend, the October customers three months
    d) fewer customers may have joined in October than in January
        These are averages per customer, so the size of a cohort does not change what is expected.
        It only changes how precise the average is.
    """,
    hints=(
        "What would the report say if both cohorts behaved exactly alike?",
        "How many months has each cohort been observed on December 31?",
        "Compare the first three months of both cohorts: equal observation windows.",
    ),
    takeaway="Compare cohorts over equal observation windows: the first 90 days of each, say.",
)


def _orders(**lines_by_user):
    """Write order lines, each user's as a text of order numbers: "113" is two lines, then one."""
    rows = [(f"O{n}", user) for user, numbers in lines_by_user.items() for n in numbers]
    return pd.DataFrame(rows, columns=["order_id", "user_id"])


USERS = pd.DataFrame({"user_id": ["Ana", "Ben", "Cem", "Dia", "Eli", "Fay", "Gus", "Jon"]})
# Seven buyers, of whom all but Ben and Dia came back: Ben's one order has two lines. Eli has never
# bought.
ORDERS = _orders(Ana="12", Ben="33", Cem="45678", Dia="9", Fay="AB", Gus="CD", Jon="IJ")
# Two buyers who are not among the users asked about.
MORE_ORDERS = pd.concat([_orders(Hal="EF"), ORDERS, _orders(Ivy="GH")], ignore_index=True)


def repeat_rate(users, lines):
    """Of the buyers among these users, give the share with at least two orders."""
    theirs = lines[lines["user_id"].isin(users["user_id"])]
    orders = theirs.groupby("user_id")["order_id"].nunique()
    return (orders >= 2).mean()


REPEAT_RATE = Exercise(
    id="00-3",
    hints=(
        "A share of whom? The denominator is the buyers among `users`.",
        "Keep the lines of these users, then count the distinct orders of each. An order can have "
        "several lines.",
        "Repeat rate = |{buyers with ≥ 2 orders}| / |{buyers}|; `isin` keeps the lines of these "
        "users, `nunique` counts orders.",
    ),
    solution=repeat_rate,
    # The others' orders come last, so an answer that counts them hears of other mistakes first.
    check=in_turn(
        on_cases(
            Case(USERS.head(2), ORDERS.head(4), right=1 / 2), Case(USERS, ORDERS, right=5 / 7)
        ),
        on_cases(
            Case(USERS.head(2), MORE_ORDERS.head(6), right=1 / 2),
            Case(USERS, MORE_ORDERS, right=5 / 7),
            held_back=[Case(USERS.tail(5), MORE_ORDERS, right=3 / 4)],
        ),
    ),
    mistakes="""
    nunique => count
        This counts lines: two items in one order look like two orders. Count each order_id once.
    .mean() => .sum() / len(users)
        You divided by all users. Users who have never bought cannot come back: divide by buyers.
    theirs = … => theirs = lines
        Buyers from outside the group are counted: `lines` holds the orders of everybody, `users`
        only those you are asked about. Keep the lines of these first.
    .mean() => .sum() / lines["user_id"].nunique()
        The numerator counts buyers of the group, the denominator everybody who bought. Take both
        from the group.
    >= 2 => >= 1
        This is always 1: everybody who bought has at least one order. The second order is the first
        repeat: ≥ 2.
    >= 2 => == 1
        This is the share with exactly one order, those who have not come back. The question asks
        for the complement.
    >= 2 => == 2
        You selected exactly two orders. A buyer with three or more came back as well: ≥ 2.
    >= 2 => > 2
        You selected more than two orders. The second order is the first repeat: ≥ 2.
    (orders >= 2) => orders
        This is orders per buyer. One buyer with ten orders raises it; a share counts people.
    return … => return orders[orders >= 2].sum() / orders.sum()
        This is the share of orders that come from repeat buyers. Count each buyer once.
    mean => sum
        This is the number of repeat buyers. Divide it by the number of buyers for a share.
    return … => return 100 * …
        This is the rate in percent. Give a share between 0 and 1.
    """,
    takeaway="A rate is only as good as its denominator: here the group's buyers, not all users, "
    "orders or lines.",
    further=True,
)

WHICH_TABLE = quiz(
    id="00-5",
    options="""
    a) events
    b) order lines
        A person who did not buy leaves no order, so these people are missing from the order lines.
        First find out who used the cart.
    c) ratings
        Ratings hold opinions, and people rate items without buying them. They say nothing about
        carts.
    d) campaign
        The campaign table holds one coupon experiment: who was treated and who ordered. It knows no
        items and no carts.
    """,
    hints=(
        "What did these people do, and what did they not do?",
        "Someone who did not buy leaves no order. Where do you see the cart?",
        "One table has a column `event` with the value cart.",
    ),
    takeaway="Orders record what happened; events also record what could have become an order.",
)
