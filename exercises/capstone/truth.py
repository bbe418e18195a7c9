"""What is true of a seed's shop, and what mistakes give: what each reply is held against."""

import functools
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from exercises.capstone.shop import World, world
from helpers import rules
from helpers.data import cleaning
from helpers.data.shop.clock import COUPON_SENT
from helpers.data.shop.orders import COUPON_DISCOUNT

QUARTERS = (pd.Period("2025Q4"), pd.Period("2024Q4"))
PAIRS = 6
Figures = tuple[float, float]  # of the last quarter, of the year before


@dataclass(frozen=True)
class Truth:
    """What is true of a shop.

    Attributes
    ----------
    earned : net revenue of the last quarter, and of the year before.
    bounds : of each, the lowest and the highest figure that an honest clean-up leaves open.
    gain : 95% confidence interval of the gain over the year before, user by user.
    mistakes : name → the figures that it gives.
    lost, lost_within : dollars that were lost in November, and how far off an estimate may be.
    november_gaps, lost_at_list : what is wrongly taken for the loss: October minus November, in
        truth and by three clean-ups, and the lost orders before discounts and returns.
    conversion : share of the sessions with a purchase by the log, in October and in November.
    profit : user → what a coupon earns in the simulator.
    spent : user → what was spent before the campaign.
    responders : who got a coupon and ordered.
    coupons : name of a list → what coupons for it would have earned.
    sold : pair → what it sells in a year on top of chance.
    pairs : name of a list of pairs → what it sells.
    by_lift : the planted pairs, the highest lift first.
    favorite : the manager's pair, the most frequent one that does not go together.
    favorite_baskets : the number of its baskets.
    """

    earned: Figures
    bounds: tuple[Figures, Figures]
    gain: Figures
    mistakes: dict[str, Figures]
    lost: float
    lost_within: float
    november_gaps: list[float]
    lost_at_list: float
    conversion: Figures
    profit: pd.Series
    spent: pd.Series
    responders: frozenset[str]
    coupons: dict[str, float]
    sold: dict[frozenset[str], float]
    pairs: dict[str, float]
    by_lift: list[frozenset[str]]
    favorite: tuple[str, str]
    favorite_baskets: int

    @property
    def least_coupons(self) -> float:
        """What coupons must earn: half of what they do for those silent for longest."""
        return self.coupons["silent"] / 2

    @property
    def least_pairs(self) -> float:
        """What six pairs must sell: three quarters of what the best do."""
        return 0.75 * self.pairs["best possible"]


@functools.lru_cache(maxsize=4)
def truth(seed: int) -> Truth:
    """Work out what is true of a seed's shop."""
    made = world(seed)
    return Truth(**_money(made), **_november(made), **_coupons(made), **_pairs(made))


def net(placed: pd.DataFrame) -> pd.Series:
    """Return what each line brought in, after discounts, cancellations and returns."""
    units = (placed["quantity"] - placed["returned"]).where(placed["canceled_at"].isna(), 0)
    return units * placed["unit_price"] * (1 - placed["discount"])


def _quarters(paid: pd.Series, quarters: Sequence[pd.Period] = QUARTERS) -> Figures:
    return tuple(paid.groupby(paid.index.to_period("Q")).sum()[list(quarters)])


# ---------------------------------------------------------------- 1: what did we earn?


def _money(made: World) -> dict:
    placed = made.simulation.placed
    paid = net(placed)
    earned = _quarters(paid.set_axis(pd.DatetimeIndex(placed["ordered_at"])))
    lines, known, steps = made.raw["order_lines"], _known(made), _steps(made)
    honest = [
        _cleaned(made, lines),
        _cleaned(made, _known(made, guests=True)),
        _cleaned(made, lines, net_by_order=False),
    ]
    wrong = {name: _cleaned(made, lines, without=(name,)) for name in steps} | {
        "clean_shop": _cleaned(made, known),
        "guests": _cleaned(made, lines.dropna(subset="user_id")),
        "returns": _cleaned(made, lines[~lines["quantity"].str.startswith("-")]),
        "discounts": _cleaned(made, lines.assign(discount="0")),
        "raw": _cleaned(made, lines, without=steps, net_by_order=False),
    }
    figures = [earned, *map(_quarters, honest)]
    bounds = tuple((0.999 * min(each), 1.001 * max(each)) for each in zip(*figures, strict=True))
    mistakes = {name: _quarters(each) for name, each in wrong.items()}
    mistakes["quarter"] = _quarters(honest[0], [each - 1 for each in QUARTERS])
    quarter = placed["ordered_at"].dt.to_period("Q")
    by_user = paid.groupby([placed["user_id"], quarter]).sum().unstack(fill_value=0)
    gained = by_user[QUARTERS[0]] - by_user[QUARTERS[1]]
    half = 1.96 * gained.sem() * len(gained)
    return {
        "earned": earned,
        "bounds": bounds,
        "gain": (gained.sum() - half, gained.sum() + half),
        "mistakes": mistakes,
    }


