"""Exercises of lesson 14: A/B tests, confounding, Qini curves, policies and privacy."""

from math import ceil

import numpy as np

from exercises.engine.exercise import Case, Exercise, on_cases, quiz
from exercises.engine.tables import by_column, by_row

TITLE = "Marketing strategy"

INTERVAL = quiz(
    id="14-1",
    options="""
    a) The coupon has no effect, because the interval includes 0.
        The interval includes 0, and it includes an effect of four, too. No evidence of an effect is
        not evidence that there is none.
    b) Of a hundred customers with a coupon, two ordered because of it.
        Two per hundred is the point estimate. The interval says how far the true effect may be from
        it.
    c) Anything from slightly fewer to almost five more orders per hundred coupons fits the data.
    d) The test is useless, because the result is not significant.
        The test rules out large effects in both directions: more than five extra orders per hundred
        coupons, for example. That is worth knowing.
    """,
    hints=(
        "What does a 95% confidence interval give a range for?",
        "Every effect inside the interval fits the data, not only 0 and not only the middle.",
        "Read both ends of the interval aloud, in orders per hundred coupons.",
    ),
    takeaway="Read both ends of an interval: together they say what the data do not rule out.",
)

TWO_SEGMENTS = by_column(
    segment=["A", "A", "B", "A", "A", "B", "A", "A"],
    treated=[True, False, True, True, True, False, True, False],
    spent=[12.0, 6.0, 2.0, 8.0, 9.0, 1.0, 11.0, 8.0],
)
THREE_SEGMENTS = by_column(
    segment=[3, 1, 3, 2, 2, 1, 2, 2, 2, 3, 1],
    treated=[True, True, False, False, True, False, False, False, True, False, False],
    spent=[40.0, 9.0, 47.0, 20.0, 26.0, 5.0, 24.0, 19.0, 31.0, 52.0, 4.0],
)
OTHER_SEGMENTS = by_column(
    segment=list("ZXYXXZYYXXZZ"),
    treated=[True, True, True, False, True, False, False, False, True, True, False, False],
    spent=[15.0, 30.0, 8.0, 21.0, 34.0, 10.0, 9.0, 2.0, 27.0, 41.0, 17.0, 12.0],
)


def controlled_difference(customers):
    """Average the differences within the segments, by the number of customers."""
    means = customers.pivot_table("spent", "segment", "treated")
    share = customers["segment"].value_counts(normalize=True)
    return ((means[True] - means[False]) * share).sum()


CONTROLLED = Exercise(
    id="14-4",
    hints=(
        "Are the segments equally frequent among the treated and the others?",
        "Compute the difference of means within each segment first.",
        "Average these differences, each weighted by the number of customers in its segment.",
    ),
    solution=controlled_difference,
    # Customers · (mean of the treated − mean of the others), segment by segment.
    check=on_cases(
        Case(TWO_SEGMENTS, right=(6 * (10 - 7) + 2 * (2 - 1)) / 8),
        Case(THREE_SEGMENTS, right=(3 * (9 - 4.5) + 5 * (28.5 - 21) + 3 * (40 - 49.5)) / 11),
        held_back=[
            Case(OTHER_SEGMENTS, right=(5 * (33 - 21) + 3 * (8 - 5.5) + 4 * (15 - 13)) / 12)
        ],
    ),
    mistakes="""
    means = … => means = customers.groupby("treated")["spent"].mean()
    return … => return means[True] - means[False]
        This difference is not controlled: the segments are mixed in different proportions in the
        two groups. Compare within each segment.
    return … => return (means[True] - means[False]).mean()
        You weighted every segment equally. The average over all customers weights a segment by its
        number of customers.
    customers["segment"] => customers.loc[customers["treated"], "segment"]
        You weighted the segments by the treated. That is the effect on the treated; the question
        asks for the average over all customers.
    customers["segment"] => customers.loc[~customers["treated"], "segment"]
        You weighted the segments by the untreated. The question asks for the average over all
        customers.
    => e = customers.groupby("segment")["treated"].mean()
    share = … => share = … * e * (1 - e)
    .sum() => .sum() / share.sum()
        A regression on treatment and segment gives this: it weights most the segments in which
        treated and untreated are balanced. Weight by the number of customers.
    * share =>
        This is the sum of the differences within the segments. Average them.
    normalize=True =>
        You weighted by the number of customers, but the sum is not divided by all of them.
    means[True] - means[False] => means[False] - means[True]
        This is untreated minus treated. An effect is treated minus untreated.
    means = … => e = customers.groupby("segment")["treated"].transform("mean")
    share = … => y, t = customers["spent"], customers["treated"]
    return … => return np.average(y[t], weights=e[t]) - np.average(y[~t], weights=1 - e[~t])
        You weighted by the probability of what happened. IPW divides by it.
    means = … => e = customers.groupby("segment")["treated"].transform("mean")
    share = … => y, t = customers["spent"], customers["treated"]
    return … => return np.average(y[t], weights=1 / e[t]) - np.average(y[~t], weights=1 / e[~t])
        You weighted the untreated by 1/e, too. Their probability is 1 − e, so their weight is 1/(1
        − e).
    means = … => e = customers.groupby("segment")["treated"].transform("mean")
    share = … => y, t, q = customers["spent"], customers["treated"], 1 - e
    return … => return np.average(y[t], weights=1 / q[t]) - np.average(y[~t], weights=1 / e[~t])
        The weights are swapped. Weight the treated by 1/e and the others by 1/(1 − e).
    return … => return np.average(means[True] - means[False], weights=share)
        The weights belong to other segments: `value_counts` sorts by count, and the differences are
        sorted by segment. Sort both alike, or multiply two Series, which pandas aligns.
    """,
    takeaway="Compare like with like first, and average afterwards.",
)

