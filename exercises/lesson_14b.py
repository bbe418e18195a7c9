"""Exercises of lesson 14b: causal graphs, AIPW, balance and meta-learners."""

import numpy as np
import pandas as pd

from exercises.engine.exercise import Case, Exercise, on_cases, quiz
from exercises.engine.tables import by_column, by_row

TITLE = "Causal inference from logs"

GRAPH = quiz(
    id="14b-1",
    options="""
    a) Searches last week.
    b) Searches last week, and clicks on the ad.
        Clicks are a mediator: the ad works through them. Compared at equal clicks, the ad has no
        effect left.
    c) Searches last week, clicks on the ad, and whether the customer left a review.
        A review is a collider: the ad and the purchase both lead to it. Clicks are a mediator. Both
        come after the ad, so leave both alone.
    d) Nothing: the ad was shown before the purchase.
        Searches are a confounder: those who search see the ad and buy anyway. Coming first does not
        make the ad the cause.
    """,
    hints=(
        "Which of the columns were settled before the ad was shown?",
        "Which of them are causes of both the ad and the purchase?",
        "Control for common causes, and for nothing that the ad may have changed.",
    ),
    takeaway="Control for common causes, and for nothing that comes after the treatment.",
)

FOUR = by_row("""
    kind treated spent e m0 m1
    A True 9.0 0.5 4.0 6.0; B False 1.0 0.25 2.0 3.0; A True 3.0 0.8 5.0 5.0
    B False 5.0 0.6 3.0 7.0
""")
FOUR_SCORES = [
    6 - 4 + (9 - 6) / 0.5,
    3 - 2 - (1 - 2) / 0.75,
    5 - 5 + (3 - 5) / 0.8,
    7 - 3 - (5 - 3) / 0.4,
]
SEVEN = by_row("""
    kind treated spent e m0 m1
    X True 12.0 0.7 9.0 10.0; Y True 4.0 0.2 1.0 3.0; X False 8.0 0.6 7.0 6.0
    X False 0.0 0.1 2.0 5.0; Y True 7.0 0.3 4.0 6.0; X False 11.0 0.45 6.0 9.0
    Y False 2.0 0.25 3.0 3.5
""")
OTHERS = by_row("""
    kind treated spent e m0 m1
    P False 3.0 0.35 2.0 4.0; Q True 15.0 0.55 11.0 12.0; P True 6.0 0.15 5.0 9.0
    Q False 9.0 0.65 10.0 10.5; R True 1.0 0.9 3.0 2.0; R False 4.0 0.4 4.5 6.0
    P True 8.0 0.2 5.0 7.0; Q False 13.0 0.75 10.0 14.0
""")


def aipw_effect(users):
    """Correct each predicted effect by the weighted error of the prediction, then average."""
    t, y, e, m0, m1 = (users[name] for name in ("treated", "spent", "e", "m0", "m1"))
    return (m1 - m0 + t * (y - m1) / e - ~t * (y - m0) / (1 - e)).mean()


