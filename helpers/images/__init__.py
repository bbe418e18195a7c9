"""Images as vectors: color histograms, and histograms of oriented gradients."""

from helpers.images.features import cell_histograms, color_histogram, hog

__all__ = ["cell_histograms", "color_histogram", "hog"]
