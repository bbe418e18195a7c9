"""Exercises of lesson 02: conversion, funnels, intervals, findings; tests, cohorts, changes."""

import pandas as pd

from exercises.engine.exercise import Case, Exercise, in_turn, on_cases, quiz
from exercises.engine.tables import by_row
from helpers import behavior

TITLE = "Behavior and KPIs"


# Of U1 to U5 three bought: U1, U2 and U5, who did without a view. U4 only filled a cart. Of eleven
# sessions two are of guests, and four bought: both of U1, one of two of U2 and of U5.
VISITS = by_row("""
    session_id user_id event
    S1  U1   view;     S1  U1   purchase; S2  U1   purchase; S3  U2   view;     S3  U2   purchase
    S4  U3   view;     S5  U3   view;     S6  U4   view;     S6  U4   cart;     S7  None view
    S8  None view;     S9  U2   view;     S10 U5   purchase; S11 U5   cart
""")
# Of seven users U1, U2 and U6 bought, U6 twice, U2 without a view.
OTHER_VISITS = by_row("""
    session_id user_id event
    S1  U1   view;     S2  U1   purchase; S3  U2   purchase; S4  U3   view;     S5  None view
    S6  U4   view;     S6  U4   cart;     S7  U5   view;     S8  U6   view;     S8  U6   purchase
    S9  U6   purchase; S10 U7   view;     S11 None cart
""")


def conversion_per_user(events):
    """Divide the users who bought by the users who were seen; guests have no id."""
    bought = events.loc[events["event"] == "purchase", "user_id"].nunique()
    return bought / events["user_id"].nunique()


CONVERSION_PER_USER = Exercise(
    id="02-1",
    hints=(
        "One user comes three times and buys once. Has this user converted?",
        "Count users in the numerator and in the denominator. Guests have no id, so they can't be "
        "counted.",
        "|{user_id with a purchase}| / |{user_id}|; `nunique` leaves missing ids out.",
    ),
    solution=conversion_per_user,
    check=on_cases(
        Case(VISITS.head(6), right=2 / 3),
        Case(VISITS, right=3 / 5),
        held_back=[Case(OTHER_VISITS, right=3 / 7)],
    ),
    mistakes="""
    "purchase", "user_id" => "purchase", "session_id"
    events["user_id"] => events["session_id"]
        This is conversion per session. A user who comes often and buys once counts as a failure
        many times.
    => events = events.dropna(subset="user_id")
    "purchase", "user_id" => "purchase", "session_id"
    events["user_id"] => events["session_id"]
        You left out the guests, but this is still a rate per session of members, not per user.
    events["user_id"].nunique() => events["user_id"].nunique(dropna=False)
        You counted all guests together as one more user. A missing id is no user.
    "purchase", "user_id" => "purchase", "session_id"
        This has purchases or sessions above, users below the line. A user who buys twice counts
        twice, so the rate can exceed 100%. Count users in both.
    return … => return (events["event"] == "purchase").mean()
        This is a share of events, so it falls when users look at more items. Count users.
    events["user_id"] => events["session_id"]
        This has users above, sessions below the line. Count users in both.
    events["user_id"] => events.loc[events["event"] == "view", "user_id"]
        You divided by the users with a view. A user can buy without one, for example from
        yesterday's cart: divide by all known users.
    => events = events.assign(user_id=events["user_id"].fillna(events["session_id"]))
        You counted each guest session as a user. The same guest may come twice, and the question
        asks for the known users.
    => events = events.assign(bought=events["event"] == "purchase")
    bought = … => bought = events.groupby(["user_id", "session_id"])["bought"].any()
    return … => return bought.groupby("user_id").mean().mean()
        This is the mean of each user's own rate per session, so a user who comes twice and buys
        once counts as half a buyer. The question asks who bought at all.
    """,
    takeaway="Say the unit of every conversion rate: per session or per user.",
)


def _log(sessions):
    """Write sessions, each a text of v(iew), c(art) and p(urchase), as a log, minute by minute."""
    kinds = {"v": "view", "c": "cart", "p": "purchase"}
    rows = [
        (f"S{number}", kinds[letter], f"2025-03-05 09:0{minute}")
        for number, letters in enumerate(sessions, start=1)
        for minute, letter in enumerate(letters)
    ]
    log = pd.DataFrame(rows, columns=["session_id", "event", "occurred_at"])
    return log.astype({"occurred_at": "datetime64[ns]"})


