"""Ids as positions: as pandas finds them, whatever the ids are."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.data.ids import factorize


def check(ids):
    codes, labels = factorize(ids)
    wanted, names = pd.factorize(ids, sort=True)
    np.testing.assert_array_equal(codes, wanted)
    pd.testing.assert_index_equal(labels, pd.Index(names))


@given(
    st.lists(st.integers(-20, 20), min_size=1)
    | st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1)
)
def test_numbers_close_together_and_far_apart(ids):
    check(pd.Series(ids))


@pytest.mark.parametrize("dtype", ["int8", "uint64", "Int64", "str", "category", "object"])
def test_other_kinds_of_ids(dtype):
    check(pd.Series([7, 3, 3, 9] * 5).astype(dtype))


def test_no_ids():
    codes, labels = factorize(pd.Series([], dtype="int64"))
    assert (len(codes), len(labels)) == (0, 0)
