"""Each figure by hand; then random logs, counted again by plain Python that shares no code."""

from collections import defaultdict

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from helpers import behavior
from helpers.data import problems

STEPS = ("view", "cart", "purchase")
MORNING = pd.Timestamp("2025-03-05 09:00")


def log(*rows, **columns):
    """Events (user, minute, event); a session for each user, unless columns say otherwise."""
    table = pd.DataFrame(rows, columns=["user_id", "minute", "event"])
    table["occurred_at"] = MORNING + pd.to_timedelta(table.pop("minute"), unit="min")
    return table.assign(session_id=table["user_id"], **columns)


def orders(*rows):
    """Orders (user, day)."""
    table = pd.DataFrame(rows, columns=["user_id", "ordered_at"])
    return table.assign(ordered_at=pd.to_datetime(table["ordered_at"], format="ISO8601"))


def same(table, expected):
    np.testing.assert_allclose(table.to_numpy(float), expected, rtol=1e-12)


# ---------------------------------------------------------------- sessions


def test_a_longer_pause_starts_a_session():
    # Ana at minute 0, 30, 61: pauses of 30 (not longer than 30) and 31. Ben between them.
    events = log(("Ana", 61, "view"), ("Ben", 31, "view"), ("Ana", 0, "view"), ("Ana", 30, "cart"))
    session = behavior.sessionize(events.set_axis([7, 8, 9, 10]), gap="30min")
    assert session.to_dict() == {7: 1, 8: 2, 9: 0, 10: 0}


logs = st.lists(
    st.tuples(st.sampled_from("ABC"), st.integers(0, 40), st.sampled_from([*STEPS, "favorite"])),
    min_size=1,
    max_size=40,
)


@given(logs, st.integers(1, 12))
def test_sessions_agree_with_a_walk_through_each_log(rows, gap):
    events = log(*rows)
    session = behavior.sessionize(events, pd.Timedelta(minutes=gap))
    together = {frozenset(rows) for rows in events.groupby(session).groups.values()}

    walked = set()
    for user in "ABC":
        visit, last = [], None
        for minute, row in sorted((row[1], i) for i, row in enumerate(rows) if row[0] == user):
            if last is not None and minute - last > gap:
                walked.add(frozenset(visit))
                visit = []
            visit.append(row)
            last = minute
        walked.add(frozenset(visit))
    assert together == walked - {frozenset()}


def test_sessions_of_guests_are_refused():
    with pytest.raises(problems.TableError, match=r'"user_id" is missing in 1 of 2 rows \(row 1\)'):
        behavior.sessionize(log(("Ana", 0, "view"), (None, 1, "view")))


# ---------------------------------------------------------------- funnels


def test_any_first_step_may_start_the_window():
    # From the view at 0 the purchase is 25 minutes away, from the one at 15 only 10.
    events = log(("A", 0, "view"), ("A", 15, "view"), ("A", 20, "cart"), ("A", 25, "purchase"))
    assert behavior.funnel(events, window="10min")["reached"].tolist() == [1, 1, 1]
    assert behavior.funnel(events, window="9min")["reached"].tolist() == [1, 1, 0]


def test_funnel_per_session_user_or_item():
    # Ana views two lamps, puts the other one into the cart, and buys it in a later session.
    events = log(
        *[("Ana", 0, "view"), ("Ana", 1, "view"), ("Ana", 2, "cart"), ("Ana", 90, "purchase")],
        item_id=["I1", "I2", "I2", "I2"],
    ).assign(session_id=["S1", "S1", "S1", "S2"])
    count = {
        str(per): behavior.funnel(events, per=per)["reached"].tolist()
        for per in ("session_id", "user_id", ["user_id", "item_id"])
    }
    assert count == {
        "session_id": [1, 1, 0],
        "user_id": [1, 1, 1],
        "['user_id', 'item_id']": [2, 1, 1],
    }


