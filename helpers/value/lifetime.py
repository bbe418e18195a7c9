"""Customer lifetime value (CLV): the present value of future purchases."""

import numpy as np
import pandas as pd

from helpers.data import checks
from helpers.value.beta_geo import BetaGeoModel
from helpers.value.gamma_gamma import GammaGammaModel


def customer_lifetime_value(
    purchase_model: BetaGeoModel,
    spend_model: GammaGammaModel,
    summary: pd.DataFrame,
    horizon: int,
    margin: float,
    discount: float,
) -> pd.Series:
    """Return the customer lifetime value: the present value of each user's future purchases.

        CLV = Σ_{t=1..horizon} margin · E[M] · (E[Y(t)] − E[Y(t−1)]) / (1+d)^t

    Money earned during the t-th unit of time is discounted from the end of that unit. Past revenue
    and the cost of acquiring the user are not included.

    Parameters
    ----------
    purchase_model, spend_model : fitted models of purchases and of spending.
    summary : DataFrame, one row per user, from `btyd_summary` with ``value``.
    horizon : how many units of time to look ahead: weeks, if ``summary`` is in weeks.
    margin : share of revenue left after the cost of goods sold, in (0, 1].
    discount : d, discount rate per unit of time, 0 or more. 15% a year is
        1.15**(7 / 365.25) − 1, about 0.0027 a week.

    Returns
    -------
    Series of floats in units of money, with the index of ``summary``.

    References
    ----------
    Fader, Hardie & Lee (2005), https://doi.org/10.1509/jmkr.2005.42.4.415

    Examples
    --------
    >>> from helpers.value import GammaGammaModel, BetaGeoModel, btyd_summary
    >>> from helpers.data import load_cdnow
    >>> orders = load_cdnow(sample=True)
    >>> summary = btyd_summary(orders, value="value", observation_end="1997-09-30")
    >>> purchases = BetaGeoModel().fit(summary)
    >>> spending = GammaGammaModel().fit(summary)
    >>> customer_lifetime_value(
    ...     purchases, spending, summary, horizon=52, margin=0.3, discount=0.0027
    ... ).head(2).round(2).tolist()
    [10.8, 2.5]
    """
    checks.require_whole("horizon", horizon)
    if not 0 < margin <= 1:
        raise ValueError(f"margin is a share of revenue: 0.3 for 30%; got {margin}.")
    if not 0 <= discount < np.inf:
        raise ValueError(f"discount is a rate per unit of time, 0 or more; got {discount}.")
    times = np.arange(horizon + 1)
    expected = np.array([purchase_model.expected_purchases(float(t), summary) for t in times])
    discounted = np.diff(expected, axis=0).T @ (1 + discount) ** -times[1:].astype(float)
    return (margin * spend_model.expected_spend(summary) * discounted).rename("clv")
