"""The sequential test, against integrals and a published form."""

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, stats
from statsmodels.stats.weightstats import CompareMeans

from helpers.monitoring import running_difference, sequential_test


def look(d, s):
    return pd.DataFrame({"difference": [d], "error": [s]})


@pytest.mark.parametrize(("d", "s", "tau"), [(0.3, 0.1, 0.2), (-0.1, 0.2, 0.05), (2, 1, 3)])
def test_ratio_is_the_mixture_of_likelihoods(d, s, tau):
    mixed, _ = integrate.quad(
        lambda true: stats.norm.pdf(d, true, s) * stats.norm.pdf(true, 0, tau),
        *(-12 * tau, 12 * tau),
    )
    ratio = sequential_test(look(d, s), tau=tau)["ratio"].item()
    assert ratio == pytest.approx(mixed / stats.norm.pdf(d, 0, s))


def test_interval_in_the_form_of_robbins():
    # Robbins (1970): |S| < √((v + ρ) ln((v + ρ) / (ρ α²))), with d = S / v, s² = 1 / v, ρ = 1 / τ².
    v, rho, alpha = 50.0, 8.0, 0.1
    reach = np.sqrt((v + rho) * np.log((v + rho) / (rho * alpha**2))) / v
    found = sequential_test(look(0.0, v**-0.5), tau=rho**-0.5, alpha=alpha)
    assert found["high"].item() == pytest.approx(reach)
    assert found["low"].item() == pytest.approx(-reach)


def test_p_value_never_rises():
    looks = pd.DataFrame({"difference": [0.5, 0.0, 0.0], "error": [0.1, 0.1, 0.1]})
    found = sequential_test(looks, tau=0.2)
    assert found["p_value"].max() == found["p_value"].iloc[0] < 0.05
    assert found["significant"].all()


def test_an_overwhelming_difference_has_p_zero():
    assert sequential_test(look(100.0, 0.1), tau=100)["p_value"].item() == 0


def test_running_difference_by_hand():
    # Day 1: 0 2 | 3 5, variances 2 and 2: d = 3, error² = 2/2 + 2/2. Day 2 adds 4 | 4.
    visits = pd.DataFrame(
        {
            "day": [2, 1, 1, 1, 1, 2],
            "treated": [False, False, False, True, True, True],
            "clicks": [4, 0, 2, 3, 5, 4],
        }
    )
    looks = running_difference(visits, when="day", outcome="clicks")
    assert looks.index.tolist() == [1, 2]
    assert looks["difference"].tolist() == pytest.approx([3, 4 - 2])
    assert looks["error"].tolist() == pytest.approx([np.sqrt(2), np.sqrt(4 / 3 + 1 / 3)])
    assert looks["n0"].tolist() == looks["n1"].tolist() == [2, 3]


def test_last_look_is_welchs_comparison():
    rng = np.random.default_rng(2)
    visits = pd.DataFrame({"day": rng.integers(5, size=400), "treated": rng.random(400) < 0.4})
    visits["y"] = 1e6 + rng.normal(size=400) + visits["treated"]
    looks = running_difference(visits, when="day", outcome="y")
    arms = (visits.loc[visits["treated"] == arm, "y"] for arm in (True, False))
    peer = CompareMeans.from_data(*arms)
    assert looks["difference"].iloc[-1] == pytest.approx(peer.d1.mean - peer.d2.mean)
    assert looks["error"].iloc[-1] == pytest.approx(peer.std_meandiff_separatevar)


def test_early_days_without_a_difference_are_left_out():
    visits = pd.DataFrame(
        {"day": [1, 1, 2, 2, 2, 2], "treated": [True, False] * 3, "y": [1, 1, 1, 1, 2, 1]}
    )
    assert running_difference(visits, when="day", outcome="y").index.tolist() == [2]
    visits["y"] = 1  # no variance at all
    assert running_difference(visits, when="day", outcome="y").empty


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"tau": 0}, "tau is a standard deviation above 0"),
        ({"alpha": 1}, "alpha"),
        ({"looks": look(0.1, 0.0)}, '"error" is not above 0'),
        ({"looks": look(np.nan, 0.1)}, '"difference" is missing'),
    ],
)
def test_bad_input_to_the_test(change, message):
    with pytest.raises(ValueError, match=message):
        sequential_test(**{"looks": look(0.1, 0.1), "tau": 0.1} | change)


@pytest.mark.parametrize(
    ("visits", "message"),
    [
        ({"treated": [True, False], "y": [1, 2]}, 'no column "day"'),
        ({"day": [1, 2], "treated": [1, 0], "y": [1, 2]}, "True or False"),
        ({"day": [1, 2], "treated": [True, True], "y": [1, 2]}, "one arm only"),
        ({"day": [1, 2], "treated": [True, False], "y": [1, np.nan]}, '"y" is missing'),
        ({"day": [1, None], "treated": [True, False], "y": [1, 2]}, '"day" is missing'),
    ],
)
def test_bad_visits(visits, message):
    with pytest.raises(ValueError, match=message):
        running_difference(pd.DataFrame(visits), when="day", outcome="y")