def test_funnel_by_segment_keeps_steps_that_nobody_took():
    events = log(("Ana", 0, "view"), ("Ana", 1, "cart"), ("Ben", 0, "view"), ("Cem", 0, "purchase"))
    events["channel"] = ["email", "email", "social", "search"]
    table = behavior.funnel(events, by="channel")
    assert table.index.names == ["channel", "step"]
    nan = np.nan
    same(table.loc["email"], [[1, 1, 1], [1, 1, 1], [0, 0, 0]])
    same(table.loc["search"], [[0, nan, nan]] * 3)  # he bought, but never viewed
    same(table.loc["social"], [[1, 1, 1], [0, 0, 0], [0, nan, 0]])
    assert table.index.get_level_values("step").tolist() == [*STEPS] * 3


@given(logs, st.integers(0, 15) | st.none(), st.permutations(STEPS), st.integers(1, 3))
def test_funnel_agrees_with_trying_every_start(rows, window, steps, length):
    steps = steps[:length]
    table = behavior.funnel(
        log(*rows), steps, window=None if window is None else pd.Timedelta(minutes=window)
    )
    assert table["reached"].tolist() == [
        sum(reached(rows, user, steps[: k + 1], window) for user in "ABC") for k in range(length)
    ]


def reached(rows, user, steps, window):
    """Whether, from some first step, hurrying on to each next step arrives in time."""

    def minutes(step):
        return sorted(minute for who, minute, event in rows if (who, event) == (user, step))

    for start in minutes(steps[0]):
        now = start
        for step in steps[1:]:
            now = next((minute for minute in minutes(step) if minute >= now), np.inf)
        if now - start <= (np.inf if window is None else window) and now < np.inf:
            return True
    return False


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        (["view", "buy"], 'no event is called "buy". Events are cart, favorite, purchase, view'),
        (["view", "view"], "steps must differ"),
        ([], "at least one"),
    ],
)
def test_funnel_names_wrong_steps(steps, message):
    with pytest.raises(ValueError, match=message):
        behavior.funnel(log(("Ana", 0, "view")), steps)


# ---------------------------------------------------------------- conversion


