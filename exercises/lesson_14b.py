"""Exercises of lesson 14b: causal graphs, AIPW, meta-learners and difference-in-differences."""

import numpy as np
import pandas as pd

from exercises.engine.exercise import Exercise, Mistake, on_cases, quiz

TITLE = "Causal inference"

GRAPH = quiz(
    id="14b-1",
    objective="Choose the columns to control for from a causal graph.",
    options={
        "a": "Searches last week.",
        "b": "Searches last week, and clicks on the ad.",
        "c": "Searches last week, clicks on the ad, and whether the customer left a review.",
        "d": "Nothing: the ad was shown before the purchase.",
    },
    right="a",
    hints=(
        "Which of the columns were settled before the ad was shown?",
        "Which of them are causes of both the ad and the purchase?",
        "Control for common causes, and for nothing that the ad may have changed.",
    ),
    wrong_answers={
        "mediator": Mistake(
            "b",
            "Clicks are a mediator: the ad works through them. Compared at equal clicks, the ad "
            "has no effect left.",
        ),
        "collider": Mistake(
            "c",
            "A review is a collider: the ad and the purchase both lead to it. Clicks are a "
            "mediator. Both come after the ad, so leave both alone.",
        ),
        "confounder": Mistake(
            "d",
            "Searches are a confounder: those who search see the ad and buy anyway. Coming first "
            "does not make the ad the cause.",
        ),
    },
    takeaway="Control for common causes, and for nothing that comes after the treatment.",
)

# By hand: 6 − 4 + (9 − 6)/0.5 = 8; 3 − 2 − (1 − 2)/0.75 = 1 + 4/3; 5 − 5 + (3 − 5)/0.8 = −2.5;
# 7 − 3 − (5 − 3)/0.4 = −1. The mean of the four: (8 + 7/3 − 2.5 − 1)/4 = 1.708.
FOUR = pd.DataFrame(
    {
        "kind": ["A", "B", "A", "B"],
        "treated": [True, False, True, False],
        "spent": [9.0, 1.0, 3.0, 5.0],
        "e": [0.5, 0.25, 0.8, 0.6],
        "m0": [4.0, 2.0, 5.0, 3.0],
        "m1": [6.0, 3.0, 5.0, 7.0],
    }
)
SEVEN = pd.DataFrame(
    {
        "kind": list("XYXXYXY"),
        "treated": [True, True, False, False, True, False, False],
        "spent": [12.0, 4.0, 8.0, 0.0, 7.0, 11.0, 2.0],
        "e": [0.7, 0.2, 0.6, 0.1, 0.3, 0.45, 0.25],
        "m0": [9.0, 1.0, 7.0, 2.0, 4.0, 6.0, 3.0],
        "m1": [10.0, 3.0, 6.0, 5.0, 6.0, 9.0, 3.5],
    }
)
OTHERS = pd.DataFrame(
    {
        "kind": list("PQPQRRPQ"),
        "treated": [False, True, True, False, True, False, True, False],
        "spent": [3.0, 15.0, 6.0, 9.0, 1.0, 4.0, 8.0, 13.0],
        "e": [0.35, 0.55, 0.15, 0.65, 0.9, 0.4, 0.2, 0.75],
        "m0": [2.0, 11.0, 5.0, 10.0, 3.0, 4.5, 5.0, 10.0],
        "m1": [4.0, 12.0, 9.0, 10.5, 2.0, 6.0, 7.0, 14.0],
    }
)


def aipw_effect(users):
    """Correct each predicted effect by the weighted error of the prediction, then average."""
    t, y, e, m0, m1 = (users[name] for name in ("treated", "spent", "e", "m0", "m1"))
    return (m1 - m0 + t * (y - m1) / e - ~t * (y - m0) / (1 - e)).mean()


