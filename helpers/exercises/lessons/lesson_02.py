"""Exercises of lesson 02: funnels, conversion, cohorts, interests, and what moved revenue."""

import pandas as pd

from helpers import behavior
from helpers.exercises.exercise import Exercise, Mistake, on_cases, quiz

TITLE = "Behavior and KPIs"


def _log(sessions):
    """Write sessions, each a text of v(iew), c(art) and p(urchase), as a log, minute by minute."""
    kinds = {"v": "view", "c": "cart", "p": "purchase"}
    rows = [
        (
            f"S{number}",
            kinds[letter],
            pd.Timestamp("2025-03-05 09:00") + pd.Timedelta(minute, "min"),
        )
        for number, letters in enumerate(sessions, start=1)
        for minute, letter in enumerate(letters)
    ]
    return pd.DataFrame(rows, columns=["session_id", "event", "occurred_at"])


# By hand: eleven sessions have a cart (all but v and p). In five of them, vcpp, vcp, cvp and twice
# cpc, a purchase follows the first cart, in vcp within the same minute; in pc it comes before it.
# So 5 of 11.
CARTS = _log(["vcpp", "vcp", "pc", "vcc", "vcc", "vc", "vc", "c", "v", "p", "cpc", "cpc", "cvp"])
CARTS.loc[(CARTS["session_id"] == "S2") & (CARTS["event"] == "purchase"), "occurred_at"] -= (
    pd.Timedelta(1, "min")
)


def cart_to_purchase(log):
    """Of the sessions with a cart, take those whose last purchase is not before the first cart."""
    cart = log[log["event"] == "cart"].groupby("session_id")["occurred_at"].min()
    purchase = log[log["event"] == "purchase"].groupby("session_id")["occurred_at"].max()
    return (purchase.reindex(cart.index) >= cart).mean()


def _bought_later(log):
    cart = log[log["event"] == "cart"].groupby("session_id")["occurred_at"].min()
    purchase = log[log["event"] == "purchase"].groupby("session_id")["occurred_at"].max()
    return (purchase.reindex(cart.index) > cart).mean()


def _after_last_cart(log):
    cart = log[log["event"] == "cart"].groupby("session_id")["occurred_at"].max()
    purchase = log[log["event"] == "purchase"].groupby("session_id")["occurred_at"].max()
    return (purchase.reindex(cart.index) >= cart).mean()


def _sessions(log, *kinds):
    """Count the sessions that have events of all these kinds, in any order."""
    return log.groupby("session_id")["event"].agg(set).map(set(kinds).issubset).sum()


def _next_is_purchase(log):
    following = log.groupby("session_id")["event"].shift(-1)
    return (following[log["event"] == "cart"] == "purchase").mean()


def _after_cart(log):
    return cart_to_purchase(log) * _sessions(log, "cart")


