"""Recency, frequency, money and monthly cohorts of a million lines, as `tools.scale` has them.

Each library is given the lines as its own kind of table; making that is not timed.
"""

import functools
import tempfile
from pathlib import Path

import numpy as np

from tools import scale
from tools.bench import Against


@functools.cache
def lines(library: str):
    """Return the lines as a library holds them."""
    if library == "duckdb":
        import duckdb

        connection = duckdb.connect().register("source", lines("pandas"))
        connection.sql("SET threads = 2; CREATE TABLE lines AS SELECT * FROM source")
        return connection
    with tempfile.TemporaryDirectory() as folder:
        read = scale.read(str(scale.make(1, Path(folder))), library)
        return read.collect().lazy() if library == "polars" else read


ROWS = [
    Against(
        work="RFM and cohorts, 1M lines",
        peer=peer,
        goal=goal,
        ours=lambda: scale.with_helpers(lines("pandas")),
        theirs=lambda work=work, library=library: work(lines(library)),
        same=np.testing.assert_allclose,
    )
    for peer, goal, work, library in (  # ours is plain groupby, on one core; two use all
        ("pandas groupby", 1, scale.with_pandas, "pandas"),
        ("Polars", 0.7, scale.with_polars, "polars"),
        ("DuckDB", 0.55, scale.with_duckdb, "duckdb"),
    )
]
