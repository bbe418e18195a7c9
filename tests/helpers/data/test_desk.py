from helpers.data.desk import load_help_desk
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


def test_the_splits_hold_the_kinds_alike():
    ours = QUESTIONS[QUESTIONS["split"] != "fresh"]
    counts = ours.groupby(["kind", "split"]).size().unstack()
    assert (counts["tune"] - counts["test"]).between(0, 1).all()


def test_a_paraphrase_shares_no_content_word_with_its_page():
    whole = (PAGES["title"] + " " + PAGES["text"]).set_axis(PAGES["page_id"])
    paraphrases = QUESTIONS[QUESTIONS["kind"] == "paraphrase"]
    for _, row in paraphrases.iterrows():
        assert not set(words(row["question"])) & set(words(whole[row["page_id"]])), row["question"]