def _scores(users, *, treated=1, control=1, plus=False, swapped=False, inverse=True, own=True):
    """Return AIPW scores, with one thing about them wrong."""
    t, y, m0, m1 = (users[name] for name in ("treated", "spent", "m0", "m1"))
    e = 1 - users["e"] if swapped else users["e"]
    w1, w0 = (1 / e, 1 / (1 - e)) if inverse else (e, 1 - e)
    of_control = ~t * (y - m0) * w0 * control * (-1 if not plus else 1)
    return m1 - m0 + t * (y - (m1 if own else m0)) * w1 * treated + of_control


def _ipw(users):
    return (
        users["spent"] * (users["treated"] - users["e"]) / (users["e"] * (1 - users["e"]))
    ).mean()


AIPW = Exercise(
    id="14b-2",
    objective="Estimate an average effect by AIPW.",
    hints=(
        "What do the two predictions say about one user, and by how much was one of them wrong?",
        "A treated user corrects m1 by (y − m1) / e, another one m0 by (y − m0) / (1 − e).",
        "z = m1 − m0 + T (y − m1) / e − (1 − T) (y − m0) / (1 − e); then the mean of z.",
    ),
    solution=aipw_effect,
    check=on_cases(FOUR, SEVEN, held_back=[OTHERS]),
    wrong_answers={
        "not corrected": Mistake(
            lambda users: (users["m1"] - users["m0"]).mean(),
            "These are the predictions, not corrected by what was observed.",
        ),
        "corrected the wrong way": Mistake(
            lambda users: (2 * (users["m1"] - users["m0"]) - _scores(users)).mean(),
            "You corrected the wrong way: the error is y minus the prediction.",
        ),
        "group means": Mistake(
            lambda users: users.groupby("treated")["spent"].mean().diff()[True],
            "This is the difference of the group means. It controls for nothing: use e, m0 and m1.",
        ),
        "IPW": Mistake(
            _ipw,
            "This is IPW: it uses the weights and ignores the predictions m0 and m1.",
        ),
        "only the treated": Mistake(
            lambda users: _scores(users, control=0).mean(),
            "You corrected only the treated. The others correct m0 in the same way.",
        ),
        "only the untreated": Mistake(
            lambda users: _scores(users, treated=0).mean(),
            "You corrected only the untreated. The treated correct m1 in the same way.",
        ),
        "sign": Mistake(
            lambda users: _scores(users, plus=True).mean(),
            "Check the sign of the untreated: a larger m0 makes the effect smaller, so subtract "
            "their correction.",
        ),
        "swapped": Mistake(
            lambda users: _scores(users, swapped=True).mean(),
            "You swapped the weights: a treated user is divided by e, another one by 1 − e.",
        ),
        "multiplied": Mistake(
            lambda users: _scores(users, inverse=False).mean(),
            "You multiplied by the propensity. Divide: rare cases stand for many others.",
        ),
        "without weights": Mistake(
            lambda users: _scores(users.assign(e=0.5), treated=0.5, control=0.5).mean(),
            "You corrected without weights. Divide each error by the probability of what happened.",
        ),
        "0.5 for everybody": Mistake(
            lambda users: _scores(users.assign(e=0.5)).mean(),
            "You used a propensity of 0.5 for everybody. Each user has one: `e`.",
        ),
        "m0 for both": Mistake(
            lambda users: _scores(users, own=False).mean(),
            "You used m0 for both groups. The outcome of a treated user is compared with m1.",
        ),
        "m1 for both": Mistake(
            lambda users: (
                _scores(users) + ~users["treated"] * (users["m1"] - users["m0"]) / (1 - users["e"])
            ).mean(),
            "You used m1 for both groups. The outcome of an untreated user is compared with m0.",
        ),
        "e for both": Mistake(
            lambda users: _scores(
                users.assign(e=users["e"].where(users["treated"], 1 - users["e"]))
            ).mean(),
            "You used e for both groups. An untreated user is divided by 1 − e.",
        ),
        "every user": Mistake(
            lambda users: (
                _scores(users.assign(treated=True))
                + _scores(users.assign(treated=False))
                - (users["m1"] - users["m0"])
            ).mean(),
            "You corrected both predictions of every user. Only one outcome was observed: a "
            "treated user corrects m1, another one m0.",
        ),
        "within each group": Mistake(
            lambda users: (
                (users["m1"] - users["m0"]).mean()
                + sum(
                    (_scores(users) - (users["m1"] - users["m0"])).groupby(users["treated"]).mean()
                )
            ),
            "You averaged the corrections within each group. Divide their sums by the number of "
            "all users.",
        ),
        "sum": Mistake(
            lambda users: _scores(users).sum(),
            "This is a sum. The average effect is the mean over all users.",
        ),
        "one per user": Mistake(
            _scores,
            "These are the scores, one per user. The average effect is their mean.",
        ),
    },
    takeaway="AIPW predicts every user, then repairs the predictions where an outcome was seen.",
)