CART_TO_PURCHASE = Exercise(
    id="02-1",
    objective="Compute which share of the sessions with a cart ends in a purchase after it.",
    hints=(
        "Who could have taken this step? Only they belong below the line.",
        "For each session, when was the first cart, and when the last purchase?",
        "Share = |{sessions with a purchase at or after their first cart}| / |{sessions with a "
        "cart}|; `groupby` with `min` and `max`, then `reindex` to the sessions with a cart.",
    ),
    solution=cart_to_purchase,
    check=on_cases(_log(["vcp", "vc", "vc", "v"]), CARTS),
    wrong_answers={
        "all sessions": Mistake(
            lambda log: _after_cart(log) / _sessions(log),
            "You divided by all sessions. Where nothing is in the cart, nothing can be lost from "
            "it: divide by the sessions with a cart.",
        ),
        "sessions with a view": Mistake(
            lambda log: _after_cart(log) / _sessions(log, "view"),
            "You divided by the sessions with a view. That is the share of the first step; this "
            "step begins at the cart.",
        ),
        "order of events": Mistake(
            lambda log: _sessions(log, "cart", "purchase") / _sessions(log, "cart"),
            "The order of events is lost: a session that bought first and filled a cart for "
            "later counts as if the cart had led to the purchase.",
        ),
        "without a cart": Mistake(
            lambda log: _sessions(log, "purchase") / _sessions(log, "cart"),
            "Purchases without a cart are counted above the line, but cannot be below it. Take "
            "both counts among the same sessions.",
        ),
        "counted events": Mistake(
            lambda log: (log["event"] == "purchase").sum() / (log["event"] == "cart").sum(),
            "You counted events. Two items bought in one session are one session that bought.",
        ),
        "abandoned": Mistake(
            lambda log: 1 - cart_to_purchase(log),
            "This is the share of carts that were abandoned. The question asks for the other part.",
        ),
        "the other way round": Mistake(
            lambda log: _after_cart(log) / _sessions(log, "purchase"),
            "This is the other way round: the share of sessions with a purchase that had a cart "
            "before it.",
        ),
        "begins with the view": Mistake(
            lambda log: behavior.funnel(log)["of_previous"].iloc[-1],
            "This funnel begins with the view, so carts without a view before them are missing. "
            "The question asks for all sessions with a cart.",
        ),
        "the same moment": Mistake(
            _bought_later,
            "A purchase at the same moment as the cart was left out. Clocks are coarse: at or "
            "after, so >= instead of >.",
        ),
        "very next event": Mistake(
            _next_is_purchase,
            "You looked at the very next event after a cart. People look at other items before "
            "they pay: any later purchase of the session counts, and each session counts once.",
        ),
        "last cart": Mistake(
            _after_last_cart,
            "You asked for a purchase after the last cart. Somebody who buys and then fills the "
            "cart again has bought after the first one: take the earliest moment.",
        ),
    },
    takeaway="A step of a funnel is a share of those who reached the step before, in order.",
)

# By hand: U1 to U5 are known; U1, U2 and U5 bought, U5 without a view. So 3 of 5. There are 11
# sessions, two of them of guests; four sessions bought, of U1 both, of U2 and U5 one of two.
VISITS = pd.DataFrame(
    {
        "session_id": [
            "S1",
            "S1",
            "S2",
            "S3",
            "S3",
            "S4",
            "S5",
            "S6",
            "S7",
            "S8",
            "S9",
            "S10",
            "S11",
        ],
        "user_id": ["U1", "U1", "U1", "U2", "U2", "U3", "U3", "U4", None, None, "U2", "U5", "U5"],
        "event": [
            "view",
            "purchase",
            "purchase",
            "view",
            "purchase",
            *["view"] * 6,
            "purchase",
            "cart",
        ],
    }
)


def conversion_per_user(events):
    """Divide the users who bought by the users who were seen; guests are not known users."""
    bought = events.loc[events["event"] == "purchase", "user_id"].nunique()
    return bought / events["user_id"].nunique()


