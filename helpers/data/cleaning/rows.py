"""Rules that drop rows: duplicates, missing ids, orphans, bots, test accounts, non-products."""

from collections.abc import Collection

import numpy as np
import pandas as pd

from helpers.data import schema
from helpers.data.cleaning import ledger
from helpers.data.cleaning.ledger import Cleaned

BOT_VIEWS = 300  # within one hour: a page every 12 seconds
PRODUCT = r"\d{5}"  # how Online Retail's codes of products begin


def drop_duplicate_rows(table: pd.DataFrame) -> Cleaned:
    """Drop rows that equal an earlier row in every column.

    Two lines that agree in every id and to the second are one line that was exported twice. Rows
    that agree in some columns only are not duplicates: a basket has many lines with the same time.
    Drop duplicates before values are parsed, while equal rows are still equal text. The ledger
    lists the later copies; the first row of each group stays.
    """
    return ledger.drop("drop_duplicate_rows", table, table.duplicated(), "equals an earlier row")


def drop_missing(table: pd.DataFrame, column: str) -> Cleaned:
    """Drop rows with a missing value in a column that the analysis needs.

    Choose the column by the question: an order without a user counts for the shop's revenue, but
    not for the value of any user. The ledger lists the dropped rows.
    """
    ledger.need(table, column)
    missing = table[column].isna()
    return ledger.drop("drop_missing", table, missing, "{column} is missing", column=column)


def drop_orphans(table: pd.DataFrame, key: str, home: pd.DataFrame) -> Cleaned:
    """Drop orphans: rows whose id is missing from the table that defines it.

    Rows without an id are not orphans, and stay: a guest has no user id. The ledger lists the
    dropped rows.

    Parameters
    ----------
    table : DataFrame with the column ``key``.
    key : "user_id" or "item_id".
    home : the table that defines the ids, with the same column.
    """
    ledger.need(table, key)
    ledger.need(home, key)
    orphan = table[key].notna() & ~table[key].isin(home[key])
    why = "{key} is not in the table of {home}"
    return ledger.drop("drop_orphans", table, orphan, why, key=key, home=f"{key[:-3]}s")


def find_bots(events: pd.DataFrame) -> pd.Index:
    """Find bots: users who view `BOT_VIEWS` pages within an hour and never add one to a cart.

    Nobody reads a page every 12 seconds for an hour; crawlers do, and they inflate the views that
    every conversion rate is divided by.

    Parameters
    ----------
    events : DataFrame; columns ``user_id``, ``occurred_at`` (datetime), ``event`` (tidied).

    Returns
    -------
    Index of user ids, to be passed to `drop_bots`. Guests have no id and are never among them.
    """
    ledger.need(events, "user_id", "occurred_at", "event")
    views = events[(events["event"] == "view") & events["user_id"].notna()]
    views = views.sort_values(["user_id", "occurred_at"])
    # A view is the last of BOT_VIEWS in an hour if the first of them is at most an hour older.
    earlier = views[["user_id", "occurred_at"]].shift(BOT_VIEWS - 1)
    near = views["occurred_at"] - earlier["occurred_at"] <= pd.Timedelta(hours=1)
    fast = views["user_id"][near & (views["user_id"] == earlier["user_id"])].unique()
    buyers = events["user_id"][events["event"].isin(["cart", "purchase"])]
    return pd.Index(fast, name="user_id").difference(pd.Index(buyers.dropna()))


def drop_bots(table: pd.DataFrame, bots: Collection) -> Cleaned:
    """Drop the rows of the users that `find_bots` found: bots are not customers.

    Works for every table with a ``user_id``. The ledger lists the dropped rows.
    """
    ledger.need(table, "user_id")
    why = "the user views {views} pages an hour and buys nothing"
    return ledger.drop("drop_bots", table, table["user_id"].isin(bots), why, views=str(BOT_VIEWS))


def drop_test_accounts(table: pd.DataFrame, testers: Collection, articles: Collection) -> Cleaned:
    """Drop the rows of test accounts and of the articles that they order.

    The shop's own staff place test orders in the live shop. These are not sales, and visits of the
    staff end in an order far too often. The ledger lists the dropped rows.

    Parameters
    ----------
    table : DataFrame; rows are dropped by ``user_id``, ``item_id`` or both, whichever it has.
    testers : ids of users whose channel is ``internal``.
    articles : ids of items whose name begins with ``TEST``.
    """
    drop = np.zeros(len(table), dtype=bool)
    for key, ids in (("user_id", testers), ("item_id", articles)):
        if key in table:
            drop |= table[key].isin(ids).to_numpy()
    return ledger.drop("drop_test_accounts", table, drop, "staff testing the shop")


def drop_off_scale_ratings(ratings: pd.DataFrame) -> Cleaned:
    """Drop ratings that are not 1, 2, 3, 4 or 5 stars.

    A rating of 50 may be a typo for 5, but nobody knows. The ledger lists the dropped ratings.
    """
    ledger.need(ratings, "rating")
    off = ~ratings["rating"].isin(schema.RATINGS)
    return ledger.drop("drop_off_scale_ratings", ratings, off, "the rating is not one of 1 to 5")


def drop_non_products(order_lines: pd.DataFrame) -> Cleaned:
    """Drop Online Retail's lines of postage, fees and vouchers.

    Product codes begin with five digits, and other codes with letters, such as POST. A few real
    products have codes with letters, too, and are dropped as well. The ledger lists the dropped
    lines.
    """
    ledger.need(order_lines, "item_id")
    other = ~order_lines["item_id"].str.match(PRODUCT)
    return ledger.drop("drop_non_products", order_lines, other, "the item is no product")


def drop_non_groceries(transactions: pd.DataFrame, products: pd.DataFrame) -> Cleaned:
    """Drop Complete Journey's fuel, miscellaneous items and coupons.

    Fuel is counted in thousandths of a gallon, about ten thousand "units" per purchase, so every
    mean of quantities would be a mean of fuel. The ledger lists the dropped lines.

    Parameters
    ----------
    transactions : DataFrame; column ``item_id``.
    products : DataFrame; columns ``item_id``, ``department``, ``product_category``.
    """
    ledger.need(transactions, "item_id")
    ledger.need(products, "item_id", "department", "product_category")
    other = products["department"].isin(["FUEL", "MISCELLANEOUS"])
    other |= products["product_category"].str.contains("COUPON", na=False)
    drop = transactions["item_id"].isin(products["item_id"][other])
    return ledger.drop("drop_non_groceries", transactions, drop, "fuel, miscellaneous or a coupon")
