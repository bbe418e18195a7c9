"""How similar users or items are: measures, and the nearest neighbors by them."""

from helpers.similarity.measures import (
    MEASURES,
    adjusted_cosine,
    cosine,
    damping_factor,
    full_cosine,
    jaccard,
    mean_squared_difference,
    own_mean_pearson,
    pearson,
)
from helpers.similarity.ratings import rating_matrix
from helpers.similarity.rows import largest
from helpers.similarity.search import nearest, similarity_table

__all__ = [
    "MEASURES",
    "adjusted_cosine",
    "cosine",
    "damping_factor",
    "full_cosine",
    "jaccard",
    "largest",
    "mean_squared_difference",
    "nearest",
    "own_mean_pearson",
    "pearson",
    "rating_matrix",
    "similarity_table",
]