CONVERSION_PER_USER = Exercise(
    id="02-2",
    objective="Compute conversion per user: of the known users who were seen, who bought?",
    hints=(
        "One user comes three times and buys once. Has this user converted?",
        "Count users above the line and users below it. Who has no id cannot be counted as one.",
        "|{user_id with a purchase}| / |{user_id}|; `nunique` leaves missing ids out.",
    ),
    solution=conversion_per_user,
    check=on_cases(VISITS.head(6), VISITS),
    wrong_answers={
        "per session": Mistake(
            lambda events: (
                events.loc[events["event"] == "purchase", "session_id"].nunique()
                / events["session_id"].nunique()
            ),
            "This is conversion per session. Whoever comes often and buys once counts as a "
            "failure many times.",
        ),
        "per session of members": Mistake(
            lambda events: (
                events.loc[events["event"] == "purchase", "session_id"].nunique()
                / events.loc[events["user_id"].notna(), "session_id"].nunique()
            ),
            "The guests are out, but this is still a rate per session of members, not per user.",
        ),
        "guests": Mistake(
            lambda events: (
                events.loc[events["event"] == "purchase", "user_id"].nunique()
                / events["user_id"].nunique(dropna=False)
            ),
            "All guests together were counted as one more user. A missing id is nobody we know.",
        ),
        "sessions above, users below": Mistake(
            lambda events: (
                events.loc[events["event"] == "purchase", "session_id"].nunique()
                / events["user_id"].nunique()
            ),
            "You have sessions above, users below the line. One who buys twice counts twice, and "
            "such a rate can pass 100 %.",
        ),
        "events": Mistake(
            lambda events: (events["event"] == "purchase").mean(),
            "This is a share of events. Somebody who looks at more items would lower it.",
        ),
        "users above, sessions below": Mistake(
            lambda events: (
                events.loc[events["event"] == "purchase", "user_id"].nunique()
                / events["session_id"].nunique()
            ),
            "You have users above, sessions below the line. A share has the same unit in both.",
        ),
        "users with a view": Mistake(
            lambda events: (
                events.loc[events["event"] == "purchase", "user_id"].nunique()
                / events.loc[events["event"] == "view", "user_id"].nunique()
            ),
            "You divided by the users with a view. Somebody can buy without one, from a link or "
            "from yesterday's cart: divide by all known users.",
        ),
        "each user's own rate": Mistake(
            lambda events: (
                (events["event"] == "purchase")
                .groupby([events["user_id"], events["session_id"]])
                .any()
                .groupby("user_id")
                .mean()
                .mean()
            ),
            "This is the mean of each user's own rate per session. Whoever comes twice and buys "
            "once counts as half a buyer; the question asks who bought at all.",
        ),
    },
    takeaway="Say the unit of a conversion rate each time: per session, or per user.",
)


def _visits(**by_user):
    rows = [(user, bought) for user, visits in by_user.items() for bought in visits]
    return pd.DataFrame(rows, columns=["user_id", "bought"])


# By hand: U1 bought in two of three visits, U4 in the only one, U2 and U3 in none. So 2 of 4 users,
# against 3 of 8 visits.
FEW_VISITS = _visits(U1=[False], U2=[False, False], U3=[False])
MORE_VISITS = _visits(U1=[True, True, False], U2=[False, False], U3=[False, False], U4=[True])


def interval(visits):
    """Make one row of each user, then ask for Wilson's interval."""
    bought = visits.groupby("user_id")["bought"].any()
    rate = behavior.conversion(bought.sum(), len(bought))
    return rate["low"].iloc[0], rate["high"].iloc[0]


def _ends(bought, confidence=0.95):
    rate = behavior.conversion(bought.sum(), len(bought), confidence)
    return rate["low"].iloc[0], rate["high"].iloc[0]


def _users(visits):
    return visits.groupby("user_id")["bought"].any()


def _textbook(bought):
    half = 1.96 * (bought.mean() * (1 - bought.mean()) / len(bought)) ** 0.5
    return bought.mean() - half, bought.mean() + half


INTERVAL = Exercise(
    id="02-3",
    objective="Give the 95 % interval of conversion per user, from a table with a row per visit.",
    hints=(
        "The same person is in the table several times. How many independent trials are there?",
        'First make one row per user: `visits.groupby("user_id")["bought"].any()`.',
        "Then `behavior.conversion(number who bought, number of users)` has `low` and `high`.",
    ),
    solution=interval,
    check=on_cases(FEW_VISITS, MORE_VISITS),
    wrong_answers={
        "visits": Mistake(
            lambda visits: _ends(visits["bought"]),
            "You took visits as trials. The visits of one person resemble each other, so there "
            "is less evidence than rows, and the interval comes out too narrow.",
        ),
        "p ± z": Mistake(
            lambda visits: _textbook(_users(visits)),
            "This is p ± z · standard error. With few users it leaves [0, 1], and if nobody "
            "buys it shrinks to a point, as if we were certain. Take Wilson's.",
        ),
        "90 %": Mistake(
            lambda visits: _ends(_users(visits), 0.9),
            "This is the interval for 90 %. 95 % is asked for, two and a half on each side.",
        ),
        "number who bought": Mistake(
            lambda visits: _ends(visits.groupby("user_id")["bought"].all()),
            "Wrong number who bought: `all` keeps only those who bought on every visit. One "
            "purchase is enough: `any`.",
        ),
        "percent": Mistake(
            lambda visits: tuple(100 * end for end in interval(visits)),
            "The ends are right, but in percent. Give shares between 0 and 1.",
        ),
    },
    takeaway="Count each person once, then give the interval: a rate alone is half an answer.",
)

