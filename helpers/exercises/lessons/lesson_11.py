"""Exercises of lesson 11: labels, what was known, thresholds, resampling, risk and sensitivity."""

import numpy as np
import pandas as pd

from helpers.exercises.exercise import Exercise, Mistake, on_cases, quiz

TITLE = "Churn"


def _purchases(**of_users):
    rows = [(user, day) for user, days in of_users.items() for day in days]
    return pd.DataFrame(rows, columns=["user_id", "day"])


# By hand, t0 = 30, gap 5, horizon 20: the window is 36 to 55. Ana buys on 36 (and on 60, which is
# too late to matter), Ben on 55: active. Cem buys on 35, in the gap, and on 56, after the end:
# churned. Dan, known since the evening of day 30, does nothing more: churned. Eva comes on day 31:
# no label.
SHOP = _purchases(Ana=[3, 36, 60], Ben=[12, 55], Cem=[20, 35, 56], Dan=[30], Eva=[31, 40])
SPRING = _purchases(Ana=[1, 9, 28], Ben=[10, 14], Cem=[4, 12, 19], Dan=[11], Eva=[2], Fay=[9, 20])
NO_GAP = _purchases(Ana=[5, 8], Ben=[2, 7], Cem=[6, 11], Dan=[7, 10], Eva=[3])


def churners(purchases, t0, gap, horizon):
    """Take the users known at t0, and drop those who buy inside the window."""
    day = purchases["day"]
    known = set(purchases.loc[day <= t0, "user_id"])
    inside = (day > t0 + gap) & (day <= t0 + gap + horizon)
    return sorted(known - set(purchases.loc[inside, "user_id"]))


def _known(purchases, t0):
    return set(purchases.loc[purchases["day"] <= t0, "user_id"])


def _active(purchases, low, high):
    """Return who buys after one day, up to and on another."""
    day = purchases["day"]
    return set(purchases.loc[(day > low) & (day <= high), "user_id"])


def _inside(days, t0, gap, horizon):
    """Return the users, of a Series user → day, whose day is inside the window."""
    return set(days.index[days.between(t0 + gap + 1, t0 + gap + horizon)])


