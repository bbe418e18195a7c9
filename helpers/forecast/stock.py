"""How much to stock: from the distribution of demand and two costs to a number of units.

The costs are those of a unit too few and of a unit too many. Where the stock ran out, sales are
less than demand; `censored_mean` estimates what demand was.
"""

from numbers import Real

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from helpers.forecast.checks import require_units

NEARLY_POISSON = 1 + 1e-6  # the negative binomial has no dispersion of 1, only all above it
ROUNDS = 1000  # in which `censored_mean` has to settle


def count_distribution(mean: ArrayLike, dispersion: ArrayLike = 1.0):
    """Return the distribution of a count, given its mean and its variance / mean.

    With a dispersion of 1 it is the Poisson distribution. Orders that hold several units make
    demand vary more: the negative binomial distribution with

        n = mean / (dispersion − 1),   p = 1 / dispersion

    has that mean and the variance dispersion · mean. A dispersion below 1 counts as 1.

    Parameters
    ----------
    mean : expected units, 0 or more; any shape.
    dispersion : variance / mean; any shape that goes with ``mean``.

    Returns
    -------
    Frozen distribution of scipy: ``ppf(q)`` gives quantiles, ``pmf(k)`` and ``cdf(k)``
    probabilities, ``rvs(random_state=…)`` draws.

    Examples
    --------
    >>> count_distribution(4.0, dispersion=[1, 2]).ppf(0.9).tolist()
    [7.0, 8.0]
    """
    mean = require_units("mean", mean)
    dispersion = np.maximum(require_units("dispersion", dispersion), NEARLY_POISSON)
    _go_together(mean=mean, dispersion=dispersion)
    size = np.maximum(mean, 1e-9) / (dispersion - 1)
    return stats.nbinom(size, 1 / dispersion)


def newsvendor(distribution, cost_under: float, cost_over: float) -> np.ndarray:
    """Return the stock with the lowest expected cost.

    It is the least q for which

        P(demand ≤ q) ≥ cost_under / (cost_under + cost_over)

    One more unit is sold with probability P(demand > q), which saves ``cost_under``; otherwise it
    stays on the shelf, which costs ``cost_over``.

    Parameters
    ----------
    distribution : of demand, with a method ``ppf``, such as `count_distribution` or a frozen
        distribution of scipy.
    cost_under : cost of a unit too few, usually the margin that is lost.
    cost_over : cost of a unit too many: what was paid for it, less its salvage value.

    Returns
    -------
    Array of whole units, of the shape of the distribution.

    References
    ----------
    Arrow, Harris & Marschak (1951), Optimal inventory policy, Econometrica 19(3), 250–272,
    https://doi.org/10.2307/1906813

    Examples
    --------
    Nine of ten weeks are to be served: a lost sale costs 9, an unsold unit 1.

    >>> newsvendor(count_distribution([0.5, 4.0]), cost_under=9, cost_over=1).tolist()
    [1.0, 7.0]
    """
    _require_costs(cost_under=cost_under, cost_over=cost_over)
    if not hasattr(distribution, "ppf"):
        raise TypeError(
            f"The distribution of demand has a method ppf; got {type(distribution).__name__}. "
            "Of past weeks, take np.quantile(weeks, share, method='inverted_cdf') instead."
        )
    quantile = distribution.ppf(cost_under / (cost_under + cost_over))
    return np.maximum(np.ceil(np.asarray(quantile)), 0)


def stock_cost(
    demand: ArrayLike, stock: ArrayLike, cost_under: float, cost_over: float
) -> np.ndarray:
    """Return what each stock cost: cost_under · (demand − stock)⁺ + cost_over · (stock − demand)⁺.

    Each week counts on its own: leftover units are not sold later. Divided by the sum of both
    costs it is the pinball loss of the stock, as a forecast of the quantile of `newsvendor`.

    Parameters
    ----------
    demand, stock : units; any shapes that go together.
    cost_under, cost_over : as for `newsvendor`.

    Examples
    --------
    >>> stock_cost([3, 5, 8], stock=5, cost_under=9, cost_over=1).tolist()
    [2.0, 0.0, 27.0]
    """
    _require_costs(cost_under=cost_under, cost_over=cost_over)
    demand, stock = require_units("demand", demand), require_units("stock", stock)
    _go_together(demand=demand, stock=stock)
    short = demand - stock
    return cost_under * np.maximum(short, 0) + cost_over * np.maximum(-short, 0)