ROBUST = quiz(
    id="14b-3",
    objective="Say what double robustness protects from.",
    options={
        "a": "The outcome model is a straight line, and the truth is not.",
        "b": "The propensity model forgets a recorded column that matters.",
        "c": "The manager also looked at notes that nobody recorded.",
        "d": "The propensity was chosen by the shop and is known exactly.",
    },
    right="c",
    hints=(
        "AIPW has two models. Which columns can they use?",
        "Double robustness forgives one wrong model, as long as the other one is right.",
        "Could any model be right without the notes?",
    ),
    wrong_answers={
        "outcome model": Mistake(
            "a",
            "A wrong outcome model is forgiven if the propensity model is right.",
        ),
        "propensity model": Mistake(
            "b",
            "A wrong propensity model is forgiven if the outcome model is right.",
        ),
        "known": Mistake(
            "d",
            "With a known propensity, AIPW is unbiased whatever the outcome model says. That is "
            "the best case, not the worst.",
        ),
    },
    takeaway="Doubly robust means one of two models may be wrong. Unrecorded causes break both.",
)


def imputed_effects(users):
    """Compare each outcome with what the model of the other arm predicts."""
    return (users["spent"] - users["m0"]).where(users["treated"], users["m1"] - users["spent"])


def _either(users, of_treated, of_control):
    return of_treated.where(users["treated"], of_control)


IMPUTED = Exercise(
    id="14b-4",
    objective="Impute the effect on each user, the first step of the X-learner.",
    hints=(
        "What was observed of a treated user, and what is missing?",
        "The model of the other arm predicts what is missing.",
        "Treated: y − m0. Untreated: m1 − y.",
    ),
    solution=imputed_effects,
    check=on_cases(FOUR, SEVEN, held_back=[OTHERS]),
    wrong_answers={
        "T-learner": Mistake(
            lambda users: users["m1"] - users["m0"],
            "This is the T-learner: both outcomes are predicted. The X-learner keeps the observed "
            "one.",
        ),
        "own arm": Mistake(
            lambda users: _either(
                users, users["spent"] - users["m1"], users["spent"] - users["m0"]
            ),
            "You compared with the model of the user's own arm: that is its error, not an effect.",
        ),
        "sign": Mistake(
            lambda users: _either(
                users, users["spent"] - users["m0"], users["spent"] - users["m1"]
            ),
            "Check the sign of the untreated: an effect is with minus without, so m1 − y.",
        ),
        "without minus with": Mistake(
            lambda users: -imputed_effects(users),
            "This is without minus with. An effect is with minus without.",
        ),
        "m0 for everybody": Mistake(
            lambda users: users["spent"] - users["m0"],
            "You used m0 for everybody. An untreated user is compared with m1: m1 − y.",
        ),
        "m1 for everybody": Mistake(
            lambda users: users["m1"] - users["spent"],
            "You used m1 for everybody. A treated user is compared with m0: y − m0.",
        ),
        "swapped": Mistake(
            lambda users: _either(
                users, users["m1"] - users["spent"], users["spent"] - users["m0"]
            ),
            "You swapped the groups. A treated user needs the prediction without, m0.",
        ),
        "missing outcome": Mistake(
            lambda users: _either(users, users["m0"], users["m1"]),
            "This is the missing outcome. The effect is its difference from the observed one.",
        ),
        "only the treated": Mistake(
            lambda users: (users["spent"] - users["m0"])[users["treated"]],
            "These are only the treated. The untreated have an imputed effect, too: m1 − y.",
        ),
        "mean": Mistake(
            lambda users: imputed_effects(users).mean(),
            "This is the mean. The question asks for one number per user.",
        ),
    },
    takeaway="The X-learner keeps the outcome that was seen and predicts only the other one.",
)


