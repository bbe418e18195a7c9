"""Text as vectors: sentence embeddings, computed offline."""

from helpers.text.embeddings import embed

__all__ = ["embed"]
