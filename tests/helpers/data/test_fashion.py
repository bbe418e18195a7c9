import numpy as np
import pandas as pd
import pytest

from helpers.data import (
    load_clothing_reviews,
    load_contextual_vectors,
    load_fashion_photos,
    load_shop,
)
from helpers.data.shop import item_reviews
from tools import encoder


def test_each_review_has_a_text_of_its_own_and_the_shares_of_stars_are_those_of_all():
    reviews = load_clothing_reviews()
    assert not reviews.isna().any(axis=None)
    assert reviews["text"].is_unique
    # Of all 22,641 with a text: 821, 1,549, 2,823, 4,908 and 12,540. Two percentage points are
    # two and a half standard errors of a sample of 4,000.
    of_all = np.array([821, 1_549, 2_823, 4_908, 12_540]) / 22_641
    shares = reviews["rating"].value_counts(normalize=True).sort_index()
    assert shares.tolist() == pytest.approx(of_all, abs=0.02)


def test_photos_stand_on_black_and_shoes_are_wide():
    photos, kinds = load_fashion_photos()
    corners = photos[:, [0, 0, -1, -1], [0, -1, 0, -1]]
    assert (corners == 0).mean() > 0.95
    width, height = (photos.any(axis=axis).sum(axis=1) for axis in (1, 2))
    median = pd.Series(width / height).groupby(kinds).median()
    assert median["trousers"] < median["dress"] < 0.7 < median["T-shirt"] < 1.5 < median["sneaker"]


@pytest.mark.parametrize(("name", "texts"), [("reviews", 4_000), ("sentences", 5_649)])
def test_a_vector_for_each_text(name, texts):
    vectors = load_contextual_vectors(name)
    assert vectors.shape == (texts, 384)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


@pytest.mark.skipif(not encoder.MODEL.exists(), reason="the weights are not unpacked")
def test_stored_vectors_keep_the_cosines_of_the_encoder():
    texts = load_clothing_reviews()["text"][:20]
    full, stored = encoder.encode(texts), load_contextual_vectors("reviews")[:20]
    pairs = np.triu_indices(20, 1)
    assert np.corrcoef((full @ full.T)[pairs], (stored @ stored.T)[pairs])[0, 1] > 0.99


def test_the_sentences_are_those_of_the_shop():
    shop = load_shop()
    _, sentences = item_reviews(shop.ratings, shop.items)
    vectors = load_contextual_vectors("sentences")
    assert len(sentences) == len(vectors)
    same = sentences["text"].duplicated(keep=False)
    for _, rows in sentences[same].groupby("text"):
        assert np.ptp(vectors[rows.index], axis=0).max() < 1e-6
