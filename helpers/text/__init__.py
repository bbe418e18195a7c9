"""Text: keyword search, rank fusion, negation tags, and sentence embeddings computed offline."""

from helpers.text.bm25 import BM25
from helpers.text.embeddings import embed
from helpers.text.fusion import reciprocal_rank_fusion
from helpers.text.negation import tag_negation
from helpers.text.words import words

__all__ = ["BM25", "embed", "reciprocal_rank_fusion", "tag_negation", "words"]
