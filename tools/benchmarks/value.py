"""Fitting BG/NBD beside the library Lifetimes, on CDNOW and on simulated users like CDNOW's.

Lifetimes is given the users as they are. It takes weights, too, but leaves it to the caller to find
out which users have the same history; ours does that itself, and it is part of what is timed.
"""

import functools

import numpy as np
import pandas as pd

from helpers import value
from helpers.data import sources
from tools.bench import Against


@functools.cache
def cdnow() -> pd.DataFrame:
    """Return the histories of CDNOW's 1/10 sample, in weeks."""
    orders = sources.load_cdnow(sample=True)
    return value.btyd_summary(orders, observation_end="1997-09-30")


@functools.cache
def simulated(users: int) -> pd.DataFrame:
    """Return histories by clock and coin, with CDNOW's parameters and watched as long, in days."""
    rng = np.random.default_rng(0)
    rate, leaves = rng.gamma(0.243, 1 / 4.414, users) / 7, rng.beta(0.793, 2.426, users)
    T = rng.integers(27 * 7, 39 * 7, users)
    x, t_x, now = np.zeros(users, dtype=int), np.zeros(users), np.zeros(users)
    active = np.arange(users)
    while active.size:
        now[active] += rng.exponential(1 / rate[active])
        active = active[now[active] <= T[active]]
        x[active] += 1
        t_x[active] = np.ceil(now[active])
        active = active[rng.random(active.size) > leaves[active]]
    return pd.DataFrame({"frequency": x, "recency": t_x / 7, "T": T / 7})


def lifetimes(summary: pd.DataFrame):
    """Fit with Lifetimes, which only the extra `peers` has."""
    from lifetimes import BetaGeoFitter

    return BetaGeoFitter().fit(summary["frequency"], summary["recency"], summary["T"])


def same(ours: value.BetaGeoModel, theirs) -> None:
    """Compare the parameters."""
    np.testing.assert_allclose(ours.parameters_, theirs.params_, rtol=1e-3)


def row(work: str, goal: float, summary) -> Against:
    """Make the row of one data set; ``summary`` returns it."""
    return Against(
        work=f"BG/NBD fit, {work}",
        peer="Lifetimes",
        goal=goal,
        ours=lambda: value.BetaGeoModel().fit(summary()),
        theirs=lambda: lifetimes(summary()),
        same=same,
    )


ROWS = [
    row("CDNOW", 6, cdnow),
    row("100k users", 8, lambda: simulated(100_000)),
    row("1M users", 15, lambda: simulated(1_000_000)),
]
