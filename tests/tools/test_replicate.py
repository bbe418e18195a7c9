"""Slices of a lesson, and the shops in which they are run."""

import pandas as pd
import pytest

from helpers import data, replications
from tools import replicate
from tools.replicate import statements


def lesson(*sources):
    return [each for n, source in enumerate(sources) for each in statements(str(n), source)]


LESSON = [
    "import numpy as np",
    "rows = []",
    "unused = 5",
    "def twice(x):\n    y = FACTOR * x\n    return y",
    "FACTOR = 2",
    "for n in range(3):\n    rows.append(twice(n))",
    "total = sum(rows)",
    "for n in [7]:\n    y = [rows for rows in 'ab']",  # other names n, y and rows
    "for n in range(2):\n    z = n",
]


@pytest.mark.parametrize(
    ("last", "needed"),
    [
        ("total", [1, 3, 4, 5, 6]),  # the list is changed in place; the function needs its factor
        ("np.mean(3)", [0]),
        ("unused", [2]),
        ("z", [8]),
    ],
)
def test_a_slice_has_the_statements_that_a_claim_needs(last, needed):
    claim = f'in_other_shops("05", "a", {last}, "> 0")'
    assert replicate.needed(lesson(*LESSON, claim), len(LESSON)) == needed


@pytest.mark.parametrize(
    ("cell", "n"),
    [
        ("rng = np.random.default_rng(0)\na = rng.random()\nx = rng.random()", 3),  # each draw
        ("x = Model()\nx.fit(table)", 2),
        ("x = Model()\nbefore = x.fit(table)", 2),
        ("x = Model()\nModel().fit(table)", 1),  # another one
        ("x = models.Model()\nmodels.Model().fit(table)", 1),
        ("x = [1]\nx[0] = 2", 2),
        ("x = np.zeros(3)\nnp.add.at(x, 1, 1)\ny = 1", 2),
        ("x = 1\nx += 1", 2),
        ("x = 1\nx.round(3)", 1),  # the cell shows it
    ],
)
def test_what_changes_a_value_counts(cell, n):
    told = lesson(cell, 'in_other_shops("05", "a", x, "> 0")')
    assert replicate.needed(told, len(told) - 1) == [*range(n)]


CLAIM = 'in_other_shops("05", "{claim}", {value}, "> 0")'


def code(*sources):
    (claim,) = replicate.claims_of("05", lesson(*sources))
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
        replicate.claims_of("06", lesson(CLAIM.format(claim="it helps", value="1")))


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


def test_a_log_without_customers_is_halved_by_rows():
    half = replicate.half_of_rows(data.load_open_bandit, 1)()
    assert len(half) == 20_000
    assert half["policy"].is_monotonic_decreasing  # "random", then "bts", as in the whole log


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


def test_one_name_with_two_values_makes_two_claims():
    twice = "over = a\n{}\nover = b\n{}".format(
        CLAIM.format(claim="a", value="over"), CLAIM.format(claim="b", value="over")
    )
    first, second = replicate.claims_of("05", lesson(twice))
    assert first.code != second.code


def test_half_of_the_products_keep_all_their_reviews_and_the_labels_of_their_rows():
    reviews = data.load_clothing_reviews()
    half = replicate.half_of_products(data.load_clothing_reviews, 1)()
    kept = reviews["item_id"].isin(half["item_id"])
    assert half.equals(reviews[kept])
    assert half["item_id"].nunique() == round(reviews["item_id"].nunique() / 2)


def test_half_of_the_photos_keep_their_kinds():
    photos, kinds = data.load_fashion_photos()
    some, of_some = replicate.half_of_photos(data.load_fashion_photos, 1)()
    assert len(some) == len(of_some) == 450
    kind_of = {photo.tobytes(): kind for photo, kind in zip(photos, kinds, strict=True)}
    assert [kind_of[photo.tobytes()] for photo in some] == of_some.tolist()
