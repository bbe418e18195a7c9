"""Adstock: advertising keeps working in later weeks."""

from collections.abc import Callable, Sequence

import numpy as np
from scipy.signal import lfilter


def adstock(spending: Sequence[float] | np.ndarray, carryover: float) -> np.ndarray:
    """Return the adstock: what the spending of this week and of past weeks does this week.

        a_t = (1 − θ) · x_t + θ · a_{t−1}

    The weights of all weeks add up to 1, so steady spending is its own adstock. What was spent in
    the first week counts as having been spent before it, too.

    Parameters
    ----------
    spending : dollars per week, shape (weeks,) or (weeks, columns), the earliest week first.
    carryover : θ, the share of last week's adstock that is left this week, in [0, 1).

    Returns
    -------
    Array of floats, with the shape of ``spending``.

    References
    ----------
    Broadbent (1979), One way TV advertisements work, Journal of the Market Research Society 21(3),
    139–166.

    Examples
    --------
    >>> adstock([0, 8, 0, 0], 0.5).tolist()
    [0.0, 4.0, 2.0, 1.0]
    """
    if not 0 <= carryover < 1:
        raise ValueError(f"carryover is a share, 0 or more and below 1; got {carryover!r}.")
    x = np.asarray(spending, dtype=float)
    if len(x) == 0 or not np.isfinite(x).all():
        raise ValueError("spending has a finite number for each week; fill missing weeks with 0.")
    return _adstock(x, carryover)


def adstocks(x: np.ndarray, carryover: np.ndarray) -> np.ndarray:
    """Return the adstock of each channel; x has the shape (weeks, regions, channels)."""
    return _by_channel(_adstock, x, carryover)


def adstock_slopes(x: np.ndarray, carryover: np.ndarray) -> np.ndarray:
    """Return the derivatives of `adstocks`, each by the θ of its channel."""
    return _by_channel(_adstock_slope, x, carryover)


def _adstock(x: np.ndarray, carryover: float) -> np.ndarray:
    stock, _ = lfilter([1 - carryover], [1, -carryover], x, axis=0, zi=carryover * x[:1])
    return stock


def _adstock_slope(x: np.ndarray, carryover: float) -> np.ndarray:
    """Differentiate by θ: da_t = a_{t−1} − x_t + θ · da_{t−1}."""
    added = np.zeros_like(x)
    added[1:] = _adstock(x, carryover)[:-1] - x[1:]
    return lfilter([1], [1, -carryover], added, axis=0)


def _by_channel(
    function: Callable[[np.ndarray, float], np.ndarray], x: np.ndarray, carryover: np.ndarray
) -> np.ndarray:
    pairs = zip(np.moveaxis(x, 2, 0), carryover, strict=True)
    return np.stack([function(*pair) for pair in pairs], axis=2)