CHURNERS = Exercise(
    id="11-1",
    objective="Label churn by a window, for the users who were known.",
    hints=(
        "On the evening of day t0, of whom does the shop know? Which days can prove them active?",
        "Two sets: who bought up to t0, and who buys in the window. Which of them do you want?",
        "known: day ≤ t0. Active: t0 + gap < day ≤ t0 + gap + horizon. Churners: known − active.",
    ),
    solution=churners,
    check=on_cases((SHOP, 30, 5, 20), (SPRING, 10, 3, 7), (NO_GAP, 7, 0, 3), (SHOP, 12, 8, 19)),
    wrong_answers={
        "not known": Mistake(
            lambda purchases, t0, gap, horizon: sorted(
                set(purchases["user_id"]) - _active(purchases, t0 + gap, t0 + gap + horizon)
            ),
            "There is somebody in your list who was not known at t0: a first purchase came later. "
            "Whom nobody knew, nobody could have written to.",
        ),
        "forgot the gap": Mistake(
            lambda purchases, t0, gap, horizon: sorted(
                _known(purchases, t0) - _active(purchases, t0, t0 + horizon)
            ),
            "You forgot the gap: the window starts after t0 + gap, and ends `horizon` days later.",
        ),
        "gap is not added to the end": Mistake(
            lambda purchases, t0, gap, horizon: sorted(
                _known(purchases, t0) - _active(purchases, t0 + gap, t0 + horizon)
            ),
            "The gap is not added to the end of the window: it shortens your horizon. The window "
            "closes on t0 + gap + horizon.",
        ),
        "purchases in the gap": Mistake(
            lambda purchases, t0, gap, horizon: sorted(
                _known(purchases, t0) - _active(purchases, t0, t0 + gap + horizon)
            ),
            "You let purchases in the gap count. They come before a campaign could act, so they "
            "count neither way.",
        ),
        "open end": Mistake(
            lambda purchases, t0, gap, horizon: sorted(
                _known(purchases, t0) - _active(purchases, t0 + gap, np.inf)
            ),
            "Your window has an open end. Then the label depends on when the file was made: close "
            "it on t0 + gap + horizon.",
        ),
        "looks back": Mistake(
            lambda purchases, t0, gap, horizon: sorted(
                _known(purchases, t0) - _active(purchases, t0 - horizon, t0)
            ),
            "Your window looks back from t0. Then the label is a feature, the days since the last "
            "purchase, and any model will seem to be perfect.",
        ),
        "those who stay": Mistake(
            lambda purchases, t0, gap, horizon: sorted(
                _known(purchases, t0) & _active(purchases, t0 + gap, t0 + gap + horizon)
            ),
            "These are those who stay. Churners are the others of those who were known.",
        ),
        "all who were known": Mistake(
            lambda purchases, t0, gap, horizon: sorted(_known(purchases, t0)),
            "These are all who were known. Dropping the *rows* inside the window leaves a user's "
            "other rows: drop the users.",
        ),
        "outside the window": Mistake(
            lambda purchases, t0, gap, horizon: sorted(
                set(purchases["user_id"])
                - {
                    user
                    for user, days in purchases.groupby("user_id")["day"]
                    if days.between(t0 + gap + 1, t0 + gap + horizon).all()
                }
            ),
            "This is everybody with a purchase outside the window. Ask of each user, not of each "
            "row: was there one inside?",
        ),
        "last purchase": Mistake(
            lambda purchases, t0, gap, horizon: sorted(
                _known(purchases, t0)
                - _inside(purchases.groupby("user_id")["day"].max(), t0, gap, horizon)
            ),
            "You looked at each user's last purchase only. Who bought inside the window, and once "
            "more after it, was active.",
        ),
        "next purchase": Mistake(
            lambda purchases, t0, gap, horizon: sorted(
                _known(purchases, t0)
                - _inside(
                    purchases[purchases["day"] > t0].groupby("user_id")["day"].min(),
                    t0,
                    gap,
                    horizon,
                )
            ),
            "You looked at the next purchase after t0 only. Who bought in the gap, and again "
            "inside the window, was active.",
        ),
        "a day early": Mistake(
            lambda purchases, t0, gap, horizon: sorted(
                _known(purchases, t0) - _active(purchases, t0 + gap - 1, t0 + gap + horizon)
            ),
            "Your window opens a day early. Day t0 + gap is still the gap: day > t0 + gap.",
        ),
        "leaves out its last day": Mistake(
            lambda purchases, t0, gap, horizon: sorted(
                _known(purchases, t0) - _active(purchases, t0 + gap, t0 + gap + horizon - 1)
            ),
            "Your window leaves out its last day. Day t0 + gap + horizon counts, so that it has "
            "`horizon` days.",
        ),
        "shifted by a day": Mistake(
            lambda purchases, t0, gap, horizon: sorted(
                _known(purchases, t0) - _active(purchases, t0 + gap - 1, t0 + gap + horizon - 1)
            ),
            "Your window is shifted by a day. It runs from t0 + gap + 1 to t0 + gap + horizon, "
            "both included.",
        ),
        "evening": Mistake(
            lambda purchases, t0, gap, horizon: sorted(
                _known(purchases, t0 - 1) - _active(purchases, t0 + gap, t0 + gap + horizon)
            ),
            "You left out who bought for the first time on day t0. On its evening they are known: "
            "day ≤ t0.",
        ),
    },
    takeaway="A label is a window in the future, the same for all, and only for whom one knew.",
)


# By hand, t0 = 50: Ana bought on 10 and 46, 4 days ago; her 53 is tomorrow's news. Ben on 50, 0
# days ago. Cem on 20 and 35, 15 days ago. Dan comes on 51 and is not there yet.
LOG = _purchases(Ana=[10, 46, 53], Ben=[50], Cem=[35, 20], Dan=[51])
LONG_AGO = _purchases(Cem=[1, 90], Ana=[40, 41, 60], Ben=[33, 70])


def days_since_last(purchases, t0):
    """Cut at t0 first; then each user's last day, seen from t0."""
    known = purchases[purchases["day"] <= t0]
    return (t0 - known.groupby("user_id")["day"].max()).to_dict()


