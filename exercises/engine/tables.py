"""Small tables for the cases of exercises, written so that one can read and check them."""

import io
from typing import Any

import pandas as pd


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

    Examples
    --------
    >>> by_row('''
    ...     user_id ordered_at       value
    ...     Ana     2025-03-05T12:00 7.5; Ben 2025-03-06T09:00 10
    ... ''')
      user_id          ordered_at  value
    0     Ana 2025-03-05 12:00:00    7.5
    1     Ben 2025-03-06 09:00:00   10.0
    """
    made = pd.read_csv(io.StringIO(text.replace(";", "\n")), sep=r"\s+")
    dates = {name: pd.to_datetime(made[name]) for name in made if name.endswith("_at")}
    return made.assign(**dates)