# Of five sessions with a cart, vcpp and cvp buy after it.
FEW_CARTS = _log(["vcpp", "pc", "pc", "vcc", "cvp", "p"])
# Eleven sessions have a cart (all but v and p). In five of them, vcpp, vcp, cvp and twice cpc, a
# purchase follows the first cart, in vcp within the same minute; in pc it comes before it.
CARTS = _log(["vcpp", "vcp", "pc", "vcc", "vcc", "vc", "vc", "c", "v", "p", "cpc", "cpc", "cvp"])
CARTS.loc[(CARTS["session_id"] == "S2") & (CARTS["event"] == "purchase"), "occurred_at"] -= (
    pd.Timedelta(1, "min")
)
# In pcp the second purchase follows the cart.
BOUGHT_TWICE = _log(["pcp", "vc", "vcp", "vc", "vc", "v"])
# The last row comes first. All but pc and vc buy after their cart. Who goes by the order of the
# rows finds a purchase below the first cart of pc, cpc and pcp only, and who compares the time of
# the first cart row with that of the last purchase row, one of vcp, cp and cvp only.
LAST_ROW_FIRST = _log(["vcp", "cp", "cvp", "pc", "cpc", "pcp", "vc"])[::-1]
# Of eight sessions with a cart, vcp, cp, cvp, vcpc and pcp buy after it.
OTHER_CARTS = _log(["vcp", "cp", "vc", "c", "pc", "v", "p", "cvp", "vcpc", "pcp"])


def cart_to_purchase(log):
    """Of the sessions with a cart, take those whose last purchase is not before the first cart."""
    cart = log[log["event"] == "cart"].groupby("session_id")["occurred_at"].min()
    purchase = log[log["event"] == "purchase"].groupby("session_id")["occurred_at"].max()
    return (purchase.reindex(cart.index) >= cart).mean()


CART_TO_PURCHASE = Exercise(
    id="02-2",
    hints=(
        "Which sessions could have taken this step? Only they belong in the denominator.",
        "When was the first cart of each session, and when was its last purchase?",
        "Share = |{sessions with a purchase at or after their first cart}| / |{sessions with a "
        "cart}|; `groupby` with `min` and `max`, then `reindex` to the sessions with a cart.",
    ),
    solution=cart_to_purchase,
    check=in_turn(
        on_cases(
            Case(_log(["vcp", "vc", "vc", "v"]), right=1 / 3),
            Case(FEW_CARTS, right=2 / 5),
            Case(CARTS, right=5 / 11),
            Case(BOUGHT_TWICE, right=2 / 5),
            held_back=[Case(OTHER_CARTS, right=5 / 8)],
        ),
        on_cases(Case(LAST_ROW_FIRST, right=5 / 7)),
    ),
    mistakes="""
    .mean() => .sum() / log["session_id"].nunique()
        You divided by all sessions. A session without a cart can't abandon one: divide by the
        sessions with a cart.
    .mean() => .sum() / log.loc[log["event"] == "view", "session_id"].nunique()
        You divided by the sessions with a view. The question asks for the step from cart to
        purchase: divide by the sessions with a cart.
    return … => return cart.index.isin(purchase.index).mean()
        You ignored the order of events: a session that bought first and filled a cart afterwards
        counts as if the cart had led to the purchase.
    return … => return len(purchase) / len(cart)
        Sessions that bought without a cart are in your numerator but not in your denominator. Take
        both counts among the sessions with a cart.
    return … => return (log["event"] == "purchase").sum() / (log["event"] == "cart").sum()
        You counted events. Two items bought in one session are one session with a purchase.
    purchase = … => bought = log[log["event"] == "purchase"]
    return … => return (bought["occurred_at"] >= bought["session_id"].map(cart)).sum() / len(cart)
        This has purchases above, sessions below the line. A session that buys two items counts
        twice: count sessions in both.
    return … => return 1 - …
        This is the share of sessions that abandoned the cart. The question asks for the complement.
    .mean() => .sum() / len(purchase)
        This is the other way round: of the sessions with a purchase, the share that had a cart
        before it.
    return … => return behavior.funnel(log)["of_previous"].iloc[-1]
        This funnel begins with the view, so carts without a view before them are missing. Count all
        sessions with a cart.
    >= => >
        You left out a purchase at the same moment as the cart. The question says "at or after": use
        >= instead of >.
    => following = log.groupby("session_id")["event"].shift(-1)
    return … => return (following[log["event"] == "cart"] == "purchase").mean()
        You looked at the very next event after a cart. Any later purchase of the session counts,
        and each session counts once.
    .min() => .max()
        You looked for a purchase after the last cart. A session that buys and then fills the cart
        again did buy after its first cart: take the first.
    .max() => .min()
        You looked at the first purchase only. A session that buys, fills a cart, and buys again has
        a purchase after its cart: take the last one.
    .min() => .first()
    .max() => .last()
        You went by the order of the rows, which need not be that of time. Compare `occurred_at`, by
        its `min` and `max` and not by the `first` and `last` row.
    """,
    takeaway="A step of a funnel is a share of those who reached the step before it, in order.",
)


