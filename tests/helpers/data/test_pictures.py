"""Pictures of items show what the truth says, and nothing else depends on them."""

import numpy as np
import pandas as pd
import pytest

from helpers.data import load_shop, load_shop_key
from helpers.data.problems import TableError
from helpers.data.shop import item_pictures
from helpers.data.shop.catalog import STYLES
from helpers.data.shop.pictures import RGB


@pytest.fixture(scope="module")
def items():
    return load_shop().items.merge(load_shop_key()["items"], on="item_id")


def one(name="Minimal Vase, Coral", category="Decor", factors=(0.0, 0.0)):
    first, second = factors
    return pd.DataFrame(
        {"item_id": ["I1"], "name": name, "category": category}
        | {"factor_1": first, "factor_2": second}
    )


def test_a_picture_does_not_depend_on_the_others(items):
    whole = item_pictures(items)
    assert whole.shape == (len(items), 32, 32, 3)
    assert whole.dtype == np.uint8
    some = items.sample(7, random_state=0)
    assert (item_pictures(some) == whole[some.index]).all()


def test_another_photo_of_the_same_item(items):
    one, other = (item_pictures(items, random_state=seed) for seed in (0, 1))
    assert (one != other).any(axis=(1, 2, 3)).all()
    # Position, scale and light differ, but the colors tell most items apart: the mean color of the
    # other photo of the same item is closer than that of a second item in three of four cases.
    one, other = (pictures.mean(axis=(1, 2)) for pictures in (one, other))
    apart = ((one[:, None] - other[None]) ** 2).sum(axis=2)
    assert (np.diag(apart)[:, None] <= apart).mean() > 0.75


def test_color_is_that_of_the_name():
    # A plain box is one color above the ornament; light changes all channels alike.
    for name, rgb in RGB.items():
        picture = item_pictures(one(f"Minimal Vase, {name}")).astype(float)[0]
        seen = picture[6:9, 10:22].mean(axis=(0, 1))
        light = seen.sum() / sum(rgb)
        assert seen == pytest.approx(np.array(rgb) * light, abs=12)


def test_every_style_has_a_pattern_of_its_own():
    pictures = np.concatenate([item_pictures(one(f"{style} Vase, Sky")) for style in STYLES])
    apart = abs(pictures[:, None].astype(float) - pictures[None]).mean(axis=(2, 3, 4))
    np.fill_diagonal(apart, np.inf)
    assert apart.min() > 4  # of 255; the same item, noise of standard deviation 7 aside


def test_the_ornament_grows_with_the_first_factor_and_stretches_with_the_second():
    def white(first, second):
        picture = item_pictures(one("Minimal Vase, Black", factors=(first, second)))[0]
        middle = picture[7:25, 7:25].min(axis=2) > 150
        return middle.sum(), middle.any(axis=0).sum() - middle.any(axis=1).sum()

    small, middle, large = (white(size, 0)[0] for size in (-1.5, 0, 1.5))
    assert small < middle < large
    assert white(0, -1.5)[1] < 0 < white(0, 1.5)[1]  # width − height


def test_what_is_refused():
    with pytest.raises(TableError, match="has no style and color"):
        item_pictures(one("Vase"))
    with pytest.raises(TableError, match="is no category"):
        item_pictures(one(category="Cars"))