DAYS_SINCE_LAST = Exercise(
    id="11-2",
    objective="Compute recency on the evening of a day, from a table that runs on.",
    hints=(
        "Which rows did the shop have on the evening of day t0?",
        "Cut the table first, then `groupby`. Seen from which day has somebody been away?",
        "t0 − the last day of each user, over rows with day ≤ t0.",
    ),
    solution=days_since_last,
    check=on_cases((LOG, 50), (LONG_AGO, 60), (LOG, 40)),
    wrong_answers={
        "negative": Mistake(
            lambda purchases, t0: (t0 - purchases.groupby("user_id")["day"].max()).to_dict(),
            "Some of your recencies are negative: the table was not cut at t0, so the feature "
            "knows who will come back.",
        ),
        "clipped": Mistake(
            lambda purchases, t0: (
                (t0 - purchases.groupby("user_id")["day"].max()).clip(lower=0).to_dict()
            ),
            "You clipped what was negative to 0. The future is still in it: who buys after t0 gets "
            "a 0. Cut the rows instead.",
        ),
        "end of the file": Mistake(
            lambda purchases, t0: (
                purchases["day"].max()
                - purchases[purchases["day"] <= t0].groupby("user_id")["day"].max()
            ).to_dict(),
            "You counted back from the end of the file. On the evening of t0 the file ended there.",
        ),
        "first purchase": Mistake(
            lambda purchases, t0: (
                t0 - purchases[purchases["day"] <= t0].groupby("user_id")["day"].min()
            ).to_dict(),
            "These are days since the first purchase. Recency looks at the last one.",
        ),
        "from first to last": Mistake(
            lambda purchases, t0: (
                purchases[purchases["day"] <= t0]
                .groupby("user_id")["day"]
                .agg(lambda days: days.max() - days.min())
                .to_dict()
            ),
            "This is the time from first to last purchase, which BG/NBD calls recency. Here it is "
            "the marketer's: from the last purchase to t0.",
        ),
        "last row": Mistake(
            lambda purchases, t0: (
                t0 - purchases[purchases["day"] <= t0].groupby("user_id")["day"].last()
            ).to_dict(),
            "You took each user's last row, and the rows are not in order of time. Take the "
            "greatest day.",
        ),
        "before t0": Mistake(
            lambda purchases, t0: (
                t0 - purchases[purchases["day"] < t0].groupby("user_id")["day"].max()
            ).to_dict(),
            "You kept only what came before t0. On the evening of t0 the purchases of that day are "
            "known: day ≤ t0.",
        ),
        "absolute": Mistake(
            lambda purchases, t0: (t0 - purchases.groupby("user_id")["day"].max()).abs().to_dict(),
            "You took the absolute value. Then a purchase tomorrow looks like one of yesterday. "
            "Cut the rows at t0 instead.",
        ),
        "who came back": Mistake(
            lambda purchases, t0: {
                user: ago
                for user, ago in (t0 - purchases.groupby("user_id")["day"].max()).items()
                if ago >= 0
            },
            "You dropped who came back: users whose last purchase is later than t0 are missing, "
            "and they are those who did not churn. Cut rows, not users.",
        ),
        "users, not rows": Mistake(
            lambda purchases, t0: (
                t0
                - purchases[purchases["user_id"].isin(_known(purchases, t0))]
                .groupby("user_id")["day"]
                .max()
            ).to_dict(),
            "You cut users, not rows. Those who were known are left with all their purchases, the "
            "later ones too.",
        ),
        "the rows that are left": Mistake(
            lambda purchases, t0: (
                purchases.loc[purchases["day"] <= t0, "day"].max()
                - purchases[purchases["day"] <= t0].groupby("user_id")["day"].max()
            ).to_dict(),
            "You counted back from the last of the rows that are left. On t0 itself nobody may "
            "have bought, and it is still the day to count from.",
        ),
        "never cut": Mistake(
            lambda purchases, t0: (
                purchases["day"].max() - purchases.groupby("user_id")["day"].max()
            ).to_dict(),
            "You never cut the table, and counted back from its end. The question is what stood "
            "in it on the evening of t0.",
        ),
        "the day itself": Mistake(
            lambda purchases, t0: (
                purchases[purchases["day"] <= t0].groupby("user_id")["day"].max().to_dict()
            ),
            "This is the day itself of the last purchase. How long ago is it, seen from t0?",
        ),
        "other way round": Mistake(
            lambda purchases, t0: (
                purchases[purchases["day"] <= t0].groupby("user_id")["day"].max() - t0
            ).to_dict(),
            "You subtracted the other way round: t0 − day.",
        ),
        "a day too many": Mistake(
            lambda purchases, t0: (
                t0 + 1 - purchases[purchases["day"] <= t0].groupby("user_id")["day"].max()
            ).to_dict(),
            "You count a day too many: who bought on t0 itself has been away for 0 days.",
        ),
    },
    takeaway="Cut first, then count: a feature is what stood in the books on one evening.",
)

