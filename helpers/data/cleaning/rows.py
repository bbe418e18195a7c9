"""Drop rows that tell nothing of the shop: duplicates, orphans, bots, tests, what is no product."""

from collections.abc import Collection

import numpy as np
import pandas as pd

from helpers.data import schema
from helpers.data.cleaning import ledger
from helpers.data.cleaning.ledger import LedgerRow

BOT_VIEWS = 300  # within one hour: a page every 12 seconds


def drop_duplicate_rows(table: pd.DataFrame) -> tuple[pd.DataFrame, LedgerRow]:
    """Drop rows that equal an earlier row in every column.

    Two lines that agree to the second and in every id are one line, sent twice. Rows that agree
    in some columns only are not duplicates: a basket holds many lines of one moment.
    """
    return ledger.drop("drop_duplicate_rows", table, table.duplicated(), "equals an earlier row")


def drop_missing(table: pd.DataFrame, column: str) -> tuple[pd.DataFrame, LedgerRow]:
    """Drop rows without a value in a column that the analysis cannot do without."""
    ledger.need(table, column)
    return ledger.drop("drop_missing", table, table[column].isna(), f"{column} is missing")


def drop_orphans(
    table: pd.DataFrame, key: str, home: pd.DataFrame
) -> tuple[pd.DataFrame, LedgerRow]:
    """Drop rows whose id does not stand in the table it belongs to. Missing ids are no orphans."""
    ledger.need(table, key)
    ledger.need(home, key)
    orphan = table[key].notna() & ~table[key].isin(home[key])
    return ledger.drop("drop_orphans", table, orphan, f"{key} is in no list of {key[:-3]}s")


def find_bots(events: pd.DataFrame) -> pd.Index:
    """Return the users who view `BOT_VIEWS` pages within an hour and never put one in a cart.

    Parameters
    ----------
    events : DataFrame; columns ``user_id``, ``occurred_at`` (datetime), ``event`` (tidy).
    """
    ledger.need(events, "user_id", "occurred_at", "event")
    views = events[(events["event"] == "view") & events["user_id"].notna()]
    views = views.sort_values(["user_id", "occurred_at"])
    # A view is the last of BOT_VIEWS within an hour if the one so many places earlier is that near.
    earlier = views[["user_id", "occurred_at"]].shift(BOT_VIEWS - 1)
    near = views["occurred_at"] - earlier["occurred_at"] <= pd.Timedelta(hours=1)
    fast = views["user_id"][near & (views["user_id"] == earlier["user_id"])].unique()
    buyers = events["user_id"][events["event"].isin(["cart", "purchase"])]
    return pd.Index(fast, name="user_id").difference(pd.Index(buyers.dropna()))


def drop_bots(table: pd.DataFrame, bots: Collection) -> tuple[pd.DataFrame, LedgerRow]:
    """Drop the rows of the users that `find_bots` has found: they are not customers."""
    ledger.need(table, "user_id")
    why = f"the user views {BOT_VIEWS} pages an hour and buys nothing"
    return ledger.drop("drop_bots", table, table["user_id"].isin(bots), why)


def drop_test_accounts(
    table: pd.DataFrame, testers: Collection = (), articles: Collection = ()
) -> tuple[pd.DataFrame, LedgerRow]:
    """Drop rows of the shop's own people and of the articles they try things out with.

    Parameters
    ----------
    testers : ids of users whose channel is ``internal``.
    articles : ids of items whose name begins with ``TEST``.
    """
    drop = np.zeros(len(table), dtype=bool)
    for key, ids in (("user_id", testers), ("item_id", articles)):
        if key in table:
            drop |= table[key].isin(ids).to_numpy()
    return ledger.drop("drop_test_accounts", table, drop, "the shop's own people trying things out")


def drop_off_scale_ratings(ratings: pd.DataFrame) -> tuple[pd.DataFrame, LedgerRow]:
    """Drop ratings that are not 1, 2, 3, 4 or 5 stars: nobody knows what was meant."""
    ledger.need(ratings, "rating")
    off = ~ratings["rating"].isin(schema.RATINGS)
    return ledger.drop("drop_off_scale_ratings", ratings, off, "the rating is not one of 1 to 5")


def drop_non_products(
    order_lines: pd.DataFrame, product: str = r"\d{5}"
) -> tuple[pd.DataFrame, LedgerRow]:
    """Drop lines whose item id does not begin as a product's does: postage, fees, vouchers.

    Parameters
    ----------
    product : regular expression; the default is Online Retail's, whose products have five digits.
    """
    ledger.need(order_lines, "item_id")
    other = ~order_lines["item_id"].str.match(product)
    return ledger.drop("drop_non_products", order_lines, other, "the item is no product")


def drop_non_groceries(
    transactions: pd.DataFrame, products: pd.DataFrame
) -> tuple[pd.DataFrame, LedgerRow]:
    """Drop Complete Journey's fuel, miscellaneous items and coupons.

    Fuel is counted in fractions of a gallon, hundreds of "units" a purchase: with it in, every
    mean of quantities is a mean of fuel.
    """
    ledger.need(transactions, "item_id")
    ledger.need(products, "item_id", "department", "product_category")
    other = products["department"].isin(["FUEL", "MISCELLANEOUS"])
    other |= products["product_category"].str.contains("COUPON", na=False)
    drop = transactions["item_id"].isin(products["item_id"][other])
    return ledger.drop("drop_non_groceries", transactions, drop, "fuel, miscellaneous or a coupon")
