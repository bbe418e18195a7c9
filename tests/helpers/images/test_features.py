"""HOG on pictures small enough to work by hand, and their invariances."""

import numpy as np
import pytest

from helpers.images import cell_histograms, hog


def grey(values):
    """Return one picture whose three channels are all equal."""
    return np.repeat(np.asarray(values)[None, :, :, None], 3, axis=3)


RANDOM = np.random.default_rng(0).integers(0, 256, (3, 32, 24, 3)).astype(np.uint8)


def test_gradients_by_hand():
    # 4 × 4 pixels, brightness 3c + 4r. Inside, gx = 6 and gy = 8: magnitude 10 at 53.1 degrees, the
    # third bin, in 4 pixels. The top and bottom rows have gx alone: 2 · 2 pixels of 6 at 0 degrees,
    # the first bin. The left and right columns have gy alone: 2 · 2 pixels of 8 at 90 degrees, the
    # fifth bin. Then the mean over 16 pixels.
    rows, columns = np.mgrid[:4, :4]
    expected = np.zeros(9)
    expected[[0, 2, 4]] = 4 * 6 / 16, 4 * 10 / 16, 4 * 8 / 16
    assert cell_histograms(grey(3 * columns + 4 * rows), 4)[0, 0, 0] == pytest.approx(expected)


def test_grey_is_a_color_whose_channels_are_equal():
    assert hog(RANDOM[:1, ..., 0]) == pytest.approx(hog(grey(RANDOM[0, ..., 0])), abs=1e-6)


def test_opposite_changes_have_the_same_direction():
    rows, columns = np.mgrid[:8, :8]
    rising, falling = grey(3 * columns + 4 * rows), grey(200 - 3 * columns - 4 * rows)
    assert cell_histograms(rising, 4) == pytest.approx(cell_histograms(falling, 4))


def test_cells_are_rows_times_columns():
    assert cell_histograms(RANDOM).shape == (3, 4, 3, 9)
    assert cell_histograms(RANDOM, 4).shape == (3, 8, 6, 9)


def test_a_block_is_scaled_clipped_and_scaled_again():
    # A block has four cells: 36 numbers. On a slope all four have edges at 53.1 degrees, by far the
    # most, so these four numbers (third bin) are above 0.2 and clipped to the same.
    rows, columns = np.mgrid[:16, :16]
    (block,) = hog(grey(3 * columns + 4 * rows))
    assert block.shape == (36,)
    assert np.linalg.norm(block) == pytest.approx(1, abs=1e-6)
    assert block[2::9] == pytest.approx(block.max())
    # Three of the nine directions occur; in each cell, by symmetry, two at the outer border only:
    # 8 of 64 pixels each, one of them in the corner with neither. 7 · 6 and 7 · 8, next to 49 · 10.
    v = np.array([42, 490, 56]) / np.sqrt(4 * (42**2 + 490**2 + 56**2))
    v = np.minimum(v, 0.2)
    assert block[:9][[0, 2, 4]] == pytest.approx(v / np.sqrt(4 * (v**2).sum()), abs=1e-6)


def test_a_picture_without_edges_is_zero():
    assert not hog(grey(np.full((16, 16), 50))).any()


def test_hog_does_not_see_light():
    # Half the light halves all gradients; an even count keeps the halves whole.
    even = RANDOM // 2 * 2
    assert hog(even // 2) == pytest.approx(hog(even), abs=1e-6)
    assert hog(even // 2 + 100) == pytest.approx(hog(even), abs=1e-6)


def test_hog_sees_pictures_one_by_one():
    assert (hog(RANDOM)[1] == hog(RANDOM[1:2])[0]).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: hog(RANDOM[0]), r"A single picture is pictures\[None\]"),
        (lambda: hog(RANDOM / 255), "whole numbers from 0 to 255"),
        (lambda: hog(RANDOM.astype(int) * 2), "whole numbers from 0 to 255"),
        (lambda: hog(RANDOM, 5), "divides 32 and 24; got 5"),
        (lambda: hog(RANDOM[:, :8, :8]), "two by two cells"),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
