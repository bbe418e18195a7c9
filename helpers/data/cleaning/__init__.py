"""From a dirty export to a clean shop: one function per rule, and a ledger of what each one did.

The ledger is the audit log of the cleaning. A rule takes a table and returns a new one, along with
a `LedgerRow` that says which rows it touched, which it dropped, and why. Rows keep their labels, so
that each can be traced to its line in the raw file. No rule guesses: a value that it cannot read is
an error that names the rows.
"""

from helpers.data.cleaning.clock import mend_time_zone
from helpers.data.cleaning.orders import (
    drop_impossible_prices,
    drop_impossible_quantities,
    mend_prices_in_cents,
    net_cancellations,
    net_returns,
)
from helpers.data.cleaning.pipeline import clean_shop, score
from helpers.data.cleaning.reading import parse_dates, parse_money, parse_numbers, tidy_text
from helpers.data.cleaning.rows import (
    drop_bots,
    drop_duplicate_rows,
    drop_missing,
    drop_non_groceries,
    drop_non_products,
    drop_orphans,
    drop_test_accounts,
    find_bots,
)

__all__ = [
    "clean_shop",
    "drop_bots",
    "drop_duplicate_rows",
    "drop_impossible_prices",
    "drop_impossible_quantities",
    "drop_missing",
    "drop_non_groceries",
    "drop_non_products",
    "drop_orphans",
    "drop_test_accounts",
    "find_bots",
    "mend_prices_in_cents",
    "mend_time_zone",
    "net_cancellations",
    "net_returns",
    "parse_dates",
    "parse_money",
    "parse_numbers",
    "score",
    "tidy_text",
]