CHOSEN = by_row("""
    chosen treated earned
    True True 9.0; True False 4.0; True True 2.0; False True 7.0; False False 3.0
""")
UNEVEN = by_row("""
    chosen treated earned
    True True 6.0; False True 5.0; True False 3.0; True False 8.0; True True 1.0; False False 2.0
""")
CHOSEN_AGAIN = by_column(
    chosen=[False, True, True, True, False, True, True],
    treated=[True, False, True, True, False, False, True],
    earned=[4.0, 6.0, 12.0, 5.0, 9.0, 2.0, 7.0],
)


def policy_gain(campaign, e):
    """Weight each chosen user by one over the probability of what happened."""
    mine = campaign[campaign["chosen"]]
    treated, control = mine[mine["treated"]], mine[~mine["treated"]]
    return treated["earned"].sum() / e - control["earned"].sum() / (1 - e)


GAIN = Exercise(
    id="14-6",
    hints=(
        "For which customers does the policy change anything? What happened to them in the test?",
        "A treated customer stands for 1/e customers, an untreated one for 1/(1 − e).",
        "Sum over the chosen: + earned/e if treated, − earned/(1 − e) if not.",
    ),
    solution=policy_gain,
    check=on_cases(
        Case(CHOSEN, 0.5, right=(9 + 2) / 0.5 - 4 / 0.5),
        Case(UNEVEN, 0.25, right=(6 + 1) / 0.25 - (3 + 8) / 0.75),
        held_back=[Case(CHOSEN_AGAIN, 0.4, right=(12 + 5 + 7) / 0.4 - (6 + 2) / 0.6)],
    ),
    mistakes="""
    mine = … => mine = campaign
        You summed over all users. For those whom the policy does not choose, nothing changes.
    / e =>
    / (1 - e) =>
        The users are not weighted. Weight by 1/e if treated and by 1/(1 − e) if not.
    - control["earned"].sum() / (1 - e) =>
        You counted the treated only. What they would have brought anyway is no gain.
    mine[~mine["treated"]] => campaign[~campaign["treated"]]
        You restricted only the treated to the chosen. Of the untreated, too, only the chosen count.
    / (1 - e) =>
        The untreated are not weighted. Each stands for 1/(1 − e) customers.
    - control["earned"].sum() / (1 - e) => + (-control["earned"] / 1 - e).sum()
        Check the parentheses: `earned / 1 - e` divides by 1 and subtracts e. Write `/ (1 - e)`.
    => e = 1 - e
        The weights are swapped: e is the probability of being treated.
    - control => + control
        You added both cases. Subtract what came without the treatment.
    / e => * e
    / (1 - e) => * (1 - e)
        You multiplied by the probability of what happened. A rare case counts more: divide by it.
    return … => return (…) / len(mine)
        This is the mean per chosen user. The question asks for all of them together.
    return … => return (…) / len(campaign)
        This is the mean of all users. The question asks for the chosen ones, all together.
    => e = 0.5
        You weighted by 2, as if e were always 0.5. Use the given `e`.
    / (1 - e) => / e
        You divided both by e. The probability of not being treated is 1 − e.
    return … => return (mine["earned"] * (mine["treated"] - e)).sum()
        You multiplied by T − e, but did not divide by e (1 − e).
    return … => return (mine["earned"] * (mine["treated"] - e) / e * (1 - e)).sum()
        Check the parentheses: `/ e * (1 - e)` divides by e and multiplies by 1 − e.
    return … => return -(…)
        This is control minus treated. A gain is treated minus control.
    => campaign["earned"] *= np.where(campaign["chosen"], 1, -1)
    mine = … => mine = campaign
        You subtracted those not chosen. The policy changes nothing for them: leave them out.
    => e = campaign["treated"].mean()
        You weighted by the share of all that was treated. The probability is given: `e`.
    return … => return treated["earned"].mean() - control["earned"].mean()
        This is a difference of means. The total gain is a sum over the chosen users.
    mine[~mine["treated"]] => campaign[~campaign["chosen"] & ~campaign["treated"]]
    - control => + control
        You used the users whose treatment agrees with the policy: that estimates all that the
        policy earns. The gain is what it earns beyond doing nothing.
    return … => return len(mine) * (treated["earned"].mean() - control["earned"].mean())
        You scaled the weights, as `policy_values` does. The question asks for the sum.
    """,
    takeaway="A randomized experiment can value policies that nobody has tried.",
)


