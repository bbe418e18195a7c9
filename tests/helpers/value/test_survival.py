"""Lifetimes, Kaplan–Meier and the person–period table, worked by hand and against statsmodels."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight

from helpers import value
from helpers.data.problems import TableError


@pytest.fixture
def orders() -> pd.DataFrame:
    """Return what three users bought, not in order of time; observation ends on March 31."""
    rows = [
        ("Cem", "2025-03-21 09:00"),
        ("Ana", "2025-03-01 10:00"),
        ("Ana", "2025-03-01 17:30"),  # the same day: one purchase
        ("Ana", "2025-03-22 12:00"),
        ("Ben", "2025-03-11 23:59"),
        ("Ana", "2025-03-08 00:00"),
        ("Ben", "2025-04-02 12:00"),  # after the end
    ]
    table = pd.DataFrame(rows, columns=["user_id", "ordered_at"])
    return table.astype({"ordered_at": "datetime64[ns]"})


def lifetimes(*rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["duration", "event"])


# ---------------------------------------------------------------- lifetimes


def test_time_to_second_purchase_by_hand(orders):
    # Ana: March 1 to 8. Ben and Cem: 20 and 10 days from the first purchase to March 31.
    found = value.time_to_second_purchase(orders, observation_end="2025-03-31")
    assert found.loc["Ana"].to_list() == [7, True, 30]
    assert found.loc["Ben"].to_list() == [20, False, 20]
    assert found.loc["Cem"].to_list() == [10, False, 10]
    assert found.index.name == "user_id"


def test_without_an_end_the_last_transaction_is_the_end(orders):
    found = value.time_to_second_purchase(orders)
    assert found.loc["Ben"].to_list() == [22, True, 22]


def test_time_to_silence_by_hand(orders):
    # Ana's gaps are 7, 14 and (to March 31) 9 days. 10 silent days are first reached on March 18.
    found = value.time_to_silence(orders, 10, observation_end="2025-03-31")
    assert found.loc["Ana"].to_list() == [17, True, 30]
    assert found.loc["Ben"].to_list() == [10, True, 20]
    assert found.loc["Cem"].to_list() == [10, True, 10]  # exactly 10 days are enough
    # A purchase on the very day breaks the silence: 14 days are never reached, 13 are on March 21.
    assert not value.time_to_silence(orders, 14, "2025-03-31").loc["Ana", "event"]
    assert value.time_to_silence(orders, 13, "2025-03-31").loc["Ana", "duration"] == 20


def test_an_end_before_all_transactions_is_refused(orders):
    with pytest.raises(ValueError, match=r"first one is of 2025-03-01. Choose a later end"):
        value.time_to_second_purchase(orders, observation_end="2025-02-28")
    with pytest.raises(ValueError, match="silence is a whole number, 1 or more; got 0"):
        value.time_to_silence(orders, 0)


# ---------------------------------------------------------------- Kaplan–Meier

SIX = lifetimes((2, True), (4, False), (5, True), (5, True), (7, False), (9, True))


def test_kaplan_meier_by_hand():
    # 6 at risk at 2: 5/6. One is censored at 4. 4 at risk at 5, 2 events: 5/6 · 2/4 = 5/12. One is
    # censored at 7. 1 at risk at 9: 0.
    curve = value.kaplan_meier(SIX)
    assert curve.index.to_list() == [0, 2, 5, 9]
    assert curve["at_risk"].to_list() == [6, 6, 4, 1]
    assert curve["events"].to_list() == [0, 1, 2, 1]
    assert curve["survival"].to_list() == pytest.approx([1, 5 / 6, 5 / 12, 0])


def test_greenwood_and_the_interval_by_hand():
    # At 5: 1/(6·5) + 2/(4·2) = 17/60, so the standard error is 5/12 · √(17/60) = 0.22179. Of ln(−ln
    # S) it is √(17/60) / |ln 5/12| = 0.60800; times 1.95996, 1.19166; exp(±) = 3.29252, 0.30372;
    # (5/12)^3.29252 = 0.05599 and (5/12)^0.30372 = 0.76652.
    row = value.kaplan_meier(SIX).loc[5]
    assert row["standard_error"] == pytest.approx(0.22179, abs=2e-5)
    assert row[["low", "high"]].to_list() == pytest.approx([0.05599, 0.76652], abs=2e-5)
    narrow = value.kaplan_meier(SIX, level=0.5).loc[5]
    assert row["low"] < narrow["low"] < row["survival"] < narrow["high"] < row["high"]


def test_the_ends_of_the_curve():
    curve = value.kaplan_meier(SIX)
    assert curve.loc[0, ["survival", "standard_error", "low", "high"]].to_list() == [1, 0, 1, 1]
    assert curve.loc[9, ["standard_error", "low", "high"]].isna().all()


def test_a_user_censored_at_the_time_of_an_event_is_at_risk():
    assert value.kaplan_meier(lifetimes((3, True), (3, False)))["survival"].loc[3] == 0.5


def test_nothing_happened_yet():
    curve = value.kaplan_meier(lifetimes((3, False), (4, False)))
    assert curve.index.to_list() == [0]
    assert curve["survival"].to_list() == [1]


some = st.lists(st.tuples(st.integers(1, 12), st.booleans()), min_size=2, max_size=30)


@given(some)
@settings(max_examples=30)
def test_kaplan_meier_agrees_with_statsmodels(rows):
    table = lifetimes(*rows)
    if not table["event"].any():
        return
    with np.errstate(divide="ignore", invalid="ignore"):
        theirs = SurvfuncRight(table["duration"], table["event"])
    ours = value.kaplan_meier(table).drop(0)
    assert ours.index.to_list() == theirs.surv_times.tolist()
    assert ours["at_risk"].to_list() == theirs.n_risk.tolist()
    np.testing.assert_allclose(ours["survival"], theirs.surv_prob, atol=1e-12)
    inside = ours["survival"] > 0
    np.testing.assert_allclose(
        ours["standard_error"][inside], theirs.surv_prob_se[inside], rtol=1e-9
    )


def test_bad_lifetimes_are_refused():
    with pytest.raises(TableError, match='"duration" is negative in 1 of 2 rows'):
        value.kaplan_meier(lifetimes((3, True), (-1, False)))
    with pytest.raises(TableError, match='no column "event"'):
        value.kaplan_meier(SIX[["duration"]])
    with pytest.raises(ValueError, match="level is a share"):
        value.kaplan_meier(SIX, level=95)


# ---------------------------------------------------------------- person–period table

WATCHED = pd.DataFrame(
    {
        "duration": [10, 11, 25, 25, 9, 28],
        "event": [True, True, True, False, False, True],
        "observed": [40, 40, 40, 25, 9, 28],
    },
    index=pd.Index(["A", "B", "C", "D", "E", "F"], name="user_id"),
)


def test_person_periods_by_hand():
    # Periods of 10 days. A: event in period 1 (day 10 belongs to it). B: in 2. C: in 3. D: two
    # complete periods. E: none. F: the event is in period 3, which is not observed to its end.
    table = value.person_periods(WATCHED, length=10)
    rows = {user: own["event"].to_list() for user, own in table.groupby("user_id")}
    assert rows == {
        "A": [True],
        "B": [False, True],
        "C": [False, False, True],
        "D": [False, False],
        "F": [False, False],
    }
    assert table["period"].to_list() == [1, 1, 2, 1, 2, 3, 1, 2, 1, 2]


def watched(users=3000, seed=1):
    """Return lifetimes with a constant hazard of 1% a day, observed for 1 to 99 days."""
    rng = np.random.default_rng(seed)
    observed, time = rng.integers(1, 100, users), rng.geometric(0.01, users)
    event = time <= observed
    return pd.DataFrame(
        {"duration": np.where(event, time, observed), "event": event, "observed": observed}
    )


def test_the_hazard_gives_the_kaplan_meier_curve():
    table = value.person_periods(watched(), length=10)
    survival = (1 - table.groupby("period")["event"].mean()).cumprod()
    users = table.groupby("user_id").agg(duration=("period", "max"), event=("event", "any"))
    curve = value.kaplan_meier(users)["survival"]
    np.testing.assert_allclose(survival, curve.loc[survival.index], rtol=1e-12)


def test_bad_tables_of_lifetimes_are_refused():
    with pytest.raises(TableError, match='"duration" is above observed in 1 of 6 rows'):
        value.person_periods(WATCHED.assign(observed=[40, 40, 40, 24, 9, 28]))
    with pytest.raises(ValueError, match="length is a whole number"):
        value.person_periods(WATCHED, length=0.5)


# ---------------------------------------------------------------- Cox regression


WAITS = lifetimes((8, True), (37, False), (64, True), (81, False), (123, True), (164, False))


def test_cox_by_hand():
    # Day 8: u/(3u+3); day 64: 1/(u+3); day 123: u/(u+1), with u = exp(β). The derivative of the
    # logarithm is 2/u - 2/(u+1) - 1/(u+3), which is 0 where u² - u - 6 is: at u = 3.
    found = value.cox_regression(WAITS, pd.DataFrame({"x": [1, 1, 0, 0, 1, 0]}))
    assert found.loc["x", "ratio"] == pytest.approx(3)
    # The second derivative is minus the sum of p (1 - p), p the share of x = 1 in the risk set's
    # weight: 3/4, 1/2 and 3/4. So the standard error is 1/√(3/16 + 1/4 + 3/16) = √1.6.
    assert found.loc["x", "high"] / 3 == pytest.approx(np.exp(1.959964 * np.sqrt(1.6)))


def test_cox_of_two_groups_without_a_difference_is_one():
    both = pd.concat([WAITS, WAITS], ignore_index=True)
    found = value.cox_regression(both, pd.DataFrame({"x": np.repeat([0, 1], 6)}))
    assert found.loc["x", "ratio"] == pytest.approx(1)


@pytest.mark.parametrize(
    "x",
    [
        [1, 1, 1, 1, 1, 1],  # constant
        [1, 0, 1, 0, 1, 0],  # all events where x = 1
    ],
)
def test_cox_without_a_maximum(x):
    with pytest.raises(ValueError, match="the hazard ratios have no estimate"):
        value.cox_regression(WAITS, pd.DataFrame({"x": x}))


def test_cox_wants_the_same_users():
    with pytest.raises(ValueError, match="the index is not that of lifetimes"):
        value.cox_regression(WAITS, pd.DataFrame({"x": range(6)}, index=range(1, 7)))