# By hand: worth 30, gift 2, letter 2, half accept. A churner brings 0.5 · (30 − 2) − 2 = 12, a
# stayer costs 2 + 2 = 4, p* = 4 / (4 + 12) = 1/4. Worth 20, gift 4, letter 1, a quarter accept:
# 0.25 · 16 − 1 = 3 and 5, p* = 5/8.
RISKS = pd.Series({"Ana": 0.9, "Ben": 0.25, "Cem": 0.2, "Dan": 0.625, "Eva": 0.6, "Fay": 0.23})
MORE_RISKS = pd.Series(
    {"Ana": 0.55, "Ben": 0.72, "Cem": 0.15, "Dan": 0.36, "Eva": 0.3, "Fay": 0.06}
)


def whom_to_write(risk, worth, gift, letter, accept):
    """Write if what churners bring, weighted by p, is at least what stayers cost."""
    benefit = accept * (worth - gift) - letter
    cost = gift + letter
    return list(risk.index[risk >= cost / (cost + benefit)])


def _above(threshold):
    def answer(risk, worth, gift, letter, accept):
        return list(risk.index[risk >= threshold(worth, gift, letter, accept)])

    return answer


def _ratio(cost, benefit):
    return cost / (cost + benefit)


WHOM_TO_WRITE = Exercise(
    id="11-3",
    objective="Turn costs into a threshold.",
    hints=(
        "What does a letter to somebody about to churn bring on average? And what does one to "
        "somebody who would have stayed cost?",
        "Who would have stayed takes the gift, too. Of those about to churn only a part accepts.",
        "benefit = accept · (worth − gift) − letter, cost = gift + letter; write from "
        "p = cost / (cost + benefit) on.",
    ),
    solution=whom_to_write,
    check=on_cases(
        (RISKS, 30, 2, 2, 0.5),
        (RISKS, 20, 4, 1, 0.25),
        (MORE_RISKS, 100, 5, 2, 0.1),
        (MORE_RISKS, 40, 8, 1, 0.5),
        (MORE_RISKS, 50, 2, 1, 0.5),
    ),
    wrong_answers={
        "one half": Mistake(
            _above(lambda worth, gift, letter, accept: 0.5),
            "You cut at one half. That would be right if both mistakes cost the same; the costs "
            "say otherwise.",
        ),
        "take the gift": Mistake(
            _above(
                lambda worth, gift, letter, accept: _ratio(letter, accept * (worth - gift) - letter)
            ),
            "You forgot that those who would have stayed take the gift as well: a letter to them "
            "costs gift + letter.",
        ),
        "everybody accepts": Mistake(
            _above(
                lambda worth, gift, letter, accept: _ratio(gift + letter, worth - gift - letter)
            ),
            "With you everybody accepts. Only a part of those about to churn does, and only they "
            "bring something.",
        ),
        "gift of those who accept": Mistake(
            _above(
                lambda worth, gift, letter, accept: _ratio(gift + letter, accept * worth - letter)
            ),
            "You forgot the gift of those who accept: they bring worth − gift.",
        ),
        "letter is paid": Mistake(
            _above(
                lambda worth, gift, letter, accept: _ratio(gift + letter, accept * (worth - gift))
            ),
            "The letter is paid whether they accept or not: subtract it from the benefit.",
        ),
        "gift to all": Mistake(
            _above(
                lambda worth, gift, letter, accept: _ratio(
                    gift + letter, accept * worth - gift - letter
                )
            ),
            "You gave the gift to all who are about to churn. Who does not accept takes no gift.",
        ),
        "cost / benefit": Mistake(
            _above(
                lambda worth, gift, letter, accept: (
                    (gift + letter) / (accept * (worth - gift) - letter)
                )
            ),
            "You took cost / benefit. That is where the *odds* p / (1 − p) have to be; as a "
            "probability it is cost / (cost + benefit).",
        ),
        "upside down": Mistake(
            _above(
                lambda worth, gift, letter, accept: (
                    1 - _ratio(gift + letter, accept * (worth - gift) - letter)
                )
            ),
            "Your threshold is upside down: benefit / (cost + benefit). The more a mistake costs, "
            "the surer one has to be.",
        ),
        "where it is accepted": Mistake(
            _above(
                lambda worth, gift, letter, accept: _ratio(
                    gift + letter, accept * (worth - gift - letter)
                )
            ),
            "You pay for the letter only where it is accepted. It is sent to all, so it costs "
            "`letter` in any case.",
        ),
        "a share of them": Mistake(
            lambda risk, worth, gift, letter, accept: list(
                risk.index[
                    risk * (accept * (worth - gift) - letter)
                    >= (1 - risk) * (accept * gift + letter)
                ]
            ),
            "Of those who would have stayed, you let only a share of them take the gift. All of "
            "them take it; `accept` is about those who would churn.",
        ),
        "forgot the letter": Mistake(
            _above(lambda worth, gift, letter, accept: _ratio(gift, accept * (worth - gift))),
            "You forgot the letter: it has to be paid for churners and for stayers.",
        ),
        "more than": Mistake(
            lambda risk, worth, gift, letter, accept: list(
                risk.index[risk > _ratio(gift + letter, accept * (worth - gift) - letter)]
            ),
            "You write only where it brings more than nothing. Who is exactly at the threshold is "
            "asked for, too: ≥.",
        ),
        "those to leave alone": Mistake(
            lambda risk, worth, gift, letter, accept: list(
                risk.index[risk < _ratio(gift + letter, accept * (worth - gift) - letter)]
            ),
            "These are those to leave alone. Write to the others, at high risk.",
        ),
    },
    takeaway="The threshold comes from the costs, not from the model, and is hardly ever one half.",
)


