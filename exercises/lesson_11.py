"""Exercises of lesson 11: labels, features, thresholds; AUC, uplift by risk, resampling."""

import numpy as np
import pandas as pd

from exercises.engine.exercise import ArrayCase, Case, Exercise, in_turn, on_cases, quiz
from exercises.engine.tables import by_column

TITLE = "Churn"


def _purchases(**of_users):
    rows = [(user, day) for user, days in of_users.items() for day in days]
    return pd.DataFrame(rows, columns=["user_id", "day"])


# For the window 36 to 55: Ana buys on its first day and again too late, Ben on its last day, Cem in
# the gap and a day after the end. Dan comes on day 30, so he is known, and Eva a day later.
SHOP = _purchases(Ana=[3, 36, 60], Ben=[12, 55], Cem=[20, 35, 56], Dan=[30], Eva=[31, 40])
# Of the two who churn in spring, Eva, the last in the alphabet, is the first of these rows.
SPRING = _purchases(
    Eva=[2, 12], Fay=[9, 20], Ben=[10, 14], Ana=[1, 9, 28], Cem=[4, 12, 19], Dan=[11]
)
# For the window 30 to 44: Ben comes on day 25, so he is known, and buys in the gap and a day late.
AUTUMN = _purchases(
    Ana=[8, 44], Ben=[25, 29, 45], Cem=[3, 30], Dan=[11, 22], Eva=[27, 50], Fay=[14, 31, 52],
    Gus=[19, 28],
)  # fmt: skip


def churners(purchases, t0, gap, horizon):
    """Take the users known at t0, and drop those who buy inside the window."""
    day = purchases["day"]
    known = set(purchases.loc[day <= t0, "user_id"])
    inside = (day > t0 + gap) & (day <= t0 + gap + horizon)
    return sorted(known - set(purchases.loc[inside, "user_id"]))


CHURNERS = Exercise(
    id="11-1",
    hints=(
        "Which users does the shop know on the evening of day t0? Which days can prove them "
        "active?",
        "Make two sets: users with a purchase up to t0, and users with one inside the window.",
        "known: day ≤ t0. Active: t0 + gap < day ≤ t0 + gap + horizon. Churners: known − active.",
    ),
    solution=churners,
    check=on_cases(
        Case(SHOP, 30, 5, 20, right=["Cem", "Dan"]),
        Case(SPRING, 10, 3, 7, right=["Ana", "Eva"]),
        held_back=[Case(AUTUMN, 25, 4, 15, right=["Ben", "Dan", "Gus"])],
    ),
    mistakes="""
    known = … => known = set(purchases["user_id"])
        Your list holds a user who was not known at t0, because the first purchase came later.
        Nobody could have written to that user.
    inside = … => inside = (day > t0) & (day <= t0 + horizon)
        You forgot the gap: the window starts after t0 + gap and ends `horizon` days later.
    day <= t0 + gap + horizon => day <= t0 + horizon
        The gap is not added to the end of the window, so it shortens your horizon. The window
        closes on t0 + gap + horizon.
    day > t0 + gap => day > t0
        You let purchases in the gap count. They come before a campaign could act, so they count
        neither way: the window starts after t0 + gap.
    & (day <= t0 + gap + horizon) =>
        Your window has an open end, so the label depends on when the file was made. Close it on t0
        + gap + horizon.
    inside = … => inside = day > t0
        You dropped everybody with any purchase after t0. Only purchases inside the window count:
        t0 + gap < day ≤ t0 + gap + horizon.
    inside = … => inside = (day > t0 - horizon) & (day <= t0)
        Your window looks back from t0. Then the label is made from a feature, the days since the
        last purchase, and any model seems perfect. Look at the days after t0.
    known - set => known & set
        These are those who stay. The churners are the other known users.
    return … => return sorted(set(purchases.loc[(day <= t0) & ~inside, "user_id"]))
        These are all who were known. Dropping the *rows* inside the window leaves a user's other
        rows. Drop the users.
    return … => return sorted(set(purchases.loc[~inside, "user_id"]))
        This is everybody with a purchase outside the window. Ask about each user, not about each
        row: was there a purchase inside?
    known = … => known = purchases.loc[day <= t0, "user_id"]
    return … => return sorted(known[~known.isin(purchases.loc[inside, "user_id"])])
        Your list names a user once for each purchase. Name each user once.
    inside = … => inside = … & (day == purchases.groupby("user_id")["day"].transform("max"))
        You looked at each user's last purchase only. A user who bought inside the window and once
        more after it was active.
    => later = purchases["day"].where(purchases["day"] > t0)
    inside = … => inside = … & (day == later.groupby(purchases["user_id"]).transform("min"))
        You looked at the next purchase after t0 only. A user who bought in the gap and again inside
        the window was active.
    day > t0 + gap => day >= t0 + gap
        Your window opens a day early. Day t0 + gap is still the gap: day > t0 + gap.
    day <= t0 + gap + horizon => day < t0 + gap + horizon
        Your window leaves out its last day. Day t0 + gap + horizon counts, so that it has `horizon`
        days.
    day > t0 + gap => day >= t0 + gap
    day <= t0 + gap + horizon => day < t0 + gap + horizon
        Your window is shifted by a day. It runs from t0 + gap + 1 to t0 + gap + horizon, both
        included.
    day <= t0, => day < t0,
        You left out users whose first purchase was on day t0. On its evening they are known: day ≤
        t0.
    """,
    takeaway="A label is a window in the future, the same for all users known at the start.",
)


