"""The measurements of lesson 17c: what an approximate search takes, and how much it finds.

``.venv-spark/bin/python -m tools.benchmarks.neighbors_at_scale`` makes
``data/scale/neighbors.csv``.
"""

from pathlib import Path

import pandas as pd

FILE = Path(__file__).parents[2] / "data/scale/neighbors.csv"


def load_neighbors_at_scale() -> pd.DataFrame:
    """Load how fast, and how well, exact and approximate searches find similar items.

    Catalogs are item vectors of a matrix factorization of the simulated shop of size ``article``,
    resampled with some noise; searches run on one core, for the ten nearest by cosine.

    Returns
    -------
    DataFrame, one row per catalog, method and setting: ``items``, ``method``, ``setting`` (probed
    cells of IVF, the width ef of HNSW; 0 for exact search), ``recall``, ``milliseconds`` per query,
    ``build_seconds``.

    Examples
    --------
    >>> sorted(load_neighbors_at_scale()["method"].unique())
    ['HNSW, faiss', 'IVF, course', 'IVF, faiss', 'exact, NumPy', 'exact, faiss']
    """
    return pd.read_csv(FILE)
