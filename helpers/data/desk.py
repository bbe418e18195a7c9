"""The help desk of the course's shop: its pages, and questions with the page that answers them."""

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pandas as pd

DATA = Path(__file__).parents[2] / "data" / "desk"


def load_help_desk(language: str = "en") -> tuple[pd.DataFrame, pd.DataFrame]:
    """Load the help pages and the labeled questions. All were written for the course.

    Parameters
    ----------
    language : "en", or "zh" for the pages in Chinese and Chinese questions to them.

    Returns
    -------
    pages : DataFrame, one row per page: ``page_id``, ``title``, ``text``.
    questions : DataFrame, one row per question: ``question_id``, ``question``, ``kind``,
        ``page_id`` (the page that answers it; missing if none does) and ``split`` ("tune" or
        "test"; "fresh" were written by a second author, who had not read the pages); in English
        also ``intent``, what a question about an order wants (see `load_intents`), and
        ``answer``, the page or "order facts"; missing if only a person can answer.

    Kinds with a page: "direct" uses words of the page, "paraphrase" is said in other words (in
    English it shares no content word with the page), "typo" is misspelled, "language" is in another
    language than English. Kinds without: "order" needs an order of the asker's, "off_topic" is
    answered by no page, and "hostile" insults or tries to make the desk do something else.

    Examples
    --------
    >>> pages, questions = load_help_desk()
    >>> len(pages), len(questions), questions["kind"].nunique()
    (30, 330, 7)
    """
    if language not in ("en", "zh"):
        raise ValueError(f'The help desk speaks "en" and "zh"; got {language!r}.')
    end = "" if language == "en" else "_zh"
    pages, questions = (pd.read_csv(DATA / f"{name}{end}.csv") for name in ("pages", "questions"))
    if language == "en":
        facts = questions["intent"].where(questions["intent"] == "order facts")
        questions["answer"] = questions["page_id"].fillna(facts)
    return pages, questions


def load_intents() -> pd.DataFrame:
    """Load examples of what users want to know about their orders, written for the course.

    Returns
    -------
    DataFrame, one row per example: ``intent`` ("order facts": the date, the number of pieces, the
    total; "order status": where it is; "order details": what was in it, and all else) and
    ``example``.
    """
    return pd.read_csv(DATA / "intents.csv")


def load_stored_encoder() -> Callable[[Iterable[str]], np.ndarray]:
    """Load what a contextual encoder made of the English pages, intents and questions.

    ``python -m tools.encoder`` makes it. Each number is stored in 8 bits.

    Returns
    -------
    A function that takes texts and returns an array of float32, shape (texts, 384), rows of length
    1. It knows the texts of the help desk only, and these without numbers of orders.

    Examples
    --------
    >>> encode = load_stored_encoder()
    >>> encode(["Can candles be returned?", "Do gift cards expire?"]).shape
    (2, 384)
    """
    stored = pd.read_parquet(DATA / "contextual.parquet").set_index("text")["vector"]

    def encode(texts: Iterable[str]) -> np.ndarray:
        texts = list(texts)
        if unknown := [text for text in texts if text not in stored.index]:
            raise ValueError(
                f"Vectors are stored for the texts of the help desk only; {len(unknown)} of "
                f"{len(texts)} texts are others, first {unknown[0]!r}."
            )
        vectors = np.stack(stored[texts].to_list()).astype(np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    return encode
