"""Survival analysis: the time until something happens, which for some users has not happened yet.

A table of lifetimes has one row per user:

    duration   days until the event or, without one, until the end of observation
    event      whether it happened; False means censored: it happens later, if ever
    observed   days of observation, which end on the same date for everyone
"""

import numpy as np
import pandas as pd
from scipy.stats import norm

from helpers.data import checks
from helpers.value.histories import observed_days


def time_to_second_purchase(
    transactions: pd.DataFrame, observation_end: str | pd.Timestamp | None = None
) -> pd.DataFrame:
    """Return how long each user took to buy again, censored for those who have not.

    All rows of a user on one day are one purchase.

    Parameters
    ----------
    transactions : DataFrame, one row per order or order line; columns ``user_id``, ``ordered_at``.
    observation_end : last day observed; later transactions are left out. By default the day of the
        last transaction.

    Returns
    -------
    DataFrame of lifetimes, one row per user (index, sorted): ``duration``, ``event``, ``observed``.

    Examples
    --------
    >>> orders = pd.DataFrame({"user_id": ["Ana", "Ana", "Ben"], "ordered_at": pd.to_datetime(
    ...     ["2025-03-01", "2025-03-08", "2025-03-11"])})
    >>> time_to_second_purchase(orders, observation_end="2025-03-15")
             duration  event  observed
    user_id
    Ana             7   True        14
    Ben             4  False         4
    """
    days, end = _purchase_days(transactions, observation_end)
    second = days[days.groupby("user_id").cumcount() == 1].set_index("user_id")["day"]
    return _lifetimes(days, second, end)


def time_to_silence(
    transactions: pd.DataFrame, silence: int, observation_end: str | pd.Timestamp | None = None
) -> pd.DataFrame:
    """Return when each user had first been silent for a number of days, if ever.

    The event is dated to the day on which the silence reaches that length, not to the purchase
    before it. It says nothing about what comes later: many buy again.

    Parameters
    ----------
    transactions, observation_end : as for `time_to_second_purchase`.
    silence : days without a purchase after which a user counts as gone.

    Returns
    -------
    DataFrame of lifetimes, one row per user (index, sorted): ``duration``, ``event``, ``observed``.

    Examples
    --------
    >>> orders = pd.DataFrame({"user_id": ["Ana", "Ana", "Ben"], "ordered_at": pd.to_datetime(
    ...     ["2025-03-01", "2025-03-08", "2025-03-11"])})
    >>> time_to_silence(orders, 5, observation_end="2025-03-15")
             duration  event  observed
    user_id
    Ana             5   True        14
    Ben             4  False         4
    """
    checks.require_whole("silence", silence)
    days, end = _purchase_days(transactions, observation_end)
    following = days.groupby("user_id")["day"].shift(-1).fillna(end + pd.Timedelta(days=1))
    wait = pd.Timedelta(days=silence)
    before = days[following - days["day"] > wait].drop_duplicates("user_id")
    return _lifetimes(days, before.set_index("user_id")["day"] + wait, end)


def _purchase_days(
    transactions: pd.DataFrame, observation_end: str | pd.Timestamp | None
) -> tuple[pd.DataFrame, pd.Timestamp]:
    """Return the days on which users bought, sorted by both, and the last day observed."""
    checks.require(transactions, user_id="key", ordered_at="datetime")
    day, end = observed_days(transactions, observation_end)
    days = transactions[["user_id"]].assign(day=day)[day <= end]
    return days.drop_duplicates().sort_values(["user_id", "day"]), pd.Timestamp(end)


def _lifetimes(days: pd.DataFrame, happened: pd.Series, end: pd.Timestamp) -> pd.DataFrame:
    first = days.groupby("user_id")["day"].min()
    happened = happened.reindex(first.index)
    duration, observed = (happened.fillna(end) - first).dt.days, (end - first).dt.days
    return pd.DataFrame({"duration": duration, "event": happened.notna(), "observed": observed})