def censored_mean(sales: ArrayLike, sold_out: ArrayLike, dispersion: float = 1.0) -> float:
    """Estimate mean demand from sales that are censored in weeks when the stock was sold out.

    In such a week demand was *at least* what was sold. Starting from mean sales λ, these weeks are
    filled in with their expected demand, and the mean is taken again:

        λ ← mean of   sales                         where something was left
                      E[demand | demand ≥ sales; λ] where nothing was

    until nothing changes. With a dispersion of 1 this is the EM algorithm, and it ends at the
    Poisson mean under which the sales are most likely. With a larger one, the distribution is that
    of `count_distribution`, and the mean settles where the filled weeks agree with it.

    Parameters
    ----------
    sales : units sold, one number a week, from weeks whose demand had the same mean.
    sold_out : True where the stock of that week was sold out.
    dispersion : variance / mean of demand.

    References
    ----------
    Dempster, Laird & Rubin (1977), https://doi.org/10.1111/j.2517-6161.1977.tb01600.x; for stock,
    Conrad (1976), Sales data and the estimation of demand, https://doi.org/10.1057/jors.1976.13

    Examples
    --------
    >>> round(censored_mean([4, 2, 4, 4, 3], sold_out=[True, False, True, True, False]), 2)
    4.34
    """
    sales, sold_out = require_units("sales", sales), np.asarray(sold_out)
    if sold_out.dtype != bool:
        raise ValueError(
            f"sold_out is True or False for each week; got {sold_out.dtype}. Compare to make it "
            "so: sales >= stock."
        )
    if sales.shape != sold_out.shape or sales.ndim != 1 or not sales.size:
        raise ValueError(
            "sales and sold_out hold one value a week, the same weeks in both; got shapes "
            f"{sales.shape} and {sold_out.shape}."
        )
    if sold_out.all():
        raise ValueError(
            f"All {len(sales):,} weeks were sold out, so demand may have been anything above. Take "
            "more weeks, or raise the stock until something is left in one of them."
        )
    p = 1 / np.maximum(require_units("dispersion", dispersion), NEARLY_POISSON)
    least, mean = sales[sold_out], sales.mean()
    for _ in range(ROUNDS):
        # k·P(k) of the negative binomial (n, p) is its mean times P(k − 1) of (n + 1, p).
        n = max(mean, 1e-9) * p / (1 - p)
        beyond, possible = stats.nbinom.sf(least - 2, n + 1, p), stats.nbinom.sf(least - 1, n, p)
        share = np.divide(beyond, possible, out=np.zeros_like(least), where=possible > 0)
        filled = np.maximum(mean * share, least)  # in the far tail P is 0
        before, mean = mean, (sales[~sold_out].sum() + filled.sum()) / len(sales)
        if abs(mean - before) <= 1e-9 * (1 + mean):
            return float(mean)
    raise ValueError(
        f"The mean has not settled after {ROUNDS:,} rounds (it is at {mean:.3g}). Of "
        f"{len(sales):,} weeks, {sold_out.sum():,} were sold out: take more weeks."
    )


def _go_together(**arrays: np.ndarray) -> None:
    try:
        np.broadcast_shapes(*(values.shape for values in arrays.values()))
    except ValueError:
        shapes = " and ".join(f"{name} {values.shape}" for name, values in arrays.items())
        raise ValueError(f"These shapes do not go together: {shapes}.") from None


def _require_costs(**costs: float) -> None:
    for name, cost in costs.items():
        if not isinstance(cost, Real) or not 0 < cost < np.inf:
            raise ValueError(f"{name} is a cost in money, above 0; got {cost!r}.")
