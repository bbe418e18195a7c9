"""Staggered adoption, synthetic control and regression discontinuity against their packages."""

import warnings

import numpy as np
import pandas as pd
import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from differences import ATTgt
    from pysyncon import Synth
    from rdrobust import rdrobust

from helpers.campaigns.discontinuity import regression_discontinuity
from helpers.campaigns.staggered import group_time_effects
from helpers.campaigns.synthetic_control import SyntheticControl

pytestmark = pytest.mark.filterwarnings("ignore")  # theirs, of changes in pandas


def waves(never: bool) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    users, periods = 120, 8
    panel = pd.DataFrame(
        {
            "user_id": np.repeat(np.arange(users), periods),
            "period": np.tile(np.arange(periods), users),
            "adopted": np.repeat(rng.choice([2.0, 4, 7, np.nan if never else 6], users), periods),
        }
    )
    since = panel["period"] - panel["adopted"]
    effect = (1 + since).where(since >= 0, 0)
    return panel.assign(spent=effect + np.sqrt(panel["period"]) + rng.normal(size=len(panel)))


@pytest.mark.parametrize("never", [True, False])
def test_group_time_effects(never):
    panel = waves(never)
    data = panel.set_index(["user_id", "period"])
    peer = ATTgt(data, cohort_column="adopted", base_period="universal")
    fitted = peer.fit("spent", control_group="not_yet_treated", progress_bar=False)
    theirs = fitted.to_pandas().droplevel("base_period").droplevel([0, 1], axis=1)
    ours = group_time_effects(panel, "spent")
    theirs = theirs.loc[ours.index].astype({"ATT": float, "std_error": float})
    np.testing.assert_allclose(ours["estimate"], theirs["ATT"])
    np.testing.assert_allclose(ours["error"], theirs["std_error"])


def test_synthetic_control():
    rng = np.random.default_rng(0)
    others = pd.DataFrame(rng.gamma(5, size=(20, 8)), columns=list("abcdefgh"))
    unit = pd.Series(rng.gamma(5, size=20), name="treated")
    everybody = others.join(unit)
    peer = Synth()  # divides each period by its standard deviation, which V undoes
    peer.fit(X0=others, X1=unit, Z0=others, Z1=unit, custom_V=everybody.var(axis=1).to_numpy())
    ours = SyntheticControl().fit(others, unit).weights_
    np.testing.assert_allclose(ours, peer.W, atol=1e-3)  # their solver stops early

    def loss(weights):
        return ((unit - others @ weights) ** 2).sum()

    assert loss(ours) <= loss(peer.W) + 1e-6


@pytest.mark.parametrize("bandwidth", [15, 25, 40])
def test_regression_discontinuity(bandwidth):
    rng = np.random.default_rng(0)
    x = pd.Series(rng.uniform(0, 100, 600))
    y = x / 20 + 2 * (x >= 60) + rng.normal(size=600)
    theirs = rdrobust(y, x, c=60, h=bandwidth, kernel="tri", vce="hc1")
    ours = regression_discontinuity(x, y, cutoff=60, bandwidth=bandwidth)
    assert ours.estimate == pytest.approx(theirs.coef.loc["Conventional"].item())
    assert ours.error == pytest.approx(theirs.se.loc["Conventional"].item(), rel=0.01)
