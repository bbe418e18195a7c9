"""Run the shop from its opening to today: the tables, and the truth behind them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from helpers.data.schema import Shop
from helpers.data.shop import people
from helpers.data.shop.catalog import CATEGORIES, make_items
from helpers.data.shop.choice import Choice
from helpers.data.shop.clock import COUPON_DAYS, COUPON_SENT, DAYS, HORIZON_DAYS, timestamps
from helpers.data.shop.opinions import NOISE_STARS, best_prediction, make_ratings, mean_stars
from helpers.data.shop.orders import Rhythm, fill_baskets, purchase_days, send_coupon
from helpers.data.shop.traffic import make_events
from helpers.data.shop.truth import persona_key, true_demand, true_futures, true_rules

FACTORS = 6  # dimension of taste
SEED = 2026


@dataclass(frozen=True)
class Size:
    """How big a shop is; all else follows."""

    users: int
    items: int
    ratings: int


SIZES = {
    "small": Size(users=3_000, items=400, ratings=45_000),
    "article": Size(users=10_000, items=10_000, ratings=1_000_000),
    "large": Size(users=100_000, items=2_000, ratings=2_000_000),
}


@dataclass(frozen=True, repr=False)
class Simulation:
    """A shop and its truth.

    Attributes
    ----------
    shop : the clean tables, as a flawless export would give them.
    placed : order lines as they were placed, with ``canceled_at``, ``returned`` (units) and
        ``returned_at``: what the shop's books saw before it all was netted.
    key : the truth, name → DataFrame: ``users``, ``items``, ``personas``, ``categories``,
        ``rules``, ``demand``, ``campaign``, and ``truth`` (name, value, meaning).
    """

    shop: Shop
    placed: pd.DataFrame
    key: dict[str, pd.DataFrame]


def simulate(size: str | Size = "small", seed: int = SEED) -> Simulation:
    """Simulate a shop. The same size and seed give the same shop.

    Parameters
    ----------
    size : one of `SIZES`, or a `Size`.
    seed : any non-negative integer.

    Examples
    --------
    >>> shop = simulate(Size(users=200, items=200, ratings=500)).shop
    >>> len(shop.users), len(shop.items), len(shop.ratings)
    (200, 200, 500)
    """
    world = _run(_size(size), seed)
    placed = _placed(world)
    key = _key(world)
    key["truth"] = _constants(world, seed)
    return Simulation(shop=_shop(world, placed), placed=placed, key=key)


def simulate_ratings(size: str | Size = "small", seed: int = SEED) -> pd.DataFrame:
    """Simulate the ratings of a shop and nothing else, in half the time.

    Returns
    -------
    DataFrame, row for row the ratings of `simulate` with the same size and seed: ``user_id``,
    ``item_id``, ``rating``, ``rated_at``; and ``best``, the prediction of who knows all tastes,
    whose error no model can be expected to go below.

    Examples
    --------
    >>> list(simulate_ratings(Size(users=200, items=200, ratings=500)))
    ['user_id', 'item_id', 'rating', 'rated_at', 'best']
    """
    world = _run(_size(size), seed)
    best, _ = best_prediction(mean_stars(world.users, world.items, world.ratings))
    return _ratings(world).assign(best=best)


def _size(size: str | Size) -> Size:
    if isinstance(size, Size):
        return size
    if size not in SIZES:
        raise ValueError(f"There is no shop of size {size!r}; sizes are {', '.join(SIZES)}.")
    return SIZES[size]


@dataclass(frozen=True, repr=False)
class _World:
    """All that happened, with users, items and orders as positions. The tables give them names."""

    users: pd.DataFrame
    items: pd.DataFrame
    choice: Choice
    rhythm: Rhythm
    alive: np.ndarray  # today
    coupons: pd.DataFrame
    orders: pd.DataFrame
    lines: pd.DataFrame
    ratings: pd.DataFrame
    event_stream: np.random.Generator

    @cached_property
    def events(self) -> pd.DataFrame:
        return make_events(
            self.users,
            self.orders,
            self.lines,
            self.alive,
            self.choice,
            self.rhythm,
            self.event_stream,
        )

    @cached_property
    def user_ids(self) -> pd.api.extensions.ExtensionArray:
        return _ids("U", len(self.users), 5)

    @cached_property
    def item_ids(self) -> pd.api.extensions.ExtensionArray:
        return _ids("I", len(self.items), 4)


def _run(size: Size, seed: int) -> _World:
    # Every part draws from a stream of its own, so that a change to one leaves the others alone.
    streams = iter(np.random.default_rng(seed).spawn(7))
    items = make_items(size.items, FACTORS, next(streams))
    users = people.make_users(size.users, FACTORS, next(streams))
    choice, rhythm = Choice(users, items), Rhythm.of(users)
    purchases, alive = purchase_days(users, rhythm, next(streams))
    purchases, coupons = send_coupon(
        users, purchases, alive["at_coupon"].to_numpy(), rhythm, next(streams)
    )
    treated = np.zeros(len(users), dtype=bool)
    treated[coupons["user"]] = coupons["treated"]
    orders, lines = fill_baskets(users, items, purchases, treated, choice, next(streams))
    alive = alive["today"].to_numpy()
    event_stream = next(streams)
    bought = lines[["order", "item"]].join(orders[["user", "day"]], on="order")
    ratings = make_ratings(users, items, bought, size.ratings, next(streams))
    return _World(
        users, items, choice, rhythm, alive, coupons, orders, lines, ratings, event_stream
    )


def _ids(letter: str, count: int, width: int) -> pd.api.extensions.ExtensionArray:
    """Return U00001, U00002, …, all of one width so that they sort as text."""
    width = max(width, len(str(count)))
    return pd.array([f"{letter}{number:0{width}d}" for number in range(1, count + 1)], dtype="str")


def _placed(world: _World) -> pd.DataFrame:
    orders, lines = world.orders, world.lines
    order = orders.iloc[lines["order"]].reset_index(drop=True)
    return pd.DataFrame(
        {
            "order_id": _ids("O", len(orders), 6)[lines["order"]],
            "ordered_at": timestamps(order["day"].to_numpy()),
            "user_id": world.user_ids[order["user"]],
            "item_id": world.item_ids[lines["item"]],
            "quantity": lines["quantity"],
            "unit_price": lines["unit_price"],
            "discount": order["discount"],
            "canceled_at": _moments(order["canceled_day"]),
            "returned": lines["returned"],
            "returned_at": _moments(lines["returned_day"]),
        }
    )


def _moments(days: pd.Series) -> pd.Series:
    """Turn days since opening into times; a day that never came into a missing time."""
    return pd.Series(timestamps(days.fillna(0).to_numpy())).where(days.notna())


def _shop(world: _World, placed: pd.DataFrame) -> Shop:
    order_lines = placed[placed["canceled_at"].isna() & (placed["quantity"] > placed["returned"])]
    order_lines = order_lines.assign(quantity=order_lines["quantity"] - order_lines["returned"])
    order_lines = order_lines.loc[:, "order_id":"discount"].reset_index(drop=True)
    users, items, events = world.users, world.items, world.events
    known = events["user"] >= 0
    return Shop(
        users=pd.DataFrame(
            {
                "user_id": world.user_ids,
                "signed_up_at": timestamps(users["signed_up_day"].to_numpy()),
                **users[["country", "age_band", "channel"]],
            }
        ),
        items=pd.DataFrame({"item_id": world.item_ids, **items.loc[:, "name":"description"]}),
        events=pd.DataFrame(
            {
                "event_id": _ids("E", len(events), 7),
                "occurred_at": events["occurred_at"],
                "session_id": _ids("S", events["session"].max() + 1, 6)[events["session"]],
                "user_id": pd.Series(world.user_ids[events["user"]]).where(known, None),
                "event": events["event"],
                "item_id": world.item_ids[events["item"]],
            }
        ),
        order_lines=order_lines,
        ratings=_ratings(world),
        campaign=_campaign(world, order_lines),
    )


def _ratings(world: _World) -> pd.DataFrame:
    ratings = world.ratings
    return pd.DataFrame(
        {
            "user_id": world.user_ids[ratings["user"]],
            "item_id": world.item_ids[ratings["item"]],
            "rating": ratings["rating"],
            "rated_at": timestamps(ratings["day"].to_numpy()),
        }
    )


def _campaign(world: _World, order_lines: pd.DataFrame) -> pd.DataFrame:
    until = COUPON_SENT + pd.Timedelta(days=COUPON_DAYS)
    lines = order_lines[order_lines["ordered_at"].between(COUPON_SENT, until, inclusive="left")]
    revenue = lines["quantity"] * lines["unit_price"] * (1 - lines["discount"])
    revenue = revenue.groupby(lines["user_id"]).sum()
    user_id = world.user_ids[world.coupons["user"]]
    return pd.DataFrame(
        {
            "user_id": user_id,
            "sent_at": COUPON_SENT + pd.Timedelta(hours=9),
            "treated": world.coupons["treated"],
            "responded": pd.Series(user_id).isin(revenue.index),
            "revenue": revenue.reindex(user_id, fill_value=0.0).round(2).to_numpy(),
        }
    )


def _key(world: _World) -> dict[str, pd.DataFrame]:
    users, items, coupons = world.users, world.items, world.coupons
    hidden = users.loc[:, "rate":"leniency"].join(users.filter(like="taste_"))
    persona = people.PERSONAS["persona"].to_numpy()[users["persona"]]
    future = true_futures(users, world.alive, world.rhythm)
    rules, added = true_rules(items, world.orders, world.choice)
    demand = true_demand(
        users, items, world.orders, rules, added, coupons, world.choice, world.rhythm
    )
    return {
        "users": pd.DataFrame({"user_id": world.user_ids, "persona": persona, **future, **hidden}),
        "items": pd.DataFrame(
            {
                "item_id": world.item_ids,
                **items[["popularity", "quality"]],
                **items.filter(like="factor_"),
            }
        ),
        "personas": persona_key(users),
        "categories": CATEGORIES[["category", "peak_month", "swing", "growth"]],
        "rules": rules.assign(
            anchor=world.item_ids[rules["anchor"]], complement=world.item_ids[rules["complement"]]
        ),
        "demand": demand,
        "campaign": pd.DataFrame(
            {"user_id": world.user_ids[coupons["user"]], **coupons[["organic", "uplift"]]}
        ),
    }


def _constants(world: _World, seed: int) -> pd.DataFrame:
    ratings = world.ratings
    best, variance = best_prediction(mean_stars(world.users, world.items, ratings))
    oracle = np.sqrt(np.mean((ratings["rating"] - best) ** 2))
    rows = [
        ("seed", seed, "seed of the simulation"),
        ("days", DAYS, "days the shop has been open"),
        ("horizon_days", HORIZON_DAYS, "days after today meant by expected_purchases and p_silent"),
        ("r", people.R, "BG/NBD: shape of the purchase rates"),
        ("alpha", people.ALPHA, "BG/NBD: their inverse scale, in weeks"),
        ("a", people.A, "BG/NBD: first shape of the dropout probabilities"),
        ("b", people.B, "BG/NBD: their second shape"),
        ("taste_dimensions", FACTORS, "length of the taste vectors"),
        ("rating_noise", NOISE_STARS, "standard deviation in stars, before rounding"),
        ("best_rmse", np.sqrt(variance.mean()), "noise floor: lowest RMSE to expect on ratings"),
        ("oracle_rmse", oracle, "RMSE of the true model on these ratings"),
    ]
    return pd.DataFrame(rows, columns=["name", "value", "meaning"])