# By hand, with March as the last complete month. Cohorts: January U1 U2 U3 U8 U9, February U4 U5;
# U6 and U7, of March, have had no whole month after it. In February U1 and U2 came back, in March
# U4. So 3 of 7. (U3 came back within thirty days, but in March, as U8 did.)
ORDERS = pd.DataFrame(
    [
        ("U1", "2025-01-10"), ("U2", "2025-01-12"), ("U2", "2025-01-20"), ("U3", "2025-01-31"),
        ("U1", "2025-02-03"), ("U1", "2025-02-17"), ("U2", "2025-02-09"), ("U4", "2025-02-10"),
        ("U5", "2025-02-11"), ("U3", "2025-03-01"), ("U4", "2025-03-05"), ("U6", "2025-03-06"),
        ("U7", "2025-03-07"), ("U6", "2025-04-02"), ("U1", "2025-02-25"), ("U8", "2025-01-02"),
        ("U8", "2025-03-20"), ("U9", "2025-01-03"),
    ],
    columns=["user_id", "ordered_at"],
).astype({"ordered_at": "datetime64[ns]"})  # fmt: skip
ONE_COHORT = ORDERS[ORDERS["user_id"].isin(["U1", "U3", "U6"])]
# The same two months earlier: the cohorts of November and December, with January of the next year.
NEW_YEAR = ORDERS.assign(ordered_at=ORDERS["ordered_at"] - pd.DateOffset(months=2))


def month_after(orders, last):
    """Count only cohorts whose next month is over, and of it only who ordered in that month."""
    month = orders["ordered_at"].dt.to_period("M")
    first = month.groupby(orders["user_id"]).transform("min")
    could = first < last
    came_back = orders["user_id"][could & (month == first + 1)].nunique()
    return came_back / orders["user_id"][could].nunique()


def _by_number_of_month(orders, last):
    month = orders["ordered_at"].dt.month
    first = month.groupby(orders["user_id"]).transform("min")
    could = first < last.month
    return orders["user_id"][could & (month == first + 1)].nunique() / max(
        orders["user_id"][could].nunique(), 1
    )


def _cohorts(orders):
    month = orders["ordered_at"].dt.to_period("M")
    return orders.assign(month=month, first=month.groupby(orders["user_id"]).transform("min"))


def _rate(orders, could, came_back):
    """Give the share of users, with other ideas of who could come back and of who did."""
    table = _cohorts(orders)
    some = table[could(table)]
    return some.loc[came_back(some), "user_id"].nunique() / some["user_id"].nunique()


def _days_since_first(table):
    return (table["ordered_at"] - table.groupby("user_id")["ordered_at"].transform("min")).dt.days


def _next(table):
    return table["month"] == table["first"] + 1


def _by_cohort(orders, last):
    table = _cohorts(orders)
    sizes = table[table["first"] < last].groupby("first")["user_id"].nunique()
    came_back = table[_next(table)].groupby("first")["user_id"].nunique()
    return came_back.reindex(sizes.index, fill_value=0) / sizes


