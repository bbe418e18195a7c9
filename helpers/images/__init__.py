"""Images as vectors: histograms of oriented gradients, and how good look-alikes are."""

from helpers.images.features import cell_histograms, hog
from helpers.images.look_alikes import look_alike_precision

__all__ = ["cell_histograms", "hog", "look_alike_precision"]
