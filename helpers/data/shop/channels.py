"""Advertising whose truth is known: spending by channel, region and week, and whom it brings.

New customers in region r and week t come by themselves or through a channel c:

    y = share_r · (level_r · base_t · exp(u_t + v_rt) + Σ_c ceiling_c · A / (half_c + A))
    A_ct = (1 − carryover_c) · x_ct / share_r + carryover_c · A_c,t−1          (adstock)

with x the spending, ``level`` how well a region knows the shop, ``base`` the trend and the season,
and u and v shocks to demand, of the country and of a region. The planned spending follows the
season, and on some channels also u, which no table shows: more is spent when customers would come
anyway.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.signal import lfilter

from helpers.data.shop.clock import OPENS, season

SEED = 1403
HISTORY = 156  # weeks: three years
REGIONS = 20
CUSTOMER_VALUE = 60.0  # dollars that a new customer brings in the long run, before advertising
BASE = 900.0  # new customers in a mean week of the first year without any advertising
GROWTH = 0.25  # of the base, over three years
SWING = 0.25  # of its season, which peaks in December
LEVEL = 0.15  # standard deviation of the (log) levels of the regions
SHOCK, SHOCK_MEMORY = 0.05, 0.7  # of the country's demand: standard deviation, autocorrelation
LOCAL, LOCAL_MEMORY = 0.05, 0.5  # the same of a region's

CHANNELS = pd.DataFrame(
    [
        # channel, ceiling, half, carryover | budget, season, shock, whim | own, base
        ("search", 220, 3_000, 0.0, 5_000, 1.0, 2.0, 0.12, 0.95, 0.20),
        ("affiliates", 50, 800, 0.0, 1_500, 1.0, 1.0, 0.15, 0.95, 0.08),
        ("social", 260, 4_000, 0.3, 2_000, 0.8, 0.0, 0.20, 0.45, 0.01),
        ("tv", 400, 10_000, 0.7, 3_000, 1.2, 0.0, 0.35, 0.00, 0.00),
    ],
    columns=["channel", "ceiling", "half", "carryover",
             "budget", "season", "shock", "whim", "own", "base"],
).set_index("channel")  # fmt: skip
# Per channel: its response; the mean spending ($ per week), by how much it follows (log) season and
# shock, and its own ups and downs; and which shares of its own customers, and of those who come by
# themselves, click on its ads last.


@dataclass(frozen=True, repr=False)
class Advertising:
    """Spending and new customers, and the truth behind them.

    Attributes
    ----------
    weeks : DataFrame, one row per week and region: ``week`` (its Monday), ``region``, ``share`` of
        the country's people, ``customers`` (new ones), and the spending per channel in dollars.
    clicks : DataFrame, one row per week and channel: ``week``, ``channel`` ("direct": no ad),
        ``customers`` whose last click was there.
    key : name → DataFrame: ``channels`` (index ``channel``: ``ceiling``, in customers per week,
        ``half``, in dollars per week, ``carryover``), and ``weeks``, row by row the expected
        customers by source: ``base``, and those each channel brings.
    """

    weeks: pd.DataFrame
    clicks: pd.DataFrame
    key: dict[str, pd.DataFrame]


def simulate_channels(seed: int = SEED, *, experiment: np.ndarray | None = None) -> Advertising:
    """Simulate three years of advertising, and the weeks of an experiment after them.

    The same seed gives the same history. An experiment changes what is spent, and only what follows
    from it: the shocks stay the same.

    Parameters
    ----------
    seed : any non-negative integer.
    experiment : factors of the planned spending in the weeks after the history, shape (weeks,
        regions, channels), channels in the order of the table; 1 is the plan, 0 switches off.

    Examples
    --------
    >>> history = simulate_channels()
    >>> list(history.weeks)
    ['week', 'region', 'share', 'customers', 'search', 'affiliates', 'social', 'tv']
    >>> off = simulate_channels(experiment=np.zeros((8, 20, 4)))
    >>> len(history.weeks) // 20, len(off.weeks) // 20
    (156, 164)
    """
    factors = np.ones((HISTORY, REGIONS, len(CHANNELS)))
    if experiment is not None:
        factors = np.concatenate([factors, _checked(experiment)])
    # Each part draws from a stream of its own, week by week, so that more weeks leave the first
    # ones as they are.
    streams = iter(np.random.default_rng(seed).spawn(6))
    weeks, n_channels = len(factors), len(CHANNELS)
    people = np.exp(0.5 * next(streams).standard_normal(REGIONS))
    share = people / people.sum()
    level = np.exp(LEVEL * next(streams).standard_normal(REGIONS))
    level /= share @ level
    shock = SHOCK * _shocks(next(streams), (weeks, 1), SHOCK_MEMORY)
    local = LOCAL * _shocks(next(streams), (weeks, REGIONS), LOCAL_MEMORY)
    whim = _shocks(next(streams), (weeks, n_channels), 0.5)

    yearly = season(7.0 * np.arange(weeks) + 3.5, 12, SWING)[:, None]
    base = BASE * (1 + GROWTH * np.arange(weeks)[:, None] / HISTORY) * yearly
    channels = CHANNELS.to_dict("list")
    follows = np.log(yearly) * channels["season"] + shock * channels["shock"]
    planned = channels["budget"] * np.exp(follows + whim * channels["whim"])
    per_person = planned[:, None, :] * factors  # dollars a week, if the whole country were alike

    brought = np.empty_like(per_person)
    for c, each in enumerate(CHANNELS.itertuples()):
        stock = _adstock(per_person[..., c], each.carryover)
        brought[..., c] = each.ceiling * stock / (each.half + stock)
    anyway = base * level * np.exp(shock + local)
    expected = share[:, None] * np.concatenate([anyway[..., None], brought], axis=2)
    mean = expected.sum(axis=2)
    noise = np.sqrt(mean) * next(streams).standard_normal(mean.shape)
    customers = np.fmax(np.round(mean + noise), 0).astype(int)

    mondays = OPENS + pd.to_timedelta(1 + 7 * np.arange(weeks), unit="D")
    regions = [f"R{number:02d}" for number in range(1, REGIONS + 1)]
    index = pd.MultiIndex.from_product([mondays, regions], names=["week", "region"])
    spending = (per_person * share[:, None]).reshape(-1, n_channels).round(2)
    table = pd.DataFrame({"share": np.tile(share, weeks), "customers": customers.ravel()}, index)
    table[list(CHANNELS.index)] = spending
    by_source = expected.reshape(-1, n_channels + 1)
    sources = pd.DataFrame(by_source, index, ["base", *CHANNELS.index]).reset_index()
    return Advertising(
        weeks=table.reset_index(),
        clicks=_last_clicks(mondays, expected.sum(axis=1), customers.sum(axis=1)),
        key={"channels": CHANNELS[["ceiling", "half", "carryover"]], "weeks": sources},
    )


def _checked(experiment: np.ndarray) -> np.ndarray:
    experiment = np.asarray(experiment, dtype=float)
    if experiment.ndim != 3 or experiment.shape[1:] != (REGIONS, len(CHANNELS)):
        raise ValueError(
            f"experiment has the shape (weeks, {REGIONS}, {len(CHANNELS)}), a factor per week, "
            f"region and channel; got {experiment.shape}."
        )
    if not (np.isfinite(experiment).all() and (experiment >= 0).all()):
        raise ValueError("experiment holds factors of the planned spending, 0 or more.")
    return experiment


def _shocks(rng: np.random.Generator, shape: tuple[int, int], memory: float) -> np.ndarray:
    """Return an autoregression per column, with variance 1 from the first row on."""
    drawn = np.sqrt(1 - memory**2) * rng.standard_normal(shape)
    drawn[0] /= np.sqrt(1 - memory**2)
    return lfilter([1], [1, -memory], drawn, axis=0)


def _adstock(spending: np.ndarray, carryover: float) -> np.ndarray:
    """Return the adstock per column, as if what is spent first had been spent before, too."""
    drawn = (1 - carryover) * spending
    drawn[0] = spending[0]
    return lfilter([1], [1, -carryover], drawn, axis=0)


def _last_clicks(
    mondays: pd.DatetimeIndex, expected: np.ndarray, customers: np.ndarray
) -> pd.DataFrame:
    """Share the customers of a week among the channels that they clicked on last.

    Not all customers whom a channel brings click on its ads last: of the others, half click on a
    search ad, and half on none.
    """
    own, of_base = CHANNELS["own"].to_numpy(), CHANNELS["base"].to_numpy()
    base, brought = expected[:, :1], expected[:, 1:]
    credited = base * of_base + brought * own
    credited[:, 0] += 0.5 * (brought * (1 - own)).sum(axis=1)
    credited *= (customers / expected.sum(axis=1))[:, None]
    table = pd.DataFrame(credited, mondays, CHANNELS.index)
    table["direct"] = customers - credited.sum(axis=1)
    table = table.round().astype(int).rename_axis("week").reset_index()
    return table.melt("week", var_name="channel", value_name="customers")
