"""Complete Journey's mailers: which products the weekly leaflet advertises."""

from collections.abc import Iterable

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from helpers.data.sources import journey_folder

WEEK_1 = pd.Timestamp("2016-12-26")  # the Monday of the week that holds January 1, 2017
ROWS = 2**18  # read at a time: the table has 21 million, which need not fit into memory
NOT_IN_IT = "0"


def load_complete_journey_mailers(items: Iterable[int], share: float = 0.5) -> pd.DataFrame:
    """Load the weeks in which the mailer of most stores advertised a product.

    A mailer is printed before its week, so a forecast made then may use it. Where a product stood
    in the store is in the same table and not loaded.

    Parameters
    ----------
    items : ``item_id`` of `load_complete_journey`.
    share : of the stores that promote any of the items in that week, more than this have the
        product in their mailer.

    Returns
    -------
    DataFrame, a row for each product and week: ``series``, the item_id; ``week``, its Monday.
    Sorted by both. The package's weeks go from Monday to Sunday, week 1 is January 1, 2017 alone.

    References
    ----------
    dunnhumby, "The Complete Journey"; license: see data/README.md.
    """
    wanted = pa.array(sorted(set(items)), pa.int64())
    path = journey_folder() / "promotions.parquet"
    table = pq.ParquetFile(path, read_dictionary=["mailer_location"])
    names = ["product_id", "store_id", "week", "mailer_location"]
    batches = table.iter_batches(ROWS, columns=names)
    parts = [batch.filter(pc.is_in(batch["product_id"], value_set=wanted)) for batch in batches]
    rows = pa.Table.from_batches(parts).to_pandas()
    stores = rows.groupby("week")["store_id"].nunique()
    mailed = rows[rows["mailer_location"] != NOT_IN_IT].groupby(["product_id", "week"])["store_id"]
    counts = mailed.nunique().rename("stores").reset_index()
    kept = counts[counts["stores"] > share * counts["week"].map(stores)]
    monday = WEEK_1 + pd.to_timedelta(7 * (kept["week"] - 1), unit="D")
    found = pd.DataFrame({"series": kept["product_id"], "week": monday})
    return found.sort_values(["series", "week"], ignore_index=True)
