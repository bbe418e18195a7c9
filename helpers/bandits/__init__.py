"""Bandits: pages that learn from their own clicks, and their regret."""

from helpers.bandits.linear import LinearThompson, LinUCB
from helpers.bandits.policies import KLUCB, UCB1, Greedy, MostClicked, Thompson
from helpers.bandits.propensities import thompson_propensities
from helpers.bandits.simulation import cumulative_regret, play

__all__ = [
    "KLUCB",
    "UCB1",
    "Greedy",
    "LinUCB",
    "LinearThompson",
    "MostClicked",
    "Thompson",
    "cumulative_regret",
    "play",
    "thompson_propensities",
]
