"""Key performance indicators (KPIs) of a shop, and which factors explain a change in revenue."""

import numpy as np
import pandas as pd

from helpers.data import checks

# Numerator and denominator of the rates in `kpis`.
RATES = {
    "conversion": ("buyers", "active_users"),
    "orders_per_buyer": ("orders", "buyers"),
    "units_per_order": ("units", "orders"),
    "price_per_unit": ("revenue", "units"),
    "aov": ("revenue", "orders"),
    "repeat_rate": ("repeat_buyers", "buyers"),
    "arpu": ("revenue", "active_users"),
}
# Revenue is the product of these columns of `kpis`.
FACTORS = ("active_users", "conversion", "orders_per_buyer", "units_per_order", "price_per_unit")


def order_totals(order_lines: pd.DataFrame) -> pd.DataFrame:
    """Sum up the lines of each order; its time is that of its first line.

    Parameters
    ----------
    order_lines : DataFrame with ``order_id``, ``ordered_at``, ``user_id`` (missing for guests),
        ``quantity``, ``unit_price``, ``discount`` (a share of the price).

    Returns
    -------
    DataFrame, one row per order, sorted by time; index ``order_id``; columns ``user_id``,
    ``ordered_at``, ``units`` (Σ quantity), ``revenue`` (Σ quantity × unit_price × (1 − discount)).

    Examples
    --------
    >>> lines = pd.DataFrame({"order_id": ["O1", "O1"], "user_id": "U1", "quantity": [2, 1],
    ...     "ordered_at": pd.Timestamp("2025-01-05"), "unit_price": [10.0, 5.0],
    ...     "discount": [0.5, 0.0]})
    >>> order_totals(lines)[["units", "revenue"]].to_numpy().tolist()
    [[3.0, 15.0]]
    """
    kinds = dict.fromkeys(["quantity", "unit_price", "discount"], "number")
    checks.require(order_lines, order_id="key", ordered_at="datetime", user_id="key?", **kinds)
    paid = order_lines["quantity"] * order_lines["unit_price"] * (1 - order_lines["discount"])
    by_order = order_lines.assign(revenue=paid).groupby("order_id")
    totals = by_order.agg(
        user_id=("user_id", "first"),
        ordered_at=("ordered_at", "min"),
        units=("quantity", "sum"),
        revenue=("revenue", "sum"),
    )
    return totals.sort_values("ordered_at", kind="stable")


def kpis(
    order_lines: pd.DataFrame, events: pd.DataFrame | None = None, *, period: str = "M"
) -> pd.DataFrame:
    """Compute the key performance indicators (KPIs) of a shop, by period.

    =================  ==========================================================================
    active_users       users with an event or an order in the period (guests have no id)
    buyers             users with an order
    repeat_buyers      buyers with an order in the period that is not their first ever
    orders             orders
    units              units sold
    revenue            amount paid, in the currency of ``unit_price``
    conversion         buyers / active_users
    orders_per_buyer   orders / buyers
    units_per_order    units / orders
    price_per_unit     revenue / units, after discounts
    aov                revenue / orders, the average order value
    repeat_rate        repeat_buyers / buyers
    arpu               revenue / active_users, the average revenue per user
    =================  ==========================================================================

    Revenue is the product of `FACTORS`. A first or last period that is only partly observed looks
    like a bad one, so cut it off.

    Parameters
    ----------
    order_lines : DataFrame with ``order_id``, ``ordered_at``, ``user_id``, ``quantity``,
        ``unit_price``, ``discount``, from the shop's first day on (else old customers look new).
    events : DataFrame with ``user_id`` (missing for guests), ``occurred_at``. Without it,
        ``active_users``, ``conversion`` and ``arpu`` are left out; they are NaN in periods without
        any event, because nothing was logged then.
    period : pandas period alias, "D", "W", "M", "Q" or "Y".

    Returns
    -------
    DataFrame, one row per period from the first order to the last; index ``period`` (Period).

    Examples
    --------
    >>> lines = pd.DataFrame({"order_id": ["O1", "O2"], "user_id": ["U1", "U1"], "quantity": [1, 2],
    ...     "ordered_at": pd.to_datetime(["2025-01-05", "2025-01-20"]), "unit_price": 10.0,
    ...     "discount": 0.0})
    >>> kpis(lines).loc["2025-01", ["buyers", "orders", "aov", "repeat_rate"]].tolist()
    [1.0, 2.0, 15.0, 1.0]
    """
    orders = order_totals(order_lines)
    orders["period"] = orders["ordered_at"].dt.to_period(period)
    orders["again"] = orders["user_id"].where(orders["user_id"].duplicated())  # in order of time
    by_period = orders.groupby("period")
    table = pd.DataFrame(
        {
            "buyers": by_period["user_id"].nunique(),
            "repeat_buyers": by_period["again"].nunique(),
            "orders": by_period.size(),
            "units": by_period["units"].sum(),
            "revenue": by_period["revenue"].sum(),
        }
    )
    table = table.reindex(pd.period_range(*table.index[[0, -1]], name="period"), fill_value=0)
    if events is not None:
        checks.require(events, user_id="key?", occurred_at="datetime")
        visits = events[["user_id"]].assign(period=events["occurred_at"].dt.to_period(period))
        seen = pd.concat([visits, orders[["user_id", "period"]]]).drop_duplicates()
        active = seen.groupby("period")["user_id"].count().reindex(table.index)
        table.insert(0, "active_users", active.where(table.index.isin(visits["period"])))
    for rate, (part, whole) in RATES.items():
        if whole in table:
            table[rate] = table[part] / table[whole]
    return table


