"""Who buys when, what lies in the basket, what comes back, and what a coupon changes."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit

from helpers.data.shop.catalog import COMPLEMENTS
from helpers.data.shop.choice import Choice
from helpers.data.shop.clock import (
    COUPON_DAYS,
    COUPON_SENT,
    DAYS,
    OPENS,
    PRICE_RISE,
    seasonal_clock,
)
from helpers.data.shop.people import PERSONAS

CANCELED = 0.02  # share of orders
RETURNED = 0.035  # share of units
EXTRA_UNITS = 0.25  # mean number of further units of a line
COUPON_DISCOUNT = 0.15
SALES = ((1, 2, 1, 15), (7, 4, 7, 15), (11, 20, 11, 30))  # first and last month and day
COUPON_FROM = (COUPON_SENT - OPENS).days
COUPON_TO = COUPON_FROM + COUPON_DAYS


@dataclass(frozen=True)
class Rhythm:
    """The seasonal clocks, one a persona, and the translation of calendar days into their time."""

    clocks: np.ndarray  # shape (personas, midnights)
    persona: np.ndarray  # of each user

    @classmethod
    def of(cls, users: pd.DataFrame) -> "Rhythm":
        """Return the rhythm of the users' personas."""
        clocks = [seasonal_clock(p.peak_month, p.swing) for p in PERSONAS.itertuples()]
        return cls(np.array(clocks), users["persona"].to_numpy())

    def now(self, day: np.ndarray | float) -> np.ndarray:
        """Return every user's clock, in mean days, on a calendar day (one for all, or one each)."""
        day = np.broadcast_to(day, self.persona.shape)
        whole = np.where(np.isnan(day), 0, np.floor(day)).astype(int)
        before, after = self.clocks[self.persona, whole], self.clocks[self.persona, whole + 1]
        return before + (day - whole) * (after - before)

    def calendar(self, users: np.ndarray, reading: np.ndarray) -> np.ndarray:
        """Return the calendar days on which the clocks of `users` show `reading`."""
        day = np.empty_like(reading)
        for persona, clock in enumerate(self.clocks):
            mine = self.persona[users] == persona
            day[mine] = np.interp(reading[mine], clock, np.arange(len(clock)))
        return day


