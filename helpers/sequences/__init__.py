"""What comes next: models of sessions and other sequences, and how to test them."""

from helpers.sequences.attention import attention
from helpers.sequences.counting import Cooccurrence, MarkovChain, RecentPopularity
from helpers.sequences.neighbors import SessionKNN
from helpers.sequences.next_item import hide_last, next_item_metrics, plant_steps, shuffled
from helpers.sequences.sasrec import SASRec

__all__ = [
    "Cooccurrence",
    "MarkovChain",
    "RecentPopularity",
    "SASRec",
    "SessionKNN",
    "attention",
    "hide_last",
    "next_item_metrics",
    "plant_steps",
    "shuffled",
]
