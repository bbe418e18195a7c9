"""What segments are, who moves, what to do: by hand, by other ways, and what is refused."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import f_oneway

from helpers import segments

# recency, frequency, monetary: two who came often and lately, two who came once, long ago.
USERS = pd.DataFrame(
    {"recency": [3, 5, 300, 350], "frequency": [9, 8, 1, 2], "monetary": [90.0, 70.0, 5.0, 9.0]},
    index=["Ana", "Ben", "Cem", "Dua"],
)


# ---------------------------------------------------------------- what they are


def test_profile_and_effect_sizes_by_hand():
    # a: 1, 3, mean 2; b: 7, 9, 11, mean 9; all: mean 6.2. Total 27.04 + 10.24 + 0.64 + 7.84 +
    # 23.04 = 68.8; within 1 + 1 + 4 + 0 + 4 = 10. η² = 58.8 / 68.8.
    users = pd.DataFrame({"monetary": [1, 3, 7, 9, 11], "same": 4})
    segment = pd.Series(list("aabbb"))
    table = segments.profile(users, segment, ["monetary"])
    assert table.to_numpy().tolist() == [[2, 0.4, 2], [3, 0.6, 9]]
    found = segments.effect_sizes(users, segment, ["monetary", "same"])
    assert found["monetary"] == pytest.approx(58.8 / 68.8)
    assert np.isnan(found["same"])


def test_effect_sizes_agree_with_the_analysis_of_variance(cdnow):
    # F = (η² / (k - 1)) / ((1 - η²) / (n - k)), solved for η².
    groups = cdnow.groupby("segment", observed=True)["monetary"]
    n, k = len(cdnow), groups.ngroups
    f = f_oneway(*(values for _, values in groups)).statistic
    found = segments.effect_sizes(cdnow, cdnow["segment"], ["monetary"])
    assert found["monetary"] == pytest.approx(f * (k - 1) / (f * (k - 1) + n - k))


@pytest.mark.parametrize("seed", range(5))
def test_align_finds_the_best_of_all_pairings(seed):
    one, to = (pd.Series(x) for x in np.random.default_rng(seed).integers(4, size=(2, 40)))
    best = max((one.map(dict(enumerate(names))) == to).sum() for names in permutations(range(4)))
    assert (segments.align(one, to) == to).sum() == best


def test_migration_by_hand():
    states = pd.CategoricalDtype(["often", "seldom"])
    before = pd.Series(["often", "often", "seldom"], list("ABC"), dtype=states)
    after = pd.Series(["seldom", "often", "seldom"], list("BAD"), dtype=states)
    table = segments.migration(before, after)
    assert table.loc["often"].to_dict() == {"often": 1, "seldom": 1, "absent": 0}
    assert table.loc["seldom"].to_dict() == {"often": 0, "seldom": 0, "absent": 1}
    assert table.loc["absent"].to_dict() == {"often": 0, "seldom": 1, "absent": 0}
    assert table.to_numpy().sum() == 4


# ---------------------------------------------------------------- what to do


def test_plan_by_hand():
    # Ranks, whose middle is 2.5: recency 1.5 in "one", 3.5 in "other"; frequency (4 + 1.5) / 2 and
    # (3 + 1.5) / 2. Half of each segment bought: p = 0.5, n = 2, and
    # (1.959964 + 0.841621) √(4 · 0.25 / 2) = 1.981020.
    users = pd.DataFrame({"recency": [2, 90, 90, 2], "frequency": [5, 2, 1, 1]})
    segment = pd.Series(["one", "other", "other", "one"])
    plan = segments.action_plan(users, segment, pd.Series([True, False, True, False]))
    assert plan["situation"].to_dict() == {"one": "recent, often", "other": "silent, seldom"}
    assert plan["bought"].tolist() == [0.5, 0.5]
    assert plan["detectable"].tolist() == pytest.approx([1.981020, 1.981020], abs=1e-5)
    assert plan.loc["one", "action"].startswith("thank")


def test_a_plan_sees_who_is_above_a_median_that_most_users_share():
    # Of six users four bought once; the median is 1, and so is that of "mixed": 1, 1, 2, 9. Ranks:
    # the four have 2.5, then 5 and 6. "mixed" has (2.5 + 2.5 + 5 + 6) / 4 = 4, above (6 + 1) / 2.
    users = pd.DataFrame({"recency": [9, 8, 7, 6, 5, 4], "frequency": [1, 1, 1, 1, 2, 9]})
    segment = pd.Series(["once", "once", "mixed", "mixed", "mixed", "mixed"])
    plan = segments.action_plan(users, segment, pd.Series([True, False] * 3))
    # Recency: "mixed" has ranks 4, 3, 2, 1, "once" 6 and 5.
    assert plan["situation"].to_dict() == {"mixed": "recent, often", "once": "silent, seldom"}


# ---------------------------------------------------------------- refused


SEGMENT = pd.Series(["a", "a", "b", "b"], USERS.index)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: segments.profile(USERS, SEGMENT.head(3)), "must have the same index"),
        (lambda: segments.effect_sizes(USERS, SEGMENT.mask(SEGMENT.index == "Ben")), "1 of 4"),
        (lambda: segments.migration(SEGMENT, SEGMENT.iloc[[0, 0]]), "Ana is listed twice"),
        (lambda: segments.align(SEGMENT, SEGMENT.reset_index(drop=True)), "no user in common"),
        (lambda: segments.action_plan(USERS, SEGMENT, pd.Series([True] * 4)), "bought must"),
        (lambda: segments.action_plan(USERS, SEGMENT, SEGMENT.map({"a": 1, "b": 0})), '"bought"'),
    ],
)
def test_segments_that_do_not_fit_the_users_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
