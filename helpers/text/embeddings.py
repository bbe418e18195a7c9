"""Sentence embeddings: vectors that are close when two sentences mean something similar.

The model comes inside the package wordllama, so nothing is downloaded. It holds one learned vector
for each of 32,000 pieces of words; a sentence is the mean of its pieces. The order of words is
lost: "cat bites dog" and "dog bites cat" have the same vector.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import numpy as np
import wordllama

DIMENSIONS = 256


@cache
def _model() -> wordllama.inference.WordLlamaInference:
    """Load the weights from the package's own folder; elsewhere it would look on the network."""
    return wordllama.WordLlama.load(
        dim=DIMENSIONS, cache_dir=Path(wordllama.__path__[0]), disable_download=True
    )


def embed(sentences: Iterable[str]) -> np.ndarray:
    """Return one vector of length 1 for each sentence, so that u·v is the cosine similarity.

    Parameters
    ----------
    sentences : strings, in English; other languages are split into pieces that mean little.

    Returns
    -------
    Array of float32, shape (sentences, 256). A sentence without a word is a row of zeros: it
    resembles nothing.

    References
    ----------
    Miller (2024), WordLlama: recycled token embeddings from large language models,
    https://github.com/dleemiller/WordLlama

    Examples
    --------
    >>> refund, money, tent = embed(["Can I get a refund?", "I want my money back.", "A red tent."])
    >>> bool(refund @ money > refund @ tent)
    True
    """
    if isinstance(sentences, str):
        raise ValueError(f"embed takes a list of sentences; got one string: {sentences!r}.")
    sentences = list(sentences)
    wrong = [place for place, each in enumerate(sentences) if not isinstance(each, str)]
    if wrong:
        raise ValueError(
            f"{len(wrong)} of {len(sentences)} sentences are not text (first at {wrong[:3]}: "
            f"{sentences[wrong[0]]!r}). Replace missing ones by an empty string."
        )
    vectors = np.zeros((len(sentences), DIMENSIONS), np.float32)
    said = [place for place, each in enumerate(sentences) if each.strip()]
    if said:
        vectors[said] = _model().embed([sentences[place] for place in said], norm=True)
    return vectors