def users_needed(p, effect, z):
    """Say how many users detect the effect: z squared, both variances, over the effect squared."""
    control, treated = p * (1 - p), (p + effect) * (1 - p - effect)
    users = z**2 * (2 * treated + 2 * control) / effect**2
    return int(np.ceil(users))


USERS = Exercise(
    id="14-2",
    hints=(
        "How many more customers does half the effect need, and where is that in the formula?",
        "The variance of a rate p is p (1 − p). The rate of the treated is p + effect.",
        "n = z² (2 σ₁² + 2 σ₀²) / δ², rounded up to a whole customer.",
    ),
    solution=users_needed,
    check=on_cases(
        Case(0.1, 0.04, 3.2, right=ceil(10.24 * (2 * 0.14 * 0.86 + 2 * 0.1 * 0.9) / 0.0016)),
        Case(0.3, -0.06, 3.24, right=ceil(10.4976 * (2 * 0.24 * 0.76 + 2 * 0.3 * 0.7) / 0.0036)),
        (0.45, 0.02, 2.8),  # the lesson's own z
        held_back=[(0.24, 0.03, 2.9)],
    ),
    mistakes="""
    effect**2 => effect
        The effect is not squared. Half the effect takes four times the customers, not twice.
    z**2 => z
        You did not square z, the sum of the two quantiles.
    => from scipy.special import ndtri
    => z = ndtri(0.975) + ndtri(0.8)
        You computed a z of your own, as for a power of 80%. Use the given `z`.
    (2 * treated + 2 * control) => (treated + control)
        This is one group. The question asks for both groups together.
    2 * treated => 2 * control
        You used the variance of control for both groups. The rate of the treated is p + effect.
    2 * control => 2 * treated
        You used the variance of the treated for both groups. The rate of the control group is p.
    (p + effect) * (1 - p - effect) => effect * (1 - effect)
        You used the variance of the effect as if it were a rate. The rate of the treated is p +
        effect.
    1 - p - effect => 1 - p + effect
        Check the parentheses: one minus the rate of the treated is 1 − (p + effect).
    control, treated = … => control, treated = p, p + effect
        You used the rates themselves instead of variances. The variance of a rate p is p (1 − p).
    => effect = p * effect
        You read the effect as a share of p. It is a difference of rates: the treated order with p +
        effect.
    (2 * treated + 2 * control) => (4 * treated + 4 * control)
        You doubled twice. Each variance is multiplied by two once: 2σ₁² + 2σ₀².
    control, treated = … => control = treated = (p + effect / 2) * (1 - p - effect / 2)
        You used the variance at the mean rate. Each group has its own rate and variance.
    (2 * treated + 2 * control) => (2 * np.sqrt(treated) + 2 * np.sqrt(control))
        You added standard deviations. The formula has their squares: p (1 − p) for a rate.
    return … => return users
        Almost right: a number of customers is whole. Round up, or the power is just missed.
    return … => return round(users)
        You rounded to the nearest number. One customer too few just misses the power: round up.
    return … => return 2 * int(np.ceil(users / 2))
        You rounded up each group. The question asks for both together: double first, then round
        once.
    return … => return int(users)
        You rounded down. With that many customers the power is just missed: round up.
    """,
    takeaway="Half the effect takes four times the customers: settle the number before you begin.",
    further=True,
)

