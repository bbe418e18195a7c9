"""The solutions of lesson 17 on small cases worked by hand, and against Spark's own choices."""

import math
import subprocess
import sys
from collections import Counter

import pytest

from exercises.engine import course
from exercises.engine.exercise import RIGHT, WRONG, judge
from exercises.lesson_17 import (
    cluster_cost,
    combined_mean,
    partitions_of,
    rows_that_fit,
    salted_counts,
    speedup,
    years_left,
)


def test_rows_that_fit():
    # 4 GB, 20 bytes, five copies: 4e9 / 100.
    assert rows_that_fit(4, 20, 5) == 40_000_000


def test_years_left():
    # 10, 20, 40, 80 million: the limit of 40 still fits after two years, not after three.
    assert years_left(10, 1.0, 40) == 3
    assert years_left(41, 1.0, 40) == 0


def test_combined_mean():
    # (1 · 10 + 9 · 20) / 10: the parts' means are 10 and 20.
    assert combined_mean([(1, 10), (9, 180)]) == pytest.approx(19)


def test_a_partition_is_the_same_in_another_process():
    code = "from exercises.lesson_17 import partitions_of as f; print(f(['Ana'], 97))"
    again = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert again.stdout.strip() == str(partitions_of(["Ana"], 97))


def test_partitions_are_of_about_equal_size():
    sizes = Counter(partitions_of([f"U{number:05}" for number in range(10_000)], 10))
    assert max(sizes.values()) < 1_150


def test_salted_counts():
    partial, total = salted_counts(["bot"] * 5 + ["Ana"], 2)
    assert partial == {("bot", 0): 3, ("bot", 1): 2, ("Ana", 1): 1}
    assert total == {"bot": 5, "Ana": 1}


def test_speedup_and_cost():
    # Half of it on 5 machines: .5 + .1 = .6 of the time; 5 machines at 3 dollars for 6 of 10 hours.
    assert speedup(0.5, 5) == pytest.approx(1 / 0.6)
    assert cluster_cost(10, 0.5, 5, 3) == pytest.approx(90)
    assert cluster_cost(10, 0.7, 20, 3) == pytest.approx(20 * 3 * 10 / speedup(0.7, 20))


@pytest.mark.parametrize(
    ("id", "answer"),
    [
        ("17-1", lambda gigabytes, row, copies: int(1e9 * gigabytes // (row * copies))),
        ("17-3", lambda parts: sum(t for _, t in parts) / sum(n for n, _ in parts)),
        ("17-6", lambda p, n: n / (n * (1 - p) + p)),
        ("17-7", lambda h, p, n, price: h * price * (n * (1 - p) + p)),
    ],
)
def test_right_in_another_form(id, answer):
    assert judge(course.find(id), answer).mark == RIGHT


@pytest.mark.parametrize(
    ("id", "answer"),
    [
        ("17-1", lambda gigabytes, row, copies: round(gigabytes * 1024**3 / (row * copies))),
        ("17-2", lambda rows, growth, limit: int(limit / rows)),
        ("17-3", lambda parts: max(t / n for n, t in parts)),
        ("17-4", "a"),
        ("17-6", lambda p, n: n**p),
    ],
)
def test_wrong_otherwise(id, answer):
    assert judge(course.find(id), answer).mark == WRONG


@pytest.mark.parametrize(
    ("id", "answer", "word"),
    [
        # They fail, or are senseless, on the special case, which is asked only after the others.
        ("17-2", lambda r, g, limit: math.floor(math.log(limit / r, 1 + g)), "last year that fits"),
        ("17-2", lambda r, g, limit: math.log(limit / r) / math.log(1 + g), "not whole"),
        ("17-3", lambda parts: sum(t / n for n, t in parts) / len(parts), "mean of the means"),
        ("17-6", lambda p, n: 1 / (1 - p) + p / n, "parentheses"),
        # They follow the lesson's own cell, which joins key and salt to a text; or forget the salt.
        (
            "17-8",
            lambda keys, salts: (
                Counter(f"{key}-{place % salts}" for place, key in enumerate(keys)),
                Counter(keys),
            ),
            "one text",
        ),
        ("17-8", lambda keys, salts: (Counter(keys), Counter(keys)), "no salt"),
    ],
)
def test_named_before_the_special_case(id, answer, word):
    verdict = judge(course.find(id), answer)
    assert verdict.mark == WRONG
    assert word in verdict.diagnosis
