"""Exercises of lesson 14d: difference-in-differences, staggered adoption, cutoffs and placebos."""

import numpy as np
import pandas as pd

from exercises.engine.exercise import Case, Exercise, on_cases, quiz
from exercises.engine.tables import by_column, by_row

TITLE = "Quasi-experiments"

SMALL_PANEL = by_row("""
    user_id treated after spent
    Ana True False 8.0; Ana True True 15.0; Ben True False 12.0; Ben True True 17.0
    Cem False False 5.0; Cem False True 7.0
""")
PANEL = by_column(
    user_id=np.repeat(["Dua", "Eva", "Fay", "Gil", "Hao"], 2),
    treated=[False] * 2 + [True] * 2 + [False] * 4 + [True] * 2,
    after=[True, False] * 5,
    spent=[9.0, 6.0, 31.0, 30.0, 4.0, 5.0, 15.0, 10.0, 22.0, 28.0],
)
OTHER_PANEL = by_row("""
    user_id treated after spent
    Ida True False 40.0; Ida True True 44.0; Jan False False 12.0; Jan False True 19.0
    Kim False False 3.0; Kim False True 1.0; Lea False False 8.0; Lea False True 14.0
""")


def did(panel):
    """Subtract the change of the others from the change of the treated."""
    means = panel.pivot_table("spent", "treated", "after")
    change = means[True] - means[False]
    return change[True] - change[False]


DID = Exercise(
    id="14d-1",
    hints=(
        "How did each group change?",
        "Compute four means: treated or not, before and after.",
        "(treated after − treated before) − (others after − others before).",
    ),
    solution=did,
    check=on_cases(
        Case(SMALL_PANEL, right=(15 + 17) / 2 - (8 + 12) / 2 - (7 - 5)),
        Case(PANEL, right=(31 + 22) / 2 - (30 + 28) / 2 - ((9 + 4 + 15) / 3 - (6 + 5 + 10) / 3)),
        held_back=[Case(OTHER_PANEL, right=44 - 40 - ((19 + 1 + 14) / 3 - (12 + 3 + 8) / 3))],
    ),
    mistakes="""
    change = … => change = means[True]
        This compares the groups after alone. They differed before, too.
    - change[False] =>
        This is the change of the treated alone. The others changed, too, without treatment.
    change[True] - => change[True] +
        You added the change of the others. It would have happened anyway, so subtract it.
    return … => return change[False] - change[True]
        This is others minus treated, or before minus after. An effect is treated minus others.
    means[True] - means[False] => means[True] / means[False]
        These are relative changes. The question asks for the difference in units of `spent`.
    change = … => change = means[False]
        This compares the groups before alone, when nobody was treated.
    "after" => "after", aggfunc="sum"
        You subtracted sums. The groups may differ in size, so use means.
    "after" => "after", aggfunc="median"
        You subtracted medians. The effect on all customers is a difference of means.
    return … => return (…) / 2
        This is half of it. Add the four means with signs, without dividing again.
    """,
    takeaway="Each group is compared with itself, then the changes are compared.",
)

WAVES = by_row("""
    user_id period adopted spent
    Ana 0 1.0 5.0; Ana 1 1.0 9.0; Ana 2 1.0 12.0; Ana 3 1.0 20.0
    Ben 0 2.0 3.0; Ben 1 2.0 4.0; Ben 2 2.0 8.0; Ben 3 2.0 11.0
    Cem 0 3.0 7.0; Cem 1 3.0 7.0; Cem 2 3.0 9.0; Cem 3 3.0 15.0
    Dua 0 inf 2.0; Dua 1 inf 3.0; Dua 2 inf 7.0; Dua 3 inf 6.0
""")
MORE_WAVES = by_column(
    user_id=np.repeat(["Eva", "Fay", "Gil", "Hao", "Ida", "Jan"], 5),
    period=[4, 0, 2, 1, 3] * 6,
    adopted=np.repeat([2.0, 4.0, 2.0, np.inf, 3.0, np.inf], 5),
    spent=[
        *[31.0, 4, 17, 5, 22, 16, 9, 11, 8, 12, 21, 1, 10, 3, 13],
        *[9.0, 2, 6, 4, 5, 30, 6, 8, 9, 20, 14, 7, 8, 8, 11],
    ],
)
OTHER_WAVES = by_row("""
    user_id period adopted spent
    Kim 0 2.0 1.0; Kim 1 2.0 2.0; Kim 2 2.0 9.0; Kim 3 2.0 8.0
    Lea 0 inf 6.0; Lea 1 inf 5.0; Lea 2 inf 7.0; Lea 3 inf 9.0
    Max 0 3.0 4.0; Max 1 3.0 4.0; Max 2 3.0 3.0; Max 3 3.0 9.0
    Nia 0 2.0 8.0; Nia 1 2.0 7.0; Nia 2 2.0 9.0; Nia 3 2.0 13.0
""")