SIX = by_row("treated before after; True 3 7; False 1 4; True 4 9; False 2 5; False 3 6; True 5 8")
FIVE = by_row("treated before after; False 6 10; True 2 4; False 9 13; True 5 11; False 6 7")
AGAIN = by_row("""
    treated before after
    True 3 12; True 2 6; False 8 3; False 7 9; True 1 2; False 4 5; True 6 13
""")


def adjusted_difference(users, theta):
    """Subtract θ times the difference that was there before."""
    arms = users.groupby("treated")[["before", "after"]].mean()
    change = arms.loc[True] - arms.loc[False]
    return change["after"] - theta * change["before"]


ADJUSTED = Exercise(
    id="14-3",
    hints=(
        "Were the two groups equal before the experiment?",
        "Compute two differences of means, treated minus control: of `after` and of `before`.",
        "d(after) − θ · d(before).",
    ),
    solution=adjusted_difference,
    check=on_cases(
        Case(SIX, 0.5, right=(8 - 5) - 0.5 * (4 - 2)),
        Case(FIVE, 1.5, right=(7.5 - 10) - 1.5 * (3.5 - 7)),
        held_back=[Case(AGAIN, 1.2, right=(33 / 4 - 17 / 3) - 1.2 * (3 - 19 / 3))],
    ),
    mistakes="""
    - theta * change["before"] =>
        This is the difference after, not adjusted for the difference before. If you centered
        `before` on the means of the groups, the adjustment cancels: use the overall mean.
    - theta => + theta
        You added the difference before. If the treated had more already, the effect is smaller, so
        subtract.
    theta * =>
        You forgot θ. This is difference-in-differences; CUPED subtracts θ times the difference
        before.
    return … => return theta * (change["after"] - change["before"])
        You took θ of everything. It multiplies only the difference before.
    mean => sum
        You subtracted sums. The groups may differ in size, so use means.
    - arms.loc[False] =>
        This uses the treated alone. An effect is a difference between the groups.
    return … => return change["before"] - theta * change["after"]
        You swapped before and after: θ multiplies the covariate, measured before the experiment.
    change["after"] - theta => theta
        This is only the adjustment. Subtract it from the difference after.
    theta * change["before"] => theta * abs(change["before"])
        You used the absolute difference before. If the treated had less before, the adjustment must
        raise the effect.
    theta * change["before"] => theta * users["before"].mean()
        You subtracted θ times the mean of all users. Use the difference of the groups before.
    => theta = users["before"].cov(users["after"]) / users["before"].var()
        You estimated a slope of your own. The slope is given: `theta`.
    arms.loc[True] - arms.loc[False] => arms.loc[False] - arms.loc[True]
        This is control minus treated. An effect is treated minus control.
    """,
    takeaway="What chance gave one group before the experiment is known, so remove it.",
)