# By hand: a model that saw half of the churners says 0.5. Odds 1 to 1; in truth there were twice as
# many churners, so 2 to 1: 2/3. With 0.25 odds of 1/3 become 2/3: 2/5. A quarter kept, and 0.2:
# odds 1/4 become 1: 1/2.
def put_right(p, kept):
    """Give the odds back what was thrown away."""
    odds = p / (1 - p) / kept
    return odds / (1 + odds)


PUT_RIGHT = Exercise(
    id="11-4",
    objective="Undo what resampling did to probabilities.",
    hints=(
        "Of a hundred churners and twenty others you keep fifty churners. Among those who look "
        "alike, what happened to the *odds* of churn?",
        "Throwing away half of the churners halves the odds p / (1 − p). Nothing else changes.",
        "odds = p / (1 − p) / kept; p = odds / (1 + odds).",
    ),
    solution=put_right,
    check=on_cases(
        (np.array([0.5, 0.25]), 0.5),
        (np.array([0.2, 0.6, 0.95]), 0.25),
        (np.array([0.1, 0.35, 0.5, 0.75]), 0.8),
    ),
    wrong_answers={
        "multiplied": Mistake(
            lambda p, kept: p * kept,
            "You multiplied p by the share that was kept. Churners were thrown away, so p was too "
            "low already; and it is the odds that scale, not p.",
        ),
        "divided p": Mistake(
            lambda p, kept: p / kept,
            "You divided p itself, and some of your probabilities pass 1. The odds p / (1 − p) "
            "scale.",
        ),
        "cut it off": Mistake(
            lambda p, kept: np.minimum(p / kept, 1),
            "You divided p and cut it off at 1. Then many are certain to churn; the odds "
            "p / (1 − p) scale, and they have no ceiling.",
        ),
        "wrong way": Mistake(
            lambda p, kept: p * kept / (p * kept + 1 - p),
            "That goes the wrong way: it lowers the odds once more. There were more churners than "
            "the model saw.",
        ),
        "still odds": Mistake(
            lambda p, kept: p / (1 - p) / kept,
            "These are still odds. Turn them into probabilities: odds / (1 + odds).",
        ),
        "untouched": Mistake(
            lambda p, kept: p,
            "The probabilities are untouched. The model was shown fewer churners than there are.",
        ),
        "for the odds": Mistake(
            lambda p, kept: p / kept / (1 + p / kept),
            "You took p itself for the odds. Odds are p / (1 − p): of 0.5 they are 1.",
        ),
        "was thrown away": Mistake(
            lambda p, kept: p / (1 - p) / (1 - kept) / (1 + p / (1 - p) / (1 - kept)),
            "You divided by the share that was thrown away. `kept` is the share that stayed: of "
            "100 churners 100 · kept, so divide by kept.",
        ),
        "of all": Mistake(
            lambda p, kept: p * kept + 1 - kept,
            "You mixed p with certainty, as if a share of all customers were missing. What is "
            "missing is a share of the churners, and how many those are depends on p.",
        ),
        "other direction": Mistake(
            lambda p, kept: (p / (1 - p) / kept) / (1 - p / (1 - p) / kept),
            "From odds back to a probability it is odds / (1 + odds). With the minus you went the "
            "other direction once more.",
        ),
        "of staying": Mistake(
            lambda p, kept: 1 / (1 + p / (1 - p) / kept),
            "These are probabilities of staying. Those of churn are odds / (1 + odds).",
        ),
    },
    takeaway="Resampling keeps the order and moves the odds by a known factor. Better not do it.",
)

