"""All rules in sequence, and their score against the answer key."""

from collections.abc import Mapping

import pandas as pd

from helpers.data import checks, schema
from helpers.data.cleaning import clock, orders, reading, rows
from helpers.data.cleaning.ledger import Ledger


def clean_shop(raw: Mapping[str, pd.DataFrame]) -> tuple[schema.Shop, Ledger]:
    """Clean a whole export by applying all rules, in an order in which they do not interfere.

    Parameters
    ----------
    raw : table name → DataFrame of text with the columns of that table, as
        `helpers.data.load_raw_shop` reads it.

    Returns
    -------
    shop : the six clean tables, validated. Rows keep the labels that they have in ``raw``.
    ledger : one row per rule and table, in the order in which the rules were applied.
    """
    absent = [name for name in schema.TABLES if name not in raw]
    if absent:
        raise ValueError(f"The export has no table {', '.join(absent)}; it has {', '.join(raw)}.")
    tables = {name: raw[name] for name in schema.TABLES}
    done = []

    def apply(rule, name: str, *arguments) -> None:
        tables[name], row = rule(tables[name], *arguments)
        done.append(row)

    # Duplicates first, while equal rows are still equal text.
    for name in ("order_lines", "events", "ratings"):
        apply(rows.drop_duplicate_rows, name)
    apply(rows.drop_missing, "order_lines", "user_id")

    # Parse the text: names, dates, amounts.
    for name, column in (
        ("users", "country"),
        ("users", "channel"),
        ("items", "department"),
        ("items", "category"),
        ("events", "event"),
    ):
        apply(reading.tidy_text, name, column)
    for name, column in (
        ("users", "signed_up_at"),
        ("items", "launched_at"),
        ("events", "occurred_at"),
        ("order_lines", "ordered_at"),
        ("ratings", "rated_at"),
        ("campaign", "sent_at"),
    ):
        apply(reading.parse_dates, name, column)
    apply(reading.parse_money, "items", "price")
    apply(reading.parse_money, "order_lines", "unit_price")
    apply(reading.parse_money, "campaign", "revenue")
    apply(reading.parse_numbers, "order_lines", "quantity")
    apply(reading.parse_numbers, "order_lines", "discount")
    apply(reading.parse_numbers, "ratings", "rating")
    apply(reading.parse_flags, "campaign", "treated")
    apply(reading.parse_flags, "campaign", "responded")

    # The log's clock is checked against the orders while both are complete.
    apply(clock.mend_time_zone, "events", tables["order_lines"])

    # Drop users who are not customers, and items that are not for sale.
    users, items = tables["users"], tables["items"]
    bots = rows.find_bots(tables["events"])
    testers = users["user_id"][users["channel"] == "internal"]
    articles = items["item_id"][items["name"].str.startswith("TEST ")]
    for name in ("users", "events"):
        apply(rows.drop_bots, name, bots)
    for name in tables:
        apply(rows.drop_test_accounts, name, testers, articles)

    # Drop impossible values, then net what was canceled or returned.
    apply(orders.drop_impossible_quantities, "order_lines")
    apply(orders.drop_impossible_prices, "order_lines")
    apply(rows.drop_off_scale_ratings, "ratings")
    apply(orders.mend_prices_in_cents, "order_lines", tables["items"])
    apply(orders.net_cancellations, "order_lines")
    apply(orders.net_returns, "order_lines")
    for name in ("events", "order_lines", "ratings"):
        apply(rows.drop_orphans, name, "item_id", tables["items"])
    for name in ("events", "order_lines", "ratings", "campaign"):
        apply(rows.drop_orphans, name, "user_id", tables["users"])

    shop = schema.Shop(**{n: table[schema.columns(n)] for n, table in tables.items()})
    return shop.validate(), Ledger(tuple(done))


# Fault in the answer key → the rule that looks for it.
RULE_FOR = {
    "duplicate_row": "drop_duplicate_rows",
    "missing_user": "drop_missing",
    "untidy_text": "tidy_text",
    "mixed_date": "parse_dates",
    "currency_text": "parse_money",
    "quantity_text": "parse_numbers",
    "time_zone": "mend_time_zone",
    "bot": "drop_bots",
    "test_account": "drop_test_accounts",
    "impossible_quantity": "drop_impossible_quantities",
    "impossible_price": "drop_impossible_prices",
    "off_scale_rating": "drop_off_scale_ratings",
    "price_in_cents": "mend_prices_in_cents",
    "cancellation": "net_cancellations",
    "canceled_line": "net_cancellations",
    "return": "net_returns",
    "returned_line": "net_returns",
    "reduced_line": "net_returns",
    "orphan_item": "drop_orphans",
    "orphan_user": "drop_orphans",
}


def score(ledger: Ledger, faults: pd.DataFrame) -> pd.DataFrame:
    """Score a cleaning: compare the ledger with the answer key.

    A planted fault counts as found if the rule that looks for it touched or dropped the row, or if
    another rule had dropped the row before.

    Parameters
    ----------
    ledger : the ledger of `clean_shop`; its row labels are the row numbers of the raw files.
    faults : the answer key, a DataFrame; columns ``table``, ``row``, ``fault``.

    Returns
    -------
    DataFrame, one row per table and fault, with numbers of rows: ``planted``, ``found``, ``missed``
    = planted − found, and ``harmed``: rows without any fault that the rule touched or dropped.
    """
    checks.require(faults, table="text", row="count", fault="text")
    handled = pd.concat(
        pd.DataFrame({"table": row.table, "row": labels, "rule": row.rule, "dropped": dropped})
        for row in ledger
        for labels, dropped in ((row.touched, False), (row.dropped, True))
    )
    faults = faults.assign(rule=faults["fault"].map(RULE_FOR))
    place = ["table", "row"]
    by_rule = pd.MultiIndex.from_frame(handled[[*place, "rule"]])
    gone = pd.MultiIndex.from_frame(handled.loc[handled["dropped"], place])
    faulty = pd.MultiIndex.from_frame(faults[place])
    found = pd.MultiIndex.from_frame(faults[[*place, "rule"]]).isin(by_rule) | faulty.isin(gone)
    good = handled[~pd.MultiIndex.from_frame(handled[place]).isin(faulty)]

    result = faults.assign(found=found).groupby(["table", "fault", "rule"])["found"]
    result = result.agg(planted="size", found="sum").reset_index("rule")
    result["missed"] = result["planted"] - result["found"]
    harmed = good.groupby(["table", "rule"])["row"].nunique()
    looked = pd.MultiIndex.from_arrays([result.index.get_level_values("table"), result.pop("rule")])
    result["harmed"] = harmed.reindex(looked, fill_value=0).to_numpy()
    return result.reset_index()
