"""Features of pictures: in which directions their edges run."""

import numpy as np

ORIENTATIONS = 9  # of 20 degrees each
CLIP = 0.2  # no direction makes up more than this share of a block's norm
TINY = 1e-5  # keeps a block without edges at 0


def cell_histograms(pictures: np.ndarray, cell: int = 8) -> np.ndarray:
    """Return, for each cell of each picture, how strong its edges are in nine directions.

    With I the brightness in row r and column c, in colors the mean of the three channels,

        gx = I(r, c+1) − I(r, c−1),   gy = I(r+1, c) − I(r−1, c)       (0 at the border)
        magnitude √(gx² + gy²),       direction atan2(gy, gx), from 0 to below 180 degrees

    A direction is that in which brightness changes, so 0 is an edge that runs up and down. Each
    pixel adds its magnitude to the bin of its direction, 20 degrees wide.

    Parameters
    ----------
    pictures : whole numbers 0 … 255, shape (pictures, rows, columns), or with colors
        (pictures, rows, columns, 3).
    cell : side of a cell in pixels; it divides rows and columns.

    Returns
    -------
    Array, shape (pictures, rows / cell, columns / cell, 9): mean magnitudes per pixel.

    Examples
    --------
    Dark on the left, light on the right: all change is from left to right.

    >>> half = np.repeat([[0, 0, 90, 90]], 4, axis=0)
    >>> cell_histograms(half[None], cell=4)[0, 0, 0].round(2).tolist()
    [45.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    """
    pictures = _checked(pictures)
    n, rows, columns = pictures.shape[:3]
    if not (
        isinstance(cell, int | np.integer) and cell > 0 and not (rows % cell or columns % cell)
    ):
        raise ValueError(f"cell is a whole number that divides {rows} and {columns}; got {cell!r}.")
    channels = pictures.reshape(n, rows, columns, -1)
    brightness = channels.sum(axis=3, dtype=np.int64)  # that of all channels: whole, so exact
    gx, gy = np.zeros_like(brightness), np.zeros_like(brightness)
    gx[:, :, 1:-1] = brightness[:, :, 2:] - brightness[:, :, :-2]
    gy[:, 1:-1] = brightness[:, 2:] - brightness[:, :-2]
    magnitude = np.hypot(gx, gy) / channels.shape[3]
    bin = (np.degrees(np.arctan2(gy, gx)) % 180 // (180 / ORIENTATIONS)).astype(int)
    cells = [
        (magnitude * (bin == each))
        .reshape(n, rows // cell, cell, columns // cell, cell)
        .mean(axis=(2, 4))
        for each in range(ORIENTATIONS)
    ]
    return np.stack(cells, axis=-1)


def hog(pictures: np.ndarray, cell: int = 8) -> np.ndarray:
    """Return histograms of oriented gradients (HOG): where a picture has edges in which direction.

    Each block of two by two neighboring cells is a vector v of 36 numbers (`cell_histograms`). It
    is scaled to length 1, which removes the light; numbers above 0.2 are set to 0.2, and it is
    scaled again:

        v / √(‖v‖² + ε²),   ε = 1e-5

    Blocks overlap, so a cell in the middle counts in four of them.

    Parameters
    ----------
    pictures : whole numbers 0 … 255, shape (pictures, rows, columns), or with colors
        (pictures, rows, columns, 3).
    cell : side of a cell in pixels; it divides rows and columns, at least twice.

    Returns
    -------
    Array, shape (pictures, blocks · 36); 32 × 32 pixels in cells of 8 have 9 blocks: 324 numbers.

    References
    ----------
    Dalal & Triggs (2005), Histograms of oriented gradients for human detection,
    https://doi.org/10.1109/CVPR.2005.177

    Examples
    --------
    >>> hog(np.zeros((1, 32, 32), int)).shape
    (1, 324)
    """
    cells = cell_histograms(pictures, cell)
    if min(cells.shape[1:3]) < 2:
        raise ValueError(f"a block has two by two cells; cells of {cell} pixels leave fewer.")
    corners = [cells[:, :-1, :-1], cells[:, :-1, 1:], cells[:, 1:, :-1], cells[:, 1:, 1:]]
    blocks = np.concatenate(corners, axis=-1)
    blocks = np.minimum(_to_length_one(blocks), CLIP)
    return _to_length_one(blocks).reshape(len(blocks), -1)


def _to_length_one(blocks: np.ndarray) -> np.ndarray:
    return blocks / np.sqrt((blocks**2).sum(axis=-1, keepdims=True) + TINY**2)


def _checked(pictures: np.ndarray) -> np.ndarray:
    pictures = np.asarray(pictures)
    grey = pictures.ndim == 3 and pictures.shape[2] != 3  # else one picture in color
    if not (grey or (pictures.ndim == 4 and pictures.shape[3] == 3)) or 0 in pictures.shape:
        raise ValueError(
            "pictures has the shape (pictures, rows, columns), or (pictures, rows, columns, 3) in "
            f"color; got {pictures.shape}. A single picture is pictures[None]."
        )
    if pictures.dtype.kind not in "iu" or pictures.min() < 0 or pictures.max() > 255:
        raise ValueError(
            "pictures holds whole numbers from 0 to 255; for shares from 0 to 1, use "
            "np.rint(255 * pictures).astype(np.uint8)."
        )
    return pictures
