"""What users look at: sessions of views, favorites, carts and purchases."""

import numpy as np
import pandas as pd

from helpers.data.shop.choice import Choice
from helpers.data.shop.clock import DAYS, LOG_OPENS, OPENS, timestamps
from helpers.data.shop.orders import Rhythm

LOG_FROM = (LOG_OPENS - OPENS).days
VISITS = 8.0  # mean visits without a purchase, a year
FAVORITE, CART = 0.10, 0.12  # per view, in a visit without a purchase
GUEST = 0.15  # share of visits without a purchase that are not logged in


def make_events(
    users: pd.DataFrame,
    orders: pd.DataFrame,
    lines: pd.DataFrame,
    alive: np.ndarray,
    choice: Choice,
    rhythm: Rhythm,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Log what happened since `LOG_OPENS`: every order's visit, and visits that sold nothing.

    A purchase carries the very time of its order. Visitors who are not logged in have no user.

    Returns
    -------
    DataFrame in order of time: ``session``, ``user`` (-1: a guest), ``occurred_at``, ``event``,
    ``item``.
    """
    # Users who no longer buy still visit now and then.
    span = DAYS - np.maximum(users["signed_up_day"].to_numpy(), LOG_FROM)
    interest = np.where(alive | users["first_day"].isna(), 1.0, 0.3)
    mean = VISITS * interest * np.exp(0.6 * rng.standard_normal(len(users))) * span / 365
    visits = rng.poisson(mean)
    visitor = np.repeat(np.arange(len(users)), visits)
    reading = rhythm.now(float(DAYS))[visitor]
    reading -= rng.random(len(visitor)) * (reading - rhythm.now(DAYS - span)[visitor])
    visit_day = np.clip(rhythm.calendar(visitor, reading), LOG_FROM, DAYS - 1e-3)

    logged = np.flatnonzero(orders["day"] >= LOG_FROM)
    order_session = pd.Series(np.arange(len(logged)), index=logged)
    sessions = pd.DataFrame(
        {
            "user": np.concatenate([orders["user"].to_numpy()[logged], visitor]),
            "day": np.concatenate([orders["day"].to_numpy()[logged], visit_day]),
            "buys": np.arange(len(logged) + len(visitor)) < len(logged),
        }
    )
    sessions["at"] = timestamps(sessions["day"].to_numpy())
    guest = ~sessions["buys"].to_numpy() & (rng.random(len(sessions)) < GUEST)

    who, day = sessions["user"].to_numpy(), sessions["day"].to_numpy().astype(int)
    # Idle views: a geometric number in visits without a purchase, a few beside a purchase.
    buys = sessions["buys"].to_numpy()
    count = np.where(buys, rng.poisson(1.5, len(sessions)), rng.geometric(0.45, len(sessions)))
    session = np.repeat(np.arange(len(sessions)), count)
    session = session[np.argsort(who[session], kind="stable")]
    views = pd.DataFrame(
        {
            "session": session,
            "event": "view",
            "item": choice.pick(who[session], day[session], rng),
            "seconds": -60.0 - rng.integers(0, 1500, len(session)),
        }
    )
    bought = lines[lines["order"].isin(logged)]
    bought = pd.DataFrame(
        {
            "session": order_session[bought["order"]].to_numpy(),
            "event": "view",
            "item": bought["item"].to_numpy(),
            "seconds": -90.0 - rng.integers(0, 1200, len(bought)),
        }
    )
    idle = views[~buys[session]]
    events = pd.concat(
        [
            views,
            _after(idle[rng.random(len(idle)) < FAVORITE], "favorite", rng),
            _after(idle[rng.random(len(idle)) < CART], "cart", rng),
            bought,
            _after(bought, "cart", rng),
            bought.assign(event="purchase", seconds=0.0),
        ],
        ignore_index=True,
    )
    shift = pd.to_timedelta(events["seconds"].astype("int64"), unit="s")
    # A visit in the first minutes of the log, or one that ends in them, stays within it.
    at = sessions["at"].to_numpy()[events["session"]] + shift
    events["occurred_at"] = at.clip(lower=LOG_OPENS)
    events["user"] = np.where(guest, -1, who)[events["session"]]
    by_start = sessions["at"].argsort(kind="stable").to_numpy().argsort()
    events["session"] = by_start[events["session"]]
    rank = events["event"].map({"view": 0, "favorite": 1, "cart": 2, "purchase": 3})
    by_time = np.lexsort([events["item"], rank, events["session"], events["occurred_at"]])
    columns = ["session", "user", "occurred_at", "event", "item"]
    return events.iloc[by_time][columns].reset_index(drop=True)


def _after(views: pd.DataFrame, event: str, rng: np.random.Generator) -> pd.DataFrame:
    """Return what follows half a minute or so after each view, before the visit ends."""
    return views.assign(event=event, seconds=views["seconds"] + rng.integers(5, 55, len(views)))