RANKED = by_column(
    score=[5, 9, 2, 7, 8, 1, 6, 3],
    treated=[False, True, True, True, False, False, True, False],
    bought=[True, True, True, True, False, True, False, False],
)
RANKED_BADLY = by_column(
    score=[0.2, -0.1, 0.4, 0.0, 0.3, 0.1, -0.3],
    treated=[True, True, False, False, True, False, True],
    bought=[True, True, True, True, False, False, False],
)
RANKED_AGAIN = by_column(
    score=[31, 12, 45, 27, 8, 50, 19, 38, 22],
    treated=[False, True, True, False, False, True, True, False, True],
    bought=[True, False, True, False, True, False, True, False, True],
)


def gain_of_first(users, k):
    """Subtract what the treated would have ordered at the rate of the control group."""
    first = users.nlargest(k, "score")
    treated, others = first[first["treated"]], first[~first["treated"]]
    return treated["bought"].sum() - others["bought"].sum() * len(treated) / len(others)


QINI = Exercise(
    id="14-5",
    hints=(
        "Who are the first k, and what would the treated among them have done without treatment?",
        "The control group among the first k answers that. Scale its orders to n₁ users.",
        "Y₁ − Y₀ · n₁ / n₀, all four counted among the k users with the highest scores.",
    ),
    solution=gain_of_first,
    check=on_cases(
        Case(RANKED, 4, right=2 - 0 * 3 / 1),
        Case(RANKED_BADLY, 3, right=1 - 1 * 2 / 1),
        Case(RANKED_BADLY, 6, right=2 - 2 * 3 / 3),
        held_back=[Case(RANKED_AGAIN, 7, right=3 - 1 * 4 / 3)],
    ),
    mistakes="""
    first = … => first = users.head(k)
        The users are not sorted: these are the first k rows, not the k highest scores.
    nlargest => nsmallest
        You used the lowest scores. The highest scores are treated first.
    first = … => first = users
        You counted everybody. Count Y and n among the first k only.
    => users = users.sort_values("score", ascending=False)
    first = … => first = users.groupby("treated").head(k)
        You took the first k of each group. Take the first k of all users, and count the treated and
        the untreated among them.
    nlargest(k, => nlargest(k + 1,
        These are the first k + 1 users. Positions start at 0: the k-th row is `iloc[k - 1]`, and
        `loc[:k]` takes one row too many.
    others["bought"].sum() => users.loc[~users["treated"], "bought"].sum()
        You counted Y₀ among all users. Count it among the first k, as Y₁, n₁ and n₀.
    * len(treated) / len(others) =>
        Y₀ is not scaled. It comes from n₀ users; n₁ users would have ordered Y₀ · n₁/n₀ times.
    len(treated) / len(others) => len(others) / len(treated)
        You scaled by n₀/n₁. Y₀ comes from n₀ users and is needed for n₁: multiply by n₁/n₀.
    return … => return treated["bought"].mean() - others["bought"].mean()
        This is a difference of rates. The gain is in orders: multiply by n₁.
    return … => return (…) / users["treated"].sum()
        This is the gain per treated user, as in the helper's curve. The question asks for orders:
        do not divide.
    return … => return (…) / k
        This is the gain per user. The question asks for all k together, in orders.
    len(others) => k
        You divided by k. Y₀ comes from n₀ users: multiply by n₁/n₀.
    => whole = users["treated"].sum() * users.groupby("treated")["bought"].mean().diff()[True]
    return … => return … - k / len(users) * whole
        You subtracted the random line. That belongs to the area; a point of the curve is without
        it.
    return … => return -(…)
        This is control minus treated. The gain is what the treated have more.
    - others["bought"].sum() * len(treated) / len(others) =>
        You counted the treated only. Some of them would have ordered anyway: subtract Y₀ · n₁/n₀.
    return … => return k * (treated["bought"].mean() - others["bought"].mean())
        This is the difference of rates times k. Only n₁ of the k were treated: multiply by n₁.
    len(treated) / len(others) => users["treated"].sum() / (~users["treated"]).sum()
        You scaled by all n₁ and n₀ of the campaign. Count them among the first k only.
    """,
    takeaway="One user's uplift can't be seen, but a group's can, from its control users.",
)

