"""Similarity of users or items: measures, and nearest neighbors."""

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
from helpers.similarity.ranking import largest
from helpers.similarity.ratings import rating_matrix
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