def uplift_by_kind(users):
    """Average the AIPW scores within each kind: a regression on one column of categories."""
    t, y, e, m0, m1 = (users[name] for name in ("treated", "spent", "e", "m0", "m1"))
    scores = m1 - m0 + t * (y - m1) / e - ~t * (y - m0) / (1 - e)
    return scores.groupby(users["kind"]).mean()


def _by_kind(users, values, how="mean"):
    return values.groupby(users["kind"]).agg(how)


def _differences(users):
    means = users.pivot_table("spent", "kind", "treated")
    return means[True] - means[False]


KINDS = Exercise(
    id="14b-5",
    objective="Learn uplift with a DR-learner whose final model is the mean of each kind.",
    hints=(
        "Which number per user has the uplift as its expectation?",
        "Compute the AIPW scores first, as in exercise 14b-2.",
        "Group the scores by `kind` and take the means.",
    ),
    solution=uplift_by_kind,
    check=on_cases(SEVEN, FOUR, held_back=[OTHERS]),
    wrong_answers={
        "T-learner": Mistake(
            lambda users: _by_kind(users, users["m1"] - users["m0"]),
            "This is the T-learner, averaged: the predictions, not corrected by what was observed.",
        ),
        "transformed outcome": Mistake(
            lambda users: _by_kind(
                users,
                users["spent"] * (users["treated"] - users["e"]) / (users["e"] * (1 - users["e"])),
            ),
            "This is the transformed outcome. The DR-learner also uses the predictions m0 and m1.",
        ),
        "X-learner": Mistake(
            lambda users: _by_kind(users, imputed_effects(users)),
            "These are the imputed effects of the X-learner. The DR-learner averages AIPW scores.",
        ),
        "all users": Mistake(
            aipw_effect,
            "This is the mean over all users, AIPW. The question asks for one number per kind.",
        ),
        "sums": Mistake(
            lambda users: _by_kind(users, _scores(users), "sum"),
            "These are sums. The uplift of a kind is the mean of its scores.",
        ),
        "swapped": Mistake(
            lambda users: _by_kind(users, _scores(users, swapped=True)),
            "You swapped the weights: a treated user is divided by e, another one by 1 − e.",
        ),
        "sign": Mistake(
            lambda users: _by_kind(users, _scores(users, plus=True)),
            "Check the sign of the untreated: subtract their correction.",
        ),
        "0.5 for everybody": Mistake(
            lambda users: _by_kind(users, _scores(users.assign(e=0.5))),
            "You used a propensity of 0.5 for everybody. Each user has one: `e`.",
        ),
        "difference of the means": Mistake(
            _differences,
            "This is the difference of the means in each kind. It ignores e, m0 and m1.",
        ),
    },
    takeaway="The DR-learner regresses AIPW scores: their average in a group is its effect.",
)

# By hand: treated 10 → 16 (means of 8, 12 and 15, 17), others 5 → 7: 6 − 2 = 4.
SMALL_PANEL = pd.DataFrame(
    {
        "user_id": ["Ana", "Ana", "Ben", "Ben", "Cem", "Cem"],
        "treated": [True] * 4 + [False] * 2,
        "after": [False, True] * 3,
        "spent": [8.0, 15.0, 12.0, 17.0, 5.0, 7.0],
    }
)
PANEL = pd.DataFrame(
    {
        "user_id": np.repeat(["Dua", "Eva", "Fay", "Gil", "Hao"], 2),
        "treated": [False] * 2 + [True] * 2 + [False] * 4 + [True] * 2,
        "after": [True, False] * 5,
        "spent": [9.0, 6.0, 31.0, 30.0, 4.0, 5.0, 15.0, 10.0, 22.0, 28.0],
    }
)
OTHER_PANEL = pd.DataFrame(
    {
        "user_id": np.repeat(["Ida", "Jan", "Kim", "Lea"], 2),
        "treated": [True] * 2 + [False] * 6,
        "after": [False, True] * 4,
        "spent": [40.0, 44.0, 12.0, 19.0, 3.0, 1.0, 8.0, 14.0],
    }
)


