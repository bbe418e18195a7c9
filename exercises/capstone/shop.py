"""The shop of a seed: the simulator's, with what happened in it that no lesson has."""

import functools
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from helpers.data.shop.export import make_export
from helpers.data.shop.simulation import Simulation, Size, simulate

SIZE = Size(users=4_000, items=400, ratings=20_000)
FIRST = 290_000  # the seed of the simulation is this plus the learner's: no shop of a lesson
CAUSES = ("checkout", "log", "nothing")
HIT = 0.8  # share of the orders, or of the purchases in the log, that an incident takes
SET_ORDERS = 100
GUESTS = 0.04  # share of orders without an account, beside those of every export


@dataclass(frozen=True, repr=False)
class World:
    """A shop and what is true of it.

    Attributes
    ----------
    simulation : with the incident and the set in its tables.
    raw : the export, name of a table → DataFrame of text.
    cause : of what the dashboard shows in November, one of `CAUSES`.
    days : the first day of the incident, and the first one after it.
    lost : the order lines that the incident prevented, as ``simulation.placed`` would have them.
    bundle : the two items that were sold as a set.
    budget, margin, cost : how many coupons there are, the share of the list price that the shop
        keeps, and what sending one costs.
    """

    simulation: Simulation
    raw: dict[str, pd.DataFrame]
    cause: str
    days: tuple[pd.Timestamp, pd.Timestamp]
    lost: pd.DataFrame
    bundle: frozenset[str]
    budget: int
    margin: float
    cost: float


@functools.lru_cache(maxsize=4)
def world(seed: int) -> World:
    """Make the shop of a learner's seed; the same seed gives the same shop."""
    simulation = simulate(SIZE, seed=FIRST + seed)
    rng = np.random.default_rng([30, seed])
    cause = CAUSES[rng.integers(3)]
    start = pd.Timestamp("2025-11-04") + pd.Timedelta(days=int(rng.integers(8)))
    days = start, start + pd.Timedelta(days=int(rng.integers(7, 10)))
    budget, margin = 100 * int(rng.integers(3, 7)), float(rng.choice([0.55, 0.6, 0.65]))
    bundle, placed = _sell_set(simulation, rng)
    lost, placed, events = _break(simulation.shop.events, placed, cause, days, rng)
    shop = replace(simulation.shop, events=events)
    simulation = replace(simulation, shop=shop, placed=placed)
    tables, _ = make_export(simulation, seed=FIRST + seed)
    raw = {name: table.astype("str").where(table != "") for name, table in tables.items()}
    _forget_users(raw["order_lines"], placed["order_id"].unique(), rng)
    return World(simulation, raw, cause, days, lost, bundle, budget, margin, cost=1.0)


def _sell_set(
    simulation: Simulation, rng: np.random.Generator
) -> tuple[frozenset[str], pd.DataFrame]:
    """Add two items that don't go together to some orders of two weeks in spring."""
    placed, items = simulation.placed, simulation.shop.items
    in_rules = simulation.key["rules"][["anchor", "complement"]].to_numpy().ravel()
    sold = placed["item_id"].value_counts()
    known = items[(items["launched_at"] < "2025-01-01") & ~items["item_id"].isin(in_rules)]
    usual = known[known["item_id"].map(sold).between(*sold.quantile([0.5, 0.8]))]
    one, other = (
        usual[usual["department"] == name].sample(1, random_state=rng).iloc[0]
        for name in rng.choice(usual["department"].unique(), 2, replace=False)
    )
    start = pd.Timestamp("2025-03-01") + pd.Timedelta(days=int(rng.integers(60)))
    within = placed["ordered_at"].between(start, start + pd.Timedelta(days=14))
    has = placed.loc[placed["item_id"].isin([one["item_id"], other["item_id"]]), "order_id"]
    orders = placed[within & ~placed["order_id"].isin(has)].drop_duplicates("order_id")
    orders = orders[orders["canceled_at"].isna()].sample(SET_ORDERS, random_state=rng)
    nothing_back = {"quantity": 1, "returned": 0, "returned_at": pd.NaT}
    added = [
        orders.assign(item_id=item["item_id"], unit_price=item["price"], **nothing_back)
        for item in (one, other)
    ]
    placed = pd.concat([placed, *added]).sort_values(["order_id", "item_id"], ignore_index=True)
    return frozenset([one["item_id"], other["item_id"]]), placed.astype(simulation.placed.dtypes)


def _break(
    events: pd.DataFrame,
    placed: pd.DataFrame,
    cause: str,
    days: tuple[pd.Timestamp, pd.Timestamp],
    rng: np.random.Generator,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Take away the orders that were prevented, and the purchases that the log lacks."""
    within = placed["ordered_at"].between(*days, inclusive="left")
    orders = placed.loc[within, "order_id"].unique()
    hit = placed["order_id"].isin(orders[rng.random(len(orders)) < HIT])
    visits = pd.MultiIndex.from_frame(placed.loc[hit, ["user_id", "ordered_at"]])
    of_visit = pd.MultiIndex.from_frame(events[["user_id", "occurred_at"]]).isin(visits)
    logged = events[~(of_visit & (events["event"] == "purchase"))].reset_index(drop=True)
    if cause == "checkout":
        return placed[hit], placed[~hit].reset_index(drop=True), logged
    return placed[:0], placed, logged if cause == "log" else events


def _forget_users(lines: pd.DataFrame, orders: np.ndarray, rng: np.random.Generator) -> None:
    """Let guests have placed some orders, with what was canceled and sent back of them."""
    guests = orders[rng.random(len(orders)) < GUESTS]
    lines.loc[lines["order_id"].str.lstrip("CR").isin(guests), "user_id"] = np.nan
