"""How likely Thompson sampling is to show each item."""

import numpy as np
from scipy.special import betainc, betaincinv

POINTS = 257  # of the numerical integral
TAIL = 1e-9  # probability left out at either end


def thompson_propensities(alpha: np.ndarray, beta: np.ndarray) -> np.ndarray:
    """Return the probability of each item to have the highest draw.

    With F_i the cumulative distribution function of item i, Beta(α_i, β_i),

        P(i) = ∫ Π_{j ≠ i} F_j(x) dF_i(x)

    by the trapezoidal rule, over the range in which the highest draw lies.

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
    low = betaincinv(alpha, beta, TAIL).max(axis=-1, keepdims=True)
    high = betaincinv(alpha, beta, 1 - TAIL).max(axis=-1, keepdims=True)
    x = low + (high - low) * np.linspace(0, 1, POINTS)
    below = betainc(alpha[..., None], beta[..., None], x[..., None, :])  # F, (…, items, points)
    found = np.empty(alpha.shape)
    for item in range(alpha.shape[-1]):
        others = np.delete(below, item, axis=-2).prod(axis=-2)
        steps = np.diff(below[..., item, :], axis=-1)
        found[..., item] = (steps * (others[..., 1:] + others[..., :-1]) / 2).sum(axis=-1)
    return found / found.sum(axis=-1, keepdims=True)