# To three decimals 1.96 and the exact quantile give the same ends in all of these cases.
FEW_VISITS = by_row("user_id bought; U1 False; U2 False; U2 False; U3 False; U5 False; U6 False")
# 3 of 7 users bought, in 4 of 12 visits: U1 in two of three, but not in the first, U4 in the only
# one, and U6 in the first of two.
MORE_VISITS = by_row("""
    user_id bought
    U1 False; U1 True;  U1 True; U2 False; U2 False; U3 False
    U3 False; U4 True; U5 False; U6 True;  U6 False; U7 False
""")
# Newcombe (1998a) gives the interval of 81 of 263. Here everyone comes twice.
FIRST_VISITS = pd.DataFrame({"user_id": range(263), "bought": [True] * 81 + [False] * 182})
NEWCOMBE = pd.concat([FIRST_VISITS, FIRST_VISITS.assign(bought=False)], ignore_index=True)


def interval(visits):
    """Make one row per user, then compute the Wilson interval."""
    bought = visits.groupby("user_id")["bought"].any()
    rate = behavior.conversion(bought.sum(), len(bought)).iloc[0].round(3)
    return rate["low"], rate["high"]


INTERVAL = Exercise(
    id="02-3",
    hints=(
        "The same user is in the table several times. How many independent trials are there?",
        'First make one row per user: `visits.groupby("user_id")["bought"].any()`.',
        "Then `behavior.conversion(number who bought, number of users)` gives a table with one "
        "row, and `.iloc[0]` takes this row out. Round its `low` and `high` to three decimals.",
    ),
    solution=interval,
    check=on_cases(
        # For 0 of n the ends are 0 and z² / (n + z²).
        Case(FEW_VISITS, right=(0.0, round(1.96**2 / (5 + 1.96**2), 3))),
        MORE_VISITS,
        held_back=[Case(NEWCOMBE, right=(0.255, 0.366))],
    ),
    mistakes="""
    .round(3) =>
        The interval is right, but not rounded. Round both ends to three decimals.
    rate = … => x, n, z = bought.sum(), len(bought), pd.Series([-1.96, 1.96])
    return … => return (x + z**2 / 2 + z * (x * (1 - x / n) + z**2 / 4) ** 0.5) / (n + z**2)
        The interval is right, but it depends on the digits of z = 1.96. Round both ends to three
        decimals.
    bought = … => bought = visits["bought"]
        You took visits as trials. The visits of one user are not independent, so the interval is
        too narrow. Make one row per user first.
    bought.sum() => visits["bought"].sum()
        You divided visits with a purchase by users, so a user who buys twice counts twice. Make one
        row per user first.
    rate = … => p, z = bought.mean(), pd.Series([-1.96, 1.96])
    return … => return (p + z * (p * (1 - p) / len(bought)) ** 0.5).round(3)
        This is the Wald interval, p ± z · standard error. If nobody buys, it shrinks to a point.
        The question asks for the Wilson interval.
    bought = … => bought = visits["bought"]
    rate = … => p, z = bought.mean(), pd.Series([-1.96, 1.96])
    return … => return (p + z * (p * (1 - p) / len(bought)) ** 0.5).round(3)
        This is the Wald interval of visits. Two things to change: make one row per user, and use
        the Wilson interval.
    any => first
        You looked at each user's first visit only. A purchase on any visit counts:
        `groupby("user_id")["bought"].any()`.
    len(bought) => len(bought), confidence=0.9
        This is a 90% interval. The question asks for 95%: z = 1.96, with 2.5% left out on each
        side.
    any => all
        `all` keeps only users who bought on every visit. One purchase is enough: use `any`.
    return … => return 100 * rate["low"], 100 * rate["high"]
        The ends are right, but in percent. Give shares between 0 and 1.
    .iloc[0] =>
    return … => return rate
        This is the whole table. Take out its row with `.iloc[0]`, and return the row's `low` and
        `high`.
    return … => return rate
        Leave out the rate. The question asks for the two ends: return `low` and `high`.
    return … => return bought.mean()
        This is only the rate, the point estimate. The question asks for the two ends of its
        interval.
    """,
    takeaway="Count each user once, then report the rate with its confidence interval.",
)