def kaplan_meier(lifetimes: pd.DataFrame, level: float = 0.95) -> pd.DataFrame:
    """Estimate the survival function: the share to whom the event has not happened by time t.

        Ŝ(t) = Π_{tᵢ ≤ t} (1 − dᵢ/nᵢ)

    with dᵢ events at time tᵢ among nᵢ users at risk: without an event or the end of observation
    before tᵢ. A user censored at tᵢ is still at risk there. Greenwood's standard error is
    Ŝ √Σ dᵢ/(nᵢ(nᵢ−dᵢ)). The confidence interval is that of ln(−ln S), which stays within 0 and 1:

        Ŝ^exp(±z σ),   σ = √Σ dᵢ/(nᵢ(nᵢ−dᵢ)) / |ln Ŝ|

    It assumes that the end of observation has nothing to do with the event.

    Parameters
    ----------
    lifetimes : DataFrame; columns ``duration`` (0 or more), ``event`` (True or False).
    level : of the confidence interval at one time, not of the whole curve.

    Returns
    -------
    DataFrame with a row for time 0 and each time of an event (index ``time``): ``at_risk``,
    ``events``, ``survival``, ``standard_error``, ``low``, ``high``. Where the curve ends at 0, the
    last three are NaN.

    References
    ----------
    Kaplan & Meier (1958), https://doi.org/10.1080/01621459.1958.10501452

    Examples
    --------
    >>> lifetimes = pd.DataFrame({"duration": [2, 3, 5], "event": [True, False, True]})
    >>> kaplan_meier(lifetimes)[["at_risk", "events", "survival"]].round(3)
          at_risk  events  survival
    time
    0           3       0     1.000
    2           3       1     0.667
    5           1       1     0.000
    """
    _check_lifetimes(lifetimes)
    checks.require_share("level", level)
    duration = lifetimes["duration"].to_numpy()
    happened = lifetimes["event"].to_numpy(dtype=bool)
    times = np.union1d(duration[happened], [0]).astype(duration.dtype)
    at_risk = len(duration) - np.searchsorted(np.sort(duration), times)
    events = np.bincount(np.searchsorted(times, duration[happened]), minlength=len(times))
    survival = np.cumprod(1 - events / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(np.cumsum(events / (at_risk * (at_risk - events))))
        standard_error = survival * spread
        error = norm.ppf((1 + level) / 2) * spread / abs(np.log(survival))
        low, high = survival ** np.exp([error, -error])
    certain = survival == 1  # no event yet: ln S is 0, and the interval is that one point
    return pd.DataFrame(
        {
            "at_risk": at_risk,
            "events": events,
            "survival": survival,
            "standard_error": standard_error,
            "low": np.where(certain, 1, low),
            "high": np.where(certain, 1, high),
        },
        index=pd.Index(times, name="time"),
    )


def cox_regression(
    lifetimes: pd.DataFrame, features: pd.DataFrame, level: float = 0.95
) -> pd.DataFrame:
    """Estimate by how much each feature multiplies the hazard, whatever its course over time.

        h(t | x) = h₀(t) exp(βᵀx)

    At each event, the one who had it is user i of the risk set R with probability
    exp(βᵀxᵢ) / Σ_R exp(βᵀxⱼ), from which h₀ has canceled. The product over the events is the
    partial likelihood; Newton's method finds its maximum. Of d events on one day, the k-th is
    drawn from a risk set that has lost a share k/d of all d, k = 0 … d − 1 (Efron 1977). The
    interval is β ± z standard errors.

    Parameters
    ----------
    lifetimes : DataFrame, one row per user (index); columns ``duration``, ``event``.
    features : DataFrame of numbers, with the same index; one column each, no constant.
    level : of the confidence intervals.

    Returns
    -------
    DataFrame of hazard ratios exp(β), a row per feature: ``ratio``, ``low``, ``high``.

    Raises
    ------
    ValueError
        If the rows are of other users, a feature is missing, or the likelihood has no maximum: a
        feature is constant, follows from others, or all events come first where it is high.

    References
    ----------
    Cox (1972), https://doi.org/10.1111/j.2517-6161.1972.tb00899.x
    Efron (1977), https://doi.org/10.1080/01621459.1977.10480613

    Examples
    --------
    >>> waits, event = [8, 37, 64, 81, 123, 164], [True, False] * 3
    >>> referral = pd.DataFrame({"referral": [1, 1, 0, 0, 1, 0]})
    >>> cox_regression(pd.DataFrame({"duration": waits, "event": event}), referral).round(2)
              ratio   low   high
    referral    3.0  0.25  35.79
    """
    _check_lifetimes(lifetimes)
    checks.require_share("level", level)
    checks.require(features, **dict.fromkeys(features.columns, "number"))
    if not features.index.equals(lifetimes.index):
        raise ValueError("features: the index is not that of lifetimes. Use features.loc[...].")
    x = features.to_numpy(dtype=float)
    duration, event = lifetimes["duration"].to_numpy(), lifetimes["event"].to_numpy(dtype=bool)
    beta = np.zeros(x.shape[1])
    for _ in range(25):
        gradient, information = _partial_likelihood(beta, x, duration, event)
        if np.linalg.cond(information) > 1e10:
            break
        step = np.linalg.solve(information, gradient)
        beta = beta + step
        if abs(step).max() < 1e-9:
            error = norm.ppf((1 + level) / 2) * np.sqrt(np.diag(np.linalg.inv(information)))
            ends = {"ratio": beta, "low": beta - error, "high": beta + error}
            return np.exp(pd.DataFrame(ends, index=features.columns))
    raise ValueError(
        "features: the hazard ratios have no estimate. Drop a feature that is constant, follows "
        "from others, or by which all events can be put in order."
    )


def _partial_likelihood(beta, x, duration, event) -> tuple[np.ndarray, np.ndarray]:
    """Return the first derivatives of the logarithm, and minus the second."""
    risk = np.exp(x @ beta)
    gradient, information = x[event].sum(axis=0), np.zeros((len(beta), len(beta)))
    for time in np.unique(duration[event]):
        now = event & (duration == time)
        for gone in np.arange(now.sum()) / now.sum():
            weights = risk * ((duration >= time) - gone * now)
            weights = weights / weights.sum()
            mean = weights @ x
            gradient = gradient - mean
            information = information + (x.T * weights) @ x - np.outer(mean, mean)
    return gradient, information


def person_periods(lifetimes: pd.DataFrame, length: int = 30) -> pd.DataFrame:
    """Turn lifetimes into a person–period table, on which any classifier estimates the hazard.

    A user has a row for every period up to the event. Only periods observed to their end count:
    in a period cut short, those who had the event would be known and the others not, so the
    hazard would come out too high.

    Parameters
    ----------
    lifetimes : DataFrame, one row per user (index); columns ``duration``, ``event``, ``observed``.
    length : of a period, in the unit of the durations.

    Returns
    -------
    DataFrame, one row per user and period: ``user_id`` (from the index), ``period`` (1, 2, …),
    ``event`` (whether it happened in this period).

    References
    ----------
    Singer & Willett (1993), https://doi.org/10.3102/10769986018002155

    Examples
    --------
    >>> lifetimes = pd.DataFrame(
    ...     {"duration": [40, 75], "event": [True, False], "observed": [99, 75]},
    ...     index=["Ana", "Ben"])
    >>> person_periods(lifetimes)
      user_id  period  event
    0     Ana       1  False
    1     Ana       2   True
    2     Ben       1  False
    3     Ben       2  False
    """
    _check_lifetimes(lifetimes)
    checks.require(lifetimes, observed="number")
    checks.require_whole("length", length)
    longer = lifetimes["duration"] > lifetimes["observed"]
    fix = "Both start together, and nothing is known after the end of observation."
    checks.refuse_rows(lifetimes, ("duration", longer, "is above observed", fix), name="lifetimes")
    complete = (lifetimes["observed"] // length).to_numpy(dtype=int)
    period = np.fmax(np.ceil(lifetimes["duration"] / length), 1).to_numpy(dtype=int)
    happened = lifetimes["event"].to_numpy(dtype=bool) & (period <= complete)
    last = np.where(happened, period, complete)
    user = np.repeat(np.arange(len(last)), last)
    number = np.arange(len(user)) - np.repeat(np.cumsum(last) - last, last) + 1
    user_id, event = lifetimes.index.to_numpy()[user], happened[user] & (number == last[user])
    return pd.DataFrame({"user_id": user_id, "period": number, "event": event})


def _check_lifetimes(lifetimes: pd.DataFrame) -> None:
    checks.require(lifetimes, duration="number", event="flag")
    rule = ("duration", lifetimes["duration"] < 0, "is negative", "Time runs from the first day.")
    checks.refuse_rows(lifetimes, rule, name="lifetimes")
