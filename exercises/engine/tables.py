"""Small arrays and tables for the cases of exercises, written so that one can check them."""

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd


def arrays(*inputs: Any) -> tuple:
    """Return the inputs, lists among them as arrays."""
    return tuple(np.array(each) if isinstance(each, list) else each for each in inputs)


def by_column(**columns: Any) -> pd.DataFrame:
    """Make a table from its columns.

    Examples
    --------
    >>> by_column(item_id=["tea", "pot"], quantity=[2, 1]).shape
    (2, 2)
    """
    return pd.DataFrame(columns)


def by_row(text: str) -> pd.DataFrame:
    """Make a table from a text: names of columns, then rows, each on its own line or after a ``;``.

    A column whose name ends in ``_at`` holds dates, such as 2025-03-05T12:00; ``None`` is missing.
    Rows with one value more than there are names begin with their label.

    Examples
    --------
    >>> by_row('''
    ...     user_id ordered_at       value
    ...     Ana     2025-03-05T12:00 7.5; Ben 2025-03-06T09:00 10
    ... ''')
      user_id          ordered_at  value
    0     Ana 2025-03-05 12:00:00    7.5
    1     Ben 2025-03-06 09:00:00   10.0
    >>> by_row("cup pan; Eva 5 None; Finn 4 2")
          cup  pan
    Eva     5  NaN
    Finn    4  2.0
    """
    made = pd.read_csv(io.StringIO(text.replace(";", "\n")), sep=r"\s+")
    dates = {name: pd.to_datetime(made[name]) for name in made if name.endswith("_at")}
    return made.assign(**dates)


def symmetric(names: Sequence, *rows: Sequence[float], diagonal: float = 1) -> pd.DataFrame:
    """Make a symmetric table from what stands above its diagonal, row by row.

    Examples
    --------
    >>> symmetric("abc", (0.5, 0.25), (0,))
          a    b     c
    a  1.00  0.5  0.25
    b  0.50  1.0  0.00
    c  0.25  0.0  1.00
    """
    names = pd.Index(list(names), name=getattr(names, "name", None))
    square = np.zeros((len(names), len(names)))
    square[np.triu_indices(len(names), 1)] = np.concatenate(rows)
    return pd.DataFrame(square + square.T + diagonal * np.eye(len(names)), names, names)
