"""What forecasts check of their input at the door: arrays, shares, the length of a season."""

from numbers import Real

import numpy as np
from numpy.typing import ArrayLike


def require_numbers(name: str, values: ArrayLike) -> np.ndarray:
    """Return an array of finite numbers, or say what is none.

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
    """Return an array of numbers, 0 or more, or say which are none.

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
    mend = "Net returns first, and drop weeks without a number."
    refuse(name, wrong, "negative, missing or infinite", mend)
    return values


def refuse(name: str, wrong: np.ndarray, what: str, mend: str) -> None:
    """Refuse an array of which some places are wrong.

    Parameters
    ----------
    name : of the array.
    wrong : True where it is wrong.
    what, mend : what is wrong with these places, and what to do about it.
    """
    if wrong.any():
        first = ", ".join(str(place) for place in np.flatnonzero(wrong)[:3])
        raise ValueError(
            f"{name}: {what} in {wrong.sum():,} of {wrong.size:,} places (first at {first}). {mend}"
        )


def require_share(name: str, value: float) -> None:
    """Check that a parameter is a share between 0 and 1, both excluded.

    Examples
    --------
    >>> require_share("level", 80)
    Traceback (most recent call last):
        ...
    ValueError: level is a share between 0 and 1; got 80.
    """
    if not isinstance(value, Real) or not 0 < value < 1:
        raise ValueError(f"{name} is a share between 0 and 1; got {value!r}.")


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
        raise ValueError(f"{name}: holds something that is no number ({error}).") from None
