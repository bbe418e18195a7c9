"""Who shops here: personas that overlap, and the hidden traits of every user."""

import numpy as np
import pandas as pd
from scipy.special import betaincinv, gammaincinv

from helpers.data.shop.clock import DAYS, season

# The BG/NBD world (Fader, Hardie & Lee 2005): a user buys at a rate drawn from Gamma(r, alpha)
# (per week) and, after each repeat purchase, leaves for good with a probability from Beta(a, b).
R, ALPHA, A, B = 0.55, 8.0, 0.9, 2.8

# Traits are standard normal scores: a persona shifts their mean, and every user scatters around
# it with standard deviation 1. So personas overlap, and no rule can tell all users apart.
# Rate and dropout shifts cancel over the personas: in BG/NBD the two are independent.
PERSONAS = pd.DataFrame(
    [
        # persona, share, rate, dropout, premium, basket, bargain, peak month, swing, coupon
        ("loyal regular", 0.22, 0.9, -0.9, 0.2, 0.5, -0.2, 11, 0.10, -0.03),
        ("bargain hunter", 0.24, 0.7, 0.7, -0.9, 0.3, 1.2, 11, 0.25, 0.18),
        ("treat buyer", 0.16, -0.8, -0.9, 1.2, -0.5, -0.6, 6, 0.10, -0.08),
        ("passer-by", 0.26, -0.6, 0.6, -0.1, -0.4, 0.0, 7, 0.10, 0.08),
        ("gift giver", 0.12, -0.1, 0.1, 0.3, 0.3, 0.1, 12, 1.00, 0.03),
    ],
    columns=["persona", "share", "rate", "dropout", "premium", "basket", "bargain",
             "peak_month", "swing", "coupon"],
)  # fmt: skip
TRAITS = ["rate", "dropout", "premium", "basket", "bargain"]

NEVER_BUYS = 0.18  # share of users who sign up and never order
COUNTRIES = {
    "United States": 0.74,
    "Canada": 0.11,
    "United Kingdom": 0.08,
    "Germany": 0.04,
    "France": 0.03,
}
AGE_BANDS = {"18-24": 0.13, "25-34": 0.27, "35-44": 0.24, "45-54": 0.17, "55-64": 0.12, "65+": 0.07}
CHANNELS = ["search", "social", "email", "referral", "direct"]
CHANNELS_BY_PERSONA = np.array(
    [
        [0.28, 0.12, 0.15, 0.25, 0.20],
        [0.34, 0.26, 0.20, 0.10, 0.10],
        [0.36, 0.16, 0.12, 0.16, 0.20],
        [0.40, 0.32, 0.08, 0.08, 0.12],
        [0.40, 0.20, 0.10, 0.18, 0.12],
    ]
)


def quantile(score: np.ndarray) -> np.ndarray:
    """Turn scores into evenly spread quantiles in (0, 1), keeping their order."""
    return (score.argsort().argsort() + 0.5) / len(score)


def make_users(count: int, factors: int, rng: np.random.Generator) -> pd.DataFrame:
    """Draw the users, in the order in which they sign up.

    Returns
    -------
    DataFrame, one row per user: the columns of the shop's ``users`` table (without ids), and the
    truth: ``persona`` (position in `PERSONAS`), ``rate`` (purchases per mean week while active),
    ``dropout`` (probability of leaving after a repeat purchase), ``premium`` and ``bargain``
    (scores), ``basket`` (mean number of further lines in an order), ``leniency`` (stars above the
    mean user), ``first_day`` (first order, days since opening; NaN: never) and ``taste_1`` ….
    """
    signed_up = np.sort(_sign_up_days(count, rng))
    persona = rng.choice(len(PERSONAS), size=count, p=PERSONAS["share"])
    score = PERSONAS[TRAITS].to_numpy()[persona] + rng.standard_normal((count, len(TRAITS)))
    rate, dropout, premium, basket, bargain = score.T

    delay = np.where(rng.random(count) < 0.55, 0.01, 25 * rng.standard_exponential(count))
    first_day = np.where(rng.random(count) < NEVER_BUYS, np.nan, signed_up + delay)
    first_day[first_day >= DAYS] = np.nan

    draws = rng.random(count)[:, None]
    channel = (draws > CHANNELS_BY_PERSONA[persona].cumsum(axis=1)[:, :-1]).sum(axis=1)
    age_band = rng.choice(list(AGE_BANDS), size=count, p=list(AGE_BANDS.values())).astype(object)
    age_band[rng.random(count) < 0.08] = None
    users = pd.DataFrame(
        {
            "signed_up_day": signed_up,
            "country": rng.choice(list(COUNTRIES), size=count, p=list(COUNTRIES.values())),
            "age_band": age_band,
            "channel": np.array(CHANNELS)[channel],
            "persona": persona,
            "rate": gammaincinv(R, quantile(rate)) / ALPHA,
            "dropout": betaincinv(A, B, quantile(dropout)),
            "premium": premium,
            "basket": 1.1 * np.exp(0.45 * basket),
            "bargain": bargain,
            "leniency": 0.35 * rng.standard_normal(count),
            "first_day": first_day,
        }
    )
    taste = rng.standard_normal((count, factors))
    users[[f"taste_{f + 1}" for f in range(factors)]] = taste / np.sqrt(factors)
    return users


def _sign_up_days(count: int, rng: np.random.Generator) -> np.ndarray:
    """Arrivals grow over the years and peak before Christmas; days since opening."""
    days = np.arange(DAYS)
    weight = np.cumsum((0.7 + 0.6 * days / DAYS) * season(days, 12, 0.25))
    return np.interp(rng.random(count), np.append(0, weight) / weight[-1], np.arange(DAYS + 1))
