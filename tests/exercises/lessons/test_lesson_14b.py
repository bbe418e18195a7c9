"""The solutions of lesson 14b on small tables of our own, worked by hand, and found otherwise."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from exercises.engine import course
from exercises.engine.exercise import RIGHT, WRONG, judge
from exercises.lesson_14b import (
    against_last_before,
    aipw_effect,
    did,
    imputed_effects,
    uplift_by_kind,
)
from helpers import campaigns


def two_users():
    # Ana: 7 − 4 + (11 − 7)/0.8 = 8. Ben: 5 − 2 − (3 − 2)/(1 − 0.5) = 1.
    return pd.DataFrame(
        {
            "kind": ["A", "B"],
            "treated": [True, False],
            "spent": [11.0, 3.0],
            "e": [0.8, 0.5],
            "m0": [4.0, 2.0],
            "m1": [7.0, 5.0],
        }
    )


def test_aipw_effect():
    assert aipw_effect(two_users()) == pytest.approx(4.5)


def test_imputed_effects():
    assert imputed_effects(two_users()).tolist() == [7, 2]


def test_uplift_by_kind():
    assert uplift_by_kind(two_users()).to_dict() == pytest.approx({"A": 8, "B": 1})


def two_customers(periods):
    # Treated 4, 7, 9, the other 1, 2, 6: gaps 3, 5, 3.
    panel = pd.DataFrame({"treated": [True] * 3 + [False] * 3, "period": [-2, -1, 0] * 2})
    panel = panel.assign(user_id=list("aaabbb"), spent=[4.0, 7, 9, 1, 2, 6])
    return panel[panel["period"].isin(periods)].assign(after=lambda p: p["period"] == 0)


def test_did():
    assert did(two_customers([-1, 0])) == -2
    assert did(two_customers([-2, -1, 0])) == 3 - (3 + 5) / 2


def test_against_last_before():
    assert against_last_before(two_customers([-2, -1, 0])).to_dict() == {-2: -2, -1: 0, 0: -2}


def by_helper(users):
    arms = users[["m0", "m1"]].set_axis(["control", "treated"], axis=1)
    return campaigns.aipw(users["spent"], users["treated"], users["e"], arms).estimate


def by_potential_outcomes(users):
    t, y, e = users["treated"], users["spent"], users["e"]
    with_it = np.mean(t * y / e - (t - e) / e * users["m1"])
    return with_it - np.mean(~t * y / (1 - e) + (t - e) / (1 - e) * users["m0"])


def by_loop(users):
    return {
        kind: by_helper(some) if some["treated"].nunique() == 2 else aipw_effect(some)
        for kind, some in users.groupby("kind")
    }


def by_regression(panel):
    numbers = panel.astype({"treated": int, "after": int})
    return smf.ols("spent ~ treated * after", numbers).fit().params["treated:after"]


def by_event_study(panel):
    return campaigns.event_study(panel, "spent", reference=-1)["estimate"]


def by_two_means_a_period(panel):
    def gap(period):
        rows = panel[panel["period"] == period]
        return rows["spent"][rows["treated"]].mean() - rows["spent"][~rows["treated"]].mean()

    return pd.Series({period: gap(period) - gap(-1) for period in sorted(set(panel["period"]))})


@pytest.mark.parametrize(
    ("id", "answer"),
    [
        ("14b-1", " A"),
        ("14b-2", by_helper),
        ("14b-2", by_potential_outcomes),
        ("14b-3", "c"),
        ("14b-4", lambda u: np.where(u["treated"], u["spent"] - u["m0"], u["m1"] - u["spent"])),
        ("14b-5", lambda users: pd.Series(by_loop(users))),
        ("14b-6", by_regression),
        ("14b-6", lambda p: campaigns.difference_in_differences(p, "spent").estimate),
        ("14b-7", by_event_study),
        ("14b-7", by_two_means_a_period),
        ("14b-8", "b"),
    ],
)
def test_another_way_is_right_too(id, answer):
    assert judge(course.find(id), answer).mark == RIGHT


# Answers that learners give, and what they must hear.
ANSWERS = [
    ("14b-1", "searches", "one letter in quotes"),
    ("14b-2", lambda users: round(aipw_effect(users), 1), "is something rounded"),
    ("14b-2", lambda users: aipw_effect(users[users["treated"]]), "not right"),
    ("14b-2", lambda users: users["y"].mean(), "`spent`"),
    ("14b-4", lambda users: users["spent"] - users["m0"], "m0 for everybody"),
    ("14b-4", lambda users: imputed_effects(users) * users["e"], "not right"),
    ("14b-5", lambda users: uplift_by_kind(users).mean(), "a `Series` indexed by"),
    ("14b-5", lambda users: users["m1"].groupby(users["kind"]).mean(), "not right"),
    ("14b-6", lambda p: did(p) / p["spent"].mean(), "not right"),
    ("14b-6", lambda p: did(p.assign(after=~p["after"])), "before minus after"),
    ("14b-7", lambda p: against_last_before(p).loc[:-1], "2 instead of 3 rows"),
    ("14b-7", lambda p: against_last_before(p)[0], "a `Series` indexed by"),
]


@pytest.mark.parametrize(("id", "answer", "words"), ANSWERS)
def test_what_an_answer_is_told(id, answer, words):
    verdict = judge(course.find(id), answer)
    assert verdict.mark == WRONG
    assert words in verdict.diagnosis
