"""A test of champion against challenger that may be looked at every day."""

import numpy as np
import pandas as pd
from pandas.api import types

from helpers.data import checks


def running_difference(visits: pd.DataFrame, *, when: str, outcome: str) -> pd.DataFrame:
    """Return the difference of means between two arms, with all data up to each day.

        d = ȳ₁ − ȳ₀      error² = s₁²/n₁ + s₀²/n₀

    Parameters
    ----------
    visits : DataFrame, one row per randomized unit: ``treated`` (bool: saw the challenger), the
        day, and the outcome.
    when : name of the column of days or looks, sortable.
    outcome : name of a column of numbers or flags.

    Returns
    -------
    DataFrame, one row per day (index ``when``, sorted): ``n0``, ``n1`` (units so far),
    ``difference`` and ``error`` (standard error). Days on which an arm has fewer than two units so
    far, or no variance yet, are left out.

    Examples
    --------
    >>> visits = pd.DataFrame({"day": [1, 1, 1, 1, 2, 2], "clicks": [0, 1, 2, 1, 1, 2],
    ...     "treated": [False, False, True, True, False, True]})
    >>> running_difference(visits, when="day", outcome="clicks").round(2)
         n0  n1  difference  error
    day
    1     2   2         1.0   0.71
    2     3   3         1.0   0.47
    """
    checks.require(visits, treated="flag")
    absent = [name for name in (when, outcome) if name not in visits]
    if absent:
        raise ValueError(f'visits has no column "{absent[0]}"; it has {", ".join(visits)}.')
    unknown = (when, visits[when].isna(), "is missing", "Drop the rows, or find out why.")
    checks.refuse_rows(visits, unknown, name="visits")
    kind = "flag" if types.is_bool_dtype(visits[outcome]) else "number"
    checks.require(visits, **{outcome: kind})
    values = visits[outcome].astype(float)
    values -= values.mean()  # keeps the squares small; differences stay as they are
    parts = pd.DataFrame({"n": 1.0, "sum": values, "squares": values**2})
    parts = parts.assign(day=visits[when], treated=visits["treated"])
    arms = parts.pivot_table(
        index="day", columns="treated", values=["n", "sum", "squares"], aggfunc="sum", fill_value=0
    )
    arms = arms.rename_axis(index=when).cumsum()
    if arms["n"].shape[1] < 2:
        raise ValueError("visits has one arm only: some rows need treated = True, others False.")
    n = arms["n"]
    mean = arms["sum"] / n
    variance = (arms["squares"] - n * mean**2) / (n - 1)
    looks = pd.DataFrame({"n0": n[False].astype(int), "n1": n[True].astype(int)})
    looks["difference"] = mean[True] - mean[False]
    looks["error"] = np.sqrt((variance / n).sum(axis=1, skipna=False).clip(lower=0))
    return looks[(n.min(axis=1) > 1) & (looks["error"] > 0)]


def sequential_test(looks: pd.DataFrame, *, tau: float, alpha: float = 0.05) -> pd.DataFrame:
    """Test a difference at every look, with one probability of a false alarm over all of them.

    The mixture sequential probability ratio test (mSPRT) compares the likelihood of the difference
    d, of standard error s, if the true one is drawn from a normal distribution with mean 0 and
    standard deviation τ, with its likelihood if the true one is 0:

        Λ = √(s² / (s² + τ²)) · exp(τ² d² / (2 s² (s² + τ²)))

    Without a difference Λ ever exceeds 1/α with probability at most α (Ville's inequality). So
    min 1/Λ over the looks so far is an always-valid p-value, and

        d ± s √((1 + s²/τ²) · ln((s² + τ²) / (s² α²)))

    is a confidence sequence: with probability 1 − α it holds the true difference at *all* looks. As
    s is estimated, this is a large-sample result (Waudby-Smith et al. 2024): start with a hundred
    or so units in each arm.

    Parameters
    ----------
    looks : DataFrame, one row per look, in order: ``difference`` and ``error``, as from
        `running_difference`.
    tau : standard deviation τ of the differences one expects, in the unit of the outcome. Any
        τ > 0 is valid; the test is quickest for differences about as large.
    alpha : probability of a false alarm over all looks, in (0, 1).

    Returns
    -------
    DataFrame with the index of ``looks``: ``difference``, ``low``, ``high``, ``ratio`` (Λ),
    ``p_value`` (always valid) and ``significant`` (p_value ≤ alpha, from its first look on).

    References
    ----------
    Robbins (1970), Statistical methods related to the law of the iterated logarithm,
    https://doi.org/10.1214/aoms/1177696786; Johari, Koomen, Pekelis & Walsh (2022), Always valid
    inference, https://doi.org/10.1287/opre.2021.2135; Howard, Ramdas, McAuliffe & Sekhon (2021),
    Time-uniform, nonparametric, nonasymptotic confidence sequences,
    https://doi.org/10.1214/20-AOS1991; Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas (2024),
    Time-uniform central limit theory and asymptotic confidence sequences,
    https://doi.org/10.1214/24-AOS2408

    Examples
    --------
    >>> looks = pd.DataFrame({"difference": [0.1, 0.3], "error": [0.2, 0.1]})
    >>> sequential_test(looks, tau=0.2)[["low", "high", "p_value"]].round(3)
         low   high  p_value
    0 -0.631  0.831    1.000
    1 -0.008  0.608    0.061
    """
    checks.require(looks, difference="number", error="number")
    checks.require_share("alpha", alpha)
    flat = ("error", looks["error"] <= 0, "is not above 0", "Wait until both arms vary.")
    checks.refuse_rows(looks, flat, name="looks")
    if not 0 < tau < np.inf:
        raise ValueError(f"tau is a standard deviation above 0; got {tau}.")
    d, variance = looks["difference"], looks["error"] ** 2
    total = variance + tau**2
    log_ratio = 0.5 * np.log(variance / total) + tau**2 * d**2 / (2 * variance * total)
    reach = np.sqrt(variance * total / tau**2 * np.log(total / (variance * alpha**2)))
    p_value = np.exp(-log_ratio.cummax()).clip(upper=1)
    return pd.DataFrame(
        {
            "difference": d,
            "low": d - reach,
            "high": d + reach,
            "ratio": np.exp(log_ratio.clip(upper=700)),  # e^710 is too large for a float
            "p_value": p_value,
            "significant": p_value <= alpha,
        }
    )
