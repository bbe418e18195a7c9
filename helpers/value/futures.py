"""Simulated futures: what customers may buy and spend, not only what to expect."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.data import checks
from helpers.value.beta_geo import BetaGeoModel
from helpers.value.gamma_gamma import GammaGammaModel, _spending
from helpers.value.likelihood import check_horizon, check_summary


class Futures(NamedTuple):
    """Simulated futures: DataFrames with a row per user and a column per draw.

    ``purchases`` counts purchases; ``value`` is what they bring, in units of money.
    """

    purchases: pd.DataFrame
    value: pd.DataFrame


def simulate_lifetime_value(
    purchase_model: BetaGeoModel,
    spend_model: GammaGammaModel,
    summary: pd.DataFrame,
    horizon: float,
    *,
    margin: float = 1.0,
    discount: float = 0.0,
    draws: int = 1000,
    random_state: int | None = None,
) -> Futures:
    """Draw what each user will buy and spend, from the predictive distribution of the two models.

    Each draw plays one possible future of a user with the history x, t_x, T and mean spend z̄:

        alive with P(alive)    λ ~ Gamma(r+x, α+T)    p ~ Beta(a, b+x)    ν ~ Gamma(q+px, γ+x z̄)

    These are the posterior distributions; p in the last one is that of Gamma-Gamma. While alive,
    the user buys at random times at rate λ and leaves after a purchase with probability p. Each
    purchase brings Gamma(p, ν), and (1+d)^−t of that in present value if it is made at time t.

    The fitted parameters are taken as known. For their uncertainty, fit the models to bootstrap
    samples of the users, simulate with each, and put the draws together.

    Parameters
    ----------
    purchase_model, spend_model : fitted models of purchases and of spending.
    summary : DataFrame, one row per user, from `btyd_summary` with ``value``.
    horizon : how far to look ahead, in the unit of the summary.
    margin : share of revenue left after the cost of goods sold, in (0, 1].
    discount : d, discount rate per unit of time, 0 or more.
    draws : futures per user.
    random_state : seed.

    Returns
    -------
    Futures, DataFrames ``purchases`` and ``value`` of shape (users, draws). The mean over the draws
    approaches the expected purchases and, but for the discount within a unit of time, the
    `customer_lifetime_value`.

    Examples
    --------
    >>> from helpers.value import BetaGeoModel, GammaGammaModel, btyd_summary
    >>> from helpers.data import load_cdnow
    >>> orders = load_cdnow(sample=True)
    >>> summary = btyd_summary(orders, value="value", observation_end="1997-09-30")
    >>> models = BetaGeoModel().fit(summary), GammaGammaModel().fit(summary)
    >>> futures = simulate_lifetime_value(*models, summary.head(2), 39, random_state=3)
    >>> futures.value.quantile([0.05, 0.95], axis=1).round(0).T.to_numpy().tolist()
    [[0.0, 120.0], [0.0, 51.0]]
    """
    horizon = float(check_horizon(horizon))
    checks.require_whole("draws", draws)
    if not 0 < margin <= 1:
        raise ValueError(f"margin is a share of revenue: 0.3 for 30%; got {margin}.")
    if not 0 <= discount < np.inf:
        raise ValueError(f"discount is a rate per unit of time, 0 or more; got {discount}.")
    rng = np.random.default_rng(random_state)
    x, _, T = check_summary(summary)
    _, mean = _spending(summary)
    r, alpha, a, b = purchase_model.parameters_
    p, q, gamma = spend_model.parameters_
    opportunities = x + purchase_model._dropout_at_first_purchase  # to leave, not taken if alive

    # Only futures of active users who want to buy go on; the others stay at 0.
    shape = (len(summary), draws)
    alive = rng.random(shape) < purchase_model.probability_alive(summary).to_numpy()[:, None]
    future = np.flatnonzero(alive)
    user = future // draws
    wanted = rng.poisson(horizon * rng.gamma((r + x)[user], 1 / (alpha + T)[user]))
    future, user, wanted = (each[wanted > 0] for each in (future, user, wanted))
    dropout = np.fmax(rng.beta(a, (b + opportunities)[user]), 1e-12)  # 0 by underflow is refused
    scale = rng.gamma((q + p * x)[user], 1 / (gamma + x * mean)[user])

    # Purchases fall evenly on the horizon. In order of time, those up to the dropout are made.
    row = np.repeat(np.arange(len(wanted)), wanted)
    when = horizon * (np.sort(row + rng.random(len(row))) - row)
    number = np.arange(len(row)) - np.repeat(np.cumsum(wanted) - wanted, wanted) + 1
    made = number <= rng.geometric(dropout)[row]
    row, when = row[made], when[made]
    worth = margin * rng.gamma(p, 1 / scale[row]) / (1 + discount) ** when

    size = shape[0] * draws
    purchases = np.bincount(future[row], minlength=size).reshape(shape)
    value = np.bincount(future[row], worth, minlength=size).reshape(shape)
    return Futures(pd.DataFrame(purchases, summary.index), pd.DataFrame(value, summary.index))