AIPW = Exercise(
    id="14b-2",
    hints=(
        "What do the two predictions say about one user, and by how much was one of them wrong?",
        "A treated user corrects m1 by (y − m1) / e, another one m0 by (y − m0) / (1 − e).",
        "z = m1 − m0 + T (y − m1) / e − (1 − T) (y − m0) / (1 − e); then the mean of z.",
    ),
    solution=aipw_effect,
    check=on_cases(Case(FOUR, right=sum(FOUR_SCORES) / 4), SEVEN, held_back=[OTHERS]),
    mistakes="""
    return … => return (m1 - m0).mean()
        These are the predictions, not corrected by what was observed.
    y - m1 => m1 - y
    y - m0 => m0 - y
        You corrected the wrong way: the error is y minus the prediction.
    return … => return y[t].mean() - y[~t].mean()
        This is the difference of the group means. It controls for nothing: use e, m0 and m1.
    return … => return (t * y / e - ~t * y / (1 - e)).mean()
        This is IPW: it uses the weights and ignores the predictions m0 and m1.
    - ~t * (y - m0) / (1 - e) =>
        You corrected only the treated. The others correct m0 in the same way.
    + t * (y - m1) / e =>
        You corrected only the untreated. The treated correct m1 in the same way.
    - ~t => + ~t
        Check the sign of the untreated: a larger m0 makes the effect smaller, so subtract their
        correction.
    => users = users.assign(e=1 - users["e"])
        You swapped the weights: a treated user is divided by e, another one by 1 − e.
    / e => * e
    / (1 - e) => * (1 - e)
        You multiplied by the propensity. Divide: rare cases stand for many others.
    / e =>
    / (1 - e) =>
        You corrected without weights. Divide each error by the probability of what happened.
    => users = users.assign(e=0.5)
        You used a propensity of 0.5 for everybody. Each user has one: `e`.
    y - m1 => y - m0
        You used m0 for both groups. The outcome of a treated user is compared with m1.
    y - m0 => y - m1
        You used m1 for both groups. The outcome of an untreated user is compared with m0.
    (1 - e) => e
        You used e for both groups. An untreated user is divided by 1 − e.
    + t * (y - m1) => + (y - m1)
    - ~t * (y - m0) => - (y - m0)
        You corrected both predictions of every user. Only one outcome was observed: a treated user
        corrects m1, another one m0.
    return … => return (m1 - m0).mean() + ((y - m1) / e)[t].mean() - ((y - m0) / (1 - e))[~t].mean()
        You averaged the corrections within each group. Divide their sums by the number of all
        users.
    / e - => / e / (t / e).mean() -
    / (1 - e)) => / (1 - e) / (~t / (1 - e)).mean())
        You divided the corrections by the sum of their weights. Divide by the number of all users.
    return … => return (m1 - m0 + (y - m1) / e).mean()
        You corrected everybody as if treated. An untreated user corrects m0 by (y − m0) / (1 − e).
    return … => return (m1 - m0 + (y - m1) / e)[t].mean()
        You averaged over the treated only. The average effect is over all users.
    .mean() => .sum()
        This is a sum. The average effect is the mean over all users.
    .mean() =>
        These are the scores, one per user. The average effect is their mean.
    """,
    takeaway="AIPW predicts every user, then repairs the predictions where an outcome was seen.",
)

LOG = by_column(
    treated=[True, True, True, False, False, False],
    orders=[9.0, 6.0, 3.0, 5.0, 2.0, 1.0],
    e=[0.8, 0.5, 0.4, 0.6, 0.3, 0.2],
)
LONGER_LOG = by_column(
    treated=[False, True, False, True, True, False, False, True],
    orders=[9.0, 3.0, 7.0, 2.0, 11.0, 6.0, 8.0, 5.0],
    e=[0.35, 0.7, 0.1, 0.25, 0.9, 0.55, 0.2, 0.6],
)
OTHER_LOG = by_column(
    treated=[True, False, True, False, False],
    orders=[7.0, 7.0, 1.0, 3.0, 2.0],
    e=[0.6, 0.7, 0.3, 0.5, 0.15],
)


def weighted_balance(users):
    """Compare weighted means, in standard deviations of the unweighted groups."""
    t, x, e = users["treated"], users["orders"], users["e"]
    w = e.where(t, 1 - e) ** -1  # one over the probability of what happened
    means = [np.average(x[some], weights=w[some]) for some in (t, ~t)]
    return (means[0] - means[1]) / np.sqrt((x[t].var() + x[~t].var()) / 2)