MONTH_AFTER = Exercise(
    id="02-4",
    objective="Compute which share of new buyers orders again in the month after their first one.",
    hints=(
        "Who bought first in the last complete month: could we have seen what they did next?",
        "Find each user's first month, and leave out those whose next month is not over.",
        "first < last; then |{users with month == first + 1}| / |{users}| among these.",
    ),
    solution=month_after,
    check=on_cases(
        (ONE_COHORT, pd.Period("2025-03", "M")),
        (ORDERS, pd.Period("2025-03", "M")),
        (NEW_YEAR, pd.Period("2025-01", "M")),
    ),
    wrong_answers={
        "as if they had stayed away": Mistake(
            lambda orders, last: _rate(
                orders,
                lambda table: table["first"] <= last,
                lambda table: _next(table) & (table["month"] <= last),
            ),
            "Buyers whose next month is not over are counted as if they had stayed away. They "
            "have had no chance yet; leave them out below the line, too.",
        ),
        "unfinished month": Mistake(
            lambda orders, last: _rate(orders, lambda table: table["first"] <= last, _next),
            "The unfinished month is in it: its first days count for a whole. Stop at the last "
            "month that is complete.",
        ),
        "every cohort the same weight": Mistake(
            lambda orders, last: _by_cohort(orders, last).mean(),
            "This mean of shares gives every cohort the same weight, be it small or large. Add up "
            "the users first, then divide.",
        ),
        "counts orders": Mistake(
            lambda orders, last: (
                _cohorts(orders)
                .pipe(lambda table: table[table["first"] < last])
                .pipe(lambda table: _next(table).sum() / table["user_id"].nunique())
            ),
            "This counts orders. Who comes back twice in that month is one user who came back.",
        ),
        "any later month": Mistake(
            lambda orders, last: _rate(
                orders,
                lambda table: table["first"] < last,
                lambda table: table["month"] > table["first"],
            ),
            "You took any later month. Then old cohorts have had more chances than young ones, and "
            "look better for it.",
        ),
        "thirty days": Mistake(
            lambda orders, last: _rate(
                orders,
                lambda table: table["first"] < last,
                lambda table: _days_since_first(table).between(1, 30),
            ),
            "You took the thirty days after the first order. The question asks for the next "
            "month of the calendar, as in the cohorts of the lesson.",
        ),
        "without its year": Mistake(
            _by_number_of_month,
            "You took the number of the month without its year, so January comes before December. "
            'Use `dt.to_period("M")`.',
        ),
        "share of the orders": Mistake(
            lambda orders, last: _cohorts(orders).pipe(
                lambda table: _next(table[table["first"] < last]).mean()
            ),
            "This is a share of the orders. Retention is about people: a cohort is a set of users.",
        ),
    },
    takeaway="Before you divide, ask who has had the chance: what is not observed is not zero.",
)

# By hand, with a half-life of 30 days. Ages 0, 30, 60 weigh 1, 1/2, 1/4. The second case:
# Decor 1 + 1/4 = 5/4, Storage 1/2, Toys 1/8: together 15/8, so 10/15, 4/15, 1/15.
INTERESTS = pd.DataFrame(
    {"category": ["Decor", "Storage", "Decor", "Toys"], "age": [0.0, 30.0, 60.0, 90.0]}
)


def interests(events, half_life):
    """Halve the weight of an event with every half-life, add up by category, and make shares."""
    weight = 0.5 ** (events["age"] / half_life)
    total = weight.groupby(events["category"]).sum()
    return total / total.sum()


def _weighted(weight):
    def answer(events, half_life):
        total = weight(events["age"], half_life).groupby(events["category"]).sum()
        return total / total.sum()

    return answer


INTEREST = Exercise(
    id="02-5",
    objective="Compute a user's interest profile, in which older events count less.",
    hints=(
        "What does an event weigh that is exactly one half-life old? And two half-lives?",
        "Half to the power of how many half-lives have passed.",
        "weight = 0.5 ** (age / half_life); sum by category; divide by the sum of all.",
    ),
    solution=interests,
    check=on_cases((INTERESTS.head(2), 30), (INTERESTS, 30), (INTERESTS, 45), any_order=True),
    wrong_answers={
        "every event the same": Mistake(
            _weighted(lambda age, half_life: age * 0 + 1.0),
            "This weighs every event the same, however old. The half-life is not in it.",
        ),
        "1/e": Mistake(
            _weighted(lambda age, half_life: 2.718281828459045 ** -(age / half_life)),
            "After one half-life 1/e of the weight is left, 0.37 instead of a half. Take powers "
            "of 0.5, not of e.",
        ),
        "old events count more": Mistake(
            _weighted(lambda age, half_life: 2.0 ** (age / half_life)),
            "A sign is turned: old events count more than new ones.",
        ),
        "in a straight line": Mistake(
            _weighted(lambda age, half_life: (1 - age / (2 * half_life)).clip(lower=0)),
            "The weight falls in a straight line and is gone after two half-lives. Halving never "
            "ends.",
        ),
        "1 / (1 + age": Mistake(
            _weighted(lambda age, half_life: 1 / (1 + age / half_life)),
            "The weight is 1 / (1 + age / half-life): a half at first, but a third, not a quarter, "
            "after two half-lives.",
        ),
        "do not add up to 1": Mistake(
            lambda events, half_life: (
                (0.5 ** (events["age"] / half_life)).groupby(events["category"]).sum()
            ),
            "These sums do not add up to 1, so a busy user seems more interested in everything. "
            "Divide by their sum.",
        ),
        "the mean weight": Mistake(
            lambda events, half_life: (
                interests(events, half_life) / events["category"].value_counts()
            ).pipe(lambda share: share / share.sum()),
            "You took the mean weight of a category's events. Two looks are more interest than "
            "one: add them up.",
        ),
    },
    takeaway="A half-life is a setting, not a truth: try several, and keep the one that predicts.",
)