def decompose_change(
    before: pd.Series | pd.DataFrame, after: pd.Series | pd.DataFrame
) -> pd.Series | pd.DataFrame:
    """Attribute the change of a product to its factors; the contributions sum to the change.

    If V = x₁ x₂ … x_n, before (⁰) and after (¹), factor i contributed, in the unit of V,

        L(V¹, V⁰) ln(x_i¹ / x_i⁰),   L(a, b) = (a − b) / (ln a − ln b),   L(a, a) = a

    This is the additive log mean Divisia index (LMDI-I). It leaves no residual, because the
    logarithms add up to ln(V¹ / V⁰), and it does not depend on the order of the factors. Factors
    multiplied into one contribute the sum of their parts, so a KPI tree adds up at every node.
    Shapley values lack this property; in return they allow zeros.

    Parameters
    ----------
    before, after : the factors of one product as a Series, or of one product per segment as a
        DataFrame (segments, factors). Same labels in both; all positive.

    Returns
    -------
    Contributions, of the shape of ``before``; their sum is the change of the product, or of the
    sum of the segments' products.

    References
    ----------
    B. W. Ang (2005), The LMDI approach to decomposition analysis: a practical guide, Energy Policy
    33(7), 867–871, doi:10.1016/j.enpol.2003.10.010; compared with other methods: B. W. Ang (2004),
    Energy Policy 32(9), 1131–1139, doi:10.1016/S0301-4215(03)00076-4.

    Examples
    --------
    100 users who spend 10 each become 200 who spend 5: two changes that cancel.

    >>> before, after = pd.Series({"users": 100, "arpu": 10}), pd.Series({"users": 200, "arpu": 5})
    >>> decompose_change(before, after).round(2).to_dict()
    {'users': 693.15, 'arpu': -693.15}
    """
    _check_factors(before, after)
    old, new = (factors.to_numpy(float) for factors in (before, after))
    ratio = np.log(new / old)
    # L(a, b) = √(ab) sinh(h) / h with h = ln(a / b) / 2: the same, but safe when a is close to b.
    h = ratio.sum(axis=-1, keepdims=True) / 2
    middle = np.sqrt(old * new).prod(axis=-1, keepdims=True)
    mean = middle * np.divide(np.sinh(h), h, out=np.ones_like(h), where=h != 0)
    contribution = mean * ratio
    if isinstance(before, pd.Series):
        return pd.Series(contribution, index=before.index, name="contribution")
    return pd.DataFrame(contribution, index=before.index, columns=before.columns)


def _check_factors(before: pd.Series | pd.DataFrame, after: pd.Series | pd.DataFrame) -> None:
    if not all(a.equals(b) for a, b in zip(before.axes, after.axes, strict=True)):
        raise ValueError(
            "decompose_change: before and after must have the same labels in the same order. "
            "Reorder one with after.reindex_like(before)."
        )
    for name, factors in (("before", before), ("after", after)):
        wrong = np.argwhere(~(factors.to_numpy() > 0))
        if len(wrong):
            labels = [axis[i] for axis, i in zip(factors.axes, wrong[0], strict=True)]
            raise ValueError(
                f"decompose_change: {len(wrong)} of {factors.size} factors {name} the change are "
                f"not positive (first: {', '.join(map(str, labels))}: "
                f"{factors.to_numpy()[tuple(wrong[0])]}), and only positive numbers have "
                "logarithms. Merge small segments, or leave out one that came or went and report "
                "its revenue separately."
            )