@pytest.mark.parametrize(
    ("x", "n", "low", "high"),
    [  # R. G. Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3
        (15, 148, 0.0624, 0.1605),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_as_published(x, n, low, high):
    same(behavior.conversion(x, n).round(4), [[round(x / n, 4), low, high]])


def test_no_trials_tell_nothing():
    same(behavior.conversion(0, 0), [[np.nan, 0, 1]])


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_agrees_with_scipy(counts):
    x, n = counts
    peer = binomtest(x, n).proportion_ci(0.9, method="wilson")
    table = behavior.conversion(x, n, 0.9)
    np.testing.assert_allclose(table, [[x / n, peer.low, peer.high]], atol=1e-12)


def test_conversion_keeps_the_labels():
    successes = pd.Series({"email": 3, "social": 1})
    assert behavior.conversion(successes, 10).index.tolist() == ["email", "social"]


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [  # R. G. Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((10, 10), (0, 10), 0.6075, 1.0000),
    ],
)
def test_difference_as_published(first, second, low, high):
    # The paper takes the second from the first; we take the old from the new.
    (x1, n1), (x2, n2) = second, first
    difference = behavior.conversion_difference([x1, x2], [n1, n2])
    same(difference.round(4), [round(x2 / n2 - x1 / n1, 4), low, high])


@pytest.mark.parametrize(("x", "n"), [([1, 2, 3], [9, 9, 9]), ([1, 0], [9, 0])])
def test_difference_wants_two_groups(x, n):
    with pytest.raises(ValueError, match="two groups with at least one trial"):
        behavior.conversion_difference(x, n)


@pytest.mark.parametrize(("x", "n"), [(4, 3), (-1, 3), (0.5, 3), (np.nan, 3)])
def test_impossible_counts_are_named(x, n):
    successes = pd.Series({"email": 1, "social": x})
    with pytest.raises(ValueError, match=rf"1 of 2 rows \(first at social: {float(x)} of {n}\)"):
        behavior.conversion(successes.astype(float), n)


def test_impossible_counts_without_labels_are_numbered():
    with pytest.raises(ValueError, match="first at 1, 2: 7 of 5"):
        behavior.conversion([1, 7, 9], 5)


# ---------------------------------------------------------------- cohorts


def test_cohorts_by_hand():
    # January: Ana (again in March, twice) and Ben (never again). February: Cem (again in March).
    # March is not over on the 20th: its column ends are open, so NaN, and so is a cohort of March.
    table = orders(
        ("Ana", "2025-01-31 23:59:59"),
        ("Ben", "2025-01-02"),
        ("Cem", "2025-02-01 00:00:00"),
        ("Ana", "2025-03-03"),
        ("Ana", "2025-03-04"),
        ("Cem", "2025-03-05"),
        ("Dora", "2025-03-06"),
    )
    nan = np.nan
    counts = behavior.cohort_counts(table, until="2025-03-20")
    same(counts, [[2, 0, nan], [1, nan, nan], [nan, nan, nan]])
    same(behavior.retention(table, until="2025-03-31"), [[1, 0, 1 / 2], [1, 1, nan], [1, nan, nan]])
    assert counts.index.astype(str).tolist() == ["2025-01", "2025-02", "2025-03"]
    assert (counts.index.name, counts.columns.name) == ("cohort", "periods_since_first")


def test_observation_ends_with_the_day_of_the_last_order():
    january = orders(("Ana", "2025-01-05"), ("Ben", "2025-01-31 08:00"))
    same(behavior.retention(january), [[1]])
    same(behavior.retention(january.iloc[:1]), [[np.nan]])


def test_weeks_end_on_sunday():
    # Sunday the 5th and Monday the 6th of January are a week apart; so is Sunday the 12th.
    table = orders(("Ana", "2025-01-05"), ("Ana", "2025-01-06"), ("Ben", "2025-01-06"))
    same(behavior.retention(table, period="W", until="2025-01-12"), [[1, 1], [1, np.nan]])


purchases = st.lists(
    st.tuples(st.sampled_from("ABCDE"), st.integers(0, 400)), min_size=1, max_size=40
)


@given(purchases, st.integers(0, 120))
def test_retention_agrees_with_sets_of_users(rows, silent_days):
    start = pd.Timestamp("2024-01-01")
    days = [(user, start + pd.Timedelta(days=day)) for user, day in rows]
    until = max(day for _, day in days) + pd.Timedelta(days=silent_days)
    table = behavior.retention(orders(*days), until=until)

    buyers = defaultdict(set)  # month → users; months count from year 0
    for user, day in days:
        buyers[12 * day.year + day.month].add(user)
    first = {user: min(m for m, users in buyers.items() if user in users) for user, _ in days}
    day_after = until + pd.Timedelta(days=1)
    open_month = 12 * day_after.year + day_after.month  # the first that is not over
    last_month = 12 * until.year + until.month
    expected = []
    for cohort in sorted(set(first.values())):
        members = {user for user in first if first[user] == cohort}
        expected.append(
            [
                len(members & buyers[cohort + k]) / len(members)
                if cohort + k < open_month
                else np.nan
                for k in range(last_month - min(buyers) + 1)
            ]
        )
    same(table, expected)


def test_orders_after_the_end_are_refused():
    with pytest.raises(ValueError, match="last order is of 2025-02-01, after until"):
        behavior.retention(orders(("Ana", "2025-02-01")), until="2025-01-31")


# ---------------------------------------------------------------- key figures


# January: Ana orders 2 × 10 and 1 × 5 at half price, O1, 22.50. February: nothing. March: Ana comes
# back for 1 × 20, and once more for 1 × 20; Ben comes, 4 × 5. Cem and a guest only look.
LINES = pd.DataFrame(
    [
        ("O1", "Ana", "2025-01-10", 2, 10.0, 0.0),
        ("O2", "Ana", "2025-03-01", 1, 20.0, 0.0),
        ("O1", "Ana", "2025-01-10", 1, 5.0, 0.5),
        ("O3", "Ben", "2025-03-02", 4, 5.0, 0.0),
        ("O4", "Ana", "2025-03-03", 1, 20.0, 0.0),
    ],
    columns=["order_id", "user_id", "ordered_at", "quantity", "unit_price", "discount"],
).astype({"ordered_at": "datetime64[us]"})
VISITS = pd.DataFrame(
    {
        "user_id": ["Ana", "Ben", "Cem", "Cem", None],
        "occurred_at": pd.to_datetime(["2025-03-01"] * 5),
    }
)


def test_kpis_by_hand():
    nan = np.nan
    table = behavior.kpis(LINES, VISITS)
    assert table.index.astype(str).tolist() == ["2025-01", "2025-02", "2025-03"]
    expected = {
        "active_users": [nan, nan, 3],  # no log before March
        "buyers": [1, 0, 2],
        "repeat_buyers": [0, 0, 1],
        "orders": [1, 0, 3],
        "units": [3, 0, 6],
        "revenue": [22.5, 0, 60],
        "conversion": [nan, nan, 2 / 3],
        "orders_per_buyer": [1, nan, 3 / 2],
        "units_per_order": [3, nan, 2],
        "price_per_unit": [7.5, nan, 10],
        "aov": [22.5, nan, 20],
        "repeat_rate": [0, nan, 1 / 2],
        "arpu": [nan, nan, 20],
    }
    assert table.columns.tolist() == list(expected)
    same(table.T, list(expected.values()))


def test_kpis_without_a_log_leave_out_what_they_cannot_know():
    assert not {"active_users", "conversion", "arpu"} & set(behavior.kpis(LINES).columns)


# ---------------------------------------------------------------- what moved revenue


def test_change_of_segments_by_hand():
    # Email: 100 users × 10 = 1000 become 200 × 20 = 4000. L = 3000 / ln 4 and each doubling is half
    # of ln 4: 1500 each. Social stands still.
    labels = {"index": ["email", "social"], "columns": ["users", "value"]}
    before = pd.DataFrame([[100, 10], [50, 4]], **labels)
    after = pd.DataFrame([[200, 20], [50, 4]], **labels)
    parts = behavior.decompose_change(before, after)
    assert parts.loc["email"].tolist() == pytest.approx([1500, 1500])
    assert parts.loc["social"].tolist() == [0, 0]


factors = st.lists(
    st.tuples(st.floats(1e-3, 1e6), st.floats(1e-3, 1e6)), min_size=3, max_size=5
).map(lambda pairs: (pd.Series([p[0] for p in pairs]), pd.Series([p[1] for p in pairs])))


@given(factors)
def test_parts_sum_to_the_change_turn_with_time_and_add_up_in_a_branch(pair):
    before, after = pair
    parts = behavior.decompose_change(before, after)
    largest = max(before.prod(), after.prod())
    assert parts.sum() == pytest.approx(after.prod() - before.prod(), abs=1e-12 * largest)
    scale = 1e-9 * largest
    back = behavior.decompose_change(after, before)
    np.testing.assert_allclose(back, -parts, rtol=1e-9, atol=scale)
    # The first two factors taken as one branch, such as buyers = users × conversion.
    branch = [pd.Series([s[0] * s[1], *s[2:]]) for s in (before, after)]
    joined = behavior.decompose_change(*branch)
    expected = [parts[0] + parts[1], *parts[2:]]
    np.testing.assert_allclose(joined, expected, rtol=1e-9, atol=scale)


def test_factors_that_cancel_but_for_rounding():
    # In floats 0.1 · 0.2 · 0.3 is not 0.3 · 0.2 · 0.1: change and logarithm are both noise, and so
    # would be their ratio. L(V, V) = V = 0.006, and the ends trade 0.006 ln 3.
    before, after = pd.Series([0.1, 0.2, 0.3]), pd.Series([0.3, 0.2, 0.1])
    assert before.prod() != after.prod()
    same(behavior.decompose_change(before, after), [0.006 * np.log(3), 0, -0.006 * np.log(3)])


def test_factors_that_have_no_logarithm_are_named():
    before = pd.DataFrame({"users": [5, 3], "aov": [9.0, 8.0]}, index=["email", "social"])
    after = before.assign(aov=[9.0, 0.0])
    message = r"1 of 4 factors after the change are not positive \(first: social, aov: 0\.0\)"
    with pytest.raises(ValueError, match=message):
        behavior.decompose_change(before, after)


def test_factors_must_have_the_same_labels():
    before, after = pd.Series({"users": 1, "aov": 2}), pd.Series({"aov": 2, "users": 1})
    with pytest.raises(ValueError, match="same labels in the same order"):
        behavior.decompose_change(before, after)
