"""Differential privacy: noise for counts, a bound on what one user adds, and a test of the promise.

A random function M keeps ε-differential privacy if for all neighbors D and D′, tables that differ
in the rows of one user, and all sets S of results

    P(M(D) ∈ S) ≤ exp(ε) · P(M(D′) ∈ S)

Everything here is seeded so that a lesson can be repeated. A real release must not be: anyone
who knows the seed subtracts the noise. Use a vetted library with a secure random number generator.
"""

import numpy as np
import pandas as pd
from scipy.stats import beta

from helpers.data import checks

Counts = np.ndarray | pd.Series | pd.DataFrame


def geometric_mechanism(
    counts: Counts, epsilon: float, sensitivity: int, rng: np.random.Generator
) -> Counts:
    """Release counts with ε-differential privacy: add noise from the discrete Laplace distribution.

        P(noise = z) = (1 − q) / (1 + q) · q^|z|      q = exp(−ε / Δ)

    with mean 0 and variance 2q / (1 − q)². It is the difference of two geometric random numbers.
    Whole numbers stay whole, so the gaps between floating-point numbers, which betray a count
    behind Laplace noise (Mironov 2012), do not arise.

    Parameters
    ----------
    counts : whole numbers, of any shape.
    epsilon : ε > 0, of all counts together.
    sensitivity : Δ, by how much one user can change the counts in all: the sum of the absolute
        changes. If each user has at most m rows, and a row counts once, Δ = m.
    rng : random numbers; use a new stream for each release.

    Returns
    -------
    The same kind and shape. Counts may be negative: what is done to them afterwards costs no
    privacy, but setting negative ones to 0 makes sums too large.

    References
    ----------
    A. Ghosh, T. Roughgarden & M. Sundararajan (2012), Universally utility-maximizing privacy
    mechanisms, SIAM Journal on Computing 41(6), doi:10.1137/09076828X. I. Mironov (2012), On
    significance of the least significant bits for differential privacy, CCS '12,
    doi:10.1145/2382196.2382264

    Examples
    --------
    >>> geometric_mechanism(np.array([100, 3]), 1, 1, np.random.default_rng(3)).shape
    (2,)
    """
    if not epsilon > 0:
        raise ValueError(f"epsilon is a number above 0; got {epsilon}.")
    checks.require_whole("sensitivity", sensitivity)
    values = np.asarray(counts)
    if values.dtype.kind not in "iu":
        raise ValueError(f"counts are whole numbers; got {values.dtype}. Use astype(int).")
    stop = -np.expm1(-epsilon / sensitivity)
    return counts + rng.geometric(stop, values.shape) - rng.geometric(stop, values.shape)


def bound_contributions(table: pd.DataFrame, most: int, rng: np.random.Generator) -> pd.DataFrame:
    """Keep at most so many rows of each user, drawn at random.

    Without a bound, the sensitivity of a table of counts is the number of rows of the most active
    user there could be, and no noise hides her.

    Parameters
    ----------
    table : DataFrame with ``user_id``.
    most : rows to keep of each user.
    rng : decides which ones.

    Returns
    -------
    The rows that are kept, in their order.

    Examples
    --------
    >>> visits = pd.DataFrame({"user_id": ["Ana", "Ana", "Ana", "Ben"]})
    >>> bound_contributions(visits, 2, np.random.default_rng(0))["user_id"].tolist()
    ['Ana', 'Ana', 'Ben']
    """
    checks.require(table, user_id="key")
    checks.require_whole("most", most)
    place = pd.Series(rng.permutation(len(table)), index=table.index)
    return table[place.groupby(table["user_id"]).rank() <= most]


def epsilon_at_least(
    hits: int, hits_neighbor: int, runs: int, *, confidence: float = 0.95
) -> float:
    """Bound ε from below by experiment: more private than this, a mechanism is not.

    Run it often on a table D and on its neighbor D′, and count how often the result lies in a
    set S that was chosen beforehand. With p the lower and p′ the upper Clopper–Pearson bound of
    the two probabilities, each at error α / 2,

        ε ≥ ln(p / p′)

    holds with the given confidence. If that is above the ε that was promised, the promise is
    refuted. If not, nothing is proven: another S or more runs may still refute it.

    Parameters
    ----------
    hits, hits_neighbor : how many results lay in S, from D and from D′.
    runs : how often each was run.
    confidence : 1 − α.

    Returns
    -------
    The bound; 0 if it would be below.

    References
    ----------
    Z. Ding, Y. Wang, G. Wang, D. Zhang & D. Kifer (2018), Detecting violations of differential
    privacy, CCS '18, doi:10.1145/3243734.3243818. M. Jagielski, J. Ullman & A. Oprea (2020),
    Auditing differentially private machine learning, NeurIPS 2020, arXiv:2006.07709

    Examples
    --------
    >>> round(epsilon_at_least(700, 300, 1_000), 2)
    0.71
    """
    checks.require_share("confidence", confidence)
    checks.require_whole("runs", runs)
    for name, count in (("hits", hits), ("hits_neighbor", hits_neighbor)):
        checks.require_whole(name, count, 0)
        if count > runs:
            raise ValueError(f"{name} is at most the number of runs, {runs}; got {count}.")
    error = (1 - confidence) / 2
    low = beta.ppf(error, hits, runs - hits + 1) if hits else 0.0
    high = beta.ppf(1 - error, hits_neighbor + 1, runs - hits_neighbor)
    high = high if hits_neighbor < runs else 1.0
    return float(np.log(max(low / high, 1)))