SLIDE = quiz(
    id="14-8",
    options="""
    a) The T-learner has found the customers who react to the coupon.
        The interval of its Qini coefficient includes 0: the experiment is too small to show that.
    b) Coupons for those most likely to respond pay off, because they respond best.
        Most of their orders would have come anyway, and now they pay less: this loses money.
    c) Coupons for customers who order anyway lose money; for whom they work, this experiment is too
    small to say.
    d) The coupon has no effect: the interval of the difference includes 0.
        No evidence of an effect is not evidence that there is none: an effect of four orders per
        hundred coupons is in the interval, too.
    """,
    hints=(
        "Which of these statements has an interval that excludes 0?",
        "An interval that includes 0 does not show that the effect is 0.",
        "Which policies have an interval of their incremental profit that lies below 0?",
    ),
    takeaway="Say what is known, what is not, and which experiment would tell.",
)

LIST = by_column(
    country=["FR", "FR", "FR", "FR", "DE", "DE", "FR", "DE", "DE"],
    age=["40", "40", "25", "25", "25", "25", None, None, None],
    channel=["email"] * 9,
)
LONGER = by_column(
    country=["DE"] * 6 + ["FR"] * 7,
    age=["25"] * 3 + [None] * 3 + ["40"] * 3 + [None] * 2 + ["25"] * 2,
)
# The missing value is a group of its own. Taken for 0, k would be 3; for 2, the most frequent, 2.
WITH_ZEROS = by_column(country=["FR"] * 6 + ["DE"] * 3, children=[0, 0, 2, 2, 2, None, 2, 2, 2])
ANOTHER = by_column(
    country=["IT"] * 7 + ["ES"] * 11,
    age=["60"] * 5 + [None] * 2 + ["60"] * 3 + [None] * 3 + ["30"] * 5,
    channel=["search", "email"] * 9,
)


def smallest_group(customers, columns):
    """Count the customers of each combination, missing values included."""
    return customers.groupby(columns, dropna=False).size().min()


K_ANONYMITY = Exercise(
    id="14-7",
    hints=(
        "Which customers can't be told apart by these columns?",
        "Group by all columns at once, and count the customers in each group.",
        "`groupby` drops missing values unless you say `dropna=False`.",
    ),
    solution=smallest_group,
    check=on_cases(
        Case(LIST, ["country", "age"], right=1),
        Case(LIST, ["country"], right=4),
        Case(LIST, ["age", "channel"], right=2),
        Case(LONGER, ["country", "age"], right=2),
        Case(WITH_ZEROS, ["country", "children"], right=1),
        held_back=[Case(ANOTHER, ["country", "age"], right=2)],
    ),
    mistakes="""
    , dropna=False =>
        You dropped customers with missing values: `groupby` does so by default. They are on the
        list, too, so count them.
    => customers = customers.dropna()
        You dropped the customers with a missing value in any column. They are on the list, too, so
        count them.
    => customers = customers.astype(object).fillna(0)
        You replaced missing values by 0. Where 0 is a value, too, two groups become one: a missing
        value is a value of its own.
    => customers = customers.fillna(customers.mode().iloc[0])
        You replaced missing values by real ones, so two groups become one: a missing value is a
        value of its own.
    .size().min() => .count().min().min()
        `count` leaves out missing values. Count the rows of each group, as `size` does.
    .size() => [columns[0]].count()
        `count` leaves out missing values. Count the rows of each group, as `size` does.
    return … => return min(customers[each].value_counts(dropna=False).min() for each in columns)
        You looked at one column at a time. The combination of all columns singles people out.
    .size().min() => .size().eq(1).sum()
        This is the number of customers who stand alone. The question asks for the size of the
        smallest group.
    .size().min() => .ngroups
        This is the number of groups. The question asks for the size of the smallest one.
    min => max
        This is the largest group. The customers in the smallest group are the ones at risk.
    min => mean
        This is the mean size of a group. The customers in the smallest group are the ones at risk.
    return … => return … / len(customers)
        This is a share of all customers. The k of k-anonymity is a number of customers.
    groupby(columns, => groupby(list(customers),
        You grouped by all columns of the table. Use only those in `columns`.
    """,
    takeaway="Columns that are harmless one by one can single people out together.",
)
