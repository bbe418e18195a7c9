import socket

import numpy as np
import pytest

from helpers.text import embeddings


def test_rows_have_length_one_and_the_same_sentence_the_same_row():
    vectors = embeddings.embed(["A tent for two.", "Tea", "A tent for two."])
    assert vectors.shape == (3, 256)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert (vectors[0] == vectors[2]).all()


def test_a_vector_does_not_depend_on_its_neighbors():
    # The model pads a batch to its longest sentence; padding must not count.
    alone = embeddings.embed(["Tea"])[0]
    beside = embeddings.embed(["Tea", "A very long sentence about tents, pans and paper " * 5])[0]
    assert beside == pytest.approx(alone, abs=1e-6)


def test_a_paraphrase_is_closer_than_another_topic():
    refund, money, tent = embeddings.embed(
        ["Can I get a refund?", "I want my money back.", "A red tent."]
    )
    assert refund @ money > refund @ tent


def test_the_order_of_words_is_lost():
    cat, dog = embeddings.embed(["cat bites dog", "dog bites cat"])
    assert cat == pytest.approx(dog, abs=1e-6)


def test_an_empty_sentence_is_a_row_of_zeros():
    vectors = embeddings.embed(["", "Tea", "   "])
    assert not vectors[[0, 2]].any()
    assert vectors[1].any()
    assert embeddings.embed([]).shape == (0, 256)


def test_bad_input_is_named():
    with pytest.raises(ValueError, match=r"one string: 'Tea'"):
        embeddings.embed("Tea")
    with pytest.raises(ValueError, match=r"1 of 2 sentences are not text \(first at \[1\]: nan"):
        embeddings.embed(["Tea", float("nan")])


def test_nothing_asks_the_network(monkeypatch):
    def refuse(*_):
        raise AssertionError("The model asked the network.")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    embeddings._model.cache_clear()
    assert embeddings.embed(["Tea"]).any()