# By hand, for March: buyers U1, U2, U3, U4, U9, U10. U1 and U3 had ordered before March; U2 only
# twice in March, U4 once, with three lines, U9 and U10 once. So 2 of 6. Ten users bought at any
# time, five before March.
LINES = pd.DataFrame(
    [
        ("O1", "2025-01-10", "U1"), ("O1", "2025-01-10", "U1"), ("O2", "2025-01-15", "U3"),
        ("O3", "2025-02-20", "U5"), ("O4", "2025-02-25", "U6"), ("O5", "2025-03-02", "U1"),
        ("O6", "2025-03-04", "U2"), ("O7", "2025-03-09", "U2"), ("O8", "2025-03-10", "U3"),
        ("O9", "2025-03-12", "U4"), ("O9", "2025-03-12", "U4"), ("O10", "2025-03-20", "U3"),
        ("O11", "2025-03-30", "U1"), ("O12", "2025-03-31", "U1"), ("O13", "2025-04-03", "U4"),
        ("O14", "2025-04-09", "U7"), ("O15", "2025-02-26", "U8"), ("O16", "2025-03-15", "U9"),
        ("O17", "2025-03-18", "U10"), ("O18", "2025-04-20", "U10"), ("O19", "2025-04-21", "U9"),
        ("O20", "2025-03-08", "U1"), ("O9", "2025-03-12", "U4"),
    ],
    columns=["order_id", "ordered_at", "user_id"],
).astype({"ordered_at": "datetime64[ns]"})  # fmt: skip
MARCH = pd.Period("2025-03", "M")
# Two months earlier, so that what was March is January of the next year, and without O7: U2 is new
# with a single line.
JANUARY = LINES[LINES["order_id"] != "O7"].assign(
    ordered_at=lambda lines: lines["ordered_at"] - pd.DateOffset(months=2)
)


def returning_share(lines, month):
    """Of the users who ordered in the month, take those whose first order lies before it."""
    period = lines["ordered_at"].dt.to_period("M")
    buyers = set(lines["user_id"][period == month])
    known = set(lines["user_id"][period < month])
    return len(buyers & known) / len(buyers)


def _in_month(lines, month):
    return lines[lines["ordered_at"].dt.to_period("M") == month]


def _until(lines, month):
    """Give all lines up to the end of the month of those who bought in it."""
    buyers = _in_month(lines, month)["user_id"]
    return lines[(lines["ordered_at"].dt.to_period("M") <= month) & lines["user_id"].isin(buyers)]


def _before(lines, month):
    return lines["user_id"][lines["ordered_at"].dt.to_period("M") < month]


def _by_number_of_this_month(lines, month):
    number = lines["ordered_at"].dt.month
    buyers = set(lines["user_id"][number == month.month])
    return len(buyers & set(lines["user_id"][number < month.month])) / len(buyers)


