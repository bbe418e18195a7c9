"""What the shop sells: departments, categories, names, prices and words that carry taste."""

from pathlib import Path

import numpy as np
import pandas as pd

from helpers.data.shop.clock import OPENS

# One shelf of the shop a row. Demand in a category peaks in the middle of ``peak_month``, at
# e^swing times its mean, and grows by ``growth`` (log) a year relative to the whole shop.
CATEGORIES = pd.read_csv(Path(__file__).with_name("categories.csv"))
CATEGORIES["nouns"] = CATEGORIES["nouns"].str.split("|")

# An anchor item, the item that often follows it into the same basket, and how often it does.
COMPLEMENTS = (
    ("Teapot", "Tea Tin", 0.40),
    ("French Press", "Coffee Filters", 0.30),
    ("Chef Knife", "Knife Sharpener", 0.30),
    ("Duvet Cover", "Pillowcases", 0.45),
    ("Table Lamp", "Light Bulbs", 0.50),
    ("Fountain Pen", "Ink Bottle", 0.45),
    ("Paint Set", "Brush Set", 0.35),
    ("Plant Pot", "Potting Soil", 0.40),
    ("Charcoal Grill", "Charcoal", 0.50),
    ("Tent", "Tent Pegs", 0.25),
    ("Yoga Mat", "Yoga Block", 0.25),
    ("Toy Train", "Train Tracks", 0.40),
)

STYLES = {
    "Nordic": "Clean lines and pale tones",
    "Rustic": "Honest materials with visible grain",
    "Modern": "Sharp shapes without ornament",
    "Vintage": "A shape your grandparents would know",
    "Classic": "A form that never left the shops",
    "Bold": "Strong color and a strong outline",
    "Minimal": "As little as possible, done well",
    "Botanical": "Leaves and flowers all around",
    "Coastal": "Salt air and washed color",
    "Playful": "A pattern that makes you smile",
    "Industrial": "Metal, rivets and right angles",
    "Artisan": "Finished by hand in small runs",
}
COLORS = (
    "Sage", "Navy", "Cream", "Coral", "Slate", "Mustard",
    "Ivory", "Forest", "Terracotta", "Sky", "Plum", "Black",
)  # fmt: skip
BRANDS = (
    "Alderway", "Brook and Bell", "Cinder Lane", "Dovetail Works", "Elmhouse", "Fennmark",
    "Gull and Gate", "Harrow Green", "Inkwell Yard", "Juniper Row", "Kettleby", "Larkfield",
)  # fmt: skip


def make_items(count: int, factors: int, rng: np.random.Generator) -> pd.DataFrame:
    """Draw the catalog: what stands on the shelf, and the hidden numbers that move demand.

    Rows are sorted by category, then by launch date, which lets `choice` cut off with one
    comparison the items that are not for sale yet.

    Parameters
    ----------
    count : number of items, at least one for every noun of `CATEGORIES`.
    factors : dimension of the taste space.

    Returns
    -------
    DataFrame, one row per item: the columns of the shop's ``items`` table (without ids), and the
    truth: ``noun``, ``shelf`` (position in `CATEGORIES`), ``popularity`` (relative, > 0),
    ``quality`` (stars above the mean item), ``day`` (launch, days since opening) and
    ``factor_1`` … (taste vector).
    """
    vocabulary = CATEGORIES["nouns"].explode()
    nouns = vocabulary.to_numpy("U")
    if count < len(nouns):
        raise ValueError(f"A shop needs at least {len(nouns)} items, one per noun; got {count}.")

    turn, noun_code = np.divmod(np.arange(count), len(nouns))
    looks = np.array([rng.permutation(len(STYLES) * len(COLORS)) for _ in nouns])
    style_code, color_code = np.divmod(looks[noun_code, turn], len(COLORS))
    shelf = vocabulary.index.to_numpy()[noun_code]
    brand_code = rng.integers(len(BRANDS), size=count)

    # Words carry taste: a style pulls every item that bears it in the same direction.
    style_factors = rng.standard_normal((len(STYLES), factors))
    shelf_factors = rng.standard_normal((len(CATEGORIES), factors))
    own_factors = rng.standard_normal((count, factors))
    taste = 0.6 * shelf_factors[shelf] + 0.5 * style_factors[style_code] + 0.5 * own_factors

    # The first item of every noun is there from the start; two in five others arrive later.
    first = turn == 0
    arrives = ~first & (rng.random(count) < 0.4)
    day = np.where(arrives, rng.integers(30, 900, count), rng.integers(-700, 0, count))

    # A power law over random ranks. Complements sell well enough to be found in baskets.
    rank = rng.permutation(count) + 1
    popularity = (rank + 3.0) ** -1.2 * np.exp(0.3 * rng.standard_normal(count))
    for place, share in ((0, 0.95), (1, 0.98)):
        partners = first & np.isin(nouns[noun_code], [rule[place] for rule in COMPLEMENTS])
        popularity[partners] = np.maximum(popularity[partners], np.quantile(popularity, share))

    shelves = CATEGORIES.iloc[shelf].reset_index(drop=True)
    price = np.floor(shelves["median_price"] * np.exp(0.45 * rng.standard_normal(count)))
    price += rng.choice([0.49, 0.95, 0.99], count)
    brand_quality = 0.25 * rng.standard_normal(len(BRANDS))
    quality = brand_quality[brand_code] + 0.30 * rng.standard_normal(count)

    style, color, noun = (
        np.array(words)[code]
        for words, code in ((tuple(STYLES), style_code), (COLORS, color_code), (nouns, noun_code))
    )
    brand = np.array(BRANDS)[brand_code]
    items = pd.DataFrame(
        {
            "name": [f"{s} {n}, {c}" for s, n, c in zip(style, noun, color, strict=True)],
            "department": shelves["department"],
            "category": shelves["category"],
            "brand": brand,
            "price": price.round(2),
            "launched_at": OPENS + pd.to_timedelta(day, unit="D"),
            "description": [
                f"{n} in {c.lower()} by {b}. {STYLES[s]}. {blurb}."
                for s, n, c, b, blurb in zip(
                    style, noun, color, brand, shelves["blurb"], strict=True
                )
            ],
            "noun": noun,
            "shelf": shelf,
            "popularity": popularity,
            "quality": quality,
            "day": day,
        }
    )
    items[[f"factor_{f + 1}" for f in range(factors)]] = taste
    return items.sort_values(["shelf", "day", "name"], ignore_index=True)