# On day 50 Ana's 53 is tomorrow's news, and Dan is not there yet. Cem's rows are not in order.
LOG = _purchases(Ana=[10, 46, 53], Ben=[50], Cem=[35, 20], Dan=[51])
AGAIN = _purchases(Dan=[35, 31], Ana=[17, 9, 44], Eva=[40], Cem=[3, 26], Ben=[28])


def days_since_last(purchases, t0):
    """Cut at t0 first; then each user's last day, seen from t0."""
    known = purchases[purchases["day"] <= t0]
    return (t0 - known.groupby("user_id")["day"].max()).to_dict()


DAYS_SINCE_LAST = Exercise(
    id="11-2",
    hints=(
        "Which rows did the shop have on the evening of day t0?",
        "Cut the table first, then `groupby`. From which day do you count back?",
        "t0 − the last day of each user, over rows with day ≤ t0.",
    ),
    solution=days_since_last,
    check=on_cases(
        Case(LOG, 50, right={"Ana": 50 - 46, "Ben": 50 - 50, "Cem": 50 - 35}),
        Case(LOG, 40, right={"Ana": 40 - 10, "Cem": 40 - 35}),
        held_back=[
            Case(AGAIN, 31, right={"Ana": 31 - 17, "Ben": 31 - 28, "Cem": 31 - 26, "Dan": 31 - 31})
        ],
    ),
    mistakes="""
    known = … => known = purchases
        Some of your recencies are negative: the table was not cut at t0, so the feature knows who
        will come back.
    known = … => known = purchases
    .to_dict() => .clip(lower=0).to_dict()
        You clipped negative values to 0. The future is still in them: a user who buys after t0 gets
        a 0. Cut the rows instead.
    t0 - known => purchases["day"].max() - known
        You counted back from the end of the file. Count back from t0.
    max => min
        These are days since the first purchase. Recency looks at the last one.
    max => min
    t0 - known => known.groupby("user_id")["day"].max() - known
        This is the time from first to last purchase, which BG/NBD calls recency. The question asks
        for the days from the last purchase to t0.
    max => last
        You took each user's last row, but the rows are not in order of time. Take the largest day.
    max => first
        You took each user's first row, but the rows are not in order of time. Take the largest day.
    <= t0 => < t0
        You kept only what came before t0. On the evening of t0 the purchases of that day are known:
        day ≤ t0.
    known = … => known = purchases
    .to_dict() => .abs().to_dict()
        You took the absolute value. Then a purchase tomorrow looks like one yesterday. Cut the rows
        at t0 instead.
    known = … => known = purchases[purchases.groupby("user_id")["day"].transform("max") <= t0]
        You dropped users who came back: those whose last purchase is later than t0 are missing, and
        they did not churn. Cut rows, not users.
    known = … => known = purchases[purchases.groupby("user_id")["day"].transform("min") <= t0]
        You cut users, not rows. The known users keep all their purchases, also those after t0.
    t0 - known => known["day"].max() - known
        You counted back from the last of the rows that are left. Perhaps nobody bought on t0, but
        it is still the day to count from.
    known = … => known = purchases
    t0 - known => purchases["day"].max() - known
        You never cut the table, and counted back from its end. The question asks what was in it on
        the evening of t0.
    t0 - known => known
        This is the day itself of the last purchase. How many days before t0 is it?
    return … => return (known.groupby("user_id")["day"].max() - t0).to_dict()
        You subtracted the other way round: t0 − day.
    t0 - known => t0 + 1 - known
        You count a day too many: a user who bought on t0 itself has a recency of 0.
    """,
    takeaway="Cut first, then count: a feature is what was known on one evening.",
)


