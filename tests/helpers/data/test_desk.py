import numpy as np
import pandas as pd
import pytest

from helpers.data.desk import load_help_desk, load_intents, load_stored_encoder
from helpers.desk.desk import Desk, without_numbers
from helpers.text.words import words

PAGES, QUESTIONS = load_help_desk()
WITH_PAGE = {"direct", "paraphrase", "typo", "language"}
WITHOUT = {"order", "off_topic", "hostile"}


def test_pages_have_ids_titles_and_the_length_of_a_help_page():
    assert PAGES["page_id"].is_unique
    assert PAGES["title"].is_unique
    assert PAGES["text"].str.split().str.len().between(60, 120).all()


def test_questions_are_labeled():
    assert QUESTIONS["question_id"].is_unique
    assert QUESTIONS["question"].str.lower().is_unique
    assert set(QUESTIONS["kind"]) == WITH_PAGE | WITHOUT
    assert set(QUESTIONS["split"]) <= {"tune", "test", "fresh"}
    has_page = QUESTIONS["kind"].isin(WITH_PAGE)
    assert QUESTIONS.loc[has_page, "page_id"].isin(PAGES["page_id"]).all()
    assert QUESTIONS.loc[~has_page, "page_id"].isna().all()
    assert set(QUESTIONS.loc[QUESTIONS["kind"] == "order", "intent"]) == set(
        load_intents()["intent"]
    )
    assert QUESTIONS.loc[QUESTIONS["kind"] != "order", "intent"].isna().all()
    assert (QUESTIONS["answer"].dropna() == "order facts").sum() == 10


def test_the_splits_hold_the_kinds_alike():
    ours = QUESTIONS[QUESTIONS["split"] != "fresh"]
    counts = ours.groupby(["kind", "split"]).size().unstack()
    assert (counts["tune"] - counts["test"]).between(0, 1).all()


def test_a_paraphrase_shares_no_content_word_with_its_page():
    whole = (PAGES["title"] + " " + PAGES["text"]).set_axis(PAGES["page_id"])
    paraphrases = QUESTIONS[QUESTIONS["kind"] == "paraphrase"]
    for _, row in paraphrases.iterrows():
        assert not set(words(row["question"])) & set(words(whole[row["page_id"]])), row["question"]


def test_the_pages_and_questions_in_chinese():
    pages, questions = load_help_desk("zh")
    assert pages["page_id"].tolist() == PAGES["page_id"].tolist()
    assert pages["title"].is_unique
    kinds = questions.groupby("kind")["page_id"].agg(["count", "nunique"])
    assert kinds.to_numpy().tolist() == [
        [30, 30],
        [0, 0],
        [30, 30],
    ]  # direct, off_topic, paraphrase
    assert questions.groupby("split").size().tolist() == [35, 35]
    with pytest.raises(ValueError, match="got 'de'"):
        load_help_desk("de")


def test_a_vector_is_stored_for_each_text_of_the_desk():
    encode = load_stored_encoder()
    asked = QUESTIONS["question"].map(without_numbers)
    texts = [*Desk(PAGES, intents=load_intents()).passages_["read"], *asked]
    vectors = encode(texts)
    assert vectors.shape == (len(texts), 384)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1)
    refund, money = encode(["Are the original shipping fees refunded too?", "Tell me a joke"])
    page = encode(PAGES["title"] + ". " + PAGES["text"].str.split(r"(?<=\.) ").str[3])[5]
    assert refund @ page > money @ page
    with pytest.raises(ValueError, match="1 of 1 texts are others, first 'Good morning'"):
        encode(pd.Series(["Good morning"]))
