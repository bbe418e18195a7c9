"""The help desk of the course's shop: its pages, and questions with the page that answers them."""

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
        also ``intent``, what a question about an order wants (see `load_intents`).

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
    return pd.read_csv(DATA / f"pages{end}.csv"), pd.read_csv(DATA / f"questions{end}.csv")


def load_intents() -> pd.DataFrame:
    """Load examples of what users want to know about their orders, written for the course.

    Returns
    -------
    DataFrame, one row per example: ``intent`` ("order facts": the date, the number of pieces, the
    total; "order status": where it is; "order details": what was in it, and all else) and
    ``example``.
    """
    return pd.read_csv(DATA / "intents.csv")


def load_help_desk_vectors() -> pd.DataFrame:
    """Load the vectors of a contextual encoder, of the pages, intents and questions in English.

    ``python -m tools.encoder`` makes them. Each number is stored in 8 bits.

    Returns
    -------
    DataFrame of float32, 384 columns, rows of length 1; index: the text. Questions stand there
    without numbers of orders.
    """
    stored = pd.read_parquet(DATA / "contextual.parquet").set_index("text")
    vectors = np.stack(stored["vector"].to_list()).astype(np.float32)
    return pd.DataFrame(vectors, stored.index) / np.linalg.norm(vectors, axis=1, keepdims=True)
