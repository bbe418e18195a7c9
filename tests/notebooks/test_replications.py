"""What lessons say of other shops was computed there, by the cells as they stand."""

import pytest

from helpers import replications
from tools import copies, replicate

LESSONS = sorted(map(copies.short_name, copies.lessons()))


@pytest.mark.parametrize("name", LESSONS)
def test_claims_are_those_that_were_asked(name):
    claims = [vars(each) for each in replicate.claims_of(name, replicate.read(name))]
    stored = replications.stored().reset_index()
    stored = stored.loc[stored["lesson"] == name, list(claims[0]) if claims else []]
    assert claims == stored.to_dict("records"), f"make replicate NB={name}"


def test_each_claim_was_asked_in_twenty_shops():
    stored = replications.stored().drop(columns=replications.ABOUT[2:7])
    assert not stored.isna().to_numpy().any()
