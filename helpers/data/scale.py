"""What large data took on one computer: the run times of lesson 17."""

from pathlib import Path

import pandas as pd

FILE = Path(__file__).parents[2] / "data/scale/limits.csv"


def load_scale_limits() -> pd.DataFrame:
    """Load how long one computer takes for the key figures of up to 30 million order lines.

    The work: recency, frequency and money of all customers, and monthly cohorts, from a parquet
    file. Each engine had two cores and 4 GiB of memory. ``python -m tools.scale`` measures it anew.

    Returns
    -------
    DataFrame, one row per size and engine: ``million_lines``, ``engine``, ``seconds`` (start and
    reading included) and ``peak_mb`` (most memory held at once, in MB);
    both are NaN where the engine ran out of memory.

    Examples
    --------
    >>> load_scale_limits().columns.tolist()
    ['million_lines', 'engine', 'seconds', 'peak_mb']
    """
    return pd.read_csv(FILE)