# By hand, the riskiest half of eight: a, b, c, d. Treated a, b: one of two responded. Others c, d:
# none of two. 0.5. All users: treated a, b, e, f: 3/4, others 1/4.
CAMPAIGN = pd.DataFrame(
    {
        "user_id": list("cafhbged"),
        "risk": [0.7, 0.9, 0.4, 0.2, 0.8, 0.3, 0.5, 0.6],
        "treated": [False, True, True, False, True, False, True, False],
        "responded": [False, True, True, True, False, False, True, False],
    }
)
# The riskiest half here: j, d, h, g, k, i. Treated d, g, i: none responded. Of the others, j, h, k,
# one of three. −1/3.
UNEVEN = pd.DataFrame(
    {
        "user_id": list("baickjhgedfl"),
        "risk": [0.62, 0.55, 0.75, 0.4, 0.8, 0.97, 0.9, 0.88, 0.7, 0.95, 0.65, 0.52],
        "treated": [c == "T" for c in "--T----TTTT-"],
        "responded": [c == "R" for c in "RR----R-R-RR"],
    }
)


def uplift_of_riskiest(campaign, share):
    """Compare treated and untreated among the riskiest, all of them."""
    top = campaign.nlargest(round(share * len(campaign)), "risk")
    treated = top.loc[top["treated"], "responded"].mean()
    return treated - top.loc[~top["treated"], "responded"].mean()


def _arms(table):
    treated = table["treated"]
    return table.loc[treated, "responded"], table.loc[~treated, "responded"]


def _top(campaign, share, by="risk"):
    return campaign.nlargest(round(share * len(campaign)), by)


