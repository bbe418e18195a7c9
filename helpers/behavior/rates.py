"""Conversion rates, and the difference of two, with confidence intervals."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from helpers.data import checks


def conversion(
    successes: pd.Series | np.ndarray | int,
    trials: pd.Series | np.ndarray | int,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Conversion rate with its Wilson confidence interval.

    With x of n converted, p = x / n and z the (1 + confidence) / 2 quantile of the normal
    distribution, its bounds are

        (p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n)

    The interval stays inside [0, 1] and does not collapse when nobody or everybody converts, unlike
    the textbook's p ± z √(p(1 − p)/n).

    Parameters
    ----------
    successes, trials : whole numbers, 0 ≤ successes ≤ trials, or equally long columns of them.
        Trials must be independent: count users once, not each of their sessions.
    confidence : confidence level, in (0, 1).

    Returns
    -------
    DataFrame with ``rate``, ``low``, ``high``; index of ``successes`` if it has one. Without
    trials, the rate is NaN and the interval [0, 1].

    References
    ----------
    E. B. Wilson (1927), Probable inference, the law of succession, and statistical inference,
    JASA 22(158), 209–212, doi:10.1080/01621459.1927.10502953.

    Examples
    --------
    >>> conversion([0, 81], [20, 263]).round(4).to_numpy().tolist()
    [[0.0, 0.0, 0.1611], [0.308, 0.2553, 0.3662]]
    """
    index = successes.index if isinstance(successes, pd.Series) else None  # pyright: ignore
    x, n = np.broadcast_arrays(np.atleast_1d(successes), np.atleast_1d(trials))
    _check_counts(x, n, index)
    checks.require_share("confidence", confidence)
    with np.errstate(divide="ignore", invalid="ignore"):  # where nobody tried
        rate, (low, high) = x / n, proportion_confint(x, n, 1 - confidence, method="wilson")
    # Rounding may miss 0 and 1 by a hair, where the bounds are exactly that.
    low, high = np.where(x == 0, 0.0, low), np.where(x == n, 1.0, high)
    return pd.DataFrame({"rate": rate, "low": low, "high": high}, index=index)


def conversion_difference(
    successes: Sequence[int], trials: Sequence[int], confidence: float = 0.95
) -> pd.Series:
    """Difference of two conversion rates, second minus first, with Newcombe's confidence interval.

    With p₁, p₂ the rates and (l₁, u₁), (l₂, u₂) their Wilson intervals, p₂ − p₁ lies between

        p₂ − p₁ − √((p₂ − l₂)² + (u₁ − p₁)²)  and  p₂ − p₁ + √((u₂ − p₂)² + (p₁ − l₁)²)

    Compare two rates by this interval: their own intervals may overlap although the rates differ
    significantly.

    Parameters
    ----------
    successes, trials : two counts each, of independent groups; trials at least 1.
    confidence : confidence level, in (0, 1).

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
    rates = conversion(successes, trials, confidence)["rate"].to_numpy()
    if len(rates) != 2 or np.isnan(rates).any():
        raise ValueError(
            "conversion_difference: needs two groups with at least one trial each, "
            f"got trials {np.atleast_1d(trials).tolist()}."
        )
    (x1, x2), (n1, n2) = np.broadcast_to(successes, 2), np.broadcast_to(trials, 2)
    low, high = confint_proportions_2indep(x2, n2, x1, n1, method="newcomb", alpha=1 - confidence)
    return pd.Series({"difference": rates[1] - rates[0], "low": low, "high": high})


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