# Ben and Dan are exactly at the thresholds of the first two cases.
RISKS = pd.Series({"Ana": 0.9, "Ben": 0.25, "Cem": 0.2, "Dan": 0.625, "Eva": 0.6, "Fay": 0.23})
# Sorted neither by name nor by risk.
MORE_RISKS = pd.Series(
    {"Dan": 0.36, "Ben": 0.72, "Fay": 0.06, "Ana": 0.55, "Eva": 0.3, "Cem": 0.15}
)
RISKS_AGAIN = pd.Series(
    {"Gus": 0.375, "Hal": 0.81, "Ida": 0.45, "Jon": 0.12, "Kim": 0.58, "Lea": 0.395}
)


def whom_to_write(risk, worth, gift, letter, accept):
    """Write if what churners bring, weighted by p, is at least what stayers cost."""
    benefit = accept * (worth - gift) - letter
    cost = gift + letter
    return list(risk.index[risk >= cost / (cost + benefit)])


WHOM_TO_WRITE = Exercise(
    id="11-4",
    hints=(
        "What does a letter to a user about to churn bring on average? What does a letter to a "
        "user who would have stayed cost?",
        "Users who would have stayed take the gift, too. Of those about to churn, some accept.",
        "benefit = accept · (worth − gift) − letter, cost = gift + letter; write to those with "
        "risk ≥ cost / (cost + benefit).",
    ),
    solution=whom_to_write,
    check=on_cases(
        # A stayer costs 2 + 2 = 4, a churner brings 0.5 · (30 − 2) − 2 = 12: from 4 / (4 + 12) on.
        Case(RISKS, 30, 2, 2, 0.5, right=["Ana", "Ben", "Dan", "Eva"]),
        Case(RISKS, 20, 4, 1, 0.25, right=["Ana", "Dan"]),  # 5 / (5 + 3)
        Case(MORE_RISKS, 100, 5, 2, 0.1, right=["Ben", "Ana"]),  # 7 / (7 + 7.5)
        Case(MORE_RISKS, 40, 8, 1, 0.5, right=["Ben", "Ana"]),  # 9 / (9 + 15)
        # 8 / (8 + 11.5)
        held_back=[Case(RISKS_AGAIN, 60, 6, 2, 0.25, right=["Hal", "Ida", "Kim"])],
    ),
    mistakes="""
    cost / (cost + benefit) => 0.5
        You cut at one half. That is right only if benefit and cost are equal. Compute the threshold
        from the costs.
    gift + letter => letter
        You forgot that those who would have stayed take the gift as well: a letter to them costs
        gift + letter.
    accept * (worth - gift) => worth - gift
        In your formula everybody accepts. Only a share `accept` of those about to churn does, and
        only they bring something.
    (worth - gift) => worth
        You forgot the gift of those who accept: they bring worth − gift.
    - letter =>
        The letter is paid whether they accept or not: subtract it from the benefit.
    accept * (worth - gift) => accept * worth - gift
        You gave the gift to all who are about to churn. Those who do not accept take no gift.
    (cost + benefit) => benefit
        You took cost / benefit, the threshold for the *odds* p / (1 − p), or you charged the cost
        of a stayer in full; it occurs with probability 1 − p. For a probability the threshold is
        cost / (cost + benefit).
    cost / (cost + benefit) => benefit / (cost + benefit)
        Your threshold is upside down: benefit / (cost + benefit). It must rise with the cost of a
        letter to a stayer.
    (worth - gift) - letter => (worth - gift - letter)
        You pay for the letter only where it is accepted. It costs `letter` in any case.
    gift + letter => accept * gift + letter
        Of those who would have stayed, you let only a share of them take the gift. All of them take
        it; `accept` is about those who would churn.
    gift + letter => gift
        The letter to a stayer has to be paid, too: it costs gift + letter.
    - letter =>
    gift + letter => gift
        You forgot the letter: it has to be paid for churners and for stayers.
    >= => >
        You write only where a letter brings more than nothing. A user exactly at the threshold
        belongs in the list, too: ≥.
    return … => return list(risk.index)
        You write to everybody. Did you count what stayers cost? A letter to one of them brings
        nothing and costs gift + letter, with probability 1 − p.
    return … => return list(risk.index[(1 - risk) * benefit >= risk * cost])
        p and 1 − p are swapped: the benefit comes with probability p, the cost with 1 − p.
    >= => <
        These are those to leave alone. Write to the users at high risk.
    """,
    takeaway="The threshold comes from the costs, not from the model, and is rarely one half.",
)


