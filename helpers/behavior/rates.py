"""Conversion rates, and the difference of two, with confidence intervals."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import ndtri


def conversion(
    successes: pd.Series | np.ndarray | int,
    trials: pd.Series | np.ndarray | int,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Conversion rate with Wilson's score interval.

    With x of n converted, p = x / n and z the normal quantile of (1 + confidence) / 2, the ends are

        (p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n)

    The interval stays inside [0, 1] and does not collapse when nobody or everybody converts, as the
    textbook's p ± z √(p(1 − p)/n) does.

    Parameters
    ----------
    successes, trials : whole numbers, 0 ≤ successes ≤ trials, alone or in equally long columns.
        Trials must be independent: count users once, not each of their sessions.
    confidence : share of such intervals that hold the true rate, in (0, 1).

    Returns
    -------
    DataFrame with ``rate``, ``low``, ``high``; index of ``successes`` if it has one. Without
    trials nothing is known: the rate is NaN and the interval [0, 1].

    References
    ----------
    E. B. Wilson (1927), Probable inference, the law of succession, and statistical inference,
    JASA 22(158), 209–212, doi:10.1080/01621459.1927.10502953.

    Examples
    --------
    >>> conversion([0, 81], [20, 263]).round(4).to_numpy().tolist()
    [[0.0, 0.0, 0.1611], [0.308, 0.2553, 0.3662]]
    """
    index = successes.index if isinstance(successes, pd.Series) else None
    x, n = np.broadcast_arrays(np.atleast_1d(successes), np.atleast_1d(trials))
    _check_counts(x, n, index)
    z = _quantile(confidence)
    rate = np.divide(x, n, out=np.full(n.shape, np.nan), where=n > 0)
    spread = np.where(n > 0, x * (1 - rate), 0)  # n p (1 - p): the formula times n above and below
    center = (x + z**2 / 2) / (n + z**2)
    half = z * np.sqrt(spread + z**2 / 4) / (n + z**2)
    # Rounding may miss 0 and 1 by a hair, where the ends are exactly that.
    low = np.where(x == 0, 0.0, center - half)
    high = np.where(x == n, 1.0, center + half)
    return pd.DataFrame({"rate": rate, "low": low, "high": high}, index=index)


def conversion_difference(
    successes: Sequence[int], trials: Sequence[int], confidence: float = 0.95
) -> pd.Series:
    """Difference of two conversion rates, second minus first, with Newcombe's interval.

    With p₁, p₂ the rates and (l₁, u₁), (l₂, u₂) their Wilson intervals, p₂ − p₁ lies between

        p₂ − p₁ − √((p₂ − l₂)² + (u₁ − p₁)²)  and  p₂ − p₁ + √((u₂ − p₂)² + (p₁ − l₁)²)

    Two intervals that overlap do not show that the rates are alike; this interval holding 0 says
    that the data allow it.

    Parameters
    ----------
    successes, trials : two counts each, of independent groups; trials at least 1.
    confidence : share of such intervals that hold the true difference, in (0, 1).

    Returns
    -------
    Series with ``difference``, ``low``, ``high``, in [-1, 1].

    References
    ----------
    R. G. Newcombe (1998), Interval estimation for the difference between independent proportions:
    comparison of eleven methods (method 10), Statistics in Medicine 17(8), 873–890,
    doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I.

    Examples
    --------
    >>> conversion_difference([48, 56], [80, 70]).round(4).tolist()
    [0.2, 0.0524, 0.3339]
    """
    rates = conversion(successes, trials, confidence)
    if len(rates) != 2 or rates["rate"].isna().any():
        raise ValueError(
            "conversion_difference: needs two groups with at least one trial each, "
            f"got trials {np.atleast_1d(trials).tolist()}."
        )
    (p1, l1, u1), (p2, l2, u2) = rates.to_numpy()
    low = p2 - p1 - np.hypot(p2 - l2, u1 - p1)
    high = p2 - p1 + np.hypot(u2 - p2, p1 - l1)
    return pd.Series({"difference": p2 - p1, "low": low, "high": high})


def _check_counts(x: np.ndarray, n: np.ndarray, index: pd.Index | None) -> None:
    possible = (x >= 0) & (x <= n) & (x == np.round(x)) & (n == np.round(n))
    if not possible.all():
        (wrong,) = np.nonzero(~possible)
        rows = wrong if index is None else index[wrong]
        raise ValueError(
            f"conversion: impossible counts in {len(wrong):,} of {len(x):,} rows (first at "
            f"{', '.join(map(str, rows[:3]))}: {x[wrong[0]]} of {n[wrong[0]]}). Give whole numbers "
            "with 0 ≤ successes ≤ trials: count those who converted, then all who could."
        )


def _quantile(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is a share, such as 0.95; it cannot be {confidence}.")
    return ndtri((1 + confidence) / 2)
