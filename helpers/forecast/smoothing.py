"""Exponential smoothing with a damped trend, ETS(A, Ad, N), fitted to all series at once.

Σ e² has a long, curved and nearly flat valley, often along the edge β = α, φ = 0.98, and sometimes
several of them. A descent along gradients stops somewhere in it, and the last digit, which differs
between processors, decides where. So this search compares Σ e² on a grid, and takes the first of
those that are equal to within far more than rounding errors.
"""

from collections.abc import Iterator
from itertools import product

import numpy as np

DAMPING = 0.8, 0.98  # the usual range of φ: lower, a trend is gone at once; higher, it never bends
ROOTS = 29  # fourth roots of α and β in the first grid, from 0 to 1: dense where α is small
ROUNDS = 5  # in each, the steps of the grid become a third, around the best
TIE = 1e-10  # sums of squares that differ by less than this share of Σ y² count as the same
BLOCK = 32  # series searched at a time, to limit memory


def smooth(
    y, alpha, beta, phi, level, slope
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Yield the error of each week, and the level and slope after it.

    Parameters
    ----------
    y : weeks of demand, shape (weeks, …).
    alpha, beta, phi : the smoothing; level, slope : before the first week. They broadcast.

    Examples
    --------
    >>> [round(error, 2) for error, *_ in smooth([6, 3], 0.3, 0.0, 0.9, level=4, slope=0)]
    [2.0, -1.6]
    """
    for units in y:
        slope = phi * slope
        error = units - level - slope
        level, slope = level + slope + alpha * error, slope + beta * error
        yield error, level, slope


def least_squares(y: np.ndarray) -> np.ndarray:
    """Return the smoothing of each series with the least Σ e², which is also the most likely.

    Given α, β ≤ α and φ, the errors are linear in the first level and slope, which are solved for.

    Parameters
    ----------
    y : shape (series, weeks).

    Returns
    -------
    α, β, φ, and the level and slope before the first week; shape (series, 5).

    Examples
    --------
    >>> least_squares(np.array([[5.0, 5.0, 5.0, 5.0]]))[0, :4].round(9).tolist()
    [0.0, 0.0, 0.8, 5.0]
    """
    blocks = np.array_split(y, np.ceil(len(y) / BLOCK))
    return np.vstack([_search(block.T) for block in blocks])


def _search(y: np.ndarray) -> np.ndarray:
    """Find the best of a grid, then the best of its neighbors, in ever smaller steps."""
    roots = np.linspace(0, 1, ROOTS)
    grid = [(a, b, p) for a, b, p in product(roots, roots, [0, 0.5, 1]) if b <= a]
    best = _best(y, np.array(grid).T[:, :, None])
    moves = np.array(list(product([0, -1, 1, -2, 2], repeat=3))).T[:, :, None]  # first: stay
    step = np.array([roots[1], roots[1], 0.5])[:, None, None]
    for _ in range(ROUNDS):
        step = step / 3
        near = np.clip(best + step * moves, 0, 1)
        near[1] = np.minimum(near[1], near[0])
        best = _best(y, near)
    _, level, slope = _solve(y, best)
    return np.concatenate([*_weights(best), level, slope]).T


def _best(y: np.ndarray, candidates: np.ndarray) -> np.ndarray:
    """Return for each series the first candidate that no other beats by more than a tie."""
    squares, *_ = _solve(y, candidates)
    first = (squares <= squares.min(axis=0) + TIE * (y**2).sum(axis=0)).argmax(axis=0)
    candidates = np.broadcast_to(candidates, (3, *squares.shape))
    return np.take_along_axis(candidates, first[None, None], axis=1)


def _weights(candidates: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    (alpha, beta), (low, high) = candidates[:2] ** 2, DAMPING
    return alpha * alpha, beta * beta, low + (high - low) * candidates[2]


def _solve(y: np.ndarray, candidates: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return Σ e², and the first level and slope for which it is least.

    The errors are e + level · f + slope · g: those from a start of 0, and those of the starts
    alone, when nothing is sold.
    """
    weights, alone = _weights(candidates), np.eye(2)[:, :, None, None]
    runs = smooth(y, *weights, 0, 0), smooth(np.zeros(len(y)), *weights, *alone)
    ee = ef = eg = ff = fg = gg = np.zeros(())
    for (e, *_), ((f, g), *_) in zip(*runs, strict=True):
        ee, ef, eg = ee + e * e, ef + e * f, eg + e * g
        ff, fg, gg = ff + f * f, fg + f * g, gg + g * g
    size = ff * gg - fg * fg
    level, slope = (fg * eg - gg * ef) / size, (fg * ef - ff * eg) / size
    return ee + level * ef + slope * eg, level, slope
