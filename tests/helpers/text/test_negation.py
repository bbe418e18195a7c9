import pytest

from helpers.text import tag_negation


@pytest.mark.parametrize(
    ("text", "tagged"),
    [
        ("Not bad. Good!", "not NOT_bad . good !"),
        ("I don't like it, it never fits", "i don't NOT_like NOT_it , it never NOT_fits"),
        ("I cannot wait; no return", "i cannot NOT_wait ; no NOT_return"),
        ("Nothing fits", "nothing fits"),  # a word that only begins like a negation
        ("not never bad", "not NOT_never NOT_bad"),
        ("It isn’t big", "it isn’t NOT_big"),
        ("", ""),
    ],
)
def test_words_behind_a_negation_get_a_tag_until_the_next_mark(text, tagged):
    assert tag_negation(text) == tagged


def test_a_missing_text_is_refused():
    with pytest.raises(ValueError, match="takes one text; got nan"):
        tag_negation(float("nan"))