def _cleaned(
    made: World, lines: pd.DataFrame, without: Collection[str] = (), net_by_order: bool = True
) -> pd.Series:
    """Clean the order lines without some of the steps; return what each brought in, by its time.

    Without ``net_by_order``, what was canceled or sent back is subtracted on the day on which it
    came back.
    """
    lines, _ = cleaning.parse_dates(lines, "ordered_at")
    lines, _ = cleaning.parse_money(lines, "unit_price")
    for column in ("quantity", "discount"):
        lines, _ = cleaning.parse_numbers(lines, column)
    for name, step in _steps(made).items():
        if name not in without:
            lines, _ = step(lines)
    if net_by_order:
        lines, _ = cleaning.net_cancellations(lines)
        lines, _ = cleaning.net_returns(lines)
    paid = lines["quantity"] * lines["unit_price"] * (1 - lines["discount"])
    return paid.set_axis(pd.DatetimeIndex(lines["ordered_at"]))


def _known(made: World, guests: bool = False) -> pd.DataFrame:
    """Return the order lines of known users and items, still as they were exported."""
    lines = made.raw["order_lines"]
    known = lines["user_id"].isin(made.raw["users"]["user_id"])
    if guests:
        known |= lines["user_id"].isna()
    return lines[known & lines["item_id"].isin(made.raw["items"]["item_id"])]


def _steps(made: World) -> dict[str, Callable]:
    users = made.raw["users"]
    testers = users["user_id"][users["channel"].str.strip().str.lower() == "internal"]
    listed, _ = cleaning.parse_money(made.raw["items"], "price")
    return {
        "duplicates": cleaning.drop_duplicate_rows,
        "tests": lambda lines: cleaning.drop_test_accounts(lines, testers, ["I9999"]),
        "quantities": cleaning.drop_impossible_quantities,
        "prices": cleaning.drop_impossible_prices,
        "cents": lambda lines: cleaning.mend_prices_in_cents(lines, listed),
    }


# ---------------------------------------------------------------- 2: what happened in November?


def _november(made: World) -> dict:
    placed, lost = made.simulation.placed, net(made.lost).sum()
    day = placed["ordered_at"].dt.normalize()
    autumn = pd.date_range("2025-09-01", "2025-12-31")
    daily = net(placed).groupby(day).sum().reindex(autumn, fill_value=0)
    first, after = made.days
    # An estimate compares n days with the ordinary ones of the month. 99 of 100 such differences
    # are within 2.58 standard deviations.
    usual, n = daily[(autumn < first) | (autumn >= after)], (after - first).days
    read = made.raw["order_lines"], _known(made, guests=True), _known(made)
    cleaned = [_cleaned(made, lines).sort_index() for lines in read]
    months = [(each["2025-10"].sum(), each["2025-11"].sum()) for each in (daily, *cleaned)]
    events = made.simulation.shop.events
    visits = events.assign(bought=events["event"] == "purchase").groupby("session_id")
    visits = visits.agg(at=("occurred_at", "min"), bought=("bought", "max"))
    conversion = visits["bought"].groupby(visits["at"].dt.to_period("M")).mean()
    return {
        "lost": lost,
        "lost_within": 2.58 * usual.std() * np.sqrt(n * (1 + n / (30 - n))),
        "november_gaps": [october - november for october, november in months],
        "lost_at_list": (made.lost["quantity"] * made.lost["unit_price"]).sum(),
        "conversion": tuple(conversion[[pd.Period("2025-10"), pd.Period("2025-11")]]),
    }


# ---------------------------------------------------------------- 3: who gets a coupon?