ON_THE_SLIDE = quiz(
    id="11-7",
    options="""
    a) Our model has an AUC of 0.99, so the campaign can start.
        An AUC of 0.99 is too good to be true: even the true probabilities give less. Look for a
        feature that spans the horizon.
    b) These customers are at risk because they have not opened the app for a month.
        A reason in the model is not a cause. Perhaps these customers are losing interest, and it
        shows in the app as well; then a reminder to open it would change nothing.
    c) Customers above 70% should get the coupon: they need it most.
        This takes risk for the effect of the coupon. In the lesson the effect was hardly larger
        among the riskiest customers than among others.
    d) Of the customers with a risk of 70%, about 70% will not buy in the next 90 days, if the model
    learned from a similar season; whom a coupon brings back, an experiment has to show.
    """,
    hints=(
        "Which sentence can be checked by counting who churned?",
        "Think of section 5: did the coupon change more among the riskiest customers?",
        "One is too good to be true, one takes a reason for a cause, one risk for an effect.",
    ),
    takeaway="A risk is a forecast. Whether an action changes it takes an experiment.",
)


CHURNED, SCORE = np.array([True, False, True, False, False]), np.array([0.9, 0.7, 0.4, 0.4, 0.2])
MANY = np.array([False, True, True, False, True, True, False, True])
MANY_SCORES = np.array([0.6, 0.3, 0.8, 0.3, 0.55, 0.95, 0.1, 0.6])
OTHERS = np.array([True, False, False, True, True, False, False])
OTHER_SCORES = np.array([0.35, 0.35, 0.6, 0.8, 0.5, 0.2, 0.5])


def auc(churned, score):
    """Compare each churner with each stayer; a tie counts one half."""
    ahead = score[churned][:, None] - score[~churned]
    return ((ahead > 0) + (ahead == 0) / 2).mean()