RETURNING_SHARE = Exercise(
    id="02-6",
    objective="Compute which share of a month's buyers had already bought in an earlier month.",
    hints=(
        "What do you have to know about each buyer of the month, besides this month?",
        "Two sets of users: those who ordered in the month, and those who ordered before it.",
        "|buyers ∩ known| / |buyers|, with known = users whose period < month.",
    ),
    solution=returning_share,
    check=on_cases(
        (LINES.iloc[[0, 3, 5, 6]], MARCH), (LINES, MARCH), (JANUARY, pd.Period("2025-01", "M"))
    ),
    wrong_answers={
        "counts lines": Mistake(
            lambda lines, month: (_until(lines, month)["user_id"].value_counts() >= 2).mean(),
            "This counts lines: an order of two items makes its buyer a returning one.",
        ),
        "new buyers": Mistake(
            lambda lines, month: 1 - returning_share(lines, month),
            "This is the share of new buyers. The question asks for the complement.",
        ),
        "without its year": Mistake(
            _by_number_of_this_month,
            "You took the number of the month without its year, so nothing comes before January. "
            'Use `dt.to_period("M")`.',
        ),
        "orders twice in the month": Mistake(
            lambda lines, month: (
                _in_month(lines, month).groupby("user_id")["order_id"].nunique() >= 2
            ).mean(),
            "This is who orders twice in the month, new or not. Whoever came back once, after "
            "half a year, is missed.",
        ),
        "two orders by the end": Mistake(
            lambda lines, month: (
                _until(lines, month).groupby("user_id")["order_id"].nunique() >= 2
            ).mean(),
            "You took all who have two orders by the end of the month, as `repeat_rate` of "
            "`behavior.kpis` does. Whoever first bought in this very month is not asked for.",
        ),
        "looks into the future": Mistake(
            lambda lines, month: (
                _in_month(lines, month)["user_id"]
                .drop_duplicates()
                .isin(lines["user_id"].drop(_in_month(lines, month).index))
                .mean()
            ),
            "Orders after the month count as well, so this looks into the future: last year's "
            "figure would change each time you compute it.",
        ),
        "all buyers ever": Mistake(
            lambda lines, month: (
                _in_month(lines, month)["user_id"]
                .drop_duplicates()
                .isin(_before(lines, month))
                .sum()
                / lines["user_id"].nunique()
            ),
            "You divided by all buyers ever. Below the line belong those of the month.",
        ),
        "share of orders": Mistake(
            lambda lines, month: (
                _in_month(lines, month)
                .drop_duplicates("order_id")["user_id"]
                .isin(_before(lines, month))
                .mean()
            ),
            "This is the share of orders that come from returning buyers. Count people, each once.",
        ),
        "share of rows": Mistake(
            lambda lines, month: (
                _in_month(lines, month)["user_id"].isin(_before(lines, month)).mean()
            ),
            "This is the share of rows that come from returning buyers. Count people, each once.",
        ),
        "who was known": Mistake(
            lambda lines, month: (
                _before(lines, month)
                .drop_duplicates()
                .isin(_in_month(lines, month)["user_id"])
                .mean()
            ),
            "You divided by everyone who was known before. That is retention; the question asks "
            "for the mix of this month's buyers.",
        ),
    },
    takeaway="Repeat is a matter of orders and of time: not of lines, and not of what came later.",
)

# Two segments. Members: 100 users spend 20 each, then 90 spend 22; guests: 50 spend 8, then 120
# spend 9. Revenue 2,400, then 3,060: +660, which the two contributions must sum to.
SEGMENTS = (
    pd.DataFrame({"users": [100, 50], "arpu": [20.0, 8.0]}, index=["members", "guests"]),
    pd.DataFrame({"users": [90, 120], "arpu": [22.0, 9.0]}, index=["members", "guests"]),
)


def what_moved_revenue(before, after):
    """Split each segment's change among its factors, then add up over the segments."""
    return behavior.decompose_change(before, after).sum()


def _whole(segments):
    users = segments["users"].sum()
    return pd.Series({"users": users, "arpu": (segments["users"] * segments["arpu"]).sum() / users})


