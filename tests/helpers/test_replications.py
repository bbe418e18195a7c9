"""What is said of other shops, on a stored claim of our own."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from helpers import language, replications
from helpers.replications import in_other_shops, in_random_halves


@pytest.fixture
def stored(monkeypatch):
    """Store one claim that is true in 17 of 20 shops: 0, -1 and -2 are not above 0."""
    row = {"lesson": "05", "claim": "neighbors help", "holds": "> 0", "asked": "shops"}
    row |= {"part": "core", "cell": "a", "code": "b", "here": 0.5}
    row |= {str(seed): float(seed - 3) for seed in range(1, 21)}
    table = pd.DataFrame([row]).set_index(["lesson", "claim"])
    monkeypatch.setattr(replications, "stored", lambda: table)


def test_a_claim_is_counted_in_other_shops(stored, capsys):
    in_other_shops("05", "neighbors help", 0.5, "> 0", says="depends")
    assert capsys.readouterr().out == (
        "In 17 of 20 other shops: neighbors help (here 0.5; there -2 to 17).\n"
    )


def test_the_lesson_may_not_say_more_than_was_found(stored):
    with pytest.raises(ValueError, match='true in 17 of 20, so the lesson must say "depends"'):
        in_other_shops("05", "neighbors help", 0.5, "> 0")


def test_halves_are_no_other_shops(stored, capsys):
    in_random_halves("05", "neighbors help", 1234.5, "> 0", says="depends")
    assert "17 of 20 random halves: neighbors help (all 1,234;" in capsys.readouterr().out


def test_a_new_claim_has_to_be_asked(stored, capsys):
    in_other_shops("05", "cosine is best", 1.0, "> 0")
    assert "make replicate NB=05" in capsys.readouterr().out


def test_in_chinese(stored, capsys, monkeypatch):
    monkeypatch.setenv(language.VARIABLE, "zh")
    in_other_shops("05", "neighbors help", 0.5, "> 0", says="depends")
    assert capsys.readouterr().out.startswith("在另外 20 家店铺中，有 17 家")


@pytest.mark.parametrize(
    ("given", "title"),
    [((), "0 of 1 claims hold in at least 18 of 20 others"), (("It depends",), "It depends")],
)
def test_strips_say_and_show_how_many_claims_hold(stored, capsys, monkeypatch, given, title):
    shown = []
    monkeypatch.setattr(plt, "show", lambda: shown.append(plt.gca()))
    assert replications.strips("05", *given) is None
    (ax,) = shown
    plt.close("all")
    assert ax.get_title() == title
    assert capsys.readouterr().out == "In words: neighbors help: 17 of 20.\n"
    (diamond,) = (line for line in ax.lines if line.get_marker() == "D")
    assert diamond.get_xdata()[0] > 0  # ours, 0.5, is right of the line


@pytest.mark.parametrize(
    ("number", "holds", "inside"),
    [(3, "> 1", 2), (3, "< 1", -2), (0.3, "0.2 to 0.6", 0.1), (4, "== 4", 1), (5, "== 4", -1)],
)
def test_the_place_in_a_strip_is_how_far_inside_a_number_is(number, holds, inside):
    assert replications._place(number, holds) == pytest.approx(inside)
    assert replications.is_true(pd.Series([number]), holds).item() == (inside > 0)
