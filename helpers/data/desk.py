"""The help desk of the course's shop: its pages, and questions with the page that answers them."""

from pathlib import Path

import pandas as pd

DATA = Path(__file__).parents[2] / "data" / "desk"


def load_help_desk() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Load the help pages and the labeled questions. All were written for the course.

    Returns
    -------
    pages : DataFrame, one row per page: ``page_id``, ``title``, ``text``.
    questions : DataFrame, one row per question: ``question_id``, ``question``, ``kind``,
        ``page_id`` (the page that answers it; missing if none does) and ``split`` ("tune" or
        "test"; "fresh" were written by a second author, who had not read the pages).

    Kinds with a page: "direct" uses words of the page, "paraphrase" shares no content word with it,
    "typo" is misspelled, "language" is in another language than English. Kinds without: "order"
    needs an order of the asker's, "off_topic" is answered by no page, and "hostile" insults or
    tries to make the desk do something else.

    Examples
    --------
    >>> pages, questions = load_help_desk()
    >>> len(pages), len(questions), questions["kind"].nunique()
    (30, 330, 7)
    """
    return pd.read_csv(DATA / "pages.csv"), pd.read_csv(DATA / "questions.csv")
