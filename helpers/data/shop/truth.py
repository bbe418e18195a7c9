"""The answer key: what an analysis of the shop would find if it made no error at all."""

import numpy as np
import pandas as pd

from helpers.data.shop.catalog import CATEGORIES
from helpers.data.shop.choice import Choice
from helpers.data.shop.clock import COUPON_DAYS, DAYS, HORIZON_DAYS, OPENS
from helpers.data.shop.orders import (
    CANCELED,
    COUPON_FROM,
    EXTRA_UNITS,
    RETURNED,
    Rhythm,
    complement_items,
)
from helpers.data.shop.people import PERSONAS

FIRST_MONDAY = (7 - OPENS.weekday()) % 7
WEEKS = (DAYS - FIRST_MONDAY) // 7
NET = (1 - CANCELED) * (1 - RETURNED)  # share of ordered units that stay sold


def true_futures(users: pd.DataFrame, alive: np.ndarray, rhythm: Rhythm) -> pd.DataFrame:
    """Return what each user is expected to buy within `HORIZON_DAYS` after today, knowing all.

    While active a user buys at rate λ and leaves after each purchase with probability p, so is
    still active after the clock has run s with probability exp(−λps). Integrated over the horizon:

        E = alive · (1 − exp(−λ p Δ)) / p      P(none) = 1 − alive · (1 − exp(−λ Δ))

    Returns
    -------
    DataFrame per user: ``alive`` (bool), ``expected_purchases``, ``p_silent``; the last two are
    NaN for users who never ordered.
    """
    span = rhythm.now(float(DAYS + HORIZON_DAYS) - 1e-6) - rhythm.now(float(DAYS))
    rate, dropout = users["rate"].to_numpy() / 7 * span, users["dropout"].to_numpy()
    customer = users["first_day"].notna()
    expected = pd.Series(alive * -np.expm1(-rate * dropout) / dropout).where(customer)
    silent = pd.Series(1 + alive * np.expm1(-rate)).where(customer)
    return pd.DataFrame({"alive": alive, "expected_purchases": expected, "p_silent": silent})


def true_rules(
    items: pd.DataFrame, orders: pd.DataFrame, choice: Choice
) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the planted rules with their true support, confidence and lift.

    An order with n picks, each taking A with probability u and B with probability v, holds

        A          with probability  1 − (1−u)ⁿ
        B, not A   with probability  (1−u)ⁿ − (1−u−v)ⁿ
        A, not B   with probability  (1−v)ⁿ − (1−u−v)ⁿ

    and of the last a share c gets B as the complement. Averaged over all orders placed, these
    are the probabilities that a basket estimates.

    Returns
    -------
    rules : DataFrame ``anchor``, ``complement`` (positions), ``probability``, ``support``,
        ``confidence``, ``lift``.
    added : expected number of complements per order and rule, shape (orders, rules).
    """
    rules = complement_items(items)
    by_user = orders["user"].argsort(kind="stable").to_numpy()
    wanted = np.concatenate([rules["anchor"], rules["complement"]])
    chance = np.empty((len(orders), len(wanted)))
    chance[by_user] = choice.probability(
        orders["user"].to_numpy()[by_user], orders["day"].to_numpy().astype(int)[by_user], wanted
    )
    u, v = np.hsplit(chance, 2)
    n = orders["picks"].to_numpy()[:, None]
    no_a, no_b, neither = (1 - u) ** n, (1 - v) ** n, (1 - u - v) ** n
    added = (no_b - neither) * rules["probability"].to_numpy()
    both = (1 - no_a - no_b + neither + added).mean(axis=0)
    anchor, complement = (1 - no_a).mean(axis=0), both + (no_a - neither).mean(axis=0)
    confidence = both / anchor
    rules = rules.assign(support=both, confidence=confidence, lift=confidence / complement)
    return rules, added


def true_demand(
    users: pd.DataFrame,
    items: pd.DataFrame,
    orders: pd.DataFrame,
    rules: pd.DataFrame,
    added: np.ndarray,
    campaign: pd.DataFrame,
    choice: Choice,
    rhythm: Rhythm,
) -> pd.DataFrame:
    """Return the expected units sold per week and category, net of cancellations and returns.

    Expected orders of a user in a week are one if it holds the first order, plus the integral of
    λ exp(−λps) over the week, plus the coupon's uplift spread over its life. Each order brings
    1 + basket picks, shared among the categories by taste and season; complements are counted at
    their expectation given the orders placed. The difference to what sold is noise: no forecast
    that knows the arrivals can remove it.

    Returns
    -------
    DataFrame: ``week`` (its Monday), ``category``, ``expected_units``.
    """
    start = rhythm.now(users["first_day"].to_numpy())
    rate, dropout = users["rate"].to_numpy() / 7, users["dropout"].to_numpy()
    lines = 1 + users["basket"].to_numpy()
    uplift = np.zeros(len(users))
    treated = campaign[campaign["treated"]]
    uplift[treated["user"]] = treated["uplift"]
    everyone = np.arange(len(users))

    def active(day: float) -> np.ndarray:
        return np.exp(-rate * dropout * np.fmax(rhythm.now(day) - start, 0))

    picks = np.empty((WEEKS, len(CATEGORIES)))
    for week in range(WEEKS):
        monday = FIRST_MONDAY + 7 * week
        expected = (active(float(monday)) - active(float(monday + 7))) / dropout
        expected += users["first_day"].between(monday, monday + 7, inclusive="left")
        coupon = min(monday + 7, COUPON_FROM + COUPON_DAYS) - max(monday, COUPON_FROM)
        expected += uplift * max(coupon, 0) / COUPON_DAYS
        share = choice.shelf_share(everyone, np.full(len(users), monday + 3))
        picks[week] = np.nan_to_num(expected * lines) @ share

    week_of_order = np.floor((orders["day"].to_numpy() - FIRST_MONDAY) / 7).astype(int)
    whole = (week_of_order >= 0) & (week_of_order < WEEKS)
    for rule, item in enumerate(rules["complement"]):
        extra = np.bincount(week_of_order[whole], added[whole, rule], minlength=WEEKS)
        picks[:, items["shelf"][item]] += extra

    weeks = OPENS + pd.to_timedelta(FIRST_MONDAY + 7 * np.arange(WEEKS), unit="D")
    units = picks * (1 + EXTRA_UNITS) * NET
    demand = pd.DataFrame(units, weeks.rename("week"), CATEGORIES["category"]).reset_index()
    return demand.melt("week", var_name="category", value_name="expected_units")


def persona_key(users: pd.DataFrame) -> pd.DataFrame:
    """Return the personas with what their users have in common, and how many there are."""
    size = users["persona"].value_counts().reindex(range(len(PERSONAS)), fill_value=0)
    return PERSONAS.assign(users=size.to_numpy())
