"""The capstone, solved from the export as a learner would who knows the essentials."""

import numpy as np
import pandas as pd

from exercises.capstone import Week
from helpers import behavior, rules
from helpers.data import cleaning

COUPON_SENT = "2025-10-01"


def replies(week: Week, budget: int) -> dict[int, object]:
    """Return the replies to the four emails; the budget of coupons stands in the third."""
    shop, _ = cleaning.clean_shop(week.raw)
    lines = all_sales(week.raw)
    return {
        1: earned(lines),
        2: november(lines, shop.events),
        3: coupons(shop, budget),
        4: pairs(shop),
    }


def all_sales(raw: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Clean the order lines and keep the sales of guests, with ``paid``, what each brought in."""
    raw = dict(raw)
    raw["order_lines"] = raw["order_lines"].fillna({"user_id": "guest"})
    one = raw["users"].head(1).assign(user_id="guest", channel="direct", country="Canada")
    raw["users"] = pd.concat([raw["users"], one], ignore_index=True)
    lines = cleaning.clean_shop(raw)[0].order_lines
    return lines.assign(paid=lines["quantity"] * lines["unit_price"] * (1 - lines["discount"]))


def earned(lines: pd.DataFrame) -> tuple[float, float]:
    """Reply 1: net revenue of October to December 2025, and of 2024."""
    by_quarter = lines.groupby(lines["ordered_at"].dt.to_period("Q"))["paid"].sum()
    return by_quarter["2025Q4"], by_quarter["2024Q4"]


def november(lines: pd.DataFrame, events: pd.DataFrame) -> tuple[str, float]:
    """Reply 2: compare the days without purchases in the log with the books, and other days."""
    visits = events.assign(bought=events["event"] == "purchase").groupby("session_id")
    visits = visits.agg(at=("occurred_at", "min"), bought=("bought", "max"))
    day = visits["at"].dt.normalize()
    by_day = visits.groupby(day)["bought"].agg(["sum", "size"])["2025-11":"2025-11"]
    interval = behavior.conversion(by_day["sum"], by_day["size"])
    usual = by_day["sum"].sum() / by_day["size"].sum()
    low = by_day.index[(interval["high"] < usual).to_numpy()]
    if len(low) < 3:
        return "nothing", 0
    bad = pd.date_range(low.min(), low.max())
    daily = lines.groupby(lines["ordered_at"].dt.normalize())["paid"].sum()
    november = daily["2025-11":"2025-11"].reindex(by_day.index, fill_value=0)
    ordinary = november.drop(bad).mean()
    missing = len(bad) * ordinary - november[bad].sum()
    return ("checkout", missing) if missing > 0.5 * len(bad) * ordinary else ("log", 0)


def coupons(shop, budget: int) -> list[str]:
    """Reply 3: those who are silent for longest, who hardly order anyway."""
    lines = shop.order_lines
    past = lines[lines["ordered_at"] < COUPON_SENT]
    last = past.groupby("user_id")["ordered_at"].max()
    return list(last[last.index.isin(shop.campaign["user_id"])].nsmallest(budget).index)


def pairs(shop) -> list[tuple[str, str]]:
    """Reply 4: the pairs that pass Holm's test and last, by what they sell above chance."""
    lines = shop.order_lines
    orders = lines["order_id"].nunique()
    itemsets = rules.frequent_itemsets(lines, 3 / orders, max_len=2)
    found = rules.association_rules(itemsets, "lift", min_threshold=0)
    items = (lines.groupby("item_id")["order_id"].nunique() >= 3).sum()
    found = rules.significance(found, items * (items - 1))
    found = found[found["p_adjusted"] <= 0.05]
    both = [
        tuple(sorted(a | c))
        for a, c in zip(found["antecedents"], found["consequents"], strict=True)
    ]
    found = found.assign(pair=both).drop_duplicates("pair")
    price = shop.items.set_index("item_id")["price"]
    cheaper = np.array([min(price[item] for item in pair) for pair in found["pair"]])
    found["sells"] = found["count"] * (1 - 1 / found["lift"]) * cheaper
    baskets = lines.groupby("order_id").agg(at=("ordered_at", "min"), items=("item_id", set))
    spans = [
        (lambda at: at.quantile(0.9) - at.quantile(0.1))(
            baskets["at"][[set(pair) <= held for held in baskets["items"]]]
        )
        for pair in found["pair"]
    ]
    lasting = found[np.array(spans) > pd.Timedelta(days=60)]
    return list(lasting.nlargest(6, "sells")["pair"])
