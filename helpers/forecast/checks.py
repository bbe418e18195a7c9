"""Input checks of forecasts: arrays, and the length of a season."""

from numbers import Real

import numpy as np
from numpy.typing import ArrayLike


def require_numbers(name: str, values: ArrayLike) -> np.ndarray:
    """Return an array of finite numbers, checked.

    Examples
    --------
    >>> require_numbers("forecast", [3, float("nan")])
    Traceback (most recent call last):
        ...
    ValueError: forecast: missing or infinite in 1 of 2 places (first at 1). Drop those weeks.
    """
    values = _as_floats(name, values)
    refuse(name, ~np.isfinite(values), "missing or infinite", "Drop those weeks.")
    return values


def require_units(name: str, values: ArrayLike) -> np.ndarray:
    """Return an array of finite numbers, 0 or more, checked.

    Examples
    --------
    >>> require_units("stock", [3, -1])
    Traceback (most recent call last):
        ...
    ValueError: stock: negative, missing or infinite in 1 of 2 places (first at 1). Net returns
    first, and drop weeks without a number.
    """
    values = _as_floats(name, values)
    wrong = ~(np.isfinite(values) & (values >= 0))
    fix = "Net returns first, and drop weeks without a number."
    refuse(name, wrong, "negative, missing or infinite", fix)
    return values


def refuse(name: str, wrong: np.ndarray, what: str, fix: str) -> None:
    """Raise an error if an array is wrong somewhere.

    Parameters
    ----------
    name : name of the array.
    wrong : True where it is wrong.
    what, fix : what is wrong there, and what to do about it.
    """
    if wrong.any():
        first = ", ".join(str(place) for place in np.flatnonzero(wrong)[:3])
        raise ValueError(
            f"{name}: {what} in {wrong.sum():,} of {wrong.size:,} places (first at {first}). {fix}"
        )


def whole_season(season: float) -> int:
    """Return the length of a season in whole weeks: a fraction is rounded.

    Examples
    --------
    >>> whole_season(365.25 / 7)
    52
    """
    if not isinstance(season, Real) or not 0.5 < season < np.inf:
        raise ValueError(f"season is a number of weeks, 1 or more; got {season!r}.")
    return round(season)


def _as_floats(name: str, values: ArrayLike) -> np.ndarray:
    try:
        return np.asarray(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name}: holds something that is not a number ({error}).") from None