def group_time(panel, g, t):
    """Subtract the change of those who have not adopted by t from the change of the wave."""
    wide = panel.pivot(index="user_id", columns="period", values="spent")
    adopted = panel.groupby("user_id")["adopted"].first()
    change = wide[t] - wide[g - 1]
    return change[adopted == g].mean() - change[adopted > t].mean()


GROUP_TIME = Exercise(
    id="14d-2",
    hints=(
        "Whose change do you want, and since which period? Who shows what would have happened?",
        "The change runs from g − 1 to t. Controls are the users with `adopted` after t.",
        'wide = panel.pivot(index="user_id", columns="period", values="spent"); then '
        "the mean of wide[t] − wide[g − 1] in the wave, minus that of the controls.",
    ),
    solution=group_time,
    check=on_cases(
        # From 0 to 2 Ana gains 7; not yet treated are Cem, who gains 2, and Dua, who gains 5.
        Case(WAVES, 1, 2, right=7 - (2 + 5) / 2),
        # From 1 to 3 Ben gains 7; only Dua is left, who gains 3.
        Case(WAVES, 2, 3, right=7.0 - 3),
        # From 1 to 2 Eva gains 12 and Gil 7; Fay 3, Hao 2, Ida −1 and Jan 0 are controls.
        Case(MORE_WAVES, 2, 2, right=(12 + 7) / 2 - (3 + 2 - 1 + 0) / 4),
        # From 1 to 4 Eva gains 26 and Gil 18; Hao 5 and Jan 6 are left.
        Case(MORE_WAVES, 2, 4, right=(26 + 18) / 2 - (5 + 6) / 2),
        held_back=[Case(OTHER_WAVES, 2, 2, right=(7 + 2) / 2 - (2 - 1) / 2)],
    ),
    mistakes="""
    change[adopted > t] => change[adopted != g]
        Some of your controls are treated already. Their own effect still grows, and you subtract
        it: the forbidden comparison. Controls are those with `adopted` after t.
    change[adopted > t] => change[adopted > g]
        Some of your controls adopt between g and t, so by t they are treated. Controls are those
        with `adopted` after t.
    change[adopted > t] => change[(adopted < g) | (adopted > t)]
        Some of your controls adopted before g, so they are treated already: the forbidden
        comparison. Controls are those with `adopted` after t.
    change[adopted > t] => change[adopted == np.inf]
        You compared only with users who never adopt. Those who adopt after t are controls, too.
    change[adopted > t] => change[adopted >= t]
        You count users who adopt in period t itself as controls. By then they are treated.
    wide[g - 1] => wide[t - 1]
        You subtracted the period before t. The change runs from g − 1, the last period without
        the treatment.
    wide[g - 1] => wide[g]
        You subtracted period g, which is treated already. The change runs from g − 1.
    wide[g - 1] => wide[0]
        You subtracted the first period. The change runs from g − 1, the last period before the
        wave adopted.
    - change[adopted > t].mean() =>
        This is the change of the wave alone. Without the treatment it would have changed, too:
        subtract the change of those not yet treated.
    return … => return wide.loc[adopted == g, t].mean() - wide.loc[adopted > t, t].mean()
        You compared levels in period t. Compare changes since g − 1.
    return … => return change[adopted > t].mean() - change[adopted == g].mean()
        This is controls minus wave. An effect is treated minus others.
    return … => return change[adopted == g].sum() - change[adopted > t].sum()
        You subtracted sums. The groups differ in size, so use means.
    change[adopted == g] => change[adopted <= g]
        You averaged over all who have adopted by g. The effect is that on wave g alone.
    """,
    takeaway="In staggered adoption, only those who are not treated yet are controls.",
)

