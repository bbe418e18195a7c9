"""What lessons say of other shops was computed there, by the cells as they stand."""

import re

import pytest

from helpers import replications
from tools import copies, replicate
from tools.notebooks import lesson

LESSONS = sorted(map(copies.short_name, copies.lessons()))


@pytest.mark.parametrize("name", LESSONS)
def test_claims_are_those_that_were_asked(name):
    claims = [vars(each) for each in replicate.claims_of(name, replicate.read(name))]
    stored = replications.stored().reset_index()
    stored = stored.loc[stored["lesson"] == name, list(claims[0]) if claims else []]
    assert claims == stored.to_dict("records"), f"make replicate NB={name}"


@pytest.mark.parametrize("name", LESSONS)
def test_the_statements_of_a_claim_give_the_number_that_the_lesson_prints(name):
    taught = lesson.read(copies.LESSONS / copies.find(name))
    said = re.compile(r"(?m)^In \d+ of 20 .*\((?:here|all) (\S+);")
    printed = [
        float(number.replace(",", "")) for c in taught.code for number in said.findall(c.printed)
    ]
    stored = replications.stored().query("lesson == @name")["here"].tolist()
    assert printed == pytest.approx(stored, rel=0.006)  # three digits


def test_each_claim_was_asked_in_twenty_shops():
    stored = replications.stored().drop(columns=replications.ABOUT[2:7])
    assert not stored.isna().to_numpy().any()
