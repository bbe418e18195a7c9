"""Slices of a lesson, and the shops in which they are run."""

import ast

import pandas as pd
import pytest

from helpers import data, replications
from tools import replicate
from tools.replicate import Cell


def cells(*sources):
    return [
        Cell(str(n), replicate._Quiet().visit(ast.parse(each))) for n, each in enumerate(sources)
    ]


LESSON = [
    "import numpy as np",
    "rows = []",
    "unused = 5",
    "def twice(x):\n    return FACTOR * x",
    "FACTOR = 2",
    "for n in range(3):\n    rows.append(twice(n))",
    "total = sum(rows)",
]


@pytest.mark.parametrize(
    ("last", "needed"),
    [
        ("total", [1, 3, 4, 5, 6]),  # the list is changed in place; the function needs its factor
        ("np.mean(3)", [0]),
        ("total = 3", []),
        ("unused += 1", [2]),
    ],
)
def test_a_slice_has_the_cells_that_a_cell_needs(last, needed):
    assert replicate.needed(cells(*LESSON, last), len(LESSON)) == needed


def test_who_draws_changes_what_the_next_one_draws():
    drawn = ["rng = np.random.default_rng(0)", "a = rng.random()", "b = rng.random()"]
    assert replicate.needed(cells(*drawn, "b"), 3) == [0, 1, 2]


CLAIM = 'in_other_shops("05", "{claim}", {value}, "> 0")'


def code(*sources):
    (claim,) = replicate.claims_of("05", cells(*sources))
    return claim.code


def test_a_claim_has_another_code_when_what_it_needs_changes():
    call = CLAIM.format(claim="it helps", value="gain")
    before = code("gain = 3", "loss = 2", call)
    assert code("gain = 4", "loss = 2", call) != before
    assert code("gain = 3", "loss = 2", CLAIM.format(claim="it helps", value="gain - 1")) != before
    # Other cells, layout, words and figures do not count.
    reworded = CLAIM.format(claim="it may help", value="gain")
    assert (
        code("gain  =  3  # dollars", "loss = 9", f"print(gain)\nplt.show()\n{reworded}") == before
    )


def test_a_claim_belongs_to_its_lesson():
    with pytest.raises(SystemExit, match="of another lesson"):
        replicate.claims_of("06", cells(CLAIM.format(claim="it helps", value="1")))


def test_halves_of_real_customers():
    def load():
        return {
            "transactions": pd.DataFrame({"user_id": [1, 1, 2, 3, 4], "paid": range(5)}),
            "demographics": pd.DataFrame({"user_id": [1, 2, 3, 4]}),
            "products": pd.DataFrame({"item_id": [7, 8]}),
        }

    half, same, other = (replicate.halved(load, seed)() for seed in (1, 1, 3))
    kept = set(half["demographics"]["user_id"])
    assert len(kept) == 2
    assert set(half["transactions"]["user_id"]) == kept
    assert len(half["products"]) == 2
    assert half["transactions"].equals(same["transactions"])
    assert set(other["demographics"]["user_id"]) != kept


def test_halves_of_the_help_desk():
    pages, questions = data.load_help_desk()
    kept_pages, half = replicate.half_of_questions(data.load_help_desk, 1)()
    assert kept_pages.equals(pages)
    assert len(half) == len(questions) / 2
    assert half.equals(questions.loc[half.index])


@pytest.fixture(scope="module")
def shops(tmp_path_factory):
    with replicate.patched(replicate, SHOPS=tmp_path_factory.mktemp("shops")):
        yield


def test_another_shop_is_loaded_until_the_end(shops):
    ours = data.load_shop()
    with replicate.another_shop(7):
        other, key = data.load_shop(), data.load_shop_key()
        assert len(other.users) == len(ours.users)
        assert not other.ratings.equals(ours.ratings)
        assert set(key["users"]["user_id"]) >= set(other.users["user_id"])
    assert data.load_shop().ratings.equals(ours.ratings)


@pytest.mark.parametrize("name", ["00", "01", "02"])  # a few seconds; make replicate ALL=1 does all
def test_what_is_stored_of_a_shop_comes_out_again(name):
    stored = replications.stored().loc[name]
    found, failures = replicate.run(name, set(stored.index), seed=1)
    assert not failures
    assert [found[code] for code in stored["code"]] == pytest.approx(stored["1"].tolist(), rel=1e-3)


def test_two_claims_of_one_name_with_two_values_are_refused():
    twice = "over = a\n{}\nover = b\n{}".format(
        CLAIM.format(claim="a", value="over"), CLAIM.format(claim="b", value="over")
    )
    with pytest.raises(SystemExit, match="give it two names"):
        replicate.claims_of("05", cells(twice))
    assert len(replicate.claims_of("05", cells(twice.replace("over = b", "other = b")))) == 2
