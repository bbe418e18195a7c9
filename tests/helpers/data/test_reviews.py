"""Reviews follow their stars as the truth says; what they say can be read from the text."""

import numpy as np
import pandas as pd
import pytest

from helpers.data import load_shop
from helpers.data.problems import TableError
from helpers.data.shop import complaint_costs, item_reviews
from helpers.data.shop.reviews import COMPLAINT, NEGATED, PRAISE, SHARES, SLOPES


@pytest.fixture(scope="module")
def written():
    shop = load_shop()
    return item_reviews(shop.ratings, shop.items, 6_000)


def test_reviews_are_made_of_their_sentences(written):
    reviews, sentences = written
    joined = sentences.groupby("review_id")["text"].agg(" ".join)
    assert (reviews.set_index("review_id")["text"] == joined).all()
    assert not sentences.duplicated(["review_id", "topic"]).any()
    assert set(sentences.groupby("review_id").size()) == {1, 2, 3}


def test_reviews_belong_to_ratings(written):
    known = load_shop().ratings.set_index(["user_id", "item_id"])["rating"]
    reviews = written[0].set_index(["user_id", "item_id"])["rating"]
    assert (reviews == known.loc[reviews.index]).all()
    assert reviews.index.is_unique


def test_praise_follows_the_stars(written):
    reviews, sentences = written
    stars = reviews["rating"].to_numpy()[sentences["review_id"]]
    for topic, slope in SLOPES.items():
        for rating in (3, 4, 5):
            rows = (sentences["topic"] == topic) & (stars == rating)
            expected = 1 / (1 + np.exp(-slope * (rating - 3.5)))
            error = np.sqrt(expected * (1 - expected) / rows.sum())
            assert abs(sentences.loc[rows, "praise"].mean() - expected) < 4 * error


def test_negated_sentences_have_a_word_of_the_opposite(written):
    sentences = written[1]
    assert sentences["negated"].mean() == pytest.approx(NEGATED, abs=0.02)
    for topic in SLOPES:
        # "bad" and "good" stand for several topics, never for both sides.
        assert set(PRAISE[topic].split()).isdisjoint(COMPLAINT[topic].split())
        rows = sentences[sentences["topic"] == topic]
        words = rows["text"].str.lower().str.findall(r"[a-z]+")
        says_good = np.array([not set(PRAISE[topic].split()).isdisjoint(each) for each in words])
        says_bad = np.array([not set(COMPLAINT[topic].split()).isdisjoint(each) for each in words])
        readable = says_good != says_bad  # the rest has a typo in this word
        assert readable.mean() > 0.95
        expected = rows["praise"] != rows["negated"]
        assert (says_good == expected)[readable].all()


def test_topics_have_their_shares(written):
    # The first sentence of a review is drawn with the shares; later ones leave out what was said.
    first = written[1].drop_duplicates("review_id")["topic"].value_counts(normalize=True)
    assert first.to_dict() == pytest.approx(SHARES, abs=0.03)


def test_costs_by_hand_and_in_the_long_run(written):
    # Half of the ratings 1, half 5. Delivery: P(praise | 5) = 1 / (1 + e^−0.6) = 0.6457 and
    # P(praise | 1) = 1 / (1 + e^1) = 0.2689. Mean stars with praise (5 · 0.6457 + 0.2689) / 0.9146
    # = 3.824, with a complaint (5 · 0.3543 + 0.7311) / 1.0854 = 2.306.
    assert complaint_costs(pd.Series([1, 5]))["delivery"] == pytest.approx(1.518, abs=0.001)
    reviews, sentences = written
    sentences = sentences.assign(stars=reviews["rating"].to_numpy()[sentences["review_id"]])
    means = sentences.pivot_table("stars", "topic", "praise")
    found = means[True] - means[False]
    assert found.to_dict() == pytest.approx(complaint_costs(reviews["rating"]).to_dict(), abs=0.17)


def test_what_is_refused():
    ratings = pd.DataFrame({"user_id": ["Ana"], "item_id": "I1", "rating": [5]})
    items = pd.DataFrame({"item_id": ["I1"], "name": "Bold Vase, Sky"})
    with pytest.raises(TableError, match="is not a rating"):
        item_reviews(ratings.assign(rating=6), items, 1)
    with pytest.raises(TableError, match="is not in items"):
        item_reviews(ratings.assign(item_id="I2"), items, 1)
    with pytest.raises(ValueError, match="at most the number of ratings, 1; got 2"):
        item_reviews(ratings, items, 2)
    with pytest.raises(TableError, match="stands twice"):
        item_reviews(ratings, pd.concat([items, items], ignore_index=True), 1)
    with pytest.raises(TableError, match="is not a style, a noun and a color"):
        item_reviews(ratings, items.assign(name="Vase"), 1)
    with pytest.raises(ValueError, match="none may be missing"):
        complaint_costs(pd.Series([1, np.nan]))