AT_100 = by_column(
    spent=[62.0, 70, 78, 85, 91, 97, 100, 104, 111, 118, 127, 135, 30, 170],
    orders=[1.0, 2, 1, 3, 2, 4, 5, 7, 5, 6, 8, 7, 0, 20],
)
AT_50 = by_column(
    spent=[58.0, 31, 50, 66, 44, 39, 53, 25, 61, 47, 10, 90],
    orders=[6.0, 3, 4, 9, 2, 4, 6, 1, 5, 3, 9, 0],
)
AT_20 = by_column(spent=[11.0, 14, 17, 19, 20, 22, 25, 28], orders=[3.0, 1, 2, 2, 5, 3, 6, 4])


def jump(users, cutoff, bandwidth):
    """Fit a line on each side with triangular weights, and compare them at the cutoff."""
    x, y = users["spent"] - cutoff, users["orders"]
    weight = np.sqrt((1 - x.abs() / bandwidth).clip(lower=0))  # polyfit squares it
    sides = (x >= 0, x < 0)
    above, below = (np.polyfit(x[s], y[s], 1, w=weight[s]) for s in sides)
    return above[1] - below[1]


JUMP = Exercise(
    id="14d-3",
    hints=(
        "Where must the two lines be compared, and who counts for them?",
        "With x = spent − cutoff, `np.polyfit(x, y, 1, w=…)` gives the slope and the level at the "
        "cutoff. It squares its weights.",
        "Weights: the square root of max(0, 1 − |x| / bandwidth). The jump is the level of the "
        "line above minus the level of the line below.",
    ),
    solution=jump,
    check=on_cases(
        (AT_100, 100, 40),
        (AT_50, 50, 30),
        (AT_50, 50, 20),
        held_back=[(AT_20, 20, 12)],
    ),
    mistakes="""
    return … => return y[x >= 0].mean() - y[x < 0].mean()
        You compared all above with all below. They differ anyway: compare two lines at the cutoff.
    return … => return np.subtract(*(np.average(y[s], weights=weight[s] ** 2) for s in sides))
        You compared weighted means. A line on each side takes out the slope.
    np.sqrt((1 - x.abs() / bandwidth).clip(lower=0)) => (1 - x.abs() / bandwidth).clip(lower=0)
        `np.polyfit` squares its weights. Give it the square root.
    np.sqrt((1 - x.abs() / bandwidth).clip(lower=0)) => 1.0 * (x.abs() < bandwidth)
        You gave everybody within the bandwidth the same weight. The nearer, the more.
    np.sqrt((1 - x.abs() / bandwidth).clip(lower=0)) => 1 + 0 * x
        You used everybody. Only users within the bandwidth count, and the nearer the more.
    above[1] - below[1] => below[1] - above[1]
        This is below minus above. The treated are above the cutoff.
    above[1] - below[1] => above[0] - below[0]
        These are slopes. `np.polyfit` returns the slope first, then the level where x is 0.
    return … => return above[1] - below[1] - cutoff * (above[0] - below[0])
        You compared the lines where `spent` is 0. Subtract the cutoff from `spent` before you fit.
    (x >= 0, x < 0) => (x > 0, x <= 0)
        You put users exactly at the cutoff below it. They have reached it, so they are treated.
    """,
    takeaway="At a cutoff, compare where two lines meet it, not the means of the two sides.",
)

