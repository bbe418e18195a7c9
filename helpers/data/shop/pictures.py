"""A product photo for each item, drawn on demand, with known truth about what it shows.

Shape follows the category, color the word for it in the name, pattern the style. None of these says
more than the words do. The oval ornament does: its size follows ``factor_1`` of the item's taste
vector, its elongation ``factor_2``, each with noise. So a photo shows part of what an item's own
buyers like, and no word says it. Color has no part in taste.

Each picture has a stream of its own, so it is the same whichever other items are drawn.
"""

import zlib

import numpy as np
import pandas as pd

from helpers.data import checks
from helpers.data.shop.catalog import CATEGORIES, STYLES

SIDE = 32  # pixels
BACKGROUND = 236.0
PIXEL_NOISE = 7.0  # standard deviation, of 255
ORNAMENT_NOISE = 0.35  # added to the two factors, whose standard deviation is about 0.9
SPACING = 6  # pixels from one stripe to the next

RGB = {
    "Sage": (156, 175, 136), "Navy": (35, 50, 100), "Cream": (240, 225, 180),
    "Coral": (245, 125, 100), "Slate": (105, 120, 135), "Mustard": (215, 170, 45),
    "Ivory": (245, 240, 215), "Forest": (35, 95, 55), "Terracotta": (190, 95, 65),
    "Sky": (130, 190, 230), "Plum": (125, 55, 105), "Black": (45, 45, 45),
}  # fmt: skip
# By department: an item's points are those at which this is below 1.
OUTLINES = (
    lambda u, v: np.hypot(u, v),  # ellipse
    lambda u, v: np.maximum(abs(u), abs(v)),  # box
    lambda u, v: 0.8 * (abs(u) + abs(v)),  # diamond
    lambda u, v: np.maximum(abs(u) * 1.6 - v * 0.6, v) + 0.05,  # triangle
    lambda u, v: np.maximum(abs(u), 0.5 * abs(u) + 0.9 * abs(v)),  # hexagon
    lambda u, v: np.maximum(abs(u) * 1.15 + 0.25 * v, abs(v)),  # trapezoid
)


def item_pictures(items: pd.DataFrame, *, random_state: int = 0) -> np.ndarray:
    """Draw one photo of each item.

    Position, scale, light and pixel noise differ from photo to photo (``random_state``); shape,
    color, pattern and ornament belong to the item.

    Parameters
    ----------
    items : table with the columns ``item_id``, ``name`` and ``category`` of the shop's items, and
        ``factor_1`` and ``factor_2`` of the answer key.
    random_state : number of the photo; another number is another photo of the same item.

    Returns
    -------
    Array of uint8, shape (items, 32, 32, 3): rows, columns, and red, green, blue.

    Examples
    --------
    >>> vase = pd.DataFrame({"item_id": ["I1"], "name": "Playful Vase, Sky", "category": "Decor",
    ...                      "factor_1": 0.0, "factor_2": 0.0})
    >>> item_pictures(vase).shape, item_pictures(vase)[0, 0, 0].tolist()
    ((1, 32, 32, 3), [230, 223, 235])
    """
    kinds = {"name": "text", "category": "text", "factor_1": "number", "factor_2": "number"}
    checks.require(items, item_id="key", **kinds)
    style = items["name"].str.split(" ", n=1).str[0]
    color = items["name"].str.rsplit(", ", n=1).str[-1]
    shelves = CATEGORIES["category"].tolist()
    fix = "Only items of the simulated shop have pictures."
    checks.refuse_rows(
        items,
        ("name", ~(style.isin(STYLES) & color.isin(RGB)), "has no style and color", fix),
        ("category", ~items["category"].isin(shelves), "is no category", fix),
        name="items",
    )
    rows = zip(
        items["item_id"].astype(str),
        style,
        color,
        items["category"].map(shelves.index),
        items[["factor_1", "factor_2"]].to_numpy(float),
        strict=True,
    )
    return np.stack([_photo(*row, number=random_state) for row in rows])