def did(panel):
    """Subtract the change of the others from the change of the treated."""
    means = panel.pivot_table("spent", "treated", "after")
    change = means[True] - means[False]
    return change[True] - change[False]


def _four(panel, how="mean"):
    means = panel.pivot_table("spent", "treated", "after", aggfunc=how)
    return {(t, a): means.loc[t, a] for t in (True, False) for a in (True, False)}


def _of_four(formula, how="mean"):
    def answer(panel):
        m = _four(panel, how)
        return formula(m[True, True], m[True, False], m[False, True], m[False, False])

    return answer


DID = Exercise(
    id="14b-6",
    objective="Compute difference-in-differences from a panel.",
    hints=(
        "How did each group change?",
        "Compute four means: treated or not, before and after.",
        "(treated after − treated before) − (others after − others before).",
    ),
    solution=did,
    check=on_cases(SMALL_PANEL, PANEL, held_back=[OTHER_PANEL]),
    wrong_answers={
        "after alone": Mistake(
            _of_four(lambda ta, tb, oa, ob: ta - oa),
            "This compares the groups after alone. They differed before, too.",
        ),
        "treated alone": Mistake(
            _of_four(lambda ta, tb, oa, ob: ta - tb),
            "This is the change of the treated alone. The others changed, too, without treatment.",
        ),
        "added": Mistake(
            _of_four(lambda ta, tb, oa, ob: ta - tb + oa - ob),
            "You added the change of the others. It would have happened anyway, so subtract it.",
        ),
        "others minus treated": Mistake(
            lambda panel: -did(panel),
            "This is others minus treated, or before minus after. An effect is treated minus "
            "others.",
        ),
        "relative": Mistake(
            _of_four(lambda ta, tb, oa, ob: ta / tb - oa / ob),
            "These are relative changes. The question asks for the difference in units of `spent`.",
        ),
        "before alone": Mistake(
            _of_four(lambda ta, tb, oa, ob: tb - ob),
            "This compares the groups before alone, when nobody was treated.",
        ),
        "sums": Mistake(
            _of_four(lambda ta, tb, oa, ob: ta - tb - oa + ob, "sum"),
            "You subtracted sums. The groups may differ in size, so use means.",
        ),
        "half": Mistake(
            lambda panel: did(panel) / 2,
            "This is half of it. Add the four means with signs, without dividing again.",
        ),
    },
    takeaway="Each group is compared with itself, then the changes are compared.",
)

# By hand: treated 7, 9, 14, others 2, 3, 5: gaps 5, 6, 9; against −1: −1, 0, 3.
STUDY = pd.DataFrame(
    {
        "user_id": np.repeat(["Ana", "Ben", "Cem", "Dua"], 3),
        "treated": [True] * 6 + [False] * 6,
        "period": [-2, -1, 0] * 4,
        "spent": [6.0, 10, 13, 8, 8, 15, 1, 3, 4, 3, 3, 6],
    }
)
LONGER_STUDY = pd.DataFrame(
    {
        "user_id": np.repeat(["Eva", "Fay", "Gil", "Lea"], 5),
        "treated": [False] * 5 + [True] * 5 + [False] * 10,
        "period": [1, 0, -1, -2, -3] * 4,
        "spent": [4.0, 2, 5, 7, 3, 22, 19, 13, 16, 11, 9, 8, 4, 6, 2, 2, 5, 12, 8, 1],
    }
)
OTHER_STUDY = pd.DataFrame(
    {
        "user_id": np.repeat(["Hao", "Ida", "Jan", "Kim"], 4),
        "treated": [True] * 4 + [False] * 8 + [True] * 4,
        "period": [-3, -2, -1, 0] * 4,
        "spent": [9.0, 12, 18, 16, 4, 5, 9, 1, 7, 3, 6, 8, 21, 17, 25, 30],
    }
)