AUC = Exercise(
    id="11-3",
    further=True,
    hints=(
        "How many pairs of one churner and one stayer are there? In how many is the churner ahead?",
        "Two loops will do: over `score[churned]`, and inside it over `score[~churned]`.",
        "AUC = (pairs with churner > stayer + pairs with equal scores / 2) / (churners · stayers).",
    ),
    solution=auc,
    # For each churner, the stayers below, an equal one as half.
    check=on_cases(
        Case(CHURNED, SCORE, right=(3 + 1.5) / (2 * 3)),
        Case(MANY, MANY_SCORES, right=(1.5 + 3 + 2 + 3 + 2.5) / (5 * 3)),
        held_back=[Case(OTHERS, OTHER_SCORES, right=(1.5 + 4 + 2.5) / (3 * 4))],
    ),
    mistakes="""
    + (ahead == 0) / 2 =>
        In your count ties count zero. A pair with equal scores counts one half.
    (ahead == 0) / 2 => (ahead == 0)
        In your count ties count one. A pair with equal scores counts one half.
    .mean() => [ahead != 0].mean()
        You leave out the pairs with equal scores. They count one half above and belong to the
        number of all pairs below.
    ahead > 0 => ahead < 0
        This is the share the other way round, of pairs in which the stayer has the higher score.
        The question asks for pairs in which the churner has it.
    .mean() => .sum()
        This is the number of pairs ranked correctly. Divide it by the number of all pairs, churners
        times stayers.
    return … => return 100 * …
        This is the AUC in percent. The question asks for a share between 0 and 1.
    return … => return 2 * … - 1
        This is the Gini coefficient, 2 · AUC − 1: pairs ranked correctly less pairs ranked wrongly.
        The question asks for the share ranked correctly.
    .mean() => .sum() / (len(score) * (len(score) - 1) / 2)
        You divided by all pairs of users. Two churners, or two stayers, are not compared: divide by
        churners times stayers.
    .mean() => .sum() / len(score) ** 2
        You divided by n², or took the mean of the whole n × n table. Two churners, or two stayers,
        are not compared: divide by churners times stayers.
    return … => return ((score >= 0.5) == churned).mean()
        This is the accuracy at a cutoff of 0.5. The AUC has no cutoff: it compares the scores of
        churners and stayers in pairs.
    return … => return score[churned].mean() - score[~churned].mean()
        This is the difference of the means of the two groups. Count the pairs instead: how far one
        score is above the other does not matter.
    return … => return (score[churned] > score[~churned].mean()).mean()
        You compared each churner with the mean stayer. Compare each churner with each stayer.
    ahead = … => ahead = np.array([a - b for a, b in zip(score[churned], score[~churned])])
        You paired the first churner with the first stayer and so on, side by side. Form all pairs:
        each churner with each stayer.
    """,
    takeaway="The AUC judges the order only: double all scores, and it stays as it was.",
)


# In order of risk the users are a, b, c and so on.
CAMPAIGN = by_column(
    user_id=list("cafhbged"),
    risk=[0.7, 0.9, 0.4, 0.2, 0.8, 0.3, 0.52, 0.6],
    treated=[False, True, True, False, True, False, True, False],
    responded=[False, True, True, True, False, False, True, False],
)
# The riskiest half here: j, d, h, g, k, i.
UNEVEN = by_column(
    user_id=list("baickjhgedfl"),
    risk=[0.62, 0.55, 0.75, 0.4, 0.8, 0.97, 0.9, 0.88, 0.7, 0.95, 0.65, 0.52],
    treated=[c == "T" for c in "--T----TTTT-"],
    responded=[c == "R" for c in "RR----R-R-RR"],
)


