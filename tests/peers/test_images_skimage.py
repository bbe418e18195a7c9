"""HOG agrees with scikit-image, where it is installed; it is no dependency of the course."""

import numpy as np
import pytest

from helpers.images import hog

feature = pytest.importorskip("skimage.feature")


@pytest.mark.parametrize("cell", [4, 8])
def test_hog(cell):
    pictures = np.random.default_rng(1).integers(0, 256, (5, 32, 24, 3)).astype(np.uint8)
    # The sum of the channels is whole, so no direction falls on the border of a bin by rounding.
    expected = [
        feature.hog(
            each.sum(axis=2).astype(float),
            orientations=9,
            pixels_per_cell=(cell, cell),
            cells_per_block=(2, 2),
            block_norm="L2-Hys",
        )
        for each in pictures
    ]
    assert hog(pictures, cell) == pytest.approx(np.array(expected), abs=1e-6)
