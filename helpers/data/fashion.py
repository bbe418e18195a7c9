"""Fashion: real reviews of clothes, and real photos of shoes, bags and clothes."""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

FOLDER = Path(__file__).parents[2] / "data" / "fashion"
SIDE, SHEET = 28, 30  # pixels of a photo; photos in a row of the sheet, and rows of it
KINDS = ("T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag",
         "ankle boot")  # fmt: skip


def load_clothing_reviews() -> pd.DataFrame:
    """Load 4,000 real reviews of women's clothes, by customers of an online shop.

    They are a random sample of the 22,621 different ones that have a text and a department. In the
    texts the shop is called "retailer"; who wrote them, and when, is not known.

    Returns
    -------
    DataFrame, one row per review: ``item_id`` (int), ``department`` ("Tops", "Dresses", …),
    ``category`` (finer), ``rating`` (1 to 5 stars) and ``text``.

    References
    ----------
    Brooks (2018), Women's e-commerce clothing reviews; license: see data/README.md.

    Examples
    --------
    >>> reviews = load_clothing_reviews()
    >>> len(reviews), reviews["item_id"].nunique(), float(reviews["rating"].mean().round(2))
    (4000, 541, 4.16)
    """
    return pd.read_parquet(FOLDER / "reviews.parquet")


def load_fashion_photos() -> tuple[np.ndarray, pd.Series]:
    """Load 900 real product photos, 90 of each of ten kinds, from the test set of Fashion-MNIST.

    Returns
    -------
    photos : array of uint8, shape (900, 28, 28): brightness of rows and columns, the background 0.
    kinds : Series, the kind of each: "T-shirt", "trousers", …

    References
    ----------
    Xiao, Rasul & Vollgraf (2017), Fashion-MNIST: a novel image dataset for benchmarking machine
    learning algorithms, https://arxiv.org/abs/1708.07747; license: see data/README.md.

    Examples
    --------
    >>> photos, kinds = load_fashion_photos()
    >>> photos.shape, kinds.value_counts().unique().tolist()
    ((900, 28, 28), [90])
    """
    sheet = np.rint(255 * plt.imread(FOLDER / "photos.png")).astype(np.uint8)
    photos = sheet.reshape(SHEET, SIDE, SHEET, SIDE).swapaxes(1, 2).reshape(-1, SIDE, SIDE)
    return photos, pd.Series(np.repeat(KINDS, len(photos) // len(KINDS)), name="kind")


def load_contextual_vectors(name: str) -> np.ndarray:
    """Load vectors that a contextual encoder made of texts, once: see tools/encoder.py.

    Parameters
    ----------
    name : of which texts: "reviews" (`load_clothing_reviews`) or "sentences" (those of
        `shop.item_reviews` for the course's shop).

    Returns
    -------
    Array of float32, shape (texts, 384), rows of length 1, so that u·v is the cosine similarity.
    The numbers are stored rounded, to about two digits.

    Examples
    --------
    >>> load_contextual_vectors("reviews").shape
    (4000, 384)
    """
    stored = np.load(FOLDER.parent / "contextual" / f"{name}.npz")
    vectors = stored["vectors"].astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
