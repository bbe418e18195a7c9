"""Budgets: what a channel's spending brings, what one more dollar brings, and the best split.

``responses`` is a table with one row per channel (index ``channel``): ``ceiling``, the customers
per week that no spending exceeds, and ``half``, the spending per week that brings half of them.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from helpers.data import checks


def response(responses: pd.DataFrame, spending: pd.Series) -> pd.Series:
    """Return the customers per week that steady spending brings, by channel.

        f(x) = ceiling · x / (half + x)

    This is the Hill function with slope 1 (Michaelis–Menten): each dollar brings less than the one
    before it (saturation).

    Parameters
    ----------
    responses : DataFrame, index ``channel``: ``ceiling``, ``half``; both positive.
    spending : Series of dollars per week, 0 or more, one per channel; by the same index.

    Returns
    -------
    Series of customers per week, in the order of ``responses``.

    References
    ----------
    Jin, Wang, Sun, Chan & Koehler (2017), Bayesian methods for media mix modeling with carryover
    and shape effects, Google Inc.; they have a further parameter, the slope.

    Examples
    --------
    >>> channels = pd.DataFrame({"ceiling": [12.0], "half": [6.0]}, index=["search"])
    >>> response(channels, pd.Series({"search": 3.0})).to_dict()  # 12 · 3 / (6 + 3)
    {'search': 4.0}
    """
    ceiling, half, x = _checked(responses, spending)
    return pd.Series(ceiling * x / (half + x), responses.index, name="customers")


def marginal_response(responses: pd.DataFrame, spending: pd.Series) -> pd.Series:
    """Return the customers that one more dollar per week brings, by channel.

        f'(x) = ceiling · half / (half + x)²

    One over it is the marginal cost per acquisition.

    Parameters
    ----------
    responses, spending : as for `response`.

    Returns
    -------
    Series of customers per dollar, in the order of ``responses``.

    Examples
    --------
    >>> channels = pd.DataFrame({"ceiling": [12.0], "half": [6.0]}, index=["search"])
    >>> marginal_response(channels, pd.Series({"search": 6.0})).to_dict()  # 12 · 6 / 144
    {'search': 0.5}
    """
    ceiling, half, x = _checked(responses, spending)
    return pd.Series(ceiling * half / (half + x) ** 2, responses.index, name="customers_per_dollar")


class Split(NamedTuple):
    """The spending per channel, and its shadow price: customers per further dollar."""

    spending: pd.Series
    shadow_price: float


def allocate(
    budget: float,
    responses: pd.DataFrame,
    *,
    value: float = np.inf,
    low: pd.Series | None = None,
    high: pd.Series | None = None,
) -> Split:
    """Split a budget among channels to bring the most customers.

        max Σ_c f_c(x_c)    with    Σ_c x_c ≤ budget,    low_c ≤ x_c ≤ high_c

    At the optimum the marginal response is the same, λ, in all channels whose spending is not at a
    bound. With the curves of `response`, f'(x) = λ solves to

        x_c = √(ceiling_c · half_c / λ) − half_c,    kept within the bounds

    The total falls as λ rises; the λ that spends the budget is found by bracketing (Brent).

    A budget need not be spent: where a customer is worth ``value`` dollars, no dollar is spent that
    returns less than itself, so λ is at least 1 / value (Dorfman & Steiner 1954).

    Parameters
    ----------
    budget : dollars per week, 0 or more; ``inf``, with a ``value``, for as much as pays.
    responses : as for `response`. A channel with a ceiling of 0 gets no more than ``low``.
    value : dollars per customer, positive; by default all of the budget is spent.
    low, high : Series of dollars per week and channel; by default 0 and no bound.

    Returns
    -------
    Split : ``spending`` (Series, dollars per week and channel) and ``shadow_price`` λ.

    References
    ----------
    Dorfman & Steiner (1954), Optimal advertising and optimal quality, American Economic Review
    44(5), 826–836.

    Examples
    --------
    >>> two = pd.DataFrame({"ceiling": [16.0, 9.0], "half": [1.0, 1.0]}, index=["A", "B"])
    >>> split = allocate(5, two)  # λ = 1: √16 − 1 dollars, and √9 − 1
    >>> split.spending.round(6).to_dict(), round(split.shadow_price, 6)
    ({'A': 3.0, 'B': 2.0}, 1.0)
    """
    low = pd.Series(0.0, responses.index) if low is None else low
    ceiling, half, least = _checked(responses, low, "low")
    most = np.full(len(half), np.inf) if high is None else _checked(responses, high, "high")[2]
    if not (budget >= 0 and value > 0 and min(budget, value) < np.inf):
        raise ValueError(
            "budget is 0 or more and value is positive, and one of them is finite; got "
            f"{budget} and {value}."
        )
    if least.sum() > budget or (least > most).any():
        raise ValueError("The lowest spending exceeds the budget or the highest spending.")

    def spending(price: float) -> np.ndarray:
        return np.clip(np.sqrt(ceiling * half / price) - half, least, most)

    works = ceiling > 0
    if not works.any():
        return Split(pd.Series(least, responses.index, name="spending"), 0.0)
    # At this price each channel alone would take the whole budget, or all that pays.
    price = max(1 / value, (ceiling * half / (half + budget) ** 2)[works].min())
    if spending(price).sum() > budget:
        top = (ceiling / half).max()
        logs = np.log([price, top])
        price = np.exp(brentq(lambda log: spending(np.exp(log)).sum() - budget, *logs, xtol=1e-13))
    spent = spending(price)
    if spent.sum() < budget and (spent == most)[works].all():
        price = 0.0  # no channel takes a further dollar
    return Split(pd.Series(spent, responses.index, name="spending"), float(price))


def _checked(
    responses: pd.DataFrame, spending: pd.Series, name: str = "spending"
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return ceiling, half and spending as arrays in the order of the responses."""
    checks.require(responses, ceiling="number", half="number")
    checks.refuse_rows(
        responses,
        ("ceiling", responses["ceiling"] < 0, "is negative", "Fit with ceilings of 0 or more."),
        ("half", responses["half"] <= 0, "is not positive", "Give dollars per week."),
        name="responses",
    )
    missing = [each for each in responses.index if each not in spending.index]
    if missing:
        raise ValueError(f"{name} has no {', '.join(map(str, missing))}; give 0 if it is nothing.")
    table = pd.DataFrame({name: spending.reindex(responses.index)})
    checks.require(table, **{name: "number"})
    negative = name, table[name] < 0, "is negative", "Give dollars per week."
    checks.refuse_rows(table, negative, name=name)
    return tuple(
        each.to_numpy(float) for each in (responses["ceiling"], responses["half"], table[name])
    )