BALANCE = Exercise(
    id="14b-9",
    hints=(
        "How many users does a treated user stand for, and how many does another one?",
        "Weights: 1 / e for the treated, 1 / (1 − e) for the others. Compare the two weighted "
        "means.",
        "(weighted mean of the treated − that of the others) / sqrt((variance of the treated + "
        "variance of the others) / 2), with the variances unweighted.",
    ),
    solution=weighted_balance,
    check=on_cases(LOG, LONGER_LOG, held_back=[OTHER_LOG]),
    mistakes="""
    w = … => w = 0 * e + 1
        This is the difference before weighting. Weigh each user by one over the probability of
        what happened to her.
    w = … => w = 1 / e
        You used e for both groups. An untreated user is weighted by 1 / (1 − e).
    w = … => w = t * e + ~t * (1 - e)
        You multiplied by the probability. Divide: an unlikely user stands for many.
    means = … => means = [(w * x)[some].mean() for some in (t, ~t)]
        You divided by the number of users. A weighted mean divides by the sum of the weights.
    / np.sqrt((x[t].var() + x[~t].var()) / 2) =>
        This is the difference in orders. Divide it by the standard deviation.
    np.sqrt((x[t].var() + x[~t].var()) / 2) => (x[t].var() + x[~t].var()) / 2
        You divided by the mean variance. Take its square root, a standard deviation.
    (x[t].var() + x[~t].var()) / 2 => x[t].var() + x[~t].var()
        You took the root of the sum of the variances. Take that of their mean, half of the sum.
    (x[t].var() + x[~t].var()) / 2 => (x[t].var(ddof=0) + x[~t].var(ddof=0)) / 2
        You divided the variances by n, as `np.var` and `np.std` do. Divide by n − 1: `x.var()`.
    x[t].var() + x[~t].var() => sum(np.cov(x[s], aweights=w[s], ddof=0) for s in (t, ~t))
        You weighted the variances, too. Divide by the same standard deviation as before weighting.
    (means[0] - means[1]) => abs(means[0] - means[1])
        You left out the sign. It says which group has more orders.
    np.sqrt((x[t].var() + x[~t].var()) / 2) => x.std()
        This is the standard deviation of all users, which grows with the difference itself. Take
        the root of the mean variance of the two groups.
    (means[0] - means[1]) => (means[1] - means[0])
        This is others minus treated. Subtract the others from the treated.
    """,
    takeaway="Weights repair what is on record, and the balance table shows whether they did.",
)

ROBUST = quiz(
    id="14b-3",
    options="""
    a) The outcome model is a straight line, and the truth is not.
        A wrong outcome model is forgiven if the propensity model is right.
    b) The propensity model forgets a recorded column that matters.
        A wrong propensity model is forgiven if the outcome model is right.
    c) The manager also looked at notes that nobody recorded.
    d) The propensity was chosen by the shop and is known exactly.
        With a known propensity, AIPW is unbiased whatever the outcome model says. That is the best
        case, not the worst.
    """,
    hints=(
        "AIPW has two models. Which columns can they use?",
        "Double robustness forgives one wrong model, as long as the other one is right.",
        "Could any model be right without the notes?",
    ),
    takeaway="Doubly robust means one of two models may be wrong. Unrecorded causes break both.",
)


def imputed_effects(users):
    """Compare each outcome with what the model of the other arm predicts."""
    return (users["spent"] - users["m0"]).where(users["treated"], users["m1"] - users["spent"])


IMPUTED = Exercise(
    id="14b-4",
    hints=(
        "What was observed of a treated user, and what is missing?",
        "The model of the other arm predicts what is missing.",
        "Treated: y − m0. Untreated: m1 − y.",
    ),
    solution=imputed_effects,
    check=on_cases(
        Case(FOUR, right=pd.Series([9.0 - 4, 3 - 1, 3 - 5, 7 - 5])),
        Case(SEVEN, right=pd.Series([12.0 - 9, 4 - 1, 6 - 8, 5 - 0, 7 - 4, 9 - 11, 3.5 - 2])),
        held_back=[OTHERS],
    ),
    mistakes="""
    return … => return users["m1"] - users["m0"]
        This is the T-learner: both outcomes are predicted. The X-learner keeps the observed one.
    users["spent"] - users["m0"] => users["spent"] - users["m1"]
    users["m1"] - users["spent"] => users["spent"] - users["m0"]
        You compared with the model of the user's own arm: that is its error, not an effect.
    users["m1"] - users["spent"] => users["spent"] - users["m1"]
        Check the sign of the untreated: an effect is with minus without, so m1 − y.
    return … => return -…
        This is without minus with. An effect is with minus without.
    return … => return users["spent"] - users["m0"]
        You used m0 for everybody. An untreated user is compared with m1: m1 − y.
    return … => return users["m1"] - users["spent"]
        You used m1 for everybody. A treated user is compared with m0: y − m0.
    users["treated"] => ~users["treated"]
        You swapped the groups. A treated user needs the prediction without, m0.
    users["spent"] - users["m0"] => users["m0"]
    users["m1"] - users["spent"] => users["m1"]
        This is the missing outcome. The effect is its difference from the observed one.
    .where(users["treated"], users["m1"] - users["spent"]) => [users["treated"]]
        These are only the treated. The untreated have an imputed effect, too: m1 − y.
    return … => return ….mean()
        This is the mean. The question asks for one number per user.
    """,
    takeaway="The X-learner keeps the outcome that was seen and predicts only the other one.",
    further=True,
)