def _coupons(made: World) -> dict:
    key = made.simulation.key["campaign"].set_index("user_id")
    placed = made.simulation.placed
    past = placed[placed["ordered_at"] < COUPON_SENT]
    order = (past["quantity"] * past["unit_price"]).groupby(past["order_id"]).sum().mean()
    kept = (made.margin - COUPON_DISCOUNT) * key["uplift"] - COUPON_DISCOUNT * key["organic"]
    profit = order * kept - made.cost
    spent = net(past).groupby(past["user_id"]).sum().reindex(profit.index, fill_value=0)
    last = past.groupby("user_id")["ordered_at"].max().reindex(profit.index)
    n = made.budget
    coupons = {
        "random": n * profit.mean(),
        "best customers": profit[spent.nlargest(n).index].sum(),
        "everybody": profit.sum(),
        "silent": profit[last.nsmallest(n).index].sum(),
        "best possible": profit.nlargest(n).sum(),
    }
    campaign = made.simulation.shop.campaign
    answered = campaign["treated"] & campaign["responded"]
    return {
        "profit": profit,
        "spent": spent,
        "responders": frozenset(campaign["user_id"][answered]),
        "coupons": coupons,
    }


# ---------------------------------------------------------------- 4: which pairs?


def _pairs(made: World) -> dict:
    placed, planted = made.simulation.placed, made.simulation.key["rules"]
    price = made.simulation.shop.items.set_index("item_id")["price"]
    orders = placed.loc[placed["ordered_at"] >= "2025-01-01", "order_id"].nunique()
    above_chance = planted["support"] * (1 - 1 / planted["lift"])
    value = orders * above_chance * planted["complement"].map(price).to_numpy()
    planted = planted.assign(
        pair=[frozenset(pair) for pair in planted[["anchor", "complement"]].to_numpy()], value=value
    )
    sold = planted.set_index("pair")["value"].to_dict()
    kept = placed[placed["canceled_at"].isna()]
    found = rules.association_rules(
        rules.frequent_itemsets(kept, 3 / kept["order_id"].nunique(), max_len=2),
        "lift",
        min_threshold=0,
    )
    found["pair"] = [a | c for a, c in zip(found["antecedents"], found["consequents"], strict=True)]
    found = found.drop_duplicates("pair")
    frequent = found.sort_values("count", ascending=False, kind="stable")
    favorite = frequent[~frequent["pair"].isin([*sold, made.bundle])].iloc[0]

    def sells(pairs: pd.Series) -> float:
        return sum(sold.get(pair, 0.0) for pair in pairs.head(PAIRS))

    by_lift = planted.sort_values("lift", ascending=False)["pair"]
    return {
        "sold": sold,
        "pairs": {
            "highest lift": sells(found["pair"]),
            "most frequent": sells(frequent["pair"]),
            "best possible": sum(sorted(sold.values())[-PAIRS:]),
        },
        "by_lift": list(by_lift),
        "favorite": tuple(sorted(favorite["pair"])),
        "favorite_baskets": int(favorite["count"]),
    }


# ---------------------------------------------------------------- all of it, for the teacher


def facts(seed: int) -> dict[str, str]:
    """Return what is true of a shop as a teacher reads it: name of a figure → text."""
    made, known = world(seed), truth(seed)
    (low, high), (low_before, high_before) = known.bounds
    first, after = made.days
    names = made.simulation.shop.items.set_index("item_id")["name"]
    figures = {
        "earned": known.earned[0],
        "earned, from": low,
        "earned, to": high,
        "year before, from": low_before,
        "year before, to": high_before,
        "gain (95%), low": known.gain[0],
        "gain (95%), high": known.gain[1],
        "raw export": known.mistakes["raw"][0],
        "clean_shop": known.mistakes["clean_shop"][0],
        "lost": known.lost,
        "lost, give or take": known.lost_within,
        "October minus November": known.november_gaps[0],
        "coupons": made.budget,
        **{f"coupons, {name}": earned for name, earned in known.coupons.items()},
        "coupons, to pass": known.least_coupons,
        **{f"pairs, {name}": sold for name, sold in known.pairs.items()},
        "pairs, to pass": known.least_pairs,
    }
    broke = made.cause != "nothing"
    return {
        "cause": made.cause,
        "days": f"November {first.day} to {after.day - 1}" if broke else "",
        "margin": f"{made.margin:.0%}",
        **{name: f"{figure:,.0f}" for name, figure in figures.items()},
        "set": " + ".join(sorted(names[list(made.bundle)])),
        "manager's pair": " + ".join(names[list(known.favorite)]),
    }
