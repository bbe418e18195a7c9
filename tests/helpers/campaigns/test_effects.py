"""AIPW: by hand, doubly robust, equal to statsmodels, and its interval holds the truth."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from statsmodels.treatment.treatment_effects import TreatmentEffect

from helpers.campaigns.effects import aipw, doubly_robust_scores


def two_kinds():
    # Regulars: treated 62, 60, 61, not 60: effect 1. Occasionals: treated 21, not 17, 18, 19: 3.
    y = pd.Series([62.0, 60, 61, 60, 21, 17, 18, 19])
    treated = pd.Series([True, True, True, False, True, False, False, False])
    e = pd.Series([0.75] * 4 + [0.25] * 4)
    arms = pd.DataFrame({"control": [60.0] * 4 + [18.0] * 4, "treated": [61.0] * 4 + [21.0] * 4})
    return y, treated, e, arms


def test_scores_by_hand():
    # First: 61 − 60 + (62 − 61)/0.75 = 1 + 4/3. Fourth: 1 − (60 − 60)/0.25 = 1.
    # Sixth: 3 − (17 − 18)/0.75 = 3 + 4/3.
    scores = doubly_robust_scores(*two_kinds())
    assert scores.tolist() == pytest.approx(
        [1 + 4 / 3, 1 - 4 / 3, 1, 1, 3, 3 + 4 / 3, 3, 3 - 4 / 3]
    )
    # Mean (4 · 1 + 4 · 3)/8 = 2. Squares about it: (1 + 4/3 − 2)² + (1 − 4/3 − 2)² + 1 + 1 for the
    # first four, 1/9 + 49/9 + 2 = 68/9, and as much for the others. s² = 136/9/7, error² = s²/8.
    effect = aipw(*two_kinds())
    assert effect.estimate == pytest.approx(2)
    assert effect.error**2 == pytest.approx(136 / 9 / 7 / 8)
    assert effect.high - effect.estimate == pytest.approx(1.959964 * effect.error)


def test_one_of_the_two_models_may_be_wrong():
    y, treated, e, arms = two_kinds()
    flat = arms * 0 + [28.5, 51]  # the mean of all untreated, of all treated
    assert aipw(y, treated, e, flat).estimate == pytest.approx(2)
    assert aipw(y, treated, 0.5, arms).estimate == pytest.approx(2)
    # Both: as no control at all, 51 − 28.5.
    assert aipw(y, treated, 0.5, flat).estimate == pytest.approx(22.5)


def test_without_predictions_it_is_the_transformed_outcome():
    y, treated, _, arms = two_kinds()
    z = doubly_robust_scores(y, treated, 0.3, arms * 0)
    assert z.tolist() == pytest.approx((y * (treated - 0.3) / (0.3 * 0.7)).tolist())


def observed(n, seed):
    """Draw a confounded sample: x raises the propensity and the outcome; the mean effect is 1."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 2))
    e = 1 / (1 + np.exp(-x[:, 0]))
    treated = rng.random(n) < e
    y = 2 * x[:, 0] + x[:, 1] + treated * (1 + x[:, 1]) + rng.normal(size=n)
    return sm.add_constant(x), pd.Series(y), pd.Series(treated)


def test_equal_to_statsmodels():
    x, y, treated = observed(400, seed=0)
    selection = sm.Logit(treated.astype(int), x).fit(disp=False)
    theirs = TreatmentEffect(sm.OLS(y.to_numpy(), x), treated.to_numpy(int), selection).aipw()
    fits = {"control": ~treated, "treated": treated}
    arms = pd.DataFrame({arm: sm.OLS(y[of], x[of]).fit().predict(x) for arm, of in fits.items()})
    ours = aipw(y, treated, pd.Series(selection.predict(x)), arms)
    assert ours.estimate == pytest.approx(theirs.effect[0], rel=1e-9)
    # Theirs adds the noise of both models, which matters little if both are right.
    assert ours.error == pytest.approx(theirs.sd[0], rel=0.03)


def test_the_interval_holds_the_effect_as_often_as_it_says():
    held = 0
    for seed in range(300):
        x, y, treated = observed(400, seed)
        fits = {"control": ~treated, "treated": treated}
        of = {arm: np.linalg.lstsq(x[m], y[m])[0] for arm, m in fits.items()}
        arms = pd.DataFrame({arm: x @ slopes for arm, slopes in of.items()})
        e = pd.Series(1 / (1 + np.exp(-x[:, 1])))
        effect = aipw(y, treated, e, arms)
        held += effect.low <= 1 <= effect.high
    assert 0.92 <= held / 300 <= 0.98


def test_what_it_refuses():
    y, treated, e, arms = two_kinds()
    with pytest.raises(ValueError, match=r"The propensity of 2 of 8 users .* \(first: 3, 1.0\)"):
        aipw(y, treated, e.where(~e.index.isin([3, 7]), 1.0), arms)
    with pytest.raises(ValueError, match="index of y"):
        aipw(y, treated, e.iloc[::-1], arms)
    with pytest.raises(ValueError, match="same order"):
        aipw(y.iloc[::-1], treated, e, arms)
    with pytest.raises(ValueError, match="All 8 users have treated = True"):
        aipw(y, treated | True, e, arms)
    with pytest.raises(ValueError, match="confidence"):
        aipw(y, treated, e, arms, confidence=95)