FINDING = quiz(
    id="02-6",
    options="""
    a) Age 45–54 converts better, because the interval excludes 0.
        This is the best of many pairs, and its trials are sessions. Of fifteen pairs without any
        difference, one is quite likely to look like this.
    b) There is no difference: with so many pairs, one of them had to stand out.
        That a difference is not shown does not mean that there is none. There may be too few users
        to show it.
    c) Collect more sessions of the same users until the interval is narrow enough.
        More sessions of the same users narrow the interval without adding evidence about other
        users. Only more users help.
    d) Nothing yet: compare per user, and allow for the number of pairs compared.
    """,
    hints=(
        "How many pairs can you make from six age bands?",
        "A user with thirty sessions is in the table thirty times. Is that thirty times the "
        "evidence?",
        "A 95% interval is valid for independent trials and for one comparison chosen in advance.",
    ),
    takeaway="Ask of every difference: which unit, how many comparisons, chosen when?",
)

# Means 5 and 6, variances 20/3 and 14.
REVENUES = Case(
    *(pd.Series([2.0, 4, 6, 8]), pd.Series([1.0, 3, 5, 7, 9, 11])),
    right=(6.0 - 5.0, (20 / 3 / 4 + 14 / 6) ** 0.5),
)
# Means 1.75 and 1, variances 3.25/3 and 1.625/2: the treated bring less.
A_LOSS = Case(
    *(pd.Series([0.5, 1.5, 2.0, 3.0]), pd.Series([0.25, 0.75, 2.0])),
    right=(1 - 1.75, (3.25 / 3 / 4 + 1.625 / 2 / 3) ** 0.5),
)
# Means 3 and 7, variances 4 and 80/3.
OTHER_REVENUES = Case(
    *(pd.Series([1.0, 3, 5]), pd.Series([1.0, 5, 9, 13])),
    right=(7.0 - 3.0, (4 / 3 + 80 / 3 / 4) ** 0.5),
)


def difference_of_means(control, treated):
    """Subtract the means; the squares of their standard errors add up."""
    standard_error = (control.sem() ** 2 + treated.sem() ** 2) ** 0.5
    return treated.mean() - control.mean(), standard_error


DIFFERENCE = Exercise(
    id="02-4",
    hints=(
        "What is the standard error of one mean? And do two standard errors add up?",
        "The squares of the standard errors, the variances of the two means, add up.",
        "treated.mean() − control.mean(), and √(SE₁² + SE₂²) with `.sem()` for each SE.",
    ),
    solution=difference_of_means,
    check=on_cases(REVENUES, A_LOSS, held_back=[OTHER_REVENUES]),
    mistakes="""
    treated.mean() - control.mean() => control.mean() - treated.mean()
        The sign is turned: this is control minus treated. The question asks for treated minus
        control.
    standard_error = … => standard_error = control.sem() + treated.sem()
        You added the standard errors. Their squares add up: √(SE₁² + SE₂²).
    control.sem => control.std
    treated.sem => treated.std
        You combined the standard deviations of single customers. The standard error of a mean is
        s/√n: use `.sem()`.
    ** 0.5 =>
        This is the variance of the difference. Its square root is the standard error.
    (control.sem() ** 2 + treated.sem() ** 2) => abs(control.sem() ** 2 - treated.sem() ** 2)
        You subtracted the squared standard errors. The means are subtracted, but their
        uncertainties add up.
    control.sem() => control.sem(ddof=0)
    treated.sem() => treated.sem(ddof=0)
        You divided by n in the standard deviation, as `np.std` does. For a sample divide by n − 1:
        `.sem()`, or `.std()` of a Series.
    => n, m = len(control), len(treated)
    => pooled = ((n - 1) * control.var() + (m - 1) * treated.var()) / (n + m - 2)
    standard_error = … => standard_error = (pooled / n + pooled / m) ** 0.5
        You pooled the two variances, as if both groups had the same one. Keep each group's own:
        √(SE₁² + SE₂²).
    standard_error = … => standard_error = pd.concat([control, treated]).sem()
        This is the standard error of the mean of all customers together. The question asks for that
        of the difference between the groups.
    => estimate = treated.mean() - control.mean()
    return … => return estimate - 1.96 * standard_error, estimate + 1.96 * standard_error
        These are the two ends of the interval. The question asks for the difference and its
        standard error.
    standard_error = … => standard_error = 1.96 * …
        Your second number is half the width of the interval, 1.96 standard errors. The question
        asks for the standard error itself.
    treated.mean() - control.mean() => treated.mean() / control.mean() - 1
        Your first number is the lift, a relative difference. The question asks for the difference
        of the means.
    """,
    takeaway="Independent uncertainties add up as squares: SE = √(SE₁² + SE₂²).",
    further=True,
)

