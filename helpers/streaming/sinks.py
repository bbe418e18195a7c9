"""A sink that counts each batch exactly once, however often it is sent."""

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from helpers.data import checks

_metadata = sa.MetaData()
_batches = sa.Table(
    "batches",
    _metadata,
    sa.Column("stream", sa.Text, primary_key=True),
    sa.Column("batch", sa.Integer, primary_key=True),
)
_counts = sa.Table(
    "counts",
    _metadata,
    sa.Column("stream", sa.Text, primary_key=True),
    sa.Column("window_start", sa.DateTime, primary_key=True),
    sa.Column("label", sa.Text, primary_key=True),
    sa.Column("n", sa.Integer, nullable=False),
)


class ExactlyOnceSink:
    """Counts in a SQLite database, to which batches are added in transactions.

    A stream that is killed after a batch was written, and before it has noted so in its checkpoint,
    sends the same batch again when it restarts. So the sink stores the number of each batch **in
    the same transaction** as its counts: both are there or neither is, and a batch whose number is
    there is not added again. Delivery at least once and this sink make exactly once.

    It takes three things: batches that are sent again have the same number and the same rows (a
    Spark checkpoint sees to it), the sink and the checkpoint live and are deleted together, and one
    stream has one name.

    Parameters
    ----------
    url : of the database, such as "sqlite:///counts.db".
    stream : name of the stream; several may share a database.

    Examples
    --------
    >>> sink = ExactlyOnceSink("sqlite://", "clicks")
    >>> counts = pd.DataFrame({"window_start": pd.to_datetime(["2025-11-28"]),
    ...     "label": ["view"], "n": [3]})
    >>> sink.add(counts, 0), sink.add(counts, 0), sink.add(counts, 1)
    (True, False, True)
    >>> sink.counts()["n"].tolist()
    [6]
    """

    def __init__(self, url: str, stream: str):
        self.engine = sa.create_engine(url)
        self.stream = stream
        _metadata.create_all(self.engine)

    def add(self, counts: pd.DataFrame, batch: int) -> bool:
        """Add the counts of a batch, unless it has been added before; return whether it was added.

        Parameters
        ----------
        counts : DataFrame with ``window_start``, ``label`` and ``n``; it may be empty.
        batch : number of the batch.
        """
        if not counts.empty:
            checks.require(counts, window_start="datetime", label="text", n="count")
        number = {"stream": self.stream, "batch": int(batch)}
        with self.engine.begin() as transaction:
            note = insert(_batches).values(number).on_conflict_do_nothing()
            if not transaction.execute(note).rowcount:
                return False
            if not counts.empty:
                rows = counts[["window_start", "label", "n"]].assign(stream=self.stream)
                more = insert(_counts)
                more = more.on_conflict_do_update(set_={"n": _counts.c.n + more.excluded.n})
                transaction.execute(more, rows.to_dict("records"))
        return True

    def counts(self) -> pd.DataFrame:
        """Return what has been counted: ``window_start``, ``label``, ``n``, sorted."""
        columns = _counts.c.window_start, _counts.c.label, _counts.c.n
        query = sa.select(*columns).where(_counts.c.stream == self.stream).order_by(*columns)
        with self.engine.connect() as connection:
            return pd.read_sql(query, connection)