UPLIFT_OF_RISKIEST = Exercise(
    id="11-5",
    objective="Measure what a randomized coupon changed among the riskiest.",
    hints=(
        "What would the riskiest have done without the coupon? Who shows it?",
        "Take the riskiest `share` of all users first, treated or not. Then compare the two kinds.",
        "mean(responded | treated, risky) − mean(responded | not treated, risky).",
    ),
    solution=uplift_of_riskiest,
    check=on_cases((CAMPAIGN, 0.5), (UNEVEN, 0.5), (UNEVEN, 0.75)),
    wrong_answers={
        "responded to the coupon": Mistake(
            lambda campaign, share: _arms(_top(campaign, share))[0].mean(),
            "This is how many of the riskiest responded to the coupon. Some of them would have "
            "bought without it: subtract those who got none.",
        ),
        "all untreated": Mistake(
            lambda campaign, share: (
                _arms(_top(campaign, share))[0].mean() - _arms(campaign)[1].mean()
            ),
            "You compared risky treated users with all untreated ones, who are less risky. Compare "
            "within the riskiest.",
        ),
        "whole campaign": Mistake(
            lambda campaign, share: _arms(campaign)[0].mean() - _arms(campaign)[1].mean(),
            "This is the uplift of the whole campaign. Take the riskiest first.",
        ),
        "safest": Mistake(
            lambda campaign, share: (
                _arms(campaign.nsmallest(round(share * len(campaign)), "risk"))[0].mean()
                - _arms(campaign.nsmallest(round(share * len(campaign)), "risk"))[1].mean()
            ),
            "These are the safest users. The highest risk comes first.",
        ),
        "first rows": Mistake(
            lambda campaign, share: (
                _arms(campaign.head(round(share * len(campaign))))[0].mean()
                - _arms(campaign.head(round(share * len(campaign))))[1].mean()
            ),
            "You took the first rows. The table is not in the order of risk.",
        ),
        "counted": Mistake(
            lambda campaign, share: (
                _arms(_top(campaign, share))[0].sum() - _arms(_top(campaign, share))[1].sum()
            ),
            "You counted responses. There are not as many treated as untreated users: compare "
            "shares.",
        ),
        "before and after": Mistake(
            lambda campaign, share: (
                _arms(_top(campaign, share))[0].mean()
                - _arms(campaign.drop(_top(campaign, share).index))[0].mean()
            ),
            "You compared the riskiest with the rest, all treated. That is how they differ, as "
            "before and after differ, not what the coupon changed.",
        ),
        "other way round": Mistake(
            lambda campaign, share: (
                _arms(_top(campaign, share))[1].mean() - _arms(_top(campaign, share))[0].mean()
            ),
            "You subtracted the other way round: treated minus untreated.",
        ),
        "each arm": Mistake(
            lambda campaign, share: (
                _top(campaign[campaign["treated"]], share)["responded"].mean()
                - _top(campaign[~campaign["treated"]], share)["responded"].mean()
            ),
            "You took the riskiest of each arm apart. The question asks for the riskiest of all "
            "users, whichever arm they are in; otherwise the two lists end at different risks.",
        ),
        "last rows": Mistake(
            lambda campaign, share: (
                _arms(campaign.tail(round(share * len(campaign))))[0].mean()
                - _arms(campaign.tail(round(share * len(campaign))))[1].mean()
            ),
            "You took the last rows. The table is not in the order of risk.",
        ),
        "divided": Mistake(
            lambda campaign, share: (
                _arms(_top(campaign, share))[0].mean() / _arms(_top(campaign, share))[1].mean()
            ),
            "You divided one share by the other. Uplift is a difference: so many more of a hundred "
            "respond.",
        ),
        "in percent": Mistake(
            lambda campaign, share: (
                _arms(_top(campaign, share))[0].mean() / _arms(_top(campaign, share))[1].mean() - 1
            ),
            "This is the change in percent of those who respond anyway. Uplift is the difference "
            "of the two shares.",
        ),
        "by all of them": Mistake(
            lambda campaign, share: (
                (_arms(_top(campaign, share))[0].sum() - _arms(_top(campaign, share))[1].sum())
                / len(_top(campaign, share))
            ),
            "You divided both counts by all of them. Divide each by the users of its own arm.",
        ),
        "above `share`": Mistake(
            lambda campaign, share: (
                _arms(campaign[campaign["risk"] > share])[0].mean()
                - _arms(campaign[campaign["risk"] > share])[1].mean()
            ),
            "You took users with a risk above `share`. It says how many users to take, not how "
            "risky they have to be.",
        ),
        "without a coupon": Mistake(
            lambda campaign, share: _arms(_top(campaign, share))[1].mean(),
            "This is how many of the riskiest respond without a coupon. How many do with one?",
        ),
    },
    takeaway="Sensitivity is a difference between two groups drawn by lot; no risk score holds it.",
)

ON_THE_SLIDE = quiz(
    id="11-6",
    objective="Choose the sentence about churn that the data support.",
    options={
        "a": "Our model has an AUC of 0.99, so the campaign can start.",
        "b": "These customers are at risk because they have not opened the app for a month.",
        "c": "Customers above 70 % should get the coupon: they need it most.",
        "d": "Of customers to whom we give 70 %, about 70 % will not buy in the next 90 days; whom "
        "a coupon would bring back, the experiment has to say.",
    },
    right="d",
    hints=(
        "Which sentence can be checked against a calibration table?",
        "Think of section 9: did those at the highest risk react more than others?",
        "One is too good to be true, one takes a reason for a cause, one risk for sensitivity.",
    ),
    wrong_answers={
        "too good": Mistake(
            "a",
            "An AUC of 0.99 is too good to be true where even knowing each customer's clock and "
            "coin gives less. Look for a feature that spans the horizon.",
        ),
        "cause": Mistake(
            "b",
            "A reason of the model is no cause. That they stay away shows in both; a reminder to "
            "open the app need not change anything.",
        ),
        "sensitivity": Mistake(
            "c",
            "That takes risk for sensitivity. In the lesson the riskiest hardly reacted more than "
            "others did.",
        ),
    },
    takeaway="A risk is a forecast. What to do about it takes an experiment.",
)