P_VALUE = quiz(
    id="02-5",
    options="""
    a) With a probability of 20%, the new checkout makes no difference.
        This is the probability that the null hypothesis is true. A p-value assumes it is true and
        can't tell how probable it is.
    b) If the new checkout made no difference, 20% of such tests would show a difference at least
    this large.
    c) The new checkout makes no difference, because the p-value is above 0.05.
        Not significant is not the same as no effect. The test may have too little power, which
        would make this a type II error.
    d) With a probability of 80%, the new checkout is better.
        1 − p is not the probability of an effect, because p is no probability of a hypothesis at
        all.
    """,
    hints=(
        "A p-value is the probability of what, and under which assumption?",
        "It is computed in a world in which the null hypothesis is true.",
        "In Further A the labels were shuffled. What did we count afterwards?",
    ),
    takeaway="A p-value is the probability of data like ours if the null hypothesis is true.",
)

# April is the last complete month. Cohorts: January U1 to U7, March U8; U9, of April, has had no
# whole month after it. U1, U2 and U6 came back in February, U6 after more than thirty days, and U8
# in April. U5 ordered again in January only, U3 in March only, U4 in March and April, and U7 never.
ORDERS = by_row("""
    user_id ordered_at
    U1 2025-01-10; U1 2025-01-14; U2 2025-01-12; U3 2025-01-20; U1 2025-02-03; U2 2025-02-02
    U1 2025-02-17; U8 2025-03-10; U3 2025-03-10; U8 2025-04-05; U9 2025-04-06; U9 2025-05-02
    U4 2025-01-02; U4 2025-03-20; U4 2025-04-02; U5 2025-01-05; U5 2025-01-28; U6 2025-01-05
    U6 2025-02-20; U7 2025-01-03
""")
ONE_COHORT = ORDERS[ORDERS["user_id"].isin(["U1", "U2", "U3", "U9"])]
# Without U5, a month earlier: the cohorts of December and February.
NEW_YEAR = ORDERS[ORDERS["user_id"] != "U5"].assign(
    ordered_at=lambda orders: orders["ordered_at"] - pd.DateOffset(months=1)
)
# The last order is of the last complete month.
UNTIL_APRIL = ORDERS[ORDERS["ordered_at"] < "2025-05-01"]
# Without three users, five months later: of June's U1, U4, U5, U6 and August's U8 two stay away.
IN_SUMMER = ORDERS[~ORDERS["user_id"].isin(["U2", "U3", "U7"])].assign(
    ordered_at=lambda orders: orders["ordered_at"] + pd.DateOffset(months=5)
)


def month_after(orders, last):
    """Count only cohorts whose next month is over, and of it only who ordered in that month."""
    month = orders["ordered_at"].dt.to_period("M")
    first = month.groupby(orders["user_id"]).transform("min")
    could = first < last
    came_back = orders["user_id"][could & (month == first + 1)].nunique()
    return came_back / orders["user_id"][could].nunique()


