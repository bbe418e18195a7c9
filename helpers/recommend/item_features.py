"""Features of items from what the catalog says of them: words, category, brand, price."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from helpers.data import checks


@dataclass(frozen=True)
class ItemFeatures:
    """What the catalog says of each item, as a sparse matrix that knows its labels."""

    matrix: sparse.csr_array  # items × features, none below 0, rows of length 1
    items: pd.Index
    names: pd.Index  # "word: teapot", "category: Bedding", …

    def table(self) -> pd.DataFrame:
        """Return all cells; for catalogs that fit a screen."""
        return pd.DataFrame(self.matrix.toarray(), self.items, self.names)

    def similarity(self) -> pd.DataFrame:
        """Return the cosine of every pair of items; for catalogs whose pairs fit memory."""
        return pd.DataFrame((self.matrix @ self.matrix.T).toarray(), self.items, self.items)


def item_features(items: pd.DataFrame, weights: Mapping[str, float] | None = None) -> ItemFeatures:
    """Turn a catalog into features, in four groups that by default have the same weight.

    - ``word``: TF-IDF of the words in name and description, as scikit-learn has it: for word w,
      tf_iw times in the text of item i, and in the texts of df_w of the n items,

          x_iw ∝ tf_iw · (ln((1 + n) / (1 + df_w)) + 1)

    - ``category``, ``brand``: 1 for the item's own, 0 for all others.
    - ``price``: low = cos θ and high = sin θ. The angle θ grows with the logarithm of the price,
      from 0 for the cheapest item to π/2 for the most expensive, so that two items have the cosine
      cos(θ_i − θ_j): 1 for equal prices, 0 for those two.

    Each group has length 1 in every item, whatever its units, and is multiplied by the root of its
    weight. So the cosine of two items is the weighted mean of their cosines within the groups.
    (Where an item has no words, its other groups share their weight.)

    Parameters
    ----------
    items : DataFrame, one row per item; column ``item_id``, and of the groups with a weight:
        ``name`` and ``description`` (text), ``category``, ``brand`` (text or whole numbers),
        ``price`` (above 0).
    weights : weight of each group; one that is left out has 0 and is ignored.

    Returns
    -------
    ItemFeatures, its items sorted.

    References
    ----------
    K. Spärck Jones (1972), A statistical interpretation of term specificity and its application in
    retrieval, Journal of Documentation 28(1), doi:10.1108/eb026526

    Examples
    --------
    >>> items = pd.DataFrame({"item_id": ["mug", "pot"], "brand": "Elmhouse", "price": [5.0, 20.0]})
    >>> item_features(items, {"brand": 3, "price": 1}).similarity()  # (3 · 1 + 1 · 0) / 4
    item_id   mug   pot
    item_id
    mug      1.00  0.75
    pot      0.75  1.00
    """
    weights = dict.fromkeys(GROUPS, 1) if weights is None else weights
    if not (weights.keys() <= GROUPS.keys() and max(weights.values(), default=0) > 0) or (
        min(weights.values()) < 0
    ):
        raise ValueError(
            f"weights: needs numbers of 0 or more for {', '.join(GROUPS)}, one of them above 0; "
            f"got {dict(weights)}."
        )
    checks.require(items, item_id="key")
    fix = 'Look at both rows, then keep one: items.drop_duplicates("item_id").'
    again = ("item_id", items["item_id"].duplicated(), "repeats an item of an earlier row", fix)
    checks.refuse_rows(items, again, name="items")
    catalog = items.sort_values("item_id")
    blocks, names = [], []
    for group, weight in weights.items():
        if weight > 0:
            block, labels = GROUPS[group](catalog)
            blocks.append(np.sqrt(weight) * normalize(block))
            names += [f"{group}: {label}" for label in labels]
    matrix = sparse.csr_array(normalize(sparse.hstack(blocks)))
    return ItemFeatures(matrix, pd.Index(catalog["item_id"]), pd.Index(names, name="feature"))


def _words(catalog: pd.DataFrame) -> tuple:
    checks.require(catalog, name="text", description="text")
    vectorizer = TfidfVectorizer()
    try:
        block = vectorizer.fit_transform(catalog["name"] + " " + catalog["description"])
    except ValueError:  # an empty vocabulary
        raise ValueError(
            'items: columns "name" and "description" hold not one word of two letters or more. '
            'Give "word" no weight.'
        ) from None
    return block, vectorizer.get_feature_names_out()


def _one_hot(column: str):
    def block(catalog: pd.DataFrame) -> tuple:
        checks.require(catalog, **{column: "key"})
        code, labels = pd.factorize(catalog[column], sort=True)
        return sparse.csr_array((np.ones(len(code)), (np.arange(len(code)), code))), labels

    return block


def _price(catalog: pd.DataFrame) -> tuple:
    checks.require(catalog, price="number")
    fix = "The catalog needs the price of each item; drop what is not for sale."
    checks.refuse_rows(
        catalog, ("price", catalog["price"] <= 0, "is zero or negative", fix), name="items"
    )
    log_price = np.log(catalog["price"].to_numpy(float))
    angle = np.pi / 2 * (log_price - log_price.min()) / (np.ptp(log_price) or 1)
    return sparse.csr_array(np.column_stack([np.cos(angle), np.sin(angle)])), ["low", "high"]


GROUPS = {
    "word": _words,
    "category": _one_hot("category"),
    "brand": _one_hot("brand"),
    "price": _price,
}
