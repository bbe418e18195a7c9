"""The measurement for lesson 17: every engine finds the same, and a lack of memory is noticed."""

import numpy as np
import pandas as pd
import pytest

from tools import scale


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """Five lines of two customers, worked by hand below."""
    lines = pd.DataFrame(
        {
            "user_id": [1, 1, 1, 2, 2],
            "ordered_at": pd.to_datetime(
                [
                    "2025-12-01 09",
                    "2025-12-01 18",
                    "2025-12-21 00",
                    "2024-11-30 00",
                    "2025-01-01 00",
                ]
            ),
            "value": [1.0, 2.0, 3.0, 4.0, 5.0],
        }
    )
    path = tmp_path_factory.mktemp("scale") / "lines.parquet"
    lines.to_parquet(path)
    return path


@pytest.mark.parametrize("engine", scale.ENGINES)
def test_each_engine_finds_what_is_there(engine, file):
    # Days 2 + 2; idle 10 days since December 21 and 364 since January 1; money 15. Active months:
    # December 2025 of customer 1; November 2024 and January 2025 of customer 2, two months later.
    assert [int(number) for number in scale.ENGINES[engine](str(file))] == [4, 374, 15, 3, 2]


def test_the_lines_are_the_same_in_every_run(tmp_path, monkeypatch):
    monkeypatch.setattr(scale, "LINES_PER_USER", 1_000_000)
    (tmp_path / "again").mkdir()
    first, again = (pd.read_parquet(scale.make(1, path)) for path in (tmp_path, tmp_path / "again"))
    pd.testing.assert_frame_equal(first, again)
    assert first["value"].between(1, 99).all()
    assert first["ordered_at"].dt.year.isin([2023, 2024, 2025]).all()


def test_a_lack_of_memory_is_told_from_a_failure(tmp_path, monkeypatch):
    big = pd.DataFrame({"user_id": np.arange(3_000_000), "value": 1.0})
    big["ordered_at"] = pd.Timestamp("2025-01-01")
    path = tmp_path / "big.parquet"
    big.to_parquet(path)
    monkeypatch.setattr(scale, "MEMORY", 150 * 1024**2)
    assert scale.once("pandas", path)[0] == ()
    with pytest.raises(SystemExit, match="pandas failed"):
        scale.once("pandas", tmp_path / "missing.parquet")
