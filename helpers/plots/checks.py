"""Errors that say what is wrong with a table, where, and how to fix it."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd


def check_names(chart: str, argument: str, names: Iterable, known: Iterable) -> None:
    """Refuse names that the table lacks."""
    known = list(known)
    there = set(known)
    unknown = [name for name in names if name not in there]
    if unknown:
        shown = ", ".join(map(repr, known[:12])) + (", …" if len(known) > 12 else "")
        raise ValueError(
            f"{chart}: {argument} names {', '.join(map(repr, unknown[:12]))}, not in the "
            f"table. It has {shown}."
        )


def check_numbers(chart: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of floats; refuse one that is empty or holds something else."""
    if table.empty:
        raise ValueError(f"{chart}: the table is empty, shape {table.shape}; there is no chart.")
    if not table.columns.is_unique:
        twice = table.columns[table.columns.duplicated()][0]
        raise ValueError(f'{chart}: the table has two columns "{twice}". Rename one.')
    for name, column in table.items():
        if not (pd.api.types.is_numeric_dtype(column) or column.isna().all()):
            raise ValueError(
                f'{chart}: column "{name}" holds no numbers, but {column.dtype}. Leave it out, or '
                f'convert it with pd.to_numeric(table["{name}"]).'
            )
    floats = table.astype(float)
    for name, column in floats.items():
        if not column.notna().any():
            raise ValueError(f'{chart}: column "{name}" holds no value. Leave it out.')
        if np.isinf(column).any():
            raise ValueError(
                f'{chart}: column "{name}" holds {np.isinf(column).sum():,} infinite values. '
                "Leave these rows out."
            )
    return floats


def check_columns(chart: str, table: pd.DataFrame, needed: Sequence[str], why: str) -> None:
    """Refuse a table that lacks columns."""
    lacks = [name for name in needed if name not in table.columns]
    if lacks:
        raise ValueError(
            f"{chart}: the table has no column {' and no column '.join(map(repr, lacks))}. {why}"
        )


def check_logarithm(chart: str, axis: str, values: Any, what: str) -> None:
    """Refuse values of which there is no logarithm."""
    wrong = int((np.asarray(values, float) <= 0).sum())
    if wrong:
        raise ValueError(
            f"{chart}: {what} holds {wrong:,} values of 0 or less, which a logarithmic {axis}-axis "
            f"cannot show. Leave them out, or leave out log{axis}."
        )
