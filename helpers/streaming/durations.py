"""Durations as they are typed: "2h", "30min", "1D"."""

import pandas as pd


def duration(name: str, text: str, *, zero: bool = False) -> pd.Timedelta:
    """Read a duration; a number without a unit would be nanoseconds, so it is refused.

    Parameters
    ----------
    name : of the parameter, for the message.
    text : such as "2h".
    zero : whether no time at all is allowed, too.

    Examples
    --------
    >>> duration("every", "90min")
    Timedelta('0 days 01:30:00')
    >>> duration("every", 6)
    Traceback (most recent call last):
        ...
    ValueError: every is a duration above 0 with its unit, such as "2h"; got 6.
    """
    try:
        found = pd.Timedelta(text) if isinstance(text, str | pd.Timedelta) else pd.NaT
    except ValueError:
        found = pd.NaT  # which is neither above 0 nor 0
    if found > pd.Timedelta(0) or (zero and found == pd.Timedelta(0)):
        return found
    least = "of 0 or more" if zero else "above 0"
    raise ValueError(f'{name} is a duration {least} with its unit, such as "2h"; got {text!r}.')