def against_last_before(panel):
    """Subtract the gap of the last period before from the gap of each period."""
    means = panel.pivot_table("spent", "period", "treated")
    gap = means[True] - means[False]
    return gap - gap[-1]


def _gap(panel, how="mean"):
    table = panel.pivot_table("spent", "period", "treated", aggfunc=how)
    return table[True] - table[False]


def _of_arm(panel, arm):
    mean = panel[panel["treated"] == arm].groupby("period")["spent"].mean()
    return mean - mean[-1]


EVENTS = Exercise(
    id="14b-7",
    objective="Compute the estimates of an event study.",
    hints=(
        "How far apart are the two groups in each period?",
        "Subtract the gap of period −1 from the gap of each period.",
        "gap = mean of the treated − mean of the others, by period; then gap − gap[−1].",
    ),
    solution=against_last_before,
    check=on_cases(STUDY, LONGER_STUDY, held_back=[OTHER_STUDY]),
    wrong_answers={
        "gap itself": Mistake(
            _gap,
            "This is the gap itself. Subtract the gap of period −1 from it.",
        ),
        "treated alone": Mistake(
            lambda panel: _of_arm(panel, True),
            "These are the treated alone. Subtract the change of the others.",
        ),
        "others alone": Mistake(
            lambda panel: _of_arm(panel, False),
            "These are the others alone. The question asks for treated minus others.",
        ),
        "first period": Mistake(
            lambda panel: _gap(panel) - _gap(panel).iloc[0],
            "You compared with the first period. The reference is period −1.",
        ),
        "last period": Mistake(
            lambda panel: _gap(panel) - _gap(panel).iloc[-1],
            "You compared with the last period. −1 is the label of the period, not a position: "
            "`gap.loc[-1]`.",
        ),
        "previous period": Mistake(
            lambda panel: _gap(panel).diff().fillna(0),
            "You compared with the previous period. The reference is period −1 for all of them.",
        ),
        "mean before": Mistake(
            lambda panel: _gap(panel) - _gap(panel).loc[:-1].mean(),
            "You compared with the mean before. The reference is period −1.",
        ),
        "others minus treated": Mistake(
            lambda panel: -against_last_before(panel),
            "This is others minus treated. An effect is treated minus others.",
        ),
        "medians": Mistake(
            lambda panel: _gap(panel, "median") - _gap(panel, "median")[-1],
            "You subtracted medians. The effect on all customers is a difference of means.",
        ),
        "sums": Mistake(
            lambda panel: _gap(panel, "sum") - _gap(panel, "sum")[-1],
            "You subtracted sums. The groups may differ in size, so use means.",
        ),
    },
    takeaway="Before the treatment, an event study is a row of placebo tests.",
)

SLIDE = quiz(
    id="14b-8",
    objective="Say what these results support.",
    options={
        "a": "AIPW is doubly robust, so its estimate for the grocer's coupons can be trusted.",
        "b": "The grocer's data don't say what the coupons did; a randomized control group would.",
        "c": "The coupons made the chosen households spend less.",
        "d": "A causal forest would have found whom the coupon works for.",
    },
    right="b",
    hints=(
        "Which method passed its placebo test on the grocer's data?",
        "What did the groups do before the coupons?",
        "Is any of the intervals both narrow and free of a failed placebo test?",
    ),
    wrong_answers={
        "unrecorded": Mistake(
            "a",
            "Double robustness does not help against an unrecorded cause. AIPW finds an effect in "
            "July, too, before the coupons: it fails its placebo test.",
        ),
        "parallel": Mistake(
            "c",
            "The trends were not parallel before the coupons, so the change afterward is not "
            "their effect.",
        ),
        "columns": Mistake(
            "d",
            "What was missing was a column that says why people buy. No learner finds what the "
            "columns don't hold.",
        ),
    },
    takeaway="A method is as good as its assumption, and a placebo test is how to check one.",
)