MONTH_AFTER = Exercise(
    id="02-7",
    hints=(
        "Some buyers ordered first in the last complete month. Could we observe their next month?",
        "Find each user's first month, and leave out users whose next month is not over.",
        "first < last; then |{users with month == first + 1}| / |{users}| among these.",
    ),
    solution=month_after,
    # The order of the rows and the last month come last: most mistakes are told before.
    check=in_turn(
        on_cases(
            Case(ONE_COHORT, pd.Period("2025-04", "M"), right=2 / 3),
            Case(ORDERS, pd.Period("2025-04", "M"), right=4 / 8),
            Case(NEW_YEAR, pd.Period("2025-03", "M"), right=4 / 7),
            held_back=[Case(IN_SUMMER, pd.Period("2025-09", "M"), right=3 / 5)],
        ),
        on_cases(
            Case(UNTIL_APRIL, pd.Period("2025-04", "M"), right=4 / 8),
            Case(ORDERS[::-1], pd.Period("2025-04", "M"), right=4 / 8),
        ),
    ),
    mistakes="""
    first < last => first <= last
    (month == first + 1) => (month == first + 1) & (month <= last)
        Buyers whose next month is not over are counted as if they had stayed away. They are
        censored: leave them out of the denominator, too.
    first < last => first <= last
        You included the unfinished month, of which only the first days are observed. Stop at the
        last complete month.
    first < last => first < last - 1
        You left out users who first ordered in the month before `last`. Their month after is
        `last`, which is complete; to tell `cohort_counts` so, set `until` to its last day.
    first + 1)] => first + 1)].groupby(first)
    [could] => [could].groupby(first)
    return … => return (…).fillna(0).mean()
        This mean of rates gives every cohort the same weight, small or large. Add up the users
        first, then divide.
    first + 1)].nunique() => first + 1)].count()
        This counts orders. A user who orders twice in that month came back once.
    month == first + 1 => month > first
        You took any later month, so old cohorts had more chances to come back than young ones. The
        question asks for the month after the first.
    => since = orders["ordered_at"] - orders.groupby("user_id")["ordered_at"].transform("min")
    (month == first + 1) => since.dt.days.between(1, 30)
        You took about a month of days after each first order. The question asks for the next
        calendar month, as in the cohorts of the lesson.
    first + 1)].nunique() => first + 1)].value_counts().gt(1).sum()
    month == first + 1 => month <= first + 1
        You counted users with two orders in the first month, who need not have come back in the
        next. Ask for an order in the month after.
    => orders = orders.sort_values("ordered_at")
    month == first + 1 => month == month.groupby(orders["user_id"]).shift() + 1
        You looked for any two consecutive months. The first of the two must be the user's first
        month.
    .to_period("M") => .month
    first < last => first < last.month
        You took the number of the month without its year, so January comes before December. Use
        `dt.to_period("M")`.
    month == first + 1 => month.dt.month == first.dt.month + 1
        You added 1 to the number of the month, but there is no month 13: nobody of December comes
        back in January. Use `dt.to_period("M")`.
    "min" => "first"
        You took each user's first row for the first order. The rows need not be in order of time:
        take the `min`.
    => last = orders["ordered_at"].max().to_period("M") - 1
        You ignored `last`, and took the month of the last order for unfinished. `last` says up to
        which month the data are complete.
    return … => return (month == first + 1)[could].mean()
        This is a share of the orders. A cohort is a group of users: count users.
    """,
    takeaway="Before you divide, ask who could have been observed: not observed is not zero.",
)

# Where both factors change by the same ratio, LMDI and Shapley values agree: each factor gets half
# of the change. Per user this whole shop spends less than before, though neither segment does.
SEGMENTS = (
    pd.DataFrame({"users": [100, 50], "arpu": [20.0, 8.0]}, index=["members", "guests"]),
    pd.DataFrame({"users": [120, 300], "arpu": [24.0, 8.0]}, index=["members", "guests"]),
)
HALF = (120 * 24 - 100 * 20) / 2
FEWER = (
    pd.DataFrame({"users": [80, 10], "arpu": [16.41, 5.0]}, index=["members", "guests"]),
    pd.DataFrame({"users": [60, 10], "arpu": [12.3075, 7.0]}, index=["members", "guests"]),
)
FEWER_HALF = (60 * 12.3075 - 80 * 16.41) / 2
OTHER_SEGMENTS = (
    pd.DataFrame({"users": [60, 40], "arpu": [12.0, 5.0]}, index=["new", "returning"]),
    pd.DataFrame({"users": [90, 40], "arpu": [18.0, 4.0]}, index=["new", "returning"]),
)
OTHER_HALF = (90 * 18 - 60 * 12) / 2


def _moved(users, arpu):
    return pd.Series({"users": users, "arpu": arpu}).rename_axis("factor")


def what_moved_revenue(before, after):
    """Split each segment's change between its factors, then add up over the segments."""
    return behavior.decompose_change(before, after).sum().rename_axis("factor")