def _photo(
    item_id: str,
    style: str,
    color: str,
    shelf: int,
    factors: np.ndarray,
    number: int,
) -> np.ndarray:
    name = zlib.crc32(item_id.encode())
    own = np.random.default_rng([name, 0])  # what stays the same in each photo
    photo = np.random.default_rng([name, 1, number])
    shown = np.clip(factors + ORNAMENT_NOISE * own.standard_normal(2), -2, 2)

    # Coordinates from the middle of the item, in pixels of a photo of standard scale.
    scale = photo.uniform(0.9, 1.1)
    down, right = photo.uniform(-2, 2, 2)
    y, x = np.mgrid[:SIDE, :SIDE] - (SIDE - 1) / 2
    x, y = (x - right) / scale, (y - down) / scale

    fill = np.array(RGB[color], float)
    mark = fill * 0.55 if fill.mean() > 110 else fill + 0.45 * (255 - fill)
    body = _inside(1 - _outline(x, y, shelf), 12)
    marks = _pattern(style, x, y, body, own)[..., None]
    picture = (
        BACKGROUND * (1 - body[..., None]) + (fill * (1 - marks) + mark * marks) * body[..., None]
    )

    radius, stretch = 4.2 * np.exp(0.25 * shown[0]), np.exp(0.25 * shown[1])
    distance = np.hypot(x / stretch, y * stretch)
    for color_, edge in ((30.0, radius + 0.8), (250.0, radius - 0.8)):  # a rim, and inside it
        oval = np.clip(edge - distance + 0.5, 0, 1)[..., None]
        picture = picture * (1 - oval) + color_ * oval

    slope = photo.uniform(-0.06, 0.06, 2)
    light = photo.uniform(0.85, 1.05) + (slope[0] * x + slope[1] * y) / (SIDE / 2)
    noise = PIXEL_NOISE * photo.standard_normal(picture.shape)
    return np.clip(np.rint(picture * light[..., None] + noise), 0, 255).astype(np.uint8)


def _inside(depth: np.ndarray, pixels: float) -> np.ndarray:
    """Return 1 inside, 0 outside, and between them on the edge; depth is in units of ``pixels``."""
    return np.clip(depth * pixels + 0.5, 0, 1)


def _outline(x: np.ndarray, y: np.ndarray, shelf: int) -> np.ndarray:
    """Return a measure that is 1 on the outline of a shelf's items and smaller inside."""
    department, place = divmod(shelf, 4)
    wide = (1.15, 1.05, 0.95, 0.8)[place]
    u, v = x / (12.5 * wide), y / (12.5 / wide)
    return OUTLINES[department](u, v)


def _pattern(
    style: str, x: np.ndarray, y: np.ndarray, body: np.ndarray, own: np.random.Generator
) -> np.ndarray:
    """Return where the pattern of a style is drawn, from 0 to 1."""

    def lines(position: np.ndarray, spacing: float = SPACING) -> np.ndarray:
        return (position % spacing < spacing / 2).astype(float)

    across, along = (x % SPACING) - SPACING / 2, (y % SPACING) - SPACING / 2
    match style:
        case "Nordic":
            return lines(y)
        case "Classic":
            return lines(x)
        case "Modern":
            return lines((x + y) / np.sqrt(2))
        case "Rustic":
            return lines(x + 1.5 * np.sin(y / 2), 4)
        case "Coastal":
            return lines(y + 2 * np.sin(x / 2))
        case "Vintage":
            return abs(lines(x) - lines(y))
        case "Playful":
            return (np.hypot(across, along) < 2).astype(float)
        case "Botanical":
            return (np.hypot((across + along) / 3, (across - along) / 1.2) < 1).astype(float)
        case "Industrial":
            return ((abs(across) > 2.2) | (abs(along) > 2.2)).astype(float)
        case "Bold":
            return (body > 0.5) * (np.maximum(abs(x), abs(y)) > 8.5).astype(float)
        case "Artisan":
            return (own.random(x.shape) < 0.2).astype(float)
    return np.zeros(x.shape)  # Minimal