def purchase_days(
    users: pd.DataFrame, rhythm: Rhythm, rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Run the BG/NBD process of every user up to today.

    Repeat purchases come at the user's rate on the seasonal clock. The user leaves for good after
    repeat number G, geometric with the user's dropout. There is no dropout after the first order.

    Returns
    -------
    purchases : DataFrame with ``user`` and ``day``, first orders included.
    alive : DataFrame of booleans per user, ``at_coupon`` and ``today``; False if never a buyer.
    """
    start = rhythm.now(users["first_day"].to_numpy())
    span = np.nan_to_num(rhythm.now(float(DAYS)) - start)
    rate = users["rate"].to_numpy() / 7
    last = 1 + np.floor(np.log(rng.random(len(users))) / np.log1p(-users["dropout"].to_numpy()))

    user = np.repeat(np.arange(len(users)), rng.poisson(rate * span))
    reading = start[user] + rng.random(len(user)) * span[user]
    by_time = np.lexsort([reading, user])
    user, reading = user[by_time], reading[by_time]
    number = pd.Series(user).groupby(user).cumcount().to_numpy() + 1
    sent = rhythm.now(float(COUPON_FROM))
    bought = users["first_day"].notna().to_numpy()
    alive = pd.DataFrame(
        {
            "at_coupon": (users["first_day"] < COUPON_FROM).to_numpy()
            & (np.bincount(user[reading < sent[user]], minlength=len(users)) < last),
            "today": bought & (np.bincount(user, minlength=len(users)) < last),
        }
    )
    stays = number <= last[user]
    repeats = rhythm.calendar(user[stays], reading[stays])
    purchases = pd.DataFrame(
        {
            "user": np.concatenate([np.flatnonzero(bought), user[stays]]),
            "day": np.concatenate([users["first_day"].to_numpy()[bought], repeats]),
        }
    )
    return purchases, alive


def send_coupon(
    users: pd.DataFrame,
    purchases: pd.DataFrame,
    alive: np.ndarray,
    rhythm: Rhythm,
    rng: np.random.Generator,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Send a coupon to a random half of all customers and let it change what they do.

    A user's uplift is the change of the probability to order within the coupon's life. Where it
    is positive, some who would not have ordered do; where it is negative, some who would have
    ordered do not (the mail reminded them to unsubscribe). Those who left react less.

    Returns
    -------
    purchases : as given, with the coupon's orders added and the lost ones gone.
    campaign : per customer at the time: ``user``, ``treated``, and the truth ``organic`` (the
        probability to order without a coupon) and ``uplift``.
    """
    busy = rhythm.now(float(COUPON_TO)) - rhythm.now(float(COUPON_FROM))
    organic = alive * -np.expm1(-users["rate"].to_numpy() / 7 * busy)
    wish = PERSONAS["coupon"].to_numpy()[users["persona"]] + 0.05 * rng.standard_normal(len(users))
    wish *= np.where(alive, 1.0, 0.4)
    uplift = np.clip(wish, -0.9 * organic, 0.9 - organic) + 0.0  # no -0.0

    member = (users["first_day"] < COUPON_FROM).to_numpy()
    treated = member & (rng.random(len(users)) < 0.5)
    in_window = purchases["day"].between(COUPON_FROM, COUPON_TO, inclusive="left").to_numpy()
    would_order = np.zeros(len(users), dtype=bool)
    would_order[purchases["user"][in_window]] = True

    draw = rng.random(len(users))
    with np.errstate(divide="ignore", invalid="ignore"):
        lost = treated & would_order & (draw < -uplift / organic)
        won = treated & ~would_order & (draw < uplift / (1 - organic))
    kept = purchases[~(in_window & lost[purchases["user"]])]
    days = COUPON_FROM + COUPON_DAYS * rng.random(won.sum())
    extra = pd.DataFrame({"user": np.flatnonzero(won), "day": days})
    campaign = pd.DataFrame({"treated": treated, "organic": organic, "uplift": uplift})
    campaign = campaign[member].rename_axis("user").reset_index()
    return pd.concat([kept, extra], ignore_index=True), campaign


def fill_baskets(
    users: pd.DataFrame,
    items: pd.DataFrame,
    purchases: pd.DataFrame,
    treated: np.ndarray,
    choice: Choice,
    rng: np.random.Generator,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Decide what lies in each order, what it costs, and what comes back.

    Returns
    -------
    orders : one row per order, in order of time: ``user``, ``day``, ``picks`` (items drawn before
        complements), ``discount``, ``canceled_day`` (NaN: kept).
    lines : one row per order and item: ``order``, ``item``, ``quantity`` (as ordered),
        ``unit_price``, ``returned`` (units), ``returned_day`` (NaN: none).
    """
    # Sorted by user, because `Choice` works through the users in blocks.
    orders = purchases.sort_values(["user", "day"], ignore_index=True)
    user, day = orders["user"].to_numpy(), orders["day"].to_numpy()
    whole = day.astype(int)
    orders["picks"] = 1 + rng.poisson(users["basket"].to_numpy()[user])

    date = OPENS + pd.to_timedelta(whole, unit="D")
    month_day = (date.month * 100 + date.day).to_numpy()
    sale = np.any(
        [(month_day >= m * 100 + d) & (month_day <= n * 100 + e) for m, d, n, e in SALES], axis=0
    )
    likely = expit(-2.2 + 0.9 * users["bargain"].to_numpy()[user] + 1.8 * sale)
    discount = np.where(
        rng.random(len(orders)) < likely, rng.choice([0.05, 0.1, 0.15, 0.2], len(orders)), 0
    )
    coupon = treated[user] & (day >= COUPON_FROM) & (day < COUPON_TO)
    orders["discount"] = np.where(coupon, np.maximum(discount, COUPON_DISCOUNT), discount)

    canceled_day = day + rng.random(len(orders))
    is_canceled = (rng.random(len(orders)) < CANCELED) & (canceled_day < DAYS)
    orders["canceled_day"] = np.where(is_canceled, canceled_day, np.nan)

    order = np.repeat(np.arange(len(orders)), orders["picks"])
    item = choice.pick(user[order], whole[order], rng)
    lines = [pd.DataFrame({"order": order, "item": item})]
    for anchor, complement, probability in complement_items(items).itertuples(index=False):
        has_anchor = np.setdiff1d(order[item == anchor], order[item == complement])
        follows = has_anchor[rng.random(len(has_anchor)) < probability]
        lines.append(pd.DataFrame({"order": follows, "item": complement}))
    lines = pd.concat(lines, ignore_index=True)
    lines["quantity"] = 1 + rng.poisson(EXTRA_UNITS, len(lines))
    lines = lines.groupby(["order", "item"], as_index=False)["quantity"].sum()

    years_ago = 2025 - date.year.to_numpy()[lines["order"]]
    price = items["price"].to_numpy()[lines["item"]]
    lines["unit_price"] = (price / PRICE_RISE**years_ago).round(2)
    returned = rng.binomial(lines["quantity"], RETURNED)
    returned_day = day[lines["order"]] + 2 + 8 * rng.standard_exponential(len(lines))
    returned[(returned_day >= DAYS) | is_canceled[lines["order"]]] = 0
    lines["returned"] = returned
    lines["returned_day"] = np.where(returned > 0, returned_day, np.nan)

    by_time = orders["day"].argsort(kind="stable").to_numpy()
    lines["order"] = by_time.argsort()[lines["order"]]
    lines = lines.sort_values(["order", "item"], ignore_index=True)
    return orders.iloc[by_time].reset_index(drop=True), lines


def complement_items(items: pd.DataFrame) -> pd.DataFrame:
    """Return the planted rules: ``anchor`` and ``complement`` (positions), ``probability``.

    A rule speaks of the best-selling item of its noun, so both are for sale from the start.
    """
    best = items[items["day"] < 0].sort_values("popularity").groupby("noun").tail(1)
    position = pd.Series(best.index, index=best["noun"])
    rules = pd.DataFrame(COMPLEMENTS, columns=["anchor", "complement", "probability"])
    return rules.assign(
        anchor=rules["anchor"].map(position), complement=rules["complement"].map(position)
    )
