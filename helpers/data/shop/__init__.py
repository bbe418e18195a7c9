"""A simulated shop whose truth is known, so that a method can be seen to recover it."""

from helpers.data.shop.export import make_export, write_export
from helpers.data.shop.simulation import SIZES, Simulation, Size, simulate, simulate_ratings

__all__ = [
    "SIZES",
    "Simulation",
    "Size",
    "make_export",
    "simulate",
    "simulate_ratings",
    "write_export",
]