WHAT_MOVED_REVENUE = Exercise(
    id="02-8",
    hints=(
        "Neither segment spends less per user than before. Can the whole shop spend less per user?",
        "Decompose within each segment. The contributions are in dollars, so they can be added.",
        "`behavior.decompose_change(before, after)` has a row per segment; `.sum()` adds them.",
    ),
    solution=what_moved_revenue,
    check=on_cases(
        Case(*(table.head(1) for table in SEGMENTS), right=_moved(HALF, HALF)),
        Case(*SEGMENTS, right=_moved(HALF + (300 - 50) * 8, HALF)),
        Case(*FEWER, right=_moved(FEWER_HALF, FEWER_HALF + 10 * (7 - 5))),
        held_back=[Case(*OTHER_SEGMENTS, right=_moved(OTHER_HALF, OTHER_HALF + 40 * (4 - 5)))],
        any_order=True,
    ),
    mistakes="""
    => n, m = before["users"].sum(), after["users"].sum()
    => before = pd.Series({"users": n, "arpu": before["users"] @ before["arpu"] / n})
    => after = pd.Series({"users": m, "arpu": after["users"] @ after["arpu"] / m})
    .sum() =>
        You added the segments up first. Then a larger share of guests looks as if each user spent
        less: a mix effect. Decompose within each segment.
    => n, m = before["users"].sum(), after["users"].sum()
    => before = pd.Series({"users": n, "arpu": before["users"] @ before["arpu"] / n})
    => after = pd.Series({"users": m, "arpu": after["users"] @ after["arpu"] / m})
    => mean = (before + after) / 2
    behavior.decompose_change(before, after).sum() => ((after - before) * mean[::-1].to_numpy())
        You made one total of both segments before you split the change. Then a larger share of
        guests looks as if each user spent less: a mix effect.
    .sum().rename_axis("factor") => .sum(axis=1)
        You summed by segment, which says who moved revenue. The question asks which factor moved
        it: sum over the segments.
    => moved = after - before
    => parts = {"users": moved["users"] * before["arpu"], "arpu": moved["arpu"] * after["users"]}
    behavior.decompose_change(before, after) => pd.DataFrame(parts)
        You changed the factors one at a time, users first. With ARPU first you would get other
        numbers. Use a split that does not depend on the order.
    => moved = after - before
    => parts = {"users": moved["users"] * after["arpu"], "arpu": moved["arpu"] * before["users"]}
    behavior.decompose_change(before, after) => pd.DataFrame(parts)
        You changed the factors one at a time, ARPU first. With users first you would get other
        numbers. Use a split that does not depend on the order.
    (before, after).sum() => (before.sum(), after.sum())
        You added the columns up first. The sum of two ARPUs is nobody's ARPU: decompose within each
        segment, then add up dollars.
    => moved = after - before
    => parts = {"users": moved["users"] * before["arpu"], "arpu": moved["arpu"] * before["users"]}
    behavior.decompose_change(before, after) => pd.DataFrame(parts)
        You kept the other factor at its old value in both parts. Where both factors move, these
        parts do not add up to the change.
    => moved = after - before
    => parts = {"users": moved["users"] * after["arpu"], "arpu": moved["arpu"] * after["users"]}
    behavior.decompose_change(before, after) => pd.DataFrame(parts)
        You kept the other factor at its new value in both parts. Where both factors move, these
        parts do not add up to the change.
    => moved, both = after - before, after + before
    => parts = {"users": moved["users"] * both["arpu"], "arpu": moved["arpu"] * both["users"]}
    behavior.decompose_change(before, after) => pd.DataFrame(parts)
        You added up the contributions of both orders. The Shapley value is their mean: halve the
        sums.
    .sum() => .mean()
        This is the mean over the segments. The change of total revenue is the sum of the segments'
        changes: add them up.
    decompose_change(before, after) => decompose_change(after, before)
        Time runs backward, so every sign is turned: first `before`, then `after`.
    .sum() => .sum().set_axis(["arpu", "users"])
        The labels are swapped: the contribution of `users` stands under `arpu`.
    behavior.decompose_change(before, after) => (after - before)
        This is how much the factors themselves changed. The question asks for their contributions
        to the change of revenue, in dollars.
    .sum().rename_axis("factor") =>
        This table has the contributions segment by segment. Sum them over the segments.
    """,
    takeaway="Decompose within segments, then add up: a mix effect is no change of behavior.",
)