# In order of risk a, b, c and so on. 0.25 of ten are 2.5, so two; 0.38 are 3.8, so three (with d it
# would be 0).
TEN = by_column(
    user_id=list("chafjbgeid"),
    risk=[0.8, 0.3, 0.95, 0.5, 0.1, 0.9, 0.4, 0.6, 0.2, 0.7],
    treated=[c == "T" for c in "T-TT--TT--"],
    responded=[c == "R" for c in "-RR-R--RRR"],
)
# 0.42 of the users are 4.62, so four: p, q, r, s. With t it would be 1/3 − 1/2.
ELEVEN = by_column(
    user_id=list("vqxtpwsyrzu"),
    risk=[0.41, 0.84, 0.3, 0.66, 0.91, 0.35, 0.71, 0.22, 0.77, 0.15, 0.52],
    treated=[c == "T" for c in "T---TTT-T-T"],
    responded=[c == "R" for c in "--RRRR----R"],
)


def uplift_of_riskiest(campaign, share):
    """Compare treated and control users among the riskiest; their number is rounded down."""
    top = campaign.nlargest(int(share * len(campaign)), "risk")
    treated = top.loc[top["treated"], "responded"]
    control = top.loc[~top["treated"], "responded"]
    return treated.mean() - control.mean()


UPLIFT_OF_RISKIEST = Exercise(
    id="11-5",
    hints=(
        "What would the riskiest users have done without the coupon? Which users show it?",
        "Take the riskiest int(share · n) of all users first, treated or not. Then compare the "
        "arms.",
        "mean(responded | treated, risky) − mean(responded | not treated, risky).",
    ),
    solution=uplift_of_riskiest,
    # What rounds in another way comes last, so that the other mistakes are recognized first.
    check=in_turn(
        on_cases(
            Case(CAMPAIGN, 0.5, right=1 / 2 - 0 / 2),
            Case(UNEVEN, 0.5, right=0 / 3 - 1 / 3),
            Case(UNEVEN, 0.75, right=2 / 5 - 2 / 4),
        ),
        on_cases(
            Case(TEN, 0.25, right=1 / 1 - 0 / 1),
            Case(TEN, 0.38, right=1 / 2 - 0 / 1),
            held_back=[Case(ELEVEN, 0.42, right=1 / 3 - 0 / 1)],
        ),
    ),
    mistakes="""
    int(share * len(campaign)) => int(np.ceil(share * len(campaign)))
        Your number of users is rounded up where share · n is not whole: `ceil` does that, and so
        does a quantile of the risk. Round down: `int(share * len(campaign))`.
    int(share * len(campaign)) => round(share * len(campaign))
        Your number of users is rounded to the nearest whole number. The budget covers no more than
        the share: round down, `int(share * len(campaign))`.
    return … => return 100 * (…)
        This is the uplift in percentage points. Give the difference of the two shares, such as
        0.05.
    - control.mean() =>
        This is the share of the riskiest who responded to the coupon. Some of them would have
        bought anyway: subtract the share among those without a coupon.
    control = … => control = campaign.loc[~campaign["treated"], "responded"]
        You compared risky treated users with all untreated ones, who are less risky. Compare both
        groups within the riskiest.
    top = … => top = campaign
        This is the uplift of the whole campaign. Take the riskiest first.
    nlargest => nsmallest
        These are the safest users. The highest risk comes first.
    top = … => top = campaign.head(int(share * len(campaign)))
        You took the first rows. The table is not sorted by risk.
    treated.mean() - control.mean() => treated.sum() - control.sum()
        You counted responses. There are not as many treated as untreated users: compare shares.
    control = … => control = campaign.drop(top.index).loc[campaign["treated"], "responded"]
        You compared the riskiest with the rest, all treated. That shows how the two groups differ,
        not what the coupon changed: compare treated and control.
    treated.mean() - control.mean() => control.mean() - treated.mean()
        You subtracted the other way round: treated minus untreated.
    => arms = [arm for _, arm in campaign.groupby("treated")]
    top = … => top = pd.concat(arm.nlargest(int(share * len(arm)), "risk") for arm in arms)
        You took the riskiest of each arm separately. The question asks for the riskiest of all
        users; otherwise the two lists end at different risks.
    top = … => top = campaign.tail(int(share * len(campaign)))
        You took the last rows. The table is not sorted by risk.
    treated.mean() - control.mean() => treated.mean() / control.mean()
        You divided one share by the other. Uplift is a difference of two shares.
    treated.mean() - control.mean() => treated.mean() / control.mean() - 1
        This is the relative change, in percent of those who respond anyway. Uplift is the
        difference of the two shares.
    treated.mean() - control.mean() => (treated.sum() - control.sum()) / len(top)
        You divided both counts by all of them. Divide each by the users of its own arm.
    top = … => top = campaign[campaign["risk"] > share]
        You took users with a risk above `share`. The share says how many users to take, not how
        risky they have to be.
    top = … => top = campaign[campaign["risk"] >= 1 - share]
        You took users with a risk above 1 − share. They are a share of all users only where risks
        are spread evenly between 0 and 1. Take int(share · n) users, the riskiest.
    treated.mean() - =>
        This is how many of the riskiest respond without a coupon. How many do with one?
    """,
    takeaway="An effect is a difference between two random groups; no risk score contains it.",
)


