"""Is a number of the prose shown by an output? What may differ, and what may not."""

import pytest

from tools.notebooks.numbers import read


def is_shown(said, output):
    numbers = list(read(said))
    assert numbers
    shown = list(read(output))
    return all(any(number.shown_by(other) for other in shown) for number in numbers)


@pytest.mark.parametrize(
    ("said", "output"),
    [
        ("26,114 rows", "26114"),
        ("26\u202f114 rows", "26,114 rows"),
        ("a mean of 3.19", "np.float64(3.194)"),
        ("it costs $41", "41.23"),
        ("fell by 3.2", "-3.20"),
        ("fell by −3.2", "-3.20"),
        (".91", "0.9104"),
        ("2.50", "2.5"),
        ("3.3", "3.25"),  # halves may go either way: both round and people do
        ("3.2", "3.25"),
        ("43%", "43.1 %"),
        ("43 percent", "43.1"),
        ("3 percentage points", "0.0312"),
        ("a share of 0.43", "43.1%"),
        ("1.2 million", "1,213,456"),
        ("$1.2M", "1213456"),
        ("10k rows", "9,998"),
        ("12 thousand", "12,345"),
        ("about 26,000 rows", "26114"),
        ("nearly 3,000", "2,987"),
        ("≈ 3", "3.4"),
        ("about 3", "2.97"),
        ("1e-9", "1e-09"),
        ("18-24", "18 to 24"),
        ("3–5 times", "3 5"),
        ("the 90th percentile", "90"),
        ("24x faster", "24"),
        ("in 2025", "2025-03-05 14:22:01"),
        ("on 5 March 2025", "2025-03-05 14:22:01"),
        ("on March 5, 2025", "2025-03-05"),
        ("in March 2025", "2025-03-05"),
        ("in March 2025", "2025-03"),
        ("on 2025-03-05", "Mar 5 2025 2:22:01 PM"),
        ("at 14:22", "2025-03-05 14:22:01"),
        ("user U00017", "  U00017  3"),
        ("version 3.11.2", "Python 3.11.2"),
    ],
)
def test_shown(said, output):
    assert is_shown(said, output)


@pytest.mark.parametrize(
    ("said", "output"),
    [
        ("26,114 rows", "26,115 rows"),
        ("a mean of 3.19", "3.2"),  # more digits than anybody has seen
        ("3.19", "3.184"),
        ("3 users", "2.97"),  # any digit is near some number: without "about" it is exact
        ("43 %", "0.4249"),
        ("43", "0.43"),  # not said to be a percentage
        ("26,000 rows", "26,114"),
        ("about 27,000 rows", "26,114"),
        ("1.2 million", "1,113,456"),
        ("5 orders", "2025-03-05"),  # neither month nor day is a count
        ("22 orders", "14:22:01"),
        ("5 users", "x5 a-5"),
        ("3 users", "commit 3ffb9dd"),
        ("on 6 March", "2025-03-05"),
        ("on 5 March 2024", "2025-03-05"),
        ("in April 2025", "2025-03-05"),
        ("at 14:23", "14:22:01"),
        ("user U00018", "U00017"),
    ],
)
def test_not_shown(said, output):
    assert not is_shown(said, output)


@pytest.mark.parametrize("text", ["top-10 items", "x2 and v1.3", "utf8", "three users"])
def test_names_with_digits_and_words_are_no_numbers(text):
    assert list(read(text)) == []