DESIGN = quiz(
    id="14d-4",
    options="""
    a) Shipping is free from 50 dollars. Compare carts just over 50 dollars with those just below.
        Customers see the cutoff and fill up their carts to reach it, so the two sides differ.
    b) Who may pay later has a bank's score of 600, unknown to them. Compare just above and below.
    c) A city got same-day delivery as its sales were falling. Compare its change with others'.
        Its sales were falling before, so the trends are not parallel. A fall that goes on would
        look like an effect.
    d) Each store got a new till, one by one. Regress sales on it, with store and month effects.
        In the end all are treated, so the regression compares new with old tills, whose effect may
        still grow.
    """,
    hints=(
        "Who decided about the treatment, and what did they know?",
        "Which comparison group moves, or would have moved, as the treated one?",
        "Can anybody here choose a side of the cutoff?",
    ),
    takeaway="Ask who could choose, and whether the comparison group would have moved alike.",
)

STUDY = by_column(
    user_id=np.repeat(["Ana", "Ben", "Cem", "Dua"], 3),
    treated=[True] * 6 + [False] * 6,
    period=[-2, -1, 0] * 4,
    spent=[6.0, 10, 13, 8, 8, 15, 1, 3, 4, 3, 3, 6],
)
LONGER_STUDY = by_column(
    user_id=np.repeat(["Eva", "Fay", "Gil", "Lea"], 5),
    treated=[False] * 5 + [True] * 5 + [False] * 10,
    period=[1, 0, -1, -2, -3] * 4,
    spent=[4.0, 2, 5, 7, 3, 22, 19, 13, 16, 11, 9, 8, 4, 6, 2, 2, 5, 12, 8, 1],
)
OTHER_STUDY = by_column(
    user_id=np.repeat(["Hao", "Ida", "Jan", "Kim"], 4),
    treated=[True] * 4 + [False] * 8 + [True] * 4,
    period=[-3, -2, -1, 0] * 4,
    spent=[9.0, 12, 18, 16, 4, 5, 9, 1, 7, 3, 6, 8, 21, 17, 25, 30],
)
STUDIES = [
    # Treated 7, 9, 14, others 2, 3, 5.
    Case(STUDY, right=pd.Series([5.0 - 6, 0, 9 - 6], pd.RangeIndex(-2, 1, name="period"))),
    # Treated 11, 16, 13, 19, 22, others 2, 7, 7, 5, 5.
    Case(
        LONGER_STUDY,
        right=pd.Series([9.0 - 6, 9 - 6, 0, 14 - 6, 17 - 6], pd.RangeIndex(-3, 2, name="period")),
    ),
]


def against_last_before(panel):
    """Subtract the gap of the last period before from the gap of each period."""
    means = panel.pivot_table("spent", "period", "treated")
    gap = means[True] - means[False]
    return gap - gap[-1]


EVENTS = Exercise(
    id="14d-5",
    hints=(
        "How far apart are the two groups in each period?",
        "Subtract the gap of period −1 from the gap of each period.",
        "gap = mean of the treated − mean of the others, by period; then gap − gap[−1].",
    ),
    solution=against_last_before,
    check=on_cases(*STUDIES, held_back=[OTHER_STUDY]),
    mistakes="""
    - gap[-1] =>
        This is the gap itself. Subtract the gap of period −1 from it.
    gap = … => gap = means[True]
        These are the treated alone. Subtract the change of the others.
    gap = … => gap = means[False]
        These are the others alone. The question asks for treated minus others.
    gap[-1] => gap.iloc[0]
        You compared with the first period. The reference is period −1.
    gap[-1] => gap.iloc[-1]
        You compared with the last period. −1 is the label of the period, not a position:
        `gap.loc[-1]`.
    return … => return gap.diff().fillna(0)
        You compared with the previous period. The reference is period −1 for all of them.
    gap[-1] => gap.loc[:-1].mean()
        You compared with the mean before. The reference is period −1.
    return … => return gap[-1] - gap
        This is others minus treated. An effect is treated minus others.
    "treated" => "treated", aggfunc="median"
        You subtracted medians. The effect on all customers is a difference of means.
    "treated" => "treated", aggfunc="sum"
        You subtracted sums. The groups may differ in size, so use means.
    """,
    takeaway="Before the treatment, an event study is a row of placebo tests.",
    further=True,
)