def _users_first(before, after):
    return pd.Series(
        {
            "users": ((after["users"] - before["users"]) * before["arpu"]).sum(),
            "arpu": ((after["arpu"] - before["arpu"]) * after["users"]).sum(),
        }
    )


def _arpu_first(before, after):
    return -_users_first(after, before)  # the same steps, walked back


WHAT_MOVED_REVENUE = Exercise(
    id="02-7",
    objective="Split a change of revenue in two segments among its factors, users and ARPU.",
    hints=(
        "Both segments spend more per user than before. Can the whole have spent less per user?",
        "Decompose inside each segment; what is in dollars may be added up afterwards.",
        "`behavior.decompose_change(before, after)` has a row per segment; `.sum()` adds them.",
    ),
    solution=what_moved_revenue,
    check=on_cases(tuple(table.head(1) for table in SEGMENTS), SEGMENTS),
    wrong_answers={
        "added the segments up first": Mistake(
            lambda before, after: behavior.decompose_change(_whole(before), _whole(after)),
            "You added the segments up first. Then more guests in the mix look as if each user "
            "spent less, though in both segments each spends more.",
        ),
        "by segment": Mistake(
            lambda before, after: behavior.decompose_change(before, after).sum(axis=1),
            "You summed by segment. That says who moved revenue; the question asks which factor "
            "did.",
        ),
        "one at a time, users first": Mistake(
            _users_first,
            "You changed the factors one at a time, users first. Begin with ARPU and you get "
            "other numbers: such a split depends on the order.",
        ),
        "one at a time, ARPU first": Mistake(
            _arpu_first,
            "You changed the factors one at a time, ARPU first. Begin with users and you get "
            "other numbers: such a split depends on the order.",
        ),
        "no ARPU of anybody": Mistake(
            lambda before, after: behavior.decompose_change(before.sum(), after.sum()),
            "You added the columns up first. Two ARPUs added up are no ARPU of anybody, and times "
            "all users they are not the revenue.",
        ),
        "does not add up": Mistake(
            lambda before, after: ((after / before - 1).mul((before.prod(axis=1)), axis=0)).sum(),
            "Percent times old revenue does not add up to the change: where both factors move, "
            "a part is left over.",
        ),
        "backward": Mistake(
            lambda before, after: what_moved_revenue(after, before),
            "Time runs backward: every sign is turned. First before, then after.",
        ),
        "revenue itself": Mistake(
            lambda before, after: pd.Series(
                {
                    "users": (after["users"] - before["users"]).sum(),
                    "arpu": (after["arpu"] - before["arpu"]).sum(),
                }
            ),
            "These are changes of the factors, in users and in dollars per user. The question "
            "asks for their part in the change of revenue itself, in dollars.",
        ),
    },
    takeaway="Decompose within segments, then add: the mix of segments is no change of behavior.",
)

FINDING = quiz(
    id="02-8",
    objective="Decide what may be said about a difference between two of many segments.",
    options={
        "a": "Nothing yet: compare per user, and allow for the number of pairs you looked at.",
        "b": "Age 45–54 converts better: the interval of the difference does not hold 0.",
        "c": "There is no difference: with so many pairs one of them had to come out.",
        "d": "Collect more sessions of the same users until the interval is narrow enough.",
    },
    right="a",
    hints=(
        "How many pairs can one make of six age bands?",
        "A user with thirty visits is in the table thirty times. Is that thirty times the "
        "evidence?",
        "An interval is honest for independent trials and for one question asked in advance.",
    ),
    wrong_answers={
        "best of many": Mistake(
            "b",
            "This is the best of many pairs, and its trials are sessions. Of fifteen pairs "
            "without any difference, one is quite likely to look like this.",
        ),
        "not shown": Mistake(
            "c",
            "That a difference is not shown does not mean that there is none. The data may only be "
            "too few to tell.",
        ),
        "of the same users": Mistake(
            "d",
            "More sessions of the same users narrow the interval without adding people. The "
            "uncertainty is about users, so only more users help.",
        ),
    },
    takeaway="Before you believe a difference, ask: per whom, of how many looked at, planned when?",
)
