"""How likely Thompson sampling is to show each item."""

import numpy as np
from scipy.special import betainc, betaincinv, betaln, expit, log_expit, logit

POINTS = 2  # of the numerical integral, in the width of the narrowest distribution
TAIL = 1e-12  # probability left out at either end


def thompson_propensities(alpha: np.ndarray, beta: np.ndarray) -> np.ndarray:
    """Return the probability of each item to have the highest draw.

    With F_i the cumulative distribution function of item i, Beta(α_i, β_i),

        P(i) = ∫ Π_{j ≠ i} F_j(x) dF_i(x)

    by the trapezoidal rule in y = ln(x / (1 − x)), over the range in which the highest draw lies.
    There the integrand is smooth and vanishes at both ends, so the rule is almost exact.

    Parameters
    ----------
    alpha, beta : arrays of numbers above 0, shape (…, items).

    Returns
    -------
    Array of the same shape; its sum over items is 1.

    References
    ----------
    Scott (2010), A modern Bayesian look at the multi-armed bandit, https://doi.org/10.1002/asmb.874

    Examples
    --------
    Draws from Beta(2, 1) have the density 2x, and the other one is below x with probability x:
    ∫ 2x · x dx = 2/3.

    >>> thompson_propensities(np.array([2, 1]), np.array([1, 1])).round(3).tolist()
    [0.667, 0.333]
    """
    alpha, beta = np.broadcast_arrays(np.asarray(alpha, float), np.asarray(beta, float))
    if not (alpha > 0).all() or not (beta > 0).all():
        raise ValueError("alpha and beta must be above 0: start both from 1, and add the clicks.")
    low = logit(betaincinv(alpha, beta, TAIL)).max(axis=-1, keepdims=True)
    high = -logit(betaincinv(beta, alpha, TAIL)).min(axis=-1, keepdims=True)
    width = np.sqrt(1 / alpha + 1 / beta).min(axis=-1, keepdims=True)
    points = 2 + int(np.max(POINTS * (high - low) / width))
    y = (low + (high - low) * np.linspace(0, 1, points))[..., None, :]
    alpha, beta = alpha[..., None], beta[..., None]
    below = betainc(alpha, beta, expit(y))  # F, shape (…, items, points)
    density = np.exp(alpha * log_expit(y) + beta * log_expit(-y) - betaln(alpha, beta))
    best = np.empty_like(below)
    for item in range(below.shape[-2]):
        others = np.delete(below, item, axis=-2).prod(axis=-2)
        best[..., item, :] = density[..., item, :] * others
    found = best.sum(axis=-1)
    return found / found.sum(axis=-1, keepdims=True)