GAPS = by_column(
    Camping=[0.1, -0.2, 0.1, 0.0, 0.6, 0.7],
    Toys=[0.3, -0.3, 0.2, -0.2, 0.4, -0.5],
    Craft=[0.05, 0.0, -0.05, 0.02, 0.3, 0.1],
    Desk=[0.4, -0.4, 0.3, -0.3, 1.0, 1.2],
    Party=[0.2, -0.1, 0.0, 0.1, 0.1, 0.2],
)
MORE_GAPS = by_column(
    a=[1.0, -1, 2, 13, 0],
    b=[2.0, -2, 1, 1, -1],
    c=[0.5, 0.5, -0.5, -3, -3],
    d=[3.0, -3, 3, 2, 4],
    e=[0.2, 0.1, -0.1, 0.1, 0.2],
    f=[1.0, 1, 1, 1, 2],
    g=[0.1, -0.1, 0.1, 0.9, -0.9],
)
OTHER_GAPS = by_column(
    p=[1.0, 2, 1, 4], q=[0.5, -0.5, 3, -3], r=[2.0, 2, 2, 1], s=[0.3, 0.1, 0.2, 0.8]
)


def placebo_p(gaps, treated, start):
    """Return the share of units whose gap grew at least as much as that of the treated one."""
    before, after = gaps[gaps.index < start], gaps[gaps.index >= start]
    ratio = np.sqrt((after**2).mean()) / np.sqrt((before**2).mean())
    return (ratio >= ratio[treated]).mean()


PLACEBO = Exercise(
    id="14d-6",
    hints=(
        "How large is each unit's gap after the start, compared with its misfit before?",
        "RMSE after / RMSE before is the ratio of a unit. Count those of the treated one or more.",
        "ratio = sqrt(mean of squared gaps from the start on) / sqrt(mean of those before); then "
        "(ratio >= ratio[treated]).mean().",
    ),
    solution=placebo_p,
    check=on_cases(
        (GAPS, "Camping", 4),
        (MORE_GAPS, "c", 3),
        (MORE_GAPS, "b", 3),
        held_back=[(OTHER_GAPS, "p", 2)],
    ),
    mistakes="""
    ratio >= ratio[treated] => ratio > ratio[treated]
        The treated unit counts, too: with 24 units the smallest p-value is 1/24, not 0. Use >=.
    / np.sqrt((before**2).mean()) =>
        You compared the gaps after the start alone. A unit that fitted badly before has a large gap
        without any treatment: divide by its RMSE before.
    (ratio >= ratio[treated]).mean() => (ratio >= ratio[treated]).sum()
        This is the rank. The p-value is the rank divided by the number of units.
    ratio >= ratio[treated] => ratio <= ratio[treated]
        You counted the smaller ratios. The p-value is the share of units at least as extreme.
    ratio = … => ratio = after.mean() / before.mean()
        You averaged gaps with their signs, so they cancel. Square them first.
    ratio = … => ratio = after.abs().mean() / before.abs().mean()
        You averaged absolute gaps. The RMSE squares them first, so large gaps count more.
    gaps.index < start => gaps.index <= start
        You counted period `start` as before. It is the first one with the treatment; `.loc[:start]`
        includes it.
    return … => return (ratio.drop(treated) >= ratio[treated]).mean()
        You left the treated unit out. It could have been any of the units: count it, too.
    return … => return ratio[treated]
        This is the ratio of the treated unit. How many units have one at least as large?
    """,
    takeaway="With one treated unit, chance is measured by pretending that others were treated.",
)

NO_CUTOFF = quiz(
    id="14d-7",
    options="""
    a) The grocer chose households at random.
        The chosen had spent more before. Their share rises with spending, but without a jump.
    b) The coupons had no effect.
        The outcome here is the choice itself, not what the coupons did.
    c) Regression discontinuity does not help here: the choice has no visible cutoff in spending.
    d) With a larger bandwidth, a cutoff would appear.
        A larger bandwidth relies more on straight lines. It can find a jump that is only a curve.
    """,
    hints=(
        "What is the outcome in these seven estimates?",
        'What would a rule such as "from 30 dollars a week" do to the share of the chosen?',
        "The method needs a jump in the treatment.",
    ),
    takeaway="Without a jump in the treatment there is no regression discontinuity.",
)