def undo_resampling(p, kept):
    """Divide the odds by what resampling multiplied them by."""
    odds = p / (1 - p) / kept
    return odds / (1 + odds)


UNDO_RESAMPLING = Exercise(
    id="11-6",
    hints=(
        "Of 100 churners and 20 stayers who look alike you keep 50 churners and all stayers. "
        "What happened to the *odds* of churn?",
        "Dropping half of the churners halves the odds p / (1 − p). Nothing else changes.",
        "odds = p / (1 − p) / kept; p = odds / (1 + odds).",
    ),
    solution=undo_resampling,
    check=on_cases(
        # Twice as many churners as the model saw: odds of 1 become 2, and 1/3 becomes 2/3.
        ArrayCase([0.5, 0.25], 0.5, right=[2 / (2 + 1), 2 / (2 + 3)]),
        # Odds of 1/4, 3/2 and 19 become 1, 6 and 76.
        ArrayCase([0.2, 0.6, 0.95], 0.25, right=[1 / 2, 6 / 7, 76 / 77]),
        held_back=[(np.array([0.15, 0.45, 0.7, 0.88]), 0.4)],
    ),
    mistakes="""
    return … => return p * kept
        You multiplied p by the share that was kept. Churners were dropped, so p is too low already;
        and the odds change by a factor, not p.
    return … => return p / kept
        You divided p itself, so some of your probabilities are above 1. Divide the odds p / (1 −
        p).
    return … => return np.minimum(p / kept, 1)
        You divided p and cut it off at 1. Then many users are certain to churn. Divide the odds p /
        (1 − p), which have no upper limit.
    / kept => * kept
        That goes the wrong way: it lowers the odds once more. There were more churners than the
        model saw.
    return … => return odds
        These are still odds. Turn them into probabilities: odds / (1 + odds).
    return … => return 100 * …
        These are probabilities in percent. Give them between 0 and 1.
    return … => return p
        The probabilities are untouched. The model was shown fewer churners than there are.
    p / (1 - p) => p
        You took p itself for the odds. Odds are p / (1 − p): of 0.5 they are 1.
    / kept => / (1 - kept)
        You divided by the share that was dropped. Divide by `kept`, the share of the churners that
        was left.
    return … => return p * kept + 1 - kept
        You mixed p with certainty, as if a share of all users were missing and all of them churned.
        Only churners are missing, and how many depends on p.
    1 + odds => 1 - odds
        A probability is odds / (1 + odds). With a minus, you went in the other direction: from a
        probability to odds.
    odds / (1 + odds) => 1 / (1 + odds)
        These are probabilities of staying. Those of churn are odds / (1 + odds).
    """,
    takeaway="Dropping churners keeps the ranking and multiplies the odds of churn by `kept`; "
    "dividing by it undoes that.",
)
