"""Run the shop from its opening to today: the tables, and the truth behind them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.schema import Shop
from helpers.shop import people
from helpers.shop.catalog import CATEGORIES, make_items
from helpers.shop.choice import Choice
from helpers.shop.clock import CLOSES, COUPON_DAYS, COUPON_SENT, HORIZON_DAYS, OPENS, timestamps
from helpers.shop.opinions import NOISE_STARS, best_prediction, make_ratings, mean_stars
from helpers.shop.orders import Rhythm, fill_baskets, purchase_days, send_coupon
from helpers.shop.traffic import make_events
from helpers.shop.truth import persona_key, true_demand, true_futures, true_rules

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
    if isinstance(size, str):
        if size not in SIZES:
            raise ValueError(f"There is no shop of size {size!r}; sizes are {', '.join(SIZES)}.")
        size = SIZES[size]

    # Every part draws from a stream of its own, so that a change to one leaves the others alone.
    streams = iter(np.random.default_rng(seed).spawn(7))
    items = make_items(size.items, FACTORS, next(streams))
    users = people.make_users(size.users, FACTORS, next(streams))
    choice, rhythm = Choice(users, items), Rhythm.of(users)
    organic_orders, alive = purchase_days(users, rhythm, next(streams))
    purchases, coupons = send_coupon(
        users, organic_orders, alive["at_coupon"].to_numpy(), rhythm, next(streams)
    )
    treated = np.zeros(len(users), dtype=bool)
    treated[coupons["user"]] = coupons["treated"]
    orders, lines = fill_baskets(users, items, purchases, treated, choice, next(streams))
    alive = alive["today"].to_numpy()
    events = make_events(users, orders, lines, alive, choice, rhythm, next(streams))
    bought = lines[["order", "item"]].join(orders[["user", "day"]], on="order")
    ratings = make_ratings(users, items, bought, size.ratings, next(streams))

    # The tables carry names; up to here everything was a position.
    user_id, item_id = _ids("U", len(users), 5), _ids("I", len(items), 4)
    placed = _placed(orders, lines, user_id, item_id)
    order_lines = placed[placed["canceled_at"].isna() & (placed["quantity"] > placed["returned"])]
    order_lines = order_lines.assign(quantity=order_lines["quantity"] - order_lines["returned"])
    order_lines = order_lines.drop(columns=["canceled_at", "returned", "returned_at"])
    campaign = _campaign(coupons, order_lines, user_id)
    shop = Shop(
        users=_users(users, user_id),
        items=items.assign(item_id=item_id)[
            "item_id name department category brand price launched_at description".split()
        ],
        events=_events(events, user_id, item_id),
        order_lines=order_lines.reset_index(drop=True),
        ratings=pd.DataFrame(
            {
                "user_id": user_id[ratings["user"]],
                "item_id": item_id[ratings["item"]],
                "rating": ratings["rating"],
                "rated_at": timestamps(ratings["day"].to_numpy()),
            }
        ),
        campaign=campaign,
    )

    rules, added = true_rules(items, orders, choice)
    tastes, factors = list(users.filter(like="taste_")), list(items.filter(like="factor_"))
    hidden = ["rate", "dropout", "premium", "bargain", "basket", "leniency", *tastes]
    key = {
        "users": pd.concat(
            [
                pd.DataFrame({"user_id": user_id}),
                people.PERSONAS["persona"].iloc[users["persona"]].reset_index(drop=True),
                true_futures(users, alive, rhythm),
                users[hidden],
            ],
            axis=1,
        ),
        "items": pd.concat(
            [pd.DataFrame({"item_id": item_id}), items[["popularity", "quality", *factors]]], axis=1
        ),
        "personas": persona_key(users),
        "categories": CATEGORIES[["category", "peak_month", "swing", "growth"]],
        "rules": rules.assign(
            anchor=item_id[rules["anchor"]], complement=item_id[rules["complement"]]
        ),
        "demand": true_demand(users, items, orders, added, coupons, choice, rhythm),
        "campaign": coupons.assign(user_id=user_id[coupons["user"]])[
            ["user_id", "organic", "uplift"]
        ],
        "truth": _constants(users, items, ratings, seed),
    }
    return Simulation(shop=shop, placed=placed, key=key)


def _ids(letter: str, count: int, width: int) -> np.ndarray:
    """Return U00001, U00002, …, all of one width so that they sort as text."""
    width = max(width, len(str(count)))
    return np.array([f"{letter}{number:0{width}d}" for number in range(1, count + 1)], dtype=object)


def _users(users: pd.DataFrame, user_id: np.ndarray) -> pd.DataFrame:
    signed_up_at = timestamps(users["signed_up_day"].to_numpy())
    return users.assign(user_id=user_id, signed_up_at=signed_up_at)[
        "user_id signed_up_at country age_band channel".split()
    ]


def _placed(
    orders: pd.DataFrame, lines: pd.DataFrame, user_id: np.ndarray, item_id: np.ndarray
) -> pd.DataFrame:
    order = lines["order"].to_numpy()
    canceled, returned = orders["canceled_day"].notna().to_numpy(), lines["returned"] > 0
    return pd.DataFrame(
        {
            "order_id": _ids("O", len(orders), 6)[order],
            "ordered_at": timestamps(orders["day"].to_numpy())[order],
            "user_id": user_id[orders["user"].to_numpy()[order]],
            "item_id": item_id[lines["item"]],
            "quantity": lines["quantity"],
            "unit_price": lines["unit_price"],
            "discount": orders["discount"].to_numpy()[order],
            "canceled_at": pd.Series(
                timestamps(orders["canceled_day"].fillna(0).to_numpy())[order]
            ).where(canceled[order]),
            "returned": lines["returned"],
            "returned_at": pd.Series(timestamps(lines["returned_day"].fillna(0).to_numpy())).where(
                returned
            ),
        }
    )


def _events(events: pd.DataFrame, user_id: np.ndarray, item_id: np.ndarray) -> pd.DataFrame:
    user = events["user"].to_numpy()
    return pd.DataFrame(
        {
            "event_id": _ids("E", len(events), 7),
            "occurred_at": events["occurred_at"],
            "session_id": _ids("S", int(events["session"].max()) + 1, 6)[events["session"]],
            "user_id": np.where(user >= 0, user_id[user], None),
            "event": events["event"],
            "item_id": item_id[events["item"]],
        }
    )


def _campaign(
    coupons: pd.DataFrame, order_lines: pd.DataFrame, user_id: np.ndarray
) -> pd.DataFrame:
    until = COUPON_SENT + pd.Timedelta(days=COUPON_DAYS)
    lines = order_lines[order_lines["ordered_at"].between(COUPON_SENT, until, inclusive="left")]
    revenue = lines["quantity"] * lines["unit_price"] * (1 - lines["discount"])
    revenue = revenue.groupby(lines["user_id"]).sum()
    user = user_id[coupons["user"]]
    return pd.DataFrame(
        {
            "user_id": user,
            "sent_at": COUPON_SENT + pd.Timedelta(hours=9),
            "treated": coupons["treated"],
            "responded": pd.Series(user).isin(revenue.index),
            "revenue": revenue.reindex(user, fill_value=0.0).round(2).to_numpy(),
        }
    )


def _constants(
    users: pd.DataFrame, items: pd.DataFrame, ratings: pd.DataFrame, seed: int
) -> pd.DataFrame:
    best, variance = best_prediction(mean_stars(users, items, ratings))
    rows = [
        ("seed", seed, "seed of the simulation"),
        (
            "horizon_days",
            HORIZON_DAYS,
            "days after today that expected_purchases and p_silent speak of",
        ),
        ("days", (CLOSES - OPENS).days, "days the shop has been open"),
        ("r", people.R, "BG/NBD: shape of the purchase rates"),
        ("alpha", people.ALPHA, "BG/NBD: their inverse scale, in weeks"),
        ("a", people.A, "BG/NBD: first shape of the dropout probabilities"),
        ("b", people.B, "BG/NBD: their second shape"),
        ("taste_dimensions", FACTORS, "length of the taste vectors"),
        ("rating_noise", NOISE_STARS, "standard deviation, in stars, before rounding"),
        (
            "best_rmse",
            np.sqrt(variance.mean()),
            "lowest RMSE that can be expected on the published ratings",
        ),
        (
            "oracle_rmse",
            np.sqrt(np.mean((ratings["rating"] - best) ** 2)),
            "RMSE of the true model on them",
        ),
    ]
    return pd.DataFrame(rows, columns=["name", "value", "meaning"])
