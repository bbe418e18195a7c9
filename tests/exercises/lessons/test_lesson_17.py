"""The partitions of lesson 17, and answers to the lesson that learners give."""

import math
import subprocess
import sys
from collections import Counter

from exercises.lesson_17 import partitions_of
from tests.exercises.lessons.answers import are_right, are_told


def test_a_partition_is_the_same_in_another_process():
    code = "from exercises.lesson_17 import partitions_of as f; print(f(['Ana'], 97))"
    again = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert again.stdout.strip() == str(partitions_of(["Ana"], 97))


def test_partitions_are_of_about_equal_size():
    sizes = Counter(partitions_of([f"U{number:05}" for number in range(10_000)], 10))
    assert max(sizes.values()) < 1_150


test_right_in_another_form = are_right(
    ("17-1", lambda gigabytes, row, copies: int(1e9 * gigabytes // (row * copies))),
    ("17-3", lambda parts: sum(t for _, t in parts) / sum(n for n, _ in parts)),
    ("17-6", lambda p, n: n / (n * (1 - p) + p)),
    ("17-7", lambda h, p, n, price: h * price * (n * (1 - p) + p)),
)


test_named_before_the_special_case = are_told(
    # They fail, or are senseless, on the special case, which is asked only after the others.
    ("17-2", lambda r, g, limit: math.floor(math.log(limit / r, 1 + g)), "last year that fits"),
    ("17-3", lambda parts: sum(t / n for n, t in parts) / len(parts), "mean of the means"),
    ("17-6", lambda p, n: 1 / (1 - p) + p / n, "parentheses"),
    ("17-6", lambda p, n: n**p, "not right"),
)