def uplift_by_kind(users):
    """Average the AIPW scores within each kind: a regression on one column of categories."""
    t, y, e, m0, m1 = (users[name] for name in ("treated", "spent", "e", "m0", "m1"))
    scores = m1 - m0 + t * (y - m1) / e - ~t * (y - m0) / (1 - e)
    return scores.groupby(users["kind"]).mean()


KINDS = Exercise(
    id="14b-5",
    hints=(
        "Which number per user has the uplift as its expectation?",
        "Compute the AIPW scores first, as in exercise 14b-2.",
        "Group the scores by `kind` and take the means.",
    ),
    solution=uplift_by_kind,
    check=on_cases(
        SEVEN,
        Case(
            FOUR,
            right=pd.Series(
                [(FOUR_SCORES[0] + FOUR_SCORES[2]) / 2, (FOUR_SCORES[1] + FOUR_SCORES[3]) / 2],
                pd.Index(["A", "B"], name="kind"),
            ),
        ),
        held_back=[OTHERS],
    ),
    mistakes="""
    scores = … => scores = m1 - m0
        This is the T-learner, averaged: the predictions, not corrected by what was observed.
    scores = … => scores = y * (t - e) / (e * (1 - e))
        This is the transformed outcome. The DR-learner also uses the predictions m0 and m1.
    scores = … => scores = (y - m0).where(t, m1 - y)
        These are the imputed effects of the X-learner. The DR-learner averages AIPW scores.
    return … => return scores.mean()
        This is the mean over all users, AIPW. The question asks for one number per kind.
    .mean() => .sum()
        These are sums. The uplift of a kind is the mean of its scores.
    => users = users.assign(e=1 - users["e"])
        You swapped the weights: a treated user is divided by e, another one by 1 − e.
    - ~t => + ~t
        Check the sign of the untreated: subtract their correction.
    => users = users.assign(e=0.5)
        You used a propensity of 0.5 for everybody. Each user has one: `e`.
    => means = users.pivot_table("spent", "kind", "treated")
    return … => return means[True] - means[False]
        This is the difference of the means in each kind. It ignores e, m0 and m1.
    """,
    takeaway="The DR-learner regresses AIPW scores: their average in a group is its effect.",
)

SLIDE = quiz(
    id="14b-8",
    options="""
    a) AIPW is doubly robust, so its estimate for the grocer's coupons can be trusted.
        Double robustness does not help against an unrecorded cause. With another cut of the
        propensities, AIPW finds an effect in July, too, before the coupons.
    b) The grocer's data don't say what the coupons did; a randomized control group would.
    c) The coupons made the chosen households spend less.
        Only the estimate without trimming is below 0, and its interval includes large gains.
    d) A causal forest would have found whom the coupon works for.
        What was missing was a column that says why people buy. No learner finds what the columns
        don't hold.
    """,
    hints=(
        "Which method passes its placebo tests on the grocer's data, whatever the cut?",
        "What do the estimates for May, June and July say?",
        "Which cut of the propensities would you have chosen without the placebo tests?",
    ),
    takeaway="A method is as good as its assumption, and a placebo test is how to check one.",
)
