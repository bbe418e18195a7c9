"""Similarity of users or items: measures, and nearest neighbors, exact and approximate."""

from helpers.similarity.approximate import (
    exact_search,
    inner_product_to_cosine,
    rank_candidates,
    search_recall,
    unit_rows,
)
from helpers.similarity.at_scale import load_neighbors_at_scale
from helpers.similarity.graph_search import graph_search, small_world
from helpers.similarity.indexes import HyperplaneLSH, InvertedFile
from helpers.similarity.measures import (
    adjusted_cosine,
    cosine,
    damping_factor,
    full_cosine,
    jaccard,
    own_mean_pearson,
    pearson,
)
from helpers.similarity.product_quantization import ProductQuantizer
from helpers.similarity.quality import measure_quality, neighbor_quality
from helpers.similarity.ranking import largest
from helpers.similarity.ratings import rating_matrix
from helpers.similarity.search import nearest, similarity_table

__all__ = [
    "HyperplaneLSH",
    "InvertedFile",
    "ProductQuantizer",
    "adjusted_cosine",
    "cosine",
    "damping_factor",
    "exact_search",
    "full_cosine",
    "graph_search",
    "inner_product_to_cosine",
    "jaccard",
    "largest",
    "load_neighbors_at_scale",
    "measure_quality",
    "nearest",
    "neighbor_quality",
    "own_mean_pearson",
    "pearson",
    "rank_candidates",
    "rating_matrix",
    "search_recall",
    "similarity_table",
    "small_world",
    "unit_rows",
]
