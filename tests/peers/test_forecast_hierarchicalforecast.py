"""Reconciliation against hierarchicalforecast, pinball loss and CRPS against scoringrules."""

import numpy as np
import pandas as pd
import pytest
import scoringrules
from hierarchicalforecast.methods import MinTrace

from helpers import forecast

GROUPS = pd.DataFrame({"kind": ["x", "y", "x", "y", "y", "z"]}, [*"abcdef"])
S = forecast.summing_matrix(GROUPS)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("method", ["ols", "wls_struct", "wls_var", "mint_cov", "mint_shrink"])
def test_reconcile(method, seed):
    rng = np.random.default_rng(seed)
    errors = rng.normal(size=(10, 40)) + rng.normal(size=40)
    said = pd.DataFrame(rng.normal(20, 5, (10, 3)), S.index)
    weights = {
        "ols": None,
        "wls_struct": S.sum(axis=1).to_numpy(),
        "wls_var": (errors**2).mean(axis=1),
        "mint_cov": np.cov(errors),
        "mint_shrink": forecast.shrunk_covariance(errors),
    }
    theirs = MinTrace(method).fit_predict(
        S.to_numpy(), said.to_numpy(), y_insample=errors, y_hat_insample=np.zeros_like(errors)
    )["mean"]
    ours = forecast.reconcile(said, S, weights[method]).to_numpy()
    assert ours == pytest.approx(theirs, rel=1e-5)


@pytest.mark.parametrize("draws", [1, 2, 7, 50])
def test_crps(draws):
    rng = np.random.default_rng(draws)
    y, x = rng.poisson(5, 100).astype(float), rng.poisson(5, (100, draws)).astype(float)
    ours = forecast.crps(y, x)
    assert ours == pytest.approx(scoringrules.crps_ensemble(y, x, estimator="nrg"))


def test_pinball():
    y, said = np.random.default_rng(0).normal(5, 2, (2, 100))
    theirs = scoringrules.quantile_score(y, said, 0.9)
    assert forecast.pinball(y, said, 0.9) == pytest.approx(theirs)
